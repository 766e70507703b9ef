"""A small district with three years of incidents and a year of orders in a real database, for the comparison pages.

Six stations in two districts, one of them without residents; a closed station, an unknown one and none at all, so that
sums have to hold without them. Every number that a test expects can be counted from `rows` in plain Python.
"""

from __future__ import annotations

import atexit
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from sqlalchemy import Engine, insert

from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.days import spring_festival
from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from data_access import tables as t
from data_access.engine import open_engine, writing
from data_access.packs import rebuild_packs
from data_access.packs.order_build import rebuild_order_packs
from data_access.tables import metadata
from domain.access import Scope, command
from domain.asked import asked as asked_of_rows
from domain.clock_views import ClocksAsked, ClocksView
from domain.compare_asked import compare_asked
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, CompareView
from domain.fair_views import FairView
from domain.incident_views import RowsView
from domain.trend_views import TrendView
from services.clocks import ClockGround, clocks_view
from services.compare import compare_view
from services.compare_desk import CompareGround, complete_until
from services.fair import fair_view
from services.ground import Ground
from services.incident_rows import rows_view
from services.trend import trend_view
from tests import factories as make

NOW = datetime(2024, 5, 7, 13, 5)
BEGINS, ENDS = date(2021, 6, 10), date(2024, 5, 8)
"""The data begin in the middle of a month, and go on after `NOW`."""
FIRST_ORDER = date(2023, 3, 15)
CATALOGUE, RULES, MAP_RULES = load_catalogue(), load_compare_rules(), load_map_rules()
CLOCK_RULES = load_clock_rules(CATALOGUE)
ALL = command()
ABSENT = "yellow_truck"
"""No incident carries its mark."""

Row = dict[str, Any]
STATIONS: dict[str, Row] = {
    "S1": {"district_code": "D1", "region_type": "urban", "fusion_mode": "full", "residents_10k": 6.5, "rate": 4.0},
    "S2": {"district_code": "D1", "region_type": "urban", "fusion_mode": "deep", "residents_10k": 5.2, "rate": 3.0},
    "S3": {"district_code": "D1", "region_type": "fringe", "fusion_mode": "deep", "residents_10k": 3.1, "rate": 2.0},
    "S4": {"district_code": "D2", "region_type": "rural", "fusion_mode": "basic", "residents_10k": 2.4, "rate": 1.4},
    "S5": {"district_code": "D2", "region_type": "rural", "fusion_mode": "basic", "residents_10k": None, "rate": 0.8},
    "S6": {"district_code": "D2", "region_type": "fringe", "fusion_mode": "deep", "residents_10k": 1.1, "rate": 0.25},
}
NAMES = {"S1": "城东", "S2": "城西", "S3": "河口", "S4": "南村", "S5": "北村", "S6": "柳林"}
RESIDENTS = {code: row["residents_10k"] for code, row in STATIONS.items()}
CLOSED = "S9"
ELSEWHERE = {CLOSED: 0.08, "X": 0.06, "": 0.06}
"""Incidents of a station that is closed, of one that nobody knows, and of none."""
KINDS = {
    "accident": ("rear_end", "side_collision", "pedestrian"),
    "order": ("congestion", "parking"),
    "other": ("asking", None),
}


@dataclass(frozen=True, eq=False)
class City:
    """A loaded database and the questions that are asked of it; `now` is when they are asked."""

    engine: Engine
    rows: tuple[Row, ...] = field(default=(), repr=False)
    orders: tuple[Row, ...] = field(default=(), repr=False)
    now: datetime = NOW
    rules: CompareRules = RULES
    scope: Scope = ALL

    @property
    def ground(self) -> CompareGround:
        return CompareGround(self.engine, CATALOGUE, self.rules, "CN")

    def but(self, **changes: Any) -> City:
        """The same city, asked otherwise."""
        return replace(self, **changes)

    def asked(self, **args: str) -> CompareAsked:
        """What an address asks; periods end where the sources are complete, as on the page."""
        return compare_asked(args, complete_until(self.ground, self.now), self.rules, spring_festival)

    def compare(self, **args: str) -> CompareView:
        return compare_view(self.ground, self.scope, self.asked(**args), self.now)

    def trend(self, **args: str) -> TrendView:
        return trend_view(self.ground, self.scope, self.asked(**args), self.now)

    def fair(self, **args: str) -> FairView:
        return fair_view(self.ground, self.scope, self.asked(**args), self.now)

    def clocks(self, **args: str) -> ClocksView:
        """As the page asks: regions and modes as the stations that lie in them."""
        wanted = self.asked(**args)
        chosen = tuple(unit.code for unit in self.compare().units if wanted.holds(unit)) if wanted.narrowed else None
        question = ClocksAsked(
            wanted.periods.span, wanted.periods.base, wanted.periods.previous,
            chosen, wanted.classes, wanted.who, wanted.limits,
        )  # fmt: skip
        return clocks_view(ClockGround(self.engine, CATALOGUE, CLOCK_RULES), self.scope, question, self.now)

    def opened(self, address: str, size: int = 1) -> RowsView:
        """The rows that a link to /incidents opens; all of them up to `size`."""
        question = asked_of_rows(dict(parse_qsl(urlsplit(address).query)), self.now)
        ground = Ground(self.engine, CATALOGUE, MAP_RULES, "CN")
        return rows_view(ground, self.scope, question, self.now, size=size)

    def count(self, start: datetime, end: datetime, holds: Callable[[Row], Any] = lambda _: True) -> int:
        """Valid incidents from `start` to before `end`, counted one by one; a number from `holds` is summed."""
        return sum(int(holds(row)) for row in self.rows if row["is_valid"] and start <= row["occurred_at"] < end)


