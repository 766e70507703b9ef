"""The real program in processes of its own: a filled database, gunicorn, perhaps the worker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT

OURS = ("BOARD_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TIMEZONE")
START_SECONDS = 60


class DidNotStart(Exception):
    """The program ended or did not answer; the text is what it printed."""


@dataclass(frozen=True)
class Server:
    """A running server: its address, its database and its process."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]

    def memory(self) -> dict[str, int]:
        """Resident bytes of the server's processes, by "pid name"; shared pages count in each."""
        return {f"{pid} {_name(pid)}": _resident(pid) for pid in self.processes()}

    def proportional(self) -> int:
        """Bytes of all processes where a page shared by n of them counts as 1/n in each (Pss)."""
        return sum(_field(pid, "smaps_rollup", "Pss:") for pid in self.processes())

    def processes(self) -> list[int]:
        """The process and all its descendants."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
                waiting += [int(child) for child in children]
        return found


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[-40:].strip()
    return "?"


def _resident(pid: int) -> int:
    return _field(pid, "status", "VmRSS:")


def _field(pid: int, file: str, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """The environment without the developer's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "DATABASE_URL": database_url, **settings}


def manage(database_url: str, *command: str, timeout: float = 600, **settings: str) -> str:
    """Run `manage.py` to its end and return what it printed.

    Raises:
        DidNotStart: its exit status was not 0.
    """
    with tempfile.TemporaryDirectory() as elsewhere:  # the developer's .env is not read
        told = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            cwd=elsewhere,
            env=environment(database_url, **settings),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    if told.returncode:
        raise DidNotStart(f"manage.py {' '.join(command)}: exit status {told.returncode}\n{told.stdout}\n{told.stderr}")
    return told.stdout


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(database_url: str, *, with_worker: bool = False, **settings: str) -> Iterator[Server]:
    """`manage.py serve` on a free port until the block ends. `settings` are environment variables.

    Raises:
        DidNotStart: it did not answer within a minute.
    """
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve", *(["--with-worker"] if with_worker else [])]
    chosen = {"BOARD_PORT": str(port), "BOARD_WORKERS": "2", "BOARD_THREADS": "8", **settings}
    with tempfile.TemporaryDirectory() as elsewhere:
        log = Path(elsewhere) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=elsewhere,
                env=environment(database_url, **chosen),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _await(f"http://127.0.0.1:{port}/readyz", process, log)
            yield Server(f"http://127.0.0.1:{port}", database_url, process)
        finally:
            _stop(process)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise DidNotStart(log.read_text(encoding="utf-8", errors="replace")[-4000:] or "no answer, and nothing printed")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and all it started; its own group, so nothing else is meant."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
