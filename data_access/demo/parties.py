"""Persons and vehicles of the day's accidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data_access.demo.incidents import ACCIDENT, Day
from data_access.demo.rows import Rows, either

KINDS = ("car", "e_bike", "van", "truck", "construction", "motorcycle", "bicycle", "tricycle", "bus", "pedestrian")
_ODDS = {
    "urban": (0.47, 0.35, 0.05, 0.02, 0.01, 0.01, 0.03, 0.01, 0.01, 0.04),
    "fringe": (0.43, 0.35, 0.07, 0.04, 0.02, 0.02, 0.02, 0.02, 0.01, 0.02),
    "rural": (0.38, 0.34, 0.07, 0.06, 0.03, 0.04, 0.02, 0.03, 0.01, 0.02),
}
_PLATED = ("car", "van", "truck", "construction", "motorcycle", "bus")
_HEAVY = ("truck", "construction")
_TAG_OF = {"truck": "yellow_plate_truck", "construction": "construction_vehicle", "e_bike": "e_bike"}
ROAD_FACTORS = ("sign", "marking", "signal", "sight", "light", "access", "bend", "water", "works")
_QUICK = (0.90, 0.62, 0.0, 0.0)
"""Share of accidents that are settled quickly, by severity (D12, D15: over 80 % of all of them)."""
_MEDIATED = (0.86, 0.78, 0.0, 0.0)
"""Share mediated on the scene, by severity (Z22: 84 % of minor ones)."""
_LIABILITY = (("full", "none"), ("main", "secondary"), ("equal", "equal"))


@dataclass(frozen=True)
class Parties:
    """One entry per party; `owner` is the index of its incident in the day."""

    owner: np.ndarray
    number: np.ndarray
    kind: np.ndarray
    age: np.ndarray
    helmet: np.ndarray
    liability: np.ndarray
    occupation: np.ndarray
    licence: np.ndarray
    local: np.ndarray
    unit: np.ndarray
    injury: np.ndarray
    defect: np.ndarray
    factor: np.ndarray

    def __len__(self) -> int:
        return len(self.owner)


def build(day: Day) -> Parties:
    """Parties of the day's accidents; `factor` repeats the incident's road factor (object, None for most)."""
    rng = day.world.rng("party", day.day.toordinal())
    accidents = np.flatnonzero(day.kind == ACCIDENT)
    sizes = rng.choice([1, 2, 3], len(accidents), p=[0.11, 0.81, 0.08])
    owner = np.repeat(accidents, sizes)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    n = len(owner)
    kind = _kinds(day, owner, number, rng)
    age = np.clip(rng.normal(41, 15, n), 19, 88).astype(np.int64)
    soft = np.isin(kind, ["e_bike", "bicycle", "pedestrian"])
    age = either(soft & (rng.random(n) < 0.07), rng.integers(9, 18, n), age)
    age = either(soft & (rng.random(n) < 0.12), rng.integers(60, 86, n), age)
    factor = np.full(len(day), None, dtype=object)
    hit = accidents[rng.random(len(accidents)) < 0.05]
    factor[hit] = rng.choice(np.array(ROAD_FACTORS, dtype=object), len(hit))
    unit = _units(kind, rng)
    return Parties(
        owner=owner,
        number=number,
        kind=kind,
        age=age,
        helmet=_helmets(day, owner, kind, rng),
        liability=_liability(owner, number, len(day), rng),
        occupation=_occupations(kind, age, rng),
        licence=_licences(kind, rng),
        local=(rng.random(n) < 0.62).astype(np.int64),
        unit=unit,
        injury=_injuries(day, owner, number, kind),
        defect=(unit >= 0) & (rng.random(n) < 0.10),
        factor=factor[owner],
    )


def _kinds(day: Day, owner: np.ndarray, number: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    edges = {name: np.cumsum(odds) / np.sum(odds) for name, odds in _ODDS.items()}
    table = np.array([edges[region] for region in day.world.regions])
    luck = rng.random(len(owner))
    found = (luck[:, None] > table[day.station[owner]]).sum(axis=1)
    kind = np.array(KINDS, dtype=object)[found]
    return either((number == 1) & (kind == "pedestrian"), "car", kind)


def _helmets(day: Day, owner: np.ndarray, kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    share = np.array([0.86, 0.80, 0.68])[day.world.grades[day.station[owner], 3]]
    worn = (rng.random(len(owner)) < share).astype(object)
    return either(np.isin(kind, ["e_bike", "motorcycle"]), either(worn, 1, 0).astype(object), None)


def _liability(owner: np.ndarray, number: np.ndarray, incidents: int, rng: np.random.Generator) -> np.ndarray:
    pattern = rng.choice(3, incidents, p=[0.62, 0.23, 0.15])[owner]
    alone = np.bincount(owner, minlength=incidents)[owner] == 1
    by_place = np.array(_LIABILITY, dtype=object)[pattern, np.minimum(number, 2) - 1]
    return either(alone, "full", either(number == 3, "none", by_place))


def _occupations(kind: np.ndarray, age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    names = np.array(["worker", "farmer", "clerk", "trader", "none"], dtype=object)
    found = names[rng.choice(5, len(kind), p=[0.42, 0.16, 0.22, 0.12, 0.08])]
    found = either((kind == "e_bike") & (rng.random(len(kind)) < 0.14), "courier", found)
    found = either(np.isin(kind, [*_HEAVY, "bus"]), "driver", found)
    return either(age < 18, "pupil", either(age >= 65, "retired", found))


def _licences(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    luck = rng.random(len(kind))
    state = either(luck < 0.012, "none", either(luck < 0.03, "drink", "valid"))
    return either(np.isin(kind, _PLATED), state, None)


def _units(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Number of the firm that owns the vehicle; -1 for a private one."""
    heavy = np.isin(kind, [*_HEAVY, "bus"]) & (rng.random(len(kind)) < 0.75)
    light = (kind == "van") & (rng.random(len(kind)) < 0.3)
    return either(heavy | light, rng.integers(0, 72, len(kind)), -1)


