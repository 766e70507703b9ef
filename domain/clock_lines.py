"""From sums of clocks to the lines of the page's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from operator import add

import numpy as np

from domain.clock_rules import CLASSES, Clock, ClockRules
from domain.clock_views import ClockLine, ClockPart, ClockRow, ClocksAsked
from domain.clockstats import ClockSums, Tally, in_bands, limit_groups, percentile, tally
from domain.discovery import q_values
from domain.order_rows import HOURS, Columns
from domain.share_change import ShareChanges, share_changes

MEDIAN, HIGH = 0.5, 0.9
Groups = Sequence[tuple[int | None, np.ndarray]]
Periods = tuple[ClockSums, ClockSums | None, ClockSums | None]
"""The period, the one it is compared with, and the one before."""


@dataclass(frozen=True, eq=False)
class Period:
    """One period's sums for a list of stations and the classes asked for.

    Args:
        counts, seconds: (stations, classes, columns or clocks); classes not asked for are left out.
        hours, hour_seconds: (stations, hours, columns or clocks); None when not read.
    """

    columns: Columns
    counts: np.ndarray
    seconds: np.ndarray
    hours: np.ndarray | None = None
    hour_seconds: np.ndarray | None = None

    def of(self, clock: Clock, groups: Groups, by: str) -> Tally:
        """The clock's numbers.

        Args:
            groups: stations by their limit. by: "station", "class", "hour", or "all" for one number.
        """
        counts, seconds = self._arrays(by)
        if by == "station":
            each = [tally(self.columns, clock.code, counts[at], seconds[at], limit) for limit, at in groups]
            return _in_order(each, np.concatenate([at for _, at in groups]))
        summed = ((limit, counts[at].sum(axis=0), seconds[at].sum(axis=0)) for limit, at in groups)
        return reduce(add, (tally(self.columns, clock.code, here, taken, limit) for limit, here, taken in summed))

    def _arrays(self, by: str) -> tuple[np.ndarray, np.ndarray]:
        if by == "hour" and self.hours is not None and self.hour_seconds is not None:
            return self.hours, self.hour_seconds
        if by == "class":
            return self.counts, self.seconds
        return self.counts.sum(axis=1, keepdims=by == "all"), self.seconds.sum(axis=1, keepdims=by == "all")


def _in_order(each: Sequence[Tally], places: np.ndarray) -> Tally:
    """Tallies of groups of stations as one, in the order of all stations."""
    order = np.argsort(places, kind="stable")
    return Tally(*(np.concatenate([getattr(one, name.name) for one in each])[order] for name in fields(Tally)))


def period_of(sums: ClockSums, codes: Sequence[str], classes: Sequence[str]) -> Period:
    """Sums laid out for these stations, in this order, and these classes; those without rows are 0."""
    chosen = [CLASSES.index(code) for code in classes]
    number = {code: index for index, code in enumerate(codes)}
    places = np.array([number[code] for code in sums.stations], dtype=np.int64)

    def laid_out(array: np.ndarray) -> np.ndarray:
        found = np.zeros((len(codes), *array.shape[1:]), dtype=array.dtype)
        found[places] = array
        return found[:, chosen]

    counts, seconds = laid_out(sums.counts), laid_out(sums.seconds)
    if sums.by_hour is None or sums.by_hour_seconds is None:
        return Period(sums.columns, counts, seconds)
    hours = (laid_out(array).sum(axis=1) for array in (sums.by_hour, sums.by_hour_seconds))
    return Period(sums.columns, counts, seconds, *hours)


def lines(found: Tally, clock: Clock, least: int, limited: bool | np.ndarray = True) -> list[ClockLine]:
    """A tally of shape (n,) as n lines.

    Args:
        least: rows below which a line has too few. limited: a limit is judged; one for all or one of each.
    """
    done = found.done
    mean = np.divide(found.seconds, done, out=np.full(len(done), np.nan), where=done > 0)
    few = np.where(limited, found.due, done) < least
    counted = (found.due, found.hit, found.waiting, found.overdue, found.unusable, done, few)
    taken = (mean, percentile(found.bins, clock, MEDIAN), percentile(found.bins, clock, HIGH))
    bands = (tuple(own) for own in in_bands(found.bins, clock).tolist())
    rows = zip(*(array.tolist() for array in counted), *map(_or_none, taken), bands, strict=True)
    return [ClockLine(*row) for row in rows]


def _or_none(values: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def clock_parts(
    rules: ClockRules, asked: ClocksAsked, periods: Periods, codes: Sequence[str], regions: Mapping[str, str | None]
) -> tuple[ClockPart, ...]:
    """The page's clocks.

    Args:
        periods: sums of `asked.span` by hour too, of the base and of the period before; None: not compared.
        codes: the stations that are listed, in order; a further one that has rows comes after them.
        regions: region type of a station.
    """
    held = {code for sums in periods if sums is not None for code in sums.stations}
    listed, classes = [*codes, *sorted(held - set(codes))], asked.classes or CLASSES
    laid = [None if sums is None else period_of(sums, listed, classes) for sums in periods]
    where, least = [regions.get(code) for code in listed], rules.least(asked.span.days)
    makers = [
        _Maker(clock, limit_groups(clock, where, asked.limits), laid, least) for clock in rules.clocks_of(asked.who)
    ]
    changes = share_changes(*np.array([maker.compared() for maker in makers]).swapaxes(0, 1))
    told = _told(changes.p[:, _STATIONS : _STATIONS + len(listed)], rules.q)
    return tuple(
        maker.part(_row(changes, number), (listed, classes), told[number].tolist())
        for number, maker in enumerate(makers)
    )


_SETS = ((1, "all"), (2, "all"), (1, "station"), (1, "class"))
"""What is compared, in this order: with which period, by what."""
_STATIONS = 2


@dataclass(frozen=True, eq=False)
class _Maker:
    """One clock's lines. `periods`: now, base, previous."""

    clock: Clock
    groups: Groups
    periods: Sequence[Period | None]
    least: int
    _known: dict[tuple[int, str], Tally] = field(default_factory=dict)

    def tally(self, which: int, by: str) -> Tally | None:
        """None for a period that is not compared."""
        period = self.periods[which]
        if period is None:
            return None
        if (which, by) not in self._known:
            self._known[which, by] = period.of(self.clock, self.groups, by)
        return self._known[which, by]

    def compared(self) -> np.ndarray:
        """Hits and due now, then hits and due of the other period, of all sets one after the other; shape (4, n)."""
        return np.concatenate([self._pair(which, by) for which, by in _SETS], axis=1)

    def _pair(self, which: int, by: str) -> np.ndarray:
        now, then = self.tally(0, by), self.tally(which, by)
        assert now is not None
        pair = (now.hit, now.due, now.hit * 0, now.due * 0) if then is None else (now.hit, now.due, then.hit, then.due)
        return np.array(pair)

    def part(self, changes: ShareChanges, keys: tuple[Sequence[str], Sequence[str]], told: Sequence[bool]) -> ClockPart:
        """The clock as the page shows it.

        Args:
            changes: of all sets. keys: stations and classes. told: of each station.
        """
        stations, classes = keys
        now, base, previous = (next(iter(self._lines(which, "all")), None) for which in range(len(self.periods)))
        assert now is not None
        return ClockPart(
            clock=self.clock,
            now=now,
            base=base,
            previous=previous,
            change=changes.at(0) if base else None,
            change_previous=changes.at(1) if previous else None,
            stations=self._rows("station", stations, (changes, _STATIONS), told),
            hours=self._rows("hour", [f"{hour:02d}" for hour in range(HOURS)]),
            classes=self._rows("class", classes, (changes, _STATIONS + len(stations))),
        )

    def _lines(self, which: int, by: str) -> list[ClockLine]:
        found = self.tally(which, by)
        return [] if found is None else lines(found, self.clock, self.least, self._limited(by))

    def _limited(self, by: str) -> bool | np.ndarray:
        if by != "station":
            return any(limit is not None for limit, _ in self.groups)
        limited = np.zeros(sum(len(at) for _, at in self.groups), dtype=bool)
        for limit, at in self.groups:
            limited[at] = limit is not None
        return limited

    def _rows(
        self, by: str, keys: Sequence[str], compared: tuple[ShareChanges, int] | None = None, told: Sequence[bool] = ()
    ) -> tuple[ClockRow, ...]:
        now, then = self._lines(0, by), [] if compared is None else self._lines(1, by)
        if compared is None or not then:
            return tuple(ClockRow(key, line) for key, line in zip(keys, now, strict=True))
        changes, first = compared
        marks = told or [False] * len(now)
        rows = zip(keys, now, then, marks, strict=True)
        return tuple(
            ClockRow(key, line, before, changes.at(first + index), mark)
            for index, (key, line, before, mark) in enumerate(rows)
        )


def _row(changes: ShareChanges, number: int) -> ShareChanges:
    return ShareChanges(*(getattr(changes, one.name)[number] for one in fields(ShareChanges)))


def _told(p: np.ndarray, q: float) -> np.ndarray:
    """Which changes are beyond chance among all that could be tested."""
    found = np.zeros(p.shape, dtype=bool)
    tested = ~np.isnan(p)
    found[tested] = q_values(p[tested]) <= q
    return found
