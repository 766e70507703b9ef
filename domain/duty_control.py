"""Which kind of patrol suits a cell: 定人守点 (point), 铁骑管线 (line) or 视频巡面 (area)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from domain.metres import metres_a_degree

POINT, LINE, AREA = "point", "line", "area"
NEAR_M = 100.0
MAJORITY = 0.5
LEAST = 2


def control(places: Sequence[tuple[float, float]], roads: Iterable[str | None]) -> str:
    """How to patrol a cell, by how concentrated its incidents are.

    Args:
        places: (lng, lat) of the incidents, degrees. roads: their road each, None where unknown.

    Returns:
        "point" when at least half of them, and two, lie within 100 m of one of them: an officer who stays;
        else "line" when at least half, and two, are on one road: motorcycles along it; else "area": cameras
        over the whole cell.
    """
    if _majority(most_near(places), len(places)):
        return POINT
    named = list(roads)
    known = Counter(road for road in named if road)
    return LINE if known and _majority(max(known.values()), len(named)) else AREA


def most_near(places: Sequence[tuple[float, float]]) -> int:
    """The most of the places that lie within 100 m of one of them, itself counted."""
    if not places:
        return 0
    degrees = np.array(places, dtype=float)
    metres = degrees * metres_a_degree(float(degrees[:, 1].mean()))
    apart = np.hypot(*(metres[:, None] - metres[None]).transpose(2, 0, 1))
    return int((apart <= NEAR_M).sum(axis=1).max())


def _majority(count: int, total: int) -> bool:
    return count >= max(LEAST, MAJORITY * total)
