"""Duty advice from rows of both databases: what it counts, to whom it is shown, what it says when there is little."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import h3
import pytest
from sqlalchemy import Engine

from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from data_access.engine import reading, writing
from data_access.packs.build import rebuild_packs
from domain.access import Scope, command, district, station
from domain.duty_view import DutyAsked, DutyLine
from domain.errors import NotFound
from domain.placename import PlaceName
from domain.tally import pick
from services.duty import duty_index, duty_view
from services.ground import Ground, looker
from tests import factories as make

NOW = datetime(2024, 5, 7, 13)
TODAY = datetime(2024, 5, 7)
BUSY, QUIET = (120.5, 30.0), (120.6, 30.1)
RULES = load_map_rules()


def ground(engine: Engine, calendar: str = "CN") -> Ground:
    return Ground(engine, load_catalogue(), RULES, calendar)


def fill(engine: Engine, weeks: int = 20) -> None:
    """Station S1: every day at 17 h an accident at a junction; once a week something elsewhere. S2: one incident."""
    make.make_district(engine, "D1")
    make.make_station(engine, "S1")
    make.make_station(engine, "S2", sort_no=1)
    with writing(engine) as connection:
        for ago in range(1, 7 * weeks + 1):
            day = TODAY - timedelta(days=ago)
            _at(connection, day.replace(hour=17, minute=ago % 60), BUSY, road="A路", cross_road="B路")
            if ago % 7 == 0:
                _at(connection, day.replace(hour=3), QUIET, class_code="order", subclass="parking", road="C路")
                _at(connection, day.replace(hour=9), QUIET, found_by="officer", road="C路")
                make.make_incident(connection, "S1", day.replace(hour=12), place_issue="missing")
                make.make_incident(connection, "S1", day.replace(hour=17), lng=BUSY[0], lat=BUSY[1], is_valid=0)
        make.make_incident(connection, "S2", TODAY - timedelta(hours=5), lng=120.7, lat=30.0)
        rebuild_packs(connection, (TODAY - timedelta(weeks=weeks)).date(), TODAY.date())


def _at(connection, at: datetime, place: tuple[float, float], **given: object) -> None:
    make.make_incident(connection, "S1", at, **{"lng": place[0], "lat": place[1], "found_by": "citizen", **given})


def cell_of(place: tuple[float, float]) -> str:
    return h3.latlng_to_cell(place[1], place[0], 9)


def rows_behind(engine: Engine, line: DutyLine, asked: DutyAsked, **narrow: object) -> int:
    """How many incidents the list of incidents holds for a line."""
    view = duty_view(ground(engine), command(), "S1", asked=asked, as_of=NOW)
    wanted = asked.filter("S1").with_(cell=line.cell, **narrow)
    with reading(engine) as connection:
        look = looker(connection, ground(engine), command())
        found = look.frames(view.learnt)
        return pick(found, wanted, look.districts, look.kind_numbers(view.learnt), page=1, size=1)[1]


def test_the_daily_accident_is_the_first_advice(engine: Engine) -> None:
    fill(engine)
    view = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert view.reason == ""
    first = view.lines[0]
    assert first.cell == cell_of(BUSY)
    assert (first.lng, first.lat) == pytest.approx(BUSY, abs=0.005)
    assert 17 in range(first.first_hour, first.first_hour + first.hours)
    assert first.place == PlaceName("junction", "A路", "B路")
    assert first.control == "point"
    assert first.kinds == ((("accident", "other"), 56),)
    assert (first.citizen, first.officer, first.incidents) == (56, 0, 56)
    assert (view.learnt.first_day, view.coming.first_day) == ((TODAY - timedelta(weeks=8)).date(), TODAY.date())
    assert len(view.lines) <= RULES.duty.slots


def test_the_days_are_those_of_the_calendar(engine: Engine) -> None:
    """7 to 13 May 2024: Saturday the 11th is worked in exchange for the holiday."""
    fill(engine)
    view = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert {line.kind: line.days for line in view.lines} == {"workday": 6, "weekend": 1}
    plain = duty_view(ground(engine, "none"), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert {line.kind: line.days for line in plain.lines} == {"workday": 5, "weekend": 2}
    assert view.calendar_known


def test_every_number_of_a_line_has_as_many_rows(engine: Engine) -> None:
    fill(engine)
    for asked in (DutyAsked(), DutyAsked((), True), DutyAsked(("accident",), True)):
        view = duty_view(ground(engine), command(), "S1", asked=asked, as_of=NOW)
        assert {line.cell for line in view.lines} == {cell_of(BUSY), cell_of(QUIET)}
        for line in view.lines:
            hours = tuple(range(line.first_hour, line.first_hour + line.hours))
            assert rows_behind(engine, line, asked) == line.incidents
            assert rows_behind(engine, line, asked, hours=hours, day_kinds=(line.kind,)) == line.inside


def test_officers_finds_count_only_when_asked_for(engine: Engine) -> None:
    fill(engine)
    plain = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    both = duty_view(ground(engine), command(), "S1", asked=DutyAsked((), True), as_of=NOW)
    assert (plain.counts.citizen, plain.counts.officer, plain.counts.unplaced) == (72, 8, 8)
    assert plain.counts.used == 64
    assert both.counts.used == 72
    quiet = [line for line in both.lines if line.cell == cell_of(QUIET)]
    assert all((line.citizen, line.officer, line.incidents) == (8, 8, 16) for line in quiet)


def test_a_class_narrows_and_leaves_the_others_to_choose(engine: Engine) -> None:
    fill(engine)
    orders = duty_view(ground(engine), command(), "S1", asked=DutyAsked(("order",)), as_of=NOW)
    assert (orders.reason, orders.lines) == ("few", ())
    assert orders.counts.used == 8
    assert orders.classes == ("accident", "order")
    accidents = duty_view(ground(engine), command(), "S1", asked=DutyAsked(("accident",)), as_of=NOW)
    assert accidents.counts.used == 56
    assert duty_view(ground(engine), command(), "S1", asked=DutyAsked(("x",)), as_of=NOW).reason == "none"


def test_the_back_test_finds_the_daily_accident(engine: Engine) -> None:
    fill(engine)
    view = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert len(view.weeks) == RULES.duty.tested_weeks
    assert all(week.caught >= 7 for week in view.weeks)
    assert view.verdict.caught > 0.8
    assert view.verdict.efficiency > 2


def test_what_happens_today_changes_nothing(engine: Engine) -> None:
    fill(engine)
    before = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    with writing(engine) as connection:
        for minute in range(40):
            _at(connection, TODAY.replace(hour=1, minute=minute), (120.55, 30.05))
        rebuild_packs(connection, TODAY.date(), TODAY.date())
    after = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert (after.lines, after.weeks) == (before.lines, before.weeks)


def test_little_or_nothing_is_said_as_such(engine: Engine) -> None:
    fill(engine)
    view = duty_view(ground(engine), command(), "S2", asked=DutyAsked(), as_of=NOW + timedelta(days=1))
    assert (view.reason, view.counts.used, view.lines, view.weeks, view.verdict) == ("few", 1, (), (), None)
    none = duty_view(ground(engine), command(), "S2", asked=DutyAsked(), as_of=NOW - timedelta(days=30))
    assert none.reason == "none"


def test_an_empty_database_has_stations_without_advice(engine: Engine) -> None:
    make.make_district(engine, "D1")
    make.make_station(engine, "S1")
    view = duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert (view.reason, view.cells, view.classes) == ("none", 0, ())
    index = duty_index(ground(engine), command(), asked=DutyAsked(), as_of=NOW)
    assert [(unit.code, counts.used) for unit, counts in index.lines] == [("S1", 0)]


def test_the_list_of_stations_agrees_with_their_pages(engine: Engine) -> None:
    fill(engine)
    index = duty_index(ground(engine), command(), asked=DutyAsked(), as_of=NOW)
    assert [unit.code for unit, _ in index.lines] == ["S1", "S2"]
    for unit, counts in index.lines:
        assert counts == duty_view(ground(engine), command(), unit.code, asked=DutyAsked(), as_of=NOW).counts


@pytest.mark.parametrize("scope", [station("S2"), district("D2")])
def test_a_stranger_sees_no_advice(engine: Engine, scope: Scope) -> None:
    fill(engine, weeks=9)
    with pytest.raises(NotFound):
        duty_view(ground(engine), scope, "S1", asked=DutyAsked(), as_of=NOW)


def test_the_stations_own_people_see_the_same_advice(engine: Engine) -> None:
    fill(engine)
    own = duty_view(ground(engine), station("S1"), "S1", asked=DutyAsked(), as_of=NOW)
    assert own == duty_view(ground(engine), command(), "S1", asked=DutyAsked(), as_of=NOW)
    index = duty_index(ground(engine), station("S1"), asked=DutyAsked(), as_of=NOW)
    assert [unit.code for unit, _ in index.lines] == ["S1"]


def test_coarser_hexagons_can_be_ruled(engine: Engine) -> None:
    fill(engine)
    rules = replace(RULES, duty=replace(RULES.duty, resolution=8))
    view = duty_view(Ground(engine, load_catalogue(), rules, "CN"), command(), "S1", asked=DutyAsked(), as_of=NOW)
    assert view.lines[0].cell == h3.cell_to_parent(cell_of(BUSY), 8)
    assert view.lines[0].place.name == "A路"
