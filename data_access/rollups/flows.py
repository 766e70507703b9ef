"""Flows of many days at once: every task of one kind of rows in one scan.

Each task has its own moment at which a row counts, so the scan groups by the days of all these
moments, and the groups are dealt out to the tasks here. One scan per task would sort the same rows
again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from data_access.facts.flows import Stretch, day_stretch, denominator, happened, near, numerator
from data_access.facts.predicates import column, matches, relevant, table_of
from data_access.types import day_of
from domain.task import Measure, Method, Task

FlowRow = tuple[str, str, date, float, float, int]
"""task code, station code, day, numerator, denominator, row count"""


@dataclass(frozen=True, slots=True)
class _Share:
    """Places of the columns that a task takes; a denominator of None is 0."""

    task: str
    day: int
    rows: int
    numerator: int
    denominator: int | None


def flow_days(connection: Connection, tasks: Sequence[Task], first: date, last: date) -> Iterator[FlowRow]:
    """The rows of `measure_day` of flow tasks over one table, for some whole days."""
    for family in _families(tasks):
        query, shares = _scan(family, first, last)
        yield from _dealt(connection.execute(query).all(), shares, (first, last))


def _families(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks that read the same kind of rows."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(repr(task.measure.where.get("kind")), []).append(task)
    return list(found.values())


def _scan(tasks: Sequence[Task], first: date, last: date) -> tuple[Any, list[_Share]]:
    """The statement, and which of its columns each task takes."""
    table, stretch = table_of(tasks[0].measure), day_stretch(first, last)
    clocks = {_clock(task.measure): day_of(happened(task.measure)) for task in tasks}
    columns: list[Any] = [table.c.station_code, *clocks.values()]
    keys = tuple(columns)
    shares = [_share(task, 1 + list(clocks).index(_clock(task.measure)), columns) for task in tasks]
    reach = {(_clock(task.measure), n): one for task in tasks for n, one in enumerate(_reach(task.measure, stretch))}
    return select(*columns).where(or_(*reach.values())).group_by(*keys), shares


def _share(task: Task, day: int, columns: list[Any]) -> _Share:
    """Adds to `columns` what the task needs. What is a constant or the number of rows is not asked twice."""
    measure, mine = task.measure, relevant(task.measure)

    def total(part: Any) -> int:
        columns.append(func.sum(case((mine, part), else_=0)))
        return len(columns) - 1

    rows = total(1)
    if measure.method is Method.RATIO:
        return _Share(task.code, day, rows, total(numerator(measure)), total(denominator(measure)))
    if measure.method in (Method.CLOCK, Method.HIT):
        return _Share(task.code, day, rows, total(numerator(measure)), rows)
    return _Share(task.code, day, rows, total(numerator(measure)) if measure.total else rows, None)


def _clock(measure: Measure) -> tuple[object, ...]:
    """Measures with an equal clock count a row at the same moment."""
    return measure.at, measure.start, measure.start and measure.stop, measure.due, measure.limit


def _reach(measure: Measure, stretch: Stretch) -> list[Any]:
    """Ranges of plain columns that together hold every row that counts in the stretch.

    Each names the kind by itself, so that an index serves each.
    """
    narrow = {name: value for name, value in measure.where.items() if name == "kind"}
    return [matches(table_of(measure), narrow) & one for one in _ranges(measure, stretch)]


def _ranges(measure: Measure, stretch: Stretch) -> list[Any]:
    if measure.due is None:
        return [near(measure, stretch)]
    due = column(measure, measure.due)
    ends = [column(measure, name) for name in (measure.start, measure.stop)]
    return [
        due.between(stretch.earlier(1), stretch.earlier_end(1)),
        *(end.between(stretch.start, stretch.as_of) for end in ends),
    ]


def _dealt(groups: Iterable[Any], shares: Sequence[_Share], days: tuple[date, date]) -> Iterator[FlowRow]:
    first, last = days
    found: dict[tuple[str, date, str], list[Any]] = {}
    for group in groups:
        station = group[0]
        for share in shares:
            day, count = group[share.day], group[share.rows]
            if not count or day is None or not first <= day <= last:
                continue
            kept = found.setdefault((share.task, day, station), [0.0, 0.0, 0])
            kept[0] += float(group[share.numerator])
            kept[1] += float(group[share.denominator]) if share.denominator else 0.0
            kept[2] += count
    for (task, day, station), sums in sorted(found.items()):  # in the order of the key they are written fastest
        yield (task, station, day, *sums)
