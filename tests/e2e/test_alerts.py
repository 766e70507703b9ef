"""An alert in the browser: counted on every page, acknowledged with name and note, and seen so by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, select

from data_access import tables as t
from data_access.clock import wall_clock
from data_access.engine import open_engine, writing
from data_access.state import raise_version
from tests.e2e.conftest import PHONE, OpenPage
from tests.support.server import Server

KEYS = ("red-e2e-1", "red-e2e-2")


@pytest.fixture
def alerts(server: Server) -> Iterator[Engine]:
    """Two open alerts of a station; the server of these tests has no worker that would end them."""
    engine = open_engine(server.database_url)
    now = wall_clock(ZoneInfo("Asia/Shanghai"))() - timedelta(minutes=9)
    with writing(engine) as connection:
        code = connection.execute(select(t.station.c.code).order_by(t.station.c.code)).scalars().first()
        for key, task in zip(KEYS, ("T1-01", "T2-03"), strict=True):
            row = {"alert_id": key, "kind": "red", "station_code": code, "task_code": task}
            connection.execute(t.alert.insert().values(**row, began_at=now, updated_at=now))
        raise_version(connection, now)
    yield engine
    _forget(engine, now)
    engine.dispose()


def _forget(engine: Engine, now: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(t.alert.delete().where(t.alert.c.alert_id.in_(KEYS)))
        raise_version(connection, now)


def test_an_alert_is_counted_acknowledged_and_seen_so(open_page: OpenPage, alerts: Engine, troubles: list[str]) -> None:
    board, page = open_page("/"), open_page("/")
    expect(page.locator(".bell")).to_contain_text("2")
    page.locator(".bell").click()
    page.wait_for_url("**/alerts")
    expect(page.locator(".al-card.is-new")).to_have_count(2)
    card = page.locator(".al-card").first
    card.locator("summary").click()
    card.locator("button").click()
    expect(page.locator(".al-card.is-new")).to_have_count(2)  # the browser asks for name and note first
    card.locator("[name=actor]").fill("李某")
    card.locator("[name=note]").fill("已通知所领导")
    page.route("**/api/poll", lambda route: route.abort())  # the answer itself tells how many still wait
    card.locator("button").click()
    expect(page.locator(".bell")).to_contain_text("1")
    page.unroute("**/api/poll")
    expect(page.locator(".al-card.is-acked")).to_contain_text("已通知所领导")
    expect(page.locator(".al-card.is-new")).to_have_count(1)
    expect(board.locator(".bell")).to_contain_text("1")
    troubles[:] = [one for one in troubles if "ERR_FAILED" not in one]  # the polls this test has stopped


def test_who_comes_second_is_told_and_loses_nothing(open_page: OpenPage, alerts: Engine, troubles: list[str]) -> None:
    pages = [open_page("/alerts?kind=red"), open_page("/alerts", size=PHONE)]
    for page, name in zip(pages, ("李某", "王某"), strict=True):
        card = page.locator(f".al-card:has([data-post*='{KEYS[0]}'])")
        card.locator("summary").click()
        card.locator("[name=actor]").fill(name)
        card.locator("[name=note]").fill("已派警力")
    first, second = pages
    second.wait_for_timeout(2500)  # what it asked for when the alerts came has been answered
    second.wait_for_load_state("networkidle")
    second.route("**/_dash-update-component", lambda route: route.abort())  # it does not hear of the first
    first.locator(f"[data-post*='{KEYS[0]}'] button").click()
    expect(first.locator(".al-card.is-acked")).to_have_count(1)
    form = second.locator(f"[data-post*='{KEYS[0]}']")
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_contain_text("李某")
    expect(form.locator("[name=note]")).to_have_value("已派警力")
    troubles.clear()  # the refusal, and the requests this test has stopped


def test_nothing_open_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page("/alerts", lang="en", theme="dark")
    expect(page.locator(".al-open .empty-box")).to_contain_text("No alerts now")
    expect(page.locator(".bell")).to_be_hidden()
