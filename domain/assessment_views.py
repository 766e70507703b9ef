"""The frozen answers of the assessment: ranking, score sheet, comparison, districts, a year.

Screens, JSON and workbooks render these same objects, of a running month, a month that is over, and a locked one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.assessment_chance import RankBand
from domain.assessment_guards import Guard
from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference, DistrictScore
from domain.assessment_moves import Move
from domain.assessment_records import AdjustmentRecord, Appeal, LockHead, TotalRow
from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore
from domain.board import Board, Unit
from domain.incident_filter import Filter
from domain.month import Month

RUNNING, OPEN, LOCKED = "running", "open", "locked"


@dataclass(frozen=True)
class About:
    """Which month an answer is about, and how it stands.

    Args:
        state: "running" (to date), "open" (over, not locked) or "locked".
        as_of: of a running month the instant it is scored at, else None. pace: the share of it that is gone.
        rules: the version it is scored by; of a locked month as it was frozen.
        lock: the version shown, None unless locked. versions: all of them, oldest first.
        stale: of a locked month: the inputs have changed since; None where that was not looked at.
    """

    month: Month
    state: str
    as_of: datetime | None
    pace: float
    rules: AssessmentRules
    lock: LockHead | None = None
    versions: tuple[LockHead, ...] = ()
    stale: bool | None = None


@dataclass(frozen=True, slots=True)
class RankLine:
    """One station of a ranking.

    Args:
        change: places gained since the month before, negative when lost; None when either has no rank.
        listed: "red", "black" or "". band: None without a total. appeals: how many of this month.
        raised: codes of the signs of gaming that are raised.
    """

    unit: Unit
    score: StationScore
    change: int | None
    listed: str
    band: RankBand | None
    appeals: int
    raised: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModeRanking:
    """The stations of one fusion mode, by rank, those without a total last.

    Args:
        mode: None for stations without one. of: stations with a total, also those the viewer does not see.
    """

    mode: str | None
    lines: tuple[RankLine, ...]
    of: int


@dataclass(frozen=True)
class DistrictLine:
    """A district's mean with its past: (period, mean) of the months before, oldest first, None without one."""

    code: str | None
    name: str | None
    name_en: str | None
    score: DistrictScore
    history: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class RankingView:
    """The month's ranking. `changes`: what a correction changed against the version before it."""

    board: Board
    about: About
    groups: tuple[ModeRanking, ...]
    districts: tuple[DistrictLine, ...]
    changes: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsLink:
    """Where the rows behind a source are.

    Args:
        kind: "incidents" (with `filter`), "task" (the cell page of `task`), "codes" (risk codes) or "sample"
            (observations of kind `task`). first, last: days, both included.
    """

    source: str
    kind: str
    task: str
    first: date
    last: date
    filter: Filter | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall from full points to the total.

    Args:
        code: "full", an indicator, "bonus", "deduction" or "total". delta: points, negative when lost; of "full"
            and "total" the points themselves. after: what is left after it. no_data: an indicator without data.
    """

    code: str
    delta: float
    after: float
    no_data: bool = False


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that may be tried: of `source`, from `low` to `high`; a rate's denominator stays as it is."""

    source: str
    now: Amount
    low: float
    high: float


@dataclass(frozen=True)
class ScoreSheetView:
    """One station's month, every point explained.

    Args:
        in_hand: of a running month the score if nothing more were done: targets and sample sizes of the whole
            month. `score` asks for those of the days gone, which is what it comes to at the month's end if
            counts go on at this pace and rates stay. None when the month is over.
        steps: the waterfall. moves: most points first. links: source -> its rows. sliders: for the what-if.
        history: months before, oldest first, the last one is this month; a month nobody can score is absent.
        adjustments: those of a live month also when withdrawn. hidden: peers the viewer does not see.
    """

    board: Board
    about: About
    unit: Unit
    line: RankLine
    in_hand: StationScore | None
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    links: Mapping[str, RowsLink]
    sliders: tuple[Slider, ...]
    history: tuple[TotalRow, ...]
    guards: tuple[Guard, ...]
    appeals: tuple[Appeal, ...]
    adjustments: tuple[AdjustmentRecord, ...] = ()
    changes: tuple[Difference, ...] = ()

    @property
    def score(self) -> StationScore:
        """The station's score."""
        return self.line.score


@dataclass(frozen=True, slots=True)
class Versus:
    """One indicator (or "outcome", "process", "total") of two stations. `gap`: first less second."""

    code: str
    first: float | None
    second: float | None
    gap: float | None


@dataclass(frozen=True)
class ComparisonView:
    """Two stations side by side; of different modes their full points differ, and `same_mode` is False."""

    board: Board
    about: About
    first: RankLine
    second: RankLine
    lines: tuple[Versus, ...]
    same_mode: bool


@dataclass(frozen=True)
class DistrictsView:
    """The districts' means, weighted by residents, with their past."""

    board: Board
    about: About
    lines: tuple[DistrictLine, ...]
    months: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearView:
    """Twelve months of all stations that the viewer sees: by station one entry a month, None without one."""

    board: Board
    months: tuple[str, ...]
    lines: tuple[tuple[Unit, tuple[TotalRow | None, ...]], ...]
    states: Mapping[str, str] = field(default_factory=dict)


def waterfall(score: StationScore) -> tuple[Step, ...]:
    """From the full points of the blocks that have data down to the total; every point lost has its indicator."""
    left = score.known[1]
    steps = [Step("full", left, left)]
    for one in score.indicators:
        lost = one.lost
        left -= lost or 0.0
        steps.append(Step(one.code, 0.0 - (lost or 0.0), left, no_data=lost is None))
    for code, delta in (("bonus", score.bonus), ("deduction", 0.0 - score.deduction)):
        left += delta
        steps.append(Step(code, delta, left))
    return (*steps, Step("total", left, left))


def versus(first: StationScore, second: StationScore) -> tuple[Versus, ...]:
    """Two scores, indicator by indicator, then blocks and total."""
    codes = [one.code for one in first.indicators]
    pairs = [(code, first.points(code), second.points(code)) for code in codes]
    pairs += [(a.code, a.points, b.points) for a, b in zip(first.blocks, second.blocks, strict=True)]
    pairs.append(("total", first.total, second.total))
    return tuple(Versus(code, a, b, None if a is None or b is None else a - b) for code, a, b in pairs)
