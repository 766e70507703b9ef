"""The assessment in words: months, points, values, why points were lost, what would bring some. For screens and files.

Points are printed with two decimals, half-up, as they are ranked (`domain.assessment_score.printed`).
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.assessment_guards import LAST_DAY, SMALL, Guard
from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference
from domain.assessment_moves import OBSERVE, Move
from domain.assessment_records import CORRECTED, LockHead
from domain.assessment_rules import AssessmentRules, Form, Indicator, Part
from domain.assessment_score import DIGITS, IndicatorScore, Note, PartScore
from domain.assessment_views import LOCKED, About
from domain.month import Month
from domain.task import Catalogue
from i18n import Translator

FALLING = (Form.CHANGE, Form.SHRUNK)
_DUST = 9


def points(value: float | None, t: Translator) -> str:
    """Points with two decimals; em dash when None."""
    return "—" if value is None else t.number(round(value, _DUST), DIGITS)


def signed(value: float | None, t: Translator) -> str:
    """Points with their sign, 0 without one."""
    shown = points(value, t)
    return f"+{shown}" if value is not None and round(value, DIGITS) > 0 else shown


def month_name(month: Month, t: Translator) -> str:
    """2026年10月 or Oct 2026."""
    return t("assessmentview.month_year", year=month.year, month=t(f"assessmentview.months.{month.number}"))


def month_short(month: Month, t: Translator) -> str:
    """10月 or Oct."""
    return t(f"assessmentview.months.{month.number}")


def version_name(head: LockHead, t: Translator) -> str:
    """第1版, or 第2版（更正）."""
    key = "correction_no" if head.status == CORRECTED else "version_no"
    return t(f"assessmentview.{key}", n=head.version)


def state_name(about: About, t: Translator) -> str:
    """进行中, 未封存, 已封存 第1版, 已封存 第2版（更正）."""
    word = t(f"assessmentview.state.{about.state}")
    return f"{word} {version_name(about.lock, t)}" if about.state == LOCKED and about.lock else word


# names -----------------------------------------------------------------------------------------


def indicator_name(code: str, rules: AssessmentRules, t: Translator) -> str:
    """The indicator's name; its code when the rules do not know it."""
    found = rules.by_code.get(code)
    return found.name(t.lang) if found else code


