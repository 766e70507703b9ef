"""Metres on the ground: the one place that turns degrees into distances.

Equirectangular on the WGS-84 ellipsoid around a latitude. Distances between places within 20 km of it are
right to 0.3 % at the latitudes of China: 30 cm in 100 m.
"""

from __future__ import annotations

from math import cos, radians, sin, sqrt
from typing import Any

import numpy as np

_AXIS = 6_378_137.0
_ECCENTRICITY2 = 0.006_694_379_990_14


def metres_a_degree(lat: float) -> tuple[float, float]:
    """Metres of one degree of longitude and of one degree of latitude, at a latitude in degrees.

    >>> [round(one) for one in metres_a_degree(30.0)]
    [96486, 110852]
    """
    bent = 1 - _ECCENTRICITY2 * sin(radians(lat)) ** 2
    east = radians(1) * _AXIS / sqrt(bent) * cos(radians(lat))
    return east, radians(1) * _AXIS * (1 - _ECCENTRICITY2) / bent**1.5


def distances_m(lng: Any, lat: Any, point: tuple[float, float]) -> np.ndarray:
    """Metres from `point` (lng, lat) to places given in degrees, shape of `lng`."""
    east, north = metres_a_degree(point[1])
    found: np.ndarray = np.hypot((lng - point[0]) * east, (lat - point[1]) * north)
    return found
