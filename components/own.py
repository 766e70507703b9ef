"""The two components of our own. Their other halves are `assets/js/tree.js` and `assets/js/board.js`."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Tree(Component):
    """Draws the plain-list tree of `components.hiccup`.

    `tree`: the node. `echo`: which data version it shows and how old it is (`components.echo`).
    """

    _namespace = "dcb"
    _type = "Tree"
    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = []  # noqa: RUF012
    _prop_names: list[str] = ["id", "tree", "echo"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties: list[str] = ["id", "tree", "echo"]  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, id: Any = None, tree: Any = None, echo: Any = None) -> None:
        given = {"id": id, "tree": tree, "echo": echo}
        super().__init__(**{name: value for name, value in given.items() if value is not None})  # type: ignore[no-untyped-call]


class BoardMatrix(Component):
    """Draws, sorts, filters and groups the board in the browser.

    `payload`: `components.board_payload.payload`. `echo`: as for `Tree`. `words`: the labels it
    needs before the first answer.
    """

    _namespace = "dcb"
    _type = "BoardMatrix"
    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = []  # noqa: RUF012
    _prop_names: list[str] = ["id", "payload", "echo", "words"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties: list[str] = ["id", "payload", "echo", "words"]  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, id: Any = None, payload: Any = None, echo: Any = None, words: Any = None) -> None:
        given = {"id": id, "payload": payload, "echo": echo, "words": words}
        super().__init__(**{name: value for name, value in given.items() if value is not None})  # type: ignore[no-untyped-call]
