"""XmR charts and their signals, streaks, Shanghai's rule, and this year against the range of earlier ones."""

from __future__ import annotations

import doctest
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import trend
from domain.trend import against_mean, declines, rises, xmr, year_range

VALUES = st.lists(st.none() | st.integers(0, 60), max_size=60)


def kinds(chart: trend.Chart | None) -> list[tuple[str, int, int, str]]:
    assert chart is not None
    return [(signal.kind, signal.first, signal.last, signal.side) for signal in chart.signals]


def test_the_constants_are_those_of_ranges_of_two_normal_values() -> None:
    mean_range, its_deviation = 2 / math.sqrt(math.pi), math.sqrt(2 - 4 / math.pi)
    assert abs(trend.LIMIT - 3 / mean_range) < 0.002
    assert abs(trend.RANGE_LIMIT - (1 + 3 * its_deviation / mean_range)) < 0.002


def test_a_chart_worked_by_hand() -> None:
    chart = xmr([39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40])
    assert chart is not None
    assert chart.ranges == (None, 2, 0, 0, 2, 1, 3, 1, 2, 1, 3, 4)
    assert chart.mean == pytest.approx(497 / 12)
    assert chart.range_mean == pytest.approx(19 / 11)
    assert (round(chart.low, 2), round(chart.high, 2), round(chart.range_high, 2)) == (36.82, 46.01, 5.64)
    assert (chart.used, chart.signals) == (12, ())


def test_the_lower_limit_is_not_below_zero() -> None:
    chart = xmr([1, 0, 3, 1, 0, 2, 4, 0, 1, 0])
    assert chart is not None
    assert chart.low == 0
    assert [signal for signal in chart.signals if signal.side == "low"] == []


def test_points_outside_are_signals_and_neighbours_are_one() -> None:
    steady = [50, 52, 49, 51, 50, 48, 51, 50, 52, 49]
    assert kinds(xmr([*steady, 80, 85, 50, 10], baseline=10)) == [("point", 10, 11, "high"), ("point", 13, 13, "low")]


def test_eight_on_one_side_are_a_run_and_seven_are_not() -> None:
    base = [50, 54, 46, 54, 46, 54, 46, 50]
    assert ("run", 9, 16, "high") in kinds(xmr([*base, 46, *[52] * 8, 46], baseline=8))
    assert "run" not in {kind for kind, *_ in kinds(xmr([*base, 46, *[52] * 7, 46], baseline=8))}
    assert "run" not in {kind for kind, *_ in kinds(xmr([*base, 46, *[52] * 4, 50, *[52] * 4], baseline=8))}
    assert ("run", 9, 20, "low") in kinds(xmr([*base, 54, *[47] * 12, 54], baseline=8))


def test_three_of_four_near_a_limit_are_a_signal() -> None:
    base = [50, 54, 46, 54, 46, 54, 46, 50]
    chart = xmr(base)
    assert chart is not None
    near, inner = chart.mean + 0.6 * (chart.high - chart.mean), chart.mean + 0.4 * (chart.high - chart.mean)
    assert kinds(xmr([*base, near, inner, near, near, 46], baseline=8)) == [("near", 8, 11, "high")]
    assert kinds(xmr([*base, near, inner, inner, near, near, 46], baseline=8)) == []
    assert kinds(xmr([*base, near, near, 46, 100 - near, 100 - near], baseline=8)) == []


def test_a_gap_breaks_runs_windows_and_ranges() -> None:
    base = [50, 54, 46, 54, 46, 54, 46, 50]
    chart = xmr([*base, 52, 52, 52, 52, None, 52, 52, 52, 52], baseline=8)
    assert chart is not None
    assert chart.signals == ()
    assert (chart.ranges[12], chart.ranges[13], chart.ranges[14]) == (None, None, 0)
    near = 50 + 0.6 * (chart.high - 50)
    assert kinds(xmr([*base, near, None, near, near], baseline=8)) == []


def test_without_two_successive_values_there_is_no_chart() -> None:
    assert xmr([]) is None
    assert xmr([3]) is None
    assert xmr([3, None, 4, None, 5]) is None
    assert xmr([None, 3, None, 4, 5], baseline=3) is None
    with pytest.raises(ValueError):
        xmr([1, 2, 3], baseline=1)


def test_what_never_varied_makes_every_difference_a_signal() -> None:
    assert kinds(xmr([5] * 6 + [6], baseline=6)) == [("point", 6, 6, "high")]
    assert kinds(xmr([5] * 20)) == []


