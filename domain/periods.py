"""Periods and pace. All times are wall time of the deployment, without zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from domain.task import Base, Period

WORK_BEGINS = time(7)
WORK_ENDS = time(19)
QUIET_UNTIL = time(9)
LAST_SECOND = time(23, 59, 59)
BASE_SHIFT = {Base.YEAR: timedelta(days=364), Base.WEEK: timedelta(days=7)}


def period_start(period: Period, day: date) -> date:
    """The first day of the period that `day` lies in.

    >>> period_start(Period.WEEK, date(2024, 5, 5))
    datetime.date(2024, 4, 29)
    """
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def period_end(period: Period, day: date) -> date:
    """The last day of the period that `day` lies in.

    >>> period_end(Period.MONTH, date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    start = period_start(period, day)
    if period is Period.DAY:
        return start
    if period is Period.WEEK:
        return start + timedelta(days=6)
    return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def day_share(clock: time) -> float:
    """The share of the working day that is gone: 0 before 07:00, straight to 1 at 19:00.

    >>> day_share(time(13))
    0.5
    """
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    begin, end = WORK_BEGINS.hour * 3600, WORK_ENDS.hour * 3600
    return min(1.0, max(0.0, (seconds - begin) / (end - begin)))


@lru_cache(maxsize=64)
def pace_share(period: Period, as_of: datetime) -> float:
    """The share of the period that is gone (序时进度): closed days plus today's share, over all days.

    >>> pace_share(Period.WEEK, datetime(2024, 5, 7, 13))
    0.21428571428571427
    """
    today = as_of.date()
    start, end = period_start(period, today), period_end(period, today)
    length = (end - start).days + 1
    return ((today - start).days + day_share(as_of.time())) / length


@lru_cache(maxsize=64)
def too_early(period: Period, as_of: datetime) -> bool:
    """Before 09:00 of the period's first day nothing is judged by pace yet (进行中)."""
    return as_of.date() == period_start(period, as_of.date()) and as_of.time() < QUIET_UNTIL


def end_of_day(day: date) -> datetime:
    """The last second of a day: the instant at which a closed day is judged."""
    return datetime.combine(day, LAST_SECOND)


def shifted(moment: datetime, base: Base) -> datetime:
    """The same weekday and time in the stretch that is compared with."""
    return moment - BASE_SHIFT[base]
