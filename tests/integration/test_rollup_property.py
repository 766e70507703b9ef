"""The rollups equal the group-by of the rows, whatever happened to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import md5
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, select

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import writing
from data_access.refresh import RefreshReport, refresh
from domain.task import Catalogue, Measure, Method, Task
from tests.support import plain_rollups as plain
from tests.support.random_rows import MAKERS, SOURCES

FIRST = date(2024, 4, 22)
BEGIN = datetime(2024, 5, 3, 23, 30)
CODES = (
    *("T1-01", "T1-04", "T1-05", "T1-08", "T2-02", "T2-03", "T2-04", "T2-05", "T3-05", "T3-06", "T4-01", "T4-02"),
    *("T7-01", "T7-03", "T7-05", "T8-01", "T8-02", "T8-03"),
)
ROLLED = (
    *(t.measure_day, t.measure_month, t.risk_month, t.incident_hour, t.incident_cell_day),
    *(t.rollup_span, t.rollup_todo, t.refresh_mark),
)


def catalogue() -> Catalogue:
    """Tasks of every method, and one whose clock runs from a column that may be empty."""
    full = load_catalogue()
    chosen = tuple(task for task in full.tasks if task.code in CODES)
    odd = Measure("work_order", Method.CLOCK, start="signed_at", stop="closed_at", due="due_at")
    late = Measure("incident", Method.OVERDUE, start="occurred_at", stop="traced_at", due="closed_at")
    like = chosen[0]
    extra = tuple(
        Task(code, like.theme, like.kind, like.period, like.unit, measure, like.feed)
        for code, measure in (("X1", odd), ("X2", late))
    )
    return Catalogue(full.version, full.themes, chosen + extra)


CATALOGUE = catalogue()
passing = st.sampled_from([0, 0, 1, 45, 1800, 3600, 86_400, 3 * 86_400])
ways = st.sampled_from(["plain", "plain", "plain", "quick", "reconcile", "full"])
looks = st.tuples(st.just("refresh"), passing, ways)


@st.composite
def puts(draw: st.DrawFn, tables: list[Table]) -> tuple[Any, ...]:
    """Write a row under one of two keys: a new row, or a change of everything about an old one."""
    table, number = draw(st.sampled_from(tables)), draw(st.integers(0, 1))
    late, told = draw(st.sampled_from([0, 0, 30, 540])), draw(st.booleans())
    return "put", table, number, draw(MAKERS[table]), late, told


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """What happens to few rows of one or two tables, so that much happens to each."""
    tables = draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2, unique=True))
    drops = st.tuples(st.just("drop"), st.sampled_from(tables), st.integers(0, 1))
    one = st.one_of(puts(tables), puts(tables), looks, looks, drops)
    return draw(st.lists(one, min_size=3, max_size=14))


@dataclass
class World:
    """A database and the clock of its writers."""

    engine: Engine
    now: datetime = BEGIN
    looked_at: datetime = datetime.min
    deleted: bool = False
    written: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def put(self, table: Table, number: int, row: dict[str, Any], late: int, told: bool) -> None:
        key = next(iter(table.primary_key.columns))
        full = {**row, key.name: f"K{number}", "updated_at": self.stamp(table, number, late, told)}
        full["row_hash"] = md5(repr(row).encode()).hexdigest() if told else None
        with writing(self.engine) as connection:
            changed = connection.execute(table.update().where(key == f"K{number}").values(**full))
            if not changed.rowcount:
                connection.execute(table.insert().values(**full))
        self.written[table.name, number] = full["updated_at"]

    def stamp(self, table: Table, number: int, late: int, told: bool) -> datetime:
        """Written now or a little earlier, but never twice in one second once that second is over."""
        wanted = self.now - timedelta(seconds=late)
        before = self.written.get((table.name, number))
        if told or before is None or wanted > before:
            return wanted
        return before if before >= self.looked_at else before + timedelta(seconds=1)

    def drop(self, table: Table, number: int) -> None:
        key = next(iter(table.primary_key.columns))
        with writing(self.engine) as connection:
            gone = connection.execute(delete(table).where(key == f"K{number}")).rowcount
        self.deleted = self.deleted or bool(gone)

    def refresh(self, passed: int, how: str) -> RefreshReport:
        self.now += timedelta(seconds=passed)
        if self.deleted and how in ("plain", "quick"):
            how = "reconcile"
        self.deleted, self.looked_at = False, self.now
        options = {} if how == "plain" else {how: True}
        return refresh(self.engine, CATALOGUE, self.now, **options)  # type: ignore[arg-type]


def clear(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in (*ROLLED, *SOURCES):
            connection.execute(delete(table))


def fetched(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def rolled(engine: Engine, table: Table, keys: int) -> plain.Rollup:
    return {tuple(row.values())[:keys]: tuple(row.values())[keys:] for row in fetched(engine, table)}


def check(engine: Engine, today: date) -> None:
    rows = {table.name: fetched(engine, table) for table in SOURCES}
    wanted = plain.measure_day(CATALOGUE.tasks, rows, FIRST, today)
    found = rolled(engine, t.measure_day, 3)
    assert found.keys() == wanted.keys()
    assert found == {key: pytest.approx(value) for key, value in wanted.items()}
    months = plain.measure_month(found)
    assert rolled(engine, t.measure_month, 3) == {
        key: (*map(pytest.approx, value[:3]), value[3], *map(pytest.approx, value[4:])) for key, value in months.items()
    }
    begun = [date(2024, number, 1) for number in (4, 5, 6, 7) if date(2024, number, 1) < today]
    assert rolled(engine, t.risk_month, 3) == plain.risk_month(rows["risk_code"], begun, today - timedelta(days=1))
    assert rolled(engine, t.incident_hour, 5) == plain.incident_hour(rows["incident"])
    assert rolled(engine, t.incident_cell_day, 4) == plain.incident_cell_day(rows["incident"])


def played(engine: Engine, story: list[tuple[Any, ...]]) -> Iterator[World]:
    """The world after each refresh of a story, the last one added."""
    world = World(engine)
    for what, *how in [*story, ("refresh", 45, "plain")]:
        getattr(world, what)(*how)
        if what == "refresh":
            yield world


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=stories())
def test_rollups_equal_the_group_by_of_the_rows(engine: Engine, story: list[tuple[Any, ...]]) -> None:
    clear(engine)
    for world in played(engine, story):
        check(engine, world.now.date())
