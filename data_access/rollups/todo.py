"""Days that wait to be computed: one row of `rollup_todo` per source and day.

They are written in the transaction that notices a change and removed in the one that computes the
day; a refresh that is killed between the two is finished by the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, delete, func, select

from data_access.tables import rollup_todo

Range = tuple[date, date]
_NEAR = timedelta(days=7)
_ONE = timedelta(days=1)


def days_of(spans: Iterable[Range], limit: date) -> set[date]:
    """All days of several spans (first, last), none later than `limit`."""
    found: set[date] = set()
    for first, last in _merged(spans, limit):
        found.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return found


def _merged(spans: Iterable[Range], limit: date) -> list[Range]:
    merged: list[Range] = []
    for first, last in sorted((first, min(last, limit)) for first, last in spans):
        if first > last:
            continue
        if merged and first <= merged[-1][1] + _ONE:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def ranges_of(days: Iterable[date], near: timedelta = _NEAR) -> list[Range]:
    """Ranges that hold `days`; days at most `near` apart share one, because a range costs a query."""
    ranges: list[Range] = []
    for day in sorted(days):
        if ranges and day - ranges[-1][1] <= near:
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return ranges


def enqueue(connection: Connection, source: str, days: Iterable[date]) -> None:
    """Let `days` of a source wait; those that wait already stay as they are."""
    wanted = set(days)
    if not wanted:
        return
    waiting = select(rollup_todo.c.day).where(rollup_todo.c.source == source)
    fresh = wanted - set(connection.execute(waiting).scalars())
    if fresh:
        connection.execute(rollup_todo.insert(), [{"source": source, "day": day} for day in sorted(fresh)])


def next_days(connection: Connection, limit: int) -> Mapping[str, Sequence[date]]:
    """At most `limit` pairs of source and day that wait: source -> days."""
    query = select(rollup_todo.c.source, rollup_todo.c.day).order_by(rollup_todo.c.source, rollup_todo.c.day)
    found: dict[str, list[date]] = {}
    for source, day in connection.execute(query.limit(limit)):
        found.setdefault(source, []).append(day)
    return found


def remaining(connection: Connection) -> int:
    """How many pairs of source and day wait."""
    return int(connection.execute(select(func.count()).select_from(rollup_todo)).scalar() or 0)


def done(connection: Connection, source: str, ranges: Iterable[Range]) -> None:
    """The days of these ranges wait no more."""
    for first, last in ranges:
        connection.execute(
            delete(rollup_todo).where(
                rollup_todo.c.source == source, rollup_todo.c.day >= first, rollup_todo.c.day <= last
            )
        )