@cache
def city() -> City:
    """The one city of the process, on SQLite. Do not write to it."""
    return loaded(_engine())


def loaded(engine: Engine) -> City:
    """The city in a database with empty tables."""
    rows, orders = _rows()
    _organisation(engine)
    with writing(engine) as connection:
        connection.execute(insert(t.incident), list(rows))
        connection.execute(insert(t.dispatch_order), list(orders))
        for code in RULES.feeds:
            make.make_feed(connection, code, at=NOW)
        rebuild_packs(connection, BEGINS, ENDS)
        rebuild_order_packs(connection, FIRST_ORDER, ENDS)
    return City(engine, rows, orders)


@cache
def _rows() -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    rows = tuple(_incidents())
    return rows, tuple(_orders(rows))


@cache
def nothing() -> City:
    """Stations, and nothing that ever happened."""
    engine = _engine()
    _organisation(engine)
    return City(engine)


@cache
def late(hours: int = 30) -> City:
    """The city whose sources are complete only up to some hours ago."""
    here = copy()
    with writing(here.engine) as connection:
        told = here.now - timedelta(hours=hours)
        connection.execute(t.feed.update().values(last_row_at=told, complete_to=told, last_load_at=told))
    return here


def copy() -> City:
    """The city in a file of its own, which a test may change."""
    here = city()
    return here.but(engine=open_engine(f"sqlite:///{shutil.copyfile(_file(here.engine), _folder() / 'city.sqlite3')}"))


def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="compare_city_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _file(engine: Engine) -> str:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return str(engine.url.database)


def _engine() -> Engine:
    engine = open_engine(f"sqlite:///{_folder() / 'city.sqlite3'}")
    metadata.create_all(engine)
    return engine


def _organisation(engine: Engine) -> None:
    with writing(engine) as connection:
        make.make_district(connection, "D1", name="城区分局", name_en="City", sort_no=1)
        make.make_district(connection, "D2", name="乡镇分局", name_en="County", sort_no=2)
        for number, (code, given) in enumerate(STATIONS.items()):
            kept = {name: value for name, value in given.items() if name != "rate"}
            names = {"name": f"{NAMES[code]}派出所", "short_name": f"{NAMES[code]}派出所", "name_en": f"{code} station"}
            make.make_station(connection, code, sort_no=number, **kept, **names)
        make.make_station(connection, CLOSED, is_active=0, region_type="urban")


# rows ------------------------------------------------------------------------------------------


def _incidents() -> list[Row]:
    """More on weekdays and in winter; from 2024 on station S1 has fewer accidents and S3 more calls for order."""
    draw, days = np.random.default_rng(20), [BEGINS + timedelta(days=n) for n in range((ENDS - BEGINS).days)]
    means = np.array([[_level(day) * mean for mean in _means(day.year)] for day in days])
    places = np.argwhere(np.ones(means.shape)).repeat(draw.poisson(means).ravel(), axis=0)
    chances = draw.random((len(places), 9))
    pairs = [(code, name) for code in (*STATIONS, *ELSEWHERE) for name in KINDS]
    rows = [
        _incident(days[day], pairs[pair], luck)
        for (day, pair), luck in zip(places.tolist(), chances.tolist(), strict=True)
    ]
    return [{**row, "incident_id": f"I{number:06d}"} for number, row in enumerate(rows)]


def _level(day: date) -> float:
    return (1.1 if day.weekday() < 5 else 0.8) * (1 + 0.15 * math.cos(2 * math.pi * day.timetuple().tm_yday / 365))


@cache
def _means(year: int) -> tuple[float, ...]:
    """Incidents a day by station and class."""
    rates = {**{code: row["rate"] for code, row in STATIONS.items()}, **ELSEWHERE}
    changed = {("S1", "accident"): 0.55, ("S3", "order"): 1.9} if year == 2024 else {}
    shares = {"accident": 0.45, "order": 0.33, "other": 0.22}
    return tuple(rate * shares[name] * changed.get((code, name), 1.0) for code, rate in rates.items() for name in KINDS)


