"""Rates of unequal units side by side, without calling small ones the best and the worst.

A funnel plot (Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202, doi 10.1002/sim.1970) sets each
unit's rate against its size, with limits around the common rate within which chance alone would keep it. Shrunk rates
(Marshall 1991, Applied Statistics 40, 283-294) draw each rate to the common one the more, the less it can be
relied on. A unit without residents (or with an unknown number) has no rate. docs/statistics.md explains both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

UNITS = 10
"""From so many units on their own scatter says how much more than by chance they differ."""
WINSORISED = 0.1
"""Share of units at each end whose z-scores are drawn in before the scatter is measured."""
ZONES = ("low998", "low95", "inside", "high95", "high998", "unknown")
_TAILS = (0.001, 0.025, 0.975, 0.999)


class Limits(NamedTuple):
    """Rates between which chance keeps 99.8 % and 95 % of units of some exposures; nan without exposure."""

    low998: Floats
    low95: Floats
    high95: Floats
    high998: Floats


@dataclass(frozen=True, slots=True)
class Point:
    """One unit of a funnel plot.

    Args:
        index: its position in what was asked. count: its incidents. exposure: as asked; None when unknown.
        rate: count / exposure. shrunk: drawn to the common rate, see `shrunk`. Both and the limits, which
            are rates, are None without exposure.
        zone: "inside" 95 % limits; "high95" or "low95" outside them, "high998" or "low998" outside those of
            99.8 %; "unknown" without exposure.
    """

    index: int
    count: int
    exposure: float | None
    rate: float | None
    shrunk: float | None
    low95: float | None
    high95: float | None
    low998: float | None
    high998: float | None
    zone: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot.

    Args:
        rate: all incidents over all exposure, of the units with exposure; None without any.
        dispersion: what the limits were widened by. points: one per unit, in the order asked.
    """

    rate: float | None
    dispersion: float
    points: tuple[Point, ...]

    def limits_at(self, exposure: Any) -> Limits:
        """The limits as curves over a grid of exposures."""
        return limits_at(exposure, np.nan if self.rate is None else self.rate, self.dispersion)


def funnel(counts: Any, exposure: Any, *, dispersion: float | None = None) -> Funnel:
    """The funnel plot of some units.

    Args:
        counts: incidents, whole, not negative, shape (n,). exposure: residents (or 10 000 residents, or
            resident-days: the rates are per such a unit), shape (n,); None, nan or 0 where there are none.
        dispersion: of the units' counts over time, at least 1, from `domain.dispersion`; None for 1. With
            `UNITS` or more units their scatter is measured too (`scatter`) and the larger of both is used.

    Raises:
        ValueError: a count is negative, or the dispersion is below 1.

    >>> found = funnel([12, 95, 210, 30, 4], [1.0, 10.0, 20.0, 1.2, 0])
    >>> round(found.rate, 2), [point.zone for point in found.points]
    (10.78, ['inside', 'inside', 'inside', 'high998', 'unknown'])
    """
    counts, exposure, known = _checked(counts, exposure, dispersion)
    rate = _common(counts, exposure)
    history = 1.0 if dispersion is None else dispersion
    used = max(history, scatter(counts, exposure)) if known.sum() >= UNITS else history
    limits = limits_at(exposure, rate, used)
    zones = _zones(counts / np.where(known, exposure, np.nan), limits)
    drawn = shrunk(counts, exposure, history)
    points = (
        _point(index, int(counts[index]), float(exposure[index]), drawn[index], limits=limits, zone=str(zones[index]))
        for index in range(len(counts))
    )
    return Funnel(rate if known.any() else None, used, tuple(points))


def limits_at(exposure: Any, rate: float, dispersion: float = 1.0) -> Limits:
    """The limits of units with these exposures, when each has the common rate.

    With E expected incidents and dispersion d, E / d effective ones are expected; d times a limit of these is the
    limit. That is Spiegelhalter's quantile at p, r - (F(r) - p) / (F(r) - F(r - 1)) with the Poisson
    distribution F and the first r that has F(r) >= p, plus a half: so half of the chance of a count itself
    counts as beyond it on both sides (mid-P, Lancaster 1961, J. Am. Stat. Assoc. 56, 223-234), where his
    appendix has all of it on one and none on the other. Each side is then crossed by chance as often as it
    says on average, and at most twice as often at any E.

    Args:
        exposure: shape (n,). rate: not negative. dispersion: at least 1.
    """
    exposure = np.asarray(exposure, dtype=np.float64)
    positive = exposure > 0
    expected = np.where(positive, exposure, np.nan) * rate / dispersion
    return Limits(*(dispersion * _quantile(expected, tail) / np.where(positive, exposure, 1.0) for tail in _TAILS))


