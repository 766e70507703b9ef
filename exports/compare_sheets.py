"""One shape for every table of the comparison pages: sheets of one workbook, or one text table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from xlsxwriter.worksheet import Worksheet

from domain.board import Board
from domain.rounding import half_up
from exports.book import Book, neutral, workbook
from exports.tables import NOTHING, Form, Formats, csv_bytes, write_heads, write_value
from i18n import Translator

HEAD_ROW = 3
FILLS = {"good": "blue", "bad": "red", "real": "yellow"}
"""What is told from chance, as `i18n.compare_words.tone` names it -> the fill behind it."""


FORMS = {
    "count": Form("#,##0", 0),
    "excess": Form("+#,##0;-#,##0;0", 0),
    "change": Form("+#,##0.00%;-#,##0.00%;0.00%", 2, percent=True),
    "bound": Form("+#,##0.0%;-#,##0.0%;0.0%", 1, percent=True),
    "rate": Form("#,##0.00%", 2, percent=True),
    "share": Form("#,##0.0%", 1, percent=True),
    "points": Form("+0.00;-0.00;0.00", 2),
    "points_bound": Form("+0.0;-0.0;0.0", 1),
    "mean": Form("#,##0.0", 1),
    "number": Form("#,##0.00", 2),
    "p": Form("0.0000", 6),
}
"""Name of a column's form -> how its numbers are written; "text" and "word" have none."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        form: a name of `FORMS`, "text" (left) or "word" (centred).
        group: what stands above it and its neighbours of the same group; "" for nothing.
    """

    name: str
    form: str = "text"
    group: str = ""

    @property
    def head(self) -> str:
        """Its name where there is only one row of heads; says percent, as numbers then stand without it."""
        form = FORMS.get(self.form)
        return " ".join(part for part in (self.group, self.name, "%" if form and form.percent else "") if part)


@dataclass(frozen=True, slots=True)
class Toned:
    """A value with its tone, of `i18n.compare_words.tone`; a column beside it says the same in words."""

    value: Value
    tone: str


Value = str | int | float | None
"""Numbers as the view has them; None reads —."""
Row = tuple["Value | Toned", ...]


@dataclass(frozen=True)
class Sheet:
    """One table.

    Args:
        total: the sum, written last; None for none. lead: columns that stay in view.
        note: said above the table, "" for nothing.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    lead: int = 1
    note: str = ""

    @property
    def lines(self) -> tuple[Row, ...]:
        """The rows and, last, their sum."""
        return (*self.rows, self.total) if self.total is not None else self.rows


def unless(why_not: Sequence[str], made: Iterable[Sheet]) -> list[Sheet]:
    """The sheets; where the page shows a reason instead of tables, their heads with the reason."""
    note = " ".join(why_not)
    return [replace(one, rows=(), total=None, note=note) if note else one for one in made]


@dataclass(frozen=True)
class About:
    """What every sheet of a file says: which periods, of which data, what the words mean.

    Args:
        title: of the file. periods: the line under each sheet's title. defined: the lines of 统计口径.
    """

    title: str
    periods: str
    board: Board
    defined: tuple[str, ...]


def sheets_xlsx(sheets: Iterable[Sheet], about: About, t: Translator) -> bytes:
    """A workbook: every table on a sheet of its own, then what they mean."""
    into = io.BytesIO()
    with workbook(into) as book:
        formats = Formats(book, FORMS)
        for one in sheets:
            _write(formats, one, about, t)
        _definitions(book, about, t)
    return into.getvalue()


def sheet_csv(sheet: Sheet, about: About) -> bytes:
    """UTF-8 with byte order mark: one line of heads, the rows, their sum, then what they mean."""
    return _csv(_table(sheet), about)


def sheets_csv(sheets: Sequence[Sheet], about: About) -> bytes:
    """Several tables one below the other, each under its name and closed by an empty line, then what they mean."""
    tables = ([[neutral(one.name)], *_table(one), []] for one in sheets)
    return _csv(chain.from_iterable(tables), about)


def _csv(lines: Iterable[Sequence[str]], about: About) -> bytes:
    return csv_bytes([*lines, *([neutral(text)] for text in about.defined)])


def _table(sheet: Sheet) -> list[list[str]]:
    rows = [[_plain(value, column) for value, column in zip(row, sheet.columns, strict=True)] for row in sheet.lines]
    return [[neutral(column.head) for column in sheet.columns], *rows]


def rounded(value: float, form: Form) -> float:
    """A number as a spreadsheet holds it: rounded as the page shows it; whole where the form has no decimals."""
    shown = half_up(value, form.digits)
    if not form.digits:
        return int(shown)
    return float(shown.scaleb(-2) if form.percent else shown) + 0.0


def _plain(value: Value | Toned, column: Column) -> str:
    """A value of a text table. Numbers stay numbers: no thousands separators, no plus, percent without its sign."""
    value = value.value if isinstance(value, Toned) else value
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return neutral(value)
    shown = half_up(value, FORMS[column.form].digits)
    return str(shown if shown else abs(shown))


# spreadsheet -----------------------------------------------------------------------------------


def _write(formats: Formats, one: Sheet, about: About, t: Translator) -> None:
    book, width = formats.book, max(one.lead + 2, len(one.columns))
    sheet = book.sheet(one.name, head_rows=(HEAD_ROW, HEAD_ROW + 1), frozen=(HEAD_ROW + 2, one.lead))
    sheet.merge_range(0, 0, 0, width - 1, f"{about.title} · {one.name}", book.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, about.periods, book.note)
    until = t("export.until", at=t.moment(about.board.as_of, seconds=True))
    sheet.write_string(2, 0, f"{until}  {one.note}".rstrip(), book.note)
    if about.board.demo:
        sheet.write_string(1, width - 1, t("export.demo"), book.mark)
    write_heads(book, sheet, HEAD_ROW, one.columns)
    for number, row in enumerate(one.lines, HEAD_ROW + 2):
        for at, (value, column) in enumerate(zip(row, one.columns, strict=True)):
            _cell(formats, sheet, (number, at), value, column)
    sheet.set_column(0, len(one.columns) - 1, 11)
    sheet.set_column(0, one.lead - 1, 18)


def _cell(formats: Formats, sheet: Worksheet, at: tuple[int, int], value: Value | Toned, column: Column) -> None:
    tone = value.tone if isinstance(value, Toned) else ""
    value = value.value if isinstance(value, Toned) else value
    shown = rounded(value, FORMS[column.form]) if isinstance(value, int | float) else value
    write_value(sheet, at, shown, formats.of(column.form, FILLS.get(tone, "")))


def _definitions(book: Book, about: About, t: Translator) -> None:
    sheet = book.sheet(t("map.definitions"), head_rows=(0, 0), frozen=(1, 0))
    sheet.write_string(0, 0, t("map.definitions"), book.title)
    for row, text in enumerate(about.defined, 1):
        sheet.write_string(row, 0, text, book.note)
    sheet.set_column(0, 0, 110)
