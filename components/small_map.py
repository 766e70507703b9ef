"""A small map for a record or a duty list: marks, a circle, a few hexagons; nothing to filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.incident_map import MILLION, SHAPES, bounds, corners
from components.look import Look
from components.map_scale import count_bounds, value_bounds
from domain.heat import Hexes
from domain.metres import metres_a_degree

_ROOM_M = 600.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered place.

    Args:
        lng, lat: degrees, WGS-84. metres: radius of the circle around it, 0 for none.
        text: what stands in it, such as its rank. tip: the sentence under the pointer.
        href: where a click leads, "" nowhere. kind: "rule", "local" or "record".
    """

    lng: float
    lat: float
    text: str = ""
    tip: str = ""
    href: str = ""
    metres: float = 0.0
    kind: str = "rule"


@dataclass(frozen=True, slots=True)
class Tile:
    """A hexagon with a value: centre in degrees, the sentence under the pointer, where a click leads."""

    lng: float
    lat: float
    value: float
    text: str
    href: str = ""


def small_payload(
    look: Look,
    *,
    marks: Sequence[Mark] = (),
    tiles: Sequence[Tile] = (),
    resolution: int = 9,
    title: str = "",
    tile_title: str = "",
    labels: Sequence[str] = (),
    unit: str = "station",
    chosen: Sequence[str] = (),
) -> dict[str, Any]:
    """A map that needs no question.

    Args:
        tiles: hexagons of one `resolution`, coloured by value. title: over the map, "" for none.
        tile_title: what the hexagons' colours mean; without it there is no legend.
        labels: the legend's words for the classes, as many as there are classes; () for the numbers.
        unit: boundaries of "station" or "district". chosen: codes of units drawn with a strong outline.
    """
    found = _level(tiles, resolution, labels, look) if tiles else None
    return {
        "small": True,
        "layer": "hex",
        "side": "one",
        "titles": [{"text": title, "note": ""}] if title else [],
        "bounds": _around(marks, tiles, resolution),
        "levels": [{**found, "legend": tile_title}] if found else [],
        "spots": [_mark(one) for one in marks],
        "shapes_url": f"{SHAPES}?kind={unit}",
        "background_url": f"{SHAPES}?kind=background",
        "chosen": list(chosen),
        "legend": {"none": not tile_title, "title": tile_title},
    }


def _mark(one: Mark) -> dict[str, Any]:
    return {
        "lng": round(one.lng, 6),
        "lat": round(one.lat, 6),
        "m": one.metres,
        "text": one.text,
        "tip": one.tip,
        "href": one.href,
        "kind": one.kind,
    }


def _hexes(tiles: Sequence[Tile], resolution: int) -> Hexes:
    lng, lat = (np.array([getattr(one, axis) for one in tiles], float) for axis in ("lng", "lat"))
    nothing = np.zeros(len(tiles), np.int64)
    return Hexes(resolution, nothing.astype(np.uint64), lng, lat, nothing)


def _level(tiles: Sequence[Tile], resolution: int, labels: Sequence[str], look: Look) -> dict[str, Any]:
    values = [one.value for one in tiles]
    whole = all(float(value).is_integer() for value in values)
    steps: list[Any] = list(count_bounds([int(v) for v in values])) if whole else list(value_bounds(values))
    said = list(labels) or [look.t("mapview.at_least", n=look.t.plain(step, 2)) for step in steps]
    return {
        "res": resolution,
        "lng": [round(one.lng * MILLION) for one in tiles],
        "lat": [round(one.lat * MILLION) for one in tiles],
        "now": values,
        "base": None,
        "change": None,
        "corners": corners(_hexes(tiles, resolution)),
        "bounds": steps,
        "labels": said[: len(steps)],
        "texts": [one.text for one in tiles],
        "hrefs": [one.href for one in tiles],
    }


def _around(marks: Sequence[Mark], tiles: Sequence[Tile], resolution: int) -> list[float] | None:
    """All marks with their circles and all hexagons, with some room; None when there are none."""
    if not marks:
        return bounds([_hexes(tiles, resolution)]) if tiles else None
    edges = [(one.lng, one.lat, one.metres) for one in marks] + [(one.lng, one.lat, 0.0) for one in tiles]
    across, along = metres_a_degree(edges[0][1])
    west = min(lng - (metres + _ROOM_M) / across for lng, _, metres in edges)
    east = max(lng + (metres + _ROOM_M) / across for lng, _, metres in edges)
    south = min(lat - (metres + _ROOM_M) / along for _, lat, metres in edges)
    north = max(lat + (metres + _ROOM_M) / along for _, lat, metres in edges)
    return [round(float(edge), 5) for edge in (west, south, east, north)]
