"""Rejected rows as a CSV that can be corrected and imported again with the same profile."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import IO, Any

from data_access.importing.rows import Header

EXTRA = ("_file", "_line", "_column", "_value", "_reason_code")
SURPLUS = "_surplus"
_SHOWN = 200
_NAME = 80
_UNSAFE = re.compile(r"[^\w.\-]+")


class RejectFile:
    """Written beside the import and given its name only just before the rows are committed.

    The original columns stay untouched; what went wrong stands in columns that begin with "_",
    which an import does not read. Cells beyond the header's last column go to `_surplus`.
    """

    def __init__(self, folder: Path, label: str, name: str, digest: str) -> None:
        stem = _UNSAFE.sub("-", name).strip("-.")[-_NAME:]
        self.path = folder / f"{stem}-{digest[:8]}-rejected.csv"
        self._part = self.path.with_suffix(f".{os.getpid()}.part")
        self._label = label
        self._file: IO[str] | None = None
        self._header: tuple[str, ...] = ()
        self._writer: Any = None
        self.count = 0
        self.reasons: dict[str, int] = {}

    def write(self, header: Header, line: int, cells: list[str], error: tuple[str, str, str]) -> None:
        """One rejected row.

        Args:
            error: header of the column, the value in it, the reason's code.
        """
        self._begin(header.names)
        column, value, reason = error
        width = len(header.names)
        row = [*cells[:width], *[""] * (width - len(cells))]
        surplus = "\t".join(cells[width:])
        self._writer.writerow([*row, self._label, line, column, value[:_SHOWN], reason, surplus])
        self.count += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def _begin(self, names: tuple[str, ...]) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("w", encoding="utf-8-sig", errors="replace", newline="")
            self._writer = csv.writer(self._file)
        if names != self._header:  # another sheet of the same workbook brings its own header
            self._header = names
            self._writer.writerow([*names, *EXTRA, SURPLUS])

    def keep(self) -> Path | None:
        """Give the file its name. Returns None when nothing was rejected."""
        if self._file is None:
            return None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self.path)
        return self.path

    def drop(self) -> None:
        """Forget what has been written."""
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
