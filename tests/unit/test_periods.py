"""Periods and pace (DOMAIN 2.3)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import day_share, end_of_day, pace_share, period_end, period_start, shifted, too_early
from domain.task import Base, Period

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda at: at.replace(microsecond=0))
periods = st.sampled_from(Period)


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.DAY, date(2024, 2, 29), date(2024, 2, 29), date(2024, 2, 29)),
        (Period.WEEK, date(2024, 5, 6), date(2024, 5, 6), date(2024, 5, 12)),
        (Period.WEEK, date(2024, 5, 12), date(2024, 5, 6), date(2024, 5, 12)),
        (Period.WEEK, date(2025, 1, 1), date(2024, 12, 30), date(2025, 1, 5)),
        (Period.MONTH, date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (Period.MONTH, date(2023, 2, 28), date(2023, 2, 1), date(2023, 2, 28)),
        (Period.MONTH, date(2024, 12, 31), date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: Period, day: date, first: date, last: date) -> None:
    assert (period_start(period, day), period_end(period, day)) == (first, last)


@given(period=periods, day=days)
def test_every_day_lies_in_its_period_and_the_next_day_begins_one(period: Period, day: date) -> None:
    first, last = period_start(period, day), period_end(period, day)
    assert first <= day <= last
    assert period_start(period, last) == first
    assert period_start(period, last + timedelta(days=1)) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("clock", "share"),
    [
        (time(0), 0),
        (time(6, 59, 59), 0),
        (time(7), 0),
        (time(7, 0, 36), 0.0008333),
        (time(10), 0.25),
        (time(13), 0.5),
        (time(18, 59, 59), 0.9999769),
        (time(19), 1),
        (time(23, 59, 59), 1),
    ],
)
def test_the_working_day_goes_from_seven_to_nineteen(clock: time, share: float) -> None:
    assert day_share(clock) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("period", "at", "share"),
    [
        (Period.DAY, datetime(2024, 5, 7, 13), 1 / 2),
        (Period.WEEK, datetime(2024, 5, 6, 3), 0),
        (Period.WEEK, datetime(2024, 5, 7, 3), 1 / 7),
        (Period.WEEK, datetime(2024, 5, 8, 13), 2.5 / 7),
        (Period.WEEK, datetime(2024, 5, 12, 19), 1),
        (Period.MONTH, datetime(2024, 2, 1, 13), 0.5 / 29),
        (Period.MONTH, datetime(2024, 2, 29, 23), 1),
    ],
)
def test_pace_counts_closed_days_and_the_share_of_today(period: Period, at: datetime, share: float) -> None:
    assert pace_share(period, at) == pytest.approx(share)


@given(period=periods, at=instants, seconds=st.integers(0, 40 * 86_400))
def test_pace_never_falls_inside_a_period(period: Period, at: datetime, seconds: int) -> None:
    then = min(at + timedelta(seconds=seconds), end_of_day(period_end(period, at.date())))
    assert 0 <= pace_share(period, at) <= pace_share(period, then) <= 1
    assert pace_share(period, end_of_day(period_end(period, at.date()))) == 1


@pytest.mark.parametrize(
    ("period", "at", "early"),
    [
        (Period.DAY, datetime(2024, 5, 7, 8, 59, 59), True),
        (Period.DAY, datetime(2024, 5, 7, 9), False),
        (Period.WEEK, datetime(2024, 5, 6, 8), True),
        (Period.WEEK, datetime(2024, 5, 7, 8), False),
        (Period.MONTH, datetime(2024, 5, 1, 8), True),
        (Period.MONTH, datetime(2024, 5, 2, 0), False),
    ],
)
def test_nothing_is_judged_before_nine_of_the_first_day(period: Period, at: datetime, early: bool) -> None:
    assert too_early(period, at) is early


@given(at=instants, base=st.sampled_from(Base))
def test_the_base_keeps_the_weekday_and_the_clock(at: datetime, base: Base) -> None:
    then = shifted(at, base)
    assert (then.weekday(), then.time()) == (at.weekday(), at.time())
    assert (at - then).days == {Base.YEAR: 364, Base.WEEK: 7}[base]


def test_a_closed_day_is_judged_at_its_last_second() -> None:
    assert end_of_day(date(2024, 5, 7)) == datetime(2024, 5, 7, 23, 59, 59)
