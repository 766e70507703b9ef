"""Maps over millions of incidents: an invented city, and how long changes of the filter take on the server.

Times are those of the reads and sums (`readers.incidents`, `domain.tally`), without statistics or drawing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any

import h3
import numpy as np
from sqlalchemy import Engine, func, select

from data_access import tables as t
from data_access.bulk import bulk_insert
from data_access.engine import reading, writing
from data_access.packs import configure, rebuild_packs
from data_access.packs.store import _STORES
from data_access.readers.incidents import frames, rows_of
from domain.access import Scope, command, station
from domain.incident_filter import Circle, Filter
from domain.incidents import day_number
from domain.span import Span
from domain.tally import pick, tally
from tests.bench.database import Times

STATIONS, PLACES, DAYS, LAST_DAY = 100, 60_000, 1096, date(2024, 5, 31)
LNG, LAT = 120.2, 30.1
DISTRICTS = {f"9902{number:08d}": f"99{number // 20:02d}00000000" for number in range(STATIONS)}
CODES = list(DISTRICTS)
SUBCLASSES = {
    "accident": ("property", "minor", "serious", "fatal", "other"),
    "order": ("congestion", "parking", "noise", "obstruction", "other"),
    "other": ("help", "lost", "dispute", "other"),
}
KINDS = [(class_code, one) for class_code, subclasses in SUBCLASSES.items() for one in subclasses]
TAGS = ("yellow_plate_truck", "construction_vehicle", "e_bike", "night", "drunk", "school", "works", "minor")
TAG_TEXTS = [None] * 6 + [f",{a}," for a in TAGS] + [f",{a},{b}," for a, b in zip(TAGS, TAGS[2:], strict=False)]
CHANNELS = ("phone", "app", "petition", "patrol")
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 9, 11, 8, 7, 7, 6, 6, 7, 7, 8, 11, 10, 7, 6, 5, 4, 3], dtype=float)
COLUMNS = (
    "incident_id", "station_code", "grid_code", "class_code", "subclass", "channel", "found_by", "is_valid",
    "repeat_of", "occurred_at", "closed_at", "address", "road", "lng", "lat", "cell", "place_issue", "deaths",
    "injuries", "serious_injuries", "tags", "updated_at",
)  # fmt: skip
Row = tuple[Any, ...]
Measured = tuple[str, str, float, float | None]
"""What, unit, value, and what is promised at most (None: nothing)."""


@dataclass(frozen=True)
class Places:
    """Where incidents happen: places of very different weight."""

    lng: np.ndarray
    lat: np.ndarray
    cell: list[str]
    share: np.ndarray
    station: np.ndarray


def places_of(rng: np.random.Generator) -> Places:
    """A dense middle and a wide surrounding; the heaviest of the places have a thousand times the lightest's share."""
    spread = np.where(rng.random(PLACES) < 0.5, 0.05, 0.25)
    lng = np.round(LNG + rng.normal(0, spread), 6)
    lat = np.round(LAT + rng.normal(0, spread * 0.8), 6)
    share = rng.pareto(1.2, PLACES) + 0.05
    cells = [h3.latlng_to_cell(y, x, 9) for x, y in zip(lng.tolist(), lat.tolist(), strict=True)]
    side = np.clip(((lng - LNG) / 0.06 + 5).astype(int), 0, 9) * 10 + np.clip(
        ((lat - LAT) / 0.05 + 5).astype(int), 0, 9
    )
    return Places(lng, lat, cells, share / share.sum(), side)


