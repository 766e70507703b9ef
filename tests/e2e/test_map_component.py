"""The map component in a real browser, on a page of its own under the program's content policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from components.incident_map import marks_payload
from components.look import Look
from i18n import translator
from tests.e2e.conftest import DESK, PHONE
from tests.support import map_city, views

SCREEN = "document.getElementById('map').dcbMap"
MAP = f"{SCREEN}.panes[0].map"
GROWTH = 1.2
SETTLED = f"""() => new Promise(done => {{
  const pane = {SCREEN}.panes[0]; let seen = -1, still = 0;
  (function look() {{
    const busy = pane.canvas.asked || pane.map._animatingZoom;
    still = !busy && pane.times.count === seen ? still + 1 : 0;
    seen = pane.times.count;
    if (still > 12) done(); else requestAnimationFrame(look);
  }})();
}})"""
UNTIL = """([name, least]) => new Promise(done => {
  const read = name.split('.').reduce((f, key) => () => f()[key], () => document.getElementById('map').dcbMap);
  (function look() { let value; try { value = read(); } catch (e) { value = 0; }
    if (value >= least) done(value); else requestAnimationFrame(look); })();
})"""
Opened = Callable[..., Page]


@pytest.fixture
def served() -> Iterator[map_city.Serving]:
    with map_city.serving() as given:
        yield given


@pytest.fixture
def open_map(browser: Browser, served: map_city.Serving, troubles: list[str]) -> Iterator[Opened]:
    """`open_map(payload)` shows it; an error on the console or a request to another host fails the test."""
    pages: list[Page] = []

    def opened(given: dict[str, Any] | None, *, size: dict[str, int] | None = None, query: str = "") -> Page:
        page = browser.new_page(viewport=size or DESK, locale="zh-CN")
        pages.append(page)
        page.on("console", lambda said: _hear(said.type, said.text, troubles))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(served.url) or _foreign(asked.url, troubles))
        page.goto(f"{served.url}/{query}")
        page.wait_for_selector("#map .imap-panes")
        if given is not None:
            page.evaluate("given => show(given)", given)
            page.evaluate(UNTIL, ["panes.0.times.count", 1])
            page.evaluate(SETTLED)
        return page

    yield opened
    for page in pages:
        page.close()
    assert troubles == []


def _hear(kind: str, text: str, troubles: list[str]) -> None:
    if kind == "error" or (kind == "warning" and text.startswith("map:")):
        troubles.append(text)


def _foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("data:", "blob:")):
        troubles.append(f"asked another host: {url}")


def inked(page: Page, x: float, y: float) -> list[int]:
    """The colour on the canvas at a place of the first pane."""
    return page.evaluate(
        f"""([x, y]) => {{
          const pane = {SCREEN}.panes[0], canvas = pane.canvas.canvas, v = pane.view;
          const at = [(x + v.pad[0]) * v.ratio, (y + v.pad[1]) * v.ratio];
          return Array.from(canvas.getContext('2d').getImageData(at[0], at[1], 1, 1).data);
        }}""",
        [x, y],
    )


def place(page: Page, lng: float, lat: float) -> dict[str, float]:
    """A place's point on the page."""
    return page.evaluate(
        f"""([lng, lat]) => {{
          const p = {MAP}.latLngToContainerPoint([lat, lng]), box = {SCREEN}.panes[0].box.getBoundingClientRect();
          return {{x: box.left + p.x, y: box.top + p.y}};
        }}""",
        [lng, lat],
    )


def densest(given: dict[str, Any]) -> tuple[float, float, int]:
    """Place and count of the first level's fullest hexagon."""
    level = given["levels"][0]
    at = max(range(len(level["now"])), key=level["now"].__getitem__)
    return level["lng"][at] / 1e6, level["lat"][at] / 1e6, level["now"][at]


def test_the_map_draws_hexagons_boundaries_and_a_legend(open_map, served):
    given = map_city.payload()
    page = open_map(given)
    page.evaluate(UNTIL, ["names.length", 23])
    assert page.evaluate(f"{SCREEN}.panes[0].times.hexagons") > 200
    expect(page.locator(".imap-head b")).to_contain_text("11-01")
    assert page.locator(".imap-foot .sw").count() >= 5
    expect(page.locator(".imap-foot")).to_contain_text("每格警情起数")
    box = page.locator(".imap-map").bounding_box()
    assert inked(page, box["width"] / 2, box["height"] / 2)[3] > 0
    assert sum("kind=station" in one for one in served.asked) == 1


