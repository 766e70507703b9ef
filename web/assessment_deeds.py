"""What a page of the assessment may do: lock, write and withdraw points, appeal, reply, change a fusion mode.

POST with a JSON body, as for hot-spot records (`web.deeds`): from a page of this host only, signed by the account or,
on an open board, by the name typed into the form. `confirm` must be "yes" where something cannot be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from data_access.assessments import withdraw_adjustment
from domain.access import Scope
from domain.assessment_records import NewAdjustment, NewAppeal
from domain.errors import BadRequest, NotFound, Refused, SwitchedOff
from domain.month import read_month
from services import assessment_deeds as deeds
from services.assessment_office import outlook
from services.fusion import set_mode
from web.answers import guarded
from web.as_json import as_json
from web.assessment_answers import desk
from web.context import context
from web.deed_forms import clean
from web.deeds import json_body, signed
from web.identity import demand
from web.scope import current_scope

assessment_deeds = Blueprint("assessment_deeds", __name__)
MOST = {"actor": 60, "matter": 200, "document": 200, "reason": 1000, "note": 1000, "text": 1000, "points": 12}
_LINES = ("reason", "note", "text")
Body = Mapping[str, Any]


@assessment_deeds.post("/api/v1/assessment/<period>/lock")
def lock(period: str) -> Response:
    """Lock a month, or correct it: `actor`, `note`, `seen` (the newest version that was looked at), `confirm`."""
    month = read_month(period)
    body = _asked("lock")[1]
    _confirmed(body)
    at, by, note = context().now(), _text(body, "actor"), _text(body, "note")

    def do() -> int:
        if outlook(desk(), month, at, editing=True).seen != _whole(body, "seen"):
            raise Refused("assessment.refused.meanwhile", period=month.period)
        return deeds.lock_month(desk(), context().writer, month, by, at=at, note=note).head.version

    return _done(guarded(do))


@assessment_deeds.post("/api/v1/assessment/<period>/adjustments")
def adjust(period: str) -> Response:
    """Write a line of points: `station`, `points`, `matter`, `document`, `actor`; `correct` for a locked month."""
    scope, body = _asked("adjust")
    new = NewAdjustment(
        period=read_month(period).period,
        station=_text(body, "station"),
        points=_number(body, "points"),
        matter=_text(body, "matter"),
        document=_text(body, "document"),
        author=_text(body, "actor"),
    )
    correcting = _text(body, "correct") == "yes"
    key = guarded(lambda: deeds.adjust(desk(), context().writer, new, _now(), scope=scope, correcting=correcting))
    return _done(key)


@assessment_deeds.post("/api/v1/assessment/adjustments/<key>/withdraw")
def withdraw(key: str) -> Response:
    """Let a line count no more: `reason`, `actor`; `correct` for a locked month."""
    scope, body = _asked("adjust")
    by, reason, correcting = _text(body, "actor"), _text(body, "reason"), _text(body, "correct") == "yes"
    guarded(
        lambda: withdraw_adjustment(context().writer, key, by, reason, at=_now(), scope=scope, correcting=correcting)
    )
    return _done(key)


@assessment_deeds.post("/api/v1/assessment/<period>/appeals")
def appeal(period: str) -> Response:
    """File an appeal: `station`, `indicator` ("" for the whole), `of` (version), `text`, `actor`."""
    scope, body = _asked("appeal")
    new = NewAppeal(
        period=read_month(period).period,
        version=_whole(body, "of"),
        station=_text(body, "station"),
        indicator=_text(body, "indicator"),
        body=_text(body, "text"),
        author=_text(body, "actor"),
    )
    return _done(guarded(lambda: deeds.appeal(desk(), context().writer, new, _now(), scope)))


@assessment_deeds.post("/api/v1/assessment/appeals/<key>/reply")
def reply(key: str) -> Response:
    """Answer an appeal: `text`, `actor`."""
    scope, body = _asked("reply")
    text, by = _text(body, "text"), _text(body, "actor")
    guarded(lambda: deeds.reply(context().writer, key, text, by, at=_now(), scope=scope))
    return _done(key)


@assessment_deeds.post("/api/v1/assessment/modes/<code>")
def change_mode(code: str) -> Response:
    """Give a station another fusion mode: `mode`, `reason`, `actor`, `confirm`."""
    scope, body = _asked("mode")
    _confirmed(body)
    mode, by, reason = _text(body, "mode"), _text(body, "actor"), _text(body, "reason")
    guarded(lambda: set_mode(context().writer, code, mode, by=by, reason=reason, at=_now(), scope=scope))
    return _done(code)


# bodies ----------------------------------------------------------------------------------------


def _asked(deed: str) -> tuple[Scope, Body]:
    """The viewer and the body of the request, for a deed of `domain.access.DEEDS`.

    Raises:
        NotFound: the viewer sees no rows. Forbidden: its role may not. SwitchedOff: this deployment does not write
        here. BadRequest: as `json_body`.
    """
    scope = current_scope()
    if not scope.sees_rows:
        raise NotFound("error.page_unknown")
    demand(deed)
    if not context().assessment_editing:
        raise SwitchedOff("assessmentview.error.off")
    return scope, signed(json_body())


def _text(body: Body, name: str) -> str:
    found = clean(body.get(name), MOST.get(name, 64), lines=name in _LINES)
    if found is None:
        raise BadRequest(f"assessmentview.bad.{name}")
    return found


def _number(body: Body, name: str) -> float:
    """Points to a tenth or a hundredth, as a number or as its text."""
    value = body.get(name)
    text = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else _text(body, name)
    try:
        found = float(text)
    except ValueError as error:
        raise BadRequest("assessmentview.bad.points") from error
    if not abs(found) < 100:
        raise BadRequest("assessmentview.bad.points")
    return round(found, 2)


def _whole(body: Body, name: str) -> int:
    text = _text(body, name) or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise BadRequest(f"assessmentview.bad.{name}")
    return int(text)


def _confirmed(body: Body) -> None:
    if _text(body, "confirm") != "yes":
        raise Refused("assessmentview.error.confirm")


def _now() -> datetime:
    return context().now()


def _done(key: object) -> Response:
    return as_json({"ok": True, "id": key, "next": None})
