"""The picture of a wall display: every panel made on its own, so that one that goes wrong leaves the others alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Connection

from catalogue.days import day_kinds
from data_access.engine import reading
from data_access.readers.organisation import units
from data_access.readers.roster import leader_on
from data_access.state import current_version
from domain.access import Scope
from domain.actions import actions, rank
from domain.alert_views import AlertLine
from domain.board import Board, Unit
from domain.display import Display, scope_of
from domain.errors import BadRequest, BoardError, NotFound
from domain.month import month_of
from domain.views import BoardView
from domain.wall import BROKEN, FAILED, LATE, LOADING, HallView, OverdueView, Panel, Picture, Title
from domain.wall_rules import (
    COUNTERS,
    CURVE,
    MAP,
    OVERDUE,
    RANKING,
    REDLIST,
    STATION,
    TRACING,
    Playlist,
)
from services import wall_figures, wall_lists, wall_map
from services.alerts import open_alerts
from services.assessment import ranking_view
from services.board import standing
from services.overview import strips
from services.station import line_of
from services.wall_ground import Ask, Question, WallGround
from services.wall_state import judged
from services.wall_units import unknown_units

log = logging.getLogger(__name__)


def picture(ground: WallGround, display: Display, now: datetime, stamp: str, ask: Ask) -> Picture:
    """What a display shows now.

    Args:
        stamp: changes when data do. ask: answers what takes long.

    Raises:
        BadRequest: there is no such playlist.
        DBAPIError: the database does not answer.
    """
    return _Painter(ground, display, (now, stamp), ask).picture()


@dataclass
class _Painter:
    """One picture in the making."""

    ground: WallGround
    display: Display
    when: tuple[datetime, str]
    ask: Ask

    @property
    def now(self) -> datetime:
        return self.when[0]

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.display)

    @cached_property
    def playlist(self) -> Playlist:
        found = self.ground.rules.playlist(self.display.playlist)
        if found is None:
            raise BadRequest("error.display_playlist", value=self.display.playlist)
        return found

    def picture(self) -> Picture:
        """All of it; the database is asked once more when a panel went wrong because of it."""
        playlist = self.playlist
        with reading(self.ground.desk.engine) as connection:
            self.standing = standing(connection, self.ground.desk.catalogue, self.now)
            self.units: Mapping[str, Unit] = {unit.code: unit for unit in units(connection, self.scope)}
            self.refused = unknown_units(connection, self.display)
        self.alerts = self._alerts()
        panels = self._panels(self.ground.rules.needed(playlist))
        if any(panel.state == BROKEN for panel in panels.values()):
            self._still_there()
        return Picture(
            at=self.now,
            display=self.display,
            playlist=playlist,
            title=self._title(),
            feeds=self.standing.feeds,
            panels=panels,
            alerts=self.alerts,
        )

    def _still_there(self) -> None:
        with reading(self.ground.desk.engine) as connection:
            current_version(connection)

    def _title(self) -> Title:
        day = self.now.date()
        return Title(
            day=day,
            data_at=self.standing.data_at,
            leader=self._quietly("leader", lambda c: leader_on(c, self.now, self.scope), None),
            calendar_known=day_kinds(day, day, self.ground.calendar)[1],
            demo=self.standing.demo,
        )

    def _alerts(self) -> tuple[AlertLine, ...]:
        found: tuple[AlertLine, ...] = self._quietly("alerts", lambda c: open_alerts(c, self.scope, self.now), ())
        return found

    def _quietly(self, name: str, make: Callable[[Connection], Any], otherwise: Any) -> Any:
        """An answer that the picture can do without, unless it is missing because the database is gone."""
        try:
            with reading(self.ground.desk.engine) as connection:
                return make(connection)
        except Exception:
            log.exception("the wall's %s went wrong", name)
            self._still_there()
            return otherwise

    # panels -------------------------------------------------------------------------------------

    def _panels(self, codes: tuple[str, ...]) -> dict[str, Panel]:
        for name in ("whole_board", "orders", *(name for code in codes for name in _SLOW.get(code, ()))):
            self.ask.begin(*self._question(name))
        return {code: self._judged(code) for code in codes}

    def _judged(self, code: str) -> Panel:
        made = self._guarded(code, getattr(self, f"_{code}"))
        return judged(code, made, self.ground.rules.panels, self.standing.feeds)

    def _guarded(self, code: str, make: Callable[[], Panel]) -> Panel:
        if self.refused:
            return Panel(self.now, BROKEN, said=self.refused)
        try:
            return make()
        except _NotYet:
            return Panel(self.now, LATE, why=LOADING)
        except BoardError as error:
            return Panel(self.now, LATE, said=(error.key, error.params))
        except Exception:
            log.exception("the wall's panel %s went wrong", code)
            return Panel(self.now, BROKEN, why=FAILED)

    def _slow(self, name: str) -> Panel:
        kept = self.ask(*self._question(name))
        if kept is None:
            return Panel(self.now, LATE, why=LOADING)
        return Panel(kept.at, data=kept.get())

    def _question(self, name: str) -> Question:
        """What takes long: whose answer it is, when it is to be made anew, and how."""
        rules, day, scope = self.ground.rules.panels, self.now.date(), self.scope
        slots: dict[str, tuple[object, ...]] = {
            "whole_board": (self.when[1], day),
            "orders": (self.when[1], day),
            "traced": (self.when[1], day),
            "counters": (self.when[1], day),
            "heat": (self._turn(rules.map_seconds), day),
            "outlines": (self._turn(rules.map_seconds),),
            "usual": (self.now.hour, day),
            "prepared": (self._turn(rules.ranking_seconds), month_of(day)),
        }
        whose = () if name in _OF_ALL else (scope,)
        return (name, *whose), slots[name], partial(getattr(self.ground, name), scope, self.now)

    def _turn(self, seconds: int) -> int:
        return int((self.now - datetime.min).total_seconds()) // seconds

    def _counters(self) -> Panel:
        return self._slow("counters")

    @cached_property
    def _made(self) -> tuple[Board, BoardView] | Exception:
        """The board of all stations and what the display may see of it; or, once for all, what went wrong with it."""
        try:
            whole = self._slow("whole_board").data
            if whole is None:
                raise _NotYet
            lines = tuple(line for line in whole.lines if line.unit.code in self.units)
            mine = replace(whole, lines=lines)
            with reading(self.ground.desk.engine) as connection:
                return whole, BoardView(mine, strips(connection, mine, self.scope))
        except Exception as error:
            return error

    @property
    def boards(self) -> tuple[Board, BoardView]:
        if isinstance(self._made, Exception):
            raise self._made
        return self._made

    @property
    def board(self) -> Board:
        """The board as the display may see it."""
        return self.boards[1].board

    def _board(self) -> Panel:
        return Panel(self.board.as_of, data=self.boards[1])

    def _map(self) -> Panel:
        heat, rules = self._slow("heat"), self.ground.rules.panels
        with reading(self.ground.desk.engine) as connection:
            shown = wall_map.map_view(connection, rules, self.scope, self.board, heat.data)
        return Panel(self.board.as_of, data=replace(shown, ground=self._slow("outlines").data or ""))

    def _curve(self) -> Panel:
        kept, rules = self._slow("usual"), self.ground.rules.panels
        if kept.data is None:
            return kept
        with reading(self.ground.desk.engine) as connection:
            return Panel(self.now, data=wall_figures.curve(connection, rules, self.scope, self.now, kept.data))

    def _tracing(self) -> Panel:
        found = self._slow("traced")
        kind = self.ground.rules.panels.tracing_kind
        return self._cut(found, lambda all_: wall_lists.tracing(all_, self.units, kind, self._late_orders()))

    def _overdue(self) -> Panel:
        found, hours = self._slow("orders"), self.ground.rules.panels.red_hours
        made = self._made  # without a board, the hours alone tell what is red
        reds = frozenset() if isinstance(made, Exception) else wall_lists.hard_reds(made[0], self.ground.desk.catalogue)
        return self._cut(found, lambda all_: wall_lists.overdue(all_, self.units, hours, reds))

    def _late_orders(self) -> OverdueView | None:
        found: OverdueView | None = self._guarded(OVERDUE, self._overdue).data
        return found

    def _cut(self, found: Panel, cut: Callable[[Any], Any]) -> Panel:
        """What the display may see of an answer about all stations."""
        return found if found.data is None else replace(found, data=cut(found.data))

    def _ranking(self) -> Panel:
        found = self._slow("prepared")
        if found.data is None:
            return found
        month = found.data.found.about.month
        view = ranking_view(self.ground.desk, self.scope, month, found.at, prepared=found.data)
        return replace(found, data=view)

    def _redlist(self) -> Panel:
        shown = wall_lists.red_list(self.board, self.ground.desk.catalogue, self.alerts)
        return Panel(self.board.as_of, data=shown)

    def _ticker(self) -> Panel:
        """Of the other panels; what went wrong there is told there."""
        reds, late = (self._guarded(code, getattr(self, f"_{code}")).data for code in (REDLIST, OVERDUE))
        return Panel(self.now, data=wall_lists.ticker(reds, late, self.alerts, self.standing))

    def _station(self) -> Panel:
        code, desk, (whole, mine) = self.display.station, self.ground.desk, self.boards
        if not code:
            raise NotFound("wall.no_station")
        line = line_of(mine.board, code)
        orders = self._slow("orders").data or ()
        shown = HallView(
            line=line,
            rank=rank(line, whole.lines),
            actions=actions(line, desk.catalogue, mine.board.as_of, {})[0],
            days=next((strip.days for strip in mine.strips if strip.station == code), ()),
            orders=tuple(one for one in orders if one.station == code),
            counters=self._guarded("counters", self._counters).data,
            late=self._late_orders(),
        )
        return Panel(mine.board.as_of, data=shown)


class _NotYet(Exception):
    """What a panel rests on is being read for the first time."""


_OF_ALL = ("whole_board", "orders", "traced", "prepared")
"""Questions about all stations, whoever asks; what a display may see of the answer is cut out afterwards."""
_SLOW = {
    COUNTERS: ("counters",),
    MAP: ("heat", "outlines"),
    CURVE: ("usual",),
    RANKING: ("prepared",),
    TRACING: ("traced",),
    STATION: ("counters",),
}
"""Panel -> the slow questions it rests on, besides the board."""
