"""A figure over time: what is its usual variation, what is a signal, and how long it has been falling.

The XmR chart (individuals and moving range) asks how much successive values differ, draws limits that such
differences alone would hardly ever leave, and calls a signal what leaves them or keeps to one side for too long
(Wheeler & Chambers 1992, "Understanding Statistical Process Control"; Wheeler 1993, "Understanding Variation"). The
NHS reports its figures this way (Riley et al. 2021, BMJ Leader, doi 10.1136/leader-2020-000357). Everything
else here is counting. None is a period that is missing or not over yet. docs/statistics.md explains all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev
from typing import NamedTuple

Values = Sequence[float | None]
Marks = Sequence[int]

LIMIT = 2.66
"""3 / 1.128: three standard deviations, whose mean range between two values is 1.128 of them."""
RANGE_LIMIT = 3.267
RUN = 8
NEAR, WINDOW = 3, 4
SIGNALS = ("point", "run", "near")
AGAINST_MEAN = ("below", "above", "far")


@dataclass(frozen=True, slots=True)
class Signal:
    """What usual variation hardly ever does.

    Args:
        kind: "point": outside the limits. "run": at least 8 successive values on one side of the mean.
            "near": at least 3 of 4 successive values nearer to one limit than to the mean.
        first, last: positions in the values, both included.
        side: "high" or "low".
    """

    kind: str
    first: int
    last: int
    side: str


@dataclass(frozen=True, slots=True)
class Chart:
    """An XmR chart.

    Args:
        mean, low, high: centre and natural process limits, mean -/+ 2.66 mean ranges, low not below 0.
        ranges: of each value from the one before it, None where either is missing.
        range_mean, range_high: their mean over the baseline, and 3.267 times that, their upper limit.
        signals: by position, then in the order of `SIGNALS`.
        used: values in the baseline; limits from fewer than about 12 are soft.
    """

    mean: float
    low: float
    high: float
    ranges: tuple[float | None, ...]
    range_mean: float
    range_high: float
    signals: tuple[Signal, ...]
    used: int


def xmr(values: Values, baseline: int | None = None) -> Chart | None:
    """The XmR chart of successive periods.

    Args:
        values: oldest first, not negative. A missing one breaks runs and moving ranges.
        baseline: the first so many periods make mean and limits, to which all are then held; None: all do.

    Returns:
        None when the baseline has no two successive values.

    Raises:
        ValueError: the baseline is below 2.

    >>> chart = xmr([10, 12, 9, 11, 10, 12, 30], baseline=6)
    >>> round(chart.mean, 2), round(chart.low, 2), round(chart.high, 2), chart.signals
    (10.67, 5.35, 15.99, (Signal(kind='point', first=6, last=6, side='high'),))
    """
    if baseline is not None and baseline < 2:
        raise ValueError("a baseline must have at least 2 periods")
    ranges = tuple(None if a is None or b is None else abs(b - a) for a, b in pairwise((None, *values)))
    used = [value for value in values[:baseline] if value is not None]
    moved = [moving for moving in ranges[:baseline] if moving is not None]
    if not moved:
        return None
    mean, usual = fmean(used), fmean(moved)
    reach = LIMIT * usual
    return Chart(
        mean,
        max(0.0, mean - reach),
        mean + reach,
        ranges,
        usual,
        RANGE_LIMIT * usual,
        _signals(values, mean, reach),
        len(used),
    )


def _signals(values: Values, mean: float, reach: float) -> tuple[Signal, ...]:
    """What `Chart.signals` holds; a lower limit below 0 counts as where it is, not as 0."""
    outside, aside, near = (_sides(values, mean, least) for least in (reach, 0.0, reach / 2))
    found = [Signal("point", *stretch) for stretch in _stretches(outside)]
    found += [Signal("run", *stretch) for stretch in _stretches(aside) if stretch[1] - stretch[0] >= RUN - 1]
    found += [Signal("near", *stretch) for stretch in _stretches(_crowded(near, values))]
    return tuple(sorted(found, key=lambda signal: (signal.first, SIGNALS.index(signal.kind))))


def _sides(values: Values, mean: float, least: float) -> list[int]:
    """1 and -1 for values more than `least` above and below the mean, else 0."""
    away = [0.0 if value is None else value - mean for value in values]
    return [(distance > least) - (distance < -least) for distance in away]


def _stretches(marks: Marks) -> Iterator[tuple[int, int, str]]:
    """First, last and side of every stretch of equal marks that are not 0."""
    first = 0
    for at in range(1, len(marks) + 1):
        if at == len(marks) or marks[at] != marks[first]:
            if marks[first]:
                yield first, at - 1, "high" if marks[first] > 0 else "low"
            first = at


def _crowded(marks: Marks, values: Values) -> list[int]:
    """The side of every position between the first and last near value of a window that has enough of them."""
    found = [0] * len(marks)
    for start in range(len(marks) - WINDOW + 1):
        window = range(start, start + WINDOW)
        if any(values[at] is None for at in window):
            continue
        for side in (1, -1):
            near = [at for at in window if marks[at] == side]
            if len(near) >= NEAR:
                found[near[0] : near[-1] + 1] = [side] * (near[-1] + 1 - near[0])
    return found


def declines(values: Values) -> int:
    """How many periods up to the last one fell in a row, each below the one before it.

    >>> declines([9, 5, 7, 6, 4]), declines([3, 2, 2]), declines([5, None, 3, 2]), declines([3, 2, None])
    (2, 0, 1, 0)
    """
    return _streak([None if value is None else -value for value in values])


def rises(values: Values) -> int:
    """How many periods up to the last one rose in a row, each above the one before it."""
    return _streak(values)


def _streak(values: Values) -> int:
    length = 0
    for later, earlier in pairwise(reversed(values)):
        if later is None or earlier is None or later <= earlier:
            break
        length += 1
    return length


def against_mean(values: Values, window: int = 15, far: float = 2.0) -> tuple[str | None, ...]:
    """Each value against the mean of those before it: Shanghai's rule for weekly incidents, with 15 weeks.

    Args:
        values: oldest first. window: how many known values before each make the mean.
        far: standard deviations of those values above their mean from which a value is far above it.
            The rule as published says "far above" and no number; 2 is this program's.

    Returns:
        "below" (not above the mean), "above" (red there) or "far" (black) of each value; None for a missing
        value and where fewer than `window` are known before it.

    Raises:
        ValueError: the window is below 2.

    >>> against_mean([4, 6, 5, 6, 9], window=3)
    (None, None, None, 'above', 'far')
    """
    if window < 2:
        raise ValueError("a mean of so few values says nothing")
    found: list[str | None] = []
    known: list[float] = []
    for value in values:
        enough = value is not None and len(known) >= window
        found.append(_against(value, known[-window:], far) if enough and value is not None else None)
        known += [] if value is None else [value]
    return tuple(found)


def _against(value: float, before: Sequence[float], far: float) -> str:
    mean = fmean(before)
    if value <= mean:
        return "below"
    return "far" if value > mean + far * stdev(before) else "above"


class Band(NamedTuple):
    """One month over the earlier years: least, most and mean, None without any; and how many years have it."""

    low: float | None
    high: float | None
    mean: float | None
    years: int


@dataclass(frozen=True, slots=True)
class YearRange:
    """A year against the range of those before it.

    Args:
        year: the latest one. line: its months, None where missing or not over yet.
        bands: of the earlier years, one per month; as long as the line.
    """

    year: int
    line: tuple[float | None, ...]
    bands: tuple[Band, ...]


def year_range(by_year: Mapping[int, Values]) -> YearRange:
    """The latest year's months against the same months of the years before it.

    The range widens with every further year by itself, so leaving it is no test; `xmr` is.

    Args:
        by_year: months (or weeks) of each year from its first on; a short year lacks its last ones.

    Raises:
        ValueError: no year.

    >>> found = year_range({2024: [7, 5], 2025: [9, None], 2026: [6]})
    >>> found.line, found.bands[0], found.bands[1]
    ((6, None), Band(low=7, high=9, mean=8.0, years=2), Band(low=5, high=5, mean=5.0, years=1))
    """
    if not by_year:
        raise ValueError("there is no year")
    latest = max(by_year)
    months = max(len(values) for values in by_year.values())
    padded = {year: (*values, *[None] * (months - len(values))) for year, values in by_year.items()}
    line = padded.pop(latest)
    return YearRange(latest, line, tuple(_band([values[at] for values in padded.values()]) for at in range(months)))


def _band(values: Values) -> Band:
    known = [value for value in values if value is not None]
    return Band(min(known), max(known), fmean(known), len(known)) if known else Band(None, None, None, 0)
