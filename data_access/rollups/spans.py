"""Which days a source row may say something about, and noticing the rows that changed.

`rollup_span` remembers for each row the days it touched when it was last looked at. When the row
changes, the old days and the new days are both computed anew; so a row that moved, changed hands,
lost its validity or vanished is corrected everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, literal, or_, select

from data_access.facts.predicates import FAR, column
from data_access.tables import SOURCES, dispatch_order, incident, risk_code, rollup_span
from data_access.types import day_of, highest, later, lowest
from domain.task import Measure, Method, Task

FOREVER = date(9999, 12, 31)
NEVER = date(1, 1, 1)
# A code in force at a month's start counts to that month's end: at most 31 days after it ended.
_LONGEST_PERIOD = int(timedelta(days=31).total_seconds())
_PACKED = {incident.name: incident.c.occurred_at, dispatch_order.name: dispatch_order.c.assigned_at}
"""Tables whose rows are packed by day, and the time that says which day."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table and the tasks measured from it.

    Args:
        low, high: SQL for the first and last day that a row may say something about; low > high
            when it says nothing.
    """

    table: Table
    tasks: tuple[Task, ...]
    low: Any
    high: Any

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def key(self) -> Any:
        """The column that identifies a row."""
        return next(iter(self.table.primary_key.columns))


@dataclass(frozen=True, slots=True)
class Noted:
    """What a look at a source found: rows written or changed, rows gone, pairs of (first, last) day."""

    changed: int
    vanished: int
    spans: tuple[tuple[date, date], ...]


def sources_of(tasks: tuple[Task, ...]) -> tuple[Source, ...]:
    """The sources of `tasks`; incidents and orders always, because other rollups are made of them too.

    Kept for the last tasks asked for: a worker asks every few seconds with the same ones.
    """
    kept = _kept.get("last")
    if kept is None or kept[0] is not tasks:
        kept = _kept["last"] = (tasks, _sources_of(tasks))
    return kept[1]


_kept: dict[str, tuple[tuple[Task, ...], tuple[Source, ...]]] = {}


def _sources_of(tasks: tuple[Task, ...]) -> tuple[Source, ...]:
    names = {*_PACKED, *(task.measure.source for task in tasks)}
    return tuple(_source(SOURCES[name], tasks) for name in sorted(names))


def _source(table: Table, tasks: Sequence[Task]) -> Source:
    own = tuple(task for task in tasks if task.measure.source == table.name)
    spans = [span for measure in _telling(own) for span in _span(measure)]
    if table.name in _PACKED:
        spans.append((day_of(_PACKED[table.name]), day_of(_PACKED[table.name])))
    lows, highs = zip(*spans, strict=True)
    return Source(table, own, _extreme(lowest, lows, FOREVER), _extreme(highest, highs, NEVER))


def _telling(tasks: Sequence[Task]) -> list[Measure]:
    """The measures, but of clocks that start together only the longest: it holds the others' days."""
    measures = [task.measure for task in tasks]
    clocks: dict[str | None, timedelta] = {}
    for one in measures:
        if one.limit is not None:
            clocks[one.start] = max(one.limit, clocks.get(one.start, one.limit))
    return [one for one in measures if one.limit is None or one.limit == clocks[one.start]]


def _span(measure: Measure) -> list[tuple[Any, Any]]:
    if measure.method is Method.CLOCK:
        start = column(measure, measure.start)
        if measure.limit is None:
            return [(day_of(start), day_of(start)), (day_of(start), _day_later(column(measure, measure.due), 1))]
        return [(day_of(start), _day_later(start, int(measure.limit.total_seconds()) + 1))]
    if measure.method is Method.OVERDUE:
        start, stop = column(measure, measure.start), column(measure, measure.stop)
        return [(day_of(start), case((stop.is_(None), literal(FOREVER)), else_=day_of(stop)))]
    if measure.method in (Method.STANDING, Method.DOWNGRADE):
        return [_code_span(measure.method)]
    moment = day_of(column(measure, measure.at))
    return [(moment, moment)]


def _code_span(method: Method) -> tuple[Any, Any]:
    ended = risk_code.c.valid_to
    last = _day_later(ended, _LONGEST_PERIOD) if method is Method.DOWNGRADE else day_of(ended)
    return day_of(risk_code.c.valid_from), case((ended.is_(None), literal(FOREVER)), else_=last)


def _day_later(moment: Any, seconds: int) -> Any:
    """The day some seconds later; "until 9999" stays that, because no later time can be written."""
    return case((moment >= FAR, literal(FOREVER)), else_=day_of(later(moment, seconds)))


def _extreme(pick: Any, sides: Sequence[Any], neutral: date) -> Any:
    """The lowest or highest of several days of one row, nulls left out."""
    distinct = {str(side) + repr(side.compile().params): side for side in sides}
    filled = [func.coalesce(side, literal(neutral)) for side in distinct.values()]
    return pick(*filled) if len(filled) > 1 else filled[0]


