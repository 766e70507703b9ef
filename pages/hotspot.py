"""One hot-spot record."""

from __future__ import annotations

from typing import Any

import dash
from dash import Output, callback, html

from components import hotspot_page, ids, page
from components.hiccup import Node
from components.incident_map import IncidentMap, map_words
from components.own import Tree
from domain.board import Board
from web import hotspot_answers, language, map_answers
from web.looks import look_of

CANVAS, BELOW = (ids.part("hotspot", name) for name in ("canvas", "below"))
ABOVE, ECHO, *ASKED = page.wiring("hotspot")


def title(hotspot_id: str = "") -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('hotspot.one.spot')} {hotspot_id} · {t('app.title')}"


def layout(hotspot_id: str = "", **query: str) -> Any:
    """The page without data."""
    t = language.translator()
    canvas = html.Div(IncidentMap(id=CANVAS, words=map_words(t)), className="hotspot-map")
    top = Tree(id=ids.screen("hotspot"), tree=page.bones(t))
    return page.frame("hotspot", html.Div([top, canvas, Tree(id=BELOW)]), {"id": hotspot_id}, query)


page.register_page(__name__, path_template="/hotspot/<hotspot_id>", title=title, order=22)


@callback(ABOVE, ECHO, Output(CANVAS, "payload"), Output(BELOW, "tree"), *ASKED)
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the record; answer with what stands above, on and below its map."""
    look = look_of(query)
    others: tuple[Any, ...] = (dash.no_update,) * 2

    def make() -> tuple[Node, Board]:
        nonlocal others
        share = hotspot_answers.share_ready(look.past, ask["id"])
        if share < 1:
            board = hotspot_answers.new_hotspot(look.past).board
            return hotspot_page.loading(board, share, look), board
        view = hotspot_answers.hotspot(ask["id"], look.past)
        drawn = hotspot_page.canvas(view, look, map_answers.ground().rules.points_from_zoom)
        others = drawn, hotspot_page.below(view, look)
        return hotspot_page.top(view, look), view.board

    above, echo = page.shown(look.t, version, make)
    return above, {**echo, "again": others[0] is dash.no_update and "at" in echo}, *others
