"""Incidents for maps: frames of a span, the rows behind them, what the filter offers, outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select, true

from data_access.packs.build import severity_of
from data_access.packs.layout import read_names
from data_access.packs.month import part_of
from data_access.packs.month import rows_of as picked
from data_access.packs.store import by_month, stamps_of, store_of
from data_access.packs.words import recent_words
from data_access.readers.organisation import units
from data_access.scope import allowed, within
from data_access.tables import boundary, duty_grid, incident, incident_pack, station
from domain.access import Scope
from domain.heat import Options
from domain.incident_filter import SEVERITIES
from domain.incident_views import Shape
from domain.incidents import EMPTY, Codes, Frame, Frames, day_at, day_number, minute_number
from domain.span import Span

Ref = tuple[int, int]
"""Day number and position in that day's pack."""

SHOWN = (
    "incident_id", "occurred_at", "station_code", "class_code", "subclass", "severity", "address", "road",
    "cross_road", "channel", "found_by", "is_valid", "repeat_of", "deaths", "injuries", "tags", "lng", "lat",
    "place_issue", "content", "closed_at",
)  # fmt: skip
_OPTION_DAYS = 400
_AT_ONCE = 500


def frames(connection: Connection, span: Span, scope: Scope, *, places: bool = False) -> Frames:
    """The span's incidents, of the stations that `scope` may see; one part per calendar month.

    Args:
        span: to the minute; incidents of the minute in which it ends belong to it unless it ends with
            that minute's first second.
        places: coordinates are needed.

    A viewer who sees everything also sees incidents without a station. Give `rows_of` a connection of
    the same transaction: positions in packs are those that this transaction sees.
    """
    mine = allowed(connection, scope)
    if mine is not None and not mine:
        return EMPTY
    store, parts = store_of(connection), []
    for key, stamps in by_month(_stamps(connection, span)).items():
        month = store.month(connection, key, stamps, places=places)
        part = _cut(month.frame, span)
        if mine is not None:
            part = _only(part, mine, store.codes())
        if len(part):
            parts.append(part)
    return Frames(store.codes(), tuple(parts)) if parts else EMPTY


