"""Clocked rows inside a stretch, said so that the database computes as little as possible.

`predicates.counts_at` defines when a clocked row counts; the conditions here are the same rule,
split into "in time" and "missed" and turned round: the instants are shifted once, not the columns
row by row. A property test holds the two together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from data_access.facts.predicates import column, deadline, in_time, relevant
from domain.task import Measure


def good(measure: Measure, stretch: Any) -> ColumnElement[bool]:
    """Finished in time, and that (or a start typed later) lies in the stretch."""
    start, stop = column(measure, measure.start), column(measure, measure.stop)
    return and_(
        stop <= stretch.as_of,
        start <= stretch.as_of,
        or_(stop >= stretch.start, start >= stretch.start),
        relevant(measure),
        in_time(measure),
    )


def missed(measure: Measure, stretch: Any) -> ColumnElement[bool]:
    """Not finished in time, and the first second after the deadline (or the start) lies in the stretch."""
    stop = column(measure, measure.stop)
    return and_(_ran_out(measure, stretch), relevant(measure), or_(stop.is_(None), stop > deadline(measure)))


def waiting(measure: Measure, stretch: Any) -> ColumnElement[bool]:
    """Started, not finished, still inside the limit at the stretch's end (在办)."""
    start, stop = column(measure, measure.start), column(measure, measure.stop)
    return and_(
        start <= stretch.as_of,
        _still_inside(measure, stretch),
        relevant(measure),
        or_(stop.is_(None), stop > stretch.as_of),
    )


def near(measure: Measure, stretch: Any) -> list[ColumnElement[bool]]:
    """Ranges of plain columns, each fit for an index, that together hold every row that may count."""
    start = column(measure, measure.start)
    if measure.limit is not None:
        return [and_(start >= stretch.earlier(_limit(measure) + 1), start <= stretch.as_of)]
    # A second range on another column (start <= end) would tempt the planner to scan the whole past by it.
    return [
        column(measure, measure.due) >= stretch.earlier(1),
        and_(start >= stretch.start, start <= stretch.as_of),
    ]


def _limit(measure: Measure) -> int:
    assert measure.limit is not None
    return int(measure.limit.total_seconds())


def _ran_out(measure: Measure, stretch: Any) -> ColumnElement[bool]:
    start = column(measure, measure.start)
    if measure.limit is not None:
        wait = _limit(measure) + 1
        return and_(start >= stretch.earlier(wait), start <= stretch.earlier_end(wait))
    due = column(measure, measure.due)
    return and_(
        due <= stretch.earlier_end(1),
        start <= stretch.as_of,
        or_(due >= stretch.earlier(1), start >= stretch.start),
    )


def _still_inside(measure: Measure, stretch: Any) -> ColumnElement[bool]:
    if measure.limit is not None:
        return column(measure, measure.start) >= stretch.earlier_end(_limit(measure))  # type: ignore[no-any-return]
    return column(measure, measure.due) >= stretch.as_of  # type: ignore[no-any-return]
