"""The map page's trees, to be placed around the map: above it, beside it, below it."""

from __future__ import annotations

from components.hiccup import Node, h
from components.look import Look
from components.map_bar import filter_bar
from components.map_filter import chips, empty_note, unit_names
from components.map_links import ROWS, href
from components.map_spots import spots_panel
from components.map_summary import change_note, loading_note, nothing, summary
from components.map_tables import area_table, cell_table, rings_panel
from components.map_when import when_panel
from components.page_head import head
from domain.board import Board
from domain.heat import HeatView
from domain.hot import SpotsView
from domain.map_rules import BlackSpotRule


def top(view: HeatView, look: Look) -> Node:
    """Head, form, active filters, numbers."""
    names = unit_names(view.options, look)
    t = look.t
    outs = h(
        "span.outs",
        h("a", t("map.to_rows"), href=href(look, ROWS, view.asked)),
        h("a", t("export.xlsx"), href=href(look, "/download/map.xlsx", view.asked), download=True),
    )
    return h(
        "div.mp-top",
        head(look, view.board, [(t("map.title"), "")], [t("map.title")], outs),
        filter_bar(view, look),
        chips(view.asked, look, names=names),
        summary(view, look),
    )


def side(view: HeatView, look: Look) -> Node:
    """Beside the map: what its colours mean, rings, times; or that nothing happened."""
    if nothing(view.now.tally):
        return h("div.mp-side", empty_note(view.asked, look, names=unit_names(view.options, look)))
    note = change_note(view, look) if view.asked.side == "change" else None
    return h("div.mp-side", note, rings_panel(view, look), when_panel(view, look))


def spots(view: SpotsView, look: Look, rule: BlackSpotRule | None = None) -> Node:
    """Beside the map, below the times: hot spots, which take longer to find."""
    return h("div.mp-side", spots_panel(view, look, rule))


def below(view: HeatView, look: Look) -> Node:
    """Under the map: the same as tables."""
    if nothing(view.now.tally):
        return h("div.mp-below")
    return h(
        "div.mp-below",
        area_table(view, look),
        cell_table(view, look),
        h("footer.sheet-foot", h("span", look.t("map.foot", version=view.rules_version))),
    )


def loading(board: Board, done: float, look: Look) -> Node:
    """The page's top while a long stretch is being read."""
    return h(
        "div.mp-top", head(look, board, [(look.t("map.title"), "")], [look.t("map.title")]), loading_note(done, look)
    )
