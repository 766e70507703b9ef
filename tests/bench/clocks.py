"""Response clocks over millions of dispatch orders: an invented city, and how long a click on the page of clocks takes.

Packs are written directly, as the refresh would write them out of the rows.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import Engine, func, select

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.packs.layout import narrow, stamp_of
from data_access.packs.order_store import _STORES, order_store_of
from data_access.packs.orders import FOLLOWS, KINDS, VALID, DayOrders, write_orders
from domain.access import Scope, command, district, station
from domain.clock_rules import CLASSES
from domain.clock_views import ClocksAsked
from domain.order_rows import NOT_YET, UNUSABLE
from domain.span import Span
from services.clocks import ClockGround, clocks_view
from tests.bench.database import Times, timed
from tests.bench.map_answers import MOST
from tests.bench.maps import CODES, DAYS, DISTRICTS, HOURS, LAST_DAY, Measured

REGIONS = ("urban", "fringe", "rural")
CLASS_SHARES = (0.45, 0.45, 0.10)
SECOND_ORDERS = 0.08
GROWTH = 1.5
"""Times that an answer may take longer with ten times the orders (ARCHITECTURE 7)."""
_DAY = 86_400


def fill_orders(engine: Engine, count: int, days: int = DAYS) -> None:
    """Stations, and packs of `days` days up to `LAST_DAY` with `count` orders in all; no rows."""
    rng, first = np.random.default_rng(13), LAST_DAY - timedelta(days=days - 1)
    with writing(engine) as connection:
        connection.execute(
            t.station.insert(),
            [
                {
                    "code": code,
                    "district_code": owner,
                    "name": code,
                    "region_type": REGIONS[number % 3],
                    "updated_at": datetime(2024, 1, 1),
                }
                for number, (code, owner) in enumerate(DISTRICTS.items())
            ],
        )
        for step in range(days):
            day = first + timedelta(days=step)
            connection.execute(t.dispatch_pack.insert().values(**_pack(day, count // days, rng)))
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE dispatch_pack")


def _pack(day: date, count: int, rng: np.random.Generator) -> dict[str, Any]:
    columns = _columns(count, rng)
    facts = write_orders(DayOrders(CODES, columns))
    return {"day": day, "row_count": count, "stamp": stamp_of(facts), "facts": facts}


def _columns(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Orders of a day. One in twelve is a squadron's; some are never closed, closed after days, or typed wrong."""
    kind = np.where(rng.random(count) < SECOND_ORDERS, KINDS["squadron"], KINDS["station"])
    valid = np.where(rng.random(count) < 0.97, VALID, 0)
    second = rng.choice(24, count, p=HOURS / HOURS.sum()) * 3600 + rng.integers(0, 3600, count)
    signed = rng.gamma(3, 18, count).astype(np.int32)
    set_out = signed + rng.integers(5, 90, count)
    arrived = set_out + rng.gamma(2, 130, count).astype(np.int32)
    feedback = arrived + rng.gamma(2, 2200, count).astype(np.int32)
    closed = feedback + rng.gamma(1.5, 5000, count).astype(np.int32)
    closed += np.where(rng.random(count) < 0.004, rng.integers(_DAY, 60 * _DAY, count), 0)
    stops = {"signed": signed, "set_out": set_out, "arrived": arrived, "feedback": feedback, "closed": closed}
    for name, values in stops.items():
        luck = rng.random(count)
        never, wrong = luck < (0.01 if name == "set_out" else 0.001), luck > 0.9995
        stops[name] = np.where(never, NOT_YET, np.where(wrong, UNUSABLE, values)).astype(np.int32)
    leads = (kind == KINDS["station"]) & (valid > 0)
    return {
        "second": np.sort(second).astype(np.uint32),
        "station": narrow(rng.integers(0, len(CODES), count), len(CODES)),
        "mark": (kind | rng.choice(len(CLASSES), count, p=CLASS_SHARES) << 2 | valid).astype(np.uint8),
        **stops,
        "incident": np.where(leads, stops["arrived"], FOLLOWS).astype(np.int32),
    }


END = datetime.combine(LAST_DAY, time(18, 30))
"""A live board: orders of the last days are still open."""

DAY_SPAN, MONTH, YEAR = (Span(datetime.combine(LAST_DAY - timedelta(days=n), time.min), END) for n in (0, 29, 365))
TO_DATE = Span(datetime(LAST_DAY.year, 1, 1), END)


def _asked(span: Span, **more: Any) -> ClocksAsked:
    """Against the same weekdays a year earlier and as long before."""
    back, length = timedelta(days=364), timedelta(days=(span.last_day - span.first_day).days + 1)
    base, previous = (Span(span.start - step, span.end - step) for step in (back, length))
    return ClocksAsked(span, base, previous if length <= back else None, **more)


def clicks() -> dict[str, tuple[ClocksAsked, Scope]]:
    """What people ask, and who."""
    return {
        "today": (_asked(DAY_SPAN), command()),
        "30 days": (_asked(MONTH), command()),
        "30 days, accidents": (_asked(MONTH, classes=("accident",)), command()),
        "30 days, limits by region": (_asked(MONTH, limits="region"), command()),
        "30 days, squadrons": (_asked(MONTH, who="squadron"), command()),
        "30 days, incidents": (_asked(MONTH, who="incident"), command()),
        "30 days, a station's own people": (_asked(MONTH), station(CODES[44])),
        "year to date": (_asked(TO_DATE), command()),
        "a year": (_asked(YEAR), command()),
        "a year, a district": (_asked(YEAR), district(DISTRICTS[CODES[44]])),
    }


def measure(small: Engine, large: Engine, *, promised: bool = True) -> list[Measured]:
    """p50 and p95 of each click, warm; how much more ten times the orders cost; a year not in memory; memory.

    Args:
        small, large: filled databases. They are asked in turns, so that the machine treats them alike.
        promised: the promises hold for this kind of database.
    """
    catalogue = load_catalogue()
    rules = load_clock_rules(catalogue)
    grounds = [ClockGround(engine, catalogue, rules) for engine in (small, large)]
    found: list[Measured] = []
    every: list[float] = []
    for name, (asked, scope) in clicks().items():
        less, more = timed(*(partial(clocks_view, ground, scope, asked, END) for ground in grounds), runs=25)
        every.extend(more.values)
        found.append((f"{name} p50", "ms", more.p50, None))
        found.append((f"{name} p95", "ms", more.p95, MOST if promised else None))
        found.append((f"{name} p50, tenfold orders", "×", more.p50 / less.p50, GROWTH if promised else None))
    found.append(("all clicks together p95", "ms", Times(tuple(every)).p95, MOST if promised else None))
    return [*_size(large), *found, *_memory(grounds[1])]


def _size(engine: Engine) -> list[Measured]:
    with reading(engine) as connection:
        packs = t.dispatch_pack.c
        rows, size = connection.execute(select(func.sum(packs.row_count), func.sum(func.length(packs.facts)))).one()
    return [("orders", "", float(rows), None), ("bytes a row", "B", float(size) / float(rows), None)]


def _memory(ground: ClockGround) -> list[Measured]:
    with reading(ground.engine) as connection:
        used = order_store_of(connection).size / 2**20
    _STORES.clear()
    start = perf_counter()
    clocks_view(ground, command(), ClocksAsked(YEAR), END)
    return [("memory", "MiB", used, None), ("a year not in memory", "ms", 1000 * (perf_counter() - start), None)]
