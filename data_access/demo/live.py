"""The demo goes on: what became known between two instants, taken from the same days as the loading."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from data_access import tables
from data_access.bulk import bulk_insert
from data_access.demo import risk
from data_access.demo.day import ORDER_DAYS, SETTLED_DAYS, open_orders, recent
from data_access.demo.feeds import move_feeds
from data_access.demo.load import grouped
from data_access.demo.mark import move_mark, read_mark
from data_access.demo.rows import Rows, changed, seconds
from data_access.demo.world import World, world
from data_access.engine import writing

KEYS_AT_ONCE = 500


def continue_demo(engine: Engine, *, now: datetime, since: datetime | None = None, seed: int | None = None) -> int:
    """Write what became known after the last step and up to `now`; returns the rows inserted or changed.

    One call over an hour leaves the same rows as many calls over its parts, but for the moments of
    writing (updated_at, last_load_at).

    Args:
        now: wall time; fractions of a second are cut off.
        since: an instant from which everything is to be looked at again, when it lies before the last
            step; None means the last step. A later one is not believed, so that no gap can arise.
        seed: None means the seed of the loading.
    """
    now = now.replace(microsecond=0)
    with writing(engine) as connection:
        mark = read_mark(connection)
        if mark is None or now <= mark.until:
            return 0
        begin = min(since or mark.until, mark.until)
        place = world(mark.seed if seed is None else seed, mark.loaded_at.date())
        count = _rewrite(connection, moved(place, mark.first, begin, now), now)
        move_feeds(connection, now)
        move_mark(connection, now)
    return count


def demo_until(engine: Engine) -> datetime | None:
    """The instant up to which demo rows are known; None where no demo is loaded."""
    with engine.connect() as connection:
        mark = read_mark(connection)
    return mark.until if mark else None


def moved(place: World, first: date, since: datetime, now: datetime) -> list[Rows]:
    """Rows of every table that became known or changed after `since` up to `now`, as known at `now`.

    Args:
        first: the first day of the history; nothing of an earlier day is there to be changed.
    """
    begin, end = seconds(since), seconds(now)
    whole = [day for day in _days(since, now, SETTLED_DAYS, 0) if day >= first]
    older = [day for day in _days(since, since, ORDER_DAYS, SETTLED_DAYS + 1) if day >= first]
    parts = [rows for day in whole for rows in recent(place, day)]
    parts += [rows for day in older for rows in open_orders(place, day)]
    parts.append(risk.all_spells(place))
    return [rows for rows in (changed(part, begin, end) for part in parts) if len(rows)]


def _days(since: datetime, now: datetime, back: int, until: int) -> list[date]:
    """From `back` days before `since` to `until` days before `now`."""
    first = since.date() - timedelta(days=back)
    count = (now.date() - timedelta(days=until) - first).days + 1
    return [first + timedelta(days=k) for k in range(count)]


def _rewrite(connection: Connection, parts: list[Rows], now: datetime) -> int:
    """Each row anew: deleted if it is there, then inserted."""
    count = 0
    for (name, columns), rows in grouped(parts, now.isoformat(" ")).items():
        table = tables.metadata.tables[name]
        key = next(iter(table.primary_key.columns))
        place = columns.index(key.name)
        keys = sorted({str(row[place]) for row in rows})
        for begin in range(0, len(keys), KEYS_AT_ONCE):
            connection.execute(table.delete().where(key.in_(keys[begin : begin + KEYS_AT_ONCE])))
        count += bulk_insert(connection, table, columns, rows)
    return count
