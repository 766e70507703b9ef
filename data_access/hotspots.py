"""Writing hot-spot records: each deed is one transaction with exactly one entry in the audit log."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.readers.hotspots import SUBJECT, one
from data_access.scope import within
from data_access.state import raise_version
from data_access.tables import hotspot, hotspot_measure, hotspot_plan, station
from domain.access import Scope
from domain.errors import NotFound, Refused
from domain.hotspot_record import OPEN, Facts, Plan, Record, Step, apply, facts_reason

_TOLD = 160  # characters of one value in the audit log; longer ones are told by their beginning and digest


@dataclass(frozen=True, slots=True)
class Opening:
    """A new record: what it is, who opens it, and the finding behind it (`origin` "manual" without one)."""

    facts: Facts
    actor: str
    origin: str = "manual"
    window_days: int | None = None
    window_count: int | None = None


def open_record(engine: Engine, opening: Opening, at: datetime, scope: Scope) -> str:
    """Write a new record; returns its identifier.

    Raises:
        Refused: the facts cannot stand, or nobody says who opens it.
        NotFound: the station is not in the scope.
    """
    reason = facts_reason(opening.facts) if opening.actor.strip() else "actor"
    if reason:
        raise Refused(f"hotspot.refused.{reason}")
    made = Record(
        hotspot_id=f"H{at:%Y%m%d}-{uuid.uuid4().hex[:10]}",
        facts=opening.facts,
        status=OPEN,
        opened_at=at,
        origin=opening.origin,
        window_days=opening.window_days,
        window_count=opening.window_count,
    )
    with writing(engine) as connection:
        _station_is_ours(connection, opening.facts.station, scope)
        connection.execute(hotspot.insert().values(hotspot_id=made.hotspot_id, **_row(made), updated_at=at))
        _log(connection, _deed(made.hotspot_id, "open", opening.actor, _told(made)), at)
    return made.hotspot_id


def change(engine: Engine, hotspot_id: str, step: Step, seen: str, scope: Scope) -> Record:
    """Do one step; returns the record after it.

    Args:
        seen: the `stamp` of the record that the step was decided on. A measure only adds; it needs none.

    Raises:
        NotFound: no such record in the scope, or its new station is not.
        Refused: a rule forbids it (`hotspot.refused.…`), or somebody else wrote the record since it was
            seen (`hotspot.error.conflict`).
    """
    with writing(engine) as connection:
        before = one(connection, hotspot_id, scope, lock=True)
        if step.entry is None and before.stamp != seen:
            raise Refused("hotspot.error.conflict")
        after = apply(before, step)
        if after.facts.station != before.facts.station:
            _station_is_ours(connection, after.facts.station, scope)
        told = _write(connection, before, after, step)
        _log(connection, _deed(hotspot_id, step.action, step.actor, told), step.at)
    return after


def _log(connection: Connection, deed: Deed, at: datetime) -> None:
    raise_version(connection, at)  # before the entry: this row makes the writers of the log wait for each other
    append(connection, deed, at)


def _station_is_ours(connection: Connection, code: str, scope: Scope) -> None:
    if not code and scope.everything:
        return
    query = select(station.c.code).where(station.c.code == code, within(scope, station.c.code))
    if connection.execute(query).first() is None:
        raise NotFound("error.station_unknown", code=code[:20])


def _write(connection: Connection, before: Record, after: Record, step: Step) -> Mapping[str, tuple[str, str]]:
    key = after.hotspot_id
    if step.entry is not None:
        entry = step.entry
        measure_id = f"{key[:40]}-{uuid.uuid4().hex[:12]}"
        values = {"measure_id": measure_id, "hotspot_id": key, "at": entry.at, "measure": entry.text}
        connection.execute(hotspot_measure.insert().values(**values, author=entry.author, updated_at=step.at))
        return {"measure": ("", _short(f"{entry.at.isoformat(sep=' ')} {entry.text}"))}
    changed = hotspot.update().where(hotspot.c.hotspot_id == key)
    connection.execute(changed.values(**_row(after), updated_at=step.at))
    if after.plan is not None and after.plan != before.plan:
        _write_plan(connection, key, after.plan, step.at)
    old, new = _told(before), _told(after)
    found = {name: (old[name][1], new[name][1]) for name in new if old[name] != new[name]}
    return found | ({"check": ("", _check(step))} if step.check else {})


def _write_plan(connection: Connection, key: str, plan: Plan, at: datetime) -> None:
    values: dict[str, Any] = {"plan": plan.text, "leader_name": plan.leader}
    values |= {"planned_at": plan.planned_at, "due_at": plan.due_at, "updated_at": at}
    if connection.execute(hotspot_plan.update().where(hotspot_plan.c.hotspot_id == key).values(**values)).rowcount:
        return
    connection.execute(hotspot_plan.insert().values(hotspot_id=key, **values))


def _row(record: Record) -> dict[str, Any]:
    facts = record.facts
    return {
        "station_code": facts.station or None,
        "kind": facts.kind,
        "name": facts.name,
        "lng": facts.lng,
        "lat": facts.lat,
        "radius_m": facts.radius_m,
        "class_code": facts.class_code or None,
        "status": record.status,
        "opened_at": record.opened_at,
        "treated_at": record.treated_at,
        "closed_at": record.closed_at,
        "leader_name": record.leader or None,
        "origin": record.origin or None,
        "window_days": record.window_days,
        "window_count": record.window_count,
        "ended_reason": record.ended_reason or None,
    }


def _told(record: Record) -> dict[str, tuple[str, str]]:
    """Every field as the audit log tells it."""
    plan = record.plan or Plan()
    planned = {"plan": plan.text, "plan_leader": plan.leader, "planned_at": plan.planned_at, "due_at": plan.due_at}
    return {name: ("", _short(_text(value))) for name, value in {**_row(record), **planned}.items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat(sep=" ", timespec="seconds") if isinstance(value, datetime) else str(value)


def _short(text: str) -> str:
    if len(text) <= _TOLD:
        return text
    return f"{text[: _TOLD - 24]}… [{hashlib.sha256(text.encode()).hexdigest()[:16]}]"


def _check(step: Step) -> str:
    check = step.check
    return f"{check.before} > {check.after}, {check.days} d" if check else ""


def _deed(key: str, action: str, actor: str, told: Mapping[str, tuple[str, str]]) -> Deed:
    """The entry. Fields that did not change are left out, so it fits the log's 2000 characters."""
    kept = {name: list(pair) for name, pair in told.items() if pair != ("", "")}
    detail = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    while len(detail) > 1990:
        longest = max(kept, key=lambda name: len("".join(kept[name])))
        kept[longest] = ["…", "…"]
        detail = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return Deed(actor, action, f"{SUBJECT}{key}", detail)
