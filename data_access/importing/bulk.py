"""Many rows into a table at once: COPY on PostgreSQL, executemany elsewhere. The rest is portable SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Table, select

from data_access.importing.rendering import sqlite_values

_ASK = 1_000  # keys per question


def insert_rows(
    connection: Connection,
    table: Table,
    columns: dict[str, list[Any] | None],
    *,
    lines: Sequence[str],
    hashes: Sequence[str],
    now: datetime,
) -> None:
    """Insert rows.

    Args:
        columns: every column but row_hash and updated_at, in the table's order.
        lines: the same as text, see `rendering.lines_of`.
    """
    if not lines:
        return
    names = [*columns, "row_hash", "updated_at"]
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, names, _endings(lines, hashes, now))
        return
    size = len(lines)
    values = [sqlite_values(column, size) for column in columns.values()]
    rows = list(zip(*values, hashes, repeat(str(now), size), strict=True))
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608
        return
    plain = [list(column) if column is not None else [None] * size for column in columns.values()]
    whole = zip(*plain, hashes, [now] * size, strict=True)
    connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in whole])


def _endings(lines: Sequence[str], hashes: Sequence[str], now: datetime) -> str:
    end = f"\t{now}\n"
    return "".join([f"{line}\t{digest}{end}" for line, digest in zip(lines, hashes, strict=True)])


def _copy(connection: Connection, table: Table, names: list[str], data: str) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        copy.write(data)


def stored_hashes(connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], str]:
    """Key -> row_hash of those keys that the table has; a row written by others may have none ("")."""
    columns = [*table.primary_key.columns, table.c.row_hash]
    wanted = list(dict.fromkeys(key[0] for key in keys))
    found: dict[tuple[Any, ...], str] = {}
    for part in _parts(wanted):
        for row in connection.execute(select(*columns).where(columns[0].in_(part))):
            found[tuple(row[:-1])] = row[-1] or ""
    return found


def stored_rows(
    connection: Connection, table: Table, names: Sequence[str], keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Key -> the row's columns `names`."""
    key_names = [column.name for column in table.primary_key.columns]
    first = table.c[key_names[0]]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in _parts(list(dict.fromkeys(key[0] for key in keys))):
        for row in connection.execute(select(*(table.c[name] for name in names)).where(first.in_(part))).mappings():
            found[tuple(row[name] for name in key_names)] = dict(row)
    return found


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _ASK):
        yield values[start : start + _ASK]
