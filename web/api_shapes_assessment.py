"""The shapes of the JSON answers of the assessment; see `web.api_shapes`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_type_hints

from typing_extensions import TypedDict

from domain.assessment_chance import RankBand
from domain.assessment_inputs import Adjustment
from domain.assessment_lists import Difference
from domain.assessment_records import LockHead, TotalRow
from domain.assessment_score import IndicatorScore
from domain.assessment_views import DistrictLine, ScoreSheetView, Versus
from domain.board import Unit
from domain.colour import Colour
from domain.fusion import Clustering, Suggestion
from domain.span import Span
from web.api_shapes import Standing, shape
from web.api_shapes_compare import fields_of


class Indicator(TypedDict):
    """An indicator of the rules."""

    code: str
    block: str
    names: dict[str, str]
    weights: dict[str, float]


class Rules(TypedDict):
    """The rules a month is scored by."""

    version: str
    valid_from: str | date
    blocks: dict[str, float]
    indicators: list[Indicator]


class Month(Standing):
    """Which month, how it stands, by which rules."""

    month: str
    state: str
    scored_to: datetime | None
    pace: float
    rules: Rules
    lock: LockHead | None
    versions: tuple[LockHead, ...]
    stale: bool | None


class Block(TypedDict):
    """A block of a score."""

    full: float
    points: float | None
    missing: tuple[str, ...]


IndicatorLine: Any = fields_of("IndicatorLine", IndicatorScore, lost=float | None)


class Score(TypedDict):
    """A score; `shown`: as it is printed and ranked by."""

    mode: str | None
    rank: int | None
    of: int
    total: float | None
    shown: float | None
    colour: Colour
    bonus: float
    deduction: float
    adjustments: tuple[Adjustment, ...]
    blocks: dict[str, Block]
    indicators: list[IndicatorLine]


class RankedStation(Score):
    """A station of a ranking."""

    unit: Unit
    change: int | None
    listed: str
    band: RankBand | None
    appeals: int
    raised: tuple[str, ...]


class ModeGroup(TypedDict):
    """The stations of one fusion mode, by rank."""

    mode: str | None
    of: int
    lines: list[RankedStation]


class RankingAnswer(Month):
    """The month's ranking."""

    groups: list[ModeGroup]
    districts: tuple[DistrictLine, ...]
    changes: tuple[Difference, ...]


_SHEET = get_type_hints(ScoreSheetView)
_OWN = ("links", "steps", "moves", "sliders", "history", "guards", "appeals", "adjustments", "changes")
SheetAnswer: Any = shape(
    "SheetAnswer",
    {**get_type_hints(Month), "line": RankedStation, "in_hand": Score | None, **{one: _SHEET[one] for one in _OWN}},
)


class YearStation(TypedDict):
    """A station's twelve months."""

    unit: Unit
    months: tuple[TotalRow | None, ...]


class YearAnswer(Standing):
    """Twelve months of all stations."""

    months: tuple[str, ...]
    states: dict[str, str]
    lines: list[YearStation]


class DistrictsAnswer(Month):
    """The districts' means and their past."""

    months: tuple[str, ...]
    lines: tuple[DistrictLine, ...]


class VersusAnswer(Month):
    """Two stations side by side."""

    same_mode: bool
    first: RankedStation
    second: RankedStation
    lines: tuple[Versus, ...]


Groups: Any = fields_of("Groups", Clustering, "suggestions")


class ModeLine(TypedDict):
    """A station's suggestion."""

    unit: Unit
    agrees: bool | None
    suggestion: Suggestion | None


class ModesAnswer(Standing):
    """Suggested fusion modes beside the official ones."""

    span: Span
    points: int
    groups: Groups | None
    lines: list[ModeLine]


class WhatIfAnswer(TypedDict):
    """A score with other numbers."""

    tried: dict[str, float]
    score: Score
