"""GET /wall: the document of a wall display. The same for everybody; it asks no database.

A display's token stands behind the `#` of the address: browsers do not send that part.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from components.wall_document import wall_document
from i18n import translator
from web import language
from web.context import context

wall_page = Blueprint("wall_page", __name__)


@wall_page.get("/wall")
def wall() -> Response:
    """The wall; `?lang=` chooses the language of what is said before the first picture."""
    asked = request.args.get("lang", "")
    lang = asked if asked in language.LANGS else context().default_lang
    page = wall_document(translator(lang), build=context().build)
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-cache"})
