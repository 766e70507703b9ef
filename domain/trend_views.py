"""What the trend page answers: one figure by month and week, against earlier years and against its own variation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from domain.board import Board, Unit
from domain.compare_views import CompareAsked
from domain.span import Span, year_before
from domain.trend import Chart, YearRange


def years_to_date(end: datetime, earlier: int) -> list[Span]:
    """From 1 January to `end`, that year and so many before it to the same date, newest first."""
    last = (end - timedelta(seconds=1)).date()
    found = [Span(datetime(last.year, 1, 1), end)]
    for _ in range(earlier):
        found.append(year_before(found[-1]))
    return found


def months_to_date(end: datetime) -> tuple[Span, Span]:
    """The month of `end` up to it, and that of the year before to the same date."""
    last = (end - timedelta(seconds=1)).date()
    now = Span(datetime(last.year, last.month, 1), end)
    return now, year_before(now)


@dataclass(frozen=True, slots=True)
class Point:
    """One month or week.

    Args:
        first: its first day. days: how many days it has. count: None where the data do not hold all of it.
        rule: "below", "above" or "far" by the rule of the mean of the weeks before; None where that says nothing.
    """

    first: date
    days: int
    count: int | None
    rule: str | None = None

    @property
    def daily(self) -> float | None:
        """Incidents a day."""
        return None if self.count is None else self.count / self.days


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year up to the same date as the present one, and as a whole.

    Args:
        to_date: count from 1 January to the date and time of day the page is about; None where the data do
            not hold all of it. whole: the whole year; None while it runs, or where the data begin later.
    """

    year: int
    to_date: int | None
    whole: int | None


@dataclass(frozen=True)
class TrendView:
    """One figure's course.

    Args:
        months: of this year against the range of the years before, counts; `running` is the month that is not
            over: its count to date and that of last year to the same date.
        points: the months or weeks of the control chart, oldest first, none that is not over.
        chart: over daily means (months differ in length); None with fewer than two.
        weeks_falling, months_falling, years_falling: how many in a row fell, each below the one before it (months:
            below the same month of the year before; years: to date).
        begins: the first day of which there are data.
    """

    board: Board
    asked: CompareAsked
    rules_version: str
    units: tuple[Unit, ...]
    chosen: int
    months: YearRange
    running: tuple[int | None, int | None]
    points: tuple[Point, ...]
    chart: Chart | None
    years: tuple[YearLine, ...]
    by_year: Mapping[int, tuple[int | None, ...]]
    weeks_falling: int
    months_falling: int
    years_falling: int
    begins: date | None

    @property
    def compared(self) -> dict[str, tuple[Span, ...]]:
        """The periods behind the page: "years" to date, newest first, of the years that are known and at least two;
        "months" to date, this year's and last year's, while one runs; "chart": from its first to its last point."""
        end = self.asked.periods.span.end
        found = {"years": tuple(years_to_date(end, max(1, len(self.known_years) - 1)))}
        if self.open_month is not None:
            found["months"] = months_to_date(end)
        if self.points:
            last = self.points[-1]
            stop = datetime.combine(last.first + timedelta(days=last.days), time.min)
            found["chart"] = (Span(datetime.combine(self.points[0].first, time.min), stop),)
        return found

    @property
    def open_month(self) -> int | None:
        """The month that is not over, counted from 0; None when there is none, or nothing is known of it."""
        at = self.asked.periods.span.last_day.month - 1
        return at if self.months.line[at] is None and self.running[0] is not None else None

    @property
    def short(self) -> bool:
        """The data begin later than last year did."""
        return self.begins is not None and self.begins > date(self.months.year - 1, 1, 1)

    @property
    def years_before(self) -> int:
        """How many earlier years the months are held against."""
        return max((one.years for one in self.months.bands), default=0)

    @property
    def known_years(self) -> tuple[YearLine, ...]:
        """The years of which anything is known, newest first."""
        return tuple(
            line
            for line in self.years
            if line.to_date is not None or any(one is not None for one in self.by_year[line.year])
        )

    @property
    def year_changes(self) -> tuple[float | None, ...]:
        """Of each known year, to date: percent against the year before; None where that is unknown or 0."""
        known = self.known_years
        pairs = [(now.to_date, before.to_date) for now, before in pairwise(known)]
        changes = [None if now is None or not before else 100 * (now - before) / before for now, before in pairs]
        return (*changes, None) if known else ()
