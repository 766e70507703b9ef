"""An open screen: asks little, never twice at once, says how old it is, and heals by itself."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, Route, expect

ROWS = ".matrix tbody tr[data-code]"
FIRST_VISIT_BYTES = 500_000


def poll_says(page: Page, **news: object) -> dict[str, object]:
    """From now on the poll answers with these words; the returned table can be changed."""
    table: dict[str, object] = {"s": 1, **news}
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    page.route("**/api/poll", lambda route: route.fulfill(status=200, headers=headers, body=json.dumps(table)))
    return table


def until(page: Page, condition: str, seconds: int = 25) -> None:
    """Wait for a condition of the page; the page's policy forbids the waiting that evaluates text there."""
    for _ in range(seconds * 10):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within {seconds} s: {condition}")


def build(page: Page) -> object:
    return page.evaluate("dcb.pollState.build")


def answers(page: Page) -> list[str]:
    """Data versions the page asked for, as they are asked."""
    asked: list[str] = []

    def note(request) -> None:
        if "_dash-update-component" in request.url and '"board-screen"' in (request.post_data or ""):
            inputs = json.loads(request.post_data)["inputs"]
            asked.append(next(str(i.get("value")) for i in inputs if i["id"] == "version"))

    page.on("request", note)
    return asked


def test_a_first_visit_stays_small_and_loads_no_plotly(browser, server):
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + "/", wait_until="networkidle")
    expect(page.locator(ROWS)).to_have_count(23)
    context.close()
    assert sum(sizes) <= FIRST_VISIT_BYTES
    assert [url for url in asked if "plotly" in url or "graph" in url] == []


def test_an_unchanged_board_is_not_asked_for_again(open_page):
    page = open_page("/")
    asked = answers(page)
    poll_says(page, v=page.evaluate("dcb.pollState.version"), b=build(page))
    page.wait_for_timeout(3500)
    assert asked == []


def test_a_new_version_is_asked_for_once(open_page):
    page = open_page("/")
    asked = answers(page)
    poll_says(page, v="new.1", b=build(page))
    until(page, "dcb.pollState.shown === 'new.1'")
    page.wait_for_timeout(2500)
    assert asked == ["new.1"]


def test_a_slow_answer_is_not_overtaken(open_page):
    page = open_page("/")
    running, most = [0], [0]

    def slowly(route: Route) -> None:
        if '"board-screen"' not in (route.request.post_data or ""):
            route.continue_()
            return
        running[0] += 1
        most[0] = max(most[0], running[0])
        page.wait_for_timeout(1500)
        running[0] -= 1
        route.continue_()

    page.route(re.compile("_dash-update-component"), slowly)
    news = poll_says(page, v="a", b=build(page))
    for version in ("b", "c", "d"):
        page.wait_for_timeout(900)
        news["v"] = version
    until(page, "dcb.pollState.shown === 'd'")
    assert most[0] == 1


def test_a_lost_connection_is_marked_and_heals(open_page, troubles):
    page = open_page("/")
    page.route("**/api/poll", lambda route: route.fulfill(status=503, body="{}"))
    until(page, "dcb.pollState.failures > 0")
    page.evaluate("dcb.pollState.goodAt = Date.now() - 20000")
    bar = page.locator("#stale")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text(page.locator("#clock").inner_text())
    assert page.evaluate("document.documentElement.dataset.stale") == "amber"
    page.evaluate("dcb.pollState.goodAt = Date.now() - 70000")
    until(page, "document.documentElement.dataset.stale === 'lost'")
    expect(page.locator(ROWS)).to_have_count(23), "the last good picture stays"
    page.unroute("**/api/poll")
    expect(bar).to_be_hidden(timeout=30000)
    assert page.evaluate("document.documentElement.dataset.stale") is None
    troubles[:] = [line for line in troubles if "503" not in line]


def test_an_answer_that_fails_keeps_the_picture_and_is_asked_again(open_page, troubles):
    page = open_page("/")
    broken = [True]

    def fail(route: Route) -> None:
        if broken[0] and '"board-screen"' in (route.request.post_data or ""):
            route.fulfill(status=500, body="x")
        else:
            route.continue_()

    page.route(re.compile("_dash-update-component"), fail)
    poll_says(page, v="x.1", b=build(page))
    until(page, "dcb.pollState.asked === 'x.1'")
    expect(page.locator(ROWS)).to_have_count(23)
    page.evaluate("dcb.pollState.askedAt = dcb.pollState.goodAt = Date.now() - 25000")
    expect(page.locator("#stale")).to_be_visible()
    broken[0] = False
    page.evaluate("dcb.pollState.askedAt = Date.now() - 31000")
    until(page, "dcb.pollState.shown === 'x.1'")
    expect(page.locator("#stale")).to_be_hidden()
    troubles.clear()


def test_a_new_release_reloads_the_screen_once(open_page):
    page = open_page("/")
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    with page.expect_event("load"):
        poll_says(page, v="1", b="another-build")
    page.wait_for_timeout(4000)
    assert len(loads) == 1


def test_a_past_instant_is_left_alone(open_page):
    page = open_page("/")
    day = page.locator("#clock").inner_text()[:10]
    page = open_page(f"/?as_of={day}T00:10")
    asked = answers(page)
    poll_says(page, v="other", b=build(page))
    page.wait_for_timeout(3000)
    assert asked == []
