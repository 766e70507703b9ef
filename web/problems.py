"""Errors in one shape: JSON for programs, a translated sentence for people, a notice for callbacks."""

from __future__ import annotations

import logging
from typing import Any

import dash
import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from components import notice
from domain.errors import BadRequest, BoardError, DataUnavailable, Forbidden, NotFound, Refused, SwitchedOff
from web import language, looking
from web.rates import TooOften
from web.watching import route

log = logging.getLogger(__name__)
_STATUS: dict[type[BoardError], int] = {
    NotFound: 404,
    BadRequest: 400,
    SwitchedOff: 403,
    Forbidden: 403,
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
    answer = _answer(status_of(error), error.key, error.params)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = "60"
    return answer


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    return _answer(code, f"error.http_{code}" if code in (400, 403, 404, 405, 413, 415) else "error.unexpected", {})


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on %s", route())
    return _answer(500, "error.unexpected", {})


def told(status: int, key: str) -> Response:
    """An error for programs, in the one shape, in the browser's language."""
    body = orjson.dumps({"error": {"code": key.removeprefix("error."), "message": language.translator()(key)}})
    return Response(body, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _answer(status: int, key: str, params: dict[str, object]) -> Response:
    text = language.translator()(key, **params)
    if request.path.startswith(("/api/", "/_dash", "/-/", "/healthz", "/readyz")):
        body = orjson.dumps({"error": {"code": key.removeprefix("error."), "message": text}})
        return Response(body, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})
    page = notice.error_page(status, text, language.translator(), lang=language.html_lang(), theme=language.theme())
    return Response(page, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def in_callback(error: Exception) -> Any:
    """Show the error as a notice; the last good picture stays (Dash `on_error`)."""
    if not isinstance(error, BoardError):
        log.error("unexpected error in a callback", exc_info=error)
        error = BoardError("error.unexpected")
    t = language.translator()
    dash.set_props(notice.ID, {"tree": notice.tree(error, t)})
    return dash.no_update
