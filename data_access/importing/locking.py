"""One import at a time: the second waits. One file is one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from data_access.engine import writing

_LOCK = 0x0DA11C1EA8  # any number nobody else takes an advisory lock on
_PATIENCE_S = 3600.0


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[Connection]:
    """A writing transaction that no other import shares.

    PostgreSQL: an advisory lock that ends with the transaction; readers and other writers go on.
    SQLite: the database's one write lock; readers go on, every other writer waits.

    Raises:
        OperationalError: SQLite's lock was not to be had for an hour.
    """
    with ExitStack() as stack:
        connection = _begin(stack, engine)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            # A table that grows from nothing inside this transaction has no statistics yet.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        yield connection


def _begin(stack: ExitStack, engine: Engine) -> Connection:
    patience = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return stack.enter_context(writing(engine))
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
