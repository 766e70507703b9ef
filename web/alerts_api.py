"""Alerts for programs and forms: the list, and the one thing that may be done, acknowledging (POST, JSON body).

Everybody who may see rows may acknowledge; who that was is the account, on an open board the name typed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from domain.alerts import LONGEST_NAME, LONGEST_NOTE
from domain.errors import BadRequest, NotFound, SwitchedOff
from services.alerts import acknowledge as write
from web import alerts_answers
from web.answers import guarded
from web.as_json import as_json
from web.context import context
from web.deed_forms import clean
from web.deeds import json_body, signed
from web.identity import demand
from web.scope import current_scope

alerts_api = Blueprint("alerts_api", __name__)
MOST = {"actor": LONGEST_NAME, "note": LONGEST_NOTE}


@alerts_api.get("/api/v1/alerts")
def alerts() -> Response:
    """Open alerts and those that ended in the last days (`AlertsView`): ?kind= &station= &as_of=."""
    view = alerts_answers.alerts(request.args, request.args.get("as_of"))
    return as_json(
        {
            "as_of": view.at,
            "demo": view.board.demo,
            "waiting": view.waiting,
            "acked": view.acked,
            "worker_at": view.worker_at,
            "worker_late": view.worker_late,
            "cells": [{"station": at[0], "task": at[1], "cell": cell} for at, cell in sorted(view.cells.items())],
            "open": view.lines,
            "ended": view.past,
        }
    )


@alerts_api.post("/api/v1/alerts/<alert_id>/acknowledge")
def acknowledge(alert_id: str) -> Response:
    """Acknowledge an alert: `actor` (who) and `note` (what is being done); `waiting`: how many still wait."""
    scope = current_scope()
    if not scope.sees_rows:
        raise NotFound("error.page_unknown")
    demand("acknowledge")
    if not context().alert_editing:
        raise SwitchedOff("alert.error.off")
    body = signed(json_body())
    told = _text(body, "actor"), _text(body, "note")
    guarded(lambda: write(context().writer, scope, alert_id, told, context().now()))
    return as_json({"ok": True, "id": alert_id, "next": None, "waiting": alerts_answers.waiting_now()})


def _text(body: Mapping[str, Any], name: str) -> str:
    found = clean(body.get(name), MOST[name])
    if found is None:
        raise BadRequest(f"alert.bad.{name}")
    return found
