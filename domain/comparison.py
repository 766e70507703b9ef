"""Two periods compared figure by figure: the change, its interval, and whether it is more than chance.

Null hypothesis of a figure: as many incidents a day now as then. Given now + base incidents, those of now are then
binomial with the share of the days (the exact conditional test, `domain.change`). The interval of the change
inverts that test (Clopper & Pearson 1934, Biometrika 26, 404-413), so it excludes 0 exactly when p is below
0.05. Incidents cluster, so counts are first divided by the dispersion (Rao & Scott 1992, Biometrics 48,
577-585), which `domain.dispersion` estimates from history. docs/statistics.md explains all of it in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from domain.change import two_sided
from domain.discovery import q_values

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

LEVEL = 0.95
"""Of all intervals; a change is told from chance when its p is below 1 - LEVEL."""
VERDICTS = ("more", "fewer", "chance", "none", "unknown")
BY_SIGN = ("chance", "more", "fewer")
_DIGITS = 12
"""1 - 0.95 is not quite 0.05."""


@dataclass(frozen=True, slots=True)
class Change:
    """A count now against a base period.

    Args:
        now, base: counts of the two periods.
        percent: 100 (now - base) / base of the counts as they are, the way circulars print it, whatever the
            periods' lengths; None when base is 0 or there is no base period.
        daily: the change of the daily rate, percent; as `percent` where both periods are equally long.
        low, high: 95 % interval of the change of the daily rate, percent, -100 and more. high None: no upper
            bound, as base is 0. Both None for the verdicts "none" and "unknown".
        p: two-sided, of such a change by chance; 1.0 for "none" and "unknown".
        verdict: "more" or "fewer" a day beyond chance; "chance": not to be told from it; "none": nothing
            happened in either period; "unknown": there is no base period.
    """

    now: int
    base: int
    percent: float | None
    low: float | None
    high: float | None
    p: float
    verdict: str
    daily: float | None = None

    @property
    def uneven(self) -> bool:
        """The periods differ in length, so that the counts and the daily rates change differently."""
        return self.daily is not None and self.percent is not None and abs(self.daily - self.percent) > 1e-9

    @property
    def contrary(self) -> bool:
        """The counts went one way and the daily rate the other, or nowhere: a colour would mislead."""
        return self.uneven and (self.daily or 0) * (self.now - self.base) <= 0


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Changes of many figures at once; arrays of one shape. `at` gives one of them as a `Change`.

    Args:
        percent: nan where base is 0 or unknown. low, high: nan where nothing happened or unknown; high inf
            where base is 0. p: 1 there. sign: 1 more, -1 fewer, 0 not to be told from chance.
        known: False where there is no base period.
    """

    now: npt.NDArray[np.int64]
    base: npt.NDArray[np.int64]
    percent: Floats
    low: Floats
    high: Floats
    p: Floats
    sign: Signs
    known: Flags
    daily: Floats

    def at(self, index: Any = ()) -> Change:
        """The change at one index of the arrays."""
        now, base, sign = int(self.now[index]), int(self.base[index]), int(self.sign[index])
        word = "unknown" if not self.known[index] else BY_SIGN[sign] if now or base else "none"
        percent, low, high = (or_none(values[index]) for values in (self.percent, self.low, self.high))
        return Change(now, base, percent, low, high, float(self.p[index]), word, or_none(self.daily[index]))


def changed(
    now: int, base: int, days_now: float, days_base: float, dispersion: float = 1.0, *, level: float = LEVEL
) -> Change:
    """One figure now against its base period; see `changes`.

    >>> found = changed(120, 100, 30, 30)
    >>> round(found.percent), round(found.low), round(found.high), round(found.p, 2), found.verdict
    (20, -9, 58, 0.2, 'chance')
    >>> changed(6, 3, 30, 30).verdict, changed(40, 10, 30, 30).verdict, changed(4, 0, 30, 0).verdict
    ('chance', 'more', 'unknown')
    """
    return changes(now, base, days_now, days_base, dispersion, level=level).at()


