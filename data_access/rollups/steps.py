"""One transaction of a refresh: notice what changed, then compute some of the days that wait.

Both happen in one snapshot, always, so that a day is never computed out of rows that were not noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, func, literal, select

from data_access.packs.order_build import rebuild_order_packs
from data_access.rollups import marks, todo
from data_access.rollups.incidents import rebuild_incidents
from data_access.rollups.marks import Mark
from data_access.rollups.measures import days_on_record, drop_unknown, rebuild_measures
from data_access.rollups.months import rebuild_risks
from data_access.rollups.spans import Noted, Source, note_all, note_changes, note_vanished
from data_access.tables import (
    dispatch_order,
    dispatch_pack,
    incident,
    incident_hour,
    refresh_mark,
    risk_code,
    risk_month,
    rollup_span,
)
from domain.task import Task

OVERLAP = timedelta(minutes=10)
"""A row may be committed this long after the `updated_at` it carries."""
BATCH = 400
"""Pairs of source and day computed in one transaction."""
_MANY_CHANGES = 50_000
_MANY_RECENT = 20_000
_SHORT = timedelta(seconds=60)
_DEEP_EVERY = timedelta(seconds=120)
_MARK_EVERY = timedelta(seconds=30)
_BESIDE = "(beside)"
_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Order:
    """What a refresh was asked to do; see `data_access.refresh.refresh`."""

    sources: tuple[Source, ...]
    tasks: tuple[Task, ...]
    now: datetime
    full: bool = False
    reconcile: bool = False
    quick: bool = False
    since: datetime | None = None

    @property
    def today(self) -> date:
        """The day that is not closed yet."""
        return self.now.date()


@dataclass(slots=True)
class Result:
    """What one transaction did. `newest`: per source, where the next one begins to look."""

    changed: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    closed: tuple[date, ...] = ()
    redefined: tuple[str, ...] = ()
    computed: int = 0
    remaining: int = 0
    due: bool = False
    newest: dict[str, datetime] = field(default_factory=dict)

    def add(self, source: Source, noted: Noted) -> None:
        """Count what was noticed."""
        self.changed[source.name] += noted.changed
        self.vanished[source.name] += noted.vanished

    @property
    def anything(self) -> bool:
        """Something on a screen may be different now."""
        found = sum(self.changed.values()) + sum(self.vanished.values()) + self.computed
        return bool(found or self.closed or self.redefined)


def first_step(connection: Connection, order: Order) -> Result:
    """The first transaction: definitions, closed days, changed rows; then days, if they are few."""
    result, known = Result(), marks.read_marks(connection)
    result.redefined = _settle_definitions(connection, order, known)
    for source in order.sources:
        noted = _look(connection, order, source, known.get(source.name))
        result.add(source, noted)
        todo.enqueue(connection, source.name, _days(connection, order, source, noted))
        result.newest[source.name] = _after(connection, order, source)
    result.closed = marks.newly_closed(known, order.today)
    for source in order.sources:
        todo.enqueue(connection, source.name, result.closed)
    marks.mark_closed(connection, known, order.today)
    if sum(result.changed.values()) <= _MANY_CHANGES:
        _compute(connection, order, result)
    result.remaining = todo.remaining(connection)
    _leave_due(connection, order, result, known)
    return result


def next_step(connection: Connection, order: Order, newest: Mapping[str, datetime]) -> Result:
    """A further transaction: rows that changed in the meantime, and the next days."""
    result = Result()
    for source in order.sources:
        noted = note_changes(connection, source, newest[source.name], order.now)
        result.add(source, noted)
        todo.enqueue(connection, source.name, _days(connection, order, source, noted))
        result.newest[source.name] = newest[source.name]
    _compute(connection, order, result)
    result.remaining = todo.remaining(connection)
    _leave_due(connection, order, result, marks.read_marks(connection))
    return result


def _settle_definitions(connection: Connection, order: Order, known: Mapping[str, Mark]) -> tuple[str, ...]:
    """Forget sources that no task uses any more, and what belongs to no task; names what changed."""
    names = {source.name for source in order.sources}
    gone = [name for name in known if not name.startswith("(") and name not in names]
    for name in gone:
        connection.execute(delete(rollup_span).where(rollup_span.c.source == name))
        connection.execute(delete(refresh_mark).where(refresh_mark.c.source == name))
    if risk_code.name in gone:
        connection.execute(delete(risk_month))
    changed = [source.name for source in order.sources if _redefined(source, known.get(source.name))]
    if gone or changed or order.full:
        drop_unknown(connection, order.tasks, order.today)
    return tuple(sorted((*gone, *changed)))


def _redefined(source: Source, mark: Mark | None) -> bool:
    return mark is not None and mark.definition != marks.definition_of(source)


def _look(connection: Connection, order: Order, source: Source, mark: Mark | None) -> Noted:
    if order.full or mark is None or mark.watermark is None or _redefined(source, mark):
        marks.set_mark(connection, source.name, Mark(order.now, marks.definition_of(source)))
        noted = note_all(connection, source, order.now)
        return Noted(noted.changed, noted.vanished, (*noted.spans, *days_on_record(connection, source.tasks)))
    since, complete = _since(connection, order, source, mark.watermark)
    noted = note_changes(connection, source, since, order.now)
    if complete and order.now - mark.watermark >= _MARK_EVERY:
        marks.set_mark(connection, source.name, Mark(order.now, mark.definition))
    if not order.reconcile:
        return noted
    gone = note_vanished(connection, source)
    return Noted(noted.changed, gone.vanished, (*noted.spans, *gone.spans))


def _since(connection: Connection, order: Order, source: Source, watermark: datetime) -> tuple[datetime, bool]:
    """From where to look, and whether that is far enough to move the mark.

    After a bulk load the overlap holds millions of rows; a quick look then leaves them to a look
    every two minutes.
    """
    base = min(watermark, order.now) - OVERLAP
    since = base if order.since is None else min(base, order.since)
    if not order.quick or order.now - watermark >= _DEEP_EVERY or not _many_recent(connection, source, since):
        return since, True
    return max(since, order.now - _SHORT), False


def _many_recent(connection: Connection, source: Source, since: datetime) -> bool:
    recent = select(literal(1)).where(source.table.c.updated_at >= since).limit(_MANY_RECENT + 1).subquery()
    count = connection.execute(select(func.count()).select_from(recent)).scalar()
    return int(count or 0) > _MANY_RECENT


def _after(connection: Connection, order: Order, source: Source) -> datetime:
    """Just after the newest row: a bulk load's rows, all of one time, need not be compared again."""
    newest = connection.execute(select(func.max(source.table.c.updated_at))).scalar()
    return min(newest, order.now) + _ONE_SECOND if newest else order.now


