"""The rows behind one number of a score sheet."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import assessment_rows, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import assessment_pages, language

NAME = "assessment-rows"


def layout(code: str = "", source: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton(NAME, language.translator(), {"code": code, "source": source}, query)


# Dash matches the first template that fits, and /assessment/<code> fits this page's addresses too.
page.register_page(__name__, path_template="/assessment/<code>/<source>", title=assessment_pages.title, order=33)


@callback(*page.wiring(NAME))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the rows, answer with their table."""

    def draw(look: Look) -> tuple[Node, Board]:
        view = assessment_pages.rows(ask["code"], ask["source"], query)
        return assessment_rows.tree(view, look), view.board

    return assessment_pages.answer(version, query, draw)
