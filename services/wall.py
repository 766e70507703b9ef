"""The picture of a wall display: every panel made on its own, so that one that goes wrong leaves the others alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from catalogue.days import day_kinds
from data_access.engine import reading
from data_access.readers.organisation import units
from data_access.readers.roster import leader_on
from data_access.readers.wall import open_orders
from data_access.state import current_version
from domain.access import Scope
from domain.alert_views import AlertLine
from domain.board import Board, Unit
from domain.colour import FeedState
from domain.display import Display, scope_of
from domain.errors import BadRequest, BoardError, NotFound
from domain.month import month_of
from domain.views import BoardView
from domain.wall import (
    ABSENT,
    BROKEN,
    FAILED,
    LATE,
    LOADING,
    OK,
    SILENT,
    HallView,
    Panel,
    Picture,
    Title,
)
from domain.wall_rules import BOARD, COUNTERS, CURVE, MAP, RANKING, REDLIST, STATION, Playlist
from services import wall_figures, wall_lists, wall_map
from services.alerts import open_alerts
from services.assessment import ranking_view
from services.board import standing
from services.overview import board_view
from services.station import station_view
from services.wall_ground import Ask, Question, WallGround

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
            board=self.board_or_none,
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
        """An answer that the picture can do without."""
        try:
            with reading(self.ground.desk.engine) as connection:
                return make(connection)
        except DBAPIError:
            log.exception("the wall's %s went wrong", name)
            return otherwise

    # panels -------------------------------------------------------------------------------------

    def _panels(self, codes: tuple[str, ...]) -> dict[str, Panel]:
        for code in codes:
            for name in _SLOW.get(code, ()):
                self.ask.begin(*self._question(name))
        return {code: self._judged(code, self._guarded(code, getattr(self, f"_{code}"))) for code in codes}

    def _guarded(self, code: str, make: Callable[[], Panel]) -> Panel:
        try:
            return make()
        except BoardError as error:
            return Panel(self.now, LATE, said=(error.key, error.params))
        except Exception:
            log.exception("the wall's panel %s went wrong", code)
            return Panel(self.now, BROKEN, why=FAILED)

    def _judged(self, code: str, panel: Panel) -> Panel:
        """The panel, late when a source of it is."""
        if panel.data is None or panel.state != OK:
            return panel
        codes = self.ground.rules.panels.feeds.get(code)
        feeds = [feed for feed in self.standing.feeds if codes is None or feed.code in codes]
        late = tuple(feed for feed in feeds if feed.state is FeedState.LATE)
        if codes is None:  # a panel of many sources shows in itself which are late, unless all are
            alive = not feeds or any(feed.state is FeedState.FRESH for feed in feeds) or code not in (BOARD, REDLIST)
            return panel if alive else replace(panel, state=LATE, why=SILENT if late else ABSENT)
        if late:
            return replace(panel, state=LATE, why=SILENT, feeds=late)
        gone = bool(feeds) and all(feed.state is FeedState.ABSENT for feed in feeds)
        return replace(panel, state=LATE, why=ABSENT, feeds=tuple(feeds)) if gone else panel

    def _slow(self, name: str) -> Panel:
        kept = self.ask(*self._question(name))
        if kept is None:
            return Panel(self.now, LATE, why=LOADING)
        return Panel(kept.at, data=kept.get())

    def _question(self, name: str) -> Question:
        """What takes long: whose answer it is, when it is to be made anew, and how."""
        rules, day, scope = self.ground.rules.panels, self.now.date(), self.scope
        slots: dict[str, tuple[object, ...]] = {
            "counters": (self.when[1], day),
            "peers": (self.when[1], day),
            "heat": (self._turn(rules.map_seconds), day),
            "usual": (self.now.hour, day),
            "prepared": (self._turn(rules.ranking_seconds), month_of(day)),
        }
        whose = () if name in ("peers", "prepared") else (scope,)
        return (name, *whose), slots[name], partial(getattr(self.ground, name), scope, self.now)

    def _turn(self, seconds: int) -> int:
        return int((self.now - datetime.min).total_seconds()) // seconds

    def _counters(self) -> Panel:
        return self._slow("counters")

    @cached_property
    def _view(self) -> BoardView | Exception:
        try:
            return board_view(self.ground.desk.engine, self.ground.desk.catalogue, self.scope, self.now)
        except Exception as error:
            return error

    @property
    def view(self) -> BoardView:
        """The board; it is made once, and told once what went wrong with it."""
        if isinstance(self._view, Exception):
            raise self._view
        return self._view

    @property
    def board_or_none(self) -> Board | None:
        return None if isinstance(self._view, Exception) else self._view.board

    def _board(self) -> Panel:
        return Panel(self.now, data=self.view)

    def _map(self) -> Panel:
        heat, rules = self._slow("heat"), self.ground.rules.panels
        with reading(self.ground.desk.engine) as connection:
            shown = wall_map.map_view(connection, rules, self.scope, self.view.board, heat.data)
        return Panel(self.now, data=shown)

    def _curve(self) -> Panel:
        kept, rules = self._slow("usual"), self.ground.rules.panels
        if kept.data is None:
            return kept
        with reading(self.ground.desk.engine) as connection:
            return Panel(self.now, data=wall_figures.curve(connection, rules, self.scope, self.now, kept.data))

    def _tracing(self) -> Panel:
        with reading(self.ground.desk.engine) as connection:
            rules = self.ground.rules.panels
            return Panel(self.now, data=wall_lists.tracing(connection, self.units, rules, self.scope, self.now))

    def _overdue(self) -> Panel:
        with reading(self.ground.desk.engine) as connection:
            rules = self.ground.rules.panels
            return Panel(self.now, data=wall_lists.overdue(connection, self.units, rules, self.scope, self.now))

    def _ranking(self) -> Panel:
        found = self._slow("prepared")
        if found.data is None:
            return found
        month = found.data.found.about.month
        view = ranking_view(self.ground.desk, self.scope, month, found.at, prepared=found.data)
        return replace(found, data=view)

    def _redlist(self) -> Panel:
        return Panel(self.now, data=wall_lists.red_list(self.view.board, self.ground.desk.catalogue, self.alerts))

    def _ticker(self) -> Panel:
        reds, late = self._guarded("ticker", self._redlist), self._guarded("ticker", self._overdue)
        return Panel(self.now, data=wall_lists.ticker(reds.data, late.data, self.alerts, self.standing))

    def _station(self) -> Panel:
        code, desk, board = self.display.station, self.ground.desk, self.view.board
        if code not in self.units:
            raise NotFound("error.station_unknown" if code else "wall.no_station", code=code)
        peers = self._slow("peers")
        lines = peers.data.lines if peers.data else board.lines
        shown = station_view(desk.engine, desk.catalogue, self.scope, code, board=board, peers=lines)
        with reading(desk.engine) as connection:
            orders = tuple(one for one in open_orders(connection, self.now, self.scope) if one.station == code)
        return Panel(self.now, data=HallView(shown, orders, self._guarded("counters", self._counters).data))


_SLOW = {
    COUNTERS: ("counters",),
    MAP: ("heat",),
    CURVE: ("usual",),
    RANKING: ("prepared",),
    STATION: ("peers", "counters"),
}
"""Panel -> the slow questions it rests on."""