def scatter(counts: Any, exposure: Any) -> float:
    """How much more the units differ among each other than independent incidents at a common rate would.

    Mean square of the z-scores (count - E) / sqrt(E), the largest and smallest tenth of which are drawn in
    to the next ones, so that a few real outliers do not widen the limits that should show them
    (Spiegelhalter 2005). For the same reason the common rate is here that of the units between the tenths.
    Drawing in makes the square of a normal z smaller as well, to 0.68 for a tenth; the mean square is divided
    by that, and multiplied by n / (n - 1) as the common rate is estimated.

    Returns:
        At least 1; 1 with fewer than two units with exposure, or without incidents.
    """
    from scipy.special import ndtri

    counts, exposure, known = _checked(counts, exposure, None)
    counts, exposure = counts[known], exposure[known]
    n, cut = len(counts), int(WINSORISED * len(counts))
    if n < 2 or not counts.any():
        return 1.0
    usual_ones = np.argsort(_z(counts, exposure, _common(counts, exposure)), kind="stable")[cut : n - cut]
    z = np.sort(_z(counts, exposure, _common(counts[usual_ones], exposure[usual_ones])))
    drawn_in = np.clip(z, z[cut], z[n - 1 - cut])
    share = cut / n
    edge = -float(ndtri(share)) if cut else 0.0
    density = float(np.exp(-edge * edge / 2) / np.sqrt(2 * np.pi))
    usual = 1 - 2 * share - 2 * edge * density + 2 * share * edge**2 if cut else 1.0
    return max(1.0, float(np.square(drawn_in).mean()) / usual * n / (n - 1))


def shrunk(counts: Any, exposure: Any, dispersion: float = 1.0) -> Floats:
    """Empirical Bayes rates: each unit's own rate and the common one, weighted by what chance leaves of the first.

    With common rate m, the variance A of true rates is what the observed rates vary (weighted by exposure)
    beyond dispersion x m / mean exposure; the own rate has the weight A / (A + dispersion x m / exposure).
    Where A comes out below 0 the units do not differ at all and each gets the common rate.

    Args:
        counts, exposure: as for `funnel`. dispersion: of counts over time, at least 1; not the `scatter`, of
            which real differences are a part.

    Returns:
        Shape (n,), nan without exposure.

    Raises:
        ValueError: as `funnel`.

    >>> shrunk([0, 60, 100, 250], [1, 10, 10, 10]).round(2).tolist()
    [2.13, 6.14, 10.06, 24.78]
    """
    counts, exposure, known = _checked(counts, exposure, dispersion)
    size = np.where(known, exposure, np.nan)
    rate, m = counts / size, _common(counts, exposure)
    if not m > 0:
        return np.where(known, 0.0, np.nan)
    variance = np.nansum(size * np.square(rate - m)) / np.nansum(size) - dispersion * m / np.nanmean(size)
    weight = max(0.0, variance) / (max(0.0, variance) + dispersion * m / size)
    return np.asarray(weight * rate + (1 - weight) * m)


def _quantile(expected: Floats, tail: float) -> Floats:
    from scipy.special import pdtr, pdtrik

    mean = np.where(expected > 0, expected, 1.0)
    count = np.ceil(pdtrik(tail, mean))
    reached, before = pdtr(count, mean), np.where(count > 0, pdtr(np.maximum(count - 1, 0), mean), 0.0)
    limit = count - (reached - tail) / (reached - before) + 0.5
    return np.asarray(np.where(expected > 0, np.maximum(limit, 0.0), expected))


def _zones(rates: Floats, limits: Limits) -> npt.NDArray[np.str_]:
    beyond = [rates < limits.low998, rates < limits.low95, rates > limits.high998, rates > limits.high95]
    names = ["low998", "low95", "high998", "high95"]
    return np.select([np.isnan(rates), *beyond], ["unknown", *names], "inside")


def _point(index: int, count: int, exposure: float, drawn: Any, *, limits: Limits, zone: str) -> Point:
    if zone == "unknown":
        return Point(index, count, None, None, None, None, None, None, None, zone)
    low998, low95, high95, high998 = (float(values[index]) for values in limits)
    rate = count / exposure
    return Point(index, count, exposure, rate, float(drawn), low95, high95, low998, high998, zone)


def _z(counts: Any, exposure: Floats, rate: float) -> Floats:
    expected = exposure * rate
    return np.asarray((counts - expected) / np.sqrt(np.where(expected > 0, expected, 1.0)))


def _common(counts: Any, exposure: Floats) -> float:
    known = exposure > 0
    return float(counts[known].sum() / exposure[known].sum()) if known.any() else 0.0


def _checked(counts: Any, exposure: Any, dispersion: float | None) -> tuple[Any, Floats, npt.NDArray[np.bool_]]:
    """Both as arrays, an unknown exposure as 0; and where there is any."""
    counts, exposure = np.asarray(counts, dtype=np.int64), np.asarray(exposure, dtype=np.float64)
    if (counts < 0).any() or (dispersion is not None and not dispersion >= 1):
        raise ValueError("counts must not be negative, and dispersion must be at least 1")
    known = exposure > 0
    return counts, np.where(known, exposure, 0.0), known
