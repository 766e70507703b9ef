"""The stations that duty advice can be given to."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import duty_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import answers, duty_answers, language


def title() -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('duty.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("duties", language.translator(), None, query)


page.register_page(__name__, path="/duty", title=title, order=20)


@callback(*page.wiring("duties"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the stations, answer with their list."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        args = query or {}
        view = duty_answers.stations(args)
        return duty_page.index_tree(view, duty_answers.asked(args), look), view.board

    return page.shown(look.t, version, make)
