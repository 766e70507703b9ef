"""`incident_hour`, `incident_cell_day`, `incident_pack`: incidents by hour, place and day; today included."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, func, select

from data_access.facts.flows import day_stretch
from data_access.packs.build import rebuild_packs
from data_access.tables import incident, incident_cell_day, incident_hour
from data_access.types import day_of, hour_of

_VALID = incident.c.is_valid == 1
_DAY = day_of(incident.c.occurred_at)


def rebuild_incidents(connection: Connection, first: date, last: date) -> None:
    """Compute the days from `first` to `last` anew from the rows.

    Keys are never null: an unknown station, class or subclass is the empty text. Only valid
    incidents count, with their deaths and injuries; the others are counted in `invalid`. Packs hold
    all of them.
    """
    for table, query in ((incident_hour, _hours(first, last)), (incident_cell_day, _cells(first, last))):
        connection.execute(delete(table).where(table.c.day >= first, table.c.day <= last))
        connection.execute(_into(table, query))
    rebuild_packs(connection, first, last)


def _into(table: Table, query: Any) -> Any:
    return table.insert().from_select([column.name for column in table.columns], query)


def _filled(column: Any) -> Any:
    return func.coalesce(column, "")


def _between(first: date, last: date) -> ColumnElement[bool]:
    stretch = day_stretch(first, last)
    return and_(incident.c.occurred_at >= stretch.start, incident.c.occurred_at <= stretch.as_of)


def _total(value: Any, condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, value), else_=0))


def _hours(first: date, last: date) -> Any:
    keys = (
        _DAY,
        hour_of(incident.c.occurred_at),
        _filled(incident.c.station_code),
        _filled(incident.c.class_code),
        _filled(incident.c.subclass),
    )
    sums = (
        _total(1, _VALID),
        _total(1, incident.c.is_valid != 1),
        _total(1, and_(_VALID, incident.c.repeat_of.is_not(None))),
        _total(incident.c.deaths, _VALID),
        _total(incident.c.injuries, _VALID),
    )
    return select(*keys, *sums).where(_between(first, last)).group_by(*keys)


def _cells(first: date, last: date) -> Any:
    keys = (incident.c.cell, _DAY, _filled(incident.c.station_code), _filled(incident.c.class_code))
    sums = (func.count(), func.sum(incident.c.deaths), func.sum(incident.c.injuries))
    placed = and_(_between(first, last), _VALID, incident.c.cell.is_not(None))
    return select(*keys, *sums).where(placed).group_by(*keys)
