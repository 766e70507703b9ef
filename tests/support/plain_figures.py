"""What each figure of `catalogue/compare.toml` must count, row by row in plain Python; nothing of the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.support.plain_incidents import severity, tags

Row = Mapping[str, Any]
Sums = dict[tuple[date, str, Any], int]
"""(day, station, code of a figure or (class, subclass)) -> sum; zeros left out."""


def _valid(row: Row) -> bool:
    return bool(row["is_valid"] == 1)


def _accident(row: Row, *marks: str) -> bool:
    return _valid(row) and row["class_code"] == "accident" and (not marks or bool(tags(row) & set(marks)))


def _minor(row: Row, *marks: str) -> bool:
    return _accident(row, *marks) and severity(row) in ("property", "minor")


FIGURES: dict[str, Callable[[Row], int]] = {
    "traffic": lambda row: _valid(row),
    "accident": lambda row: _accident(row),
    "order": lambda row: _valid(row) and row["class_code"] == "order",
    "other": lambda row: _valid(row) and row["class_code"] == "other",
    "congestion": lambda row: _valid(row) and (row["class_code"], row["subclass"]) == ("order", "congestion"),
    "repeat": lambda row: _valid(row) and bool(row["repeat_of"]),
    "deaths": lambda row: _valid(row) * (row["deaths"] or 0),
    "injuries": lambda row: _valid(row) * (row["injuries"] or 0),
    "petition": lambda row: _valid(row) and row["channel"] == "petition",
    "yellow_truck": lambda row: _accident(row, "yellow_plate_truck"),
    "construction": lambda row: _accident(row, "construction_vehicle"),
    "minor": lambda row: _minor(row),
    "quick": lambda row: _accident(row, "quick_settled", "quick_online"),
    "quick_minor": lambda row: _minor(row, "quick_settled", "quick_online"),
    "quick_online": lambda row: _accident(row, "quick_online"),
    "mediated": lambda row: _minor(row, "mediated_on_scene"),
}


def kind(row: Row) -> tuple[str, str]:
    """Class and subclass, "" for none."""
    return row["class_code"] or "", row["subclass"] or ""


def sums(rows: Iterable[Row]) -> Sums:
    """Every figure and every kind of valid incident by day and station."""
    found: Counter[tuple[date, str, Any]] = Counter()
    for row in rows:
        day, station = row["occurred_at"].date(), row["station_code"] or ""
        for code, adds in FIGURES.items():
            found[day, station, code] += int(adds(row))
        found[day, station, kind(row)] += _valid(row)
    return {key: count for key, count in found.items() if count}


def minute(moment: datetime) -> datetime:
    """The minute it lies in."""
    return moment.replace(second=0, microsecond=0)


def ended(row: Row, end: datetime) -> bool:
    """It lies before the end of a period, which reaches to the end of its last minute."""
    return minute(row["occurred_at"]) <= minute(end - timedelta(seconds=1))
