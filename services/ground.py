"""What answers about places and times share: the rules, and sums of any span and filter."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, Engine

from catalogue.days import day_kinds
from data_access.engine import reading
from data_access.readers.incidents import first_day, frames, warm
from data_access.readers.organisation import units
from domain.access import Scope
from domain.board import Unit
from domain.daykind import numbered
from domain.heat import Side
from domain.incident_filter import Filter
from domain.incidents import Codes, Frames
from domain.map_rules import MapRules
from domain.span import Span
from domain.tally import tally
from domain.task import Catalogue


@dataclass(frozen=True, slots=True)
class Ground:
    """What every answer is made with. `calendar`: whose public holidays, "CN" or "none"."""

    engine: Engine
    catalogue: Catalogue
    rules: MapRules
    calendar: str


@dataclass(frozen=True)
class Looker:
    """One viewer's way to incidents, inside one transaction.

    Args:
        units: the stations the viewer may see.
    """

    connection: Connection
    ground: Ground
    scope: Scope
    units: tuple[Unit, ...]

    @property
    def districts(self) -> Mapping[str, str | None]:
        """Station code -> district code."""
        return {unit.code: unit.district_code for unit in self.units}

    def kinds(self, span: Span) -> tuple[Mapping[date, str], bool]:
        """The kind of every day of a span, and whether the calendar knew them all."""
        return day_kinds(span.first_day, span.last_day, self.ground.calendar)

    def kind_numbers(self, span: Span) -> Mapping[int, str]:
        """The kind of every day of a span, by day number."""
        return numbered(self.kinds(span)[0])

    @cached_property
    def begins(self) -> date | None:
        """The first day of which there are incidents."""
        return first_day(self.connection, self.scope)

    def frames(self, span: Span, *, places: bool = False) -> Frames:
        """The span's incidents that the viewer may see."""
        return frames(self.connection, span, self.scope, places=places)

    def side(self, span: Span, wanted: Filter) -> tuple[Side, Codes]:
        """The sums of a span, and the codes that its cells are written in."""
        found = self.frames(span, places=wanted.needs_places)
        sums = tally(found, span, wanted, self.districts, self.kind_numbers(span))
        return Side(span, sums), found.codes


def looker(connection: Connection, ground: Ground, scope: Scope) -> Looker:
    """The viewer's way to incidents inside this transaction."""
    return Looker(connection, ground, scope, units(connection, scope))


def ready(ground: Ground, scope: Scope, spans: Sequence[Span], seconds: float) -> float:
    """Read what is missing of the spans for about `seconds`; the share of their days in memory, 0..1."""
    until, there, needed = time.monotonic() + seconds, 0, 0
    with reading(ground.engine) as connection:
        for span in spans:
            found, days = warm(connection, span, scope, max(0.0, until - time.monotonic()), time.monotonic)
            there, needed = there + found, needed + days
    return there / needed if needed else 1.0
