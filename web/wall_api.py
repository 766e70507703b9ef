"""What a wall display asks: its picture, and the outlines below its map."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, request

from web.context import context
from web.displays import current_display
from web.wall_answers import Body, ground_of, picture_of

wall_api = Blueprint("wall_api", __name__)
NOW = "X-Board-Now"
"""The server's wall time, with every answer: a display never trusts its own clock."""
NAME = "X-Board-Display"
"""The display's own name, percent-encoded: pictures are shared by all displays of a kind and hold none."""


@wall_api.get("/api/wall/picture")
def picture() -> Response:
    """Everything the display shows; 304 when nothing changed. `Authorization: Bearer <token>`."""
    display = current_display()
    answer = picture_of(display)
    headers = {"ETag": answer.etag, "Cache-Control": "no-cache", NAME: quote(display.name)}
    headers[NOW] = context().now().isoformat(timespec="seconds")
    if request.headers.get("If-None-Match") == answer.etag:
        return Response(status=304, headers=headers)
    return _sent(answer.body, headers)


@wall_api.get("/api/wall/ground")
def ground() -> Response:
    """Outlines for the map. `?d=` as the picture names them: those never change."""
    asked = request.args.get("d", "")[:40]
    found, is_it = ground_of(current_display(), asked)
    lasting = "private, max-age=31536000, immutable" if is_it else "no-store"
    return _sent(found, {"Cache-Control": lasting, "Vary": "Authorization"})


def _sent(body: Body, headers: dict[str, str]) -> Response:
    """In the best coding that the browser takes; the bytes are kept."""
    coding = request.accept_encodings.best_match(["br", "gzip"], "")
    response = Response(body.coded(coding), mimetype="application/json", headers=headers)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    return response
