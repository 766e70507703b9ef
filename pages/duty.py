"""Duty advice for one station: where and when to patrol in the next seven days."""

from __future__ import annotations

from typing import Any

import dash
from dash import Output, callback, html

from components import duty_map, duty_page, duty_side, ids, page
from components.hiccup import Node
from components.incident_map import IncidentMap, map_words
from components.look import Look
from components.own import Tree
from domain.board import Board
from web import answers, duty_answers, language, map_answers

CANVAS, LIST, SIDE = (ids.part("duty", name) for name in ("canvas", "list", "side"))
ABOVE, ECHO, *ASKED = page.wiring("duty")


def title(code: str = "") -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{code} · {t('duty.title')} · {t('app.title')}"


def layout(code: str = "", **query: str) -> Any:
    """The page without data."""
    t = language.translator()
    canvas = html.Div(IncidentMap(id=CANVAS, words=map_words(t)), className="duty-map")
    listing = html.Div(Tree(id=LIST), className="duty-main")
    main = html.Div([listing, html.Div([canvas, Tree(id=SIDE)], className="duty-beside")], className="duty-grid")
    top = Tree(id=ids.screen("duty"), tree=page.bones(t))
    return page.frame("duty", html.Div([top, main], className="sheet duty-sheet"), {"code": code}, query)


page.register_page(__name__, path_template="/duty/<code>", title=title, order=21)


@callback(ABOVE, ECHO, Output(LIST, "tree"), Output(CANVAS, "payload"), Output(SIDE, "tree"), *ASKED)
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the station's advice; answer with what stands above, the list, the map and what stands beside."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    others: tuple[Any, ...] = (dash.no_update,) * 3

    def make() -> tuple[Node, Board]:
        nonlocal others
        share = duty_answers.share_ready(query)
        if share < 1:
            board = map_answers.standing(query)
            return duty_page.loading(board, share, look), board
        view = duty_answers.station(ask["code"], query)
        others = duty_page.listing(view, look), duty_map.canvas(view, look), duty_side.side(view, look)
        return duty_page.top(view, look), view.board

    above, echo = page.shown(look.t, version, make)
    return above, {**echo, "again": others[0] is dash.no_update and "at" in echo}, *others
