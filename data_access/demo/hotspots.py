"""Hot-spot records of the demo: what `courses.TREATMENTS` tells, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from data_access.demo.courses import TREATMENTS, Treatment, place_number
from data_access.demo.rows import day_start, time_texts
from data_access.demo.world import World
from data_access.tables import hotspot, incident

RADIUS_M, WINDOW_DAYS = 100, 90
METRES_A_DEGREE = 111_320.0
_MEASURE_DAYS = (4, 17)
Values = dict[str, Any]


def hotspot_rows(world: World, now: datetime) -> Iterator[tuple[str, list[Values]]]:
    """Rows of hotspot, hotspot_plan and hotspot_measure, without updated_at."""
    cases = [(_spot(world, now, rank, one), one) for rank, one in enumerate(TREATMENTS)]
    yield "hotspot", [spot for spot, _ in cases]
    yield "hotspot_plan", [_plan(world, spot, one) for spot, one in cases if one.due is not None]
    yield "hotspot_measure", [row for spot, one in cases for row in _measures(world, now, spot, one)]


def _moment(now: datetime, ago: int, rank: int = 0, hour: int = 9) -> str:
    return _text(day_start(now.date() - timedelta(days=ago)) + hour * 3600 + rank * 420)


def _text(moment: int) -> str:
    return str(time_texts(np.array([moment]))[0])


def _spot(world: World, now: datetime, rank: int, one: Treatment) -> Values:
    places, place = world.places, place_number(one.place)
    station = world.stations[one.place[0]]
    return {
        "hotspot_id": f"HOT-{station.code}-{rank + 1}",
        "station_code": station.code,
        "kind": places.kind[place],
        "name": places.address[place],
        "lng": round(float(places.lng[place]), 6),
        "lat": round(float(places.lat[place]), 6),
        "radius_m": RADIUS_M,
        "status": one.status,
        "opened_at": _moment(now, one.opened, rank),
        "closed_at": None if one.ended is None else _moment(now, one.ended, rank),
        "leader_name": None if one.due is None else _leader(world, rank),
        "origin": one.origin,
        "class_code": one.class_code,
        "window_days": WINDOW_DAYS,
        "window_count": None,
        "treated_at": None if one.treated is None else _moment(now, one.treated, rank),
        "ended_reason": world.words["hotspot"]["withdrawn"] if one.status == "withdrawn" else None,
    }


def _leader(world: World, rank: int) -> str:
    return f"{world.words['people']['officer']}{rank + 1:02d}"


def _plan(world: World, spot: Values, one: Treatment) -> Values:
    opened = datetime.fromisoformat(spot["opened_at"])
    begun = datetime.fromisoformat(spot["treated_at"] or spot["opened_at"])
    return {
        "hotspot_id": spot["hotspot_id"],
        "plan": world.words["plan"][spot["kind"]],
        "leader_name": spot["leader_name"],
        "planned_at": str(opened + timedelta(hours=30)),
        "due_at": str(begun + timedelta(days=one.due or 0)),
    }


def _measures(world: World, now: datetime, spot: Values, one: Treatment) -> Iterator[Values]:
    texts = world.words["plan"]["measures"]
    if one.treated is None:
        return
    for number, later in enumerate(_MEASURE_DAYS):
        yield {
            "measure_id": f"{spot['hotspot_id']}-M{number + 1}",
            "hotspot_id": spot["hotspot_id"],
            "at": _moment(now, one.treated - later, number, 15),
            "measure": texts[(one.place[0] + number) % len(texts)],
            "author": spot["leader_name"],
        }


def count_windows(connection: Connection, first: datetime) -> None:
    """Write how many incidents each record was opened for; nothing where the history begins later than its window."""
    columns = (hotspot.c.hotspot_id, hotspot.c.station_code, hotspot.c.class_code, hotspot.c.opened_at)
    where = (hotspot.c.lng, hotspot.c.lat)
    for key, station, class_code, opened, *centre in connection.execute(select(*columns, *where)).all():
        start = opened - timedelta(days=WINDOW_DAYS)
        values: Values = {"window_days": None}
        if start >= first:
            query = select(incident.c.lng, incident.c.lat).where(
                incident.c.station_code == station,
                incident.c.class_code == class_code,
                incident.c.occurred_at >= start,
                incident.c.occurred_at < opened,
                incident.c.is_valid == 1,
                incident.c.place_issue.is_(None),
            )
            found = np.array(connection.execute(query).all(), dtype=float).reshape(-1, 2)
            values = {"window_count": int((_metres(found, *centre) <= RADIUS_M).sum())}
        connection.execute(hotspot.update().where(hotspot.c.hotspot_id == key).values(**values))


def _metres(points: np.ndarray, lng: float, lat: float) -> np.ndarray:
    """Distance of points (longitude, latitude) from a place near them."""
    east = (points[:, 0] - lng) * np.cos(np.radians(lat))
    found: np.ndarray = np.hypot(east, points[:, 1] - lat) * METRES_A_DEGREE
    return found
