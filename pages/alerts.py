"""Alerts: red hard tasks and major incidents, and their acknowledgement."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import alerts_page, page
from components.hiccup import Node
from domain.board import Board
from web import alerts_answers, language
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('alert.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("alerts", language.translator(), None, query)


page.register_page(__name__, path="/alerts", title=title, order=24)


@callback(*page.wiring("alerts"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the alerts, answer with their page."""
    look = look_of(query)

    def make() -> tuple[Node, Board]:
        view = alerts_answers.alerts(query, look.past)
        return alerts_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
