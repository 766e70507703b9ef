"""The map component and what it draws from: a `HeatView` or a few marks as one compact answer.

Places go over as millionths of a degree, numbers as plain lists. Its other half is `assets/js/50-map.js`
and, fetched with the first map, `assets/lazy`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from dash.development.base_component import Component

from components.look import Look
from components.map_areas import areas
from components.map_filter import unit_names
from components.map_links import href, rows_href
from components.map_scale import change_bounds, count_bounds, count_labels, hex_width
from components.map_spots import spot_name, spot_rows
from domain.heat import Asked, HeatView, Hexes
from domain.hot import Spot, SpotsView
from domain.map_rules import BlackSpotRule
from i18n import Translator
from i18n.map_words import span

LAZY = (
    "leaflet/leaflet.css",
    "leaflet/leaflet.js",
    "map/10-model.js",
    "map/20-paint.js",
    "map/30-pane.js",
    "map/40-screen.js",
)
WORDS = (
    "map", "zoom_in", "zoom_out", "whole", "whole_title", "ring", "ring_title", "ring_off", "close", "hex", "now",
    "base", "more", "fewer", "same", "rows", "rows_base", "rows_here", "points_more", "empty", "failed",
)  # fmt: skip
POINTS, SHAPES = "/api/v1/map/points", "/api/v1/map/shapes"
MILLION = 1_000_000
MARKED = 15
"""Hot spots of each kind that are marked on the map, and all on record; the list has more."""


class IncidentMap(Component):
    """One map or two that move together.

    `payload`: `heat_payload` or `small_payload`. `marks`: `marks_payload`, which may come later than the payload.
    `echo`: as for `Tree`. `words`: `map_words`, given once.
    """

    _namespace = "dcb"
    _type = "IncidentMap"
    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes: list[str] = []  # noqa: RUF012
    _prop_names: list[str] = ["id", "payload", "marks", "echo", "words"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties: list[str] = ["id", "payload", "marks", "echo", "words"]  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(
        self, id: Any = None, payload: Any = None, marks: Any = None, echo: Any = None, words: Any = None
    ) -> None:
        given = {"id": id, "payload": payload, "marks": marks, "echo": echo, "words": words}
        super().__init__(**{name: value for name, value in given.items() if value is not None})  # type: ignore[no-untyped-call]


def map_words(t: Translator) -> dict[str, Any]:
    """What the map needs before the first answer: its words, and the files to fetch."""
    return {**{name: t.raw(f"mapview.{name}") for name in WORDS}, "files": list(lazy_files())}


@cache
def lazy_files() -> tuple[str, ...]:
    """Addresses of the files that only a map needs, in order, each with the fingerprint of its content."""
    folder = Path(__file__).parent.parent / "assets" / "lazy"
    digests = {name: hashlib.blake2b((folder / name).read_bytes(), digest_size=5).hexdigest() for name in LAZY}
    return tuple(f"/assets/lazy/{name}?m={digest}" for name, digest in digests.items())


def heat_payload(view: HeatView, look: Look) -> dict[str, Any]:
    """The map page's map; hot spots come later, by `marks_payload`."""
    asked, t = view.asked, look.t
    return {
        "layer": asked.layer,
        "side": shown_side(view),
        "titles": _titles(view, look),
        "bounds": bounds(view.hexes),
        "levels": [level(one, shown_side(view), t) for one in _telling(view)],
        "areas": areas(view, look),
        "names": unit_names(view.options, look),
        "shapes_url": f"{SHAPES}?kind={_outlines(view)}",
        "background_url": f"{SHAPES}?kind=background",
        "points": {"url": href(look, POINTS, asked), "zoom": view.points_from_zoom},
        "density_m": view.density_m,
        "rows_href": rows_href(look, asked),
        "chosen": [*asked.filter.stations, *asked.filter.districts],
        "rings": _rings(view, t),
        "measure": True,
        "legend": _legend(view, t),
    }


def _telling(view: HeatView) -> Sequence[Hexes]:
    """The resolutions to draw. A difference map leaves out the finest ones while nothing on them is coloured."""
    kept = list(view.hexes)
    if not kept:
        return kept
    while shown_side(view) == "change" and len(kept) > 1 and not _coloured(kept[-1]):
        kept.pop()
    return kept if _coloured(kept[-1]) else view.hexes


def _coloured(hexes: Hexes) -> bool:
    return hexes.change is not None and bool(hexes.change.any())


def _outlines(view: HeatView) -> str:
    """Which boundaries to draw: those of the units asked for, or the next larger ones when they have none."""
    if view.asked.unit == "district" or any(line.has_shape for line in view.areas):
        return view.asked.unit
    return "district"


def shown_side(view: HeatView) -> str:
    """`Asked.side` as far as it can be drawn: a density has no tested difference, one period nothing beside it."""
    if view.base is None:
        return "one"
    untested = view.asked.layer == "density" or not view.changes
    return "both" if untested and view.asked.side == "change" else view.asked.side


def level(hexes: Hexes, side: str, t: Translator) -> dict[str, Any]:
    """One resolution: centres, numbers, the six corners around a centre, classes and their legend."""
    both = hexes.now if hexes.base is None else np.concatenate([hexes.now, hexes.base])
    steps = count_bounds(both)
    found: dict[str, Any] = {
        "res": hexes.resolution,
        "lng": _millionths(hexes.lng),
        "lat": _millionths(hexes.lat),
        "now": hexes.now.tolist(),
        "base": None if hexes.base is None else hexes.base.tolist(),
        "change": None if hexes.change is None else hexes.change.tolist(),
        "corners": corners(hexes),
        "bounds": steps,
        "labels": count_labels(steps, t),
        "legend": t("mapview.legend_hex", width=hex_width(hexes.resolution, t)),
    }
    if hexes.base is not None and hexes.change is not None and side == "change":
        clear = hexes.change != 0
        found["change_bounds"] = change_bounds((hexes.now - hexes.base)[clear])
        found["legend"] = t("mapview.legend_change", width=hex_width(hexes.resolution, t))
    return found