def source_name(code: str, rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """A source's name: its own, else its task's."""
    source = rules.by_source.get(code)
    if source is None:
        return code
    task = catalogue.task(source.task) if source.task else None
    return source.names.get(t.lang) or (task.name(t.lang) if task else code)


def part_name(part: Part, t: Translator) -> str:
    """A part's name; "" for the only part of an indicator."""
    return part.names.get(t.lang, "")


def subject_name(subject: str, rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """What a note or a difference is about: an indicator, a part or a source."""
    parts = {part.code: part for one in rules.indicators for part in one.parts if part.names}
    if subject in rules.by_code:
        return f"{subject} {indicator_name(subject, rules, t)}"
    if subject in parts:
        return part_name(parts[subject], t)
    return source_name(subject, rules, catalogue, t)


# numbers ---------------------------------------------------------------------------------------


def x_text(form: Form, x: float | None, t: Translator) -> str:
    """Where the curve is asked: a percentage, a change with its sign, or so many times the year before."""
    if x is None:
        return "—"
    if form is Form.CHANGE:
        return t.change(100 * x, 1)
    if form is Form.SHRUNK:
        return t("assessmentview.times", n=t.number(x, 3))
    return t.percent(100 * x, 1)


def value_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """The part's value: accidents per 10 000 residents, a count, or a percentage."""
    return _value(part.form, score.value, shown.x, t)


def base_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """The same a year earlier."""
    return _value(part.form, score.base, shown.base_x, t)


def _value(form: Form, value: float | None, x: float | None, t: Translator) -> str:
    if form is Form.SHRUNK:
        return "—" if value is None else t("assessmentview.per_10k", n=t.number(value, 2))
    if form is Form.CHANGE:
        return "—" if value is None else t.plain(value)
    return x_text(form, x, t)


def change_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """同比: percent of counts, percentage points of shares; em dash without a base."""
    if part.form in FALLING:
        base, now = score.base, score.value
        return "—" if now is None or not base else t.change(100 * (now - base) / base, 1)
    if shown.x is None or shown.base_x is None:
        return "—"
    moved = 100 * (shown.x - shown.base_x)
    sign = "+" if round(moved, 1) > 0 else ""
    return t("assessmentview.points_of_percent", n=f"{sign}{t.number(moved, 1)}")


def amount_text(amount: Amount | None, t: Translator) -> str:
    """744 / 959, or a plain count."""
    if amount is None:
        return "—"
    upper = t.plain(amount.numerator)
    return f"{upper} / {t.plain(amount.denominator)}" if amount.denominator else upper


# why -------------------------------------------------------------------------------------------


def full_at(part: Part) -> float:
    """The x from where on a part has its full points."""
    best = max(share for _, share in part.points)
    places = [x for x, share in part.points if share == best]
    return max(places) if part.points[0][1] > part.points[-1][1] else min(places)


def note_text(note: Note, rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """What must be said beside a number."""
    return t(f"assessmentbook.note.{note.code}", subject=subject_name(note.subject, rules, catalogue, t))


def part_why(part: Part, shown: PartScore, t: Translator) -> str:
    """Why one part has the points it has: its x against the full line; "" without data."""
    if shown.got is None or shown.x is None:
        return ""
    value, goal = x_text(part.form, shown.x, t), x_text(part.form, full_at(part), t)
    if shown.got >= 1 - 1e-9:
        return t("assessmentview.why.full", value=value, goal=goal)
    return t(f"assessmentview.why.{part.form.value}", value=value, goal=goal)


def sample_why(part: Part, shown: PartScore, seen: float, pace: float, t: Translator) -> str:
    """That points fell because the sample is too small; "" when it is not.

    Args:
        seen: observations. pace: the share of the month that is gone; so much of the sample is asked for.
    """
    if part.full_sample is None or shown.sample >= 1 - 1e-9 or shown.got is None:
        return ""
    factor = t.percent(100 * shown.sample, 0)
    return t("assessmentview.why.sample", n=t.plain(seen), least=t.plain(part.full_sample * pace), factor=factor)


def reasons(
    one: Indicator, score: IndicatorScore, rules: AssessmentRules, catalogue: Catalogue, t: Translator, *, pace: float
) -> tuple[str, ...]:
    """Why an indicator has the points it has, part by part, then its notes (失分原因)."""
    found = []
    for part, shown in zip(one.parts, score.parts, strict=True):
        said = part_why(part, shown, t)
        name = part_name(part, t)
        if said:
            found.append(t("assessmentview.why.of_part", part=name, text=said) if name else said)
        amounts = {line.code: line.now for line in score.sources}
        amount = amounts.get(part.sources[0])
        small = sample_why(part, shown, amount.denominator if amount else 0.0, pace, t)
        if small:
            found.append(small)
    return (*found, *(note_text(note, rules, catalogue, t) for note in score.notes))


def rescaled_text(score: IndicatorScore, t: Translator) -> str:
    """That the weight is not the rules' own: "满分 15，折算为 30"."""
    return t("assessmentview.rescaled", full=t.plain(score.full), weight=t.plain(score.weight, 2))


# what to do ------------------------------------------------------------------------------------


def move_text(move: Move, rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """One action: what, how many, of how many."""
    name = source_name(move.source, rules, catalogue, t)
    kind = "more_of" if move.of is not None and move.kind not in (OBSERVE,) else move.kind
    return t(f"assessmentview.move.{kind}", name=name, n=t.number(move.amount), of=t.plain(move.of))


def goal_text(move: Move, rules: AssessmentRules, t: Translator) -> str:
    """Where an action leads: to the next point of the curve, to full points, or as far as it can."""
    one = rules.by_code[move.indicator]
    form = next(part.form for part in one.parts if part.code == move.part)
    return t(f"assessmentview.goal.{move.goal}", x=x_text(form, move.x, t))


def guard_value(guard: Guard, t: Translator) -> str:
    """A sign of gaming as a number: a share, so many times an even pace, or how many sources are too small."""
    if guard.value is None:
        return "—"
    if guard.code == SMALL:
        return t.plain(guard.value)
    if guard.code == LAST_DAY:
        return t("assessmentview.times", n=t.number(guard.value, 1))
    return t.percent(100 * guard.value, 1)


def guard_limit(guard: Guard, t: Translator) -> str:
    """From where on it is raised."""
    if guard.code == LAST_DAY:
        return t("assessmentview.times", n=t.plain(guard.limit))
    return t.plain(guard.limit) if guard.code == SMALL else t.percent(100 * guard.limit, 0)


def difference_value(one: Difference, value: float | None, t: Translator) -> str:
    """Before or after of a correction: points, or a rank."""
    return t.number(value) if one.subject == "rank" else points(value, t)


def difference_subject(one: Difference, rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """What a correction changed."""
    if one.subject in ("total", "adjustments", "rank"):
        return t(f"assessmentview.subject.{one.subject}")
    return subject_name(one.subject, rules, catalogue, t)


def codes_text(codes: Sequence[str], rules: AssessmentRules, catalogue: Catalogue, t: Translator) -> str:
    """Several sources by name."""
    return t("list.comma").join(source_name(code, rules, catalogue, t) for code in codes)
