"""Bins, percentiles, instants and pieces of a span; the property test against rows is in tests/integration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from domain.clock_blocks import pieces, settled_at
from domain.clock_rules import Clock
from domain.clockstats import in_bands, limit_groups, percentile, tally
from domain.order_rows import NOT_YET, UNUSABLE, Columns, columns_at, joined, order_rows, second_number
from domain.span import Span

RULES = load_clock_rules(load_catalogue())
CLOCKS = {clock.code: clock for clock in RULES.clocks}
ALL = Columns(RULES.clocks)
SIMPLE = Clock("arrive", {}, 300, (300, 600), (100, 200, 300, 600), {"fringe": 600, "rural": None})
ONE = Columns((SIMPLE,))
taken = st.lists(st.integers(0, 700_000), min_size=1, max_size=60)


def bins_of(times: list[int], clock: Clock) -> np.ndarray:
    rows = order_rows(Columns((clock,)), *columns([0] * len(times)), np.array([times], dtype=np.int32))
    return np.bincount(rows.final[0], minlength=len(clock.edges) + 1)


def columns(at: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(at, dtype=np.int64), np.zeros(len(at), dtype=np.int32)


@given(times=taken, share=st.sampled_from([0.1, 0.25, 0.5, 0.9, 0.99, 1.0]), code=st.sampled_from(sorted(CLOCKS)))
def test_a_percentile_lies_in_the_bin_of_the_true_one(times: list[int], share: float, code: str) -> None:
    """numpy's "inverted_cdf": the smallest time that at least this share of the rows do not exceed."""
    clock = CLOCKS[code]
    true = float(np.percentile(times, 100 * share, method="inverted_cdf"))
    found = float(percentile(bins_of(times, clock), clock, share))
    edges = [0, *clock.edges]
    if true > edges[-1]:
        assert found == edges[-1]
        return
    low, high = next((low, high) for low, high in pairwise(edges) if true <= high)
    assert low <= found <= high


def test_a_percentile_is_interpolated_inside_its_bin() -> None:
    bins = np.array([0, 4, 0, 0, 0])
    assert [float(percentile(bins, SIMPLE, share)) for share in (0.25, 0.5, 1.0)] == [125.0, 150.0, 200.0]
    spread = bins_of(list(range(1, 301)), SIMPLE)
    assert [float(percentile(spread, SIMPLE, share)) for share in (0.1, 0.5, 0.9)] == [30.0, 150.0, 270.0]
    assert np.isnan(percentile(np.zeros(5, dtype=int), SIMPLE, 0.5))
    assert float(percentile(np.array([0, 0, 0, 0, 3]), SIMPLE, 0.5)) == 600.0


def test_percentiles_of_many_lines_are_those_of_each() -> None:
    rng = np.random.default_rng(5)
    many = rng.integers(0, 9, (3, 4, len(SIMPLE.edges) + 1))
    found = percentile(many, SIMPLE, 0.9)
    assert found.shape == (3, 4)
    assert found[2, 1] == float(percentile(many[2, 1], SIMPLE, 0.9))


@given(times=taken, code=st.sampled_from(sorted(CLOCKS)))
def test_bands_are_exact(times: list[int], code: str) -> None:
    clock = CLOCKS[code]
    ends = np.searchsorted(clock.bands, times)
    assert in_bands(bins_of(times, clock), clock).tolist() == np.bincount(ends, minlength=len(clock.bands) + 1).tolist()


