"""For whoever watches the server: `/-/health`, `/-/ready`, `/-/metrics`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from data_access.state import feeds
from data_access.vitals import vitals
from domain.colour import FeedState
from domain.errors import NotFound
from i18n import translator
from services.board import feed_states
from services.readiness import DISPLAY_SEEN, Check, checks
from services.worker import HEARTBEAT
from web.as_json import as_json
from web.context import context
from web.metrics import EXTENSION as METRICS
from web.metrics import age

EXTENSION = "board-operations"
KEEP_SECONDS = 1.0
_PROBE = "probe"
operations = Blueprint("operations", __name__)


@dataclass(slots=True)
class Watched:
    """The settings of these addresses, and the last answer of `/-/ready`."""

    metrics_from: str
    worker_late: timedelta
    checked: tuple[Check, ...] = ()
    checked_at: float = field(default=float("-inf"))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def networks(self) -> list[IPv4Network | IPv6Network]:
        """The networks that may read the metrics."""
        return [ip_network(part.strip()) for part in self.metrics_from.split(",") if part.strip()]


def _watched() -> Watched:
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Watched)
    return found


@operations.get("/-/health")
def health() -> Response:
    """The process answers; nothing else is asked."""
    return as_json({"ok": True, "build": context().build})


@operations.get("/-/ready")
def ready() -> Response:
    """Whether this process can show a board that is up to date; 503 with reasons when it cannot.

    A shared cache that does not answer is told as a reason but is no 503: the board is slower without
    it, not wrong.
    """
    found, t = _checks(), translator(context().default_lang)
    well = all(check.ok or check.name == "cache" for check in found)
    said = {
        check.name: {"ok": check.ok, "state": check.state, **check.facts, "says": _says(t, check)} for check in found
    }
    reasons = [_says(t, check) for check in found if not check.ok]
    return as_json({"ok": well, "build": context().build, "reasons": reasons, "checks": said}, 200 if well else 503)


def _says(t: Any, check: Check) -> str:
    return str(t(f"ready.{check.name}.{check.state}", **check.facts))


def _checks() -> tuple[Check, ...]:
    """What was found at most a second ago, so that asking often costs the database nothing."""
    here, watched = context(), _watched()
    with watched.lock:
        if time.monotonic() - watched.checked_at >= KEEP_SECONDS:
            watched.checked = (*checks(here.engine, here.now(), worker_late=watched.worker_late), _cache())
            watched.checked_at = time.monotonic()
        return watched.checked


def _cache() -> Check:
    """Whether the cache takes and gives a value; any failure of it is an answer here, not an error."""
    cache = context().cache
    shared = (cache.config or {}).get("CACHE_TYPE") == "RedisCache"
    try:
        cache.set(_PROBE, "1", timeout=60)
        well = cache.get(_PROBE) == "1"
    except Exception:
        well = False
    return Check("cache", well, ("shared" if shared else "own") if well else "silent", {})


@operations.get("/-/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, for the networks of BOARD_METRICS_FROM only."""
    if not _may_read():
        abort(403)
    text = current_app.extensions[METRICS].text(_momentary())
    return Response(
        text, content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _may_read() -> bool:
    """Every address the request came by, the visitor's that a proxy names included, is in an allowed network."""
    chain = [request.remote_addr or "", *request.headers.get("X-Forwarded-For", "").split(",")]
    chain += [request.headers.get("X-Real-IP", "")]
    named = [part.strip() for part in chain if part.strip()]
    networks = _watched().networks()
    return bool(named) and "Forwarded" not in request.headers and all(_within(one, networks) for one in named)


def _within(text: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _momentary() -> Iterator[tuple[str, str, dict[str, str], float]]:
    """What the database says at this moment."""
    here = context()
    yield "board_info", "Program files this process runs", {"build": here.build}, 1
    try:
        with here.engine.connect() as connection:
            now = here.now()
            found = vitals(connection, now, heartbeat=HEARTBEAT, seen_within=DISPLAY_SEEN)
            rows = feeds(connection)
    except SQLAlchemyError:
        yield "board_database_up", "Whether the database answers", {}, 0
        return
    yield "board_database_up", "Whether the database answers", {}, 1
    yield "board_data_version", "Rises with every change of data", {}, found.version
    yield "board_data_age_seconds", "Since data last changed; -1: never", {}, age(found.changed_at, now)
    yield "board_worker_age_seconds", "Since the worker's last round; -1: never", {}, age(found.beat_at, now)
    yield "board_displays", "Displays in use", {}, found.displays
    yield "board_displays_seen", "Displays that asked in the last ten minutes", {}, found.displays_seen
    for code, feed in feed_states(rows, here.catalogue.active, now).items():
        late = 1 if feed.state is FeedState.LATE else 0
        yield "board_feed_late", "Whether a source is late", {"feed": code}, late
    for row in rows:
        newest = max((at for at in (row.last_row_at, row.complete_to) if at), default=None)
        yield (
            "board_feed_age_seconds",
            "Since a source's last sign of life; -1: none",
            {"feed": row.code},
            age(newest, now),
        )


@operations.get("/-/<path:_any>")
def unknown(_any: str) -> Response:
    """Anything else below this address does not exist; Dash would answer it with a page."""
    raise NotFound("error.page_unknown")
