"""Where things happen: hot places and pieces of road of every station, the outline, the station cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from data_access.demo.streets import DIGITS, main_roads, segments, streets

HOT = 24
BACKGROUND = 300
PER_STATION = HOT + BACKGROUND
HOT_SHARE = 0.45
HOT_LAW = (3, 1.3)
CORNERS = 32
GRIDS = 8
KM = 1 / 111.32
TOWNLESS = 0.08
"""Weight of a road far from any town, beside 1 in its middle."""
_MARGIN = 0.12 * KM
_TRIED = 8
_KINDS = ("junction", "junction", "section", "junction", "district", "section")


class Spot(Protocol):
    """What this module needs to know of a station."""

    @property
    def code(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def lng(self) -> float: ...
    @property
    def lat(self) -> float: ...
    @property
    def area(self) -> float: ...


@dataclass(frozen=True)
class Places:
    """Arrays over all places, `PER_STATION` for each station in order; the first `HOT` of each are hot places.

    Args:
        reach: degrees around the place that its incidents lie in. along: degrees from the middle of a piece of
            road to its end, shape (n, 2); zero at hot places.
        weight: share of its station's incidents. roads: lines of longitude and latitude, main roads first.
    """

    lng: np.ndarray
    lat: np.ndarray
    reach: np.ndarray
    along: np.ndarray
    address: list[str]
    road: list[str]
    cross_road: list[str | None]
    kind: list[str]
    road_type: list[str]
    grid: list[str]
    weight: np.ndarray
    outline: BaseGeometry
    cells: tuple[BaseGeometry, ...]
    roads: tuple[np.ndarray, ...]

    def pick(self, station: np.ndarray, luck: np.ndarray, factor: np.ndarray | float = 1.0) -> np.ndarray:
        """Places for events: index of the station and a uniform number for each.

        Args:
            factor: by which each place's weight is multiplied.
        """
        weight = (self.weight * factor).reshape(-1, PER_STATION)
        edges = np.cumsum(weight / weight.sum(axis=1, keepdims=True))
        found = np.searchsorted(edges, station + luck, side="right")
        first = station * PER_STATION
        kept: np.ndarray = np.clip(found, first, first + PER_STATION - 1)
        return kept


def build_places(stations: tuple[Any, ...], words: dict[str, Any], seed: int) -> Places:
    """The places of one seed."""
    rng = np.random.default_rng([seed, 7])
    outline = _outline(stations)
    cells = _cells(stations, outline)
    roads = main_roads(np.array([(s.lng, s.lat) for s in stations]).round(DIGITS), rng)
    points, along, own = [], [], []
    for cell, station in zip(cells, stations, strict=True):
        hot, pieces, lines = _points(cell, station, roads, rng)
        points.append(np.vstack([hot, (pieces[:, :2] + pieces[:, 2:]) / 2]))
        along.append(np.vstack([np.zeros((HOT, 2)), (pieces[:, 2:] - pieces[:, :2]) / 2]))
        own += lines
    named = [_named(station, words, rng) for station in stations]
    flat = {key: [value for one in named for value in one[key]] for key in named[0]}
    return Places(
        lng=np.vstack(points)[:, 0],
        lat=np.vstack(points)[:, 1],
        reach=np.tile(np.r_[np.full(HOT, 18.0), np.full(BACKGROUND, 9.0)], len(stations)) * KM / 1000,
        along=np.vstack(along),
        weight=_weights(len(stations), rng),
        outline=outline,
        cells=cells,
        roads=(*roads, *own),
        grid=[code for station, where in zip(stations, points, strict=True) for code in _grids(station, where)],
        **flat,
    )


def _weights(count: int, rng: np.random.Generator) -> np.ndarray:
    """One unit per station: hot places by a steep rank law, pieces of road nearly evenly."""
    steps = []
    for _ in range(count):
        hot = 1 / np.arange(1 + HOT_LAW[0], HOT + 1 + HOT_LAW[0]) ** HOT_LAW[1]
        rest = rng.uniform(0.4, 1.6, BACKGROUND)
        steps.append(np.r_[hot / hot.sum() * HOT_SHARE, rest / rest.sum() * (1 - HOT_SHARE)])
    return np.concatenate(steps)


def _outline(stations: tuple[Spot, ...]) -> BaseGeometry:
    """One closed line around all stations: a round piece for each by its area, melted together and smoothed."""
    discs = [Point(s.lng, s.lat).buffer((1.15 * np.sqrt(s.area / np.pi) + 1.2) * KM) for s in stations]
    melted = shapely.union_all(discs).buffer(5 * KM).buffer(-4.6 * KM)
    whole = max(shapely.get_parts(melted), key=lambda part: float(part.area))
    return shapely.Polygon(whole.exterior).simplify(0.12 * KM)


def _cells(stations: tuple[Spot, ...], outline: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """The part of the district nearer to each station than to any other."""
    points = [Point(s.lng, s.lat) for s in stations]
    parts = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=outline.buffer(1)))
    return tuple(next(part for part in parts if part.contains(point)).intersection(outline) for point in points)


def _points(
    cell: BaseGeometry, station: Spot, roads: list[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Hot places near the station, pieces of the roads inside the cell, and the streets between the hot places."""
    inner = cell.buffer(-_MARGIN)
    reach = 0.45 * np.sqrt(station.area) * KM
    hot = _inside(inner, HOT, lambda n: rng.normal((station.lng, station.lat), reach, (n, 2)).round(DIGITS))
    nodes = np.vstack([np.array([[station.lng, station.lat]]).round(DIGITS), hot])
    tried = _inside(inner, CORNERS * _TRIED, lambda n: rng.normal((station.lng, station.lat), 1.4 * reach, (n, 2)))
    lines = streets(inner, _with_corners(nodes, tried.round(DIGITS)), rng)
    pieces = segments([*lines, *roads], inner)
    long = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    weight = long * _closeness(pieces, station)
    return hot, pieces[rng.choice(len(pieces), BACKGROUND, p=weight / weight.sum())], lines


