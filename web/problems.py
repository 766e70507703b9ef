"""Errors in one shape: JSON for programs, a translated sentence for people, a notice for callbacks."""

from __future__ import annotations

import logging
from typing import Any

import dash
import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from components import notice
from domain.errors import (
    BadRequest,
    BoardError,
    DataUnavailable,
    Forbidden,
    NotFound,
    ReadOnly,
    Refused,
    SwitchedOff,
    Unauthorised,
)
from i18n import Translator
from web import language, looking
from web.rates import TooOften
from web.watching import route

log = logging.getLogger(__name__)
PROGRAMS = ("/api/", "/_dash", "/_reload", "/-/", "/healthz", "/readyz")
"""Addresses that begin so answer errors as JSON."""
BEARER = 'Bearer realm="board"'
ADVISED = (400, 401, 403, 404, 405, 409, 413, 415, 429, 503)
_STATUS: dict[type[BoardError], int] = {
    NotFound: 404,
    BadRequest: 400,
    SwitchedOff: 403,
    Forbidden: 403,
    Unauthorised: 401,
    ReadOnly: 405,
    TooOften: 429,
    Refused: 409,
    DataUnavailable: 503,
}


def install(server: Flask) -> None:
    """Register the handlers on `server`."""
    server.register_error_handler(BoardError, _board_error)
    server.register_error_handler(HTTPException, _http_error)
    server.register_error_handler(Exception, _unexpected)


def status_of(error: BoardError) -> int:
    """The HTTP status of one of our errors."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)


def _board_error(error: BoardError) -> Response:
    if isinstance(error, Forbidden):
        looking.refused(error.key)
    return _answer(status_of(error), error.key, error.params)


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    answer = _answer(code, f"error.http_{code}" if code in (400, 403, 404, 405, 413, 415) else "error.unexpected", {})
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on %s", route())
    return _answer(500, "error.unexpected", {})


def told(status: int, key: str, params: dict[str, object] | None = None, *, t: Translator | None = None) -> Response:
    """An error for programs, in the one shape (docs/api.md).

    Args:
        t: the words; None: those of whoever asks.
    """
    given, t = params or {}, t or language.translator()
    body = {
        "code": key.removeprefix("error."),
        "message": t(key, **given),
        "advice": t(f"advice.{status if status in ADVISED else 500}"),
        "parameter": _text(given.get("name")) if status == 400 else None,
        "value": _text(given.get("value")) if status == 400 else None,
        "request_id": g.get("request_id") or None,
    }
    return Response(orjson.dumps({"error": body}), status, _headers(status), mimetype="application/json")


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:60].encode("utf-8", "replace").decode()


def _headers(status: int) -> dict[str, str]:
    found = {"Cache-Control": "no-store"}
    if status == 429:
        found["Retry-After"] = "60"
    if status == 401 and request.path.startswith("/api/"):
        found["WWW-Authenticate"] = BEARER
    if status == 405:
        found["Allow"] = "GET, HEAD"
    return found


def _answer(status: int, key: str, params: dict[str, object]) -> Response:
    if request.path.startswith(PROGRAMS):
        return told(status, key, params)
    text = language.translator()(key, **params)
    page = notice.error_page(status, text, language.translator(), lang=language.html_lang(), theme=language.theme())
    return Response(page, status, _headers(status), mimetype="text/html")


def in_callback(error: Exception) -> Any:
    """Show the error as a notice; the last good picture stays (Dash `on_error`)."""
    if not isinstance(error, BoardError):
        log.error("unexpected error in a callback", exc_info=error)
        error = BoardError("error.unexpected")
    t = language.translator()
    dash.set_props(notice.ID, {"tree": notice.tree(error, t)})
    return dash.no_update
