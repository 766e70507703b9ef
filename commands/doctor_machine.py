"""The checks of `manage.py doctor` that look at the machine: settings, packages, files, disk, clock, backups."""

from __future__ import annotations

import math
import os
import re
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import metadata
from itertools import pairwise
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from commands.doctor_findings import Finding, fault, note, well
from commands.tools import Tools
from data_access.backup import newest_backup

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.txt"
PINNED = re.compile(r"(?m)^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)")
GIB = 1024**3
SCARCE, LITTLE = (1.0, 0.03), (5.0, 0.10)
"""Free space that is a fault, and that is worth knowing: GiB and share of the disk; either is enough."""
CLOCK_SLACK = timedelta(seconds=5)
BACKUP_LATE = timedelta(hours=26)
SECRET_BITS = 100.0
OTHERS = stat.S_IRWXG | stat.S_IRWXO
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  # nosec B104


def _production(tools: Tools) -> bool:
    return bool(tools.settings.mode == "production")


def _grave(tools: Tools) -> Callable[[str, str], Finding]:
    """A fault in production, worth knowing elsewhere."""
    return fault if _production(tools) else note


def settings(tools: Tools) -> Finding:
    """They could be read, or no command would run; told is what is risky among them."""
    chosen = tools.settings
    if _production(tools) and chosen.log_level == "DEBUG":
        return fault(tools.t("cli.doctor_debug"), tools.t("cli.doctor_do.debug"))
    if chosen.host in EVERYWHERE:
        return note(tools.t("cli.doctor_open_address", host=chosen.host), tools.t("cli.doctor_do.open_address"))
    return well(tools.t("cli.doctor_settings", mode=chosen.mode, user=_user()))


def _user() -> str:
    return "root" if os.geteuid() == 0 else str(os.geteuid())


def secret(tools: Tools) -> Finding:
    """Long enough and not guessable; only production must have one."""
    value: str = tools.settings.secret_key
    if not value and not _production(tools):
        return well(tools.t("cli.doctor_no_secret"))
    bits = secret_bits(value)
    if bits < SECRET_BITS:
        return _grave(tools)(tools.t("cli.doctor_secret_weak", length=len(value)), tools.t("cli.doctor_do.secret"))
    return well(tools.t("cli.doctor_secret", length=len(value)))


