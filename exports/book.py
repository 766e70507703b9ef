"""A workbook in the house style: title over the table, thin borders, colour fill and word."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FONT = "FangSong"
TOKENS = Path(__file__).parent.parent / "components" / "tokens.toml"
A4 = 9
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def fills() -> dict[str, str]:
    """Fill colours of spreadsheets, from the one table of colours."""
    table: dict[str, str] = tomllib.loads(TOKENS.read_text(encoding="utf-8"))["sheet"]
    return table


class Book:
    """One workbook with its formats."""

    def __init__(self, book: Workbook) -> None:
        colours = fills()
        self.book = book
        cell = {"font_size": 11, "border": 1, "valign": "vcenter"}
        self.title = book.add_format({"font_size": 16, "bold": True, "align": "center", "valign": "vcenter"})
        self.head = book.add_format(
            {**cell, "bold": True, "align": "center", "text_wrap": True, "bg_color": colours["head"]}
        )
        self.text = book.add_format({**cell, "align": "left"})
        self.center = book.add_format({**cell, "align": "center"})
        self.number = book.add_format({**cell, "align": "right", "num_format": "#,##0.##"})
        self.score = book.add_format({**cell, "align": "right", "num_format": "0.0"})
        self.time = book.add_format({**cell, "align": "center", "num_format": "yyyy-mm-dd hh:mm:ss"})
        self.note = book.add_format({"font_size": 10, "align": "left", "text_wrap": False})
        self.mark = book.add_format({"font_size": 11, "bold": True, "align": "right", "font_color": colours["mark"]})
        self.fills = {
            name: book.add_format({**cell, "align": "center", "bg_color": colours[name]})
            for name in ("blue", "yellow", "red", "grey")
        }

    def sheet(self, name: str, *, head_rows: tuple[int, int], frozen: tuple[int, int]) -> Worksheet:
        """A landscape A4 sheet, one page wide, with repeated header, page numbers and frozen panes.

        Args:
            head_rows: first and last header row, counted from 0.
            frozen: first row and column that scroll.
        """
        sheet = self.book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.repeat_rows(*head_rows)
        sheet.freeze_panes(*frozen)
        sheet.hide_gridlines(2)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, form: Format | None = None) -> None:
        """Write a value as what it is; text is never taken for a formula or a link."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, form or self.text)
        elif isinstance(value, (bool, int, float)):
            sheet.write_number(row, column, value, form or self.number)
        elif hasattr(value, "hour"):
            sheet.write_datetime(row, column, value, form or self.time)
        else:
            sheet.write_string(row, column, str(value), form or self.text)


@contextmanager
def workbook(into: io.BytesIO) -> Iterator[Book]:
    """A workbook written into `into` when the block ends."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(into, {**options, "default_format_properties": {"font_name": FONT, "font_size": 11}})
    try:
        yield Book(book)
    finally:
        book.close()


def neutral(text: str) -> str:
    """Text that a spreadsheet will not run as a formula: an apostrophe in front where it would.

    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(DANGEROUS) else text
