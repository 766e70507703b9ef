"""The comparison overview: one sentence, counters, where it changed, rates, the table by unit."""

from __future__ import annotations

from dataclasses import replace

from components.compare_bar import bar, periods_line
from components.compare_cards import cards
from components.compare_clocks import strip
from components.compare_lead import lead
from components.compare_links import figure_rows, href, number, outs, spans_of
from components.compare_table import unit_table
from components.compare_years import year_panel
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.board import Board
from domain.clock_views import ClocksView
from domain.compare_rules import CompareRules
from domain.compare_views import UNITS, CompareAsked, CompareView, Found, ShareLine
from domain.share_change import ShareChange
from domain.trend_views import TrendView
from i18n.compare_words import (
    REAL,
    arrow,
    figure_name,
    found_note,
    judged,
    percent_text,
    points_text,
    tone,
    unit_name,
)

MOST_FOUND = 12


def top(view: CompareView, rules: CompareRules, look: Look, tab: str) -> Node:
    """Head, tabs, form, periods: the same on every comparison page."""
    t = look.t
    crumbs = [(t("compare.title"), "")]
    if tab != "overview":
        crumbs = [(t("compare.title"), href(look, "overview", view.asked, rules)), (t(f"compare.tab.{tab}"), "")]
    return h(
        "div.cp-top",
        head(look, view.board, crumbs, [t("compare.title")], outs(look, tab, view.asked, rules)),
        bar(tab, view.asked, view.board, view.units, look, rules=rules),
        periods_line(view.asked, view.days, look),
    )


def overview(view: CompareView, course: TrendView, times: ClocksView, rules: CompareRules, look: Look) -> Node:
    """The whole page.

    Args:
        course: of the main figure. times: the response clocks of the same periods.
    """
    if _empty(view):
        return _without(view, rules, look, "overview")
    link = href(look, "trend", view.asked, rules)
    clocks = strip(times, href(look, "clocks", view.asked, rules), look)
    return h(
        "div.sheet.cp-page",
        top(view, rules, look, "overview"),
        lead(view, rules, look),
        cards(view, rules, look),
        h("div.cp-two",
          h("div.cp-stack", _found(view, rules, look), year_panel(course, rules, look, link)),
          h("div.cp-stack", clocks, _shares(view, rules, look))),
        _table(view, rules, look),
        _how(view, rules, look),
        foot(view.rules_version, look),
    )  # fmt: skip


def tables(view: CompareView, rules: CompareRules, look: Look) -> Node:
    """The analyst's table: every unit, every figure."""
    if _empty(view):
        return _without(view, rules, look, "tables")
    t = look.t
    choices = [
        h(
            "a" + (".is-on" if unit == view.asked.unit else ""),
            t(f"compare.unit.{unit}"),
            href=href(look, "tables", view.asked, rules, unit="" if unit == UNITS[0] else unit, sort=""),
        )
        for unit in UNITS
    ]
    return h(
        "div.sheet.cp-page",
        top(view, rules, look, "tables"),
        h("nav.cp-units", h("span.l", t("compare.table.unit_title")), many(choices)),
        h("section.cp-panel", unit_table(view, rules, look, tab="tables"), h("p.hint", t("compare.table.sum_note"))),
        _shares(view, rules, look),
        foot(view.rules_version, look),
    )


def _empty(view: CompareView) -> bool:
    """There are no incidents at all: then nothing is told as 0."""
    return all(line.absent for line in view.lines)


def _without(view: CompareView, rules: CompareRules, look: Look, tab: str) -> Node:
    said = empty(look.t("compare.lead.absent"), look.t("compare.card.absent_hint"))
    return h("div.sheet.cp-page", top(view, rules, look, tab), said, foot(view.rules_version, look))


def foot(version: str, look: Look) -> Node:
    """Definitions (统计口径)."""
    return h("footer.sheet-foot", h("span", look.t("compare.foot", version=version)))


def loading(board: Board, done: float, look: Look) -> Node:
    """The page while the last years are being read."""
    percent = round(100 * min(1.0, max(0.0, done)))
    said = look.t("compare.loading", share=look.t.percent(percent, 0))
    title = look.t("compare.title")
    return h(
        "div.sheet.cp-page",
        head(look, board, [(title, "")], [title]),
        h("div.mp-loading", h("p", said), h("progress", value=percent, max=100, aria_label=said),
          h("p.hint", look.t("compare.loading_hint")), role="status"),
    )  # fmt: skip


# where -----------------------------------------------------------------------------------------


def _found(view: CompareView, rules: CompareRules, look: Look) -> Node:
    t = look.t
    if not view.found:
        return h("section.cp-panel", h("h2", t("compare.found.title")), h("p.cp-none", found_note(view, t)))
    names = ("unit", "figure", "now", "base", "change", "excess")
    heads = [
        h("th" + ("" if n in ("unit", "figure") else ".num"), t(f"compare.found.head_{n}"), scope="col") for n in names
    ]
    rows = [_found_row(one, view, rules, look) for one in view.found[:MOST_FOUND]]
    rest = len(view.found) - len(rows)
    return h(
        "section.cp-panel.cp-found",
        h("h2", t("compare.found.title")),
        h("p.hint", found_note(view, t)),
        h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0),
        h("p.hint", t("compare.found.rest", n=t.number(rest))) if rest else None,
    )


