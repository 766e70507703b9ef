"""The audit log, for the auditor."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import audit_page, page
from components.hiccup import Node
from domain.board import Board
from web import audit_log, language
from web.looks import look_of


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('audit.title')} · {t('app.title')}"


def layout(**query: str) -> Any:
    """The page without data."""
    return page.skeleton("audit", language.translator(), query=query)


page.register_page(__name__, path="/audit", title=title, order=40)


@callback(*page.wiring("audit"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for one page of the log, answer with its tree."""
    look = look_of({})

    def make() -> tuple[Node, Board]:
        view = audit_log.view(query)
        return audit_page.tree(view, look), view.board

    return page.shown(look.t, version, make)
