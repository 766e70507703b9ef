"""The incidents behind a number of the map as a text table and as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime

from xlsxwriter.worksheet import Worksheet

from domain.incident_views import RowsView
from exports.book import Book, neutral, workbook
from exports.map_table import definitions
from i18n import Translator
from i18n.map_words import code, tag, tags

HEAD_ROW = 4
BOM = b"\xef\xbb\xbf"
CODED = ("class_code", "subclass", "severity", "channel", "found_by", "place_issue")
Names = Mapping[str, str]


def incidents_csv(view: RowsView, t: Translator, names: Names | None = None) -> bytes:
    """UTF-8 with byte order mark: a header line, the rows, then what they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_heads(view, t))
    for row in view.rows:
        writer.writerow([_safe(value) for value in _said(view, row, t, names or {})])
    for text in _notes(view, t, names):
        writer.writerow([neutral(text)])
    return BOM + out.getvalue().encode("utf-8")


def incidents_xlsx(view: RowsView, t: Translator, names: Names | None = None) -> bytes:
    """One sheet: title, definitions, header, rows with real dates and numbers."""
    into = io.BytesIO()
    with workbook(into) as book:
        _sheet(book, view, t, names or {})
    return into.getvalue()


def _sheet(book: Book, view: RowsView, t: Translator, names: Names) -> None:
    heads = _heads(view, t)
    width = max(6, len(heads))
    sheet = book.sheet(t("incidents.title"), head_rows=(HEAD_ROW, HEAD_ROW), frozen=(HEAD_ROW + 1, 1))
    sheet.merge_range(0, 0, 0, width - 1, t("incidents.title"), book.title)
    sheet.set_row(0, 30)
    for line, text in enumerate(_notes(view, t, names)[: HEAD_ROW - 1], 1):
        sheet.write_string(line, 0, text, book.note)
    if view.board.demo:
        sheet.write_string(1, width - 1, t("export.demo"), book.mark)
    for column, name in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, name, book.head)
    _rows(book, sheet, view, t, names)
    sheet.set_column(0, width - 1, 18)


def _rows(book: Book, sheet: Worksheet, view: RowsView, t: Translator, names: Names) -> None:
    for number, row in enumerate(view.rows, HEAD_ROW + 1):
        for column, value in enumerate(_said(view, row, t, names)):
            book.write(sheet, number, column, value)
    for offset, text in enumerate(_notes(view, t, names)):
        sheet.write_string(HEAD_ROW + 2 + len(view.rows) + offset, 0, text, book.note)


def _heads(view: RowsView, t: Translator) -> list[str]:
    return [t.maybe(f"column.{name}", name) for name in view.columns]


def _said(view: RowsView, row: tuple[object, ...], t: Translator, names: Names) -> list[object]:
    return [_value(name, value, t, names) for name, value in zip(view.columns, row, strict=True)]


def _value(column: str, value: object, t: Translator, names: Names) -> object:
    """A value of a column in words; times and numbers stay what they are."""
    if column == "is_valid" and value is not None:
        return t("word.yes" if value else "word.no")
    if column == "tags":
        return t("list.comma").join(tag(one, t) for one in tags(value))
    if not isinstance(value, str) or not value:
        return value
    if column == "station_code":
        return names.get(value, value)
    return code(column, value, t) if column in CODED else value


def _safe(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return neutral(value) if isinstance(value, str) else str(value)


def _notes(view: RowsView, t: Translator, names: Names | None) -> list[str]:
    total = t("incidents.part", n=t.number(len(view.rows)), total=t.number(view.total))
    return [total, *definitions(view.asked, view.board, t, names)]
