"""Duty advice: the model on cases that can be reckoned by hand, its properties, and its back-test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import duty
from domain.duty import Past, Slot, advise, best, cell_rates, hour_shares, shrunk, times
from domain.duty_backtest import PastWeek, back_test, caught, repeated, verdict, wilson
from domain.incident_filter import DAY_KINDS
from domain.map_rules import DutyRule

RULE = DutyRule(weeks=8, tested_weeks=4, slots=6, resolution=9, least=10)
END = 9000
WEEKDAYS = {day: "weekend" if day % 7 in (3, 4) else "workday" for day in range(END - 400, END + 14)}


def past(*rows: tuple[int, int, int]) -> Past:
    """(days before END, hour, cell)"""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Past(END - columns[0], columns[1], columns[2])


def busy(weeks: int, cell: int = 7, hour: int = 17, count: int = 2) -> list[tuple[int, int, int]]:
    """`count` incidents a day in one cell at one hour, and one a week in ten other cells."""
    rows = [(ago, hour, cell) for ago in range(1, 7 * weeks + 1) for _ in range(count)]
    return rows + [(7 * week + other % 7 + 1, (3 * other) % 24, 100 + other) for week in range(weeks) for other in
                   range(10)]  # fmt: skip


incidents = st.lists(
    st.tuples(st.integers(1, 7 * 30), st.integers(0, 23), st.integers(0, 12)), max_size=120
).map(lambda rows: past(*rows))  # fmt: skip


# the model ---------------------------------------------------------------------------------------


def test_an_empty_station_gets_no_advice_and_the_reason() -> None:
    assert advise(past(), END, WEEKDAYS, RULE) == duty.Advice((), 0, 0, "none")


def test_a_station_with_few_incidents_gets_no_advice_and_the_reason() -> None:
    nine = past(*[(1, 8, 1)] * 9)
    assert advise(nine, END, WEEKDAYS, RULE) == duty.Advice((), 9, 1, "few")
    assert advise(past(*[(1, 8, 1)] * 10), END, WEEKDAYS, RULE).slots


def test_the_busiest_cell_and_hour_come_first() -> None:
    first = advise(past(*busy(8)), END, WEEKDAYS, RULE).slots[0]
    assert first.cell == 7
    assert 17 in range(first.first_hour, first.first_hour + first.hours)
    assert first.days == {"workday": 5, "weekend": 2}[first.kind]


def test_what_is_expected_of_a_steady_cell_is_about_what_it_had() -> None:
    steady = past(*busy(26, count=2))
    rule = replace(RULE, slots=200)
    mine = [slot for slot in advise(steady, END, WEEKDAYS, rule).slots if slot.cell == 7]
    assert sum(slot.expected for slot in mine) == pytest.approx(14, rel=0.1)


def test_a_holiday_never_seen_is_taken_for_the_mean_day() -> None:
    kinds = WEEKDAYS | {END: "holiday"}
    learnt = past(*busy(8)).between(END - 56, END)
    shares, factors = times(learnt, END, kinds, 8)
    assert factors[DAY_KINDS.index("holiday")] == pytest.approx(1)
    assert shares[DAY_KINDS.index("holiday")].argmax() == 17


def test_a_kind_of_day_that_does_not_come_is_not_named() -> None:
    slots = advise(past(*busy(8)), END, WEEKDAYS, RULE).slots
    assert {slot.kind for slot in slots} <= {"workday", "weekend"}


def test_one_incident_does_not_make_a_hot_cell() -> None:
    """Of forty cells with one incident each none stands out: all are taken for the same."""
    cells, daily = cell_rates(past(*[(1 + n, 8, n) for n in range(40)]), END, 8)
    assert len(cells) == 40
    assert daily == pytest.approx([daily[0]] * 40)
    cells, daily = cell_rates(past(*[(1 + n, 8, n) for n in range(40)], *[(1 + n, 9, 99) for n in range(40)]), END, 8)
    assert daily[-1] > 20 * daily[0]


@given(st.integers(1, 7 * 8 - 7))
def test_a_more_recent_incident_weighs_at_least_as_much(ago: int) -> None:
    older, newer = past(*busy(8), (ago + 7, 8, 50)), past(*busy(8), (ago, 8, 50))

    def rate(of: Past) -> float:
        cells, daily = cell_rates(of, END, 8)
        return float(daily[cells.tolist().index(50)])

    assert rate(newer) > rate(older)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=40), st.floats(1, 20))
def test_shrinking_keeps_mean_order_and_range(means: list[float], weeks: float) -> None:
    given_ = np.array(means)
    drawn = shrunk(given_, weeks)
    assert drawn.mean() == pytest.approx(given_.mean(), abs=1e-9)
    assert drawn.min() >= given_.min() - 1e-9
    assert drawn.max() <= given_.max() + 1e-9
    assert (np.diff(drawn[np.argsort(given_)]) >= -1e-9).all()


@given(st.lists(st.integers(0, 30), min_size=72, max_size=72))
def test_the_hours_of_every_kind_of_day_make_one(counts: list[int]) -> None:
    shares = hour_shares(np.array(counts, dtype=float).reshape(3, 24))
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])
    assert (shares >= 0).all()


def test_midnight_is_beside_the_last_hour() -> None:
    counts = np.zeros((3, 24))
    counts[:, 0] = 1000
    assert hour_shares(counts)[0, [23, 0, 1]] == pytest.approx([0.25, 0.5, 0.25])


@settings(max_examples=40)
@given(incidents)
def test_windows_of_a_cell_never_overlap_and_fall_in_worth(found: Past) -> None:
    slots = advise(found, END, WEEKDAYS, replace(RULE, slots=40, least=1)).slots
    hours = [(s.cell, s.kind, s.first_hour + step) for s in slots for step in range(s.hours)]
    assert len(hours) == len(set(hours))
    assert all(0 <= hour < 24 for _, _, hour in hours)
    worth = [slot.expected / (slot.days * slot.hours) for slot in slots]
    assert worth == sorted(worth, reverse=True)
    assert {slot.cell for slot in slots} <= set(found.cell.tolist())


@settings(max_examples=40)
@given(incidents, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(found: Past, chance) -> None:
    order = list(range(len(found)))
    chance.shuffle(order)
    mixed = Past(found.day[order], found.hour[order], found.cell[order])
    rule = replace(RULE, least=1)
    assert advise(mixed, END, WEEKDAYS, rule) == advise(found, END, WEEKDAYS, rule)


def test_equal_slots_come_in_the_order_of_cells() -> None:
    rate = np.ones((2, 3, 24))
    slots = best(np.array([4, 9]), rate, np.array([5, 2, 0]), 3)
    assert slots == (
        Slot(4, "workday", 0, 2, 5, 10.0),
        Slot(4, "workday", 2, 2, 5, 10.0),
        Slot(4, "workday", 4, 2, 5, 10.0),
    )


# the back-test -----------------------------------------------------------------------------------


@settings(max_examples=30)
@given(incidents, incidents)
def test_the_future_changes_nothing(before: Past, after: Past) -> None:
    """Whatever happens from day END on, or inside a tested week, the advice learnt before it stays."""
    rule = replace(RULE, least=1)
    future = Past(
        np.concatenate([before.day, 2 * END + 1 - after.day]),
        np.concatenate([before.hour, after.hour]),
        np.concatenate([before.cell, after.cell]),
    )
    assert advise(future, END, WEEKDAYS, rule) == advise(before, END, WEEKDAYS, rule)
    plain, altered = back_test(before, END, WEEKDAYS, rule), back_test(future, END, WEEKDAYS, rule)
    assert plain == altered


def test_a_tested_week_is_advised_without_itself() -> None:
    """A cell that was never heard of before the week cannot be caught in it."""
    quiet = busy(16)[112 * 2 :] + [(ago, 10, 1) for ago in range(8, 100)]
    surprise = past(*quiet, *[(ago, 12, 500) for ago in range(1, 8) for _ in range(30)])
    last = back_test(surprise, END, WEEKDAYS, RULE)[-1]
    assert last.first == END - 7
    assert last.incidents >= 210
    assert last.caught <= last.incidents - 210


def test_a_steady_hot_spot_is_caught_in_a_small_share_of_the_time() -> None:
    weeks = back_test(past(*busy(20)), END, WEEKDAYS, RULE)
    found = verdict(weeks)
    assert [week.first for week in weeks] == [END - 28, END - 21, END - 14, END - 7]
    assert found.caught > 0.5
    assert found.used < 0.05
    assert found.efficiency > 10
    assert found.low <= found.caught <= found.high
    assert found.worst <= found.efficiency <= found.best


def test_weeks_with_too_little_before_them_are_not_tested() -> None:
    assert back_test(past((1, 8, 1)), END, WEEKDAYS, RULE) == ()
    assert verdict(()) is None


def test_the_naive_advice_repeats_last_week() -> None:
    slots = repeated(past((3, 8, 5), (3, 8, 5), (4, 20, 6), (9, 1, 7)), END, WEEKDAYS, 5)
    assert {slot.cell for slot in slots} == {5, 6}
    assert slots[0].cell == 5
    assert slots[0].first_hour in (7, 8)
    assert repeated(past((9, 1, 7)), END, WEEKDAYS, 5) == ()


def test_caught_means_cell_kind_of_day_and_hour() -> None:
    slot = Slot(5, "workday", 8, 2, 5, 1.0)
    workday = next(ago for ago in range(1, 8) if WEEKDAYS[END - ago] == "workday")
    weekend = next(ago for ago in range(1, 8) if WEEKDAYS[END - ago] == "weekend")
    now = past((workday, 8, 5), (workday, 9, 5), (workday, 10, 5), (weekend, 8, 5), (workday, 8, 6))
    assert caught([slot], now, WEEKDAYS) == 2


def test_the_verdict_adds_the_weeks_up() -> None:
    found = verdict([PastWeek(1, 10, 1000, 5, 50, 1, 20), PastWeek(8, 30, 1000, 5, 50, 3, 20),
                     PastWeek(15, 0, 1000, 0, 50, 0, 20)])  # fmt: skip
    assert (found.weeks, found.incidents) == (2, 40)
    assert found.caught == pytest.approx(0.25)
    assert found.used == pytest.approx(0.05)
    assert found.efficiency == pytest.approx(5)
    assert found.naive == pytest.approx(0.1 / 0.02)
    assert (found.worst, found.best) == pytest.approx((5 / 30 / 0.05, 10))


@pytest.mark.parametrize(("hits", "total", "low", "high"), [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1)])
def test_the_interval_at_the_edges(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=1e-4)
