"""Delimited text: separator, header, and records that survive a quote that is never closed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data_access.importing.encoding import examine
from data_access.importing.header import HeaderPicker
from data_access.importing.limits import Limits
from data_access.importing.rows import BadRow, Batch, level
from domain.errors import ImportRefused

_SAMPLE = 1 << 18
_HEADER_WITHIN = 10


@dataclass(slots=True)
class _Lines:
    """A block of whole lines, the number of the first, and whether the file ends here."""

    lines: list[str]
    first: int
    last: bool
    position: int
    has_control: bool


class TextSource:
    """A CSV file. Its one part is the file itself."""

    skipped = 0

    def __init__(self, path: Path, label: str, encodings: tuple[str, ...], limits: Limits) -> None:
        self._path, self._label, self._limits = path, label, limits
        self._examined = examine(path, label, encodings)
        self.digest, self.size = self._examined.digest, self._examined.size

    def select(self, picker: HeaderPicker, separators: tuple[str, ...]) -> None:
        """Find separator and header.

        Raises:
            ImportRefused: no separator yields a header that the profile knows.
        """
        sample = self._sample()
        read = [(separator, _first_rows(sample, separator)) for separator in separators]
        self.header, self.separator = picker.best(read, self._label)

    def parts(self) -> Iterator[TextSource]:
        """The file itself."""
        yield self

    def batches(self) -> Iterator[Batch]:
        """Rows below the header. `csv.field_size_limit` must be at least `limits.line`."""
        width = len(self.header.names)
        suspicious = self._examined.damaged
        for block in self._records():
            for start in range(0, max(1, len(block.rows)), self._limits.chunk):
                stop = start + self._limits.chunk
                batch = level(block.lines[start:stop], block.rows[start:stop], width)
                batch.bad = sorted([*batch.bad, *(block.bad if start == 0 else ())], key=lambda row: row.line)
                batch.suspicious = suspicious or block.suspicious
                batch.position = block.position
                yield batch

    def _sample(self) -> list[str]:
        with self._path.open("rb") as raw, self._open(raw) as file:
            text = file.read(_SAMPLE)
        return io.StringIO(text, newline="").readlines()

    def _open(self, raw: io.BufferedReader) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, encoding=self._examined.encoding, errors="surrogateescape", newline="")

    def _blocks(self) -> Iterator[_Lines]:
        """The file in blocks of whole lines; a line is never longer than the limit."""
        carried, number = "", 1
        with self._path.open("rb") as raw, self._open(raw) as file:
            while True:
                text = file.read(self._limits.block)
                lines = io.StringIO(carried + text, newline="").readlines()
                carried = lines.pop() if text and lines else ""
                if len(carried) > self._limits.line:
                    line = number + len(lines)
                    raise ImportRefused("error.import_line", file=self._label, line=line, limit=self._limits.line)
                yield _Lines(lines, number, not text, raw.tell(), _has_control(text) or _has_control(carried))
                number += len(lines)
                if not text:
                    return

    def _records(self) -> Iterator[Batch]:
        """Records of each block, of any width, header left out."""
        skip, waiting = self.header.rows, _Lines([], 1, False, 0, False)
        for block in self._blocks():
            lines, first = waiting.lines + block.lines, block.first - len(waiting.lines)
            if skip:
                dropped = min(skip, len(lines))
                lines, first, skip = lines[dropped:], first + dropped, skip - dropped
            suspicious = block.has_control or waiting.has_control
            rows = self._simple(lines)
            if rows is None:
                batch, used = self._quoted(lines, first, block.last)
            else:
                batch, used = Batch(list(range(first, first + len(rows))), rows), len(lines)
            waiting = _Lines(lines[used:], first + used, False, 0, suspicious)
            batch.suspicious, batch.position = suspicious, block.position
            yield batch

    def _simple(self, lines: list[str]) -> list[list[str]] | None:
        """All records at once where each is one line, which is nearly always; else None."""
        try:
            rows = list(csv.reader(lines, delimiter=self.separator, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == len(lines) else None

    def _quoted(self, lines: list[str], first: int, last: bool) -> tuple[Batch, int]:
        """Records of lines that contain quotes, and how many lines they took."""
        batch, at = Batch([], []), 0
        while at < len(lines):
            row, used, reason = self._record(lines, at)
            if reason == "quote_open" and not last and len(lines) - at < self._limits.record_lines:
                break
            if reason:
                cells = lines[at].rstrip("\r\n").split(self.separator)
                batch.bad.append(BadRow(first + at, cells, reason))
            else:
                batch.lines.append(first + at)
                batch.rows.append(row)
            at += used
        return batch, at

    def _record(self, lines: list[str], at: int) -> tuple[list[str], int, str]:
        """The record that begins at a line: its cells, its number of lines, and why it is none.

        A record of several lines that does not fit the header began with a quote that should not be
        there; then only its first line is bad and reading goes on with the next one.
        """
        if '"' not in lines[at]:
            return next(csv.reader(lines[at : at + 1], delimiter=self.separator), []), 1, ""
        reader = csv.reader(
            (lines[i] for i in range(at, min(len(lines), at + self._limits.record_lines))),
            delimiter=self.separator,
            strict=True,
        )
        try:
            row = next(reader)
        except csv.Error as error:
            return [], 1, "quote_open" if reader.line_num > 1 or "unexpected end" in str(error) else "quote_bad"
        if reader.line_num > 1 and not self._fits(row):
            return [], 1, "quote_open"
        return row, reader.line_num, ""

    def _fits(self, row: list[str]) -> bool:
        width = len(self.header.names)
        return len(row) >= width and not any(row[width:])


def _first_rows(sample: list[str], separator: str) -> list[tuple[int, int, list[str]]]:
    """Up to ten rows of the sample: line they begin on, lines read so far, cells."""
    reader = csv.reader(sample, delimiter=separator)
    rows: list[tuple[int, int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            rows.append((before + 1, reader.line_num, row))
            before = reader.line_num
            if len(rows) == _HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return rows


def _has_control(text: str) -> bool:
    return "\0" in text or "\x1f" in text
