"""What was so at an instant is answered the same whether it is asked then or later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, select

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.readers.numbers import numbers
from data_access.refresh import refresh
from domain.access import command
from domain.periods import end_of_day
from domain.task import Method, Period
from tests.support.random_rows import MAKERS, SOURCES

CATALOGUE = load_catalogue()
LATER = datetime(2024, 5, 20, 12)
BEGINS = dict(zip(SOURCES, ("occurred_at", "assigned_at", "created_at", "at", "at", "valid_from"), strict=True))
COMES_WITH = {"review_result": "verified_at"}
Written = tuple[Table, dict[str, Any]]
CLEARED = (*SOURCES, t.measure_day, t.incident_hour, t.incident_cell_day, t.rollup_span, t.rollup_todo, t.refresh_mark)

rows = st.lists(
    st.sampled_from(SOURCES).flatmap(lambda table: st.tuples(st.just(table), MAKERS[table])), min_size=1, max_size=8
)
instants = st.datetimes(datetime(2024, 4, 26), datetime(2024, 5, 9)).map(lambda at: at.replace(microsecond=0))
edges = st.builds(
    lambda day, clock: datetime(2024, 5, day, *clock),
    st.integers(1, 8),
    st.sampled_from([(0, 0, 0), (23, 59, 59), (12, 0, 0)]),
)


def known(table: Table, row: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    """The row as it stood at an instant; None when nothing of it had happened yet.

    Begin and deadline are known from the first thing that happens (times may be out of order).
    """
    planned = {BEGINS[table], "due_at"} & row.keys()
    times = [value for name, value in row.items() if isinstance(value, datetime) and name not in ("due_at", "valid_to")]
    if min(times) > at:
        return None
    seen = {name: None if isinstance(value, datetime) and value > at else value for name, value in row.items()}
    seen.update({name: row[name] for name in planned})
    for name, moment in COMES_WITH.items():
        if name in seen and seen[moment] is None:
            seen[name] = None
    return seen


def asked(engine: Engine, written: list[Written], now: datetime, as_of: datetime) -> dict[Any, Any]:
    """The numbers at `as_of`, out of rows and of rollups of `now`; what says nothing is left out."""
    with writing(engine) as connection:
        for table in CLEARED:
            connection.execute(delete(table))
        for number, (table, row) in enumerate(written):
            key = next(iter(table.primary_key.columns)).name
            connection.execute(table.insert().values(**row, **{key: f"K{number}"}, updated_at=now))
    refresh(engine, CATALOGUE, now)
    with reading(engine) as connection:
        found = numbers(connection, CATALOGUE.tasks, as_of, command())
    told = {key: (n.numerator, n.denominator, n.base or 0, n.waiting) for key, n in found.items()}
    return {key: value for key, value in told.items() if any(value)}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows=rows, as_of=instants | edges)
def test_the_past_is_answered_alike_then_and_later(engine: Engine, rows: list[Written], as_of: datetime) -> None:
    then = [(table, seen) for table, row in rows if (seen := known(table, row, as_of)) is not None]
    assert asked(engine, rows, LATER, as_of) == asked(engine, then, as_of, as_of)


def rolled_up(engine: Engine, day: date) -> dict[Any, Any]:
    with engine.connect() as connection:
        found = connection.execute(select(t.measure_day).where(t.measure_day.c.day == day)).all()
    return {(row.station_code, row.task_code): (row.numerator, row.denominator) for row in found}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows=rows, day=st.dates(date(2024, 4, 27), date(2024, 5, 8)))
def test_a_day_at_its_last_second_equals_its_rollup(engine: Engine, rows: list[Written], day: date) -> None:
    """The board's conditions and the rollup's are written differently; they must mean the same.

    HIT is left out: what was filled in later counts in the rollup and not at the day's end.
    """
    judged = asked(engine, rows, LATER, end_of_day(day))
    alike = {
        task.code
        for task in CATALOGUE.tasks
        if (task.period is Period.DAY or task.measure.is_level) and task.measure.method is not Method.HIT
    }
    wanted = {key: value for key, value in rolled_up(engine, day).items() if key[1] in alike and any(value)}
    assert {key: value[:2] for key, value in judged.items() if key[1] in alike and any(value[:2])} == wanted