def _found_row(one: Found, view: CompareView, rules: CompareRules, look: Look) -> Node:
    t, change = look.t, one.change
    figure = rules.figure(one.figure)
    assert figure is not None
    links = figure_rows(look, _only(view, one), figure, view.units, spans_of(view.asked))
    excess = t("compare.found.more" if one.excess > 0 else "compare.found.fewer", n=t.number(abs(one.excess)))
    kind = tone(change.verdict if change.verdict in REAL else ("more" if one.excess > 0 else "fewer"), figure.good)
    alone = href(look, "overview", view.asked, rules, station=one.unit.code)
    return h(
        "tr",
        h("th", h("a", unit_name(one.unit, "station", t), href=alone), scope="row"),
        h("td", figure.name(t.lang), data_l=t("compare.found.head_figure")),
        h("td.num", number(t.number(change.now), change.now, links["now"]), data_l=t("compare.found.head_now")),
        h("td.num", number(t.number(change.base), change.base, links["base"]), data_l=t("compare.found.head_base")),
        h(f"td.num.delta.t-{kind}", h("i", arrow("more", one.excess), aria_hidden="true"), " ", percent_text(change, t),
          title=judged(change, t), data_l=t("compare.found.head_change")),
        h("td.num", excess, data_l=t("compare.found.head_excess")),
    )  # fmt: skip


def _only(view: CompareView, one: Found) -> CompareAsked:
    return replace(view.asked, stations=(one.unit.code,), districts=(), regions=(), modes=())


# rates -----------------------------------------------------------------------------------------


def _shares(view: CompareView, rules: CompareRules, look: Look) -> Node | None:
    t = look.t
    rows = [_share_row(line, rules, look) for line in view.shares]
    heads = [h("th" + ("" if n == "head" else ".num"), t(f"compare.share.{n}"), scope="col") for n in _SHARE_HEADS]
    return h(
        "section.cp-panel.cp-shares",
        h("h2", t("compare.share.title")),
        h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0),
    )


_SHARE_HEADS = ("head", "now", "base", "change", "previous")


def _share_row(line: ShareLine, rules: CompareRules, look: Look) -> Node:
    t, share = look.t, rules.share(line.code)
    assert share is not None
    goal = t("compare.card.goal_short", goal=t.percent(share.goal, 0)) if share.goal is not None else ""
    name = h("th", share.name(t.lang), h("small", goal) if goal else None, scope="row")
    if line.absent:
        return h("tr.is-absent", name, h("td", t("compare.card.absent"), colspan=4))
    change, before = line.change, line.previous_change
    return h(
        "tr",
        name,
        h("td.num", h("b", t.percent(change.now, 2)), h("small", _of(line.now, look)) if line.now else None,
          data_l=t("compare.share.now")),
        h("td.num.was", t.percent(change.base, 2), h("small", _of(line.base, look)) if line.base else None,
          data_l=t("compare.share.base")),
        h(f"td.num.delta.t-{tone(change.verdict, share.good)}", _points(line, change, look), title=judged(change, t),
          data_l=t("compare.share.change")),
        h(f"td.num.delta.t-{tone(before.verdict, share.good)}", _points(line, before, look), title=judged(before, t),
          data_l=t("compare.share.previous")),
    )  # fmt: skip


def _points(line: ShareLine, change: ShareChange, look: Look) -> str:
    """The change; that nothing can be compared, where the present period itself begins before the data."""
    return look.t("compare.verdict.unknown") if line.now is None else points_text(change, look.t)


def _of(pair: tuple[int, int], look: Look) -> str:
    return look.t("compare.card.of", part=look.t.number(pair[0]), whole=look.t.number(pair[1]))


# by unit ---------------------------------------------------------------------------------------


def _table(view: CompareView, rules: CompareRules, look: Look) -> Node:
    t = look.t
    more = h("a", t("compare.table.open"), href=href(look, "tables", view.asked, rules))
    return h(
        "section.cp-panel",
        h("h2", t("compare.table.title"), more),
        unit_table(view, rules, look, tab="overview"),
        h("p.hint", t("compare.table.sum_note")),
    )


def _how(view: CompareView, rules: CompareRules, look: Look) -> Node:
    """How real is told from chance; with each figure's dispersion."""
    t = look.t
    factors = [
        h("li", t("compare.how.dispersion", name=figure_name(line.code, rules, t), factor=t.number(line.dispersion, 2)))
        for line in view.lines
        if not line.absent
    ]
    return h(
        "details.cp-how",
        h("summary", t("compare.how.title")),
        h("p", t("compare.how.text", weeks=view.weeks)),
        h("ul", many(factors)),
        h("p", t("compare.how.holidays")),
    )