def _injuries(day: Day, owner: np.ndarray, number: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """The weaker side bears the harm: the second party, or the only one."""
    last = np.bincount(owner, minlength=len(day))[owner]
    bears = number == np.minimum(last, 2)
    words = np.array(["none", "minor", "serious", "dead"], dtype=object)
    return either(bears, words[np.maximum(day.severity[owner], 0)], "none")


def tags_of(parties: Parties) -> list[str]:
    """Marks of each party."""
    out = []
    rows = zip(parties.kind, parties.occupation, parties.age, parties.licence, parties.unit, strict=True)
    for kind, occupation, age, licence, unit in rows:
        found = {_TAG_OF.get(kind), "courier" if occupation == "courier" else None}
        found |= {"elderly" if age >= 60 else "minor" if age < 18 else None}
        found |= {"unit_owned" if unit >= 0 else None, licence if licence == "drink" else None}
        out.append(",".join(sorted(tag for tag in found if tag)))
    return out


def incident_tags(day: Day, parties: Parties, tags: list[str]) -> list[str | None]:
    """Marks of each incident, comma-delimited on both ends; None where it has none."""
    found: list[set[str]] = [set() for _ in range(len(day))]
    for owner, mark, factor in zip(parties.owner.tolist(), tags, parties.factor, strict=True):
        found[owner].update(tag for tag in mark.split(",") if tag)
        if factor:
            found[owner].add(f"road_{factor}")
    for marks, settled in zip(found, _settled(day), strict=True):
        marks.update(settled)
    return [f",{','.join(sorted(marks))}," if marks else None for marks in found]


def _settled(day: Day) -> list[tuple[str, ...]]:
    """How each accident was settled: on the spot or online, and whether by mediation; online grows by the year."""
    rng = day.world.rng("settled", day.day.toordinal())
    quick, online, mediated = rng.random((3, len(day)))
    share = np.array([*_QUICK, 0.0])[day.severity]
    online_share = float(np.clip(0.34 + 0.10 * day.world.years(day.day), 0.05, 0.6))
    names = either(quick < share, either(online < online_share, "quick_online", "quick_settled"), "")
    talked = (mediated < np.array([*_MEDIATED, 0.0])[day.severity]) & (day.severity >= 0)
    return [
        tuple(mark for mark in (name, "mediated_on_scene" if spoken else "") if mark)
        for name, spoken in zip(names.tolist(), talked.tolist(), strict=True)
    ]


def contents(day: Day, parties: Parties) -> list[str]:
    """One sentence on each incident."""
    words, names = day.world.words["content"], day.world.words["kind"]
    sides: list[list[str]] = [[] for _ in range(len(day))]
    for owner, kind in zip(parties.owner.tolist(), parties.kind, strict=True):
        sides[owner].append(names[kind])
    out = []
    for luck, subclass, kinds in zip(day.surname.tolist(), day.subclass, sides, strict=True):
        if len(kinds) == 1:
            out.append(words["single"].format(a=kinds[0]))
        elif kinds:
            out.append(words["accident"][luck % len(words["accident"])].format(a=kinds[0], b=kinds[1]))
        else:
            choices = words.get(subclass, words["dispute"])
            out.append(choices[luck % len(choices)])
    return out


def firm(day: Day, number: int) -> str:
    """The invented name of a firm."""
    people = day.world.words["people"]
    first, last = people["firms_first"], people["firms_last"]
    return f"{first[number % len(first)]}{last[number // len(first) % len(last)]}{people['firm_suffix']}"


def party_rows(day: Day, parties: Parties, tags: list[str]) -> Rows:
    """Rows of table incident_party; they become known when the officer has handled the scene."""
    known_at = day.clocks["handled"][parties.owner]
    return Rows(
        table="incident_party",
        born=known_at,
        times={},
        cells={
            "incident_id": [day.ids[owner] for owner in parties.owner.tolist()],
            "party_no": [str(number) for number in parties.number.tolist()],
            **_vehicle(day, parties),
            **_person(day, parties),
            "tags": [f",{mark}," if mark else None for mark in tags],
        },
    )


def _vehicle(day: Day, parties: Parties) -> dict[str, Any]:
    rng = day.world.rng("plate", day.day.toordinal())
    n, kind, words = len(parties), parties.kind, day.world.words["plate"]
    digits = [f"{number:05d}" for number in rng.integers(0, 100_000, n).tolist()]
    plated, e_bike = np.isin(kind, _PLATED).tolist(), (kind == "e_bike").tolist()
    colour = either(np.isin(kind, [*_HEAVY, "bus"]), "yellow", either(rng.random(n) < 0.25, "green", "blue"))
    state = either(parties.defect, "defect", either(rng.random(n) < 0.015, "overdue", "normal"))
    walks = kind == "pedestrian"
    units = parties.unit.tolist()
    return {
        "vehicle_no": either(walks, None, parties.number.astype(object)),
        "vehicle_kind": either(walks, None, kind),
        "vehicle_state": either(walks, None, state),
        "plate": [
            words["motor"] + text if motor else words["e_bike"] + text if bike else None
            for text, motor, bike in zip(digits, plated, e_bike, strict=True)
        ],
        "plate_colour": either(plated, colour, None),
        "is_unit_owned": (parties.unit >= 0).astype(np.int64),
        "unit_code": [f"FIRM{number:03d}" if number >= 0 else None for number in units],
        "unit_name": [firm(day, number) if number >= 0 else None for number in units],
    }


def _person(day: Day, parties: Parties) -> dict[str, Any]:
    rng = day.world.rng("person", day.day.toordinal())
    n, people = len(parties), day.world.words["people"]
    year = day.day.year
    names = rng.integers(0, len(people["surnames"]), n).tolist()
    heavy = np.isin(parties.kind, _HEAVY)
    return {
        "person_role": either(parties.kind == "pedestrian", "pedestrian", "driver"),
        "protection_worn": parties.helmet,
        "sex": either(rng.random(n) < either(heavy, 0.97, 0.62), "male", "female"),
        "age": parties.age,
        "injury": parties.injury,
        "is_dead": (parties.injury == "dead").astype(np.int64),
        "liability": parties.liability,
        "occupation": parties.occupation,
        "licence_state": parties.licence,
        "is_local": parties.local,
        "person_name": [people["surnames"][k] + people["given"][0] for k in names],
        "id_number": [f"990109{year - age}0101000X" for age in parties.age.tolist()],
        "phone": [f"1380000{number:04d}" for number in rng.integers(0, 10_000, n).tolist()],
    }
