"""Whatever the rows are and whatever happened to them: the map's sums are the group-by of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
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

CHOICES: dict[str, list[Any]] = {
    "station_code": ["S1", "S1", "S2", "S3", "S9", None],
    "grid_code": ["G1", "G2", None],
    "class_code": ["accident", "accident", "order", None],
    "subclass": ["congestion", "other", None],
    "channel": ["phone", "app", None],
    "found_by": ["citizen", "officer", None],
    "is_valid": [1, 1, 0],
    "repeat_of": [None, None, "I0"],
    "severity": [None, None, "none", "minor", "fatal", "一般"],
    "deaths": [0, 0, 1],
    "injuries": [0, 0, 3],
    "serious_injuries": [0, 0, 1],
    "tags": [None, "", ",night,", ",works,night,", "works;site_gate"],
    "cell": [None, None, "c1", CELL, h3.cell_to_parent(CELL, 7), "8931", "不"],
    "place_issue": [None, None, None, None, None, "outside", "missing", "impossible"],
}
ODD_PLACES = [(None, None), (None, LAT), (0.0, 0.0), (LNG, 95.0), (-200.0, LAT), (1e300, 1e300)]
CIRCLES = [Circle(lng, lat, m) for lng in (LNG, LNG + 0.001) for lat in (LAT, LAT - 0.001) for m in (1, 50, 250, 1000)]
FILTERS: dict[str, list[Any]] = {
    "classes": ["accident", "order", "nothing"],
    "subclasses": ["congestion", "other"],
    "channels": ["phone", "app", "pigeon"],
    "severities": list(SEVERITIES),
    "tags": ["night", "works", "absent"],
    "districts": ["D1", "D2", "D9"],
    "stations": ["S1", "S3", "S9"],
    "grids": ["G1", "G2"],
    "hours": [0, 1, 12, 23],
    "weekdays": list(range(7)),
    "day_kinds": list(DAY_KINDS),
}
ONE_OF: dict[str, list[Any]] = {
    "found": ["citizen", "officer", "unknown", "others"],
    "valid": ["no", "all", "yes"],
    "repeat": ["first", "repeat"],
    "placed": ["yes", "no"],
    "cell": list(CELLS),
    "near": CIRCLES,
}
SCOPES = (command(), command(), station("S1"), district("D1"), station("S9"))


def a_row(rng: Random) -> dict[str, Any]:
    """Everything that a map looks at; few values, so that they meet."""
    near = LNG + rng.choice(STEPS), LAT + rng.choice(STEPS)
    lng, lat = near if rng.random() < 0.8 else rng.choice(ODD_PLACES)
    minute, second = rng.choice([0, 59, 60, 61, 719, 720, 1439]), rng.choice([0, 0, 30, 59])
    at = datetime.combine(FIRST, time.min) + timedelta(days=rng.randrange(DAYS), minutes=minute, seconds=second)
    values = {name: rng.choice(choices) for name, choices in CHOICES.items()}
    return {**values, "occurred_at": at, "lng": lng, "lat": lat}


def a_filter(rng: Random, names: list[str]) -> Filter:
    """Narrows by these fields, and counts invalid incidents too unless it is told not to."""
    given: dict[str, Any] = {"valid": "all"}
    for name in names:
        many = FILTERS.get(name)
        given[name] = tuple(rng.sample(many, rng.randrange(1, 3))) if many else rng.choice(ONE_OF[name])
    return Filter(**given)


def questions(rng: Random) -> Iterator[tuple[Filter, Span, Scope]]:
    """Every field alone, twenty times several of them, and none; over all days and over a part."""
    names = [*FILTERS, *ONE_OF]
    whole, start = Span(datetime(2024, 1, 29), datetime(2024, 2, 7)), datetime(2024, 1, 29)
    several = [rng.sample(names, rng.randrange(2, 5)) for _ in range(20)]
    for number, fields in enumerate([[], *([name] for name in names), *several]):
        one, other = sorted(rng.sample(range(DAYS * 24 * 60), 2))
        part = Span(start + timedelta(minutes=one), start + timedelta(minutes=other))
        yield a_filter(rng, fields), part if number % 3 == 0 else whole, rng.choice(SCOPES)


def write(engine: Engine, rng: Random, now: datetime) -> None:
    """Put, change and drop some of a hundred rows."""
    with writing(engine) as connection:
        for number in rng.sample(range(100), 60):
            key = f"K{number:02d}"
            connection.execute(delete(t.incident).where(t.incident.c.incident_id == key))
            if rng.random() < 0.8:
                connection.execute(t.incident.insert().values(incident_id=key, updated_at=now, **a_row(rng)))


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


def check(connection: Connection, rows: Sequence[Any], wanted: Filter, span: Span, scope: Scope) -> int:
    """All that can be asked about one filter; how many incidents passed it."""
    seen = [row for row in rows if visible(row, scope) and span.start <= row["occurred_at"] < span.end]
    kept = [row for row in seen if plain.passes(row, wanted, DISTRICTS, KINDS_OF_DAY)]
    asked = frames(connection, span, scope, places=wanted.needs_places)
    assert told(tally(asked, span, wanted, DISTRICTS, BY_NUMBER), asked.codes) == plain.sums(kept, span)
    positions = [chosen(part, asked.codes, wanted, DISTRICTS, BY_NUMBER) for part in asked.parts]
    assert sum(map(len, positions)) == len(kept)
    newest = sorted(kept, key=lambda row: (row["occurred_at"], row["incident_id"]), reverse=True)
    refs, total = pick(asked, wanted, DISTRICTS, BY_NUMBER, page=2, size=3)
    assert total == len(kept)
    columns, found = rows_of(connection, refs, scope)
    derived = [{**row, "severity": plain.severity(row)} for row in newest[3:6]]
    derived = [row | {"severity": None} if row["severity"] == "none" else row for row in derived]
    assert found == tuple(tuple(row[name] for name in columns) for row in derived)
    return len(kept)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**9))
def test_a_tally_is_the_group_by_of_the_rows(engine: Engine, seed: int) -> None:
    rng = Random(seed)
    with writing(engine) as connection:
        for table in (t.incident, t.incident_pack, t.rollup_span, t.rollup_todo, t.refresh_mark, t.station):
            connection.execute(delete(table))
        for code, owner in DISTRICTS.items():
            make.make_station(connection, code, district_code=owner)
    for number in range(3):
        now, passed = BEGIN + timedelta(minutes=number), 0
        write(engine, rng, now)
        refresh(engine, NO_TASKS, now + timedelta(seconds=30), reconcile=True)
        with reading(engine) as connection:
            rows = connection.execute(select(t.incident)).mappings().all()
            for question in questions(rng):
                passed += check(connection, rows, *question)
        assert passed, "no filter let anything through"
    with writing(engine) as connection:
        assert rebuild_packs(connection, FIRST, FIRST + timedelta(days=DAYS)) == 0
