"""The comparison of two periods: exact p-values, false discoveries kept in bounds, clustering allowed for."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from domain import change, discovery
from domain.change import compare, dispersion_of, two_sided

COUNT = st.integers(0, 400)
DAYS = st.integers(1, 400)


def exact(now: int, base: int, share: float) -> float:
    """Twice the smaller tail, summed term by term."""
    both = now + base
    terms = stats.binom.pmf(np.arange(both + 1), both, share)
    return min(1.0, 2 * min(terms[: now + 1].sum(), terms[now:].sum()))


@settings(deadline=None)
@given(COUNT, COUNT, DAYS, DAYS)
def test_p_is_that_of_the_exact_conditional_test(now: int, base: int, days_now: int, days_base: int) -> None:
    found = compare(np.array([now]), np.array([base]), days_now, days_base, 0.05)
    assert found.p[0] == pytest.approx(exact(now, base, days_now / (days_now + days_base)), rel=1e-6, abs=1e-12)
    assert found.sign[0] in ((0,) if found.p[0] > 0.05 else (1, -1))


@pytest.mark.parametrize(("now", "base", "p"), [(6, 3, 0.51), (120, 100, 0.20), (550, 500, 0.13)])
def test_what_looks_like_a_rise_may_be_chance(now: int, base: int, p: float) -> None:
    found = compare(np.array([now]), np.array([base]), 30, 30, 0.05, dispersion=1.0)
    assert round(float(found.p[0]), 2) == p
    assert found.sign.tolist() == [0]


def test_a_plain_change_is_coloured_and_has_a_direction() -> None:
    found = compare(np.array([40, 10, 25]), np.array([10, 40, 25]), 30, 30, 0.05, dispersion=1.0)
    assert found.sign.tolist() == [1, -1, 0]
    assert found.sign.dtype == np.int8
    assert (found.q_values >= found.p).all()


def test_the_length_of_the_periods_counts() -> None:
    now, base = np.array([30]), np.array([90])
    assert compare(now, base, 30, 90, 0.05).sign.tolist() == [0]
    assert compare(now, base, 30, 90, 0.05).p[0] > 0.9
    assert compare(now, base, 30, 30, 0.05).sign.tolist() == [-1]
    assert compare(now, base, 30, 360, 0.05).sign.tolist() == [1]


@settings(deadline=None)
@given(st.lists(st.tuples(COUNT, COUNT), min_size=1, max_size=30))
def test_swapping_the_periods_swaps_the_sign(pairs: list[tuple[int, int]]) -> None:
    now, base = np.array(pairs).T
    one, other = compare(now, base, 30, 31, 0.1), compare(base, now, 31, 30, 0.1)
    assert one.sign.tolist() == (-other.sign).tolist()
    assert one.p == pytest.approx(other.p, rel=1e-9, abs=1e-300)


def test_cells_that_cannot_show_a_change_hide_nobody() -> None:
    """Fifteen thousand cells of one incident each do not make a rise from 2 to 20 invisible."""
    now, base = np.ones(15_001, dtype=np.int64), np.zeros(15_001, dtype=np.int64)
    now[::2], base[::2] = 0, 1
    now[7], base[7] = 20, 2
    found = compare(now, base, 30, 30, 0.05, dispersion=1.0)
    assert found.tested == 1
    assert np.flatnonzero(found.sign).tolist() == [7]
    assert found.q_values[:7].tolist() == [1.0] * 7


def test_nothing_to_compare() -> None:
    empty = np.array([], dtype=np.int64)
    assert compare(empty, empty, 30, 30, 0.05).sign.tolist() == []
    quiet = compare(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64), 30, 30, 0.05)
    assert quiet.p.tolist() == [1.0, 1.0, 1.0]
    assert quiet.sign.tolist() == [0, 0, 0]
    assert quiet.dispersion == 1.0


def test_what_makes_no_sense_is_refused() -> None:
    one = np.array([1])
    for days_now, days_base, dispersion in ((0, 30, None), (30, 0, None), (30, 30, 0.5)):
        with pytest.raises(ValueError):
            compare(one, one, days_now, days_base, 0.05, dispersion=dispersion)


def test_large_counts_have_a_p_too() -> None:
    assert two_sided(600_000, 400_000, 0.5) == 0.0
    assert two_sided(500_500, 499_500, 0.5) == pytest.approx(0.317, abs=0.002)


def clustered(rng: np.random.Generator, rates: np.ndarray, followers: float) -> np.ndarray:
    """Incidents that bring a Poisson number of others with them: dispersion (1 + 3f + f^2) / (1 + f)."""
    first = rng.poisson(rates / (1 + followers))
    return first + rng.poisson(followers * first)


def share_of_false(followers: float, *, mean: float, dispersion: float | None = None, changed: int = 0) -> float:
    """Mean share of coloured cells that did not change, over 60 maps of 1000 unequal cells."""
    shares = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rates = rng.gamma(0.5, 2 * mean, 1000)
        factor = np.ones(1000)
        factor[:changed] = 3.0
        now, base = clustered(rng, rates * factor, followers), clustered(rng, rates * 2, followers)
        coloured = compare(now, base, 30, 60, 0.05, dispersion=dispersion).sign != 0
        shares.append(float((coloured & (factor == 1)).sum() / max(1, coloured.sum())))
    return float(np.mean(shares))


NOISE = 3 * (0.05 * 0.95 / 60) ** 0.5


@pytest.mark.parametrize("followers", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("mean", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("changed", [0, 50])
def test_false_discoveries_stay_within_what_is_allowed(followers: float, mean: float, changed: int) -> None:
    assert share_of_false(followers, mean=mean, changed=changed) <= 0.05 + NOISE


def test_without_the_dispersion_clustered_incidents_would_be_coloured() -> None:
    assert share_of_false(1.0, mean=10.0, dispersion=1.0) > 0.5


def test_the_dispersion_is_found_and_a_real_change_does_not_hide_in_it() -> None:
    rng = np.random.default_rng(7)
    rates = rng.gamma(0.5, 100, 3000)
    now, base = clustered(rng, rates, 1.0), clustered(rng, rates, 1.0)
    assert dispersion_of(now, base) == pytest.approx(2.5, rel=0.1)
    halved = clustered(rng, rates / 2, 1.0)
    assert dispersion_of(halved, base) == pytest.approx(2.5, rel=0.1)
    assert (compare(halved, base, 30, 30, 0.05).sign == -1).mean() > 0.2
    now[:150] = clustered(rng, rates[:150] * 4, 1.0)
    assert dispersion_of(now, base) > 5
    found = compare(now, base, 30, 30, 0.05)
    assert found.dispersion == pytest.approx(2.5, rel=0.2)
    assert (found.sign[:150] == 1).mean() > 0.4


def test_independent_incidents_have_a_dispersion_of_one() -> None:
    rng = np.random.default_rng(3)
    rates = rng.gamma(0.5, 20, 5000)
    assert dispersion_of(rng.poisson(rates), rng.poisson(rates)) == pytest.approx(1.0, abs=0.1)
    assert dispersion_of(np.array([5]), np.array([9])) == 1.0
    assert dispersion_of(np.array([5, 3]), np.array([0, 0])) == 1.0


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.sampled_from([0.01, 0.05, 0.2, 0.5]))
def test_q_values_take_those_that_benjamini_and_hochberg_take(p: list[float], q: float) -> None:
    values = discovery.q_values(np.array(p))
    assert values == pytest.approx(stats.false_discovery_control(p), abs=1e-12)
    ranked = sorted(p)
    passing = [rank for rank, value in enumerate(ranked, start=1) if value * len(p) / rank <= q]
    assert int((values <= q).sum()) >= max(passing, default=0)


def test_no_tests_no_q_values() -> None:
    assert discovery.q_values(np.array([])).tolist() == []


@pytest.mark.parametrize("module", [change, discovery])
def test_the_examples_are_true(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted
    assert not found.failed
