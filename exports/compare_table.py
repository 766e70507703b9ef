"""The comparison page as tables: counters, rates, every kind of unit, what changed, and what all of it means."""

from __future__ import annotations

from domain.compare_rules import CompareRules, Figure
from domain.compare_views import CompareBook, CompareView, FigureLine, Found, ShareLine, UnitCell, UnitRow, UnitTable
from domain.comparison import BY_SIGN, Change
from domain.share_change import ShareChange
from exports.compare_about import about
from exports.compare_sheets import Column, Row, Sheet, Toned, Value, sheet_csv, sheets_xlsx
from i18n import Translator
from i18n.compare_words import (
    REAL,
    bound_value,
    changed_text,
    figure_name,
    found_note,
    percent_text,
    row_name,
    tone,
    unit_name,
)
from i18n.map_words import code

KIND = "kind"


def compare_xlsx(book: CompareBook, rules: CompareRules, t: Translator) -> bytes:
    """Every table of the page, that of the units once for each kind of unit."""
    view = book.view
    tables = [units(view, one, rules, t) for one in book.tables]
    sheets = [overview(view, rules, t), rates(view, rules, t), *tables, found(view, rules, t)]
    return sheets_xlsx(sheets, about(view, rules, t), t)


def compare_csv(view: CompareView, rules: CompareRules, t: Translator) -> bytes:
    """The table of the kind of unit that was asked for."""
    return sheet_csv(units(view, view.table, rules, t), about(view, rules, t))


# counters --------------------------------------------------------------------------------------


def overview(view: CompareView, rules: CompareRules, t: Translator) -> Sheet:
    """The counters: one row per figure."""
    columns = [Column(t("compare.share.head")), Column(t("compare.export.unit")), *_now_heads(t)]
    for name in _against(view):
        columns += _change_heads(t(f"compare.table.{_SHORT[name]}"), t(f"compare.when.{name}"), t)
    per = t("compare.table.per")
    columns += [Column(t(f"compare.table.{name}"), "number", per) for name in ("now", "base")]
    columns.append(Column(t("compare.export.dispersion"), "number"))
    return Sheet(t("compare.tab.overview"), tuple(columns), tuple(_figure(line, view, rules, t) for line in view.lines))


_SHORT = {"base": "yoy", "previous": "pop"}


def _against(view: CompareView) -> list[str]:
    """The periods that this one is held against."""
    periods = view.asked.periods
    return [name for name, span in (("base", periods.base), ("previous", periods.previous)) if span]


def _now_heads(t: Translator) -> list[Column]:
    return [Column(t("compare.table.now"), "count")]


def _change_heads(group: str, other: str, t: Translator) -> list[Column]:
    return [
        Column(other, "count", group),
        Column(t("compare.export.change"), "change", group),
        Column(t("compare.export.low"), "bound", group),
        Column(t("compare.export.high"), "bound", group),
        Column(t("compare.export.p"), "p", group),
        Column(t("compare.export.judged"), "word", group),
    ]


def _figure(line: FigureLine, view: CompareView, rules: CompareRules, t: Translator) -> Row:
    figure = rules.figure(line.code)
    unit, good = (figure.unit, figure.good) if figure else ("incidents", "none")
    row: list[Value | Toned] = [figure_name(line.code, rules, t), t(f"unit.{unit}.many"), line.now]
    changes = {"base": (line.base, line.change), "previous": (line.previous, line.previous_change)}
    for name in _against(view):
        was, change = changes[name]
        row += [was, _percent(change, good, t), *_bounds(change, t), _p(change)]
        row.append(t("compare.card.absent") if line.absent else judgement(change.verdict, t))
    return (*row, line.per_residents, line.base_per_residents, None if line.absent else line.dispersion)


def _percent(change: Change, good: str, t: Translator) -> Toned:
    return Toned(_or(change.percent, percent_text(change, t)), tone(change.verdict, good))


def _bounds(change: Change, t: Translator) -> tuple[float | str | None, float | str | None]:
    """Both ends of the interval, as far as the page prints them."""
    return bound_value(change.low, change, t), bound_value(change.high, change, t)


def _or(percent: float | None, words: str) -> float | str:
    """The number, where there is one."""
    return words if percent is None else percent


def _p(change: Change | ShareChange) -> float | None:
    return None if change.verdict in ("none", "unknown") else change.p


def judgement(verdict: str, t: Translator) -> str:
    """What the colour says, in words: beyond chance, within chance, or why it cannot be told."""
    return t("compare.export.real") if verdict in REAL else t(f"compare.verdict.{verdict}")


# rates -----------------------------------------------------------------------------------------


def rates(view: CompareView, rules: CompareRules, t: Translator) -> Sheet:
    """Shares with what they are made of; their change in percentage points."""
    columns = [Column(t("compare.share.head")), *_pair_heads(t("compare.when.now"), t)]
    for name in _against(view):
        columns += _points_heads(name, t)
    columns.append(Column(t("compare.export.goal"), "share"))
    return Sheet(t("compare.share.title"), tuple(columns), tuple(_share(line, view, rules, t) for line in view.shares))


def _pair_heads(group: str, t: Translator) -> list[Column]:
    return [
        Column(t("compare.export.rate"), "rate", group),
        Column(t("compare.export.part"), "count", group),
        Column(t("compare.export.whole"), "count", group),
    ]


def _points_heads(name: str, t: Translator) -> list[Column]:
    group = t(f"compare.table.{_SHORT[name]}")
    return [
        *_pair_heads(t(f"compare.when.{name}"), t),
        Column(t("compare.export.points"), "points", group),
        Column(t("compare.export.low"), "points_bound", group),
        Column(t("compare.export.high"), "points_bound", group),
        Column(t("compare.export.p"), "p", group),
        Column(t("compare.export.judged"), "word", group),
    ]


