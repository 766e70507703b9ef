"""Opening the database. Nothing is opened at import."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_MS = 15_000
_TRIES = 250
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    f"busy_timeout={BUSY_MS}",
    "cache_size=-65536",
    "temp_store=MEMORY",
)


def open_engine(url: str, *, pool_size: int = 8, read_only: bool = False) -> Engine:
    """An engine for `url`.

    Args:
        url: SQLAlchemy address. "postgres://" and "postgresql://" are opened with psycopg.
        pool_size: connections kept open (PostgreSQL only).
        read_only: every transaction refuses to write; the web processes use this.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, read_only)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    args: dict[str, Any] = {"connect_timeout": 5}
    if read_only:
        args["options"] = "-c default_transaction_read_only=on"
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args=args,
        hide_parameters=True,  # an error's text names no person
    )


def _sqlite(url: Any, read_only: bool) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the "begin" event below decides when a transaction starts
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *(("query_only=ON",) if read_only else ())):
            _set(cursor, pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _set(cursor: Any, pragma: str) -> None:
    """Set a pragma. Turning on WAL fails at once, busy timeout or not, while another process does it too."""
    for attempt in range(_TRIES):
        try:
            cursor.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.02)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that will write; commits at the end, rolls back on any error.

    On SQLite it takes the write lock at once, so that two writers wait for each other instead of
    failing half-way.
    """
    with engine.execution_options(writing=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: everything in it sees the same moment."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.execution_options(**level).begin() as connection:
        yield connection
