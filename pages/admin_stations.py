"""Administration: stations."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import admin_stations_page, page
from components.hiccup import Node
from domain.board import Board
from web import administration, language
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('admin.stations.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("admin-stations", language.translator(), query=query)


page.register_page(__name__, path="/admin/stations", title=title, order=62)


@callback(*page.wiring("admin-stations"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for what the page shows, answer with its tree."""
    look = look_of({})

    def make() -> tuple[Node, Board]:
        view = administration.stations(query)
        return admin_stations_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
