"""`measure_day`: one row per task, closed day and station, computed out of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, literal, select

from data_access.bulk import bulk_insert
from data_access.facts.flows import FLOWS, day_stretch
from data_access.facts.levels import latest_by_day
from data_access.rollups.flows import flow_days
from data_access.rollups.levels import level_days
from data_access.rollups.months import drop_later, rebuild_months
from data_access.tables import measure_day
from domain.task import Method, Task

_COLUMNS = ("task_code", "station_code", "day", "numerator", "denominator", "row_count")


def rebuild_measures(connection: Connection, tasks: Sequence[Task], first: date, last: date) -> None:
    """Compute the days from `first` to `last`, all of them closed, of `tasks` anew, and their months.

    A day without any row has no row here.
    """
    codes = [task.code for task in tasks]
    connection.execute(
        delete(measure_day).where(
            measure_day.c.task_code.in_(codes), measure_day.c.day >= first, measure_day.c.day <= last
        )
    )
    flows = [task for task in tasks if task.measure.method in FLOWS]
    # Lists, because a connection that is taking in rows answers no questions meanwhile.
    bulk_insert(connection, measure_day, _COLUMNS, list(flow_days(connection, flows, first, last)))
    for task in tasks:
        if task.measure.method is Method.LATEST:
            _insert_latest(connection, task, first, last)
        elif task.measure.method not in FLOWS:
            rows = [(task.code, *row) for row in level_days(connection, task, first, last)]
            bulk_insert(connection, measure_day, _COLUMNS, rows)
    rebuild_months(connection, codes, first, last)


def _insert_latest(connection: Connection, task: Task, first: date, last: date) -> None:
    stretch = day_stretch(first, last)
    sums = latest_by_day(task, stretch.start, stretch.as_of).subquery()
    rows = select(literal(task.code), *(sums.c[name] for name in _COLUMNS[1:]))
    connection.execute(measure_day.insert().from_select(_COLUMNS, rows))


def drop_unknown(connection: Connection, tasks: Sequence[Task], today: date) -> None:
    """Remove what belongs to no task of the catalogue, and days that are not closed."""
    known = [task.code for task in tasks]
    connection.execute(delete(measure_day).where(measure_day.c.task_code.not_in(known)))
    connection.execute(delete(measure_day).where(measure_day.c.day >= today))
    drop_later(connection, known, today)


def days_on_record(connection: Connection, tasks: Sequence[Task]) -> tuple[tuple[date, date], ...]:
    """The days that `tasks` have rows for, as spans of one day."""
    codes = [task.code for task in tasks]
    query = select(measure_day.c.day).where(measure_day.c.task_code.in_(codes)).distinct()
    return tuple((day, day) for day in connection.execute(query).scalars())
