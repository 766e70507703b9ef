"""Duty advice: in which hexagons, at which hours, a station must expect the most incidents in the next seven days.

The model (docs/duty.md): a cell's rate a day, more recent weeks weighing more and shrunk towards the station's
mean cell, times how much a day of that kind differs from the mean day, times the station's share of the hour.
Learnt from whole days only; day numbers are those of `domain.incidents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.incident_filter import DAY_KINDS
from domain.map_rules import DutyRule

HALF_LIFE_WEEKS = 4.0
"""An incident of four weeks ago weighs half as much as one of yesterday."""
KNOWN_WEEKS = 26
"""A cell is one of the station's when it held an incident in the half year before."""
WINDOW_HOURS = 2
PRIOR_HOURS = 24.0
"""A kind of day borrows as much from all days as one incident an hour would say."""
PRIOR_DAYS = 10.0
"""A kind of day is taken for the mean day until about ten incidents say otherwise."""
WEEK = 7
_KIND = {name: number for number, name in enumerate(DAY_KINDS)}
NOTHING, FEW = "none", "few"


@dataclass(frozen=True)
class Past:
    """Incidents of one station that are on the map; one entry per incident in each array.

    Args:
        day: day numbers. hour: 0..23. cell: index into a list of cells in a stable order.
    """

    day: np.ndarray
    hour: np.ndarray
    cell: np.ndarray

    def between(self, first: int, end: int) -> Past:
        """Those from day `first` to the day before `end`."""
        mine = (self.day >= first) & (self.day < end)
        return Past(self.day[mine], self.hour[mine], self.cell[mine])

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell and hours to patrol in.

    Args:
        cell: index. kind: of `DAY_KINDS`. first_hour: 0..23; hours: how many from there.
        days: days of that kind in the week. expected: incidents in all of them together.
    """

    cell: int
    kind: str
    first_hour: int
    hours: int
    days: int
    expected: float


@dataclass(frozen=True, slots=True)
class Advice:
    """The slots, the best first.

    Args:
        incidents: how many it was learnt from. cells: cells of the station.
        reason: why there are no slots: "none" no incident at all, "few" fewer than the rule asks for; else "".
    """

    slots: tuple[Slot, ...]
    incidents: int
    cells: int
    reason: str = ""


def advise(past: Past, end: int, kinds: Mapping[int, str], rule: DutyRule) -> Advice:
    """Advice for the seven days from `end` on, learnt from the days before it.

    Args:
        end: day number. kinds: kind of every day of the learnt weeks and of the seven days.

    Of two equal slots the one of the lower cell number, then kind, then hour comes first.
    """
    learnt = past.between(end - WEEK * rule.weeks, end)
    cells, daily = cell_rates(past, end, rule.weeks)
    if len(learnt) < rule.least:
        return Advice((), len(learnt), len(cells), FEW if len(learnt) else NOTHING)
    shares, factors = times(learnt, end, kinds, rule.weeks)
    rate = daily[:, None, None] * (factors[:, None] * shares)[None]
    return Advice(best(cells, rate, days_of(kinds, end), rule.slots), len(learnt), len(cells))


def week_weights(weeks: int) -> np.ndarray:
    """Weight of each of the last `weeks` weeks, the newest first.

    >>> week_weights(5)[[0, 4]].tolist()
    [1.0, 0.5]
    """
    return np.asarray(0.5 ** (np.arange(weeks) / HALF_LIFE_WEEKS))


def cell_rates(past: Past, end: int, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """The station's cells and the incidents a day that each must expect.

    The weighted weekly means are shrunk towards their own mean as much as they could differ by chance alone
    (empirical Bayes with a gamma prior, its moments from the cells themselves).
    """
    known = past.between(end - WEEK * max(weeks, KNOWN_WEEKS), end)
    cells, place = np.unique(known.cell, return_inverse=True)
    if not len(cells):
        return cells, np.zeros(0)
    weights = week_weights(weeks)
    ago = (end - 1 - known.day.astype(np.int64)) // WEEK
    weight = np.where(ago < weeks, weights[np.minimum(ago, weeks - 1)], 0.0)
    weekly = np.bincount(place, weight, len(cells)) / weights.sum()
    return cells, shrunk(weekly, weights.sum() ** 2 / (weights**2).sum()) / WEEK


def shrunk(means: np.ndarray, weeks: float) -> np.ndarray:
    """Poisson means over `weeks` weeks each, drawn towards their common mean.

    >>> shrunk(np.array([0.0, 1.0]), 1.0).tolist()
    [0.5, 0.5]
    """
    middle = float(means.mean())
    chance = middle / weeks
    between = max(0.0, float(means.var()) - chance)
    trust = between / (between + chance) if between else 0.0
    return np.asarray(middle + trust * (means - middle))


def times(learnt: Past, end: int, kinds: Mapping[int, str], weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """When incidents happen at the station.

    Returns:
        The share of each hour within each kind of day, shape (kinds, 24), every row with sum 1; and incidents
        on a day of each kind over those on the mean day, shape (kinds,).
    """
    weights = week_weights(weeks)
    counts = np.zeros((len(DAY_KINDS), 24))
    weight = weights[(end - 1 - learnt.day.astype(np.int64)) // WEEK]
    kind_of = {day: _KIND[kinds[day]] for day in range(end - WEEK * weeks, end)}
    of_kind = np.array([kind_of[int(day)] for day in learnt.day], dtype=np.int64)
    np.add.at(counts, (of_kind, learnt.hour.astype(np.int64)), weight)
    days = np.zeros(len(DAY_KINDS))
    for day, kind in kind_of.items():
        days[kind] += weights[(end - 1 - day) // WEEK]
    return hour_shares(counts), _factors(counts.sum(axis=1), days)


def hour_shares(counts: np.ndarray) -> np.ndarray:
    """Counts by kind of day and hour as shares within the kind, smoothed over the hours beside.

    A kind of day with few incidents, or none, follows all days together; without any incident all hours are alike.
    """
    smooth = 0.25 * np.roll(counts, 1, axis=1) + 0.5 * counts + 0.25 * np.roll(counts, -1, axis=1)
    overall = smooth.sum(axis=0)
    overall = overall / overall.sum() if overall.sum() else np.full(24, 1 / 24)
    return np.asarray((smooth + PRIOR_HOURS * overall) / (smooth.sum(axis=1, keepdims=True) + PRIOR_HOURS))


def _factors(counts: np.ndarray, days: np.ndarray) -> np.ndarray:
    a_day = counts.sum() / days.sum()
    return np.asarray((counts + PRIOR_DAYS) / (days * a_day + PRIOR_DAYS))


def days_of(kinds: Mapping[int, str], first: int) -> np.ndarray:
    """How many days of each kind the seven days from `first` on hold."""
    found = [_KIND[kinds[day]] for day in range(first, first + WEEK)]
    return np.bincount(found, minlength=len(DAY_KINDS))


def best(cells: np.ndarray, rate: np.ndarray, days: np.ndarray, most: int) -> tuple[Slot, ...]:
    """The windows with the most incidents per hour of patrol, none overlapping another of the same cell and kind.

    Args:
        cells: their indices, shape (cells,). rate: incidents per hour of a day of each kind, shape
            (cells, kinds, 24). days: days of each kind in the week; kinds without a day are left out.
        most: slots wanted; fewer when the rest promises nothing.
    """
    length = WINDOW_HOURS
    windows = np.lib.stride_tricks.sliding_window_view(rate, length, axis=2).sum(axis=3)
    score = np.where(days[None, :, None] > 0, windows, 0.0)
    taken: set[tuple[int, int, int]] = set()
    found: list[Slot] = []
    for flat in np.argsort(-score, axis=None, kind="stable"):
        cell, kind, hour = (int(part) for part in np.unravel_index(flat, score.shape))
        if len(found) == most or score[cell, kind, hour] <= 0:
            break
        wanted = {(cell, kind, hour + step) for step in range(length)}
        if wanted & taken:
            continue
        taken |= wanted
        expected = float(score[cell, kind, hour] * days[kind])
        found.append(Slot(int(cells[cell]), DAY_KINDS[kind], hour, length, int(days[kind]), expected))
    return tuple(found)
