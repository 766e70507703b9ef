"""Hot spots as a page shows them, and how well last period's were drawn; made by `services.spots`."""

from __future__ import annotations

from dataclasses import dataclass

from domain.board import Board
from domain.heat import Asked
from domain.span import Span


@dataclass(frozen=True, slots=True)
class HitRate:
    """How well last period's hot cells caught this period's incidents.

    Args:
        drawn: the span they were drawn from; span: the one they are judged on.
        cells: hot cells; area_share: their share of the area studied; hits, total: incidents inside, all.
        pai: (hits / total) / area_share, 1 is chance. pei: pai over the best any map of that size could
            reach, 0..1. Both None when no cell was hot or nothing happened.
    """

    drawn: Span
    span: Span
    cells: int
    area_share: float
    hits: int
    total: int
    pai: float | None
    pei: float | None


@dataclass(frozen=True)
class Spot:
    """A hot spot found by rule or by statistic.

    Args:
        key: stable name of the place, `lng,lat,metres`. origin: "rule" or "local".
        now: incidents in the rule's window (rule) or the span (local). before: the windows before it,
            newest first. trend: "emerging", "persistent" or "fading".
        z, p: of the Gi* statistic, None for a rule's spot. name: road or junction, "" when addresses
            do not allow one. name_kind: "junction", "road", "address" or "".
        record: identifier of its hot-spot record, None when there is none.
    """

    key: str
    origin: str
    lng: float
    lat: float
    metres: float
    now: int
    before: tuple[int, ...]
    trend: str
    deaths: int
    injuries: int
    by_subclass: tuple[tuple[str, int], ...]
    by_hour: tuple[int, ...]
    station: str
    z: float | None = None
    p: float | None = None
    cells: tuple[str, ...] = ()
    name: str = ""
    cross: str = ""
    name_kind: str = ""
    record: str | None = None


@dataclass(frozen=True)
class SpotsView:
    """Hot spots and last period's hit rate, for the map's side and the list of hot spots.

    Args:
        window: the rule's window, ending at the span's end. tested: hexagons of the area studied.
        rule: the first of `rule_total` spots of the rule, then some that have just ceased to be one.
        bounded: the area studied is that of boundaries; False: only hexagons that ever held an incident.
    """

    board: Board
    asked: Asked
    window: Span
    rule: tuple[Spot, ...]
    local: tuple[Spot, ...]
    hit: HitRate | None
    tested: int
    bounded: bool
    rule_total: int = 0
