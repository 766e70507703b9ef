"""Hexagons on the ground: centres, neighbours, outlines, and those that lie in an area.

H3 answers one cell at a time. The same cells recur at every answer, so what it said is kept per process:
centres for good (16 bytes a cell, at most `MOST_KNOWN` cells), neighbours and study areas for the last few
questions. Places are WGS-84 degrees, longitude first. Returned arrays are shared and read-only.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
from h3 import H3BaseException
from shapely import get_parts, make_valid, union_all
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from domain.hexid import Cells

Degrees = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]
T = TypeVar("T")

MOST_KNOWN = 500_000
"""Cells whose centres are kept; more than that and the memory starts anew."""
MOST_CELLS = 2_000_000
"""Hexagons a study area may hold; a larger shape is a mistake and is reported as broken."""
_KEPT = 8


class StudyArea(NamedTuple):
    """Hexagons inside the shapes, rising, and the positions of the shapes that could not be read."""

    cells: Cells
    broken: tuple[int, ...]


class _Recent(Generic[T]):
    """The last few answers by key; safe between threads, which may compute the same answer twice."""

    def __init__(self, size: int) -> None:
        self._size, self._lock, self._kept = size, Lock(), OrderedDict[Hashable, T]()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


class _Centres:
    """Known centres: rising cell numbers and their places, replaced as a whole."""

    def __init__(self) -> None:
        self._known: tuple[Cells, Degrees] = (np.empty(0, np.uint64), np.empty((0, 2)))

    def of(self, cells: Cells) -> Degrees:
        """Longitude and latitude, shape (n, 2)."""
        known, places = self._known
        at = np.searchsorted(known, cells)
        found = known.take(at, mode="clip") == cells if len(known) else np.zeros(len(cells), bool)
        if not found.all():
            known, places = self._learn(np.unique(cells[~found]))
            at = np.searchsorted(known, cells)
        return places[at]

    def _learn(self, fresh: Cells) -> tuple[Cells, Degrees]:
        """The known centres and these; they become the memory unless they are too many to keep."""
        looked_up = np.array([h3.cell_to_latlng(cell) for cell in fresh.tolist()])[:, ::-1]
        known, places = self._known
        known, places = np.concatenate([known, fresh]), np.concatenate([places, looked_up])
        known, first = np.unique(known, return_index=True)
        self._known = (known, places[first]) if len(known) <= MOST_KNOWN else (fresh, looked_up)
        return known, places[first]


_CENTRES = _Centres()
_NEIGHBOURS = _Recent[Indices](_KEPT)
_AREAS = _Recent[StudyArea](_KEPT)


def centres(cells: Cells) -> tuple[Degrees, Degrees]:
    """Centres of the hexagons.

    Args:
        cells: H3 numbers, shape (n,), in any order and of any resolutions.

    Returns:
        (lng, lat), each of shape (n,).
    """
    places = _CENTRES.of(cells)
    return np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])


def neighbours(cells: Cells) -> Indices:
    """Which of the cells touch which.

    Args:
        cells: rising H3 numbers of one resolution, shape (n,), each once.

    Returns:
        Indices into `cells`, int32, shape (n, 7), read-only: the cell itself first, then its neighbours in
        no particular order; -1 where a neighbour is not among `cells` or a pentagon has no sixth.

    Raises:
        ValueError: `cells` do not rise.
    """
    if not bool(np.all(cells[1:] > cells[:-1])):
        raise ValueError("cells must rise, each once")
    key = hashlib.sha256(cells.tobytes()).digest()
    return _NEIGHBOURS.get(key, lambda: _touching(cells))


def _touching(cells: Cells) -> Indices:
    table = np.full((len(cells), 7), -1, dtype=np.int32)
    if not len(cells):
        return _frozen(table)
    around = np.zeros((len(cells), 6), dtype=np.uint64)  # 0 is no cell
    for row, cell in enumerate(cells.tolist()):
        ring = h3.grid_ring(cell, 1)
        around[row, : len(ring)] = ring
    at = np.searchsorted(cells, around)
    table[:, 0] = np.arange(len(cells))
    table[:, 1:] = np.where(cells.take(at, mode="clip") == around, at, -1)
    return _frozen(table)


def study_area(shapes: Iterable[str], resolution: int) -> StudyArea:
    """The hexagons whose centre lies in any of the shapes.

    Args:
        shapes: GeoJSON texts: a polygon or multipolygon, or features of them. A shape that crosses itself
            is read as the even-odd rule reads it.
        resolution: H3 resolution of the hexagons.

    Returns:
        The cells, uint64, rising, read-only; and the positions of shapes that are not GeoJSON, not
        polygons, have places off the globe, or would hold more than `MOST_CELLS` hexagons. Those are left out.
    """
    texts = tuple(shapes)
    digest = hashlib.sha256("\0".join(texts).encode()).digest()
    return _AREAS.get((digest, resolution), lambda: _inside(texts, resolution))


def _inside(texts: Sequence[str], resolution: int) -> StudyArea:
    found: set[int] = set()
    broken = []
    for position, text in enumerate(texts):
        try:
            found |= _cells_in(text, resolution)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError, H3BaseException):
            broken.append(position)
    cells = np.fromiter(found, dtype=np.uint64, count=len(found))
    return StudyArea(_frozen(np.sort(cells)), tuple(broken))


def _cells_in(text: str, resolution: int) -> set[int]:
    """Hexagons whose centre lies in one shape; whoever sees what is wrong with a broken one raises."""
    told = json.loads(text)
    features = told["features"] if told["type"] == "FeatureCollection" else [told]
    geometries = [shape(one["geometry"] if one["type"] == "Feature" else one) for one in features]
    if not geometries or any(one.geom_type not in ("Polygon", "MultiPolygon") or one.is_empty for one in geometries):
        raise ValueError("not a polygon")
    whole = make_valid(union_all([make_valid(one) for one in geometries]))
    west, south, east, north = whole.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("off the globe")
    _refuse_large(whole.bounds, resolution)
    polygons = [part for part in get_parts(get_parts(whole)) if part.geom_type == "Polygon"]
    return {cell for polygon in polygons for cell in h3.geo_to_cells(mapping(polygon), resolution)}


def _refuse_large(bounds: tuple[float, float, float, float], resolution: int) -> None:
    """By the size of the rectangle around: H3 would try to fill half the globe."""
    west, south, east, north = bounds
    middle = np.cos(np.radians((south + north) / 2))
    if (east - west) * (north - south) * middle * 111.32**2 > MOST_CELLS * area_km2(resolution):
        raise ValueError("too large")


def cell_of(lng: float, lat: float, resolution: int) -> int:
    """The hexagon that holds a place."""
    return int(h3.latlng_to_cell(lat, lng, resolution))


def corners(cell: int) -> tuple[float, ...]:
    """The outline of a hexagon: longitude, latitude, longitude, latitude, …; not closed."""
    return tuple(float(value) for lat, lng in h3.cell_to_boundary(cell) for value in (lng, lat))


def area_km2(resolution: int, at: tuple[float, float] | None = None) -> float:
    """Area of a hexagon, km2.

    Args:
        at: (lng, lat) of the hexagon meant; None for the mean over the globe, from which single hexagons
            differ: from 0.6 to 1.2 of it, 0.78 in Shaoxing.
    """
    if at is None:
        return float(h3.average_hexagon_area(resolution, unit="km^2"))
    return float(h3.cell_area(cell_of(*at, resolution), unit="km^2"))


def _frozen(array: npt.NDArray[T]) -> npt.NDArray[T]:  # type: ignore[type-var]
    array.flags.writeable = False
    return array
