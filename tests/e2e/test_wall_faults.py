"""A wall on a real server with a real database, and everything that goes wrong there, one thing at a time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import Engine, text

from catalogue.days import day_kinds
from data_access import tables as t
from data_access.displays import add_display, revoke_display
from data_access.engine import open_engine, writing
from data_access.state import raise_version
from domain.display import Display
from tests.support import postgres, wall_city
from tests.support.project import missing
from tests.support.server import manage
from tests.support.wall_served import Running, walled

pytestmark = pytest.mark.proof

POLL = 1.0
MARKED, HEALED = 2 * POLL + 3.0, 2 * 2 * POLL + 3.0
"""Seconds: two polls, of which those after a failure come up to two seconds apart, and what a busy machine adds."""
NETWORK = "Failed to load resource"
WATCH = (Path(__file__).parents[1] / "support" / "wall_watch.js").read_text(encoding="utf-8")
FEED = "tracing"
OF_FEED = {"tracing", "overdue"}


@dataclass
class Wall:
    """An open wall and what is behind it."""

    database: postgres.Own
    engine: Engine
    server: Running
    context: BrowserContext
    token: str
    troubles: list[str] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    opened: Page | None = None

    def open(self) -> Page:
        """A page with the wall, well and with every panel drawn."""
        page = self.context.new_page()
        host = urlsplit(self.server.url).netloc
        page.on("console", lambda m: self._said(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._said(f"script: {error}"))
        page.on("request", lambda r: None if urlsplit(r.url).netloc == host else self._said(f"elsewhere: {r.url}"))
        page.on("load", lambda _: self.loads.append(time.monotonic()))
        page.goto(f"{self.server.url}/wall#{self.token}", wait_until="load")
        until(page, "wall.picture !== null && wall.state.level === '' && !wall.state.failures", 30)
        until(page, "Object.values(wall.picture.panels).every(panel => panel.data !== null)", 30)
        page.evaluate(WATCH)
        self.opened = page
        return page

    def page(self) -> Page:
        """The page that is open since the first test, without what earlier tests did to it."""
        if self.opened is None or self.opened.is_closed():
            self.open()
        assert self.opened is not None
        until(self.opened, "wall.picture !== null && wall.state.level === '' && !wall.state.failures", 20)
        self.opened.keyboard.press("Home")  # and stay there for a minute
        self.troubles.clear()
        self.loads.clear()
        return self.opened

    def _said(self, what: str) -> None:
        if NETWORK not in what:
            self.troubles.append(what)

    def change(self, *statements: str) -> None:
        """Write into the database and tell of it."""
        with writing(self.engine) as connection:
            for one in statements:
                connection.execute(text(one))
            raise_version(connection, datetime.now().replace(microsecond=0))

    def well(self, page: Page, loads: int = 0) -> None:
        """Nothing was blank, nothing said, no two requests at a time, no more requests than time for them."""
        found = page.evaluate("({...seen, most: wall.state.mostInFlight, problems: wall.state.problems})")
        assert (found["blank"], found["doors"], found["most"], found["problems"]) == ([], 0, 1, 0)
        assert found["looks"] > 5
        assert (self.troubles, len(self.loads)) == ([], loads)


def until(page: Page, condition: str, seconds: float) -> float:
    """Wait for a condition of the page; how long it took."""
    begin = time.monotonic()
    while not _holds(page, condition):
        assert time.monotonic() - begin < seconds, f"not within {seconds} s: {condition}; {_state(page)}"
        page.wait_for_timeout(50)
    return time.monotonic() - begin


def _holds(page: Page, condition: str) -> bool:
    try:
        return bool(page.evaluate(condition))
    except Error as problem:
        if "Execution context was destroyed" in str(problem):  # it is just loading itself again
            return False
        raise


def _state(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(wall.state)"))


def levels(page: Page) -> dict[str, str]:
    """Panels that are marked."""
    found = page.evaluate("Object.fromEntries(Object.entries(wall.state.panels).map(e => [e[0], e[1].level]))")
    return {code: level for code, level in found.items() if level}


def shown(page: Page) -> dict[str, str]:
    """What stands in the panels in view."""
    panels = "document.querySelectorAll('.screen:not([hidden]) .panel')"
    return dict(page.evaluate(f"Object.fromEntries(Array.from({panels}).map(p => [p.dataset.panel, p.innerText]))"))


@pytest.fixture(scope="module")
def wall(chromium: Path, browser: Browser) -> Iterator[Wall]:
    """Two districts on a PostgreSQL of their own."""
    with ExitStack() as stack:
        try:
            database = stack.enter_context(postgres.own())
        except postgres.Unavailable as reason:
            missing(str(reason))
        url = stack.enter_context(postgres.database(database.url))
        manage(url, "db", "upgrade")
        engine = open_engine(url)
        stack.callback(engine.dispose)
        now = datetime.now().replace(microsecond=0)
        wall_city.fill(engine, now, days=30)
        with writing(engine) as connection:
            connection.execute(t.feed.update().values(expected_seconds=100 * 86_400))
        token = add_display(engine, Display("faults"), actor="test", at=now)
        zone = "UTC" if time.localtime().tm_gmtoff == 0 else "Asia/Shanghai"
        server = stack.enter_context(walled(url, TIMEZONE=zone))
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
        stack.callback(context.close)
        yield Wall(database, engine, server, context, token)


def suffered(wall: Wall, begin: Callable[[], None], end: Callable[[], None]) -> tuple[float, float]:
    """A fault of everything, from its begin to its end; seconds until it was marked, and until all was well again."""
    page = wall.page()
    before, asked = shown(page), page.evaluate("wall.state.polls")
    since = time.monotonic()
    begin()
    try:
        marked = until(page, "wall.state.level !== ''", MARKED)
        page.wait_for_timeout(500)
        during = shown(page)
        assert set(levels(page)) == set(page.evaluate("Object.keys(wall.state.panels)"))
    finally:
        end()
    healed = until(page, "wall.state.level === '' && !wall.state.failures", HEALED)
    assert {code: body for code, body in during.items() if not body.strip()} == {}
    assert set(during) == set(before)
    assert page.evaluate("wall.state.polls") - asked <= (time.monotonic() - since) / (0.6 * POLL) + 3
    wall.well(page)
    return marked, healed


def test_a_database_that_stops_is_survived(wall: Wall) -> None:
    suffered(wall, wall.database.stop, wall.database.start)


def test_a_killed_web_worker_is_not_noticed_for_long(wall: Wall) -> None:
    page = wall.page()
    for pid in wall.server.workers():
        os.kill(pid, signal.SIGKILL)
    answers = page.evaluate("wall.state.answers")
    until(page, f"wall.state.answers > {answers + 1} && wall.state.level === ''", 20)
    wall.well(page)


def test_a_server_that_is_started_again_on_its_port_is_found(wall: Wall) -> None:
    suffered(wall, wall.server.stop, wall.server.start)


def test_a_lost_network_is_survived(wall: Wall) -> None:
    suffered(wall, lambda: wall.context.set_offline(True), lambda: wall.context.set_offline(False))


def test_a_server_that_takes_requests_and_never_answers_is_survived(wall: Wall) -> None:
    """All of it stands still; what was asked meanwhile is answered when it goes on."""
    assert wall.server.process is not None

    def every(what: int) -> None:
        assert wall.server.process is not None
        for pid in (wall.server.process.pid, *wall.server.workers()):
            os.kill(pid, what)

    suffered(wall, lambda: every(signal.SIGSTOP), lambda: every(signal.SIGCONT))


def test_a_feed_that_stands_still_marks_its_panels_only(wall: Wall) -> None:
    page = wall.page()
    long_ago = datetime.now() - timedelta(days=3)
    stopped = f"complete_to = '{long_ago:%Y-%m-%d %H:%M:%S}', last_row_at = complete_to, expected_seconds = 3600"
    with writing(wall.engine) as connection:
        kept = connection.execute(t.feed.select().where(t.feed.c.code == FEED)).mappings().one()
    wall.change(f"UPDATE feed SET {stopped} WHERE code = '{FEED}'")
    wall.change(f"UPDATE feed SET last_row_at = complete_to WHERE code = '{FEED}'")
    until(page, "wall.state.panels.overdue.level === 'amber'", MARKED)
    assert set(levels(page)) == OF_FEED
    assert f"{long_ago:%H:%M:%S}" in shown(page)["overdue"]
    with writing(wall.engine) as connection:
        connection.execute(t.feed.update().where(t.feed.c.code == FEED).values(**kept))
        raise_version(connection, datetime.now().replace(microsecond=0))
    until(page, "wall.state.panels.overdue.level === ''", HEALED)
    assert levels(page) == {}
    wall.well(page)


def test_one_broken_panel_leaves_the_others_alone(wall: Wall) -> None:
    page = wall.page()
    spots = page.evaluate("wall.kept('map').data.spots.length")
    wall.change("ALTER TABLE hotspot RENAME TO hotspot_away")
    until(page, "wall.state.panels.map.level === 'amber'", MARKED)
    drawn = page.evaluate("wall.state.panels.overdue.drawn")
    wall.change("UPDATE work_order SET status = 'closed', closed_at = created_at WHERE kind = 'hazard'")
    until(page, f"wall.state.panels.overdue.drawn > {drawn}", MARKED)
    assert set(levels(page)) == {"map"}
    assert page.evaluate("wall.kept('map').data.spots.length") == spots > 0
    assert "数据截至" in shown(page)["map"]
    wall.change("ALTER TABLE hotspot_away RENAME TO hotspot")
    until(page, "wall.state.panels.map.level === ''", HEALED)
    wall.well(page)


def test_a_computer_that_slept_and_its_changed_clock_are_noticed(wall: Wall) -> None:
    page = wall.page()
    session = wall.context.new_cdp_session(page)
    jumps = page.evaluate("wall.state.jumps")
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    page.evaluate("(function () { var real = Date.now; Date.now = function () { return real() - 7200000; }; })()")
    until(page, f"wall.state.jumps > {jumps} && !wall.state.unsure && wall.state.level === ''", HEALED)
    told = page.locator(".bar-clock").inner_text()
    assert abs(_seconds(told) - _seconds(f"{datetime.now():%H:%M:%S}")) % 86_398 <= 3
    wall.well(page)


def _seconds(told: str) -> int:
    hours, minutes, seconds = (int(part) for part in told.split(":"))
    return 3600 * hours + 60 * minutes + seconds


def _turns() -> dict[str, date]:
    today = datetime.now().date()
    month = (today.replace(day=28) + timedelta(days=5)).replace(day=1)
    year = date(today.year + 1, 1, 1)
    while day_kinds(year, year, "CN")[1]:
        year = date(year.year + 1, 1, 1)
    return {"midnight": today + timedelta(days=1), "month": month, "year without calendar": year}


@pytest.mark.parametrize("turn", list(_turns()))
def test_days_months_and_years_turn_over_on_an_open_screen(wall: Wall, turn: str) -> None:
    page, day = wall.page(), _turns()[turn]
    wall.server.move((datetime.combine(day, datetime.min.time()) - datetime.now()).total_seconds() - 3.5)
    try:
        eve = day - timedelta(days=1)
        expect(page.locator(".bar-date")).to_have_text(f"{eve.year}年{eve.month}月{eve.day}日", timeout=6000)
        expect(page.locator(".bar-date")).to_have_text(f"{day.year}年{day.month}月{day.day}日", timeout=9000)
        until(page, f"wall.picture.panels.board.at >= '{day.isoformat()}' && wall.state.level === ''", 20)
        note = page.locator(".bar-note")
        if turn == "year without calendar":
            expect(note).to_contain_text(str(day.year))
        else:
            expect(note).to_be_hidden()
        assert {code: body for code, body in shown(page).items() if not body.strip()} == {}
    finally:
        wall.server.move(0)
    until(page, f"wall.picture.panels.board.at < '{day.isoformat()}'", 20)
    wall.well(page)


def test_a_revoked_token_is_told_in_a_sentence_and_nobody_else_is_touched(wall: Wall) -> None:
    other, now = wall.page(), datetime.now().replace(microsecond=0)
    token = add_display(wall.engine, Display("leaving"), actor="test", at=now)
    page = wall.context.new_page()
    page.goto(f"{wall.server.url}/wall#{token}", wait_until="load")
    until(page, "wall.picture !== null", 20)
    expect(page.locator(".foot-name")).to_have_text("leaving")
    revoke_display(wall.engine, "leaving", actor="test", at=now)
    expect(page.locator("#door")).to_contain_text("授权已被撤销", timeout=9000)
    expect(page.locator(".door-hint")).to_contain_text("manage.py display add")
    assert page.evaluate("document.querySelectorAll('.panel').length") == 0
    page.close()
    wall.well(other)


def test_a_new_release_is_loaded_exactly_once(wall: Wall) -> None:
    page = wall.page()
    wall.server.stop()
    wall.server.start(TEST_BUILD="next")
    until(page, "window.wall && wall.state && wall.state.build === 'next' && wall.picture !== null", 20)
    page.wait_for_timeout(2000)
    assert (len(wall.loads), wall.troubles) == (1, [])
    assert page.evaluate("[wall.state.level, wall.state.mostInFlight]") == ["", 1]
