"""Packs in memory: what is read again, what is forgotten, and that nobody sees half a day."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, delete, func, select, update

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.packs import layout, rebuild_packs
from data_access.packs.build import severity_of, words_of
from data_access.packs.coding import Names, Numbers
from data_access.packs.store import Store, by_month, stamps_of
from data_access.readers import incidents as reader
from data_access.readers.incidents import frames, options, progress, rows_of, shapes, warm
from data_access.refresh import refresh
from domain.access import command, district, nobody, station
from domain.incident_filter import SEVERITIES, Circle, Filter
from domain.incidents import Frames, day_number
from domain.span import Span
from domain.tally import chosen, pick, tally
from tests import factories as make
from tests.factories import NOW

CATALOGUE = load_catalogue()
DAY = timedelta(days=1)
FEBRUARY, MAY = datetime(2024, 2, 10, 8), datetime(2024, 5, 6, 8)
SPAN = Span(datetime(2024, 1, 1), datetime(2024, 5, 8))
FIRST, LAST = date(2024, 1, 1), date(2024, 5, 8)


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of the test's own: all tests on PostgreSQL share one database."""
    store = Store()
    monkeypatch.setattr(reader, "store_of", lambda _: store)
    yield store


def packed(engine: Engine) -> int:
    with writing(engine) as connection:
        return rebuild_packs(connection, FIRST, LAST)


def seen(engine: Engine, **options: bool) -> Frames:
    with reading(engine) as connection:
        return frames(connection, SPAN, command(), **options)


def count(engine: Engine) -> int:
    asked = seen(engine)
    return tally(asked, SPAN, Filter(valid="all"), {}, {}).total


def test_packs_are_made_by_the_refresh_and_only_when_a_day_changes(engine: Engine) -> None:
    make.make_incident(engine, at=MAY)
    make.make_incident(engine, at=NOW, is_valid=0)
    refresh(engine, CATALOGUE, NOW)
    with engine.connect() as connection:
        first = stamps_of(connection, FIRST, LAST)
    assert sorted(first) == [MAY.date(), NOW.date()]
    make.make_incident(engine, at=MAY + timedelta(hours=1), updated_at=NOW)
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=1))
    with engine.connect() as connection:
        second = stamps_of(connection, FIRST, LAST)
    assert second[MAY.date()] != first[MAY.date()]
    assert second[NOW.date()] == first[NOW.date()]


def test_a_database_from_before_the_packs_is_packed_by_the_next_refresh(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_incident(engine, at=FEBRUARY, updated_at=FEBRUARY)
    with monkeypatch.context() as before:
        before.setattr("data_access.rollups.incidents.rebuild_packs", lambda *_: 0)
        before.setattr("data_access.rollups.marks._PACKS_VERSION", "0")
        refresh(engine, CATALOGUE, NOW)
    assert count(engine) == 0
    report = refresh(engine, CATALOGUE, NOW + timedelta(hours=1))
    assert report.redefined == ("incident",)
    assert count(engine) == 1


def test_a_day_without_rows_has_no_pack(engine: Engine) -> None:
    row = make.make_incident(engine, at=MAY)
    assert packed(engine) == 1
    with writing(engine) as connection:
        connection.execute(delete(t.incident).where(t.incident.c.incident_id == row["incident_id"]))
    assert packed(engine) == 1
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(t.incident_pack)).scalar() == 0


def test_a_changed_day_is_seen_at_once(engine: Engine) -> None:
    row = make.make_incident(engine, at=MAY)
    make.make_incident(engine, at=MAY - DAY)
    packed(engine)
    assert count(engine) == 2
    make.make_incident(engine, at=MAY)
    packed(engine)
    assert count(engine) == 3
    with writing(engine) as connection:
        mine = t.incident.c.incident_id == row["incident_id"]
        connection.execute(update(t.incident).where(mine).values(occurred_at=FEBRUARY))
    packed(engine)
    by_day = tally(seen(engine), SPAN, Filter(), {}, {}).by_day_hour.sum(axis=1)
    assert {int(day) for day in by_day.nonzero()[0]} == {(at.date() - FIRST).days for at in (FEBRUARY, MAY, MAY - DAY)}


