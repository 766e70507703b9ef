"""Presets, free spans and what they are compared with."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadRequest
from domain.span import PRESETS, Span, base_of, free_span, span_of

NOW = datetime(2024, 5, 7, 13, 5)
DAY = "%Y-%m-%d"


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("today", "2024-05-07T00:00", "2024-05-07T13:05"),
        ("yesterday", "2024-05-06T00:00", "2024-05-07T00:00"),
        ("7d", "2024-05-01T00:00", "2024-05-07T13:05"),
        ("week", "2024-05-06T00:00", "2024-05-07T13:05"),
        ("month", "2024-05-01T00:00", "2024-05-07T13:05"),
        ("last_month", "2024-04-01T00:00", "2024-05-01T00:00"),
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
    ],
)
def test_at_the_midnight_that_ends_a_day_that_day_is_today(preset: str, start: str, end: str) -> None:
    said = span_of(preset, datetime(2021, 12, 1))
    assert said == Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


@given(st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)), st.sampled_from(PRESETS))
def test_every_preset_lies_in_the_past_and_its_bases_are_earlier(now: datetime, preset: str) -> None:
    now = now.replace(second=0, microsecond=0)
    span = span_of(preset, now)
    assert span.end <= now
    for base in ("year", "prev"):
        other = base_of(span, base)
        assert other is not None
        assert other.end < span.end or span.start == span.end
        assert other.start <= span.start


def test_to_date_is_compared_with_to_date() -> None:
    month = span_of("month", NOW)
    assert base_of(month, "year") == Span(datetime(2023, 5, 1), datetime(2023, 5, 7, 13, 5))
    assert base_of(month, "prev") == Span(datetime(2024, 4, 24), datetime(2024, 4, 30, 13, 5))


def test_a_whole_month_is_compared_with_the_month_before() -> None:
    april = span_of("last_month", NOW)
    assert base_of(april, "prev") == Span(datetime(2024, 3, 1), datetime(2024, 4, 1))
    assert base_of(span_of("november", NOW), "year") == Span(datetime(2022, 11, 1), datetime(2022, 12, 1))


def test_the_29th_of_february_is_compared_with_the_28th() -> None:
    span = free_span("2024-02-29", "2024-02-29", NOW)
    assert base_of(span, "year") == Span(datetime(2023, 2, 28), datetime(2023, 3, 1))


def test_what_ends_with_28_february_of_a_leap_year_keeps_that_day_in_the_year_before() -> None:
    whole = Span(datetime(2023, 2, 1), datetime(2023, 3, 1))
    assert base_of(free_span("2024-02-01", "2024-02-28", NOW), "year") == whole
    assert base_of(span_of("yesterday", datetime(2024, 2, 29, 9)), "year") == Span(
        datetime(2023, 2, 28), datetime(2023, 3, 1)
    )


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
