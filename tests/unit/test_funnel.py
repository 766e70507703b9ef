"""Funnel plots and shrunk rates: limits that chance keeps, small units that are neither best nor worst."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from domain import funnel as module
from domain.funnel import ZONES, funnel, limits_at, scatter, shrunk

UNITS = st.lists(st.tuples(st.integers(0, 300), st.floats(0.2, 50)), min_size=1, max_size=40)


def outside(expected: float, dispersion: float = 1.0) -> tuple[float, float, float, float]:
    """Exact chances of a Poisson count below and above the limits of 95 %, and of 99.8 %."""
    low998, low95, high95, high998 = (float(v[0]) for v in limits_at([expected], 1.0, dispersion))
    chance = stats.poisson(expected)
    return (
        float(chance.cdf(math.ceil(low95 * expected) - 1)),
        float(chance.sf(math.floor(high95 * expected))),
        float(chance.cdf(math.ceil(low998 * expected) - 1)),
        float(chance.sf(math.floor(high998 * expected))),
    )


def test_chance_alone_leaves_the_limits_as_often_as_they_say() -> None:
    chances = np.array([outside(expected) for expected in np.linspace(8, 300, 700)])
    assert chances.mean(axis=0) == pytest.approx([0.025, 0.025, 0.001, 0.001], rel=0.05)


def test_and_never_more_than_twice_as_often() -> None:
    chances = np.array([outside(expected) for expected in np.geomspace(0.001, 200, 800)])
    assert (chances <= [0.05, 0.05, 0.002, 0.002]).all()
    assert (chances.max(axis=0) > [0.045, 0.045, 0.0018, 0.0018]).all()
    assert outside(2.9)[0] == outside(6.0)[2] == 0


@pytest.mark.parametrize("expected", [4.0, 9.3, 30.0, 147.0, 2000.0])
@pytest.mark.parametrize("tail", [0.001, 0.025, 0.975, 0.999])
def test_limits_are_half_a_count_above_the_quantile_that_spiegelhalter_interpolates(
    expected: float, tail: float
) -> None:
    """Appendix A.1.1 of the paper: r - (F(r) - p) / (F(r) - F(r - 1)), r the first count with F(r) >= p."""
    chance = stats.poisson(expected)
    r = int(chance.ppf(tail))
    paper = r - (chance.cdf(r) - tail) / (chance.cdf(r) - chance.cdf(r - 1))
    at = (0.001, 0.025, 0.975, 0.999).index(tail)
    limit = float(limits_at([expected], 1.0)[at][0]) * expected
    assert limit == pytest.approx(max(0.0, paper + 0.5), abs=1e-6)


def test_with_many_incidents_the_limits_are_those_of_the_normal_distribution() -> None:
    for dispersion in (1.0, 4.0):
        found = [float(v[0]) for v in limits_at([1e6], 1.0, dispersion)]
        expected = [1 + z * math.sqrt(dispersion / 1e6) for z in (-3.0902, -1.96, 1.96, 3.0902)]
        assert found == pytest.approx(expected, abs=2e-5)


def test_the_limits_have_no_step() -> None:
    """Also where a limit passes a whole number: the curves are drawn."""
    grid = np.geomspace(0.001, 40, 20_000)
    for values in limits_at(grid, 1.0):
        assert np.abs(np.diff(values * grid)).max() < 0.04
    assert np.isnan(limits_at([0.0, np.nan], 1.0).high95).all()


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_units_that_do_not_differ_are_outside_in_five_percent_and_two_in_a_thousand(dispersion: float) -> None:
    rng = np.random.default_rng(1)
    zones: list[str] = []
    for _ in range(400):
        exposure = rng.gamma(3, 10, 100)
        first = rng.poisson(8 * exposure / (1 if dispersion == 1 else 2))
        counts = first if dispersion == 1 else first + rng.poisson(first)
        zones += [point.zone for point in funnel(counts, exposure).points]
    assert sum(zone != "inside" for zone in zones) / len(zones) == pytest.approx(0.05, abs=0.01)
    assert sum(zone.endswith("998") for zone in zones) / len(zones) == pytest.approx(0.003, abs=0.002)


def test_few_units_are_held_to_the_dispersion_of_their_history() -> None:
    rng = np.random.default_rng(2)
    plain, clustered = [], []
    for _ in range(1500):
        exposure = rng.gamma(3, 10, 8)
        first = rng.poisson(4 * exposure)
        counts = first + rng.poisson(first)
        plain += [point.zone != "inside" for point in funnel(counts, exposure).points]
        clustered += [point.zone != "inside" for point in funnel(counts, exposure, dispersion=2.5).points]
    assert np.mean(clustered) == pytest.approx(0.045, abs=0.01)
    assert np.mean(plain) > 0.15


@pytest.mark.parametrize("n", [10, 19, 23, 100])
@pytest.mark.parametrize("factor", [1.0, 4.0])
def test_the_scatter_is_what_it_is_and_outliers_do_not_make_it(n: int, factor: float) -> None:
    rng = np.random.default_rng(3)
    found, wild, pearson = [], [], []
    for _ in range(600):
        exposure = rng.gamma(3, 10, n)
        mean = 10 * exposure
        counts = rng.poisson(mean) if factor == 1 else rng.negative_binomial(mean / (factor - 1), 1 / factor)
        found.append(scatter(counts, exposure))
        counts[0] *= 2
        wild.append(scatter(counts, exposure))
        expected = exposure * counts.sum() / exposure.sum()
        pearson.append(stats.chisquare(counts, expected).statistic / (n - 1))
    if factor == 1:
        assert 1 <= np.mean(found) < 1.25
    else:
        assert np.mean(found) == pytest.approx(factor, rel=0.06)
    assert np.mean(wild) < 1.7 * factor
    assert n > 50 or np.mean(pearson) > 2 * factor


def test_the_larger_of_scatter_and_history_is_used_and_never_less_than_one() -> None:
    exposure, counts = np.full(12, 10.0), np.array([50, 90, 130, 70, 100, 150, 60, 95, 105, 120, 80, 40])
    measured = scatter(counts, exposure)
    assert measured > 5
    assert funnel(counts, exposure).dispersion == funnel(counts, exposure, dispersion=2.0).dispersion == measured
    assert funnel(counts, exposure, dispersion=50.0).dispersion == 50.0
    assert funnel(np.full(12, 90), exposure).dispersion == 1.0
    assert funnel(counts[:9], exposure[:9]).dispersion == 1.0


def test_a_real_outlier_is_shown() -> None:
    rng = np.random.default_rng(4)
    exposure = rng.gamma(3, 10, 23)
    counts = rng.poisson(10 * exposure)
    counts[5] *= 2
    counts[6] //= 3
    points = funnel(counts, exposure).points
    assert (points[5].zone, points[6].zone) == ("high998", "low998")


def test_units_without_residents_are_unknown_and_change_nothing() -> None:
    some = funnel([12, 95, 210, 30], [1.0, 10.0, 20.0, 1.2])
    more = funnel([12, 95, 7, 210, 9, 30], [1.0, 10.0, 0, 20.0, None, 1.2])
    assert [point.zone for point in more.points] == ["inside", "inside", "unknown", "inside", "unknown", "high998"]
    assert (more.points[2].rate, more.points[2].shrunk, more.points[2].exposure, more.points[2].count) == (
        None,
        None,
        None,
        7,
    )
    assert more.rate == some.rate == pytest.approx(347 / 32.2)
    assert [point.rate for point in more.points if point.rate] == [point.rate for point in some.points]


def test_nothing_to_show() -> None:
    assert funnel([], []).points == ()
    lost = funnel([3, 4], [0, None])
    assert (lost.rate, [point.zone for point in lost.points]) == (None, ["unknown"] * 2)
    assert np.isnan(lost.limits_at([1.0, 2.0]).high95).all()
    quiet = funnel([0, 0, 0], [1, 2, 3])
    assert [(point.zone, point.rate, point.shrunk, point.high998) for point in quiet.points] == [
        ("inside", 0, 0, 0)
    ] * 3


@settings(deadline=None)
@given(UNITS, st.floats(1, 8))
def test_the_zone_is_where_the_rate_lies_and_curves_meet_the_points(units: list, dispersion: float) -> None:
    counts, exposure = zip(*units, strict=True)
    found = funnel(counts, exposure, dispersion=dispersion)
    curves = found.limits_at(exposure)
    for at, point in enumerate(found.points):
        assert point.zone in ZONES
        limits = (point.low998, point.low95, point.high95, point.high998)
        assert limits == tuple(values[at] for values in curves)
        assert list(limits) == sorted(limits)  # type: ignore[type-var]
        expected = ["low998", "low95", "inside", "high95", "high998"][sum(point.rate > limit for limit in limits)]  # type: ignore[operator]
        assert point.zone == expected or point.rate in limits
        assert min(point.rate, found.rate) - 1e-9 <= point.shrunk <= max(point.rate, found.rate) + 1e-9  # type: ignore[operator, type-var]


@settings(deadline=None)
@given(UNITS)
def test_shrunk_rates_are_those_of_esda(units: list) -> None:
    counts, exposure = (np.array(part) for part in zip(*units, strict=True))
    mean = counts.sum() / exposure.sum()
    variance = (exposure * (counts / exposure - mean) ** 2).sum() / exposure.sum() - mean / exposure.mean()
    found = shrunk(counts, exposure)
    if variance > 1e-9:
        assert found == pytest.approx(Empirical_Bayes(counts, exposure).r.ravel(), rel=1e-9)
    else:
        assert found == pytest.approx(np.full(len(counts), mean), rel=1e-6)


def test_shrunk_rates_are_nearer_to_the_truth_than_raw_ones() -> None:
    rng = np.random.default_rng(5)
    raw = better = plain = 0.0
    for _ in range(200):
        truth, exposure = rng.gamma(25, 0.4, 40), rng.gamma(1, 3, 40) + 0.1
        first = rng.poisson(truth * exposure / 2)
        counts = first + rng.poisson(first)
        raw += np.square(counts / exposure - truth).mean()
        better += np.square(shrunk(counts, exposure, 2.5) - truth).mean()
        plain += np.square(shrunk(counts, exposure) - truth).mean()
    assert better < 0.5 * raw
    assert better < plain


def test_small_units_are_drawn_in_most() -> None:
    found = shrunk([0, 60, 100, 250, 8], [1, 10, 10, 10, 0])
    assert abs(found[0] - 410 / 31) < 13.2
    assert found[0] > 2
    assert abs(found[1] - 6) < 0.3
    assert np.isnan(found[4])


@pytest.mark.parametrize("asked", [([-1, 2], [1, 1], 1.0), ([1, 2], [1, 1], 0.5), ([1, 2], [1, 1], math.nan)])
def test_what_makes_no_sense_is_refused(asked: tuple) -> None:
    counts, exposure, dispersion = asked
    with pytest.raises(ValueError):
        funnel(counts, exposure, dispersion=dispersion)
    with pytest.raises(ValueError):
        shrunk(counts, exposure, dispersion)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
