"""The board as a spreadsheet and as a text table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from domain.board import Board, Line
from domain.colour import Colour
from domain.rounding import half_up
from domain.task import Catalogue
from domain.views import BoardView
from exports.book import Book, neutral, workbook
from i18n import Translator
from i18n.words import status, tally, value

LEFT = 5  # number, code, station, mode, district
HEAD_ROW = 3
COLOURS = (Colour.BLUE, Colour.YELLOW, Colour.RED, Colour.GREY)


def board_xlsx(view: BoardView, catalogue: Catalogue, t: Translator) -> bytes:
    """A workbook of two sheets: stations × themes, and stations × tasks with values."""
    into = io.BytesIO()
    with workbook(into) as book:
        _themes(book, view.board, catalogue, t)
        _tasks(book, view.board, catalogue, t)
    return into.getvalue()


def board_csv(view: BoardView, catalogue: Catalogue, t: Translator) -> bytes:
    """UTF-8 with byte order mark, one line a station: colours and counts of themes, colours of tasks."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    themes = [theme.name(t.lang) for theme in catalogue.themes]
    tasks = [f"{task.code} {task.name(t.lang)}" for task in catalogue.active]
    counted = [f"{name} {t('export.done')}" for name in themes]
    columns = [*_left_heads(t), t("export.overall"), t("export.score"), t("export.red")]
    writer.writerow([*columns, *[x for pair in zip(themes, counted, strict=True) for x in pair], *tasks])
    for number, line in enumerate(view.board.lines, 1):
        writer.writerow([neutral(str(each)) for each in _csv_row(number, line, catalogue, t)])
    for text in _notes(view.board, t):
        writer.writerow([neutral(text)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _csv_row(number: int, line: Line, catalogue: Catalogue, t: Translator) -> list[object]:
    overall = line.overall
    row: list[object] = [*_left(number, line, t), status(overall.colour, overall.reason, t), _score(line), overall.red]
    for summary in line.themes:
        row += [status(summary.colour, summary.reason, t), tally(summary, t)]
    for task in catalogue.active:
        cell = line.cell(task.code)
        row.append(status(cell.colour, cell.reason, t) if cell else "")
    return row


# spreadsheet -------------------------------------------------------------------------------------


def _themes(book: Book, board: Board, catalogue: Catalogue, t: Translator) -> None:
    width = LEFT + 5 + 2 * len(catalogue.themes)
    sheet = book.sheet(t("export.sheet_board"), head_rows=(HEAD_ROW, HEAD_ROW + 1), frozen=(HEAD_ROW + 2, 3))
    _top(book, sheet, board, t, width)
    _heads(book, sheet, t, [(t("export.overall"), _overall_heads(t))])
    for index, theme in enumerate(catalogue.themes):
        column = LEFT + 5 + 2 * index
        sheet.merge_range(HEAD_ROW, column, HEAD_ROW, column + 1, theme.name(t.lang), book.head)
        sheet.write_string(HEAD_ROW + 1, column, t("export.colour"), book.head)
        sheet.write_string(HEAD_ROW + 1, column + 1, t("export.done"), book.head)
    for number, line in enumerate(board.lines, 1):
        _theme_row(book, sheet, HEAD_ROW + 1 + number, (number, line), t)
    _total(book, sheet, HEAD_ROW + 2 + len(board.lines), board, t)
    _bottom(book, sheet, HEAD_ROW + 4 + len(board.lines), board, t)
    _widths(sheet, width)


def _overall_heads(t: Translator) -> list[str]:
    return [t(f"export.{name}") for name in ("colour", "score", "red", "yellow", "grey")]


def _heads(book: Book, sheet: Worksheet, t: Translator, merged: Sequence[tuple[str, list[str]]]) -> None:
    for column, name in enumerate(_left_heads(t)):
        sheet.merge_range(HEAD_ROW, column, HEAD_ROW + 1, column, name, book.head)
    column = LEFT
    for title, names in merged:
        sheet.merge_range(HEAD_ROW, column, HEAD_ROW, column + len(names) - 1, title, book.head)
        for name in names:
            sheet.write_string(HEAD_ROW + 1, column, name, book.head)
            column += 1


def _theme_row(book: Book, sheet: Worksheet, row: int, numbered: tuple[int, Line], t: Translator) -> None:
    number, line = numbered
    overall = line.overall
    _left_cells(book, sheet, row, _left(number, line, t))
    book.write(sheet, row, LEFT, status(overall.colour, overall.reason, t), book.fills[overall.colour.value])
    book.write(sheet, row, LEFT + 1, _score(line), book.score)
    for offset, amount in enumerate((overall.red, overall.yellow, overall.grey), 2):
        book.write(sheet, row, LEFT + offset, amount)
    for index, summary in enumerate(line.themes):
        column = LEFT + 5 + 2 * index
        book.write(sheet, row, column, status(summary.colour, summary.reason, t), book.fills[summary.colour.value])
        book.write(sheet, row, column + 1, tally(summary, t), book.center)


def _tasks(book: Book, board: Board, catalogue: Catalogue, t: Translator) -> None:
    tasks = catalogue.active
    width = LEFT + 2 * len(tasks)
    sheet = book.sheet(t("export.tasks"), head_rows=(HEAD_ROW, HEAD_ROW + 1), frozen=(HEAD_ROW + 2, 3))
    _top(book, sheet, board, t, width)
    _heads(
        book,
        sheet,
        t,
        [(f"{task.code} {task.name(t.lang)}", [t("export.colour"), task_unit(task.unit, t)]) for task in tasks],
    )
    for number, line in enumerate(board.lines, 1):
        row = HEAD_ROW + 1 + number
        _left_cells(book, sheet, row, _left(number, line, t))
        for index, task in enumerate(tasks):
            cell, column = line.cell(task.code), LEFT + 2 * index
            if cell is None:
                continue
            book.write(sheet, row, column, status(cell.colour, cell.reason, t), book.fills[cell.colour.value])
            shown = value(cell, task, t) if cell.is_coloured else ""
            book.write(sheet, row, column + 1, shown, book.center)
    _bottom(book, sheet, HEAD_ROW + 3 + len(board.lines), board, t)
    _widths(sheet, width)


def task_unit(unit: str, t: Translator) -> str:
    """The unit of measure as a column's name."""
    return "%" if unit == "percent" else t(f"unit.{unit}.many")


def _top(book: Book, sheet: Worksheet, board: Board, t: Translator, width: int) -> None:
    sheet.merge_range(0, 0, 0, width - 1, t("app.title"), book.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, t("export.until", at=t.moment(board.as_of, seconds=True)), book.note)
    if board.demo:
        sheet.write_string(1, LEFT + 4, t("export.demo"), book.mark)


def _bottom(book: Book, sheet: Worksheet, row: int, board: Board, t: Translator) -> None:
    for offset, text in enumerate(_notes(board, t)):
        sheet.write_string(row + offset, 0, text, book.note)


def _total(book: Book, sheet: Worksheet, row: int, board: Board, t: Translator) -> None:
    """合计: how many stations have each colour."""
    sheet.merge_range(row, 0, row, LEFT - 1, t("export.total"), book.head)
    words = [f"{t(f'colour.{colour.value}')} {board.count(colour)}" for colour in COLOURS]
    sheet.merge_range(row, LEFT, row, LEFT + 4, "  ".join(words), book.center)


def _notes(board: Board, t: Translator) -> list[str]:
    notes = [t("export.scope", version=board.rule_version), t("export.until", at=t.moment(board.as_of, seconds=True))]
    return [*notes, t("export.demo")] if board.demo else notes


def _widths(sheet: Worksheet, width: int) -> None:
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 15)
    sheet.set_column(2, 2, 14)
    sheet.set_column(3, 4, 10)
    sheet.set_column(5, width - 1, 8.5)


# shared ------------------------------------------------------------------------------------------


def _left_heads(t: Translator) -> list[str]:
    return [t(f"export.{name}") for name in ("number", "code", "station", "mode", "district")]


def _left(number: int, line: Line, t: Translator) -> list[object]:
    unit = line.unit
    name = t.pick(unit.short_name or unit.name, unit.name_en)
    mode = t.maybe(f"mode.{unit.fusion_mode}", unit.fusion_mode or "")
    return [number, unit.code, name, mode, t.pick(unit.district_name, unit.district_name_en)]


def _left_cells(book: Book, sheet: Worksheet, row: int, values: list[object]) -> None:
    for column, content in enumerate(values):
        book.write(sheet, row, column, content, book.number if column == 0 else book.text)


def _score(line: Line) -> float | str:
    score = line.overall.score
    return "" if score is None else float(half_up(100 * score, 1))
