"""Stations and districts as the board shows them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from data_access.scope import within
from data_access.tables import boundary, district, station
from domain.access import Scope
from domain.board import Unit


def units(connection: Connection, scope: Scope) -> tuple[Unit, ...]:
    """The active stations that `scope` may see, in the order of districts and stations."""
    query = (
        select(
            station,
            district.c.name.label("district_name"),
            district.c.name_en.label("district_name_en"),
        )
        .outerjoin(district, district.c.code == station.c.district_code)
        .where(station.c.is_active == 1, within(scope, station.c.code))
        .order_by(district.c.sort_no, station.c.district_code, station.c.sort_no, station.c.code)
    )
    return tuple(_unit(row) for row in connection.execute(query).mappings())


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


def _unit(row: Any) -> Unit:
    name = row["name"] or row["code"]
    return Unit(
        code=row["code"],
        name=name,
        short_name=row["short_name"] or name,
        name_en=row["name_en"] or name,
        district_code=row["district_code"],
        district_name=row["district_name"],
        district_name_en=row["district_name_en"] or row["district_name"],
        fusion_mode=row["fusion_mode"],
        region_type=row["region_type"],
        residents_10k=row["residents_10k"],
        area_km2=row["area_km2"],
    )
