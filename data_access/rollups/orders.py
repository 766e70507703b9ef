"""`dispatch_pack`: dispatch orders by day; today included."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from data_access.packs.orders import rebuild_order_packs

_ONE = timedelta(days=1)


def rebuild_orders(connection: Connection, first: date, last: date) -> None:
    """Compute the days from `first` to `last` anew from the rows, and the days beside them.

    Orders of one incident may lie on both sides of a midnight, and then the first one's day holds how soon
    the incident was attended to.
    """
    begin = first if first == date.min else first - _ONE
    rebuild_order_packs(connection, begin, last if last == date.max else last + _ONE)
