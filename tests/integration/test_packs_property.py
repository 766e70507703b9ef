"""Whatever the rows are and whatever happened to them: the map's sums are the group-by of the rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import h3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.packs import rebuild_packs
from data_access.readers.incidents import frames, rows_of
from data_access.refresh import refresh
from domain.access import Scope, command, district, station
from domain.heat import Tally
from domain.incident_filter import DAY_KINDS, SEVERITIES, Circle, Filter
from domain.incidents import Codes, day_number
from domain.span import Span
from domain.tally import chosen, pick, tally
from domain.task import Catalogue
from tests import factories as make
from tests.support import plain_incidents as plain

FULL = load_catalogue()
NO_TASKS = Catalogue(FULL.version, FULL.themes, ())
FIRST, DAYS = date(2024, 1, 29), 9
BEGIN = datetime(2024, 2, 10, 8)
DISTRICTS = {"S1": "D1", "S2": "D1", "S3": "D2"}
KINDS_OF_DAY = {FIRST + timedelta(days=step): DAY_KINDS[step % 3] for step in range(-2, DAYS + 2)}
BY_NUMBER = {day_number(day): kind for day, kind in KINDS_OF_DAY.items()}
STEPS = (0.0, 0.001, 0.002, -0.001, 0.03)
LNG, LAT = 120.2, 30.1
CELL = h3.latlng_to_cell(LAT, LNG, 9)
CELLS = (CELL, *(h3.cell_to_parent(CELL, level) for level in range(5, 9)), h3.latlng_to_cell(10, 10, 6))

places = st.one_of(
    st.tuples(st.sampled_from([LNG + step for step in STEPS]), st.sampled_from([LAT + step for step in STEPS])),
    st.tuples(st.sampled_from([LNG + step for step in STEPS]), st.sampled_from([LAT + step for step in STEPS])),
    st.sampled_from([(None, None), (None, LAT), (0.0, 0.0), (LNG, 95.0), (-200.0, LAT), (1e300, 1e300)]),
)
moments = st.builds(
    lambda day, minute, second: datetime(2024, 1, 29) + timedelta(days=day, minutes=minute, seconds=second),
    st.integers(0, DAYS - 1),
    st.sampled_from([0, 59, 60, 61, 719, 720, 1439]),
    st.sampled_from([0, 0, 30, 59]),
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Everything that a map looks at; few values, so that they meet."""
    lng, lat = draw(places)
    one_of = {
        "station_code": ["S1", "S1", "S2", "S3", "S9", None],
        "grid_code": ["G1", "G2", None],
        "class_code": ["accident", "accident", "order", None],
        "subclass": ["congestion", "other", None],
        "channel": ["phone", "app", None],
        "found_by": ["citizen", "officer", None],
        "is_valid": [1, 1, 0],
        "repeat_of": [None, None, "I0"],
        "severity": [None, "none", "minor", "fatal", "一般"],
        "deaths": [0, 0, 1],
        "injuries": [0, 0, 3],
        "serious_injuries": [0, 0, 1],
        "tags": [None, "", ",night,", ",works,night,", "works;site_gate"],
        "cell": [None, None, "c1", CELL, h3.cell_to_parent(CELL, 7), "8931", "不"],
        "place_issue": [None, None, None, "outside", "missing", "impossible"],
    }
    values = {name: draw(st.sampled_from(choices)) for name, choices in one_of.items()}
    return {**values, "occurred_at": draw(moments), "lng": lng, "lat": lat}


def some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


circles = st.builds(
    Circle,
    st.sampled_from([LNG, LNG + 0.001, 10.0]),
    st.sampled_from([LAT, LAT - 0.001]),
    st.sampled_from([1, 50, 250, 1000]),
)
filters = st.builds(
    Filter,
    classes=some("accident", "order", "nothing"),
    subclasses=some("congestion", "other"),
    channels=some("phone", "app", "pigeon"),
    found=st.sampled_from(["", "", "citizen", "officer"]),
    valid=st.sampled_from(["yes", "no", "all", "all"]),
    repeat=st.sampled_from(["all", "all", "first", "repeat"]),
    severities=some(*SEVERITIES),
    tags=some("night", "works", "absent"),
    districts=some("D1", "D2", "D9"),
    stations=some("S1", "S3", "S9"),
    grids=some("G1", "G2"),
    hours=some(0, 1, 12, 23),
    weekdays=some(*range(7)),
    day_kinds=some(*DAY_KINDS),
    placed=st.sampled_from(["all", "all", "yes", "no"]),
    cell=st.just("") | st.sampled_from(CELLS),
    near=st.none() | circles,
)
# Most filters narrow by a few fields only, so that something passes.
narrow = st.builds(
    lambda full, names: Filter(**{name: getattr(full, name) for name in names}),
    filters,
    st.lists(st.sampled_from([one.name for one in fields(Filter)]), max_size=4, unique=True),
)
minutes = st.integers(0, DAYS * 24 * 60)
spans = st.just(Span(datetime(2024, 1, 29), datetime(2024, 2, 7))) | st.builds(
    lambda one, other: Span(
        datetime(2024, 1, 29) + timedelta(minutes=min(one, other)),
        datetime(2024, 1, 29) + timedelta(minutes=max(one, other) + 1),
    ),
    minutes,
    minutes,
)
scopes = st.sampled_from([command(), command(), station("S1"), district("D1"), station("S9")])
questions = st.lists(st.tuples(narrow | filters, spans, scopes), min_size=1, max_size=5)
generations = st.lists(st.dictionaries(st.integers(0, 11), st.none() | rows(), max_size=12), min_size=1, max_size=3)


