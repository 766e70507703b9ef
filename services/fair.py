"""Stations compared by rate with funnel limits, shrunk rates and possible ranks -> `FairView`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from data_access.engine import reading
from domain.access import Scope
from domain.compare_views import CompareAsked
from domain.fair_views import ZONES, FairLine, FairView
from domain.funnel import Funnel, funnel
from domain.ranks import rank_ranges
from services.board import standing
from services.compare_desk import CompareGround, Desk, desk

GRID = 60
_FIRST = {zone: number for number, zone in enumerate(("high998", "low998", "high95", "low95", "inside", "unknown"))}


def fair_view(ground: CompareGround, scope: Scope, asked: CompareAsked, as_of: datetime) -> FairView:
    """All visible stations (of the chosen regions and modes) by the figure in focus; chosen ones are marked.

    One station alone, or the few of a district, would only be compared with themselves.

    Args:
        as_of: the instant the page is about.
    """
    with reading(ground.engine) as connection:
        here = desk(connection, ground, scope, replace(asked, stations=(), districts=()))
        board = standing(connection, ground.catalogue, as_of)
    column = ground.rules.column[asked.figure]
    history = float(here.station_dispersion(column).min(initial=np.inf)) if here.ledger.days.stations else 1.0
    now, base = (_funnel(here, name, column, history) for name in ("now", "base"))
    grid = _grid(here)
    counts = [point.count for point in now.points]
    ranks = rank_ranges(counts, [point.exposure or 0.0 for point in now.points], history)
    known = here.length("base") > 0
    lines = [
        FairLine(unit, point, base.points[number] if known else None, ranks[number], asked.holds(unit))
        for number, (unit, point) in enumerate(zip(here.chosen, now.points, strict=True))
    ]
    return FairView(
        board=board,
        asked=asked,
        rules_version=ground.rules.version,
        units=here.units,
        days=here.days,
        rate=now.rate,
        dispersion=now.dispersion,
        grid=tuple(grid.tolist()),
        limits=now.limits_at(grid),
        lines=tuple(sorted(lines, key=_order)),
        zones={zone: sum(line.point.zone == zone for line in lines) for zone in ZONES},
    )


def _funnel(here: Desk, name: str, column: int, history: float) -> Funnel:
    """Counts per 10 000 residents of the chosen stations, those without any incident included."""
    at = {code: number for number, code in enumerate(here.ledger.days.stations)}
    found = here.counts[name][:, column]
    counts = [int(found[at[unit.code]]) if unit.code in at else 0 for unit in here.chosen]
    return funnel(counts, [float(unit.residents_10k or 0) for unit in here.chosen], dispersion=history)


def _grid(here: Desk) -> np.ndarray:
    """Residents from the smallest station to the largest, with some room on both sides."""
    known = [float(unit.residents_10k) for unit in here.chosen if unit.residents_10k]
    if not known:
        return np.zeros(0)
    return np.linspace(0.8 * min(known), 1.05 * max(known), GRID)


def _order(line: FairLine) -> tuple[int, float, str]:
    return _FIRST[line.point.zone], -(line.point.shrunk or 0.0), line.unit.code
