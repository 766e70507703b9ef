"""The suggestion of fusion modes: twelve months of rows in, a suggestion beside each official mode out."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlalchemy import Engine

from data_access import modes
from data_access.engine import reading
from data_access.readers.fusion import CASES, PUBLICITY, VIOLATIONS, FusionCounts, fusion_counts
from data_access.readers.organisation import units
from domain.access import Role, Scope, command
from domain.board import Unit
from domain.errors import Refused
from domain.fusion import SEED, Clustering, Profile, suggest
from domain.fusion_views import FusionLine, FusionView
from domain.month import month_of, start_of
from domain.span import Span
from services.board import standing
from services.desk import Desk

_WORK = {"cases": CASES, "violations": VIOLATIONS, "people": PUBLICITY}
_ORDER = ("cases", "accidents", "deaths", "violations", "hazards", "people")
"""As `domain.fusion.FEATURES`."""


def months_behind(as_of: datetime) -> Span:
    """The twelve whole months before the month of an instant."""
    month = month_of(as_of.date())
    return Span(start_of(month.back(12).first), start_of(month.first))


def fusion_view(desk: Desk, scope: Scope, as_of: datetime) -> FusionView:
    """Each station of the scope with its official mode and the one its figures suggest; grouped among all."""
    span = months_behind(as_of)
    with reading(desk.engine) as connection:
        everyone = units(connection, command())
        counts = fusion_counts(connection, span, command())
        found = _suggested(desk, tuple(_profile(unit, counts) for unit in everyone))
        by_code = {one.code: one for one in found.suggestions} if found else {}
        return FusionView(
            board=standing(connection, desk.catalogue, as_of),
            span=span,
            lines=tuple(FusionLine(unit, by_code.get(unit.code)) for unit in units(connection, scope)),
            clustering=found,
            points=len(by_code),
        )


def _suggested(desk: Desk, profiles: tuple[Profile, ...]) -> Clustering | None:
    """The groups; drawn anew only when a figure of any station has changed."""
    found: Clustering | None = desk.memory.answers.made(
        "fusion", profiles, lambda: suggest(profiles, np.random.default_rng(SEED))
    )
    return found


def _profile(unit: Unit, counts: FusionCounts) -> Profile:
    mine = counts.incidents.get(unit.code, {})
    deaths = mine.get("deaths", 0.0)
    return Profile(
        code=unit.code,
        mode=unit.fusion_mode,
        residents_10k=unit.residents_10k,
        area_km2=unit.area_km2,
        counts=tuple(_count(name, unit.code, counts) for name in _ORDER),
        congestion=mine.get("congestion", 0.0),
        petitions=mine.get("petitions", 0.0),
        rural_deaths=deaths if unit.region_type == "rural" else 0.0,
    )


def _count(name: str, station: str, counts: FusionCounts) -> float | None:
    """A count; None where no station has any row of it, 0 where only this one has none."""
    if name == "hazards":
        return counts.hazards.get(station, 0.0) if counts.hazards else None
    if name in _WORK:
        found = counts.work.get(_WORK[name])
        return None if found is None else found.get(station, 0.0)
    return counts.incidents.get(station, {}).get(name, 0.0) if counts.incidents else None


def set_mode(writer: Engine, code: str, mode: str, *, by: str, reason: str, at: datetime, scope: Scope) -> str:
    """Change a station's official mode; returns the one before.

    Raises:
        Refused: the asker is no administrator; see also `data_access.modes.change_mode`.
        NotFound: no such station in the scope.
    """
    if scope.role not in (Role.ADMIN, Role.COMMAND):
        raise Refused("assessment.refused.mode_role")
    return modes.change_mode(writer, code, mode, by=by, reason=reason, at=at, scope=scope)
