"""Presets, free spans and what they are compared with."""

from __future__ import annotations

import doctest
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import span as module
from domain.asked import asked
from domain.errors import BadRequest
from domain.span import (
    BASES,
    FESTIVAL_DAYS,
    LUNAR_LONGEST,
    PRESETS,
    UNITS,
    Span,
    base_of,
    free_span,
    lunar_before,
    span_of,
    unit_at,
    year_before,
)

NOW = datetime(2024, 5, 7, 13, 5)
FESTIVALS = {
    2019: date(2019, 2, 5), 2020: date(2020, 1, 25), 2021: date(2021, 2, 12), 2022: date(2022, 2, 1),
    2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
}  # fmt: skip
"""As the State Council's yearly notices print them."""

instants = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
starts = st.dates(date(1995, 1, 1), date(2090, 1, 1))


def span(text: str) -> Span:
    """`2024-05-01..2024-05-07T13:05`: the end is not included."""
    start, end = text.split("..")
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("today", "2024-05-07T00:00", "2024-05-07T13:05"),
        ("yesterday", "2024-05-06T00:00", "2024-05-07T00:00"),
        ("7d", "2024-05-01T00:00", "2024-05-07T13:05"),
        ("week", "2024-05-06T00:00", "2024-05-07T13:05"),
        ("month", "2024-05-01T00:00", "2024-05-07T13:05"),
        ("last_month", "2024-04-01T00:00", "2024-05-01T00:00"),
        ("last_week", "2024-04-29T00:00", "2024-05-06T00:00"),
        ("quarter", "2024-04-01T00:00", "2024-05-07T13:05"),
        ("last_quarter", "2024-01-01T00:00", "2024-04-01T00:00"),
        ("jan_feb", "2024-01-01T00:00", "2024-03-01T00:00"),
        ("last_year", "2023-01-01T00:00", "2024-01-01T00:00"),
        ("november", "2023-11-01T00:00", "2023-12-01T00:00"),
        ("year", "2024-01-01T00:00", "2024-05-07T13:05"),
    ],
)
def test_presets(preset: str, start: str, end: str) -> None:
    assert span_of(preset, NOW) == Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("today", "2021-11-30", "2021-12-01"),
        ("yesterday", "2021-11-29", "2021-11-30"),
        ("7d", "2021-11-24", "2021-12-01"),
        ("week", "2021-11-29", "2021-12-01"),
        ("month", "2021-11-01", "2021-12-01"),
        ("last_month", "2021-10-01", "2021-11-01"),
        ("november", "2021-11-01", "2021-12-01"),
        ("last_week", "2021-11-22", "2021-11-29"),
        ("quarter", "2021-10-01", "2021-12-01"),
        ("last_quarter", "2021-07-01", "2021-10-01"),
        ("jan_feb", "2021-01-01", "2021-03-01"),
        ("last_year", "2020-01-01", "2021-01-01"),
    ],
)
def test_at_the_midnight_that_ends_a_day_that_day_is_today(preset: str, start: str, end: str) -> None:
    said = span_of(preset, datetime(2021, 12, 1))
    assert said == Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2024-01-20T13:05", "2024-01-01..2024-01-20T13:05"),
        ("2024-02-29T13:05", "2024-01-01..2024-02-29T13:05"),
        ("2024-03-01", "2024-01-01..2024-03-01"),
        ("2024-12-31T23:59", "2024-01-01..2024-03-01"),
        ("2025-01-01", "2024-01-01..2024-03-01"),
        ("2025-01-01T00:01", "2025-01-01..2025-01-01T00:01"),
    ],
)
def test_january_and_february_are_to_date_until_they_are_over(now: str, said: str) -> None:
    assert span_of("jan_feb", datetime.fromisoformat(now)) == span(said)


@given(instants, st.sampled_from(PRESETS))
def test_every_preset_lies_in_the_past_and_its_bases_are_earlier(now: datetime, preset: str) -> None:
    found = span_of(preset, now)
    assert found.start < found.end <= now
    for base in ("year", "weekday", "prev"):
        other = base_of(found, base, preset=preset)
        assert other is not None
        assert other.start < other.end < found.end
        assert other.start < found.start


