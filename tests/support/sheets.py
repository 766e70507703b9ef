"""Reading the files of the comparison pages back: cells as a spreadsheet program shows them, tables by their heads."""

from __future__ import annotations

import csv
import io

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from i18n import ONE_SPACE

FIRST = 6
"""The row of a sheet, counted from 1, below its two rows of heads."""


def opened(data: bytes) -> openpyxl.Workbook:
    """A workbook from its bytes."""
    return openpyxl.load_workbook(io.BytesIO(data))


def text_lines(data: bytes) -> list[list[str]]:
    """The cells of a text table, which begins with a byte order mark."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def plain(text: str) -> str:
    """As a spreadsheet's number format writes it: ASCII minus, no space before the percent sign."""
    return text.replace("\N{MINUS SIGN}", "-").replace(ONE_SPACE, "")


def displayed(cell: Cell) -> str:
    """What a spreadsheet program shows: the number through its number format."""
    if not isinstance(cell.value, (int, float)):
        return "" if cell.value is None else str(cell.value)
    parts = cell.number_format.split(";")
    value = float(cell.value)
    code = parts[0] if value > 0 or len(parts) < 3 else parts[1] if value < 0 else parts[2]
    digits = len(code.partition(".")[2].rstrip("%"))
    shown = abs(value) * (100 if code.endswith("%") else 1)
    sign = "+" if code.startswith("+") else "-" if value < 0 else ""
    return f"{sign}{shown:{',' if ',' in code else ''}.{digits}f}{'%' if code.endswith('%') else ''}"


def bare(cell: Cell) -> str:
    """The same as a text table has it: numbers without plus, thousands and percent sign."""
    shown = displayed(cell)
    return shown.replace(",", "").strip("+%") if isinstance(cell.value, (int, float)) else shown


def heads(sheet: Worksheet) -> list[tuple[str, str]]:
    """(group, name) of every column; a group reaches to the next one."""
    found, group = [], ""
    for upper, lower in zip(sheet[FIRST - 2], sheet[FIRST - 1], strict=True):
        group = "" if lower.value is None else upper.value or group
        found.append((group, str(lower.value or upper.value)))
    return found


def table(sheet: Worksheet, lead: int = 1) -> dict[tuple[str, ...], dict[tuple[str, str], Cell]]:
    """First columns of each row -> head -> cell."""
    names = heads(sheet)
    return {
        tuple(str(cell.value or "") for cell in row[:lead]): dict(zip(names, row, strict=True))
        for row in sheet.iter_rows(min_row=FIRST)
        if any(cell.value for cell in row)
    }


def rows(sheet: Worksheet) -> list[dict[tuple[str, str], Cell]]:
    """The rows of a sheet: head -> cell."""
    names = heads(sheet)
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=FIRST)]


def defined(book: openpyxl.Workbook) -> list[str]:
    """The lines of the last sheet, below its title."""
    return [str(row[0].value) for row in book.worksheets[-1].iter_rows(min_row=2)]


def filled(cell: Cell) -> str:
    """The colour behind a cell, such as `"#dbeafe"`; "" without."""
    return f"#{str(cell.fill.fgColor.rgb)[2:].lower()}" if cell.fill.fill_type else ""