def _days(connection: Connection, order: Order, source: Source, noted: Noted) -> set[date]:
    if not noted.spans:
        return set()
    limit = order.today - _ONE_DAY
    if source.name in _CURRENT_TOO:
        limit = max(limit, _last_day(connection, source))
    return todo.days_of(noted.spans, limit)


_CURRENT_TOO = {
    incident.name: (incident.c.occurred_at, incident_hour.c.day),
    dispatch_order.name: (dispatch_order.c.assigned_at, dispatch_pack.c.day),
}
"""Sources with rollups that include the current day: the time of a row, and the days of such a rollup."""


def _last_day(connection: Connection, source: Source) -> date:
    """The last day that has or had a row."""
    moment, day = _CURRENT_TOO[source.name]
    last_row = connection.execute(select(func.max(moment))).scalar()
    last_day = connection.execute(select(func.max(day))).scalar()
    return max(last_row.date() if last_row else date.min, last_day or date.min)


def _compute(connection: Connection, order: Order, result: Result) -> None:
    sources = {source.name: source for source in order.sources}
    for name, days in todo.next_days(connection, BATCH).items():
        ranges = todo.ranges_of(days)
        if name in sources:
            _rebuild(connection, sources[name], ranges, order.today - _ONE_DAY)
            result.computed += len(days)
        todo.done(connection, name, ranges)


def _rebuild(connection: Connection, source: Source, ranges: Iterable[todo.Range], last_closed: date) -> None:
    for first, last in ranges:
        if first <= last_closed:
            rebuild_measures(connection, source.tasks, first, min(last, last_closed))
            if source.table is risk_code:
                rebuild_risks(connection, first, last, last_closed)
        if source.table is incident:
            rebuild_incidents(connection, first, last)
        if source.table is dispatch_order:
            rebuild_order_packs(connection, first, last)


def _leave_due(connection: Connection, order: Order, result: Result, known: Mapping[str, Mark]) -> None:
    """Remember that the data version must rise; kept until it has risen, whatever happens between."""
    beside = marks.digest_beside(connection)
    differs = known.get(_BESIDE, Mark()).definition != beside
    if differs:
        marks.set_mark(connection, _BESIDE, Mark(order.now, beside))
    if result.anything or differs:
        marks.set_mark(connection, marks.VERSION, Mark(order.now, "due"))
    result.due = result.anything or differs or known.get(marks.VERSION, Mark()).definition == "due"
