"""Stations' own targets: which are in force on a day, whether a new one can stand, and what it changes. Pure."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.board import Board, Line, Unit
from domain.colour import Cell
from domain.errors import BadRequest
from domain.task import Kind, Task, Thresholds

MOST_REASON = 400
LARGEST = 1_000_000.0
SHARES = (Kind.RATE, Kind.SLA)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of `task_target`. `first`, `last`: days, both included; `last` None has no end."""

    station: str
    task: str
    first: date
    last: date | None
    blue: float
    yellow: float
    reason: str = ""
    by: str = ""

    def holds(self, day: date) -> bool:
        """In force on `day`, unless one that began later is too."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def void(self) -> bool:
        """Ended before it began: it was withdrawn."""
        return self.last is not None and self.last < self.first


@dataclass(frozen=True, slots=True)
class Moved:
    """One cell whose colour, reason or target another set of targets changes."""

    unit: Unit
    before: Cell
    after: Cell

    @property
    def recoloured(self) -> bool:
        """The colour itself changes."""
        return self.before.colour is not self.after.colour


@dataclass(frozen=True, slots=True)
class Effect:
    """What targets would change on the board of now.

    Args:
        day: whose targets are compared (today, or the day on which the change begins).
        now: the change already counts today. moved: cells that change. stations: lines whose overall colour
            changes, before and after. same: cells that were looked at and stay.
    """

    day: date
    now: bool
    moved: tuple[Moved, ...]
    stations: tuple[tuple[Line, Line], ...]
    same: int


def in_force(rows: Iterable[TargetRow], day: date) -> Mapping[tuple[str, str], Thresholds]:
    """Own thresholds by station and task; where several are in force, the one that began last.

    >>> old = TargetRow("S1", "T1", date(2024, 1, 1), None, 90, 80)
    >>> new = TargetRow("S1", "T1", date(2024, 5, 1), date(2024, 5, 31), 95, 85)
    >>> [in_force([new, old], date(2024, m, 9))["S1", "T1"].blue for m in (4, 5, 6)]
    [90, 95, 90]
    """
    held = sorted((row for row in rows if row.holds(day)), key=lambda row: row.first)
    return {(row.station, row.task): Thresholds(row.blue, row.yellow) for row in held}


def with_new(rows: Sequence[TargetRow], new: Sequence[TargetRow]) -> tuple[TargetRow, ...]:
    """All rows as they are once `new` are written: one of the same beginning is replaced, and one without end (or
    that ends later) ends the day before a new one that has no end itself."""
    return (*(cut for row in rows if (cut := _cut(row, new)) is not None), *new)


def _cut(row: TargetRow, new: Sequence[TargetRow]) -> TargetRow | None:
    for one in new:
        if (one.station, one.task) != (row.station, row.task):
            continue
        if one.first == row.first:
            return None
        if one.last is None and row.first < one.first and (row.last is None or row.last >= one.first):
            return replace(row, last=one.first - timedelta(days=1))
    return row


def ended(rows: Sequence[TargetRow], which: tuple[str, str, date], last: date) -> tuple[TargetRow, ...]:
    """All rows as they are once the one of station, task and first day ends with `last`."""
    return tuple(replace(row, last=last) if (row.station, row.task, row.first) == which else row for row in rows)


def check_target(task: Task | None, row: TargetRow, today: date) -> None:
    """Whether a new target can stand.

    Raises:
        BadRequest: names field and value.
    """
    if task is None or task.thresholds is None or not task.on:
        raise BadRequest("admin.bad.task", value=row.task[:40])
    for name, value in (("blue", row.blue), ("yellow", row.yellow)):
        _check_number(name, value, task)
    better = task.kind is not Kind.CEILING
    if (row.yellow > row.blue) if better else (row.yellow < row.blue):
        key = "admin.bad.order_more" if better else "admin.bad.order_less"
        raise BadRequest(key, blue=f"{row.blue:g}", yellow=f"{row.yellow:g}")
    if row.first < today.replace(day=1):
        raise BadRequest("admin.bad.first", value=row.first.isoformat(), least=today.replace(day=1).isoformat())
    if row.last is not None and (row.last < row.first or row.last < today):
        raise BadRequest("admin.bad.last", value=row.last.isoformat(), least=max(row.first, today).isoformat())


def _check_number(name: str, value: float, task: Task) -> None:
    relative = bool(task.thresholds and task.thresholds.relative)
    least = -100.0 if relative else 0.0
    most = 100.0 if task.kind in SHARES else LARGEST
    if not math.isfinite(value) or not least <= value <= most:
        raise BadRequest(f"admin.bad.{name}", value=f"{value:g}", least=f"{least:g}", most=f"{most:g}")


def check_end(row: TargetRow, last: date, today: date) -> None:
    """Whether a target can end with a day; the day before its first withdraws it.

    Raises:
        BadRequest: names the day.
    """
    least = max(row.first, today) - timedelta(days=1)
    if last < least or (row.last is not None and last >= row.last):
        raise BadRequest("admin.bad.last", value=last.isoformat(), least=least.isoformat())


def stamp(rows: Sequence[TargetRow]) -> int:
    """Changes whenever a row is added, replaced or ended."""
    kept = sorted((row.station, row.task, str(row.first), str(row.last), row.blue, row.yellow) for row in rows)
    return zlib.crc32(repr(kept).encode()) % 1_000_000_000


def effect(before: Board, after: Board, day: date) -> Effect:
    """What differs between two boards of the same numbers. `day`: whose targets `after` was judged by."""
    moved, same = [], 0
    stations = []
    for old, new in zip(before.lines, after.lines, strict=True):
        for cell, other in zip(old.cells, new.cells, strict=True):
            if (cell.colour, cell.reason, cell.blue, cell.yellow) == (
                other.colour, other.reason, other.blue, other.yellow
            ):  # fmt: skip
                same += 1
            else:
                moved.append(Moved(old.unit, cell, other))
        if old.overall.colour is not new.overall.colour:
            stations.append((old, new))
    return Effect(day, day == before.as_of.date(), tuple(moved), tuple(stations), same)
