"""The building blocks: filters of a measure, its deadline, and when a row counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, null, or_, true

from data_access.tables import SOURCES
from data_access.types import later
from domain.errors import CatalogueError
from domain.task import Catalogue, Measure

FILLED = "*"
FAR = datetime(9999, 1, 1)
"""From here on a time means "never": no deadline is missed, no code ends."""


def table_of(measure: Measure) -> Table:
    """The source table of a measure."""
    return SOURCES[measure.source]


def matches(table: Table, where: Mapping[str, object]) -> ColumnElement[bool]:
    """All of `where` hold: equal, one of several, or filled ("*")."""
    return and_(true(), *(_is(table.c[name], wanted) for name, wanted in where.items()))


def _is(column: Any, wanted: object) -> ColumnElement[bool]:
    if wanted == FILLED:
        return column.is_not(None)  # type: ignore[no-any-return]
    if isinstance(wanted, tuple):
        return column.in_(wanted)  # type: ignore[no-any-return]
    return column == wanted  # type: ignore[no-any-return]


def relevant(measure: Measure) -> ColumnElement[bool]:
    """The rows that belong to a measure at all: filters hold and the row names a station."""
    table = table_of(measure)
    barred = [
        or_(table.c[name].is_(None), ~_is(table.c[name], unwanted)) for name, unwanted in measure.where_not.items()
    ]
    return and_(table.c.station_code.is_not(None), matches(table, measure.where), *barred)


def column(measure: Measure, name: str | None) -> Any:
    """The column a measure names; SQL null when it names none."""
    return null() if name is None else table_of(measure).c[name]


def deadline(measure: Measure) -> Any:
    """The time until which a clocked row is in time."""
    if measure.due is not None:
        return column(measure, measure.due)
    assert measure.limit is not None  # the catalogue guarantees it
    return later(column(measure, measure.start), int(measure.limit.total_seconds()))


def in_time(measure: Measure) -> ColumnElement[bool]:
    """The clock stopped at or before its deadline."""
    stop = column(measure, measure.stop)
    return and_(stop.is_not(None), stop <= deadline(measure))


def counts_at(measure: Measure) -> Any:
    """When a clocked row counts: at its stop when in time, else one second after the deadline.

    Never before its own start (a stop typed too early, an order entered after its deadline), so
    that every stretch that holds the moment also holds the start. Null without start or deadline.
    """
    start, stop = column(measure, measure.start), column(measure, measure.stop)
    finished = case((stop < start, start), else_=stop)
    return case((start.is_(None), null()), (in_time(measure), finished), else_=_missed_at(measure))


def _missed_at(measure: Measure) -> Any:
    start = column(measure, measure.start)
    if measure.limit is not None:
        return case((start < FAR, later(start, int(measure.limit.total_seconds()) + 1)))
    due = column(measure, measure.due)
    return case((due < start, start), (due < FAR, later(due, 1)))


def check_columns(catalogue: Catalogue) -> None:
    """Every column a task names exists in its source table.

    Raises:
        CatalogueError: names the task, the key and the column.
    """
    for task in catalogue.tasks:
        known = set(table_of(task.measure).c.keys())
        for key, name in _named(task.measure):
            if name not in known:
                detail = f"table {task.measure.source} has no column {name!r}"
                raise CatalogueError("error.catalogue", file="tasks.toml", where=f"{task.code}.{key}", detail=detail)


def _named(measure: Measure) -> list[tuple[str, str]]:
    single = [(key, getattr(measure, key)) for key in ("at", "start", "stop", "due", "total")]
    several = [(key, name) for key in ("where", "where_not", "hit") for name in getattr(measure, key)]
    return [(f"measure.{key}", name) for key, name in (*single, *several) if name is not None]
