"""Comparisons in words: periods, changes with their intervals, verdicts, units."""

from __future__ import annotations

from collections.abc import Mapping

from domain.board import Unit
from domain.compare_rules import CompareRules, Figure
from domain.compare_views import CompareAsked, CompareView, Days, UnitRow
from domain.comparison import Change
from domain.sameperiod import Periods
from domain.share_change import ShareChange
from domain.span import PRESETS, Span
from i18n import Translator
from i18n.map_words import code, span

REAL = ("more", "fewer")
MOST_TOLD = 999
"""Percent; the end of an interval beyond it is said to be larger, wherever it is printed."""
SHORT = 15
"""Days up to which one weekday more or less decides a comparison."""


def period_text(stretch: Span | None, t: Translator) -> str:
    """The days of a period, and the clock where it ends within a day; — for none."""
    return span(stretch, t) if stretch else "—"


def preset_name(periods: Periods, t: Translator) -> str:
    """What the period is called; a unit by a day of it is called by the unit."""
    if periods.at or (periods.preset and periods.preset not in PRESETS):
        return t(f"compare.preset.{periods.preset}")
    return t(f"map.preset.{periods.preset or 'free'}")


def base_name(periods: Periods, t: Translator) -> str:
    """What the same period is called, such as 上年同日期; the one really used."""
    return t(f"compare.base.{periods.base_used}")


def made_of(days: Days, t: Translator) -> str:
    """How many days a period has, and of which kinds."""
    if days.length < 1:
        return t("compare.when.part")
    return t("compare.when.made_of", n=t.plain(days.length, 1), **{k: t.number(n) for k, n in days.kinds.items()})


def notes(asked: CompareAsked, days: Mapping[str, Days], t: Translator) -> list[str]:
    """What a reader must know before comparing: incomplete data, moved holidays, unequal lengths."""
    periods, found = asked.periods, []
    for name, one in days.items():
        if one.short:
            found.append(t("compare.when.short", day=t.date(one.short), name=t(f"compare.when.{name}")))
    if periods.base_name == "lunar":
        key = "compare.when.lunar_used" if periods.festival else "compare.when.lunar_fell_back"
        found.append(t(key, day=t.date(periods.festival)) if periods.festival else t(key))
    now, base = days.get("now"), days.get("base")
    if now and base and now.kinds.get("holiday") != base.kinds.get("holiday"):
        counts = {"now": t.number(now.kinds.get("holiday", 0)), "base": t.number(base.kinds.get("holiday", 0))}
        found.append(t("compare.when.holidays_differ", **counts))
    elif now and base and now.length <= SHORT and _kinds_differ(now, base):
        found.append(t("compare.when.kinds_differ"))
    if now and base and abs(now.length - base.length) > 1e-6:
        found.append(t("compare.when.lengths_differ"))
    if not all(one.known for one in days.values()):
        found.append(t("compare.when.no_calendar"))
    cut = periods.whole_hours and not periods.span.end.minute
    return [*found, t("compare.when.whole_hours")] if cut else found


def _kinds_differ(now: Days, base: Days) -> bool:
    """Other numbers of workdays or weekend days, holidays aside: they are told apart."""
    return any(now.kinds.get(kind) != base.kinds.get(kind) for kind in ("workday", "weekend"))


def percent_text(change: Change, t: Translator) -> str:
    """The change as circulars print it: two decimals; 新增 n against nothing; — without a base."""
    if change.percent is not None:
        return t.change(change.percent)
    if change.verdict == "unknown" or (not change.now and not change.base):
        return "—"
    return t("compare.table.new", n=t.number(change.now))


def size_text(change: Change | ShareChange, t: Translator) -> str:
    """How large the change is, without its sign, to stand behind 上升 or 下降; "" where nothing changed."""
    if isinstance(change, ShareChange):
        return t("number.points", n=t.number(abs(change.points), 2)) if change.points else ""
    if change.percent is None:
        return "" if change.verdict == "none" else percent_text(change, t)
    return t.percent(abs(change.percent), 2) if change.percent else ""


def changed_text(now: int, base: int | None, percent: float | None, t: Translator) -> str:
    """A table's change: two decimals with sign; 新增 n against nothing; — without a base."""
    if percent is not None:
        return t.change(percent)
    return t("compare.table.new", n=t.number(now)) if now and base == 0 else "—"


