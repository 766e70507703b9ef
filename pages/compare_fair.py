"""Stations compared by rate, with funnel limits instead of a league table."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import compare_fair, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from domain.compare_rules import CompareRules
from web import compare_answers, compare_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("compare-fair", language.translator(), None, query)


page.register_page(__name__, path="/compare/fair", title=compare_pages.title, order=5.4)


@callback(*page.wiring("compare-fair"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask, and draw the answer."""

    def draw(rules: CompareRules, look: Look) -> tuple[Node, Board]:
        view = compare_answers.fair(query)
        return compare_fair.fair(view, rules, look), view.board

    return compare_pages.answer(version, query, compare_answers.share_ready, draw)
