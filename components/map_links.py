"""Addresses of the map and of the rows behind its numbers: one question, written the same way everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from components.hiccup import Node, h
from components.look import Look
from domain.errors import BadRequest
from domain.heat import Asked
from domain.incident_filter import Filter, parse
from domain.incident_filter import params as filter_params

MAP, ROWS, NEW_RECORD = "/map", "/incidents", "/hotspots/new"
_PLAIN = {one.name: one.default for one in fields(Asked) if one.name in ("layer", "side", "per", "unit")}


def params(asked: Asked) -> dict[str, str]:
    """The whole question as parameters of an address; preset and base are always said."""
    found = {"preset": asked.preset} if asked.preset else free_days(asked)
    found["base"] = asked.base_name
    if asked.base_name == "free" and asked.base:
        found |= {"base_from": asked.base.first_day.isoformat(), "base_to": asked.base.last_day.isoformat()}
    found |= {name: getattr(asked, name) for name, plain in _PLAIN.items() if getattr(asked, name) != plain}
    if asked.ring:
        found["ring"] = f"{asked.ring[0]:.6f},{asked.ring[1]:.6f}"
    return found | filter_params(asked.filter)


def free_days(asked: Asked) -> dict[str, str]:
    """The days of the question's stretch, and the clock where the address says that it ends within a day."""
    found, end = days(asked.span.first_day, asked.span.last_day), asked.span.end
    return found | {"to": end.isoformat(timespec="seconds" if end.second else "minutes")} if asked.clocked else found


def days(first: date, last: date) -> dict[str, str]:
    """A free stretch from one day to another, both included."""
    return {"from": first.isoformat(), "to": last.isoformat()}


def href(look: Look, path: str, asked: Asked, changes: Mapping[str, str] | None = None, **more: str) -> str:
    """The address of `path` with the question `asked`, some parameters changed.

    Args:
        changes, more: parameter -> value, "" to leave it out. A preset drops the free days and the other
            way round; another base drops the free days of the base.
    """
    changed = {**(changes or {}), **more}
    kept = params(asked)
    if "preset" in changed:
        kept = _without(kept, "from", "to")
    if "from" in changed:
        kept = _without(kept, "preset")
    if "base" in changed:
        kept = _without(kept, "base_from", "base_to")
    return look.url(path, **{**kept, **changed})


def _without(kept: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in kept.items() if name not in names}


def narrower(asked: Asked, **changes: Any) -> Asked:
    """The same question with some fields of its filter changed."""
    return replace(asked, filter=asked.filter.with_(**changes))


def rows_href(look: Look, asked: Asked, changes: Mapping[str, str] | None = None, **narrow: Any) -> str:
    """The address of the rows that `asked` holds when its filter is narrowed.

    Args:
        changes: parameters of the address, such as the days of a part of the span; `of` = "base" means
            the rows of the second period.
        narrow: fields of `Filter`.

    Returns:
        "" when an address cannot say it: a code that is empty or no word.
    """
    narrowed = narrower(asked, **narrow)
    return href(look, ROWS, narrowed, changes) if _sayable(narrowed.filter, narrow) else ""


def _sayable(wanted: Filter, narrow: Mapping[str, Any]) -> bool:
    if not any(isinstance(value, tuple) and value and isinstance(value[0], str) for value in narrow.values()):
        return True
    try:
        return parse(filter_params(wanted)) == wanted
    except BadRequest:
        return False


def number(
    look: Look, asked: Asked, count: int, changes: Mapping[str, str] | None = None, *, text: str = "", **narrow: Any
) -> Node:
    """A count that opens the rows it counts; plain text when there are none. Arguments as `rows_href`."""
    shown = text or look.t.number(count)
    address = rows_href(look, asked, changes, **narrow) if count else ""
    return h("a.n", shown, href=address, data_n=count) if address else h("span.n", shown)
