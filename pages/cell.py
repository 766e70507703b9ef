"""One task of one station, with the rows behind its number."""

from __future__ import annotations

from typing import Any

from dash import callback, register_page

from components import cell_page, page
from components.look import Look
from web import answers, language


def title(code: str = "", task: str = "") -> str:
    """The title of the browser's tab."""
    return f"{task} · {language.translator()('app.title')}"


def layout(code: str = "", task: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton("cell", language.translator(), {"code": code, "task": task}, query)


# Dash matches the first template that fits, and /station/<code> fits this page's addresses too.
register_page(__name__, path_template="/station/<code>/<task>", title=title, order=1)


@callback(*page.wiring("cell"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the cell, answer with its tree."""
    past = page.past(query)
    view = answers.cell(ask["code"], ask["task"], past, **answers.wanted_rows(query))
    return page.answer(
        cell_page.tree(view, Look(language.translator(), answers.catalogue(), past)), view.board, version
    )
