"""The door to the audit log for its page and its file: an address in, a view-model out, for the auditor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, request

from data_access.readers.audit import AuditQuery
from domain.audit import AuditView
from domain.errors import BadRequest
from exports.audit_table import audit_csv
from services.audit import audit_view
from web import answers, language
from web.context import context
from web.deed_forms import clean
from web.downloads import as_file
from web.scope import current_scope

audit_log = Blueprint("audit_log", __name__)
PAGE_SIZE, MOST_ROWS = 100, 100_000


def view(args: Mapping[str, str], *, size: int = PAGE_SIZE) -> AuditView:
    """One page of the log: `actor`, `action`, `subject`, `from`, `to`, `page` of the address.

    Raises:
        NotFound: the viewer is not the auditor. BadRequest: a field makes no sense.
    """
    here, scope, asked = context(), current_scope(), question(args, size)
    return answers.guarded(lambda: audit_view(here.engine, here.catalogue, scope, asked, here.now()))


def question(args: Mapping[str, str], size: int) -> AuditQuery:
    """What is searched for.

    Raises:
        BadRequest: a field makes no sense.
    """
    page = answers.whole(str(args["page"])) if args.get("page") else 1
    return AuditQuery(
        actor=_text(args, "actor"),
        action=_text(args, "action"),
        subject=_text(args, "subject"),
        first=_day(args, "from"),
        last=_day(args, "to"),
        page=min(max(1, page), 100_000),
        size=size,
    )


@audit_log.get("/download/audit.csv")
def table() -> Response:
    """What was searched for as a text table, the newest 100 000 entries."""
    found, t = view({**request.args, "page": "1"}, size=MOST_ROWS), language.translator()
    return as_file(audit_csv(found, t), f"{t('audit.title')}-{found.board.as_of:%Y%m%d%H%M}.csv", "csv")


def _text(args: Mapping[str, str], name: str) -> str:
    found = clean(str(args.get(name) or ""), 200)
    if found is None:
        raise BadRequest("error.bad_filter", name=name, value=str(args.get(name))[:40])
    return found


def _day(args: Mapping[str, str], name: str) -> date | None:
    text = str(args.get(name) or "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest("error.bad_day", value=text[:40]) from error
