"""Fusion modes: official and suggested."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import assessment_modes, ids, page
from components.hiccup import Node
from components.look import Look
from components.own import Tree
from domain.board import Board
from web import assessment_answers, assessment_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    screen = Tree(id=ids.screen("assessment-modes"), tree=assessment_modes.waiting(language.translator()))
    return page.frame("assessment-modes", screen, None, query)


page.register_page(__name__, path="/assessment/modes", title=assessment_pages.title, order=32)


@callback(*page.wiring("assessment-modes"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the suggestion, answer with its table."""

    def draw(look: Look) -> tuple[Node, Board]:
        view = assessment_answers.modes(query)
        office = assessment_pages.outlook(query)
        return assessment_modes.tree(view, look, editing=office.editing and "mode" in office.deeds), view.board

    return assessment_pages.answer(version, query, draw)
