"""The month's ranking."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import assessment_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import assessment_answers, assessment_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("assessment", language.translator(), None, query)


page.register_page(__name__, path="/assessment", title=assessment_pages.title, order=30)


@callback(*page.wiring("assessment"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the month, answer with its ranking."""

    def draw(look: Look) -> tuple[Node, Board]:
        view = assessment_answers.ranking(query)
        years = {unit.code: rows for unit, rows in assessment_answers.year(query).lines}
        choices, office = assessment_pages.choices(query), assessment_pages.outlook(query)
        return assessment_page.tree(view, years, choices, office, look), view.board

    return assessment_pages.answer(version, query, draw)
