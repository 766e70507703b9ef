"""Flows of many days at once: every task of one kind of rows in one scan.

Each task has its own moment at which a row counts, so the scan groups by the days of all these
moments, and the groups are dealt out to the tasks here. One scan per task would sort the same rows
again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from data_access.facts.flows import Stretch, day_stretch, denominator, happened, near, numerator
from data_access.facts.predicates import column, matches, relevant, table_of
from data_access.types import day_of
from domain.task import Measure, Task

FlowRow = tuple[str, str, date, float, float, int]
"""task code, station code, day, numerator, denominator, row count"""


def flow_days(connection: Connection, tasks: Sequence[Task], first: date, last: date) -> Iterator[FlowRow]:
    """The rows of `measure_day` of flow tasks over one table, for some whole days."""
    for family in _families(tasks):
        query, places = _scan(family, first, last)
        yield from _dealt(connection.execute(query).all(), family, places, (first, last))


def _families(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks that read the same kind of rows."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(repr(task.measure.where.get("kind")), []).append(task)
    return list(found.values())


def _scan(tasks: Sequence[Task], first: date, last: date) -> tuple[Any, list[int]]:
    """The statement, and for each task the place of its day among the columns.

    Columns: station code, the days, then numerator, denominator and row count of each task.
    """
    table, stretch = table_of(tasks[0].measure), day_stretch(first, last)
    clocks = {_clock(task.measure): day_of(happened(task.measure)) for task in tasks}
    places = [1 + list(clocks).index(_clock(task.measure)) for task in tasks]
    keys = (table.c.station_code, *clocks.values())
    sums = [one for task in tasks for one in _sums(task.measure)]
    reach = {(_clock(task.measure), n): one for task in tasks for n, one in enumerate(_reach(task.measure, stretch))}
    return select(*keys, *sums).where(or_(*reach.values())).group_by(*keys), places


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


def _sums(measure: Measure) -> list[Any]:
    mine = relevant(measure)
    return [func.sum(case((mine, part), else_=0)) for part in (numerator(measure), denominator(measure), 1)]


def _dealt(
    groups: Iterable[Any], tasks: Sequence[Task], places: Sequence[int], days: tuple[date, date]
) -> Iterator[FlowRow]:
    first, last = days
    width = 1 + max(places)
    deal = [
        (task.code, place, width + 3 * index) for index, (task, place) in enumerate(zip(tasks, places, strict=True))
    ]
    found: dict[tuple[str, str, date], list[Any]] = {}
    for group in groups:
        for code, place, start in deal:
            day, count = group[place], group[start + 2]
            if not count or day is None or not first <= day <= last:
                continue
            kept = found.setdefault((code, group[0], day), [0.0, 0.0, 0])
            kept[0] += float(group[start])
            kept[1] += float(group[start + 1])
            kept[2] += count
    for key, sums in found.items():
        yield (*key, *sums)