def test_only_changed_days_are_read_again(engine: Engine, own_store: Store) -> None:
    for back in range(3):
        make.make_incident(engine, at=MAY - back * DAY)
    packed(engine)
    first = seen(engine).parts[-1]
    assert seen(engine).parts[-1] is not None
    with reading(engine) as connection:
        stamps = stamps_of(connection, FIRST, LAST)
    assert own_store.ready(stamps) == len(stamps) == 3
    make.make_incident(engine, at=MAY)
    packed(engine)
    with reading(engine) as connection:
        assert own_store.ready(stamps_of(connection, FIRST, LAST)) == 2
    assert len(seen(engine).parts[-1]) == len(first) + 1


def test_coordinates_come_when_asked_for_and_stay(engine: Engine) -> None:
    make.make_incident(engine, at=MAY, lng=120.2, lat=30.1)
    packed(engine)
    assert seen(engine).parts[0].lng is None
    with_places = seen(engine, places=True).parts[0]
    assert (with_places.lng.tolist(), with_places.lat.tolist()) == ([120_200_000], [30_100_000])
    make.make_incident(engine, at=MAY + timedelta(hours=1), lng=121, lat=31)
    packed(engine)
    assert seen(engine, places=True).parts[0].lng.tolist() == [120_200_000, 121_000_000]


def test_numbers_keep_their_meaning_when_more_is_loaded(engine: Engine) -> None:
    make.make_incident(engine, "S1", MAY, class_code="order", tags=",b,", lng=120.2, lat=30.1)
    packed(engine)
    before = seen(engine).codes
    make.make_incident(engine, "S0", FEBRUARY, subclass="aaa", channel="app", tags=",a,", lng=110.0, lat=20.0)
    packed(engine)
    after = seen(engine).codes
    for name in ("stations", "kinds", "channels", "grids", "tags", "cells"):
        old, new = getattr(before, name), getattr(after, name)
        assert list(new[: len(old)]) == list(old)
    assert len(after.stations) == 2


def test_memory_is_limited_and_the_least_used_month_goes_first(engine: Engine, own_store: Store) -> None:
    for at in (FEBRUARY, FEBRUARY + 30 * DAY, MAY):
        for _ in range(20):
            make.make_incident(engine, at=at)
    packed(engine)
    assert count(engine) == 60
    whole = own_store.size
    own_store.limit_to(whole - 1)
    with reading(engine) as connection:
        stamps = stamps_of(connection, FIRST, LAST)
        assert own_store.ready(stamps) == 2
        february = by_month(stamps.items())[2024, 2]
        assert own_store.ready(february) == 0
    assert count(engine) == 60
    assert own_store.size < whole
    own_store.limit_to(0)
    assert count(engine) == 60


def test_threads_share_a_store(engine: Engine) -> None:
    for hour in range(24):
        make.make_incident(engine, f"S{hour % 3}", MAY.replace(hour=hour), lng=120 + hour / 50, lat=30.1)
        make.make_incident(engine, "S1", FEBRUARY.replace(hour=hour))
    packed(engine)
    with ThreadPoolExecutor(6) as pool:
        asked = list(pool.map(lambda number: seen(engine, places=number % 2 == 0), range(24)))
    for one in asked:
        found = tally(one, SPAN, Filter(), {}, {})
        assert (found.total, found.placed) == (48, 24)
        assert found.by_station == {"S0": 8, "S1": 32, "S2": 8}


