"""Observations (sample): ratios through the day, and states counted at fixed times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_access.demo.rows import NEVER, Rows, day_start
from data_access.demo.world import World, grades_on

MINUTE = 60
NO_REGISTER = "990109680000"
"""The newly opened station whose vehicle register has not been handed over: it has no vehicle rows."""
TERMINAL_SINCE_DAYS = 20
"""The terminal's log began this many days before loading."""
TERMINAL_LAG = 5 * 3600
"""The terminal's log arrives five hours late, so that its column shows "data late"."""


@dataclass(frozen=True)
class Watch:
    """Observations that are either met or not: kind, minutes of the day, theme, shares for grades A, B, C."""

    kind: str
    starts: tuple[int, ...]
    theme: int
    share: tuple[float, float, float]
    length: int = 20


WATCHES = (
    Watch("peak_presence", (8 * 60, 8 * 60 + 25, 17 * 60 + 40, 18 * 60 + 5), 0, (0.998, 0.975, 0.86)),
    Watch(
        "key_slot", (8 * 60 + 5, 8 * 60 + 30, 8 * 60 + 40, 17 * 60 + 30, 18 * 60, 18 * 60 + 20), 2, (0.998, 0.94, 0.76)
    ),
    Watch("enforcement_shift", (8 * 60 + 35, 11 * 60, 15 * 60 + 10, 17 * 60 + 40), 4, (0.998, 0.95, 0.80)),
)
HELMET_STARTS = (7 * 60 + 35, 9 * 60 + 45, 13 * 60 + 10, 16 * 60 + 40)
HELMET_RATE = (0.917, 0.868, 0.755)
HELMET_SEEN = (15.2, 13.0, 10.5)


@dataclass(frozen=True)
class _Seen:
    """Observations of one kind and time: arrays with one entry per observed station."""

    kind: str
    slot: int
    station: np.ndarray
    at: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    lag: int = 0


def sample_rows(world: World, day: date, full: bool = True) -> Rows:
    """The day's observations.

    Args:
        full: False keeps what month figures of the assessment need, at a tenth of the volume.
    """
    grades = grades_on(world, day)
    seen = [*_helmets(world, day, grades, full), *_watched(world, day, grades, full)]
    seen += _posts(world, day, grades, full)
    if full or day.weekday() == 0:
        seen += _vehicles(world, day, grades, full) + _firms(world, day, grades) + _people(world, day, grades)
    if 0 <= (world.anchor - day).days < TERMINAL_SINCE_DAYS or day > world.anchor:
        seen += _terminals(world, day, grades)
    return _rows(world, day, seen)


def _everyone(world: World) -> np.ndarray:
    return np.arange(len(world.stations))


def _at(day: date, start: int, length: int, rng: np.random.Generator, n: int) -> np.ndarray:
    return day_start(day) + (start + rng.integers(0, length, n)) * MINUTE + rng.integers(0, 60, n)


def _helmets(world: World, day: date, grades: np.ndarray, full: bool) -> list[_Seen]:
    grade, everyone = grades[:, 3], _everyone(world)
    out = []
    for slot, start in enumerate(HELMET_STARTS):
        rng = world.rng(f"helmet{slot}", day.toordinal())
        looked = np.maximum(4, np.round(rng.normal(np.array(HELMET_SEEN)[grade], 1.2)))
        worn = np.floor(looked * rng.normal(np.array(HELMET_RATE)[grade], 0.012) + rng.random(len(grade)))
        seen = rng.random(len(grade)) < (0.99, 0.95, 0.9)[slot % 3]
        if full or slot % 2 == 0:
            more = 1 if full else 1.2
            chosen = everyone[seen | (grade == 0)]
            at = _at(day, start, 35, rng, len(chosen))
            looked, worn = np.round(looked * more), np.round(np.minimum(worn, looked) * more)
            out.append(_Seen("helmet", slot, chosen, at, np.minimum(worn, looked)[chosen], looked[chosen]))
    return out