def _incident(day: date, pair: tuple[str, str], luck: list[float]) -> Row:
    code, name = pair
    at, crash_ = datetime.combine(day, time.min) + timedelta(minutes=int(1440 * luck[8])), name == "accident"
    shares = {"quick_settled": 0.5, "construction_vehicle": 0.03}
    tags = [tag for (tag, share), chance in zip(shares.items(), luck, strict=False) if crash_ and chance < share]
    return {
        "station_code": code or None,
        "class_code": name,
        "subclass": KINDS[name][int(luck[2] * len(KINDS[name]))],
        "channel": "petition" if luck[3] < 0.03 else "phone",
        "is_valid": int(luck[4] > 0.05),
        "repeat_of": "I000001" if luck[5] < 0.06 else None,
        "occurred_at": at,
        "reported_at": at,
        "deaths": int(crash_ and luck[6] < 0.012) * (1 + day.day % 2),
        "injuries": int(crash_ and (luck[7] < 0.15 or luck[6] < 0.006)) * (1 + day.day % 3),
        "serious_injuries": int(crash_ and luck[7] < 0.03),
        "tags": ",".join(tags) or None,
        "updated_at": at,
    }


def _orders(rows: tuple[Row, ...]) -> Iterator[Row]:
    """A station's order for each incident, and a squadron's as well for every third one (一警双派)."""
    draw = np.random.default_rng(21)
    for row in rows:
        if row["occurred_at"].date() < FIRST_ORDER or row["station_code"] not in STATIONS:
            continue
        kinds = ("station", "squadron") if int(row["incident_id"][1:]) % 3 == 0 else ("station",)
        for kind in kinds:
            yield _order(row, kind, draw)


def _order(row: Row, kind: str, draw: np.random.Generator) -> Row:
    at = row["occurred_at"] + timedelta(minutes=1)
    waits = {
        "signed_at": draw.exponential(35), "set_out_at": 60 + draw.exponential(90),
        "arrived_at": 120 + draw.exponential(130), "first_feedback_at": 1200 + draw.exponential(4000),
        "closed_at": 3000 + draw.exponential(30_000),
    }  # fmt: skip
    stops = {name: at + timedelta(seconds=int(seconds)) for name, seconds in waits.items()}
    return {
        "order_id": f"{kind[:2]}{row['incident_id']}",
        "incident_id": row["incident_id"],
        "station_code": row["station_code"],
        "unit_kind": kind,
        "unit_code": row["station_code"],
        "class_code": row["class_code"],
        "is_valid": 1,
        "assigned_at": at,
        **{name: stop if stop <= NOW else None for name, stop in stops.items()},
        "updated_at": at,
    }


# what the figures of the catalogue count, in plain Python -----------------------------------------


def severity(row: Mapping[str, Any]) -> str:
    harms = (("deaths", "fatal"), ("serious_injuries", "serious"), ("injuries", "minor"))
    plain = "property" if row["class_code"] == "accident" else "none"
    return next((name for column, name in harms if row[column]), plain)


def tagged(row: Mapping[str, Any], *names: str) -> bool:
    return bool(set((row["tags"] or "").split(",")) & set(names))


def crash(row: Mapping[str, Any]) -> bool:
    return bool(row["class_code"] == "accident")


FIGURES: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "traffic": lambda row: True,
    "accident": crash,
    "order": lambda row: row["class_code"] == "order",
    "other": lambda row: row["class_code"] == "other",
    "congestion": lambda row: row["class_code"] == "order" and row["subclass"] == "congestion",
    "repeat": lambda row: row["repeat_of"],
    "deaths": lambda row: row["deaths"],
    "injuries": lambda row: row["injuries"],
    "petition": lambda row: row["channel"] == "petition",
    "yellow_truck": lambda row: crash(row) and tagged(row, "yellow_plate_truck"),
    "construction": lambda row: crash(row) and tagged(row, "construction_vehicle"),
    "minor": lambda row: crash(row) and severity(row) in ("property", "minor"),
    "quick": lambda row: crash(row) and tagged(row, "quick_settled", "quick_online"),
}
"""`repeat_of` is an identifier, the rest is true, false or a number: `counted` makes a number of each."""


def counted(code: str, *stations: str) -> Callable[[Row], int]:
    """What one row adds to a figure, of these stations only; of all without any."""

    def adds(row: Row) -> int:
        value = FIGURES[code](row) if not stations or row["station_code"] in stations else 0
        return value if isinstance(value, int) else int(bool(value))

    return adds