def test_readers_while_a_day_is_rewritten_see_the_old_or_the_new_day(engine: Engine) -> None:
    """Rows of a day always agree in one tag; a mixture would show two."""
    for _ in range(5):
        make.make_incident(engine, at=MAY, tags=",round0,", lng=120.0, lat=30.0)
    packed(engine)

    def rewrite(number: int) -> None:
        with writing(engine) as connection:
            connection.execute(update(t.incident).values(tags=f",round{number},", lng=120.0 + number))
            rebuild_packs(connection, FIRST, LAST)

    def look(_: int) -> tuple[int, int]:
        part = seen(engine, places=True).parts[0]
        return len(np.unique(part.tags)), len(np.unique(part.lng))

    with ThreadPoolExecutor(3) as pool:
        writer = pool.submit(lambda: [rewrite(number) for number in range(1, 12)])
        looks = list(pool.map(look, range(40)))
        writer.result()
    assert set(looks) == {(1, 1)}
    assert seen(engine, places=True).parts[0].lng.tolist() == [131_000_000] * 5


def test_progress_and_warming(engine: Engine) -> None:
    for at in (FEBRUARY, FEBRUARY + 30 * DAY, MAY):
        make.make_incident(engine, at=at)
    make.make_station(engine, "S1")
    packed(engine)
    ticks = iter(range(100))
    with reading(engine) as connection:
        assert progress(connection, SPAN, command()) == (0, 3)
        assert warm(connection, SPAN, command(), 0, lambda: next(ticks)) == (1, 3)
        assert warm(connection, SPAN, command(), 0, lambda: next(ticks)) == (2, 3)
        assert warm(connection, SPAN, station("S1"), 60, time.monotonic) == (3, 3)
        assert progress(connection, SPAN, command()) == (3, 3)
        assert progress(connection, SPAN, nobody()) == warm(connection, SPAN, nobody(), 9, time.monotonic) == (0, 0)


def test_warming_ends_when_the_memory_is_too_small(engine: Engine, own_store: Store) -> None:
    own_store.limit_to(0)
    for at in (FEBRUARY, MAY):
        make.make_incident(engine, at=at)
    packed(engine)
    with reading(engine) as connection:
        found = [warm(connection, SPAN, command(), 60, time.monotonic) for _ in range(2)]
    assert found[-1] == (2, 2)


def test_a_viewer_sees_the_incidents_of_own_stations(engine: Engine) -> None:
    make.make_station(engine, "S1", district_code="D1")
    make.make_station(engine, "S2", district_code="D2")
    for code in ("S1", "S2", "S2", None):
        make.make_incident(engine, code, MAY)
    packed(engine)
    with reading(engine) as connection:
        sizes = [len(frames(connection, SPAN, one)) for one in (command(), station("S1"), district("D2"), nobody())]
        assert sizes == [4, 1, 2, 0]
        refs, _ = pick(frames(connection, SPAN, command()), Filter(), {}, {}, page=1, size=9)
        stations = {row[2] for row in rows_of(connection, refs, station("S1"))[1]}
    assert stations == {"S1"}


def test_rows_that_are_gone_and_absurd_references_are_left_out(engine: Engine) -> None:
    row = make.make_incident(engine, at=MAY)
    packed(engine)
    here = day_number(MAY.date())
    with reading(engine) as connection:
        columns, found = rows_of(connection, [(here, 0), (here, 7), (here, -1), (1, 0)], command())
    assert [one[0] for one in found] == [row["incident_id"]]
    assert not {"caller_name", "caller_phone"} & set(columns)


def test_options_are_what_occurs(engine: Engine) -> None:
    make.make_station(engine, "S1")
    for code in ("S1", "S2"):
        make.add(engine, t.duty_grid, code=f"{code}-01", station_code=code, name=None, updated_at=NOW)
    make.make_incident(engine, at=MAY, channel="app", tags="works;night", subclass=None)
    long = [make.make_incident(engine, at=FEBRUARY, subclass=f"{number:060d}") for number in range(80)]
    packed(engine)
    with reading(engine) as connection:
        found = options(connection, station("S1"))
        assert options(connection, station("S1")) == found
    assert found.channels == ("app",)
    assert found.tags == ("night", "works")
    assert set(found.kinds) == {("accident", ""), *(("accident", row["subclass"]) for row in long)}
    assert found.grids == (("S1-01", "S1-01", "S1"),)
    assert [unit.code for unit in found.units] == ["S1"]


