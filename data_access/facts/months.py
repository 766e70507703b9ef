"""Months of the assessment in SQL: days added up, and codes that changed between two instants."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, select

from data_access.facts.levels import RANK, RISKY, valid_at
from data_access.tables import measure_day, risk_code

SUMMED = ("numerator", "denominator", "row_count")


def sums_of_days(chosen: Any) -> Any:
    """Sums and the last day's numbers of chosen rows of `measure_day`, by task and station.

    Returns:
        task_code, station_code, numerator, denominator, row_count, last_day, last_numerator, last_denominator.
    """
    keys = (measure_day.c.task_code, measure_day.c.station_code)
    sums = (func.sum(measure_day.c[name]).label(name) for name in SUMMED)
    grouped = select(*keys, *sums, func.max(measure_day.c.day).label("last_day")).where(chosen).group_by(*keys)
    total, last = grouped.subquery(), measure_day.alias("last_of")
    same = and_(last.c.task_code == total.c.task_code, last.c.day == total.c.last_day)
    mine = and_(same, last.c.station_code == total.c.station_code)
    numbers = (last.c[name].label(f"last_{name}") for name in ("numerator", "denominator"))
    return select(*total.c, *numbers).join(last, mine)


def risk_moves(start: Any, end: Any, visible: Any) -> Any:
    """Subjects with a code in force at `start`, by station and kind; of them those lower or higher at `end`.

    Args:
        start, end: instants, or parameters that stand for them.
        visible: the scope condition on `risk_code.station_code`.

    Returns:
        station_code, subject_kind, subjects, risky (red or yellow at the start), lowered (of the risky), raised.
        A subject without a code at the start counts nowhere; one without a code at the end has not moved.
    """
    rank = _rank(risk_code.c.colour)
    later = _at_end(end)
    fell, rose = later.c.lowest < rank, later.c.highest > rank

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    keys = (risk_code.c.station_code, risk_code.c.subject_kind)
    named = and_(risk_code.c.station_code.is_not(None), risk_code.c.subject_kind.is_not(None))
    same = and_(later.c.subject_kind == risk_code.c.subject_kind, later.c.subject_id == risk_code.c.subject_id)
    return (
        select(
            *keys,
            func.count().label("subjects"),
            count(risk_code.c.colour.in_(RISKY)).label("risky"),
            count(and_(risk_code.c.colour.in_(RISKY), fell)).label("lowered"),
            count(and_(later.c.lowest >= rank, rose)).label("raised"),
        )
        .select_from(risk_code.outerjoin(later, same))
        .where(named, risk_code.c.colour.is_not(None), valid_at(risk_code, start), visible)
        .group_by(*keys)
    )


def _at_end(end: Any) -> Any:
    """Lowest and highest colour of each subject; two codes of it may be in force at once."""
    code = risk_code.alias("in_force_at_end")
    rank, keys = _rank(code.c.colour), (code.c.subject_kind, code.c.subject_id)
    return (
        select(*keys, func.min(rank).label("lowest"), func.max(rank).label("highest"))
        .where(code.c.colour.is_not(None), valid_at(code, end))
        .group_by(*keys)
        .subquery()
    )


def _rank(colour: Any) -> Any:
    return case(*((colour == name, rank) for name, rank in RANK.items()), else_=0)
