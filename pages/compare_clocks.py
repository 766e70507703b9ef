"""Response clocks: sign-off, setting out, arrival, feedback, closure."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import compare_clocks, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from domain.compare_rules import CompareRules
from web import compare_answers, compare_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("compare-clocks", language.translator(), None, query)


page.register_page(__name__, path="/compare/clocks", title=compare_pages.title, order=5.2)


@callback(*page.wiring("compare-clocks"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask, and draw the answer."""

    def draw(rules: CompareRules, look: Look) -> tuple[Node, Board]:
        view, asked = compare_answers.clocks(query), compare_answers.question(query)
        return compare_clocks.clocks(view, asked, rules, look), view.board

    return compare_pages.answer(version, query, compare_answers.clocks_share, draw)
