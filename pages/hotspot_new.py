"""The form that opens a hot-spot record."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import hotspots_page, page
from components.hiccup import Node
from domain.board import Board
from web import hotspot_answers, language
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('hotspot.new_title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("hotspot-new", language.translator(), None, query)


page.register_page(__name__, path="/hotspots/new", title=title, order=21)


@callback(*page.wiring("hotspot-new"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Answer with the form, filled in from the address."""
    look = look_of(query)

    def make() -> tuple[Node, Board]:
        view = hotspot_answers.new_hotspot(look.past)
        return hotspots_page.new_tree(view, look, query), view.board

    return page.shown(look.t, version, make)
