"""The course of a figure in words: months, points, signals, streaks."""

from __future__ import annotations

from domain.compare_rules import CompareRules
from domain.trend import Signal
from domain.trend_views import Point, TrendView
from i18n import Translator
from i18n.map_words import span

SOFT = 12
"""Fewer periods than this make limits that still move."""
_WEEK = 7


def nothing(view: TrendView, rules: CompareRules, t: Translator) -> tuple[str, ...]:
    """Why no course is shown: no history yet, or no incident in it carries the figure's mark; empty when one is."""
    figure = rules.figure(view.asked.figure)
    counts = [*view.running, *(one for months in view.by_year.values() for one in months)]
    counts += [point.count for point in view.points]
    if all(count is None for count in counts):
        return (t("trend.empty"),)
    if figure and figure.optional and not any(counts) and not view.asked.narrowed:
        return t("compare.card.absent"), t("compare.card.absent_hint")
    return ()


def period_texts(view: TrendView, t: Translator) -> list[tuple[str, str]]:
    """What is compared with what: name and days of each period, as the pages and the files print them."""
    found = []
    for name, spans in view.compared.items():
        days = [span(one, t) for one in spans]
        before = t("trend.when.before", days=t("list.stop").join(days[1:])) if days[1:] else ""
        found.append((t(f"trend.when.{name}"), days[0] + before))
    return found


def month_name(number: int, t: Translator) -> str:
    """A month's name; January is 0."""
    return t("trend.year.month", n=number + 1)


def point_name(point: Point, t: Translator) -> str:
    """The month, or the day on which the week begins."""
    return f"{point.first:%Y-%m}" if point.days > _WEEK else t.short_date(point.first)


def year_note(view: TrendView, t: Translator) -> str:
    """What the months are held against; "" without an earlier year."""
    years = view.years_before
    return t("trend.year.note_one") if years == 1 else t("trend.year.note", years=years) if years else ""


def running_text(view: TrendView, t: Translator) -> str:
    """The month that is not over, to date, and last year's to the same date."""
    return t("trend.year.running", n=t.number(view.running[0]), base=t.number(view.running[1]))


def streak_texts(view: TrendView, t: Translator) -> list[tuple[int, str]]:
    """How long weeks, months and years have been falling, each with its sentence."""
    counts = {"weeks": view.weeks_falling, "months": view.months_falling, "years": view.years_falling}
    return [(n, t(f"trend.streak.{name}", n=n) if n else t(f"trend.streak.no_{name}")) for name, n in counts.items()]


def chart_notes(view: TrendView, t: Translator) -> list[str]:
    """How the control chart is to be read; empty without one."""
    chart = view.chart
    if chart is None:
        return []
    low, high, mean = (t.number(value, 1) for value in (chart.low, chart.high, chart.mean))
    found = [t("trend.chart.note", mean=mean, low=low, high=high)]
    found += [t("trend.chart.soft", n=chart.used)] if chart.used < SOFT else []
    return [*found, t("trend.chart.seasonal")] if view.asked.step == "month" else found


def rule_note(rules: CompareRules, t: Translator) -> str:
    """Shanghai's rule in one sentence."""
    return t("trend.rule.note", window=rules.trend.window, far=t.plain(rules.trend.far))


def signal_text(signal: Signal, view: TrendView, t: Translator) -> str:
    """When, what, and what to make of it."""
    points = view.points
    first, last = points[signal.first], points[signal.last]
    if signal.kind == "point" and signal.first == signal.last:
        return t(f"trend.chart.point_{signal.side}", when=point_name(first, t), value=t.number(first.daily, 1))
    if signal.kind == "point":
        stretch = f"{point_name(first, t)} — {point_name(last, t)}"
        return t(f"trend.chart.point_{signal.side}", when=stretch, value=t.number(last.daily, 1))
    ends = {"first": point_name(first, t), "last": point_name(last, t)}
    if signal.kind == "run":
        return t(f"trend.chart.run_{signal.side}", n=signal.last - signal.first + 1, **ends)
    return t(f"trend.chart.near_{signal.side}", **ends)
