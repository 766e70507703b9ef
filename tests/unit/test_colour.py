"""The colour of one cell, by table for every kind and edge, and its properties (DOMAIN 2.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.colour import Cell, Colour, FeedState, Numbers, Reason, judge
from domain.task import Kind, Measure, Method, Period, Task, Thresholds

AT = datetime(2024, 5, 7, 13)
END = datetime(2024, 5, 7, 23, 59, 59)
ORDER = {Colour.RED: 0, Colour.YELLOW: 1, Colour.BLUE: 2}
MEASURE = Measure("work_record", Method.COUNT, at="at")


def task(kind: Kind, period: Period = Period.DAY, min_sample: float = 0) -> Task:
    return Task("X-01", "X", kind, period, "items", MEASURE, "feed", min_sample=min_sample)


def judged(
    one: Task, limits: Thresholds | None, at: datetime = AT, feed: FeedState = FeedState.FRESH, **numbers: float
) -> Cell:
    return judge(one, Numbers(**numbers), limits, at, feed)  # type: ignore[arg-type]


def told(cell: Cell) -> str:
    return cell.reason.value if cell.reason else cell.colour.value


@pytest.mark.parametrize(
    ("clock", "done", "expected"),
    [
        ("03:00", 0, "in_progress"),
        ("06:59", 3, "in_progress"),
        ("06:59", 12, "blue"),
        ("08:59", 1, "in_progress"),
        ("09:00", 1, "red"),
        ("09:00", 2, "blue"),
        ("13:00", 6, "blue"),
        ("13:00", 5, "yellow"),
        ("13:00", 4.2, "yellow"),
        ("13:00", 4.19, "red"),
        ("13:00", 0, "red"),
        ("18:59", 11, "yellow"),
        ("19:00", 11, "yellow"),
        ("19:00", 10, "yellow"),
        ("19:00", 9, "red"),
        ("19:00", 12, "blue"),
        ("23:59", 9, "red"),
    ],
)
def test_a_count_of_a_day_is_judged_by_pace_until_nineteen(clock: str, done: float, expected: str) -> None:
    at = datetime.combine(AT.date(), datetime.strptime(clock, "%H:%M").time())
    assert told(judged(task(Kind.COUNT), Thresholds(12, 10), at, numerator=done)) == expected


@pytest.mark.parametrize(
    ("at", "done", "expected"),
    [
        (datetime(2024, 5, 6, 8), 0, "in_progress"),
        (datetime(2024, 5, 6, 13), 0, "in_progress"),
        (datetime(2024, 5, 7, 3), 0, "red"),
        (datetime(2024, 5, 7, 3), 1, "yellow"),
        (datetime(2024, 5, 7, 3), 2, "blue"),
        (datetime(2024, 5, 12, 18), 9, "yellow"),
        (datetime(2024, 5, 12, 19), 8, "yellow"),
        (datetime(2024, 5, 12, 19), 7, "red"),
        (datetime(2024, 5, 12, 19), 10, "blue"),
    ],
)
def test_a_count_of_a_week(at: datetime, done: float, expected: str) -> None:
    assert told(judged(task(Kind.COUNT, Period.WEEK), Thresholds(10, 8), at, numerator=done)) == expected


@pytest.mark.parametrize(
    ("at", "done", "expected"),
    [
        (datetime(2024, 5, 1, 8, 59), 0, "in_progress"),
        (datetime(2024, 5, 16, 13), 15, "yellow"),
        (datetime(2024, 5, 16, 13), 15.5, "blue"),
        (datetime(2024, 5, 16, 13), 10.8, "red"),
        (datetime(2024, 5, 31, 19), 24, "red"),
    ],
)
def test_a_count_of_a_month(at: datetime, done: float, expected: str) -> None:
    assert told(judged(task(Kind.COUNT, Period.MONTH), Thresholds(31, 25), at, numerator=done)) == expected


def test_nothing_is_owed_while_less_than_one_unit_is_due() -> None:
    early = datetime(2024, 5, 7, 12, 59)
    assert told(judged(task(Kind.COUNT), Thresholds(2, 1), early)) == "in_progress"
    assert told(judged(task(Kind.COUNT), Thresholds(2, 1), early, numerator=0.5)) == "in_progress"
    assert told(judged(task(Kind.COUNT), Thresholds(2, 1), AT)) == "red"


@pytest.mark.parametrize("at", [AT, END])
def test_a_target_of_nothing_is_no_task(at: datetime) -> None:
    assert told(judged(task(Kind.COUNT), Thresholds(0, 0), at, numerator=3)) == "no_task"


@pytest.mark.parametrize("kind", [Kind.RATE, Kind.SLA])
@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 0, "no_task"),
        (4, 4, "small_sample"),
        (5, 5, "blue"),
        (19, 20, "blue"),
        (18.99, 20, "yellow"),
        (9, 10, "yellow"),
        (89, 100, "red"),
        (0, 5, "red"),
    ],
)
def test_a_rate(kind: Kind, numerator: float, denominator: float, expected: str) -> None:
    cell = judged(task(kind, min_sample=5), Thresholds(95, 90), numerator=numerator, denominator=denominator)
    assert told(cell) == expected


@pytest.mark.parametrize("successes", range(1, 60))
def test_no_binary_digit_takes_a_rate_below_its_limit(successes: int) -> None:
    """n of n+1 against exactly that percentage, as a person would write it."""
    limit = 100 * successes / (successes + 1)
    numbers = {"numerator": 7 * successes, "denominator": 7 * (successes + 1)}
    assert judged(task(Kind.RATE), Thresholds(limit, 0), **numbers).colour is Colour.BLUE


@pytest.mark.parametrize(("count", "expected"), [(0, "blue"), (1, "yellow"), (2, "yellow"), (3, "red")])
def test_a_ceiling(count: float, expected: str) -> None:
    assert told(judged(task(Kind.CEILING), Thresholds(0, 2), numerator=count)) == expected


@pytest.mark.parametrize(
    ("now", "base", "expected", "value"),
    [
        (9, 10, "blue", -10),
        (10, 10, "blue", 0),
        (11, 10, "yellow", 10),
        (12, 10, "red", 20),
        (0, 0, "blue", None),
        (2, 0, "yellow", None),
        (3, 0, "red", None),
        (0, 4, "blue", -100),
        (1, None, "yellow", None),
    ],
)
def test_a_ceiling_against_a_base(now: float, base: float | None, expected: str, value: float | None) -> None:
    limits = Thresholds(0, 10, relative=True, new_yellow=2)
    cell = judged(task(Kind.CEILING), limits, numerator=now, base=base)  # type: ignore[arg-type]
    assert told(cell) == expected
    assert cell.value == (None if value is None else pytest.approx(value))


def test_information_has_no_colour() -> None:
    assert told(judged(task(Kind.INFO), None, numerator=7)) == "info"
    assert judged(task(Kind.INFO), None, numerator=7).value == 7


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(("feed", "reason"), [(FeedState.LATE, Reason.DATA_LATE), (FeedState.ABSENT, Reason.NO_DATA)])
def test_a_dead_source_is_never_coloured(kind: Kind, feed: FeedState, reason: Reason) -> None:
    cell = judged(task(kind), Thresholds(1, 1), END, feed, numerator=9, denominator=9)
    assert (cell.colour, cell.reason, cell.is_coloured) == (Colour.GREY, reason, False)


@pytest.mark.parametrize(
    ("kind", "limits", "numbers", "missing"),
    [
        (Kind.COUNT, Thresholds(12, 10), {"numerator": 5.5}, 7),
        (Kind.COUNT, Thresholds(12, 10), {"numerator": 13}, 0),
        (Kind.RATE, Thresholds(95, 90), {"numerator": 18, "denominator": 20}, 20),
        (Kind.RATE, Thresholds(100, 95), {"numerator": 19, "denominator": 20}, None),
        (Kind.RATE, Thresholds(100, 95), {"numerator": 20, "denominator": 20}, 0),
        (Kind.CEILING, Thresholds(1, 2), {"numerator": 4}, 3),
        (Kind.CEILING, Thresholds(0, 10, relative=True), {"numerator": 12, "base": 10.0}, 2),
        (Kind.INFO, None, {"numerator": 4}, None),
    ],
)
def test_what_is_missing(
    kind: Kind, limits: Thresholds | None, numbers: dict[str, float], missing: float | None
) -> None:
    assert judged(task(kind), limits, **numbers).missing == missing


def test_the_cell_carries_what_its_formula_line_needs() -> None:
    cell = judged(task(Kind.COUNT), Thresholds(12, 10), numerator=5, waiting=2)
    assert (cell.task, cell.blue, cell.yellow, cell.waiting) == ("X-01", 12, 10, 2)
    assert (cell.pace, cell.expected, cell.value) == (0.5, 6, 5)


counts = st.integers(0, 400)
instants = st.integers(0, 7 * 86_400).map(lambda seconds: datetime(2024, 5, 6) + timedelta(seconds=seconds))
limits = st.tuples(counts, counts).map(lambda pair: Thresholds(max(pair), min(pair)))
ceilings = st.tuples(counts, counts).map(lambda pair: Thresholds(min(pair), max(pair)))
percents = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: Thresholds(max(pair), min(pair)))
periods = st.sampled_from(Period)


def not_worse(before: Cell, after: Cell) -> bool:
    if before.is_coloured and after.is_coloured:
        return ORDER[after.colour] >= ORDER[before.colour]
    return before.is_coloured == after.is_coloured or after.colour is Colour.BLUE


@given(period=periods, limit=limits, at=instants, done=counts, more=counts)
def test_more_done_never_makes_a_count_worse(
    period: Period, limit: Thresholds, at: datetime, done: int, more: int
) -> None:
    one = task(Kind.COUNT, period)
    before, after = judged(one, limit, at, numerator=done), judged(one, limit, at, numerator=done + more)
    assert not_worse(before, after)
    assert (after.missing or 0) <= (before.missing or 0)


@given(limit=percents, total=counts, good=counts, more=counts)
def test_more_successes_never_make_a_rate_worse(limit: Thresholds, total: int, good: int, more: int) -> None:
    assume(total > 0 and good <= total)
    one = task(Kind.RATE)
    before = judged(one, limit, numerator=good, denominator=total)
    corrected = judged(one, limit, numerator=min(total, good + more), denominator=total)
    added = judged(one, limit, numerator=good + more, denominator=total + more)
    assert not_worse(before, corrected)
    assert not_worse(before, added)


@given(limit=ceilings, count=counts, fewer=counts, base=st.none() | counts)
def test_fewer_never_make_a_ceiling_worse(limit: Thresholds, count: int, fewer: int, base: int | None) -> None:
    assume(fewer <= count)
    limit = limit if base is None else Thresholds(limit.blue, limit.yellow, relative=True)
    numbers = {} if base is None else {"base": base}
    before = judged(task(Kind.CEILING), limit, numerator=count, **numbers)
    assert not_worse(before, judged(task(Kind.CEILING), limit, numerator=count - fewer, **numbers))


@given(period=periods, limit=limits, at=instants, done=counts)
def test_what_is_missing_really_turns_a_count_blue(period: Period, limit: Thresholds, at: datetime, done: int) -> None:
    one = task(Kind.COUNT, period)
    cell = judged(one, limit, at, numerator=done)
    assume(limit.blue > 0)
    assert cell.missing is not None
    assert judged(one, limit, at, numerator=done + cell.missing).colour is Colour.BLUE


@given(limit=percents, total=counts, good=counts)
def test_what_is_missing_really_turns_a_rate_blue_and_no_less_does(limit: Thresholds, total: int, good: int) -> None:
    assume(total > 0 and good <= total)
    one = task(Kind.RATE)
    missing = judged(one, limit, numerator=good, denominator=total).missing
    if missing is None:
        assert limit.blue == 100
        return
    enough = judged(one, limit, numerator=good + missing, denominator=total + missing)
    assert enough.colour is Colour.BLUE
    if missing:
        less = missing - 1
        assert judged(one, limit, numerator=good + less, denominator=total + less).colour is not Colour.BLUE


@given(limit=ceilings, count=counts, base=st.none() | st.integers(1, 400))
def test_what_is_too_much_really_turns_a_ceiling_blue(limit: Thresholds, count: int, base: int | None) -> None:
    limit = limit if base is None else Thresholds(limit.blue, limit.yellow, relative=True)
    numbers = {} if base is None else {"base": base}
    missing = judged(task(Kind.CEILING), limit, numerator=count, **numbers).missing
    assert missing is not None
    assert judged(task(Kind.CEILING), limit, numerator=count - missing, **numbers).colour is Colour.BLUE
