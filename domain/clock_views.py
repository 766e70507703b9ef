"""What the page of response clocks asks and shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.board import Board, Unit
from domain.clock_rules import Clock
from domain.share_change import ShareChange
from domain.span import Span


@dataclass(frozen=True, slots=True)
class ClocksAsked:
    """The question.

    Args:
        span: orders given in it. base: the same period that it is compared with (同比); previous: the one before
            it (环比); None: not asked for.
        units: station codes; None: all that the viewer sees.
        classes: some of `domain.clock_rules.CLASSES`; empty: all.
        who: see `domain.clock_rules.WHO`. limits: see `domain.clock_rules.LIMITS`.
    """

    span: Span
    base: Span | None = None
    previous: Span | None = None
    units: tuple[str, ...] | None = None
    classes: tuple[str, ...] = ()
    who: str = "station"
    limits: str = "uniform"

    def as_of_in(self, other: Span, as_of: datetime) -> datetime:
        """The instant that lies after `other` as `as_of` lies after `span`: then as much was known of either.

        Never later than `as_of` itself.
        """
        return min(as_of, other.end + (as_of - self.span.end))


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock's numbers of some rows.

    Args:
        due: finished rows and rows that ran out of their limit. hit: those of them in time. Both 0 where nothing
            is judged.
        waiting: open and inside the limit (在办); neither part of the share. overdue: open beyond it; part of `due`.
        unusable: stopped before they began; counted nowhere else.
        done: finished rows, which mean, percentiles and bands are of.
        few: too few rows to judge (样本不足): of `due`, or of `done` where nothing is judged.
        mean, p50, p90: seconds; None without a finished row. A percentile is read from bins (docs/clocks.md).
        bands: finished rows by the clock's bands, one more than it has.
    """

    due: int
    hit: int
    waiting: int
    overdue: int
    unusable: int
    done: int
    few: bool
    mean: float | None
    p50: float | None
    p90: float | None
    bands: tuple[int, ...]

    @property
    def percent(self) -> float | None:
        """The share in time, 0..100; None when nothing is due."""
        return 100 * self.hit / self.due if self.due else None

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Each band's share of the finished rows, 0..100; None without one."""
        return tuple(100 * band / self.done if self.done else None for band in self.bands)

    @property
    def rows(self) -> int:
        """All rows that the clock runs or ran for."""
        return self.done + self.waiting + self.overdue + self.unusable


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One line of a table.

    Args:
        key: a station's or class's code, or the hour "00" to "23".
        base, change: None when not compared.
        told: of stations: the change remains beyond chance among all that were tested (`ClockRules.q`).
    """

    key: str
    now: ClockLine
    base: ClockLine | None = None
    change: ShareChange | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class ClockPart:
    """One clock: its numbers in all, and its tables, each of which adds up to `now` (and to `base`).

    Args:
        change, change_previous: of the share in time, against `base` and `previous`; None when not compared.
        stations: those the viewer sees, in the board's order; then such as the list of stations does not name.
        hours: the 24 hours of the day in which orders were given; not compared.
    """

    clock: Clock
    now: ClockLine
    base: ClockLine | None
    previous: ClockLine | None
    change: ShareChange | None
    change_previous: ShareChange | None
    stations: tuple[ClockRow, ...]
    hours: tuple[ClockRow, ...]
    classes: tuple[ClockRow, ...]


@dataclass(frozen=True, slots=True)
class ClocksView:
    """The page of response clocks.

    Args:
        clocks: in the order of `domain.clock_rules.CLOCKS`; of incidents the arrival only. Empty when there
            are no orders at all: then nothing is known, and nothing is told as 0.
        units: the stations that the viewer sees.
        begins: the first day of which there are orders; None: there are none.
        base_short, previous_short: the data begin after that period does, so nothing is compared with it.
    """

    board: Board
    asked: ClocksAsked
    clocks: tuple[ClockPart, ...]
    units: tuple[Unit, ...]
    begins: date | None
    base_short: bool
    previous_short: bool
    rules_version: str

    @property
    def empty(self) -> bool:
        """There are no orders at all."""
        return self.begins is None

    def part(self, code: str) -> ClockPart | None:
        """The clock with this code."""
        return next((part for part in self.clocks if part.clock.code == code), None)
