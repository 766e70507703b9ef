"""The trend page as tables: years by month, this year against earlier ones, the control chart, its signals."""

from __future__ import annotations

from domain.compare_rules import CompareRules
from domain.trend_views import Point, TrendView
from exports.compare_about import closing_lines, figure_lines, named, now_line, where_line
from exports.compare_sheets import About, Column, Row, Sheet, Value, sheets_csv, sheets_xlsx, unless
from i18n import Translator
from i18n.compare_words import figure_name
from i18n.trend_words import (
    chart_notes,
    month_name,
    nothing,
    period_texts,
    rule_note,
    running_text,
    signal_text,
    streak_texts,
    year_note,
)

MONTHS = 12


def trend_xlsx(view: TrendView, rules: CompareRules, t: Translator) -> bytes:
    """Every table of the page."""
    return sheets_xlsx(tables(view, rules, t), about(view, rules, t), t)


def trend_csv(view: TrendView, rules: CompareRules, t: Translator) -> bytes:
    """Every table of the page, one below the other."""
    return sheets_csv(tables(view, rules, t), about(view, rules, t))


def tables(view: TrendView, rules: CompareRules, t: Translator) -> list[Sheet]:
    """Years, months against earlier years, points of the control chart, signals."""
    return unless(nothing(view, rules, t), [years(view, t), months(view, t), points(view, rules, t), signals(view, t)])


def about(view: TrendView, rules: CompareRules, t: Translator) -> About:
    """What the files say of themselves."""
    where = where_line(view.asked, view.units, t)
    defined = [
        now_line(view.asked, t),
        *([] if nothing(view, rules, t) else [" ".join(pair) for pair in period_texts(view, t)]),
        where,
        *nothing(view, rules, t),
        *([t("trend.begins", day=t.date(view.begins))] if view.short else []),
        year_note(view, t),
        running_text(view, t) if view.open_month is not None else "",
        *chart_notes(view, t),
        _unsigned(view, t),
        *([rule_note(rules, t)] if _ruled(view, rules) else []),
        *(said for _, said in streak_texts(view, t)),
        *figure_lines({view.asked.figure}, rules, t),
        *closing_lines(t("compare.foot", version=view.rules_version), view.board, t),
    ]
    title = named(t("compare.tab.trend"), figure_name(view.asked.figure, rules, t), t)
    periods = t("list.stop").join((now_line(view.asked, t), where))
    return About(title, periods, view.board, tuple(line for line in defined if line))


# years and months ------------------------------------------------------------------------------


def years(view: TrendView, t: Translator) -> Sheet:
    """One row a year, newest first: its months, the whole, up to the same date, and the change of that."""
    day = t.short_date(view.asked.periods.span.last_day)
    columns = (
        Column(t("trend.export.year")),
        *(Column(month_name(number, t), "count") for number in range(MONTHS)),
        Column(t("trend.table.total"), "count"),
        Column(t("trend.table.to_date", day=day), "count"),
        Column(t("trend.table.change"), "change"),
    )
    rows = tuple(
        (str(line.year), *view.by_year[line.year], line.whole, line.to_date, change)
        for line, change in zip(view.known_years, view.year_changes, strict=True)
    )
    running = running_text(view, t) if view.open_month is not None else ""
    return Sheet(t("trend.table.title"), columns, rows, note=running)


def months(view: TrendView, t: Translator) -> Sheet:
    """The year's months beside last year's, and the range and mean of the earlier years."""
    year = view.months.year
    last = view.by_year.get(year - 1, (None,) * MONTHS)
    before = t("trend.export.before")
    columns = (
        Column(t("trend.table.month")),
        Column(t("trend.year.this", year=year), "count"),
        Column(t("trend.year.last", year=year - 1), "count"),
        Column(t("trend.export.least"), "count", before),
        Column(t("trend.export.most"), "count", before),
        Column(t("trend.export.mean"), "mean", before),
        Column(t("trend.export.years"), "count", before),
    )
    rows = tuple(
        (month_name(n, t), now, then, band.low, band.high, band.mean, band.years)
        for n, (now, then, band) in enumerate(zip(view.months.line, last, view.months.bands, strict=True))
    )
    return Sheet(t("trend.export.against"), columns, rows, note=year_note(view, t))


# control chart ---------------------------------------------------------------------------------


def _ruled(view: TrendView, rules: CompareRules) -> bool:
    """The page shows Shanghai's rule."""
    return rules.trend.rule == "mean" and view.asked.step == "week"


def points(view: TrendView, rules: CompareRules, t: Translator) -> Sheet:
    """Months or weeks with their daily means, the limits, and the signals they are part of."""
    chart, ruled = view.chart, _ruled(view, rules)
    limits = (chart.mean, chart.low, chart.high) if chart else (None,) * 3
    columns = [
        Column(t("trend.export.first")),
        Column(t("trend.export.days"), "count"),
        Column(t("trend.export.count"), "count"),
        Column(t("trend.export.daily"), "mean"),
        *(Column(t(f"trend.export.{name}"), "mean") for name in ("centre", "low", "high")),
        Column(t("trend.chart.signals"), "word"),
    ]
    columns += [Column(t("trend.export.rule", window=rules.trend.window), "word")] if ruled else []

    def row(at: int, point: Point) -> Row:
        words: list[Value] = [t("list.comma").join(_words(at, view, t)) or None]
        words += [t(f"trend.rule.{point.rule}") if point.rule else None] if ruled else []
        return (point.first.isoformat(), point.days, point.count, point.daily, *limits, *words)

    rows = tuple(row(at, point) for at, point in enumerate(view.points))
    return Sheet(t(f"trend.export.by_{view.asked.step}"), tuple(columns), rows)


def _words(at: int, view: TrendView, t: Translator) -> list[str]:
    """The signals that a point is part of."""
    found = view.chart.signals if view.chart else ()
    return [t(f"trend.signal.{one.kind}_{one.side}") for one in found if one.first <= at <= one.last]


def _unsigned(view: TrendView, t: Translator) -> str:
    """That there is no signal, where there is a chart without one."""
    return t("trend.chart.none") if view.chart and not view.chart.signals else ""


def signals(view: TrendView, t: Translator) -> Sheet:
    """Every signal in a sentence, the newest first."""
    columns = (
        Column(t("trend.export.first")),
        Column(t("trend.export.last")),
        Column(t("trend.chart.signals"), "word"),
        Column(t("trend.export.says")),
    )
    found = view.chart.signals[::-1] if view.chart else ()
    rows = tuple(
        (
            view.points[one.first].first.isoformat(),
            view.points[one.last].first.isoformat(),
            t(f"trend.signal.{one.kind}_{one.side}"),
            signal_text(one, view, t),
        )
        for one in found
    )
    return Sheet(t("trend.chart.signals"), columns, rows, note=_unsigned(view, t))
