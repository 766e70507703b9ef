"""Is the program ready to answer: database, structure, worker. Asked by `/-/ready` and `manage.py doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access import migrate
from data_access.vitals import vitals
from services.worker import HEARTBEAT

DISPLAY_SEEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `state`: a code whose sentence is `ready.<name>.<state>`; `facts` fill it."""

    name: str
    ok: bool
    state: str
    facts: dict[str, object]


def checks(engine: Engine, now: datetime, *, worker_late: timedelta) -> Iterator[Check]:
    """Database, structure and worker, in this order; what cannot be looked at without a database is left out.

    Args:
        now: wall time.
        worker_late: a worker not heard of for so long stands still. One that never ran is no fault:
            where data come by import only there is none.
    """
    try:
        at = migrate.current(engine)
    except SQLAlchemyError as error:
        yield Check("database", False, "silent", {"kind": type(error).__name__})
        return
    yield Check("database", True, "well", {})
    newest = migrate.newest()
    facts: dict[str, object] = {"at": at or "-", "newest": newest}
    yield Check("structure", at == newest, "well" if at == newest else "behind", facts)
    try:
        yield worker_check(engine, now, worker_late)
    except SQLAlchemyError as error:
        yield Check("worker", False, "unknown", {"kind": type(error).__name__})


def worker_check(engine: Engine, now: datetime, worker_late: timedelta) -> Check:
    """When the worker last finished a round."""
    with engine.connect() as connection:
        beat = vitals(connection, now, heartbeat=HEARTBEAT, seen_within=DISPLAY_SEEN).beat_at
    if beat is None:
        return Check("worker", True, "never", {})
    age = now - beat
    facts: dict[str, object] = {"seconds": int(age.total_seconds()), "limit": int(worker_late.total_seconds())}
    return Check("worker", age <= worker_late, "well" if age <= worker_late else "still", facts)
