"""The real program under gunicorn with a clock and a build that a test chooses: `python -m tests.support.wall_served`.

Settings have neither. TEST_CLOCK names a file with the seconds by which wall time is moved, TEST_BUILD is the
program's fingerprint, TEST_LOOK how often in seconds a process looks for a new data version.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from app import create_server
from settings import load_settings
from tests.support.project import ROOT
from tests.support.server import DidNotStart, _stop, environment, free_port
from web import version
from web.context import EXTENSION
from web.serving import serve


def moved(now: Callable[[], datetime], path: str) -> Callable[[], datetime]:
    """A clock that is ahead by the seconds in a file, which may be written at any time."""

    def told() -> datetime:
        with contextlib.suppress(OSError, ValueError):
            return now() + timedelta(seconds=float(Path(path).read_text(encoding="ascii")))
        return now()

    return told


def create() -> Flask:
    """The application as `manage.py serve` makes it, and what the environment says beyond the settings."""
    server = create_server()
    here, given = server.extensions[EXTENSION], os.environ
    now = moved(here.now, given["TEST_CLOCK"]) if "TEST_CLOCK" in given else here.now
    server.extensions[EXTENSION] = replace(here, now=now, build=given.get("TEST_BUILD", here.build))
    version.LOOK_EVERY = float(given.get("TEST_LOOK", version.LOOK_EVERY))
    return server


@dataclass
class Running:
    """A server that can be killed and started again on the same port.

    Args:
        clock: where the seconds stand by which its time is moved.
    """

    database_url: str
    folder: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def start(self, **more: str) -> None:
        """Start it and wait until it answers, ready or not."""
        self.settings.update(more)
        chosen = {"BOARD_PORT": str(self.port), "TEST_CLOCK": str(self.clock), **self.settings}
        with (self.folder / "log").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.wall_served"],
                cwd=self.folder,
                env={**environment(self.database_url, **chosen), "PYTHONPATH": str(ROOT)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._await()

    def _await(self) -> None:
        assert self.process is not None
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(urllib.error.HTTPError, OSError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
                return
            time.sleep(0.05)
        raise DidNotStart(self.log()[-4000:])

    def log(self) -> str:
        """What it printed."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def move(self, seconds: float) -> None:
        """Set its clock ahead by so much."""
        later = self.folder / "clock.new"
        later.write_text(f"{seconds:.3f}", encoding="ascii")
        later.replace(self.clock)

    def workers(self) -> list[int]:
        """The web processes."""
        assert self.process is not None
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in told.split()]

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            _stop(self.process)


@contextlib.contextmanager
def walled(database_url: str, **settings: str) -> Iterator[Running]:
    """A server on a free port until the block ends. TEST_WORKER="1" gives it a worker."""
    with tempfile.TemporaryDirectory() as folder:
        one = {"BOARD_WORKERS": "1", "BOARD_THREADS": "8", "BOARD_POLL_SECONDS": "1", "BOARD_TICK_SECONDS": "3600"}
        running = Running(database_url, Path(folder), {**one, **settings})
        try:
            running.start()
            yield running
        finally:
            running.stop()


def main() -> None:
    """Serve until stopped."""
    chosen = load_settings()
    where = (chosen.host, chosen.port)
    worker = os.environ.get("TEST_WORKER") == "1"
    serve(create, where, workers=chosen.workers, threads=chosen.threads, with_worker=worker)


if __name__ == "__main__":
    main()
