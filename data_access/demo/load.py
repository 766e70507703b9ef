"""Loading the demo district into a database, and taking it out again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import perf_counter

from sqlalchemy import Connection, Engine, Table, or_, select

from data_access import tables
from data_access.bulk import bulk_insert
from data_access.demo import risk
from data_access.demo.assessment import write_assessment
from data_access.demo.clear import remove_demo
from data_access.demo.day import day_rows
from data_access.demo.feeds import write_feeds
from data_access.demo.fixed import fixed_rows
from data_access.demo.hotspots import count_windows
from data_access.demo.mark import Mark, write_mark
from data_access.demo.rows import Rows, known, seconds, tuples
from data_access.demo.world import PREFIX, World, world
from data_access.engine import writing
from domain.errors import BoardError

SEED = 20240506
FULL_DAYS = 120
"""Days before loading that have every observation and record; older ones have what month figures need."""
BATCH_DAYS = 12
Progress = Callable[[int, int], None]


class NotEmpty(BoardError):
    """`NotEmpty("error.demo_not_empty", table="incident")`: the database holds rows that are not demo rows."""


@dataclass(frozen=True)
class DemoReport:
    """What was loaded: rows by table, seconds it took, first day and moment of loading."""

    rows: dict[str, int]
    seconds: float
    first_day: date
    now: datetime

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def load_demo(
    engine: Engine, *, now: datetime, seed: int = SEED, months: int = 26, progress: Progress | None = None
) -> DemoReport:
    """Fill an empty database with the demo district, as it is known at `now`; an earlier demo is replaced.

    Args:
        now: wall time; fractions of a second are cut off.
        seed: the same seed and `now` give the same rows.
        months: length of the history.
        progress: called with days done and days in all.

    Raises:
        NotEmpty: the database holds rows that are not demo rows; nothing was changed.
    """
    began = perf_counter()
    now = now.replace(microsecond=0)
    first = first_day(now.date(), months)
    place = world(seed, now.date())
    with without_collector(), writing(engine) as connection:
        refuse_foreign(connection)
        remove_demo(connection)
        write_mark(connection, Mark(now, seed, first, now))
        counts = _fill(connection, place, first, now, progress)
        write_feeds(connection, now, place.words["feed"])
    _analyse(engine)
    return DemoReport(counts, perf_counter() - began, first, now)


def first_day(today: date, months: int) -> date:
    """The same day of the month, `months` months earlier (the 28th at most).

    >>> first_day(date(2024, 5, 31), 3)
    datetime.date(2024, 2, 28)
    """
    serial = today.year * 12 + today.month - 1 - months
    return date(serial // 12, serial % 12 + 1, min(today.day, 28))


def refuse_foreign(connection: Connection) -> None:
    """Raises NotEmpty where a table holds rows that are not demo rows."""
    for table in tables.SOURCES.values():
        if "source" in table.c:
            found = select(table.c.source).where(or_(table.c.source != "demo", table.c.source.is_(None))).limit(1)
            _refuse(connection.execute(found).first(), table)
    for table in (tables.station, tables.district):
        _refuse(
            connection.execute(select(table.c.code).where(~table.c.code.startswith(PREFIX)).limit(1)).first(), table
        )


def _refuse(found: object, table: Table) -> None:
    if found is not None:
        raise NotEmpty("error.demo_not_empty", table=table.name)


def _fill(
    connection: Connection, place: World, first: date, now: datetime, progress: Progress | None
) -> dict[str, int]:
    counts: dict[str, int] = {}
    moment, written = seconds(now), now.isoformat(" ")
    for name, rows in fixed_rows(place, now, datetime.combine(first, time.min)):
        counts[name] = write_plain(connection, tables.metadata.tables[name], rows, written)
    counts |= write_assessment(connection, place, first, now)
    with without_indexes(connection):
        codes = known(risk.spells(place, seconds(datetime.combine(first, time.min))), moment)
        _write(connection, [codes], written, counts)
        days = [first + timedelta(days=k) for k in range((now.date() - first).days + 1)]
        for begin in range(0, len(days), BATCH_DAYS):
            batch = days[begin : begin + BATCH_DAYS]
            full_from = now.date() - timedelta(days=FULL_DAYS)
            parts = [known(rows, moment) for day in batch for rows in day_rows(place, day, day >= full_from)]
            _write(connection, parts, written, counts)
            if progress:
                progress(begin + len(batch), len(days))
    count_windows(connection, datetime.combine(first, time.min))
    return counts


def write_plain(connection: Connection, table: Table, rows: list[dict[str, object]], written: str) -> int:
    """Insert a few rows given as dictionaries with the same keys."""
    columns = list(rows[0])
    return bulk_insert(connection, table, [*columns, "updated_at"], [(*row.values(), written) for row in rows])


def _write(connection: Connection, parts: list[Rows], written: str, counts: dict[str, int]) -> None:
    for (name, columns), rows in grouped(parts, written).items():
        table = tables.metadata.tables[name]
        counts[name] = counts.get(name, 0) + bulk_insert(connection, table, columns, rows, times_are_text=True)


def grouped(parts: list[Rows], written: str) -> dict[tuple[str, tuple[str, ...]], list[tuple[object, ...]]]:
    """Tuples by table and columns."""
    out: dict[tuple[str, tuple[str, ...]], list[tuple[object, ...]]] = {}
    for rows in parts:
        if len(rows):
            out.setdefault((rows.table, tuple(rows.columns)), []).extend(tuples(rows, written))
    return out


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Secondary indexes of the source tables are away inside and built at the end: several times faster."""
    indexes = [index for table in tables.SOURCES.values() for index in table.indexes]
    for index in indexes:
        index.drop(connection, checkfirst=True)
    yield
    for index in indexes:
        index.create(connection)


@contextmanager
def without_collector() -> Iterator[None]:
    """No search for garbage inside: millions of rows are made, none of them in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _analyse(engine: Engine) -> None:
    """Statistics for the planner, from a sample of each index on SQLite."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")
