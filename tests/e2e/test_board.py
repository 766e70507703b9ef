"""The board in a real browser: what it shows, and sorting, filtering and moving without the server."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from components.board_payload import payload
from components.look import Look
from i18n import translator
from tests.e2e.conftest import PHONE
from tests.support import views

STATIONS = 23
ROWS = ".matrix tbody tr[data-code]"


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def test_all_stations_in_their_modes_with_counts(open_page):
    page = open_page("/")
    expect(page.locator(ROWS)).to_have_count(STATIONS)
    assert sum(int(n) for n in texts(page, ".count .cn")) == STATIONS
    assert [text.split()[0] for text in texts(page, ".gh b")] == ["基础融合", "深度融合", "全面融合"]
    assert page.locator(".topbar .demo").is_visible()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", page.locator("#clock").inner_text())
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_every_cell_says_its_colour_in_a_word(open_page):
    page = open_page("/")
    cells = texts(page, f"{ROWS} td.t")
    assert len(cells) == STATIONS * 8
    assert {re.split(r"[\s\d]", cell)[0] for cell in cells} <= {
        "蓝", "黄", "红", "无任务", "样本少", "进行中", "数据迟", "无数据", "仅参考",
    }  # fmt: skip


def test_a_count_filters_and_the_address_says_so(open_page):
    page = open_page("/")
    red = int(page.locator(".count.k-red .cn").inner_text())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "_dash-update" in request.url else None)
    page.locator(".count.k-red").click()
    expect(page.locator(ROWS)).to_have_count(red)
    assert query(page)["colour"] == ["red"]
    assert asked == [], "filtering is the browser's own work"
    page.reload(wait_until="networkidle")
    expect(page.locator(ROWS)).to_have_count(red)
    page.get_by_text("清除条件").click()
    expect(page.locator(ROWS)).to_have_count(STATIONS)
    assert query(page) == {}


def test_sorting_by_a_theme_puts_the_worst_first(open_page):
    page = open_page("/?group=none")
    head = page.locator("thead th.t").nth(1)
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    order = {"红": 0, "黄": 1, "蓝": 2}
    ranks = [order.get(re.split(r"[\s\d]", text)[0], 3) for text in texts(page, f"{ROWS} td.t:nth-child(6)")]
    assert ranks == sorted(ranks)
    assert query(page)["sort"] == ["T2"]
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")


def test_sorting_by_score_and_finding_a_name(open_page):
    page = open_page("/?group=none&sort=score")
    scores = [float(text) for text in texts(page, f"{ROWS} .c-all .n") if text]
    assert scores == sorted(scores)
    name = page.locator(f"{ROWS} .nm").first.inner_text()
    page.locator("input[type=search]").fill(name)
    expect(page.locator(ROWS)).to_have_count(1)
    page.locator("input[type=search]").fill("没有这样的派出所")
    expect(page.locator(".no-match")).to_be_visible()


def test_the_keyboard_walks_the_grid_and_opens_a_station(open_page):
    page = open_page("/?group=none")
    page.locator(f"{ROWS} a").first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    place = page.evaluate(
        "[...document.activeElement.closest('tr').querySelectorAll('a')].indexOf(document.activeElement)"
    )
    code = page.evaluate("document.activeElement.closest('tr').dataset.code")
    assert place == 2
    assert code == page.locator(ROWS).nth(1).get_attribute("data-code")
    assert page.locator(f"{ROWS} a[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/station/{code}*")
    expect(page.locator("h2", has_text="全部任务")).to_be_visible()


def test_hovering_names_the_tasks_behind_a_theme(open_page):
    page = open_page("/")
    cell = page.locator(f"{ROWS} td.t").first
    cell.hover()
    lines = (cell.get_attribute("title") or "").splitlines()
    assert len(lines) == 9
    assert all(line[0] in "●▲■○" for line in lines[1:])


def test_a_phone_shows_cards_and_nothing_runs_over(open_page):
    page = open_page("/", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    first = page.locator(ROWS).first
    expect(first.locator("td.t")).to_have_count(8)
    boxes = [cell.bounding_box() for cell in first.locator("td.t").all()]
    assert {round(box["x"]) for box in boxes if box} == {round(box["x"]) for box in boxes[:4] if box}
    assert first.locator("td.t").first.evaluate("e => getComputedStyle(e, '::before').content") == '"警情处置"'


def test_four_hundred_stations_are_drawn_at_once(open_page):
    page = open_page("/")
    made = payload(views.board_view(400), Look(translator("zh"), views.CATALOGUE))
    took = page.evaluate(
        """made => new Promise(done => {
            const from = performance.now();
            dash_clientside.set_props('board-screen', {payload: made});
            const look = () => document.querySelectorAll('.matrix tbody tr[data-code]').length >= 400
                ? done(performance.now() - from) : requestAnimationFrame(look);
            look();
        })""",
        json.loads(json.dumps(made)),
    )
    assert took < 3000
    before = page.evaluate("performance.now()")
    page.locator("thead .c-red button").click()
    expect(page.locator("thead .c-red")).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("performance.now()") - before < 3000
    reds = [int(text) for text in texts(page, f"{ROWS} .c-red")[:6]]
    assert reds == sorted(reds, reverse=True)


def test_a_changed_board_keeps_focus_and_place(open_page):
    page = open_page("/?group=none")
    link = page.locator(f"{ROWS} a").nth(14)
    link.focus()
    code = page.evaluate("document.activeElement.closest('tr').dataset.code")
    page.evaluate(
        """() => {
            const found = Object.keys(window.dcb); if (!found.length) throw new Error('no components');
            const row = document.activeElement.closest('tr'); row.dataset.mark = 'old';
        }"""
    )
    made = payload(views.board_view(), Look(translator("zh"), views.CATALOGUE))
    for number, row in enumerate(made["rows"]):
        row[0] = page.locator(ROWS).nth(number).get_attribute("data-code")
    page.evaluate("made => dash_clientside.set_props('board-screen', {payload: made})", json.loads(json.dumps(made)))
    expect(page.locator(f"{ROWS}[data-mark]")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('tr').dataset.code") == code
