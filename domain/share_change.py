"""Two periods compared by a share: the change in percentage points, its interval, and whether it is chance.

Newcombe's hybrid score interval of a difference (1998, Statistics in Medicine 17, 873-890, method 10), from
Wilson's of each share (1927, J. Am. Stat. Assoc. 22, 209-212). Cases cluster, so denominators are first divided by the
dispersion (Rao & Scott 1992, Biometrics 48, 577-585). docs/statistics.md explains it in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from domain.comparison import BY_SIGN, LEVEL, Floats, Signs, checked, or_none

_FARTHEST = 40.0
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A share (a rate with numerator and denominator) now against a base period.

    Args:
        now, base: percent 0..100; None when the denominator is 0.
        points: now - base, percentage points; None when one of them is None, as are the rest.
        low, high: 95 % interval of points. p: two-sided; below 0.05 exactly when the interval excludes 0.
        verdict: "more" (the share is larger), "fewer", "chance" or "unknown" (a denominator is 0).
    """

    now: float | None
    base: float | None
    points: float | None
    low: float | None
    high: float | None
    p: float | None
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class ShareChanges:
    """Changes of many shares at once; arrays of one shape, nan for None, sign as in `Changes`."""

    now: Floats
    base: Floats
    points: Floats
    low: Floats
    high: Floats
    p: Floats
    sign: Signs

    def at(self, index: Any = ()) -> ShareChange:
        """The change at one index of the arrays."""
        now, base, points = (or_none(values[index]) for values in (self.now, self.base, self.points))
        low, high, p = (or_none(values[index]) for values in (self.low, self.high, self.p))
        word = "unknown" if np.isnan(self.points[index]) else BY_SIGN[int(self.sign[index])]
        return ShareChange(now, base, points, low, high, p, word)


def share_changed(hits_now: int, n_now: int, hits_base: int, n_base: int, dispersion: float = 1.0) -> ShareChange:
    """One share now against its base period; see `share_changes`.

    >>> found = share_changed(56, 70, 48, 80)
    >>> found.now, found.base, round(found.points), round(found.low, 1), round(found.high, 1), found.verdict
    (80.0, 60.0, 20, 5.2, 33.4, 'more')
    """
    return share_changes(hits_now, n_now, hits_base, n_base, dispersion).at()


def share_changes(hits_now: Any, n_now: Any, hits_base: Any, n_base: Any, dispersion: Any = 1.0) -> ShareChanges:
    """Many shares now against their base periods.

    Args:
        hits_now, n_now, hits_base, n_base: whole, 0 <= hits <= n. dispersion: at least 1; n divided by it is
            what independent cases would have said as much. All broadcast against each other.

    Raises:
        ValueError: hits are negative or above n, or a dispersion is below 1 or not a number.
    """
    hits_now, n_now, hits_base, n_base, factor = checked(hits_now, n_now, hits_base, n_base, dispersion)
    if (hits_now > n_now).any() or (hits_base > n_base).any() or (hits_base < 0).any():
        raise ValueError("hits must be between 0 and their denominator")
    one, other = _Share.of(hits_now, n_now, factor), _Share.of(hits_base, n_base, factor)
    points = one.share - other.share
    low, high = points - _reach(one, other, _z(LEVEL)), points + _reach(other, one, _z(LEVEL))
    sign = np.where(low > 0, 1, np.where(high < 0, -1, 0)).astype(np.int8)
    p = _p_of_points(one, other)
    return ShareChanges(100 * one.share, 100 * other.share, 100 * points, 100 * low, 100 * high, p, sign)


class _Share(NamedTuple):
    share: Floats
    n: Floats

    @classmethod
    def of(cls, hits: Any, n: Any, dispersion: Any) -> _Share:
        return cls(np.where(n > 0, hits / np.maximum(n, 1), np.nan), np.where(n > 0, n / dispersion, np.nan))

    def arms(self, z: Any) -> tuple[Floats, Floats]:
        """How far the score interval (Wilson 1927) reaches below and above the share."""
        scale = 1 + z * z / self.n
        middle = (self.share + z * z / (2 * self.n)) / scale
        half = z * np.sqrt(self.share * (1 - self.share) / self.n + z * z / (4 * self.n**2)) / scale
        return self.share - middle + half, middle + half - self.share


def _reach(upper: _Share, lower: _Share, z: Any) -> Floats:
    """How far the interval of upper - lower reaches down from it."""
    return np.asarray(np.hypot(upper.arms(z)[0], lower.arms(z)[1]))


def _p_of_points(one: _Share, other: _Share) -> Floats:
    """The p at which the interval just touches 0, by halving z; so p and interval always agree."""
    from scipy.special import erfc

    risen, distance = one.share >= other.share, np.abs(one.share - other.share)
    upper = _Share(*(np.where(risen, a, b) for a, b in zip(one, other, strict=True)))
    lower = _Share(*(np.where(risen, b, a) for a, b in zip(one, other, strict=True)))
    low, high = np.zeros(distance.shape), np.full(distance.shape, _FARTHEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = _reach(upper, lower, middle) < distance
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(np.where(np.isnan(distance), np.nan, erfc(high / np.sqrt(2))))


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
