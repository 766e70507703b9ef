"""Year on year as tables: by station, district, region, mode, class."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import compare_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from domain.compare_rules import CompareRules
from web import compare_answers, compare_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("compare-tables", language.translator(), None, query)


page.register_page(__name__, path="/compare/tables", title=compare_pages.title, order=5.1)


@callback(*page.wiring("compare-tables"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask, and draw the answer."""

    def draw(rules: CompareRules, look: Look) -> tuple[Node, Board]:
        view = compare_answers.compare(query)
        return compare_page.tables(view, rules, look), view.board

    return compare_pages.answer(version, query, compare_answers.share_ready, draw)
