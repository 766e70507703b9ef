"""Importing has no effect: no database, no socket, no file, no process, and no need of a setting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.code import name_of
from tests.support.project import ROOT, sources

WATCHER = """
import json, os, sys
seen = []

def watch(event, args):
    if event == "open":
        path, mode, flags = args
        writes = (mode and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and path not in (os.devnull, "/dev/tty"):
            seen.append(["write", str(path)])
    elif event in FORBIDDEN:
        seen.append([event, repr(args)[:200]])

FORBIDDEN = {"sqlite3.connect", "socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir",
             "os.rename", "os.remove", "os.exec", "os.fork"}
sys.addaudithook(watch)
import importlib
import threading
broken = {}
done = []
before = threading.active_count()
for name in json.loads(sys.argv[1]):
    start = len(seen)
    try:
        importlib.import_module(name)
    except BaseException as error:
        broken[name] = repr(error)
    done += [[name, *what] for what in seen[start:]]
if os.path.isdir("/proc/self/fd"):
    for fd in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            continue
        if target.startswith("socket:"):
            done.append(["a module", "socket left open", target])
if threading.active_count() > before:
    done.append(["a module", "thread left running", str(threading.enumerate())])
print(json.dumps({"done": done, "broken": broken}))
"""


def modules() -> list[str]:
    """All modules; Dash itself runs pages, Alembic runs migrations."""
    skipped = ("pages", "data_access.migrations")
    return [name for name in map(name_of, sources()) if not name.startswith(skipped)]


def watched(names: list[str], folder: Path) -> dict:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"}}
    told = subprocess.run(
        [sys.executable, "-B", "-c", WATCHER, json.dumps(names)],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.strip().splitlines()[-1])


def test_importing_every_module_does_nothing_else(tmp_path: Path) -> None:
    told = watched(modules(), tmp_path)
    assert told["broken"] == {}
    assert told["done"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "effect",
    [
        "import sqlite3; sqlite3.connect(':memory:')",
        "open('left-behind', 'w').close()",
        "import socket; socket.socket()",
        "import subprocess; subprocess.Popen(['true'])",
    ],
)
def test_the_watcher_sees_an_effect(tmp_path: Path, effect: str) -> None:
    (tmp_path / "loud.py").write_text(f"{effect}\nimport socket; kept = socket.socket()")
    told = watched(["loud"], tmp_path) if (tmp_path / "loud.py").exists() else {}
    assert told["done"] or told["broken"]
