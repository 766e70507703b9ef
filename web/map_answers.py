"""The door to places and times: an address in, a view-model of the map pages out, for the current viewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from data_access.engine import reading
from data_access.readers import incidents as reader
from domain.asked import asked as asked_of
from domain.board import Board
from domain.errors import BadRequest
from domain.heat import Asked, HeatView, Options
from domain.hot import SpotsView
from domain.incident_filter import PARAMS, circle
from domain.incident_views import PointsView, RowsView, Shape
from domain.periods import LAST_SECOND
from domain.when import curve_span
from services.board import standing as standing_on
from services.ground import Ground, ready
from services.heat import heat_view
from services.hexes import cell_of
from services.incident_rows import points_view, rows_view
from services.spots import spots_view
from web import answers
from web.cached import recent
from web.context import context
from web.looking import looked
from web.moment import asked as instant
from web.scope import current_scope

T = TypeVar("T")
KNOWN = (*PARAMS, "preset", "from", "to", "base", "base_from", "base_to", "layer", "side", "per", "unit", "ring", "hex")
"""Parameters that an answer depends on; others do not make it another answer."""
PATIENCE = 0.35
"""Seconds a page waits for incidents that are not in memory yet before it says how far it is."""
Args = Mapping[str, str]


def ground() -> Ground:
    """The rules and the database of this process."""
    here = context()
    return Ground(here.engine, here.catalogue, here.map_rules, here.calendar)


def question(args: Args) -> Asked:
    """What an address asks, at the instant it asks for.

    Raises:
        BadRequest: a parameter that makes no sense.
    """
    return asked_of(_placed(args), _until(args))


def share_ready(args: Args) -> float:
    """How much of what the question needs is in memory, 0..1, after waiting a moment for it."""
    wanted = question(args)
    spans = [span for span in (wanted.span, wanted.base, curve_span(wanted.span.end)) if span]
    return answers.guarded(lambda: ready(ground(), current_scope(), spans, PATIENCE))


def standing(args: Args) -> Board:
    """As of when, with which data: a board without lines."""

    def make() -> Board:
        with reading(context().engine) as connection:
            return standing_on(connection, context().catalogue, _now(args))

    return answers.guarded(make)


def heat(args: Args) -> HeatView:
    """The map page."""
    return _kept("heat", args, lambda scope, now: heat_view(ground(), scope, question(args), now))


def spots(args: Args) -> SpotsView:
    """Hot spots and last period's hit rate."""
    return _kept("spots", args, lambda scope, now: spots_view(ground(), scope, question(args), now))


def rows(args: Args, size: int = 50) -> RowsView:
    """One page of incidents: `page` of the address says which; with `of=base` those of the second period."""
    page = answers.whole(args["page"]) if args.get("page") else 1
    now, said = _now(args), question(args)
    wanted = replace(said, span=said.base) if args.get("of") == "base" and said.base else said
    view = answers.guarded(lambda: rows_view(ground(), current_scope(), wanted, now, page=page, size=size))
    looked(f"/incidents?{urlencode({name: args[name] for name in sorted(args) if name in KNOWN})}", len(view.rows))
    return replace(view, asked=said)


def options() -> Options:
    """What the filter offers, and the units the viewer may see."""

    def make() -> Options:
        with reading(context().engine) as connection:
            return reader.options(connection, current_scope())

    return answers.guarded(make)


def points(args: Args) -> PointsView:
    """Single incidents inside `bbox` of the address; of the second period with `of=base`."""
    wanted = question(args)
    span = wanted.base if args.get("of") == "base" and wanted.base else wanted.span
    box = _box(args.get("bbox", ""))
    return answers.guarded(lambda: points_view(ground(), current_scope(), span, wanted.filter, box))


def shapes(kind: str) -> tuple[Shape, ...]:
    """Boundaries of a kind, or the background."""

    def make() -> tuple[Shape, ...]:
        with reading(context().engine) as connection:
            return reader.shapes(connection, kind, current_scope())

    return answers.guarded(make)


def _kept(name: str, args: Args, make: Callable[[Any, datetime], T]) -> T:
    scope, now = current_scope(), _now(args)
    key = tuple((one, args[one]) for one in KNOWN if args.get(one))
    past = instant(args.get("as_of"))
    return answers.guarded(lambda: recent(name, scope, past, lambda: make(scope, now), extra=key))


def _now(args: Args) -> datetime:
    return instant(args.get("as_of")) or context().now()


def _until(args: Args) -> datetime:
    """Where spans end: now, or midnight after a day asked for as a whole."""
    now = _now(args)
    return now + timedelta(seconds=1) if now.time() == LAST_SECOND else now


def _placed(args: Args) -> Args:
    """`hex=lng,lat,resolution` as the cell it means; the browser knows hexagons by their centres only."""
    text = str(args.get("hex") or "")
    if not text:
        return args
    lng_lat, _, level = text.rpartition(",")
    if level not in ("5", "6", "7", "8", "9"):
        raise BadRequest("error.bad_filter", name="hex", value=text[:60])
    place = circle("hex", f"{lng_lat},1")
    cell = cell_of(place.lng, place.lat, int(level))
    return {**args, "cell": f"{cell:x}"}


def _box(text: str) -> tuple[float, float, float, float]:
    corners = text.split(",")
    if len(corners) != 4:
        raise BadRequest("error.bad_filter", name="bbox", value=text[:60])
    first = circle("bbox", f"{corners[0]},{corners[1]},1")
    last = circle("bbox", f"{corners[2]},{corners[3]},1")
    return first.lng, first.lat, last.lng, last.lat
