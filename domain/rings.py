"""Distance rings around a point (警情圈层): how many incidents lie between two radii."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import pi

import numpy as np

from domain.heat import Ring
from domain.incidents import MICRO, Frame
from domain.metres import distances_m


def ring_distances(frame: Frame, chosen: np.ndarray, point: tuple[float, float]) -> np.ndarray:
    """Metres from `point` (lng, lat) to the chosen incidents of a frame that has places; far for those off the map."""
    assert frame.lng is not None
    assert frame.lat is not None
    found = distances_m(frame.lng[chosen] / MICRO, frame.lat[chosen] / MICRO, point)
    return np.where(frame.cell[chosen] >= 0, found, np.inf)


def rings(radii: Sequence[float], now: Iterable[np.ndarray], base: Iterable[np.ndarray] | None) -> tuple[Ring, ...]:
    """Counts between the radii.

    Args:
        radii: metres, rising. now, base: distances of the incidents of either period, in pieces.
    """
    edges = np.array([0.0, *radii])
    counts = _histogram(edges, now)
    before = _histogram(edges, base) if base is not None else None
    return tuple(
        Ring(
            inner=float(inner),
            outer=float(outer),
            now=int(counts[number]),
            base=int(before[number]) if before is not None else None,
            per_km2=float(counts[number] / (pi * (outer**2 - inner**2) / 1e6)),
        )
        for number, (inner, outer) in enumerate(pairwise(edges))
    )


def _histogram(edges: np.ndarray, pieces: Iterable[np.ndarray]) -> np.ndarray:
    total = np.zeros(len(edges) - 1, dtype=np.int64)
    for distances in pieces:
        total += np.histogram(distances[distances <= edges[-1]], edges)[0]
    return total
