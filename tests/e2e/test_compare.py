"""The comparison pages on the demo district, as a leader, an analyst and a keyboard use them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, OpenPage

SLOW = 20_000
TABS = ("/compare", "/compare/tables", "/compare/clocks", "/compare/trend", "/compare/fair")


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def ready(page: Page) -> None:
    """The page has its answer, and is not waiting for another."""
    expect(page.locator(".cp-tabs")).to_be_visible(timeout=SLOW)
    expect(page.locator(".dcb-tree[aria-busy]")).to_have_count(0, timeout=SLOW)


def ready_rows(page: Page) -> None:
    """The list of incidents is the one that was asked for last."""
    expect(page.locator(".mp-rows")).to_be_visible(timeout=SLOW)
    expect(page.locator(".dcb-tree[aria-busy]")).to_have_count(0, timeout=SLOW)


def incidents(page: Page) -> Locator:
    """The counter of all incidents."""
    return page.locator("[data-figure=traffic]")


def now(page: Page) -> int:
    return int(incidents(page).locator(".big a").get_attribute("data-n") or 0)


def opens_its_rows(page: Page, link: Locator) -> None:
    """A click leads to as many rows as the number says; and back."""
    count, before = int(link.get_attribute("data-n") or 0), page.url
    assert number(link.inner_text()) == count > 0
    link.click()
    ready_rows(page)
    assert urlsplit(page.url).path == "/incidents"
    assert number(page.locator(".mp-about b").inner_text()) == count
    page.go_back()
    ready(page)
    assert page.url == before


def test_a_number_opens_its_rows_now_and_then_and_back(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=month")
    ready(page)
    opens_its_rows(page, incidents(page).locator(".big a"))
    opens_its_rows(page, incidents(page).locator(".yoy a"))
    opens_its_rows(page, page.locator(".cp-table tbody tr a.n").nth(4))
    opens_its_rows(page, page.locator(".cp-table tfoot a.n").first)


def test_rows_keep_to_the_minute_from_page_to_page(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=month")
    ready(page)
    count = now(page)
    incidents(page).locator(".big a").click()
    expect(page.locator(".mp-rows")).to_be_visible(timeout=SLOW)
    assert "T" in asked(page)["to"]
    page.locator(".pager a").last.click()
    page.wait_for_url(re.compile("page="), timeout=SLOW)
    expect(page.locator(".pager .here")).not_to_contain_text("第 1 /", timeout=SLOW)
    ready_rows(page)
    assert number(page.locator(".mp-about b").inner_text()) == count


def test_the_form_changes_numbers_and_address_and_back_undoes_it(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=month")
    ready(page)
    month = now(page)
    printed = page.locator(".cp-periods").inner_text()
    page.locator("select[name=preset]").select_option("90d")
    expect(page.locator(".cp-periods")).not_to_have_text(printed, timeout=SLOW)
    assert asked(page)["preset"] == "90d"
    ready(page)
    longer = now(page)
    assert longer > month
    page.locator("select[name=region]").select_option("rural")
    expect(incidents(page).locator(".big a")).not_to_have_attribute("data-n", str(longer), timeout=SLOW)
    assert (asked(page)["preset"], asked(page)["region"]) == ("90d", "rural")
    assert 0 < now(page) < longer
    page.go_back()
    expect(incidents(page).locator(".big a")).to_have_attribute("data-n", str(longer), timeout=SLOW)
    assert "region" not in asked(page)
    expect(page.locator("select[name=region]")).to_have_value("")
    page.go_back()
    expect(incidents(page).locator(".big a")).to_have_attribute("data-n", str(month), timeout=SLOW)
    expect(page.locator("select[name=preset]")).to_have_value("month")


def test_another_base_is_printed_and_compared_with(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=30d")
    ready(page)
    count, then = now(page), incidents(page).locator(".yoy a").get_attribute("href")
    page.locator("select[name=base]").select_option("weekday")
    expect(page.locator(".p-base")).to_contain_text("52周前", timeout=SLOW)
    assert asked(page)["base"] == "weekday"
    assert now(page) == count
    assert incidents(page).locator(".yoy a").get_attribute("href") != then
    page.locator("select[name=base]").select_option("none")
    expect(page.locator(".p-base")).to_have_count(0, timeout=SLOW)
    expect(incidents(page).locator(".yoy a")).to_have_count(0)
    page.locator("select[name=base]").select_option("free")
    expect(page.locator("input[name=base_from]")).to_be_visible(timeout=SLOW)


def test_tabs_keep_the_question(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=30d&base=weekday&region=rural")
    ready(page)
    for number_, path in enumerate(TABS):
        page.locator(".cp-tabs a").nth(number_).click()
        page.wait_for_url(re.compile(re.escape(path) + r"\?"), timeout=SLOW)
        expect(page.locator(".cp-tabs a[aria-current=page]")).to_have_attribute(
            "href", re.compile(f"^{re.escape(path)}\\?"), timeout=SLOW
        )
        ready(page)
        expected = {"preset": "30d", "base": "weekday", "region": "rural"}
        assert {name: asked(page).get(name) for name in expected} == expected
        expect(page.locator("select[name=region]")).to_have_value("rural")


def test_a_table_is_sorted_by_its_headings_and_cut_by_unit(open_page: OpenPage) -> None:
    page = open_page("/compare/tables?preset=30d")
    ready(page)
    column = page.locator(".cp-table tbody tr td:nth-child(3)")

    def column_values() -> list[int]:
        return [number(text) for text in column.all_inner_texts()]

    plain = column_values()
    page.locator(".cp-table thead tr:nth-child(2) a.sort").first.click()
    expect(page.locator(".cp-table th[aria-sort=descending]")).to_have_count(1, timeout=SLOW)
    assert column_values() == sorted(plain, reverse=True)
    page.locator(".cp-table thead tr:nth-child(2) a.sort").first.click()
    expect(page.locator(".cp-table th[aria-sort=ascending]")).to_have_count(1, timeout=SLOW)
    assert column_values() == sorted(plain)
    total = number(page.locator(".cp-table tfoot td").nth(1).inner_text())
    assert total == sum(plain)
    for unit in ("district", "region", "mode", "kind"):
        page.locator(f".cp-units a[href*='unit={unit}']").click()
        expect(page.locator(f".cp-table.u-{unit}")).to_be_visible(timeout=SLOW)
        assert number(page.locator(".cp-table tfoot td").nth(1).inner_text()) == total


def test_the_trend_shows_another_figure_and_weeks(open_page: OpenPage) -> None:
    page = open_page("/compare/trend")
    ready(page)
    heading = page.locator(".cp-panel h2").first
    expect(heading).to_contain_text("有效交通警情")
    page.locator(".cp-units a[href*='figure=accident']").click()
    expect(heading).to_contain_text("事故警情", timeout=SLOW)
    assert asked(page)["figure"] == "accident"
    ready(page)
    page.locator(".cp-units a[href*='step=week']").click()
    expect(page.locator(".cp-panel h2", has_text="逐周")).to_be_visible(timeout=SLOW)
    assert (asked(page)["figure"], asked(page)["step"]) == ("accident", "week")
    assert page.locator("svg.cp-chart circle.plain").count() > 20
    expect(page.locator(".cp-months tbody tr")).to_have_count(12)


def test_fair_comparison_lists_each_station_with_its_limits(open_page: OpenPage) -> None:
    page = open_page("/compare/fair?preset=30d")
    ready(page)
    rows = page.locator(".cp-panel table tbody tr")
    dots = page.locator(".cp-funnel circle").count()
    assert rows.count() >= dots > 10
    expect(page.locator(".cp-lead")).to_contain_text("派出所中")
    opens_its_rows(page, rows.first.locator("a.n"))
    name = rows.nth(1).locator("th a")
    said = name.inner_text()
    name.click()
    page.wait_for_url(re.compile(r"/compare\?.*station="), timeout=SLOW)
    expect(page.locator(".cp-table tbody tr")).to_have_count(1, timeout=SLOW)
    expect(page.locator(".cp-table tbody th")).to_have_text(said)


def test_response_clocks_are_judged_by_who_and_limit(open_page: OpenPage) -> None:
    page = open_page("/compare/clocks?preset=30d")
    ready(page)
    expect(page.locator("article.cp-card")).to_have_count(5)
    choices = page.locator(".cp-units a")
    choices.filter(has_text="按区域").click()
    expect(choices.filter(has_text="按区域")).to_have_class("is-on", timeout=SLOW)
    expect(page.locator("article.cp-card", has_text="农村")).to_have_count(1)
    choices.filter(has_text="按警情").click()
    expect(page.locator("article.cp-card")).to_have_count(1, timeout=SLOW)
    assert (asked(page)["limits"], asked(page)["who"]) == ("region", "incident")
    choices.filter(has_text="事故").click()
    expect(choices.filter(has_text="事故")).to_have_class("is-on", timeout=SLOW)
    assert asked(page)["class"] == "accident"
    expect(page.locator(".k-hours tbody tr")).to_have_count(24)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_is_wider_than_a_phone_and_tables_scroll_inside(open_page: OpenPage, lang: str) -> None:
    page = open_page(TABS[0], size=PHONE, lang=lang)
    for number_, _ in enumerate(TABS):
        page.locator(".cp-tabs a").nth(number_).click()
        expect(page.locator(".cp-tabs a").nth(number_)).to_have_attribute("aria-current", "page", timeout=SLOW)
        ready(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + 1, page.url
    assert page.locator(".cp-tabs a").first.bounding_box() is not None


def test_tabs_are_reached_and_opened_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=7d")
    ready(page)
    page.locator(".page-head a").first.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.cp-tabs') && document.activeElement.textContent") == "趋势":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "what has the focus can be seen"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/compare/trend"), timeout=SLOW)
    expect(page.locator(".cp-tabs a[aria-current=page]")).to_have_text("趋势", timeout=SLOW)


def test_a_wide_drawing_or_table_scrolls_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/compare/tables", size=PHONE)
    ready(page)
    inside = page.locator(".cp-scroll").first
    inside.focus()
    assert inside.evaluate("element => element === document.activeElement")


@pytest.mark.parametrize(("path", "form"), [("/compare", "xlsx"), ("/compare/tables?unit=kind", "csv")])
def test_files_are_downloaded(open_page: OpenPage, path: str, form: str, tmp_path: Path) -> None:
    page = open_page(path)
    ready(page)
    with page.expect_download(timeout=SLOW) as waiting:
        page.locator(f".outs a[href*='compare.{form}']").click()
    file = waiting.value
    assert file.suggested_filename.endswith(f".{form}")
    file.save_as(tmp_path / "file")
    assert (tmp_path / "file").stat().st_size > 500


def test_nonsense_in_the_address_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("/compare?preset=decade")
    expect(page.locator(".notice").first).to_contain_text("decade", timeout=SLOW)
    origin = page.url.split("/compare")[0]
    for path, word in (("trend?figure=nope", "nope"), ("clocks?at=x&preset=month", "x"), ("fair?region=sea", "sea")):
        page.goto(f"{origin}/compare/{path}")
        expect(page.locator(".notice").first).to_contain_text(word, timeout=SLOW)
        assert "Traceback" not in page.inner_text("body")


def test_a_day_of_the_past_stays_in_the_past(open_page: OpenPage) -> None:
    page = open_page("/compare")
    ready(page)
    day = page.evaluate("new Date(Date.now() - 40 * 864e5).toISOString().slice(0, 10)")
    page.goto(page.url.split("?")[0] + f"?as_of={day}")
    ready(page)
    expect(page.locator(".banner.past")).to_be_visible()
    assert day[5:] in page.locator(".cp-periods").inner_text()
    page.locator(".cp-tabs a").nth(1).click()
    page.wait_for_url(re.compile("/compare/tables"), timeout=SLOW)
    ready(page)
    assert asked(page)["as_of"] == day
    opens_its_rows(page, page.locator(".cp-table tfoot a.n").first)
