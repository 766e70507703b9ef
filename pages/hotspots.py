"""All hot-spot records."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, callback, html

from components import hotspot_page, hotspots_page, ids, map_page, page
from components.hiccup import Node
from components.look import Look
from components.own import Tree
from domain.board import Board
from web import answers, hotspot_answers, language, map_answers

FOUND = ids.part("hotspots", "found")


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('hotspot.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    t = language.translator()
    parts = [Tree(id=ids.screen("hotspots"), tree=page.bones(t)), html.Div(Tree(id=FOUND), className="sheet")]
    return page.frame("hotspots", html.Div(parts), None, query)


page.register_page(__name__, path="/hotspots", title=title, order=20)


@callback(*page.wiring("hotspots"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the records, answer with their list."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    share = 1.0

    def make() -> tuple[Node, Board]:
        nonlocal share
        share = hotspot_answers.share_ready(look.past)
        if share < 1:
            board = hotspot_answers.new_hotspot(look.past).board
            return hotspot_page.loading(board, share, look), board
        view = hotspot_answers.hotspots(str(query.get("status") or ""), look.past)
        return hotspots_page.tree(view, look), view.board

    content, echo = page.shown(look.t, version, make)
    return content, {**echo, "again": share < 1}


@callback(
    Output(FOUND, "tree"),
    Input(ids.screen("hotspots"), "echo"),
    State(ids.query("hotspots"), "data"),
    prevent_initial_call=True,
)
def show_found(echo: dict[str, Any] | None, query: dict[str, str]) -> Any:
    """Ask for the hot spots that rule and statistic find now, to be put on record."""
    if not echo or echo.get("again"):
        return dash.no_update
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        rule = map_answers.ground().rules.black_spot
        view = map_answers.spots({"preset": "90d", "class": rule.class_code, "as_of": look.past})
        return map_page.spots(view, look, rule), view.board

    return page.shown(look.t, None, make)[0]
