"""A hot spot from opening to treatment in a browser, and two people at the same record."""

from __future__ import annotations

import json
import re
import urllib.request

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.support.server import Server

ADDRESS = "/hotspots/new?near=124.0,29.55,120&kind=section&name=东塘路"


def box(page: Page, title: str) -> Locator:
    """One of the forms, folded open."""
    found = page.locator("details.deed-box").filter(has=page.locator("summary", has_text=re.compile(f"^{title}$")))
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def opened(page: Page) -> str:
    """Open a record with the form; returns its identifier."""
    page.locator("form.deed [name=actor]").fill("李某")
    page.locator("form.deed button").click()
    page.wait_for_url("**/hotspot/H*")
    expect(page.locator(".one")).to_have_count(3)
    return page.url.rsplit("/", 1)[1]


def write_plan(page: Page, text: str) -> Locator:
    form = box(page, "编制方案")
    form.locator("[name=plan]").fill(text)
    form.locator("[name=leader]").fill("王某")
    form.locator("[name=due]").fill("2199-12-31")
    form.locator("[name=actor]").fill("李某")
    return form


def test_one_spot_one_plan_one_leader(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    opened(page)
    expect(page.locator(".one.missing")).to_have_count(2)
    write_plan(page, "增设标线").locator("button").click()
    expect(page.locator(".one.missing")).to_have_count(0)
    treat = box(page, "转为在治")
    treat.locator("[name=actor]").click()
    expect(treat.locator("[name=actor]")).to_have_value("李某")
    treat.locator("button").click()
    expect(page.locator("h1 .st")).to_have_text("在治")


def written_by_another(server: Server, key: str) -> None:
    """Somebody else replaces the plan."""
    address = f"{server.url}/api/v1/hotspots/{key}"
    with urllib.request.urlopen(address) as answer:
        seen = json.load(answer)["record"]["stamp"]
    body = {"actor": "赵某", "seen": seen, "plan": "别人的方案", "leader": "赵某", "due": "2199-12-31"}
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{address}/plan", json.dumps(body).encode(), headers)).close()


def test_what_somebody_else_wrote_is_not_overwritten_and_the_draft_stays(
    open_page: OpenPage, server: Server, troubles: list[str]
) -> None:
    page = open_page(ADDRESS)
    key = opened(page)
    form = write_plan(page, "我的草稿")
    written_by_another(server, key)
    shown = page.locator(".one .said").nth(1)
    expect(shown).to_have_text("别人的方案", timeout=15_000)
    expect(form.locator("[name=plan]")).to_have_value("我的草稿")
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_contain_text("别人已修改")
    expect(shown).to_have_text("别人的方案")
    expect(form.locator("[name=plan]")).to_have_value("我的草稿")
    assert [trouble for trouble in troubles if "409" not in trouble] == []
    troubles.clear()  # the browser reports a refused request as an error
