"""What a wall display's browser and its kiosk script ask besides the picture, and how a refused token is told."""

from __future__ import annotations

from flask import Blueprint, Response, request

from domain.display import LANGS
from domain.errors import DataUnavailable, TokenRefused
from i18n import translator
from web import language
from web.as_json import as_json
from web.context import context
from web.displays import asking, register
from web.problems import told

displays_api = Blueprint("displays_api", __name__)


@displays_api.get("/api/wall/seen")
def seen() -> Response:
    """Seconds since the display of this token last asked for its picture, or null where nobody knows.

    For the script that starts the browser: a page that no longer asks although the server answers is started
    anew. While the database is gone nobody can say, so the answer is 503.
    """
    row = asking()
    here = register()
    if row is not None and not here.held.healthy():
        raise DataUnavailable("error.database")
    seconds = None if row is None else here.seconds_since(row)
    return as_json({"seconds": seconds, "poll": context().poll_seconds}, 200)


@displays_api.app_errorhandler(TokenRefused)
def refused(error: TokenRefused) -> Response:
    """401 in the one shape of errors, in the display's language where that is known."""
    asked = request.args.get("lang", "")
    lang = error.lang or (asked if asked in LANGS else language.current())
    answer = told(401, error.key, t=translator(lang))
    answer.headers["WWW-Authenticate"] = 'Bearer realm="wall"'
    return answer
