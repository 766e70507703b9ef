"""Gi*: hexagons that lie among more incidents than their number in the whole area explains.

Getis & Ord (1992, Geographical Analysis 24, 189-206), Ord & Getis (1995, Geographical Analysis 27, 286-306),
with weight 1 for the hexagon itself and each hexagon that touches it. p-values are conditional permutation
p-values (Anselin 1995, Geographical Analysis 27, 93-115), as esda's: a hexagon keeps its own count, those of
its k neighbours are replaced by k drawn from all others without replacement. The null hypothesis is that the
counts could stand anywhere; so a single busy hexagon among quiet ones is not hot, a busy neighbourhood is.

A sample of 999 permutations says no p below 0.001, and Benjamini-Hochberg over 15 000 hexagons needs one of
0.000003. Where fewer than `FEWEST` permutations reach the sum found, the share of *all* permutations that do
is counted instead: the number of ways to draw k of the others with a given sum is a coefficient of an
elementary symmetric polynomial (Newton's identities, evaluated at roots of unity). No distribution is assumed.

Only hexagons that are themselves busier than the mean can be hot (`Local.tested`). A quiet hexagon beside a busy
one is no place to send anybody, and p is conditional on the hexagon's own count, so that choosing by this count
leaves the p-values of the chosen what they were (Bourgon, Gentleman & Huber 2010, PNAS 107, 9546-9551). Most of a
city's hexagons are empty or nearly so; tested along, they would hide most of its hot ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.discovery import q_values

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[Any]

FEWEST = 10
"""With fewer permutations than this at or above the sum found, the sample is too coarse to say p."""
LEAST_P = 1e-12
"""Smallest p told; rounding errors are of the order of 1e-15."""
_STEPS = 1 << 14
_CHUNK = 64
_FEW_CELLS = 200


@dataclass(frozen=True)
class Local:
    """The statistic of n hexagons; arrays of shape (n,).

    Args:
        z: standardised Gi*; 0 where all counts are equal.
        p: one-sided (more than by chance); 1 where the sum does not exceed its expectation.
        tested: bool; which hexagons can be hot, those with more incidents than the mean.
    """

    z: Floats
    p: Floats
    tested: npt.NDArray[np.bool_]


def gi_star(counts: Counts, neighbours: Indices, permutations: int, rng: np.random.Generator) -> Local:
    """Gi* of every hexagon of an area.

    z = (S - w m) / (s sqrt(w (n - w) / (n - 1))), S the sum over the hexagon and its k neighbours, w = k + 1,
    m and s mean and standard deviation (divisor n) of all counts.

    Args:
        counts: incidents per hexagon, whole numbers, not negative, shape (n,); empty hexagons included.
        neighbours: indices into `counts`, shape (n, 7), the hexagon itself first, -1 for none.
        permutations: how many are drawn; the same draws serve every hexagon, as in esda.
        rng: source of the draws; the same state gives the same p.

    >>> ring = np.array([[i, (i - 1) % 9, (i + 1) % 9, -1, -1, -1, -1] for i in range(9)])
    >>> found = gi_star(np.array([9, 9, 9, 0, 1, 0, 1, 0, 1]), ring, 99999, np.random.default_rng(1))
    >>> found.z.round(2).tolist()[:3], found.p.round(2).tolist()[:3]
    ([1.49, 2.81, 1.32], [0.25, 0.04, 0.46])
    """
    counts = np.asarray(counts, dtype=np.int64)
    busier = counts * len(counts) > counts.sum()
    if len(counts) < 2:
        return Local(np.zeros(len(counts)), np.ones(len(counts)), busier)
    touching = (neighbours >= 0).sum(axis=1) - 1
    around = np.append(counts, 0)[neighbours[:, 1:]].sum(axis=1)
    z = _standardised(counts, counts + around, touching + 1)
    p = np.ones(len(counts))
    asked = np.flatnonzero((z > 0) & (touching > 0))
    drawn = _drawn(len(counts), permutations, rng)
    for ties in range(1, int(touching.max(initial=0)) + 1):
        cells = asked[touching[asked] == ties]
        reached = _reached(counts, around, cells, drawn[:, :ties])
        p[cells] = (reached + 1) / (permutations + 1)
        rare = cells[reached < FEWEST]
        p[rare] = _counted(counts, around[rare], counts[rare], ties)
    return Local(z, p, busier)


def hot(local: Local, q: float) -> npt.NDArray[np.bool_]:
    """Which hexagons are hot: Benjamini-Hochberg over those tested; shape (n,).

    Args:
        q: the share of them that may be expected to be so by chance.
    """
    found = np.zeros(len(local.p), dtype=bool)
    found[local.tested] = q_values(local.p[local.tested]) <= q
    return found


def _standardised(counts: Counts, sums: Counts, weight: Indices) -> Floats:
    n = len(counts)
    spread = counts.std() * np.sqrt(weight * (n - weight) / (n - 1))
    excess = sums - weight * counts.mean()
    return np.asarray(np.divide(excess, spread, out=np.zeros(n), where=spread > 0))


def _drawn(n: int, permutations: int, rng: np.random.Generator) -> Indices:
    """Places of up to six different ones among the first n - 1, shape (permutations, up to 6)."""
    if n <= _FEW_CELLS:
        every = np.tile(np.arange(n - 1), (permutations, 1))
        return rng.permuted(every, axis=1)[:, :6]
    drawn = rng.integers(n - 1, size=(permutations, 6))
    while len(again := np.flatnonzero((np.diff(np.sort(drawn, axis=1), axis=1) == 0).any(axis=1))):
        drawn[again] = rng.integers(n - 1, size=(len(again), 6))
    return drawn


def _reached(counts: Counts, around: Counts, cells: Indices, drawn: Indices) -> Indices:
    """How many draws for each of `cells` sum to at least what is around it, shape of `cells`.

    "All others" of a hexagon are the first n - 1 counts with the last one in the hexagon's own place, so that
    its sums differ from those of the plain draws only in the few draws that name it.
    """
    sums = counts[drawn].sum(axis=1)
    reached = len(sums) - np.searchsorted(np.sort(sums), around[cells], side="left")
    place = np.full(len(counts), -1)
    place[cells] = np.arange(len(cells))
    named = drawn.ravel()
    of_draw = np.repeat(sums, drawn.shape[1])[place[named] >= 0]
    named = named[place[named] >= 0]
    true = of_draw - counts[named] + counts[-1]
    np.add.at(reached, place[named], (true >= around[named]).astype(int) - (of_draw >= around[named]))
    return reached


def _counted(counts: Counts, around: Counts, own: Counts, ties: int) -> Floats:
    """Share of all ways to draw `ties` others whose sum is at least `around`, for hexagons counting `own`.

    When the sums are larger than `_STEPS`, counts are rounded up to a coarser unit, which makes p larger, never
    smaller.
    """
    if not len(own):
        return np.ones(0)
    unit = -(-int(np.sort(counts)[-ties:].sum()) // _STEPS)
    values, ours = -(-counts // max(1, unit)), -(-own // max(1, unit))
    least = -(-around // max(1, unit))
    size = 1 << int(np.sort(values)[-ties:].sum()).bit_length()
    ways = _ways(values, ties, size)
    p = np.empty(len(own))
    different, of = np.unique(ours, return_inverse=True)
    for start in range(0, len(different), _CHUNK):
        members = np.flatnonzero((of >= start) & (of < start + _CHUNK))
        tails = _tails(ways, different[start : start + _CHUNK], size)
        p[members] = tails[of[members] - start, least[members]]
    return np.clip(p, LEAST_P, 1.0)


def _ways(values: Counts, ties: int, size: int) -> list[Any]:
    """Generating functions of the sums of 0, 1, .. `ties` different ones at half the roots of unity.

    Newton: j e_j = sum over i of (-1)^(i-1) e_(j-i) p_i, where p_i(x) = sum of x^(i value) = p_1(x^i); each
    e_j is divided by n^j to stay near 1.
    """
    n = len(values)
    first = np.fft.fft(np.bincount(values, minlength=size) / n)
    half = np.arange(size // 2 + 1)
    powers = [first[(i * half) % size] / float(n) ** (i - 1) for i in range(1, ties + 1)]
    ways: list[Any] = [np.ones(len(half), dtype=complex)]
    for j in range(1, ties + 1):
        ways.append(sum((-1) ** (i - 1) * ways[j - i] * powers[i - 1] for i in range(1, j + 1)) / j)
    return [way * float(n) ** j for j, way in enumerate(ways)]


def _tails(ways: list[Any], own: Counts, size: int) -> Floats:
    """P(sum >= s) over s = 0 .. size - 1 when one that counts `own` is taken out; shape (own, size)."""
    turn = np.exp(-2j * np.pi * np.outer(own, np.arange(size // 2 + 1)) / size)
    without = np.ones_like(turn)
    for way in ways[1:]:
        without = way - turn * without
    chances = np.fft.irfft(without / without[:, :1].real, n=size, axis=1)
    return np.asarray(np.cumsum(chances[:, ::-1], axis=1)[:, ::-1])