def corners(hexes: Hexes) -> list[list[int]]:
    """Six (dlng, dlat), millionths of a degree: the outline of the hexagon in the middle; it serves all."""
    import h3.api.basic_int as h3

    if not len(hexes.lng):
        return []
    cell = h3.latlng_to_cell(float(np.median(hexes.lat)), float(np.median(hexes.lng)), hexes.resolution)
    lat, lng = h3.cell_to_latlng(cell)
    around = h3.cell_to_boundary(cell)
    return [[round((east - lng) * MILLION), round((north - lat) * MILLION)] for north, east in around]


def bounds(levels: Sequence[Hexes]) -> list[float] | None:
    """West, south, east, north of nearly all incidents: lonely ones far off do not count; None without any."""
    finest = levels[-1] if levels else None
    if finest is None or not len(finest.lng):
        return None
    edges = []
    for axis in (finest.lng, finest.lat):
        low, high = np.quantile(axis, (0.003, 0.997))
        room = max(0.01, 0.05 * (high - low))
        edges.append((round(float(low - room), 5), round(float(high + room), 5)))
    (west, east), (south, north) = edges
    return [west, south, east, north]


def marks_payload(view: SpotsView, look: Look, rule: BlackSpotRule | None = None) -> dict[str, Any]:
    """Hot spots for a map that already stands: numbered marks, and the cells found by statistic by their centres."""
    import h3.api.basic_int as h3

    by_resolution: dict[int, list[tuple[float, float]]] = {}
    for cell in sorted({int(cell, 16) for spot in view.local for cell in spot.cells}):
        by_resolution.setdefault(h3.get_resolution(cell), []).append(h3.cell_to_latlng(cell))
    cells = [
        {"res": res, "lng": [round(lng * MILLION) for _, lng in at], "lat": [round(lat * MILLION) for lat, _ in at]}
        for res, at in by_resolution.items()
    ]
    return {"spots": _spots(view, look, rule), "hot_cells": cells}


def _spots(view: SpotsView, look: Look, rule: BlackSpotRule | None) -> list[dict[str, Any]]:
    groups = (view.rule, view.local)
    found = [(place, spot) for group in groups for place, spot in enumerate(group, 1) if place <= MARKED or spot.record]
    first: dict[str, int] = {}
    for at, (_, spot) in enumerate(found):
        first.setdefault(spot.record or f"{spot.origin}:{at}", at)  # found both ways, it is one record
    return [_spot(*found[at], view, look, rule) for at in first.values()]


def _spot(place: int, spot: Spot, view: SpotsView, look: Look, rule: BlackSpotRule | None) -> dict[str, Any]:
    return {
        "lng": round(spot.lng, 6),
        "lat": round(spot.lat, 6),
        "m": round(spot.metres),
        "text": str(place),
        "kind": "record" if spot.record else spot.origin,
        "trend": spot.trend,
        "href": look.url(f"/hotspot/{spot.record}") if spot.record else spot_rows(spot, view, look, rule),
        "tip": f"{place}. {spot_name(spot, look)}  {look.t.count(spot.now, 'incidents')}",
    }


def _titles(view: HeatView, look: Look) -> list[dict[str, str]]:
    t = look.t
    now = {"text": span(view.now.span, t), "note": t.count(view.now.tally.placed, "incidents")}
    if view.base is None:
        return [now]
    base = {"text": span(view.base.span, t), "note": t.count(view.base.tally.placed, "incidents")}
    if shown_side(view) == "change":
        both = t("mapview.counts", now=now["note"], base=base["note"])
        return [{"text": t("mapview.against", now=now["text"], base=base["text"]), "note": both}]
    return [now, base]


def _rings(view: HeatView, t: Translator) -> dict[str, Any] | None:
    if view.asked.ring is None:
        return None
    lng, lat = view.asked.ring
    edges = [ring.outer for ring in view.rings]
    said = [
        t("mapview.ring_label", inner=t.plain(r.inner), outer=t.plain(r.outer), n=t.count(r.now, "incidents"))
        for r in view.rings
    ]
    return {"lng": lng, "lat": lat, "m": edges, "labels": said}


def _legend(view: HeatView, t: Translator) -> dict[str, Any]:
    asked = view.asked
    found = {
        "title": _legend_title(asked, t, view.density_m),
        "more": t("mapview.legend_more"),
        "fewer": t("mapview.legend_fewer"),
        "same": t("mapview.legend_same"),
        "low": t("mapview.low"),
        "high": t.raw("mapview.high"),
        "point": t("mapview.point"),
        "rule": t("mapview.spot_rule"),
        "local": t("mapview.spot_local"),
        "record": t("mapview.spot_record"),
    }
    if asked.layer == "density":
        found["note"] = t("mapview.density_note")
    elif view.base and asked.side == "both":
        found["note"] = t("mapview.same_scale")
    elif view.changes and asked.side == "change":
        found["note"] = t("mapview.change_note", share=t.percent(100 * view.changes[0].q, 0))
    return found


def _legend_title(asked: Asked, t: Translator, density_m: float) -> str:
    if asked.layer == "density":
        return t("mapview.legend_density", m=t.plain(density_m))
    return t(f"mapview.legend_{asked.per}") if asked.layer == "area" else t("mapview.legend_count")


def _millionths(degrees: np.ndarray) -> list[int]:
    whole: list[int] = np.rint(degrees * MILLION).astype(np.int64).tolist()
    return whole
