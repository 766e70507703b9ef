"""Showing names: a deliberate act with a reason; every look that follows is noted too (`web.looking`)."""

from __future__ import annotations

from flask import Blueprint, Response

from domain.errors import BadRequest, Forbidden
from services import accounts
from web.answers import guarded
from web.as_json import as_json
from web.context import context
from web.deed_forms import clean
from web.deeds import json_body
from web.identity import viewer

unmasking = Blueprint("unmasking", __name__)
MOST_REASON, MOST_SUBJECT = 300, 300


@unmasking.post("/api/v1/unmask")
def show() -> Response:
    """Show names for a while: `reason`, `subject` (the address that is looked at). `hide`: "yes" ends it."""
    here, who, body = context(), viewer(), json_body()
    if who.account is None or who.session is None or not who.scope.may_unmask:
        raise Forbidden("access.refused.unmask")
    account, session, rules, now = who.account, who.session, here.access.sign_in, here.now()
    if body.get("hide") == "yes":
        guarded(lambda: accounts.mask(here.writer, session, now=now))
        return as_json({"ok": True, "id": None, "next": None})
    reason = clean(body.get("reason"), MOST_REASON)
    subject = clean(body.get("subject"), MOST_SUBJECT)
    if reason is None or not subject or not subject.startswith("/"):
        raise BadRequest("access.refused.reason")
    until = guarded(
        lambda: accounts.unmask(here.writer, session, account, (subject, reason), rules, now=now)
    )  # fmt: skip
    return as_json({"ok": True, "id": until, "next": None})
