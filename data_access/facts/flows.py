"""Flows: facts summed over a stretch of time, for many tasks of one table in one scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from data_access.facts.predicates import column, counts_at, deadline, in_time, matches, relevant, table_of, waiting
from data_access.types import day_of
from domain.task import Measure, Method, Task

FLOWS = frozenset({Method.COUNT, Method.RATIO, Method.HIT, Method.CLOCK, Method.CHANGE})


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to `as_of`, both included, wall time."""

    start: datetime
    as_of: datetime


def day_stretch(first: date, last: date) -> Stretch:
    """The whole days from `first` to `last`."""
    return Stretch(datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59)))


def happened(measure: Measure) -> Any:
    """The time at which a row counts."""
    return counts_at(measure) if measure.method is Method.CLOCK else column(measure, measure.at)


def numerator(measure: Measure, as_of: datetime | None = None) -> Any:
    """A row's part of the numerator, given that it counts.

    Args:
        as_of: what was filled later than this is not yet known; None means everything is known.
    """
    if measure.method is Method.RATIO:
        return table_of(measure).c.numerator
    if measure.method is Method.CLOCK:
        return case((in_time(measure), 1), else_=0)
    if measure.method is Method.HIT:
        stop = column(measure, measure.stop)
        known = stop.is_not(None) if as_of is None else and_(stop.is_not(None), stop <= as_of)
        return case((and_(known, matches(table_of(measure), measure.hit)), 1), else_=0)
    return func.coalesce(column(measure, measure.total), 0) if measure.total else literal(1)


def denominator(measure: Measure) -> Any:
    """A row's part of the denominator, given that it counts; 0 for counts."""
    if measure.method is Method.RATIO:
        return table_of(measure).c.denominator
    return literal(1 if measure.method in (Method.CLOCK, Method.HIT) else 0)


def counting(measure: Measure, stretch: Stretch) -> ColumnElement[bool]:
    """The row counts inside the stretch."""
    moment = happened(measure)
    return and_(relevant(measure), moment >= stretch.start, moment <= stretch.as_of)


def near(measure: Measure, stretch: Stretch) -> ColumnElement[bool]:
    """A wider condition on plain columns, so that an index can be used."""
    if measure.method is not Method.CLOCK:
        moment = column(measure, measure.at)
        return and_(moment >= stretch.start, moment <= stretch.as_of)
    start = column(measure, measure.start)
    if measure.limit is not None:
        return and_(start >= stretch.start - measure.limit - timedelta(seconds=1), start <= stretch.as_of)
    reaches = or_(deadline(measure) >= stretch.start - timedelta(seconds=1), start >= stretch.start)
    return and_(reaches, start <= stretch.as_of)


def by_station(tasks: Sequence[Task], stretch: Stretch, visible: ColumnElement[bool]) -> Select[Any]:
    """Sums of several tasks over one table, one row per station.

    Args:
        tasks: tasks with the same source and of flow methods.
        visible: the scope condition.

    Returns:
        station_code, then for the n-th task n{n}, d{n}, w{n}: numerator, denominator, and rows
        still inside their limit.
    """
    columns: list[Any] = []
    for index, task in enumerate(tasks):
        columns += _sums(index, task.measure, stretch)
    table = table_of(tasks[0].measure)
    return (
        select(table.c.station_code, *columns)
        .where(or_(*_unique(_reach(task.measure, stretch) for task in tasks)), visible)
        .group_by(table.c.station_code)
    )


def _reach(measure: Measure, stretch: Stretch) -> ColumnElement[bool]:
    """Rows a task may need; named filters on `kind` keep the index narrow."""
    narrow = {name: value for name, value in measure.where.items() if name == "kind"}
    return and_(matches(table_of(measure), narrow), near(measure, stretch))


def _unique(conditions: Iterable[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    seen: dict[str, ColumnElement[bool]] = {}
    for condition in conditions:
        seen.setdefault(
            str(condition.compile(compile_kwargs={"literal_binds": False})) + repr(condition.compile().params),
            condition,
        )
    return list(seen.values())


def _sums(index: int, measure: Measure, stretch: Stretch) -> list[Any]:
    counted = counting(measure, stretch)
    sums = [
        func.sum(case((counted, numerator(measure, stretch.as_of)), else_=0)).label(f"n{index}"),
        func.sum(case((counted, denominator(measure)), else_=0)).label(f"d{index}"),
    ]
    held = and_(relevant(measure), waiting(measure, stretch.as_of)) if measure.method is Method.CLOCK else None
    sums.append((func.sum(case((held, 1), else_=0)) if held is not None else literal(0)).label(f"w{index}"))
    return sums


def by_day(task: Task, stretch: Stretch) -> Select[Any]:
    """One flow task summed by station and day: station_code, day, numerator, denominator, row_count."""
    measure = task.measure
    moment = day_of(happened(measure))
    table = table_of(measure)
    return (
        select(
            table.c.station_code,
            moment.label("day"),
            func.sum(numerator(measure)).label("numerator"),
            func.sum(denominator(measure)).label("denominator"),
            func.count().label("row_count"),
        )
        .where(near(measure, stretch), counting(measure, stretch))
        .group_by(table.c.station_code, moment)
    )
