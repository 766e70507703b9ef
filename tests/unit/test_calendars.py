"""Public holidays of China and elsewhere, the Spring Festival, and the setting that names a calendar."""

from __future__ import annotations

import doctest
from datetime import date, datetime, time, timedelta
from pathlib import Path

import holidays
import pytest
from chinese_calendar import get_holiday_detail
from hypothesis import given
from hypothesis import strategies as st

from catalogue import days
from catalogue.days import day_kinds, is_calendar, spring_festival
from domain.daykind import plain_kind
from domain.errors import SettingsError
from settings import load_settings


def kind(day: date, calendar: str) -> str:
    kinds, known = day_kinds(day, day, calendar)
    assert known
    return kinds[day]


# the Spring Festival ------------------------------------------------------------------------------


PUBLISHED = (
    "1985-02-20 1990-01-27 1995-01-31 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 "
    "2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 "
    "2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 "
    "2027-02-06 2028-01-26 2029-02-13 2030-02-03 2033-01-31 2034-02-19"
)  # the last two lie around the leap month that old almanacs had wrong
NEW_MOON, MONTH = datetime(2000, 1, 6, 18, 14), 29.530588861
"""A mean new moon in Greenwich, and days from one to the next (Meeus, Astronomical Algorithms, chapter 49)."""


@pytest.mark.parametrize("day", PUBLISHED.split())
def test_the_spring_festival_is_on_the_published_day(day: str) -> None:
    assert str(spring_festival(int(day[:4]))) == day


@pytest.mark.parametrize("year", range(1950, 2101))
def test_the_spring_festival_is_the_day_of_a_new_moon_in_peking_between_20_january_and_21_february(year: int) -> None:
    day = spring_festival(year)
    assert day is not None and date(year, 1, 20) <= day <= date(year, 2, 21)
    noon_in_greenwich = datetime.combine(day, time(4))
    months = (noon_in_greenwich - NEW_MOON).total_seconds() / 86400 / MONTH
    true_and_mean_moon, half_a_day = 14, 12  # hours; the true moon is early or late by up to fourteen
    assert abs(months - round(months)) * MONTH * 24 < true_and_mean_moon + half_a_day


@pytest.mark.parametrize("year", range(1951, 2101))
def test_a_lunar_year_has_twelve_months_or_thirteen(year: int) -> None:
    this, last = spring_festival(year), spring_festival(year - 1)
    assert this is not None and last is not None
    assert (this - last).days in (353, 354, 355, 383, 384, 385)


@pytest.mark.parametrize(
    ("year", "known"), [(1949, False), (1950, True), (2100, True), (2101, False), (0, False), (9999, False)]
)
def test_outside_its_table_the_spring_festival_is_not_known(year: int, known: bool) -> None:
    assert (spring_festival(year) is not None) == known


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_spring_festival_is_that_of_the_state_council(year: int) -> None:
    day = spring_festival(year)
    assert day is not None
    off, name = get_holiday_detail(day)
    assert (off, name) == (True, "Spring Festival")
    assert kind(day, "CN") == "holiday"


# China --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "known"), [(2003, False), (2004, True), (2015, True), (2026, True), (2027, False)])
def test_the_years_that_are_published(year: int, known: bool) -> None:
    kinds, said = day_kinds(date(year, 1, 1), date(year, 12, 31), "CN")
    assert said == known
    assert ("holiday" in kinds.values()) == known


# elsewhere ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "calendar", "said"),
    [
        (date(2021, 4, 5), "IT", "holiday"),  # Easter Monday
        (date(2021, 4, 25), "IT", "holiday"),  # a Sunday
        (date(2021, 6, 2), "IT", "holiday"),
        (date(2021, 2, 12), "IT", "workday"),  # holiday in China
        (date(2021, 6, 29), "IT", "workday"),
        (date(2021, 6, 29), "IT-RM", "holiday"),  # Rome's patrons
        (date(2021, 12, 7), "IT-RM", "workday"),  # Milan's
        (date(2021, 6, 26), "IT", "weekend"),
        (date(2024, 10, 31), "DE-BB", "holiday"),
        (date(2024, 10, 31), "DE-BY", "workday"),
        (date(2021, 12, 31), "US", "holiday"),  # New Year's Day of 2022 is kept on the Friday before
        (date(2024, 8, 3), "HU", "workday"),  # a Saturday worked in exchange
        (date(2024, 6, 7), "EG", "weekend"),  # a Friday
        (date(2024, 6, 9), "EG", "workday"),  # a Sunday
    ],
)
def test_another_country_keeps_its_own_days(day: date, calendar: str, said: str) -> None:
    assert kind(day, calendar) == said


def test_years_that_another_country_does_not_know_fall_back_on_weekdays_and_say_so() -> None:
    kinds, known = day_kinds(date(2100, 12, 25), date(2101, 1, 1), "IT")
    assert not known
    assert kinds[date(2100, 12, 25)] == "holiday"
    assert kinds[date(2101, 1, 1)] == plain_kind(date(2101, 1, 1))


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 800), st.sampled_from(["IT-RM", "US", "HK"]))
def test_the_days_off_are_those_of_the_package(first: date, length: int, calendar: str) -> None:
    kinds, known = day_kinds(first, first + timedelta(days=length), calendar)
    country, _, part = calendar.partition("-")
    book = holidays.country_holidays(country, subdiv=part or None)
    assert known
    assert {day for day, said in kinds.items() if said == "holiday"} == {day for day in kinds if day in book}
    assert all(book.is_working_day(day) for day, said in kinds.items() if said == "workday")


@pytest.mark.parametrize("calendar", ["CN-BJ", "IT-XX", "IT-", "it", "ITA", "XX", "", "-RM", "mars"])
def test_a_calendar_that_nobody_keeps_is_refused(calendar: str) -> None:
    assert not is_calendar(calendar)
    with pytest.raises(ValueError, match="unknown calendar"):
        day_kinds(date(2024, 1, 1), date(2024, 1, 1), calendar)


def test_the_examples_in_the_text_are_true() -> None:
    found = doctest.testmod(days)
    assert found.attempted
    assert not found.failed


# the setting --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("calendar", ["CN", "none", "IT", "IT-RM", "DE-BY", "HK"])
def test_a_deployment_may_name_its_calendar(monkeypatch: pytest.MonkeyPatch, calendar: str) -> None:
    monkeypatch.setenv("BOARD_CALENDAR", calendar)
    assert load_settings().calendar == calendar


@pytest.mark.parametrize("calendar", ["it", "IT-XX", "CN-BJ", "China", ""])
def test_a_calendar_that_does_not_exist_is_named_at_the_start(monkeypatch: pytest.MonkeyPatch, calendar: str) -> None:
    monkeypatch.setenv("BOARD_CALENDAR", calendar)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"BOARD_CALENDAR: '{calendar}' is not a calendar")
    assert "\n" not in str(caught.value)