def test_hexagons_follow_the_zoom(open_map):
    page = open_map(map_city.payload())
    widths = []
    for zoom in (10, 12, 14):
        page.evaluate(f"zoom => {MAP}.setZoom(zoom, {{animate: false}})", zoom)
        page.evaluate(SETTLED)
        widths.append(page.evaluate(f"{SCREEN}.level({SCREEN}.panes[0].view).raw.res"))
    assert widths == [7, 8, 9]


def test_a_hexagon_tells_its_numbers_and_leads_to_its_rows(open_map):
    given = map_city.payload()
    page = open_map(given)
    page.evaluate(f"() => {MAP}.setView([{densest(given)[1]}, {densest(given)[0]}], 10, {{animate: false}})")
    page.evaluate(SETTLED)
    lng, lat, count = densest(given)
    at = place(page, lng, lat)
    page.mouse.move(at["x"], at["y"])
    expect(page.locator(".imap-tip")).to_contain_text(f"本期 {count} 起")
    page.mouse.click(at["x"], at["y"])
    expect(page.locator(".imap-pop")).to_contain_text(f"本期 {count} 起")
    link = page.locator(".imap-pop a").first
    asked = parse_qs(urlsplit(link.get_attribute("href")).query)
    assert [float(part) for part in asked["hex"][0].split(",")] == [lng, lat, 7]
    link.click()
    assert page.evaluate("dcb.went.length") == 1


def test_two_panes_move_and_zoom_together(open_map):
    page = open_map(map_city.payload(side="both"))
    assert page.locator(".imap-pane:visible").count() == 2
    box = page.locator(".imap-map").nth(1).bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 260, steps=6)
    page.mouse.up()
    page.evaluate(SETTLED)
    views = (
        f"{SCREEN}.panes.map(({{map}}) => [map.getZoom(), ...Object.values(map.getCenter()).map(n => n.toFixed(4))])"
    )
    first, second = page.evaluate(views)
    assert first == second
    page.mouse.wheel(0, -300)
    page.evaluate(UNTIL, ["panes.0.view.zoom", first[0] + 0.5])
    page.evaluate(SETTLED)
    first, second = page.evaluate(views)
    assert first == second


def test_a_new_answer_leaves_the_view_and_the_map_as_they_are(open_map):
    page = open_map(map_city.payload())
    page.evaluate(f"() => {{ {MAP}.setView([30.2, 120.3], 13, {{animate: false}}); window.kept = {MAP}; }}")
    page.evaluate("given => show(given)", map_city.payload(side="change"))
    page.evaluate(SETTLED)
    assert page.evaluate(f"kept === {MAP} && {MAP}.getZoom() === 13 && Math.abs({MAP}.getCenter().lng - 120.3) < 1e-3")
    expect(page.locator(".imap-foot")).to_contain_text("差别不能排除偶然")
    page.wait_for_url("**view=13,**")
    assert page.evaluate("dcb.went.length") == 0, "the address is written without asking"


def test_the_address_says_where_to_look(open_map):
    page = open_map(map_city.payload(), query="?view=13.5,120.30000,30.20000")
    assert page.evaluate(f"[{MAP}.getZoom(), {MAP}.getCenter().lng.toFixed(2)]") == [13.5, "120.30"]


@pytest.mark.parametrize("view", ["13", "a,b,c", "99,0,0", "10,999,0", "10,NaN,30"])
def test_an_absurd_view_is_ignored(open_map, view):
    page = open_map(map_city.payload(), query=f"?view={view}")
    assert 9 <= page.evaluate(f"{MAP}.getZoom()") <= 12


