"""Background of a map: the lines and polygons of a whole file become one drawing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry import shape

from domain.parsing import Unreadable

GRID = 1e-5
"""Degrees a drawing is exact to: about one metre, less than a line's width on the screen."""

_LINES = ("LineString", "MultiLineString")
_AREAS = ("Polygon", "MultiPolygon")


def checked_drawing(text: str) -> str:
    """One feature's lines or polygons as compact GeoJSON, simplified and rounded to `GRID`.

    Raises:
        Unreadable: "geometry_kind": neither lines nor polygons; "geometry_bad": empty, crossing itself,
            malformed, outside longitude and latitude, or smaller than `GRID`.
    """
    try:
        found = shape(json.loads(text))
    except Exception as error:  # shapely raises whatever the malformed input makes numpy raise
        raise Unreadable("geometry_bad") from error
    if found.geom_type not in (*_LINES, *_AREAS):
        raise Unreadable("geometry_kind")
    west, south, east, north = found.bounds if not found.is_empty else (1, 1, 0, 0)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or not found.is_valid:
        raise Unreadable("geometry_bad")
    rounded = shapely.set_precision(shapely.simplify(shapely.force_2d(found), GRID), GRID)
    if rounded.is_empty:
        raise Unreadable("geometry_bad")
    return _text(rounded)


def combined(texts: Iterable[str]) -> str:
    """Drawings in one: a MultiLineString, a MultiPolygon, or a GeometryCollection of both.

    Polygons that overlap are melted: as parts of one shape they would show as holes.

    Args:
        texts: at least one, as `checked_drawing` or `combined` gave them; the same one twice counts once.
    """
    parts: list[Any] = []
    for text in dict.fromkeys(texts):
        found = shape(json.loads(text))
        parts += [inner for outer in shapely.get_parts(found) for inner in shapely.get_parts(outer)]
    lines = list({line.wkb: line for line in parts if line.geom_type in _LINES}.values())
    areas = [area for area in parts if area.geom_type in _AREAS]
    drawn: list[Any] = [shapely.MultiLineString(lines)] if lines else []
    if areas:
        melted = shapely.union_all(areas, grid_size=GRID)
        drawn.append(shapely.MultiPolygon(list(shapely.get_parts(melted))))
    return _text(drawn[0] if len(drawn) == 1 else shapely.GeometryCollection(drawn))


def _text(found: Any) -> str:
    return json.dumps(_rounded(shapely.geometry.mapping(found)), separators=(",", ":"))


def _rounded(value: Any) -> Any:
    """Five digits: the grid's own numbers, without the tail that binary fractions have."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value
