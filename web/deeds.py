"""Hot-spot records for programs and forms: the few things a page may do are POST with a JSON body.

Everybody who may see a record's rows may write it; who that was is the account that signed in, on an open board the
name typed into the form. The check that the request comes from a page of this host is in `web.door`;
requiring JSON keeps plain forms of other sites out as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, request

from data_access.hotspots import change, open_record
from domain.access import Scope
from domain.errors import BadRequest, NotFound, Refused, SwitchedOff
from domain.hotspot_record import ACTIONS, Step
from services.hotspot import closing_check
from web import deed_forms as forms
from web import hotspot_answers, language
from web.answers import guarded
from web.api_deeds import DEEDS
from web.api_table import HEAD
from web.as_json import as_json
from web.context import context
from web.identity import author, demand
from web.map_answers import ground
from web.scope import current_scope

deeds = Blueprint("deeds", __name__)
MOST_BYTES = 64 * 1024


@deeds.post("/api/v1/hotspots")
def open_hotspot() -> Response:
    """Open a record; answers its identifier and address."""
    scope, body = _asked()
    opening = forms.opening(body)
    key = guarded(lambda: open_record(context().writer, opening, context().now(), scope))
    return _done(key, f"/hotspot/{quote(key, safe='')}", 201)


@deeds.post("/api/v1/hotspots/<hotspot_id>/<action>")
def act(hotspot_id: str, action: str) -> Response:
    """Do one step with a record."""
    if action not in ACTIONS:
        raise NotFound("error.page_unknown")
    scope, body = _asked()
    t = language.translator()
    step = forms.step(action, body, context().now(), lambda code: t(f"hotspot.control.{code}"))
    seen = forms.seen(body)
    guarded(lambda: _do(hotspot_id, step, seen, scope))
    return _done(hotspot_id, None, 200)


@deeds.get("/api/v1/hotspots")
def hotspots() -> Response:
    """The records (`HotspotsView`): ?status= &as_of=; without status those that are not ended."""
    view = hotspot_answers.hotspots(request.args.get("status", ""), request.args.get("as_of"))
    return as_json(
        {
            "as_of": view.board.as_of,
            "demo": view.board.demo,
            "counts": view.counts,
            "rule": view.rule,
            "lines": view.lines,
        }
    )


@deeds.get("/api/v1/hotspots/<hotspot_id>")
def hotspot(hotspot_id: str) -> Response:
    """One record (`HotspotView`): ?as_of=. `record.stamp` is what a change must send back as `seen`."""
    view = hotspot_answers.hotspot(hotspot_id, request.args.get("as_of"))
    shown = {name: getattr(view, name) for name in view.__dataclass_fields__ if name not in ("board", "units")}
    return as_json({"as_of": view.board.as_of, "demo": view.board.demo, **shown})


def _do(hotspot_id: str, step: Step, seen: str, scope: Scope) -> None:
    if step.action == "close":
        check, stamp = closing_check(ground(), scope, hotspot_id, step.at)
        if stamp != seen:
            raise Refused("hotspot.error.conflict")
        step = forms.with_check(step, check)
    change(context().writer, hotspot_id, step, seen, scope)


def _asked() -> tuple[Scope, Mapping[str, Any]]:
    """The viewer and the body of the request.

    Raises:
        NotFound: the viewer sees no rows. Forbidden: its role may not. SwitchedOff: this deployment does not write
        records. BadRequest: the body is no JSON object.
    """
    scope = current_scope()
    if not scope.sees_rows:
        raise NotFound("error.page_unknown")
    demand("hotspot")
    if not context().hotspot_editing:
        raise SwitchedOff("hotspot.error.off")
    return scope, signed(json_body())


def signed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with the account as its author, whatever was typed; on an open board as it came."""
    person = author("")
    return {**body, "actor": person[: forms.MOST["actor"]]} if person else body


def json_body() -> Mapping[str, Any]:
    """The body of the request.

    Raises:
        BadRequest: it is no JSON object, or has a field that the table of deeds does not name for this address.
    """
    if request.mimetype != "application/json" or (request.content_length or 0) > MOST_BYTES:
        raise BadRequest("hotspot.error.body")
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest("hotspot.error.body") from error
    if not isinstance(body, dict):
        raise BadRequest("hotspot.error.body")
    known = DEEDS[str(request.url_rule).removeprefix(HEAD)].names
    unknown = next((name for name in body if name not in known), None)
    if unknown is not None:
        raise BadRequest("hotspot.error.unknown_field", name=unknown[:40])
    return body


def _done(key: str, address: str | None, status: int) -> Response:
    return as_json({"ok": True, "id": key, "next": address}, status)
