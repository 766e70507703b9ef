"""What the suggestion of fusion modes rests on: a stretch's incidents, cases, violations, hazards and publicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from data_access.scope import within
from data_access.tables import incident, work_order, work_record
from domain.access import Scope
from domain.span import Span

CASES, VIOLATIONS, PUBLICITY, HAZARDS = "security_case", "violation", "publicity", "hazard"


@dataclass(frozen=True)
class FusionCounts:
    """Sums of a stretch.

    Args:
        incidents: station -> {accidents, deaths, congestion, petitions}, of valid ones.
        work: kind of record -> station -> sum of quantities; a kind nobody has any row of is absent.
        hazards: station -> hazards reported and not withdrawn; empty when there are none at all.
    """

    incidents: Mapping[str, Mapping[str, float]]
    work: Mapping[str, Mapping[str, float]]
    hazards: Mapping[str, float]


def fusion_counts(connection: Connection, span: Span, scope: Scope) -> FusionCounts:
    """The sums of a stretch, for the stations of the scope."""
    work: dict[str, dict[str, float]] = {}
    for kind, station, quantity in connection.execute(_work(span, scope)):
        work.setdefault(kind, {})[station] = float(quantity)
    hazards = {station: float(count) for station, count in connection.execute(_hazards(span, scope))}
    found = {}
    for row in connection.execute(_incidents(span, scope)).mappings():
        found[row["station_code"]] = {name: float(value or 0) for name, value in row.items() if name != "station_code"}
    return FusionCounts(found, work, hazards)


def _inside(column: Any, span: Span) -> ColumnElement[bool]:
    return and_(column >= span.start, column < span.end)


def _incidents(span: Span, scope: Scope) -> Any:
    def total(name: str, condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0)).label(name)

    table = incident
    congestion = and_(table.c.class_code == "order", table.c.subclass == "congestion")
    return (
        select(
            table.c.station_code,
            total("accidents", table.c.class_code == "accident"),
            func.sum(table.c.deaths).label("deaths"),
            total("congestion", congestion),
            total("petitions", table.c.channel == "petition"),
        )
        .where(_inside(table.c.occurred_at, span), table.c.is_valid == 1, table.c.station_code.is_not(None))
        .where(within(scope, table.c.station_code))
        .group_by(table.c.station_code)
    )


def _work(span: Span, scope: Scope) -> Any:
    table = work_record
    return (
        select(table.c.kind, table.c.station_code, func.sum(table.c.quantity))
        .where(table.c.kind.in_((CASES, VIOLATIONS, PUBLICITY)), table.c.has_evidence == 1)
        .where(_inside(table.c.at, span), table.c.station_code.is_not(None), within(scope, table.c.station_code))
        .group_by(table.c.kind, table.c.station_code)
    )


def _hazards(span: Span, scope: Scope) -> Any:
    table = work_order
    kept = or_(table.c.status.is_(None), table.c.status != "withdrawn")
    return (
        select(table.c.station_code, func.count())
        .where(table.c.kind == HAZARDS, kept, _inside(table.c.created_at, span))
        .where(table.c.station_code.is_not(None), within(scope, table.c.station_code))
        .group_by(table.c.station_code)
    )
