"""GCJ-02 and BD-09 against published points, and there and back again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coordinates import (
    Box,
    Issue,
    bd09_of,
    bd09_of_gcj02,
    gcj02_of,
    judge,
    wgs84_of_bd09,
    wgs84_of_gcj02,
)

LNG = st.floats(75.0, 134.0)
LAT = st.floats(4.0, 53.0)
ARRAYS = st.lists(st.tuples(LNG, LAT), min_size=1, max_size=20)

# Test vectors of googollee/eviltransform: WGS-84 (lng, lat) -> GCJ-02.
EVILTRANSFORM = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two close places on a sphere."""
    east = (one[0] - other[0]) * math.cos(math.radians(one[1])) * 111_320
    return math.hypot(east, (one[1] - other[1]) * 111_320)


def pair(found: tuple[object, object]) -> tuple[float, float]:
    """A place as two plain numbers."""
    return float(found[0]), float(found[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(("wgs", "gcj"), EVILTRANSFORM)
def test_gcj02_agrees_with_published_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert metres(pair(gcj02_of(*wgs)), gcj) < 0.5
    assert metres(pair(wgs84_of_gcj02(*gcj)), wgs) < 0.5


def test_bd09_agrees_with_the_published_point_of_tiananmen() -> None:
    """wandergis/coordtransform: gcj02tobd09(116.404, 39.915)."""
    assert metres(pair(bd09_of_gcj02(116.404, 39.915)), (116.41036949371029, 39.92133699351021)) < 0.01


def test_gcj02_moves_a_place_by_tens_to_hundreds_of_metres() -> None:
    for wgs, _ in EVILTRANSFORM:
        assert 50 < metres(pair(gcj02_of(*wgs)), wgs) < 800


@given(LNG, LAT)
def test_gcj02_there_and_back_is_within_a_millimetre(lng: float, lat: float) -> None:
    assert metres(pair(wgs84_of_gcj02(*gcj02_of(lng, lat))), (lng, lat)) < 0.001


@given(LNG, LAT)
def test_bd09_there_and_back_is_within_a_millimetre(lng: float, lat: float) -> None:
    assert metres(pair(wgs84_of_bd09(*bd09_of(lng, lat))), (lng, lat)) < 0.001


@given(ARRAYS)
def test_arrays_and_single_numbers_give_the_same(places: list[tuple[float, float]]) -> None:
    lng, lat = np.array([p[0] for p in places]), np.array([p[1] for p in places])
    many = wgs84_of_bd09(lng, lat)
    for at, place in enumerate(places):
        assert pair((many[0][at], many[1][at])) == pytest.approx(pair(wgs84_of_bd09(*place)), abs=1e-12)


def test_outside_china_nothing_is_shifted() -> None:
    assert pair(gcj02_of(12.5, 41.9)) == (12.5, 41.9)
    assert pair(wgs84_of_gcj02(12.5, 41.9)) == (12.5, 41.9)


def test_every_kind_of_unusable_place_is_told_apart() -> None:
    box = Box(119.9, 29.7, 120.9, 30.7)
    lng = np.array([120.2, np.nan, 0.0, 200.0, 12.5, np.inf, 30.2])
    lat = np.array([30.2, 30.0, 0.0, 30.0, 41.9, 30.0, 120.2])
    expected = [None, Issue.MISSING, Issue.MISSING, Issue.IMPOSSIBLE, Issue.OUTSIDE, Issue.IMPOSSIBLE, Issue.IMPOSSIBLE]
    assert list(judge(lng, lat, box)) == expected


@given(st.floats(119.9, 120.9), st.floats(29.7, 30.7))
def test_places_inside_the_box_are_usable(lng: float, lat: float) -> None:
    assert list(judge(np.array([lng]), np.array([lat]), Box(119.9, 29.7, 120.9, 30.7))) == [None]
