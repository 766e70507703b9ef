"""Locked months, adjustments and appeals, as they were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from data_access.assessment_rows import TOTAL, guards_of, score_of
from data_access.scope import within
from data_access.tables import (
    assessment_adjustment,
    assessment_appeal,
    assessment_lock_line,
    assessment_month,
    assessment_score,
)
from domain.access import Scope
from domain.assessment_inputs import Adjustment
from domain.assessment_records import AdjustmentRecord, Appeal, LockedMonth, LockHead, TotalRow
from domain.assessment_rules import BLOCKS, AssessmentRules
from domain.errors import NotFound

_HEAD = ("period", "version", "status", "rule_version", "input_digest", "locked_by", "locked_at", "note")
_SCORE = tuple(assessment_score.c.keys())
_LINE = ("adjustment_id", "station_code", "points", "matter", "document", "author", "written_at")


def heads(connection: Connection, scope: Scope, periods: Sequence[str] | None = None) -> tuple[LockHead, ...]:
    """Every version of locked months that holds a station of the scope, oldest first.

    Args:
        periods: only these months; None means all.
    """
    month, score = assessment_month, assessment_score
    holds = exists().where(
        score.c.period == month.c.period, score.c.version == month.c.version, within(scope, score.c.station_code)
    )
    query = select(*(month.c[name] for name in _HEAD)).where(holds).order_by(month.c.period, month.c.version)
    if periods is not None:
        query = query.where(month.c.period.in_(periods))
    return tuple(_head(row) for row in connection.execute(query))


def _head(row: Any) -> LockHead:
    period, version, status, rules, digest, by, at, note = row
    return LockHead(period, version, status or "", rules or "", digest or "", by or "", at, note or "")


def locked_month(
    connection: Connection, head: LockHead, rules_of: Callable[[str], AssessmentRules], scope: Scope
) -> LockedMonth:
    """Everything of one version that the scope may see.

    Args:
        head: one of `heads`. rules_of: reads the text of the rules that the version was scored by.

    Raises:
        NotFound: the version holds no station of the scope.
    """
    key = (head.period, head.version)
    query = select(assessment_score).where(_is(assessment_score, key), within(scope, assessment_score.c.station_code))
    stations: dict[str, list[dict[str, Any]]] = {}
    for values in connection.execute(query.order_by(assessment_score.c.station_code)).all():
        row = dict(zip(_SCORE, values, strict=True))  # thousands of rows: far quicker than mappings()
        stations.setdefault(row["station_code"], []).append(row)
    if not stations:
        raise NotFound("assessment.unknown.version", code=str(head.version))
    text = connection.execute(select(assessment_month.c.rules).where(_is(assessment_month, key))).scalar() or ""
    rules = rules_of(text)
    lines = _lines(connection, key, scope)
    return LockedMonth(
        head=head,
        rules=text,
        scores=tuple(score_of(rows, rules, lines.get(code, ())) for code, rows in stations.items()),
        guards={code: guards_of(rows) for code, rows in stations.items()},
    )


def _is(table: Any, key: tuple[str, int]) -> ColumnElement[bool]:
    return and_(table.c.period == key[0], table.c.version == key[1])


def _lines(connection: Connection, key: tuple[str, int], scope: Scope) -> dict[str, tuple[Adjustment, ...]]:
    table = assessment_lock_line
    query = (
        select(*(table.c[name] for name in _LINE))
        .where(_is(table, key), within(scope, table.c.station_code))
        .order_by(table.c.written_at, table.c.adjustment_id)
    )
    found: dict[str, tuple[Adjustment, ...]] = {}
    for row in connection.execute(query):
        found[row.station_code] = (*found.get(row.station_code, ()), Adjustment(*row))
    return found


def locked_totals(
    connection: Connection, versions: Mapping[str, int], scope: Scope, stations: Sequence[str] | None = None
) -> tuple[TotalRow, ...]:
    """Totals of locked months, by month and station.

    Args:
        versions: month as "2024-05" -> the version to read. stations: only these; None means all of the scope.
    """
    score = assessment_score
    if not versions:
        return ()
    wanted = [and_(score.c.period == period, score.c.version == version) for period, version in versions.items()]
    names = ("period", "version", "station_code", "indicator", "points", "colour", "place", "place_of")
    whose = ("district_code", "residents_10k")
    query = (
        select(*(score.c[name] for name in (*names, *whose)))
        .where(or_(*wanted))
        .where(score.c.indicator.in_([TOTAL, *(f"block:{block}" for block in BLOCKS)]))
        .where(within(scope, score.c.station_code))
    )
    if stations is not None:
        query = query.where(score.c.station_code.in_(stations))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query):
        found.setdefault((row.period, row.station_code), {})[row.indicator] = row
    return tuple(_total(key, rows) for key, rows in sorted(found.items()))


def _total(key: tuple[str, str], rows: dict[str, Any]) -> TotalRow:
    total = rows[TOTAL]
    outcome, process = (rows[f"block:{block}"].points for block in BLOCKS)
    return TotalRow(
        period=key[0],
        station=key[1],
        total=total.points,
        outcome=outcome,
        process=process,
        colour=total.colour,
        rank=total.place,
        of=total.place_of or 0,
        district=total.district_code,
        residents_10k=total.residents_10k,
        version=total.version,
    )


def adjustments(connection: Connection, periods: Sequence[str], scope: Scope) -> tuple[AdjustmentRecord, ...]:
    """Adjustments of these months, withdrawn ones among them, in the order they were written."""
    table = assessment_adjustment
    names = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
    query = (
        select(table.c.period, *(table.c[name] for name in (*_LINE, *names)))
        .where(table.c.period.in_(periods), within(scope, table.c.station_code))
        .order_by(table.c.written_at, table.c.adjustment_id)
    )
    return tuple(
        AdjustmentRecord(row[0], Adjustment(*row[1:8]), row[8], row[9] or "", row[10] or "")
        for row in connection.execute(query)
    )


def appeals(
    connection: Connection, scope: Scope, period: str | None = None, stations: Sequence[str] | None = None
) -> tuple[Appeal, ...]:
    """Appeals and their answers, the newest first.

    Args:
        period: only this month's. stations: only these stations'.
    """
    table = assessment_appeal
    names = ("appeal_id", "period", "version", "station_code", "indicator", "body", "author", "written_at")
    reply = ("reply", "replied_by", "replied_at")
    query = select(*(table.c[name] for name in (*names, *reply))).where(within(scope, table.c.station_code))
    if period is not None:
        query = query.where(table.c.period == period)
    if stations is not None:
        query = query.where(table.c.station_code.in_(stations))
    query = query.order_by(table.c.written_at.desc(), table.c.appeal_id)
    return tuple(_appeal(row) for row in connection.execute(query))


def _appeal(row: Any) -> Appeal:
    return Appeal(
        appeal_id=row.appeal_id,
        period=row.period,
        version=row.version or 0,
        station=row.station_code,
        indicator=row.indicator or "",
        body=row.body or "",
        author=row.author or "",
        written_at=row.written_at,
        reply=row.reply or "",
        replied_by=row.replied_by or "",
        replied_at=row.replied_at,
    )
