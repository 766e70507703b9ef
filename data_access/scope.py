"""The one place that turns a `Scope` into SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, false, select, true

from data_access.tables import station
from domain.access import Scope


def within(scope: Scope, station_code: Any) -> ColumnElement[bool]:
    """The condition that a row of this station is visible to `scope`.

    Args:
        station_code: the column that names the row's station.
    """
    condition: ColumnElement[bool] = true()
    if scope.stations is not None:
        condition = station_code.in_(scope.stations) if scope.stations else false()
    if scope.districts is not None:
        mine = select(station.c.code).where(station.c.district_code.in_(scope.districts))
        condition = condition & station_code.in_(mine)
    return condition


def allowed(connection: Connection, scope: Scope) -> frozenset[str] | None:
    """Codes of the stations that `scope` may see; None: no limit."""
    if scope.everything:
        return None
    if scope.districts is None:
        return frozenset(scope.stations or ())
    return frozenset(connection.execute(select(station.c.code).where(within(scope, station.c.code))).scalars())
