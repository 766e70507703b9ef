"""What is there before anything happens: organisation, boundaries, background, own targets, hot-spot records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from data_access.demo.ground import background
from data_access.demo.hotspots import hotspot_rows
from data_access.demo.places import GRIDS
from data_access.demo.world import CENTRE, Station, World

OWN_ARRIVAL = (38.0, 28.0)
OWN_PUBLICITY = (240.0, 190.0)
ROSTER_LEADERS, ROSTER_AHEAD_DAYS = 7, 90
Values = Mapping[str, Any]


def fixed_rows(world: World, now: datetime, first: datetime) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Table name and rows, without updated_at.

    Args:
        now: the moment of loading. first: the moment the history begins.
    """
    yield "district", [_district(world)]
    yield "squadron", [{**one, "district_code": world.words["district"]["code"]} for one in world.words["squadron"]]
    yield "station", [_station(world, station) for station in world.stations]
    yield "duty_grid", [grid for station in world.stations for grid in _grids(world, station)]
    yield "boundary", [*_boundaries(world), *background(world)]
    yield "task_target", list(_targets(world, first))
    yield "duty_roster", list(_roster(world, now, first))
    yield from hotspot_rows(world, now)


def _roster(world: World, now: datetime, first: datetime) -> Iterator[dict[str, Any]]:
    """One leader a day from half past eight on, in turn, and some weeks ahead."""
    people = world.words["people"]
    for day in range(-1, (now - first).days + ROSTER_AHEAD_DAYS):
        begins = first + timedelta(days=day, hours=8, minutes=30)
        surname = people["surnames"][begins.toordinal() % ROSTER_LEADERS]
        yield {
            "district_code": world.words["district"]["code"],
            "starts_at": begins.isoformat(" "),
            "ends_at": (begins + timedelta(days=1)).isoformat(" "),
            "leader_name": f"{surname}{people['given'][0]}",
        }


def _district(world: World) -> dict[str, Any]:
    return {
        **world.words["district"],
        "sort_no": 1,
        "residents_10k": round(sum(station.residents for station in world.stations), 2),
        "area_km2": round(sum(station.area for station in world.stations), 2),
        "lng": CENTRE[0],
        "lat": CENTRE[1],
    }


def _station(world: World, station: Station) -> dict[str, Any]:
    return {
        "code": station.code,
        "district_code": world.words["district"]["code"],
        "squadron_code": station.squadron,
        "name": station.name,
        "short_name": station.short_name,
        "name_en": station.name_en,
        "region_type": station.region,
        "fusion_mode": station.mode,
        "sort_no": station.no,
        "residents_10k": station.residents,
        "area_km2": station.area,
        "officers": station.officers,
        "lng": round(station.lng, 6),
        "lat": round(station.lat, 6),
    }


def _grids(world: World, station: Station) -> list[dict[str, Any]]:
    word = world.words["suffix"]["grid"]
    return [
        {
            "code": f"{station.code[:8]}{number:04d}",
            "station_code": station.code,
            "name": f"{station.short_name}{word}{number}",
        }
        for number in range(1, GRIDS + 1)
    ]


def _boundaries(world: World) -> Iterator[dict[str, Any]]:
    district = world.words["district"]
    yield _boundary("district", district["code"], district["name"], world.places.outline)
    for station, cell in zip(world.stations, world.places.cells, strict=True):
        yield _boundary("station", station.code, station.name, cell)


def _boundary(kind: str, code: str, name: str, shape: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.set_precision(shape, 1e-5)
    return {
        "code": f"{kind}-{code}",
        "subject_kind": kind,
        "subject_code": code,
        "name": name,
        "geojson": json.dumps(shapely.geometry.mapping(rounded)),
        "is_sketch": 1,
        "origin": "demo",
    }


def _targets(world: World, first: datetime) -> Iterator[dict[str, Any]]:
    reasons = world.words["target"]
    for station in world.stations:
        common = {
            "station_code": station.code,
            "valid_from": first.date().isoformat(),
            "set_by": reasons["set_by"],
        }
        if station.region == "rural" and station.area >= 36:
            blue, yellow = OWN_ARRIVAL
            yield {**common, "task_code": "T1-02", "blue": blue, "yellow": yellow, "reason": reasons["reason_far"]}
        if station.residents < 3:
            blue, yellow = OWN_PUBLICITY
            yield {**common, "task_code": "T3-06", "blue": blue, "yellow": yellow, "reason": reasons["reason_small"]}
