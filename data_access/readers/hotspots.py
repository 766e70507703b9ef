"""Hot-spot records as they are, whoever wrote them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from data_access.scope import within
from data_access.tables import audit_entry, hotspot, hotspot_measure, hotspot_plan
from domain.access import Scope
from domain.errors import NotFound
from domain.hotspot_record import Event, Facts, MeasureEntry, Plan, Record
from domain.hotspot_views import Dossier

SUBJECT = "hotspot:"
"""What `audit_entry.subject` begins with for a hot-spot record; its identifier follows."""
MOST_RECORDS, MOST_EVENTS = 2000, 500
_PLAN = ("plan", "leader_name", "planned_at", "due_at", "updated_at")


def records(connection: Connection, scope: Scope) -> tuple[tuple[Record, int], ...]:
    """The records `scope` may see with the number of their measures, the last opened first.

    A record without a station is seen by viewers of everything only.
    """
    counted = select(hotspot_measure.c.hotspot_id, func.count().label("n")).group_by(hotspot_measure.c.hotspot_id)
    found = {str(key): int(n) for key, n in connection.execute(counted)}
    query = _query(scope).order_by(hotspot.c.opened_at.desc(), hotspot.c.hotspot_id).limit(MOST_RECORDS)
    made = (_record(row) for row in connection.execute(query).mappings())
    return tuple((record, found.get(record.hotspot_id, 0)) for record in made)


def record(connection: Connection, hotspot_id: str, scope: Scope) -> Dossier:
    """One record with plan, measures and history.

    Raises:
        NotFound: no such record in the scope.
    """
    found = one(connection, hotspot_id, scope)
    entry = hotspot_measure.c
    measured = (
        select(entry.measure_id, entry.at, entry.measure, entry.author)
        .where(entry.hotspot_id == found.hotspot_id)
        .order_by(entry.at.desc(), entry.measure_id.desc())
    )
    measures = tuple(
        MeasureEntry(key, at, text or "", who or "") for key, at, text, who in connection.execute(measured)
    )
    return Dossier(found, measures, _history(connection, found.hotspot_id))


def one(connection: Connection, hotspot_id: str, scope: Scope, *, lock: bool = False) -> Record:
    """The record with its plan alone.

    Args:
        lock: nobody else writes it before the transaction ends.

    Raises:
        NotFound: no such record in the scope.
    """
    if lock:
        connection.execute(select(hotspot.c.hotspot_id).where(hotspot.c.hotspot_id == hotspot_id).with_for_update())
    row = connection.execute(_query(scope).where(hotspot.c.hotspot_id == hotspot_id)).mappings().first()
    if row is None:
        raise NotFound("hotspot.error.unknown", id=hotspot_id[:64])
    return _record(row)


def _query(scope: Scope) -> Select[Any]:
    planned = [hotspot_plan.c[name].label(f"p_{name}") for name in _PLAN]
    has = hotspot_plan.c.hotspot_id.label("p_id")
    joined = hotspot.outerjoin(hotspot_plan, hotspot_plan.c.hotspot_id == hotspot.c.hotspot_id)
    return select(hotspot, has, *planned).select_from(joined).where(within(scope, hotspot.c.station_code))


def _record(row: RowMapping) -> Record:
    return Record(
        hotspot_id=row["hotspot_id"],
        facts=_facts(row),
        status=row["status"] or "",
        opened_at=row["opened_at"],
        treated_at=row["treated_at"],
        closed_at=row["closed_at"],
        leader=row["leader_name"] or "",
        plan=_plan(row) if row["p_id"] is not None else None,
        origin=row["origin"] or "",
        window_days=row["window_days"],
        window_count=row["window_count"],
        ended_reason=row["ended_reason"] or "",
        updated_at=row["updated_at"],
        stamp=hashlib.sha256(repr(sorted((k, str(v)) for k, v in row.items())).encode()).hexdigest()[:24],
    )


def _facts(row: RowMapping) -> Facts:
    return Facts(
        kind=row["kind"] or "",
        name=row["name"] or "",
        lng=row["lng"],
        lat=row["lat"],
        radius_m=float(row["radius_m"] or 0) or 100.0,
        station=row["station_code"] or "",
        class_code=row["class_code"] or "",
    )


def _plan(row: RowMapping) -> Plan:
    return Plan((row["p_plan"] or "").strip(), row["p_leader_name"] or "", row["p_planned_at"], row["p_due_at"])


def _history(connection: Connection, hotspot_id: str) -> tuple[Event, ...]:
    entry = audit_entry.c
    query = (
        select(entry.at, entry.actor, entry.action, entry.detail)
        .where(entry.subject == f"{SUBJECT}{hotspot_id}")
        .order_by(entry.at.desc(), entry.entry_id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(
        Event(at, actor or "", action or "", _changes(text)) for at, actor, action, text in connection.execute(query)
    )


def _changes(text: str | None) -> dict[str, tuple[str, str]]:
    """What an entry says was changed; nothing when somebody else wrote it in another form."""
    try:
        read = json.loads(text or "{}")
        return {str(name): (str(before), str(after)) for name, (before, after) in read.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
