"""What lies under the demo's map: roads, a river between the stations, woods and parks. Invented, a sketch."""

from __future__ import annotations

import heapq
import json
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data_access.demo.places import KM, Places
from data_access.demo.streets import DIGITS
from data_access.demo.world import World

GREENS = 9
_RIVER_HALF, _STEP, _SHORTEST = 0.09 * KM, 0.8 * KM, 0.02 * KM
_GREEN_MOST, _TRIED = 2.2 * KM, 40


def background(world: World) -> list[dict[str, Any]]:
    """Rows of table boundary, one for each layer, without updated_at."""
    places, names = world.places, world.words["background"]
    rng = np.random.default_rng([world.seed, 13])
    river = _river(places)
    drawn = {
        "road": _roads(places),
        "water": river,
        "green": shapely.union_all(_greens(places, river, rng)),
    }
    return [_row(layer, names[layer], shape) for layer, shape in drawn.items()]


def _roads(places: Places) -> BaseGeometry:
    """All roads, cut off where the district ends."""
    inside = shapely.intersection([shapely.LineString(line) for line in places.roads], places.outline)
    parts = shapely.get_parts(inside)
    return shapely.MultiLineString(list(parts[shapely.length(parts) > _SHORTEST]))


def _row(layer: str, name: str, shape: BaseGeometry) -> dict[str, Any]:
    mapped = shapely.geometry.mapping(shape)
    return {
        "code": f"demo-background-{layer}",
        "subject_kind": "background",
        "subject_code": layer,
        "name": name,
        "geojson": json.dumps({**mapped, "coordinates": _rounded(mapped["coordinates"])}),
        "is_sketch": 1,
        "origin": "demo",
    }


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else [_rounded(item) for item in value]


def _river(places: Places) -> BaseGeometry:
    """It runs where two stations meet, so that nothing happens in it: from the outline's south-west to its east end."""
    ways = _borders(places.cells)
    ends = [node for node in ways if places.outline.boundary.distance(shapely.Point(node)) < KM / 100]
    mouth = max(ends)
    known = _ways_back(ways, mouth)
    way = [min((node for node in ends if node in known), key=sum)]
    while way[-1] != mouth:
        way.append(known[way[-1]])
    line = shapely.segmentize(shapely.LineString(way), _STEP)
    course = shapely.get_coordinates(line)
    for _ in range(3):
        course = _rounder(course)
    drawn = shapely.LineString(course).simplify(KM / 100).buffer(_RIVER_HALF, quad_segs=3)
    return drawn.intersection(places.outline)


Node = tuple[float, float]


def _borders(cells: tuple[BaseGeometry, ...]) -> dict[Node, dict[Node, float]]:
    """Corner -> neighbouring corners and how far they are, along the lines where two cells meet."""
    ways: dict[Node, dict[Node, float]] = {}
    for number, cell in enumerate(cells):
        for other in cells[number + 1 :]:
            for piece in shapely.get_parts(cell.intersection(other)):
                if piece.geom_type == "LineString":
                    points = [(round(x, 7), round(y, 7)) for x, y in piece.coords]
                    for a, b in pairwise(points):
                        far = float(np.hypot(a[0] - b[0], a[1] - b[1]))
                        ways.setdefault(a, {})[b] = ways.setdefault(b, {})[a] = far
    return ways


def _ways_back(ways: dict[Node, dict[Node, float]], first: Node) -> dict[Node, Node]:
    """Dijkstra: every corner that can be reached -> the one before it on the shortest way from `first`."""
    known: dict[Node, Node] = {}
    waiting = [(0.0, first, first)]
    while waiting:
        far, node, before = heapq.heappop(waiting)
        if node in known:
            continue
        known[node] = before
        for near, more in ways[node].items():
            heapq.heappush(waiting, (far + more, near, node))
    return known


def _rounder(course: np.ndarray) -> np.ndarray:
    """Chaikin's corner cutting; the ends stay."""
    a, b = course[:-1], course[1:]
    inner = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], axis=1).reshape(-1, 2)
    return np.vstack([course[:1], inner, course[-1:]])


def _greens(places: Places, river: BaseGeometry, rng: np.random.Generator) -> list[BaseGeometry]:
    """Rounded patches where the roads leave most room; a way may lead through them."""
    taken = shapely.union_all([river, *map(shapely.LineString, places.roads)])
    shapely.prepare(taken)
    free: list[tuple[float, Node]] = []
    for cell in places.cells:
        west, south, east, north = cell.bounds
        drawn = rng.uniform((west, south), (east, north), (_TRIED, 2))
        drawn = drawn[shapely.contains_xy(cell, drawn[:, 0], drawn[:, 1])]
        tried = shapely.points(drawn)
        room = np.minimum(shapely.distance(taken, tried), shapely.distance(cell.boundary, tried) * 2)
        best = int(np.argmax(room))
        free.append((float(room[best]), (float(drawn[best, 0]), float(drawn[best, 1]))))
    widest = sorted(free, reverse=True)[:GREENS]
    return [_patch(at, min(1.8 * room, _GREEN_MOST), rng).intersection(places.outline) for room, at in widest]


def _patch(at: Node, radius: float, rng: np.random.Generator) -> BaseGeometry:
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    two, three = rng.uniform(0, 2 * np.pi, 2)
    wide = radius * (0.8 + 0.14 * np.sin(2 * angle + two) + 0.06 * np.sin(3 * angle + three))
    return shapely.Polygon(np.column_stack([at[0] + wide * np.cos(angle), at[1] + wide * np.sin(angle)]))
