"""An open wall: never blank, never stale and looking fresh, one request at a time, back by itself."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.server import Server, manage, serving
from tests.support.wall_fake import NOW, FakeWall, alert, panel, picture, red

DESK = {"width": 1920, "height": 1080}
SENTENCE = "This display was taken off"
OpenWall = Callable[..., tuple[Page, FakeWall]]
PROVOKED = "Failed to load resource"


@pytest.fixture(scope="module")
def empty_server(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose database has tables and nothing in them: it gives the document and the scripts."""
    url = f"sqlite:///{tmp_path_factory.mktemp('wall') / 'empty.db'}"
    manage(url, "db", "upgrade")
    with serving(url, BOARD_WORKERS="1") as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile: pages opened one after the other share its memory, as after a restart."""
    opened = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield opened
    for page in opened.pages:
        page.unroute_all(behavior="ignoreErrors")
    opened.close()


@pytest.fixture
def open_wall(context: BrowserContext, empty_server: Server) -> Iterator[OpenWall]:
    """`open_wall(picture(...))` gives the page and the fake that answers it.

    At the end the test fails if a page wrote an error to the console or asked another host; that a request
    failed is written by the browser itself and is what many of these tests provoke.
    """
    troubles: list[str] = []

    def opened(drawn: dict[str, Any], token: str = "", **answers: Any) -> tuple[Page, FakeWall]:
        page, fake = context.new_page(), FakeWall(drawn, **answers)
        _watch(page, empty_server, troubles)
        fake.install(page)
        page.goto(f"{empty_server.url}/wall{token and '#' + token}", wait_until="load")
        fake.build = fake.build or str(page.evaluate("document.documentElement.dataset.build"))
        if fake.status == 200 and fake.text is None:
            until(page, "wall.picture !== null")
        return page, fake

    yield opened
    assert troubles == []


def _watch(page: Page, server: Server, troubles: list[str]) -> None:
    host = urlsplit(server.url).netloc
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" and PROVOKED not in m.text else None)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", lambda r: None if urlsplit(r.url).netloc == host else troubles.append(f"elsewhere: {r.url}"))


def until(page: Page, condition: str, seconds: float = 12) -> None:
    """Wait for a condition of the page; the page's policy forbids the waiting that evaluates text there."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds} s: {condition}")


def level(page: Page, code: str) -> str:
    """ "", "amber" or "hatched" of a panel in view."""
    return str(page.evaluate(f"document.querySelector('.screen:not([hidden]) .p-{code}').dataset.level || ''"))


def body(page: Page, code: str) -> str:
    return page.locator(f".screen:not([hidden]) .p-{code} .panel-body").inner_text()


def seen(page: Page, seconds: float) -> list[str]:
    """Screens in the order they come into view."""
    found: list[str] = []
    for _ in range(int(seconds * 20)):
        code = str(page.evaluate("wall.state.screen"))
        if not found or found[-1] != code:
            found.append(code)
        page.wait_for_timeout(50)
    return found


# the canvas ------------------------------------------------------------------------------------------


CANVASES = {
    (1920, 1080): ("wide", 1920, 1080, 1, 0, 0),
    (3840, 2160): ("wide", 1920, 1080, 2, 0, 0),
    (1920, 1200): ("wide", 1920, 1080, 1, 0, 60),
    (2560, 1080): ("wide", 1920, 1080, 1, 320, 0),
    (3840, 1080): ("ultra", 3840, 1080, 1, 0, 0),
    (5760, 1080): ("ultra", 5760, 1080, 1, 0, 0),
    (7680, 1080): ("ultra", 5832, 1080, 1, 924, 0),
    (1080, 1920): ("tall", 1080, 1920, 1, 0, 0),
}


def test_one_canvas_is_scaled_by_one_factor_and_letter_boxed(open_wall):
    page, _ = open_wall(picture())
    names = ("shape", "width", "height", "factor", "left", "top")
    found = {window: page.evaluate(f"wall.fit({window[0]}, {window[1]})") for window in CANVASES}
    assert found == {window: dict(zip(names, box, strict=True)) for window, box in CANVASES.items()}


