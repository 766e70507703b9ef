"""The rows of one table as lines, out of a database and into one."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, String, Table

from data_access.backup.lines import line_of, reader

_AT_ONCE = 5_000
_SAME_TEXT = ("SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL extra_float_digits = 1", "SET LOCAL bytea_output = 'hex'")


def prepare(connection: Connection) -> None:
    """Make this transaction write numbers, times and bytes in the one form."""
    if connection.dialect.name == "postgresql":
        for statement in _SAME_TEXT:
            connection.exec_driver_sql(statement)


def lines(connection: Connection, table: Table) -> Generator[bytes, None, None]:
    """The rows of `table` by its key, one line each, without the line's end.

    Close it when it is not read to its end: until then a PostgreSQL connection can do nothing else.
    """
    return _copied_out(connection, table) if connection.dialect.name == "postgresql" else _selected(connection, table)


def load(connection: Connection, table: Table, columns: Sequence[str], found: Iterable[bytes]) -> int:
    """Put lines into the empty `table`; returns how many.

    Args:
        columns: names of the cells of a line, in their order.
    """
    if connection.dialect.name == "postgresql":
        return _copied_in(connection, table, columns, found)
    return _inserted(connection, table, columns, found)


def _query(connection: Connection, table: Table, columns: Sequence[str]) -> str:
    """All rows by key; text in the order of its bytes, which is the same on every database."""
    quote = connection.dialect.identifier_preparer
    binary = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    order = [
        quote.quote(column.name) + (binary if isinstance(column.type, String) else "")
        for column in table.primary_key.columns
    ]
    names = ", ".join(quote.quote(name) for name in columns)
    return f"SELECT {names} FROM {quote.format_table(table)} ORDER BY {', '.join(order)}"  # noqa: S608  # nosec B608


def _selected(connection: Connection, table: Table) -> Generator[bytes, None, None]:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_query(connection, table, table.c.keys()))
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from map(line_of, rows)
    finally:
        cursor.close()


def _copied_out(connection: Connection, table: Table) -> Generator[bytes, None, None]:
    driver: Any = connection.connection.driver_connection
    rest = b""
    statement = f"COPY ({_query(connection, table, table.c.keys())}) TO STDOUT"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            *whole, rest = (rest + bytes(block)).split(b"\n")
            yield from whole


def _copied_in(connection: Connection, table: Table, columns: Sequence[str], found: Iterable[bytes]) -> int:
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in columns)
    driver: Any = connection.connection.driver_connection
    count, source = 0, iter(found)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({names}) FROM STDIN") as copy:
        while some := list(islice(source, _AT_ONCE)):
            copy.write(b"\n".join(some) + b"\n")
            count += len(some)
    return count


def _inserted(connection: Connection, table: Table, columns: Sequence[str], found: Iterable[bytes]) -> int:
    quote = connection.dialect.identifier_preparer
    names, marks = ", ".join(quote.quote(name) for name in columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {quote.format_table(table)} ({names}) VALUES ({marks})"  # noqa: S608  # nosec B608
    rows = map(reader([table.c[name] for name in columns]), found)
    count = 0
    while some := list(islice(rows, _AT_ONCE)):
        connection.exec_driver_sql(statement, some)
        count += len(some)
    return count
