"""A walk through the monthly assessment in a browser: ranking, score sheet, sliders and back; a month is locked."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page, expect

from domain.month import Month, read_month
from tests.e2e.conftest import PHONE, OpenPage
from tests.support.server import Server

TOTAL = re.compile(r"\d+\.\d\d")


def told(server: Server, path: str = "") -> Any:
    with urllib.request.urlopen(f"{server.url}/api/v1/assessment{path}") as answer:
        return json.load(answer)


def move(page: Page, source: str, value: str) -> None:
    """Put a slider where a hand would, and let go."""
    page.locator(f'input[name="try.{source}"]').fill(value)


def shown_total(place: Locator) -> str:
    found = TOTAL.search(place.inner_text())
    assert found is not None
    return found[0]


def test_from_the_ranking_to_a_sheet_whose_sliders_change_the_total_and_back(
    open_page: OpenPage, server: Server
) -> None:
    page = open_page("/assessment")
    expect(page.locator("tr.as-line")).to_have_count(sum(len(group["lines"]) for group in told(server)["groups"]))
    last = page.locator("tr.as-line").nth(5)
    name, total = last.locator("th.c-name").inner_text(), shown_total(last.locator("td.c-total"))
    last.locator("th.c-name a").click()
    page.wait_for_url("**/assessment/99*")
    expect(page.locator(".as-big")).to_have_text(total)
    assert name in page.locator("h1").inner_text()

    slider = page.locator('input[name="try.slots"]')
    lowest = "0" if slider.input_value() != "0" else str(slider.get_attribute("max"))
    expect(page.locator(".as-result.is-tried")).to_have_count(0)
    move(page, "slots", lowest)
    expect(page.locator(".as-result.is-tried th", has_text="P3")).to_have_count(1)
    tried = shown_total(page.locator(".as-from-to .new"))
    code = page.url.split("/assessment/")[1].split("?")[0]
    assert tried != total
    assert tried == f"{told(server, f'/{code}/what-if?try.slots={lowest}')['score']['shown']:.2f}"
    assert f"try.slots={lowest}" in page.url, "what is tried can be sent to somebody else"

    page.reload(wait_until="networkidle")
    expect(page.locator(".as-from-to .new")).to_contain_text(tried)
    page.locator("[data-try-reset]").click()
    expect(page.locator(".as-result.is-tried")).to_have_count(0)
    assert "try." not in page.url
    page.locator(".crumbs a", has_text="月考核").click()
    expect(page.locator("tr.as-line").first).to_be_visible()


def test_a_number_leads_to_its_rows_and_another_month_to_its_own_sheet(open_page: OpenPage) -> None:
    page = open_page("/assessment")
    page.locator("tr.as-line th.c-name a").first.click()
    expect(page.locator(".as-state")).to_have_text("进行中")
    before = page.locator(".as-state").inner_text()
    page.locator(".as-months a.as-step").first.click()
    expect(page.locator(".as-state")).to_contain_text("已封存")
    assert before != page.locator(".as-state").inner_text() and "month=" in page.url
    page.locator("#P2 .as-source a").click()
    expect(page.locator("h1")).to_contain_text("头盔")
    expect(page.locator("table.rows tbody tr").first).to_be_visible()


def test_a_slider_and_its_number_move_together_and_are_wide_enough_to_hit(open_page: OpenPage) -> None:
    for size, least in (({"width": 1920, "height": 1080}, 240), (PHONE, 300)):
        page = open_page("/assessment", size=size)
        page.locator("tr.as-line th.c-name a").first.click()
        line = page.locator(".as-slide").first
        slider, number = line.locator("input[type=range]"), line.locator("input[type=number]")
        box = slider.bounding_box()
        assert box is not None and box["width"] >= least
        number.fill("1")
        expect(slider).to_have_value("1")
        expect(page.locator(".as-result.is-tried")).to_have_count(1)
        slider.fill("2")
        expect(number).to_have_value("2")
        number.fill("99999999")
        number.blur()
        expect(number).to_have_value(str(slider.get_attribute("max")))


def test_on_a_phone_the_result_stays_in_sight(open_page: OpenPage) -> None:
    page = open_page("/assessment", size=PHONE)
    page.locator("tr.as-line th.c-name a").first.click()
    slider = page.locator('input[name="try.people"]')
    slider.scroll_into_view_if_needed()
    move(page, "people", "0")
    result = page.locator(".as-result.is-tried")
    expect(result).to_be_visible()
    expect(result).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def unlocked(server: Server) -> Month:
    """The newest month that is over and that the demo left open."""
    running = read_month(told(server)["month"])
    months = (running.back(back) for back in range(1, 20))
    return next(month for month in months if told(server, f"?month={month.period}")["state"] == "open")


def test_a_month_is_locked_with_a_name_and_a_tick(open_page: OpenPage, server: Server) -> None:
    month = unlocked(server)
    page = open_page(f"/assessment?month={month.period}")
    expect(page.locator(".as-state")).to_have_text("未封存")
    page.locator('.as-banner a[href$="#lock"]').click()
    box = page.locator("#lock details.deed-box")
    expect(box).to_be_in_viewport()
    box.locator("summary").click()
    box.locator("button[type=submit]").click()
    expect(page.locator(".as-state")).to_have_text("未封存")
    box.locator("[name=confirm]").check()
    box.locator("[name=actor]").fill("王某")
    box.locator("button[type=submit]").click()
    expect(page.locator(".as-state")).to_have_text("已封存 第 1 版")
    expect(page.locator(".as-banner").first).to_contain_text("王某")
    lock = told(server, f"?month={month.period}")["lock"]
    assert (lock["version"], lock["locked_by"]) == (1, "王某")
