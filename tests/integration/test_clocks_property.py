"""Clocks out of packs equal a plain count over the rows, at any instant, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.packs.order_build import rebuild_order_packs
from data_access.packs.order_store import OrderStore, order_stamps
from data_access.readers import clocks as reader
from data_access.readers.clocks import clock_sums
from domain.access import command
from domain.clock_rules import CLASSES, CLOCKS, WHO
from domain.clockstats import ClockSums, Tally, in_bands, tally
from domain.span import Span
from tests.support import plain_clocks as plain

RULES = load_clock_rules(load_catalogue())
FIRST, LAST = date(2024, 2, 25), date(2024, 5, 8)
NARROW = date(2024, 4, 28), date(2024, 5, 4)
MIDNIGHTS = [
    datetime(2024, 3, 1),
    datetime(2024, 3, 11),
    datetime(2024, 4, 1),
    datetime(2024, 4, 21),
    datetime(2024, 5, 1),
]
NEAR = [-86_400, -90_000, -7200, -30, -1, 0, 20, 600, 50_000, 86_399, 200_000]
SPENT = [
    None, -50, -1, 0, 30, 89, 90, 91, 299, 300, 301, 600, 601, 3000, 18_000, 18_001, 40_000, 79_200, 79_201,
    200_000, 3_000_000, 90_000_000,
]  # fmt: skip
INSTANTS = [3, 90, 91, 301, 18_001, 79_201, 86_400, 172_800, 259_200, 900_000, 2_000_000, 5_000_000]
moments = st.builds(lambda base, off: base + timedelta(seconds=off), st.sampled_from(MIDNIGHTS), st.sampled_from(NEAR))
STOPS = tuple(plain.STOPS.values())


@st.composite
def orders(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Orders of few stations and incidents around a few midnights, some of them absurd."""
    rows = []
    for number in range(draw(st.integers(0, 14))):
        at = draw(moments)
        spent = {name: draw(st.sampled_from(SPENT)) for name in STOPS}
        stops = {name: None if some is None else at + timedelta(seconds=some) for name, some in spent.items()}
        if draw(st.integers(0, 19)) == 0:
            stops[draw(st.sampled_from(STOPS))] = datetime(9999, 12, 31)
        rows.append({
            "order_id": f"P{draw(st.integers(0, 9))}{number:02d}",
            "incident_id": draw(st.sampled_from([None, "", "I1", "I1", "I2", "I3"])),
            "station_code": draw(st.sampled_from(["S1", "S1", "S2", None, ""])),
            "unit_kind": draw(st.sampled_from(["station", "station", "squadron", None, "fire"])),
            "class_code": draw(st.sampled_from([*CLASSES, "strange", None])),
            "is_valid": draw(st.sampled_from([1, 1, 1, 0])),
            "assigned_at": at,
            "updated_at": at,
            **stops,
        })  # fmt: skip
    return rows


@st.composite
def questions(draw: st.DrawFn) -> tuple[Span, datetime]:
    """A span and an instant that lies inside it or a little or much later."""
    ends = sorted([draw(moments), draw(st.one_of(moments, st.just(datetime(2024, 5, 7))))])
    span = Span(ends[0], ends[1] + timedelta(seconds=draw(st.sampled_from([0, 1, 40_000]))))
    if span.start == span.end:
        span = Span(span.start, span.end + timedelta(days=11))
    return span, draw(st.sampled_from(ends)) + timedelta(seconds=draw(st.sampled_from(INSTANTS)))


def asked(connection: Any, who: str, question: tuple[Span, datetime], hours: bool) -> ClockSums:
    span, as_of = question
    return clock_sums(connection, span, as_of, command(), RULES, who=who, hours=hours)


def same(found: Tally, wanted: plain.Numbers, clock: Any) -> None:
    told = {
        name: int(getattr(found, name)) for name in ("due", "hit", "waiting", "overdue", "unusable", "done", "seconds")
    }
    parts = {name: getattr(wanted, name) for name in ("due", "hit", "waiting", "overdue", "unusable")}
    assert told == {**parts, "done": len(wanted.taken), "seconds": sum(wanted.taken)}
    ends = [0, *clock.bands, 10**12]
    bands = [sum(low < took <= high or (took == low == 0) for took in wanted.taken) for low, high in pairwise(ends)]
    assert in_bands(found.bins, clock).tolist() == bands