def write(engine: Engine, generation: dict[int, dict[str, Any] | None], now: datetime) -> None:
    """Put or drop rows by number."""
    with writing(engine) as connection:
        for number, row in generation.items():
            key = f"K{number:02d}"
            connection.execute(delete(t.incident).where(t.incident.c.incident_id == key))
            if row is not None:
                connection.execute(t.incident.insert().values(incident_id=key, updated_at=now, **row))


def visible(row: Any, scope: Scope) -> bool:
    code = row["station_code"]
    if scope.stations is not None and code not in scope.stations:
        return False
    return scope.districts is None or DISTRICTS.get(code) in scope.districts


def told(found: Tally, codes: Codes) -> dict[str, Any]:
    """A tally in the form of `plain.sums`."""
    names = ("total", "placed", "deaths", "injuries", "first_day")
    groups = ("by_station", "by_kind", "by_channel", "by_found", "by_severity", "by_issue", "by_tag")
    cells = {f"{int(codes.cells[index]):x}": int(count) for index, count in enumerate(found.by_cell) if count}
    hours = {
        (found.first_day + timedelta(days=int(day)), int(hour)): int(found.by_day_hour[day, hour])
        for day, hour in zip(*found.by_day_hour.nonzero(), strict=True)
    }
    plain_ones = {name: getattr(found, name) for name in names}
    return {**plain_ones, **{name: dict(getattr(found, name)) for name in groups}, "cells": cells, "hours": hours}


def check(connection: Connection, wanted: Filter, span: Span, scope: Scope) -> None:
    everything = connection.execute(select(t.incident)).mappings().all()
    seen = [row for row in everything if visible(row, scope) and span.start <= row["occurred_at"] < span.end]
    kept = [row for row in seen if plain.passes(row, wanted, DISTRICTS, KINDS_OF_DAY)]
    asked = frames(connection, span, scope, places=wanted.needs_places)
    assert told(tally(asked, span, wanted, DISTRICTS, BY_NUMBER), asked.codes) == plain.sums(kept, span)
    positions = [chosen(part, asked.codes, wanted, DISTRICTS, BY_NUMBER) for part in asked.parts]
    assert sum(map(len, positions)) == len(kept)
    newest = sorted(kept, key=lambda row: (row["occurred_at"], row["incident_id"]), reverse=True)
    refs, total = pick(asked, wanted, DISTRICTS, BY_NUMBER, page=2, size=3)
    assert total == len(kept)
    columns, rows = rows_of(connection, refs, scope)
    assert rows == tuple(tuple(row[name] for name in columns) for row in newest[3:6])


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(story=generations, asked=questions)
def test_a_tally_is_the_group_by_of_the_rows(engine: Engine, story: list[Any], asked: list[Any]) -> None:
    with writing(engine) as connection:
        for table in (t.incident, t.incident_pack, t.rollup_span, t.rollup_todo, t.refresh_mark, t.station):
            connection.execute(delete(table))
        for code, owner in DISTRICTS.items():
            make.make_station(connection, code, district_code=owner)
    for number, generation in enumerate(story):
        now = BEGIN + timedelta(minutes=number)
        write(engine, generation, now)
        refresh(engine, NO_TASKS, now + timedelta(seconds=30), reconcile=True)
        with reading(engine) as connection:
            for wanted, span, scope in asked:
                check(connection, wanted, span, scope)
    with writing(engine) as connection:
        assert rebuild_packs(connection, FIRST, FIRST + timedelta(days=DAYS)) == 0
