"""The real server with two processes: one look at the metrics counts the requests of both."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from tests.support.server import manage, serving

ASKED = 40


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.headers["X-Request-Id"]
        return answer.read().decode()


def test_the_processes_of_a_server_count_together(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'board.sqlite3'}"
    manage(url, "db", "upgrade")
    with serving(url, BOARD_LOG_FORMAT="json") as server:
        for _ in range(ASKED):
            _get(f"{server.url}/-/health")
        told = [_get(f"{server.url}/-/metrics") for _ in range(4)]
        builds = {_get(f"{server.url}/-/ready") for _ in range(2)}
    line = re.compile(r'(?m)^board_request_seconds_count\{method="GET",route="/-/health",status="200"\} ([\d.]+)$')
    counts = [float(line.search(one)[1]) for one in told]  # type: ignore[index]
    assert counts == [ASKED] * len(told), "whichever process answers, it knows the others' requests"
    assert all("board_database_up 1.0" in one for one in told)
    assert all('"ok":true' in one for one in builds)