def fill_incidents(engine: Engine, count: int, days: int) -> None:
    """Invented incidents of `days` days up to `LAST_DAY`, and their packs; nothing else is refreshed.

    Args:
        count: of incidents, spread evenly over the days.
    """
    rng = np.random.default_rng(11)
    places = places_of(rng)
    first = LAST_DAY - timedelta(days=days - 1)
    with writing(engine) as connection:
        connection.execute(
            t.station.insert(),
            [
                {"code": code, "district_code": owner, "name": code, "updated_at": datetime(2024, 1, 1)}
                for code, owner in DISTRICTS.items()
            ],
        )
    for step in range(0, days, 30):
        part = range(step, min(days, step + 30))
        rows = (row for day in part for row in _day(places, first + timedelta(days=day), count // days, rng))
        with writing(engine) as connection:
            bulk_insert(connection, t.incident, COLUMNS, rows)
    _analyse(engine)
    for step in range(0, days, 30):
        with writing(engine) as connection:
            begin = first + timedelta(days=step)
            rebuild_packs(connection, begin, min(LAST_DAY, begin + timedelta(days=29)))
    _analyse(engine)


def _analyse(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE incident")
            connection.exec_driver_sql("VACUUM ANALYZE incident_pack")


def _day(places: Places, day: date, count: int, rng: np.random.Generator) -> Iterator[Row]:
    """One day's rows. About 3 % are not on the map, 8 % not valid, 6 % repeats."""
    place = rng.choice(len(places.share), count, p=places.share)
    seconds = rng.choice(24, count, p=HOURS / HOURS.sum()) * 3600 + rng.integers(0, 3600, count)
    kind = rng.choice(len(KINDS), count)
    draws = rng.random((5, count))
    tag = rng.integers(0, len(TAG_TEXTS), count)
    midnight, prefix = datetime.combine(day, time.min), f"110-{day:%Y%m%d}"
    lng, lat = places.lng.tolist(), places.lat.tolist()
    written = midnight + timedelta(days=1)
    for index in range(count):
        at, where = midnight + timedelta(seconds=int(seconds[index])), int(place[index])
        code, name = CODES[places.station[where]], f"{prefix}{index:06d}"
        class_code, subclass = KINDS[kind[index]]
        lost = draws[0, index] < 0.03
        accident = class_code == "accident"
        fatal, hurt = accident and draws[1, index] < 0.002, accident and draws[2, index] < 0.2
        yield (
            name, code, f"{code}-{where % 10:02d}", class_code, subclass, CHANNELS[where % 4],
            "officer" if draws[3, index] < 0.08 else "citizen", int(draws[4, index] > 0.08),
            name if draws[1, index] > 0.94 else None, at, at + timedelta(minutes=30),
            f"road {where % 900} no. {where % 77}", f"road {where % 900}",
            None if lost else lng[where], None if lost else lat[where], None if lost else places.cell[where],
            "missing" if lost else None, int(fatal), int(hurt), int(hurt and draws[2, index] < 0.03),
            TAG_TEXTS[tag[index]], written,
        )  # fmt: skip


END = datetime.combine(LAST_DAY, time(18, 30))
MONTH, QUARTER = Span(datetime(2024, 5, 1), END), Span(datetime(2024, 3, 3), END)
YEAR = Span(datetime(2023, 6, 1), END)
BASE = Span(datetime(2022, 6, 1), datetime(2023, 5, 31, 18, 30))
DAY_KINDS = {
    number: "weekend" if (number + 5) % 7 > 4 else ("holiday" if number % 30 == 0 else "workday")
    for number in range(day_number(date(2015, 1, 1)), day_number(date(2025, 1, 1)))
}
CELL_7 = h3.latlng_to_cell(LAT, LNG, 7)


EVERYTHING = command()


@dataclass(frozen=True)
class Change:
    """A change of the filter. `spans`: all that the answer needs."""

    name: str
    wanted: Filter
    spans: tuple[Span, ...]
    scope: Scope = EVERYTHING


def changes() -> list[Change]:
    """What people click."""
    everywhere = {
        "plain": Filter(),
        "class": Filter(classes=("accident",)),
        "subclass and tag": Filter(subclasses=("congestion", "parking"), tags=("e_bike", "works")),
        "hours and day kind": Filter(hours=(7, 8, 9, 17, 18), day_kinds=("workday",)),
        "district": Filter(districts=("990200000000",)),
        "station, severity": Filter(stations=(CODES[44],), severities=("minor", "serious", "fatal")),
        "circle of 300 m": Filter(near=Circle(LNG, LAT, 300)),
        "hexagon": Filter(cell=CELL_7),
    }
    spans = {"month": (MONTH,), "quarter": (QUARTER,), "year": (YEAR,)}
    found = [Change(f"{name}, {what}", one, of) for name, of in spans.items() for what, one in everywhere.items()]
    found.append(Change("year and year before, plain", Filter(), (YEAR, BASE)))
    found.append(Change("year and year before, narrow", Filter(classes=("accident",), hours=(7, 8)), (YEAR, BASE)))
    found.append(Change("year of one station's own people", Filter(), (YEAR,), station(CODES[44])))
    return found


def ask(engine: Engine, change: Change) -> int:
    """Read and add up as a page does; how many incidents passed."""
    total = 0
    with reading(engine) as connection:
        for span in change.spans:
            asked = frames(connection, span, change.scope, places=change.wanted.needs_places)
            total += tally(asked, span, change.wanted, DISTRICTS, DAY_KINDS).total
    return total


def rows_page(engine: Engine, span: Span) -> int:
    """The first page of the rows behind a number."""
    wanted = Filter(classes=("accident",), hours=(7, 8))
    with reading(engine) as connection:
        asked = frames(connection, span, command())
        refs, _ = pick(asked, wanted, DISTRICTS, DAY_KINDS, page=1, size=50)
        return len(rows_of(connection, refs, command())[1])


def cold(engine: Engine, span: Span, runs: int = 5) -> Times:
    """Milliseconds of the first question of a process."""
    found = []
    for _ in range(runs):
        _STORES.clear()
        gc.collect()
        start = perf_counter()
        ask(engine, Change("", Filter(), (span,)))
        found.append(1000 * (perf_counter() - start))
    return Times(tuple(found))


def warm(call: Any, runs: int = 15) -> Times:
    """Milliseconds when everything is in memory."""
    call()
    found = []
    for _ in range(runs):
        start = perf_counter()
        call()
        found.append(1000 * (perf_counter() - start))
    return Times(tuple(found))


def measure(engine: Engine, *, promised: bool = True) -> list[Measured]:
    """What was measured.

    Args:
        promised: the promises hold for this kind of database.
    """
    with reading(engine) as connection:
        packs = t.incident_pack.c
        sizes = [func.sum(func.length(column)) for column in (packs.facts, packs.places, packs.names)]
        count, *sums = connection.execute(select(func.sum(packs.row_count), *sizes)).one()
    lines: list[Measured] = [("incidents", "", float(count), None)]
    parts = zip(("facts", "places", "names"), sums, strict=True)
    lines += [(f"bytes a row, {name}", "B", float(size) / float(count), None) for name, size in parts]
    for name, span in (("month", MONTH), ("year", YEAR)):
        found = cold(engine, span)
        lines += [(f"cold {name} p50", "ms", found.p50, 60 if name == "month" else None)]
    configure(engine, 2**30)
    for change in changes():
        found = warm(lambda change=change: ask(engine, change))
        most = {"month": 20, "year": 100}.get(change.name.split(",")[0])
        lines += [(f"{change.name} p50", "ms", found.p50, None), (f"{change.name} p95", "ms", found.p95, most)]
    lines.append(("rows page of a month p95", "ms", warm(lambda: rows_page(engine, MONTH)).p95, None))
    lines.append(("memory of the months in use", "MiB", sum(one.size for one in _STORES.values()) / 2**20, None))
    return lines if promised else [(*line[:3], None) for line in lines]