@pytest.mark.parametrize(
    ("spent", "passed", "limit", "told"),
    [
        (300, 400, 300, "done due hit"),
        (301, 400, 300, "done due"),
        (301, 301, 300, "done due"),
        (301, 300, 300, "waiting"),
        (NOT_YET, 300, 300, "waiting"),
        (NOT_YET, 301, 300, "due overdue"),
        (NOT_YET, 301, 600, "waiting"),
        (NOT_YET, 601, 600, "due overdue"),
        (9000, 601, 600, "due overdue"),
        (400, 500, 600, "done due hit"),
        (NOT_YET, 10**7, None, "waiting"),
        (50, 60, None, "done"),
        (UNUSABLE, 0, 300, "unusable"),
        (UNUSABLE, 10**7, None, "unusable"),
        (0, 0, 300, "done due hit"),
    ],
)
def test_what_became_of_an_order(spent: int, passed: int, limit: int | None, told: str) -> None:
    rows = order_rows(ONE, *columns([1000]), np.array([[spent]], dtype=np.int32))
    counts = np.bincount(columns_at(rows, ONE, 1000 + passed)[0], minlength=ONE.size)
    found = tally(ONE, "arrive", counts, np.zeros(1), limit)
    names = ("done", "due", "hit", "waiting", "overdue", "unusable")
    assert " ".join(name for name in names if getattr(found, name)) == told


def test_stations_are_grouped_by_the_limit_of_their_region() -> None:
    regions = ["urban", "rural", None, "fringe", "urban"]
    grouped = {limit: at.tolist() for limit, at in limit_groups(SIMPLE, regions, "region")}
    assert grouped == {300: [0, 2, 4], None: [1], 600: [3]}
    assert {limit: at.tolist() for limit, at in limit_groups(SIMPLE, regions, "uniform")} == {300: [0, 1, 2, 3, 4]}
    assert [(limit, at.tolist()) for limit, at in limit_groups(SIMPLE, [], "region")] == [(300, [])]


def test_rows_of_a_stretch_of_time_and_several_parts_as_one() -> None:
    rows = order_rows(ONE, *columns([10, 20, 30]), np.array([[1, 2, 3]], dtype=np.int32))
    assert rows.between(10, 30).at.tolist() == [10, 20]
    assert rows.between(0, 99) is rows
    assert len(rows.between(40, 30)) == 0
    both = joined([rows.between(10, 20), rows.between(20, 31)], 1)
    assert (both.at.tolist(), both.spent.tolist(), both.final.tolist()) == ([10, 20, 30], [[1, 2, 3]], [[0, 0, 0]])
    assert joined([], 5).spent.shape == (5, 0)


moments = st.datetimes(datetime(2023, 1, 1), datetime(2024, 12, 31)).map(lambda at: at.replace(microsecond=0))


@given(start=moments, hours=st.integers(1, 24 * 500), later=st.integers(-24 * 90, 24 * 90))
def test_the_pieces_of_a_span_hold_each_of_its_days_once(start: datetime, hours: int, later: int) -> None:
    span = Span(start, start + timedelta(hours=hours))
    as_of = span.end + timedelta(hours=later)
    blocks, singles = pieces(span, as_of, ALL)
    held = [first + timedelta(days=n) for first, last in blocks for n in range((last - first).days + 1)]
    every = [span.first_day + timedelta(days=n) for n in range((span.last_day - span.first_day).days + 1)]
    assert sorted([*held, *singles]) == every
    for first, last in blocks:
        assert datetime.combine(first, datetime.min.time()) >= span.start
        assert datetime.combine(last, datetime.min.time()) + timedelta(days=1) <= span.end
        assert settled_at(last, ALL) <= as_of
        assert first.month == last.month


def test_a_settled_year_is_twelve_pieces_and_few_days_remain_at_its_ends() -> None:
    year = Span(datetime(2023, 1, 1), datetime(2024, 1, 1))
    assert (len(pieces(year, datetime(2024, 2, 1), ALL)[0]), pieces(year, datetime(2024, 2, 1), ALL)[1]) == (12, [])
    blocks, singles = pieces(Span(datetime(2024, 2, 8, 7), datetime(2024, 4, 17)), datetime(2024, 4, 17), ALL)
    assert blocks == [
        (date(2024, 2, 11), date(2024, 2, 20)),
        (date(2024, 2, 21), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 4, 1), date(2024, 4, 10)),
    ]
    assert [day.day for day in singles] == [8, 9, 10, 11, 12, 13, 14, 15, 16]


def test_seconds_are_those_of_the_wall_clock() -> None:
    assert second_number(datetime(1970, 1, 2, 0, 0, 1)) == 86_401
