"""The door to alerts for pages: current viewer in, view-model out.

What is open and acknowledged is asked anew for every answer, so that whoever acknowledged sees it at once; the
board behind it is kept as long as other answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from data_access.engine import reading
from domain.access import Scope
from domain.alert_views import AlertsView
from domain.alerts import AlertKind
from domain.board import Board
from domain.errors import BadRequest, NotFound
from services import alerts as service
from web import answers
from web.cached import once
from web.context import context
from web.identity import viewer
from web.moment import asked as instant
from web.scope import current_scope


def alerts(args: Mapping[str, str], as_of_text: str | None = None) -> AlertsView:
    """The page: `kind` ("red", "major") and `station` narrow it.

    Raises:
        BadRequest: an unknown kind. NotFound: a station out of scope.
    """
    kind, station = str(args.get("kind") or ""), str(args.get("station") or "")
    if kind not in ("", *AlertKind):
        raise BadRequest("error.bad_filter", name="kind", value=kind[:40])
    past = instant(as_of_text)
    board = answers.board(as_of_text).board
    if station and all(line.unit.code != station for line in board.lines):
        raise NotFound("error.station_unknown", code=station[:20])
    return answers.guarded(lambda: _view(board, past, (kind, station)))


def _view(board: Board, past: datetime | None, asked: tuple[str, str]) -> AlertsView:
    here, scope = context(), current_scope()
    when = past or here.now()
    editable = past is None and here.alert_editing and scope.sees_rows and viewer().may("acknowledge")
    with reading(here.engine) as connection:
        return service.alerts_view(connection, board, here.alert_rules, scope, service.Asked(when, *asked, editable))


def waiting() -> int:
    """How many open alerts of the current viewer nobody has acknowledged; kept until data or the tick change."""
    scope = current_scope()
    return answers.guarded(lambda: once("alerts.waiting", scope, None, lambda: _count(scope)))


def waiting_now() -> int:
    """As `waiting`, counted anew: for whoever has just acknowledged one."""
    return answers.guarded(lambda: _count(current_scope()))


def _count(scope: Scope) -> int:
    with reading(context().engine) as connection:
        return service.waiting(connection, scope)
