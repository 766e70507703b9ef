"""Whose public holidays and make-up workdays count: the calendar that a deployment names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from domain.daykind import HOLIDAY, WORKDAY, kinds_of, plain_kind

CHINA, NONE = "CN", "none"


@lru_cache(maxsize=64)
def day_kinds(first: date, last: date, calendar: str) -> tuple[Mapping[date, str], bool]:
    """The kind of every day from `first` to `last`, both included.

    Args:
        calendar: "CN" holidays and make-up workdays as the State Council publishes them (国务院办公厅
            放假安排), "none" plain weeks from Monday to Friday.

    Returns:
        day -> "workday", "weekend" or "holiday"; and False when a day lies in a year whose calendar is not
        published, so that its plain weekday stands in.

    Raises:
        ValueError: no such calendar.
    """
    if calendar not in (CHINA, NONE):
        raise ValueError(f"unknown calendar: {calendar!r}")
    found, known = kinds_of(first, last, _china if calendar == CHINA else plain_kind)
    return MappingProxyType(dict(found)), known


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
