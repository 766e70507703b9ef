"""The outlines below the wall's map as JSON: flat paths of degrees that a canvas draws as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from domain.incident_views import Shape

PLACES = 5
_INSIDE = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
Path = tuple[bool, Sequence[Sequence[float]]]


def ground_json(shapes: Iterable[Shape], digest: str) -> dict[str, object]:
    """What `GET /api/wall/ground` answers.

    Args:
        digest: of these shapes, as pictures name them.

    Each shape is `{"k": district, station, road, water, green, …, "c": the unit's code, "sketch": 1 where it is no
    official boundary, "closed": 1 for rings and 0 for lines, "paths": [[lng, lat, lng, lat, …], …]}`. `box`: west,
    south, east, north of stations and districts, of everything where there are none; null without any outline.
    """
    found = [one for shape in shapes for one in _drawn(shape)]
    units = [one for one in found if one["c"]] or found
    return {"digest": digest, "box": _box([path for one in units for path in one["paths"]]), "shapes": found}


def _drawn(shape: Shape) -> list[dict[str, Any]]:
    """Rings and lines of one shape, apart; nothing where its text makes no sense."""
    try:
        paths = list(_paths(json.loads(shape.geojson)))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return []
    own = shape.kind != "background"
    about = {"k": shape.kind if own else shape.code, "c": shape.code if own else "", "sketch": int(shape.sketch)}
    made = []
    for closed in (True, False):
        flat = [_flat(points) for is_ring, points in paths if is_ring is closed]
        if flat:
            made.append({**about, "closed": int(closed), "paths": flat})
    return made


def _paths(drawn: Any) -> Iterable[Path]:
    kind = drawn["type"]
    if kind in _INSIDE:
        for one in drawn[_INSIDE[kind]]:
            yield from _paths(one)
    elif kind == "Feature":
        yield from _paths(drawn["geometry"])
    elif kind in ("Polygon", "MultiLineString"):
        yield from ((kind == "Polygon", points) for points in drawn["coordinates"])
    elif kind == "MultiPolygon":
        yield from ((True, points) for polygon in drawn["coordinates"] for points in polygon)
    elif kind == "LineString":
        yield False, drawn["coordinates"]


def _flat(points: Sequence[Sequence[float]]) -> list[float]:
    return [round(float(value), PLACES) for point in points for value in point[:2]]


def _box(paths: Sequence[Sequence[float]]) -> list[float] | None:
    west = [min(path[0::2]) for path in paths if path]
    if not west:
        return None
    south, east, north = (
        pick(found(path[at::2]) for path in paths if path)
        for pick, found, at in ((min, min, 1), (max, max, 0), (max, max, 1))
    )
    return [min(west), south, east, north]
