"""One day's incidents with their clocks: the arrays everything else of the day is built on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_access.demo import courses, seasons
from data_access.demo.rows import DAY, NEVER, day_start, either
from data_access.demo.world import World, grades_on

CLASSES = ("accident", "order", "other")
ACCIDENT, ORDER, OTHER = range(3)
ORDER_KINDS = ("parking", "noise", "signal", "obstacle", "dispute", "other")
ORDER_ODDS = (0.50, 0.12, 0.08, 0.16, 0.08, 0.06)
SEVERITIES = ("property", "minor", "serious", "fatal")
MISSING, OUTSIDE, IMPOSSIBLE = 0.02, 0.002, 0.0005
_QUALITY = {
    "sign": (0.990, 0.89, 0.66),
    "feedback": (0.994, 0.94, 0.80),
    "close": (0.9997, 0.9975, 0.991),
    "trace": (0.9995, 0.985, 0.90),
}


@dataclass(frozen=True)
class Day:
    """A day's incidents, sorted by time. All arrays have one entry per incident; times in seconds."""

    world: World
    day: date
    ids: list[str]
    station: np.ndarray
    kind: np.ndarray
    subclass: np.ndarray
    valid: np.ndarray
    place: np.ndarray
    lng: np.ndarray
    lat: np.ndarray
    place_issue: np.ndarray
    parent: np.ndarray
    severity: np.ndarray
    injuries: np.ndarray
    phone: np.ndarray
    surname: np.ndarray
    clocks: dict[str, np.ndarray]
    weather: str

    def __len__(self) -> int:
        return len(self.ids)


