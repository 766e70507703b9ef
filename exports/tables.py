"""What every table in a workbook has in common: forms of numbers, two rows of heads, cells, and its text form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.book import Book, fills

NOTHING = "—"
BOM = b"\xef\xbb\xbf"
_ALIGNED = {"text": "left", "wrap": "left", "word": "center", "moment": "center"}
Value = str | int | float | datetime | None
"""A None reads —; an empty text stays empty."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a number is written.

    Args:
        code: number format of the spreadsheet. digits: decimals of what is shown, half-up.
        percent: a spreadsheet holds a share, which its format shows times 100.
    """

    code: str
    digits: int
    percent: bool = False


class Named(Protocol):
    """A column: its name, and what stands above it and its neighbours of the same group; "" for nothing."""

    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...


class Formats:
    """The formats of one workbook, by form and fill.

    Args:
        forms: name -> how a number is written. Others are "text" (left), "word" (in the middle), "wrap" (a long
            text) and "moment" (a time). unit: what stands behind percentage points.
    """

    def __init__(self, book: Book, forms: Mapping[str, Form], unit: str = "") -> None:
        self.book, self.fills, self.forms, self.unit = book, fills(), forms, unit
        self._made: dict[tuple[str, str, bool], Format] = {}

    def of(self, form: str, fill: str = "", *, bold: bool = False) -> Format:
        """Numbers and what stands for them at the right, thin borders around all. `fill`: "" for none."""
        key = form, fill, bold
        if key not in self._made:
            given: dict[str, object] = {"font_size": 11, "border": 1, "valign": "vcenter", "bold": bold}
            given |= {"align": _ALIGNED.get(form, "right"), "text_wrap": form == "wrap"}
            if given["align"] == "left":
                given["indent"] = 1  # the number before it stands at its right edge
            if form in self.forms:
                given["num_format"] = self.forms[form].code.replace("{unit}", self.unit)
            if form == "moment":
                given["num_format"] = "yyyy-mm-dd hh:mm"
            made = self.book.book.add_format(given)
            if fill in self.fills:
                made.set_bg_color(self.fills[fill])
            self._made[key] = made
        return self._made[key]


def write_heads(book: Book, sheet: Worksheet, row: int, columns: Sequence[Named]) -> None:
    """Two rows: groups above their columns; what has no group takes both."""
    at = 0
    for group, found in groupby(columns, key=lambda column: column.group):
        inner = list(found)
        if group and len(inner) > 1:
            sheet.merge_range(row, at, row, at + len(inner) - 1, group, book.head)
        elif group:
            sheet.write_string(row, at, group, book.head)
        for column in inner:
            if group:
                sheet.write_string(row + 1, at, column.name, book.head)
            else:
                sheet.merge_range(row, at, row + 1, at, column.name, book.head)
            at += 1


def write_value(sheet: Worksheet, at: tuple[int, int], value: Value, form: Format) -> None:
    """Write a value as what it is; numbers are rounded before."""
    if isinstance(value, datetime):
        sheet.write_datetime(*at, value, form)
    elif value is None or isinstance(value, str):
        shown = NOTHING if value is None else value
        sheet.write_string(*at, shown, form) if shown else sheet.write_blank(*at, None, form)
    else:
        sheet.write_number(*at, value, form)


def csv_bytes(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with byte order mark, lines closed as spreadsheets expect it. The caller has neutralised the texts."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return BOM + out.getvalue().encode("utf-8")
