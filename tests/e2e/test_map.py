"""The map on the demo district, as a leader, a chief and a keyboard use it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage

SLOW = 20_000


def total(page: Page) -> int:
    """The incidents of the period, as the page says them."""
    text = page.locator(".mp-card .big").first.inner_text()
    return int(re.sub(r"\D", "", text))


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def drawn(page: Page) -> None:
    """The map has been drawn and the hot spots have come."""
    expect(page.locator(".imap canvas").first).to_be_visible(timeout=SLOW)
    expect(page.locator(".mp-spots")).to_be_visible(timeout=SLOW)


def test_a_filter_changes_every_number_and_the_address(open_page: OpenPage) -> None:
    page = open_page("/map")
    drawn(page)
    everything = total(page)
    page.locator(".mp-fold > summary").click()
    page.get_by_label("事故", exact=True).check()
    expect(page.locator(".mp-chip")).to_have_count(1, timeout=SLOW)
    assert asked(page)["class"] == "accident"
    assert 0 < total(page) < everything
    page.locator(".mp-chip").click()
    expect(page.locator(".mp-chip")).to_have_count(0, timeout=SLOW)
    assert "class" not in asked(page)
    assert total(page) == everything


def test_a_number_opens_as_many_rows_as_it_says(open_page: OpenPage) -> None:
    page = open_page("/map?preset=7d")
    drawn(page)
    cell = page.locator(".mp-matrix td a[data-n]").nth(60)
    count = int(cell.get_attribute("data-n") or 0)
    assert count > 0
    cell.click()
    expect(page.locator(".mp-rows")).to_be_visible(timeout=SLOW)
    assert int(re.sub(r"\D", "", page.locator(".mp-about b").inner_text())) == count
    assert urlsplit(page.url).path == "/incidents"


def test_the_minute_at_which_a_period_ends_stays_when_something_else_is_asked(open_page: OpenPage) -> None:
    page = open_page("/map?preset=yesterday")
    day = page.locator("input[name=to]").input_value()
    page = open_page(f"/map?from={day}&to={day}T13:40")
    drawn(page)
    ends = page.locator("input[name=to]")
    assert ends.input_value() == f"{day}T13:40"
    morning = total(page)
    page.locator(".mp-fold > summary").click()
    page.get_by_label("事故", exact=True).check()
    expect(page.locator(".mp-chip")).to_have_count(1, timeout=SLOW)
    assert asked(page)["to"] == f"{day}T13:40"
    page.locator(".mp-chip").click()
    expect(page.locator(".mp-chip")).to_have_count(0, timeout=SLOW)
    assert total(page) == morning
    ends.fill(f"{day}T06:00")
    expect(page.locator(".mp-card .stretch").first).to_contain_text("06:00", timeout=SLOW)
    assert total(page) < morning


def test_november_of_two_years_is_one_click(open_page: OpenPage) -> None:
    page = open_page("/map")
    drawn(page)
    page.locator(".mp-november").click()
    expect(page.locator(".imap canvas").nth(1)).to_be_visible(timeout=SLOW)
    assert asked(page)["side"] == "both"
    assert asked(page)["preset"] == "november"
    titles = page.locator(".imap").inner_text()
    assert len(set(re.findall(r"(20\d\d)-11-01", titles))) == 2


def test_street_level_shows_single_incidents_from_this_host(open_page: OpenPage) -> None:
    page = open_page("/map?preset=7d")
    drawn(page)
    spot = page.evaluate("document.querySelector('.imap').dcbMap.payload.levels.slice(-1)[0]")
    best = max(range(len(spot["now"])), key=lambda n: spot["now"][n])
    lng, lat = spot["lng"][best] / 1e6, spot["lat"][best] / 1e6
    page.goto(page.url.split("?")[0] + f"?preset=7d&view=17,{lng},{lat}")
    drawn(page)
    for _ in range(50):
        points = page.evaluate(
            "(p => ({n: p ? p.n : 0, total: p ? p.total : 0}))(document.querySelector('.imap').dcbMap.panes[0].points)"
        )
        if points["n"]:
            break
        page.wait_for_timeout(200)
    assert points["n"] == points["total"] > 0


def test_rings_around_a_point_are_counted(open_page: OpenPage) -> None:
    page = open_page("/map?preset=30d")
    drawn(page)
    level = page.evaluate("document.querySelector('.imap').dcbMap.payload.levels.slice(-1)[0]")
    point = f"{level['lng'][0] / 1e6},{level['lat'][0] / 1e6}"
    page.goto(page.url.split("?")[0] + f"?preset=30d&ring={point}")
    rings = page.locator(".mp-rings tbody tr")
    expect(rings.first).to_be_visible(timeout=SLOW)
    assert rings.count() == 4


def test_nonsense_in_the_address_gets_a_sentence(open_page: OpenPage) -> None:
    for query, word in (("hours=99", "hours"), ("from=2024-13-40", "2024-13-40"), ("layer=globe", "globe")):
        page = open_page(f"/map?{query}")
        said = page.locator(".notice").first
        expect(said).to_contain_text(word, timeout=SLOW)
        assert "Traceback" not in page.inner_text("body")


def test_nothing_found_is_a_designed_state(open_page: OpenPage) -> None:
    page = open_page("/map?preset=7d&tag=no_such_tag")
    expect(page.locator(".mp-empty").first).to_be_visible(timeout=SLOW)
    assert page.locator(".mp-empty a").count() > 1


def test_the_map_is_reached_and_moved_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/map")
    drawn(page)
    container = page.locator(".imap .leaflet-container").first
    container.focus()
    before = asked(page).get("view", "")
    page.keyboard.press("+")
    page.wait_for_timeout(800)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    assert asked(page)["view"] != before
    assert container.evaluate("element => element === document.activeElement")


def test_hours_and_days_are_one_stop_and_arrows_move_inside(open_page: OpenPage) -> None:
    page = open_page("/map?preset=30d")
    drawn(page)
    assert page.locator(".mp-matrix a[tabindex='0']").count() == 1
    first = page.locator(".mp-matrix tbody a").nth(30)
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = page.evaluate("document.activeElement.title")
    assert moved
    assert moved != first.get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.locator(".mp-rows")).to_be_visible(timeout=SLOW)


def test_another_station_takes_the_map_there(open_page: OpenPage) -> None:
    page = open_page("/map?preset=30d")
    drawn(page)
    before = page.evaluate("document.querySelector('.imap').dcbMap.panes[0].map.getZoom()")
    code = page.locator("#areas tbody a").first.get_attribute("href").split("station=")[1].split("&")[0]
    page.evaluate("href => window.dcb.go(href)", f"/map?preset=30d&station={code}")
    expect(page.locator("#areas tbody tr")).to_have_count(1, timeout=SLOW)
    page.wait_for_timeout(800)
    assert page.evaluate("document.querySelector('.imap').dcbMap.panes[0].map.getZoom()") > before


def test_the_phone_has_the_same_map_in_one_column(open_page: OpenPage) -> None:
    page = open_page("/map?side=both", size=PHONE, lang="en")
    drawn(page)
    boxes = [page.locator(".imap .leaflet-container").nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] + 1


def test_a_spot_becomes_a_record_with_one_plan_and_one_leader(open_page: OpenPage, troubles: list[str]) -> None:
    page = open_page("/hotspots")
    expect(page.locator(".mp-spots")).to_be_visible(timeout=SLOW)
    page.locator(".mp-spot a[href*='/hotspots/new']").first.click()
    form = page.locator("form[data-post]").first
    expect(form).to_be_visible(timeout=SLOW)
    assert form.locator("[name=lng]").input_value()
    form.locator("[name=actor]").fill("李某")
    form.locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_url(re.compile("/hotspot/"), timeout=SLOW)
    expect(page.locator("body")).to_contain_text("立项", timeout=SLOW)
    troubles[:] = [one for one in troubles if "409" not in one]
