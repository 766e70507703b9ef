"""Writing about the assessment: each deed is one transaction with exactly one entry in the audit log.

A locked month is never overwritten: locking it again writes a further version beside the ones before.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from data_access.assessment_rows import rows_of
from data_access.audit import Deed, append
from data_access.bulk import bulk_insert
from data_access.engine import writing
from data_access.scope import within
from data_access.state import raise_version
from data_access.tables import (
    assessment_adjustment,
    assessment_appeal,
    assessment_lock_line,
    assessment_month,
    assessment_score,
    station,
)
from domain.access import Scope
from domain.assessment_guards import Guard
from domain.assessment_inputs import Adjustment
from domain.assessment_records import CORRECTED, LOCKED, NewAdjustment, NewAppeal
from domain.assessment_score import StationScore
from domain.errors import NotFound, Refused

SUBJECT = "assessment:"
_SCORE_COLUMNS = tuple(column.name for column in assessment_score.columns)


@dataclass(frozen=True)
class Lock:
    """A month to be frozen. `rules`: their text; `changes`: how many numbers differ from the version before."""

    period: str
    rule_version: str
    rules: str
    input_digest: str
    by: str
    at: datetime
    note: str
    scores: Sequence[StationScore]
    guards: Mapping[str, Sequence[Guard]]
    changes: int = 0


def write_lock(engine: Engine, lock: Lock, seen: int) -> int:
    """Freeze a month; returns the number of its version.

    Args:
        seen: the newest version that the lock was decided on, 0 for none.

    Raises:
        Refused: somebody locked the month meanwhile.
    """
    with writing(engine) as connection:
        raise_version(connection, lock.at)  # first: this row makes writers wait for each other
        if newest_version(connection, lock.period) != seen:
            raise Refused("assessment.refused.meanwhile", period=lock.period)
        version = seen + 1
        connection.execute(assessment_month.insert().values(**_head(lock, version)))
        bulk_insert(connection, assessment_score, _SCORE_COLUMNS, _score_rows(lock, version))
        lines = [line for score in lock.scores for line in score.adjustments]
        if lines:
            connection.execute(assessment_lock_line.insert(), [_line(lock.period, version, line) for line in lines])
        told = f"version {version}, rules {lock.rule_version}, {len(lock.scores)} stations, digest {lock.input_digest}"
        more = f", {lock.changes} numbers changed: {lock.note}" if version > 1 else ""
        _log(connection, lock.by, "lock" if version == 1 else "correct", lock.period, told + more, at=lock.at)
    return version


def newest_version(connection: Connection, period: str) -> int:
    """The newest version of a locked month; 0 while it is not locked. Says nothing of any station."""
    query = select(func.max(assessment_month.c.version)).where(assessment_month.c.period == period)
    return int(connection.execute(query).scalar() or 0)


def _head(lock: Lock, version: int) -> dict[str, Any]:
    return {
        "period": lock.period,
        "version": version,
        "status": LOCKED if version == 1 else CORRECTED,
        "rule_version": lock.rule_version,
        "input_digest": lock.input_digest,
        "locked_by": lock.by,
        "locked_at": lock.at,
        "note": lock.note,
        "rules": lock.rules,
    }


def _score_rows(lock: Lock, version: int) -> list[tuple[Any, ...]]:
    fixed = {"period": lock.period, "version": version}
    rows = [row | fixed for score in lock.scores for row in rows_of(score, lock.guards.get(score.code, ()))]
    return [tuple(row.get(name) for name in _SCORE_COLUMNS) for row in rows]


def _line(period: str, version: int, line: Adjustment) -> dict[str, Any]:
    return {
        "period": period,
        "version": version,
        "adjustment_id": line.adjustment_id,
        "station_code": line.station,
        "points": line.points,
        "matter": line.matter,
        "document": line.document,
        "author": line.author,
        "written_at": line.written_at,
    }


def add_adjustment(engine: Engine, new: NewAdjustment, at: datetime, scope: Scope, *, correcting: bool = False) -> str:
    """Write one line of points; returns its identifier.

    Args:
        correcting: the month is locked, and this line is for its correction.

    Raises:
        Refused: the month is locked and no correction is being made.
        NotFound: the station is not in the scope.
    """
    key = f"A{new.period}-{uuid.uuid4().hex[:10]}"
    with writing(engine) as connection:
        raise_version(connection, at)
        _open_or_correcting(connection, new.period, correcting)
        _station_is_ours(connection, new.station, scope)
        connection.execute(
            assessment_adjustment.insert().values(
                adjustment_id=key,
                period=new.period,
                station_code=new.station,
                points=new.points,
                matter=new.matter.strip(),
                document=new.document.strip(),
                author=new.author.strip(),
                written_at=at,
            )
        )
        told = f"{new.station} {new.points:+g}: {new.matter} ({new.document})"
        _log(connection, new.author, "adjust", f"{new.period}:{key}", told, at=at)
    return key


def withdraw_adjustment(
    engine: Engine, key: str, by: str, reason: str, *, at: datetime, scope: Scope, correcting: bool = False
) -> None:
    """Let a line count no more. It stays to be seen, with who withdrew it and why.

    Raises:
        NotFound: no such line in the scope.
        Refused: nobody or no reason is named, it is withdrawn already, or its month is locked (see `add_adjustment`).
    """
    if not by.strip() or not reason.strip():
        raise Refused("assessment.refused.reason")
    table = assessment_adjustment
    with writing(engine) as connection:
        raise_version(connection, at)
        query = select(table).where(table.c.adjustment_id == key, within(scope, table.c.station_code))
        found = connection.execute(query).mappings().first()
        if found is None:
            raise NotFound("assessment.unknown.adjustment", code=key[:40])
        if found["withdrawn_at"] is not None:
            raise Refused("assessment.refused.withdrawn")
        _open_or_correcting(connection, found["period"], correcting)
        values = {"withdrawn_at": at, "withdrawn_by": by.strip(), "withdrawn_reason": reason.strip()}
        connection.execute(table.update().where(table.c.adjustment_id == key).values(**values))
        _log(connection, by, "withdraw", f"{found['period']}:{key}", reason, at=at)


def file_appeal(engine: Engine, new: NewAppeal, at: datetime, scope: Scope) -> str:
    """Write what a station says to its score; returns its identifier.

    Raises:
        NotFound: the station is not in the scope.
    """
    key = f"P{new.period}-{uuid.uuid4().hex[:10]}"
    with writing(engine) as connection:
        raise_version(connection, at)
        _station_is_ours(connection, new.station, scope)
        connection.execute(
            assessment_appeal.insert().values(
                appeal_id=key,
                period=new.period,
                version=new.version,
                station_code=new.station,
                indicator=new.indicator or None,
                body=new.body.strip(),
                author=new.author.strip(),
                written_at=at,
            )
        )
        _log(connection, new.author, "appeal", f"{new.period}:{key}", f"{new.station} {new.indicator}".strip(), at=at)
    return key


def reply_appeal(engine: Engine, key: str, reply: str, by: str, *, at: datetime, scope: Scope) -> None:
    """Answer an appeal, once.

    Raises:
        NotFound: no such appeal in the scope.
        Refused: nothing is said, nobody says it, or it was answered before.
    """
    if not by.strip() or not reply.strip():
        raise Refused("assessment.refused.text")
    table = assessment_appeal
    with writing(engine) as connection:
        raise_version(connection, at)
        query = select(table).where(table.c.appeal_id == key, within(scope, table.c.station_code))
        found = connection.execute(query).mappings().first()
        if found is None:
            raise NotFound("assessment.unknown.appeal", code=key[:40])
        if found["replied_at"] is not None:
            raise Refused("assessment.refused.replied")
        values = {"reply": reply.strip(), "replied_by": by.strip(), "replied_at": at}
        connection.execute(table.update().where(table.c.appeal_id == key).values(**values))
        _log(connection, by, "reply", f"{found['period']}:{key}", reply[:200], at=at)


def _open_or_correcting(connection: Connection, period: str, correcting: bool) -> None:
    if newest_version(connection, period) and not correcting:
        raise Refused("assessment.refused.locked", period=period)


def _station_is_ours(connection: Connection, code: str, scope: Scope) -> None:
    query = select(station.c.code).where(station.c.code == code, within(scope, station.c.code))
    if connection.execute(query).first() is None:
        raise NotFound("error.station_unknown", code=code[:20])


def _log(connection: Connection, actor: str, action: str, subject: str, detail: str, *, at: datetime) -> None:
    append(connection, Deed(actor.strip(), action, f"{SUBJECT}{subject}", detail), at)
