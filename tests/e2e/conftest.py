"""A real server with the demo district and a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.browser import FLAGS
from tests.support.server import Server, manage, serving

DEMO_MONTHS = "13"
DESK = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
OpenPage = Callable[..., Page]
expect.set_options(timeout=15_000)  # a busy machine is not a defect


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of this folder drive a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a SQLite database with the demo district up to this minute."""
    url = f"sqlite:///{tmp_path_factory.mktemp('e2e') / 'demo.db'}"
    manage(url, "db", "upgrade")
    manage(url, "demo", "--months", DEMO_MONTHS)
    return url


@pytest.fixture(scope="session")
def server(chromium: Path, demo_database: str) -> Iterator[Server]:
    """The demo board, served by gunicorn without a worker: its data stand still."""
    with serving(demo_database, BOARD_POLL_SECONDS="1") as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One Chromium for all tests; each page has a context of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in the browser: errors on the console, requests to other hosts. Must stay empty."""
    return []


@pytest.fixture
def open_page(browser: Browser, server: Server, troubles: list[str]) -> Iterator[OpenPage]:
    """`open_page("/", lang="en", theme="dark", size=PHONE)` opens a page of the server.

    At the end the test fails if a page wrote an error to the console or asked another host. A test
    that provokes an error clears `troubles`.
    """
    contexts: list[BrowserContext] = []

    def opened(path: str = "/", *, lang: str = "", theme: str = "", size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(viewport=size or DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        chosen = {"lang": lang, "theme": theme}
        context.add_cookies([{"name": n, "value": v, "url": server.url} for n, v in chosen.items() if v])
        page = context.new_page()
        _watch(page, server, troubles)
        page.goto(server.url + path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def _watch(page: Page, server: Server, troubles: list[str]) -> None:
    host = urlsplit(server.url).netloc

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            troubles.append(f"asked another host: {request.url}")

    page.on("console", said)
    page.on("request", asked)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
