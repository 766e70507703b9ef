"""Hazards, supervision notices, enterprise orders and call-backs (work_order)."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from data_access.demo.rows import DAY, NEVER, Rows, day_start
from data_access.demo.tracing import into_daytime
from data_access.demo.world import World, grades_in_week, grades_on

GRADE_DAYS = {"urgent": 1, "important": 7, "general": 15}
HAZARDS = (10, 9, 6)
"""Hazards a week by grade; the target is 10."""
_LAG = (-0.25, 0.30, 0.85)
_TIMES = ("created_at", "due_at", "signed_at", "surveyed_at", "planned_at", "closed_at", "verified_at")


def order_rows(world: World, day: date, full: bool = True) -> list[Rows]:
    """The day's new orders of all kinds but tracing.

    Args:
        full: False leaves out call-backs (old history).
    """
    kept = [_hazards(world, day), _supervisions(world, day), _enterprise(world, day)]
    return [*kept, _callbacks(world, day)] if full else kept


def _rows(world: World, kind: str, station: np.ndarray, times: dict[str, np.ndarray], more: dict[str, Any]) -> Rows:
    words = world.words
    n = len(station)
    day = int(times["created_at"].max(initial=0)) // DAY
    full = {name: times.get(name, np.full(n, NEVER)) for name in _TIMES}
    return Rows(
        table="work_order",
        born=full["created_at"],
        times=full,
        plans=frozenset({"due_at"}),
        gates={"status": ("closed_at", "open"), "review_result": ("verified_at", None)},
        cells={
            "order_id": [f"{kind[0].upper()}{day}-{world.codes[s][6:8]}-{k}" for k, s in enumerate(station.tolist())],
            "source": "demo",
            "kind": kind,
            "station_code": world.codes[station],
            "owner_kind": "station",
            "owner_unit": [world.stations[s].name for s in station.tolist()],
            "owner_name": [f"{words['people']['officer']}{1 + k % 9:02d}" for k in range(n)],
            "status": "closed",
            "review_result": "pass",
            "requirement": words["order"][f"{kind}_need"],
            **more,
        },
    )


def _at_places(world: World, place: np.ndarray) -> dict[str, Any]:
    return {
        "place": [world.places.address[i] for i in place.tolist()],
        "lng": world.places.lng[place].round(6),
        "lat": world.places.lat[place].round(6),
    }


def _hazard_plan(world: World, day: date) -> tuple[np.ndarray, np.ndarray]:
    """Stations and times of the hazards reported on `day`: each week's quota, ahead of pace or behind it."""
    rng = world.rng("hazard-week", (day.toordinal() - 1) // 7)
    grade = grades_in_week(world, day)[:, 6]
    quota = np.array(HAZARDS)[grade] + (rng.random(len(grade)) < 0.45)
    station = np.repeat(np.arange(len(quota)), quota)
    rank = np.arange(len(station)) - np.repeat(np.cumsum(quota) - quota, quota)
    when = rank * 0.7 + np.array(_LAG)[grade][station] + rng.uniform(0, 0.16, len(station))
    when = np.maximum(when, rng.uniform(0.02, 0.15, len(station)))
    today = np.flatnonzero(np.floor(when).astype(np.int64) == day.weekday())
    clock = 7 * 3600 + ((when[today] % 1.0) * 12 * 3600).astype(np.int64)
    return station[today], day_start(day) + clock


def _hazards(world: World, day: date) -> Rows:
    station, created = _hazard_plan(world, day)
    rng = world.rng("hazard", day.toordinal())
    n = len(station)
    grade = grades_on(world, day)[station, 6]
    name = rng.choice(np.array(list(GRADE_DAYS), dtype=object), n, p=[0.12, 0.38, 0.50])
    limit = np.array([GRADE_DAYS[one] for one in name], dtype=np.int64) * DAY
    timely = rng.random(n) < np.array([0.995, 0.95, 0.80])[grade]
    fast = created + (limit * rng.uniform(0.25, 0.62, n)).astype(np.int64)
    slow = into_daytime(created + limit + rng.integers(DAY // 2, 6 * DAY, n))
    closed = np.where(timely, np.where(limit > DAY, into_daytime(fast), fast), slow)
    place = world.places.pick(station, rng.random(n))
    times = {
        "created_at": created,
        "due_at": created + limit,
        "signed_at": created + rng.integers(300, 7200, n),
        "closed_at": np.maximum(closed, created + 7500),
        "verified_at": into_daytime(closed + rng.integers(DAY // 2, 3 * DAY, n)),
    }
    titles = world.words["order"]["hazard"]
    more = {"grade": name, "title": [titles[k] for k in rng.integers(0, len(titles), n).tolist()]}
    return _rows(world, "hazard", station, times, {**more, **_at_places(world, place)})


def _supervisions(world: World, day: date) -> Rows:
    rng = world.rng("supervision", day.toordinal())
    grade_all = grades_on(world, day)[:, 6]
    station = np.flatnonzero(rng.random(len(grade_all)) < np.array([0.13, 0.17, 0.24])[grade_all])
    n, grade = len(station), grade_all[station]
    created = day_start(day) + rng.integers(8 * 3600, 17 * 3600, n)
    looked = rng.random(n) < np.array([0.998, 0.96, 0.72])[grade]
    planned = rng.random(n) < np.array([0.997, 0.95, 0.72])[grade]
    done = rng.random(n) < np.array([0.99, 0.93, 0.75])[grade]
    soon = np.where(rng.random(n) < 0.5, rng.integers(3600, 14_400, n), DAY - rng.integers(600, 2400, n))
    survey = created + np.where(looked, soon, rng.integers(DAY + 600, DAY + 14_400, n))
    plan = survey + rng.integers(1800, 10_800, n)
    plan = np.where(planned, np.minimum(plan, created + 171_000), np.maximum(plan, created + 2 * DAY + 1200))
    closed = into_daytime(created + np.where(done, rng.integers(8, 26, n), rng.integers(32, 40, n)) * DAY)
    place = station * (len(world.places.lng) // len(world.stations)) + rng.integers(0, 8, n)
    times = {
        "created_at": created,
        "due_at": created + 30 * DAY,
        "signed_at": created + rng.integers(300, 3500, n),
        "surveyed_at": survey,
        "planned_at": np.maximum(plan, survey + 60),
        "closed_at": closed,
        "verified_at": into_daytime(closed + 2 * DAY),
    }
    title = world.words["order"]["supervision"]
    more = {
        "title": [title.format(name=world.places.address[i]) for i in place.tolist()],
        "is_listed": (rng.random(n) < 0.2).astype(np.int64),
        "hotspot_id": None,
    }
    return _rows(world, "supervision", station, times, {**more, **_at_places(world, place)})


def _simple(world: World, day: date, kind: str, share: float, limit: int) -> Rows:
    """Orders of one kind: each station gets one with probability `share`, due after `limit` days."""
    rng = world.rng(kind, day.toordinal())
    station = np.flatnonzero(rng.random(len(world.stations)) < share)
    n, grade = len(station), grades_on(world, day)[station, 5]
    created = day_start(day) + rng.integers(8 * 3600, 18 * 3600, n)
    timely = rng.random(n) < np.array([0.985, 0.93, 0.8])[grade]
    spent = np.where(timely, rng.uniform(0.2, 0.8, n), rng.uniform(1.2, 1.6, n))
    closed = created + (spent * limit * DAY).astype(np.int64)
    times = {"created_at": created, "due_at": created + limit * DAY, "closed_at": closed}
    return _rows(world, kind, station, times, {"title": world.words["order"][kind]})


def _enterprise(world: World, day: date) -> Rows:
    return _simple(world, day, "enterprise", 0.30, 15)


def _callbacks(world: World, day: date) -> Rows:
    return _simple(world, day, "callback", 0.85, 2)
