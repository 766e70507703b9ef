"""Writing alerts: what a look changes, and acknowledgements with exactly one entry in the audit log each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.readers.alerts import one
from data_access.state import raise_version
from data_access.tables import alert
from domain.access import Scope
from domain.alerts import Alert, Step, acknowledged

SUBJECT = "alert:"
"""What `audit_entry.subject` begins with for an alert; its identifier follows."""


def write_step(engine: Engine, make: Callable[[Connection], Step], now: datetime) -> Step:
    """Write what `make` finds, in one transaction that raises the data version; returns what was written.

    Args:
        make: decides inside the transaction, after whoever wrote before has finished.
    """
    with writing(engine) as connection:
        raise_version(connection, now)  # first: this row makes the writers of alerts wait for each other
        step = make(connection)
        for one_alert in step.opened:
            connection.execute(alert.insert().values(**_row(one_alert), updated_at=now))
        for one_alert in step.changed:
            row = _row(one_alert)
            key = row.pop("alert_id")
            connection.execute(alert.update().where(alert.c.alert_id == key).values(**row, updated_at=now))
    return step


def acknowledge(engine: Engine, alert_id: str, told: tuple[str, str], at: datetime, scope: Scope) -> Alert:
    """Write an acknowledgement; returns the alert after it.

    Args:
        told: name and note.

    Raises:
        NotFound: no such alert in the scope.
        Refused: name or note is missing or too long, or somebody was quicker.
    """
    with writing(engine) as connection:
        raise_version(connection, at)
        after = acknowledged(one(connection, alert_id, scope, lock=True), *told, at)
        changed = alert.update().where(alert.c.alert_id == alert_id)
        connection.execute(changed.values(**_row(after), updated_at=at))
        detail = json.dumps({"note": ["", after.ack_note]}, ensure_ascii=False, separators=(",", ":"))
        append(connection, Deed(after.acked_by, "acknowledge", f"{SUBJECT}{alert_id}", detail), at)
    return after


def _row(made: Alert) -> dict[str, object]:
    return {
        "alert_id": made.alert_id,
        "kind": made.kind.value,
        "station_code": made.station,
        "task_code": made.task,
        "incident_id": made.incident_id,
        "began_at": made.began_at,
        "ended_at": made.ended_at,
        "value": made.value,
        "target": made.target,
        "deaths": made.deaths,
        "injuries": made.injuries,
        "acked_at": made.acked_at,
        "acked_by": made.acked_by or None,
        "ack_note": made.ack_note or None,
    }
