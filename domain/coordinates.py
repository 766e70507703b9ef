"""Coordinate systems met in imports, and whether a place can be true.

Longitude is x and latitude is y throughout, in degrees, as 110 systems write them (DOMAIN 6). WGS-84
and CGCS2000 agree for this use (DOMAIN 4). GCJ-02 is the shifted system of public Chinese maps, BD-09
shifts GCJ-02 once more. Both shifts are published as forward formulas only; the way back is found by
iteration and agrees with the forward formula within 1e-9 degree (0.1 mm). How well the formula itself
agrees with a provider's map is another matter: published point pairs differ by up to about 2 m.
All functions take numbers or numpy arrays of equal shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]

_AXIS = 6378245.0  # Krasovsky 1940, metres
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_STEPS = 5


class Issue(StrEnum):
    """Why a place cannot be used on a map."""

    MISSING = "missing"
    IMPOSSIBLE = "impossible"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle in which a deployment's places lie, in degrees WGS-84, edges included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lng: Any, lat: Any) -> Any:
        """True where the place lies inside. NaN is never inside.

        >>> bool(Box(119.9, 29.7, 120.9, 30.7).holds(120.2, 30.2))
        True
        """
        return (lng >= self.west) & (lng <= self.east) & (lat >= self.south) & (lat <= self.north)


def in_china(lng: Any, lat: Any) -> Any:
    """True in the rectangle where GCJ-02 is shifted at all; the published formula uses this rectangle."""
    return (lng >= 72.004) & (lng <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _ripple(lng: Any) -> Any:
    return (20.0 * np.sin(6.0 * lng * np.pi) + 20.0 * np.sin(2.0 * lng * np.pi)) * 2.0 / 3.0


def _shift_lat(x: Any, y: Any) -> Any:
    smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    tides = (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    swell = (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    return smooth + _ripple(x) + tides + swell


def _shift_lng(x: Any, y: Any) -> Any:
    smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    tides = (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    swell = (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    return smooth + _ripple(x) + tides + swell


def gcj02_of(lng: Any, lat: Any) -> tuple[Any, Any]:
    """WGS-84 to GCJ-02. Outside China the place is returned unchanged."""
    inside = in_china(lng, lat)
    angle = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(angle) ** 2
    root = np.sqrt(magic)
    north = _shift_lat(lng - 105.0, lat - 35.0) * 180.0
    east = _shift_lng(lng - 105.0, lat - 35.0) * 180.0
    north = north / ((_AXIS * (1.0 - _ECCENTRICITY2)) / (magic * root) * np.pi)
    east = east / (_AXIS / root * np.cos(angle) * np.pi)
    return np.where(inside, lng + east, lng), np.where(inside, lat + north, lat)


def wgs84_of_gcj02(lng: Any, lat: Any) -> tuple[Any, Any]:
    """GCJ-02 to WGS-84, by iteration."""
    return _undo(gcj02_of, lng, lat)


def bd09_of_gcj02(lng: Any, lat: Any) -> tuple[Any, Any]:
    """GCJ-02 to BD-09."""
    radius = np.hypot(lng, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lng) + 0.000003 * np.cos(lng * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_of(lng: Any, lat: Any) -> tuple[Any, Any]:
    """WGS-84 to BD-09."""
    return bd09_of_gcj02(*gcj02_of(lng, lat))


def wgs84_of_bd09(lng: Any, lat: Any) -> tuple[Any, Any]:
    """BD-09 to WGS-84, by iteration."""
    return wgs84_of_gcj02(*_undo(bd09_of_gcj02, lng, lat))


def _undo(forward: Any, lng: Any, lat: Any) -> tuple[Any, Any]:
    """The place that `forward` moves to (lng, lat); each step lowers the error about a thousandfold."""
    x, y = lng, lat
    for _ in range(_STEPS):
        moved_x, moved_y = forward(x, y)
        x, y = x + (lng - moved_x), y + (lat - moved_y)
    return x, y


def judge(lng: Degrees, lat: Degrees, box: Box) -> npt.NDArray[np.object_]:
    """Per place: None where it is usable, else an `Issue`.

    Args:
        lng, lat: WGS-84; NaN where the file has no number.

    A place at exactly (0, 0) is what systems write for "unknown" and counts as missing.
    """
    issues = np.full(lng.shape, None, dtype=object)
    issues[~box.holds(lng, lat)] = Issue.OUTSIDE
    issues[(np.abs(lng) > 180.0) | (np.abs(lat) > 90.0) | np.isinf(lng) | np.isinf(lat)] = Issue.IMPOSSIBLE
    issues[np.isnan(lng) | np.isnan(lat) | ((lng == 0.0) & (lat == 0.0))] = Issue.MISSING
    return issues