def _share(line: ShareLine, view: CompareView, rules: CompareRules, t: Translator) -> Row:
    share = rules.share(line.code)
    good, goal = (share.good, share.goal) if share else ("none", None)
    changes = {"base": (line.base, line.change), "previous": (line.previous, line.previous_change)}
    row: list[Value | Toned] = [figure_name(line.code, rules, t), line.change.now, *(line.now or (None, None))]
    for name in _against(view):
        pair, change = changes[name]
        row += [change.base, *(pair or (None, None)), Toned(change.points, tone(change.verdict, good))]
        row += [change.low, change.high, _p(change)]
        row.append(t("compare.card.absent") if line.absent else judgement(change.verdict, t))
    return (*row, goal)


# by unit ---------------------------------------------------------------------------------------


def units(view: CompareView, table: UnitTable, rules: CompareRules, t: Translator) -> Sheet:
    """The rows of one kind of unit and, last, their sum."""
    figures = [figure for name in table.figures if (figure := rules.figure(name)) is not None]
    against, residents = _against(view), any(row.per_residents is not None for row in table.rows)
    columns = [*_lead(table, t), Column(t("compare.table.word"), "word")]
    columns += [column for figure in figures for column in _cell_heads(figure.name(t.lang), against, t)]
    columns += [Column(t("compare.table.per"), "number")] if residents else []

    def line(row: UnitRow, named: list[str]) -> Row:
        cells = [
            value
            for cell, figure in zip(row.cells, figures, strict=True)
            for value in _cell(cell, figure, view, against, t)
        ]
        word = t(f"compare.word.{row.word}") if row.word else None
        return (*named, word, *cells, *([row.per_residents] if residents else []))

    rows = tuple(line(row, _named(row, table.unit, t)) for row in table.rows)
    lead = len(_lead(table, t))
    total = line(table.total, ["", t("compare.table.total"), ""][:lead])
    return Sheet(t(f"compare.unit.{table.unit}"), tuple(columns), rows, total, lead, t("compare.export.sums"))


def _lead(table: UnitTable, t: Translator) -> list[Column]:
    names = ("column.class_code", "column.subclass") if table.unit == KIND else (f"compare.unit.{table.unit}",)
    return [Column(t("compare.export.code")), *(Column(t(name)) for name in names)]


def _named(row: UnitRow, unit: str, t: Translator) -> list[str]:
    """Code, none for the rows of what has none, and name; of a subclass the name of its class too."""
    name = row_name(row, unit, t)
    if unit != KIND:
        return ["" if row.code == "-" else row.code, name]
    outer = row.code.partition("/")[0]
    return [row.code, code("class_code", outer, t), name] if row.inside else [row.code, name, ""]


def _cell_heads(group: str, against: list[str], t: Translator) -> list[Column]:
    heads = [Column(t("compare.table.now"), "count", group)]
    if "base" in against:
        heads += [
            Column(t("compare.table.base"), "count", group),
            Column(t("compare.table.yoy"), "change", group),
            Column(t("compare.export.judged"), "word", group),
        ]
    if "previous" in against:
        heads += [
            Column(t("compare.when.previous"), "count", group),
            Column(t("compare.table.pop"), "change", group),
        ]
    return [*heads, Column(t("compare.table.share"), "share", group)]


def _cell(cell: UnitCell, figure: Figure, view: CompareView, against: list[str], t: Translator) -> list[Value | Toned]:
    values: list[Value | Toned] = [cell.now]
    if "base" in against:
        shown = _or(cell.percent, changed_text(cell.now, cell.base, None, t))
        verdict = _verdict(cell, view)
        values += [cell.base, Toned(shown, tone(verdict, figure.good)), judgement(verdict, t)]
    if "previous" in against:
        values += [cell.previous, _or(cell.previous_percent, changed_text(cell.now, cell.previous, None, t))]
    return [*values, cell.share]


def _verdict(cell: UnitCell, view: CompareView) -> str:
    """A word of `domain.comparison.VERDICTS`."""
    if cell.base is None or view.days["base"].short or view.days["now"].short:
        return "unknown"
    return BY_SIGN[cell.sign] if cell.now or cell.base else "none"


# what changed ----------------------------------------------------------------------------------


def found(view: CompareView, rules: CompareRules, t: Translator) -> Sheet:
    """What changed beyond chance over all stations and figures together, most incidents first."""
    columns = (
        Column(t("compare.export.code")),
        Column(t("compare.found.head_unit")),
        Column(t("compare.found.head_figure")),
        Column(t("compare.found.head_now"), "count"),
        *_change_heads(t("compare.table.yoy"), t("compare.found.head_base"), t),
        Column(t("compare.export.q"), "p"),
        Column(t("compare.found.head_excess"), "excess"),
    )
    rows = tuple(_found(one, rules, t) for one in view.found)
    return Sheet(t("compare.export.found"), columns, rows, lead=3, note=found_note(view, t))


def _found(one: Found, rules: CompareRules, t: Translator) -> Row:
    figure, change = rules.figure(one.figure), one.change
    verdict = "more" if one.excess > 0 else "fewer"
    coloured = Toned(_or(change.percent, percent_text(change, t)), tone(verdict, figure.good if figure else "none"))
    named = (one.unit.code, unit_name(one.unit, "station", t), figure_name(one.figure, rules, t))
    told = (change.base, coloured, *_bounds(change, t), change.p, judgement(verdict, t))
    return (*named, change.now, *told, one.q, one.excess)