@given(VALUES, st.none() | st.integers(2, 20))
def test_signals_are_what_the_three_rules_say_written_out(values: list, baseline: int | None) -> None:
    chart = xmr(values, baseline)
    if chart is None:
        return
    mean, reach = chart.mean, 2.66 * chart.range_mean
    count, known = len(values), [value is not None for value in values]
    expected: dict[str, set[tuple[int, str]]] = {"point": set(), "run": set(), "near": set()}
    for side, sign in (("high", 1), ("low", -1)):
        away = [sign * (value - mean) if value is not None else -math.inf for value in values]
        expected["point"] |= {(at, side) for at in range(count) if away[at] > reach}
        for start in range(count - 7):
            if all(distance > 0 for distance in away[start : start + 8]):
                expected["run"] |= {(at, side) for at in range(start, start + 8)}
        for start in range(count - 3):
            near = [at for at in range(start, start + 4) if away[at] > reach / 2]
            if all(known[start : start + 4]) and len(near) >= 3:
                expected["near"] |= {(at, side) for at in range(near[0], near[-1] + 1)}
    found: dict[str, set[tuple[int, str]]] = {"point": set(), "run": set(), "near": set()}
    for signal in chart.signals:
        found[signal.kind] |= {(at, signal.side) for at in range(signal.first, signal.last + 1)}
    assert found == expected
    assert [signal.first for signal in chart.signals] == sorted(signal.first for signal in chart.signals)


def test_usual_variation_seldom_leaves_the_limits() -> None:
    rng = np.random.default_rng(1)
    outside = runs = 0
    for _ in range(400):
        chart = xmr(rng.normal(100, 10, 52).tolist())
        assert chart is not None
        outside += sum(signal.last - signal.first + 1 for signal in chart.signals if signal.kind == "point")
        runs += any(signal.kind == "run" for signal in chart.signals)
    assert 0.001 < outside / (400 * 52) < 0.006
    assert 0.05 < runs / 400 < 0.25


@pytest.mark.parametrize(
    ("values", "fallen", "risen"),
    [
        ([], 0, 0),
        ([4], 0, 0),
        ([5, 4, 3, 2], 3, 0),
        ([2, 9, 8, 8, 7], 1, 0),
        ([7, 7], 0, 0),
        ([1, 2, 5, 9], 0, 3),
        ([9, 8, None, 7, 6, 5], 2, 0),
        ([9, 8, 7, None], 0, 0),
    ],
)
def test_streaks_end_at_the_last_period(values: list, fallen: int, risen: int) -> None:
    assert (declines(values), rises(values)) == (fallen, risen)


@given(VALUES)
def test_a_streak_is_the_longest_falling_end(values: list) -> None:
    length = declines(values)
    end = values[len(values) - length - 1 :] if values else []
    assert None not in end or length == 0
    assert all(later < earlier for earlier, later in pairwise(end) if length)
    if length < len(values) - 1:
        earlier, later = values[-length - 2], values[-length - 1]
        assert earlier is None or later is None or later >= earlier


def test_shanghais_rule_needs_fifteen_weeks_and_has_three_colours() -> None:
    weeks = [100, 110, 90] * 5
    assert against_mean([*weeks, 100]) == (*[None] * 15, "below")
    assert against_mean([*weeks, 101])[-1] == "above"
    deviation = float(np.std(weeks, ddof=1))
    assert against_mean([*weeks, 100 + 1.99 * deviation])[-1] == "above"
    assert against_mean([*weeks, 100 + 2.01 * deviation])[-1] == "far"
    assert against_mean([*weeks, 100 + 2.01 * deviation], far=3.0)[-1] == "above"


def test_only_the_window_counts_and_missing_weeks_are_passed_over() -> None:
    assert against_mean([999, *[4, 6] * 2, 5], window=4)[-1] == "below"
    assert against_mean([4, None, 6, 4, None, 6, None, 6], window=4)[-2:] == (None, "above")
    with pytest.raises(ValueError):
        against_mean([1, 2], window=1)


@given(VALUES, st.integers(2, 15))
def test_each_value_is_judged_by_those_before_it_alone(values: list, window: int) -> None:
    whole = against_mean(values, window)
    assert set(whole) <= {None, *trend.AGAINST_MEAN}
    for length in range(len(values)):
        assert against_mean(values[:length], window) == whole[:length]
    for at, verdict in enumerate(whole):
        before = [value for value in values[:at] if value is not None][-window:]
        assert (verdict is None) == (values[at] is None or len(before) < window)
        if verdict is not None:
            assert (verdict == "below") == (values[at] * window <= sum(before))


def test_a_year_against_the_range_of_those_before_it() -> None:
    found = year_range({2024: [7, 5, 6], 2026: [6, 9], 2023: [8, None, 4], 2025: [9, 3, 5]})
    assert (found.year, found.line) == (2026, (6, 9, None))
    assert found.bands == ((7, 9, 8.0, 3), (3, 5, 4.0, 2), (4, 6, 5.0, 3))


def test_the_first_year_has_no_range() -> None:
    found = year_range({2026: [6, None]})
    assert found.bands == ((None, None, None, 0),) * 2
    assert year_range({2025: [], 2026: []}).bands == ()
    with pytest.raises(ValueError):
        year_range({})


def test_the_examples_are_true() -> None:
    found = doctest.testmod(trend)
    assert found.attempted
    assert not found.failed
