"""Which days are workdays, weekends and public holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.days import day_kinds
from domain.daykind import numbered, plain_kind
from domain.incident_filter import DAY_KINDS
from domain.incidents import day_number


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 2, 3), "weekend"),  # the Saturday before
        (date(2024, 2, 4), "workday"),  # a Sunday worked in exchange
        (date(2024, 2, 9), "workday"),  # New Year's Eve was left to the employers that year
        (date(2024, 2, 10), "holiday"),  # a Saturday inside the holiday
        (date(2024, 2, 16), "holiday"),
        (date(2024, 2, 17), "holiday"),
        (date(2024, 2, 18), "workday"),  # the Sunday that closes it
        (date(2024, 2, 19), "workday"),
        (date(2024, 5, 6), "workday"),
    ],
)
def test_the_spring_festival_of_2024(day: date, kind: str) -> None:
    kinds, known = day_kinds(day, day, "CN")
    assert kinds == {day: kind}
    assert known


def test_a_year_not_published_falls_back_on_weekdays_and_says_so() -> None:
    first, last = date(2049, 9, 30), date(2049, 10, 6)
    kinds, known = day_kinds(first, last, "CN")
    assert not known
    assert kinds == {day: plain_kind(day) for day in (first + timedelta(n) for n in range(7))}


def test_a_span_that_only_ends_in_an_unpublished_year_is_not_known() -> None:
    kinds, known = day_kinds(date(2024, 10, 1), date(2049, 1, 1), "CN")
    assert not known
    assert kinds[date(2024, 10, 1)] == "holiday"


def test_without_a_calendar_every_week_is_alike() -> None:
    kinds, known = day_kinds(date(2024, 10, 1), date(2024, 10, 7), "none")
    assert known
    assert list(kinds.values()) == ["workday"] * 4 + ["weekend"] * 2 + ["workday"]


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="mars"):
        day_kinds(date(2024, 1, 1), date(2024, 1, 1), "mars")


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 400), st.sampled_from(["CN", "none"]))
def test_every_day_of_the_span_has_one_kind(first: date, length: int, calendar: str) -> None:
    last = first + timedelta(days=length)
    kinds, _ = day_kinds(first, last, calendar)
    assert list(kinds) == [first + timedelta(days=n) for n in range(length + 1)]
    assert set(kinds.values()) <= set(DAY_KINDS)
    assert numbered(kinds) == {day_number(day): kind for day, kind in kinds.items()}


def test_a_span_the_wrong_way_round_holds_no_day() -> None:
    assert day_kinds(date(2024, 1, 2), date(2024, 1, 1), "CN") == ({}, True)
