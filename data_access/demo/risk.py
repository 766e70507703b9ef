"""Risk codes: spells of colour of people, enterprises and villages.

Codes are set anew on the first night of every month; some rise again in its course.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from data_access.demo.rows import DAY, NEVER, Rows, day_start
from data_access.demo.world import World

COLOURS = np.array(["green", "yellow", "red"], dtype=object)
HISTORY_MONTHS = 28
FUTURE_MONTHS = 24
_KINDS = ("person", "enterprise", "village")
_START = {"person": (0.40, 0.42, 0.18), "enterprise": (0.30, 0.48, 0.22), "village": (0.72, 0.28, 0.0)}
_DOWN = (0.46, 0.29, 0.10)
_UP = {"person": 0.30, "enterprise": 0.40, "village": 0.05}
_RED_VILLAGES = (0, 1, 3)


@dataclass(frozen=True)
class _Subjects:
    kind: np.ndarray
    station: np.ndarray
    number: np.ndarray


def _subjects(world: World) -> _Subjects:
    sizes = {
        "person": np.round(14 + world.residents * 3).astype(int),
        "enterprise": np.round(10 + world.residents * 0.9).astype(int),
        "village": np.round(6 + np.sqrt(world.residents) * 2).astype(int),
    }
    everyone = np.arange(len(world.stations))
    station = np.concatenate([np.repeat(everyone, sizes[kind]) for kind in _KINDS])
    kind = np.repeat(np.array(_KINDS, dtype=object), [int(sizes[kind].sum()) for kind in _KINDS])
    number = np.concatenate([np.arange(size) for kind in _KINDS for size in sizes[kind].tolist()])
    return _Subjects(kind, station, number)


def months_from(first: date, count: int) -> list[date]:
    """The first days of `count` months, beginning with the month of `first`."""
    serial = first.year * 12 + first.month - 1
    return [date((serial + k) // 12, (serial + k) % 12 + 1, 1) for k in range(count)]


@lru_cache(maxsize=4)
def all_spells(world: World) -> Rows:
    """Every spell of the district's history and of two years to come."""
    who = _subjects(world)
    first = months_from(world.anchor - timedelta(days=31 * HISTORY_MONTHS), HISTORY_MONTHS + FUTURE_MONTHS)
    when, colours = _course(world, who, first)
    starts, ends, owner, colour = _spells(when, colours)
    return _rows(world, who, (starts, ends, owner, colour))


def _course(world: World, who: _Subjects, months: list[date]) -> tuple[np.ndarray, np.ndarray]:
    """Times of change (changes x subjects) and the colour from then on."""
    rng = world.rng("risk", 1)
    n = len(who.kind)
    odds = np.array([np.cumsum(_START[kind]) for kind in who.kind])
    state = (rng.random(n)[:, None] > odds).sum(axis=1)
    grade = world.grades[who.station, 7]
    up = np.array([_UP[kind] for kind in who.kind])
    when, course = [np.full(n, day_start(months[0]))], [state]
    for month in months[1:]:
        rng = world.rng("risk-month", month.year * 12 + month.month)
        state = np.maximum(state - (rng.random(n) < np.array(_DOWN)[grade]), 0)
        when.append(day_start(month) + rng.integers(600, 5 * 3600, n))
        course.append(_fixed_villages(who, grade, state))
        rises = rng.random(n) < up * np.array([1.0, 0.9, 0.75])[grade]
        state = np.minimum(state + rises * rng.integers(1, 3, n), 2)
        when.append(day_start(month) + DAY + rng.integers(0, 26 * DAY, n))
        course.append(_fixed_villages(who, grade, state))
    return np.array(when), np.array(course)


def _fixed_villages(who: _Subjects, grade: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Villages are red only where the station's risk work is weak: one, or three, never more."""
    village = who.kind == "village"
    red = village & (who.number < np.array(_RED_VILLAGES)[grade])
    return np.where(red, 2, np.where(village, np.minimum(state, 1), state))


def _spells(when: np.ndarray, course: np.ndarray) -> tuple[np.ndarray, ...]:
    """Starts, ends, subjects and colours of the spells: runs of equal colour melted together."""
    fresh = np.vstack([np.ones((1, course.shape[1]), dtype=bool), course[1:] != course[:-1]])
    owner, step = np.nonzero(fresh.T)
    starts = when[step, owner]
    last = np.r_[owner[1:] != owner[:-1], True]
    ends = np.where(last, NEVER, np.r_[starts[1:], NEVER])
    return starts, ends, owner, course[step, owner]


def _rows(world: World, who: _Subjects, spells: tuple[np.ndarray, ...]) -> Rows:
    starts, ends, owner, colour = spells
    kinds, codes = who.kind[owner].tolist(), world.codes[who.station[owner]].tolist()
    numbers = who.number[owner].tolist()
    ids = [f"{kind[0].upper()}{code[:8]}{number:04d}" for kind, code, number in zip(kinds, codes, numbers, strict=True)]
    return Rows(
        table="risk_code",
        born=starts,
        times={"valid_from": starts, "valid_to": ends},
        cells={
            "code_id": [f"{one}-{start}" for one, start in zip(ids, (starts // 60).tolist(), strict=True)],
            "source": "demo",
            "subject_kind": kinds,
            "subject_id": ids,
            "subject_name": [_name(world.words, kind, number) for kind, number in zip(kinds, numbers, strict=True)],
            "station_code": codes,
            "colour": COLOURS[colour],
        },
    )


def _name(words: dict[str, Any], kind: str, number: int) -> str:
    people, place = words["people"], words["place"]
    if kind == "person":
        return str(people["surnames"][number % len(people["surnames"])] + people["given"][0])
    if kind == "enterprise":
        first, last = people["firms_first"], people["firms_last"]
        return f"{first[number % len(first)]}{last[number // len(first) % len(last)]}{people['firm_suffix']}"
    which, village = place["village"], place["village_last"]
    return f"{which[number // len(village) % len(which)]}{village[number % len(village)]}{place['village_suffix']}"


def spells(world: World, since: int) -> Rows:
    """The spells that end after `since` (seconds)."""
    rows = all_spells(world)
    return rows.take(np.flatnonzero(rows.times["valid_to"] > since))