def test_a_window_of_another_size_is_filled_without_a_reload(open_wall):
    page, _ = open_wall(picture())
    page.set_viewport_size({"width": 960, "height": 700})
    until(page, "document.getElementById('canvas').getBoundingClientRect().width === 960")
    box = page.evaluate("document.getElementById('canvas').getBoundingClientRect().toJSON()")
    assert (box["left"], box["top"], box["height"]) == (0, 80, 540)


def test_status_signs_follow_the_distance_of_the_display(open_wall):
    page, _ = open_wall(picture())
    assert page.evaluate("wall.statusHeight(10, 0.685, 1080)") == 92
    assert page.evaluate("[wall.statusHeight(0, 0, 1080), wall.statusHeight(60, 0.5, 1080)]") == [30, 120]
    name = page.locator(".hot-name").first
    assert float(name.evaluate("node => parseFloat(getComputedStyle(node).fontSize) * 0.88")) >= 54


# asking ----------------------------------------------------------------------------------------------


def test_only_one_request_runs_at_a_time(open_wall):
    page, fake = open_wall(picture())
    fake.wait_ms = 700
    for _ in range(25):
        page.evaluate("wall.pollNow()")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(60)
    assert page.evaluate("wall.state.mostInFlight") == 1
    assert fake.asked < 12


def test_the_token_travels_in_a_header_and_never_in_an_address(open_wall):
    page, fake = open_wall(picture(), token="secret-1")
    assert set(fake.tokens[-1:]) == {"Bearer secret-1"}
    addresses = page.evaluate("performance.getEntriesByType('resource').map(function (one) { return one.name; })")
    assert [address for address in addresses if "secret-1" in address] == []


def test_an_unchanged_picture_is_not_drawn_again(open_wall):
    page, fake = open_wall(picture(), etag='"a"')
    until(page, "wall.state.answers > 5")
    assert page.evaluate("wall.drawn") == {"alpha": 1, "beta": 1}
    fake.etag = '"b"'
    fake.change("beta", n=2)
    until(page, "wall.drawn.beta === 2")
    assert body(page, "beta").startswith("North 2")
    assert page.evaluate("wall.drawn.alpha") == 1


def test_many_refreshes_add_no_nodes(open_wall):
    page, fake = open_wall(picture(poll=0.1))
    count = "document.querySelectorAll('*').length"
    before = page.evaluate(count)
    for n in range(40):
        fake.change("alpha", n=n)
        page.wait_for_timeout(60)
    until(page, f"wall.drawn.alpha > 10 && {count} === {before}")


# what is old -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{"status": 503}, {"status": 0}, {"text": "<html>login</html>"}, {"text": "{}"}])
def test_a_failing_server_is_marked_with_the_time_and_the_picture_heals(open_wall, answers):
    page, fake = open_wall(picture())
    for name, value in answers.items():
        setattr(fake, name, value)
    until(page, "wall.state.level === 'amber'", 3)
    assert (level(page, "alpha"), level(page, "beta")) == ("amber", "amber")
    expect(page.locator(".p-alpha .panel-mark")).to_have_text("数据截至 11-24 14:32:07")
    page.evaluate("wall.state.goodAt -= 60000")
    until(page, "wall.state.level === 'hatched'", 3)
    assert (level(page, "alpha"), body(page, "alpha").split("\n")[0]) == ("hatched", "North 1")
    expect(page.locator(".foot-link")).to_contain_text("连接中断 11-24 14:3")
    fake.status, fake.text = 200, None
    until(page, "wall.state.level === ''", 3)
    assert level(page, "alpha") == ""
    expect(page.locator(".foot-link")).to_have_text("连接正常")


def test_marks_of_the_server_are_on_that_panel_only(open_wall):
    page, fake = open_wall(picture())
    fake.picture["panels"]["alpha"] = panel({"n": 1, "rows": []}, state="late", why="late since 11:02")
    until(page, "wall.state.panels.alpha.level === 'amber'")
    expect(page.locator(".p-alpha .panel-veil")).to_have_text("late since 11:02")
    assert level(page, "beta") == ""


