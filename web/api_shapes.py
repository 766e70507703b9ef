"""The shapes of the JSON answers, for the OpenAPI document; made of the view-models, so that they follow them.

A shape names the fields of an answer; what stands in a field is a type of the domain. A test holds real answers
against these shapes with nothing missing and nothing more.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_type_hints

from typing_extensions import TypedDict

from domain.alert_views import AlertLine
from domain.board import Feed, Unit
from domain.colour import Cell
from domain.duty_view import Counts, DutyView
from domain.heat import AreaLine, ChangeNote, Ring, When
from domain.hot import HitRate, Spot
from domain.hotspot_views import HotspotLine, HotspotView
from domain.map_rules import ClosingRule
from domain.span import Span
from domain.views import CellView, StationView, TaskView, ThemeView

shape: Any = TypedDict
"""Makes a shape of a name and its fields, where they are not written out."""


class Standing(TypedDict):
    """As of when, and whether of the demo."""

    as_of: datetime
    demo: bool


def part_of(name: str, view: Any, *without: str, **more: Any) -> Any:
    """The fields of a view-model as a shape, with as of when it holds.

    Args:
        without: fields that the answer does not give. more: fields that it gives otherwise or besides.
    """
    hints = get_type_hints(view)
    fields = {one: hints[one] for one in view.__dataclass_fields__ if one not in ("board", *without)}
    return shape(name, {**get_type_hints(Standing), **fields, **more})


StationAnswer = part_of("StationAnswer", StationView, own_targets=list[str])
CellAnswer = part_of("CellAnswer", CellView)
TaskAnswer = part_of("TaskAnswer", TaskView)
ThemeAnswer = part_of("ThemeAnswer", ThemeView)
HotspotAnswer = part_of("HotspotAnswer", HotspotView, "units")
DutyAnswer = part_of("DutyAnswer", DutyView, "asked", officer_share=float | None)


class FeedsAnswer(Standing):
    """The sources and how they stand."""

    feeds: tuple[Feed, ...]


class HotspotsAnswer(Standing):
    """Hot-spot records; `counts`: by status; `rule`: when one may be closed."""

    counts: dict[str, int]
    rule: ClosingRule
    lines: tuple[HotspotLine, ...]


class PresentCell(TypedDict):
    """The present cell of a task that turned red."""

    station: str
    task: str
    cell: Cell


class AlertsAnswer(Standing):
    """Open alerts and those that ended in the last days; `waiting`: nobody has acknowledged, `acked`: somebody has.

    `cells`: how the open red ones stand now. `worker_late`: nobody looks for alerts at present.
    """

    waiting: int
    acked: int
    worker_at: datetime | None
    worker_late: bool
    cells: list[PresentCell]
    open: tuple[AlertLine, ...]
    ended: tuple[AlertLine, ...]


class DutyUnit(TypedDict):
    """A station that can be advised."""

    unit: Unit
    counts: Counts


class DutiesAnswer(Standing):
    """The stations that can be advised."""

    learnt: Span
    least: int
    classes: tuple[str, ...]
    lines: list[DutyUnit]


class MapQuestion(TypedDict):
    """What was asked: `filter` in the words of an address."""

    span: Span
    base: Span | None
    preset: str
    base_name: str
    filter: dict[str, str]
    unit: str


KindCount = TypedDict("KindCount", {"class": str, "subclass": str, "incidents": int})


class MapSide(TypedDict):
    """The sums of one of the two periods."""

    span: Span
    total: int
    placed: int
    deaths: int
    injuries: int
    by_station: dict[str, int]
    by_channel: dict[str, int]
    by_found: dict[str, int]
    by_severity: dict[str, int]
    by_issue: dict[str, int]
    by_tag: dict[str, int]
    by_class: dict[str, int]
    by_kind: list[KindCount]


class Hexagons(TypedDict):
    """The hexagons of one resolution in columns: H3 cell, centre (degrees), incidents of both periods, change."""

    resolution: int
    cells: list[str]
    now: list[int]
    base: list[int] | None
    change: list[int] | None
    lng: list[float]
    lat: list[float]


class MapAnswer(Standing):
    """Heat map, units, times and rings."""

    rules: str
    asked: MapQuestion
    now: MapSide
    base: MapSide | None
    base_short: date | None
    hexagons: list[Hexagons]
    units: tuple[AreaLine, ...]
    changes: tuple[ChangeNote, ...]
    when: When
    rings: tuple[Ring, ...]


class SpotsAnswer(Standing):
    """Hot spots by rule and by statistic."""

    asked: MapQuestion
    window: Span
    rule: tuple[Spot, ...]
    rule_total: int
    local: tuple[Spot, ...]
    hit: HitRate | None
    tested: int
    bounded: bool


class IncidentsAnswer(Standing):
    """One page of incidents, values in the order of `columns`."""

    asked: MapQuestion
    columns: tuple[str, ...]
    rows: list[list[str | float | None]]
    total: int
    page: int


class PointsAnswer(TypedDict):
    """Single incidents: longitude, latitude (degrees), time, class, severity in words."""

    total: int
    points: list[list[float | str]]


class ShapeLine(TypedDict):
    """A boundary; `sketch` 1: not an official one."""

    kind: str
    code: str
    name: str
    sketch: int
    geojson: dict[str, Any] | None


class ShapesAnswer(TypedDict):
    """Boundaries as GeoJSON."""

    shapes: list[ShapeLine]


class Me(TypedDict):
    """Who asks."""

    person: str
    name: str
    role: str
    role_name: str
    units: list[str]
    open: bool
    session: bool
    demo: bool
    unmasked_until: datetime | None
    may_unmask: bool
    watermark: bool
    now: datetime


MeAnswer = shape("MeAnswer", {**get_type_hints(Me), "try": list[list[str]]})


class Done(TypedDict):
    """What a deed answers: the thing's identifier, and the page to go to."""

    ok: bool
    id: str | int | None
    next: str | None


class Acknowledged(Done):
    """An acknowledged alert: how many still wait."""

    waiting: int


class ToldOnce(Done):
    """A password or an address that is told once, and the tree by which the page shows it."""

    secret: str
    once: list[Any]


class Problem(TypedDict):
    """What went wrong: a code for programs, a sentence, what to do; of a wrong parameter its name and value."""

    code: str
    message: str
    advice: str
    parameter: str | None
    value: str | None
    request_id: str | None


class ProblemAnswer(TypedDict):
    """The one shape of every error."""

    error: Problem
