"""`measure_month` and `risk_month`: the months of the assessment, made out of days and of risk codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, and_, delete, literal, or_, select, true

from data_access.facts.months import SUMMED, risk_moves, sums_of_days
from data_access.state import touch_months
from data_access.tables import measure_day, measure_month, risk_month
from domain.month import Month, month_of, start_of
from domain.periods import end_of_day


def months_in(first: date, last: date) -> Iterator[Month]:
    """The months that the days from `first` to `last` lie in."""
    month = month_of(first)
    while month.first <= last:
        yield month
        month = month.back(-1)


def rebuild_months(connection: Connection, tasks: Sequence[str], first: date, last: date) -> None:
    """Add up `measure_day` anew for the months of these days.

    Args:
        tasks: task codes.

    A level's sum over days means nothing; of levels only the last day's value is of use.
    """
    for month in months_in(first, last):
        mine = and_(measure_month.c.task_code.in_(tasks), measure_month.c.period == month.period)
        connection.execute(delete(measure_month).where(mine))
        days = sums_of_days(
            and_(measure_day.c.task_code.in_(tasks), measure_day.c.day.between(month.first, month.last))
        )
        rows = days.subquery()
        columns = ("task_code", "station_code", *SUMMED, "last_day", "last_numerator", "last_denominator")
        query = select(literal(month.period), *(rows.c[name] for name in columns))
        connection.execute(measure_month.insert().from_select(["period", *columns], query))
        touch_months(connection, [month.period])


def rebuild_risks(connection: Connection, first: date, last: date, closed: date) -> None:
    """Count anew, for the months of these days, which subjects have another colour at the end than at the start.

    Args:
        closed: the last closed day; a month that is not over ends with it.
    """
    for month in months_in(first, min(last, closed)):
        connection.execute(delete(risk_month).where(risk_month.c.period == month.period))
        end = end_of_day(min(month.last, closed))
        rows = risk_moves(start_of(month.first), end, true()).subquery()
        columns = ("station_code", "subject_kind", "subjects", "risky", "lowered", "raised")
        query = select(literal(month.period), *(rows.c[name] for name in columns))
        connection.execute(risk_month.insert().from_select(["period", *columns], query))
        touch_months(connection, [month.period])


def drop_later(connection: Connection, tasks: Sequence[str], today: date) -> None:
    """After days from `today` on, and tasks that are not among `tasks`, have left `measure_day`."""
    month = month_of(today)
    touch_months(connection)
    gone = or_(measure_month.c.task_code.not_in(tasks), measure_month.c.period > month.period)
    connection.execute(delete(measure_month).where(gone))
    connection.execute(delete(risk_month).where(risk_month.c.period > month.period))
    rebuild_months(connection, tasks, month.first, today)
