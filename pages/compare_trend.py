"""Year on year: the course of one figure, by month and week."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import compare_page, compare_trend, page
from components.look import Look
from web import answers, compare_answers, language


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('compare.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("compare-trend", language.translator(), None, query)


page.register_page(__name__, path="/compare/trend", title=title, order=5.3)


@callback(*page.wiring("compare-trend"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the comparison; say how far it is while the last years are being read."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    waiting = False

    def make() -> Any:
        nonlocal waiting
        share = compare_answers.share_ready(query, long=True)
        if share < 1:
            waiting = True
            board = compare_answers.standing(query)
            return compare_page.loading(board, share, look), board
        view = compare_answers.trend(query)
        return compare_trend.trend(view, compare_answers.rules(), look), view.board

    tree, echo = page.shown(look.t, version, make)
    return tree, {**echo, "again": waiting}
