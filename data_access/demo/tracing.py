"""Tracing tasks (work_order kind "tracing") that the day's closed accidents set off (DOMAIN 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data_access.demo.incidents import Day
from data_access.demo.parties import Parties
from data_access.demo.rows import DAY, NEVER, Rows
from data_access.demo.world import grades_on

LIMITS = {
    **dict.fromkeys(("TM01", "TM02", "TM03"), 3),
    **dict.fromkeys(("TM04", "TM05"), 5),
    "TM07": 2,
    **dict.fromkeys(("TM06", "TM08", "TM09", "TM10", "TM11", "TM18", "TM23"), 7),
    **dict.fromkeys(("TM12", "TM13", "TM14", "TM15", "TM19", "TM20", "TM21", "TM22", "TM24"), 15),
    **dict.fromkeys(("TM16", "TM17"), 30),
}
"""Days allowed for each model."""
SQUADRON = frozenset({"TM06", "TM07", "TM08", "TM09", "TM10", "TM13", "TM14", "TM16", "TM17", "TM21", "TM22"})
"""Models owned by the squadron; all others by the station."""
_FACTORS = {
    "sign": "TM14",
    "marking": "TM14",
    "signal": "TM14",
    "sight": "TM15",
    "light": "TM15",
    "access": "TM16",
    "bend": "TM16",
    "water": "TM16",
    "works": "TM18",
}
SIGNED = (0.996, 0.95, 0.72)
IN_TIME = (0.997, 0.955, 0.80)
REVIEWED_WELL = (0.985, 0.93, 0.80)


@dataclass(frozen=True)
class Fired:
    """Models that fired: index of the party, model code."""

    party: np.ndarray
    model: np.ndarray


def fired(day: Day, parties: Parties) -> Fired:
    """Which models fire for which party, each at most once per accident and party."""
    rng = day.world.rng("tracing-fire", day.day.toordinal())
    luck = rng.random((6, len(parties)))
    first, blamed = parties.number == 1, np.isin(parties.liability, ["full", "main", "equal"])
    firm = parties.unit >= 0
    harmed = day.severity[parties.owner] >= 2
    rules: dict[str, Any] = {
        "TM01": blamed & (parties.local == 1) & first,
        "TM02": (parties.age >= 60) & (parties.local == 1),
        "TM03": parties.helmet == 0,
        "TM04": parties.occupation == "courier",
        "TM05": parties.age < 18,
        "TM06": blamed & first & (luck[0] < 0.05),
        "TM07": np.isin(parties.licence, ["none", "drink"]),
        "TM08": blamed & first & (luck[1] < 0.004),
        "TM09": ~firm & (luck[2] < 0.008),
        "TM10": (parties.kind == "e_bike") & (luck[2] > 0.98),
        "TM11": first & (luck[3] < 0.006),
        "TM12": parties.defect,
        "TM13": firm & (luck[4] < 0.04),
        "TM17": first & (luck[5] < 0.01),
        "TM19": firm & blamed & (parties.kind == "truck"),
        "TM20": firm & (luck[3] > 0.93),
        "TM21": firm & harmed,
        "TM22": (parties.kind == "truck") & (luck[4] > 0.95),
        "TM23": first & (luck[1] > 0.99),
        "TM24": first & (luck[0] > 0.988),
    }
    for model in sorted(set(_FACTORS.values())):
        rules[model] = first & np.isin(parties.factor, [name for name, code in _FACTORS.items() if code == model])
    hits = {model: np.flatnonzero(rule) for model, rule in sorted(rules.items())}
    models = np.repeat(np.array(list(hits), dtype=object), [len(found) for found in hits.values()])
    return Fired(np.concatenate(list(hits.values())), models)


def tracing_rows(day: Day, parties: Parties) -> Rows:
    """Rows of table work_order for accidents that were evaluated."""
    found = fired(day, parties)
    owner = parties.owner[found.party]
    alive = np.flatnonzero((day.valid[owner] == 1) & (day.clocks["traced"][owner] < NEVER))
    party, model, owner = found.party[alive], found.model[alive], owner[alive]
    station = day.station[owner]
    times, review = _timeline(day, station, day.clocks["traced"][owner], model)
    withdrawn = day.world.rng("withdrawn", day.day.toordinal()).random(len(owner)) < 0.004
    ids = [day.ids[i] for i in owner.tolist()]
    numbers = parties.number[party].tolist()
    return Rows(
        table="work_order",
        born=times["created_at"],
        times=times,
        plans=frozenset({"due_at"}),
        gates={"status": ("closed_at", "open"), "review_result": ("verified_at", None)},
        cells={
            "order_id": [f"Z{one}-{code}-{number}" for one, code, number in zip(ids, model, numbers, strict=True)],
            "source": "demo",
            "kind": "tracing",
            "incident_id": ids,
            "model_code": model,
            "status": np.where(withdrawn, "withdrawn", "closed"),
            "review_result": review,
            **_words(day, station, model, day.place[owner]),
        },
    )


def _timeline(
    day: Day, station: np.ndarray, created: np.ndarray, model: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = day.world.rng("tracing", day.day.toordinal())
    n = len(station)
    grade = grades_on(day.world, day.day)[station, 1]
    limit = np.array([LIMITS[code] for code in model], dtype=np.int64) * DAY
    prompt = rng.random(n) < np.array(SIGNED)[grade]
    signed = created + np.where(prompt, rng.integers(120, 9000, n), rng.integers(15_000, 60_000, n))
    timely = rng.random(n) < np.array(IN_TIME)[grade]
    share = rng.uniform(0.18, 0.78, n)
    late = rng.integers(DAY // 2, 4 * DAY, n)
    closed = into_daytime(np.where(timely, created + (limit * share).astype(np.int64), created + limit + late))
    closed = np.maximum(closed, signed + 1800)
    verified = into_daytime(closed + rng.integers(DAY // 3, 3 * DAY, n))
    review = np.where(rng.random(n) < np.array(REVIEWED_WELL)[grade], "pass", "return").astype(object)
    times = {
        "created_at": created,
        "due_at": created + limit,
        "signed_at": signed,
        "closed_at": closed,
        "verified_at": verified,
    }
    return times, review


def into_daytime(moment: np.ndarray) -> np.ndarray:
    """The same day between 08:00 and 20:00: moves a time by at most eight hours."""
    days, clock = np.divmod(moment, DAY)
    found: np.ndarray = days * DAY + 8 * 3600 + clock // 2
    return found


def _words(day: Day, station: np.ndarray, model: np.ndarray, place: np.ndarray) -> dict[str, Any]:
    words, stations = day.world.words, day.world.stations
    by_squadron = np.isin(model, list(SQUADRON))
    names = {one["code"]: one["name"] for one in words["squadron"]}
    squadrons = np.array([names.get(s.squadron or "", s.name) for s in stations], dtype=object)
    own = np.array([s.name for s in stations], dtype=object)
    missing = day.world.places
    return {
        "station_code": day.world.codes[station],
        "owner_kind": np.where(by_squadron, "squadron", "station"),
        "owner_unit": np.where(by_squadron, squadrons[station], own[station]),
        "owner_name": [f"{words['people']['officer']}{1 + number % 9:02d}" for number in place.tolist()],
        "title": [words["tracing"][code] for code in model],
        "requirement": words["order"]["tracing_need"],
        "place": [missing.address[i] for i in place.tolist()],
        "lng": missing.lng[place].round(6),
        "lat": missing.lat[place].round(6),
    }
