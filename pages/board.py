"""The daily clear board."""

from __future__ import annotations

from typing import Any

from dash import callback

from components import page
from components.board_payload import payload
from components.look import Look
from web import answers, language


def title(**_: str) -> str:
    """The title of the browser's tab."""
    return language.translator()("app.title")


def layout(**query: str) -> Any:
    """The page without data."""
    return page.board_skeleton("board", language.translator(), query)


page.register_page(__name__, path="/", title=title, order=0)


@callback(*page.wiring("board", "payload"))
def show(version: str | None, _ask: dict[str, str], query: dict[str, str]) -> Any:
    """Ask for the board, answer with its payload."""
    look = Look(language.translator(), answers.catalogue(), page.past(query))

    def make() -> tuple[Any, dict[str, object]]:
        view = answers.board(look.past)
        return page.answer(payload(view, look), view.board, None)

    content, about = answers.kept("page.board", look.past, make, look.t.lang, look.past)
    return content, {**about, "v": version}
