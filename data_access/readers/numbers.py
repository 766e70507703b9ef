"""Numerators and denominators of all tasks at an instant: closed days from the rollup, the current
day from the rows themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, func, literal_column, or_, select, union_all

from data_access.facts.flows import FLOWS, by_station, whole
from data_access.facts.levels import level
from data_access.facts.predicates import table_of
from data_access.prepared import BoundStretch, moment, run
from data_access.scope import within
from data_access.tables import measure_day
from domain.access import Scope
from domain.colour import Numbers
from domain.periods import period_start, shifted
from domain.task import Method, Period, Task

NumberTable = dict[tuple[str, str], Numbers]
"""(station code, task code) -> numbers. A missing pair means that no row says anything: zeros."""


@dataclass(slots=True)
class _Sum:
    numerator: float = 0.0
    denominator: float = 0.0
    base: float | None = None
    waiting: int = 0

    def add(self, numerator: Any, denominator: Any, waiting: Any = 0) -> None:
        self.numerator += float(numerator or 0)
        self.denominator += float(denominator or 0)
        self.waiting += int(waiting or 0)

    def add_base(self, count: Any) -> None:
        self.base = (self.base or 0.0) + float(count or 0)


@dataclass(slots=True)
class _Totals:
    sums: defaultdict[tuple[str, str], _Sum] = field(default_factory=lambda: defaultdict(_Sum))

    def of(self, station: str, task: Task) -> _Sum:
        return self.sums[station, task.code]


def numbers(connection: Connection, tasks: Sequence[Task], as_of: datetime, scope: Scope) -> NumberTable:
    """The numbers of every station and task at `as_of`.

    Args:
        as_of: instant, wall time; rows and times later than this are not seen.
    """
    totals = _Totals()
    flows = [task for task in tasks if task.measure.method in FLOWS]
    _add_current_day(connection, totals, flows, as_of, scope)
    _add_bases_today(connection, totals, flows, as_of, scope)
    _add_closed_days(connection, totals, flows, as_of, scope)
    _add_levels(connection, totals, [task for task in tasks if task.measure.method not in FLOWS], as_of, scope)
    return {key: Numbers(s.numerator, s.denominator, s.base, s.waiting) for key, s in totals.sums.items()}


def _by_source(tasks: Iterable[Task]) -> list[list[Task]]:
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.measure.source, []).append(task)
    return list(groups.values())


def _add_current_day(
    connection: Connection, totals: _Totals, flows: Sequence[Task], as_of: datetime, scope: Scope
) -> None:
    moments = {"start": datetime.combine(as_of.date(), time.min), "as_of": as_of}
    for group in _by_source(flows):
        for row in run(connection, "current day", (group, scope), partial(_sums_of, group, scope), moments):
            for index, task in enumerate(group):
                done, rest, held = (value or 0 for value in row[1 + 3 * index : 4 + 3 * index])
                totals.of(row[0], task).add(done, whole(task.measure, float(done), float(rest)), held)


def _sums_of(group: Sequence[Task], scope: Scope) -> Any:
    return by_station(group, BoundStretch(), within(scope, table_of(group[0].measure).c.station_code))


def _changes(flows: Iterable[Task]) -> list[Task]:
    return [task for task in flows if task.measure.method is Method.CHANGE]


def _add_bases_today(
    connection: Connection, totals: _Totals, flows: Sequence[Task], as_of: datetime, scope: Scope
) -> None:
    """The part of the base that lies on the base's own last, unfinished day."""
    for task in _changes(flows):
        assert task.measure.base is not None
        until = shifted(as_of, task.measure.base)
        moments = {"start": datetime.combine(until.date(), time.min), "as_of": until}
        for row in run(connection, "base day", ([task], scope), partial(_sums_of, [task], scope), moments):
            totals.of(row[0], task).add_base(row[1])


def _closed(task: Task, as_of: datetime) -> tuple[date, date]:
    """First and last closed day of the task's period; empty when first > last."""
    return period_start(task.period, as_of.date()), as_of.date() - timedelta(days=1)


def _add_closed_days(
    connection: Connection, totals: _Totals, flows: Sequence[Task], as_of: datetime, scope: Scope
) -> None:
    longer = [
        task for task in flows if task.period is not Period.DAY and _closed(task, as_of)[0] <= _closed(task, as_of)[1]
    ]
    conditions: list[tuple[int, Task, date, date]] = [(0, task, *_closed(task, as_of)) for task in longer]
    for task in _changes(longer):
        assert task.measure.base is not None
        first, last = (
            shifted(datetime.combine(day, time.min), task.measure.base).date() for day in _closed(task, as_of)
        )
        conditions.append((1, task, first, last))
    known = {task.code: task for task in longer}
    for is_base in (0, 1):
        wanted = [(task, first, last) for flag, task, first, last in conditions if flag == is_base]
        if wanted:
            _add_rollup(connection, totals, known, wanted, (bool(is_base), scope))


def _add_rollup(
    connection: Connection,
    totals: _Totals,
    known: dict[str, Task],
    wanted: list[tuple[Task, date, date]],
    how: tuple[bool, Scope],
) -> None:
    is_base, scope = how
    spans = [
        and_(measure_day.c.task_code == task.code, measure_day.c.day >= first, measure_day.c.day <= last)
        for task, first, last in wanted
    ]
    query = (
        select(
            measure_day.c.station_code,
            measure_day.c.task_code,
            func.sum(measure_day.c.numerator),
            func.sum(measure_day.c.denominator),
        )
        .where(or_(*spans), within(scope, measure_day.c.station_code))
        .group_by(measure_day.c.station_code, measure_day.c.task_code)
    )
    for station, code, numerator, denominator in connection.execute(query):
        target = totals.of(station, known[code])
        target.add_base(numerator) if is_base else target.add(numerator, denominator)


def _add_levels(connection: Connection, totals: _Totals, tasks: Sequence[Task], as_of: datetime, scope: Scope) -> None:
    if not tasks:
        return
    begins = {f"begin_{p.value}": datetime.combine(period_start(p, as_of.date()), time.min) for p in Period}
    used = {name: begins[name] for name in {f"begin_{task.period.value}" for task in tasks if _looks_back(task)}}
    build = partial(_levels_of, tasks, scope)
    for index, station, n, d in run(connection, "levels", (tasks, scope), build, {**used, "as_of": as_of}):
        totals.of(station, tasks[index]).add(n, d)


def _looks_back(task: Task) -> bool:
    return task.measure.method in (Method.LATEST, Method.DOWNGRADE)


def _levels_of(tasks: Sequence[Task], scope: Scope) -> Any:
    parts = []
    for index, task in enumerate(tasks):
        visible = within(scope, table_of(task.measure).c.station_code)
        one = level(task, moment(f"begin_{task.period.value}"), moment("as_of"), visible).subquery()
        number: Any = literal_column(str(index)).label("task_no")
        parts.append(select(number, one.c.station_code, one.c.numerator, one.c.denominator))
    return union_all(*parts)