def changes(
    now: Any, base: Any, days_now: Any, days_base: Any, dispersion: Any = 1.0, *, level: float = LEVEL
) -> Changes:
    """Many figures now against their base periods, each judged alone; `discoveries` judges a table of them.

    Args:
        now, base: counts, whole, not negative. days_now, days_base: lengths of the periods, days; 0 or nan
            where there is no such period. dispersion: at least 1. All broadcast against each other.
        level: of the interval, 0..1; the sign is decided at 1 - level.

    Raises:
        ValueError: a count is negative, or a dispersion is below 1 or not a number.
    """
    now, base, days_now, days_base, factor = checked(now, base, days_now, days_base, dispersion)
    known = (days_now > 0) & (days_base > 0)
    days = np.where(known, days_now, 1.0), np.where(known, days_base, 1.0)
    share: Any = days[0] / (days[0] + days[1])
    seen = known & (now + base > 0)
    p = np.where(seen, two_sided(now / factor, base / factor, share), 1.0)
    sign = np.where(p < round(1 - level, _DIGITS), np.sign(now * (1 - share) - base * share), 0).astype(np.int8)
    low, high = (
        np.where(seen, 100 * (odds * days[1] / days[0] - 1), np.nan)
        for odds in _odds(now / factor, base / factor, level)
    )
    low, high = _agreeing(low, high, sign)
    percent = np.where(known & (base > 0), 100.0 * (now - base) / np.maximum(base, 1), np.nan)
    rate = np.where(np.isclose(days[0], days[1], rtol=1e-12), percent, (percent + 100) * days[1] / days[0] - 100)
    return Changes(now, base, percent, low, high, p, sign, known, rate)


class Discoveries(NamedTuple):
    """What `discoveries` found: int8 signs, q-values (1 where not tested), and how many were tested."""

    sign: Signs
    q_values: Floats
    tested: int


def discoveries(now: Any, base: Any, days_now: Any, days_base: Any, dispersion: Any, *, q: float) -> Discoveries:
    """Which of many figures (stations x classes) changed, with the share of false ones among them bounded.

    As `domain.change.compare` does for hexagons, with a dispersion of each figure's own: a figure counts when
    its q-value (Benjamini-Hochberg) is at most q, and only figures enter that could reach a p of q with
    all their incidents in one period (Tarone 1990; Gilbert 2005).

    Args:
        now, base, days_now, days_base, dispersion: as for `changes`; any shape, taken as one family.
        q: share of false discoveries allowed, 0..1.

    Raises:
        ValueError: as `changes`.
    """
    now, base, days_now, days_base, factor = checked(now, base, days_now, days_base, dispersion)
    known = (days_now > 0) & (days_base > 0) & (now + base > 0)
    share: Any = np.where(known, days_now, 1.0) / np.where(known, days_now + days_base, 2.0)
    both, none = (now + base) / factor, np.zeros(factor.shape)
    least = np.minimum(two_sided(both, none, share), two_sided(none, both, share))
    able = known & (least <= q)
    values = np.ones(factor.shape)
    values[able] = q_values(two_sided(now / factor, base / factor, share)[able])
    sign = np.where(values <= q, np.sign(now * (1 - share) - base * share), 0).astype(np.int8)
    return Discoveries(sign, values, int(able.sum()))


def _odds(now: Floats, base: Floats, level: float) -> tuple[Floats, Floats]:
    """The interval of p / (1 - p) for the binomial p of now among now + base."""
    from scipy.special import betainccinv, betaincinv

    tail = (1 - level) / 2
    low = np.where(now > 0, betaincinv(np.where(now > 0, now, 1.0), base + 1, tail), 0.0)
    high = np.where(base > 0, betainccinv(now + 1, np.where(base > 0, base, 1.0), tail), 1.0)
    with np.errstate(divide="ignore"):
        return low / (1 - low), np.where(high < 1, high / (1 - high), np.inf)


def _agreeing(low: Floats, high: Floats, sign: Signs) -> tuple[Floats, Floats]:
    """The interval where rounding in the last digit would make it contradict the sign."""
    tiny = np.finfo(np.float64).tiny
    low = np.where(sign > 0, np.maximum(low, tiny), np.where(sign < 0, low, np.minimum(low, 0.0)))
    return low, np.where(sign < 0, np.minimum(high, -tiny), np.where(sign > 0, high, np.maximum(high, 0.0)))


def checked(*numbers: Any) -> tuple[Any, ...]:
    """The numbers as arrays of one shape.

    Raises:
        ValueError: one of the first two is negative, or the last, a dispersion, is below 1 or not a number.
    """
    arrays = np.broadcast_arrays(*(np.asarray(value) for value in numbers))
    if (arrays[0] < 0).any() or (arrays[1] < 0).any() or not (arrays[-1] >= 1).all():
        raise ValueError("counts must not be negative, and dispersion must be at least 1")
    return (*arrays[:-1], arrays[-1].astype(np.float64))


def or_none(value: float) -> float | None:
    """None for what is no finite number."""
    return float(value) if np.isfinite(value) else None
