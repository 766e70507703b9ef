"""四项指数: accidents, deaths, injuries and property damage of a month, each with the same period last year."""

from __future__ import annotations

from collections.abc import Callable

from domain.assessment_book import Harm, HarmLine, MonthBook
from domain.assessment_rules import Form
from exports.assessment_about import above, closing, harm_text, titled
from exports.assessment_details import change
from exports.assessment_sheets import Cell, Column, Row, Sheet, count, text, word
from i18n import Translator
from i18n.assessmentbook_words import Names

Take = Callable[[Harm], float | None]
FIGURES: tuple[tuple[str, Take], ...] = (
    ("accidents", lambda harm: harm.accidents),
    ("deaths", lambda harm: harm.deaths),
    ("injuries", lambda harm: harm.injuries),
    ("loss", lambda harm: harm.loss),
)


def harm(book: MonthBook, names: Names) -> Sheet:
    """One row for each station, their sum last."""
    t, name = names.t, names.t("assessmentbook.harm")
    columns = [Column(t("assessmentbook.head.unit"), width=16), Column(t("assessmentbook.head.mode"), width=12)]
    for figure, _ in FIGURES:
        group = t(f"assessmentbook.head.{figure}")
        columns += [Column(t(f"assessmentbook.head.{head}"), group, 12) for head in ("now", "base", "change")]
    total = (word(t("assessmentbook.cell.total")), text(""), *_numbers(book.total, t))
    return Sheet(
        name=name,
        title=titled(name, book.view, t),
        above=above(book.view, t),
        columns=tuple(columns),
        rows=tuple(_row(line, t) for line in book.harm),
        total=total,
        notes=(harm_text(book, t), *closing(book.view, t)),
    )


def _row(line: HarmLine, t: Translator) -> Row:
    unit = line.unit
    if unit is None:
        return (text(t("assessmentbook.cell.rest")), text(""), *_numbers(line, t))
    mode = unit.fusion_mode
    name = t.pick(unit.short_name or unit.name, unit.name_en) or unit.code
    return (text(name), text(t.maybe(f"mode.{mode or 'none'}", mode or "")), *_numbers(line, t))


def _numbers(line: HarmLine, t: Translator) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for _, take in FIGURES:
        now, base = take(line.now), take(line.base) if line.base is not None else None
        cells += [count(now), count(base), change(now, base, Form.CHANGE, t)]
    return tuple(cells)
