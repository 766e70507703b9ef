"""An invented sketch of roads: main roads that join the stations, streets that join a station's hot places."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

DIGITS = 5
"""Digits of all positions of roads, so that a street runs exactly through the places it joins."""
_BOW = 0.07
_MAIN_PARTS, _STREET_PARTS = 10, 3


def main_roads(points: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Slightly curved lines between neighbouring points.

    Args:
        points: longitude and latitude of the stations, shape (n, 2).
    """
    return [_curve(points[a], points[b], _MAIN_PARTS, rng) for a, b in neighbours(points)]


def streets(area: BaseGeometry, points: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Slightly curved lines between neighbouring points, those that stay inside `area`."""
    lines = [_curve(points[a], points[b], _STREET_PARTS, rng) for a, b in neighbours(points)]
    return [line for line in lines if area.contains(shapely.LineString(line))]


def neighbours(points: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of points in whose common circle no third one lies (Gabriel's graph); they join all points.

    >>> neighbours(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]))
    [(0, 1), (1, 2)]
    """
    x = points[:, 0] * np.cos(np.radians(points[:, 1].mean()))
    far = (x[:, None] - x) ** 2 + (points[:, 1][:, None] - points[:, 1]) ** 2
    detour = far[:, :, None] + far[None, :, :]  # from a by way of k to b: detour[a, k, b]
    inside = detour < far[:, None, :] - 1e-15
    joined = ~inside.any(axis=1)
    return [(a, b) for a in range(len(points)) for b in range(a + 1, len(points)) if joined[a, b] and far[a, b] > 0]


def _curve(start: np.ndarray, end: np.ndarray, parts: int, rng: np.random.Generator) -> np.ndarray:
    steps = np.linspace(0, 1, parts + 1)[:, None]
    aside = np.array([start[1] - end[1], end[0] - start[0]]) * rng.uniform(-_BOW, _BOW)
    line = start + (end - start) * steps + aside * 4 * steps * (1 - steps)
    line[0], line[-1] = start, end
    found: np.ndarray = line.round(DIGITS)
    return found


def segments(lines: list[np.ndarray], area: BaseGeometry) -> np.ndarray:
    """The straight pieces of lines that lie inside `area`: x, y of both ends, shape (n, 4)."""
    pieces = np.vstack([np.hstack([line[:-1], line[1:]]) for line in lines])
    drawn = shapely.linestrings(pieces.reshape(-1, 2, 2))
    found: np.ndarray = pieces[shapely.contains(area, drawn)]
    return found
