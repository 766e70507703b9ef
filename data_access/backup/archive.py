"""The backup file: written to the end before it gets its name, checked by digest before it is used."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from domain.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
_LEVEL = 3  # a level more costs twice the time for a twentieth of the size
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table in a backup: its columns in the order of the cells, its rows, the digest of its lines."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `made_at`: wall time of `timezone`; `database`: kind and version."""

    program: str
    revision: str
    made_at: str
    timezone: str
    database: str
    tables: tuple[TableEntry, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(entry.rows for entry in self.tables)


class Writer:
    """Adds tables to a backup that is being written."""

    def __init__(self, archive: tarfile.TarFile, folder: Path) -> None:
        self._archive, self._folder = archive, folder

    def table(self, name: str, columns: Iterable[str], found: Iterable[bytes]) -> TableEntry:
        """Write one table's lines."""
        digest, rows = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".backup-") as spool:
            with gzip.GzipFile(fileobj=spool, mode="wb", compresslevel=_LEVEL, mtime=0) as packed:
                for line in found:
                    digest.update(ended := line + b"\n")
                    packed.write(ended)
                    rows += 1
            self._add(_member(name), spool)
        return TableEntry(name, tuple(columns), rows, digest.hexdigest())

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest; the last thing, so a file cut short has none."""
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".backup-") as spool:
            spool.write(json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode())
            self._add(MANIFEST, spool)

    def _add(self, name: str, spool: Any) -> None:
        spool.flush()
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(spool.fileno()).st_size, _OWNER_ONLY
        spool.seek(0)
        self._archive.addfile(info, spool)


@contextmanager
def writing_to(target: Path) -> Iterator[Writer]:
    """A backup that appears as `target` only when it is whole; readable by its owner only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w") as archive:
                yield Writer(archive, target.parent)
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def manifest_of(source: Path) -> Manifest:
    """What the backup says about itself.

    Raises:
        Refused: no backup, cut short, or of a form this program does not know.
    """
    with _opened(source) as archive:
        return _manifest(archive, source)


def check_backup(source: Path) -> Manifest:
    """Read the whole backup and compare every table with its digest and count.

    Raises:
        Refused: as `manifest_of`, or a table is damaged.
    """
    with _opened(source) as archive:
        manifest = _manifest(archive, source)
        for entry in manifest.tables:
            _check(archive, entry, source)
    return manifest


def _check(archive: tarfile.TarFile, entry: TableEntry, source: Path) -> None:
    digest, rows = hashlib.sha256(), 0
    try:
        with _member_of(archive, entry.name) as packed:
            while block := packed.read(1 << 20):
                digest.update(block)
                rows += block.count(b"\n")
    except (OSError, EOFError, KeyError, tarfile.TarError, ValueError) as error:
        raise Refused("backup.refused.damaged", file=source.name, table=entry.name) from error
    if (digest.hexdigest(), rows) != (entry.sha256, entry.rows):
        raise Refused("backup.refused.damaged", file=source.name, table=entry.name)


@contextmanager
def tables_of(source: Path) -> Iterator[Any]:
    """A function `lines(name)` that gives the lines of one table of the backup, without their ends."""
    with _opened(source) as archive:

        def found(name: str) -> Iterator[bytes]:
            with _member_of(archive, name) as packed:
                for line in packed:
                    yield line[:-1]

        yield found


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        archive = tarfile.open(source, mode="r:")  # noqa: SIM115  # closed below; its failure is a sentence of its own
    except FileNotFoundError as error:
        raise Refused("backup.refused.missing", file=str(source)) from error
    except (OSError, tarfile.TarError) as error:
        raise Refused("backup.refused.no_backup", file=source.name) from error
    with archive:
        yield archive


def _manifest(archive: tarfile.TarFile, source: Path) -> Manifest:
    try:
        member = archive.extractfile(MANIFEST)
        assert member is not None
        raw = json.loads(member.read())
        kind = raw.pop("format")
        tables = tuple(TableEntry(**{**one, "columns": tuple(one["columns"])}) for one in raw.pop("tables"))
        if kind == FORMAT:
            return Manifest(tables=tables, **raw)
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError, OSError, tarfile.TarError) as error:
        raise Refused("backup.refused.no_backup", file=source.name) from error
    raise Refused("backup.refused.format", file=source.name, format=kind)


def _member(name: str) -> str:
    return f"tables/{name}.copy.gz"


def _member_of(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.extractfile(_member(name))
    if member is None:
        raise KeyError(name)
    return gzip.GzipFile(fileobj=member)  # type: ignore[return-value]
