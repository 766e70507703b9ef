"""Cutting complete timelines to an instant."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from data_access.demo.load import first_day
from data_access.demo.rows import NEVER, Rows, changed, day_start, known, pending, seconds, time_texts, tuples

T = seconds(datetime(2024, 5, 6, 8, 0))


def rows() -> Rows:
    return Rows(
        table="work_order",
        born=np.array([T, T + 100]),
        times={
            "created_at": np.array([T, T + 100]),
            "due_at": np.array([T + 500, T + 600]),
            "closed_at": np.array([T + 50, NEVER]),
        },
        cells={"order_id": ["a", "b"], "status": "closed", "kind": "hazard"},
        plans=frozenset({"due_at"}),
        gates={"status": ("closed_at", "open")},
    )


def test_a_row_is_absent_before_its_birth_and_its_later_times_are_empty():
    found = tuples(known(rows(), T + 10), "w")
    assert found == [("2024-05-06 08:00:00", "2024-05-06 08:08:20", None, "a", "open", "hazard", "w")]


def test_at_the_very_second_of_an_event_it_is_known():
    assert tuples(known(rows(), T + 50), "w")[0][2:5] == ("2024-05-06 08:00:50", "a", "closed")


def test_only_rows_with_an_event_after_since_are_changed_and_deadlines_are_no_events():
    assert changed(rows(), T, T + 49).cells["order_id"] == []
    assert changed(rows(), T, T + 50).cells["order_id"] == ["a"]
    assert changed(rows(), T + 50, T + 100).cells["order_id"] == ["b"]
    assert changed(rows(), T + 100, T + 700).cells["order_id"] == []


def test_pending_keeps_rows_to_which_something_can_still_happen():
    assert pending(rows(), T + 60).cells["order_id"] == ["b"]
    assert len(pending(rows(), T + 100)) == 0


def test_times_are_written_as_text_and_never_as_nothing():
    start = day_start(date(2024, 2, 29))
    assert time_texts(np.array([start, start + 86_399, NEVER])) == ["2024-02-29 00:00:00", "2024-02-29 23:59:59", None]


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2024, 5, 31), 3, date(2024, 2, 28)),
        (date(2024, 1, 15), 1, date(2023, 12, 15)),
        (date(2026, 3, 3), 26, date(2024, 1, 3)),
    ],
)
def test_the_history_begins_whole_months_earlier(today, months, expected):
    assert first_day(today, months) == expected
