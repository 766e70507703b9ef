"""Frozen days: written once, complete, never altered by later data."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select, update

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.readers import history
from data_access.refresh import refresh
from domain.access import command, district, nobody, station
from domain.board import Board
from domain.colour import Colour
from domain.errors import BadRequest
from domain.periods import end_of_day
from services.board import board
from services.closing import backfill, close_day, days_due, frozen_board, thawed
from tests import factories as make
from tests.factories import NOW

CATALOGUE = load_catalogue()
DAY = timedelta(days=1)
CLOSED = (NOW - DAY).date()


@pytest.fixture
def town(engine: Engine) -> Engine:
    """Two stations of two districts with some rows of yesterday; rolled up."""
    for code, where in (("S1", "D1"), ("S2", "D2")):
        make.make_district(engine, where)
        make.make_station(engine, code, district_code=where)
    for name in sorted({task.feed for task in CATALOGUE.tasks} - {"terminal"}):
        make.make_feed(engine, name, first_row_at=NOW - 800 * DAY)
    for hour in range(8, 18):
        at = datetime.combine(CLOSED, time(hour))
        make.make_order(engine, at=at)
        make.make_order(engine, "S2", at=at, signed_at=at + timedelta(minutes=hour - 10))
        make.make_record(engine, at=at)
        make.make_sample(engine, "S2", at=at)
        make.make_incident(engine, at=at)
    make.make_work_order(engine, at=NOW - 9 * DAY)
    make.make_risk_code(engine, "S2", since=NOW - 60 * DAY, subject_kind="village")
    make.make_target(engine, "S1", "T3-01", 12, 11)
    refresh(engine, CATALOGUE, NOW)
    return engine


def thaw(engine: Engine, day: date = CLOSED) -> Board:
    with reading(engine) as connection:
        found = thawed(connection, CATALOGUE, command(), day)
    assert found
    return found


def test_a_frozen_board_is_the_board_that_was_judged(town: Engine) -> None:
    judged = board(town, CATALOGUE, command(), end_of_day(CLOSED))
    assert {line.overall.colour for line in judged.lines} != {Colour.GREY}
    written = close_day(town, CATALOGUE, CLOSED, NOW)
    assert written == 2 * (1 + len(CATALOGUE.themes) + len(CATALOGUE.active))
    found = thaw(town)
    assert found.frozen
    assert found.lines == judged.lines
    assert (found.as_of, found.rule_version) == (judged.as_of, judged.rule_version)


def test_later_data_and_rules_do_not_alter_it(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED, NOW)
    before = thaw(town)
    with writing(town) as connection:
        connection.execute(update(t.dispatch_order).values(signed_at=None, updated_at=NOW))
        connection.execute(update(t.task_target).values(blue=99, updated_at=NOW))
    refresh(town, CATALOGUE, NOW + timedelta(minutes=1), full=True)
    fewer = replace(CATALOGUE, tasks=CATALOGUE.tasks[3:], version="other")
    with reading(town) as connection:
        found = thawed(connection, fewer, command(), CLOSED)
    assert found
    assert found.rule_version == CATALOGUE.version
    for line, old in zip(found.lines, before.lines, strict=True):
        assert line.overall == old.overall
        assert {cell.task: cell for cell in line.cells} == {cell.task: cell for cell in old.cells}
    assert board(town, CATALOGUE, command(), end_of_day(CLOSED)).lines != before.lines


def test_a_day_is_frozen_only_once(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED, NOW)
    with pytest.raises(BadRequest, match="day_frozen"):
        close_day(town, CATALOGUE, CLOSED, NOW)


def test_freezing_again_needs_an_actor_and_is_written_to_the_audit_log(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED, NOW)
    with writing(town) as connection:
        connection.execute(update(t.dispatch_order).values(signed_at=None, updated_at=NOW))
    refresh(town, CATALOGUE, NOW + timedelta(minutes=1))
    with pytest.raises(BadRequest, match="actor_missing"):
        close_day(town, CATALOGUE, CLOSED, NOW, again=True)
    before = thaw(town)
    for actor in ("Li", "Wang"):
        close_day(town, CATALOGUE, CLOSED, NOW + timedelta(minutes=2), again=True, actor=actor)
    assert thaw(town).lines != before.lines
    with town.connect() as connection:
        entries = connection.execute(select(t.audit_entry)).all()
    assert {(entry.actor, entry.action, entry.subject) for entry in entries} == {
        ("Li", "freeze_again", CLOSED.isoformat()),
        ("Wang", "freeze_again", CLOSED.isoformat()),
    }
    assert {entry.previous_hash for entry in entries if entry.previous_hash} < {entry.entry_hash for entry in entries}


def test_a_day_that_is_not_over_cannot_be_frozen(town: Engine) -> None:
    with pytest.raises(BadRequest, match="day_not_over"):
        close_day(town, CATALOGUE, NOW.date(), NOW)


def test_a_day_the_rollups_do_not_know_cannot_be_frozen(town: Engine) -> None:
    with pytest.raises(BadRequest, match="rollups_behind"):
        close_day(town, CATALOGUE, NOW.date(), NOW + DAY)


def test_two_at_once_freeze_it_once(town: Engine) -> None:
    def freeze(_: int) -> int:
        try:
            return close_day(town, CATALOGUE, CLOSED, NOW)
        except BadRequest:
            return 0

    with ThreadPoolExecutor(3) as pool:
        written = list(pool.map(freeze, range(3)))
    assert sorted(written)[:2] == [0, 0]
    assert len(thaw(town).lines) == 2


def test_backfill_freezes_what_is_over_and_missing(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED - DAY, NOW)
    assert backfill(town, CATALOGUE, CLOSED - 4 * DAY, NOW.date() + 5 * DAY, NOW) == 4
    assert backfill(town, CATALOGUE, CLOSED - 4 * DAY, CLOSED, NOW) == 0
    assert backfill(town, CATALOGUE, NOW.date(), CLOSED, NOW) == 0


@pytest.mark.parametrize(
    ("clock", "newest", "due"),
    [
        (time(7, 59, 59), None, [-2]),
        (time(8), None, [-1]),
        (time(8), -4, [-3, -2, -1]),
        (time(7), -2, []),
        (time(9), -1, []),
    ],
)
def test_days_are_due_at_eight_of_the_next(town: Engine, clock: time, newest: int | None, due: list[int]) -> None:
    if newest is not None:
        close_day(town, CATALOGUE, NOW.date() + newest * DAY, NOW)
    found = days_due(town, datetime.combine(NOW.date(), clock))
    assert list(found) == [NOW.date() + back * DAY for back in due]


def test_colours_of_the_past_by_scope(town: Engine) -> None:
    backfill(town, CATALOGUE, CLOSED - DAY, CLOSED, NOW)
    with reading(town) as connection:
        every = history.colours(connection, command(), CLOSED - 5 * DAY, CLOSED)
        assert {code: [one.day for one in days] for code, days in every.items()} == {
            "S1": [CLOSED - DAY, CLOSED],
            "S2": [CLOSED - DAY, CLOSED],
        }
        lines = {line.unit.code: line for line in thaw(town).lines}
        assert every["S1"][1].colour is lines["S1"].overall.colour
        assert every["S1"][1].score == lines["S1"].overall.score
        assert set(history.colours(connection, station("S2"), CLOSED, CLOSED)) == {"S2"}
        assert set(history.colours(connection, district("D1"), CLOSED, CLOSED)) == {"S1"}
        assert set(history.colours(connection, command(), CLOSED, CLOSED, stations=["S2"])) == {"S2"}
        assert history.colours(connection, nobody(), CLOSED, CLOSED) == {}
        cells = history.colours(connection, command(), CLOSED, CLOSED, subject="T1-01")
        assert {code: days[0].colour for code, days in cells.items()} == {"S1": Colour.BLUE, "S2": Colour.RED}
        assert history.frozen_board(connection, nobody(), CLOSED) == ()


def test_only_the_last_second_of_a_frozen_day_is_answered_from_it(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED, NOW)
    view = frozen_board(town, CATALOGUE, station("S1"), end_of_day(CLOSED))
    assert view
    assert [line.unit.code for line in view.board.lines] == ["S1"]
    assert [strip.days[-1].day for strip in view.strips] == [CLOSED]
    assert frozen_board(town, CATALOGUE, command(), end_of_day(CLOSED) - timedelta(seconds=1)) is None
    assert frozen_board(town, CATALOGUE, command(), end_of_day(CLOSED - DAY)) is None


def test_a_station_that_was_closed_down_keeps_its_past(town: Engine) -> None:
    close_day(town, CATALOGUE, CLOSED, NOW)
    with writing(town) as connection:
        connection.execute(update(t.station).where(t.station.c.code == "S1").values(is_active=0))
    assert [line.unit.name for line in thaw(town).lines] == ["S2", "S1"]
