"""Stations' own targets: which are in force, which can stand, and what they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.loader import load_catalogue
from domain.errors import BadRequest
from domain.targets import TargetRow, check_end, check_target, ended, in_force, stamp, with_new

TODAY = date(2024, 5, 7)
CATALOGUE = load_catalogue()
SHARE = CATALOGUE.task("T1-01")
CEILING = next(task for task in CATALOGUE.active if task.kind == "ceiling")
OLD = TargetRow("S1", "T1-01", date(2024, 1, 1), None, 90, 80)
NEW = TargetRow("S1", "T1-01", TODAY, None, 95, 85, "stricter", "A")
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


def test_a_new_target_ends_the_one_before_it_and_both_stay() -> None:
    after = with_new([OLD], [NEW])
    assert after == (replace(OLD, last=TODAY - timedelta(days=1)), NEW)
    assert in_force(after, TODAY - timedelta(days=1))["S1", "T1-01"].blue == 90
    assert in_force(after, TODAY)["S1", "T1-01"].blue == 95


def test_after_a_target_for_a_while_the_one_before_it_counts_again() -> None:
    after = with_new([OLD], [replace(NEW, last=date(2024, 5, 31))])
    assert [in_force(after, date(2024, month, 15))["S1", "T1-01"].blue for month in (4, 5, 6)] == [90, 95, 90]


def test_a_target_of_the_same_first_day_is_replaced() -> None:
    assert with_new([OLD, NEW], [replace(NEW, blue=97)])[-1].blue == 97
    assert len(with_new([OLD, NEW], [replace(NEW, blue=97)])) == 2


def test_targets_of_other_stations_and_tasks_are_left_alone() -> None:
    others = [replace(OLD, station="S2"), replace(OLD, task="T1-02")]
    assert with_new(others, [NEW])[:2] == tuple(others)


@given(st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS)), max_size=6), DAYS, DAYS)
def test_from_its_first_day_on_a_new_target_counts_until_a_later_one_begins(
    kept: list[tuple[date, date | None]], first: date, day: date
) -> None:
    rows = [TargetRow("S1", "T1-01", *days, 10 + i, 5) for i, days in enumerate(kept)]
    after = with_new(rows, [replace(NEW, first=first)])
    later = [row for row in rows if row.first > first and row.holds(day)]
    if day >= first and not later:
        assert in_force(after, day)["S1", "T1-01"].blue == 95
    if day < first:
        assert in_force(after, day) == in_force([row for row in rows if row.first != first], day)


def test_an_end_that_is_before_the_first_day_withdraws_a_target() -> None:
    ahead = replace(NEW, first=date(2024, 6, 1))
    check_end(ahead, date(2024, 5, 31), TODAY)
    (row,) = ended([ahead], ("S1", "T1-01", ahead.first), date(2024, 5, 31))
    assert row.void and in_force([row], date(2024, 6, 1)) == {}


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"task": "nothing"}, "admin.bad.task"),
        ({"blue": 101.0}, "admin.bad.blue"),
        ({"yellow": -1.0}, "admin.bad.yellow"),
        ({"blue": float("nan")}, "admin.bad.blue"),
        ({"yellow": 96.0}, "admin.bad.order_more"),
        ({"first": date(2024, 4, 30)}, "admin.bad.first"),
        ({"last": TODAY - timedelta(days=1)}, "admin.bad.last"),
    ],
)
def test_a_target_that_cannot_stand_is_refused_by_field_and_value(changed: dict[str, object], key: str) -> None:
    row = replace(NEW, **changed)  # type: ignore[arg-type]
    with pytest.raises(BadRequest) as caught:
        check_target(CATALOGUE.task(row.task), row, TODAY)
    assert caught.value.key == key


def test_the_order_of_thresholds_follows_whether_more_is_better() -> None:
    check_target(SHARE, NEW, TODAY)
    check_target(CEILING, replace(NEW, task=CEILING.code, blue=1, yellow=3), TODAY)
    with pytest.raises(BadRequest) as caught:
        check_target(CEILING, replace(NEW, task=CEILING.code, blue=3, yellow=1), TODAY)
    assert caught.value.key == "admin.bad.order_less"


@pytest.mark.parametrize("last", [TODAY - timedelta(days=2), date(2024, 7, 1)])
def test_a_target_ends_neither_in_the_past_nor_later_than_it_does(last: date) -> None:
    with pytest.raises(BadRequest):
        check_end(replace(OLD, last=date(2024, 6, 30)), last, TODAY)


def test_the_stamp_changes_with_every_change() -> None:
    states = [[OLD], [OLD, NEW], [replace(OLD, last=TODAY)], [replace(OLD, yellow=81)]]
    assert len({stamp(rows) for rows in states}) == 4
    assert stamp([OLD, NEW]) == stamp([NEW, OLD])
