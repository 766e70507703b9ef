"""Writing stations and districts: an administrator's deeds, each one transaction with its entry in the audit log.

Rows are made and changed, never deleted: what is wound up is marked so, and keeps its history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.readers.administration import district_rows, station_rows
from data_access.state import raise_version
from data_access.tables import district, station
from domain.access import Scope
from domain.administration import DistrictRow, StationRow
from domain.errors import NotFound, Refused
from domain.organisation import check_closing, check_code, check_district, check_place

_COLUMNS = {"district": "district_code", "active": "is_active"}
_JUDGED = {"district": "", "active": True, "lng": None, "lat": None}
"""What a new station is where nothing is said, of what is judged together."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who does it, why, when (wall time), and when the row was written that was looked at ("" for any)."""

    by: str
    reason: str
    at: datetime
    seen: str = ""


def add_station(engine: Engine, code: str, values: Mapping[str, Any], order: Order, scope: Scope) -> None:
    """Make a station; it stands on the board and is judged at once.

    Args:
        values: fields of `StationRow` but code and time.

    Raises:
        NotFound: the asker does not see everything. BadRequest: no such district, a wrong code or place.
        Refused: there is a station of this code, wound up or not.
    """
    check_code(code)
    with _writing(engine, order, scope) as connection:
        if any(row.code == code for row in station_rows(connection, scope)):
            raise Refused("admin.refused.station_exists", code=code)
        _check(connection, scope, {**_JUDGED, **values}, _JUDGED)
        _insert(connection, (station, "station_add", f"station:{code}"), code, values, order)


def change_station(
    engine: Engine, code: str, changes: Mapping[str, Any], order: Order, scope: Scope
) -> tuple[str, ...]:
    """Change what is kept of a station; its rows and history stay. Returns the fields that changed.

    Args:
        changes: fields of `StationRow` but code, mode and time, and their new values.

    Raises:
        NotFound: no such station in the scope. BadRequest: no such district, a wrong place.
        Refused: nothing would change, or somebody else changed it meanwhile.
    """
    with _writing(engine, order, scope) as connection:
        row = next((one for one in station_rows(connection, scope) if one.code == code), None)
        if row is None:
            raise NotFound("error.station_unknown", code=code[:20])
        different = _different(row, changes, order)
        if not different:
            raise Refused("admin.refused.nothing", station=code)
        _check(connection, scope, {**{name: getattr(row, name) for name in _JUDGED}, **changes}, different)
        _update(connection, (station, "station_change", f"station:{code}"), row, different, order)
    return tuple(different)


def add_district(engine: Engine, code: str, values: Mapping[str, Any], order: Order, scope: Scope) -> None:
    """Make a district; it is shown as soon as a station belongs to it.

    Args:
        values: fields of `DistrictRow` but code, time and stations.

    Raises:
        NotFound: the asker does not see everything. BadRequest: a wrong code. Refused: there is one of this code.
    """
    check_code(code)
    with _writing(engine, order, scope) as connection:
        if any(row.code == code for row in district_rows(connection, scope)):
            raise Refused("admin.refused.district_exists", code=code)
        _insert(connection, (district, "district_add", f"district:{code}"), code, values, order)


def change_district(
    engine: Engine, code: str, changes: Mapping[str, Any], order: Order, scope: Scope
) -> tuple[str, ...]:
    """Change names, order or figures of a district, close it or open it again. Returns the fields that changed.

    Raises:
        NotFound: no such district in the scope.
        Refused: nothing would change, somebody else changed it meanwhile, or a station of it is in use.
    """
    with _writing(engine, order, scope) as connection:
        row = next((one for one in district_rows(connection, scope) if one.code == code), None)
        if row is None:
            raise NotFound("admin.unknown.district", value=code[:40])
        different = _different(row, changes, order)
        if not different:
            raise Refused("admin.refused.nothing_district", district=code)
        if different.get("active") is False:
            check_closing(row)
        _update(connection, (district, "district_change", f"district:{code}"), row, different, order)
    return tuple(different)


@contextmanager
def _writing(engine: Engine, order: Order, scope: Scope) -> Iterator[Connection]:
    """A writing transaction that first raises the data version: the row makes writers wait for each other."""
    if not scope.everything:
        raise NotFound("error.page_unknown")
    with writing(engine) as connection:
        raise_version(connection, order.at)
        yield connection


def _check(connection: Connection, scope: Scope, values: Mapping[str, Any], written: Collection[str]) -> None:
    """The station as it will be. Only what is written is judged: what an import left odd stays changeable."""
    if {"district", "active"} & set(written):
        check_district(values, district_rows(connection, scope))
    if {"lng", "lat"} & set(written):
        check_place(values["lng"], values["lat"])


def _different(row: StationRow | DistrictRow, changes: Mapping[str, Any], order: Order) -> dict[str, Any]:
    if order.seen and order.seen != row.updated_at.isoformat():
        raise Refused("admin.refused.row_meanwhile", code=row.code)
    return {name: value for name, value in changes.items() if getattr(row, name) != value}


def _insert(
    connection: Connection, what: tuple[Table, str, str], code: str, values: Mapping[str, Any], order: Order
) -> None:
    table, action, subject = what
    connection.execute(table.insert().values(code=code, **_columns(values), updated_at=order.at))
    told = "; ".join(f"{name} {value}" for name, value in values.items() if value not in ("", None))
    append(connection, Deed(order.by, action, subject, f"{told}: {order.reason}"), order.at)


def _update(
    connection: Connection,
    what: tuple[Table, str, str],
    row: StationRow | DistrictRow,
    different: Mapping[str, Any],
    order: Order,
) -> None:
    table, action, subject = what
    changed = table.update().where(table.c.code == row.code)
    connection.execute(changed.values(**_columns(different), updated_at=order.at))
    told = "; ".join(f"{name} {getattr(row, name)} > {value}" for name, value in different.items())
    append(connection, Deed(order.by, action, subject, f"{told}: {order.reason}"), order.at)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as columns; an empty text is not known."""
    return {_COLUMNS.get(name, name): _column(value) for name, value in values.items()}


def _column(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else None if value == "" else value
