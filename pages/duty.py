"""Duty advice for one station: where and when to patrol in the next seven days."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import duty_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from web import answers, duty_answers, language


def title(code: str = "") -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{code} · {t('duty.title')} · {t('app.title')}"


def layout(code: str = "", **query: str) -> Any:
    """The page without data."""
    return page.skeleton("duty", language.translator(), {"code": code}, query)


page.register_page(__name__, path_template="/duty/<code>", title=title, order=21)


@callback(*page.wiring("duty"))
def show(version: str | None, ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the station's advice, answer with its tree."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Node, Board]:
        view = duty_answers.station(ask["code"], query or {})
        return duty_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
