"""Year on year: what changed, where, and whether it is real."""

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
    return page.skeleton("compare", language.translator(), None, query)


page.register_page(__name__, path="/compare", title=compare_pages.title, order=5)


@callback(*page.wiring("compare"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask, and draw the answer."""

    def draw(rules: CompareRules, look: Look) -> tuple[Node, Board]:
        view, course = compare_answers.compare(query), compare_answers.trend(query)
        times = compare_answers.clocks(query)
        return compare_page.overview(view, course, times, rules, look), view.board

    return compare_pages.answer(version, query, compare_answers.all_ready, draw)
