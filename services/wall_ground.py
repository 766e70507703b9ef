"""What pictures of walls are made with: rules and database, and who answers what takes long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from data_access.engine import reading
from data_access.readers.wall import open_orders, traced
from domain.access import Scope, command
from domain.board import Board
from domain.compare_rules import CompareRules
from domain.map_rules import MapRules
from domain.month import month_of
from domain.span import Span
from domain.wall import CountersView, HeatTiles, OpenOrders, Traced, Usual
from domain.wall_rules import WallRules
from services import wall_figures, wall_map
from services.assessment_prepared import Prepared, prepare
from services.board import board as board_of
from services.compare_desk import CompareGround
from services.desk import Desk
from services.ground import Ground

Question = tuple[tuple[object, ...], object, Callable[[], Any]]
"""Whose answer and of what; its slot, which changes when it is to be made anew; how it is made."""


@dataclass(frozen=True, slots=True)
class WallGround:
    """What every picture is made with. `calendar`: whose public holidays."""

    rules: WallRules
    desk: Desk
    map_rules: MapRules
    compare_rules: CompareRules
    calendar: str

    def counters(self, scope: Scope, now: datetime) -> CountersView:
        """The headline figures."""
        ground = CompareGround(self.desk.engine, self.desk.catalogue, self.compare_rules, self.calendar)
        return wall_figures.counters(ground, self.rules.panels, scope, now)

    def heat(self, scope: Scope, now: datetime) -> HeatTiles:
        """Where incidents crowd."""
        ground = Ground(self.desk.engine, self.desk.catalogue, self.map_rules, self.calendar)
        return wall_map.heat(ground, self.rules.panels, scope, now)

    def usual(self, scope: Scope, now: datetime) -> Usual:
        """A usual day."""
        days = wall_figures.Days(self.rules.panels, self.calendar)
        with reading(self.desk.engine) as connection:
            return wall_figures.usual(connection, days, scope, now.date())

    def prepared(self, _scope: Scope, now: datetime) -> Prepared:
        """The running month, scored for all stations; what a display may see of it is cut out afterwards."""
        return prepare(self.desk, month_of(now.date()), now)

    def whole_board(self, _scope: Scope, now: datetime) -> Board:
        """The board of all stations."""
        return board_of(self.desk.engine, self.desk.catalogue, command(), now)

    def orders(self, _scope: Scope, now: datetime) -> tuple[OpenOrders, ...]:
        """The open orders of all stations."""
        with reading(self.desk.engine) as connection:
            return open_orders(connection, now, command())

    def traced(self, _scope: Scope, now: datetime) -> tuple[Span, tuple[Traced, ...]]:
        """How far the tracing orders of the last days have come, of all stations."""
        rules = self.rules.panels
        first = now.date() - timedelta(days=rules.tracing_days - 1)
        span = Span(datetime.combine(first, time.min), now)
        with reading(self.desk.engine) as connection:
            return span, traced(connection, rules.tracing_kind, span, command())

    def outlines(self, scope: Scope, _now: datetime) -> str:
        """What the outlines below the map are now, as a digest."""
        with reading(self.desk.engine) as connection:
            return wall_map.ground_digest(wall_map.ground_shapes(connection, scope))


@dataclass(frozen=True, slots=True)
class Kept:
    """The last outcome of a slow question: when it was asked, and the answer or what went wrong."""

    at: datetime
    value: Any = None
    error: Exception | None = None

    def get(self) -> Any:
        """The answer.

        Raises:
            Exception: what went wrong.
        """
        if self.error is not None:
            raise self.error
        return self.value


class Ask(Protocol):
    """Whoever answers slow questions: anew when the slot is another; meanwhile the last answer stands."""

    def begin(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> None:
        """The question will be asked soon."""

    def __call__(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> Kept | None:
        """The last outcome; None while there is none."""
