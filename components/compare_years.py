"""This year's months against earlier years, as a chart and as a table; streaks of decline."""

from __future__ import annotations

from datetime import date

from components.compare_charts import band, drawing, grid, lines, names, plot_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.compare_rules import CompareRules
from domain.trend_views import TrendView, YearLine
from i18n.compare_words import figure_name

MONTHS = 12


def year_panel(view: TrendView, rules: CompareRules, look: Look, link: str = "") -> Node:
    """The year's months over the range of earlier years; the running month is a hollow dot."""
    t, months = look.t, view.months
    years = max((one.years for one in months.bands), default=0)
    name = figure_name(view.asked.figure, rules, t)
    note = t("trend.year.note_one") if years == 1 else t("trend.year.note", years=years) if years else ""
    more = h("a", t("compare.tab.trend"), href=link) if link else None
    return h(
        "section.cp-panel",
        h("h2", t("trend.year.title", name=name, year=months.year), more),
        _year_chart(view, look),
        _year_legend(view, years, look),
        h("p.hint", note) if note else None,
        h("p.hint", t("trend.begins", day=t.date(view.begins))) if _short(view) else None,
    )


def _short(view: TrendView) -> bool:
    return view.begins is not None and view.begins > date(view.months.year - 1, 1, 1)


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
    at = view.asked.periods.span.last_day.month - 1
    running = view.running[0]
    open_month = running is not None and months.line[at] is None
    return drawing(
        "",
        many(grid(plot, look)),
        many(names(plot, [_month(n, look) for n in range(MONTHS)])),
        many(band("polygon.band", plot, low, high)),
        many(lines("polyline.mean", plot, mean)),
        many(lines("polyline.last", plot, last)),
        many(lines("polyline.this", plot, months.line)),
        many(dots),
        h("circle.running", cx=plot.x(at), cy=plot.y(running), r=3.6) if open_month and running is not None else None,
        plot=plot,
        label=t("trend.year.title", name="", year=months.year),
    )


def _month(number: int, look: Look) -> str:
    return look.t("trend.year.month", n=number + 1)


def _year_legend(view: TrendView, years: int, look: Look) -> Node:
    t, year = look.t, view.months.year
    items = [h("li", h("i.cp-key.this", aria_hidden="true"), t("trend.year.this", year=year))]
    if year - 1 in view.by_year:
        items.append(h("li", h("i.cp-key.last", aria_hidden="true"), t("trend.year.last", year=year - 1)))
    if years > 1:
        items.append(h("li", h("i.cp-key.band", aria_hidden="true"), t("trend.year.band", years=years)))
        items.append(h("li", h("i.cp-key.mean", aria_hidden="true"), t("trend.year.mean", years=years)))
    at = view.asked.periods.span.last_day.month - 1
    if view.months.line[at] is None and view.running[0] is not None:
        said = t("trend.year.running", n=t.number(view.running[0]), base=t.number(view.running[1]))
        items.append(h("li", h("i.cp-key.running", aria_hidden="true"), said))
    return h("ul.legend", many(items))


# streaks and years -----------------------------------------------------------------------------


def streaks(view: TrendView, look: Look) -> Node:
    """Weeks, months and years of unbroken decline."""
    t = look.t
    counts = {"weeks": view.weeks_falling, "months": view.months_falling, "years": view.years_falling}
    items = [
        h("li" + (".is-on" if n else ""), t(f"trend.streak.{name}", n=n) if n else t(f"trend.streak.no_{name}"))
        for name, n in counts.items()
    ]
    return h("section.cp-panel.cp-streaks", h("h2", t("trend.streak.title")), h("ul", many(items)))


def years_table(view: TrendView, look: Look) -> Node:
    """Months by year, newest year first, with totals and the years to the same date."""
    t = look.t
    years = [
        line
        for line in view.years
        if any(one is not None for one in view.by_year[line.year]) or line.to_date is not None
    ]
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
          h("tfoot", _sums("total", years, look), _sums("to_date", years, look, day), _change(years, look))),
          tabindex=0),
    )  # fmt: skip


def _sums(name: str, years: list[YearLine], look: Look, day: str = "") -> Node:
    t = look.t
    values = [line.whole if name == "total" else line.to_date for line in years]
    head_ = t(f"trend.table.{name}", day=day) if day else t(f"trend.table.{name}")
    return h("tr", h("th", head_, scope="row"), many(h("td.num", t.number(value)) for value in values))


def _change(years: list[YearLine], look: Look) -> Node:
    t, cells = look.t, []
    for now, before in zip(years, [*years[1:], None], strict=True):
        known = before is not None and now.to_date is not None and before.to_date
        cells.append(h("td.num", t.change(100 * (now.to_date - before.to_date) / before.to_date) if known else "—"))  # type: ignore[operator,union-attr]
    return h("tr", h("th", t("trend.table.change"), scope="row"), many(cells))
