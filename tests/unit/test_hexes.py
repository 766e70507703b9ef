"""Centres, neighbours, outlines and areas of hexagons against the H3 library and plain geometry."""

from __future__ import annotations

import json
from time import process_time

import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box, mapping

from services import hexes

SHAOXING = (120.58, 30.0)


def disk(radius: int, lng: float = SHAOXING[0], lat: float = SHAOXING[1], level: int = 9) -> np.ndarray:
    return np.sort(np.array(h3.grid_disk(h3.latlng_to_cell(lat, lng, level), radius), dtype=np.uint64))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 15)), max_size=20))
def test_centres_are_the_librarys_in_the_order_asked(places: list[tuple[float, float, int]]) -> None:
    cells = np.array([h3.latlng_to_cell(lat, lng, level) for lng, lat, level in places], dtype=np.uint64)
    lng, lat = hexes.centres(cells)
    assert list(zip(lat.tolist(), lng.tolist(), strict=True)) == [h3.cell_to_latlng(cell) for cell in cells.tolist()]


def test_twenty_thousand_known_centres_cost_next_to_nothing() -> None:
    cells = disk(81)[:20_000]
    hexes.centres(cells)
    spent = []
    for _ in range(5):
        start = process_time()
        hexes.centres(cells)
        spent.append(process_time() - start)
    assert min(spent) < 0.005


def test_a_full_memory_starts_anew_and_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = hexes._Centres()
    monkeypatch.setattr(hexes, "MOST_KNOWN", 10)
    first, second = disk(1), disk(2, 12.5, 41.9)
    for cells in (first, second, np.concatenate([first, second])):
        assert memory.of(cells).tolist() == [list(h3.cell_to_latlng(cell))[::-1] for cell in cells.tolist()]


def test_neighbours_are_the_librarys_and_self_comes_first() -> None:
    cells = disk(4)
    table = hexes.neighbours(cells)
    assert table.shape == (61, 7)
    assert table[:, 0].tolist() == list(range(61))
    place = {cell: row for row, cell in enumerate(cells.tolist())}
    for row, cell in enumerate(cells.tolist()):
        expected = sorted(place.get(other, -1) for other in h3.grid_ring(cell, 1))
        assert sorted(table[row, 1:].tolist()) == expected
    assert (table[:, 1:] == -1).sum() == 6 * 9 - 6 + 6  # the outer ring of 24: 6 corners miss 3, 18 edges miss 2


def test_touching_goes_both_ways() -> None:
    cells = disk(5)[::2]
    table = hexes.neighbours(cells)
    pairs = {(row, other) for row in range(len(cells)) for other in table[row, 1:].tolist() if other >= 0}
    assert pairs
    assert pairs == {(other, row) for row, other in pairs}


def test_a_pentagon_has_five_neighbours() -> None:
    cells = np.sort(np.array(h3.grid_disk(h3.get_pentagons(9)[0], 1), dtype=np.uint64))
    table = hexes.neighbours(cells)
    assert sorted((table >= 0).sum(axis=1).tolist()) == [4, 4, 4, 4, 4, 6]


def test_neighbours_are_remembered_and_cannot_be_spoilt() -> None:
    cells = disk(2)
    assert hexes.neighbours(cells) is hexes.neighbours(cells.copy())
    with pytest.raises(ValueError):
        hexes.neighbours(cells)[0, 0] = 5


def test_neighbours_of_nothing_and_of_disorder() -> None:
    assert hexes.neighbours(np.array([], dtype=np.uint64)).shape == (0, 7)
    with pytest.raises(ValueError, match="rise"):
        hexes.neighbours(disk(1)[::-1])


def inside(shape: Polygon) -> set[int]:
    """By the centres of all hexagons around, one by one."""
    middle = shape.centroid
    near = h3.grid_disk(h3.latlng_to_cell(middle.y, middle.x, 9), 40)
    return {cell for cell in near if shape.contains(Point(*h3.cell_to_latlng(cell)[::-1]))}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03)), min_size=3, max_size=6, unique=True))
def test_a_study_area_holds_the_hexagons_whose_centre_is_inside(corners: list[tuple[float, float]]) -> None:
    hull = Polygon([(SHAOXING[0] + x, SHAOXING[1] + y) for x, y in corners]).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 1e-6:
        return
    found = hexes.study_area([json.dumps(mapping(hull))], 9)
    assert found.broken == ()
    assert set(found.cells.tolist()) == inside(hull)
    assert (np.diff(found.cells.astype(np.int64)) > 0).all()


