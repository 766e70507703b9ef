"""One hot-spot record."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import hotspot_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import answers, hotspot_answers, language


def title(hotspot_id: str = "") -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('hotspot.one.spot')} {hotspot_id} · {t('app.title')}"


def layout(hotspot_id: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton("hotspot", language.translator(), {"id": hotspot_id}, query)


page.register_page(__name__, path_template="/hotspot/<hotspot_id>", title=title, order=22)


@callback(*page.wiring("hotspot"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the record, answer with its tree."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        view = hotspot_answers.hotspot(ask["id"], look.past)
        return hotspot_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
