"""H3 numbers by bit arithmetic against the H3 library."""

from __future__ import annotations

import doctest

import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import hexid

PLACES = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20)


def cells_at(places: list[tuple[float, float]], level: int) -> np.ndarray:
    return np.array([h3.latlng_to_cell(lat, lng, level) for lat, lng in places], dtype=np.uint64)


@settings(deadline=None)
@given(PLACES, st.integers(0, 15), st.integers(0, 15))
def test_a_parent_is_the_librarys_parent(places: list[tuple[float, float]], one: int, other: int) -> None:
    fine, coarse = max(one, other), min(one, other)
    cells = cells_at(places, fine)
    assert hexid.parent(cells, coarse).tolist() == [h3.cell_to_parent(cell, coarse) for cell in cells.tolist()]
    assert hexid.resolution(cells).tolist() == [fine] * len(cells)


@settings(deadline=None)
@given(PLACES, st.integers(0, 15))
def test_text_goes_there_and_back(places: list[tuple[float, float]], level: int) -> None:
    cells = cells_at(places, level)
    texts = hexid.to_text(cells)
    assert texts == [h3.int_to_str(cell) for cell in cells.tolist()]
    back = hexid.from_text(texts)
    assert back.dtype == np.uint64
    assert back.tolist() == cells.tolist()


def test_a_pentagon_has_a_parent_too() -> None:
    for cell in h3.get_pentagons(9):
        found = hexid.parent(np.array([cell], dtype=np.uint64), 4)
        assert found.tolist() == [h3.cell_to_parent(cell, 4)]


def test_a_child_is_not_a_parent() -> None:
    cells = cells_at([(30.0, 120.5)], 7)
    with pytest.raises(ValueError, match="coarser"):
        hexid.parent(cells, 8)
    with pytest.raises(ValueError, match="no such resolution"):
        hexid.parent(cells, 16)
    with pytest.raises(ValueError, match="no such resolution"):
        hexid.parent(cells, -1)


def test_nothing_has_no_parent() -> None:
    none = np.array([], dtype=np.uint64)
    assert hexid.parent(none, 5).tolist() == []
    assert hexid.to_text(none) == []
    assert hexid.from_text([]).dtype == np.uint64


@pytest.mark.parametrize("text", ["", "xyz", "8928308280fffffffff"])
def test_other_text_is_no_cell(text: str) -> None:
    with pytest.raises(ValueError):
        hexid.from_text([text])


def test_the_examples_are_true() -> None:
    found = doctest.testmod(hexid)
    assert found.attempted
    assert not found.failed
