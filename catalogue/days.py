"""Whose public holidays and make-up workdays count: the calendar that a deployment names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from domain.daykind import HOLIDAY, WEEKEND, WORKDAY, Lookup, days, kinds_of, plain_kind

CHINA, NONE = "CN", "none"
_SPRING_FESTIVAL = "Chinese New Year (Spring Festival)"
"""As the package `holidays` calls it; its days are the legal ones, which begin with the first of the lunar year."""


@lru_cache(maxsize=64)
def day_kinds(first: date, last: date, calendar: str) -> tuple[Mapping[date, str], bool]:
    """The kind of every day from `first` to `last`, both included.

    Args:
        calendar: "CN" holidays and make-up workdays as the State Council publishes them (国务院办公厅
            放假安排), "none" plain weeks from Monday to Friday, or the code of another country or region with or
            without a part of it: "IT", "IT-RM".

    Returns:
        day -> "workday", "weekend" or "holiday"; and False when a day lies in a year whose calendar is not
        published, so that its plain weekday stands in.

    Raises:
        ValueError: no such calendar.
    """
    found, known = kinds_of(first, last, _lookup(calendar))
    return MappingProxyType(dict(found)), known


def is_calendar(calendar: str) -> bool:
    """Whether `day_kinds` knows a calendar of that name. Mainland China is known as a whole only."""
    if calendar in (CHINA, NONE):
        return True
    from holidays import list_supported_countries

    country, dash, part = calendar.partition("-")
    known = list_supported_countries(include_aliases=False)
    return country in known and country != CHINA and (part in known[country] if dash else True)


@lru_cache(maxsize=4096)
def spring_festival(year: int) -> date | None:
    """The first day of the lunar year that begins in `year`; None outside 1950 to 2100.

    >>> spring_festival(2024)
    datetime.date(2024, 2, 10)
    """
    from holidays import country_holidays

    book = country_holidays("CN", years=year, language="en_US", expand=False)
    return min(book.get_named(_SPRING_FESTIVAL), default=None)


def _lookup(calendar: str) -> Lookup:
    if calendar == CHINA:
        return _china
    if calendar == NONE:
        return plain_kind
    if not is_calendar(calendar):
        raise ValueError(f"unknown calendar: {calendar!r}")
    return lambda day: _year_elsewhere(calendar, day.year).get(day)


def _china(day: date) -> str | None:
    """None for a year the package does not hold.

    The package's days off include the weekend days inside a holiday, and its workdays the Saturdays and
    Sundays that are worked in exchange.
    """
    from chinese_calendar import get_holiday_detail

    try:
        off, name = get_holiday_detail(day)
    except NotImplementedError:
        return None
    if name is None:
        return plain_kind(day)
    return HOLIDAY if off else WORKDAY


@lru_cache(maxsize=128)
def _year_elsewhere(calendar: str, year: int) -> Mapping[date, str]:
    """Every day of a year by another country's law, its own weekends included; nothing for a year not known."""
    from holidays import country_holidays

    country, _, part = calendar.partition("-")
    # a holiday may be kept on a working day of the year beside it; and a book that grows while it is read is not
    # safe to share between threads
    book = country_holidays(country, subdiv=part or None, years=(year - 1, year, year + 1), expand=False)
    if not book.start_year <= year <= book.end_year:
        return {}

    def kind(day: date) -> str:
        if day in book:
            return HOLIDAY
        return WORKDAY if book.is_working_day(day) else WEEKEND

    return {day: kind(day) for day in days(date(year, 1, 1), date(year, 12, 31))}
