"""Fair comparison: the funnel plot, and stations with shrunk rates and possible ranks instead of a league table."""

from __future__ import annotations

from dataclasses import replace

from components.compare_bar import bar, periods_line
from components.compare_charts import Plot, drawing, grid, plot_of, tick_step
from components.compare_links import figure_rows, href, number, outs, spans_of
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.compare_asked import REGIONS
from domain.compare_rules import CompareRules, Figure
from domain.fair_views import FairLine, FairView
from i18n.compare_words import figure_name, unit_name
from i18n.fair_words import nothing, verdict

UNLIKE = 10.0
"""From this dispersion on a common rate says little: what differs so much is not of one kind."""

_TONE = {"high998": "far-high", "high95": "high", "inside": "inside", "low95": "low", "low998": "far-low"}


def fair(view: FairView, rules: CompareRules, look: Look) -> Node:
    """The whole page."""
    t = look.t
    crumbs = [(t("compare.title"), href(look, "overview", view.asked, rules)), (t("compare.tab.fair"), "")]
    why_not = nothing(view, rules, t)
    body = [empty(why_not)] if why_not else [_plot(view, rules, look), _table(view, rules, look)]
    return h(
        "div.sheet.cp-page",
        h("div.cp-top", head(look, view.board, crumbs, [t("compare.title")], outs(look, "fair", view.asked, rules)),
          bar("fair", view.asked, view.board, view.units, look, rules=rules),
          periods_line(view.asked, view.days, look)),
        _choices(view, rules, look),
        None if why_not else h("p.cp-lead", verdict(view, t)),
        *body,
        h("footer.sheet-foot", h("span", t("compare.foot", version=view.rules_version))),
    )  # fmt: skip


def _choices(view: FairView, rules: CompareRules, look: Look) -> Node:
    t, asked = look.t, view.asked
    figures = [
        h("a" + (".is-on" if one.code == asked.figure else ""), one.name(t.lang),
          href=href(look, "fair", asked, rules, figure=one.code if one.code != rules.main else ""))
        for one in rules.figures
        if one.headline
    ]  # fmt: skip
    return h("nav.cp-units", h("span.l", t("trend.figure")), many(figures))


# plot ------------------------------------------------------------------------------------------


def _plot(view: FairView, rules: CompareRules, look: Look) -> Node:
    t = look.t
    name = figure_name(view.asked.figure, rules, t)
    legend = [
        h("li", h("i.cp-key.limit", aria_hidden="true"), t("fair.limit95")),
        h("li", h("i.cp-key.limit.far", aria_hidden="true"), t("fair.limit998")),
        h("li", h("i.cp-key.centre", aria_hidden="true"), t("fair.rate", rate=t.number(view.rate, 2))),
    ]
    return h(
        f"section.cp-panel.g-{_good(view, rules)}",
        h("h2", t("fair.title", name=name)),
        _drawn(view, look),
        h("ul.legend", many(legend)),
        h("p.hint", t("fair.note", dispersion=t.number(view.dispersion, 2))),
        _unlike(view, rules, look),
    )


def _good(view: FairView, rules: CompareRules) -> str:
    """Which way is good for the figure in focus: what colours a station outside the limits."""
    figure = rules.figure(view.asked.figure)
    return figure.good if figure else "none"


def _unlike(view: FairView, rules: CompareRules, look: Look) -> Node | None:
    """Where stations differ far more than chance and their own unrest explain, they are not of one kind."""
    if view.dispersion < UNLIKE or view.asked.regions:
        return None
    t = look.t
    links = [
        h("a", t(f"compare.region_name.{one}"), href=href(look, "fair", view.asked, rules, region=one))
        for one in REGIONS
    ]
    return h("p.cp-unlike", t("fair.unlike"), many(links))


