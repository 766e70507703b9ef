"""Levels of many days at once: what was so at each day's last second, out of intervals.

The answer for a day equals `facts.levels.level` at that day's last second; asking it once per day
would read every row once per day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, case, func, null, or_, select

from data_access.facts.levels import RANK, RISKY
from data_access.facts.predicates import FAR, column, relevant, table_of
from data_access.tables import risk_code
from data_access.types import day_of, later
from domain.periods import end_of_day, period_end, period_start
from domain.task import Measure, Method, Task

LevelRow = tuple[str, date, float, float, int]
"""station code, day, numerator, denominator, row count"""
_ONE = timedelta(days=1)
_END = case((risk_code.c.valid_to < FAR, risk_code.c.valid_to))  # null: never


def level_days(connection: Connection, task: Task, first: date, last: date) -> Iterable[LevelRow]:
    """The rows of `measure_day` of one OVERDUE, STANDING or DOWNGRADE task for some days."""
    if task.measure.method is Method.DOWNGRADE:
        return list(_downgrades(connection, task, first, last))
    build = _overdue if task.measure.method is Method.OVERDUE else _standing
    intervals = [row for query in build(task.measure, first, last) for row in connection.execute(query)]
    return _counted(intervals, first, last)


def _overdue(measure: Measure, first: date, _last: date) -> list[Any]:
    """Intervals: from the first midnight that finds the row open and late to the day it is closed.

    Rows still open and rows closed since are asked for apart, and by nothing else that has an
    index: a planner without statistics would walk through the closed past.
    """
    start, stop, late = (column(measure, name) for name in (measure.start, measure.stop, measure.due))
    begins = case((late >= FAR, null()), (late >= start, later(late, 1)), (late < start, start))
    keys = (table_of(measure).c.station_code, day_of(begins), day_of(stop))
    return [
        select(*keys, func.count()).where(relevant(measure), ended).group_by(*keys)
        for ended in (stop.is_(None), stop > end_of_day(first))
    ]


def _standing(measure: Measure, first: date, last: date) -> list[Any]:
    keys = (risk_code.c.station_code, day_of(risk_code.c.valid_from), day_of(_END))
    return [select(*keys, func.count()).where(relevant(measure), _valid_within(first, last)).group_by(*keys)]


def _valid_within(first: date, last: date) -> Any:
    ended = risk_code.c.valid_to
    return and_(risk_code.c.valid_from <= end_of_day(last), or_(ended.is_(None), ended > end_of_day(first)))


def _counted(intervals: Iterable[Any], first: date, last: date) -> Iterator[LevelRow]:
    """Rows out of (station, first day or None, first day no more or None, how many)."""
    length = (last - first).days + 1
    steps: dict[str, NDArray[np.int64]] = {}
    for station, begins, ends, count in intervals:
        if begins is None:
            continue
        step = steps.setdefault(station, np.zeros(length + 1, dtype=np.int64))
        start = max(0, (begins - first).days)
        stop = length if ends is None else min(length, (ends - first).days)
        if start < stop:
            step[start] += count
            step[stop] -= count
    for station, step in steps.items():
        level = np.cumsum(step[:length])
        for offset in np.flatnonzero(level):
            count = int(level[offset])
            yield station, first + timedelta(days=int(offset)), float(count), 0.0, count


@dataclass(slots=True)
class _Codes:
    """Codes of the subjects of one task: those it counts, and all by subject."""

    counted: list[Any] = field(default_factory=list)
    by_subject: dict[tuple[str, str], list[Any]] = field(default_factory=dict)


def _downgrades(connection: Connection, task: Task, first: date, last: date) -> Iterator[LevelRow]:
    codes = _codes(connection, task.measure, period_start(task.period, first), last)
    day = first
    while day <= last:
        until = min(last, period_end(task.period, day))
        yield from _downgrades_in(codes, datetime.combine(period_start(task.period, day), time.min), day, until)
        day = until + _ONE


def _codes(connection: Connection, measure: Measure, first: date, last: date) -> _Codes:
    at_start = datetime.combine(first, time.min)
    ended = risk_code.c.valid_to
    alive = and_(risk_code.c.valid_from <= end_of_day(last), or_(ended.is_(None), ended > at_start))
    names = ("subject_kind", "subject_id", "station_code", "colour", "valid_from")
    columns = [*(risk_code.c[name] for name in names), _END.label("valid_to")]
    found = _Codes()
    risky = select(*columns).where(relevant(measure), alive, risk_code.c.colour.in_(RISKY))
    found.counted.extend(connection.execute(risky))
    if not found.counted:
        return found
    kinds = {row.subject_kind for row in found.counted}
    named = and_(risk_code.c.subject_kind.in_(kinds), risk_code.c.subject_id.is_not(None))
    every = select(*columns).where(named, alive, risk_code.c.colour.is_not(None))
    for row in connection.execute(every):
        found.by_subject.setdefault((row.subject_kind, row.subject_id), []).append(row)
    return found


def _downgrades_in(codes: _Codes, start: datetime, first: date, last: date) -> Iterator[LevelRow]:
    """Days of one period: codes in force at its start, and of them those lower at each day's end."""
    length = (last - first).days + 1
    lower: dict[str, NDArray[np.int64]] = {}
    held: dict[str, int] = {}
    for code in codes.counted:
        if code.valid_from > start or (code.valid_to is not None and code.valid_to <= start):
            continue
        held[code.station_code] = held.get(code.station_code, 0) + 1
        days = lower.setdefault(code.station_code, np.zeros(length, dtype=np.int64))
        days += _lower_days(code, codes.by_subject.get((code.subject_kind, code.subject_id), ()), first, length)
    for station, days in lower.items():
        for offset in range(length):
            count = held[station]
            yield station, first + timedelta(days=offset), float(days[offset]), float(count), count


def _lower_days(code: Any, others: Iterable[Any], first: date, length: int) -> NDArray[np.bool_]:
    """For each day: is a lower code of the same subject in force at its last second?"""
    found = np.zeros(length, dtype=np.bool_)
    for other in others:
        if RANK.get(other.colour, 0) < RANK[code.colour]:
            start = max(0, (other.valid_from.date() - first).days)
            stop = length if other.valid_to is None else max(0, (other.valid_to.date() - first).days)
            found[start:stop] = True
    return found
