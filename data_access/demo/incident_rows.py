"""Rows of table incident, from the day's arrays."""

from __future__ import annotations

from typing import Any

import h3
import numpy as np

from data_access.demo.incidents import ACCIDENT, CLASSES, ORDER, SEVERITIES, Day
from data_access.demo.rows import DAY, NEVER, Rows, either

CELL_RESOLUTION = 9
PETITIONS = {"urban": 0.030, "fringe": 0.168, "rural": 0.030}
"""Share of order calls that come as petitions about disorder: 3 955 a year, 60 % from the fringe."""

MOVING_STATION, MOVED_SHARE = 4, 0.05
LATE_STATION, LATE_SHARE = 16, 0.05
"""Two stations whose numbers ask for a look: positions in the list of stations, and shares of their incidents."""


def cells_of(day: Day) -> list[str | None]:
    """H3 cell of each usable position."""
    found = h3.latlng_to_cell
    return [
        None if issue else found(lat, lng, CELL_RESOLUTION)
        for lat, lng, issue in zip(day.lat.tolist(), day.lng.tolist(), day.place_issue.tolist(), strict=True)
    ]


def incident_rows(day: Day, tags: list[str | None], contents: list[str]) -> Rows:
    """Rows of table incident.

    Args:
        tags, contents: one per incident, from its parties.
    """
    clocks = day.clocks
    return Rows(
        table="incident",
        born=clocks["entered"],
        times={
            "occurred_at": clocks["occurred"],
            "reported_at": clocks["reported"],
            "entered_at": _entered(day),
            "closed_at": clocks["closed"],
            "traced_at": either(day.valid == 1, clocks["traced"], NEVER),
        },
        cells={**_identity(day), **_place_cells(day), **_outcome(day), "tags": tags, "content": contents},
        gates={
            "deaths": ("closed_at", 0),
            "serious_injuries": ("closed_at", 0),
            "loss_yuan": ("closed_at", None),
        },
    )


def _entered(day: Day) -> np.ndarray:
    """When incidents were typed in: at once, but at one station a few of them a day and a half later."""
    rng = day.world.rng("entered", day.day.toordinal())
    late = (day.station == LATE_STATION) & (rng.random(len(day)) < LATE_SHARE)
    return either(late, day.clocks["occurred"] + rng.integers(26, 44, len(day)) * 3600, day.clocks["entered"])


def _was(day: Day, usual: np.ndarray) -> np.ndarray:
    """The class before a correction; one station moves more accidents away from traffic than others do."""
    rng = day.world.rng("moved", day.day.toordinal())
    moved = (day.station == MOVING_STATION) & (day.kind != ACCIDENT) & (rng.random(len(day)) < MOVED_SHARE)
    return either(moved, "accident", usual)


def _identity(day: Day) -> dict[str, Any]:
    stations = day.world.stations
    rng = day.world.rng("identity", day.day.toordinal())
    n = len(day)
    regions = day.world.regions[day.station]
    petition = (day.kind == ORDER) & (rng.random(n) < np.array([PETITIONS[region] for region in regions.tolist()]))
    channel = either(rng.random(n) < 0.9, "phone", "app").astype(object)
    channel[petition] = "petition"
    squadrons = np.array([station.squadron for station in stations], dtype=object)
    reasons = np.array(["nuisance", "test", "duplicate"], dtype=object)[rng.integers(0, 3, n)]
    classes = np.array(CLASSES, dtype=object)[day.kind]
    subclass = day.subclass.copy()
    hurt = day.severity >= 0
    subclass[hurt] = np.array(SEVERITIES, dtype=object)[day.severity[hurt]]
    surnames = day.world.words["people"]["surnames"]
    given = day.world.words["people"]["given"]
    return {
        "incident_id": day.ids,
        "source": "demo",
        "station_code": day.world.codes[day.station],
        "squadron_code": squadrons[day.station],
        "grid_code": [day.world.places.grid[place] for place in day.place.tolist()],
        "class_code": classes,
        "subclass": subclass,
        "reclassified_from": _was(day, either(rng.random(n) < 0.004, "accident", None)),
        "channel": channel,
        "found_by": either(rng.random(n) < 0.94, "citizen", "officer"),
        "is_valid": day.valid,
        "invalid_reason": either(day.valid == 1, None, reasons),
        "repeat_of": [day.ids[parent] if parent >= 0 else None for parent in day.parent.tolist()],
        "caller_name": [surnames[s % len(surnames)] + given[s % len(given)] for s in day.surname.tolist()],
        "caller_phone": [f"1380000{number:04d}" for number in day.phone.tolist()],
    }


def _place_cells(day: Day) -> dict[str, Any]:
    places, found = day.world.places, day.place.tolist()
    missing = (day.place_issue == "missing") | (day.place_issue == "impossible")
    lng = either(missing, None, day.lng.astype(object))
    lat = either(missing, None, day.lat.astype(object))
    return {
        "address": [places.address[i] for i in found],
        "road": [places.road[i] for i in found],
        "cross_road": [places.cross_road[i] for i in found],
        "road_type": [places.road_type[i] for i in found],
        "lng": lng,
        "lat": lat,
        "crs": "EPSG:4326",
        "cell": cells_of(day),
        "place_issue": day.place_issue,
    }


def _outcome(day: Day) -> dict[str, Any]:
    rng = day.world.rng("outcome", day.day.toordinal())
    hours = (day.clocks["occurred"] % DAY) // 3600
    loss = np.round(rng.lognormal(6.9, 0.9, len(day)), -1)
    severities = np.array([*SEVERITIES, None], dtype=object)
    return {
        "deaths": (day.severity == 3).astype(np.int64),
        "injuries": day.injuries,
        "serious_injuries": (day.severity == 2).astype(np.int64),
        "loss_yuan": either(day.kind == ACCIDENT, loss.astype(object), None),
        "severity": severities[day.severity],
        "weather": day.weather,
        "surface": "wet" if day.weather == "rain" else "dry",
        "lighting": either((hours >= 6) & (hours < 18), "day", "night_lit"),
    }
