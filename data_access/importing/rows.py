"""What the readers of the three kinds of files hand on: parts with a header, and batches of rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from domain.profile import FileRule


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not even a row: `reason` is a code of `domain.parsing.REASONS`."""

    line: int
    cells: list[str]
    reason: str


@dataclass(slots=True)
class Batch:
    """Rows of equal width, with the lines they begin on.

    `suspicious`: some cell may hold a NUL or an undecodable byte, so each must be looked at.
    `position`: bytes of the file read so far (about), for the progress bar.
    """

    lines: list[int]
    rows: list[list[str]]
    bad: list[BadRow] = field(default_factory=list)
    suspicious: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """A header row and the rule of the profile that fits it.

    Args:
        names: trimmed; empty names at the end are gone.
        line: the line it stands on, counted from 1. rows: rows before the first data row, itself included.
    """

    names: tuple[str, ...]
    rule: FileRule
    line: int
    rows: int


class Part(Protocol):
    """A table inside a file: the file itself, one sheet, one feature collection."""

    header: Header

    def batches(self) -> Iterator[Batch]:
        """The rows below the header, in order."""
        ...


class Source(Protocol):
    """An opened file."""

    digest: str
    size: int
    skipped: int

    def parts(self) -> Iterator[Part]:
        """The tables of the file that the profile knows; `skipped` counts sheets that it does not."""
        ...


def level(lines: list[int], rows: list[list[str]], width: int) -> Batch:
    """Drop blank rows and empty surplus cells; rows of another width become bad rows."""
    if set(map(len, rows)) <= {width} and all(map(any, rows)):
        return Batch(lines, rows)
    batch = Batch([], [])
    for line, row in zip(lines, rows, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        trimmed = row[:width] if len(row) > width and not any(row[width:]) else row
        if len(trimmed) == width:
            batch.lines.append(line)
            batch.rows.append(trimmed)
        else:
            batch.bad.append(BadRow(line, row, "field_count"))
    return batch
