"""Boundaries: polygons as GeoJSON text."""

from __future__ import annotations

import json
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry import shape

from domain.parsing import Unreadable

_EARTH = Geod(ellps="WGS84")
_DIGITS = 6


def checked_geometry(text: str) -> str:
    """A polygon or multipolygon as compact GeoJSON with 6 digits (0.1 m).

    Raises:
        Unreadable: "geometry_bad": no polygon, empty, crossing itself, or outside longitude and latitude.
    """
    try:
        found = shape(json.loads(text))
    except Exception as error:  # shapely raises whatever the malformed input makes numpy raise
        raise Unreadable("geometry_bad") from error
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty or not found.is_valid:
        raise Unreadable("geometry_bad")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Unreadable("geometry_bad")
    return json.dumps(_rounded(shapely.geometry.mapping(found)), separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def centre(geojson: str) -> tuple[float, float, float]:
    """A place inside the boundary (longitude, latitude) and its area in km² on the ellipsoid."""
    found = shape(json.loads(geojson))
    point = found.representative_point()
    area, _ = _EARTH.geometry_area_perimeter(shapely.orient_polygons(found))
    return round(point.x, _DIGITS), round(point.y, _DIGITS), round(abs(area) / 1e6, 4)
