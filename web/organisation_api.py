"""What an administrator may do with stations and districts: POST with a JSON body, as in `web.administration_api`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from data_access import organisation as store
from data_access.organisation import Order
from domain.assessment_rules import MODES
from domain.compare_asked import REGIONS
from domain.errors import BadRequest
from services.fusion import set_mode
from web import administration as door
from web.answers import guarded
from web.as_json import as_json
from web.context import context

organisation = Blueprint("organisation", __name__)
Body = Mapping[str, Any]
PAGE = "/admin/stations"
"""Where a changed row is closed; after a new one the page that is open is asked again."""
NAMES = ("name", "short_name", "name_en")
FIGURES: dict[str, tuple[float, float, int]] = {
    "residents_10k": (0, 100_000, door.DECIMALS),
    "area_km2": (0, 1_000_000, door.DECIMALS),
    "officers": (0, 100_000, 0),
    "sort_no": (0, 9_999, 0),
    "lng": (-180, 180, 15),
    "lat": (-90, 90, 15),
}
"""Least, most and digits behind the point."""


@organisation.post("/api/v1/admin/stations")
def add_station() -> Response:
    """Make a station: `code`, `name`, `district` and what else is known of it; `mode`, `reason`."""
    scope, body, by = door.asked()
    values = _values({"name": "", "district": "", **body})
    if "mode" in body:
        values["fusion_mode"] = door.choice(body, "mode", ("", *MODES))
    code, order = door.text(body, "code"), _order(body, by)
    guarded(lambda: store.add_station(context().writer, code, values, order, scope))
    return _done()


@organisation.post("/api/v1/admin/stations/<code>")
def change_station(code: str) -> Response:
    """Change what is kept of a station: names, district, kind of region, order, figures, place, active; `reason`."""
    scope, body, by = door.asked()
    values, order = _values(body), _order(body, by)
    guarded(lambda: store.change_station(context().writer, code, values, order, scope))
    return _done(PAGE)


@organisation.post("/api/v1/admin/stations/<code>/mode")
def change_mode(code: str) -> Response:
    """Give a station another fusion mode: `mode`, `reason`."""
    scope, body, by = door.asked()
    mode, why, here = door.text(body, "mode"), door.reason(body), context()
    guarded(lambda: set_mode(here.writer, code, mode, by=by, reason=why, at=here.now(), scope=scope))
    return _done(PAGE)


@organisation.post("/api/v1/admin/districts")
def add_district() -> Response:
    """Make a district: `code`, `name`, `name_en`, `sort_no`, figures; `reason`."""
    scope, body, by = door.asked()
    values = _values({"name": "", **body})
    code, order = door.text(body, "code"), _order(body, by)
    guarded(lambda: store.add_district(context().writer, code, values, order, scope))
    return _done()


@organisation.post("/api/v1/admin/districts/<code>")
def change_district(code: str) -> Response:
    """Change names, order and figures of a district, close it or open it again; `reason`."""
    scope, body, by = door.asked()
    values, order = _values(body), _order(body, by)
    guarded(lambda: store.change_district(context().writer, code, values, order, scope))
    return _done(PAGE)


def _order(body: Body, by: str) -> Order:
    return Order(by, door.reason(body), context().now(), door.text(body, "seen"))


def _values(body: Body) -> dict[str, Any]:
    """What a body says of a station or district, each field checked by itself; one that is missing is not written.

    Which fields there may be is decided by `web.api_deeds`.

    Raises:
        BadRequest: names field and value.
    """
    found: dict[str, Any] = {name: door.text(body, name, 60) for name in (*NAMES, "district") if name in body}
    if not found.get("name", "x"):
        raise BadRequest("admin.bad.name", value="")
    if "region_type" in body:
        found["region_type"] = door.choice(body, "region_type", ("", *REGIONS))
    for name in FIGURES:
        if name in body:
            found[name] = _figure(name, door.text(body, name))
    if "active" in body:
        found["active"] = door.choice(body, "active", ("yes", "no")) == "yes"
    return found


def _figure(name: str, text: str) -> float | int | None:
    """A number in its limits; nothing is not known, of the order 0."""
    if not text:
        return 0 if name == "sort_no" else None
    low, high, decimals = FIGURES[name]
    found = door.number(name, text, max(decimals, 1))
    if not low <= found <= high or (not decimals and found != int(found)):
        raise BadRequest(f"admin.bad.{name}", value=text)
    return found if decimals else int(found)


def _done(following: str | None = None) -> Response:
    return as_json({"ok": True, "id": None, "next": following})
