"""Writing the frozen day: `board_day` is written once and never altered by later data.

Reading is in `data_access.readers.history`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from data_access.bulk import bulk_insert
from data_access.tables import audit_entry, board_day

STATION, THEME, TASK = "station", "theme", "task"


def is_frozen(connection: Connection, day: date) -> bool:
    """The day was frozen."""
    return connection.execute(select(board_day.c.day).where(board_day.c.day == day).limit(1)).first() is not None


def last_frozen(connection: Connection) -> date | None:
    """The newest frozen day; None when there is none."""
    found: date | None = connection.execute(select(func.max(board_day.c.day))).scalar()
    return found


def write_day(connection: Connection, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows of a day; returns how many.

    Raises:
        sqlalchemy.exc.IntegrityError: the day was frozen already.
    """
    return bulk_insert(connection, board_day, columns, rows)


def remove_day(connection: Connection, day: date, now: datetime, actor: str) -> None:
    """Make room for freezing a day again; the audit log says who ordered it and what stood there."""
    digest, count = _digest(connection, day)
    connection.execute(delete(board_day).where(board_day.c.day == day))
    _note(connection, at=now, actor=actor, subject=day.isoformat(), detail=f"replaced {count} rows, digest {digest}")


def _digest(connection: Connection, day: date) -> tuple[str, int]:
    query = select(board_day).where(board_day.c.day == day).order_by(board_day.c.station_code, board_day.c.subject)
    rows = connection.execute(query).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest(), len(rows)


def _note(connection: Connection, *, at: datetime, actor: str, subject: str, detail: str) -> None:
    newest = select(audit_entry.c.entry_hash).order_by(audit_entry.c.at.desc(), audit_entry.c.entry_id.desc())
    previous = connection.execute(newest.limit(1)).scalar() or ""
    told = "|".join((previous, at.isoformat(), actor, "freeze_again", subject, detail))
    connection.execute(
        audit_entry.insert().values(
            entry_id=uuid.uuid4().hex,
            at=at,
            actor=actor,
            action="freeze_again",
            subject=subject,
            detail=detail,
            previous_hash=previous,
            entry_hash=hashlib.sha256(told.encode()).hexdigest(),
        )
    )
