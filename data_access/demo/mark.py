"""The marks by which a database is known to hold the demo: when it was loaded, with which seed, up to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, select

from data_access.tables import data_version

LOADED, SEED, FIRST, UNTIL = NAMES = ("demo", "demo_seed", "demo_first", "demo_until")


@dataclass(frozen=True)
class Mark:
    """What was loaded: the moment of loading, the seed, the first day, the instant up to which rows are known."""

    loaded_at: datetime
    seed: int
    first: date
    until: datetime


def read_mark(connection: Connection) -> Mark | None:
    """The mark, or None where no demo is loaded."""
    query = select(data_version).where(data_version.c.name.in_(NAMES))
    rows = {row.name: row for row in connection.execute(query)}
    if len(rows) < len(NAMES):
        return None
    first = rows[FIRST].changed_at.date()
    return Mark(rows[LOADED].changed_at, int(rows[SEED].version), first, rows[UNTIL].changed_at)


def write_mark(connection: Connection, mark: Mark) -> None:
    """Set the mark anew."""
    remove_mark(connection)
    marks = (
        {"name": LOADED, "version": 1, "changed_at": mark.loaded_at},
        {"name": SEED, "version": mark.seed, "changed_at": mark.loaded_at},
        {"name": FIRST, "version": 1, "changed_at": datetime.combine(mark.first, time.min)},
        {"name": UNTIL, "version": 1, "changed_at": mark.until},
    )
    connection.execute(data_version.insert(), list(marks))


def move_mark(connection: Connection, until: datetime) -> None:
    """Rows are known up to `until` now."""
    connection.execute(data_version.update().where(data_version.c.name == UNTIL).values(changed_at=until))


def remove_mark(connection: Connection) -> None:
    """Forget that there was a demo."""
    connection.execute(data_version.delete().where(data_version.c.name.in_(NAMES)))
