"""Who leads the duty."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select, true

from data_access.scope import within
from data_access.tables import duty_roster, station
from domain.access import Scope

WHOLE = "*"
"""District code of a shift that leads the whole unit."""
LONGEST_SHIFT = timedelta(hours=24)
_MOST_NAMES = 3


def leader_on(connection: Connection, at: datetime, scope: Scope) -> str | None:
    """The name of the duty leader at `at`; None where no shift covers it.

    A viewer of everything is told the leader of the whole unit where there is one, else those of the districts;
    others the leaders of their own districts. Several names, three at most, are joined by a middle dot.
    """
    rota = duty_roster.c
    query = (
        select(rota.district_code, rota.leader_name)
        .where(rota.starts_at <= at, rota.starts_at > at - timedelta(days=31), _mine(scope))
        .where(or_(rota.ends_at > at, rota.ends_at.is_(None) & (rota.starts_at > at - LONGEST_SHIFT)))
        .order_by(rota.district_code, rota.starts_at)
    )
    # The shift that began last wins: it ends an open one before it.
    leaders = {str(code): str(name).strip() for code, name in connection.execute(query)}
    if leaders.get(WHOLE):
        return leaders[WHOLE]
    names = list(dict.fromkeys(name for name in leaders.values() if name))
    return " · ".join(names[:_MOST_NAMES]) or None


def _mine(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    mine = select(station.c.district_code).where(within(scope, station.c.code))
    return duty_roster.c.district_code.in_(mine)
