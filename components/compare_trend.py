"""The trend page: months against earlier years, control chart with its signals in words, Shanghai's rule, streaks."""

from __future__ import annotations

from components.compare_bar import bar
from components.compare_charts import drawing, grid, level, lines, names, plot_of
from components.compare_links import href, outs
from components.compare_years import streaks, year_panel, years_table
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.compare_rules import CompareRules
from domain.compare_views import STEPS
from domain.trend import Signal
from domain.trend_views import Point, TrendView
from i18n.compare_words import figure_name
from i18n.trend_words import chart_notes, nothing, period_texts, point_name, rule_note, signal_text


def trend(view: TrendView, rules: CompareRules, look: Look) -> Node:
    """The whole page."""
    t = look.t
    crumbs = [(t("compare.title"), href(look, "overview", view.asked, rules)), (t("compare.tab.trend"), "")]
    why_not = nothing(view, rules, t)
    body = [year_panel(view, rules, look), _chart_panel(view, rules, look), _rule_panel(view, rules, look)]
    return h(
        "div.sheet.cp-page",
        h("div.cp-top", head(look, view.board, crumbs, [t("compare.title")], outs(look, "trend", view.asked, rules)),
          bar("trend", view.asked, view.board, view.units, look, rules=rules),
          None if why_not else _periods(view, look)),
        _choices(view, rules, look),
        empty(*why_not) if why_not
        else h("div.cp-two", h("div.cp-stack", many(body)),
               h("div.cp-stack", streaks(view, look), years_table(view, look))),
        h("footer.sheet-foot", h("span", t("compare.foot", version=view.rules_version))),
    )  # fmt: skip


def _periods(view: TrendView, look: Look) -> Node:
    """The periods that are held against each other, with their days."""
    t = look.t
    parts = [h("div.cp-period", h("dt", name), h("dd", days)) for name, days in period_texts(view, t)]
    return h("div.cp-periods", h("dl", many(parts), aria_label=t("trend.when.title")))


def _choices(view: TrendView, rules: CompareRules, look: Look) -> Node:
    """Which figure, and by month or week."""
    t, asked = look.t, view.asked
    figures = [
        h("a" + (".is-on" if one.code == asked.figure else ""), one.name(t.lang),
          href=href(look, "trend", asked, rules, figure=one.code if one.code != rules.main else ""))
        for one in rules.figures
        if one.headline
    ]  # fmt: skip
    steps = [
        h("a" + (".is-on" if one == asked.step else ""), t(f"trend.step_name.{one}"),
          href=href(look, "trend", asked, rules, step=one if one != STEPS[0] else ""))
        for one in STEPS
    ]  # fmt: skip
    return h(
        "nav.cp-units",
        h("span.l", t("trend.figure")), many(figures), h("span.l.gap", t("trend.step")), many(steps),
    )  # fmt: skip


# control chart ---------------------------------------------------------------------------------


def _chart_panel(view: TrendView, rules: CompareRules, look: Look) -> Node | None:
    t, chart = look.t, view.chart
    if chart is None:
        return None
    name = figure_name(view.asked.figure, rules, t)
    return h(
        f"section.cp-panel.g-{_good(view, rules)}",
        h("h2", t(f"trend.chart.title_{view.asked.step}", name=name)),
        _control(view, look),
        many(h("p.hint", note) for note in chart_notes(view, t)),
        _signals(view, look),
    )


def _good(view: TrendView, rules: CompareRules) -> str:
    """Which way is good for the figure in focus: what colours a signal."""
    figure = rules.figure(view.asked.figure)
    return figure.good if figure else "none"


def _control(view: TrendView, look: Look) -> Node:
    chart, points = view.chart, view.points
    assert chart is not None
    values = [point.daily for point in points]
    plot = plot_of([*values, chart.low, chart.high], len(points), zero=False)
    ordered = sorted(chart.signals, key=lambda signal: signal.kind == "point")
    flagged = {at: signal for signal in ordered for at in range(signal.first, signal.last + 1)}
    dots = [
        _dot(plot.x(n), plot.y(value), points[n], flagged.get(n), look)
        for n, value in enumerate(values)
        if value is not None
    ]
    every = max(1, -(-len(points) // 14))
    return drawing(
        "",
        many(grid(plot, look)),
        many(names(plot, [_label(point, view.asked.step, look) for point in points], every)),
        level("line.limit", plot, chart.low),
        level("line.limit", plot, chart.high),
        level("line.centre", plot, chart.mean),
        many(lines("polyline.course", plot, values)),
        many(dots),
        plot=plot,
        label=look.t("trend.chart.signals"),
    )


def _dot(x: float, y: float, point: Point, signal: Signal | None, look: Look) -> Node:
    """A plain dot, or by the signal it belongs to: outside the limits a square, part of a run or near one a ring."""
    t = look.t
    said = t("trend.chart.reading", when=point_name(point, t), value=t.number(point.daily, 1), n=t.number(point.count))
    title = h("title", said)
    if signal is not None and signal.kind == "point":
        return h(f"rect.s-{signal.side}", title, x=x - 4, y=y - 4, width=8, height=8)
    kind = f"circle.s-{signal.side}.soft" if signal else "circle.plain"
    return h(kind, title, cx=x, cy=y, r=3.4 if signal else 2.4)


def _label(point: Point, step: str, look: Look) -> str:
    """Under the axis: 2025-03, or the week's Monday."""
    return f"{point.first:%y-%m}" if step == "month" else f"{point.first:%m-%d}"


def _signals(view: TrendView, look: Look) -> Node:
    t, chart = look.t, view.chart
    assert chart is not None
    if not chart.signals:
        return h("p.cp-none", t("trend.chart.none"))
    items = [h(f"li.s-{signal.side}", signal_text(signal, view, t)) for signal in chart.signals[::-1]]
    return h("div.cp-signals", h("h3", t("trend.chart.signals")), h("ul", many(items[:12])))


# Shanghai's rule -------------------------------------------------------------------------------


def _rule_panel(view: TrendView, rules: CompareRules, look: Look) -> Node | None:
    """Weeks as columns, coloured by the mean of the weeks before; only where the catalogue asks for that rule."""
    if rules.trend.rule != "mean" or view.asked.step != "week":
        return None
    t, rule, points = look.t, rules.trend, view.points
    plot = plot_of([point.count for point in points], len(points))
    wide = round(0.7 * (plot.width - plot.left - plot.right) / max(1, len(points)), 1)
    bars = [
        h(f"rect.r-{point.rule or 'new'}", h("title", f"{point_name(point, t)} {t.number(point.count)}"),
          x=round(plot.x(n) - wide / 2, 1), y=plot.y(point.count), width=wide,
          height=round(plot.y(plot.low) - plot.y(point.count), 1))
        for n, point in enumerate(points)
        if point.count is not None
    ]  # fmt: skip
    legend = [
        h("li", h(f"i.cp-key.r-{one}", aria_hidden="true"), t(f"trend.rule.{one}")) for one in ("below", "above", "far")
    ]
    every = max(1, -(-len(points) // 14))
    return h(
        "section.cp-panel",
        h("h2", t("trend.rule.title", name=figure_name(view.asked.figure, rules, t), window=rule.window)),
        drawing("", many(grid(plot, look)), many(names(plot, [_label(p, "week", look) for p in points], every)),
                many(bars), plot=plot, label=rule_note(rules, t)),
        h("ul.legend", many(legend)),
        h("p.hint", rule_note(rules, t)),
    )  # fmt: skip
