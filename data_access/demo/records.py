"""Work done (work_record): publicity, dissuasion, night checks, breath tests, violations handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from data_access.demo.rows import Rows, day_start
from data_access.demo.world import World, grades_in_week, grades_on

MINUTE = 60


@dataclass(frozen=True)
class Slot:
    """A time of day at which a station does one piece of work.

    Args:
        kind: the record's kind. theme: index of the theme whose grade decides. start, length: minutes
            after midnight, and how long it may take until the record is written. quantity: mean for
            grades A, B, C. share: probability for grades A, B, C. old: kept for days of the coarse history.
    """

    kind: str
    theme: int
    start: int
    length: int
    quantity: tuple[float, float, float]
    share: tuple[float, float, float]
    old: bool = True


_ALWAYS, _OFTEN = (0.985, 0.90, 0.62), (0.40, 0.15, 0.05)
SLOTS = (
    Slot("publicity", 2, 8 * 60, 52, (192, 158, 120), _ALWAYS),
    Slot("publicity", 2, 9 * 60 + 45, 60, (168, 130, 80), _ALWAYS),
    Slot("publicity", 2, 15 * 60, 150, (62, 45, 30), _OFTEN),
    Slot("dissuasion", 2, 7 * 60 + 10, 45, (1, 1, 1), _ALWAYS),
    Slot("dissuasion", 2, 8 * 60 + 15, 45, (1, 1, 1), _ALWAYS, old=False),
    Slot("dissuasion", 2, 11 * 60 + 10, 60, (1, 1, 1), _ALWAYS, old=False),
    Slot("dissuasion", 2, 14 * 60 + 50, 60, (1, 1, 1), _ALWAYS, old=False),
    Slot("dissuasion", 2, 17 * 60 + 5, 60, (1, 1, 1), _OFTEN, old=False),
    Slot("dissuasion_helmet", 3, 8 * 60 + 5, 45, (8, 6.5, 4), _ALWAYS),
    Slot("dissuasion_helmet", 3, 10 * 60 + 5, 50, (7, 5, 3), _ALWAYS),
    Slot("dissuasion_helmet", 3, 13 * 60 + 10, 45, (7, 5, 3), _ALWAYS, old=False),
    Slot("dissuasion_helmet", 3, 16 * 60, 50, (6, 4, 2), _ALWAYS, old=False),
    Slot("violation", 4, 8 * 60 + 30, 180, (1, 1, 1), (0.9, 0.9, 0.8)),
    Slot("violation", 4, 14 * 60, 180, (1, 1, 1), (0.9, 0.8, 0.6), old=False),
    Slot("violation", 4, 17 * 60, 180, (1, 1, 1), (0.8, 0.6, 0.4), old=False),
)
NIGHTS = ((0, 25, 60), (1, 21 * 60, 70), (3, 21 * 60 + 20, 60), (5, 21 * 60 + 10, 100))
"""Night checks of a week: weekday, first minute, minutes of leeway. The first is on Monday after midnight."""
_NIGHT_SHARE = ((0.99, 0.85, 0.55), (0.99, 0.85, 0.50), (0.99, 0.80, 0.35), (0.55, 0.30, 0.10))
TESTS = (82.0, 66.0, 45.0)
_VIOLATIONS = ("running_red_light", "no_helmet", "wrong_way", "parking", "yellow_plate_truck", "overload")


@dataclass(frozen=True)
class _Piece:
    """Some records of one kind: one entry per record."""

    kind: str
    slot: int
    station: np.ndarray
    at: np.ndarray
    quantity: np.ndarray


def record_rows(world: World, day: date, full: bool = True) -> Rows:
    """The day's work records.

    Args:
        full: False keeps only what month totals of the assessment need.
    """
    grades = grades_on(world, day)
    slots = [(number, slot) for number, slot in enumerate(SLOTS) if full or slot.old]
    pieces = [_slot(world, day, number, slot, grades[:, slot.theme]) for number, slot in slots]
    for number, night in enumerate(NIGHTS):
        if night[0] == day.weekday():
            pieces += _night(world, day, number)
    return _rows(world, day, pieces)


def _slot(world: World, day: date, number: int, slot: Slot, grade: np.ndarray) -> _Piece:
    rng = world.rng(f"record{number}", day.toordinal())
    station = np.flatnonzero(rng.random(len(grade)) < np.array(slot.share)[grade])
    grade = grade[station]
    n = len(station)
    spread = rng.random(n)
    slow = np.array([0, 25, 70])[grade] * rng.random(n)
    at = day_start(day) + ((slot.start + spread * slot.length + slow) * MINUTE).astype(np.int64)
    mean = np.array(slot.quantity)[grade]
    quantity = mean if slot.quantity[0] == 1 else np.maximum(1, np.round(rng.normal(mean, 0.07 * mean + 0.4)))
    return _Piece(slot.kind, number, station, at, quantity)


def _night(world: World, day: date, number: int) -> list[_Piece]:
    """One night's check with its breath tests, half an hour apart."""
    rng = world.rng("night", day.toordinal())
    grade = grades_in_week(world, day - timedelta(days=day.weekday()))[:, 4]
    station = np.flatnonzero(rng.random(len(grade)) < np.array(_NIGHT_SHARE[number])[grade])
    _, start, length = NIGHTS[number]
    at = day_start(day) + ((start + rng.random(len(station)) * length) * MINUTE).astype(np.int64)
    tests = np.round(rng.normal(np.array(TESTS)[grade[station]], 5))
    checks = _Piece("night_check", 20, station, at, np.ones(len(station)))
    return [checks, _Piece("breath_test", 21, station, at + 30 * MINUTE, np.maximum(tests, 10))]


def _rows(world: World, day: date, pieces: list[_Piece]) -> Rows:
    rng = world.rng("record", day.toordinal())
    station = np.concatenate([piece.station for piece in pieces])
    at = np.concatenate([piece.at for piece in pieces])
    n = len(station)
    kinds = np.repeat([piece.kind for piece in pieces], [len(piece.at) for piece in pieces]).tolist()
    slots = np.repeat([piece.slot for piece in pieces], [len(piece.at) for piece in pieces]).tolist()
    place = world.places.pick(station, rng.random(n))
    spots = place.tolist()
    words = world.words
    notes = words["record"]
    luck = rng.integers(0, 1000, n).tolist()
    proof = (rng.random(n) < 0.985).astype(np.int64)
    stamp = f"J{day:%Y%m%d}"
    return Rows(
        table="work_record",
        born=at + 5 * MINUTE,
        times={"at": at},
        cells={
            "record_id": [
                f"{stamp}-{slot:02d}-{code}" for slot, code in zip(slots, world.codes[station].tolist(), strict=True)
            ],
            "source": "demo",
            "kind": kinds,
            "subkind": [
                _VIOLATIONS[k % len(_VIOLATIONS)] if kind == "violation" else None
                for kind, k in zip(kinds, luck, strict=True)
            ],
            "station_code": world.codes[station],
            "quantity": np.concatenate([piece.quantity for piece in pieces]),
            "has_evidence": proof,
            "place": [world.places.address[i] for i in spots],
            "lng": world.places.lng[place].round(6),
            "lat": world.places.lat[place].round(6),
            "owner_name": [f"{words['people']['officer']}{1 + k % 9:02d}" for k in luck],
            "evidence": [notes["evidence"] if one else None for one in proof.tolist()],
            "note": [
                notes[kind][k % len(notes[kind])] if kind in notes else None
                for kind, k in zip(kinds, luck, strict=True)
            ],
        },
    )
