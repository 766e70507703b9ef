"""The incident map: where and when incidents cluster."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, callback, html

from components import ids, map_page, page
from components.incident_map import IncidentMap, heat_payload, map_words, marks_payload
from components.look import Look
from components.own import Tree
from web import answers, language, map_answers

CANVAS, SIDE, SPOTS, BELOW = (ids.part("map", name) for name in ("canvas", "side", "spots", "below"))
ABOVE, ECHO, *ASKED = page.wiring("map")
ANSWERED, QUERY = (ids.screen("map"), "echo"), (ids.query("map"), "data")


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('map.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    t = language.translator()
    canvas = html.Div(IncidentMap(id=CANVAS, words=map_words(t)), className="mp-map")
    beside = html.Div([Tree(id=SIDE), Tree(id=SPOTS)], className="mp-aside")
    parts = [Tree(id=ids.screen("map"), tree=page.bones(t)), html.Div([canvas, beside], className="mp-layout")]
    return page.frame(
        "map", html.Div([*parts, html.Div(Tree(id=BELOW), className="mp-under")], className="mp-page"), None, query
    )


page.register_page(__name__, path="/map", title=title, order=6)


@callback(ABOVE, ECHO, Output(CANVAS, "payload"), Output(SIDE, "tree"), Output(BELOW, "tree"), *ASKED)
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the map; answer with what stands above, on, beside and below it."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    others: tuple[Any, ...] = (dash.no_update,) * 3

    def make() -> Any:
        nonlocal others
        share = map_answers.share_ready(query)
        board = map_answers.standing(query)
        if share < 1:
            return map_page.loading(board, share, look), board
        view = map_answers.heat(query)
        others = heat_payload(view, look), map_page.side(view, look), map_page.below(view, look)
        return map_page.top(view, look), view.board

    above, echo = page.shown(look.t, version, make)
    return above, {**echo, "again": others[0] is dash.no_update and "at" in echo}, *others


@callback(Output(SPOTS, "tree"), Output(CANVAS, "marks"), Input(*ANSWERED), State(*QUERY), prevent_initial_call=True)
def show_spots(echo: dict[str, Any] | None, query: dict[str, str]) -> Any:
    """Ask for hot spots and hit rate when the map has been answered; they take longer than it."""
    if not echo or echo.get("again"):
        return dash.no_update, dash.no_update
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    marks: Any = dash.no_update

    def make() -> Any:
        nonlocal marks
        rule = map_answers.ground().rules.black_spot
        view = map_answers.spots(query)
        marks = marks_payload(view, look, rule)
        return map_page.spots(view, look, rule), view.board

    return page.shown(look.t, None, make)[0], marks
