"""Trees as plain lists, drawn in the browser by `assets/js/tree.js`.

A node is `[tag, attributes?, *children]`; a child is a node, text, number or None. Being data, a tree
costs nothing to build, is tested by reading it, and counts as one Dash component however large it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = list[Any]
Child = Node | str | int | float | None


def h(tag: str, *children: Any, **attributes: Any) -> Node:
    """One element.

    Args:
        tag: name with classes and id, such as `"td.num.late#row-1"`.
        children: nodes, text, numbers, None (nothing), or lists of those (see `many`).
        attributes: `class_` and `for_` lose their underscore, other underscores become hyphens;
            None and False leave the attribute out.

    >>> h("td.num", "12", title="twelve")
    ['td.num', {'title': 'twelve'}, '12']
    """
    kept = {_name(name): value for name, value in attributes.items() if value is not None and value is not False}
    flat = list(_flat(children))
    return [tag, kept, *flat] if kept else [tag, *flat]


def many(nodes: Any) -> list[Child]:
    """Several children as one argument of `h`: a list whose first entry is None.

    >>> h("ul", many([h("li", "a"), h("li", "b")]))
    ['ul', ['li', 'a'], ['li', 'b']]
    """
    return [None, *nodes]


def text_of(node: Child) -> str:
    """All text of a tree, in reading order; for tests and search.

    >>> text_of(h("p", "a ", h("b", "b")))
    'a b'
    """
    if node is None or isinstance(node, (str, int, float)):
        return "" if node is None else str(node)
    return "".join(text_of(child) for child in node[1:] if not isinstance(child, dict))


def size_of(node: Child) -> int:
    """How many elements a tree has."""
    if not isinstance(node, list):
        return 0
    return 1 + sum(size_of(child) for child in node[1:] if not isinstance(child, dict))


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _flat(children: tuple[Any, ...] | list[Any]) -> Iterator[Child]:
    for child in children:
        if isinstance(child, list) and child and child[0] is None:
            yield from _flat(child[1:])
        elif child is not None:
            yield child
