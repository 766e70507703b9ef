"""A made-up city of any number of stations that fills every source of the default tasks.

Larger and duller than the demo district: the last forty days and the same stretch a year earlier,
every station alike but for chance. Same numbers in, same rows out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.bulk import bulk_insert
from data_access.engine import writing
from data_access.refresh import refresh
from data_access.state import raise_version
from domain.task import Catalogue

DAYS = 40
INCIDENTS_A_DAY = 18
STATIONS_A_DISTRICT = 20
SHARES = (("accident", 0.45), ("order", 0.45), ("other", 0.10))
SUBJECTS = (("person", 30), ("enterprise", 10), ("village", 8))
Row = tuple[Any, ...]


def fill(engine: Engine, stations: int, now: datetime, seed: int = 7) -> dict[str, int]:
    """Fill an empty database with tables; returns rows by table. Rollups are refreshed.

    Args:
        now: wall time. Rows reach to the end of its day, so that any instant of the day can be asked.
    """
    rules, rng = load_catalogue(), random.Random(seed)
    codes = [f"9901{number:08d}" for number in range(1, stations + 1)]
    with writing(engine) as connection:
        _organisation(connection, codes, now)
        counts = {name: _insert(connection, name, rows) for name, rows in _sources(codes, now, rng, rules)}
        _feeds(connection, rules, now)
        raise_version(connection, now)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    else:
        with writing(engine) as connection:
            connection.exec_driver_sql("ANALYZE")
    refresh(engine, rules, now, full=True)
    return counts


def _insert(connection: Connection, name: str, rows: Iterator[dict[str, Any]]) -> int:
    listed = list(rows)
    columns = list(listed[0])
    return bulk_insert(connection, t.metadata.tables[name], columns, (tuple(row.values()) for row in listed))


def _organisation(connection: Connection, codes: list[str], now: datetime) -> None:
    districts = sorted({_district(code) for code in codes})
    connection.execute(
        t.district.insert(), [{"code": d, "name": d, "name_en": d, "updated_at": now} for d in districts]
    )
    rows = [
        {
            "code": code,
            "district_code": _district(code),
            "name": f"Station {number}",
            "short_name": f"S{number}",
            "name_en": f"Station {number}",
            "fusion_mode": ("basic", "deep", "full")[number % 3],
            "region_type": ("urban", "fringe", "rural")[number % 3],
            "sort_no": number,
            "residents_10k": 10,
            "updated_at": now,
        }
        for number, code in enumerate(codes, 1)
    ]
    connection.execute(t.station.insert(), rows)


def _district(code: str) -> str:
    return f"99{int(code[4:]) // STATIONS_A_DISTRICT:02d}00000000"


def _sources(codes: list[str], now: datetime, rng: random.Random, rules: Catalogue) -> Iterator[tuple[str, Any]]:
    incidents = list(_incidents(codes, now, rng))
    yield "incident", iter(incidents)
    recent = [row for row in incidents if row["occurred_at"] > now - timedelta(days=DAYS + 2)]
    yield "dispatch_order", _dispatches(recent, rng)
    yield "work_order", _work_orders(recent, codes, now, rng)
    yield "work_record", _records(codes, now, rng, rules)
    yield "sample", _samples(codes, now, rng, rules)
    yield "risk_code", _risk_codes(codes, now, rng)


def _days(now: datetime, back: int = 0) -> list[datetime]:
    """Midnights of the last days, today's last; `back` days earlier."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)
    return [today - timedelta(days=n) for n in range(DAYS, -1, -1)]


