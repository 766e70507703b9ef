"""JSON: the poll that every open screen uses, the same answers as the screens, and health."""

from __future__ import annotations

from contextlib import suppress

import orjson
from flask import Blueprint, Response, request

from domain.errors import DataUnavailable, NotFound
from web import alerts_answers, answers
from web.as_json import as_json
from web.cached import kept_bytes, token
from web.context import context
from web.moment import asked

api = Blueprint("api", __name__)


@api.get("/api/poll")
def poll() -> Response:
    """Whether anything changed: a few bytes, 304 when nothing did, no query per viewer.

    `a`: alerts that nobody has acknowledged; left out where they cannot be counted.
    """
    here = context()
    version = token()
    etag = f'"{version}.{here.build}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304, headers=headers)
    body = {"v": version, "b": here.build, "t": here.now().isoformat(), "s": here.poll_seconds}
    with suppress(DataUnavailable):  # a screen must hear of news even when nobody can count
        body["a"] = alerts_answers.waiting()
    return Response(orjson.dumps(body), mimetype="application/json", headers=headers)


@api.get("/api/v1/board")
def board() -> Response:
    """The whole board (`BoardView`)."""
    as_of = request.args.get("as_of")
    return as_json(kept_bytes("board_json", asked(as_of), lambda: orjson.dumps(answers.board(as_of))))


@api.get("/api/v1/stations/<code>")
def station(code: str) -> Response:
    """One station (`StationView` without the other stations' lines)."""
    view = answers.station(code, request.args.get("as_of"))
    shown = {name: getattr(view, name) for name in view.__dataclass_fields__ if name != "board"}
    return as_json(
        {"as_of": view.board.as_of, "demo": view.board.demo, **shown, "own_targets": sorted(view.own_targets)}
    )


@api.get("/api/v1/stations/<code>/tasks/<task>")
def cell(code: str, task: str) -> Response:
    """One cell with a page of its rows (`CellView`): ?part= &page= &size= &sort= &as_of=."""
    view = answers.cell(code, task, request.args.get("as_of"), **answers.wanted_rows(request.args))
    shown = {name: getattr(view, name) for name in view.__dataclass_fields__ if name != "board"}
    return as_json({"as_of": view.board.as_of, "demo": view.board.demo, **shown})


@api.get("/api/v1/tasks/<code>")
def task(code: str) -> Response:
    """One task over all stations (`TaskView`)."""
    view = answers.task(code, request.args.get("as_of"))
    return as_json({"as_of": view.board.as_of, "demo": view.board.demo, "task": view.task, "lines": view.lines})


@api.get("/api/v1/themes/<code>")
def theme(code: str) -> Response:
    """One theme over all stations (`ThemeView`)."""
    view = answers.theme(code, request.args.get("as_of"))
    return as_json({"as_of": view.board.as_of, "demo": view.board.demo, "theme": view.theme, "lines": view.lines})


@api.get("/api/v1/feeds")
def feeds() -> Response:
    """The sources and how they stand."""
    view = answers.board(request.args.get("as_of"))
    return as_json({"as_of": view.board.as_of, "demo": view.board.demo, "feeds": view.board.feeds})


@api.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return as_json({"ok": True, "build": context().build})


@api.get("/readyz")
def readyz() -> Response:
    """The process answers and so does its database; 503 otherwise."""
    try:
        return as_json({"ok": True, "version": token()})
    except DataUnavailable:
        return as_json({"ok": False}, 503)


@api.get("/api/<path:_any>")
@api.get("/download/<path:_any>")
def unknown(_any: str) -> Response:
    """Anything else below these addresses does not exist; Dash would answer it with a page."""
    raise NotFound("error.page_unknown")
