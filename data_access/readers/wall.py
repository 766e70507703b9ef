"""What only wall displays ask for: sums of hours and of open orders, and where stations are. No single row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from data_access.readers.items import CLOSE_LIMIT, FORGOTTEN_AFTER
from data_access.scope import within
from data_access.tables import dispatch_order, incident_hour, station, work_order
from domain.access import Scope
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

    Dispatch orders count as `services.station` counts them: for 30 days, and due 22 hours after they were assigned.
    """
    work, sent = work_order.c, dispatch_order.c
    of_work = _summed(work, work.kind, work.created_at, (work.due_at < as_of, work.due_at)).where(
        or_(work.status.is_(None), work.status != "withdrawn"), *_open(work, work.created_at, as_of, scope)
    )
    of_sent = _summed(sent, None, sent.assigned_at, (sent.assigned_at < as_of - CLOSE_LIMIT, sent.assigned_at)).where(
        sent.is_valid == 1,
        sent.unit_kind == "station",
        sent.assigned_at >= as_of - FORGOTTEN_AFTER,
        *_open(sent, sent.assigned_at, as_of, scope),
    )
    found = [
        OpenOrders(code, kind or "", *rest) for code, kind, *rest in connection.execute(of_work.group_by(work.kind))
    ]
    for code, count, late, since, due in connection.execute(of_sent):
        found.append(OpenOrders(code, DISPATCH, count, late, since, due + CLOSE_LIMIT if due else None))
    return tuple(sorted(found, key=lambda one: (one.station, one.kind)))


def _summed(t: Any, kind: Any, since: Any, late: tuple[Any, Any]) -> Select[Any]:
    """Station, kind where there is one, open, late, oldest of all, and the first deadline of the late ones."""
    is_late, due = late
    keys = (t.station_code,) if kind is None else (t.station_code, kind)
    late_count = func.coalesce(func.sum(case((is_late, 1), else_=0)), 0)
    sums = (func.count(), late_count, func.min(since), func.min(case((is_late, due))))
    return select(*keys, *sums).group_by(t.station_code)


def _open(t: Any, since: Any, as_of: datetime, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        t.station_code.is_not(None),
        within(scope, t.station_code),
        since <= as_of,
        or_(t.closed_at.is_(None), t.closed_at > as_of),
    )


def traced(
    connection: Connection, order_kind: str, start: datetime, as_of: datetime, scope: Scope
) -> tuple[Traced, ...]:
    """How far the work orders of a kind that were made from `start` on have come, by station.

    Withdrawn ones are left out. What happened after `as_of` has not happened yet.
    """
    t = work_order.c
    done = _by(t.closed_at, as_of)
    sums = (_by(t.signed_at, as_of), done, and_(done, _by(t.verified_at, as_of)), and_(~done, _by(t.due_at, as_of)))
    query = (
        select(t.station_code, func.count(), *(func.sum(case((one, 1), else_=0)) for one in sums))
        .where(
            t.kind == order_kind,
            t.created_at >= start,
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
