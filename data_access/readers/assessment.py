"""What months are scored from: sums by month and by day, moves of risk codes, observations that are no task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, literal, or_, select, union_all

from data_access.facts.months import risk_moves, sums_of_days
from data_access.prepared import moment, run
from data_access.scope import within
from data_access.tables import measure_day, measure_month, risk_code, risk_month, sample, task_target
from domain.access import Scope


class Sums(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """A station's own target of a task; `last` None while it has no end."""

    station: str
    task: str
    first: date
    last: date | None
    blue: float

    def holds(self, day: date) -> bool:
        """It is in force on a day."""
        return self.first <= day and (self.last is None or self.last >= day)


def month_sums(
    connection: Connection, tasks: Sequence[str], periods: Sequence[str], scope: Scope
) -> dict[tuple[str, str], dict[str, Sums]]:
    """(task, period) -> station -> sums of closed days; what has no row is absent.

    Args:
        tasks: task codes. periods: months as "2024-05".
    """
    table = measure_month
    names = ("numerator", "denominator", "row_count", "last_numerator", "last_denominator")
    query = select(table.c.task_code, table.c.period, table.c.station_code, *(table.c[name] for name in names)).where(
        table.c.task_code.in_(tasks), table.c.period.in_(periods), within(scope, table.c.station_code)
    )
    found: dict[tuple[str, str], dict[str, Sums]] = {}
    for task, period, station, *numbers in connection.execute(query).all():
        found.setdefault((task, period), {})[station] = Sums._make(numbers)
    return found


def day_sums(
    connection: Connection, tasks: Sequence[str], first: date, last: date, scope: Scope
) -> dict[str, dict[str, Sums]]:
    """Task -> station -> sums of the closed days from `first` to `last`, both included."""
    mine = and_(measure_day.c.task_code.in_(tasks), measure_day.c.day.between(first, last))
    query = sums_of_days(and_(mine, within(scope, measure_day.c.station_code)))
    found: dict[str, dict[str, Sums]] = {}
    for task, station, upper, lower, rows, _, last_upper, last_lower in connection.execute(query).all():
        found.setdefault(task, {})[station] = Sums(upper, lower, rows, last_upper, last_lower)
    return found


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


def risk_months(connection: Connection, periods: Sequence[str], scope: Scope) -> dict[str, dict[str, Moves]]:
    """Period -> station -> moves of risk codes of all kinds of subjects, up to the last closed day."""
    table = risk_month
    sums = (func.sum(table.c[name]) for name in ("subjects", "risky", "lowered", "raised"))
    query = (
        select(table.c.period, table.c.station_code, *sums)
        .where(table.c.period.in_(periods), within(scope, table.c.station_code))
        .group_by(table.c.period, table.c.station_code)
    )
    found: dict[str, dict[str, Moves]] = {}
    for period, station, *moved in connection.execute(query).all():
        found.setdefault(period, {})[station] = _moves(moved)
    return found


def risk_stretch(connection: Connection, start: datetime, end: datetime, scope: Scope) -> dict[str, Moves]:
    """Station -> moves of risk codes between two instants, read from the codes themselves."""
    rows = run(connection, "risk stretch", ((), scope), partial(_stretch_of, scope), {"start": start, "as_of": end})
    return {row[0]: _moves(row[1:]) for row in rows}


def _stretch_of(scope: Scope) -> Any:
    rows = risk_moves(moment("start"), moment("as_of"), within(scope, risk_code.c.station_code)).subquery()
    sums = (func.sum(rows.c[name]) for name in ("subjects", "risky", "lowered", "raised"))
    return select(rows.c.station_code, *sums).group_by(rows.c.station_code)


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
    return [(row[0], row[1], row[2], float(row[3]), float(row[4])) for row in connection.execute(query).all()]


def stations_targets(connection: Connection, tasks: Sequence[str], scope: Scope) -> list[OwnTarget]:
    """All stations' own targets of some tasks, whenever they are in force, in the order in which they begin."""
    table = task_target
    names = ("station_code", "task_code", "valid_from", "valid_to", "blue")
    query = (
        select(*(table.c[name] for name in names))
        .where(table.c.task_code.in_(tasks), within(scope, table.c.station_code))
        .order_by(table.c.valid_from)
    )
    return [OwnTarget(*row) for row in connection.execute(query).all()]
