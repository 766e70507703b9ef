"""Single incidents as lists and points, and the outlines behind them; made by `services.incident_rows`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.board import Board
from domain.heat import Asked


@dataclass(frozen=True, slots=True)
class Point:
    """One incident on the map. Position in degrees (WGS-84)."""

    lng: float
    lat: float
    at: datetime
    class_code: str
    severity: str


@dataclass(frozen=True)
class PointsView:
    """Single incidents of a part of the map; `total` may be more than were sent."""

    points: tuple[Point, ...]
    total: int


@dataclass(frozen=True)
class RowsView:
    """One page of the incidents behind a number, newest first.

    Args:
        columns: names of the row's fields, the identifier first. Personal data are masked.
        total: all that the question holds; page, size: which of them are shown.
    """

    board: Board
    asked: Asked
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A boundary or a piece of background as GeoJSON text, coordinates in WGS-84.

    Args:
        kind: city, district, station, duty_grid, or background. code: the unit's code, or for a
            background what it is: road, water, green, rail, building.
        sketch: not an official boundary (示意图).
    """

    kind: str
    code: str
    name: str
    geojson: str
    sketch: bool
