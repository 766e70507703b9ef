"""The door to hot-spot records for pages: current viewer in, view-model out.

Whether a record was written is asked anew for every answer, so that whoever wrote it sees it at once; what is
counted and compared is kept as long as other answers.
"""

from __future__ import annotations

from datetime import datetime

from domain.hotspot_views import HotspotsView, HotspotView, NewHotspotView
from services.ground import ready
from services.hotspot import hotspot_stamp, hotspot_view, hotspots_view, new_view, spans_needed
from web.answers import guarded
from web.cached import once
from web.context import context
from web.map_answers import ground
from web.moment import asked
from web.scope import current_scope

PATIENCE = 0.35
"""Seconds a page waits for incidents that are not in memory yet before it says how far it is."""


def share_ready(as_of_text: str | None, hotspot_id: str = "") -> float:
    """How much of what the page needs is in memory, 0..1, after waiting a moment for it."""
    as_of, _ = _instant(as_of_text)
    scope = current_scope()

    def make() -> float:
        return ready(ground(), scope, spans_needed(ground(), scope, as_of, hotspot_id), PATIENCE)

    return guarded(make)


def hotspots(status: str = "", as_of_text: str | None = None) -> HotspotsView:
    """The list; `status` "" for all that are not ended, "all", or one status."""
    as_of, live = _instant(as_of_text)
    return guarded(lambda: hotspots_view(ground(), current_scope(), as_of, status, editable=live))


def hotspot(hotspot_id: str, as_of_text: str | None = None) -> HotspotView:
    """One record. A past instant shows the record as it is with the incidents up to then."""
    past, scope = asked(as_of_text), current_scope()
    as_of, live = _instant(as_of_text)

    def make() -> HotspotView:
        return hotspot_view(ground(), scope, hotspot_id, as_of, editable=live)

    def kept() -> HotspotView:
        written = hotspot_stamp(ground(), scope, hotspot_id)
        return once("hotspot", scope, past, make, extra=(hotspot_id, live, *written))

    return guarded(kept)


def new_hotspot(as_of_text: str | None = None) -> NewHotspotView:
    """The form for a new record."""
    as_of, live = _instant(as_of_text)
    return guarded(lambda: new_view(ground(), current_scope(), as_of, editable=live))


def _instant(text: str | None) -> tuple[datetime, bool]:
    """The instant asked for, and whether records may be written from its page: only now, and if switched on."""
    past = asked(text)
    return past or context().now(), past is None and context().hotspot_editing
