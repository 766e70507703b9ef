"""What a treatment did to a hot spot, told apart from what would have happened without it.

A place is treated because it was hot, and of places picked for being hot most cool down by themselves
(regression to the mean; for black spots: Hauer 1997, "Observational Before-After Studies in Road Safety"). The
fall alone says nothing. The place is compared with two others over the same days: the rest of its district,
which takes out what changed everywhere, and places that were as hot by the same rule in the same window but
were not treated (`as_hot`), which regress as it does. Only a fall larger than both is called an effect.

Null hypothesis of a comparison: after / before is the same for the place and for the others. Given the row and
column sums of the 2 x 2 table, incidents at the place after are then hypergeometric (Fisher 1935, J. R. Stat.
Soc. 98, 39-82). The interval of the ratio of ratios inverts the same test (Cornfield 1956), so it excludes 1
exactly when p is below 0.05. Both are two-sided, each tail at half. Incidents cluster, which makes plain tables
too sure: with a `dispersion` above 1 the counts are divided by it first (Rao & Scott 1992, Biometrics 48, 577-585).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from domain.map_rules import ClosingRule

Floats = npt.NDArray[np.float64]

LEVEL = 0.05
"""A comparison counts when its p is below this."""
VERDICTS = (
    "better_than_both",
    "better_than_district_only",
    "not_distinguishable",
    "worse",
    "too_early",
    "no_controls",
)
_WIDEST = 40.0
_HALVINGS = 50


class Pair(NamedTuple):
    """Incidents before and after, of `places` places together."""

    before: int
    after: int
    places: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The place against others.

    Args:
        others: their incidents. change: theirs, after / before, per day; None when there were none before.
        ratio: the place's change over theirs, below 1 when it fell more; None when it cannot be said.
        low, high: its 95 % interval; high None for no bound.
        p: two-sided, of so large a difference without an effect.
    """

    others: Pair
    change: float | None
    ratio: float | None
    low: float
    high: float | None
    p: float

    @property
    def better(self) -> bool:
        """Fell more than the others, beyond chance."""
        return self.p < LEVEL and self.high is not None and self.high < 1

    @property
    def worse(self) -> bool:
        """Fell less, or rose more, beyond chance."""
        return self.p < LEVEL and self.low > 1


@dataclass(frozen=True, slots=True)
class Effect:
    """What a treatment did.

    Args:
        own: the place's incidents. change: after / before, per day; None when there were none before.
        district: against the rest of the district. alike: against places as hot; None without any.
        verdict: of `VERDICTS`. "too_early": treated for fewer days than the closing rule asks for.
            "no_controls": nothing to tell it from regression to the mean. "better_than_district_only":
            the places as hot fell as much by themselves. "worse": than either.
    """

    own: Pair
    change: float | None
    district: Comparison
    alike: Comparison | None
    verdict: str


def effect(
    own: Pair,
    district: Pair,
    alike: Pair | None,
    days: tuple[float, float],
    rule: ClosingRule,
    *,
    dispersion: float = 1.0,
) -> Effect:
    """The effect of treating a place.

    Args:
        own: incidents at the place. district: in the rest of its district, the place left out.
        alike: at untreated places chosen by `as_hot`, added up; None or no places when there are none.
        days: length of the windows before and after, the same for all, above 0.
        dispersion: of the incidents, at least 1, as `domain.change.dispersion_of` estimates it.

    Raises:
        ValueError: a window has no length, or the dispersion is below 1.

    >>> found = effect(Pair(40, 12), Pair(4000, 3900), Pair(400, 380, 10), (90, 90), ClosingRule(90, 0.5))
    >>> found.verdict, round(found.change, 2), round(found.alike.ratio, 2), round(found.alike.p, 4)
    ('better_than_both', 0.3, 0.32, 0.0004)
    """
    if min(days) <= 0 or dispersion < 1:
        raise ValueError("windows must have a length, and dispersion must be at least 1")
    to_district = compare(own, district, days, dispersion)
    to_alike = compare(own, alike, days, dispersion) if alike and alike.places and alike.before else None
    verdict = "too_early" if days[1] < rule.days else _verdict(to_district, to_alike)
    return Effect(own, _change(own, days), to_district, to_alike, verdict)


def as_hot(own: int, before: npt.NDArray[np.int64], least: int) -> npt.NDArray[np.bool_]:
    """Which places were as hot as the place in the window before treatment; they are what it is compared with.

    As hot is: found by the same rule, at least `least`, and within one standard deviation of a Poisson
    count of `own`. Hotter places regress further than less hot ones, so the rule alone would not do.

    Args:
        own: the place's incidents in the window before. before: those of untreated places, shape (n,).
    """
    return np.asarray((before >= least) & (np.abs(before - own) <= np.sqrt(own)))


def compare(own: Pair, others: Pair, days: tuple[float, float], dispersion: float = 1.0) -> Comparison:
    """One comparison; the lengths of the windows cancel out of everything but `change`."""
    ratio = own.after * others.before / (own.before * others.after) if own.before and others.after else None
    table = [round(count / dispersion) for count in (own.after, own.before, others.after, others.before)]
    low, high, p = _exact(*table)
    return Comparison(others, _change(others, days), ratio, low, high, p)


def _change(pair: Pair, days: tuple[float, float]) -> float | None:
    return pair.after / days[1] / (pair.before / days[0]) if pair.before else None


def _verdict(district: Comparison, alike: Comparison | None) -> str:
    if alike is None:
        return "no_controls"
    if district.worse or alike.worse:
        return "worse"
    if district.better:
        return "better_than_both" if alike.better else "better_than_district_only"
    return "not_distinguishable"


def _exact(after: int, before: int, others_after: int, others_before: int) -> tuple[float, float | None, float]:
    """Low and high of the odds ratio, and p, of a 2 x 2 table given its margins."""
    from scipy.special import gammaln

    least = max(0, after - others_before)
    most = min(after + before, after + others_after)
    at = np.arange(least, most + 1)
    rest = (after + before - at, after + others_after - at, others_before - after + at)
    weights = -(gammaln(at + 1) + sum(gammaln(cells + 1) for cells in rest))

    def tail(log_ratio: float, kept: npt.NDArray[np.bool_]) -> float:
        powers = weights + at * log_ratio
        chances = np.exp(powers - powers.max())
        return float(chances[kept].sum() / chances.sum())

    up, down = at >= after, at <= after
    p = min(1.0, 2 * min(tail(0.0, up), tail(0.0, down)))
    low = 0.0 if after == least else _solved(lambda log_ratio: tail(log_ratio, up))
    high = None if after == most else _solved(lambda log_ratio: -tail(log_ratio, down))
    return low, high, p


def _solved(rising: Callable[[float], float]) -> float:
    """The ratio at which a tail that rises with it is half of `LEVEL`; a falling one is handed over negated."""
    low, high = -_WIDEST, _WIDEST
    wanted = LEVEL / 2 if rising(high) > 0.5 else -LEVEL / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return float(np.exp((low + high) / 2))