def compare(sums: ClockSums, rows: list[plain.Row], who: str, question: tuple[Span, datetime]) -> None:
    """Every clock, limit, station, class and hour."""
    span, as_of = question
    for clock in RULES.clocks_of(who):
        mine = [row for row in plain.timed(rows, who, clock) if span.start <= row.given < span.end]
        assert {row.station for row in mine if row.given <= as_of} == set(sums.stations)
        for limit in (*clock.limits, None):
            whole = tally(sums.columns, clock.code, sums.counts.sum((0, 1)), sums.seconds.sum((0, 1)), limit)
            same(whole, plain.numbers(mine, limit, as_of), clock)
            each = tally(sums.columns, clock.code, sums.counts, sums.seconds, limit)
            for s, station in enumerate(sums.stations):
                for c, class_code in enumerate(CLASSES):
                    part = [row for row in mine if (row.station, row.class_code) == (station, class_code)]
                    cell = Tally(*(getattr(each, name)[s, c] for name in each.__dataclass_fields__))
                    same(cell, plain.numbers(part, limit, as_of), clock)
        if sums.by_hour is not None and sums.by_hour_seconds is not None:
            hourly = tally(
                sums.columns, clock.code, sums.by_hour.sum((0, 1)), sums.by_hour_seconds.sum((0, 1)), clock.limit
            )
            for hour in range(24):
                part = [row for row in mine if row.given.hour == hour]
                cell = Tally(*(getattr(hourly, name)[hour] for name in hourly.__dataclass_fields__))
                same(cell, plain.numbers(part, clock.limit, as_of), clock)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=orders(), question=questions(), who=st.sampled_from(WHO), hours=st.booleans())
def test_clocks_equal_a_count_over_the_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, rows: list[Any], question: Any, who: str, hours: bool
) -> None:
    store = KEPT.setdefault(engine.dialect.name, OrderStore())
    monkeypatch.setattr(reader, "order_store_of", lambda _: store)
    with engine.connect() as connection:
        if rows:
            connection.execute(t.dispatch_order.insert(), rows)
        rebuild_order_packs(connection, FIRST, LAST)
        for instant in (question[1], datetime(2030, 1, 1), question[1] - timedelta(days=3)):
            compare(asked(connection, who, (question[0], instant), hours), rows, who, (question[0], instant))
        connection.rollback()


def everything_anew(connection: Connection) -> dict[date, str]:
    connection.execute(delete(t.dispatch_pack))
    rebuild_order_packs(connection, *NARROW)
    return order_stamps(connection, *NARROW)


@st.composite
def few(draw: st.DrawFn) -> dict[str, Any]:
    """An order of one of two incidents on one of four days."""
    at = datetime(2024, 4, 29) + timedelta(days=draw(st.integers(0, 3)), hours=draw(st.sampled_from([0, 9, 23])))
    arrived = draw(st.sampled_from([None, -50, 60, 400, 90_000]))
    return {
        "incident_id": draw(st.sampled_from(["I1", "I1", "I2", None])),
        "station_code": "S1",
        "unit_kind": "station",
        "is_valid": draw(st.sampled_from([1, 1, 1, 1, 0])),
        "assigned_at": at,
        "arrived_at": None if arrived is None else at + timedelta(seconds=arrived),
        "updated_at": at,
    }


changes = st.lists(st.one_of(few(), st.none()), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(few(), min_size=1, max_size=5), others=changes)
def test_packing_the_days_that_changed_is_enough(engine: Engine, rows: list[Any], others: list[Any]) -> None:
    """Orders vanish, or everything about them changes; only days that they are or were on are packed anew."""
    key, table = t.dispatch_order.c.order_id, t.dispatch_order
    with engine.connect() as connection:
        connection.execute(table.insert(), [{"order_id": f"P{n}", **row} for n, row in enumerate(rows)])
        rebuild_order_packs(connection, *NARROW)
        days = set[date]()
        for number, other in enumerate(others):
            connection.execute(delete(table).where(key == f"P{number}"))
            if other:
                connection.execute(table.insert().values(order_id=f"P{number}", **other))
            days |= {row["assigned_at"].date() for row in (*rows[number : number + 1], other) if row}
        for day in sorted(days):
            rebuild_order_packs(connection, day, day)
        changed = order_stamps(connection, *NARROW)
        assert changed == everything_anew(connection)
        connection.rollback()


KEPT: dict[str, OrderStore] = {}
"""One store for all examples: what it keeps of one must never show in another."""


def test_there_are_columns_for_every_clock() -> None:
    assert tuple(clock.code for clock in RULES.clocks) == CLOCKS
    assert set(plain.STOPS) == set(CLOCKS)
    assert set(plain.STOPS.values()) <= {column.name for column in select(t.dispatch_order).selected_columns}
