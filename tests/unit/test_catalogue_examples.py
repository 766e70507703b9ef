"""The worked examples of `docs/catalogue.md`, computed by the board's own reader from rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from catalogue.loader import load_catalogue
from data_access.readers.numbers import numbers
from data_access.tables import SOURCES, metadata
from domain.access import command
from domain.colour import Colour, FeedState, Numbers, judge

SHIPPED = load_catalogue()
STATION = "990109010000"
DAY = "2024-05-08"  # a Wednesday
KEYS = {
    "incident": "incident_id",
    "dispatch_order": "order_id",
    "work_order": "order_id",
    "work_record": "record_id",
    "sample": "sample_id",
    "risk_code": "code_id",
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as open_connection:
        yield open_connection


def at(text: str) -> datetime:
    """`"08:00:00"` of the day, or a whole time."""
    return datetime.fromisoformat(text if "-" in text else f"{DAY} {text}")


def write(connection: Connection, source: str, *rows: dict[str, Any]) -> None:
    for number, row in enumerate(rows):
        times = {k: at(v) if k.endswith("_at") or k in ("at", "valid_from", "valid_to") else v for k, v in row.items()}
        fixed = {KEYS[source]: f"r{number}", "station_code": STATION, "updated_at": at("00:00:00")}
        connection.execute(SOURCES[source].insert().values(fixed | times))


def measured(connection: Connection, code: str, moment: str) -> Numbers:
    task = SHIPPED.task(code)
    assert task is not None
    return numbers(connection, [task], at(moment), command()).get((STATION, code), Numbers())


def test_count_counts_rows_or_adds_up_a_column(connection: Connection) -> None:
    held = {"kind": "publicity", "has_evidence": 1, "at": "10:00:00"}
    write(connection, "work_record", *({**held, "quantity": n} for n in (120, 80, 150)), {**held, "has_evidence": 0})
    assert measured(connection, "T3-01", "18:00:00").numerator == 3
    assert measured(connection, "T3-06", "18:00:00").numerator == 350


def test_ratio_adds_up_before_it_divides(connection: Connection) -> None:
    seen = {"kind": "helmet", "at": "08:00:00"}
    write(
        connection,
        "sample",
        {**seen, "numerator": 44, "denominator": 50},
        {**seen, "numerator": 18, "denominator": 25, "at": "17:00:00"},
    )
    found = measured(connection, "T4-01", "18:00:00")
    assert (found.numerator, found.denominator) == (62, 75)


def test_latest_takes_the_last_observation(connection: Connection) -> None:
    seen = {"kind": "post_running", "denominator": 20}
    write(
        connection,
        "sample",
        {**seen, "numerator": 18, "at": "09:00:00"},
        {**seen, "numerator": 19, "at": "16:00:00"},
    )
    assert measured(connection, "T3-05", "15:59:59").numerator == 18
    assert measured(connection, "T3-05", "16:00:00").numerator == 19


def test_hit_counts_those_whose_stop_is_filled(connection: Connection) -> None:
    closed = {"class_code": "accident", "is_valid": 1, "occurred_at": "07:00:00", "closed_at": "09:00:00"}
    write(connection, "incident", *[closed | {"traced_at": "09:10:00"}] * 5, closed)
    found = measured(connection, "T2-04", "18:00:00")
    assert (found.numerator, found.denominator) == (5, 6)


def test_clock_counts_a_row_once_and_shows_what_is_waiting(connection: Connection) -> None:
    order = {"unit_kind": "station", "is_valid": 1}
    write(
        connection,
        "dispatch_order",
        order | {"assigned_at": "08:00:00", "signed_at": "08:01:30"},
        order | {"assigned_at": "08:10:00", "signed_at": "08:13:00"},
        order | {"assigned_at": "08:20:00"},
    )
    found = measured(connection, "T1-01", "08:21:00")
    assert (found.numerator, found.denominator, found.waiting) == (1, 2, 1)
    assert measured(connection, "T1-01", "08:11:30").denominator == 1
    assert measured(connection, "T1-01", "08:11:31").denominator == 2


def test_overdue_is_what_is_open_and_late_at_the_instant(connection: Connection) -> None:
    task = {"kind": "tracing", "created_at": "2024-05-01 08:00:00"}
    dues = ("2024-05-07 18:00:00", "09:00:00", "17:00:00", "2024-05-10 17:00:00")
    write(connection, "work_order", *(task | {"due_at": due} for due in dues))
    assert measured(connection, "T2-03", "10:00:00").numerator == 2


def test_standing_counts_the_codes_valid_now(connection: Connection) -> None:
    red = {"subject_kind": "village", "colour": "red", "valid_from": "2024-05-03 00:00:00"}
    write(
        connection,
        "risk_code",
        red | {"subject_id": "a"},
        red | {"subject_id": "b", "valid_to": "2024-05-07 12:00:00"},
    )
    assert measured(connection, "T8-03", "10:00:00").numerator == 1


def test_downgrade_follows_those_at_risk_when_the_period_began(connection: Connection) -> None:
    changes = [("red", "yellow")] * 2 + [("yellow", "green"), ("yellow", "red")] + [("red", "red")] * 6
    rows = []
    for number, (first, now) in enumerate(changes):
        subject = {"subject_kind": "person", "subject_id": f"p{number}"}
        changed = "2024-05-04 08:00:00"
        rows.append(subject | {"colour": first, "valid_from": "2024-04-20 00:00:00", "valid_to": changed})
        rows.append(subject | {"colour": now, "valid_from": changed})
    write(connection, "risk_code", *rows)
    found = measured(connection, "T8-01", "10:00:00")
    assert (found.numerator, found.denominator) == (3, 10)


@pytest.mark.parametrize(
    ("now", "base", "colour"),
    [(21, 20, Colour.YELLOW), (20, 20, Colour.BLUE), (23, 20, Colour.RED), (2, 0, Colour.YELLOW), (3, 0, Colour.RED)],
)
def test_change_is_judged_against_the_earlier_stretch(now: int, base: int, colour: Colour) -> None:
    task = SHIPPED.task("T1-06")
    assert task is not None
    cell = judge(task, Numbers(now, base=base), task.thresholds, at("13:00:00"), FeedState.FRESH)
    assert cell.colour is colour


@pytest.mark.parametrize(("shifts", "colour"), [(2, Colour.BLUE), (1, Colour.RED)])
def test_half_of_a_count_is_due_at_half_of_the_working_day(shifts: int, colour: Colour) -> None:
    task = SHIPPED.task("T3-02")
    assert task is not None
    assert judge(task, Numbers(shifts), task.thresholds, at("13:00:00"), FeedState.FRESH).colour is colour
