"""An answer for programs: one way to write JSON, kept by nobody unless its headers say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from domain.later import Later

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`value` as JSON; bytes are JSON already.

    Raises:
        TypeError: it holds something that JSON does not know.
    """
    body = value if isinstance(value, bytes) else orjson.dumps(value, default=_plain, option=_OPTIONS)
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, mimetype="application/json")


def _plain(value: object) -> object:
    """Details that were not made yet, and named tuples as objects."""
    if isinstance(value, Later):
        return tuple(value)
    if hasattr(value, "_asdict"):
        return value._asdict()
    raise TypeError(f"not for JSON: {type(value).__name__}")
