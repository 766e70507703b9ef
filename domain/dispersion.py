"""How much more counts vary than those of independent incidents would; from a figure's own history.

Independent incidents vary by chance with a variance equal to their mean. Real ones come in clusters (a pile-up is
reported five times, rain brings twenty crashes), which multiplies that variance by a factor, the dispersion. Each
step of the history (a week) is set against the steps just before and after it: what differs from both is
noise, what moves slowly is not (Gasser, Sroka & Jennen-Steinmetz 1986, Biometrika 73, 625-633). So neither a trend
nor the seasons count as noise, as they would in the variance of the whole series.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST = 8
"""Fewer usable steps than this say nothing about dispersion."""
_DF_PER_STEP = 18 / 35


def dispersion_of_series(
    counts: npt.NDArray[np.int64], skip: npt.NDArray[np.bool_] | None = None, *, lag: int = 1
) -> Floats:
    """The dispersion of each series, for `domain.comparison` and `domain.share_change`.

    sum (x[t-1] - 2 x[t] + x[t+1])^2 / (2 sum (x[t-1] + x[t] + x[t+1])) over the usable steps t. With
    independent incidents at an even rate its expectation given the three counts' sum is exactly 1. Three of
    m such terms overlap, which leaves the estimate the noise of 18 m / 35 degrees of freedom; it is raised by
    (t / z)^2 of the 97.5 % quantiles of Student's and the normal distribution at so many, so that tests
    at 5 % that take it as known keep their 5 % (1.69 at 10 steps, 1.10 at 50, 1.05 at 100).

    Args:
        counts: incidents per step, oldest first, shape (..., t). Weeks are best: days know weekends, and
            clusters reach over several of them.
        skip: shape (t,); True for steps that are not like others (holidays, incomplete weeks). A step is
            usable when neither it nor its two neighbours are skipped.
        lag: what is next to a step: 7 for daily counts compares Mondays with Mondays.

    Returns:
        Shape (...), at least 1; 1 with fewer than `LEAST` usable steps or without incidents.

    Raises:
        ValueError: the lag is below 1.

    >>> dispersion_of_series(np.array([[10] * 20, [0, 20] * 10])).round(1).tolist()
    [1.0, 35.2]
    """
    squares, sums, steps = _terms(counts, skip, lag)
    return np.asarray(np.maximum(1.0, squares / np.where(sums > 0, sums, 1.0) * _careful(steps)))


def dispersion_of_table(
    counts: npt.NDArray[np.int64], skip: npt.NDArray[np.bool_] | None = None, *, lag: int = 1
) -> Floats:
    """The dispersion of each series of a table, never below that of all together; for `comparison.discoveries`.

    The smallest p of many is often that of the series whose noise was underrated by bad luck, so with a
    short history (half a year of weeks) false discoveries become far more than allowed. All series together
    say well how large noise usually is; a series may be noisier than that, but is not believed to be calmer.

    Args:
        counts: shape (n, t), one kind of figure of n units. skip, lag: as for `dispersion_of_series`.

    Returns:
        Shape (n,), at least 1.
    """
    squares, sums, _ = _terms(counts, skip, lag)
    together = float(squares.sum() / max(1.0, float(sums.sum())))
    return np.asarray(np.maximum(together, dispersion_of_series(counts, skip, lag=lag)))


def _terms(counts: npt.NDArray[np.int64], skip: npt.NDArray[np.bool_] | None, lag: int) -> tuple[Floats, Floats, int]:
    """Numerator and denominator of each series, and how many steps are in them; zeros where too few are."""
    if lag < 1:
        raise ValueError("the lag must be at least 1")
    counts = np.asarray(counts, dtype=np.float64)
    kept = np.ones(counts.shape[-1], dtype=bool) if skip is None else ~np.asarray(skip, dtype=bool)
    middle = np.arange(lag, counts.shape[-1] - lag)
    middle = middle[kept[middle - lag] & kept[middle] & kept[middle + lag]]
    if len(middle) < LEAST:
        return np.zeros(counts.shape[:-1]), np.zeros(counts.shape[:-1]), 0
    before, at, after = (counts[..., middle + step] for step in (-lag, 0, lag))
    squares, sums = np.square(before - 2 * at + after).sum(axis=-1), 2 * (before + at + after).sum(axis=-1)
    return squares, sums, len(middle)


def _careful(steps: int) -> float:
    """By how much an estimate from so many steps is raised; 1 where it says nothing."""
    from scipy.special import ndtri, stdtrit

    return float((stdtrit(_DF_PER_STEP * steps, 0.975) / ndtri(0.975)) ** 2) if steps else 1.0
