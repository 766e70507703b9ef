"""The answers below the board agree with the board, down to the rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from data_access.readers.rows import Wanted
from domain.access import Role, Scope, command, nobody, station
from domain.board import Board
from domain.colour import Colour, FeedState, Reason
from domain.errors import BadRequest, NotFound
from domain.task import Kind, Method, Task
from domain.views import CellView
from services.board import board
from services.cell import cell_view
from services.overview import board_view, task_view, theme_view
from services.station import station_view
from tests.integration.conftest import Demo

MANY = 5000


@pytest.fixture(scope="module")
def seen(demo: Demo) -> Board:
    return board(demo.engine, demo.rules, command(), demo.now)


def cell(demo: Demo, seen: Board, code: str, task: str, scope: Scope | None = None, **wanted: object) -> CellView:
    rows = Wanted(**{"size": MANY, **wanted})  # type: ignore[arg-type]
    return cell_view(demo.engine, demo.rules, scope or command(), (code, task), board=seen, wanted=rows)


def expected_rows(task: Task, view: CellView) -> dict[str, float]:
    """What the cell's numbers say about how many rows each part has."""
    method, found = task.measure.method, view.cell
    if method in (Method.CLOCK, Method.HIT, Method.DOWNGRADE):
        parts = {"all": found.denominator, "done": found.numerator, "missed": found.denominator - found.numerator}
        return {**parts, "waiting": found.waiting} if method is Method.CLOCK else parts
    if method is Method.CHANGE:
        return {"all": found.numerator, "base": found.base or 0}
    counts = method in (Method.OVERDUE, Method.STANDING) or (method is Method.COUNT and not task.measure.total)
    return {"all": found.numerator} if counts else {}


def test_the_rows_behind_every_number_are_as_many_as_it_says(demo: Demo, seen: Board) -> None:
    compared = 0
    for line in seen.lines[::6]:
        for task in demo.rules.active:
            view = cell(demo, seen, line.unit.code, task.code)
            for part, count in expected_rows(task, view).items():
                assert view.page.parts[part] == count, (line.unit.code, task.code, part)
                compared += 1
    assert compared > 100


def test_observations_add_up_to_the_rate(demo: Demo, seen: Board) -> None:
    compared = 0
    for line in seen.lines[::5]:
        for task in demo.rules.active:
            if task.measure.method not in (Method.RATIO, Method.LATEST):
                continue
            page = cell(demo, seen, line.unit.code, task.code).page
            sums = [
                sum(float(row[page.columns.index(name)]) for row in page.rows) for name in ("numerator", "denominator")
            ]
            found = line.cell(task.code)
            assert found is not None
            assert sums == pytest.approx([found.numerator, found.denominator]), (line.unit.code, task.code)
            compared += bool(page.rows)
    assert compared > 20


def test_pages_together_hold_every_row_once(demo: Demo, seen: Board) -> None:
    code = seen.lines[0].unit.code
    whole = [row[0] for row in cell(demo, seen, code, "T1-06").page.rows]
    paged = [row[0] for n in range(1, 6) for row in cell(demo, seen, code, "T1-06", page=n, size=7).page.rows]
    assert len(whole) > 7
    assert paged == whole[: len(paged)]
    assert len(set(paged)) == len(paged)


@pytest.mark.parametrize("sort", ["occurred_at", "-occurred_at", "address"])
def test_rows_are_sorted_by_the_column_asked_for(demo: Demo, seen: Board, sort: str) -> None:
    page = cell(demo, seen, seen.lines[0].unit.code, "T1-06", sort=sort).page
    place = page.columns.index(sort.removeprefix("-"))
    values = [row[place] for row in page.rows if row[place] is not None]
    if sort == "address":
        assert len(values) > 5  # the order of text is the database's own
    else:
        assert values == sorted(values, reverse=sort.startswith("-"))


def test_an_unknown_sort_column_is_not_sent_to_the_database(demo: Demo, seen: Board) -> None:
    hostile = "station_code; DROP TABLE incident"
    assert cell(demo, seen, seen.lines[0].unit.code, "T1-06", sort=hostile).page.rows


def test_names_of_people_are_masked(demo: Demo, seen: Board) -> None:
    names = set()
    for line in seen.lines:
        page = cell(demo, seen, line.unit.code, "T2-02").page
        names |= {row[page.columns.index("owner_name")] for row in page.rows}
    shown = {name for name in names if name}
    assert shown
    assert all(name.endswith("**") and len(name) == 3 for name in shown)


def test_a_wall_display_gets_no_rows(demo: Demo) -> None:
    wall = Scope(Role.DISPLAY)
    seen = board(demo.engine, demo.rules, wall, demo.now)
    page = cell(demo, seen, seen.lines[0].unit.code, "T1-06", wall).page
    assert page.rows == ()
    assert page.parts["all"] > 0


def test_out_of_scope_is_not_found(demo: Demo, seen: Board) -> None:
    own, foreign = seen.lines[0].unit.code, seen.lines[1].unit.code
    mine = board(demo.engine, demo.rules, station(own), demo.now)
    assert [line.unit.code for line in mine.lines] == [own]
    assert mine.lines[0].cells == seen.lines[0].cells
    with pytest.raises(NotFound):
        cell(demo, mine, foreign, "T1-06", station(own))
    with pytest.raises(NotFound):
        station_view(demo.engine, demo.rules, station(own), foreign, board=mine, peers=seen.lines)
    assert board(demo.engine, demo.rules, nobody(), demo.now).lines == ()


