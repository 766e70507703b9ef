"""Stretches of wall time that a map compares: presets, to date, the same stretch of another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.errors import BadRequest

LONGEST_DAYS = 3660
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of wall time, `end` not included."""

    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The day it begins on."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day that it touches."""
        return (self.end - timedelta(seconds=1)).date()

    @property
    def days(self) -> float:
        """Its length in days; part of a day counts as part."""
        return (self.end - self.start) / _DAY

    @property
    def whole_days(self) -> bool:
        """True when it begins and ends at midnight."""
        return self.start.time() == time.min and self.end.time() == time.min


PRESETS = ("today", "yesterday", "7d", "30d", "90d", "week", "month", "last_month", "november", "year", "365d")
"""Names of the ready-made stretches, in the order they are offered."""

DEFAULT_PRESET = "30d"
BASES = ("none", "year", "prev")


def span_of(preset: str, now: datetime) -> Span:
    """A preset's stretch; one that holds today ends now ("to date").

    Args:
        preset: one of `PRESETS`. "30d" is today and the 29 days before it, "november" the last whole one.
        now: where the stretch ends; midnight ends the day before, which then is "today" as a whole.

    Raises:
        BadRequest: no such preset.

    >>> span_of("month", datetime(2024, 5, 7, 13)).start
    datetime.datetime(2024, 5, 1, 0, 0)
    """
    today = (now - timedelta(microseconds=1)).date()
    if preset in ("7d", "30d", "90d", "365d"):
        return Span(_at(today - timedelta(days=int(preset[:-1]) - 1)), now)
    if preset == "last_month":
        first = today.replace(day=1)
        return Span(_at((first - _DAY).replace(day=1)), _at(first))
    if preset == "november":
        year = now.year if now.month == 12 else today.year - (today.month < 12)
        return Span(datetime(year, 11, 1), datetime(year, 12, 1))
    starts = {
        "today": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    if preset == "yesterday":
        return Span(_at(today - _DAY), _at(today))
    if preset not in starts:
        raise BadRequest("error.bad_period", value=preset[:40])
    return Span(_at(starts[preset]), now)


def free_span(first: str, last: str, now: datetime) -> Span:
    """The stretch from one day to another, both included, as an address gives it; never later than now.

    Raises:
        BadRequest: not days, the wrong way round, longer than ten years, or wholly in the future.
    """
    start, end = _day(first), _day(last)
    if end < start or (end - start).days >= LONGEST_DAYS or _at(start) >= now or start.year < 1990:
        raise BadRequest("error.bad_period", value=f"{first}..{last}"[:40])
    return Span(_at(start), min(_at(end + _DAY), now))


def base_of(span: Span, base: str, first: str = "", last: str = "") -> Span | None:
    """The stretch that `span` is compared with; None for none.

    Args:
        base: "year" the same dates a year earlier, "prev" the stretch just before of the same length,
            "none", or "free" from `first` to `last`.

    Raises:
        BadRequest: no such base, or wrong days.

    A stretch that ends within a day (to date) is compared with one that ends at the same time of day.
    29 February is compared with 28 February.
    """
    if base == "none":
        return None
    if base == "prev":
        return _before(span)
    if base == "year":
        return year_before(span)
    if base == "free":
        return free_span(first, last, span.end)
    raise BadRequest("error.bad_base", value=base[:40])


def _before(span: Span) -> Span:
    """A whole calendar month is compared with the month before, anything else with as many days before."""
    first = span.start
    if span.whole_days and first.day == 1 and span.end.day == 1 and span.days <= 31:
        return Span(_at((first - _DAY).date().replace(day=1)), first)
    days = timedelta(days=(span.last_day - span.first_day).days + 1)
    return Span(span.start - days, span.end - days)


def year_before(span: Span) -> Span:
    """The same dates a year earlier. What ends with the 28th of a leap year's February ends with the 28th again.

    >>> year_before(Span(datetime(2024, 2, 1), datetime(2024, 2, 29))).last_day
    datetime.date(2023, 2, 28)
    """
    end = year_back(span.end)
    ends_on_28th = (span.end.month, span.end.day) == (2, 29) and span.end.time() == time.min
    return Span(year_back(span.start), end + _DAY if ends_on_28th else end)


def year_back(moment: datetime) -> datetime:
    """The same date and time one year earlier.

    >>> year_back(datetime(2024, 2, 29, 8))
    datetime.datetime(2023, 2, 28, 8, 0)
    """
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadRequest("error.bad_day", value=text[:40]) from error
