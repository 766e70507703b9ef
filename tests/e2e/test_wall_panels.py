"""The wall's panels: every one of them with every kind of picture, drawn in a browser without a server."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.wall_panels import HARD, LONG, STATUS, blank, draw, picture, screens

SCREENS = tuple(screens())
KINDS: dict[str, dict[str, Any]] = {
    "three stations": {"stations": 3},
    "forty stations": {"stations": 40},
    "a hundred stations": {"stations": 100},
    "long names": {"name": LONG},
    "all red": {"state": "r"},
    "all grey": {"state": "4"},
    "two hundred rows": {"rows": 200},
    "held stations": {"held": (1, 4)},
    "nothing": {"stations": 0, "rows": 0},
}
BODIES = "Array.from(document.querySelectorAll('.panel-body'))"
TOO_WIDE = f"{BODIES}.filter(b => b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight).map(b => b.id)"


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """One page for all tests of this module; every test draws anew."""
    page = blank(browser)
    yield page
    page.close()


def good(page: Page) -> None:
    """No error, nothing too wide, no text cut off or smaller than 16 px."""
    assert page.evaluate("failed") == []
    assert page.evaluate(TOO_WIDE) == []
    texts = page.evaluate("textsShown()")
    assert texts
    assert [text for text in texts if text["size"] < 16] == []
    assert [text for text in texts if text["cut"]] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shape", ["wide", "ultra", "tall"])
def test_every_screen_fits_in_every_shape_and_language(sheet: Page, shape: str, lang: str) -> None:
    for code in SCREENS:
        page = draw(sheet, picture(lang), code, shape=shape)
        good(page)


@pytest.mark.parametrize("kind", KINDS)
def test_every_screen_stands_every_kind_of_picture(sheet: Page, kind: str) -> None:
    for code in SCREENS:
        page = draw(sheet, picture(**KINDS[kind]), code)
        good(page)


def test_missing_fields_never_throw_and_an_empty_panel_says_so(sheet: Page) -> None:
    empty = picture()
    for panel in empty["panels"].values():
        panel["data"] = {}
    for code in SCREENS:
        page = draw(sheet, empty, code)
        good(page)
        bodies = page.locator(".panel-body")
        assert all(bodies.nth(at).locator(".calm-said").is_visible() for at in range(bodies.count()))


def test_a_field_that_is_missing_in_a_row_does_no_harm(sheet: Page) -> None:
    for code in SCREENS:
        page = draw(sheet, picture(), code)
        page.evaluate(f"""() => {{
          const strip = (value, depth) => {{
            if (Array.isArray(value)) return value.map(v => strip(v, depth + 1));
            if (!value || typeof value !== "object" || depth < 2) return value && typeof value === "object"
              ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strip(v, depth + 1)])) : value;
            return {{}};
          }};
          for (const panel of Object.values(picture.panels)) panel.data = strip(panel.data, 0);
          redraw();
          return {BODIES}.length;
        }}""")
        assert page.evaluate("failed") == []


def test_two_hundred_drawings_add_no_node(sheet: Page) -> None:
    for code in ("overview", "tasks", "hall"):
        page = draw(sheet, picture(), code)
        before = page.evaluate("document.querySelectorAll('*').length")
        page.evaluate("""() => {
          for (let turn = 0; turn < 200; turn++) {
            picture.panels.board.data.rows.forEach((row, at) => { row.o = "byr4"[(at + turn) % 4]; });
            picture.panels.counters.data.items.forEach(item => { item.value = String(turn); });
            redraw();
          }
          wall.turnPages(document.body, 0, 60);
          for (let turn = 1; turn < 60; turn++) wall.turnPages(document.body, turn * 60000, 60);
          redraw();
        }""")
        assert page.evaluate("failed") == []
        assert page.evaluate("document.querySelectorAll('*').length") <= before * 1.05


def test_every_station_shows_its_colour_as_a_shape_and_as_a_word(sheet: Page) -> None:
    page = draw(sheet, picture(), "board")
    rows = page.evaluate(f"""() => Array.from(document.querySelectorAll(".bd-row")).map(row => {{
      const sign = row.querySelector(".bd-sign .sg"), style = getComputedStyle(sign);
      const box = sign.getBoundingClientRect();
      return {{ word: row.querySelector(".bd-word").textContent, high: box.height >= {STATUS},
        shape: style.clipPath !== "none" ? "triangle" : style.borderRadius === "50%" ? "round" : "square" }};
    }})""")
    shapes = {(row["word"], row["shape"]) for row in rows}
    assert shapes == {("蓝", "round"), ("灰", "round"), ("黄", "triangle"), ("红", "square")}
    assert all(row["high"] for row in rows)


LIDS = """Array.from(document.querySelectorAll(".bd-row")).filter(row => row.querySelector(".is-held"))
  .map(row => row.dataset.station)"""


def test_what_a_hard_task_holds_carries_a_lid_that_the_legend_explains(sheet: Page) -> None:
    page = draw(sheet, picture(held=(1, 4)), "board")
    assert sorted(page.evaluate(LIDS)) == ["s1", "s4"]
    held = page.locator(".bd-row[data-station=s1]")
    assert held.locator(".bd-sign .is-held").count() == 1
    assert [held.locator(".bd-cell").nth(at).locator(".is-held").count() for at in range(8)] == [0, 0, 1, 0, 0, 0, 0, 0]
    assert page.inner_text(".bd-legend").split() == ["2", "硬任务压为黄"]
    page = draw(sheet, picture(), "board")
    assert page.evaluate(LIDS) == []
    assert not page.locator(".bd-legend").is_visible()


def test_the_hard_task_is_named_where_there_is_room(sheet: Page) -> None:
    page = draw(sheet, picture(stations=3, held=(1,)), "board")
    assert HARD in page.inner_text(".bd-row[data-station=s1]")
    page = draw(sheet, picture(stations=3, held=()), "board")
    assert HARD not in page.inner_text("#board")


def test_a_hall_says_what_is_held_and_by_which_task(sheet: Page) -> None:
    drawn = picture()
    hall = drawn["panels"]["station"]["data"]
    hall["themes"][2].update(o="y", by=HARD)
    hall["by"] = HARD
    page = draw(sheet, drawn, "hall", shape="tall")
    assert page.inner_text(".hl-held").split() == [f"{hall['themes'][2]['name']}：硬任务压为黄", HARD]
    assert page.locator(".hl-big .is-held").count() == 0
    assert page.locator(".hl-theme .is-held").count() == 1
    hall.update(o="y", held=True)
    page = draw(sheet, drawn, "hall", shape="tall")
    assert page.inner_text(".hl-held").split() == ["硬任务压为黄", HARD]
    assert page.locator(".hl-big .is-held").count() == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_comparisons_stay_when_a_line_about_a_late_source_takes_room(sheet: Page, lang: str) -> None:
    page = draw(sheet, picture(lang), "overview")
    page.evaluate("document.getElementById('counters').style.height = '106px'; redraw()")
    assert page.locator("#counters .ct-change:visible").count() == 12
    good(page)


@pytest.mark.parametrize("stations", [3, 23, 40])
def test_all_stations_are_in_view_without_paging(sheet: Page, stations: int) -> None:
    page = draw(sheet, picture(stations=stations), "board")
    assert page.locator(".bd-row").count() == stations


def test_a_hundred_stations_page_through_completely(sheet: Page) -> None:
    page = draw(sheet, picture(stations=100), "overview")
    seen: set[str] = set()
    for turn in range(12):
        seen.update(
            page.evaluate("Array.from(document.querySelectorAll('#board .bd-row')).map(r => r.dataset.station)")
        )
        page.evaluate(f"wall.turnPages(document.body, {1 + turn * 120_000}, 60)")
    assert len(seen) == 100


def test_stations_keep_their_places_when_their_colours_change(sheet: Page) -> None:
    page = draw(sheet, picture(), "board")
    places = "Array.from(document.querySelectorAll('.bd-row')).map(r => [r.dataset.station, r.style.left, r.style.top])"
    before = page.evaluate(places)
    page.evaluate("picture.panels.board.data.rows.forEach(row => { row.o = 'r'; }); redraw()")
    assert page.evaluate(places) == before


def test_the_map_is_painted_again_only_when_it_has_changed(sheet: Page) -> None:
    page = draw(sheet, picture(), "map")
    page.evaluate("""() => {
      const was = wall.mapPaint.paint;
      window.painted = 0;
      wall.mapPaint.paint = function () { painted++; was.apply(null, arguments); };
      window.restore = () => { wall.mapPaint.paint = was; };
    }""")
    page.evaluate("for (let n = 0; n < 50; n++) redraw()")
    assert page.evaluate("painted") == 0
    page.evaluate("picture.panels.map.data.stations[0].o = 'r'; redraw(); redraw()")
    assert page.evaluate("painted") == 1
    page.evaluate("restore()")


def test_red_is_seen_on_the_map_and_blue_stays_quiet(sheet: Page) -> None:
    def reddish(state: str) -> int:
        drawn = picture(state=state)
        drawn["panels"]["map"]["data"]["spots"] = []
        page = draw(sheet, drawn, "map")
        count = page.evaluate("""() => {
          const c = document.querySelector(".mp-canvas");
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let n = 0;
          for (let i = 0; i < d.length; i += 4) if (d[i] > 150 && d[i] > d[i + 1] + 70 && d[i] > d[i + 2] + 60) n++;
          return n;
        }""")
        return int(count)

    assert reddish("b") == 0
    assert reddish("r") > 20_000


def test_names_without_places_and_places_without_polygons_are_drawn(sheet: Page) -> None:
    drawn = picture()
    for station in drawn["panels"]["map"]["data"]["stations"][:20]:
        station.update(lng=None, lat=None)
    page = draw(sheet, drawn, "map", polygons=False)
    assert page.evaluate("failed") == []
    assert page.evaluate("document.getElementById('map').wallNamed") == 3


def test_a_change_is_coloured_by_its_verdict_and_said_in_words(sheet: Page) -> None:
    drawn = copy.deepcopy(picture())
    page = draw(sheet, drawn, "map")
    said = page.evaluate("Array.from(document.querySelectorAll('.ct-change')).map(c => [c.className, c.textContent])")
    assert any("is-good" in look and "下降" in text for look, text in said)
    assert any("is-bad" in look for look, _ in said)


def test_text_of_the_picture_is_never_markup(sheet: Page) -> None:
    page = draw(sheet, picture(name="<img src=x>"), "overview")
    assert page.locator("#canvas img").count() == 0