def test_single_incidents_appear_at_street_level_and_tell_themselves(open_map, served):
    lng, lat = 120.262, 30.168
    evil = "<img src=x onerror=alert(1)>"
    served.points = lambda _query: {"total": 3, "points": [[lng, lat, "2024-05-06 08:10", evil, "轻伤"]]}
    page = open_map(map_city.payload())
    assert not any("map/points" in one for one in served.asked)
    page.evaluate(f"() => {MAP}.setView([{lat}, {lng}], 16, {{animate: false}})")
    page.evaluate(UNTIL, ["panes.0.points.n", 1])
    page.evaluate(SETTLED)
    asked = parse_qs(urlsplit(next(one for one in served.asked if "map/points" in one)).query)
    west, south, east, north = map(float, asked["bbox"][0].split(","))
    assert west < lng < east
    assert south < lat < north
    expect(page.locator(".imap-note")).to_contain_text("共 3 起")
    at = place(page, lng, lat)
    page.mouse.click(at["x"], at["y"])
    expect(page.locator(".imap-pop")).to_contain_text("2024-05-06 08:10")
    expect(page.locator(".imap-pop")).to_contain_text(evil)
    assert page.locator(".imap-pop img").count() == 0
    assert "near=120.262000,30.168000" in unquote(page.locator(".imap-pop a").get_attribute("href"))


def test_the_second_period_asks_for_its_own_incidents(open_map, served):
    page = open_map(map_city.payload(side="both"))
    page.evaluate(f"() => {MAP}.setView([30.168, 120.262], 16, {{animate: false}})")
    page.evaluate(UNTIL, ["panes.1.points.n", 1])
    asked = [one for one in served.asked if "map/points" in one]
    assert any("of=base" in one for one in asked)
    assert any("of=base" not in one for one in asked)


def test_rings_are_placed_with_the_mouse_and_with_the_keyboard(open_map):
    page = open_map(map_city.payload(), query="?preset=november&base=year")
    page.get_by_role("button", name="圈层").click()
    box = page.locator(".imap-map").bounding_box()
    page.mouse.click(box["x"] + 300, box["y"] + 300)
    asked = parse_qs(urlsplit(page.evaluate("dcb.went[0]")).query)
    assert asked["preset"] == ["november"]
    assert len(asked["ring"][0].split(",")) == 2
    button = page.get_by_role("button", name="圈层")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    ring = parse_qs(urlsplit(page.evaluate("dcb.went[1]")).query)["ring"][0].split(",")
    centre = page.evaluate(f"[{MAP}.getCenter().lng, {MAP}.getCenter().lat]")
    assert [float(part) for part in ring] == pytest.approx(centre, abs=1e-5)


def test_a_spot_leads_to_its_incidents(open_map):
    given = map_city.payload(marked=True)
    page = open_map(given)
    spot = given["spots"][2]
    page.evaluate("([lng, lat]) => " + f"{MAP}.setView([lat, lng], 14, {{animate: false}})", [spot["lng"], spot["lat"]])
    page.evaluate(SETTLED)
    at = place(page, spot["lng"], spot["lat"])
    page.mouse.click(at["x"], at["y"])
    assert page.evaluate("dcb.went") == [spot["href"]]


def test_marks_that_come_later_are_added_and_taken_away(open_map):
    page = open_map(map_city.payload())
    page.evaluate("given => mark(given)", marks_payload(map_city.spots(), Look(translator("zh"), views.CATALOGUE)))
    page.evaluate(SETTLED)
    assert page.evaluate(f"[{SCREEN}.spots.length > 10, {SCREEN}.hot[0].at.length]") == [True, 12]
    expect(page.locator(".imap-foot")).to_contain_text("按规则认定的黑点")
    page.evaluate("mark(null)")
    assert page.evaluate(f"[{SCREEN}.spots.length, {SCREEN}.hot.length]") == [0, 0]


