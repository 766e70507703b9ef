"""Many rows at once. COPY and key lists on psycopg, the driver's own way on SQLite, portable SQL elsewhere.

Times are text of the form yyyy-MM-dd HH:mm:ss throughout, see `convert`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, DateTime, Numeric, Table, select

Key = tuple[Any, ...]
_ASK = 5_000  # keys per question
_MARK = "\x1f"  # stands between keys; rows that contain it are rejected


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
        columns: every column but row_hash and updated_at, in the table's order; None: empty in all rows.
        lines: the same as text, see `rendering.lines_of`.
    """
    if not lines:
        return
    names, size = [*columns, "row_hash", "updated_at"], len(lines)
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, names, _endings(lines, hashes, now))
        return
    values = [repeat(None, size) if column is None else column for column in columns.values()]
    rows = list(zip(*values, hashes, repeat(str(now), size), strict=True))
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608  # nosec B608
    else:
        whole = (dict(zip(names, row, strict=True)) for row in rows)
        connection.execute(table.insert(), [typed(table, row) for row in whole])


def _endings(lines: Sequence[str], hashes: Sequence[str], now: datetime) -> str:
    end = f"\t{now}\n"
    return "".join([f"{line}\t{digest}{end}" for line, digest in zip(lines, hashes, strict=True)])


def _copy(connection: Connection, table: Table, names: list[str], data: str) -> None:
    question = f"COPY {table.name} ({', '.join(names)}) FROM STDIN WITH (NULL '')"
    with _driver(connection).cursor() as cursor, cursor.copy(question) as copy:
        copy.write(data)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row as SQLAlchemy takes it: times as times."""
    return {
        name: datetime.fromisoformat(value)
        if isinstance(value, str) and isinstance(table.c[name].type, DateTime)
        else value
        for name, value in row.items()
    }


def stored_hashes(connection: Connection, table: Table, keys: Iterable[Key]) -> dict[Key, str]:
    """Key -> row_hash of those keys that the table has; a row written by others may have none ("")."""
    names = [*(column.name for column in table.primary_key.columns), "row_hash"]
    wanted = list(dict.fromkeys(key[0] for key in keys))
    return {row[:-1]: row[-1] or "" for row in _ask(connection, table, names, wanted)}


def _ask(connection: Connection, table: Table, names: list[str], wanted: list[Any]) -> Iterator[Key]:
    """Columns `names` of all rows whose first key column is one of `wanted`."""
    question = f"SELECT {', '.join(names)} FROM {table.name} WHERE {names[0]}"  # noqa: S608  # nosec B608
    for part in _parts(wanted):
        if connection.dialect.driver == "psycopg":
            with _driver(connection).cursor() as cursor:
                yield from cursor.execute(f"{question} = ANY(string_to_array(%s, %s))", (_MARK.join(part), _MARK))
        elif connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(part))
            yield from map(tuple, connection.exec_driver_sql(f"{question} IN ({marks})", tuple(part)))
        else:
            columns = [table.c[name] for name in names]
            yield from map(tuple, connection.execute(select(*columns).where(columns[0].in_(part))))


def stored_rows(
    connection: Connection, table: Table, names: Sequence[str], keys: Sequence[Key]
) -> dict[Key, dict[str, Any]]:
    """Key -> the row's columns `names`, times as text, decimals as floats."""
    key_names = [column.name for column in table.primary_key.columns]
    first = table.c[key_names[0]]
    found: dict[Key, dict[str, Any]] = {}
    for part in _parts(list(dict.fromkeys(key[0] for key in keys))):
        for row in connection.execute(select(*(table.c[name] for name in names)).where(first.in_(part))).mappings():
            found[tuple(row[name] for name in key_names)] = {
                name: _plain(table.c[name].type, value) for name, value in row.items()
            }
    return found


def _plain(kind: Any, value: Any) -> Any:
    """A stored value as an import would have made it; SQLite gives 9 for a decimal 9.0."""
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return str(value)
    return float(value) if isinstance(kind, Numeric) else value


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _ASK):
        yield values[start : start + _ASK]