@pytest.mark.parametrize(
    ("unit", "day", "said"),
    [
        ("day", "2022-11-05", "2022-11-05..2022-11-06"),
        ("week", "2022-11-05", "2022-10-31..2022-11-07"),
        ("month", "2022-11-05", "2022-11-01..2022-12-01"),
        ("month", "2024-02-29", "2024-02-01..2024-03-01"),
        ("quarter", "2022-11-05", "2022-10-01..2023-01-01"),
        ("quarter", "2023-01-01", "2023-01-01..2023-04-01"),
        ("year", "2022-11-05", "2022-01-01..2023-01-01"),
        ("day", "2024-05-07", "2024-05-07..2024-05-07T13:05"),
        ("week", "2024-05-12", "2024-05-06..2024-05-07T13:05"),
        ("quarter", "2024-06-30", "2024-04-01..2024-05-07T13:05"),
        ("year", "2024-12-31", "2024-01-01..2024-05-07T13:05"),
    ],
)
def test_the_whole_unit_that_holds_a_day_never_reaches_beyond_now(unit: str, day: str, said: str) -> None:
    assert unit_at(unit, date.fromisoformat(day), NOW) == span(said)


@pytest.mark.parametrize(
    ("unit", "day"),
    [("day", "2024-05-08"), ("week", "2024-05-13"), ("month", "2024-06-01"), ("quarter", "2024-07-01"),
     ("year", "2025-01-01"), ("year", "9999-12-31"), ("week", "0001-01-01"), ("decade", "2022-01-01")],
)  # fmt: skip
def test_a_unit_that_has_not_begun_or_does_not_exist_is_refused(unit: str, day: str) -> None:
    with pytest.raises(BadRequest):
        unit_at(unit, date.fromisoformat(day), NOW)


@given(starts, st.sampled_from(UNITS))
def test_a_unit_holds_its_day_and_begins_where_the_one_before_ends(day: date, unit: str) -> None:
    found = unit_at(unit, day, datetime(2100, 1, 1))
    assert found.first_day <= day <= found.last_day
    before = base_of(found, "prev", preset=unit)
    assert before == unit_at(unit, found.first_day - timedelta(days=1), datetime(2100, 1, 1))
    assert before.end == found.start


PREVIOUS = [
    # preset, now, the span, the period before
    ("today", "2024-05-07T13:05", "2024-05-07..2024-05-07T13:05", "2024-05-06..2024-05-06T13:05"),
    ("yesterday", "2024-03-01T09:00", "2024-02-29..2024-03-01", "2024-02-28..2024-02-29"),
    ("week", "2024-05-07T13:05", "2024-05-06..2024-05-07T13:05", "2024-04-29..2024-04-30T13:05"),
    ("week", "2024-05-13", "2024-05-06..2024-05-13", "2024-04-29..2024-05-06"),
    ("last_week", "2024-05-07T13:05", "2024-04-29..2024-05-06", "2024-04-22..2024-04-29"),
    ("month", "2023-11-24T13:40", "2023-11-01..2023-11-24T13:40", "2023-10-01..2023-10-24T13:40"),
    ("month", "2023-11-25", "2023-11-01..2023-11-25", "2023-10-01..2023-10-25"),
    ("month", "2023-12-01", "2023-11-01..2023-12-01", "2023-10-01..2023-11-01"),
    ("month", "2023-01-31T08:00", "2023-01-01..2023-01-31T08:00", "2022-12-01..2022-12-31T08:00"),
    ("month", "2023-03-28T13:00", "2023-03-01..2023-03-28T13:00", "2023-02-01..2023-02-28T13:00"),
    ("month", "2023-03-29", "2023-03-01..2023-03-29", "2023-02-01..2023-03-01"),
    ("month", "2023-03-29T13:00", "2023-03-01..2023-03-29T13:00", "2023-02-01..2023-03-01"),
    ("month", "2023-03-31T13:00", "2023-03-01..2023-03-31T13:00", "2023-02-01..2023-03-01"),
    ("month", "2024-03-29T13:00", "2024-03-01..2024-03-29T13:00", "2024-02-01..2024-02-29T13:00"),
    ("month", "2024-03-31T13:00", "2024-03-01..2024-03-31T13:00", "2024-02-01..2024-03-01"),
    ("month", "2024-02-29T13:00", "2024-02-01..2024-02-29T13:00", "2024-01-01..2024-01-29T13:00"),
    ("last_month", "2024-03-15T08:00", "2024-02-01..2024-03-01", "2024-01-01..2024-02-01"),
    ("november", "2024-05-07T13:05", "2023-11-01..2023-12-01", "2023-10-01..2023-11-01"),
    ("quarter", "2024-05-07T13:05", "2024-04-01..2024-05-07T13:05", "2024-01-01..2024-02-07T13:05"),
    ("quarter", "2023-05-31T13:00", "2023-04-01..2023-05-31T13:00", "2023-01-01..2023-03-01"),
    ("quarter", "2023-12-31T13:00", "2023-10-01..2023-12-31T13:00", "2023-07-01..2023-10-01"),
    ("last_quarter", "2024-05-07T13:05", "2024-01-01..2024-04-01", "2023-10-01..2024-01-01"),
    ("jan_feb", "2024-01-20T13:05", "2024-01-01..2024-01-20T13:05", "2023-11-01..2023-11-20T13:05"),
    ("jan_feb", "2024-01-31T13:05", "2024-01-01..2024-01-31T13:05", "2023-11-01..2023-12-01"),
    ("jan_feb", "2024-02-29T13:05", "2024-01-01..2024-02-29T13:05", "2023-11-01..2023-12-29T13:05"),
    ("jan_feb", "2024-05-07T13:05", "2024-01-01..2024-03-01", "2023-11-01..2024-01-01"),
    ("year", "2024-05-07T13:05", "2024-01-01..2024-05-07T13:05", "2023-01-01..2023-05-07T13:05"),
    ("year", "2024-02-29T13:05", "2024-01-01..2024-02-29T13:05", "2023-01-01..2023-02-28T13:05"),
    ("last_year", "2025-05-07T13:05", "2024-01-01..2025-01-01", "2023-01-01..2024-01-01"),
    ("7d", "2024-05-07T13:05", "2024-05-01..2024-05-07T13:05", "2024-04-24..2024-04-30T13:05"),
    ("30d", "2024-05-01", "2024-04-01..2024-05-01", "2024-03-02..2024-04-01"),
    ("90d", "2024-05-07T13:05", "2024-02-08..2024-05-07T13:05", "2023-11-10..2024-02-07T13:05"),
    ("365d", "2025-01-01", "2024-01-02..2025-01-01", "2023-01-02..2024-01-02"),
]


