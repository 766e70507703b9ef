"""Rows for tests: a test states only what matters, the rest is plausible.

Each function inserts one row and returns it: `make_order(engine, "S1", signed_at=None)`. The first
argument is an `Engine` (its own transaction) or a `Connection` (the test's).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, Table

from data_access import tables as t
from data_access.engine import writing

NOW = datetime(2024, 5, 7, 13)
_numbers = count(1)
Row = dict[str, Any]


def add(where: Engine | Connection, table: Table, **row: Any) -> Row:
    """Insert one row as it is and return it."""
    if isinstance(where, Engine):
        with writing(where) as connection:
            connection.execute(table.insert().values(**row))
    else:
        where.execute(table.insert().values(**row))
    return row


def _key(prefix: str) -> str:
    return f"{prefix}{next(_numbers):07d}"


def make_district(where: Engine | Connection, code: str = "D1", **given: Any) -> Row:
    """A district; its name is its code."""
    return add(where, t.district, **{"code": code, "name": code, "name_en": code, "updated_at": NOW, **given})


def make_station(where: Engine | Connection, code: str = "S1", **given: Any) -> Row:
    """An active rural station of district D1 in deep fusion."""
    row: Row = {
        "code": code,
        "district_code": "D1",
        "name": code,
        "short_name": code,
        "name_en": code,
        "region_type": "rural",
        "fusion_mode": "deep",
        "sort_no": 0,
        "residents_10k": 10,
        "updated_at": NOW,
    }
    return add(where, t.station, **{**row, **given})


def make_incident(where: Engine | Connection, station: str = "S1", at: datetime = NOW, **given: Any) -> Row:
    """A valid accident of no consequence, reported when it happened."""
    row: Row = {
        "incident_id": _key("I"),
        "station_code": station,
        "class_code": "accident",
        "subclass": "other",
        "is_valid": 1,
        "occurred_at": at,
        "reported_at": at,
        "deaths": 0,
        "injuries": 0,
        "serious_injuries": 0,
        "updated_at": at,
    }
    return add(where, t.incident, **{**row, **given})


def make_party(where: Engine | Connection, incident_id: str, party_no: str = "1", **given: Any) -> Row:
    """A person in an accident of whom nothing is known."""
    row: Row = {"incident_id": incident_id, "party_no": party_no, "is_dead": 0, "updated_at": NOW}
    return add(where, t.incident_party, **{**row, **given})


def make_order(where: Engine | Connection, station: str = "S1", at: datetime = NOW, **given: Any) -> Row:
    """A dispatch order to a station for an accident, signed after 30 s and closed after an hour."""
    row: Row = {
        "order_id": _key("P"),
        "station_code": station,
        "unit_kind": "station",
        "unit_code": station,
        "class_code": "accident",
        "is_valid": 1,
        "assigned_at": at,
        "signed_at": at + timedelta(seconds=30),
        "arrived_at": at + timedelta(minutes=4),
        "first_feedback_at": at + timedelta(minutes=30),
        "closed_at": at + timedelta(hours=1),
        "updated_at": at,
    }
    return add(where, t.dispatch_order, **{**row, **given})


def make_work_order(where: Engine | Connection, station: str = "S1", at: datetime = NOW, **given: Any) -> Row:
    """An open tracing order that is due in three days."""
    row: Row = {
        "order_id": _key("W"),
        "kind": "tracing",
        "station_code": station,
        "owner_kind": "station",
        "title": "tracing",
        "created_at": at,
        "due_at": at + timedelta(days=3),
        "status": "open",
        "is_listed": 0,
        "updated_at": at,
    }
    return add(where, t.work_order, **{**row, **given})


def make_record(where: Engine | Connection, station: str = "S1", at: datetime = NOW, **given: Any) -> Row:
    """A publicity session with evidence."""
    row: Row = {
        "record_id": _key("R"),
        "kind": "publicity",
        "station_code": station,
        "at": at,
        "quantity": 1,
        "has_evidence": 1,
        "updated_at": at,
    }
    return add(where, t.work_record, **{**row, **given})


def make_sample(where: Engine | Connection, station: str = "S1", at: datetime = NOW, **given: Any) -> Row:
    """A helmet observation: 45 of 50."""
    row: Row = {
        "sample_id": _key("M"),
        "kind": "helmet",
        "station_code": station,
        "at": at,
        "numerator": 45,
        "denominator": 50,
        "updated_at": at,
    }
    return add(where, t.sample, **{**row, **given})


def make_risk_code(where: Engine | Connection, station: str = "S1", since: datetime = NOW, **given: Any) -> Row:
    """A person at red from `since` on."""
    row: Row = {
        "code_id": _key("C"),
        "subject_kind": "person",
        "subject_id": _key("person"),
        "station_code": station,
        "colour": "red",
        "valid_from": since,
        "updated_at": since,
    }
    return add(where, t.risk_code, **{**row, **given})


def make_target(where: Engine | Connection, station: str, task: str, blue: float, yellow: float, **given: Any) -> Row:
    """A station's own thresholds, in force since 2000."""
    row: Row = {
        "station_code": station,
        "task_code": task,
        "valid_from": datetime(2000, 1, 1).date(),
        "blue": blue,
        "yellow": yellow,
        "updated_at": NOW,
    }
    return add(where, t.task_target, **{**row, **given})


def make_feed(where: Engine | Connection, code: str = "dispatch", at: datetime = NOW, **given: Any) -> Row:
    """A source that is alive at `at` and should give a sign of life every hour."""
    row: Row = {
        "code": code,
        "expected_seconds": 3600,
        "first_row_at": at - timedelta(days=400),
        "last_row_at": at,
        "complete_to": at,
        "last_load_at": at,
        "updated_at": at,
    }
    return add(where, t.feed, **{**row, **given})
