"""Comparisons over the incidents of `tests.bench.maps`: how long a click on each of their pages takes on the server."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from sqlalchemy import Engine

from catalogue.compare_loader import load_compare_rules
from catalogue.days import spring_festival
from catalogue.loader import load_catalogue
from data_access.packs.sums import _CUBES
from domain.access import command, station
from domain.compare_asked import compare_asked
from services.compare import compare_view
from services.compare_desk import CompareGround
from services.fair import fair_view
from services.trend import trend_view
from tests.bench.database import Times
from tests.bench.maps import CODES, END, Measured, warm

BUDGET = 150
"""Milliseconds that any interactive answer over ten million incidents may take (p95, PostgreSQL)."""
CLICKS = {
    "month to date": {},
    "month, hours=whole, weekdays aligned": {"hours": "whole", "base": "weekday"},
    "year to date": {"preset": "year"},
    "year before, whole": {"preset": "last_year"},
    "one district": {"district": "990200000000"},
    "by class": {"unit": "kind", "preset": "quarter"},
    "sorted by change": {"sort": "-accident.change", "preset": "365d"},
}


@dataclass(frozen=True)
class Page:
    """A page, and what it is asked with."""

    name: str
    make: Callable[..., object]
    args: dict[str, str]


def pages() -> list[Page]:
    """What people click."""
    found = [Page(f"overview and tables, {name}", compare_view, args) for name, args in CLICKS.items()]
    found += [Page(f"trend by {step}", trend_view, {"step": step, "figure": "accident"}) for step in ("month", "week")]
    found += [Page(f"fair comparison, {preset}", fair_view, {"preset": preset}) for preset in ("month", "year")]
    return found


def measure(engine: Engine, *, promised: bool = True) -> list[Measured]:
    """What was measured.

    Args:
        promised: the promises hold for this kind of database and this many incidents.
    """
    ground = CompareGround(engine, load_catalogue(), load_compare_rules(), "CN")
    ask = partial(_asked, ground)
    cold = _cold(lambda: ask(pages()[0]))
    lines: list[Measured] = [("compare: first answer of a process", "ms", cold.p50, None)]
    every: list[float] = []
    for page in pages():
        times = warm(partial(ask, page))
        every += times.values
        most = BUDGET if promised else None
        lines += [(f"compare: {page.name} p50", "ms", times.p50, None)]
        lines += [(f"compare: {page.name} p95", "ms", times.p95, most)]
    own = warm(lambda: _asked(ground, pages()[0], own=True))
    lines.append(("compare: a station's own p95", "ms", own.p95, BUDGET if promised else None))
    lines.append(("compare: all clicks p95", "ms", Times(tuple(every)).p95, BUDGET if promised else None))
    lines.append(("compare: memory of the figures", "MiB", sum(one.size for one in _CUBES.values()) / 2**20, None))
    return lines


def _asked(ground: CompareGround, page: Page, *, own: bool = False) -> object:
    scope = station(CODES[44]) if own else command()
    return page.make(ground, scope, compare_asked(page.args, END, ground.rules, spring_festival), END)


def _cold(call: Callable[[], object], runs: int = 3) -> Times:
    found = []
    for _ in range(runs):
        _CUBES.clear()
        gc.collect()
        start = perf_counter()
        call()
        found.append(1000 * (perf_counter() - start))
    return Times(tuple(found))
