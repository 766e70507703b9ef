"""指标明细: every indicator of every station with its numbers, points, and why points were lost."""

from __future__ import annotations

from collections.abc import Iterator

from domain.assessment_inputs import Amount
from domain.assessment_rules import Form, Indicator, Part
from domain.assessment_score import IndicatorScore, PartScore, SourceLine, StationScore
from domain.assessment_views import RankingView, RankLine
from exports.assessment_about import above, closing, titled
from exports.assessment_sheets import Cell, Column, Row, Sheet, count, points, text
from i18n import Translator
from i18n.assessmentbook_words import Names, reason

HEADS = (
    ("indicator", 30),
    ("station", 14),
    ("numerator", 10),
    ("denominator", 10),
    ("value", 10),
    ("base", 10),
    ("change", 14),
    ("full", 8),
    ("points", 8),
    ("lost", 70),
)
_SHARES = (Form.RATE, Form.MEAN, Form.NET, Form.QUOTA)


def details(view: RankingView, names: Names) -> Sheet:
    """One row for each indicator and station; where several numbers make it, one more for each of them."""
    t, name = names.t, names.t("assessmentbook.details")
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=tuple(Column(t(f"assessmentbook.head.{head}"), width=width) for head, width in HEADS),
        rows=tuple(
            row
            for one in names.rules.indicators
            for group in view.groups
            for line in group.lines
            for row in rows_of(line, one, names)
        ),
        notes=tuple(closing(view, t)),
    )


def rows_of(line: RankLine, one: Indicator, names: Names) -> Iterator[Row]:
    """The rows of one indicator of one station."""
    score = line.score.indicator(one.code)
    if score is None:
        return
    yield _whole(line, one, score, names)
    station = _station(line, names.t)
    if len(one.parts) > 1:
        for part, found in zip(one.parts, score.parts, strict=True):
            yield _part(station, (part, found), (one, score), names)
    elif len(one.parts[0].sources) > 1:
        for source in score.sources:
            yield _source(station, source, names)


def _station(line: RankLine, t: Translator) -> Cell:
    unit = line.unit
    return text(t.pick(unit.short_name or unit.name, unit.name_en) or unit.code)


def _whole(line: RankLine, one: Indicator, score: IndicatorScore, names: Names) -> Row:
    form, alone = one.parts[0].form, len(one.parts) == 1
    return (
        text(names.indicator(one.code)),
        _station(line, names.t),
        count(score.numerator),
        count(score.denominator),
        Cell(score.value, value_form(form)),
        Cell(score.base, value_form(form)),
        change(score.value, score.base, form, names.t) if alone else Cell(None, "signed"),
        points(score.weight),
        points(score.points),
        Cell(reason(score, names, _empty(line.score, score.block)), "wrap"),
    )


def _empty(score: StationScore, block: str) -> bool:
    return all(one.points is None for one in score.blocks if one.code == block)


def _part(station: Cell, part: tuple[Part, PartScore], whole: tuple[Indicator, IndicatorScore], names: Names) -> Row:
    (made, found), (one, score) = part, whole
    amount = next((line.now for line in score.sources if line.code == made.sources[0]), None)
    full = score.weight * found.share
    reached = None if found.got is None else full * found.got * found.sample
    form = value_form(made.form)
    return (
        text(names.t("assessmentbook.cell.part", name=names.part(made, one))),
        station,
        count(amount.numerator if amount else None),
        count(amount.denominator if amount else None),
        Cell(found.x, form),
        Cell(found.base_x, form),
        change(found.x, found.base_x, made.form, names.t),
        points(full),
        points(reached),
        text(""),
    )


def _source(station: Cell, line: SourceLine, names: Names) -> Row:
    now, base = _rate(line.now), _rate(line.base)
    return (
        text(names.t("assessmentbook.cell.part", name=names.source(line.code))),
        station,
        count(line.now.numerator if line.now else None),
        count(line.now.denominator if line.now else None),
        Cell(now, "share"),
        Cell(base, "share"),
        change(now, base, Form.RATE, names.t),
        points(None),
        points(None),
        text(""),
    )


def _rate(amount: Amount | None) -> float | None:
    return amount.numerator / amount.denominator if amount and amount.denominator else None


def value_form(form: Form) -> str:
    """How an indicator's value is written: a share, a count, or a rate per 10 000 residents."""
    if form in _SHARES:
        return "share"
    return "rate" if form is Form.SHRUNK else "count"


def change(now: float | None, base: float | None, form: Form, t: Translator) -> Cell:
    """同比: of rates in percentage points, of counts in percent; against zero so many new ones."""
    if now is None or base is None:
        return Cell(None, "signed")
    if form in _SHARES:
        return Cell(100 * (now - base), "pp")
    if not base:
        return text(t("formula.new", n=t.plain(now, 2)) if now else t("formula.both_zero"))
    return Cell((now - base) / base, "change")
