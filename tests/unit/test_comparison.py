"""A figure against its base period: percent as printed, interval and p that agree, false discoveries in bounds."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_test

from domain import comparison
from domain.comparison import VERDICTS, Change, changed, changes, discoveries
from domain.dispersion import dispersion_of_series, dispersion_of_table

COUNT = st.integers(0, 3000)
DAYS = st.integers(1, 400)
DISPERSION = st.floats(1, 30)


def as_percent(share: float, days_now: int, days_base: int) -> float:
    return 100 * (share / (1 - share) * days_base / days_now - 1)


@settings(deadline=None)
@given(COUNT, COUNT, DAYS, DAYS)
def test_the_interval_is_that_of_the_exact_binomial_test(now: int, base: int, days_now: int, days_base: int) -> None:
    found = changed(now, base, days_now, days_base)
    if now + base == 0:
        assert (found.low, found.high) == (None, None)
        return
    exact = stats.binomtest(now, now + base).proportion_ci(0.95, method="exact")
    assert found.low == pytest.approx(as_percent(exact.low, days_now, days_base), rel=1e-7, abs=1e-7)
    if base == 0:
        assert found.high is None
    else:
        assert found.high == pytest.approx(as_percent(exact.high, days_now, days_base), rel=1e-7, abs=1e-7)


@settings(deadline=None)
@given(COUNT.filter(bool), COUNT.filter(bool), DAYS, DAYS)
def test_p_is_twice_the_smaller_tail_of_the_conditional_test(
    now: int, base: int, days_now: int, days_base: int
) -> None:
    tails = [
        poisson_test(now, days_now, base, days_base, method="exact-cond", alternative=side).pvalue
        for side in ("larger", "smaller")
    ]
    assert changed(now, base, days_now, days_base).p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6, abs=1e-12)


@settings(deadline=None, max_examples=400)
@given(COUNT, COUNT, DAYS, DAYS, DISPERSION)
@example(1, 0, 1, 39, 1.0)
@example(0, 1, 39, 1, 1.0)
@example(3000, 1, 1, 400, 30.0)
def test_verdict_p_and_interval_always_agree(
    now: int, base: int, days_now: int, days_base: int, dispersion: float
) -> None:
    found = changed(now, base, days_now, days_base, dispersion)
    assert found.verdict in VERDICTS
    assert 0 <= found.p <= 1
    if found.verdict == "none":
        assert (now, base, found.percent, found.low, found.high, found.p) == (0, 0, None, None, None, 1.0)
        return
    high = math.inf if found.high is None else found.high
    assert found.low is not None
    assert -100 <= found.low <= high
    assert {"more": found.low > 0, "fewer": high < 0, "chance": found.low <= 0 <= high}[found.verdict]
    assert (found.p < 0.05) == (found.verdict != "chance")


@pytest.mark.parametrize(
    ("now", "base", "percent", "p"), [(6, 3, 100.0, 0.51), (120, 100, 20.0, 0.20), (550, 500, 10.0, 0.13)]
)
def test_what_looks_like_a_rise_may_be_chance(now: int, base: int, percent: float, p: float) -> None:
    found = changed(now, base, 30, 30)
    assert (found.percent, round(found.p, 2), found.verdict) == (percent, p, "chance")


@pytest.mark.parametrize(
    ("now", "base", "percent"), [(31_980, 36_536, -12.47), (8_795, 10_102, -12.94), (55, 65, -15.38)]
)
def test_the_percent_is_the_one_that_circulars_print(now: int, base: int, percent: float) -> None:
    found = changed(now, base, 273, 273)
    assert found.percent is not None
    assert round(found.percent, 2) == percent


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((0, 0, 30, 30), Change(0, 0, None, None, None, 1.0, "none")),
        ((4, 0, 30, 0), Change(4, 0, None, None, None, 1.0, "unknown")),
        ((0, 4, 0, 30), Change(0, 4, None, None, None, 1.0, "unknown")),
        ((0, 0, 30, math.nan), Change(0, 0, None, None, None, 1.0, "unknown")),
    ],
)
def test_nothing_and_no_base_period_are_not_the_same(asked: tuple, expected: Change) -> None:
    assert changed(*asked) == expected


def test_a_base_of_zero_has_a_lower_bound_and_no_percent() -> None:
    found = changed(12, 0, 30, 30)
    assert (found.percent, found.high, found.verdict) == (None, None, "more")
    assert found.low is not None
    assert found.low > 0
    assert changed(0, 12, 30, 30).percent == changed(0, 12, 30, 30).low == -100.0


def test_the_interval_is_of_the_daily_rate() -> None:
    leap = changed(290, 280, 29, 28)
    assert round(leap.percent or 0, 2) == 3.57
    assert leap.low is not None
    assert leap.high is not None
    assert leap.low == pytest.approx(1.0 / (1 + leap.high / 100) * 100 - 100, abs=3.0)
    assert (leap.p, leap.verdict) == (pytest.approx(1.0, abs=0.05), "chance")
    assert changed(120, 40, 90, 30).verdict == "chance"
    assert changed(120, 40, 30, 30).verdict == "more"


@settings(deadline=None)
@given(COUNT, COUNT, DAYS, DAYS, st.floats(1, 10), st.floats(1.01, 3))
def test_dispersion_only_makes_the_interval_wider(
    now: int, base: int, days_now: int, days_base: int, dispersion: float, factor: float
) -> None:
    one, wide = (changed(now, base, days_now, days_base, d) for d in (dispersion, dispersion * factor))
    assert one.percent == wide.percent
    if one.low is not None and wide.low is not None:
        assert wide.low <= one.low + 1e-6
    if one.high is not None and wide.high is not None:
        assert wide.high >= one.high - 1e-6 * abs(one.high)


@settings(deadline=None)
@given(COUNT, COUNT, DAYS, DAYS, DISPERSION)
def test_swapping_the_periods_turns_the_change_round(
    now: int, base: int, days_now: int, days_base: int, dispersion: float
) -> None:
    one, other = (
        changed(now, base, days_now, days_base, dispersion),
        changed(base, now, days_base, days_now, dispersion),
    )
    assert other.p == pytest.approx(one.p, rel=1e-9, abs=1e-300)
    assert other.verdict == {"more": "fewer", "fewer": "more"}.get(one.verdict, one.verdict)


def test_a_wider_level_is_stricter() -> None:
    assert changed(40, 22, 30, 30).verdict == "more"
    assert changed(40, 22, 30, 30, level=0.99).verdict == "chance"


def test_a_table_is_its_cells() -> None:
    rng = np.random.default_rng(1)
    now, base = rng.poisson(4, (5, 7)), rng.poisson(3, (5, 7))
    days_base = np.array([30.0, 31, 0, 28, 29, 30, 30])
    factors = rng.uniform(1, 3, (5, 1))
    table = changes(now, base, 30, days_base, factors)
    assert (table.sign.dtype, table.sign.shape) == (np.int8, (5, 7))
    for row, column in np.ndindex(5, 7):
        cell = changed(int(now[row, column]), int(base[row, column]), 30, days_base[column], float(factors[row, 0]))
        assert table.at((row, column)) == cell


@pytest.mark.parametrize(
    "asked", [(-1, 2, 30, 30, 1.0), (1, -2, 30, 30, 1.0), (1, 2, 30, 30, 0.9), (1, 2, 30, 30, math.nan)]
)
def test_what_makes_no_sense_is_refused(asked: tuple) -> None:
    with pytest.raises(ValueError):
        changed(*asked)
    with pytest.raises(ValueError):
        discoveries(*asked, q=0.05)


def clustered(rng: np.random.Generator, mean: object, followers: float, size: tuple[int, ...]) -> np.ndarray:
    """Incidents that bring a Poisson number of others with them: dispersion (1 + 3f + f^2) / (1 + f)."""
    first = rng.poisson(np.asarray(mean) / (1 + followers), size)
    return first + rng.poisson(followers * first)


@pytest.mark.parametrize(("followers", "without"), [(0.0, 0.055), (1.0, 0.19), (3.0, 0.34)])
def test_clustered_counts_that_did_not_change_are_called_a_change_in_five_percent(
    followers: float, without: float
) -> None:
    """Eight weeks against eight, the dispersion taken from two years of weeks; without it most alarms are false."""
    rng = np.random.default_rng(11)
    factors = dispersion_of_series(clustered(rng, 100, followers, (6000, 104)))
    now, base = clustered(rng, 800, followers, (6000,)), clustered(rng, 800, followers, (6000,))
    assert 0.03 < (changes(now, base, 56, 56, factors).sign != 0).mean() < 0.06
    plain = (changes(now, base, 56, 56).sign != 0).mean()
    assert plain == pytest.approx(without, abs=0.02) if followers == 0 else plain > without


def share_of_false(followers: float, weeks: int, changed_units: int, factors_of: object) -> float:
    """Mean share of false ones among the discoveries over 60 tables of 300 unequal units."""
    shares = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rates = rng.gamma(1, 10, 300)
        factor = np.ones(300)
        factor[:changed_units] = 2.0
        factors = factors_of(clustered(rng, rates[:, None], followers, (300, weeks)))  # type: ignore[operator]
        now = clustered(rng, rates * 8 * factor, followers, (300,))
        base = clustered(rng, rates * 8, followers, (300,))
        found = discoveries(now, base, 56, 56, factors, q=0.05).sign != 0
        shares.append(float((found & (factor == 1)).sum() / max(1, found.sum())))
    return float(np.mean(shares))


NOISE = 3 * (0.05 * 0.95 / 60) ** 0.5


@pytest.mark.parametrize("followers", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("weeks", [12, 52])
@pytest.mark.parametrize("changed_units", [0, 60])
def test_false_discoveries_stay_within_what_is_allowed(followers: float, weeks: int, changed_units: int) -> None:
    assert share_of_false(followers, weeks, changed_units, dispersion_of_table) <= 0.05 + NOISE


def test_a_short_history_of_each_alone_or_none_at_all_would_not_do() -> None:
    assert share_of_false(3.0, 12, 0, dispersion_of_series) > 0.3
    assert share_of_false(1.0, 12, 0, lambda counts: np.ones(len(counts))) > 0.9


def test_discoveries_are_those_of_benjamini_and_hochberg_among_the_able() -> None:
    rng = np.random.default_rng(4)
    now, base = rng.poisson(20, 200), rng.poisson(20, 200)
    now[:20] = rng.poisson(60, 20)
    found, alone = discoveries(now, base, 30, 30, 1.0, q=0.05), changes(now, base, 30, 30)
    assert found.tested == 200
    assert found.q_values == pytest.approx(stats.false_discovery_control(alone.p), abs=1e-12)
    assert (found.sign != 0).tolist() == (found.q_values <= 0.05).tolist()
    assert found.sign[:20].sum() > 15
    assert found.sign.dtype == np.int8


def test_figures_that_cannot_show_a_change_hide_nobody() -> None:
    now, base = np.ones((100, 31), dtype=np.int64), np.zeros((100, 31), dtype=np.int64)
    now[3, 3], base[3, 3] = 20, 2
    now[4, 4], base[4, 4] = 20, 0
    days = np.full((100, 31), 30.0)
    days[4, 4] = 0
    found = discoveries(now, base, 30, days, 1.0, q=0.05)
    assert found.tested == 1
    assert np.argwhere(found.sign).tolist() == [[3, 3]]
    assert found.q_values[4, 4] == 1.0


def test_a_figure_of_large_dispersion_needs_more_to_be_a_discovery() -> None:
    found = discoveries(np.array([40, 40]), np.array([15, 15]), 30, 30, np.array([1.0, 6.0]), q=0.05)
    assert found.sign.tolist() == [1, 0]


def test_nothing_to_compare() -> None:
    empty = np.array([], dtype=np.int64)
    assert discoveries(empty, empty, 30, 30, 1.0, q=0.05).tested == 0
    assert changes(empty, empty, 30, 30).sign.tolist() == []


def test_the_examples_are_true() -> None:
    found = doctest.testmod(comparison)
    assert found.attempted
    assert not found.failed