def _incidents(codes: list[str], now: datetime, rng: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    for midnight in (*_days(now, 364), *_days(now)):
        for code in codes:
            for _ in range(rng.randrange(INCIDENTS_A_DAY - 6, INCIDENTS_A_DAY + 7)):
                number += 1
                yield _incident(number, code, midnight + timedelta(seconds=rng.randrange(86_400)), rng)


def _incident(number: int, station: str, at: datetime, rng: random.Random) -> dict[str, Any]:
    draw, kind = rng.random(), "other"
    for name, share in SHARES:
        if draw < share:
            kind = name
            break
        draw -= share
    closed = at + timedelta(minutes=rng.randrange(20, 900))
    return {
        "incident_id": f"I{number:09d}",
        "source": "bench",
        "station_code": station,
        "class_code": kind,
        "subclass": rng.choice(("congestion", "parking", "noise")) if kind == "order" else "other",
        "is_valid": int(rng.random() < 0.97),
        "repeat_of": f"I{number - 1:09d}" if rng.random() < 0.005 else None,
        "occurred_at": at,
        "reported_at": at,
        "closed_at": closed,
        "traced_at": closed + timedelta(minutes=5) if kind == "accident" and rng.random() < 0.97 else None,
        "lng": 120 + rng.random() / 2,
        "lat": 30 + rng.random() / 2,
        "injuries": int(rng.random() < 0.1),
        "updated_at": at,
    }


def _dispatches(incidents: list[dict[str, Any]], rng: random.Random) -> Iterator[dict[str, Any]]:
    for incident in incidents:
        for unit in ("station", "squadron")[: 2 if incident["injuries"] else 1]:
            at = incident["reported_at"] + timedelta(seconds=rng.randrange(10, 60))
            yield {
                "order_id": f"P{incident['incident_id']}{unit[:2]}",
                "source": "bench",
                "incident_id": incident["incident_id"],
                "station_code": incident["station_code"],
                "unit_kind": unit,
                "unit_code": incident["station_code"],
                "class_code": incident["class_code"],
                "is_valid": incident["is_valid"],
                "assigned_at": at,
                "signed_at": at + timedelta(seconds=rng.choice((30, 40, 60, 80, 80, 80, 85, 200))),
                "arrived_at": at + timedelta(seconds=rng.randrange(120, 600)),
                "first_feedback_at": at + timedelta(minutes=rng.randrange(20, 310)),
                "closed_at": at + timedelta(minutes=rng.randrange(30, 1300)),
                "updated_at": at,
            }


def _work_orders(
    incidents: list[dict[str, Any]], codes: list[str], now: datetime, rng: random.Random
) -> Iterator[dict[str, Any]]:
    number = 0
    for incident in incidents:
        if incident["class_code"] == "accident":
            number += 1
            yield _work_order(number, "tracing", incident["station_code"], incident["closed_at"], rng)
    for midnight in _days(now):
        for code in codes:
            for kind, chance in (("hazard", 1.5), ("supervision", 0.4)):
                for _ in range(int(chance + rng.random())):
                    number += 1
                    yield _work_order(number, kind, code, midnight + timedelta(hours=rng.randrange(8, 18)), rng)


def _work_order(number: int, kind: str, station: str, at: datetime, rng: random.Random) -> dict[str, Any]:
    done = rng.random() < 0.97
    return {
        "order_id": f"W{number:09d}",
        "source": "bench",
        "kind": kind,
        "station_code": station,
        "owner_kind": "station",
        "title": kind,
        "created_at": at,
        "due_at": at + timedelta(days=3 if kind == "tracing" else 15),
        "signed_at": at + timedelta(hours=rng.randrange(1, 5)),
        "surveyed_at": at + timedelta(hours=rng.randrange(2, 25)) if kind == "supervision" else None,
        "planned_at": at + timedelta(hours=rng.randrange(20, 50)) if kind == "supervision" else None,
        "closed_at": at + timedelta(hours=rng.randrange(10, 76)) if done else None,
        "status": "closed" if done else "open",
        "is_listed": 0,
        "updated_at": at,
    }


def _kinds(rules: Catalogue, source: str) -> list[str]:
    return sorted({str(task.measure.where["kind"]) for task in rules.active if task.measure.source == source})


def _records(codes: list[str], now: datetime, rng: random.Random, rules: Catalogue) -> Iterator[dict[str, Any]]:
    number = 0
    for midnight in _days(now):
        for code in codes:
            for kind in _kinds(rules, "work_record"):
                for _ in range(rng.randrange(0, 5)):
                    number += 1
                    at = midnight + timedelta(minutes=rng.randrange(420, 1320))
                    many = rng.randrange(60, 200) if kind == "publicity" else rng.randrange(4, 40)
                    yield {
                        "record_id": f"R{number:09d}",
                        "source": "bench",
                        "kind": kind,
                        "station_code": code,
                        "at": at,
                        "quantity": many,
                        "has_evidence": 1,
                        "updated_at": at,
                    }


def _samples(codes: list[str], now: datetime, rng: random.Random, rules: Catalogue) -> Iterator[dict[str, Any]]:
    number = 0
    for midnight in _days(now):
        for code in codes:
            for kind in _kinds(rules, "sample"):
                for hour in (7, 8, 17) if kind in ("helmet", "peak_presence", "key_slot") else (6,):
                    number += 1
                    many = rng.randrange(15, 60)
                    yield {
                        "sample_id": f"M{number:09d}",
                        "source": "bench",
                        "kind": kind,
                        "station_code": code,
                        "at": midnight + timedelta(hours=hour),
                        "numerator": many - rng.choice((0, 0, 0, 1, 1, 2, 6)),
                        "denominator": many,
                        "updated_at": midnight + timedelta(hours=hour),
                    }


def _risk_codes(codes: list[str], now: datetime, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Subjects that were yellow or red when the month began, some of them lower since."""
    number, month = 0, now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for code in codes:
        for subject, many in SUBJECTS:
            for _ in range(many):
                number += 1
                changed = month + timedelta(hours=rng.randrange(24)) if rng.random() < 0.3 else None
                first = rng.choice(("yellow", "yellow", "red" if subject != "village" else "yellow"))
                yield _risk_code(
                    f"C{number:09d}a", number, (subject, code, first), (month - timedelta(days=90), changed)
                )
                if changed:
                    yield _risk_code(f"C{number:09d}b", number, (subject, code, "green"), (changed, None))


def _risk_code(
    code_id: str, number: int, what: tuple[str, str, str], span: tuple[datetime, datetime | None]
) -> dict[str, Any]:
    subject, station, colour = what
    return {
        "code_id": code_id,
        "source": "bench",
        "subject_kind": subject,
        "subject_id": f"{subject}{number}",
        "station_code": station,
        "colour": colour,
        "valid_from": span[0],
        "valid_to": span[1],
        "updated_at": span[0],
    }


def _feeds(connection: Connection, rules: Catalogue, now: datetime) -> None:
    rows = [
        {
            "code": code,
            "expected_seconds": 86_400,
            "first_row_at": now - timedelta(days=500),
            "last_row_at": now,
            "complete_to": now,
            "last_load_at": now,
            "origin": "bench",
            "updated_at": now,
        }
        for code in sorted({task.feed for task in rules.tasks})
    ]
    connection.execute(t.feed.insert(), rows)
