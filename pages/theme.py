"""One theme at all stations."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import page, task_page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import answers, language


def title(code: str = "") -> str:
    """The title of the browser's tab."""
    return f"{code} · {language.translator()('app.title')}"


def layout(code: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton("theme", language.translator(), {"code": code}, query)


page.register_page(__name__, path_template="/theme/<code>", title=title, order=4)


@callback(*page.wiring("theme"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the theme, answer with its tree."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        view = answers.theme(ask["code"], look.past)
        return task_page.theme_tree(view, look), view.board

    return page.shown(look.t, version, make)