def test_a_broken_panel_keeps_its_last_good_data_and_the_others_go_on(open_wall):
    page, fake = open_wall(picture())
    fake.picture["panels"]["alpha"] = panel(None, state="broken", why="no answer", at=None)
    fake.change("beta", n=5)
    until(page, "wall.drawn.beta === 2")
    assert (level(page, "alpha"), level(page, "beta")) == ("amber", "")
    assert body(page, "alpha").startswith("North 1")
    expect(page.locator(".p-alpha .panel-mark")).to_have_text("数据截至 11-24 14:32:07")
    page.evaluate("wall.state.panels.alpha.brokenAt -= 61000")
    until(page, "wall.state.panels.alpha.level === 'hatched'")
    assert level(page, "beta") == ""
    fake.change("alpha", n=6)
    until(page, "wall.state.panels.alpha.level === ''")


@pytest.mark.parametrize("garbage", [None, 7, "text", [], {"state": "ok"}, {"state": "ok", "data": {"rows": 3}}])
def test_a_panel_of_a_wrong_shape_never_takes_the_others_down(open_wall, garbage):
    page, fake = open_wall(picture())
    fake.picture["panels"]["alpha"] = garbage
    fake.picture["panels"]["redlist"] = garbage
    fake.picture["panels"]["ticker"] = garbage
    fake.change("beta", n=9)
    until(page, "wall.drawn.beta === 2")
    assert (level(page, "alpha") != "", level(page, "beta")) == (True, "")


def test_a_drawing_that_fails_marks_its_panel_is_told_once_and_tried_again(open_wall):
    page, fake = open_wall(picture(), etag='"1"')
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    fake.change("alpha", bad=True)
    for tag in ('"2"', '"3"', '"4"'):
        fake.etag = tag
        page.wait_for_timeout(500)
    assert (level(page, "alpha"), level(page, "beta")) == ("amber", "")
    assert warnings == ["wall: panel alpha: cannot draw alpha"]
    assert page.evaluate("wall.drawn.alpha") >= 3
    fake.change("alpha", n=3)
    fake.etag = '"5"'
    until(page, "wall.state.panels.alpha.level === ''")
    assert body(page, "alpha").startswith("North 3")


def test_after_a_restart_without_a_server_the_last_picture_is_shown_as_old(open_wall):
    page, _ = open_wall(picture())
    until(page, "wall.state.keptAt !== null")
    page.close()
    page, fake = open_wall(picture(), status=0)
    until(page, "wall.picture !== null")
    assert (level(page, "alpha"), body(page, "alpha").split("\n")[0]) == ("hatched", "North 1")
    expect(page.locator(".p-alpha .panel-mark")).to_have_text("数据截至 11-24 14:32:07")
    expect(page.locator(".bar-clock")).to_have_text("--:--:--")
    fake.status = 200
    until(page, "wall.state.level === ''", 20)


def test_before_the_first_answer_the_wall_says_so(open_wall):
    page, fake = open_wall(picture(), status=503)
    until(page, "wall.state.failures > 1", 20)
    expect(page.locator("#door")).to_contain_text("服务器暂无应答")
    fake.status = 200
    until(page, "document.getElementById('door').hidden", 20)


# the token -------------------------------------------------------------------------------------------


def test_a_revoked_token_shows_a_plain_sentence_and_heals_by_itself(open_wall):
    page, fake = open_wall(picture(), token="t")
    until(page, "localStorage.length > 0")
    fake.status, fake.text = 401, json.dumps({"error": {"code": "wallkey.revoked", "message": SENTENCE}})
    expect(page.locator("#door")).to_be_visible()
    expect(page.locator(".door-text")).to_have_text(SENTENCE)
    assert page.evaluate("[localStorage.length, document.querySelectorAll('.panel').length]") == [0, 0]
    assert page.url.endswith("/wall#t")
    fake.status, fake.text = 200, None
    expect(page.locator("#door")).to_be_hidden()
    assert body(page, "alpha").startswith("North 1")


