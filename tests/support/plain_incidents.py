"""What filters and sums of incidents must be, from the rows of the table in plain Python: slow and simple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from math import asin, cos, isfinite, radians, sin, sqrt
from typing import Any

import h3

from domain.incident_filter import Circle, Filter
from domain.span import Span

Row = Mapping[str, Any]
EARTH = 6_371_008.8


def issue(row: Row) -> str:
    """Why a row is not on the map; "" when it is."""
    lng, lat = row["lng"], row["lat"]
    if row["place_issue"] is not None:
        return str(row["place_issue"])
    if lng is None or lat is None or (lng, lat) == (0, 0):
        return "missing"
    return "" if isfinite(lng) and isfinite(lat) and -180 <= lng <= 180 and -90 <= lat <= 90 else "impossible"


def cell(row: Row) -> str:
    """Its H3 cell of resolution 9; "" when it is not on the map."""
    if issue(row):
        return ""
    told = row["cell"]
    if told and h3.is_valid_cell(told) and h3.get_resolution(told) == 9:
        return str(told)
    return h3.latlng_to_cell(row["lat"], row["lng"], 9)


def severity(row: Row) -> str:
    known = ("none", "property", "minor", "serious", "fatal")
    if row["severity"] in known:
        return str(row["severity"])
    for name, column in (("fatal", "deaths"), ("serious", "serious_injuries"), ("minor", "injuries")):
        if row[column]:
            return name
    return "property" if row["class_code"] == "accident" else "none"


def found(row: Row) -> str:
    return str(row["found_by"] or "unknown")


def tags(row: Row) -> set[str]:
    return set((row["tags"] or "").replace(";", ",").split(",")) - {""}


def metres(row: Row, circle: Circle) -> float:
    """Distance on the sphere."""
    lng, lat, x, y = (radians(value) for value in (row["lng"], row["lat"], circle.lng, circle.lat))
    half = sin((lat - y) / 2) ** 2 + cos(lat) * cos(y) * sin((lng - x) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def passes(row: Row, wanted: Filter, districts: Mapping[str, str], kinds_of_day: Mapping[date, str]) -> bool:
    """The row passes every field of the filter."""
    at, place = row["occurred_at"], cell(row)
    lists = {
        "classes": row["class_code"] or "",
        "subclasses": row["subclass"] or "",
        "channels": row["channel"] or "",
        "severities": severity(row),
        "districts": districts.get(row["station_code"]),
        "stations": row["station_code"] or "",
        "grids": row["grid_code"] or "",
        "hours": at.hour,
        "weekdays": at.weekday(),
        "day_kinds": kinds_of_day[at.date()],
    }
    for name, value in lists.items():
        if getattr(wanted, name) and value not in getattr(wanted, name):
            return False
    yes_or_no = (
        wanted.valid == "all" or (wanted.valid == "yes") == (row["is_valid"] == 1),
        wanted.repeat == "all" or (wanted.repeat == "repeat") == bool(row["repeat_of"]),
        wanted.placed == "all" or (wanted.placed == "yes") == bool(place),
        wanted.found in ("", found(row)) or (wanted.found == "others" and found(row) != "officer"),
        not wanted.tags or bool(tags(row) & set(wanted.tags)),
        not wanted.cell or (place and h3.cell_to_parent(place, h3.get_resolution(wanted.cell)) == wanted.cell),
        wanted.near is None or (place and metres(row, wanted.near) <= wanted.near.metres),
    )
    return all(yes_or_no)


def sums(rows: Iterable[Row], span: Span) -> dict[str, Any]:
    """The fields of a tally, cells by their text, days and hours as (day, hour) -> count; zeros left out."""
    kept = list(rows)
    named = {
        "by_station": (row["station_code"] or "" for row in kept),
        "by_kind": ((row["class_code"] or "", row["subclass"] or "") for row in kept),
        "by_channel": (row["channel"] or "" for row in kept),
        "by_found": (found(row) for row in kept),
        "by_severity": (severity(row) for row in kept),
        "by_issue": (issue(row) for row in kept if issue(row)),
        "by_tag": (tag for row in kept for tag in tags(row)),
        "cells": (cell(row) for row in kept if cell(row)),
        "hours": ((row["occurred_at"].date(), row["occurred_at"].hour) for row in kept),
    }
    return {
        "total": len(kept),
        "placed": sum(not issue(row) for row in kept),
        "deaths": sum(row["deaths"] for row in kept),
        "injuries": sum(row["injuries"] for row in kept),
        "first_day": span.first_day,
        **{name: dict(Counter(values)) for name, values in named.items()},
    }
