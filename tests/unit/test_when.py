"""Hour x weekday, the day's curve, and the time that a filter leaves of a span."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.heat import Tally
from domain.incident_filter import Filter
from domain.span import Span
from domain.when import counted_days, curve_span, exposure, hour_curve, last_counted, when


def tally(first: date, table: np.ndarray) -> Tally:
    none: dict = {}
    total = int(table.sum())
    return Tally(total, total, 0, 0, first, np.zeros(0), table, none, none, none, none, none, none, none)


def kinds(span: Span) -> dict[date, str]:
    days = (span.last_day - span.first_day).days + 1
    found = [span.first_day + timedelta(days=n) for n in range(days)]
    return {day: "weekend" if day.weekday() > 4 else "workday" for day in found}


@given(st.integers(1, 40), st.integers(0, 6), st.integers(0, 2**32 - 1))
def test_matrix_calendar_and_kinds_add_up_to_the_total(days: int, shift: int, seed: int) -> None:
    first = date(2024, 5, 6) + timedelta(days=shift)
    table = np.random.default_rng(seed).integers(0, 9, (days, 24))
    span = Span(
        datetime.combine(first, datetime.min.time()),
        datetime(first.year, first.month, first.day) + timedelta(days=days),
    )
    sums = tally(first, table)
    found = when(sums, span, kinds(span), hour_curve(sums, span.end, set()), calendar_known=True)
    assert sum(map(sum, found.matrix)) == sums.total == sum(n for _, n, _ in found.days)
    assert sum(line.incidents for line in found.kinds) == sums.total
    assert sum(found.weekday_days) == days
    assert found.matrix[first.weekday()][3] >= table[0, 3]


def test_the_curve_leaves_hours_to_come_open_and_compares_the_same_weekday() -> None:
    end = datetime(2024, 5, 7, 13, 20)
    span = curve_span(end, 2)
    assert span.start == datetime(2024, 4, 23)
    table = np.zeros((15, 24), dtype=np.int64)
    table[0, 8], table[7, 8], table[14, 8], table[3, 8] = 2, 4, 9, 99
    counted = {date(2024, 4, 23), date(2024, 4, 30)}
    curve = hour_curve(tally(span.first_day, table), end, counted)
    assert (curve.day, curve.weeks, curve.today[8], curve.mean[8]) == (date(2024, 5, 7), 2, 9, 3.0)
    assert curve.today[13] == 0
    assert curve.today[14] is None


def test_a_whole_day_has_no_open_hours() -> None:
    end = datetime(2024, 5, 8)
    curve = hour_curve(tally(date(2024, 5, 7), np.ones((1, 24), dtype=np.int64)), end, set())
    assert curve.day == date(2024, 5, 7)
    assert curve.today == (1,) * 24
    assert curve.weeks == 0


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        (Filter(), 7.5),
        (Filter(hours=(7, 8)), 8 * 2 / 24),
        (Filter(weekdays=(0,)), 1.5),
        (Filter(day_kinds=("weekend",)), 2.0),
        (Filter(hours=(12,)), 7 / 24),
    ],
)
def test_the_exposure_is_the_time_a_filter_leaves(wanted: Filter, days: float) -> None:
    span = Span(datetime(2024, 5, 6), datetime(2024, 5, 13, 12))
    assert exposure(span, wanted, kinds(span)) == pytest.approx(days)


def test_days_without_data_and_days_the_filter_excludes_are_no_zeros() -> None:
    """A mean over weeks before the data begin would make every day look busy."""
    end = datetime(2024, 5, 8)
    span = curve_span(end, 4)
    table = np.zeros((29, 24), dtype=np.int64)
    table[14, 8], table[21, 8], table[28, 8] = 6, 8, 9
    begins = date(2024, 4, 20)
    counted = counted_days(span, Filter(), kinds(span), begins)
    curve = hour_curve(tally(span.first_day, table), end, counted)
    assert (curve.weeks, curve.mean[8]) == (2, 7.0)
    assert counted_days(span, Filter(), kinds(span), None) == frozenset()
    assert counted_days(span, Filter(day_kinds=("holiday",)), kinds(span), begins) == frozenset()


@pytest.mark.parametrize(
    ("wanted", "end"),
    [
        (Filter(), datetime(2024, 5, 12, 15)),
        (Filter(weekdays=(0,)), datetime(2024, 5, 7)),
        (Filter(day_kinds=("workday",)), datetime(2024, 5, 11)),
        (Filter(day_kinds=("holiday",)), datetime(2024, 5, 12, 15)),
    ],
)
def test_the_curve_is_of_the_last_day_that_the_filter_leaves(wanted: Filter, end: datetime) -> None:
    span = Span(datetime(2024, 5, 6), datetime(2024, 5, 12, 15))
    assert last_counted(span, wanted, kinds(span)) == end
