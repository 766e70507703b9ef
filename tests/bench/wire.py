"""Bytes that a real browser transfers: a first visit, an update, and the request that fetches the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.bench.load import Request
from tests.support.browser import FLAGS

CALLBACK = "/_dash-update-component"
KEPT_HEADERS = ("content-type", "accept", "cookie", "x-csrftoken", "origin", "referer")
SETTLE_MS, UPDATE_MS = 2500, 20_000


@dataclass
class Traffic:
    """Every finished transfer: address -> bytes on the wire, heads included."""

    address: dict[str, str] = field(default_factory=dict)
    transfers: list[tuple[str, int]] = field(default_factory=list)

    def begin(self, event: dict[str, Any]) -> None:
        self.address[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def end(self, event: dict[str, Any]) -> None:
        path = self.address.get(event["requestId"], "?")
        self.transfers.append((path, int(event["encodedDataLength"])))

    @property
    def total(self) -> int:
        return sum(size for _, size in self.transfers)

    def largest(self, many: int = 5) -> list[tuple[str, int]]:
        """The largest transfers."""
        return sorted(self.transfers, key=lambda one: -one[1])[:many]


@dataclass(frozen=True)
class Visit:
    """What one browser needed."""

    first: Traffic
    idle: Traffic
    update: Traffic
    board: Request | None
    board_bytes: int
    plotly: bool


def visit(url: str, chromium: Path, change: Callable[[], None]) -> Visit:
    """Open the board with an empty cache, let it stand, then change the data and wait for the new picture.

    Args:
        change: changes something on the board and raises the data version.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        asked: list[Any] = []
        page.on("requestfinished", lambda request: asked.append(request) if CALLBACK in request.url else None)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        first = _during(session, lambda: (page.goto(url, wait_until="networkidle"), page.wait_for_timeout(SETTLE_MS)))
        idle = _during(session, lambda: page.wait_for_timeout(SETTLE_MS))
        answers = [(request, request.sizes()) for request in asked]
        update = _during(session, lambda: _changed(page, change))
        plotly = bool(page.evaluate("typeof window.Plotly !== 'undefined'"))
        request, sizes = max(answers, key=lambda one: one[1]["responseBodySize"], default=(None, {}))
        found = _request(request) if request else None
        browser.close()
    return Visit(first, idle, update, found, sizes.get("responseBodySize", 0), plotly)


def _during(session: Any, act: Callable[[], Any]) -> Traffic:
    traffic = Traffic()
    session.on("Network.requestWillBeSent", traffic.begin)
    session.on("Network.loadingFinished", traffic.end)
    act()
    session.remove_listener("Network.requestWillBeSent", traffic.begin)
    session.remove_listener("Network.loadingFinished", traffic.end)
    return traffic


def _changed(page: Page, change: Callable[[], None]) -> None:
    with page.expect_response(lambda response: CALLBACK in response.url, timeout=UPDATE_MS):
        change()
    page.wait_for_timeout(500)


def _request(request: Any) -> Request:
    headers = {name: value for name, value in request.all_headers().items() if name in KEPT_HEADERS}
    parts = urlsplit(request.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return Request(request.method, path, {**headers, "accept-encoding": "br, gzip"}, request.post_data_buffer or b"")
