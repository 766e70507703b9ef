"""Writing the frozen day: `board_day` is written once and never altered by later data.

Reading is in `data_access.readers.history`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from data_access import audit
from data_access.bulk import bulk_insert
from data_access.tables import board_day

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
    audit.append(
        connection, audit.Deed(actor, "freeze_again", day.isoformat(), f"replaced {count} rows, digest {digest}"), now
    )


def _digest(connection: Connection, day: date) -> tuple[str, int]:
    query = select(board_day).where(board_day.c.day == day).order_by(board_day.c.station_code, board_day.c.subject)
    rows = connection.execute(query).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest(), len(rows)