@pytest.mark.parametrize(("preset", "now", "this", "before"), PREVIOUS)
def test_the_period_before_is_cut_where_this_one_is(preset: str, now: str, this: str, before: str) -> None:
    found = span_of(preset, datetime.fromisoformat(now))
    assert found == span(this)
    assert base_of(found, "prev", preset=preset) == span(before)


def test_every_preset_has_its_period_before_in_the_table() -> None:
    assert {row[0] for row in PREVIOUS} == set(PRESETS)


@pytest.mark.parametrize(
    ("this", "before"),
    [
        ("2024-02-01..2024-03-01", "2024-01-01..2024-02-01"),
        ("2024-04-01..2024-07-01", "2024-01-01..2024-04-01"),
        ("2024-01-01..2025-01-01", "2023-01-01..2024-01-01"),
        ("2024-02-01..2024-04-01", "2023-12-03..2024-02-01"),  # two months, no unit: 60 days before
        ("2024-04-02..2024-07-01", "2024-01-03..2024-04-02"),
        ("2024-04-01..2024-04-30T13:00", "2024-03-02..2024-03-31T13:00"),  # not over yet: 30 days before
        ("2024-05-06..2024-05-13", "2024-04-29..2024-05-06"),
    ],
)
def test_free_days_that_are_a_whole_unit_are_compared_with_the_unit_before(this: str, before: str) -> None:
    assert base_of(span(this), "prev") == span(before)


@given(instants, st.sampled_from(PRESETS))
def test_the_period_before_ends_where_this_begins_at_the_latest_and_keeps_the_clock(now: datetime, preset: str) -> None:
    found = span_of(preset, now)
    before = base_of(found, "prev", preset=preset)
    assert before is not None
    assert before.end <= found.start
    clipped = before.end == found.start or before.end.day == 1
    assert before.end.time() == found.end.time() or (clipped and before.end.time() == time.min)
    assert before.start.time() == time.min


@given(starts, st.integers(1, 800))
def test_free_days_are_compared_with_days_just_before(first: date, days: int) -> None:
    found = free_span(first.isoformat(), (first + timedelta(days=days - 1)).isoformat(), datetime(2100, 1, 1))
    before = base_of(found, "prev")
    assert before is not None
    assert before.end == found.start


def test_to_date_is_compared_with_to_date() -> None:
    month = span_of("month", NOW)
    assert base_of(month, "year") == Span(datetime(2023, 5, 1), datetime(2023, 5, 7, 13, 5))
    assert base_of(month, "prev", preset="month") == Span(datetime(2024, 4, 1), datetime(2024, 4, 7, 13, 5))
    assert base_of(month, "weekday") == Span(datetime(2023, 5, 3), datetime(2023, 5, 9, 13, 5))


