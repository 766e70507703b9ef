"""What is known about the data as a whole: version, demo mark, sources. No row of any station, so no scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.tables import data_version, feed, task_target
from domain.task import Thresholds

_MONTH = "month:"
EVERY_MONTH = ""
"""Among the stamps of months: whatever concerns them all."""
WORKER = "worker"
"""Name in `data_version` whose `changed_at` tells when a worker last finished a round."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One source and how often it should give a sign of life.

    `last_row_at` is the time of its newest row. `complete_to` is the instant up to which the source
    vouches that nothing is missing; a live source moves it even when there is no news, a file
    import leaves it alone. `last_load_at` (when it was last loaded) says nothing about liveness.
    """

    code: str
    expected_seconds: int
    first_row_at: datetime | None
    last_row_at: datetime | None
    complete_to: datetime | None
    last_load_at: datetime | None
    origin: str | None


def current_version(connection: Connection) -> int:
    """The data version; rises whenever something on the board may have changed. 0 when empty."""
    query = select(data_version.c.version).where(data_version.c.name == "board")
    return int(connection.execute(query).scalar() or 0)


def is_demo(connection: Connection) -> bool:
    """True while the invented demo district is loaded."""
    query = select(data_version.c.version).where(data_version.c.name == "demo")
    return bool(connection.execute(query).scalar() or 0)


def worker_seen_at(connection: Connection) -> datetime | None:
    """When a worker last finished a round (wall time); None when none ever did."""
    query = select(data_version.c.changed_at).where(data_version.c.name == WORKER)
    found: datetime | None = connection.execute(query).scalar()
    return found


def raise_version(connection: Connection, now: datetime | None, name: str = "board") -> int:
    """Raise a version by one and return it. `now`: None where nobody asks when it rose."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(data_version)
    risen = {"version": data_version.c.version + 1, "changed_at": now}
    first = insert.values(name=name, version=1, changed_at=now)  # two that begin at once do not stumble
    connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=risen))
    return int(connection.execute(select(data_version.c.version).where(data_version.c.name == name)).scalar_one())


def touch_months(connection: Connection, periods: Iterable[str] = (EVERY_MONTH,)) -> None:
    """Note, in the transaction that writes them, that the rollups of these months ("2024-05") may have changed.

    Args:
        periods: left out, those of every month.
    """
    for period in periods:
        raise_version(connection, None, f"{_MONTH}{period}")


def month_stamps(connection: Connection) -> Mapping[str, int]:
    """Month -> a number that rises with every change of its rollups; of `EVERY_MONTH` with a change of any.

    A month that is absent was never written; its rollups are empty.
    """
    query = select(data_version.c.name, data_version.c.version).where(data_version.c.name.startswith(_MONTH))
    return {name.removeprefix(_MONTH): version for name, version in connection.execute(query)}


def feeds(connection: Connection) -> tuple[FeedRow, ...]:
    """All sources that ever delivered, by code."""
    names = ("code", "expected_seconds", "first_row_at", "last_row_at", "complete_to", "last_load_at", "origin")
    query = select(*(feed.c[name] for name in names)).order_by(feed.c.code)
    return tuple(FeedRow(*row) for row in connection.execute(query))


def own_targets(connection: Connection, day: date) -> Mapping[tuple[str, str], Thresholds]:
    """Stations' own thresholds in force on `day`: (station code, task code) -> thresholds.

    Where several are in force, the one that began last wins. `relative` is left False; the caller
    keeps the catalogue's.
    """
    query = (
        select(
            task_target.c.station_code,
            task_target.c.task_code,
            task_target.c.blue,
            task_target.c.yellow,
        )
        .where(
            task_target.c.valid_from <= day,
            task_target.c.valid_to.is_(None) | (task_target.c.valid_to >= day),
        )
        .order_by(task_target.c.valid_from)
    )
    return {(station, task): Thresholds(blue, yellow) for station, task, blue, yellow in connection.execute(query)}
