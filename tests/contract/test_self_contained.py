"""Nothing is fetched from another host, and nothing in the project knows the machine it was written on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.code import shown, texts
from tests.support.project import sources, tracked

HOST = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
NAMESPACES = {"www.w3.org"}
HERE = {"127.0.0.1", "0.0.0.0"}
COMMENT = re.compile(r"/\*.*?\*/|(?m:^\s*//.*$)|<!--.*?-->", re.DOTALL)
LOCAL_PATH = re.compile(r"(?m)(^|[\s\"'`(=])/(work|farm|tmp|root)/")
TEXT = {".py", ".md", ".toml", ".txt", ".css", ".js", ".html", ".sh", ".cfg", ".ini", ".json", ".csv", ".sql", ""}


def hosts(text: str) -> set[str]:
    """Hosts that are named outside comments."""
    return {host.lower() for host in HOST.findall(COMMENT.sub("", text))}


def assets() -> list[Path]:
    return [path for path in tracked("assets") if path.suffix in {".css", ".js", ".html", ".svg", ".json"}]


def test_no_asset_names_another_host() -> None:
    found = {shown(path): hosts(path.read_text(encoding="utf-8")) - NAMESPACES for path in assets()}
    assert {name: who for name, who in found.items() if who} == {}


def test_no_python_names_another_host() -> None:
    found = {
        (shown(path, line), host)
        for path in sources()
        for text, line in texts(path)
        for host in hosts(text) - NAMESPACES - HERE
    }
    assert found == set()


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{shown(path)}: {match.group(0).strip()}" for match in LOCAL_PATH.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@import url(https://fonts.example.org/x.css)", {"fonts.example.org"}),
        ("fetch('//cdn.example.org/a.js')", {"cdn.example.org"}),
        ("/* see https://example.org */ a { }", set()),
        ("<svg xmlns='http://www.w3.org/2000/svg'>", {"www.w3.org"}),
    ],
)
def test_hosts_are_recognised(text: str, expected: set[str]) -> None:
    assert hosts(text) == expected