def square(west: float, south: float, side: float) -> dict:
    return mapping(box(west, south, west + side, south + side))


def test_shapes_are_joined_holes_left_out_and_features_read() -> None:
    one, other = square(120.50, 30.0, 0.02), square(120.51, 30.0, 0.02)
    both = hexes.study_area([json.dumps(one), json.dumps(other)], 9).cells
    parts = [inside(box(120.50, 30.0, 120.52, 30.02)), inside(box(120.51, 30.0, 120.53, 30.02))]
    assert set(both.tolist()) == parts[0] | parts[1]
    feature = {"type": "Feature", "properties": {}, "geometry": one}
    collection = {"type": "FeatureCollection", "features": [feature, feature | {"geometry": other}]}
    assert hexes.study_area([json.dumps(collection)], 9).cells.tolist() == both.tolist()
    ring = box(120.5, 30.0, 120.53, 30.03).difference(box(120.51, 30.01, 120.52, 30.02))
    assert set(hexes.study_area([json.dumps(mapping(ring))], 9).cells.tolist()) == inside(ring)


BROKEN = [
    "",
    "not json",
    "[]",
    "null",
    "{}",
    '{"type": "Point", "coordinates": [120, 30]}',
    '{"type": "Polygon", "coordinates": []}',
    '{"type": "Polygon", "coordinates": [[[120, 30], [121, 31]]]}',
    '{"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], [1, 1]]]}',
    '{"type": "Polygon", "coordinates": [[[NaN, 30], [120.1, 30], [120.1, 30.1], [NaN, 30]]]}',
    json.dumps(square(500_000.0, 3_300_000.0, 1000.0)),
    json.dumps(square(-170.0, -80.0, 150.0)),
    '{"type": "Feature", "properties": {}, "geometry": null}',
    '{"type": "FeatureCollection", "features": []}',
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_shape_is_left_out_and_named(text: str) -> None:
    good = json.dumps(square(120.5, 30.0, 0.02))
    found = hexes.study_area([good, text, good], 9)
    assert found.broken == (1,)
    assert found.cells.tolist() == hexes.study_area([good], 9).cells.tolist()
    assert len(found.cells)


def test_a_shape_that_crosses_itself_is_read_by_even_and_odd() -> None:
    bow = [[120.5, 30.0], [120.54, 30.04], [120.54, 30.0], [120.5, 30.04], [120.5, 30.0]]
    found = hexes.study_area([json.dumps({"type": "Polygon", "coordinates": [bow]})], 9)
    left = Polygon([(120.5, 30.0), (120.52, 30.02), (120.5, 30.04)])
    right = Polygon([(120.54, 30.0), (120.52, 30.02), (120.54, 30.04)])
    assert found.broken == ()
    assert set(found.cells.tolist()) == inside(left) | inside(right)


def test_areas_are_remembered_and_resolutions_kept_apart() -> None:
    shape = json.dumps(square(120.5, 30.0, 0.05))
    assert hexes.study_area([shape], 9).cells is hexes.study_area([shape], 9).cells
    assert len(hexes.study_area([shape], 8).cells) < len(hexes.study_area([shape], 9).cells)
    assert hexes.study_area([], 9).cells.tolist() == []


def test_the_memory_forgets_the_oldest() -> None:
    memory: hexes._Recent[int] = hexes._Recent(2)
    made: list[str] = []
    for key in ("a", "b", "a", "c", "a", "b"):
        memory.get(key, lambda key=key: made.append(key) or len(made))
    assert made == ["a", "b", "c", "b"]


@pytest.mark.parametrize("level", [7, 8, 9])
def test_a_place_lies_in_the_hexagon_that_h3_names(level: int) -> None:
    assert hexes.cell_of(*SHAOXING, level) == h3.latlng_to_cell(SHAOXING[1], SHAOXING[0], level)


def test_hexagons_of_a_place_differ_from_the_mean() -> None:
    assert hexes.area_km2(9) == pytest.approx(0.1053, abs=1e-4)
    assert hexes.area_km2(9, SHAOXING) / hexes.area_km2(9) == pytest.approx(0.776, abs=0.005)
    assert hexes.area_km2(8, SHAOXING) == pytest.approx(7 * hexes.area_km2(9, SHAOXING), rel=0.01)
