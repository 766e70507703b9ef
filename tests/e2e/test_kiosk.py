"""The kiosk's two pages in a real browser: they wait for the server and then show the wall by themselves."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.project import ROOT
from tests.support.server import free_port
from web.security import resource_policy

KIOSK = ROOT / "tools" / "kiosk"
TOKEN = "5c1e09a7b2d4.secret-of-the-wall"
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


class Board(ThreadingHTTPServer):
    """A board of straw: away (502 for everything) until `well` is set."""

    daemon_threads = True
    well = True

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", port), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Board

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        kind, body = "text/html", b"<!doctype html><title>wall</title>the wall"
        if self.path.startswith("/assets/favicon.ico"):
            kind, body = "image/gif", PIXEL
        if not self.server.well:
            kind, body = "text/html", (KIOSK / "wall-away.html").read_bytes()
        self.send_response(200 if self.server.well else 502)
        self.send_header("Content-Type", kind)
        self.send_header("Cross-Origin-Resource-Policy", resource_policy(self.path.split("?")[0]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_waiting_page_shows_no_error_and_goes_to_the_wall_when_the_server_comes(page: Page, tmp_path: Path) -> None:
    port = free_port()
    server, address = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/wall?lang=zh#{TOKEN}"
    shutil.copy(KIOSK / "waiting.html", tmp_path)
    (tmp_path / "target.js").write_text(f'window.wallAddress = "{address}";\nwindow.wallServer = "{server}";\n')
    page.goto(f"file://{tmp_path}/waiting.html")
    page.wait_for_function("document.getElementById('since').textContent.indexOf('·') > 0")
    assert "等待" in page.inner_text("main")
    board = Board(port)
    board.well = False  # a gateway that answers for a board that is away
    page.wait_for_timeout(4000)
    assert page.url.startswith("file://")
    board.well = True
    page.wait_for_url(address, timeout=20_000)
    assert "the wall" in page.inner_text("body")
    board.shutdown()
    assert [path for path in board.asked if TOKEN in path] == []


def test_the_gateway_s_page_opens_the_same_address_again_with_its_token(page: Page) -> None:
    board = Board(free_port())
    board.well = False
    address = f"http://127.0.0.1:{board.server_address[1]}/wall?lang=zh#{TOKEN}"
    page.goto(address)
    assert "重新启动" in page.inner_text("main")
    board.well = True
    page.wait_for_function("document.title === 'wall'", timeout=20_000)
    assert page.url == address
    board.shutdown()
