"""The shapes of the JSON answers of comparison; see `web.api_shapes`."""

from __future__ import annotations

from datetime import date
from typing import Any, get_type_hints

from typing_extensions import TypedDict

from domain.clock_views import ClockLine
from domain.compare_rules import Figure, Share, TrendRule
from domain.compare_views import Days, FigureLine, Found, ShareLine, UnitTable
from domain.fair_views import FairLine
from domain.funnel import Limits
from domain.share_change import ShareChange
from domain.span import Span
from domain.trend import Band, Chart
from domain.trend_views import Point, YearLine
from web.api_shapes import Standing, shape


def fields_of(name: str, kind: type, *without: str, **more: Any) -> Any:
    """The fields of a class as a shape, without some and with others."""
    hints = get_type_hints(kind)
    return shape(name, {**{one: hints[one] for one in hints if one not in without}, **more})


class Ruled(Standing):
    """By which rules."""

    rules: str


# comparison ------------------------------------------------------------------------------------


class CompareFilter(TypedDict):
    """The stations that were asked for."""

    district: tuple[str, ...]
    station: tuple[str, ...]
    region: tuple[str, ...]
    mode: tuple[str, ...]


class CompareQuestion(TypedDict):
    """What was asked; `address`: the parameters that ask for the same periods again."""

    span: Span
    base: Span | None
    previous: Span | None
    preset: str
    at: date | None
    base_name: str
    base_used: str
    festival: date | None
    whole_hours: bool
    filter: CompareFilter
    address: dict[str, str]


NAMES = {"names": dict[str, str]}
NamedFigure: Any = fields_of("NamedFigure", FigureLine, **NAMES)
NamedShare: Any = fields_of("NamedShare", ShareLine, **NAMES)
FigureRule: Any = fields_of("FigureRule", Figure, **NAMES, filter=dict[str, str])
ShareRule: Any = fields_of("ShareRule", Share, **NAMES)


class CompareAnswer(Ruled):
    """Figures against the same period and the one before."""

    asked: CompareQuestion
    stations: int
    days: dict[str, Days]
    weeks: int
    figures: list[NamedFigure]
    shares: list[NamedShare]
    table: UnitTable
    found: tuple[Found, ...]
    tested: int
    q: float


class FigureName(TypedDict):
    """A figure and its names."""

    code: str
    names: dict[str, str]


ClockNumbers: Any = fields_of(
    "ClockNumbers", ClockLine, percent=float | None, shares=tuple[float | None, ...]
)  # fmt: skip


class ClockLines(TypedDict):
    """One line of a table of clocks."""

    key: str
    now: ClockNumbers
    base: ClockNumbers | None
    change: ShareChange | None
    told: bool


class ClockAnswer(TypedDict):
    """One clock; times in seconds."""

    code: str
    names: dict[str, str]
    limit: int | None
    regions: dict[str, int | None]
    band_ends: tuple[int, ...]
    now: ClockNumbers
    base: ClockNumbers | None
    previous: ClockNumbers | None
    change: ShareChange | None
    change_previous: ShareChange | None
    stations: list[ClockLines]
    hours: list[ClockLines]
    classes: list[ClockLines]


class ClocksAnswer(Ruled):
    """The response clocks."""

    asked: CompareQuestion
    who: str
    limits: str
    classes: tuple[str, ...]
    begins: date | None
    base_short: bool
    previous_short: bool
    clocks: list[ClockAnswer]


class Months(TypedDict):
    """This year's months and the range of the years before."""

    year: int
    line: tuple[float | None, ...]
    bands: list[Band]


class Running(TypedDict):
    """The month that is not over, and last year's to the same date."""

    now: int | None
    base: int | None


class Falling(TypedDict):
    """How many in a row fell."""

    weeks: int
    months: int
    years: int


TrendPoint: Any = fields_of("TrendPoint", Point, daily=float | None)
TrendYear: Any = fields_of("TrendYear", YearLine, months=tuple[int | None, ...], change=float | None)


class TrendAnswer(Ruled):
    """One figure by month and week."""

    asked: CompareQuestion
    stations: int
    figure: FigureName
    step: str
    begins: date | None
    months: Months
    running: Running
    points: list[TrendPoint]
    chart: Chart | None
    years: list[TrendYear]
    falling: Falling


Curve: Any = shape("Curve", {"residents_10k": float, **dict.fromkeys(Limits._fields, float)})


class FairAnswer(Ruled):
    """Stations compared by rate; `curves`: the limits over residents."""

    asked: CompareQuestion
    figure: FigureName
    days: dict[str, Days]
    rate: float | None
    dispersion: float
    curves: list[Curve]
    lines: tuple[FairLine, ...]
    zones: dict[str, int]


class FiguresAnswer(TypedDict):
    """What the figures and shares count."""

    rules: str
    q: float
    history_weeks: int
    main: str
    feeds: tuple[str, ...]
    trend: TrendRule
    figures: list[FigureRule]
    shares: list[ShareRule]
