"""Black spots by rule: at least so many incidents within so many metres (DOMAIN 2.5), and their trend.

The time window is the caller's: it hands over the incidents of `BlackSpotRule.days` days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.map_rules import BlackSpotRule
from domain.metres import metres_a_degree

Metres = npt.NDArray[np.float64]
Indices = npt.NDArray[Any]


@dataclass(frozen=True)
class BlackSpot:
    """Incidents within the rule's radius of one of them.

    Args:
        centre: index of the incident in the middle; of several at the same place the first.
        members: indices of all of them, rising, the centre included.
    """

    centre: int
    members: Indices


def to_metres(lng: Any, lat: Any, origin: tuple[float, float]) -> tuple[Metres, Metres]:
    """Metres east and north of `origin` (lng, lat), equirectangular on WGS-84.

    Distances between places within 20 km of the origin are right to 0.3 % at the latitudes of China:
    30 cm in 100 m.

    >>> east, north = to_metres(np.array([120.59]), np.array([30.01]), (120.58, 30.0))
    >>> round(float(east[0])), round(float(north[0]))
    (965, 1109)
    """
    across, along = metres_a_degree(origin[1])
    east = (np.asarray(lng, dtype=np.float64) - origin[0]) * across
    return east, (np.asarray(lat, dtype=np.float64) - origin[1]) * along


def find(x: Metres, y: Metres, rule: BlackSpotRule) -> list[BlackSpot]:
    """The black spots among incidents, largest first.

    Greedy: the incident with the most others within `rule.radius_m` (edge included) is a centre; it and
    they are a spot if they are at least `rule.incidents`; they are taken out; and so on. Of equals, the
    one further west, then further south, comes first, so the order of the input does not matter.
    Identical places are counted once with a weight, so thousands of incidents at one place cost nothing.

    Args:
        x, y: places in metres, shape (n,), finite.
    """
    from scipy.spatial import cKDTree

    if not len(x):
        return []
    order = np.lexsort((y, x))
    places, first, weight = _places(np.column_stack([x, y])[order])
    tree = cKDTree(places)
    state = _State(places, weight, tree, rule.radius_m)
    members = np.split(order, first[1:])
    return [
        BlackSpot(int(members[centre].min()), np.sort(np.concatenate([members[place] for place in near])))
        for centre, near in state.spots(rule.incidents)
    ]


def _places(points: Metres) -> tuple[Metres, Indices, Indices]:
    """Different places among sorted points, where each begins, and how many points it stands for."""
    new = np.append(True, (points[1:] != points[:-1]).any(axis=1))
    first = np.flatnonzero(new)
    return points[first], first, np.diff(np.append(first, len(points)))


class _State:
    """What is left while spots are taken out; counts are kept true for every place still there."""

    def __init__(self, places: Metres, weight: Indices, tree: Any, radius: float) -> None:
        self._places, self._tree, self._radius = places, tree, radius
        self._left = weight.astype(np.int64)
        self._counts = self._counted()

    def _counted(self) -> Indices:
        """Incidents within the radius of each place; whole neighbourhoods are never held at once."""
        counts = np.empty(len(self._places), dtype=np.int64)
        if (self._left == 1).all():
            counts[:] = self._tree.query_ball_point(self._places, self._radius, return_length=True)
            return counts
        for start in range(0, len(counts), 1024):
            near = self._tree.query_ball_point(self._places[start : start + 1024], self._radius)
            lengths = np.array([len(one) for one in near])
            sums = np.append(0, np.cumsum(self._left[np.fromiter(chain.from_iterable(near), np.int64)]))
            ends = np.cumsum(lengths)
            counts[start : start + 1024] = sums[ends] - sums[ends - lengths]
        return counts

    def spots(self, least: int) -> list[tuple[int, Indices]]:
        """Centre and members of each spot, as places. A heap's entry that is out of date is put back."""
        heap = [(-int(self._counts[place]), place) for place in np.flatnonzero(self._counts >= least).tolist()]
        heapify(heap)
        found = []
        while heap:
            count, place = heappop(heap)
            true = int(self._counts[place])
            if not self._left[place] or true < least:
                continue
            if true < -count:
                heappush(heap, (-true, place))
                continue
            found.append((place, self._take(place)))
        return found

    def _take(self, place: int) -> Indices:
        near = np.array(self._tree.query_ball_point(self._places[place], self._radius), dtype=np.int64)
        near = near[self._left[near] > 0]
        touched = self._tree.query_ball_point(self._places[near], self._radius)
        lengths = [len(one) for one in touched]
        named = np.fromiter(chain.from_iterable(touched), np.int64, sum(lengths))
        np.subtract.at(self._counts, named, np.repeat(self._left[near], lengths))
        self._left[near] = 0
        return near


def counts_around(centres: Metres, points: tuple[Metres, Metres], radius: float) -> Indices:
    """How many of the points lie within the radius (edge included) of each centre.

    Args:
        centres: metres, shape (m, 2). points: x and y in metres, shape (n,) each, finite.

    Returns:
        int64, shape (m,).

    >>> counts_around(np.zeros((1, 2)), (np.array([0.0, 100.0, 101.0]), np.zeros(3)), 100.0).tolist()
    [2]
    """
    from scipy.spatial import cKDTree

    if not len(centres) or not len(points[0]):
        return np.zeros(len(centres), dtype=np.int64)
    tree = cKDTree(np.column_stack(points))
    return np.asarray(tree.query_ball_point(centres, radius, return_length=True), dtype=np.int64)


def trend(now: int, before: Sequence[int], least: int) -> str:
    """How a place came to be hot.

    Args:
        now: incidents in this window. before: in the windows before it, newest first; may be empty.
        least: from how many incidents a window is hot.

    Returns:
        "emerging" hot now and not in the window before; "persistent" hot in both; "fading" hot in the
        window before only; "" hot in neither.

    >>> trend(6, (2, 9), 5), trend(6, (5,), 5), trend(4, (5,), 5), trend(4, (), 5)
    ('emerging', 'persistent', 'fading', '')
    """
    hot, was = now >= least, bool(before) and before[0] >= least
    if hot:
        return "persistent" if was else "emerging"
    return "fading" if was else ""
