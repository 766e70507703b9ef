"""The wall's map: where stations are and what colour they have, where incidents crowd, which hot spots are open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import numpy as np
from sqlalchemy import Connection

from data_access.engine import reading
from data_access.readers import hotspots as stored
from data_access.readers.incidents import shapes
from data_access.readers.wall import places
from domain.access import Scope
from domain.board import Board
from domain.hexid import parent
from domain.hotspot_record import CLOSED, WITHDRAWN
from domain.incident_filter import Filter
from domain.incident_views import Shape
from domain.span import Span
from domain.wall import HeatTiles, MapView, Spot
from domain.wall_rules import PanelRules
from services.ground import Ground, looker
from services.hexes import centres, corners

LEVELS = (9, 8, 7, 6, 5)
"""Resolutions of hexagons, the finest first; 9 is what incidents are kept in."""
GROUND_KINDS = ("background", "district", "station")


def heat(ground: Ground, rules: PanelRules, scope: Scope, now: datetime) -> HeatTiles:
    """The incidents of the last days in the finest hexagons that are few enough."""
    first = now.date() - timedelta(days=rules.map_days - 1)
    span = Span(datetime.combine(first, time.min), now)
    with reading(ground.engine) as connection:
        side, codes = looker(connection, ground, scope).side(span, Filter(placed="yes"))
    held = np.flatnonzero(side.tally.by_cell)
    level, ids, counts = _fitting(codes.cells[held], side.tally.by_cell[held], rules.map_tiles)
    order = np.argsort(counts, kind="stable")[-rules.map_tiles :]
    ids, counts = ids[order], counts[order]
    lng, lat = centres(ids)
    rows = zip(lng.tolist(), lat.tolist(), counts.tolist(), ids.tolist(), strict=True)
    return HeatTiles(span, level, tuple((x, y, int(n), corners(cell)) for x, y, n, cell in rows), now)


def _fitting(cells: np.ndarray, counts: np.ndarray, most: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Resolution, hexagons and their incidents; the coarsest resolution when none fits."""
    ids = cells
    for level in LEVELS:
        ids, inverse = np.unique(parent(cells, level), return_inverse=True)
        if len(ids) <= most or level == LEVELS[-1]:
            break
    return level, ids, np.bincount(inverse, counts, len(ids)).astype(np.int64)


def map_view(connection: Connection, rules: PanelRules, scope: Scope, board: Board, tiles: HeatTiles | None) -> MapView:
    """The map with the colours of `board`, without the outlines below it; stations without a position are left out."""
    at = places(connection, scope)
    lines = [line for line in board.lines if line.unit.code in at]
    return MapView(
        ground="",
        stations=tuple((line.unit, *at[line.unit.code], line.overall.colour, line.overall.reason) for line in lines),
        heat=tiles,
        spots=spots(connection, scope, rules.map_spots),
    )


def spots(connection: Connection, scope: Scope, most: int) -> tuple[Spot, ...]:
    """Hot spots that are not closed, those with most incidents first."""
    found = [record for record, _ in stored.records(connection, scope) if record.status not in (CLOSED, WITHDRAWN)]
    placed = [(one, one.facts.lng, one.facts.lat) for one in found]
    made = [Spot(one.facts.name, x, y, one.window_count) for one, x, y in placed if x is not None and y is not None]
    return tuple(sorted(made, key=lambda one: (-(one.count or 0), one.name))[:most])


def ground_shapes(connection: Connection, scope: Scope) -> tuple[Shape, ...]:
    """The outlines below the map: background, districts, stations."""
    return tuple(shape for kind in GROUND_KINDS for shape in shapes(connection, kind, scope))


def ground_digest(found: Sequence[Shape]) -> str:
    """Changes when any outline does."""
    digest = hashlib.blake2b(digest_size=8)
    for shape in found:
        digest.update(f"{shape.kind}\0{shape.code}\0{shape.sketch}\0{shape.geojson}\0".encode())
    return digest.hexdigest()
