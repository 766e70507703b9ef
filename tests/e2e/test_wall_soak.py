"""A short soak of an open wall (`make soak` is the long one)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.soak.drive import Report, Soak, wall_server

pytestmark = pytest.mark.proof

REFRESHES = 120


def test_a_wall_neither_grows_nor_misses_a_picture(browser: Browser, chromium: Path, tmp_path: Path) -> None:
    with wall_server(f"sqlite:///{tmp_path}/soak.db", 4, tmp_path) as (running, city, token):
        report = Report(REFRESHES, "sqlite")
        Soak(browser, running, token, report).run(city, REFRESHES // 2, lambda _: None, 600)
    assert report.problems(REFRESHES // 2) == []
    assert report.answers[200] >= REFRESHES
    assert sum(report.page["draws"].values()) > REFRESHES / 20  # only panels whose own data changed, so by the hour
    assert len(report.page["screens"]) >= 3
