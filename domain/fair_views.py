"""What the page of fair comparison answers: rates of stations with funnel limits, shrunk rates and possible ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.board import Board, Unit
from domain.compare_views import CompareAsked, Days
from domain.funnel import Limits, Point

ZONES = ("high998", "high95", "inside", "low95", "low998", "unknown")
"""From what stands out most as too many to what stands out as few."""


@dataclass(frozen=True, slots=True)
class FairLine:
    """One station.

    Args:
        point: its count, residents, rates and limits. base: what it was in the same period; None without one.
        ranks: first and last rank it may well have; None where its residents are unknown.
        chosen: the question is about it; the others are there to compare with.
    """

    unit: Unit
    point: Point
    base: Point | None
    ranks: tuple[int, int] | None
    chosen: bool = True


@dataclass(frozen=True)
class FairView:
    """Rates per 10 000 residents, compared without a league table.

    Args:
        rate: of all stations with known residents; None without any.
        dispersion: what the limits were widened by.
        grid, limits: limits as curves over residents (10 000), for drawing.
        lines: outside the limits first, then by shrunk rate, highest first.
        zones: zone -> stations.
    """

    board: Board
    asked: CompareAsked
    rules_version: str
    units: tuple[Unit, ...]
    days: Mapping[str, Days]
    rate: float | None
    dispersion: float
    grid: tuple[float, ...]
    limits: Limits
    lines: tuple[FairLine, ...]
    zones: Mapping[str, int]
