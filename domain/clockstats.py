"""Response clocks added up: counts by station, class, hour and bin, and what they say: shares, means, percentiles.

Counts, shares, bands and means are exact. A percentile is read from the bins, as if the times of a bin were spread
evenly over it; so it is off by less than its bin is wide. docs/clocks.md has the widths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from domain.clock_rules import Clock
from domain.order_rows import Columns

_TINY = 1e-9
"""0.1 * 30 is a little more than 3."""


@dataclass(frozen=True, eq=False)
class ClockSums:
    """Counts of rows, and seconds of those that are done.

    Args:
        stations: codes, in the order of the first axis; every one has a row.
        counts: (stations, classes, columns); see `Columns`. seconds: (stations, classes, clocks).
        by_hour, by_hour_seconds: the same by hour of the day the order was given, with the hour as third axis;
            None when not asked for.
    """

    columns: Columns
    stations: tuple[str, ...]
    counts: np.ndarray
    seconds: np.ndarray
    by_hour: np.ndarray | None = None
    by_hour_seconds: np.ndarray | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClockSums):
            return NotImplemented
        if self.columns.key != other.columns.key or self.stations != other.stations:
            return False
        mine, theirs = (one._arrays for one in (self, other))
        return all(
            a is b if a is None or b is None else np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def _arrays(self) -> tuple[np.ndarray | None, ...]:
        return self.counts, self.seconds, self.by_hour, self.by_hour_seconds

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.counts[..., : self.columns.sizes[0]].sum())


@dataclass(frozen=True, eq=False)
class Tally:
    """One clock's numbers; arrays of one shape.

    Args:
        done: finished, whether or not there is a limit. seconds: theirs in all.
        due: of rows with a limit those that are finished or have run out of it. hit: of these, in time.
        waiting: open, and no limit passed. overdue: open, and the limit passed; they are in `due`.
        unusable: stopped before they began; in none of the others.
        bins: the times of `done`; one more axis, of length edges + 1.
    """

    done: np.ndarray
    seconds: np.ndarray
    due: np.ndarray
    hit: np.ndarray
    waiting: np.ndarray
    overdue: np.ndarray
    unusable: np.ndarray
    bins: np.ndarray

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))


def tally(columns: Columns, code: str, counts: np.ndarray, seconds: np.ndarray, limit: int | None) -> Tally:
    """One clock's numbers out of counts.

    Args:
        counts: (..., columns). seconds: (..., clocks).
        limit: seconds, one of the clock's limits; None: nothing is judged, so nothing is due.

    Raises:
        KeyError: there is no such clock among the columns. ValueError: no such limit.
    """
    number = columns.number(code)
    clock, start = columns.clocks[number], columns.starts[number]
    size = len(clock.edges) + 1
    bins, rest = counts[..., start : start + size], counts[..., start + size : columns.starts[number + 1]]
    opened, unusable = rest[..., :-1], rest[..., -1]
    done, nothing = bins.sum(axis=-1), np.zeros(counts.shape[:-1], dtype=np.int64)
    hit, overdue = nothing, nothing
    if limit is not None:
        hit = bins[..., : clock.edges.index(limit) + 1].sum(axis=-1)
        overdue = opened[..., clock.limits.index(limit) + 1 :].sum(axis=-1)
    due = nothing if limit is None else done + overdue
    waiting = opened.sum(axis=-1) - overdue
    return Tally(done, seconds[..., number], due, hit, waiting, overdue, unusable, bins)


def percentile(bins: np.ndarray, clock: Clock, share: float) -> np.ndarray:
    """The time that this share of the rows do not exceed, in seconds, read from bins.

    Args:
        bins: (..., edges + 1). share: 0..1.

    Returns:
        Shape (...), nan without rows. It lies in the bin of the smallest time x for which at least this share of
        the rows took x or less. One that lies above the last edge is told as that edge: "at least so long".
    """
    edges = np.array([0, *clock.edges, clock.edges[-1]], dtype=np.float64)
    passed = bins.cumsum(axis=-1)
    total = passed[..., -1:]
    wanted = share * total
    at = np.minimum((passed < wanted - _TINY).sum(axis=-1, keepdims=True), bins.shape[-1] - 1)
    inside = np.take_along_axis(bins, at, axis=-1)
    before = np.take_along_axis(passed, at, axis=-1) - inside
    part = np.divide(wanted - before, inside, out=np.zeros(inside.shape), where=inside > 0)
    found = edges[at] + np.clip(part, 0, 1) * (edges[at + 1] - edges[at])
    return np.asarray(np.where(total > 0, found, np.nan)[..., 0])


def in_bands(bins: np.ndarray, clock: Clock) -> np.ndarray:
    """How many rows took as long as each of the clock's bands says; shape (..., bands + 1)."""
    ends = [clock.edges.index(band) + 1 for band in clock.bands]
    return np.add.reduceat(bins, [0, *ends], axis=-1)


def limit_groups(clock: Clock, regions: Sequence[str | None], limits: str) -> list[tuple[int | None, np.ndarray]]:
    """Stations by their limit: (limit, indices of the stations).

    Args:
        regions: the region type of each station. limits: see `domain.clock_rules.LIMITS`.
    """
    found: dict[int | None, list[int]] = {} if regions else {clock.limit: []}
    for index, region in enumerate(regions):
        found.setdefault(clock.limit_in(region, limits), []).append(index)
    return [(limit, np.array(indices, dtype=np.int64)) for limit, indices in found.items()]
