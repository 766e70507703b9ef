"""The assessment in words for screens: states, points, values, what would bring some. Names and reasons are the files'.

Points are printed with two decimals, half-up, as they are ranked (`domain.assessment_score.printed`).
"""

from __future__ import annotations

from domain.assessment_guards import LAST_DAY, SMALL, Guard
from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference
from domain.assessment_moves import OBSERVE, Move
from domain.assessment_records import CORRECTED, LockHead
from domain.assessment_rules import Form, Part
from domain.assessment_score import DIGITS, IndicatorScore, PartScore
from domain.assessment_views import LOCKED, About
from domain.month import Month
from i18n import MONTHS, Translator
from i18n.assessmentbook_words import Names, x_text

FALLING = (Form.CHANGE, Form.SHRUNK)
_DUST = 9


def points(value: float | None, t: Translator) -> str:
    """Points with two decimals; em dash when None.

    >>> from i18n import translator
    >>> points(89.99499999999999, translator("zh"))
    '90.00'
    """
    return "—" if value is None else t.number(round(value, _DUST), DIGITS)


def signed(value: float | None, t: Translator) -> str:
    """Points with their sign, 0 without one."""
    shown = points(value, t)
    return f"+{shown}" if value is not None and round(round(value, _DUST), DIGITS) > 0 else shown


def month_short(month: Month, t: Translator) -> str:
    """10月 or Oct."""
    name = MONTHS[month.number - 1] if t.lang == "en" else month.number
    return t("assessmentview.month_short", name=name)


def version_name(head: LockHead, t: Translator) -> str:
    """第1版, or 第2版（更正）."""
    corrected = head.status == CORRECTED
    return t("assessmentview.correction_no" if corrected else "assessmentview.version_no", n=head.version)


def state_name(about: About, t: Translator) -> str:
    """进行中, 未封存, 已封存 第1版, 已封存 第2版（更正）."""
    word = t(f"assessmentview.state.{about.state}")
    return f"{word} {version_name(about.lock, t)}" if about.state == LOCKED and about.lock else word


# numbers ---------------------------------------------------------------------------------------


def value_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """The part's value: accidents per 10 000 residents, a count, or a percentage."""
    return _value(part, score.value, shown.x, t)


def base_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """The same a year earlier."""
    return _value(part, score.base, shown.base_x, t)


def _value(part: Part, value: float | None, x: float | None, t: Translator) -> str:
    if part.form is Form.SHRUNK:
        return "—" if value is None else t("assessmentview.per_10k", n=t.number(value, 2))
    if part.form is Form.CHANGE:
        return t.plain(value)
    return "—" if x is None else x_text(part, x, t)


def change_text(part: Part, shown: PartScore, score: IndicatorScore, t: Translator) -> str:
    """同比: percent of counts, percentage points of shares; "" without a base."""
    if part.form in FALLING:
        base, now = score.base, score.value
        return "" if now is None or not base else t.change(100 * (now - base) / base)
    if shown.x is None or shown.base_x is None:
        return ""
    moved = 100 * (shown.x - shown.base_x)
    sign = "+" if round(moved, 2) > 0 else ""
    return t("assessmentview.points_of_percent", n=f"{sign}{t.number(moved, 2)}")


def amount_text(amount: Amount, t: Translator) -> str:
    """744 / 959, or a plain count."""
    upper = t.plain(amount.numerator)
    return f"{upper} / {t.plain(amount.denominator)}" if amount.denominator else upper


def rescaled_text(score: IndicatorScore, t: Translator) -> str:
    """That the weight is not the rules' own: 满分 15 折算为 30."""
    return t("assessmentview.rescaled", full=t.plain(score.full), weight=t.plain(score.weight, 2))


# what to do ------------------------------------------------------------------------------------


def move_text(move: Move, names: Names) -> str:
    """One action: what, how many, of how many."""
    t = names.t
    kind = "more_of" if move.of is not None and move.kind != OBSERVE else move.kind
    return t(
        f"assessmentview.move.{kind}", name=names.source(move.source), n=t.number(move.amount), of=t.plain(move.of)
    )


def goal_text(move: Move, names: Names) -> str:
    """Where an action leads: to the next point of the curve, to full points, or as far as it can."""
    one = names.rules.by_code[move.indicator]
    part = next(part for part in one.parts if part.code == move.part)
    x = "—" if move.x is None else x_text(part, move.x, names.t)
    return names.t(f"assessmentview.goal.{move.goal}", x=x)


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
    return t.percent(100 * guard.limit, 0)


def difference_value(one: Difference, value: float | None, t: Translator) -> str:
    """Before or after of a correction: points, or a rank."""
    return t.number(value) if one.subject == "rank" else points(value, t)
