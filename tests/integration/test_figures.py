"""Figures per day and station in memory: whose they are, and that they follow the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, delete

from catalogue.compare_loader import load_compare_rules
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.packs import rebuild_packs, sums
from data_access.readers.figures import figure_days, figure_part, warm_figures
from domain.access import Scope, command, district, nobody, station
from domain.figure_days import FigureDays
from domain.span import Span
from services.ledger import ledger
from tests import factories as make

RULES = load_compare_rules()
FIRST, LAST, NOW = date(2024, 4, 1), date(2024, 4, 30), datetime(2024, 5, 1, 13)
"""The begun day is the first one of its month."""


@pytest.fixture(autouse=True)
def own_cubes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All tests on PostgreSQL share one database; a process reads one that nobody empties."""
    monkeypatch.setattr(sums, "_CUBES", {})
    yield


def filled(engine: Engine) -> None:
    """Accidents of S1, an order of S2 that lies in another district, one of no station; today an asking at S3."""
    for code, owner in (("S1", "D1"), ("S2", "D2"), ("S3", "D1")):
        make.make_station(engine, code, district_code=owner)
    at = datetime(2024, 4, 10, 8)
    make.make_incident(engine, "S1", at, subclass="rear_end")
    make.make_incident(engine, "S1", at + timedelta(days=1), subclass="rear_end", is_valid=0)
    make.make_incident(engine, "S2", at, class_code="order", subclass="parking")
    make.make_incident(engine, "", at, station_code=None, class_code="order", subclass="congestion")
    make.make_incident(engine, "S3", NOW - timedelta(hours=2), class_code="other", subclass="asking")
    make.make_incident(engine, "S3", NOW + timedelta(hours=2), class_code="other", subclass="praise")
    packed(engine)


def packed(engine: Engine) -> None:
    with writing(engine) as connection:
        rebuild_packs(connection, FIRST, NOW.date())


def days(engine: Engine, scope: Scope) -> FigureDays:
    with reading(engine) as connection:
        return figure_days(connection, RULES, FIRST, LAST, scope)


def part(engine: Engine, scope: Scope) -> FigureDays:
    with reading(engine) as connection:
        return figure_part(connection, RULES, NOW, scope)


def warmed(engine: Engine, scope: Scope) -> tuple[int, int]:
    with reading(engine) as connection:
        return warm_figures(connection, RULES, (FIRST, LAST), scope, seconds=9, clock=lambda: 0.0)


ACCIDENT, ORDER, LOST = ("accident", "rear_end"), ("order", "parking"), ("order", "congestion")
SCOPES = [
    (command(), {"S1", "S2", ""}, {ACCIDENT, ORDER, LOST}),
    (district("D1"), {"S1"}, {ACCIDENT}),
    (station("S2"), {"S2"}, {ORDER}),
    (station("S3"), set(), set()),
    (station("S7"), set(), set()),
    (nobody(), set(), set()),
]


@pytest.mark.parametrize(("scope", "stations", "kinds"), SCOPES)
def test_a_viewer_knows_the_stations_and_kinds_of_own_incidents_only(
    engine: Engine, scope: Scope, stations: set[str], kinds: set[tuple[str, str]]
) -> None:
    filled(engine)
    assert days(engine, command()).stations, "others have asked before"
    found = days(engine, scope)
    assert (set(found.stations), set(found.kinds)) == (stations, kinds)
    traffic = found.values[:, :, RULES.column["traffic"]]
    assert (traffic.shape[0], int(traffic.sum())) == (30, len(stations))


def test_of_a_begun_day_a_viewer_knows_own_incidents_up_to_then(engine: Engine) -> None:
    filled(engine)
    for scope in (command(), district("D1"), station("S3")):
        found = part(engine, scope)
        assert (found.stations, found.kinds, found.days) == (("S3",), (("other", "asking"),), 1)
    for scope in (station("S1"), district("D2"), nobody()):
        found = part(engine, scope)
        assert (found.stations, found.kinds, found.values.size) == ((), (), 0)


@pytest.mark.parametrize("scope", [nobody(), station("S7"), district("D7")])
def test_to_whom_nothing_is_visible_a_full_database_answers_as_an_empty_one(engine: Engine, scope: Scope) -> None:
    empty = days(engine, command()), part(engine, command()), warmed(engine, command())
    filled(engine)
    days(engine, command())
    assert (days(engine, scope), part(engine, scope), warmed(engine, scope)) == empty
    assert days(engine, command()) != empty[0] and part(engine, command()) != empty[1]
    assert warmed(engine, command()) != empty[2]


def test_a_station_and_a_kind_first_seen_today_count_in_a_period_that_ends_today(engine: Engine) -> None:
    filled(engine)
    span = Span(datetime(NOW.year, NOW.month, 1), NOW)
    for scope in (command(), station("S3")):
        with reading(engine) as connection:
            found = ledger(connection, RULES, scope, FIRST, [span])
        (row,) = found.days.at(["S3"])
        kind = found.days.figures + found.days.kinds.index(("other", "asking"))
        counted = found.sums(span)
        assert counted[row, RULES.column["traffic"]] == counted[row, kind] == 1


def test_a_month_that_loses_all_its_incidents_is_forgotten(engine: Engine) -> None:
    filled(engine)
    assert days(engine, command()).values.any()
    with writing(engine) as connection:
        connection.execute(delete(t.incident).where(t.incident.c.occurred_at < datetime(2024, 5, 1)))
    packed(engine)
    assert days(engine, command()) == FigureDays(FIRST, (), (), len(RULES.figures), _nothing(30))


def _nothing(length: int) -> np.ndarray:
    return np.zeros((length, 0, len(RULES.figures)), dtype=np.int64)
