"""A share against its base period: Newcombe's interval in percentage points, and a p that agrees with it."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from domain import share_change
from domain.share_change import ShareChange, share_changed, share_changes

SHARE = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def newcombe(now: tuple[float, float], base: tuple[float, float], alpha: float) -> tuple[float, float]:
    low, high = confint_proportions_2indep(*now, *base, method="newcomb", compare="diff", alpha=alpha)
    return 100 * float(low), 100 * float(high)


@settings(deadline=None)
@given(SHARE, SHARE)
def test_the_interval_is_newcombes(now: tuple[int, int], base: tuple[int, int]) -> None:
    found = share_changed(*now, *base)
    assert (found.now, found.base) == (pytest.approx(100 * now[0] / now[1]), pytest.approx(100 * base[0] / base[1]))
    assert (found.low, found.high) == pytest.approx(newcombe(now, base, 0.05), abs=1e-9)


@pytest.mark.parametrize(
    ("now", "base", "low", "high"),
    [
        ((56, 70), (48, 80), 5.24, 33.39),
        ((9, 10), (3, 10), 17.05, 80.90),
        ((5, 56), (0, 29), -3.81, 19.26),
        ((10, 10), (0, 10), 60.75, 100.0),
    ],
)
def test_newcombes_own_examples(now: tuple[int, int], base: tuple[int, int], low: float, high: float) -> None:
    """Table II of the paper, method 10."""
    found = share_changed(*now, *base)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.006), pytest.approx(high, abs=0.006))


@settings(deadline=None)
@given(SHARE, SHARE, st.floats(1, 10))
def test_the_dispersion_divides_the_denominators(
    now: tuple[int, int], base: tuple[int, int], dispersion: float
) -> None:
    found = share_changed(*now, *base, dispersion)
    effective = [tuple(part / dispersion for part in pair) for pair in (now, base)]
    assert (found.low, found.high) == pytest.approx(newcombe(effective[0], effective[1], 0.05), abs=1e-9)


@settings(deadline=None, max_examples=300)
@given(SHARE, SHARE, st.floats(1, 10))
def test_verdict_p_and_interval_always_agree(now: tuple[int, int], base: tuple[int, int], dispersion: float) -> None:
    found = share_changed(*now, *base, dispersion)
    assert found.low is not None
    assert found.high is not None
    assert found.p is not None
    assert found.points is not None
    assert found.low <= found.points <= found.high
    expected = "more" if found.low > 0 else "fewer" if found.high < 0 else "chance"
    assert found.verdict == expected
    assert (found.p < 0.05) == (expected != "chance")


@settings(deadline=None)
@given(SHARE, SHARE)
def test_at_the_level_of_p_the_interval_touches_zero(now: tuple[int, int], base: tuple[int, int]) -> None:
    found = share_changed(*now, *base)
    assert found.p is not None
    if found.points == 0:
        assert found.p == 1
    elif found.p > 1e-12:
        low, high = newcombe(now, base, found.p)
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("asked", "now", "base"), [((0, 0, 3, 10), None, 30.0), ((3, 10, 0, 0), 30.0, None), ((0, 0, 0, 0), None, None)]
)
def test_without_a_denominator_nothing_is_said(asked: tuple, now: float | None, base: float | None) -> None:
    assert share_changed(*asked) == ShareChange(now, base, None, None, None, None, "unknown")


def test_an_equal_share_is_no_change_and_large_samples_tell_small_ones() -> None:
    assert share_changed(0, 100, 0, 80).verdict == "chance"
    assert share_changed(0, 100, 0, 80).p == 1.0
    assert share_changed(53, 10_000, 34, 10_000).verdict == "more"
    assert share_changed(5, 1_000, 3, 1_000).verdict == "chance"
    assert share_changed(53, 10_000, 34, 10_000, 2.0).verdict == "chance"


def test_a_table_is_its_cells() -> None:
    rng = np.random.default_rng(2)
    n = rng.integers(0, 50, (2, 6, 4))
    hits = rng.binomial(n, 0.4)
    table = share_changes(hits[0], n[0], hits[1], n[1], 1.5)
    assert table.sign.dtype == np.int8
    for at in np.ndindex(6, 4):
        assert table.at(at) == share_changed(hits[0][at], n[0][at], hits[1][at], n[1][at], 1.5)


@pytest.mark.parametrize("asked", [(5, 4, 1, 4), (1, 4, 5, 4), (-1, 4, 1, 4), (1, 4, -1, 4), (1, 4, 1, 4, 0.5)])
def test_what_makes_no_sense_is_refused(asked: tuple) -> None:
    with pytest.raises(ValueError):
        share_changed(*asked)


def test_shares_that_did_not_change_are_called_a_change_in_five_percent() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(40, 400, (2, 20_000))
    hits = rng.binomial(n, 0.9)
    found = share_changes(hits[0], n[0], hits[1], n[1])
    assert (found.sign != 0).mean() == pytest.approx(0.05, abs=0.01)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(share_change)
    assert found.attempted
    assert not found.failed
