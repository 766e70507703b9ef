"""Reads of the administration pages: targets, stations, districts, imported files."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from data_access.scope import within
from data_access.tables import account, display_token, district, feed, import_file, station, task_target
from domain.access import Scope
from domain.administration import DistrictRow, ImportRow, StationRow
from domain.errors import NotFound
from domain.targets import TargetRow

_COUNTED = {"targets": task_target, "stations": station, "feeds": feed, "imports": import_file, "accounts": account,
            "displays": display_token}  # fmt: skip


def row_counts(connection: Connection, scope: Scope) -> Mapping[str, int]:
    """How many targets, stations, sources, imported files, accounts and displays there are.

    Raises:
        NotFound: the viewer does not see everything.
    """
    if not scope.everything:
        raise NotFound("error.page_unknown")
    counted = {name: select(func.count()).select_from(table) for name, table in _COUNTED.items()}
    return {name: int(connection.execute(query).scalar() or 0) for name, query in counted.items()}


def target_rows(connection: Connection, scope: Scope) -> tuple[TargetRow, ...]:
    """Every target that was ever set, by station, task and first day."""
    row = task_target.c
    query = select(
        row.station_code, row.task_code, row.valid_from, row.valid_to, row.blue, row.yellow, row.reason, row.set_by
    ).where(within(scope, row.station_code))
    found = connection.execute(query.order_by(row.station_code, row.task_code, row.valid_from))
    return tuple(TargetRow(*one[:6], one[6] or "", one[7] or "") for one in found)


def station_rows(connection: Connection, scope: Scope) -> tuple[StationRow, ...]:
    """Every station, those that were wound up too, by district and order."""
    row = station.c
    query = (
        select(station)
        .outerjoin(district, district.c.code == row.district_code)
        .where(within(scope, row.code))
        .order_by(district.c.sort_no, row.district_code, row.sort_no, row.code)
    )
    return tuple(
        StationRow(
            code=one["code"],
            name=one["name"] or "",
            short_name=one["short_name"] or "",
            name_en=one["name_en"] or "",
            district=one["district_code"] or "",
            fusion_mode=one["fusion_mode"] or "",
            region_type=one["region_type"] or "",
            residents_10k=one["residents_10k"],
            area_km2=one["area_km2"],
            officers=one["officers"],
            active=bool(one["is_active"]),
            updated_at=one["updated_at"],
            sort_no=one["sort_no"],
            lng=one["lng"],
            lat=one["lat"],
        )
        for one in connection.execute(query).mappings()
    )


def district_rows(connection: Connection, scope: Scope) -> tuple[DistrictRow, ...]:
    """Districts that have a station in the scope, closed ones too; all for whoever sees everything."""
    row = district.c
    mine = select(station.c.district_code, func.sum(station.c.is_active).label("active")).where(
        within(scope, station.c.code)
    )
    counted = mine.group_by(station.c.district_code).subquery()
    query = select(district, func.coalesce(counted.c.active, 0).label("stations")).outerjoin(
        counted, counted.c.district_code == row.code
    )
    if not scope.everything:
        query = query.where(counted.c.district_code.is_not(None))
    return tuple(
        DistrictRow(
            code=one["code"],
            name=one["name"] or "",
            name_en=one["name_en"] or "",
            sort_no=one["sort_no"],
            residents_10k=one["residents_10k"],
            area_km2=one["area_km2"],
            active=bool(one["is_active"]),
            updated_at=one["updated_at"],
            stations=int(one["stations"]),
        )
        for one in connection.execute(query.order_by(row.sort_no, row.code)).mappings()
    )


def import_rows(connection: Connection, scope: Scope, *, most: int = 50) -> tuple[ImportRow, ...]:
    """The last imported files, the newest first.

    Raises:
        NotFound: the viewer does not see everything.
    """
    if not scope.everything:
        raise NotFound("error.page_unknown")
    row = import_file.c
    query = select(
        row.import_id, row.profile, row.file_name, row.started_at, row.finished_at, row.rows_read, row.rows_loaded,
        row.rows_unchanged, row.rows_rejected, row.reject_file,
    ).order_by(row.started_at.desc(), row.import_id.desc())  # fmt: skip
    found = connection.execute(query.limit(most))
    return tuple(ImportRow(o[0], o[1] or "", o[2] or "", *o[3:9], o[9] or "") for o in found)