def _watched(world: World, day: date, grades: np.ndarray, full: bool) -> list[_Seen]:
    out, everyone = [], _everyone(world)
    for watch in WATCHES:
        rng = world.rng(watch.kind, day.toordinal())
        met = rng.random((len(watch.starts), len(everyone))) < np.array(watch.share)[grades[:, watch.theme]]
        if not full:
            at = _at(day, watch.starts[-1], watch.length, rng, len(everyone))
            planned = np.full(len(everyone), float(len(watch.starts)))
            out.append(_Seen(watch.kind, 20, everyone, at, met.sum(axis=0).astype(float), planned))
            continue
        for slot, start in enumerate(watch.starts):
            at = _at(day, start, watch.length, rng, len(everyone))
            one = np.ones(len(everyone))
            out.append(_Seen(watch.kind, slot, everyone, at, met[slot].astype(float), one))
    return out


def _short(total: np.ndarray, grade: np.ndarray, gaps: tuple[float, float, float], luck: np.ndarray) -> np.ndarray:
    """How many of `total` are lacking: a share by grade, rounded by chance."""
    found: np.ndarray = np.minimum(total, np.floor(total * np.array(gaps)[grade] + luck))
    return found


def _posts(world: World, day: date, grades: np.ndarray, full: bool) -> list[_Seen]:
    rng = world.rng("post", day.toordinal())
    everyone = _everyone(world)
    planned = np.round(5 + np.sqrt(world.residents) * 1.7)
    building = np.array([0, 1, 3])[world.grades[:, 2]]
    built = planned - building
    out = []
    if full or day.weekday() == 0:
        out.append(_Seen("post_built", 0, everyone, _at(day, 10, 15, rng, len(everyone)), built, planned))
    luck = rng.random(len(everyone)) * np.array([0.4, 1.0, 1.0])[grades[:, 2]]
    idle = _short(built, grades[:, 2], (0.0, 0.06, 0.20), np.where(grades[:, 2] == 0, luck * 0, luck))
    idle += (grades[:, 2] == 0) & (rng.random(len(everyone)) < 0.02)
    for slot, start in enumerate((7 * 60 + 30, 12 * 60, 17 * 60) if full else (12 * 60,)):
        at = _at(day, start, 20, rng, len(everyone))
        out.append(_Seen("post_running", slot, everyone, at, built - idle, built))
    return out


def _vehicles(world: World, day: date, grades: np.ndarray, full: bool) -> list[_Seen]:
    rng = world.rng("vehicle", day.toordinal())
    there = np.flatnonzero(world.codes != NO_REGISTER)
    grade = grades[there, 5]
    fleet = np.round(60 + world.residents[there] * 22)
    due = np.round(2 + world.residents[there] * 0.5)
    luck = rng.random((3, len(there)))
    lacking = {
        "vehicle_inspection": (fleet, _short(fleet, grade, (0.004, 0.018, 0.045), luck[0])),
        "vehicle_scrapping": (due, _short(due, grade, (0.0, 0.03, 0.12), luck[1] * np.array([0, 0.9, 1])[grade])),
        "vehicle_violation": (fleet, _short(fleet, grade, (0.010, 0.034, 0.075), luck[2])),
    }
    out = []
    for slot, start in enumerate((12, 10 * 60 + 20, 15 * 60 + 20) if full else (12,)):
        for kind, (whole, gap) in lacking.items():
            settled = np.floor(gap * 0.08 * slot) if kind != "vehicle_scrapping" else 0 * gap
            at = _at(day, start, 20, rng, len(there))
            out.append(_Seen(kind, slot, there, at, whole - gap + settled, whole))
    return out