def test_areas_tell_their_rate(open_map):
    page = open_map(map_city.payload(layer="area", per="residents"))
    page.evaluate(UNTIL, ["shapes.length", 23])
    box = page.locator(".imap-map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".imap-pop")).to_contain_text("每万人")
    expect(page.locator(".imap-foot")).to_contain_text("每万人警情起数")


def test_an_empty_answer_says_so_on_a_standing_map(open_map):
    given = map_city.payload()
    given |= {"levels": [], "bounds": None, "areas": {"rows": []}}
    page = open_map(given)
    expect(page.locator(".imap-empty")).to_have_text("所选条件下地图上没有警情")
    assert page.evaluate(f"{MAP}._loaded") is True


def test_a_broken_part_leaves_the_others_standing(open_map, troubles, served):
    served.shapes = lambda kind: [
        {"kind": "station", "code": "S0", "name": "x", "sketch": 0, "geojson": {"type": "No"}}
    ]
    given = map_city.payload()
    given |= {"spots": "nonsense", "rings": {"lng": None}, "hot_cells": [{"res": 9}], "labels": 7}
    page = open_map(given)
    assert page.evaluate(f"{SCREEN}.panes[0].times.hexagons") > 200
    assert all("map:" in one for one in troubles)
    troubles.clear()


def test_the_colours_follow_the_theme(open_map):
    page = open_map(map_city.payload())
    box = page.locator(".imap-map").bounding_box()
    middle = (box["width"] / 2, box["height"] / 2)
    before = inked(page, *middle)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    page.evaluate(SETTLED)
    assert inked(page, *middle) != before


def test_the_picture_of_a_density_does_not_change_its_meaning_with_the_zoom(open_map):
    page = open_map(map_city.payload(layer="density", side="both"))
    expect(page.locator(".imap-foot")).to_contain_text("平滑半径 400 米")
    most = page.evaluate(f"{SCREEN}.densest()")
    page.evaluate(f"() => {MAP}.setZoom(14, {{animate: false}})")
    page.evaluate(SETTLED)
    assert page.evaluate(f"{SCREEN}.densest()") == most
    add = "reduce((a, b) => a + b, 0)"
    whole = page.evaluate(f"{SCREEN}.density().of('now').grid.{add}")
    placed = page.evaluate(f"{SCREEN}.density().level.raw.now.{add}")
    assert whole == pytest.approx(placed, rel=0.01), "every incident is spread, none is lost"


def test_a_phone_puts_two_maps_below_each_other(open_map):
    page = open_map(map_city.payload(side="both"), size=PHONE)
    first, second = (pane.bounding_box() for pane in page.locator(".imap-pane").all())
    assert second["y"] >= first["y"] + first["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_buttons_are_reached_with_the_tab_key_and_named_in_the_own_language(open_map):
    page = open_map(map_city.payload())
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.title || document.activeElement.getAttribute('aria-label')"))
    assert "放大" in names
    assert "缩小" in names
    assert any(name and name.startswith("警情地图") for name in names)


def test_leaflet_is_not_fetched_before_a_map_is_shown_and_not_twice(open_map, served):
    page = open_map(map_city.payload())
    page.evaluate("hide()")
    page.evaluate("unhide()")
    page.wait_for_selector("#map .imap-panes")
    assert sum("leaflet.js" in one for one in served.asked) == 1


def test_leaving_takes_everything_along(open_map):
    page = open_map(map_city.payload(side="both"))
    page.evaluate("hide()")
    assert page.locator(".imap").count() == 0
    assert page.locator("canvas").count() == 0


def test_memory_stays_over_two_hundred_answers(open_map):
    page = open_map(map_city.payload(side="both"))
    session = page.context.new_cdp_session(page)
    given = [map_city.payload(marked=True), map_city.payload(side="both")]
    coarse = [{**one, "levels": one["levels"][:2]} for one in given]
    page.evaluate("given => { window.answers = given; }", coarse)
    change = """times => new Promise(done => { let n = 0; (function next() {
      show(JSON.parse(JSON.stringify(answers[n % 2])));
      if (++n < times) requestAnimationFrame(next); else requestAnimationFrame(() => done()); })(); })"""

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    page.evaluate(change, 20)
    before = heap()
    page.evaluate(change, 200)
    assert heap() <= GROWTH * before


def test_twenty_thousand_hexagons_and_a_hundred_thousand_points_are_drawn(open_map, served, record_property):
    answer = map_city.points(100_000)
    served.points = lambda _query: answer
    given = map_city.many_hexagons()
    page = open_map(given)
    assert page.evaluate(f"{SCREEN}.panes[0].times.hexagons") >= 19_000
    record_property("hexagons_paint_ms", page.evaluate(f"{SCREEN}.panes[0].times.paint"))
    page.evaluate("given => show(given)", {**given, "points": {"url": "/api/v1/map/points?x=1", "zoom": 6}})
    page.evaluate(UNTIL, ["panes.0.points.n", 99_000])
    page.evaluate(SETTLED)
    record_property("points_paint_ms", page.evaluate(f"{SCREEN}.panes[0].times.paint"))
