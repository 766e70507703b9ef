"""What a wall display shows: a picture of panels, each made on its own. Sums only: no single row, name or plate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.alert_views import AlertLine
from domain.board import DayColour, Feed, Line, Rank, Unit
from domain.colour import Cell, Colour, Reason
from domain.compare_views import FigureLine, ShareLine
from domain.display import Display
from domain.sameperiod import Periods
from domain.span import Span
from domain.views import Action
from domain.wall_rules import Playlist

HOURS = 24
OK, LATE, BROKEN = "ok", "late", "broken"
SILENT, ABSENT, LOADING, FAILED = "silent", "absent", "loading", "failed"
"""Why a panel is not as it should be: sources are late, there never were any, it is being read, it went wrong."""


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """Open orders of one kind at one station.

    Args:
        count: open. late: of them past their deadline. since: when the oldest of all was made.
        due: the first deadline that passed, None when none is late.
    """

    station: str
    kind: str
    count: int
    late: int
    since: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Traced:
    """How far a station's orders of one kind have come: made, signed, closed, verified; `late`: open past deadline."""

    station: str
    sent: int
    signed: int
    done: int
    verified: int
    late: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of the picture.

    Args:
        at: the instant its data are of. state: "ok", "late" or "broken".
        data: one of the views below; None when broken, and while it is read for the first time.
        why: "" or the reason for the state; feeds: the late sources it is about. said: key and parameters of an
            expected error's sentence.
    """

    at: datetime
    state: str = OK
    data: Any = None
    why: str = ""
    feeds: tuple[Feed, ...] = ()
    said: tuple[str, Mapping[str, object]] | None = None


@dataclass(frozen=True, slots=True)
class CountersView:
    """Headline figures of one period, in the order of the rules."""

    periods: Periods
    lines: tuple[FigureLine | ShareLine, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """An open hot spot; `count` incidents when it was found, None when nobody counted."""

    name: str
    lng: float
    lat: float
    count: int | None


@dataclass(frozen=True)
class HeatTiles:
    """Hexagons of one resolution, most incidents last.

    Args:
        tiles: (longitude and latitude of the centre, incidents, corners flat: longitude, latitude, …); degrees.
        at: when they were counted.
    """

    span: Span
    resolution: int
    tiles: tuple[tuple[float, float, int, tuple[float, ...]], ...]
    at: datetime


@dataclass(frozen=True)
class MapView:
    """Stations with their colour, heat and open hot spots. `heat` is None while it is counted for the first time."""

    ground: str
    stations: tuple[tuple[Unit, float, float, Colour, Reason | None], ...]
    heat: HeatTiles | None
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual day by hours: median, and the band that holds the rules' share of the days.

    Args:
        kind: of the days, "workday", "weekend" or "holiday"; "" for days of all kinds. days: how many.
        middle, low, high: 24 numbers each; empty without days.
    """

    kind: str
    days: int
    middle: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CurveView:
    """Today by hours.

    Args:
        hours: 24 counts, None where the hour is not complete. begun: the running hour so far; share: how much of
            that hour is counted, 0..1.
    """

    day: date
    hours: tuple[int | None, ...]
    begun: int | None
    usual: Usual
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class OverdueView:
    """Orders past their deadline, the longest first.

    Args:
        red_hours: from so long on they are red. reds: (station, kind) whose own hard task is red, however long.
    """

    rows: tuple[tuple[Unit, OpenOrders], ...]
    red_hours: int
    reds: frozenset[tuple[str, str]] = frozenset()

    def level(self, orders: OpenOrders, at: datetime) -> str:
        """ "red" or "yellow" for overdue orders, the same wherever they are shown."""
        long = orders.due is not None and at - orders.due >= timedelta(hours=self.red_hours)
        return "red" if long or (orders.station, orders.kind) in self.reds else "yellow"

    def level_of(self, station: str, kind: str, at: datetime) -> str:
        """The level of a station's overdue orders of one kind; "" when none is overdue."""
        found = (one for _, one in self.rows if (one.station, one.kind) == (station, kind))
        return next((self.level(one, at) for one in found), "")

    @property
    def total(self) -> int:
        """How many orders."""
        return sum(orders.late for _, orders in self.rows)


@dataclass(frozen=True, slots=True)
class TracingView:
    """Work orders of one kind, by station in the organisation's order. `late`: how grave its overdue ones are."""

    span: Span
    rows: tuple[tuple[Unit, Traced], ...]
    kind: str = ""
    late: OverdueView | None = None


@dataclass(frozen=True, slots=True)
class RedRow:
    """A red task of a station.

    Args:
        alert: since when, and who took note, where the alerts know. colour, reason: of the whole station.
    """

    unit: Unit
    cell: Cell
    theme: str
    hard: bool
    alert: AlertLine | None = None
    colour: Colour = Colour.GREY
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class RedList:
    """Red tasks by station: red stations first, then by hard red tasks, red tasks and the board's order."""

    rows: tuple[RedRow, ...]


@dataclass(frozen=True, slots=True)
class TickerView:
    """What runs along the foot: hard red tasks, overdue orders, open alerts, late sources."""

    reds: tuple[RedRow, ...]
    overdue: OverdueView | None
    alerts: tuple[AlertLine, ...]
    feeds: tuple[Feed, ...]


@dataclass(frozen=True, slots=True)
class HallView:
    """One station's hall.

    Args:
        actions: what would help most, the most helpful first; nobody's name is in them. days: colours of the last
            days, oldest first. counters: its figures, None while they are read for the first time.
    """

    line: Line
    rank: Rank | None
    actions: tuple[Action, ...]
    days: tuple[DayColour, ...]
    orders: tuple[OpenOrders, ...]
    counters: CountersView | None
    late: OverdueView | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """What stands above every screen. `calendar_known`: the holidays of the year are published."""

    day: date
    data_at: datetime | None
    leader: str | None
    calendar_known: bool
    demo: bool


@dataclass(frozen=True)
class Picture:
    """Everything a display shows, at one instant.

    Args:
        feeds: how the sources stand. panels: code -> panel. alerts: open ones.
    """

    at: datetime
    display: Display
    playlist: Playlist
    title: Title
    feeds: tuple[Feed, ...]
    panels: Mapping[str, Panel]
    alerts: tuple[AlertLine, ...] = ()
