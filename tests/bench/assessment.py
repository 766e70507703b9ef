"""The assessment: a running month, a locked one, one station's sheet, twelve months of all stations, a workbook."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from time import process_time
from typing import Any

from sqlalchemy import Engine, delete, select

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.bulk import bulk_insert
from data_access.engine import writing
from data_access.rollups.months import rebuild_months
from domain.access import Scope, command
from domain.assessment_inputs import Amount
from domain.month import Month, month_of
from exports.assessment_book import assessment_xlsx
from i18n import translator
from services.assessment import comparison_view, districts_view, ranking_view, tried, year_view
from services.assessment_book import month_book
from services.assessment_deeds import lock_month
from services.assessment_prepared import prepare
from services.assessment_sheet import sheet_view
from services.desk import Desk, Memory
from services.fusion import fusion_view
from tests.bench.database import raw, recorded, timed

MONTHS = 26
RUNS = 20
_COLUMNS = ("task_code", "day", "station_code", "numerator", "denominator", "row_count")
Found = tuple[str, str, float, float | None]
"""What, unit, value, and what is promised at most."""


def fill_past(engine: Engine, now: datetime, seed: int = 11) -> int:
    """Closed days of two years for every task of the catalogue, before those that are there; returns how many rows."""
    rng, codes = random.Random(seed), [task.code for task in load_catalogue().tasks]
    with writing(engine) as connection:
        stations = list(connection.execute(select(t.station.c.code)).scalars())
        first = month_of(now.date()).back(MONTHS).first
        last = month_of(now.date()).back(2).last
        connection.execute(delete(t.measure_day).where(t.measure_day.c.day <= last))
        count = bulk_insert(connection, t.measure_day, _COLUMNS, _days(codes, first, last, stations, rng))
        rebuild_months(connection, codes, first, last)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return count


def _days(
    codes: list[str], first: date, last: date, stations: list[str], rng: random.Random
) -> Iterator[tuple[Any, ...]]:
    for code in codes:
        for step in range((last - first).days + 1):
            for station in stations:
                many = rng.randrange(20, 60)
                yield code, first + timedelta(days=step), station, many - rng.choice((0, 1, 2, 6)), many, 3


@dataclass
class Living:
    """A web process that is asked again and again: each time a minute later, with what it keeps of months over."""

    desk: Desk
    as_of: datetime
    everyone: Scope = field(default_factory=command)

    @property
    def month(self) -> Month:
        """The running month."""
        return month_of(self.as_of.date())

    def now(self) -> datetime:
        """The next minute."""
        self.as_of += timedelta(minutes=1)
        return self.as_of

    @property
    def fresh(self) -> Desk:
        """The desk of a process that has just begun, or of which the whole past changed."""
        return replace(self.desk, memory=Memory())


def measure(engine: Engine, as_of: datetime, *, promised: bool) -> list[Found]:
    """Milliseconds of each answer, none of them kept; the budget of ARCHITECTURE section 7 holds on PostgreSQL."""
    catalogue = load_catalogue()
    live = Living(Desk(engine, catalogue, load_assessment(catalogue)), as_of)
    found = _timed(_running(live), promised)
    found += _plain(engine, live)
    found += _timed({"workbook of the open month": lambda: _workbook(live.desk, live.month.back(1), as_of)}, False)
    for back in range(12, 1, -1):
        lock_month(live.desk, engine, live.month.back(back), "bench", at=as_of)
    return found + _timed(_locked(live), promised)


def _running(live: Living) -> dict[str, Any]:
    desk, everyone, month, as_of = live.desk, live.everyone, live.month, live.as_of
    with desk.engine.connect() as connection:
        codes = connection.execute(select(t.station.c.code).order_by(t.station.c.code)).scalars().all()
    station, pair = str(codes[0]), (str(codes[0]), str(codes[-1]))
    kept, tries = prepare(desk, month, as_of), {"slots": Amount(1, 2)}
    return {
        "running month, ranking": lambda: ranking_view(desk, everyone, month, live.now()),
        "running month, what all answers share": lambda: prepare(desk, month, live.now()),
        "running month, one sheet": lambda: sheet_view(desk, everyone, month, station, live.now()),
        "running month, one more sheet": lambda: sheet_view(desk, everyone, month, station, as_of, prepared=kept),
        "open month, ranking": lambda: ranking_view(desk, everyone, month.back(1), live.now()),
        "twelve open months, all stations": lambda: year_view(desk, everyone, month, live.now()),
        "two stations side by side": lambda: comparison_view(desk, everyone, month, pair, as_of, prepared=kept),
        "what-if": lambda: tried(desk, everyone, month, station, tries, as_of=as_of, prepared=kept),
        "districts of twelve months": lambda: districts_view(desk, everyone, month, as_of, prepared=kept),
        "fusion modes": lambda: fusion_view(desk, everyone, live.now()),
        "first of a process: running month, ranking": lambda: ranking_view(live.fresh, everyone, month, live.now()),
        "first of a process: open month, ranking": lambda: ranking_view(live.fresh, everyone, month.back(1), as_of),
        "first of a process: twelve open months": lambda: year_view(live.fresh, everyone, month, live.now()),
    }


def _locked(live: Living) -> dict[str, Any]:
    desk, everyone, month = live.desk, live.everyone, live.month
    return {
        "locked month, ranking": lambda: ranking_view(desk, everyone, month.back(2), live.now()),
        "eleven locked months and one running": lambda: year_view(desk, everyone, month, live.now()),
        "first of a process: locked month, ranking": lambda: ranking_view(
            live.fresh, everyone, month.back(2), live.now()
        ),
        "first of a process: eleven locked and one running": lambda: year_view(live.fresh, everyone, month, live.now()),
    }


def _plain(engine: Engine, live: Living) -> list[Found]:
    """The running month's ranking against the bare SQL it runs: tells a slow program from a busy machine."""

    def ask() -> object:
        return ranking_view(live.desk, live.everyone, live.month, live.as_of)

    ask()
    statements, pooled = recorded(engine, ask), engine.raw_connection()
    driver: Any = pooled.driver_connection
    try:
        whole, bare = timed(ask, lambda: raw(driver, statements), runs=RUNS)
    finally:
        driver.rollback()
        pooled.close()
    begun = process_time()
    for _ in range(RUNS):
        ask()
    return [
        ("running month, ranking, SQL statements", "", len(statements), None),
        ("running month, ranking, its raw SQL p50", "ms", bare.p50, None),
        ("running month, ranking, times its raw SQL p50", "×", whole.p50 / bare.p50, None),
        ("running month, ranking, processor time", "ms", 1000 * (process_time() - begun) / RUNS, None),
    ]


def _workbook(desk: Desk, month: Month, as_of: datetime) -> bytes:
    """The whole workbook with its answer; a file, not a click."""
    view = ranking_view(desk, command(), month, as_of)
    return assessment_xlsx(month_book(desk, command(), view), desk.catalogue, translator("zh"))


def _timed(asks: dict[str, Any], promised: bool) -> list[Found]:
    lines: list[Found] = []
    for what, times in zip(asks, timed(*asks.values(), runs=RUNS), strict=True):
        lines.append((f"{what} p50", "ms", times.p50, None))
        lines.append((f"{what} p95", "ms", times.p95, 150 if promised else None))
    return lines
