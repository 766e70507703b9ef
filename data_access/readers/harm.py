"""The four figures of harm out of the rows of incidents: accidents, deaths, injuries, property damage."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from data_access.scope import within
from data_access.tables import incident
from domain.access import Scope
from domain.assessment_book import Harm
from domain.span import Span

ACCIDENT = "accident"


def harm_counts(connection: Connection, span: Span, scope: Scope) -> dict[str | None, Harm]:
    """Station -> its valid accidents of a stretch; under None those without a station, for who sees everything."""
    table = incident
    sums = (func.sum(table.c[name]) for name in ("deaths", "injuries"))
    query = (
        select(table.c.station_code, func.count(), *sums, func.sum(table.c.loss_yuan), func.count(table.c.loss_yuan))
        .where(table.c.occurred_at >= span.start, table.c.occurred_at < span.end, _counted())
        .where(within(scope, table.c.station_code))
        .group_by(table.c.station_code)
    )
    return {row[0]: _harm(row[1:]) for row in connection.execute(query)}


def first_accident(connection: Connection, scope: Scope) -> date | None:
    """The day of the first valid accident; None without any. Before it nobody counted."""
    mine = and_(_counted(), within(scope, incident.c.station_code))
    first = connection.execute(select(func.min(incident.c.occurred_at)).where(mine)).scalar()
    return first.date() if first else None


def _counted() -> ColumnElement[bool]:
    return and_(incident.c.class_code == ACCIDENT, incident.c.is_valid == 1)


def _harm(row: Any) -> Harm:
    accidents, deaths, injuries, loss, stated = row
    return Harm(int(accidents), int(deaths or 0), int(injuries or 0), float(loss or 0), int(stated))