def test_an_address_that_is_wrong_is_told_in_the_servers_own_sentence(open_wall):
    told = json.dumps({"error": {"code": "no_playlist", "message": "No playlist of that name"}})
    page, fake = open_wall(picture(), status=400, text=told)
    expect(page.locator(".door-text")).to_have_text("No playlist of that name")
    expect(page.locator(".door-hint")).to_contain_text("manage.py display change")
    asked = fake.asked
    page.wait_for_timeout(1000)
    assert fake.asked - asked <= 1
    fake.status, fake.text = 200, None
    page.evaluate("wall.pollNow()")
    expect(page.locator("#door")).to_be_hidden()


def test_an_error_of_something_between_is_no_answer_of_the_board(open_wall):
    page, _ = open_wall(picture(), status=404, text="<html>nginx</html>")
    until(page, "wall.state.failures > 0")
    expect(page.locator(".door-text")).to_have_text("服务器暂无应答，正在重试")


def test_the_last_picture_of_another_address_is_not_shown(open_wall):
    page, _ = open_wall(picture(), token="one")
    until(page, "wall.state.keptAt !== null")
    page.close()
    page, _ = open_wall(picture(), token="two", status=0)
    until(page, "wall.state.failures > 0")
    assert page.evaluate("wall.picture") is None


# the clock -------------------------------------------------------------------------------------------


def test_the_day_and_the_year_turn_on_the_servers_clock(open_wall):
    page, _ = open_wall(picture(now="2026-12-31T23:59:57", poll=60))
    expect(page.locator(".bar-date")).to_have_text("2026年12月31日")
    expect(page.locator(".bar-weekday")).to_have_text("星期四")
    expect(page.locator(".bar-date")).to_have_text("2027年1月1日")
    expect(page.locator(".bar-weekday")).to_have_text("星期五")
    assert page.locator(".bar-clock").inner_text().startswith("00:00:0")


@pytest.mark.parametrize("hours", [2, -2])
def test_a_changed_clock_of_the_pc_is_noticed_and_the_next_answer_puts_it_right(open_wall, hours):
    page, fake = open_wall(picture())
    fake.status = 0
    page.evaluate(
        f"(function () {{ var real = Date.now; Date.now = function () {{ return real() + {hours} * 3600000; }}; }})()"
    )
    until(page, "wall.state.unsure && wall.state.jumps === 1")
    expect(page.locator(".bar-clock.unsure")).to_be_visible()
    assert page.locator(".bar-clock").inner_text()[:3] == "14:"
    until(page, "wall.state.level !== ''")
    fake.status = 200
    until(page, "!wall.state.unsure && wall.state.level === ''")
    expect(page.locator(".bar-clock.unsure")).to_have_count(0)


def test_an_empty_answer_corrects_the_clock_too(open_wall):
    page, _ = open_wall(picture(), etag='"same"')
    until(page, "wall.state.answers > 2")
    page.evaluate("wall.state.unsure = true")
    until(page, "!wall.state.unsure")


# a new release ---------------------------------------------------------------------------------------


def loads_of(page: Page, seconds: float) -> int:
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.wait_for_timeout(seconds * 1000)
    return len(loads)


def release(page: Page, name: str, *, to_everyone: bool) -> None:
    """From now on /wall is the document of another release; for probes only, or for reloads as well."""
    old = page.evaluate("document.documentElement.dataset.build")

    def answer(route) -> None:
        if route.request.is_navigation_request() and not to_everyone:
            route.continue_()
            return
        told = route.fetch()
        route.fulfill(response=told, body=told.text().replace(f'data-build="{old}"', f'data-build="{name}"'))

    page.route("**/wall", answer)


@pytest.mark.parametrize("to_everyone", [True, False])
def test_a_new_release_reloads_exactly_once(open_wall, to_everyone):
    page, fake = open_wall(picture())
    release(page, "next", to_everyone=to_everyone)
    fake.build = "next"
    assert loads_of(page, 4) == 1
    assert page.evaluate("wall.state.level") == ""


