"""Public holidays of China and elsewhere, the Spring Festival, and the setting that names a calendar."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
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


@pytest.mark.parametrize(
    "day",
    [
        date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22),
        date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    ],
)  # fmt: skip
def test_the_spring_festival_is_on_the_published_day(day: date) -> None:
    assert spring_festival(day.year) == day


@pytest.mark.parametrize("year", range(1950, 2100))
def test_the_spring_festival_agrees_with_another_table(year: int) -> None:
    book = holidays.country_holidays("CN", years=year, language="en_US")
    assert spring_festival(year) == min(book.get_named("Chinese New Year (Spring Festival)"))


@pytest.mark.parametrize(("year", "known"), [(1899, False), (1900, True), (2099, True), (2100, False), (0, False)])
def test_outside_its_table_the_spring_festival_is_not_known(year: int, known: bool) -> None:
    assert (spring_festival(year) is not None) == known


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_spring_festival_is_a_public_holiday_in_china(year: int) -> None:
    day = spring_festival(year)
    assert day is not None
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
