"""Alerts as they are written, the incidents that make one, and what is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from data_access.readers.organisation import units
from data_access.scope import within
from data_access.tables import alert, board_day, incident
from domain.access import Scope
from domain.alert_views import AlertLine, urgency
from domain.alerts import Alert, AlertKind, AlertRules, IncidentFacts
from domain.board import Unit
from domain.colour import Colour
from domain.errors import NotFound
from domain.placename import PlaceName, place_name

MOST = 2000
RED_DAYS = 60
"""How many days before it was found a red alert's cell is looked back for."""
_TOLD = ("occurred_at", "class_code", "subclass", "road", "cross_road", "address")
_FACTS = ("incident_id", "station_code", "occurred_at", "class_code", "subclass", "deaths", "injuries", "tags")


def open_at(connection: Connection, at: datetime, scope: Scope) -> tuple[AlertLine, ...]:
    """The alerts that are open at an instant, the most urgent first."""
    query = _lines(scope).where(alert.c.began_at <= at, or_(alert.c.ended_at.is_(None), alert.c.ended_at > at))
    return tuple(sorted(_dated(connection, _made(connection, query, scope), scope), key=urgency))


def ended_since(connection: Connection, since: datetime, scope: Scope) -> tuple[AlertLine, ...]:
    """The alerts that ended at `since` or later, the last ended first; the last 2000 of them."""
    query = _lines(scope).where(alert.c.ended_at >= since).order_by(alert.c.ended_at.desc(), alert.c.alert_id)
    return tuple(_made(connection, query, scope))


def waiting_count(connection: Connection, scope: Scope) -> int:
    """How many open alerts nobody has acknowledged."""
    query = select(func.count()).where(alert.c.ended_at.is_(None), alert.c.acked_at.is_(None))
    return int(connection.execute(query.where(within(scope, alert.c.station_code))).scalar() or 0)


def one(connection: Connection, alert_id: str, scope: Scope, *, lock: bool = False) -> Alert:
    """One alert.

    Args:
        lock: nobody else writes it before the transaction ends.

    Raises:
        NotFound: no such alert in the scope.
    """
    query = select(alert).where(alert.c.alert_id == alert_id, within(scope, alert.c.station_code))
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("alert.error.unknown")
    return _alert(row)


def known(connection: Connection, since: datetime, incidents: Sequence[str], scope: Scope) -> tuple[Alert, ...]:
    """The alerts a step must know: open ones, those that ended at `since` or later, those of `incidents`."""
    wanted = [alert.c.ended_at.is_(None), alert.c.ended_at >= since, alert.c.incident_id.in_(incidents)]
    query = select(alert).where(or_(*wanted), within(scope, alert.c.station_code)).order_by(alert.c.alert_id)
    return tuple(_alert(row) for row in connection.execute(query).mappings())


def major_incidents(
    connection: Connection, rules: AlertRules, now: datetime, scope: Scope
) -> tuple[IncidentFacts, ...]:
    """The major incidents of the last `rules.look_back` hours, and those that have an open alert, as they are now."""
    followed = select(alert.c.incident_id).where(alert.c.ended_at.is_(None), alert.c.incident_id.is_not(None))
    mine = list(connection.execute(followed).scalars())  # a list, so that both sides of the "or" use their index
    recent = incident.c.occurred_at > now - timedelta(hours=rules.look_back)
    query = (
        select(*(incident.c[name] for name in _FACTS))
        .where(or_(recent, incident.c.incident_id.in_(mine)), incident.c.occurred_at <= now)
        .where(incident.c.is_valid == 1, incident.c.repeat_of.is_(None), within(scope, incident.c.station_code))
        .where(or_(*_conditions(rules)))
        .order_by(incident.c.incident_id)
    )
    found = (_facts(row) for row in connection.execute(query).mappings())
    return tuple(facts for facts in found if rules.is_major(facts))


