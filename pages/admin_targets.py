"""Administration: targets."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import admin_targets_page, page
from components.hiccup import Node
from domain.board import Board
from web import administration, language
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('admin.targets.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("admin-targets", language.translator(), query=query)


page.register_page(__name__, path="/admin/targets", title=title, order=61)


@callback(*page.wiring("admin-targets"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for what the page shows, answer with its tree."""
    look = look_of({})

    def make() -> tuple[Node, Board]:
        view = administration.targets(query)
        return admin_targets_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