def _stamps(connection: Connection, span: Span) -> Iterable[tuple[date, str]]:
    """Of the whole months that the span touches, because a month is kept as a whole."""
    first = span.first_day.replace(day=1)
    last = (span.last_day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return stamps_of(connection, first, last).items()


def _cut(frame: Frame, span: Span) -> Frame:
    edges = [minute_number(span.start), minute_number(span.end - timedelta(seconds=1)) + 1]
    low, high = np.searchsorted(frame.minute, np.array(edges, dtype=frame.minute.dtype)).tolist()
    return part_of(frame, low, max(low, high))


def _only(frame: Frame, mine: frozenset[str], codes: Codes) -> Frame:
    visible = np.array([code in mine for code in codes.stations], dtype=bool)
    return picked(frame, np.flatnonzero(visible[frame.station]))


def first_day(connection: Connection, scope: Scope) -> date | None:
    """The first day of which there are incidents, of any station; None when there are none or none is visible."""
    if not _sees_any(connection, scope):
        return None
    found: date | None = connection.execute(select(func.min(incident_pack.c.day))).scalar()
    return found


def progress(connection: Connection, span: Span, scope: Scope) -> tuple[int, int]:
    """How many of the span's days are in memory already, and how many there are; (0, 0) when none is visible."""
    if not _sees_any(connection, scope):
        return 0, 0
    stamps = stamps_of(connection, span.first_day, span.last_day)
    return store_of(connection).ready(stamps), len(stamps)


def warm(
    connection: Connection, span: Span, scope: Scope, seconds: float, clock: Callable[[], float]
) -> tuple[int, int]:
    """Load months of the span until all are in memory or the time is used up, newest first.

    Args:
        clock: a clock that never goes back, in seconds (`time.monotonic`).

    Returns:
        as `progress` does; "all" also when more does not fit into the memory allowed, because waiting
        longer would not help. At least one month is loaded, so that calling again gets on.
    """
    until, before = clock() + seconds, progress(connection, span, scope)
    if before[0] == before[1]:
        return before
    store = store_of(connection)
    for key, stamps in reversed(by_month(_stamps(connection, span)).items()):
        if store.ready(stamps) < len(stamps):
            store.month(connection, key, stamps, places=False)
            if clock() >= until:
                break
    after = progress(connection, span, scope)
    return after if after[0] > before[0] else (after[1], after[1])


def _sees_any(connection: Connection, scope: Scope) -> bool:
    if scope.everything:
        return True
    return connection.execute(select(station.c.code).where(within(scope, station.c.code)).limit(1)).first() is not None


def rows_of(
    connection: Connection, refs: Sequence[Ref], scope: Scope
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """The incidents at these places of the packs, in that order: (columns, rows).

    Args:
        refs: (day number, row), as `Frame.day` and `Frame.row` say, read in this transaction.

    An incident that is gone or out of scope is left out.
    """
    found: dict[str, tuple[Any, ...]] = {}
    names = _names(connection, refs)
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        query = select(*(incident.c[name] for name in SHOWN), incident.c.serious_injuries).where(
            incident.c.incident_id.in_(part), within(scope, incident.c.station_code)
        )
        found.update((row.incident_id, _told(row)) for row in connection.execute(query))
    return SHOWN, tuple(found[name] for name in names if name in found)


def _told(row: Any) -> tuple[Any, ...]:
    """A row with the severity that filters go by; the source may leave it open."""
    severity = severity_of(row.severity, row.deaths, row.serious_injuries, row.injuries, row.class_code)
    told = row._asdict() | {"severity": SEVERITIES[severity] if severity else None}
    return tuple(told[name] for name in SHOWN)


def _names(connection: Connection, refs: Sequence[Ref]) -> list[str]:
    days = sorted({day_at(day) for day, _ in refs})
    names: dict[int, list[str]] = {}
    for start in range(0, len(days), _AT_ONCE):
        table = incident_pack.c
        query = select(table.day, table.names).where(table.day.in_(days[start : start + _AT_ONCE]))
        names.update((day_number(day), read_names(data)) for day, data in connection.execute(query))
    return [names[day][row] for day, row in refs if 0 <= row < len(names.get(day, ()))]


def options(connection: Connection, scope: Scope) -> Options:
    """What the filter offers: kinds, channels and tags of the last 400 days that have incidents, grids and stations.

    Grids and stations are those of `scope`; the vocabulary is that of all incidents, for everybody who
    sees a station.
    """
    if not _sees_any(connection, scope):
        return Options((), (), (), (), ())
    words = recent_words(connection, store_of(connection), _OPTION_DAYS)
    grids = (
        select(duty_grid.c.code, duty_grid.c.name, duty_grid.c.station_code)
        .where(within(scope, duty_grid.c.station_code))
        .order_by(duty_grid.c.station_code, duty_grid.c.code)
    )
    found = tuple((code, name or code, owner or "") for code, name, owner in connection.execute(grids))
    return Options(**words, grids=found, units=units(connection, scope))


def shapes(connection: Connection, kind: str, scope: Scope) -> tuple[Shape, ...]:
    """Outlines of a kind: city, district, station, duty_grid or background.

    Outlines of the city and the background are for everybody who sees a station.
    """
    table = boundary.c
    visible = _visible(kind, scope)
    if visible is None and not _sees_any(connection, scope):
        return ()
    query = select(table.subject_code, table.name, table.geojson, table.is_sketch).where(table.subject_kind == kind)
    if visible is not None:
        query = query.where(visible)
    rows = connection.execute(query.order_by(table.subject_code, table.code))
    return tuple(Shape(kind, code or "", name or code or "", text, bool(sketch)) for code, name, text, sketch in rows)


def _visible(kind: str, scope: Scope) -> Any:
    """The condition on an outline's subject; None where it depends on nothing but seeing anything at all."""
    code = boundary.c.subject_code
    if kind == "station":
        return within(scope, code)
    if scope.everything:
        return true()
    if kind == "district":
        return code.in_(select(station.c.district_code).where(within(scope, station.c.code)))
    if kind == "duty_grid":
        return code.in_(select(duty_grid.c.code).where(within(scope, duty_grid.c.station_code)))
    return None