def _conditions(rules: AlertRules) -> list[ColumnElement[bool]]:
    """What an incident has at least one of; `rules.is_major` decides."""
    classes = sorted({name.split(".")[0] for name in rules.classes})
    found: list[ColumnElement[bool]] = [incident.c.class_code.in_(classes)]
    if rules.deaths > 0:
        found.append(incident.c.deaths >= rules.deaths)
    if rules.injuries > 0:
        found.append(incident.c.injuries >= rules.injuries)
    return [*found, *(incident.c.tags.contains(tag, autoescape=True) for tag in rules.tags)]


def _facts(row: RowMapping) -> IncidentFacts:
    return IncidentFacts(
        incident_id=row["incident_id"],
        station=row["station_code"],
        occurred_at=row["occurred_at"],
        class_code=row["class_code"] or "",
        subclass=row["subclass"] or "",
        deaths=row["deaths"],
        injuries=row["injuries"],
        tags=tuple(word.strip() for word in re.split("[;,]", row["tags"] or "") if word.strip()),
    )


def _dated(connection: Connection, lines: list[AlertLine], scope: Scope) -> list[AlertLine]:
    """Found ones with the days on which their cell was red before, as they were frozen."""
    found = [line.alert for line in lines if not line.alert.began_known]
    if not found:
        return lines
    t, days = board_day.c, [one.began_at.date() for one in found]
    query = select(t.station_code, t.subject, t.day, t.colour).where(
        t.subject.in_({one.task for one in found if one.task}),
        t.day >= min(days) - timedelta(days=RED_DAYS),
        t.day < max(days),
        within(scope, t.station_code),
    )
    reds = {(code, task, day) for code, task, day, colour in connection.execute(query) if colour == Colour.RED}
    return [line if line.alert.began_known else replace(line, red_days=_red_days(line.alert, reds)) for line in lines]


def _red_days(found: Alert, reds: set[tuple[str, str, date]]) -> date | None:
    """The first day of the run that ends on the day before; None when that day was not red."""
    first = None
    day = found.began_at.date() - timedelta(days=1)
    while (found.station, found.task, day) in reds:
        first, day = day, day - timedelta(days=1)
    return first


def _lines(scope: Scope) -> Select[Any]:
    joined = alert.outerjoin(
        incident, and_(incident.c.incident_id == alert.c.incident_id, within(scope, incident.c.station_code))
    )
    told = [incident.c[name].label(f"i_{name}") for name in _TOLD]
    return select(alert, *told).select_from(joined).where(within(scope, alert.c.station_code)).limit(MOST)


def _made(connection: Connection, query: Select[Any], scope: Scope) -> list[AlertLine]:
    rows = connection.execute(query).mappings().all()
    stations = {unit.code: unit for unit in units(connection, scope)} if rows else {}
    return [_line(row, stations.get(row["station_code"]), scope) for row in rows]


def _line(row: RowMapping, unit: Unit | None, scope: Scope) -> AlertLine:
    place = place_name([(row["i_road"], row["i_cross_road"], row["i_address"])])
    if place.kind == "address" and not scope.sees_rows:
        place = PlaceName()
    return AlertLine(
        alert=_alert(row),
        unit=unit,
        occurred_at=row["i_occurred_at"],
        class_code=row["i_class_code"] or "",
        subclass=row["i_subclass"] or "",
        place=place,
    )


def _alert(row: RowMapping) -> Alert:
    return Alert(
        alert_id=row["alert_id"],
        kind=AlertKind.MAJOR if row["kind"] == AlertKind.MAJOR else AlertKind.RED,
        station=row["station_code"],
        began_at=row["began_at"],
        task=row["task_code"],
        incident_id=row["incident_id"],
        ended_at=row["ended_at"],
        value=row["value"],
        target=row["target"],
        deaths=row["deaths"],
        injuries=row["injuries"],
        acked_at=row["acked_at"],
        acked_by=row["acked_by"] or "",
        ack_note=row["ack_note"] or "",
    )
