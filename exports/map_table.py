"""The map's tables as one workbook: areas, hexagons, hour x weekday, days, and what all of it means."""

from __future__ import annotations

import io
from collections.abc import Mapping

from domain.board import Board
from domain.heat import Asked, HeatView
from exports.book import Book, workbook
from i18n import Translator
from i18n.map_words import base_name, change, code, filter_words, issues, place_text, span, span_name, tested

HEAD_ROW = 2
Names = Mapping[str, str]
Table = tuple[list[str], list[list[object]]]
"""Column names and rows."""


def map_xlsx(view: HeatView, t: Translator) -> bytes:
    """Areas, hexagons of the finest resolution, matrix, days, definitions (统计口径)."""
    into = io.BytesIO()
    with workbook(into) as book:
        _sheet(book, t("map.areas"), areas(view, t), view.board, t)
        _sheet(book, t("map.hexes"), hexagons(view, t), view.board, t)
        _sheet(book, t("map.matrix"), matrix(view, t), view.board, t)
        _sheet(book, t("map.calendar"), each_day(view, t), view.board, t)
        _definitions(book, view, t)
    return into.getvalue()


def _sheet(book: Book, name: str, table: Table, board: Board, t: Translator) -> None:
    heads, rows = table
    sheet = book.sheet(name, head_rows=(HEAD_ROW, HEAD_ROW), frozen=(HEAD_ROW + 1, 1))
    sheet.merge_range(0, 0, 0, max(2, len(heads)) - 1, name, book.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, t("export.until", at=t.moment(board.as_of, seconds=True)), book.note)
    if board.demo:
        sheet.write_string(1, max(2, len(heads)) - 1, t("export.demo"), book.mark)
    for column, text in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, text, book.head)
    for number, row in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(row):
            book.write(sheet, number, column, value)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, max(1, len(heads) - 1), 9 if len(heads) > 12 else 16)


# tables ------------------------------------------------------------------------------------------


def areas(view: HeatView, t: Translator) -> Table:
    """One row per station or district."""
    heads = [t("export.code"), t(f"map.unit.{view.asked.unit}"), t("map.now"), *_base_heads(view, t)]
    heads += [t("map.per.residents"), t("map.per.area")]
    rows: list[list[object]] = []
    for line in view.areas:
        name = t.pick(line.unit.short_name or line.unit.name, line.unit.name_en) or line.unit.code
        row: list[object] = [line.unit.code, name, line.now, *_base_cells(line.now, line.base, line.change, t)]
        rows.append([*row, _rounded(line.per_residents), _rounded(line.per_area)])
    return heads, rows


def hexagons(view: HeatView, t: Translator) -> Table:
    """Every hexagon of the finest resolution, densest first."""
    heads = [t("map.cell"), t("map.cell_place"), t("map.now"), *_base_heads(view, t)]
    if not view.hexes:
        return heads, []
    finest = max(view.hexes, key=lambda one: one.resolution)
    rows: list[list[object]] = []
    for n in sorted(range(len(finest.ids)), key=lambda n: (-int(finest.now[n]), int(finest.ids[n]))):
        old = int(finest.base[n]) if finest.base is not None else None
        sign = int(finest.change[n]) if finest.change is not None else None
        place = place_text(float(finest.lng[n]), float(finest.lat[n]))
        now = int(finest.now[n])
        rows.append([f"{int(finest.ids[n]):x}", place, now, *_base_cells(now, old, sign, t)])
    return heads, rows


def matrix(view: HeatView, t: Translator) -> Table:
    """Weekdays x hours with sums."""
    heads = [t("map.field.weekdays"), *(f"{hour:02d}" for hour in range(24)), t("map.sum")]
    rows: list[list[object]] = [[t(f"weekday.{number}"), *row, sum(row)] for number, row in enumerate(view.when.matrix)]
    by_hour = [sum(row[hour] for row in view.when.matrix) for hour in range(24)]
    return heads, [*rows, [t("map.sum"), *by_hour, sum(by_hour)]]


def each_day(view: HeatView, t: Translator) -> Table:
    """Each day with its weekday and kind."""
    heads = [t("map.day"), t("map.field.weekdays"), t("map.field.days"), t("map.now")]
    rows: list[list[object]] = [
        [day.isoformat(), t.weekday(day), code("day_kind", kind, t), count] for day, count, kind in view.when.days
    ]
    return heads, rows


def _base_heads(view: HeatView, t: Translator) -> list[str]:
    return [base_name(view.asked, t), t("map.change"), t("map.tested.title")] if view.base else []


def _base_cells(now: int, base: int | None, sign: int | None, t: Translator) -> list[object]:
    return [] if base is None else [base, change(now, base, t), tested(sign, t)]


def _rounded(value: float | None) -> float | str:
    return "" if value is None else round(value, 2)


# what it means -----------------------------------------------------------------------------------


def definitions(asked: Asked, board: Board, t: Translator, names: Names | None = None) -> list[str]:
    """统计口径 in lines: spans, filter, cut of the data, rules, whether the data are invented."""
    lines = [t("map.defined_span", name=span_name(asked, t), days=span(asked.span, t))]
    if asked.base:
        lines.append(t("map.defined_base", name=base_name(asked, t), days=span(asked.base, t)))
    words = list(filter_words(asked.filter, t, names).values())
    lines.append(t("map.defined_filter", filter=t("list.stop").join(words) if words else t("map.defined_none")))
    lines.append(t("export.until", at=t.moment(board.as_of, seconds=True)))
    return [*lines, t("export.demo")] if board.demo else lines


def _definitions(book: Book, view: HeatView, t: Translator) -> None:
    names = {unit.code: t.pick(unit.short_name or unit.name, unit.name_en) for unit in view.options.units}
    now = view.now.tally
    lines = [
        *definitions(view.asked, view.board, t, names),
        t("map.defined_total", n=t.count(now.total, "incidents")),
        t(
            "map.unplaced",
            n=t.number(now.total - now.placed),
            total=t.number(now.total),
            why=issues(now.by_issue, t) or "—",
        ),
        t("map.foot", version=view.rules_version),
    ]
    if view.changes:
        lines.append(t("map.change_rule", share=t.percent(100 * view.changes[0].q, 0)))
    sheet = book.sheet(t("map.definitions"), head_rows=(0, 0), frozen=(1, 0))
    sheet.write_string(0, 0, t("map.definitions"), book.title)
    for row, text in enumerate(lines, 1):
        sheet.write_string(row, 0, text, book.note)
    sheet.set_column(0, 0, 110)
