"""What only wall displays ask for: sums of hours and of open orders, and where stations are. No single row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, case, func, or_, select, union_all

from data_access.readers.items import CLOSE_LIMIT, FORGOTTEN_AFTER
from data_access.scope import within
from data_access.tables import dispatch_order, incident_hour, station, work_order
from domain.access import Scope
from domain.span import Span
from domain.wall import HOURS, OpenOrders, Traced

DISPATCH = "dispatch"
"""The kind under which unfinished dispatch orders stand beside work orders."""


def hour_counts(connection: Connection, first: date, last: date, scope: Scope) -> Mapping[date, tuple[int, ...]]:
    """Valid incidents of each of the 24 hours; days on which there was none at all are absent.

    Args:
        first, last: both included.
    """
    t = incident_hour.c
    query = (
        select(t.day, t.hour, func.sum(t.incidents))
        .where(t.day >= first, t.day <= last, within(scope, t.station_code))
        .group_by(t.day, t.hour)
    )
    found: dict[date, list[int]] = {}
    for day, hour, count in connection.execute(query):
        found.setdefault(day, [0] * HOURS)[hour] = int(count)
    return {day: tuple(hours) for day, hours in found.items()}


def places(connection: Connection, scope: Scope) -> Mapping[str, tuple[float, float]]:
    """Station code -> (longitude, latitude), WGS-84 degrees; stations without a position are absent."""
    c = station.c
    query = select(c.code, c.lng, c.lat).where(
        c.is_active == 1, c.lng.is_not(None), c.lat.is_not(None), within(scope, c.code)
    )
    return {code: (float(lng), float(lat)) for code, lng, lat in connection.execute(query)}


def open_orders(connection: Connection, as_of: datetime, scope: Scope) -> tuple[OpenOrders, ...]:
    """Open work orders and unfinished dispatch orders of each station and kind; those of no station are left out.

    Dispatch orders count as a station's page counts them: for 30 days, and due 22 hours after they were assigned.
    """
    found: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
    for code, kind, since, due in connection.execute(_open_work(as_of, scope)):
        if since <= as_of:
            found.setdefault((code, kind or ""), []).append((since, due))
    for code, since in connection.execute(_open_dispatches(as_of, scope)):
        found.setdefault((code, DISPATCH), []).append((since, since + CLOSE_LIMIT))
    return tuple(_summed(key, rows, as_of) for key, rows in sorted(found.items()))


def _summed(key: tuple[str, str], rows: list[tuple[datetime, datetime | None]], as_of: datetime) -> OpenOrders:
    late = [due for _, due in rows if due is not None and due < as_of]
    return OpenOrders(*key, len(rows), len(late), min(since for since, _ in rows), min(late, default=None))


def _open_work(as_of: datetime, scope: Scope) -> CompoundSelect[Any]:
    """In two parts that indexes serve; what closes later is open now, and hardly ever there."""
    t = work_order.c
    in_force = or_(t.status.is_(None), t.status != "withdrawn")
    query = select(t.station_code, t.kind, t.created_at, t.due_at).where(
        in_force, t.station_code.is_not(None), within(scope, t.station_code)
    )
    return union_all(query.where(t.closed_at.is_(None)), query.where(t.closed_at > as_of))


def _open_dispatches(as_of: datetime, scope: Scope) -> Select[Any]:
    t = dispatch_order.c
    return select(t.station_code, t.assigned_at).where(
        t.is_valid == 1,
        t.unit_kind == "station",
        t.station_code.is_not(None),
        t.assigned_at >= as_of - FORGOTTEN_AFTER,
        t.assigned_at <= as_of,
        or_(t.closed_at.is_(None), t.closed_at > as_of),
        within(scope, t.station_code),
    )


def traced(connection: Connection, order_kind: str, span: Span, scope: Scope) -> tuple[Traced, ...]:
    """How far the work orders of a kind that were made in a span have come at its end, by station.

    Withdrawn ones are left out. What happened after the span has not happened yet.
    """
    as_of = span.end
    t = work_order.c
    done = _by(t.closed_at, as_of)
    sums = (_by(t.signed_at, as_of), done, and_(done, _by(t.verified_at, as_of)), and_(~done, _by(t.due_at, as_of)))
    query = (
        select(t.station_code, func.count(), *(func.sum(case((one, 1), else_=0)) for one in sums))
        .where(
            t.kind == order_kind,
            t.created_at >= span.start,
            t.created_at <= as_of,
            t.station_code.is_not(None),
            or_(t.status.is_(None), t.status != "withdrawn"),
            within(scope, t.station_code),
        )
        .group_by(t.station_code)
        .order_by(t.station_code)
    )
    return tuple(Traced(code, *(int(number) for number in rest)) for code, *rest in connection.execute(query))


def _by(moment: Any, as_of: datetime) -> ColumnElement[bool]:
    """True, never null, when it lies at or before `as_of`."""
    return and_(moment.is_not(None), moment <= as_of)
