"""Where things happen: hot spots and background places of every station, the outline, the station cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

HOT = 24
BACKGROUND = 180
PER_STATION = HOT + BACKGROUND
HOT_SHARE = 0.55
GRIDS = 8
KM = 1 / 111.32
_MARGIN = 0.12 * KM
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
    """Arrays over all places, `PER_STATION` for each station in order; the first `HOT` of each are hot spots."""

    lng: np.ndarray
    lat: np.ndarray
    reach: np.ndarray
    address: list[str]
    road: list[str]
    cross_road: list[str | None]
    kind: list[str]
    road_type: list[str]
    grid: list[str]
    choice: np.ndarray
    outline: BaseGeometry
    cells: tuple[BaseGeometry, ...]

    def pick(self, station: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """Places for events: index of the station and a uniform number for each."""
        found = np.searchsorted(self.choice, station + luck, side="right")
        first = station * PER_STATION
        kept: np.ndarray = np.clip(found, first, first + PER_STATION - 1)
        return kept


def build_places(stations: tuple[Any, ...], words: dict[str, Any], seed: int) -> Places:
    """The places of one seed."""
    rng = np.random.default_rng([seed, 7])
    outline = _outline(stations)
    cells = _cells(stations, outline)
    points = np.vstack([_points(cell, station, rng) for cell, station in zip(cells, stations, strict=True)])
    named = [_named(station, words, rng) for station in stations]
    flat = {key: [value for one in named for value in one[key]] for key in named[0]}
    return Places(
        lng=points[:, 0],
        lat=points[:, 1],
        reach=np.tile(np.r_[np.full(HOT, 18.0), np.full(BACKGROUND, 60.0)], len(stations)) * KM / 1000,
        choice=_choice(len(stations), rng),
        outline=outline,
        cells=cells,
        **flat,
    )


def _choice(count: int, rng: np.random.Generator) -> np.ndarray:
    """Cumulative weights, one unit per station: hot spots by a steep rank law, background evenly."""
    steps = []
    for _ in range(count):
        hot = 1 / np.arange(1, HOT + 1) ** 0.8
        rest = rng.uniform(0.4, 1.6, BACKGROUND)
        steps.append(np.r_[hot / hot.sum() * HOT_SHARE, rest / rest.sum() * (1 - HOT_SHARE)])
    return np.cumsum(np.concatenate(steps))


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


def _points(cell: BaseGeometry, station: Spot, rng: np.random.Generator) -> np.ndarray:
    """Places inside the cell, the hot spots nearer to the station."""
    inner = cell.buffer(-_MARGIN)
    reach = 0.45 * np.sqrt(station.area) * KM
    hot = _inside(inner, HOT, lambda n: rng.normal((station.lng, station.lat), reach, (n, 2)))
    west, south, east, north = inner.bounds
    rest = _inside(inner, BACKGROUND, lambda n: rng.uniform((west, south), (east, north), (n, 2)))
    return np.vstack([hot, rest])


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
    out: dict[str, list[Any]] = {name: [] for name in ("address", "road", "cross_road", "kind", "road_type", "grid")}
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
        out["grid"].append(f"{station.code[:8]}{1 + number % GRIDS:04d}")
    return out