def test_a_station_is_ranked_among_its_peers_without_seeing_them(demo: Demo, seen: Board) -> None:
    own = seen.lines[0].unit.code
    mine = board(demo.engine, demo.rules, station(own), demo.now)
    view = station_view(demo.engine, demo.rules, station(own), own, board=mine, peers=seen.lines)
    mode = seen.lines[0].unit.fusion_mode
    better = [
        line
        for line in seen.lines
        if line.unit.fusion_mode == mode and (line.overall.score or 0) > (seen.lines[0].overall.score or 0) + 1e-9
    ]
    assert view.rank is not None
    assert view.rank.place == 1 + len(better)
    assert [line.unit.code for line in view.board.lines] == [own]


@pytest.mark.parametrize("code", ["nonsense", "T9-99", "T1-05"])
def test_unknown_or_switched_off_tasks_are_not_found(demo: Demo, seen: Board, code: str) -> None:
    with pytest.raises(NotFound):
        cell(demo, seen, seen.lines[0].unit.code, code)
    with pytest.raises(NotFound):
        task_view(seen, demo.rules, code)


def test_an_unknown_part_is_a_bad_request(demo: Demo, seen: Board) -> None:
    with pytest.raises(BadRequest):
        cell(demo, seen, seen.lines[0].unit.code, "T1-06", part="everything")


def test_a_task_is_listed_worst_first(demo: Demo, seen: Board) -> None:
    order = {Colour.RED: 0, Colour.YELLOW: 1, Colour.BLUE: 2, Colour.GREY: 3}
    for task in demo.rules.active:
        lines = task_view(seen, demo.rules, task.code).lines
        assert len(lines) == len(seen.lines)
        assert [order[found.colour] for _, found in lines] == sorted(order[found.colour] for _, found in lines)


def test_a_theme_shows_its_tasks_and_nothing_else(demo: Demo, seen: Board) -> None:
    view = theme_view(seen, demo.rules, "T3")
    wanted = [task.code for task in demo.rules.of_theme("T3")]
    assert all([found.task for found in cells] == wanted for _, _, cells in view.lines)
    with pytest.raises(NotFound):
        theme_view(seen, demo.rules, "T99")


def test_actions_really_turn_the_station_blue(demo: Demo, seen: Board) -> None:
    tried = 0
    for line in seen.lines:
        view = station_view(demo.engine, demo.rules, command(), line.unit.code, board=seen, peers=seen.lines)
        worse = [found for found in line.cells if found.colour in (Colour.RED, Colour.YELLOW)]
        assert len(view.actions) == len(worse)
        if line.overall.colour is Colour.BLUE:
            assert view.enough == 0
        elif view.enough is not None:
            assert 0 < view.enough <= len(view.actions)
            tried += 1
    assert tried > 3


def test_projections_never_promise_less_than_is_done(demo: Demo, seen: Board) -> None:
    found = 0
    for line in seen.lines[::4]:
        view = station_view(demo.engine, demo.rules, command(), line.unit.code, board=seen, peers=seen.lines)
        for code, one in view.projections.items():
            task, now = demo.rules.task(code), line.cell(code)
            assert task is not None and now is not None
            assert one.low <= one.middle <= one.high
            if task.kind is Kind.COUNT:
                assert one.low >= now.numerator
            else:
                assert 0 <= one.low <= one.high <= 100
            found += 1
    assert found > 20


def test_the_strip_ends_with_today(demo: Demo, seen: Board) -> None:
    view = board_view(demo.engine, demo.rules, command(), demo.now)
    for strip, line in zip(view.strips, view.board.lines, strict=True):
        assert strip.station == line.unit.code
        assert len(strip.days) == 30
        assert strip.days[-1].day == demo.now.date()
        assert strip.days[-1].colour is line.overall.colour
        assert all(day.colour is not None for day in strip.days[-15:])
        assert all(day.colour is None for day in strip.days[:15])


def test_an_instant_in_the_past_is_judged_by_what_was_known_then(demo: Demo) -> None:
    """Asked at 15:03 for 11:00, no row of the afternoon is seen."""
    then = demo.now.replace(hour=11, minute=0, second=0)
    seen = board(demo.engine, demo.rules, command(), then)
    for line in seen.lines[::7]:
        page = cell(demo, seen, line.unit.code, "T3-01").page
        assert all(row[page.columns.index("at")] <= then for row in page.rows)
    assert seen.as_of == then


def test_a_feed_that_fell_silent_turns_its_cells_grey(demo: Demo) -> None:
    later = demo.now + timedelta(days=3)
    seen = board(demo.engine, demo.rules, command(), later)
    assert all(feed.state is not FeedState.FRESH for feed in seen.feeds)
    assert {found.colour for line in seen.lines for found in line.cells} == {Colour.GREY}
    reasons = {found.reason for line in seen.lines for found in line.cells}
    assert reasons <= {Reason.DATA_LATE, Reason.NO_DATA}
    assert all(line.overall.colour is Colour.GREY for line in seen.lines)


def test_before_the_first_row_there_is_no_data(demo: Demo) -> None:
    seen = board(demo.engine, demo.rules, command(), datetime(2019, 1, 1, 12))
    assert {found.reason for line in seen.lines for found in line.cells} == {Reason.NO_DATA}