def test_a_new_release_that_does_not_answer_leaves_the_wall_alone(open_wall):
    page, fake = open_wall(picture())
    page.route("**/wall", lambda route: route.fulfill(status=502, body="bad gateway"))
    fake.build = "next"
    assert loads_of(page, 2) == 0
    assert body(page, "alpha").startswith("North 1")


# screens ---------------------------------------------------------------------------------------------


def test_screens_turn_in_their_order(open_wall):
    page, _ = open_wall(picture(screens=3, dwell=1))
    order = seen(page, 4.5)
    assert len(order) >= 4
    start = ["one", "two", "three"].index(order[0])
    assert order == [["one", "two", "three"][(start + n) % 3] for n in range(len(order))]


def test_a_new_alert_comes_forward_and_leaves_the_others_their_share(open_wall):
    page, fake = open_wall(picture(screens=3))
    assert page.evaluate("wall.state.screen") == "one"
    fake.picture["alerts"] = [alert("a", "two")]
    until(page, "wall.state.screen === 'two'", 3)
    expect(page.locator(".alarm")).to_contain_text("alert a")
    on_alert = 0
    for _ in range(80):
        on_alert += page.evaluate("wall.state.screen") == "two"
        page.wait_for_timeout(60)
    assert 20 <= on_alert <= 60
    fake.picture["alerts"][0]["ack"] = {"by": "Zhang", "note": "on the way", "at": NOW}
    expect(page.locator(".alarm.acked")).to_contain_text("Zhang 已知悉：on the way")
    until(page, "wall.state.screen !== 'two'")
    page.wait_for_timeout(2500)
    assert page.evaluate("wall.state.screen") != "two"


def test_the_playlist_goes_on_where_an_alert_interrupted_it(open_wall):
    drawn = picture(screens=3, dwell=1.2)
    drawn["rules"]["alert_dwell"] = 0.6
    page, fake = open_wall(drawn)
    fake.picture["alerts"] = [alert("a", "one")]
    until(page, "wall.state.kind === 'alert'", 3)
    order = seen(page, 8)
    others = [code for code in order if code != "one"]
    turned = [code for at, code in enumerate(others) if not at or others[at - 1] != code]
    assert len(turned) >= 4
    assert all(here != after for here, after in itertools.pairwise(turned))
    assert order.count("one") >= 3
    assert others.count("two") - others.count("three") in (-2, -1, 0, 1, 2)


def test_a_wall_that_is_opened_while_an_alert_waits_begins_on_its_first_screen(open_wall):
    page, _ = open_wall(picture(screens=3, dwell=1, alerts=[alert("a", "three")]))
    assert page.evaluate("[wall.state.screen, wall.state.kind]") == ["one", "normal"]
    until(page, "wall.state.screen === 'three' && wall.state.kind === 'alert'", 4)


FRAMES = """
window.frames_seen = [];
(function look() {
  var screens = Array.from(document.querySelectorAll(".screen:not([hidden])"));
  var dark = screens.every(function (one) {
    return Number(getComputedStyle(one).opacity) < 1 || !one.innerText.trim();
  });
  window.frames_seen.push(dark);
  window.requestAnimationFrame(look);
})();
"""


