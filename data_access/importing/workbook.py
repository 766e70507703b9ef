"""XLSX and XLS: every sheet whose header the profile knows. Formulas come as the text or number last shown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from data_access.importing.encoding import fingerprint
from data_access.importing.header import HeaderPicker
from data_access.importing.limits import MIB, Limits
from data_access.importing.rows import Batch, Header, level
from domain.errors import ImportRefused

_HEADER_WITHIN = 10


class WorkbookSource:
    """A workbook; its parts are its sheets."""

    def __init__(self, path: Path, label: str, picker: HeaderPicker, limits: Limits) -> None:
        self._label, self._picker, self._limits = label, picker, limits
        self.digest, self.size, self.skipped = fingerprint(path), path.stat().st_size, 0
        _check_size(path, label, limits)
        try:
            self._book = CalamineWorkbook.from_path(str(path))
        except (CalamineError, OSError, ValueError) as error:
            raise ImportRefused("error.import_workbook", file=label, detail=str(error)) from error

    def parts(self) -> Iterator[SheetPart]:
        """Sheets with a known header, in order.

        Raises:
            ImportRefused: no sheet has one, or the workbook is damaged.
        """
        found = False
        unknown = []
        for name in self._book.sheet_names:
            rows = self._rows(name)
            sample = [(at + 1, at + 1, row) for at, row in enumerate(rows[:_HEADER_WITHIN])]
            header = self._picker.pick(sample, f"{self._label}#{name}")
            if header is not None:
                found = True
                yield SheetPart(header, rows, self.size, self._limits)
            elif any(map(any, rows)):
                self.skipped += 1
                unknown.append(sample)
        if not found:
            self._picker.best([("", sample) for sample in unknown or [[]]], self._label)

    def _rows(self, name: str) -> list[list[str]]:
        try:
            sheet: CalamineSheet = self._book.get_sheet_by_name(name)
            if sheet.total_width > self._limits.columns:
                raise ImportRefused(
                    "error.import_columns", file=self._label, count=sheet.total_width, limit=self._limits.columns
                )
            return [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        except (CalamineError, OSError, ValueError) as error:
            raise ImportRefused("error.import_workbook", file=self._label, detail=str(error)) from error


class SheetPart:
    """One sheet."""

    def __init__(self, header: Header, rows: list[list[str]], size: int, limits: Limits) -> None:
        self.header, self._rows, self._size, self._limits = header, rows, size, limits

    def batches(self) -> Iterator[Batch]:
        """Rows below the header."""
        count = len(self._rows)
        for start in range(self.header.rows, count, self._limits.chunk):
            rows = self._rows[start : start + self._limits.chunk]
            batch = level(list(range(start + 1, start + 1 + len(rows))), rows, len(self.header.names))
            batch.suspicious = True
            batch.position = self._size * min(count, start + len(rows)) // max(1, count)
            yield batch


def cell_text(value: Any) -> str:
    """A cell as the text a CSV would hold: whole numbers without ".0", times as yyyy-MM-dd HH:mm:ss.

    >>> cell_text(13805710001.0), cell_text(True), cell_text(0.1)
    ('13805710001', '1', '0.1')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    return str(value)


def _check_size(path: Path, label: str, limits: Limits) -> None:
    """Unpack once into nothing: a workbook is an archive too, and what it declares may be a lie."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > limits.workbook:
            raise ImportRefused("error.import_bomb", file=label, member=label)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > limits.workbook:
                raise ImportRefused("error.import_bomb", file=label, member=label)
            for info in archive.infolist():
                with archive.open(info) as member:
                    while member.read(MIB):
                        pass
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, NotImplementedError) as error:
        raise ImportRefused("error.import_workbook", file=label, detail=str(error)) from error
