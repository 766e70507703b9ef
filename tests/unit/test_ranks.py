"""Ranks by chance: computed without drawing, the same as drawn; none is certain that the data do not make so."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ranks
from domain.ranks import rank_chances, rank_ranges

UNITS = st.lists(st.tuples(st.integers(0, 300), st.just(0.0) | st.floats(0.01, 50)), min_size=1, max_size=30)


def drawn(counts: np.ndarray, exposure: np.ndarray, dispersion: float, draws: int = 40_000) -> np.ndarray:
    rng, n = np.random.default_rng(1), len(counts)
    rates = rng.gamma(counts / dispersion + 0.5, dispersion / exposure, (draws, n))
    places = (-rates).argsort(axis=1).argsort(axis=1)
    return np.stack([np.bincount(places[:, unit], minlength=n) for unit in range(n)]) / draws


@pytest.mark.parametrize("n", [2, 5, 23, 60])
@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_chances_are_those_of_drawing(n: int, dispersion: float) -> None:
    rng = np.random.default_rng(n)
    exposure = rng.gamma(2, 3, n) + 0.05
    counts = rng.poisson(rng.gamma(20, 0.5, n) * exposure)
    assert rank_chances(counts, exposure, dispersion) == pytest.approx(drawn(counts, exposure, dispersion), abs=0.012)


@settings(deadline=None)
@given(UNITS, st.floats(1, 8))
def test_chances_add_up_for_every_unit_and_every_rank(units: list, dispersion: float) -> None:
    counts, exposure = (np.array(part) for part in zip(*units, strict=True))
    found = rank_chances(counts, exposure, dispersion)
    known = exposure > 0
    assert found.min() >= -1e-12
    assert found.sum(axis=1) == pytest.approx(known.astype(float))
    assert found.sum(axis=0) == pytest.approx((np.arange(len(counts)) < known.sum()).astype(float), abs=0.02)


@settings(deadline=None)
@given(UNITS, st.floats(1, 8))
def test_ranges_lie_among_the_known_units_and_hold_the_chance_they_say(units: list, dispersion: float) -> None:
    counts, exposure = (np.array(part) for part in zip(*units, strict=True))
    chances, known = rank_chances(counts, exposure, dispersion), int((exposure > 0).sum())
    for unit, found in enumerate(rank_ranges(counts, exposure, dispersion)):
        assert (found is None) == (exposure[unit] == 0)
        if found is not None:
            assert 1 <= found[0] <= found[1] <= known
            assert chances[unit, found[0] - 1 : found[1]].sum() >= 0.95 - 1e-9


def test_plain_differences_have_plain_ranks_and_small_units_have_none() -> None:
    assert rank_ranges([9000, 5000, 2000], [10, 10, 10]) == ((1, 1), (2, 2), (3, 3))
    assert rank_ranges([52, 50, 48, 51], [5, 5, 5, 5]) == ((1, 4),) * 4
    assert rank_ranges([9000, 5000, 2000, 1], [10, 10, 10, 0.002])[3] == (1, 4)


def test_dispersion_makes_ranges_wider() -> None:
    counts, exposure = [140, 120, 100, 80, 60], [10] * 5
    plain, wide = rank_ranges(counts, exposure), rank_ranges(counts, exposure, 5.0)
    assert all(b[0] <= a[0] and b[1] >= a[1] for a, b in zip(plain, wide, strict=True) if a and b)
    assert sum(b[1] - b[0] for b in wide if b) > sum(a[1] - a[0] for a in plain if a)


def test_the_true_rank_is_inside_as_often_as_said() -> None:
    rng = np.random.default_rng(6)
    inside = []
    for _ in range(150):
        truth, exposure = rng.gamma(25, 0.4, 20), rng.gamma(3, 5, 20) + 1
        found = rank_ranges(rng.poisson(truth * exposure), exposure)
        place = (-truth).argsort().argsort() + 1
        inside += [first <= rank <= last for (first, last), rank in zip(found, place, strict=True)]  # type: ignore[misc]
    assert 0.93 < np.mean(inside) <= 1


def test_nobody_to_rank() -> None:
    assert rank_ranges([], []) == ()
    assert rank_ranges([4, 5], [0, None]) == (None, None)
    assert rank_ranges([4], [2]) == ((1, 1),)


@pytest.mark.parametrize("asked", [([-1, 2], [1, 1], 1.0), ([1, 2], [1, 1], 0.5), ([1, 2], [1, 1], math.nan)])
def test_what_makes_no_sense_is_refused(asked: tuple) -> None:
    with pytest.raises(ValueError):
        rank_ranges(*asked)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(ranks)
    assert found.attempted
    assert not found.failed
