"""From the board down to a row and up again, in both languages and themes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE

ROWS = ".matrix tbody tr[data-code]"


def last_evening(page: Page) -> str:
    """Yesterday at 20:00 as the board writes it: an instant that has rows at whatever hour the tests run."""
    today = date.fromisoformat(page.locator("#clock").inner_text()[:10])
    return f"{today - timedelta(days=1)}T20:00"


def first_station(page: Page) -> str:
    return page.locator(ROWS).first.get_attribute("data-code") or ""


def same_place(url: str, wanted: str) -> bool:
    """Whether an address names that path, query and fragment on whatever host."""
    found, want = urlsplit(unquote(url)), urlsplit(wanted)
    return (found.path, found.query, found.fragment) == (want.path, want.query, want.fragment)


def test_from_the_board_to_a_row_and_up_again(open_page):
    at = f"?as_of={last_evening(open_page('/'))}"
    page = open_page(f"/{at}")
    page.evaluate("window.sameDocument = true")
    code = first_station(page)
    page.locator(f"{ROWS} td.t a").nth(2).click()
    page.wait_for_url(lambda url: same_place(url, f"/station/{code}{at}#T3"))
    expect(page.locator("tbody#T3")).to_have_class(re.compile("is-aimed"))
    page.locator("tbody#T1 tr.task a").first.click()
    page.wait_for_url(lambda url: same_place(url, f"/station/{code}/T1-01{at}"))
    expect(page.locator(".formula")).to_be_visible()
    expect(page.locator("table.rows tbody tr").first).to_be_visible()
    assert page.evaluate("window.sameDocument"), "pages change without a reload"
    page.locator(".crumbs a").first.click()
    expect(page.locator(ROWS).first).to_be_visible()
    page.go_back()
    expect(page.locator(".formula")).to_be_visible()


def test_rows_are_sorted_and_split_in_place(open_page):
    page = open_page("/")
    code = first_station(page)
    page = open_page(f"/station/{code}/T1-01?as_of={last_evening(page)}")
    page.locator("table.rows thead a", has_text="签收时间").click()
    expect(page.locator("th", has_text="签收时间")).to_have_attribute("aria-sort", "ascending")
    assert parse_qs(urlsplit(page.url).query)["sort"] == ["signed_at"]
    done = page.locator(".tabs a", has_text="已达标")
    wanted = int(re.sub(r"\D", "", done.inner_text()))
    done.click()
    expect(page.locator(".tabs a.is-on")).to_contain_text("已达标")
    shown = min(50, wanted)
    expect(page.locator("table.rows tbody tr")).to_have_count(shown if shown else 0)
    assert parse_qs(urlsplit(page.url).query)["part"] == ["done"]


def test_what_is_on_screen_can_be_taken_along(open_page):
    page = open_page("/")
    code = first_station(page)
    with page.expect_download() as got:
        page.get_by_text("导出 CSV").click()
    data = got.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").count("\n") > 23
    page = open_page(f"/station/{code}/T1-01")
    with page.expect_download() as got:
        page.get_by_text("导出 Excel").click()
    assert got.value.path().read_bytes()[:2] == b"PK"


def test_a_past_instant_goes_along_until_one_comes_back(open_page):
    page = open_page("/")
    at = last_evening(page)
    page = open_page(f"/?as_of={at}")
    expect(page.locator(".banner.past")).to_contain_text("历史时点")
    page.locator(f"{ROWS} th a").first.click()
    expect(page.locator(".banner.past")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["as_of"] == [at]
    page.locator("tr.task a").first.click()
    expect(page.locator(".formula")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["as_of"] == [at]
    page.locator(".brand").click()
    expect(page.locator(ROWS).first).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["as_of"] == [at]
    page.get_by_text("回到现在").click()
    expect(page.locator(".banner.past")).to_have_count(0)
    assert urlsplit(page.url).query == ""


def test_a_task_over_all_stations_and_a_theme(open_page):
    page = open_page("/task/T1-01")
    expect(page.locator("tr.task")).to_have_count(23)
    order = {"红": 0, "黄": 1, "蓝": 2}
    words = [text.strip() for text in page.locator("tr.task .chip b").all_inner_texts()]
    ranks = [order.get(word, 3) for word in words]
    assert ranks == sorted(ranks), "worst first"
    page.locator(".crumbs a").nth(1).click()
    page.wait_for_url("**/theme/T1")
    expect(page.locator(".theme-matrix tbody tr")).to_have_count(23)
    expect(page.locator(".theme-matrix thead th.t")).to_have_count(8)


def test_the_sources_and_what_needs_them(open_page):
    page = open_page("/feeds")
    states = [text.strip() for text in page.locator("table.feeds tbody .chip b").all_inner_texts()]
    assert len(states) >= 10
    assert set(states) <= {"正常", "迟到", "无数据"}


@pytest.mark.parametrize("path", ["/station/000000000000", "/station/000000000000/T1-01", "/task/T9-99", "/theme/T9"])
def test_what_does_not_exist_is_said(open_page, path):
    page = open_page(path)
    expect(page.locator(".notice")).to_contain_text("没有找到")
    page.get_by_text("回到日清看板").click()
    expect(page.locator(ROWS).first).to_be_visible()


def test_an_unknown_address_has_its_page(open_page):
    page = open_page("/nowhere/at/all", lang="en")
    expect(page.locator("h1")).to_contain_text("There is no such page")


def test_a_senseless_instant_is_refused_in_words(open_page):
    page = open_page("/?as_of=yesterdayish")
    expect(page.locator(".notice")).to_contain_text("yesterdayish")
    page.locator(".notice-over .close").click()
    expect(page.locator(".notice")).to_have_count(0)


def test_language_and_theme_are_remembered(open_page):
    page = open_page("/")
    page.locator("[data-lang-to]").click()
    expect(page.locator(".brand")).to_contain_text("Daily Clear Board")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.evaluate("window.sameDocument = true")
    page.locator("[data-theme-switch]").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("window.sameDocument")
    page.reload(wait_until="networkidle")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    expect(page.locator(".count .cw").first).to_have_text("Blue")


def test_the_menu_opens_leads_on_and_closes(open_page):
    page = open_page("/")
    page.locator(".topbar .icon").first.click()
    page.locator(".offcanvas a", has_text="数据来源与时效").click()
    expect(page.locator("table.feeds")).to_be_visible()
    expect(page.locator(".offcanvas")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_runs_over_on_a_phone(open_page, lang):
    page = open_page("/", size=PHONE, lang=lang)
    code = first_station(page)
    for path in ("/", f"/station/{code}", f"/station/{code}/T1-06", "/task/T3-01", "/theme/T1", "/feeds"):
        page = open_page(path, size=PHONE, lang=lang)
        page.locator(".sheet, .board").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_trees_draw_text_as_text_and_only_safe_links(open_page):
    page = open_page("/feeds")
    drawn = page.evaluate(
        """() => {
            const host = document.createElement('div'); document.body.appendChild(host);
            const evil = ['div', ['script', 'window.hit = 1'],
                ['p', {onclick: 'window.hit = 1', style: 'color:red'}, '<img src=x onerror=hit()>'],
                ['a', {href: 'javascript:window.hit=1'}, 'a'], ['a', {href: '//evil.example'}, 'b'],
                ['a', {href: '/feeds'}, 'c'], {__html: 'x'}];
            ReactDOM.createRoot(host).render(dcb.draw(evil));
            return new Promise(done => setTimeout(() => done({html: host.innerHTML, hit: window.hit}), 300));
        }"""
    )
    assert drawn["hit"] is None
    assert "<script" not in drawn["html"]
    assert "onclick" not in drawn["html"]
    assert "style=" not in drawn["html"]
    assert "&lt;img" in drawn["html"]
    assert re.findall(r'href="([^"]*)"', drawn["html"]) == ["/feeds"]
