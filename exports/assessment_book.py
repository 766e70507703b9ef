"""The workbook of a month's assessment (DOMAIN 5.3): scores by mode, indicators, harm, adjustments, definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.assessment_book import MonthBook
from domain.assessment_rules import BLOCKS
from domain.assessment_score import BlockScore, StationScore
from domain.assessment_views import ModeRanking, RankingView, RankLine
from domain.board import Unit
from domain.colour import Colour
from domain.month import Month
from domain.task import Catalogue
from exports.assessment_about import above, closing, definitions, gaps, titled
from exports.assessment_details import details
from exports.assessment_harm import harm
from exports.assessment_sheets import Cell, Column, Row, Sheet, points, sheet_csv, sheets_xlsx, text, word
from i18n import Translator
from i18n.assessmentbook_words import Names, month_name, points_text

COLOURS = (Colour.BLUE, Colour.YELLOW, Colour.RED, Colour.GREY)


def assessment_xlsx(book: MonthBook, catalogue: Catalogue, t: Translator) -> bytes:
    """The workbook: one sheet of scores for each fusion mode, and everything they rest on."""
    view = book.view
    names = Names(view.about.rules, catalogue, t)
    sheets = [*(scores(group, view, names) for group in view.groups), details(view, names), harm(book, names)]
    sheets += [lines(view, names), districts(view, names)]
    if view.changes:
        sheets.append(changes(view, names))
    mark = t("export.demo") if view.board.demo else ""
    return sheets_xlsx([*sheets, definitions(book, names)], mark, t("assessmentbook.cell.points"))


def assessment_csv(view: RankingView, catalogue: Catalogue, t: Translator) -> bytes:
    """The scores of all modes in one table."""
    names = Names(view.about.rules, catalogue, t)
    columns = score_columns(view, names, None)
    heads = [" ".join(part for part in (one.group, one.name) if part) for one in columns]
    rows = [
        (text(mode_name(group.mode, t)), text(line.unit.code), *score_row(line, view, names))
        for group in view.groups
        for line in group.lines
    ]
    notes = [above(view, t), *gaps(view, names), *closing(view, t)]
    return sheet_csv(rows, [t("assessmentbook.head.mode"), t("export.code"), *heads], notes)


def file_name(month: Month, t: Translator) -> str:
    """The file's name without its ending."""
    return t("assessmentbook.file", month=month_name(month, t))


def mode_name(mode: str | None, t: Translator) -> str:
    """A fusion mode's name."""
    return t.maybe(f"mode.{mode or 'none'}", mode or "")


def unit_name(unit: Unit, t: Translator) -> str:
    """A station's short name."""
    return t.pick(unit.short_name or unit.name, unit.name_en) or unit.code


# scores ----------------------------------------------------------------------------------------


def scores(group: ModeRanking, view: RankingView, names: Names) -> Sheet:
    """The scores of one fusion mode, by rank."""
    t = names.t
    name = t("assessmentbook.scores_of", mode=mode_name(group.mode, t))
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=tuple(score_columns(view, names, group)),
        rows=tuple(score_row(line, view, names) for line in group.lines),
        total=_sum(group, view, names),
        lead=3,
        notes=(*gaps(view, names, group), *closing(view, t)),
    )


def score_columns(view: RankingView, names: Names, group: ModeRanking | None) -> list[Column]:
    """The columns of the scores.

    Args:
        group: whose full points the heads say; None for several modes, whose heads say none.
    """
    t, rules = names.t, names.rules
    found = [Column(t("assessmentbook.head.rank"), width=6), Column(t("assessmentbook.head.moved"), width=8)]
    found.append(Column(t("assessmentbook.head.station"), width=14))
    for block in BLOCKS:
        full = points_text(rules.block_weights[block], t)
        head = t("assessmentbook.head.block", block=t(f"assessmentbook.head.{block}"), points=full)
        for one in rules.indicators:
            if one.block == block:
                name = names.indicator(one.code)
                if group is not None:
                    weight = points_text(rules.weight(one, group.mode), t)
                    name = t("assessmentbook.head.indicator_of", name=name, points=weight)
                found.append(Column(name, head, 11))
        found.append(Column(t("assessmentbook.head.subtotal"), head))
    tail = {"bonus": 8, "deduction": 10, "total": 9, "colour": 15, "list": 8, "band": 12, "signs": 22}
    return [*found, *(Column(t(f"assessmentbook.head.{name}"), width=width) for name, width in tail.items())]


def score_row(line: RankLine, view: RankingView, names: Names) -> Row:
    """One station."""
    score, t = line.score, names.t
    cells = [Cell(score.rank, "rank"), Cell(line.change, "moved"), text(unit_name(line.unit, t))]
    for block in score.blocks:
        cells += _block(score, block, names)
    band = line.band
    said = t("assessmentbook.cell.band", low=band.low, high=band.high) if band else None
    signs = [t(f"assessmentbook.guard.{code}") for code in line.raised]
    return (
        *cells,
        points(score.bonus),
        points(score.deduction),
        points(score.total),
        word(colour_word(score, t), score.colour.value),
        word(t(f"assessmentbook.list.{line.listed}") if line.listed else ""),
        word(said),
        text(t("list.comma").join(signs)),
    )


