"""Whether what is sent to Dash's one endpoint is a question that Dash can be asked; all else is refused before it."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from domain.errors import BadRequest

EXTENSION = "board_callbacks"
"""A function that gives Dash's own map of callbacks."""
_PARTS = ("inputs", "state")


def asked() -> str:
    """The output that the request asks for.

    Raises:
        BadRequest: the body is no JSON object, or does not have the parts of a callback of this program.
    """
    body = _body()
    output = body.get("output") if isinstance(body, dict) else None
    known = current_app.extensions[EXTENSION]()
    if not known and isinstance(output, str):  # Dash fills its map at the first request; a server asks one itself
        return output
    made = known.get(output) if isinstance(output, str) else None
    if made is None or "callback" not in made or not _fits(body, made):
        raise BadRequest("error.http_400")
    return str(output)


def _body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets inside brackets inside brackets
        return None


def _fits(body: Any, made: dict[str, Any]) -> bool:
    outputs = body.get("outputs")
    listed = outputs if isinstance(outputs, list) else [outputs]
    changed = body.get("changedPropIds", [])
    return (
        [f"{one.get('id')}.{one.get('property')}" for one in listed if isinstance(one, dict)]
        == _names(body["output"])
        and all(_same(body.get(part, []), made[part]) for part in _PARTS)
        and isinstance(changed, list)
        and all(isinstance(one, str) for one in changed)
    )  # fmt: skip


def _names(output: str) -> list[str]:
    return output[2:-2].split("...") if output.startswith("..") else [output]


def _same(given: Any, wanted: list[dict[str, Any]]) -> bool:
    """One value for each input or state, in order."""
    if not isinstance(given, list) or len(given) != len(wanted):
        return False
    return all(
        isinstance(one, dict) and one.get("id") == other["id"] and one.get("property") == other["property"]
        for one, other in zip(given, wanted, strict=True)
    )
