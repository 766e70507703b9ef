"""This year's months against earlier years, as a chart and as a table; streaks of decline."""

from __future__ import annotations

from collections.abc import Sequence

from components.compare_charts import band, drawing, grid, lines, names, plot_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.compare_rules import CompareRules
from domain.trend_views import TrendView, YearLine
from i18n.compare_words import figure_name
from i18n.trend_words import month_name, running_text, streak_texts, year_note

MONTHS = 12


def year_panel(view: TrendView, rules: CompareRules, look: Look, link: str = "") -> Node:
    """The year's months over the range of earlier years; the running month is a hollow dot."""
    t, months = look.t, view.months
    name, note = figure_name(view.asked.figure, rules, t), year_note(view, t)
    more = h("a", t("compare.tab.trend"), href=link) if link else None
    return h(
        "section.cp-panel",
        h("h2", t("trend.year.title", name=name, year=months.year), more),
        _year_chart(view, look),
        _year_legend(view, look),
        h("p.hint", note) if note else None,
        h("p.hint", t("trend.begins", day=t.date(view.begins))) if view.short else None,
    )


def _year_chart(view: TrendView, look: Look) -> Node:
    t, months = look.t, view.months
    low, high, mean = ([getattr(one, part) for one in months.bands] for part in ("low", "high", "mean"))
    last = view.by_year.get(months.year - 1, (None,) * MONTHS)
    plot = plot_of([*months.line, *low, *high, *last, view.running[0]], MONTHS, zero=False)
    dots = [
        h("circle.this", h("title", t("trend.year.point", month=_month(n, look), n=t.number(value))),
          cx=plot.x(n), cy=plot.y(value), r=3.2)
        for n, value in enumerate(months.line)
        if value is not None
    ]  # fmt: skip
    at, running = view.open_month, view.running[0]
    return drawing(
        "",
        many(grid(plot, look)),
        many(names(plot, [_month(n, look) for n in range(MONTHS)])),
        many(band("polygon.band", plot, low, high)),
        many(lines("polyline.mean", plot, mean)),
        many(lines("polyline.last", plot, last)),
        many(lines("polyline.this", plot, months.line)),
        many(dots),
        h("circle.running", cx=plot.x(at), cy=plot.y(running), r=3.6)
        if at is not None and running is not None
        else None,
        plot=plot,
        label=t("trend.year.title", name="", year=months.year),
    )


def _month(number: int, look: Look) -> str:
    return month_name(number, look.t)


def _year_legend(view: TrendView, look: Look) -> Node:
    t, year, years = look.t, view.months.year, view.years_before
    items = [h("li", h("i.cp-key.this", aria_hidden="true"), t("trend.year.this", year=year))]
    if year - 1 in view.by_year:
        items.append(h("li", h("i.cp-key.last", aria_hidden="true"), t("trend.year.last", year=year - 1)))
    if years > 1:
        items.append(h("li", h("i.cp-key.band", aria_hidden="true"), t("trend.year.band", years=years)))
        items.append(h("li", h("i.cp-key.mean", aria_hidden="true"), t("trend.year.mean", years=years)))
    if view.open_month is not None:
        items.append(h("li", h("i.cp-key.running", aria_hidden="true"), running_text(view, t)))
    return h("ul.legend", many(items))


# streaks and years -----------------------------------------------------------------------------


def streaks(view: TrendView, look: Look) -> Node:
    """Weeks, months and years of unbroken decline."""
    t = look.t
    items = [h("li" + (".is-on" if falling else ""), said) for falling, said in streak_texts(view, t)]
    return h("section.cp-panel.cp-streaks", h("h2", t("trend.streak.title")), h("ul", many(items)))


def years_table(view: TrendView, look: Look) -> Node:
    """Months by year, newest year first, with totals and the years to the same date."""
    t = look.t
    years = view.known_years
    heads = [h("th.num", str(line.year), scope="col") for line in years]
    rows = [
        h("tr", h("th", _month(n, look), scope="row"),
          many(h("td.num", t.number(view.by_year[line.year][n]), data_l=str(line.year)) for line in years))
        for n in range(MONTHS)
    ]  # fmt: skip
    day = t.short_date(view.asked.periods.span.last_day)
    return h(
        "section.cp-panel",
        h("h2", t("trend.table.title")),
        h("div.scroll", h("table.rows.cp-months",
          h("thead", h("tr", h("th", t("trend.table.month"), scope="col"), many(heads))),
          h("tbody", many(rows)),
          h("tfoot", _sums("total", years, look), _sums("to_date", years, look, day), _change(view, look))),
          tabindex=0),
    )  # fmt: skip


def _sums(name: str, years: Sequence[YearLine], look: Look, day: str = "") -> Node:
    t = look.t
    values = [line.whole if name == "total" else line.to_date for line in years]
    head_ = t(f"trend.table.{name}", day=day) if day else t(f"trend.table.{name}")
    return h("tr", h("th", head_, scope="row"), many(h("td.num", t.number(value)) for value in values))


def _change(view: TrendView, look: Look) -> Node:
    t = look.t
    cells = [h("td.num", t.change(change)) for change in view.year_changes]
    return h("tr", h("th", t("trend.table.change"), scope="row"), many(cells))
