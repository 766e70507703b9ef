"""The assessment in words for files: months, names of numbers, why points were lost, how an indicator is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from domain.assessment_inputs import Amount
from domain.assessment_rules import AssessmentRules, Form, Indicator, Part, Source
from domain.assessment_score import IndicatorScore, Note, PartScore, State
from domain.month import Month
from domain.task import Catalogue
from i18n import MONTHS, Translator

_LOST = 0.005
"""Less than this prints as nothing lost."""
_COMPARED = {Form.CHANGE: "change", Form.SHRUNK: "ratio"}
"""Forms that compare with a year earlier, and how that is said; the lower their x, the better."""


@dataclass(frozen=True)
class Names:
    """What numbers are called under one version of the rules. `catalogue`: of the tasks that sources name."""

    rules: AssessmentRules
    catalogue: Catalogue
    t: Translator

    def source(self, code: str) -> str:
        """A source: by its own name, else its task's."""
        found: Source | None = self.rules.by_source.get(code)
        if found is None:
            return code
        task = self.catalogue.task(found.task) if found.task else None
        return found.names.get(self.t.lang) or (task.name(self.t.lang) if task else code)

    def indicator(self, code: str) -> str:
        """Code and name of an indicator, or of what else a correction may change."""
        found = self.rules.by_code.get(code)
        return f"{code} {found.name(self.t.lang)}" if found else self.t(f"assessmentbook.subject_of.{code}")

    def part(self, part: Part, indicator: Indicator) -> str:
        """A part; a single one is called as its indicator."""
        return part.names.get(self.t.lang) or indicator.name(self.t.lang)

    def note(self, note: Note) -> str:
        """What a note says, with the part or source it is about."""
        parts = {part.code: self.part(part, one) for one in self.rules.indicators for part in one.parts}
        subject = parts.get(note.subject) if note.code == "part_missing" else None
        return self.t(f"assessmentbook.note.{note.code}", subject=subject or self.source(note.subject))


def month_name(month: Month, t: Translator) -> str:
    """2024年5月 or May 2024."""
    number = MONTHS[month.number - 1] if t.lang == "en" else month.number
    return t("assessmentbook.month", year=month.year, number=number)


def points_text(points: float, t: Translator) -> str:
    """Points with as many decimals as they need, at most two."""
    return t.plain(points, 2).replace(",", "")


def x_text(part: Part, x: float, t: Translator) -> str:
    """What a curve is asked at: a share, a change, or a ratio of two rates."""
    if part.form is Form.CHANGE:
        return t.change(100 * x)
    if part.form is Form.SHRUNK:
        return t("assessmentbook.cell.times", n=t.number(x, 2))
    return t.percent(100 * x)


def goal_text(part: Part, t: Translator) -> str:
    """From where on a part gets its full points."""
    most = max(share for _, share in part.points)
    xs = [x for x, share in part.points if isclose(share, most)]
    if part.form in _COMPARED:
        return t("assessmentbook.lost.at_most", x=x_text(part, max(xs), t))
    return t("assessmentbook.lost.at_least", x=x_text(part, min(xs), t))


def reason(score: IndicatorScore, names: Names, block_empty: bool) -> str:
    """Why points were lost, and everything else that must be said beside them; "" when there is nothing to say.

    Args:
        block_empty: no indicator of its block has data.
    """
    t = names.t
    notes = [names.note(note) for note in score.notes]
    if score.state is State.NO_DATA:
        why = t("list.stop").join(notes)
        if block_empty:
            return t("assessmentbook.lost.nothing", why=why)
        return t("assessmentbook.lost.no_data", why=why, points=points_text(score.full, t))
    said = [*_missed(score, names), *notes]
    if not isclose(score.weight, score.full):
        full, weight = (points_text(one, t) for one in (score.full, score.weight))
        said.append(t("assessmentbook.lost.rescaled", full=full, weight=weight))
    return t("list.stop").join(said)


def _missed(score: IndicatorScore, names: Names) -> Iterator[str]:
    """The parts that did not reach their full points."""
    one, t = names.rules.by_code[score.code], names.t
    for part, found in zip(one.parts, score.parts, strict=True):
        if found.got is None or score.weight * found.share * (1 - found.got * found.sample) < _LOST:
            continue
        name = names.part(part, one)
        if found.got < 1 and found.x is not None:
            kind = _COMPARED.get(part.form, "part")
            value, goal = x_text(part, found.x, t), goal_text(part, t)
            yield t(f"assessmentbook.lost.{kind}", name=name, value=value, goal=goal)
        if found.sample < 1:
            yield _sample(score, part, found, names)


def _sample(score: IndicatorScore, part: Part, found: PartScore, names: Names) -> str:
    seen = next((line.now for line in score.sources if line.code == part.sources[0]), None) or Amount(0.0)
    asked = seen.denominator / found.sample if found.sample else part.full_sample or 0.0
    name, t = names.source(part.sources[0]), names.t
    return t("assessmentbook.lost.sample", name=name, n=t.plain(seen.denominator), least=t.plain(asked))


def made_of(one: Indicator, names: Names) -> str:
    """How an indicator is made: its block, full points by mode, and each part's formula and curve."""
    t = names.t
    weights = [f"{t(f'mode.{mode}')} {points_text(points, t)}" for mode, points in one.weights.items()]
    block = t(f"assessmentbook.head.{one.block}")
    said = [t("assessmentbook.said.indicator", block=block, weights=t("list.comma").join(weights))]
    for part in one.parts:
        sources = t("list.comma").join(names.source(code) for code in part.sources)
        form = t(f"assessmentbook.form.{part.form.value}", sources=sources, kappa=points_text(part.kappa, t))
        name, share = names.part(part, one), t.percent(100 * part.share, 0)
        said.append(t("assessmentbook.said.part", name=name, share=share, form=form, curve=_curve(part, t)))
    return t("list.stop").join(said)


def _curve(part: Part, t: Translator) -> str:
    points = [
        t("assessmentbook.said.curve_point", x=x_text(part, x, t), share=t.percent(100 * share, 0))
        for x, share in part.points
    ]
    return t("list.comma").join(points)
