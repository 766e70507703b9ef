"""Changing a station's fusion mode: an administrator's act with a reason, written to the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.scope import within
from data_access.state import raise_version
from data_access.tables import station
from domain.access import Scope
from domain.assessment_rules import MODES
from domain.errors import NotFound, Refused


def change_mode(engine: Engine, code: str, mode: str, *, by: str, reason: str, at: datetime, scope: Scope) -> str:
    """Give a station another fusion mode; returns the one before ("" for none).

    Locked months keep the mode they were scored by; months that are open are scored by the new one.

    Raises:
        NotFound: no such station in the scope.
        Refused: no such mode, it has this mode already, nobody or no reason is named.
    """
    if mode not in MODES:
        raise Refused("assessment.refused.mode")
    if not by.strip():
        raise Refused("assessment.refused.author")
    if not reason.strip():
        raise Refused("assessment.refused.reason")
    with writing(engine) as connection:
        raise_version(connection, at)
        query = select(station.c.fusion_mode).where(station.c.code == code, within(scope, station.c.code))
        found = connection.execute(query).first()
        if found is None:
            raise NotFound("error.station_unknown", code=code[:20])
        before = found[0] or ""
        if before == mode:
            raise Refused("assessment.refused.same_mode")
        connection.execute(station.update().where(station.c.code == code).values(fusion_mode=mode, updated_at=at))
        append(connection, Deed(by.strip(), "fusion_mode", f"station:{code}", f"{before} > {mode}: {reason}"), at)
    return before
