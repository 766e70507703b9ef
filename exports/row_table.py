"""The rows behind one number as a spreadsheet and as a text table."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from xlsxwriter.worksheet import Worksheet

from domain.task import Catalogue, Task
from domain.views import CellView
from exports.book import Book, neutral, workbook
from i18n import Translator
from i18n.words import formula, how_measured

HEAD_ROW = 5


def rows_csv(view: CellView, catalogue: Catalogue, t: Translator) -> bytes:
    """UTF-8 with byte order mark: a header line, the rows, then how they were counted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_heads(view, t))
    for row in view.page.rows:
        writer.writerow(
            [neutral(_text(value)) if isinstance(value, str) else _text(value) for value in _named(view, row, t)]
        )
    for text in _notes(view, catalogue, t):
        writer.writerow([neutral(text)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def rows_xlsx(view: CellView, catalogue: Catalogue, t: Translator) -> bytes:
    """One sheet: title, formula line, two-row header, rows with real dates and numbers, notes."""
    into = io.BytesIO()
    with workbook(into) as book:
        _sheet(book, view, catalogue, t)
    return into.getvalue()


def _sheet(book: Book, view: CellView, catalogue: Catalogue, t: Translator) -> None:
    heads = _heads(view, t)
    width = max(6, len(heads))
    sheet = book.sheet(t("export.sheet_rows"), head_rows=(HEAD_ROW - 1, HEAD_ROW), frozen=(HEAD_ROW + 1, 1))
    sheet.merge_range(0, 0, 0, width - 1, _title(view, catalogue, t), book.title)
    sheet.set_row(0, 30)
    for line, text in enumerate(_above(view, catalogue, t), 1):
        sheet.write_string(line, 0, text, book.note)
    if view.board.demo:
        sheet.write_string(1, width - 1, t("export.demo"), book.mark)
    _head_rows(book, sheet, heads, t)
    for number, row in enumerate(view.page.rows, 1):
        for column, value in enumerate(_named(view, row, t)):
            book.write(sheet, HEAD_ROW + number, column, value)
    for offset, text in enumerate(_notes(view, catalogue, t)):
        sheet.write_string(HEAD_ROW + 2 + len(view.page.rows) + offset, 0, text, book.note)
    sheet.set_column(0, width - 1, 20)


def _head_rows(book: Book, sheet: Worksheet, heads: list[str], t: Translator) -> None:
    """The upper row groups the columns: what the row is, and what is known of it."""
    if len(heads) > 2:
        sheet.write_string(HEAD_ROW - 1, 0, t("export.number"), book.head)
        sheet.merge_range(HEAD_ROW - 1, 1, HEAD_ROW - 1, len(heads) - 1, t("export.sheet_rows"), book.head)
    for column, name in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, name, book.head)


def _heads(view: CellView, t: Translator) -> list[str]:
    return [t.maybe(f"column.{name}", name) for name in view.page.columns]


def _named(view: CellView, row: tuple[object, ...], t: Translator) -> list[object]:
    """The values with codes replaced by their words."""
    return [
        t.maybe(f"value.{name}.{value}", value) if isinstance(value, str) else value
        for name, value in zip(view.page.columns, row, strict=True)
    ]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)


def _task(view: CellView, catalogue: Catalogue) -> Task:
    task = catalogue.task(view.cell.task)
    if task is None:
        raise LookupError(view.cell.task)
    return task


def _title(view: CellView, catalogue: Catalogue, t: Translator) -> str:
    station = t.pick(view.unit.name, view.unit.name_en)
    return t("export.title_rows", station=station, task=_task(view, catalogue).name(t.lang))


def _above(view: CellView, catalogue: Catalogue, t: Translator) -> list[str]:
    task, page = _task(view, catalogue), view.page
    return [
        t("export.formula", line=formula(view.cell, task, t)),
        t("export.period", start=t.moment(view.start), end=t.moment(view.board.as_of)),
        t("export.part", part=t(f"rows.part.{page.part}"), n=t.number(page.total)),
    ]


def _notes(view: CellView, catalogue: Catalogue, t: Translator) -> list[str]:
    task = _task(view, catalogue)
    notes = [
        t("export.formula", line=formula(view.cell, task, t)),
        t("export.measured", line=how_measured(task, t)),
        t("export.until", at=t.moment(view.board.as_of, seconds=True)),
    ]
    return [*notes, t("export.demo")] if view.board.demo else notes
