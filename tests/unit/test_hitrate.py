"""PAI and PEI of a map of hot hexagons."""

from __future__ import annotations

import doctest
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import hitrate
from domain.hitrate import hit_rate

MAPS = st.lists(st.tuples(st.booleans(), st.integers(0, 50)), min_size=1, max_size=30)


def rate_of(cells: list[tuple[bool, int]]) -> hitrate.Rate:
    hot, counts = zip(*cells, strict=True)
    return hit_rate(np.array(hot), np.array(counts))


@settings(deadline=None)
@given(MAPS)
def test_rates_stay_within_their_bounds(cells: list[tuple[bool, int]]) -> None:
    found = rate_of(cells)
    assert found.total == sum(count for _, count in cells)
    assert found.hits == sum(count for is_hot, count in cells if is_hot)
    assert 0 <= found.area_share <= 1
    if not any(is_hot for is_hot, _ in cells) or not found.total:
        assert found.pai is None
        assert found.pei is None
        return
    assert found.pai is not None
    assert found.pei is not None
    assert 0 <= found.pei <= 1
    assert 0 <= found.pai <= 1 / found.area_share + 1e-9
    assert found.pai == pytest.approx(found.hits / found.total / found.area_share)


@settings(deadline=None)
@given(MAPS)
def test_calling_everything_hot_is_chance(cells: list[tuple[bool, int]]) -> None:
    found = rate_of([(True, count) for _, count in cells])
    assert (found.pai, found.pei) == ((None, None) if not found.total else (pytest.approx(1.0), 1.0))


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=7), st.data())
def test_pei_compares_with_the_best_of_all_maps_of_that_size(counts: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(counts)))
    rates = []
    for chosen in combinations(range(len(counts)), size):
        hot = np.zeros(len(counts), dtype=bool)
        hot[list(chosen)] = True
        rates.append(hit_rate(hot, np.array(counts)))
    if not sum(counts):
        return
    best = max(rate.pai for rate in rates if rate.pai is not None)
    for rate in rates:
        assert rate.pei == pytest.approx((rate.pai or 0) / best)
    assert max(rate.pei or 0 for rate in rates) == 1.0


@pytest.mark.parametrize(
    ("hot", "counts", "pai", "pei"),
    [
        ([1, 0, 0, 0], [10, 0, 0, 0], 4.0, 1.0),
        ([0, 1, 0, 0], [10, 0, 0, 0], 0.0, 0.0),
        ([1, 1, 0, 0], [1, 1, 1, 1], 1.0, 1.0),
        ([0, 0], [5, 5], None, None),
        ([1, 0], [0, 0], None, None),
        ([], [], None, None),
    ],
)
def test_by_table(hot: list[int], counts: list[int], pai: float | None, pei: float | None) -> None:
    found = hit_rate(np.array(hot, dtype=bool), np.array(counts, dtype=np.int64))
    assert (found.pai, found.pei) == (pai, pei)


def test_one_count_for_each_hexagon() -> None:
    with pytest.raises(ValueError, match="one count"):
        hit_rate(np.array([True]), np.array([1, 2]))


def test_the_examples_are_true() -> None:
    found = doctest.testmod(hitrate)
    assert found.attempted
    assert not found.failed
