"""Whole answers of the map pages over millions of incidents: what a click waits for on the server.

Everything is included but HTTP and drawing: reads, sums, hexagons with their tests, times, payload.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from components.incident_map import heat_payload
from components.look import Look
from domain.access import command
from domain.asked import asked
from domain.heat import Asked
from i18n import translator
from services.ground import Ground
from services.heat import heat_view
from services.incident_rows import points_view, rows_view
from services.spots import spots_view
from tests.bench import maps
from tests.bench.database import Times

MOST = 150
"""Milliseconds that any interactive answer may take on PostgreSQL (ARCHITECTURE 7)."""
CLICKS: dict[str, dict[str, str]] = {
    "30 days": {},
    "30 days, accidents": {"class": "accident"},
    "30 days, rush hours of workdays": {"hours": "7-8,16-18", "days": "workday"},
    "30 days, e-bikes, one district": {"tag": "e_bike", "district": "990200000000"},
    "30 days, circle of 500 m": {"near": "120.2,30.1,500"},
    "30 days, rings": {"ring": "120.2,30.1"},
    "90 days": {"preset": "90d"},
    "90 days, one station": {"preset": "90d", "station": maps.CODES[44]},
    "November of two years": {"preset": "november", "side": "both"},
    "a year": {"preset": "365d", "base": "none"},
    "a year against the year before": {"preset": "365d"},
    "a year against the year before, accidents": {"preset": "365d", "class": "accident"},
}
NOW = datetime(2024, 5, 31, 18, 30)


def measure(engine: Engine, *, promised: bool = True) -> list[maps.Measured]:
    """p50 and p95 of each click, warm; and of rows, points and hot spots."""
    ground = Ground(engine, load_catalogue(), load_map_rules(), "CN")
    look = Look(translator("zh"), ground.catalogue)
    found: list[maps.Measured] = []
    every: list[float] = []

    def add(name: str, times: Times, most: float | None) -> None:
        every.extend(times.values if most else ())
        found.append((f"answer: {name} p50", "ms", times.p50, None))
        found.append((f"answer: {name} p95", "ms", times.p95, most if promised else None))

    for name, args in CLICKS.items():
        wanted = asked(args, NOW)
        add(name, maps.warm(lambda wanted=wanted: heat_payload(heat_view(ground, command(), wanted, NOW), look)), MOST)
    month = asked({}, NOW)
    add("rows of 30 days", maps.warm(lambda: rows_view(ground, command(), month, NOW)), MOST)
    add("rows of a year, one hour", maps.warm(lambda: _rows(ground, {"preset": "365d", "hours": "3"})), MOST)
    street = (120.19, 30.095, 120.21, 30.105)
    add("points of a street", maps.warm(lambda: points_view(ground, command(), month.span, month.filter, street)), MOST)
    add("hot spots and hit rate", maps.warm(lambda: spots_view(ground, command(), month, NOW), runs=5), None)
    found.append(("answer: all clicks together p95", "ms", Times(tuple(every)).p95, MOST if promised else None))
    return found


def _rows(ground: Ground, args: dict[str, str]) -> object:
    wanted: Asked = asked(args, NOW)
    return rows_view(ground, command(), wanted, NOW)
