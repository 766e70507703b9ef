"""How a station's past days went on from a given time of day: the material of projections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select, union_all

from data_access.facts.flows import Stretch, counting, day_stretch, denominator, happened, near, numerator
from data_access.facts.predicates import table_of
from data_access.scope import within
from data_access.types import clock_of, day_of
from domain.access import Scope
from domain.task import Task


@dataclass(frozen=True, slots=True)
class PastDay:
    """One closed day of one task: the whole day, and what of it came after the time of day asked for."""

    numerator: float
    denominator: float
    later_numerator: float
    later_denominator: float


def past_days(
    connection: Connection, tasks: Sequence[Task], station: str, span: tuple[date, date], clock: time, *, scope: Scope
) -> dict[str, dict[date, PastDay]]:
    """Task code -> day -> `PastDay`, for flow tasks; days on which nothing happened are absent.

    Args:
        span: first and last day, both closed.
        clock: the time of day that splits a day.
    """
    if not tasks:
        return {}
    when = (day_stretch(*span), clock)
    parts = [_one(index, task, _mine(task, station, scope), when) for index, task in enumerate(tasks)]
    found: dict[str, dict[date, PastDay]] = {task.code: {} for task in tasks}
    for index, day, *sums in connection.execute(union_all(*parts)):
        found[tasks[index].code][_date(day)] = PastDay(*(float(value or 0) for value in sums))
    return found


def _date(value: Any) -> date:
    return value if isinstance(value, date) and not isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def _mine(task: Task, station: str, scope: Scope) -> ColumnElement[bool]:
    code = table_of(task.measure).c.station_code
    return and_(code == station, within(scope, code))


def _one(index: int, task: Task, mine: ColumnElement[bool], when: tuple[Stretch, time]) -> Any:
    measure, (stretch, clock) = task.measure, when
    after = clock_of(happened(measure)) > literal(clock.strftime("%H:%M:%S"))
    n, d = numerator(measure), denominator(measure)
    day = day_of(happened(measure))
    return (
        select(
            literal(index),
            day.label("day"),
            func.sum(n),
            func.sum(d),
            func.sum(case((after, n), else_=0)),
            func.sum(case((after, d), else_=0)),
        )
        .where(mine, near(measure, stretch), counting(measure, stretch))
        .group_by(day)
    )