def _closeness(pieces: np.ndarray, station: Spot) -> np.ndarray:
    """How likely something happens on a piece of road: most in the town around the station, some everywhere."""
    core = 0.2 * np.sqrt(station.area) * KM
    east = (pieces[:, 0] + pieces[:, 2]) / 2 - station.lng
    north = (pieces[:, 1] + pieces[:, 3]) / 2 - station.lat
    found: np.ndarray = np.exp(-0.5 * (np.hypot(east, north) / core) ** 2) + TOWNLESS
    return found


def _with_corners(nodes: np.ndarray, tried: np.ndarray) -> np.ndarray:
    """`CORNERS` further street corners, each the one of a few that lies farthest from those before it."""
    for number in range(CORNERS):
        some = tried[number * _TRIED : (number + 1) * _TRIED]
        far = ((some[:, None, :] - nodes[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        nodes = np.vstack([nodes, some[np.argmax(far)]])
    return nodes


def _grids(station: Spot, points: np.ndarray) -> list[str]:
    """Duty grid of each place: sectors around the station with as many places each."""
    angle = np.arctan2(points[:, 1] - station.lat, points[:, 0] - station.lng)
    rank = np.argsort(np.argsort(angle))
    return [f"{station.code[:8]}{1 + number * GRIDS // len(rank):04d}" for number in rank.tolist()]


def _inside(area: BaseGeometry, count: int, draw: Any) -> np.ndarray:
    found = np.empty((0, 2))
    while len(found) < count:
        tried = draw(4 * count)
        found = np.vstack([found, tried[shapely.contains_xy(area, tried[:, 0], tried[:, 1])]])
    return found[:count]


def _named(station: Any, words: dict[str, Any], rng: np.random.Generator) -> dict[str, list[Any]]:
    """Addresses of one station's places."""
    text = words["place"]
    roads = [rng.choice(text["road_first"]) + rng.choice(text["road_last"]) for _ in range(18)]
    out: dict[str, list[Any]] = {name: [] for name in ("address", "road", "cross_road", "kind", "road_type")}
    for number in range(PER_STATION):
        road, cross, other = (roads[i] for i in rng.choice(len(roads), 3, replace=False))
        kind = _KINDS[number % len(_KINDS)] if number < HOT else "background"
        template = text["business" if kind == "district" else kind]
        out["address"].append(
            template.format(
                road=road,
                cross=cross,
                other=other,
                short=station.short_name,
                word=rng.choice(text["business_word"]),
                number=int(rng.integers(1, 900)),
            )
        )
        out["road"].append(road)
        out["cross_road"].append(cross if kind == "junction" else None)
        out["kind"].append(kind)
        out["road_type"].append(str(rng.choice(["urban", "county", "village", "highway"], p=[0.5, 0.25, 0.2, 0.05])))
    return out