def test_a_whole_month_is_compared_with_the_month_before() -> None:
    april = span_of("last_month", NOW)
    assert base_of(april, "prev") == Span(datetime(2024, 3, 1), datetime(2024, 4, 1))
    assert base_of(span_of("november", NOW), "year") == Span(datetime(2022, 11, 1), datetime(2022, 12, 1))


@pytest.mark.parametrize(
    ("this", "last"),
    [
        # whole months against whole months
        ("2024-02-01..2024-03-01", "2023-02-01..2023-03-01"),
        ("2023-02-01..2023-03-01", "2022-02-01..2022-03-01"),
        ("2025-02-01..2025-03-01", "2024-02-01..2024-03-01"),
        ("2025-01-01..2025-03-01", "2024-01-01..2024-03-01"),
        ("2024-01-01..2024-03-01", "2023-01-01..2023-03-01"),
        ("2024-01-01..2024-04-01", "2023-01-01..2023-04-01"),
        ("2024-03-01..2025-03-01", "2023-03-01..2024-03-01"),
        ("2024-01-01..2025-01-01", "2023-01-01..2024-01-01"),
        # the 29th itself
        ("2024-02-29..2024-03-01", "2023-02-28..2023-03-01"),
        ("2024-02-29..2024-02-29T13:00", "2023-02-28..2023-02-28T13:00"),
        ("2024-02-29..2024-03-07", "2023-02-28..2023-03-07"),
        ("2024-02-01..2024-02-29T13:00", "2023-02-01..2023-02-28T13:00"),
        ("2024-01-01..2024-02-29T13:00", "2023-01-01..2023-02-28T13:00"),
        # the 28th of a leap year
        ("2024-02-28..2024-02-29", "2023-02-28..2023-03-01"),
        ("2024-02-01..2024-02-29", "2023-02-01..2023-03-01"),
        ("2024-02-22..2024-02-29", "2023-02-22..2023-03-01"),
        ("2024-02-01..2024-02-28T13:00", "2023-02-01..2023-02-28T13:00"),
        # the 28th of the year after
        ("2025-02-28..2025-03-01", "2024-02-28..2024-02-29"),
        ("2025-02-22..2025-03-01", "2024-02-22..2024-02-29"),
        ("2025-02-01..2025-02-28T13:00", "2024-02-01..2024-02-28T13:00"),
        ("2025-02-28..2025-02-28T13:00", "2024-02-28..2024-02-28T13:00"),
        # the 1st of March
        ("2024-03-01..2024-03-02", "2023-03-01..2023-03-02"),
        ("2025-03-01..2025-03-01T13:00", "2024-03-01..2024-03-01T13:00"),
        ("2025-02-20..2025-03-05", "2024-02-20..2024-03-05"),
    ],
)
def test_the_same_dates_a_year_earlier_around_a_29_february(this: str, last: str) -> None:
    assert base_of(span(this), "year") == span(last)


@given(starts, st.integers(1, 400), st.integers(0, 1439))
def test_a_year_earlier_and_back_again_is_the_same_outside_leap_days(first: date, days: int, minute: int) -> None:
    start = datetime.combine(first, time.min)
    found = Span(start, start + timedelta(days=days - 1, minutes=minute + 1))
    last = year_before(found)
    if (2, 29) in {(one.month, one.day) for one in (found.start, found.end, last.start, last.end)}:
        assert abs(last.days - found.days) <= 1
    else:
        assert Span(last.start.replace(year=first.year), last.end.replace(year=found.end.year)) == found


@given(starts, st.integers(1, 900), st.integers(0, 1439))
def test_52_weeks_earlier_has_the_same_length_weekday_and_clock(first: date, days: int, minute: int) -> None:
    start = datetime.combine(first, time.min)
    found = Span(start, start + timedelta(days=days - 1, minutes=minute + 1))
    last = base_of(found, "weekday")
    assert last is not None
    assert last.days == found.days
    assert (last.start.weekday(), last.end.weekday()) == (found.start.weekday(), found.end.weekday())
    assert (last.start.time(), last.end.time()) == (found.start.time(), found.end.time())


