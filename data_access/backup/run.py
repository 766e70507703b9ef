"""Backing up and restoring a whole database, each in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, inspect, literal, select, true, union_all

from data_access import migrate
from data_access.audit import Deed, append
from data_access.backup.archive import Manifest, TableEntry, check_backup, tables_of, writing_to
from data_access.backup.lines import comparer
from data_access.backup.streams import lines, load, prepare
from data_access.engine import reading, writing
from data_access.state import raise_version
from data_access.tables import account_session, audit_entry, data_version, metadata, worker_lock
from domain.errors import Refused

Progress = Callable[[float], None]
_PASSING = frozenset({worker_lock.name, account_session.name})  # what processes and browsers held then


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore put back."""

    manifest: Manifest
    rows: int
    version: int


def write_backup(
    engine: Engine, target: Path, *, now: datetime, timezone: str, program: str, progress: Progress = lambda _: None
) -> Manifest:
    """Write everything the database held at one moment to `target`; others may go on writing meanwhile.

    Args:
        now: wall time, noted in the manifest.
        timezone: the zone that all times in the database are wall time of.
        program: the program's version, noted in the manifest.

    Raises:
        Refused: the database has no tables, or not those of this program.
    """
    revision = _revision_at_head(engine)
    with writing_to(target) as writer, reading(engine) as connection:
        prepare(connection)
        entries = []
        for done, table in enumerate(_tables(), 1):
            with closing(lines(connection, table)) as found:
                entries.append(writer.table(table.name, table.c.keys(), found))
            progress(done / len(_tables()))
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        manifest = Manifest(
            program, revision, now.isoformat(), timezone, f"{engine.dialect.name} {version}", tuple(entries)
        )
        writer.manifest(manifest)
    return manifest


def restore(
    engine: Engine,
    source: Path,
    *,
    now: datetime,
    timezone: str,
    by: str,
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> Restored:
    """Put a backup into the database: all of it, read back and compared row by row, or nothing.

    The restored audit log goes on with an entry that names the file and its digest, and the last entry of the log
    that was replaced.

    Args:
        now: wall time; the data version is raised at it, so that every open screen asks again.
        by: who does it, as the audit log says it.
        replace: remove what the database holds; without it only an empty database is filled.

    Raises:
        Refused: the file is no backup or damaged, was made by another structure or in another zone, the
            database holds rows, or what was read back differs. The database is as before.
    """
    manifest = check_backup(source)
    _must_fit(manifest, timezone)
    newest_before = _version_before(engine)
    with writing(engine) as connection:
        if not replace and (held := _filled(connection)):
            raise Refused("backup.refused.not_empty", table=held)
        replaced = _log_before(connection)
        migrate.rebuild(connection)
        connection.execute(data_version.delete())  # migrations leave a counter there
        prepare(connection)
        with tables_of(source) as found:
            for done, entry in enumerate(manifest.tables, 1):
                _fill(connection, entry, found)
                progress(done / len(manifest.tables))
        version = _version_after(connection, newest_before, now)
        append(connection, Deed(by, "restore", f"backup:{source.name}", _told(source, manifest, replaced)), now)
    return Restored(manifest, manifest.rows, version)


def _log_before(connection: Connection) -> str:
    """The last entry of the log that is about to be replaced, whatever version wrote the tables; "" without one."""
    found, named = inspect(connection), (audit_entry.c.sequence, audit_entry.c.entry_hash)
    if not found.has_table(audit_entry.name):
        return ""
    if not {column.name for column in named} <= {one["name"] for one in found.get_columns(audit_entry.name)}:
        return ""
    last = connection.execute(select(*named).order_by(named[0].desc().nulls_last()).limit(1)).first()
    return f"; replaced a log that ended with {last[0]} {last[1]}" if last else ""


def _told(source: Path, manifest: Manifest, replaced: str) -> str:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    made = f"made {manifest.made_at} by {manifest.database}, program {manifest.program}, {manifest.rows} rows"
    return f"sha256 {digest}; {made}{replaced}"


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _PASSING]


def _revision_at_head(engine: Engine) -> str:
    at, newest = migrate.current(engine), migrate.newest()
    if at != newest:
        raise Refused("backup.refused.structure_behind", at=at or "-", newest=newest)
    return newest


def _must_fit(manifest: Manifest, timezone: str) -> None:
    newest = migrate.newest()
    if manifest.revision != newest:
        raise Refused(
            "backup.refused.other_structure", revision=manifest.revision, newest=newest, program=manifest.program
        )
    if manifest.timezone != timezone:
        raise Refused("backup.refused.other_zone", there=manifest.timezone, here=timezone)
    if {entry.name for entry in manifest.tables} != {table.name for table in _tables()}:
        raise Refused(
            "backup.refused.other_structure", revision=manifest.revision, newest=newest, program=manifest.program
        )


def _filled(connection: Connection) -> str | None:
    """A table that holds rows; None when there is none."""
    there = set(inspect(connection).get_table_names()) & {table.name for table in _tables()}
    probes = [
        select(literal(table.name)).where(select(literal(1)).select_from(table).where(_tells(table)).exists())
        for table in _tables()
        if table.name in there
    ]
    return connection.execute(union_all(*probes)).scalar() if probes else None


def _tells(table: Table) -> ColumnElement[bool]:
    """Which rows tell that a database is in use: not the counter of the log, which a new one has too."""
    return table.c.name != "audit" if table is data_version else true()


def _fill(connection: Connection, entry: TableEntry, found: Callable[[str], Iterator[bytes]]) -> None:
    """Load one table and compare what the database gives back with the backup."""
    table = metadata.tables[entry.name]
    if list(entry.columns) != table.c.keys():
        raise Refused("backup.refused.columns", table=entry.name)
    load(connection, table, entry.columns, found(entry.name))
    same = comparer(list(table.c))
    with closing(lines(connection, table)) as back:
        for number, (written, read) in enumerate(zip_longest(found(entry.name), back), 1):
            if written is None or read is None or not same(written, read):
                raise Refused("backup.refused.differs", table=entry.name, row=number)


def _version_before(engine: Engine) -> int:
    with engine.connect() as connection:
        if not inspect(connection).has_table(data_version.name):
            return 0
        return int(connection.execute(select(func.max(data_version.c.version))).scalar() or 0)


def _version_after(connection: Connection, before: int, now: datetime) -> int:
    """Raise the data version above both the restored and the replaced one: kept answers carry it."""
    version = raise_version(connection, now)
    if version > before:
        return version
    here = data_version.c.name == "board"
    connection.execute(data_version.update().where(here).values(version=before + 1))
    return before + 1
