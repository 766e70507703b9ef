"""The sources and how fresh they are."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import feeds_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import answers, language


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('feeds.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("feeds", language.translator(), query=query)


page.register_page(__name__, path="/feeds", title=title, order=5)


@callback(*page.wiring("feeds"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the board's feeds, answer with their tree."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        view = answers.board(look.past)
        return feeds_page.tree(view.board, look), view.board

    return page.shown(look.t, version, make)
