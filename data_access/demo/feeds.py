"""The demo's sources: how often each should speak, and what its newest row is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from data_access import tables
from data_access.tables import feed

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Source:
    """One feed: its table, filters (column -> value; None: any filled value), time column, expected seconds."""

    table: str
    where: Mapping[str, str | None]
    at: str
    expected: int
    live: bool = True
    note: tuple[str, ...] = field(default=())


def _incidents(**where: str | None) -> Source:
    return Source("incident", where, "occurred_at", 600)


def _orders(kind: str, expected: int = HOUR) -> Source:
    return Source("work_order", {"kind": kind}, "created_at", expected)


def _records(kind: str) -> Source:
    return Source("work_record", {"kind": kind}, "at", HOUR)


def _samples(kind: str, expected: int = HOUR) -> Source:
    return Source("sample", {"kind": kind}, "at", expected)


FEEDS: Mapping[str, Source] = {
    "dispatch": Source("dispatch_order", {}, "assigned_at", 600),
    "incident_traffic": _incidents(),
    "incident_accident": _incidents(class_code="accident"),
    "incident_order": _incidents(class_code="order"),
    "incident_repeat": _incidents(repeat_of=None),
    "duty": _samples("key_slot"),
    "callback": _orders("callback"),
    "tracing": _orders("tracing"),
    "publicity": _records("publicity"),
    "dissuasion": _records("dissuasion"),
    "post": _samples("post_running"),
    "helmet": _samples("helmet"),
    "enforcement": _records("violation"),
    "vehicle": _samples("vehicle_inspection", DAY),
    "enterprise": _samples("enterprise_visit", DAY),
    "hazard": _orders("hazard"),
    "supervision": _orders("supervision"),
    "risk_code": Source("risk_code", {}, "valid_from", DAY),
    "terminal": Source("sample", {"kind": "terminal_login"}, "at", HOUR, live=False, note=("terminal_note",)),
}
"""Every feed a task of the catalogue names. All vouch to be complete up to now, but for the terminal's log."""


def _edge(connection: Connection, source: Source, newest: bool) -> datetime | None:
    table = tables.SOURCES[source.table]
    moment: Any = table.c[source.at]
    query = select(moment).where(table.c.source == "demo")
    for name, value in source.where.items():
        query = query.where(table.c[name].is_not(None) if value is None else table.c[name] == value)
    return connection.execute(query.order_by(moment.desc() if newest else moment).limit(1)).scalar()


def write_feeds(connection: Connection, now: datetime, words: dict[str, str]) -> None:
    """All feeds as they stand after loading at `now`."""
    for code, source in FEEDS.items():
        newest = _edge(connection, source, newest=True)
        connection.execute(
            feed.insert().values(
                code=code,
                expected_seconds=source.expected,
                first_row_at=_edge(connection, source, newest=False),
                last_row_at=newest,
                complete_to=now if source.live else None,
                last_load_at=now,
                origin=words["origin"],
                note=words[source.note[0]] if source.note else None,
                updated_at=now,
            )
        )


def move_feeds(connection: Connection, now: datetime) -> None:
    """Newest rows and signs of life after a live step to `now`."""
    for code, source in FEEDS.items():
        moved = feed.update().where(feed.c.code == code)
        connection.execute(
            moved.values(
                last_row_at=_edge(connection, source, newest=True),
                complete_to=now if source.live else None,
                last_load_at=now,
                updated_at=now,
            )
        )
