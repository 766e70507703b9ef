"""Response clocks counted row by row, as docs/clocks.md says it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.clock_rules import Clock

STOPS = {
    "sign": "signed_at",
    "set_out": "set_out_at",
    "arrive": "arrived_at",
    "feedback": "first_feedback_at",
    "close": "closed_at",
}
FAR = datetime(9999, 1, 1)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Timed:
    """One row of a clock: when it was given, when it stopped (None: never); `spoilt`: it stopped before it began."""

    station: str
    class_code: str
    given: datetime
    stopped: datetime | None
    spoilt: bool


@dataclass
class Numbers:
    """What is counted of one clock."""

    due: int = 0
    hit: int = 0
    waiting: int = 0
    overdue: int = 0
    unusable: int = 0
    taken: list[int] = field(default_factory=list)


def timed(rows: Sequence[Row], who: str, clock: Clock) -> list[Timed]:
    """The rows of a book as one clock sees them."""
    counting = [row for row in rows if row["is_valid"] == 1 and row["station_code"]]
    if who == "incident":
        return list(incidents(counting))
    stop = STOPS[clock.code]
    return [
        told(row, row["assigned_at"], [(row["assigned_at"], row[stop])]) for row in counting if row["unit_kind"] == who
    ]


def incidents(rows: Sequence[Row]) -> Iterable[Timed]:
    """Incidents, each at its first order."""
    for row in rows:
        family = [one for one in rows if one["incident_id"] and one["incident_id"] == row["incident_id"]] or [row]
        days = {one["order_id"]: (one["assigned_at"].date() - row["assigned_at"].date()).days for one in family}
        key = (row["assigned_at"], row["order_id"])
        if any((one["assigned_at"], one["order_id"]) < key and days[one["order_id"]] in (-1, 0) for one in family):
            continue
        together = [one for one in family if days[one["order_id"]] in (0, 1)]
        yield told(row, row["assigned_at"], [(one["assigned_at"], one["arrived_at"]) for one in together])


def told(row: Row, given: datetime, stops: Sequence[tuple[datetime, datetime | None]]) -> Timed:
    """The row with the earliest of its usable stops; spoilt when it only has such as lie before their own start."""
    real = [(start, stop) for start, stop in stops if stop is not None and stop < FAR]
    usable = [stop for start, stop in real if stop >= start]
    known = row["class_code"] if row["class_code"] in ("accident", "order") else "other"
    return Timed(row["station_code"], known, given, min(usable, default=None), bool(real) and not usable)


def numbers(rows: Iterable[Timed], limit: int | None, as_of: datetime) -> Numbers:
    """The numbers of some rows at an instant."""
    found = Numbers()
    for row in rows:
        if row.given > as_of:
            continue
        if row.spoilt:
            found.unusable += 1
            continue
        done = row.stopped is not None and row.stopped <= as_of
        if done:
            found.taken.append(int((row.stopped - row.given).total_seconds()))  # type: ignore[operator]
        out = limit is not None and as_of > row.given + timedelta(seconds=limit)
        found.hit += done and limit is not None and found.taken[-1] <= limit
        found.due += limit is not None and (done or out)
        found.overdue += not done and out
        found.waiting += not done and not out
    return found
