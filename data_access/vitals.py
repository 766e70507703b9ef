"""Signs of life for whoever watches the program: versions, heartbeat, displays. No row of any station, so no scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from data_access.tables import data_version, display_token

BOARD = "board"


@dataclass(frozen=True, slots=True)
class Vitals:
    """The data version and when it last rose, the worker's last round, displays that are in use and were seen."""

    version: int
    changed_at: datetime | None
    beat_at: datetime | None
    displays: int
    displays_seen: int


def vitals(connection: Connection, now: datetime, *, heartbeat: str, seen_within: timedelta) -> Vitals:
    """What the database knows about the program that fills it.

    Args:
        heartbeat: the worker's name in `data_version`.
        seen_within: a display counts as seen when it asked within that time.
    """
    query = select(data_version.c.name, data_version.c.version, data_version.c.changed_at)
    found = {name: (version, at) for name, version, at in connection.execute(query)}
    version, changed_at = found.get(BOARD, (0, None))
    _, beat_at = found.get(heartbeat, (0, None))
    active = select(func.count()).select_from(display_token).where(display_token.c.is_active == 1)
    displays = int(connection.execute(active).scalar() or 0)
    seen = active.where(display_token.c.last_seen_at >= now - seen_within)
    return Vitals(int(version), changed_at, beat_at, displays, int(connection.execute(seen).scalar() or 0))
