"""Column types and SQL functions that mean the same on every database.

Times are wall time of the deployment's one zone, without zone, to the second. SQLite keeps them as
text in a form that compares and shifts like a time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, DateTime, Integer, Numeric, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import expression

_SQLITE_FORMAT = "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d"
_SQLITE_PATTERN = r"(\d+)-(\d+)-(\d+)[ T](\d+):(\d+):(\d+)"

WallTime = (
    DateTime()
    .with_variant(sqlite.DATETIME(storage_format=_SQLITE_FORMAT, regexp=_SQLITE_PATTERN), "sqlite")
    .with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")
)
"""A time to the second, local to the deployment."""


def number(precision: int = 14, scale: int = 4) -> Numeric[Any]:
    """A decimal number that is read back as float."""
    return Numeric(precision, scale, asdecimal=False)


class day_of(expression.FunctionElement[Any]):
    """The calendar day of a time: `day_of(table.c.occurred_at)`."""

    type = Date()
    inherit_cache = True
    name = "day_of"


@compiles(day_of)
def _day_of_default(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS DATE)"


@compiles(day_of, "sqlite")
def _day_of_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 10)"


class hour_of(expression.FunctionElement[Any]):
    """The hour 0..23 of a time."""

    type = Integer()
    inherit_cache = True
    name = "hour_of"


@compiles(hour_of)
def _hour_of_default(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(EXTRACT(HOUR FROM {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(hour_of, "sqlite")
def _hour_of_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(substr({compiler.process(element.clauses, **kw)}, 12, 2) AS INTEGER)"


class clock_of(expression.FunctionElement[Any]):
    """The time of day as text 'HH:MM:SS', for comparing times of different days."""

    type = Text()
    inherit_cache = True
    name = "clock_of"


@compiles(clock_of)
def _clock_of_default(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)}, 'HH24:MI:SS')"


@compiles(clock_of, "sqlite")
def _clock_of_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 12, 8)"


class later(expression.FunctionElement[Any]):
    """A time plus a number of seconds: `later(table.c.assigned_at, 90)`."""

    type = WallTime
    inherit_cache = True
    name = "later"

    def __init__(self, moment: Any, seconds: int) -> None:
        super().__init__(moment, expression.literal(int(seconds), Integer()))


@compiles(later)
def _later_default(element: Any, compiler: Any, **kw: Any) -> str:
    moment, seconds = list(element.clauses)
    return (
        f"({compiler.process(moment, **kw)} + CAST({compiler.process(seconds, **kw)} AS INTEGER) * INTERVAL '1 second')"
    )


@compiles(later, "sqlite")
def _later_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    moment, seconds = list(element.clauses)
    return f"datetime({compiler.process(moment, **kw)}, {compiler.process(seconds, **kw)} || ' seconds')"


class lowest(expression.FunctionElement[Any]):
    """The lowest of two or more values of one row, none of them null."""

    inherit_cache = True
    name = "lowest"

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        self.type = values[0].type


class highest(expression.FunctionElement[Any]):
    """The highest of two or more values of one row, none of them null."""

    inherit_cache = True
    name = "highest"

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        self.type = values[0].type


@compiles(lowest)
def _lowest_default(element: Any, compiler: Any, **kw: Any) -> str:
    return f"LEAST({compiler.process(element.clauses, **kw)})"


@compiles(lowest, "sqlite")
def _lowest_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"min({compiler.process(element.clauses, **kw)})"


@compiles(highest)
def _highest_default(element: Any, compiler: Any, **kw: Any) -> str:
    return f"GREATEST({compiler.process(element.clauses, **kw)})"


@compiles(highest, "sqlite")
def _highest_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"
