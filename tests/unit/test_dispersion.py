"""Dispersion from history: found where it is, not invented by a trend, the seasons or holidays."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from domain import dispersion
from domain.dispersion import dispersion_of_series, dispersion_of_table

WEEKS = np.arange(156)


def poisson(mean: object, seed: int = 1, series: int = 400) -> np.ndarray:
    shape = (series, len(np.atleast_1d(mean)))
    return np.random.default_rng(seed).poisson(mean, shape)


def negative_binomial(mean: np.ndarray, factor: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(mean / (factor - 1), 1 / factor, (400, len(mean)))


def compound(mean: np.ndarray, followers: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    first = rng.poisson(mean / (1 + followers), (400, len(mean)))
    return first + rng.poisson(followers * first)


@pytest.mark.parametrize("mean", [0.3, 3.0, 50.0, 5000.0])
def test_independent_incidents_have_a_dispersion_of_about_one(mean: float) -> None:
    found = dispersion_of_series(poisson(np.full(156, mean)))
    assert (found >= 1).all()
    assert np.median(found) < 1.1
    assert found.mean() < 1.15


@pytest.mark.parametrize("mean", [5.0, 50.0, 500.0])
@pytest.mark.parametrize("factor", [2.0, 5.0])
def test_a_known_dispersion_is_found(mean: float, factor: float) -> None:
    level = np.full(156, mean)
    assert np.median(dispersion_of_series(negative_binomial(level, factor))) == pytest.approx(factor, rel=0.1)


def test_so_is_that_of_clusters() -> None:
    assert np.median(dispersion_of_series(compound(np.full(156, 40.0), 1.0))) == pytest.approx(2.5, rel=0.1)
    assert np.median(dispersion_of_series(compound(np.full(156, 40.0), 3.0))) == pytest.approx(4.75, rel=0.1)


@pytest.mark.parametrize("mean", [5.0, 100.0, 2000.0])
@pytest.mark.parametrize(
    "shape",
    [np.linspace(0.5, 1.5, 156), np.exp(-WEEKS / 100), 1 + 0.4 * np.sin(2 * np.pi * WEEKS / 52)],
    ids=["trend", "fall", "seasons"],
)
def test_trend_and_seasons_are_not_dispersion(mean: float, shape: np.ndarray) -> None:
    plain = poisson(mean * shape)
    assert np.median(dispersion_of_series(plain)) < 1.15
    assert np.median(dispersion_of_series(negative_binomial(mean * shape, 3.0))) == pytest.approx(3.0, rel=0.12)
    pearson = plain.var(axis=1, ddof=1) / plain.mean(axis=1)
    assert mean < 100 or np.median(pearson) > 3


def test_a_single_step_change_weighs_little() -> None:
    found = np.median(dispersion_of_series(poisson(np.where(WEEKS < 80, 100.0, 70.0))))
    assert found < 1.2


def test_holidays_can_be_left_out() -> None:
    level = np.full(156, 100.0)
    holidays = WEEKS % 52 == 6
    level[holidays] = 10
    counts = poisson(level)
    assert np.median(dispersion_of_series(counts)) > 2
    assert np.median(dispersion_of_series(counts, holidays)) < 1.15


def test_a_skipped_step_touches_nothing() -> None:
    counts, skip = poisson(np.full(60, 20.0)), np.zeros(60, dtype=bool)
    skip[[10, 30, 59]] = True
    wild = counts.copy()
    wild[:, skip] = 99_999
    assert dispersion_of_series(counts, skip).tolist() == dispersion_of_series(wild, skip).tolist()


def test_days_are_compared_with_the_same_day_of_the_week() -> None:
    week = np.tile([100.0, 100, 100, 100, 120, 40, 30], 40)
    counts = poisson(week)
    assert np.median(dispersion_of_series(counts)) > 5
    assert np.median(dispersion_of_series(counts, lag=7)) < 1.1


def test_few_usable_steps_say_nothing() -> None:
    wild = np.array([0, 90] * 20)
    assert dispersion_of_series(wild[:9]) == 1.0
    assert dispersion_of_series(wild[:10]) > 10
    skip = np.arange(40) % 3 == 0
    assert dispersion_of_series(wild, skip) == 1.0
    assert dispersion_of_series(np.zeros((3, 40))).tolist() == [1.0] * 3
    assert dispersion_of_series(np.zeros((3, 0))).tolist() == [1.0] * 3


def test_the_fewer_steps_the_more_careful() -> None:
    """The plain ratio has the right mean at any length; what is added allows for its noise."""
    means = [float(dispersion_of_series(negative_binomial(np.full(n, 100.0), 5.0)).mean()) for n in (12, 28, 156)]
    assert means[0] > 1.4 * 5 > means[1] > 1.1 * 5 > means[2] > 0.97 * 5


def test_any_shape_is_taken() -> None:
    counts = poisson(np.full(60, 9.0)).reshape(20, 4, 5, 60)
    assert dispersion_of_series(counts).shape == (20, 4, 5)
    assert dispersion_of_series(counts)[3, 2, 1] == dispersion_of_series(counts[3, 2, 1])


def test_none_is_calmer_than_the_table() -> None:
    counts = negative_binomial(np.full(30, 50.0), 4.0)
    alone, together = dispersion_of_series(counts), dispersion_of_table(counts)
    assert together.min() == pytest.approx(4.0, rel=0.1)
    assert (together >= alone).all()
    assert (together == alone).mean() > 0.3
    assert dispersion_of_table(np.zeros((3, 40))).tolist() == [1.0] * 3


def test_the_lag_must_be_a_step() -> None:
    with pytest.raises(ValueError):
        dispersion_of_series(np.ones(40), lag=0)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(dispersion)
    assert found.attempted
    assert not found.failed
