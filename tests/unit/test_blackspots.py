"""Black spots by rule against plain counting, and their trend."""

from __future__ import annotations

import doctest
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from domain import blackspots
from domain.blackspots import BlackSpot, counts_around, find, to_metres, trend
from domain.map_rules import BlackSpotRule

RULE = BlackSpotRule(incidents=5, radius_m=100, days=90, class_code="accident")
STEP = st.integers(-8, 8).map(lambda value: value * 20.0)
POINTS = st.lists(st.tuples(STEP, STEP), max_size=60)


def spots_of(points: list[tuple[float, float]], rule: BlackSpotRule = RULE) -> list[BlackSpot]:
    places = np.array(points, dtype=float).reshape(-1, 2)
    return find(places[:, 0], places[:, 1], rule)


def near(one: tuple[float, float], other: tuple[float, float], rule: BlackSpotRule) -> bool:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 <= rule.radius_m**2


def plainly(points: list[tuple[float, float]], rule: BlackSpotRule) -> list[tuple[tuple[float, float], list]]:
    """The rule as it is written, by counting all pairs again at every step."""
    left, found = sorted(points), []
    while left:
        counts = [sum(near(one, other, rule) for other in left) for one in left]
        best = counts.index(max(counts))
        if counts[best] < rule.incidents:
            break
        centre = left[best]
        found.append((centre, [one for one in left if near(centre, one, rule)]))
        left = [one for one in left if not near(centre, one, rule)]
    return found


@settings(deadline=None)
@given(POINTS, st.integers(2, 6), st.sampled_from([20.0, 60.0, 100.0]))
def test_spots_are_those_of_the_rule_as_it_is_written(points: list, least: int, radius: float) -> None:
    rule = BlackSpotRule(least, radius, 90, "accident")
    found = [(points[spot.centre], sorted(points[i] for i in spot.members)) for spot in spots_of(points, rule)]
    assert found == plainly(points, rule)


@settings(deadline=None)
@given(POINTS)
def test_a_spot_is_large_enough_alone_and_leaves_none_behind(points: list) -> None:
    found = spots_of(points)
    taken = [int(member) for spot in found for member in spot.members]
    assert len(taken) == len(set(taken))
    for spot in found:
        assert len(spot.members) >= RULE.incidents
        assert spot.centre in spot.members
        assert all(near(points[spot.centre], points[member], RULE) for member in spot.members)
    left = [point for index, point in enumerate(points) if index not in set(taken)]
    assert all(sum(near(one, other, RULE) for other in left) < RULE.incidents for one in left)
    sizes = [len(spot.members) for spot in found]
    assert sizes == sorted(sizes, reverse=True)


@settings(deadline=None)
@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(points: list, shuffler: object) -> None:
    other = list(points)
    shuffler.shuffle(other)  # type: ignore[attr-defined]

    def told(given_points: list) -> list:
        return [
            (given_points[spot.centre], sorted(given_points[i] for i in spot.members))
            for spot in spots_of(given_points)
        ]

    assert told(points) == told(other)


@settings(deadline=None)
@given(POINTS, st.lists(st.tuples(STEP, STEP), max_size=5))
def test_counts_around_are_plain_counts(points: list, centres: list) -> None:
    places = np.array(points, dtype=float).reshape(-1, 2)
    found = counts_around(np.array(centres, dtype=float).reshape(-1, 2), (places[:, 0], places[:, 1]), 100.0)
    assert found.tolist() == [sum(near(centre, point, RULE) for point in points) for centre in centres]


def test_four_are_no_spot_and_the_edge_belongs_to_it() -> None:
    assert spots_of([(0.0, 0.0)] * 4) == []
    five = [(0.0, 0.0)] * 3 + [(100.0, 0.0), (0.0, -100.0)]
    assert [spot.members.tolist() for spot in spots_of(five)] == [[0, 1, 2, 3, 4]]
    assert spots_of([*five[:-1], (0.0, -100.01)]) == []
    assert spots_of([]) == []


@pytest.mark.parametrize("case", ["spread", "crowded", "one place", "few places"])
def test_ten_times_the_incidents_take_far_less_than_a_hundred_times_as_long(case: str) -> None:
    rng = np.random.default_rng(1)
    x, y = {
        "spread": lambda: rng.uniform(0, 10_000, (2, 100_000)),
        "crowded": lambda: (
            rng.normal(0, 1, (2, 100_000)) * 20 + rng.uniform(0, 15_000, (2, 2000))[:, np.arange(100_000) % 2000]
        ),
        "one place": lambda: np.zeros((2, 100_000)),
        "few places": lambda: rng.uniform(0, 2000, (2, 500))[:, np.arange(100_000) % 500],
    }[case]()
    found, spent = _timed(x, y)
    few = np.arange(10_000) * 10
    assert spent < 40 * max(_timed(x[few], y[few])[1], 0.005)
    assert found
    taken = np.concatenate([spot.members for spot in found])
    assert len(taken) == len(np.unique(taken))


def _timed(x: np.ndarray, y: np.ndarray) -> tuple[tuple, float]:
    start = process_time()
    found = find(x, y, RULE)
    return found, process_time() - start


@settings(deadline=None)
@given(st.floats(-0.15, 0.15), st.floats(-0.13, 0.13), st.floats(0, 360), st.floats(1, 500))
def test_metres_are_metres(east: float, north: float, course: float, distance: float) -> None:
    """Against the geodesic on the ellipsoid, up to 20 km from the origin."""
    origin = (120.58, 30.0)
    lng, lat = origin[0] + east, origin[1] + north
    other_lng, other_lat, _ = Geod(ellps="WGS84").fwd(lng, lat, course, distance)
    x, y = to_metres(np.array([lng, other_lng]), np.array([lat, other_lat]), origin)
    assert float(np.hypot(x[1] - x[0], y[1] - y[0])) == pytest.approx(distance, rel=0.003)


@pytest.mark.parametrize(
    ("now", "before", "name"),
    [
        (5, (4,), "emerging"),
        (5, (), "emerging"),
        (5, (0, 9), "emerging"),
        (9, (5, 0), "persistent"),
        (4, (5,), "fading"),
        (0, (50, 50), "fading"),
        (4, (4, 9), ""),
        (0, (), ""),
    ],
)
def test_a_trend_looks_at_this_window_and_the_one_before(now: int, before: tuple[int, ...], name: str) -> None:
    assert trend(now, before, 5) == name


def test_the_examples_are_true() -> None:
    found = doctest.testmod(blackspots)
    assert found.attempted
    assert not found.failed
