"""The incidents behind a number of the map."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import incidents_page, page
from components.map_filter import unit_names
from web import language, map_answers
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('incidents.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("incidents", language.translator(), None, query)


page.register_page(__name__, path="/incidents", title=title, order=7)


@callback(*page.wiring("incidents"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for one page of rows, answer with its tree."""
    look = look_of(query)

    def make() -> Any:
        view = map_answers.rows(query)
        names = unit_names(map_answers.options(), look)
        return incidents_page.tree(view, look, names, query.get("of", "")), view.board

    return page.shown(look.t, version, make)
