"""How far the rank of each unit is by chance: which ranks its true rate may well have.

A unit's true rate, given its count, is taken to be Gamma(count + 1/2, exposure), with counts and exposure divided
by the dispersion (Jeffreys' prior). Its rank is one more than the units with a larger true rate. Ranks of units whose
rates are hardly known overlap widely, and a list sorted by rate is then mostly a list of luck (Goldstein &
Spiegelhalter 1996, J. R. Stat. Soc. A 159, 385-443). Instead of drawing rates by chance, all chances are summed
on a grid of rates: at each rate the number of larger ones is a sum of unequal coin tosses, whose distribution
is exact (Poisson-binomial), and one unit's toss is taken out of it by polynomial division.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from domain.funnel import Floats

_LEVELS = (0.001, 0.01, 0.025, 0.05, *(step / 10 for step in range(1, 10)), 0.95, 0.975, 0.99, 0.999)
_CELLS = 400


def rank_ranges(
    counts: Any, exposure: Any, dispersion: float = 1.0, *, level: float = 0.95
) -> tuple[tuple[int, int] | None, ...]:
    """The ranks each unit may well have, from the highest rate (1) down.

    Args:
        counts, exposure: as for `funnel.funnel`. dispersion: of the units' counts over time, at least 1.
        level: chance that the true rank is inside, 0..1.

    Returns:
        First and last rank of each unit; None without exposure, and such units take no rank.

    Raises:
        ValueError: a count is negative, or the dispersion is below 1.

    >>> rank_ranges([300, 100, 104, 2, 5], [10, 10, 10, 0.2, 0])
    ((1, 2), (2, 4), (2, 4), (1, 4), None)
    """
    size = np.nan_to_num(np.asarray(exposure, dtype=np.float64))
    below = np.cumsum(rank_chances(counts, exposure, dispersion), axis=1)
    tail = (1 - level) / 2
    first, last = (below < tail).sum(axis=1) + 1, (below < 1 - tail).sum(axis=1) + 1
    most = int((size > 0).sum())
    return tuple(
        (int(a), int(min(b, most))) if known else None for a, b, known in zip(first, last, size > 0, strict=True)
    )


def rank_chances(counts: Any, exposure: Any, dispersion: float = 1.0) -> Floats:
    """The chance of each rank for each unit, shape (n, n): row i, column k for rank k + 1; zeros without exposure."""
    counts = np.asarray(counts, dtype=np.float64)
    size = np.nan_to_num(np.asarray(exposure, dtype=np.float64))
    if (counts < 0).any() or not dispersion >= 1:
        raise ValueError("counts must not be negative, and dispersion must be at least 1")
    known = np.flatnonzero(size > 0)
    found = np.zeros((len(counts), len(counts)))
    if len(known):
        found[known, : len(known)] = _summed(*_cells(counts[known] / dispersion, size[known] / dispersion))
    return found


def _cells(counts: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """For each unit and cell of the grid: the chance to be in it, and to be above a rate in it; shape (n, cells)."""
    from scipy.special import gammainc, gammaincinv

    shape = counts[:, None] + 0.5
    edges = np.unique(gammaincinv(shape, np.array(_LEVELS)) / exposure[:, None])
    edges = edges[:: 1 + len(edges) // _CELLS]
    below = np.hstack([np.zeros(shape.shape), gammainc(shape, edges * exposure[:, None]), np.ones(shape.shape)])
    return np.diff(below), 1 - (below[:, 1:] + below[:, :-1]) / 2


def _summed(inside: Floats, above: Floats) -> Floats:
    """The chance that k other units are above unit i, over all cells; shape (n, n)."""
    tosses = _tossed(above)
    return np.asarray(_without(tosses, inside, above) + _without(tosses[::-1], inside, 1 - above)[:, ::-1])


def _tossed(chances: Floats) -> Floats:
    """Distribution of the number of successes of all units; shape (n + 1, cells)."""
    found = np.zeros((len(chances) + 1, chances.shape[1]))
    found[0] = 1.0
    for chance in chances:
        found[1:] = found[1:] * (1 - chance) + found[:-1] * chance
        found[0] *= 1 - chance
    return found


def _without(tosses: Floats, inside: Floats, chances: Floats) -> Floats:
    """The same without unit i, weighted by its cells; only where its chance is small, as division is stable there.

    A chance of just one half is in both calls of `_summed`, half each.
    """
    weight = inside * ((chances < 0.5) + 0.5 * (chances == 0.5))
    chances = np.minimum(chances, 0.5)
    found, last = np.empty((len(chances), len(chances))), np.zeros(chances.shape)
    for successes in range(len(chances)):
        last = (tosses[successes] - chances * last) / (1 - chances)
        found[:, successes] = (weight * last).sum(axis=1)
    return found
