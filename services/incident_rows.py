"""The incidents behind a number: pages of rows, and single points of a part of the map."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from data_access.engine import reading
from data_access.readers.incidents import rows_of
from domain.access import Scope
from domain.errors import NotFound
from domain.heat import Asked
from domain.incident_filter import SEVERITIES, Filter
from domain.incident_views import Point, PointsView, RowsView
from domain.incidents import MICRO, Codes, Frame, minute_at
from domain.span import Span
from domain.tally import chosen, pick
from services.board import standing
from services.cell import MOST_ROWS
from services.ground import Ground, looker

PERSONAL = ("content",)
"""Free text in which names may stand; shown only to those who may see personal data."""
Box = tuple[float, float, float, float]


def rows_view(
    ground: Ground, scope: Scope, asked: Asked, as_of: datetime, *, page: int = 1, size: int = 50
) -> RowsView:
    """One page of the incidents that the span and filter hold, newest first.

    Raises:
        NotFound: the viewer may not see single rows.
    """
    if not scope.sees_rows:
        raise NotFound("error.page_unknown")
    page, size = max(1, page), min(max(1, size), MOST_ROWS)
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        found = look.frames(asked.span, places=asked.filter.needs_places)
        kinds = look.kind_numbers(asked.span)
        refs, total = pick(found, asked.filter, look.districts, kinds, page=page, size=size)
        columns, rows = rows_of(connection, refs, scope)
        return RowsView(
            board=standing(connection, ground.catalogue, as_of),
            asked=asked,
            columns=columns,
            rows=rows if scope.sees_personal_data else _without(columns, rows),
            total=total,
            page=page,
            size=size,
        )


def _without(columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...]) -> tuple[tuple[object, ...], ...]:
    hidden = {columns.index(name) for name in PERSONAL if name in columns}
    return tuple(tuple(None if n in hidden else value for n, value in enumerate(row)) for row in rows)


def points_view(ground: Ground, scope: Scope, span: Span, wanted: Filter, box: Box) -> PointsView:
    """Single incidents inside a box of the map, at most `rules.most_points` of them.

    Args:
        box: west, south, east, north; degrees.

    Raises:
        NotFound: the viewer may not see single incidents.
    """
    if not scope.sees_rows:
        raise NotFound("error.page_unknown")
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        found, kinds = look.frames(span, places=True), look.kind_numbers(span)
        pieces = [
            (part, _inside(part, chosen(part, found.codes, wanted, look.districts, kinds), box)) for part in found.parts
        ]
    total = sum(len(inside) for _, inside in pieces)
    points: list[Point] = []
    for part, inside in reversed(pieces):
        room = ground.rules.most_points - len(points)
        points.extend(_points(part, inside[::-1][:room], found.codes))
    return PointsView(tuple(points), total)


def _inside(part: Frame, mine: np.ndarray, box: Box) -> np.ndarray:
    assert part.lng is not None
    assert part.lat is not None
    west, south, east, north = (round(edge * MICRO) for edge in box)
    lng, lat = part.lng[mine], part.lat[mine]
    here = (part.cell[mine] >= 0) & (lng >= west) & (lng <= east) & (lat >= south) & (lat <= north)
    found: np.ndarray = mine[here]
    return found


def _points(part: Frame, mine: np.ndarray, codes: Codes) -> list[Point]:
    assert part.lng is not None
    assert part.lat is not None
    columns = (part.lng[mine], part.lat[mine], part.minute[mine], part.kind[mine], part.severity[mine])
    return [
        Point(lng / MICRO, lat / MICRO, minute_at(minute), codes.kinds[kind][0], SEVERITIES[severity])
        for lng, lat, minute, kind, severity in zip(*(column.tolist() for column in columns), strict=True)
    ]
