"""Stations and districts as the board shows them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from data_access.scope import within
from data_access.tables import boundary, district, station
from domain.access import Scope
from domain.board import Unit

_UNIT = ("code", "name", "short_name", "name_en", "district_code")
_MORE = ("fusion_mode", "region_type", "residents_10k", "area_km2")


def units(connection: Connection, scope: Scope) -> tuple[Unit, ...]:
    """The active stations that `scope` may see, in the order of districts and stations."""
    query = (
        select(*(station.c[name] for name in _UNIT), district.c.name, district.c.name_en)
        .add_columns(*(station.c[name] for name in _MORE))
        .outerjoin(district, district.c.code == station.c.district_code)
        .where(station.c.is_active == 1, within(scope, station.c.code))
        .order_by(district.c.sort_no, station.c.district_code, station.c.sort_no, station.c.code)
    )
    return tuple(_unit(*row) for row in connection.execute(query).all())


def shaped(connection: Connection, kind: str, scope: Scope) -> frozenset[str]:
    """Codes of the stations or districts of `scope` that have a boundary.

    Args:
        kind: "station" or "district".
    """
    mine = select(station.c.code if kind == "station" else station.c.district_code)
    query = select(boundary.c.subject_code).where(
        boundary.c.subject_kind == kind,
        boundary.c.subject_code.in_(mine.where(within(scope, station.c.code))),
    )
    return frozenset(connection.execute(query).scalars())


def _unit(code: str, name: str, short: str, english: str, district_code: str, *rest: Any) -> Unit:
    district_name, district_english, *more = rest
    name = name or code
    return Unit(code, name, short or name, english or name, district_code,
                district_name, district_english or district_name, *more)  # fmt: skip