def _block(score: StationScore, block: BlockScore, names: Names) -> Iterator[Cell]:
    """Points of a block's indicators and of the block; words where there is no data."""
    lacking = word(names.t("assessmentbook.cell.no_data"))
    for one in score.indicators:
        if one.block == block.code:
            yield lacking if one.points is None else points(one.points)
    yield lacking if block.points is None else points(block.points)


def colour_word(score: StationScore, t: Translator) -> str:
    """The colour's word, and for grey why."""
    return t("assessmentbook.cell.no_total") if score.colour is Colour.GREY else t(f"colour.{score.colour.value}")


def _sum(group: ModeRanking, view: RankingView, names: Names) -> Row:
    """合计: how many stations, what was added and taken, how many of each colour. Points are not added up."""
    t, scored = names.t, [line.score for line in group.lines]
    colours = Counter(score.colour for score in scored)
    told = [f"{t(f'colour.{one.value}')} {colours[one]}" for one in COLOURS if colours[one]]
    width = len(score_columns(view, names, group))
    row = [word(t("assessmentbook.cell.total")), word(""), text(t("assessmentbook.cell.stations", n=len(scored)))]
    row += [word("")] * (width - 3 - 7)
    row += [points(sum(one.bonus for one in scored)), points(sum(one.deduction for one in scored)), word("")]
    return (*row, word(" ".join(told)), word(""), word(""), word(""))


# adjustments, districts, corrections ------------------------------------------------------------


def _stations(view: RankingView) -> Iterable[RankLine]:
    return (line for group in view.groups for line in group.lines)


def lines(view: RankingView, names: Names) -> Sheet:
    """加减分: every line that counts, with what proves it."""
    t, name = names.t, names.t("assessmentbook.lines")
    heads = (("station", 14), ("matter", 32), ("adjustment", 9), ("document", 28), ("author", 12), ("written", 18))
    rows = tuple(
        (
            text(unit_name(line.unit, t)),
            text(one.matter),
            Cell(one.points, "signed"),
            text(one.document),
            text(one.author),
            Cell(one.written_at, "moment"),
        )
        for line in _stations(view)
        for one in line.score.adjustments
    )
    net = sum(one.points for line in _stations(view) for one in line.score.adjustments)
    total = (word(t("assessmentbook.cell.total")), text(""), Cell(net, "signed"), text(""), text(""), text(""))
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=tuple(Column(t(f"assessmentbook.head.{head}"), width=width) for head, width in heads),
        rows=rows or ((word(t("assessmentbook.cell.none")), *(text(""),) * 5),),
        total=total,
        notes=tuple(closing(view, t)),
    )


def districts(view: RankingView, names: Names) -> Sheet:
    """The districts' means, weighted by residents."""
    t, name = names.t, names.t("assessmentbook.districts")
    heads = (("district", 16), ("total", 9), ("outcome", 9), ("process", 9), ("residents", 12), ("counted", 9))
    called = {line.unit.code: unit_name(line.unit, t) for line in _stations(view)}
    rows = tuple(
        (
            text(t.pick(one.name, one.name_en) or one.code or t("assessmentbook.cell.none")),
            points(one.score.score),
            points(one.score.outcome),
            points(one.score.process),
            Cell(one.score.residents_10k, "rate"),
            Cell(one.score.counted, "rank"),
            Cell(t("list.comma").join(called[code] for code in one.score.left_out if code in called), "wrap"),
        )
        for one in view.districts
    )
    columns = [Column(t(f"assessmentbook.head.{head}"), width=width) for head, width in heads]
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=(*columns, Column(t("assessmentbook.head.left_out"), width=40)),
        rows=rows,
        notes=tuple(closing(view, t)),
    )


def changes(view: RankingView, names: Names) -> Sheet:
    """What a correction changed against the version before it."""
    t, name = names.t, names.t("assessmentbook.changes")
    called = {line.unit.code: unit_name(line.unit, t) for line in _stations(view)}
    heads = (("station", 14), ("indicator", 30), ("before", 10), ("after", 10))
    rows = []
    for one in view.changes:
        form = "rank" if one.subject == "rank" else "points"
        subject = text(names.indicator(one.subject))
        rows.append(
            (text(called.get(one.station, one.station)), subject, Cell(one.before, form), Cell(one.after, form))
        )
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=tuple(Column(t(f"assessmentbook.head.{head}"), width=width) for head, width in heads),
        rows=tuple(rows),
        notes=tuple(closing(view, t)),
    )
