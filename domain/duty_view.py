"""The frozen answers of the pages of duty advice, and what their address may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.board import Board, Unit
from domain.duty_backtest import PastWeek, Verdict
from domain.errors import BadRequest
from domain.incident_filter import Filter, params, parse
from domain.placename import PlaceName
from domain.span import Span

INCLUDE = "include"
OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class DutyAsked:
    """What the advice is learnt from.

    Args:
        classes: incident classes, none for all. officers: also incidents that officers found themselves.
    """

    classes: tuple[str, ...] = ()
    officers: bool = False

    def filter(self, station: str) -> Filter:
        """The incidents of a station that the advice is learnt from; those not on the map among them."""
        return Filter(classes=self.classes, stations=(station,), found="" if self.officers else "others")

    def params(self) -> dict[str, str]:
        """As parameters of an address."""
        return params(Filter(classes=self.classes)) | ({INCLUDE: OFFICER} if self.officers else {})


def duty_asked(args: Mapping[str, str]) -> DutyAsked:
    """What an address asks; parameters of other pages are left alone.

    Raises:
        BadRequest: a class that cannot be one, or something else than "officer" to include.
    """
    include = str(args.get(INCLUDE) or "").strip()
    if include not in ("", OFFICER):
        raise BadRequest("error.bad_filter", name=INCLUDE, value=include[:60])
    return DutyAsked(parse({"class": args.get("class") or ""}).classes, bool(include))


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One line of the list: a place and hours to be there.

    Args:
        cell: H3 cell as text. lng, lat: its centre, degrees. kind: of `incident_filter.DAY_KINDS`.
        first_hour: 0..23; hours: how many from there; days: such days in the week.
        expected: incidents in all those hours together. incidents: those of the cell in the learnt weeks
            that the advice rests on; inside: of them in such hours of such days. citizen, officer: all of
            the cell's by who reported them.
        kinds: ((class, subclass), incidents), most first, at most two. place: "" kind when unknown.
        control: "point" (定人守点), "line" (铁骑管线) or "area" (视频巡面), see `domain.duty_control`.
    """

    cell: str
    lng: float
    lat: float
    kind: str
    first_hour: int
    hours: int
    days: int
    expected: float
    incidents: int
    inside: int
    citizen: int
    officer: int
    kinds: tuple[tuple[tuple[str, str], int], ...]
    place: PlaceName
    control: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Incidents of a station in the learnt weeks: by who reported them, and how many are not on the map.

    Args:
        used: on the map and of those the advice is learnt from.
    """

    citizen: int
    officer: int
    unplaced: int
    used: int

    @property
    def officer_share(self) -> float | None:
        """Share found by officers, 0..1; None without incidents."""
        total = self.citizen + self.officer
        return self.officer / total if total else None


@dataclass(frozen=True)
class DutyView:
    """Where and when a station should patrol in the coming seven days.

    Args:
        learnt: the weeks it was learnt from. coming: the days it is for. cells: hexagons of the station.
        reason: why there are no lines: "none" no incident, "few" fewer than `least`; else "".
        calendar_known: False when public holidays of those days are not published yet.
        weeks: the back-test, oldest first. verdict: all its weeks together, None when there are none.
        classes: those that occur at the station, to choose from. slots: most lines the rule names.
    """

    board: Board
    unit: Unit
    asked: DutyAsked
    learnt: Span
    coming: Span
    lines: tuple[DutyLine, ...]
    counts: Counts
    cells: int
    reason: str
    least: int
    slots: int
    calendar_known: bool
    weeks: tuple[PastWeek, ...]
    verdict: Verdict | None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DutyIndex:
    """The stations that can be advised.

    Args:
        lines: (station, its counts in the learnt weeks), in the organisation's order.
        classes: those that occur, to choose from.
    """

    board: Board
    learnt: Span
    lines: tuple[tuple[Unit, Counts], ...]
    least: int
    classes: tuple[str, ...] = ()
