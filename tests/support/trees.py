"""Reading trees (`components.hiccup`) in tests: their nodes, links and words, and what a form in them would ask."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from components.hiccup import text_of
from i18n import ONE_SPACE

Tree = Any


def nodes(tree: Tree) -> Iterator[list[Any]]:
    """The tree's elements in reading order, itself first."""
    if isinstance(tree, list):
        yield tree
        yield from chain.from_iterable(nodes(child) for child in tree[1:])


def given_of(node: list[Any]) -> dict[str, Any]:
    """An element's attributes."""
    return node[1] if len(node) > 1 and isinstance(node[1], dict) else {}


def tag_of(node: list[Any]) -> str:
    """`td` of `td.num.first`."""
    return str(node[0]).split(".")[0]


def classes_of(node: list[Any]) -> set[str]:
    """`{"num", "first"}` of `td.num.first`."""
    return set(str(node[0]).split(".")[1:])


def of_class(tree: Tree, *names: str) -> list[list[Any]]:
    """The elements that have all these classes."""
    return [node for node in nodes(tree) if set(names) <= classes_of(node)]


def tagged(tree: Tree, *tags: str) -> list[list[Any]]:
    """The elements of these kinds."""
    return [node for node in nodes(tree) if tag_of(node) in tags]


def links(tree: Tree) -> list[list[Any]]:
    """The elements that lead somewhere."""
    return [node for node in nodes(tree) if "href" in given_of(node)]


def query(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(address).query))


def shown(tree: Tree) -> str:
    """All text, with plain blanks."""
    return text_of(tree).replace(ONE_SPACE, " ")


def told(tree: Tree) -> list[str]:
    """All text, and what is said on hovering or read out."""
    hints = [
        str(given_of(node)[key]) for node in nodes(tree) for key in ("title", "aria-label") if key in given_of(node)
    ]
    return [text.replace(ONE_SPACE, " ") for text in (shown(tree), *hints)]


def form_query(tree: Tree) -> dict[str, str]:
    """What assets/js/45-form.js makes of a form, in Python."""
    values: dict[str, list[str]] = {}
    plain: dict[str, Any] = {}
    when: dict[str, Any] = {}
    for node in tagged(tree, "input", "select"):
        given = given_of(node)
        name = given["name"]
        plain[name] = plain.get(name) if plain.get(name) is not None else given.get("data-default")
        when.setdefault(name, given.get("data-when"))
        value = _value(node, given)
        if value and not given.get("disabled"):
            values.setdefault(name, []).append(value)
    said = {name: ",".join(parts) for name, parts in values.items()}

    def asked_for(name: str) -> bool:
        wanted = when[name].partition("=") if when[name] else None
        return wanted is None or said.get(wanted[0], "") == wanted[2]

    return {name: value for name, value in said.items() if value != plain[name] and asked_for(name)}


def _value(node: list[Any], given: dict[str, Any]) -> str:
    if given.get("type") in ("checkbox", "radio") and not given.get("checked"):
        return ""
    if tag_of(node) == "select":
        chosen = [given_of(option)["value"] for option in tagged(node, "option") if given_of(option).get("selected")]
        return str(chosen[0])
    return str(given.get("value", ""))
