"""`refresh_mark`: how far each source was looked at, by which definitions, and which days are closed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select

from data_access.rollups.spans import Source
from data_access.tables import (
    dispatch_order,
    district,
    hotspot,
    hotspot_plan,
    incident,
    incident_party,
    refresh_mark,
    squadron,
    station,
    task_target,
)
from domain.task import Measure, Task

METHOD_VERSION = "2"
"""Raised when the way of computing changes, so that everything is computed anew."""

_PACKS_VERSION = "2"
"""Raised when the bytes of `incident_pack` change, so that incidents are computed anew."""

_ORDER_PACKS_VERSION = "1"
"""The same of `dispatch_pack`."""

CLOSED = "(closed)"
VERSION = "(version)"
_BESIDE = (district, squadron, station, task_target, hotspot, hotspot_plan)


@dataclass(frozen=True, slots=True)
class Mark:
    """`watermark`: time of the last complete look. `definition`: digest of what it was about."""

    watermark: datetime | None = None
    definition: str | None = None


def read_marks(connection: Connection) -> Mapping[str, Mark]:
    """All marks by name."""
    query = select(refresh_mark.c.source, refresh_mark.c.watermark, refresh_mark.c.definition)
    return {name: Mark(watermark, definition) for name, watermark, definition in connection.execute(query)}


def set_mark(connection: Connection, name: str, mark: Mark) -> None:
    """Write one mark."""
    values = {"watermark": mark.watermark, "definition": mark.definition}
    changed = connection.execute(refresh_mark.update().where(refresh_mark.c.source == name).values(**values))
    if not changed.rowcount:
        connection.execute(refresh_mark.insert().values(source=name, **values))


def definition_of(source: Source) -> str:
    """A digest of everything that decides how the source's rows are counted."""
    packs = {incident.name: _PACKS_VERSION, dispatch_order.name: _ORDER_PACKS_VERSION}
    own = [f"packs {packs[source.name]}"] if source.name in packs else []
    lines = [METHOD_VERSION, *own, *sorted(_told(task) for task in source.tasks)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _told(task: Task) -> str:
    parts = [f"{one.name}={_plain(getattr(task.measure, one.name))}" for one in fields(Measure)]
    return f"{task.code} {task.period} {' '.join(parts)}"


def _plain(value: object) -> object:
    return sorted(value.items()) if isinstance(value, Mapping) else value


def closed_through(connection: Connection) -> date | None:
    """The last day that the rollups treat as closed; None before the first refresh."""
    mark = read_marks(connection).get(CLOSED)
    return mark.watermark.date() if mark and mark.watermark else None


def newly_closed(marks: Mapping[str, Mark], today: date) -> tuple[date, ...]:
    """The days that ended since the last refresh; none at the very first one.

    At the first refresh every row is new, and its span leads to every day it speaks of.
    """
    mark = marks.get(CLOSED)
    if mark is None or mark.watermark is None:
        return ()
    known = mark.watermark.date()
    return tuple(known + timedelta(days=step) for step in range(1, (today - known).days))


def mark_closed(connection: Connection, marks: Mapping[str, Mark], today: date) -> None:
    """Days before `today` are closed from now on; a clock that is set back opens none again."""
    through = datetime.combine(today - timedelta(days=1), time.min)
    known = marks.get(CLOSED, Mark()).watermark
    if known is None or known < through:
        set_mark(connection, CLOSED, Mark(through))


def digest_beside(connection: Connection) -> str:
    """A digest of tables that the board shows but that are not rolled up: targets, stations, parties."""
    counted = [_newest(table, func.count()) for table in _BESIDE]
    told = [connection.execute(query).one() for query in (*counted, _newest(incident_party))]
    return hashlib.sha256(repr([tuple(map(str, row)) for row in told]).encode()).hexdigest()[:32]


def _newest(table: Table, *more: Any) -> Any:
    return select(func.max(table.c.updated_at), *more)
