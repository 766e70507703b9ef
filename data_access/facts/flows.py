"""Flows: facts summed over a stretch of time, for many tasks of one table in one scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select

from data_access.facts import clocks
from data_access.facts.predicates import column, counts_at, in_time, matches, relevant, table_of
from domain.task import Measure, Method, Task

FLOWS = frozenset({Method.COUNT, Method.RATIO, Method.HIT, Method.CLOCK, Method.CHANGE})


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to `as_of`, both included, wall time."""

    start: datetime
    as_of: datetime

    def earlier(self, seconds: float) -> datetime:
        """The start, so many seconds earlier."""
        return self.start - timedelta(seconds=seconds)

    def earlier_end(self, seconds: float) -> datetime:
        """The end, so many seconds earlier."""
        return self.as_of - timedelta(seconds=seconds)


class AnyStretch(Protocol):
    """A `Stretch`, or one whose ends are parameters of a kept statement."""

    @property
    def start(self) -> Any: ...
    @property
    def as_of(self) -> Any: ...
    def earlier(self, seconds: float) -> Any: ...
    def earlier_end(self, seconds: float) -> Any: ...


def day_stretch(first: date, last: date) -> Stretch:
    """The whole days from `first` to `last`."""
    return Stretch(datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59)))


def happened(measure: Measure) -> Any:
    """The time at which a row counts."""
    return counts_at(measure) if measure.method is Method.CLOCK else column(measure, measure.at)


def numerator(measure: Measure, as_of: Any = None) -> Any:
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


def counting(measure: Measure, stretch: AnyStretch) -> ColumnElement[bool]:
    """The row counts inside the stretch."""
    if measure.method is Method.CLOCK:
        return or_(clocks.good(measure, stretch), clocks.missed(measure, stretch))
    moment = happened(measure)
    return and_(moment >= stretch.start, moment <= stretch.as_of, relevant(measure))


def near(measure: Measure, stretch: AnyStretch) -> ColumnElement[bool]:
    """A wider condition on plain columns, so that an index can be used."""
    return or_(*_ranges(measure, stretch))


def _ranges(measure: Measure, stretch: AnyStretch) -> list[ColumnElement[bool]]:
    if measure.method is Method.CLOCK:
        return clocks.near(measure, stretch)
    moment = column(measure, measure.at)
    return [and_(moment >= stretch.start, moment <= stretch.as_of)]


def by_station(tasks: Sequence[Task], stretch: AnyStretch, visible: ColumnElement[bool]) -> Select[Any]:
    """Sums of several tasks over one table, one row per station.

    Args:
        tasks: tasks with the same source and of flow methods.
        visible: the scope condition.

    Returns:
        station_code, then for the n-th task n{n}, r{n}, w{n}: numerator, the rest of the
        denominator (`whole` puts them together), and rows still inside their limit.
    """
    columns: list[Any] = []
    for index, task in enumerate(tasks):
        columns += _sums(index, task.measure, stretch)
    table = table_of(tasks[0].measure)
    return (
        select(table.c.station_code, *columns)
        .where(or_(*_reach([task.measure for task in tasks], stretch)), visible)
        .group_by(table.c.station_code)
    )


def whole(measure: Measure, numerator: float, rest: float) -> float:
    """The denominator of a row of `by_station`."""
    return numerator + rest if measure.method is Method.CLOCK else rest


def _reach(measures: Sequence[Measure], stretch: AnyStretch) -> list[ColumnElement[bool]]:
    """Ranges that hold every row the tasks may need; filters on `kind` keep the index narrow.

    Of several clocks that start at the same column only the longest is asked for.
    """
    longest: dict[tuple[object, ...], Measure] = {}
    for measure in measures:
        key = (repr(measure.where.get("kind")), measure.at, measure.start, measure.due, measure.limit is None)
        kept = longest.get(key)
        if kept is None or (measure.limit and kept.limit and measure.limit > kept.limit):
            longest[key] = measure
    return [
        and_(matches(table_of(measure), _narrow(measure)), one)
        for measure in longest.values()
        for one in _ranges(measure, stretch)
    ]


def _narrow(measure: Measure) -> dict[str, object]:
    return {name: value for name, value in measure.where.items() if name == "kind"}


def _sums(index: int, measure: Measure, stretch: AnyStretch) -> list[Any]:
    if measure.method is Method.CLOCK:
        conditions = (clocks.good, clocks.missed, clocks.waiting)
        sums: list[Any] = [func.sum(case((one(measure, stretch), 1), else_=0)) for one in conditions]
    else:
        counted = counting(measure, stretch)
        parts = (numerator(measure, stretch.as_of), denominator(measure))
        sums = [*(func.sum(case((counted, part), else_=0)) for part in parts), literal_column("0")]
    return [one.label(f"{letter}{index}") for letter, one in zip("nrw", sums, strict=True)]
