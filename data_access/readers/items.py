"""What is open at a station now: work orders and unfinished dispatch orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, null, or_, select, union_all

from data_access.scope import within
from data_access.tables import dispatch_order, work_order
from data_access.types import later
from domain.access import Scope
from domain.views import OpenItem

CLOSE_LIMIT = timedelta(hours=22)
FORGOTTEN_AFTER = timedelta(days=30)


def open_items(
    connection: Connection, station: str, as_of: datetime, *, scope: Scope, most: int = 60
) -> tuple[tuple[OpenItem, ...], int]:
    """The open orders of a station, the most overdue first, and how many there are in all.

    Dispatch orders count as open for 30 days after they were assigned; older unfinished ones are
    a matter of the source's own list.
    """
    both = union_all(_orders(station, as_of, scope), _dispatches(station, as_of, scope)).subquery()
    total = connection.execute(select(func.count()).select_from(both)).scalar() or 0
    query = select(both).order_by(both.c.due_at.is_(None), both.c.due_at, both.c.order_id).limit(most)
    return tuple(_item(row, as_of) for row in connection.execute(query).mappings()), int(total)


def _open_at(table: Any, start: Any, as_of: datetime) -> ColumnElement[bool]:
    return and_(start <= as_of, or_(table.c.closed_at.is_(None), table.c.closed_at > as_of))


def _orders(station: str, as_of: datetime, scope: Scope) -> Select[Any]:
    t = work_order
    in_force = or_(t.c.status.is_(None), t.c.status != "withdrawn")
    return select(t.c.order_id, t.c.kind, t.c.title, t.c.created_at, t.c.due_at, t.c.owner_name, t.c.place).where(
        t.c.station_code == station, within(scope, t.c.station_code), in_force, _open_at(t, t.c.created_at, as_of)
    )


def _dispatches(station: str, as_of: datetime, scope: Scope) -> Select[Any]:
    t = dispatch_order
    return select(
        t.c.order_id,
        literal("dispatch").label("kind"),
        t.c.class_code.label("title"),
        t.c.assigned_at.label("created_at"),
        later(t.c.assigned_at, int(CLOSE_LIMIT.total_seconds())).label("due_at"),
        null().label("owner_name"),
        t.c.incident_id.label("place"),
    ).where(
        t.c.station_code == station,
        within(scope, t.c.station_code),
        t.c.is_valid == 1,
        t.c.unit_kind == "station",
        t.c.assigned_at >= as_of - FORGOTTEN_AFTER,
        _open_at(t, t.c.assigned_at, as_of),
    )


def _item(row: Any, as_of: datetime) -> OpenItem:
    return OpenItem(
        order_id=row["order_id"],
        kind=row["kind"],
        title=row["title"] or "",
        created_at=row["created_at"],
        due_at=row["due_at"],
        owner=row["owner_name"],
        place=row["place"],
        late=row["due_at"] is not None and row["due_at"] < as_of,
    )
