"""What months are scored from: sums by month and by day, moves of risk codes, observations that are no task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, literal, or_, select, union_all

from data_access.facts.months import risk_moves, sums_of_days
from data_access.scope import within
from data_access.tables import measure_day, measure_month, risk_code, risk_month, sample
from domain.access import Scope


@dataclass(frozen=True, slots=True)
class Sums:
    """One task's numbers of one station in a stretch: the sums of its days, and its last day's."""

    numerator: float
    denominator: float
    rows: int
    last_numerator: float
    last_denominator: float


@dataclass(frozen=True, slots=True)
class Moves:
    """Subjects with a code at a stretch's start; of them red or yellow, of these lower at its end; and risen."""

    subjects: int
    risky: int
    lowered: int
    raised: int


def month_sums(
    connection: Connection, tasks: Sequence[str], periods: Sequence[str], scope: Scope
) -> dict[tuple[str, str, str], Sums]:
    """(task, period, station) -> sums of closed days; what has no row is absent.

    Args:
        tasks: task codes. periods: months as "2024-05".
    """
    table = measure_month
    names = ("numerator", "denominator", "row_count", "last_numerator", "last_denominator")
    query = select(table.c.task_code, table.c.period, table.c.station_code, *(table.c[name] for name in names)).where(
        table.c.task_code.in_(tasks), table.c.period.in_(periods), within(scope, table.c.station_code)
    )
    return {(row[0], row[1], row[2]): Sums(*row[3:]) for row in connection.execute(query)}


def day_sums(
    connection: Connection, tasks: Sequence[str], first: date, last: date, scope: Scope
) -> dict[tuple[str, str], Sums]:
    """(task, station) -> sums of the closed days from `first` to `last`, both included."""
    mine = and_(measure_day.c.task_code.in_(tasks), measure_day.c.day.between(first, last))
    query = sums_of_days(and_(mine, within(scope, measure_day.c.station_code)))
    return {
        (row.task_code, row.station_code): Sums(
            row.numerator, row.denominator, row.row_count, row.last_numerator, row.last_denominator
        )
        for row in connection.execute(query)
    }


def first_days(connection: Connection, tasks: Sequence[str], scope: Scope) -> dict[str, date]:
    """Task code -> the first closed day that any visible station has a row of; tasks without are absent."""
    if not tasks:
        return {}
    table = measure_day
    lines = [
        select(literal(task).label("task"), func.min(table.c.day).label("day")).where(
            table.c.task_code == task, within(scope, table.c.station_code)
        )
        for task in tasks
    ]
    return {task: day for task, day in connection.execute(union_all(*lines)) if day is not None}


def risk_months(connection: Connection, periods: Sequence[str], scope: Scope) -> dict[tuple[str, str], Moves]:
    """(period, station) -> moves of risk codes of all kinds of subjects, up to the last closed day."""
    table = risk_month
    sums = (func.sum(table.c[name]) for name in ("subjects", "risky", "lowered", "raised"))
    query = (
        select(table.c.period, table.c.station_code, *sums)
        .where(table.c.period.in_(periods), within(scope, table.c.station_code))
        .group_by(table.c.period, table.c.station_code)
    )
    return {(row[0], row[1]): _moves(row[2:]) for row in connection.execute(query)}


def risk_stretch(connection: Connection, start: datetime, end: datetime, scope: Scope) -> dict[str, Moves]:
    """Station -> moves of risk codes between two instants, read from the codes themselves."""
    rows = risk_moves(start, end, within(scope, risk_code.c.station_code)).subquery()
    sums = (func.sum(rows.c[name]) for name in ("subjects", "risky", "lowered", "raised"))
    query = select(rows.c.station_code, *sums).group_by(rows.c.station_code)
    return {row[0]: _moves(row[1:]) for row in connection.execute(query)}


def _moves(values: Iterable[Any]) -> Moves:
    return Moves(*(int(value) for value in values))


def observations(
    connection: Connection, kinds: Sequence[str], spans: Sequence[tuple[datetime, datetime]], scope: Scope
) -> list[tuple[str, str, datetime, float, float]]:
    """Observations of some kinds in some stretches, both ends included: (kind, station, at, numerator, denominator).

    Oldest first. For kinds that come a few times a month.
    """
    if not kinds or not spans:
        return []
    inside = or_(*(sample.c.at.between(start, end) for start, end in spans))
    query = (
        select(sample.c.kind, sample.c.station_code, sample.c.at, sample.c.numerator, sample.c.denominator)
        .where(sample.c.kind.in_(kinds), inside, sample.c.station_code.is_not(None))
        .where(within(scope, sample.c.station_code))
        .order_by(sample.c.at)
    )
    return [(row[0], row[1], row[2], float(row[3]), float(row[4])) for row in connection.execute(query)]
