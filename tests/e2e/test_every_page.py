"""Every page opens in both languages, draws itself, fits the phone, and asks nobody else.

`open_page` fails the test on an error in the console and on a request to another host.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, PHONE, OpenPage
from tests.e2e.shots import addresses
from tests.support.server import Server

LITTLE = 40


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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_draws_itself_without_trouble(open_page: OpenPage, pages: dict[str, str], lang: str) -> None:
    for name, path in pages.items():
        page = open_page(path, lang=lang)
        text = words(page)
        assert len(text) > LITTLE, name
        assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[lang]
        page.context.close()


def test_no_page_is_wider_than_a_phone(open_page: OpenPage, pages: dict[str, str]) -> None:
    wide = {}
    for name, path in pages.items():
        page = open_page(path, size=PHONE)
        words(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"] + 1:
            wide[name] = width
        page.context.close()
    assert wide == {}


def test_the_demo_says_that_it_is_one(open_page: OpenPage, pages: dict[str, str]) -> None:
    silent = []
    for name, path in pages.items():
        if name in ("not_found_404", "audit"):  # show no data, the log to nobody but its auditor
            continue
        page = open_page(path, size=DESK)
        if "模拟数据" not in words(page):
            silent.append(name)
        page.context.close()
    assert silent == []
