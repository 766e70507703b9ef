"""One shape for every table of the assessment's workbook: cells with a form each, two rows of heads, a sum last."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from domain.rounding import half_up
from exports.book import neutral, workbook
from exports.tables import NOTHING, Form, Formats, Value, csv_bytes, write_heads, write_value

HEAD_ROW = 2
_DUST = 9
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
LINE, _WIDE, _WIDEST = 16, 0x2E80, 30.0
"""Height of a line in points; letters from here on are two wide; most that a column grows to for its names."""


FORMS = {
    "rank": Form("0", 0),
    "moved": Form('"↑"0;"↓"0;0', 0),
    "points": Form("0.00", 2),
    "signed": Form("+0.00;-0.00;0.00", 2),
    "count": Form("#,##0.##", 2),
    "rate": Form("0.00", 2),
    "share": Form("0.0%", 1, percent=True),
    "change": Form("+0.00%;-0.00%;0.00%", 2, percent=True),
    "pp": Form('+0.00"{unit}";-0.00"{unit}";0.00"{unit}"', 2),
}
"""Form of a number; "text" is at the left, "word" in the middle, "wrap" a long text, "moment" a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. `form`: see `FORMS`; `fill`: "blue", "yellow", "red", "grey" or "". A None reads —."""

    value: Value
    form: str = "text"
    fill: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `group`: what stands above it and its neighbours of the same group; "" for nothing."""

    name: str
    group: str = ""
    width: float = 9.0


@dataclass(frozen=True)
class Sheet:
    """One table.

    Args:
        title: over the table. above: the line under the title. total: the sum, written last; None for none.
        lead: columns that stay in view. notes: lines under the table.
    """

    name: str
    title: str
    above: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    lead: int = 2
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Row, ...]:
        """The rows and, last, their sum."""
        return (*self.rows, self.total) if self.total is not None else self.rows


def text(value: str | None) -> Cell:
    """A name or a sentence; "" stays empty."""
    return Cell(value)


def word(value: str | None, fill: str = "") -> Cell:
    """A word in the middle."""
    return Cell(value, "word", fill)


def points(value: float | None) -> Cell:
    """Points with two decimals."""
    return Cell(value, "points")


def count(value: float | None) -> Cell:
    """A count or a quantity."""
    return Cell(value, "count")


def rounded(value: float, form: str) -> float:
    """A number as it is shown: half-up, the dust of binary fractions cut off first. A share stays a share.

    >>> rounded(89.99499999999999, "points"), rounded(0.8745, "share")
    (90.0, 0.875)
    """
    found = FORMS[form]
    shown = half_up(round(100 * value if found.percent else value, _DUST), found.digits)
    return float(shown.scaleb(-2) if found.percent else shown) + 0.0


def sheets_xlsx(sheets: Iterable[Sheet], mark: str, unit: str) -> bytes:
    """A workbook, every table on a sheet of its own.

    Args:
        mark: written at the right above each table, "" for nothing. unit: what stands behind percentage points.
    """
    into = io.BytesIO()
    with workbook(into) as book:
        formats = Formats(book, FORMS, unit)
        for name, one in _named(sheets):
            _write(formats, name, one, mark)
    return into.getvalue()


def sheet_csv(rows: Iterable[Sequence[Cell]], heads: Sequence[str], notes: Iterable[str]) -> bytes:
    """UTF-8 with byte order mark: a line of heads, the rows, then what they are."""
    lines = [[neutral(head) for head in heads], *([plain(cell) for cell in row] for row in rows)]
    return csv_bytes([*lines, *([neutral(note)] for note in notes)])


def plain(cell: Cell) -> str:
    """A value of a text table. Numbers stay numbers, without signs of thousands or percent: a share is 0..1."""
    value = cell.value
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return neutral(value) if isinstance(value, str) else f"{rounded(value, cell.form):.12g}"


# spreadsheet -----------------------------------------------------------------------------------


def _named(sheets: Iterable[Sheet]) -> Iterator[tuple[str, Sheet]]:
    """Sheets with names that a spreadsheet takes: 31 letters at most, none twice."""
    seen: set[str] = set()
    for one in sheets:
        name = _FORBIDDEN.sub(" ", one.name)[:_LONGEST_NAME]
        number = 1
        while name.casefold() in seen:
            number += 1
            name = f"{name[: _LONGEST_NAME - 4]} {number}"
        seen.add(name.casefold())
        yield name, one


def _write(formats: Formats, name: str, one: Sheet, mark: str) -> None:
    book, width = formats.book, len(one.columns)
    sheet = book.sheet(name, head_rows=(HEAD_ROW, HEAD_ROW + 1), frozen=(HEAD_ROW + 2, one.lead))
    sheet.merge_range(0, 0, 0, width - 1, one.title, book.title)
    sheet.set_row(0, 30)
    room = width > one.lead + 1  # else the mark would stand where the line above goes on
    sheet.write_string(1, 0, one.above if room or not mark else f"{one.above}  {mark}", book.note)
    if mark and room:
        sheet.write_string(1, width - 1, mark, book.mark)
    sheet.set_row(HEAD_ROW + 1, LINE * max(_lines_of(column) for column in one.columns))
    write_heads(book, sheet, HEAD_ROW, one.columns)
    widths = [_width(one, at) for at in range(width)]
    for at, found in enumerate(widths):
        sheet.set_column(at, at, found)
    row = HEAD_ROW + 2
    for line in one.lines:
        for at, cell in enumerate(line):
            write_value(sheet, (row, at), _shown(cell), formats.of(cell.form, cell.fill, bold=line is one.total))
        sheet.set_row(row, _height(line, widths))
        row += 1
    for note in one.notes:
        sheet.write_string(row, 0, note, book.note)
        row += 1
    sheet.print_area(0, 0, row - 1, width - 1)


def _wide(said: str) -> int:
    """How many letters wide a text is; Chinese letters are two wide."""
    return sum(2 if ord(letter) > _WIDE else 1 for letter in said)


def _width(one: Sheet, at: int) -> float:
    """A column's width; of those that stay in view it holds their names."""
    told = [line[at].value for line in one.lines] if at < one.lead else []
    names = [_wide(value) + 3.0 for value in told if isinstance(value, str)]
    return min(max([one.columns[at].width, *names]), max(one.columns[at].width, _WIDEST))


def _lines_of(column: Column) -> int:
    """How many lines a column's name needs in the lower row."""
    needed = sum(ceil(_wide(line) / column.width) for line in column.name.split("\n"))
    return max(1, needed - (0 if column.group else 1))


def _height(line: Row, widths: Sequence[float]) -> float:
    """A row is as high as its longest text that is wrapped: programs do not all grow a row by themselves."""
    wrapped = [
        _wide(str(cell.value)) / (wide - 2) for cell, wide in zip(line, widths, strict=True) if cell.form == "wrap"
    ]
    return LINE * max(1, *map(ceil, wrapped), 1)


def _shown(cell: Cell) -> Value:
    value = cell.value
    return rounded(value, cell.form) if isinstance(value, int | float) else value