def note_changes(connection: Connection, source: Source, since: datetime, now: datetime) -> Noted:
    """Notice the rows written since `since` that differ from what the last look saw.

    Args:
        since: rows with an older `updated_at` are not looked at.
        now: this look's time; a row without fingerprint written in this very second is looked at
            once more, because it may be written again before the second is over.
    """
    changed = and_(source.table.c.updated_at >= since, _differs(source))
    counts = connection.execute(_changed_spans(source, changed)).all()
    if not counts:
        return Noted(0, 0, ())
    if any(row.old_from is not None for row in counts):
        connection.execute(_forget(source, rollup_span.c.row_id.in_(_changed_keys(source, since))))
    unknown = ~select(literal(1)).select_from(rollup_span).where(_same(source)).exists()
    _remember(connection, source, now, and_(source.table.c.updated_at >= since, unknown))
    spans = {(row.new_from, row.new_to) for row in counts}
    spans |= {(row.old_from, row.old_to) for row in counts if row.old_from is not None}
    return Noted(sum(row.rows for row in counts), 0, tuple(sorted(spans)))


def note_all(connection: Connection, source: Source, now: datetime) -> Noted:
    """Forget what earlier looks saw and look at every row; tells how many rows have vanished."""
    old = _spans_of(connection, source)
    vanished = _count_vanished(connection, source) if old else 0
    if old:
        connection.execute(_forget(source))
    changed = _remember(connection, source, now)
    return Noted(changed, vanished, tuple(sorted({*old, *_spans_of(connection, source)})))


def note_vanished(connection: Connection, source: Source) -> Noted:
    """Notice rows that were there at an earlier look and are not any more.

    Counting is enough to know: after `note_changes` every row of the table is remembered.
    """
    rows = int(connection.execute(select(func.count()).select_from(source.table)).scalar() or 0)
    seen = select(func.count()).where(rollup_span.c.source == source.name)
    if int(connection.execute(seen).scalar() or 0) == rows:
        return Noted(0, 0, ())
    gone = _gone(source)
    counts = connection.execute(
        select(rollup_span.c.day_from, rollup_span.c.day_to, func.count())
        .where(rollup_span.c.source == source.name, gone)
        .group_by(rollup_span.c.day_from, rollup_span.c.day_to)
    ).all()
    connection.execute(_forget(source, gone))
    return Noted(0, sum(row[2] for row in counts), tuple((row[0], row[1]) for row in counts))


def _same(source: Source) -> ColumnElement[bool]:
    return and_(rollup_span.c.source == source.name, rollup_span.c.row_id == source.key)


def _differs(source: Source) -> ColumnElement[bool]:
    table = source.table
    return or_(
        rollup_span.c.row_id.is_(None),
        rollup_span.c.seen_at != table.c.updated_at,
        func.coalesce(rollup_span.c.seen_hash, "") != func.coalesce(table.c.row_hash, ""),
    )


def _changed_keys(source: Source, since: datetime) -> Any:
    """Keys of rows that are new or changed; written so that the newest rows are looked up, not all."""
    table, seen = source.table, rollup_span.alias("seen")
    alike = (
        select(literal(1))
        .where(seen.c.source == source.name, seen.c.row_id == source.key, seen.c.seen_at == table.c.updated_at)
        .where(func.coalesce(seen.c.seen_hash, "") == func.coalesce(table.c.row_hash, ""))
        .correlate(table)
        .exists()
    )
    return select(source.key).where(table.c.updated_at >= since, ~alike)


def _changed_spans(source: Source, changed: ColumnElement[bool]) -> Any:
    low, high = source.low.label("new_from"), source.high.label("new_to")
    old = (rollup_span.c.day_from.label("old_from"), rollup_span.c.day_to.label("old_to"))
    inner = (
        select(low, high, *old)
        .select_from(source.table.outerjoin(rollup_span, _same(source)))
        .where(changed)
        .subquery()
    )
    return select(*inner.c, func.count().label("rows")).group_by(*inner.c)


def _spans_of(connection: Connection, source: Source) -> list[tuple[date, date]]:
    query = select(rollup_span.c.day_from, rollup_span.c.day_to).where(rollup_span.c.source == source.name)
    return [(first, last) for first, last in connection.execute(query.distinct())]


def _count_vanished(connection: Connection, source: Source) -> int:
    query = select(func.count()).where(rollup_span.c.source == source.name, _gone(source))
    return int(connection.execute(query).scalar() or 0)


def _gone(source: Source) -> ColumnElement[bool]:
    return ~select(literal(1)).select_from(source.table).where(source.key == rollup_span.c.row_id).exists()


def _forget(source: Source, *which: ColumnElement[bool]) -> Any:
    return delete(rollup_span).where(rollup_span.c.source == source.name, *which)


def _remember(connection: Connection, source: Source, now: datetime, *which: ColumnElement[bool]) -> int:
    table = source.table
    written = table.c.updated_at
    unsure = and_(written >= now, table.c.row_hash.is_(None))
    rows = select(
        literal(source.name),
        source.key,
        source.low,
        source.high,
        case((unsure, later(written, -1)), else_=written),
        table.c.row_hash,
    ).where(*which)
    names = ["source", "row_id", "day_from", "day_to", "seen_at", "seen_hash"]
    written_rows = connection.execute(
        rollup_span.insert().from_select(names, rows), execution_options={"preserve_rowcount": True}
    )
    return int(written_rows.rowcount)