def test_no_frame_is_without_a_picture_while_screens_turn(open_wall):
    page, _ = open_wall(picture(screens=3))
    page.evaluate(FRAMES)
    for key in ("2", "3", "Home", "ArrowRight", "ArrowLeft", "3"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    found = page.evaluate("frames_seen")
    assert len(found) > 20
    assert not any(found)


def test_a_fresh_acknowledgement_is_shown_at_once_and_counted(open_wall):
    page, fake = open_wall(picture(alerts=[alert(key, "one") for key in "abc"]))
    expect(page.locator(".alarm-count")).to_have_text("第1/3页 · 3 待确认")
    first, second, third = fake.picture["alerts"]
    noted = {**second, "ack": {"by": "Zhou", "note": "seen", "at": NOW}}
    fake.picture["alerts"] = [first, third, noted]
    expect(page.locator(".alarm-more")).to_contain_text("Zhou 已知悉：seen", timeout=2000)
    expect(page.locator(".alarm-text")).to_have_text("alert b")
    expect(page.locator(".alarm-count")).to_have_text("第3/3页 · 2 待确认 · 1 已确认")
    expect(page.locator(".alarm-text")).to_have_text("alert a", timeout=10000)


def test_the_title_is_amber_only_when_the_newest_data_are_old(open_wall):
    page, fake = open_wall(picture())
    said = "A 迟到，最近更新 11-24 09:00"
    late = {"code": "a", "name": "A", "state": "late", "last_at": "2026-11-24T09:00:00", "said": said}
    fake.picture["feeds"] = [late, {"code": "b", "name": "B", "state": "fresh", "last_at": NOW, "said": "B"}]
    expect(page.locator(".feed-text")).to_have_text(said)
    expect(page.locator(".bar-data.old")).to_have_count(0)
    fake.picture["title"]["data_at"] = late["last_at"]
    fake.picture["feeds"] = [late]
    expect(page.locator(".bar-data.old")).to_have_count(1)


def test_while_the_server_is_silent_banner_strip_title_and_panels_tell_one_time(open_wall):
    drawn = picture(alerts=[alert("a", "one")])
    drawn["title"]["data_at"] = "2026-11-24T14:20:00"
    page, fake = open_wall(drawn)
    fake.status = 503
    until(page, "wall.state.level === 'amber'", 3)
    for place in (".bar-data", ".redlist-mark", ".p-alpha .panel-mark", ".p-beta .panel-mark", ".alarm-count"):
        expect(page.locator(place)).to_contain_text("数据截至 11-24 14:20:00")
    expect(page.locator(".alarm[data-level=amber]")).to_be_visible()
    boxes = "['.redlist-list', '.redlist-mark'].map(q => document.querySelector(q).getBoundingClientRect())"
    assert page.evaluate(f"(([list, mark]) => list.right <= mark.left)({boxes})")


def test_a_station_in_the_red_strip_has_the_sign_of_its_own_colour(open_wall):
    drawn = picture()
    drawn["panels"]["redlist"] = panel({"rows": [red("s1", "North", o="r"), red("s2", "South", o="y")]})
    page, _ = open_wall(drawn)
    expect(page.locator("[data-station=s1] .hot-sign.k-r")).to_have_count(1)
    expect(page.locator("[data-station=s2] .hot-sign.k-y")).to_have_count(1)
    colours = page.locator(".hot-name").evaluate_all("all => all.map(one => getComputedStyle(one).color)")
    assert colours[0] != colours[1]


def test_a_long_line_of_news_loses_part_of_the_task_and_never_the_value(open_wall):
    task = "Orders of the week that were signed within the hour " * 4
    drawn = picture()
    drawn["panels"]["redlist"] = panel({"rows": [red("s1", "North", task=task.strip())]})
    text = f"North {task}78% (target 95%)"
    drawn["panels"]["ticker"] = panel({"items": [{"level": "red", "text": text}]})
    page, _ = open_wall(drawn)
    news = page.locator(".news-text")
    expect(news).to_contain_text("…")
    shown = news.inner_text()
    assert shown.startswith("North Orders")
    assert shown.endswith(" 78% (target 95%)")
    assert news.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_key_wins_over_an_alert_that_holds_its_screen(open_wall):
    page, fake = open_wall(picture(screens=3))
    fake.picture["alerts"] = [alert("a", "two")]
    until(page, "wall.state.screen === 'two'", 3)
    page.keyboard.press("3")
    assert seen(page, 2.5) == ["three"]
    fake.picture["alerts"].insert(0, alert("b", "one"))
    assert seen(page, 1.5) == ["three"]


def test_a_panel_without_figures_says_why_at_once(open_wall):
    loading = picture()
    for code in ("alpha", "redlist"):
        loading["panels"][code] = panel(None, state="late", why="reading the data")
    page, fake = open_wall(loading)
    expect(page.locator(".p-alpha .panel-veil")).to_have_text("reading the data")
    expect(page.locator(".p-alpha .panel-veil")).to_be_visible()
    expect(page.locator(".p-alpha .panel-mark")).to_have_text("暂无数据")
    expect(page.locator(".redlist-number")).to_have_text("—")
    expect(page.locator(".redlist-word")).to_have_text("红色任务")
    fake.change("alpha")
    expect(page.locator(".p-alpha .panel-veil")).to_be_hidden()
    assert (level(page, "alpha"), body(page, "alpha").startswith("North 1")) == ("", True)


def test_before_the_first_picture_the_wall_says_that_it_is_connecting(open_wall):
    page, _ = open_wall(picture(), status=503)
    expect(page.locator("#door")).to_be_visible()
    assert page.locator(".door-text").inner_text()


def test_an_alert_pulses_between_two_looks_that_can_be_read(open_wall):
    page, _ = open_wall(picture(alerts=[alert("a", "one")]))
    found = "getComputedStyle(document.querySelector('.alarm.fresh')).animationTimingFunction"
    assert page.evaluate(found) in ("step-end", "steps(1)", "steps(1, end)")


def test_a_title_without_a_unit_begins_with_the_system(open_wall):
    drawn = picture(lang="en")
    drawn["title"]["unit"] = ""
    page, _ = open_wall(drawn)
    assert page.evaluate("getComputedStyle(document.querySelector('.bar-unit'), '::after').content") in (
        "none",
        "normal",
    )


def test_one_chime_for_one_new_alert(open_wall):
    drawn = picture(screens=2, alerts=[alert("old", "two")])
    drawn["display"]["sound"] = True
    page, fake = open_wall(drawn)
    page.wait_for_timeout(800)
    fake.picture["alerts"].insert(0, alert("fresh", "two"))
    until(page, "wall.state.chimes === 2")
    page.reload()
    until(page, "wall.picture !== null")
    page.wait_for_timeout(800)
    assert page.evaluate("wall.state.chimes") == 0


def test_keys_and_touch_stop_the_turning_for_a_while(open_wall):
    page, fake = open_wall(picture(screens=3, dwell=1))
    page.keyboard.press("2")
    assert page.evaluate("[wall.state.screen, wall.state.paused]") == ["two", True]
    expect(page.locator(".pause")).to_contain_text("已暂停")
    assert seen(page, 1.6) == ["two"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate("wall.state.screen") == "three"
    page.keyboard.press("Home")
    assert page.evaluate("wall.state.screen") == "one"
    page.keyboard.press("Escape")
    until(page, "wall.state.screen === 'two'", 3)
    page.keyboard.press(" ")
    assert page.evaluate("wall.state.paused")
    fake.picture["rules"]["pause_seconds"] = 1
    page.wait_for_timeout(500)
    page.mouse.click(5, 5)
    until(page, "!wall.state.paused", 3)
    page.keyboard.press("?")
    expect(page.locator(".help")).to_contain_text("Home")


def test_a_station_that_is_pressed_stands_out_in_every_panel(open_wall):
    page, _ = open_wall(picture())
    page.locator(".p-alpha [data-station=s2]").click()
    expect(page.locator(".p-beta [data-station=s2]")).to_have_class("row is-focus")
    expect(page.locator(".p-beta [data-station=s1]")).to_have_class("row is-dim")
    expect(page.locator(".hot")).to_have_count(1)
    expect(page.locator(".hot.is-dim")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".is-dim, .is-focus")).to_have_count(0)


def test_the_cursor_hides_by_itself(open_wall):
    page, _ = open_wall(picture())
    page.mouse.move(100, 100)
    assert not page.evaluate("document.documentElement.classList.contains('no-cursor')")
    until(page, "document.documentElement.classList.contains('no-cursor')", 5)


def test_the_red_strip_shows_every_red_station_within_the_stated_time(open_wall):
    drawn = picture()
    drawn["panels"]["redlist"] = panel({"rows": [red(f"s{n}", f"St{n}") for n in range(13)]})
    page, _ = open_wall(drawn)
    found: set[str] = set()
    for _ in range(75):
        found |= set(page.locator(".hot:not([hidden]) .hot-name").all_inner_texts())
        page.wait_for_timeout(100)
    assert found == {f"St{n}" for n in range(13)}
    expect(page.locator(".redlist-number")).to_have_text("13")