def _drawn(view: FairView, look: Look) -> Node:
    known = [line for line in view.lines if line.point.rate is not None]
    curves = [[float(value) for value in values] for values in view.limits]
    assert view.rate is not None
    shown = [line.point.rate for line in known]
    top = max([*(value for value in shown if value is not None), *curves[3][len(curves[3]) // 8 :]])
    plot = plot_of([*shown, top, view.rate, min(curves[0])], 1, zero=False, width=1440, height=420, bottom=40)
    ends = view.grid[0], view.grid[-1]
    names = ("far", "near", "near", "far")
    return drawing(
        ".cp-funnel",
        many(grid(plot, look)),
        many(_axis(plot, ends, look)),
        h("line.centre", x1=plot.left, x2=plot.width - plot.right, y1=plot.y(view.rate), y2=plot.y(view.rate)),
        many(
            h(f"polyline.limit.{names[n]}", points=_curve(plot, view.grid, curve, ends))
            for n, curve in enumerate(curves)
        ),
        many(_dot(line, plot, ends, look, marked=_marked(line, view)) for line in known),
        plot=plot,
        label=verdict(view, look.t),
    )


def _x(plot: Plot, value: float, ends: tuple[float, float]) -> float:
    share = (value - ends[0]) / (ends[1] - ends[0]) if ends[1] > ends[0] else 0.5
    return round(plot.left + (plot.width - plot.left - plot.right) * share, 1)


def _curve(plot: Plot, grid_: tuple[float, ...], values: list[float], ends: tuple[float, float]) -> str:
    """Points of a limit, as far as they lie inside the area."""
    kept = [(x, y) for x, y in zip(grid_, values, strict=True) if plot.low <= y <= plot.high]
    return " ".join(f"{_x(plot, x, ends)},{plot.y(y)}" for x, y in kept)


def _axis(plot: Plot, ends: tuple[float, float], look: Look) -> list[Node]:
    step = tick_step(*ends)
    first = -int(-ends[0] // step)
    values = [step * n for n in range(first, int(ends[1] // step) + 1)]
    marks = [
        h("text.axis", look.t.plain(v), x=_x(plot, v, ends), y=plot.height - 20, text_anchor="middle") for v in values
    ]
    said = h("text.axis", look.t("fair.axis"), x=plot.width - plot.right, y=plot.height - 4, text_anchor="end")
    return [*marks, said]


def _marked(line: FairLine, view: FairView) -> bool:
    """The question names this station or its district."""
    return line.chosen and bool(view.asked.stations or view.asked.districts)


def _dot(line: FairLine, plot: Plot, ends: tuple[float, float], look: Look, *, marked: bool) -> Node:
    t, point = look.t, line.point
    assert point.rate is not None and point.exposure is not None
    name = unit_name(line.unit, "station", t)
    said = t("fair.reading", name=name, n=t.number(point.count), rate=t.number(point.rate, 2),
             shrunk=t.number(point.shrunk, 2), zone=t(f"fair.zone.{point.zone}"))  # fmt: skip
    x, y = _x(plot, point.exposure, ends), plot.y(point.rate)
    label = None
    if marked or point.zone != "inside":
        late = x > plot.width * 0.85
        label = h("text.name", name, x=x - 8 if late else x + 8, y=y + 4, text_anchor="end" if late else "start")
    mine = ".is-mine" if marked else ""
    return h("g", h(f"circle.z-{_TONE[point.zone]}{mine}", h("title", said), cx=x, cy=y, r=6 if marked else 4.5), label)


# table -----------------------------------------------------------------------------------------

_HEADS = ("unit", "zone", "count", "residents", "rate", "limits", "shrunk", "ranks", "base", "base_zone")


def _table(view: FairView, rules: CompareRules, look: Look) -> Node:
    t, figure = look.t, rules.figure(view.asked.figure)
    assert figure is not None
    compared = any(line.base for line in view.lines)
    names = _HEADS if compared else _HEADS[:-2]
    heads = [
        h("th" + ("" if n in ("unit", "zone", "base_zone") else ".num"), t(f"fair.table.{n}"), scope="col")
        for n in names
    ]
    rows = [_row(line, figure, view, rules, look, compared=compared) for line in view.lines]
    return h(
        f"section.cp-panel.g-{_good(view, rules)}",
        h("h2", t("fair.table.title")),
        h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0),
        h("p.hint", t("fair.table.note")),
    )


def _row(line: FairLine, figure: Figure, view: FairView, rules: CompareRules, look: Look, *, compared: bool) -> Node:
    t, point, unit = look.t, line.point, line.unit
    alone = href(look, "overview", view.asked, rules, station=unit.code)
    mine = replace(figure, filter=figure.filter.with_(stations=(unit.code,)))
    every = replace(view.asked, stations=(), districts=())
    rows = figure_rows(look, every, mine, view.units, spans_of(view.asked))
    ranks = t("fair.table.range", low=line.ranks[0], high=line.ranks[1]) if line.ranks else "—"
    limits = "—"
    if point.low95 is not None and point.high95 is not None:
        limits = t("fair.table.range", low=t.number(point.low95, 2), high=t.number(point.high95, 2))
    values = [("residents", t.number(point.exposure, 2)), ("rate", t.number(point.rate, 2)), ("limits", limits),
              ("shrunk", t.number(point.shrunk, 2)), ("ranks", ranks)]  # fmt: skip
    base = line.base
    return h(
        "tr" + (".is-mine" if _marked(line, view) else ""),
        h("th", h("a", unit_name(unit, "station", t), href=alone), scope="row"),
        _zone(point.zone, "zone", look),
        h("td.num", number(t.number(point.count), point.count, rows["now"]), data_l=t("fair.table.count")),
        many(h("td.num", text, data_l=t(f"fair.table.{name}")) for name, text in values),
        h("td.num.was", t.number(base.rate if base else None, 2), data_l=t("fair.table.base")) if compared else None,
        _zone(base.zone if base else "unknown", "base_zone", look) if compared else None,
    )


def _zone(zone: str, head_: str, look: Look) -> Node:
    t = look.t
    return h(f"td.z-{_TONE.get(zone, 'inside')}", t(f"fair.zone.{zone}"), data_l=t(f"fair.table.{head_}"))
