"""Two periods compared cell by cell: which cells changed by more than chance.

Null hypothesis of a cell: its incidents a day are the same in both periods. Given the n = now + base
incidents of both, those of now are then binomial with n trials and the share of days
pi = days_now / (days_now + days_base), whatever the cell's rate is (Przyborowski & Wilenski 1940,
Biometrika 31, 313-323). The test is exact; two-sided by doubling the smaller tail.

Incidents cluster (a brawl is reported thrice, a burglar returns to the street), so counts vary more than
that, by a factor called dispersion, and plain p-values would be too small. As Rao & Scott (1992, Biometrics
48, 577-585) do with clustered counts, both counts are divided by the dispersion before the test; the binomial
tail of such effective counts is the incomplete beta function, as in Korn & Graubard (1998, Survey
Methodology 24, 193-201).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.discovery import q_values

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_ROUNDS = 10


@dataclass(frozen=True)
class Compared:
    """The comparison of n cells; arrays of shape (n,).

    Args:
        p: two-sided, with the dispersion; 1 where nothing happened in either period.
        q_values: share of false discoveries at which the cell would be coloured; 1 where not tested.
        sign: int8; 1 more, -1 fewer a day, 0 not to be told from chance.
        dispersion: variance of the counts over that of independent incidents, at least 1.
        tested: how many cells held enough incidents to show any change.
    """

    p: Floats
    q_values: Floats
    sign: npt.NDArray[np.int8]
    dispersion: float
    tested: int


def compare(
    now: Counts, base: Counts, days_now: float, days_base: float, q: float, *, dispersion: float | None = None
) -> Compared:
    """Which cells have more or fewer incidents a day now than in the base period.

    A cell is coloured when its q-value (Benjamini-Hochberg) is at most q. Only cells that could reach a
    p of q with all their incidents on one side enter: the others can never be discoveries and would only
    hide those that are (Tarone 1990, Biometrics 46, 515-522; Gilbert 2005, J. R. Stat. Soc. C 54, 143-158).
    That choice looks at n alone, which under the null says nothing about the change.

    Args:
        now, base: incidents per cell, int64, shape (n,), not negative.
        days_now, days_base: lengths of the two periods, days, above 0.
        q: share of false discoveries allowed among the coloured cells, 0..1.
        dispersion: from history, at least 1; None to estimate it from these cells (`dispersion_of`). One
            or two dozen cells estimate it poorly.

    Raises:
        ValueError: a period has no length, or the dispersion is below 1.

    >>> found = compare(np.array([6, 120, 60]), np.array([3, 100, 20]), 30, 30, 0.05, dispersion=1.0)
    >>> found.p.round(2).tolist(), found.sign.tolist()
    ([0.51, 0.2, 0.0], [0, 0, 1])
    """
    if min(days_now, days_base) <= 0 or (dispersion is not None and dispersion < 1):
        raise ValueError("periods must have a length, and dispersion must be at least 1")
    share = days_now / (days_now + days_base)
    now, base = np.asarray(now, dtype=np.int64), np.asarray(base, dtype=np.int64)
    if dispersion is not None:
        return _tested(now, base, share, q, dispersion)
    still = np.ones(len(now), dtype=bool)
    found = _tested(now, base, share, q, dispersion_of(now, base))
    for _ in range(_ROUNDS):
        if np.array_equal(still, found.sign == 0):
            break
        still = found.sign == 0
        found = _tested(now, base, share, q, min(found.dispersion, dispersion_of(now[still], base[still])))
    return found


def dispersion_of(now: Counts, base: Counts) -> float:
    """How much more the cells differ among each other than independent incidents would.

    Pearson's statistic per degree of freedom, weighted by the cells' incidents:
    sum (now - n s)^2 / (s (1 - s) sum n) x m / (m - 1) over the m cells with n > 0, where s is the share of
    now in all incidents (McCullagh & Nelder 1989, 4.5). A change common to all cells is in s and does not
    count. Cells that changed by themselves do; `compare` therefore leaves out the cells it colours and
    estimates again until nothing changes, beginning with the largest, most careful estimate. One factor
    serves all cells; as busy cells weigh most in it, it is more often too large for quiet cells than too small.

    Returns:
        At least 1; 1 with fewer than two cells, or with incidents in one period only.
    """
    both = now + base
    cells, total = int(np.count_nonzero(both)), int(both.sum())
    share = int(now.sum()) / total if total else 0.0
    if cells < 2 or not 0 < share < 1:
        return 1.0
    squares = float(np.square(now - both * share).sum())
    return max(1.0, squares / (share * (1 - share) * total) * cells / (cells - 1))


def _tested(now: Counts, base: Counts, share: float, q: float, dispersion: float) -> Compared:
    p = two_sided(now / dispersion, base / dispersion, share)
    sizes, at = np.unique(now + base, return_inverse=True)
    both, none = sizes / dispersion, np.zeros(len(sizes))
    least = np.minimum(two_sided(both, none, share), two_sided(none, both, share))
    able = ((sizes > 0) & (least <= q))[at]
    values = np.ones(len(p))
    values[able] = q_values(p[able])
    sign = np.where(values <= q, np.sign(now * (1 - share) - base * share), 0).astype(np.int8)
    return Compared(p, values, sign, dispersion, int(able.sum()))


def two_sided(now: Any, base: Any, share: float) -> Floats:
    """p of `now` among now + base, each of which is of now with probability `share`; twice the smaller tail.

    Args:
        now, base: counts of equal shape, not negative; effective counts need not be whole.

    >>> [round(float(two_sided(a, b, 0.5)), 2) for a, b in ((6, 3), (120, 100), (550, 500), (0, 0))]
    [0.51, 0.2, 0.13, 1.0]
    """
    from scipy.special import betainc

    now, base = np.asarray(now, dtype=np.float64), np.asarray(base, dtype=np.float64)
    upper = np.where(now > 0, betainc(np.where(now > 0, now, 1.0), base + 1, share), 1.0)
    lower = np.where(base > 0, betainc(np.where(base > 0, base, 1.0), now + 1, 1 - share), 1.0)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(upper, lower)))