def beyond(bound: float | None) -> bool:
    """True for an end of an interval that says nothing but "very large": it is not printed as a number."""
    return bound is not None and bound > MOST_TOLD


def bound_text(bound: float, change: Change | ShareChange, t: Translator) -> str:
    """One end of an interval; beyond `MOST_TOLD` percent only that it lies there."""
    if isinstance(change, ShareChange):
        return t.points(bound, 1)
    return t("compare.card.beyond", most=t.percent(MOST_TOLD, 0)) if beyond(bound) else t.change(bound, 1)


def bound_value(bound: float | None, change: Change | ShareChange, t: Translator) -> float | str | None:
    """As `bound_text` for files: the number where the page prints one."""
    return bound_text(bound, change, t) if bound is not None and isinstance(change, Change) and beyond(bound) else bound


def interval_text(change: Change | ShareChange, t: Translator) -> str:
    """The 95 % interval in words; "" where there is none."""
    if change.low is None:
        return ""
    low = bound_text(change.low, change, t)
    if change.high is None or (isinstance(change, Change) and beyond(change.low)):
        return t("compare.card.interval_open", low=low)
    return t("compare.card.interval", low=low, high=bound_text(change.high, change, t))


def judged(change: Change | ShareChange, t: Translator) -> str:
    """Whether it is real, with the interval; why not where it cannot be told."""
    if change.verdict in ("none", "unknown"):
        return t(f"compare.verdict.{change.verdict}")
    key = "compare.card.real" if change.verdict in REAL else "compare.card.within"
    said = t(key, interval=interval_text(change, t))
    if isinstance(change, Change) and change.uneven:
        return t("compare.card.daily", change=t.change(change.daily), said=said)
    return said


def toned(change: Change | ShareChange, good: str) -> str:
    """As `tone`; grey where counts and daily rate go different ways."""
    return "grey" if isinstance(change, Change) and change.contrary else tone(change.verdict, good)


def found_note(view: CompareView, t: Translator) -> str:
    """What was looked at for what changed; why there is nothing, where nothing was found."""
    if view.found:
        return t("compare.found.note", tested=t.number(view.tested), q=t.percent(100 * view.q, 0))
    base = view.days.get("base")
    return t(f"compare.found.{'none_base' if base is None or base.short else 'none' if view.tested else 'none_tested'}")


def points_text(change: ShareChange, t: Translator) -> str:
    """The change of a rate in 百分点."""
    return t.points(change.points)


def tone(verdict: str, good: str) -> str:
    """ "good", "bad", "real" (neither) or "grey": the only thing that colours an arrow."""
    if verdict not in REAL:
        return "grey"
    if good == "none":
        return "real"
    return "good" if (verdict == "fewer") == (good == "down") else "bad"


def arrow(verdict: str, difference: float | None) -> str:
    """↑ or ↓ by the plain difference; → for none."""
    if verdict in ("none", "unknown") or not difference:
        return "→"
    return "↑" if difference > 0 else "↓"


def figure_name(code_: str, rules: CompareRules, t: Translator) -> str:
    """A figure's or share's name by its code."""
    found = rules.figure(code_) or rules.share(code_)
    return found.name(t.lang) if found else code_


def quantity(value: int | None, figure: Figure | None, t: Translator) -> str:
    """A count with its unit, large ones in 万 or 亿; — for None."""
    if value is None:
        return "—"
    return t.large(value, figure.unit if figure else "incidents")


def row_name(row: UnitRow, unit: str, t: Translator) -> str:
    """What a table's row is called."""
    if unit == "kind":
        name, _, inner = row.code.partition("/")
        if row.inside:
            return code("subclass", inner, t) if inner else t("compare.table.unknown")
        return code("class_code", name, t) if name else t("compare.table.unknown")
    if not row.code:
        return t("compare.table.rest")
    if unit in ("region", "mode"):
        return t.maybe(f"compare.{unit}_name.{row.code}", t("compare.table.unknown"))
    return unit_name(row.unit, unit, t) if row.unit else row.code


def unit_name(unit: Unit, kind: str, t: Translator) -> str:
    """A station's short name or a district's name."""
    name = t.pick(unit.short_name or unit.name, unit.name_en)
    short = name.removesuffix(t("station.suffix")) if kind == "station" else name
    return short or name or unit.code