def secret_bits(value: str) -> float:
    """How hard a secret is to guess, in bits: its letters' own variety times its length; little for a repetition.

    >>> secret_bits("x" * 64), secret_bits("0123456789abcdef0123456789abcdef") > 100
    (0.0, False)
    """
    if not value:
        return 0.0
    counts = Counter(value)
    variety = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    steps = Counter(ord(b) - ord(a) for a, b in pairwise(value))
    regular = max(steps.values(), default=0) > len(value) / 3 or value[: len(value) // 2] == value[len(value) // 2 :]
    return 0.0 if regular or re.search(r"(?i)change|example|secret|password", value) else variety * len(value)


def packages(tools: Tools) -> Finding:
    """What is installed is what requirements.txt names."""
    wrong = [
        f"{name} {found or '-'} ({wanted})"
        for name, wanted in PINNED.findall(REQUIREMENTS.read_text(encoding="utf-8"))
        if (found := _installed(name)) != wanted
    ]
    if wrong:
        return fault(tools.t("cli.doctor_packages_wrong", what=", ".join(wrong)), tools.t("cli.doctor_do.packages"))
    return well(tools.t("cli.doctor_packages"))


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def files(tools: Tools) -> Finding:
    """Only the service's own user reads the database file, the settings and the backups."""
    open_ones = [f"{path} ({stat.filemode(mode)})" for path, mode in _private(tools) if mode & OTHERS]
    if open_ones:
        said = tools.t("cli.doctor_files_open", what=", ".join(open_ones))
        return _grave(tools)(said, tools.t("cli.doctor_do.files"))
    return well(tools.t("cli.doctor_files"))


def _private(tools: Tools) -> Iterator[tuple[Path, int]]:
    database = _sqlite_file(tools)
    beside = [database.with_name(database.name + end) for end in ("", "-wal")] if database else []
    newest = newest_backup(tools.settings.backup_dir) if tools.settings.backup_dir else None
    for path in (Path(".env"), *beside, *([newest] if newest else [])):
        if path.is_file():
            yield path, path.stat().st_mode


def _sqlite_file(tools: Tools) -> Path | None:
    name = tools.engine.url.database
    return Path(name) if tools.engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def disk(tools: Tools) -> Finding:
    """Room where the program writes: SQLite's file, rejected rows, backups."""
    database = _sqlite_file(tools)
    places = [database.parent if database else None, tools.settings.reject_dir, tools.settings.backup_dir, Path.cwd()]
    least = min((_free(place) for place in places if place is not None), key=lambda one: one[1])
    folder, free, share = least
    said = tools.t("cli.doctor_disk", folder=str(folder), gib=f"{free:.1f}", percent=f"{share * 100:.0f}")
    if free < SCARCE[0] or share < SCARCE[1]:
        return fault(said, tools.t("cli.doctor_do.disk"))
    return note(said, tools.t("cli.doctor_do.disk")) if free < LITTLE[0] or share < LITTLE[1] else well(said)


def _free(folder: Path) -> tuple[Path, float, float]:
    """The nearest folder that exists, its free space in GiB and as a share."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return there, usage.free / GIB, usage.free / usage.total


def clock(tools: Tools) -> Finding:
    """This machine's clock against the database server's, and the deployment's zone."""
    here = tools.t("cli.doctor_zone", zone=tools.settings.timezone, now=tools.t.moment(tools.now(), seconds=True))
    if tools.engine.dialect.name != "postgresql":
        return well(here)
    with tools.engine.connect() as connection:
        before = datetime.now().timestamp()
        there = float(connection.execute(text("SELECT EXTRACT(EPOCH FROM clock_timestamp())")).scalar() or 0)
        apart = abs(there - (before + datetime.now().timestamp()) / 2)
    if apart > CLOCK_SLACK.total_seconds():
        return fault(tools.t("cli.doctor_clock_apart", seconds=round(apart)), tools.t("cli.doctor_do.clock"))
    return well(here)


def redis(tools: Tools) -> Finding:
    """The shared cache, where one is set."""
    if not tools.settings.redis_url:
        return well(tools.t("cli.doctor_no_redis"))
    try:
        Redis.from_url(tools.settings.redis_url, socket_timeout=3, socket_connect_timeout=3).ping()
    except (RedisError, ValueError, OSError) as error:
        said = tools.t("cli.doctor_redis_silent", kind=type(error).__name__)
        return fault(said, tools.t("cli.doctor_do.redis"))
    return well(tools.t("ready.cache.shared"))


def backups(tools: Tools) -> Finding:
    """The newest backup is not older than a day and a bit."""
    folder: Path | None = tools.settings.backup_dir
    if folder is None:
        said = tools.t("cli.doctor_no_backup_dir")
        return note(said, tools.t("cli.doctor_do.backup")) if _production(tools) else well(said)
    newest = newest_backup(folder)
    if newest is None:
        return _grave(tools)(tools.t("cli.doctor_no_backup", folder=str(folder)), tools.t("cli.doctor_do.backup"))
    age = datetime.now() - datetime.fromtimestamp(newest.stat().st_mtime)
    said = tools.t("cli.doctor_backup", file=newest.name, age=tools.t.duration(age))
    return _grave(tools)(said, tools.t("cli.doctor_do.backup")) if age > BACKUP_LATE else well(said)


MACHINE: tuple[tuple[str, Callable[[Tools], Finding]], ...] = (
    ("settings", settings),
    ("secret", secret),
    ("packages", packages),
    ("files", files),
    ("disk", disk),
    ("clock", clock),
    ("redis", redis),
    ("backups", backups),
)
