"""How good duty advice would have been: every past week advised with what was known before it, then counted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from domain.duty import WEEK, Past, Slot, advise, best, days_of
from domain.incident_filter import DAY_KINDS
from domain.map_rules import DutyRule

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class PastWeek:
    """One week of the test.

    Args:
        first: number of its first day. incidents: on the map, of the kind that is advised on, also outside
            the cells known before. hours: cells known before times the week's 168 hours.
        caught, used: incidents inside the named slots, and cell hours that these take.
        naive_caught, naive_used: the same for the places and hours with the most incidents of the week before.
    """

    first: int
    incidents: int
    hours: int
    caught: int
    used: int
    naive_caught: int
    naive_used: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """All tested weeks together.

    Args:
        caught: share of the incidents inside the slots, 0..1; low, high: its 95 % interval (Wilson).
        used: share of the cell hours. efficiency: caught over used, 1 is chance. naive: that of repeating
            last week's places, None when last week had none.
        worst, best: the lowest and highest efficiency of a single week with incidents.
    """

    weeks: int
    incidents: int
    caught: float
    low: float
    high: float
    used: float
    efficiency: float
    naive: float | None
    worst: float
    best: float


def back_test(past: Past, end: int, kinds: Mapping[int, str], rule: DutyRule) -> tuple[PastWeek, ...]:
    """The last `rule.tested_weeks` weeks before day `end`, oldest first.

    A week for which there was too little to advise on is left out. Nothing of a week, or after it, is used for
    its advice. `kinds` must reach `rule.weeks` weeks farther back than the first tested week.
    """
    starts = [end - WEEK * back for back in range(rule.tested_weeks, 0, -1)]
    weeks = (_tested(past, start, kinds, rule) for start in starts)
    return tuple(week for week in weeks if week is not None)


def _tested(past: Past, start: int, kinds: Mapping[int, str], rule: DutyRule) -> PastWeek | None:
    advice = advise(past.between(0, start), start, kinds, rule)
    if not advice.slots:
        return None
    now = past.between(start, start + WEEK)
    again = repeated(past, start, kinds, rule.slots)
    return PastWeek(
        first=start,
        incidents=len(now),
        hours=advice.cells * WEEK * 24,
        caught=caught(advice.slots, now, kinds),
        used=_used(advice.slots),
        naive_caught=caught(again, now, kinds),
        naive_used=_used(again),
    )


def repeated(past: Past, start: int, kinds: Mapping[int, str], most: int) -> tuple[Slot, ...]:
    """Slots for the week from `start` on that simply repeat where and when the week before had incidents."""
    before = past.between(start - WEEK, start)
    cells, place = np.unique(before.cell, return_inverse=True)
    if not len(cells):
        return ()
    rate = np.zeros((len(cells), len(DAY_KINDS), 24))
    of_kind = np.array([DAY_KINDS.index(kinds[int(day)]) for day in before.day])
    np.add.at(rate, (place, of_kind, before.hour.astype(np.int64)), 1.0)
    rate /= np.maximum(days_of(kinds, start - WEEK), 1)[None, :, None]
    return best(cells, rate, days_of(kinds, start), most)


def caught(slots: Iterable[Slot], now: Past, kinds: Mapping[int, str]) -> int:
    """How many of the incidents lie inside a slot."""
    inside = {
        (slot.cell, slot.kind, slot.first_hour + step) for slot in slots for step in range(slot.hours)
    }  # a cell's slots do not overlap
    rows = zip(now.cell.tolist(), now.day.tolist(), now.hour.tolist(), strict=True)
    return sum((cell, kinds[day], hour) in inside for cell, day, hour in rows)


def _used(slots: Iterable[Slot]) -> int:
    return sum(slot.days * slot.hours for slot in slots)


def verdict(weeks: Iterable[PastWeek]) -> Verdict | None:
    """All weeks together; None when no week had both advice and an incident."""
    tested = [week for week in weeks if week.incidents]
    total, hours = sum(week.incidents for week in tested), sum(week.hours for week in tested)
    if not total:
        return None
    hits, used = sum(week.caught for week in tested), sum(week.used for week in tested) / hours
    low, high = wilson(hits, total)
    again = sum(week.naive_used for week in tested) / hours
    each = [week.caught / week.incidents / (week.used / week.hours) for week in tested]
    return Verdict(
        weeks=len(tested),
        incidents=total,
        caught=hits / total,
        low=low,
        high=high,
        used=used,
        efficiency=hits / total / used,
        naive=sum(week.naive_caught for week in tested) / total / again if again else None,
        worst=min(each),
        best=max(each),
    )


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> [round(edge, 3) for edge in wilson(5, 10)]
    [0.237, 0.763]
    """
    share, z2 = hits / total, Z95 * Z95
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)