def test_outlines_are_those_of_the_scope_and_the_background_is_for_all(engine: Engine) -> None:
    make.make_station(engine, "S1", district_code="D1")
    make.make_station(engine, "S2", district_code="D2")
    for code in ("S1", "S2"):
        make.add(engine, t.duty_grid, code=f"{code}-01", station_code=code, name="G", updated_at=NOW)
    subjects = {"city": ["C"], "district": ["D1", "D2"], "station": ["S1", "S2"], "duty_grid": ["S1-01", "S2-01"]}
    for kind, codes in {**subjects, "background": ["road", "road"]}.items():
        for number, code in enumerate(codes):
            names = {"code": f"{kind}-{number}", "subject_kind": kind, "subject_code": code}
            make.add(engine, t.boundary, **names, geojson="{}", is_sketch=1, updated_at=NOW)
    kinds = (*subjects, "background")
    with reading(engine) as connection:
        all_of = {kind: len(shapes(connection, kind, command())) for kind in kinds}
        mine = {kind: [one.code for one in shapes(connection, kind, station("S1"))] for kind in kinds}
        none = [shapes(connection, kind, nobody()) for kind in kinds]
    assert all_of == {"city": 1, "district": 2, "station": 2, "duty_grid": 2, "background": 2}
    assert mine["background"] == ["road", "road"]
    assert [mine[kind] for kind in subjects] == [["C"], ["D1"], ["S1"], ["S1-01"]]
    assert none == [()] * 5


def test_a_circle_needs_coordinates(engine: Engine) -> None:
    make.make_incident(engine, at=MAY)
    packed(engine)
    asked, wanted = seen(engine), Filter(near=Circle(120, 30, 100))
    with pytest.raises(ValueError, match="coordinates"):
        chosen(asked.parts[0], asked.codes, wanted, {}, {})


def test_more_names_than_numbers_are_counted_together() -> None:
    names: Names[str] = Names("other", 4)
    assert names.numbers(["a", "b", "c", "d", "e", "b"]).tolist() == [0, 1, 2, 3, 3, 1]
    assert names.known() == ("a", "b", "c", "other")


def test_numbers_are_found_by_value_and_never_move() -> None:
    numbers = Numbers()
    first = np.array([50, 10, 30, 10], dtype=np.uint64)
    found = numbers.numbers(first)
    assert numbers.known[found].tolist() == first.tolist()
    before = numbers.known.tolist()
    more = np.array([2**64 - 1, 20, 0, 50], dtype=np.uint64)
    found = numbers.numbers(more)
    assert numbers.known[found].tolist() == more.tolist()
    assert numbers.known[: len(before)].tolist() == before


def test_bytes_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="not a pack"):
        layout.read_facts(b"something else")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("minor", 1, 0, 0, "accident"), "minor"),
        (("一般", 1, 1, 1, "accident"), "fatal"),
        ((None, 0, 1, 1, "accident"), "serious"),
        ((None, None, None, 2, "order"), "minor"),
        ((None, 0, 0, 0, "accident"), "property"),
        ((None, 0, 0, 0, "order"), "none"),
    ],
)
def test_severity(given: tuple, wanted: str) -> None:
    assert SEVERITIES[severity_of(*given)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("", []), (",night,works,", ["night", "works"]), ("works; a,a", ["a", "works"])]
)
def test_tags_of_a_text(text: str, wanted: list[str]) -> None:
    assert words_of(text) == wanted