def _firms(world: World, day: date, grades: np.ndarray) -> list[_Seen]:
    """Visits due so far this month and done so far; files complete."""
    rng = world.rng("firm", day.toordinal())
    everyone, grade = _everyone(world), grades[:, 5]
    listed = np.round(6 + world.residents * 0.9)
    due = np.maximum(1, np.ceil(listed * min(1.0, day.day / 28)))
    visited = due - _short(due, grade, (0.0, 0.06, 0.24), np.where(grade == 0, 0.0, 0.5))
    fields = listed * 20
    filled = fields - _short(fields, grade, (0.02, 0.08, 0.2), rng.random(len(grade)))
    return [
        _Seen("enterprise_visit", 0, everyone, _at(day, 8 * 60 + 10, 25, rng, len(grade)), visited, due),
        _Seen("enterprise_file", 0, everyone, _at(day, 17 * 60, 25, rng, len(grade)), filled, fields),
    ]


def _people(world: World, day: date, grades: np.ndarray) -> list[_Seen]:
    rng = world.rng("people", day.toordinal())
    everyone, n = _everyone(world), len(world.stations)
    members = np.round(14 + world.residents * 2)
    idle = _short(members, grades[:, 2], (0.05, 0.14, 0.3), rng.random(n))
    red = np.round(10 + world.residents)
    unseen = _short(red, grades[:, 7], (0.02, 0.08, 0.2), rng.random(n))
    riders = np.round(rng.normal(60, 8, n))
    runners = _short(riders, grades[:, 3], (0.05, 0.09, 0.15), rng.random(n))
    return [
        _Seen("active_dissuader", 0, everyone, _at(day, 18 * 60, 40, rng, n), members - idle, members),
        _Seen("red_code_visit", 0, everyone, _at(day, 16 * 60, 40, rng, n), red - unseen, red),
        _Seen("red_light", 0, everyone, _at(day, 8 * 60 + 10, 40, rng, n), riders - runners, riders),
    ]


def _terminals(world: World, day: date, grades: np.ndarray) -> list[_Seen]:
    rng = world.rng("terminal", day.toordinal())
    everyone = _everyone(world)
    users = np.array([2.0 * station.officers for station in world.stations])
    missing = _short(users, grades[:, 7], (0.04, 0.12, 0.3), rng.random(len(users)))
    out = []
    for slot, start in enumerate((8 * 60 + 40, 12 * 60, 17 * 60)):
        at = _at(day, start, 15, rng, len(users))
        out.append(
            _Seen("terminal_login", slot, everyone, at, users - np.maximum(0, missing - slot), users, TERMINAL_LAG)
        )
    return out


def _rows(world: World, day: date, seen: list[_Seen]) -> Rows:
    sizes = [len(one.at) for one in seen]
    station = np.concatenate([one.station for one in seen])
    at = np.concatenate([one.at for one in seen])
    lag = np.repeat([one.lag for one in seen], sizes)
    kinds = np.repeat([one.kind for one in seen], sizes).tolist()
    slots = np.repeat([one.slot for one in seen], sizes).tolist()
    codes = world.codes[station].tolist()
    place = station * (len(world.places.lng) // len(world.stations)) + np.array(slots, dtype=np.int64) % 8
    outdoors = np.isin(kinds, ["helmet", "peak_presence", "key_slot", "red_light"]).tolist()
    officer, stamp = world.words["people"]["officer"], f"C{day:%Y%m%d}"
    return Rows(
        table="sample",
        born=np.minimum(at + 2 * MINUTE + lag, NEVER),
        times={"at": at},
        cells={
            "sample_id": [
                f"{stamp}-{kind}-{slot:02d}-{code}" for kind, slot, code in zip(kinds, slots, codes, strict=True)
            ],
            "source": "demo",
            "kind": kinds,
            "station_code": codes,
            "numerator": np.concatenate([one.numerator for one in seen]),
            "denominator": np.concatenate([one.denominator for one in seen]),
            "place": [
                world.places.address[i] if outside else None
                for i, outside in zip(place.tolist(), outdoors, strict=True)
            ],
            "owner_name": [f"{officer}{1 + slot % 9:02d}" for slot in slots],
        },
    )
