"""The frame all pages share: a skeleton without data, and the few lines that fill it.

Usage in a page::

    def layout(code: str = "", **query: str):
        return page.skeleton("station", translator(), ask={"code": code}, query=query)

    @callback(*page.wiring("station"))
    def show(version, ask, query):
        def make():
            view = answers.station(ask["code"], page.past(query))
            return station_page.tree(view, look), view.board
        return page.shown(look.t, version, make)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash
from dash import Input, Output, dcc, html

from components import ids
from components.echo import echo
from components.hiccup import Node, h, many
from components.notice import problem
from components.own import BoardMatrix, Tree
from domain.board import Board
from domain.errors import BadRequest, NotFound
from i18n import Translator

SKELETON_ROWS = 10


def register_page(module: str, **place: Any) -> None:
    """Tell Dash Pages of a page: `module` is its `__name__`, `place` its path, title and order.

    Named as Dash's own function: Dash only imports files in which that word stands.
    """
    dash.register_page(module, **place)  # type: ignore[no-untyped-call]


def skeleton(name: str, t: Translator, ask: dict[str, str] | None = None, query: dict[str, str] | None = None) -> Any:
    """A page before its first answer; holds what the address asks for and no data."""
    return frame(name, Tree(id=ids.screen(name), tree=bones(t)), ask, query)


def board_skeleton(name: str, t: Translator, query: dict[str, str] | None = None) -> Any:
    """The board's page before its first answer."""
    return frame(name, BoardMatrix(id=ids.screen(name), words={"loading": t("page.loading")}), None, query)


def frame(name: str, screen: Any, ask: dict[str, str] | None, query: dict[str, str] | None) -> Any:
    """Screen and stores of one page."""
    marked: dict[str, Any] = {"data-page": name}
    return html.Main(
        [
            dcc.Store(id=ids.ask(name), data=ask or {}),
            dcc.Store(id=ids.query(name), data={key: str(value) for key, value in (query or {}).items()}),
            screen,
        ],
        id=ids.page(name),
        className=f"page page-{name}",
        **marked,
    )


def wiring(name: str, prop: str = "tree") -> tuple[Any, ...]:
    """Outputs and inputs of a page's one callback: (content, echo) from (version, ask, query)."""
    return (
        Output(ids.screen(name), prop),
        Output(ids.screen(name), "echo"),
        Input(ids.VERSION, "data"),
        Input(ids.ask(name), "data"),
        Input(ids.query(name), "data"),
    )


def past(query: dict[str, str] | None) -> str:
    """The `as_of` of the address, "" when it asks for now."""
    return str((query or {}).get("as_of") or "")


def answer(content: Any, board: Board | None, version: str | None) -> tuple[Any, dict[str, object]]:
    """What a page's callback returns."""
    return content, echo(board, version)


def shown(t: Translator, version: str | None, make: Callable[[], tuple[Node, Board]]) -> tuple[Node, dict[str, object]]:
    """`make()` as an answer; what is not there, or asked for wrongly, is said in its place."""
    try:
        content, board = make()
    except (NotFound, BadRequest) as error:
        return h("div.sheet.lost", problem(error, t)), echo(None, version)
    return answer(content, board, version)


def bones(t: Translator) -> Node:
    """What stands on a page before its first answer."""
    rows = [h("div.sk-row") for _ in range(SKELETON_ROWS)]
    return h("div.skeleton", h("p.visually-hidden", t("page.loading")), many(rows), aria_busy="true")