@pytest.mark.parametrize(
    ("this", "last", "festival"),
    [
        ("2025-01-28..2025-02-05", "2024-02-09..2024-02-17", 2025),  # New Year's Eve and the week after it
        ("2024-02-10..2024-02-18", "2023-01-22..2023-01-30", 2024),
        ("2024-02-01..2024-02-20T13:05", "2023-01-13..2023-02-01T13:05", 2024),
        ("2026-01-01..2026-03-01", "2024-12-13..2025-02-10", 2026),
        ("2025-12-20..2026-01-10", "2024-12-01..2024-12-22", 2026),  # touches it from the year before
        ("2024-03-26..2024-03-27", "2023-03-08..2023-03-09", 2024),  # 45 days after
        ("2024-03-27..2024-03-28", "2023-03-27..2023-03-28", None),
        ("2023-12-27..2023-12-28", "2022-12-08..2022-12-09", 2024),  # 45 days before
        ("2023-12-26..2023-12-27", "2022-12-26..2022-12-27", None),
        ("2024-05-01..2024-05-08", "2023-05-01..2023-05-08", None),
        ("2024-01-01..2024-04-30", "2022-12-13..2023-04-12", 2024),  # 120 days
        ("2024-01-01..2024-05-01", "2023-01-01..2023-05-01", None),  # 121 days
        ("2019-02-01..2019-03-01", "2018-02-01..2018-03-01", None),  # 2018 is not in the table
        ("2027-02-01..2027-03-01", "2026-02-01..2026-03-01", None),  # nor 2027
    ],
)
def test_near_the_spring_festival_days_are_counted_from_it(this: str, last: str, festival: int | None) -> None:
    said = lunar_before(span(this), FESTIVALS.get)
    assert said == (span(last), FESTIVALS[festival] if festival else None)
    assert base_of(span(this), "lunar", festival_of=FESTIVALS.get) == span(last)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 1)), st.integers(1, 200), st.integers(0, 1439))
def test_days_counted_from_the_spring_festival_stay_as_far_from_it(first: date, days: int, minute: int) -> None:
    start = datetime.combine(first, time.min)
    found = Span(start, start + timedelta(days=days - 1, minutes=minute + 1))
    last, festival = lunar_before(found, FESTIVALS.get)
    around = timedelta(days=FESTIVAL_DAYS)
    near = [day for day in FESTIVALS.values() if day - around <= found.last_day and found.first_day <= day + around]
    assert (festival is not None) == (bool(near) and found.days <= LUNAR_LONGEST)
    if festival:
        assert near == [festival]
        assert last.days == found.days
        earlier = FESTIVALS[festival.year - 1]
        assert last.first_day - earlier == found.first_day - festival
        assert last.end.time() == found.end.time()
    else:
        assert last == year_before(found)


def test_a_free_span_ends_now_at_the_latest() -> None:
    assert free_span("2024-05-01", "2024-05-31", NOW) == Span(datetime(2024, 5, 1), NOW)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2024-05-02", "2024-05-01"), ("x", "2024-05-01"), ("2030-01-01", "2030-02-01"), ("1980-01-01", "1980-02-01"),
     ("1999-01-01", "2024-05-01"), ("", ""), ("2024-13-01", "2024-13-02")],
)  # fmt: skip
def test_absurd_spans_are_refused_with_a_sentence(first: str, last: str) -> None:
    with pytest.raises(BadRequest):
        free_span(first, last, NOW)


def test_absurd_names_are_refused() -> None:
    with pytest.raises(BadRequest):
        span_of("forever", NOW)
    with pytest.raises(BadRequest):
        base_of(span_of("7d", NOW), "never")


def test_a_base_by_the_spring_festival_needs_to_know_when_that_is() -> None:
    with pytest.raises(BadRequest):
        base_of(span_of("7d", NOW), "lunar")


@pytest.mark.parametrize("base", BASES)
def test_every_base_is_known(base: str) -> None:
    found = base_of(span_of("7d", NOW), base, preset="7d", festival_of=FESTIVALS.get)
    assert (found is None) == (base == "none")


@pytest.mark.parametrize("base", ["weekday", "lunar", "never"])
def test_a_map_is_not_compared_with_what_it_has_no_words_for(base: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked({"base": base}, NOW)
    assert caught.value.params == {"value": base}


def test_a_map_of_this_month_is_compared_with_the_same_part_of_the_month_before() -> None:
    found = asked({"preset": "month", "base": "prev"}, NOW)
    assert found.base == Span(datetime(2024, 4, 1), datetime(2024, 4, 7, 13, 5))


def test_the_examples_in_the_text_are_true() -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
