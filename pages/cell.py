"""One task of one station, with the rows behind its number."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import cell_page, page
from components.hiccup import Node
from domain.board import Board
from web import answers, language
from web.looks import look_of


def title(code: str = "", task: str = "") -> str:
    """The title of the browser's tab."""
    return f"{task} · {language.translator()('app.title')}"


def layout(code: str = "", task: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton("cell", language.translator(), {"code": code, "task": task}, query)


# Dash matches the first template that fits, and /station/<code> fits this page's addresses too.
page.register_page(__name__, path_template="/station/<code>/<task>", title=title, order=1)


@callback(*page.wiring("cell"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the cell, answer with its tree."""
    look = look_of(query)

    def make() -> tuple[Node, Board]:
        view = answers.cell(ask["code"], ask["task"], look.past, **answers.wanted_rows(query))
        return cell_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
