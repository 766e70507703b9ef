"""Two stations of a month side by side."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import assessment_compare, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import assessment_answers, assessment_pages, language


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("assessment-compare", language.translator(), None, query)


# Dash matches the first address that fits, and /assessment/<code> would fit this one too.
page.register_page(__name__, path="/assessment/compare", title=assessment_pages.title, order=31)


@callback(*page.wiring("assessment-compare"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for both stations, answer with the gaps."""

    def draw(look: Look) -> tuple[Node, Board]:
        ranking = assessment_answers.ranking({**query, "version": ""})
        pair = assessment_compare.pair_of(ranking, *_asked(query))
        view = assessment_answers.versus({**query, "first": pair[0], "second": pair[1]}) if pair else None
        return assessment_compare.tree(view, ranking, assessment_pages.choices(query), look), ranking.board

    return assessment_pages.answer(version, query, draw)


def _asked(query: dict[str, str]) -> tuple[str, str]:
    """The two stations of the address: `a` and `b`, or as the JSON address names them, `first` and `second`."""
    first, second = (
        str(query.get(name) or query.get(other) or "") for name, other in (("a", "first"), ("b", "second"))
    )
    return first, second
