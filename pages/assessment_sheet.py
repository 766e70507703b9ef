"""One station's score sheet, with sliders that say what another number would give."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, callback, dcc, html

from components import assessment_sheet, assessment_try, ids, page
from components.hiccup import Node
from components.look import Look
from components.own import Tree
from domain.assessment_views import ScoreSheetView
from domain.board import Board
from web import assessment_answers, assessment_pages, language

NAME = "assessment-sheet"
FORM, RESULT, BELOW, TRIED = (ids.part(NAME, part) for part in ("form", "result", "below", "tried"))
ABOVE, ECHO, *ASKED = page.wiring(NAME)


def title(code: str = "") -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{assessment_pages.station_name(code)} · {t('assessmentview.title')} · {t('app.title')}"


def layout(code: str = "", **query: str) -> Any:
    """The page without data."""
    top = Tree(id=ids.screen(NAME), tree=page.bones(language.translator()))
    tries = html.Div([Tree(id=FORM), Tree(id=RESULT)], className="sheet as-whatif")
    parts = html.Div([top, tries, Tree(id=BELOW), dcc.Store(id=TRIED, data={})])
    return page.frame(NAME, parts, {"code": code}, query)


page.register_page(__name__, path_template="/assessment/<code>", title=title, order=34)


@callback(ABOVE, ECHO, Output(FORM, "tree"), Output(BELOW, "tree"), *ASKED)
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the station's month; answer with what stands above, in and below the sliders."""
    others: tuple[Any, ...] = (None, None)

    def draw(look: Look) -> tuple[Node, Board]:
        nonlocal others
        view = assessment_answers.sheet(ask["code"], query)
        office, choices = assessment_pages.outlook(query), assessment_pages.choices(query)
        form = assessment_try.form(view, assessment_answers.changes(query), look)
        others = form, assessment_sheet.below(view, office, look)
        return assessment_sheet.top(view, choices, assessment_pages.rivals(view, query), look), view.board

    above, echo = assessment_pages.answer(version, query, draw)
    return above, echo, *others


@callback(
    Output(RESULT, "tree"),
    Input(TRIED, "data"),
    Input(ids.screen(NAME), "echo"),
    State(ids.ask(NAME), "data"),
    State(ids.query(NAME), "data"),
    prevent_initial_call=True,
)
def show_tried(
    tried: dict[str, Any] | None, echo: dict[str, Any] | None, ask: dict[str, str], query: dict[str, str]
) -> Any:
    """What the sliders would give: those moved on this page, else those of its address."""
    if not echo or "at" not in echo:
        return None if echo else dash.no_update

    def draw(look: Look) -> tuple[Node, Board]:
        view = assessment_answers.sheet(ask["code"], query)
        tries = _tries(tried or {}, view, query)
        after = assessment_answers.what_if(ask["code"], query, tries) if tries else None
        return assessment_try.result(view, after, look), view.board

    return assessment_pages.answer(None, query, draw)[0]


def _tries(tried: dict[str, Any], view: ScoreSheetView, query: dict[str, str]) -> dict[str, float]:
    """Sliders of another month or station are not this one's."""
    given = tried.get("tries") if tried.get("of") == assessment_try.token(view) else query
    return assessment_answers.changes(given or {})
