"""Signs of gaming in the rows of a stretch: moved classes, late entries, closings on the last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, false, func, or_, select

from data_access.scope import within
from data_access.tables import incident, work_order
from data_access.types import later
from domain.access import Scope
from domain.assessment_guards import GuardCounts
from domain.assessment_rules import GuardRule
from domain.span import Span

_TRAFFIC = ("accident", "order")


def guard_counts(
    connection: Connection, span: Span, rule: GuardRule, scope: Scope, stations: Sequence[str] | None = None
) -> dict[str, GuardCounts]:
    """Station -> counts of a stretch that ends with a month's last day (or earlier, in a running month).

    Args:
        stations: only these; None means all that `scope` may see.
    """
    found: dict[str, dict[str, int]] = {}
    for query in (_incidents(span, rule), _closings(span, rule)):
        station = query.selected_columns[0]
        query = query.where(within(scope, station))
        if stations is not None:
            query = query.where(station.in_(stations))
        for row in connection.execute(query).mappings():
            values = {name: int(value or 0) for name, value in row.items() if name != "station_code"}
            found.setdefault(row["station_code"], {}).update(values)
    return {code: GuardCounts(**values) for code, values in found.items()}


def _count(condition: Any, name: str) -> Any:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _incidents(span: Span, rule: GuardRule) -> Any:
    """Away from traffic: an accident to another class, an order call to one that is no traffic."""
    was, is_now = incident.c.reclassified_from, incident.c.class_code
    away = or_(and_(was == "accident", is_now != "accident"), and_(was == "order", is_now.not_in(_TRAFFIC)))
    late = incident.c.entered_at > later(incident.c.occurred_at, int(rule.late_hours * 3600))
    return (
        select(
            incident.c.station_code,
            _count(or_(is_now.in_(_TRAFFIC), was.in_(_TRAFFIC)), "incidents"),
            _count(away, "reclassified"),
            func.count(incident.c.entered_at).label("entered"),
            _count(late, "late"),
        )
        .where(incident.c.occurred_at >= span.start, incident.c.occurred_at < span.end)
        .where(incident.c.station_code.is_not(None))
        .group_by(incident.c.station_code)
    )


def _closings(span: Span, rule: GuardRule) -> Any:
    """In a month that is not over, no day is its last."""
    over = span.whole_days and span.end.day == 1
    last_day = work_order.c.closed_at >= span.end - timedelta(days=1) if over else false()
    return (
        select(
            work_order.c.station_code,
            func.count().label("closings"),
            _count(last_day, "last_day"),
        )
        .where(work_order.c.kind.in_(rule.closing_kinds))
        .where(work_order.c.closed_at >= span.start, work_order.c.closed_at < span.end)
        .where(work_order.c.station_code.is_not(None))
        .group_by(work_order.c.station_code)
    )
