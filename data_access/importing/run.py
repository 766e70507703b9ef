"""`run_import`: files one after the other, each in its own transaction."""

from __future__ import annotations

import csv
import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.importing.geojson import GeojsonSource
from data_access.importing.header import HeaderPicker
from data_access.importing.limits import Limits
from data_access.importing.loading import FileLoad, Ticker
from data_access.importing.locking import one_at_a_time
from data_access.importing.opening import Entry, entries, kind_of, total_size
from data_access.importing.report import FileReport, ImportReport, Problem
from data_access.importing.rows import Source
from data_access.importing.targets import check_profile
from data_access.importing.text import TextSource
from data_access.importing.workbook import WorkbookSource
from domain.errors import ImportRefused
from domain.profile import Profile

Progress = Callable[[int, int, str], None]
_log = logging.getLogger(__name__)


def run_import(
    engine: Engine,
    profile: Profile,
    paths: Sequence[Path | str],
    *,
    now: datetime,
    reject_dir: Path,
    progress: Progress | None = None,
    table: str | None = None,
    limits: Limits | None = None,
    clock: Callable[[], datetime] | None = None,
) -> ImportReport:
    """Import files. Each file (each member of an archive) is loaded completely or not at all.

    Args:
        now: wall time of the deployment; becomes `updated_at`, and times more than a day later are rejected.
        clock: asked instead of `now` when a file's transaction begins. A run of many files needs it: whoever
            looks for changes by `updated_at` must not find that a row was changed long before it was committed.
        reject_dir: where the CSVs of rejected rows are written; made when needed.
        progress: called with bytes done, bytes in all and the name of the file being read.
        table: only the profile's rules that feed this table are considered.

    Raises:
        CatalogueError: the profile does not fit our tables. Everything else is told in the report.
    """
    check_profile(profile)
    limits = limits or Limits()
    files = [Path(path) for path in paths]
    total = total_size(files)
    run = _Run(engine, profile, clock or (lambda: now), reject_dir, table, limits)
    reports: list[FileReport] = []
    with _wide_cells(limits), _no_collector():
        for entry in entries(files, limits):
            ticker = Ticker(entry, total, progress)
            ticker.at(0, 1)
            reports.append(run.file(entry, ticker))
            ticker.at(1, 1)
    return ImportReport(profile.name, tuple(reports))


@dataclass(frozen=True, slots=True)
class _Run:
    engine: Engine
    profile: Profile
    now: Callable[[], datetime]
    reject_dir: Path
    table: str | None
    limits: Limits

    def file(self, entry: Entry, ticker: Ticker) -> FileReport:
        """Import one file; whatever is wrong with it is told in its report, and the next file follows."""
        try:
            if entry.path is None:
                raise entry.refused or ImportRefused("error.import_missing", file=entry.label, detail="")
            source = self._opened(entry, entry.path)
            load = FileLoad(self.profile, entry, source, now=self.now, reject_dir=self.reject_dir)
            with load.cleaning(), one_at_a_time(self.engine) as connection:
                return load.run(connection, ticker)
        except ImportRefused as refused:
            return FileReport(entry.label, problem=Problem.of(refused))
        except SQLAlchemyError as error:
            _log.exception("import of %s", entry.label)
            told = str(getattr(error, "orig", None) or error).splitlines()
            return _failed(entry, "error.import_database", told[0] if told else "")
        except Exception as error:
            _log.exception("import of %s", entry.label)
            return _failed(entry, "error.import_unexpected", f"{type(error).__name__}: {error}")

    def _opened(self, entry: Entry, path: Path) -> Source:
        picker = HeaderPicker(self.profile, entry.name, table=self.table, max_columns=self.limits.columns)
        kind = kind_of(path)
        if kind == "workbook":
            return WorkbookSource(path, entry.label, picker, self.limits)
        if kind == "geojson":
            return GeojsonSource(path, entry.label, picker, self.limits)
        source = TextSource(path, entry.label, self.profile.encodings, self.limits)
        source.select(picker, self.profile.separators)
        return source


def _failed(entry: Entry, key: str, detail: str) -> FileReport:
    return FileReport(entry.label, problem=Problem(key, {"file": entry.label, "detail": detail}))


@contextmanager
def _wide_cells(limits: Limits) -> Iterator[None]:
    """Python's csv refuses cells over 128 KiB unless told; the setting is the process's, so put it back."""
    before = csv.field_size_limit(limits.line + limits.block)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of short-lived rows without a cycle among them: looking for cycles took a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
