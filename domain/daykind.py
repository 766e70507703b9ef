"""Workdays, weekends and public holidays of a stretch of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from domain.incident_filter import DAY_KINDS
from domain.incidents import day_number

WORKDAY, WEEKEND, HOLIDAY = DAY_KINDS
SATURDAY = 5
Lookup = Callable[[date], "str | None"]
"""What a calendar says of a day: one of `DAY_KINDS`, None when that year is not published yet."""


def plain_kind(day: date) -> str:
    """Monday to Friday are workdays, whatever a calendar says.

    >>> plain_kind(date(2024, 2, 4))
    'weekend'
    """
    return WORKDAY if day.weekday() < SATURDAY else WEEKEND


def kinds_of(first: date, last: date, lookup: Lookup) -> tuple[Mapping[date, str], bool]:
    """The kind of every day from `first` to `last`, both included, and whether the calendar knew them all.

    A day that the calendar does not know is judged by its weekday alone. Nothing when `last` lies before `first`.
    """
    found: dict[date, str] = {}
    known = True
    for day in days(first, last):
        kind = lookup(day)
        known = known and kind is not None
        found[day] = kind or plain_kind(day)
    return found, known


def numbered(kinds: Mapping[date, str]) -> dict[int, str]:
    """The same by day number (`domain.incidents.day_number`)."""
    return {day_number(day): kind for day, kind in kinds.items()}


def days(first: date, last: date) -> Iterable[date]:
    """Every day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
