"""A calendar month: what is assessed, compared with the same month of another year, and locked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.errors import BadRequest
from domain.periods import day_share

_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of the calendar, `number` 1..12.

    >>> Month(2024, 3).back(14)
    Month(year=2023, number=1)
    """

    year: int
    number: int

    @property
    def period(self) -> str:
        """As it is written and stored: 2024-05. Texts sort as the months do."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last.day

    def back(self, months: int) -> Month:
        """So many months earlier; later when negative."""
        serial = self.year * 12 + self.number - 1 - months
        return Month(serial // 12, serial % 12 + 1)

    def over(self, now: datetime) -> bool:
        """Its last day has ended by `now`."""
        return now.date() > self.last

    def pace(self, as_of: datetime) -> float:
        """The share of the month that is gone at `as_of` (序时进度), 0..1: closed days, and today's working hours.

        >>> Month(2024, 4).pace(datetime(2024, 4, 16, 13))
        0.5166666666666667
        """
        if as_of.date() > self.last:
            return 1.0
        if as_of.date() < self.first:
            return 0.0
        return ((as_of.date() - self.first).days + day_share(as_of.time())) / self.days


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return Month(day.year, day.month)


def read_month(text: str) -> Month:
    """A month as an address or a command gives it.

    Raises:
        BadRequest: it is not of the form 2024-05, or no month from 1990 to 2999.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found or not 1990 <= int(found[1]) <= 2999 or not 1 <= int(found[2]) <= 12:
        raise BadRequest("error.bad_month", value=text[:40])
    return Month(int(found[1]), int(found[2]))


def start_of(day: date) -> datetime:
    """The first second of a day."""
    return datetime.combine(day, time.min)
