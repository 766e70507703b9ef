"""Every page opens in both languages, draws itself, fits the phone, and asks nobody else.

`open_page` fails the test on an error in the console and on a request to another host.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.shots import addresses
from tests.support.server import Server

LITTLE = 40
QUIET = ("not_found_404", "audit")
"""Pages that show no data here, the log to nobody but its auditor; the others say that it is a demo."""


@pytest.fixture(scope="module")
def pages(server: Server) -> dict[str, str]:
    """Name -> address of every registered page."""
    found = addresses(server.url)
    assert "board" in found
    assert len(found) >= 6
    return found


def words(page: Page) -> str:
    """What the page says, once it has drawn itself."""
    # Not wait_for_function with text: it would be evaluated, which the page's policy forbids.
    expect(page.locator("body")).to_have_text(re.compile(f".{{{LITTLE},}}", re.DOTALL), timeout=15_000)
    page.wait_for_timeout(300)
    return str(page.inner_text("body"))


def wider(page: Page) -> bool:
    """Whether a page runs over a phone's edge."""
    return int(page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"] + 1


def test_every_page_draws_itself_says_demo_and_fits_a_phone(open_page: OpenPage, pages: dict[str, str]) -> None:
    silent, wide = [], []
    for name, path in pages.items():
        page = open_page(path, lang="zh")
        text = words(page)
        assert page.evaluate("document.documentElement.lang") == "zh-CN", name
        if "模拟数据" not in text and name not in QUIET:
            silent.append(name)
        page.set_viewport_size(PHONE)
        page.wait_for_timeout(300)
        if wider(page):
            wide.append(name)
        page.context.close()
    assert (silent, wide) == ([], [])


def test_every_page_opens_on_a_phone_in_english(open_page: OpenPage, pages: dict[str, str]) -> None:
    wide = []
    for name, path in pages.items():
        page = open_page(path, lang="en", size=PHONE)
        assert len(words(page)) > LITTLE, name
        assert page.evaluate("document.documentElement.lang") == "en", name
        if wider(page):
            wide.append(name)
        page.context.close()
    assert wide == []
