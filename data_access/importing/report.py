"""What an import did: counts and codes. The sentences are made where they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import ImportRefused


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing of a file was imported: a translation key and its parameters."""

    key: str
    params: Mapping[str, object]

    @classmethod
    def of(cls, error: ImportRefused) -> Problem:
        """The problem that `error` tells of."""
        return cls(error.key, error.params)


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file, or one member of an archive. `loaded + unchanged + rejected == read`.

    Args:
        name: path as given; members as "archive/member", sheets are not told apart.
        tables: tables the file fed.
        read: rows read. A blank line is not a row.
        loaded: rows that changed the database; `updated` of them only changed rows that existed.
        unchanged: rows that brought nothing new, exact repetitions inside the file among them.
        rejected: rows that are in `reject_file`; `reasons` counts them by reason code.
        warnings: code -> number of rows (or sheets); see `docs/importing.md`.
        unused: headers that no rule of the profile reads.
        problem: None, or why the file was left out; then all counts are 0.
    """

    name: str
    tables: tuple[str, ...] = ()
    read: int = 0
    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    reject_file: Path | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All files of one run, in the order they were read."""

    profile: str
    files: tuple[FileReport, ...]

    def total(self, name: str) -> int:
        """The sum of a count over all files: `report.total("loaded")`."""
        return sum(int(getattr(file, name)) for file in self.files)

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files of which nothing was imported."""
        return tuple(file for file in self.files if file.problem is not None)

    @property
    def exit_status(self) -> int:
        """0 everything was imported, 1 rows were rejected, 2 at least one file failed."""
        if self.failed:
            return 2
        return 1 if self.total("rejected") else 0
