"""Where things are in the project, and how a test says that something is missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("domain", "catalogue", "data_access", "services", "web", "components", "exports", "i18n", "pages")
TOP = ("app.py", "manage.py", "settings.py", "commands")  # where the program is put together


def required() -> bool:
    """True where a test that cannot run counts as failed (`REQUIRE_ALL=1`, set by `.ci/run`)."""
    return os.environ.get("REQUIRE_ALL", "") not in ("", "0")


def missing(reason: str) -> NoReturn:
    """Skip with the reason; fail with it where everything is required."""
    if required():
        pytest.fail(f"REQUIRE_ALL is set and this test cannot run: {reason}", pytrace=False)
    pytest.skip(reason)


def tracked(*patterns: str) -> list[Path]:
    """The project's files that belong to it: tracked, or new and not ignored. Absolute paths, sorted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    try:
        found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        names = [name for name in found.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive without git
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not _ignored(name) and _wanted(name, patterns)]
    return sorted(ROOT / name for name in set(names) if (ROOT / name).is_file())


def _ignored(name: str) -> bool:
    return any(
        part in {".git", ".venv", "var", "shots", "__pycache__"} or part.endswith("_cache") for part in Path(name).parts
    )


def _wanted(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(Path(name).match(p) or name.startswith(f"{p}/") or name == p for p in patterns)


def sources() -> list[Path]:
    """Every Python file that runs in production."""
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in (*LAYERS, *TOP)]
