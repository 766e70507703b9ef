"""Levels: what is so at an instant, and the last observation up to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all

from data_access.facts.predicates import column, relevant, table_of
from data_access.tables import risk_code
from data_access.types import day_of
from domain.task import Measure, Method, Task

RANK = {"green": 0, "yellow": 1, "red": 2}
RISKY = ("yellow", "red")


def level(task: Task, period_start: Any, as_of: Any, visible: ColumnElement[bool]) -> Select[Any]:
    """One level task at `as_of`, one row per station.

    Args:
        period_start: where the task's period begins (LATEST looks back to it, DOWNGRADE compares with it).
        visible: the scope condition on the source table's station_code.

    Returns:
        station_code, numerator, denominator, row_count.
    """
    build = {
        Method.OVERDUE: _overdue,
        Method.STANDING: _standing,
        Method.DOWNGRADE: _downgrade,
        Method.LATEST: _latest,
    }[task.measure.method]
    return build(task.measure, period_start, as_of, visible)


def open_and_late(measure: Measure, as_of: Any) -> ColumnElement[bool]:
    """The row is open at `as_of` and its deadline has passed."""
    stop = column(measure, measure.stop)
    return and_(
        relevant(measure),
        column(measure, measure.start) <= as_of,
        column(measure, measure.due) < as_of,
        or_(stop.is_(None), stop > as_of),
    )


def valid_at(table: Any, moment: Any) -> ColumnElement[bool]:
    """The code is in force at `moment`."""
    return and_(table.c.valid_from <= moment, or_(table.c.valid_to.is_(None), table.c.valid_to > moment))


def _overdue(measure: Measure, _start: Any, as_of: Any, visible: ColumnElement[bool]) -> Select[Any]:
    """Open rows and rows closed since are looked up apart and judged afterwards: another range in the
    WHERE would tempt the planner to scan the closed past by it."""
    table, stop = table_of(measure), column(measure, measure.stop)
    late = case((and_(column(measure, measure.start) <= as_of, column(measure, measure.due) < as_of), 1), else_=0)
    rows = [
        select(table.c.station_code, late.label("late")).where(relevant(measure), condition, visible)
        for condition in (stop.is_(None), stop > as_of)
    ]
    both = union_all(*rows).subquery()
    return select(
        both.c.station_code,
        func.sum(both.c.late).label("numerator"),
        literal(0).label("denominator"),
        func.sum(both.c.late).label("row_count"),
    ).group_by(both.c.station_code)


def _standing(measure: Measure, _start: Any, as_of: Any, visible: ColumnElement[bool]) -> Select[Any]:
    return _counted(risk_code, and_(relevant(measure), valid_at(risk_code, as_of), visible))


def _counted(table: Any, condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            table.c.station_code,
            func.count().label("numerator"),
            literal(0).label("denominator"),
            func.count().label("row_count"),
        )
        .where(condition)
        .group_by(table.c.station_code)
    )


def _downgrade(measure: Measure, start: Any, as_of: Any, visible: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            risk_code.c.station_code,
            func.sum(case((lower_now(as_of), 1), else_=0)).label("numerator"),
            func.count().label("denominator"),
            func.count().label("row_count"),
        )
        .where(relevant(measure), visible, risk_code.c.colour.in_(RISKY), valid_at(risk_code, start))
        .group_by(risk_code.c.station_code)
    )


def lower_now(as_of: Any) -> ColumnElement[bool]:
    """The subject of a risk_code row has a lower colour at `as_of`.

    EXISTS, not a join: a subject with two codes in force at once must not count twice.
    """
    now = risk_code.alias("now_in_force")
    return exists().where(
        now.c.subject_kind == risk_code.c.subject_kind,
        now.c.subject_id == risk_code.c.subject_id,
        valid_at(now, as_of),
        now.c.colour.is_not(None),
        _rank(now.c.colour) < _rank(risk_code.c.colour),
    )


def _rank(colour: Any) -> Any:
    return case(*((colour == name, rank) for name, rank in RANK.items()), else_=0)


def _latest(measure: Measure, start: Any, as_of: Any, visible: ColumnElement[bool]) -> Select[Any]:
    table = table_of(measure)
    moment = column(measure, measure.at)
    inside = and_(relevant(measure), visible, moment >= start, moment <= as_of)
    last = (
        select(table.c.station_code, func.max(moment).label("at"))
        .where(inside)
        .group_by(table.c.station_code)
        .subquery()
    )
    return (
        select(
            table.c.station_code,
            func.sum(table.c.numerator).label("numerator"),
            func.sum(table.c.denominator).label("denominator"),
            func.count().label("row_count"),
        )
        .join(last, and_(last.c.station_code == table.c.station_code, last.c.at == moment))
        .where(inside)
        .group_by(table.c.station_code)
    )


def latest_by_day(task: Task, first: datetime, last: datetime) -> Select[Any]:
    """The last observation of each day: station_code, day, numerator, denominator, row_count.

    Args:
        first, last: instants, both included.
    """
    measure = task.measure
    table, moment = table_of(measure), column(measure, measure.at)
    inside = and_(relevant(measure), moment >= first, moment <= last)
    newest = (
        select(table.c.station_code, func.max(moment).label("at"))
        .where(inside)
        .group_by(table.c.station_code, day_of(moment))
        .subquery()
    )
    return (
        select(
            table.c.station_code,
            day_of(moment).label("day"),
            func.sum(table.c.numerator).label("numerator"),
            func.sum(table.c.denominator).label("denominator"),
            func.count().label("row_count"),
        )
        .join(newest, and_(newest.c.station_code == table.c.station_code, newest.c.at == moment))
        .where(inside)
        .group_by(table.c.station_code, day_of(moment))
    )