def even(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Uniform numbers spread evenly inside each group, so that small groups meet their shares closely."""
    order = np.lexsort((rng.random(len(group)), group))
    placed = group[order]
    sizes = np.bincount(placed, minlength=int(placed.max(initial=0)) + 1)
    rank = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    luck = np.empty(len(group))
    luck[order] = (rank + rng.random(len(sizes))[placed]) / sizes[placed]
    return luck


def quality(name: str, grade: np.ndarray) -> np.ndarray:
    """The share of successes of each row, by the station's grade."""
    found: np.ndarray = np.array(_QUALITY[name])[grade]
    return found


def build(world: World, day: date) -> Day:
    """The incidents that occur on `day`."""
    rng = world.rng("incident", day.toordinal())
    station, kind, subclass = _what(world, day, rng)
    occurred = day_start(day) + seasons.clock(day, len(station), rng)
    order = np.argsort(occurred, kind="stable")
    station, kind, subclass, occurred = station[order], kind[order], subclass[order], occurred[order]
    hot = courses.factors(len(world.places.lng), world.anchor, day)
    place = world.places.pick(station, rng.random(len(station)), hot)
    valid = either(rng.random(len(station)) < 0.96, 1, 0)
    parent = _parents(world, day, station * 3 + kind, valid, rng=rng)
    place = either(parent >= 0, place[parent], place)
    phone = rng.integers(0, 10_000, len(station))
    surname = rng.integers(0, 1 << 30, len(station))
    again, stamp = parent >= 0, f"990109{day:%Y%m%d}"
    severity, injuries = _harm(world, day, station, kind, valid, rng=rng)
    return Day(
        world=world,
        day=day,
        ids=[f"{stamp}{number:05d}" for number in range(1, len(station) + 1)],
        station=station,
        kind=kind,
        subclass=either(again, subclass[parent], subclass),
        valid=valid,
        place=place,
        **_position(world, day, place, parent, rng=rng),
        parent=parent,
        severity=severity,
        injuries=injuries,
        phone=either(again, phone[parent], phone),
        surname=either(again, surname[parent], surname),
        clocks=_clocks(world, day, station, kind, occurred, rng=rng),
        weather=seasons.weather(world, day),
    )


def _what(world: World, day: date, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Station, class and subclass of the day's incidents."""
    sets = []
    for name, mean in seasons.expected(world, day).items():
        where = np.repeat(np.arange(len(mean)), seasons.counts(mean, rng))
        kind = ORDER if name == "congestion" else CLASSES.index(name)
        sets.append((where, np.full(len(where), kind), _subclasses(name, len(where), rng)))
    return tuple(np.concatenate([one[part] for one in sets]) for part in range(3))  # type: ignore[return-value]


def _subclasses(name: str, count: int, rng: np.random.Generator) -> np.ndarray:
    if name == "order":
        return rng.choice(np.array(ORDER_KINDS, dtype=object), count, p=ORDER_ODDS)
    return np.full(count, {"congestion": "congestion", "other": "asking"}.get(name), dtype=object)


def _parents(world: World, day: date, group: np.ndarray, valid: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Index of the earlier incident of the same station and class that an incident repeats; -1 for none."""
    order = np.argsort(group, kind="stable")
    follows = np.r_[False, group[order][1:] == group[order][:-1]]
    before = np.full(len(group), -1)
    before[order[1:]] = order[:-1]
    can = np.zeros(len(group), dtype=bool)
    can[order] = follows
    can &= (valid == 1) & (valid[before] == 1)
    share = seasons.REPEAT_NOW if (world.anchor - day).days < 365 else seasons.REPEAT_BEFORE
    chosen = can & (rng.random(len(group)) < share * len(group) * 0.96 / max(1, int(can.sum())))
    chosen &= ~chosen[before]
    return either(chosen, before, -1)


def _harm(
    world: World,
    day: date,
    station: np.ndarray,
    kind: np.ndarray,
    valid: np.ndarray,
    *,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Severity (index into SEVERITIES; -1 for what is no accident) and number of injured."""
    accident = (kind == ACCIDENT) & (valid == 1)
    luck = rng.random(len(kind))
    severity = either(kind == ACCIDENT, 0, -1)
    severity[accident & (luck < 0.23)] = 1
    severity[accident & (luck < 0.016)] = 2
    rural = world.regions[station] == "rural"
    factor = np.exp(seasons.SLOPES["accident"] * 2 * (world.years(day) + 0.5))
    for here, share, phase in ((rural, seasons.RURAL_DEATHS, 0.37), (~rural, 1 - seasons.RURAL_DEATHS, 0.81)):
        found = np.flatnonzero(accident & here)
        wanted = seasons.steady(seasons.DEATHS_A_DAY * share, day.toordinal(), phase)
        wanted += int(wanted > 0 and rng.random() < factor - 1) - int(wanted > 0 and rng.random() < 1 - factor)
        severity[rng.choice(found, min(wanted, len(found)), replace=False)] = 3
    extra = rng.random(len(kind)) < 0.12
    injuries = either(severity >= 1, 1 + extra, 0) - (severity == 3)
    return severity, injuries


def _position(
    world: World, day: date, place: np.ndarray, parent: np.ndarray, *, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Coordinates (WGS-84, six digits) and what is wrong with them; a repeat lies where its parent does."""
    places = world.places
    way = world.rng("along", day.toordinal()).uniform(-1, 1, len(place))
    aside = places.along[place] * either(parent >= 0, way[parent], way)[:, None]
    angle, far = rng.uniform(0, 2 * np.pi, len(place)), np.sqrt(rng.random(len(place))) * places.reach[place]
    luck = rng.random(len(place))
    outside = (luck >= MISSING) & (luck < MISSING + OUTSIDE)
    impossible = (luck >= MISSING + OUTSIDE) & (luck < MISSING + OUTSIDE + IMPOSSIBLE)
    lng = places.lng[place] + aside[:, 0] + far * np.cos(angle) + either(outside, 1.7, 0.0)
    lat = places.lat[place] + aside[:, 1] + far * np.sin(angle)
    issue = np.full(len(place), None, dtype=object)
    issue[luck < MISSING], issue[outside], issue[impossible] = "missing", "outside", "impossible"
    return {"lng": lng.round(6), "lat": lat.round(6), "place_issue": issue}


def _clocks(
    world: World,
    day: date,
    station: np.ndarray,
    kind: np.ndarray,
    occurred: np.ndarray,
    *,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """All times of the station's order, in their natural sequence."""
    grade = grades_on(world, day)[station, 0]
    n = len(station)

    def between(low: float, high: float) -> np.ndarray:
        return rng.integers(int(low), int(high), n)

    reported = occurred + between(30, 420)
    entered = reported + between(20, 70)
    assigned = entered + between(15, 80)
    quick = even(station, rng) < quality("sign", grade)
    signed = assigned + either(quick, between(6, 88), between(95, 230))
    set_out = signed + between(5, 40)
    arrival = np.array([one.arrival for one in world.stations])[station]
    near = even(station * 3 + kind, rng) < arrival * either(grade == 2, 0.9, 1.0)
    soon = np.maximum(assigned + between(115, 297), np.minimum(set_out + 20, assigned + 298))
    late = np.maximum(assigned + 301 + np.minimum(rng.gamma(1.4, 260, n), 5400).astype(np.int64), set_out + 60)
    arrived = either(near, soon, late)
    handled = arrived + between(480, 2700)
    told = even(station, rng) < quality("feedback", grade)
    feedback = either(told, handled + between(120, 3600), assigned + between(18_300, 30_000))
    closes = even(station, rng) < quality("close", grade)
    paper = np.minimum(rng.lognormal(np.log(5400), 0.9, n), 60_000).astype(np.int64)
    closed = either(closes, np.maximum(feedback, handled) + paper // 2 + 60, assigned + between(79_800, 130_000))
    closed = either(closes, np.minimum(closed, assigned + 78_000), closed)
    traced = either(rng.random(n) < quality("trace", grades_on(world, day)[station, 1]), closed + between(5, 45), 0)
    traced = either(traced > 0, traced, either(rng.random(n) < 0.5, closed + between(40_000, 2 * DAY), NEVER))
    return {
        "occurred": occurred,
        "reported": reported,
        "entered": entered,
        "assigned": assigned,
        "signed": signed,
        "set_out": set_out,
        "arrived": arrived,
        "handled": handled,
        "feedback": feedback,
        "closed": closed,
        "traced": either(kind == ACCIDENT, traced, NEVER),
    }
