"""What all files of rules share: strict keys, and a deployment's own file laid over the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from catalogue.loader import HERE, read_toml

Raw = Mapping[str, Any]
Lay = Callable[[Raw, Raw], dict[str, Any]]
"""Lays the second over the first."""


class Strict(BaseModel):
    """A table in which an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=False)


def read_over(file: str, overrides: Path | None, lay: Lay) -> tuple[dict[str, Any], Path]:
    """The rules of `file` and the path to name in a complaint: the deployment's own where there is one.

    Raises:
        CatalogueError: wrong syntax; names the file.
    """
    ours, own = HERE / file, overrides / file if overrides is not None else None
    if own is None or not own.exists():
        return read_toml(ours), ours
    return lay(read_toml(ours), read_toml(own)), own


def by_key(ours: Raw, own: Raw) -> dict[str, Any]:
    """Key by key; of a table its keys, too.

    >>> by_key({"a": 1, "t": {"x": 1, "y": 2}}, {"t": {"y": 3}})
    {'a': 1, 't': {'x': 1, 'y': 3}}
    """
    merged = dict(ours)
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(ours.get(name), dict)
        merged[name] = {**ours[name], **value} if both else value
    return merged


def by_code(*lists: str) -> Lay:
    """As `by_key`, and the entries of these lists by their code.

    >>> by_code("one")({"one": [{"code": "a"}, {"code": "b"}]}, {"one": [{"code": "c"}, {"code": "a", "n": 1}]})
    {'one': [{'code': 'a', 'n': 1}, {'code': 'b'}, {'code': 'c'}]}
    """

    def lay(ours: Raw, own: Raw) -> dict[str, Any]:
        coded = {name for name in lists if isinstance(own.get(name), list)}
        return {**by_key(ours, own), **{name: _entries(ours[name], own[name]) for name in coded}}

    return lay


def _entries(ours: list[Any], own: list[Any]) -> list[Any]:
    """Entries of the same code are replaced where they stand; the others follow, so that one given twice is seen."""
    rest, kept = list(own), []
    for one in ours:
        same = [n for n, other in enumerate(rest) if isinstance(other, dict) and other.get("code") == one["code"]]
        kept.append(rest.pop(same[0]) if same else one)
    return [*kept, *rest]
