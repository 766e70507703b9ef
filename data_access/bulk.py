"""Putting many rows into one table quickly, the same call on every database.

On PostgreSQL the rows go through COPY, elsewhere through one prepared INSERT. Both happen inside the
caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, Table

CHUNK = 20_000


def bulk_insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    times_are_text: bool = False,
) -> int:
    """Insert rows of plain Python values; returns how many.

    Args:
        connection: an open transaction.
        columns: names of the columns, in the order of every row's values. Columns that are left out
            get their server default.
        rows: values as str, int, float, None, and for times `datetime` or the text
            "YYYY-MM-DD HH:MM:SS", for days `date` or "YYYY-MM-DD". Wall time, naive.
        times_are_text: the caller promises that no `datetime` or `date` occurs; saves the conversion.

    Raises:
        sqlalchemy.exc.DBAPIError or the driver's own error: a key exists already, a value does not fit.
    """
    if connection.dialect.name == "postgresql":
        return _copy(connection, table, columns, rows)
    return _insert(connection, table, columns, rows, {} if times_are_text else _converters(table, columns))


def _converters(table: Table, columns: Sequence[str]) -> dict[int, Callable[[Any], Any]]:
    found = ((index, _as_text(table.c[name])) for index, name in enumerate(columns))
    return {index: shown for index, shown in found if shown is not None}


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in columns)
    count = 0
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({names}) FROM STDIN") as copy:
        write = copy.write_row
        for row in rows:
            write(row)
            count += 1
    return count


def _insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    times: dict[int, Callable[[Any], Any]],
) -> int:
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in columns)
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {quote.format_table(table)} ({names}) VALUES ({marks})"  # noqa: S608  # nosec B608
    count = 0
    for chunk in _chunks(rows):
        connection.exec_driver_sql(statement, _with_times(chunk, times))
        count += len(chunk)
    return count


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    source = iter(rows)
    while chunk := list(map(tuple, islice(source, CHUNK))):
        yield chunk


def _with_times(chunk: list[tuple[Any, ...]], times: dict[int, Callable[[Any], Any]]) -> list[tuple[Any, ...]]:
    """Times as SQLite keeps them; by column, because that is several times faster than by row."""
    if not times:
        return chunk
    by_column: list[Any] = list(zip(*chunk, strict=True))
    for index, shown in times.items():
        by_column[index] = list(map(shown, by_column[index]))
    return list(zip(*by_column, strict=True))


def _as_text(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, DateTime):
        return _time_text
    return _day_text if isinstance(column.type, Date) else None


def _time_text(value: Any) -> Any:
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value


def _day_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
