"""The rules of the monthly assessment: what `catalogue/assessment.toml` says, checked and frozen (DOMAIN 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

MODES = ("basic", "deep", "full")
"""Fusion modes; scoring and ranking are done inside each."""
OUTCOME, PROCESS = "outcome", "process"
BLOCKS = (OUTCOME, PROCESS)

Curve = tuple[tuple[float, float], ...]
"""Points (x, share of the full points 0..1), x rising; straight between them, flat outside."""


class Form(StrEnum):
    """How a part's x comes out of its sources.

    RATE    numerator / denominator
    MEAN    the mean of several rates; those without data are left out
    QUOTA   done / target; inside a running month the target is that of the days gone
    CHANGE  (now - a year earlier) / a year earlier, of counts
    SHRUNK  the rate per 10 000 residents against the same a year earlier, both pulled towards the district's
    NET     (lower - higher) / red or yellow at the month's start
    """

    RATE = "rate"
    MEAN = "mean"
    QUOTA = "quota"
    CHANGE = "change"
    SHRUNK = "shrunk"
    NET = "net"


class Take(StrEnum):
    """What of a month is taken: the sum of its days, the last observation, or the twelve months that end with it."""

    SUM = "sum"
    LAST = "last"
    YEAR = "year"


class Chance(StrEnum):
    """How a number would vary by chance alone; NONE for a state that is counted, not observed."""

    POISSON = "poisson"
    BINOMIAL = "binomial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one pair of numbers comes from. Exactly one of `task`, `sample` and `risk` is given.

    Args:
        task: a task of the catalogue, whose rollup is used.
        sample: a kind of observation that is no task.
        risk: "down" or "up": subjects whose colour is lower or higher at the month's end than at its start.
        least: a denominator below this is marked as a small sample.
        names: where it differs from the task's name.
    """

    code: str
    take: Take
    chance: Chance
    task: str = ""
    sample: str = ""
    risk: str = ""
    least: float = 0.0
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an indicator with a curve of its own.

    Args:
        share: of the indicator's points; the shares of its parts sum to 1.
        sources: codes; NET takes (lower, higher).
        kappa: SHRUNK only: the weight of the district's rate, in 10 000 residents.
        full_sample: with fewer observations in a month the points fall in proportion; None: no such rule.
    """

    code: str
    share: float
    form: Form
    sources: tuple[str, ...]
    points: Curve
    kappa: float = 0.0
    full_sample: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `weights`: fusion mode -> full points."""

    code: str
    block: str
    names: Mapping[str, str]
    weights: Mapping[str, float]
    parts: tuple[Part, ...]

    def name(self, lang: str) -> str:
        """Its name in `lang` ("zh" or "en"), falling back to its code."""
        return self.names.get(lang, self.code)


@dataclass(frozen=True, slots=True)
class GuardRule:
    """From where on a sign of gaming is raised (see `domain.assessment_guards`).

    Args:
        reclassified: share of incidents moved away from traffic, 0..1.
        late_hours: an incident entered later than this after it happened is late. late: their share.
        closing_kinds: kinds of work orders. last_day: so many times what an even pace would close on the
            month's last day. closings: fewer closings on that day are never a sign.
    """

    reclassified: float
    late_hours: float
    late: float
    closing_kinds: tuple[str, ...]
    last_day: float
    closings: int


@dataclass(frozen=True, slots=True)
class ChanceRule:
    """How rank uncertainty is found: number of draws, seed, share of draws an interval holds.

    `dispersion`: variance / mean of incident counts; 1 is Poisson's law, above 1 they come in clusters.
    """

    draws: int
    seed: int
    interval: float
    dispersion: float


@dataclass(frozen=True)
class AssessmentRules:
    """One dated version of the rules.

    Args:
        version: its name, with a digest where a deployment changed it.
        valid_from: first day it is in force.
        default_mode: whose weights a station without a fusion mode gets.
        blue, yellow: least totals of these colours.
        bonus_cap, deduction_cap: most points that adjustments add or take, both positive.
        red_list, black_list: so many from the top and from the bottom; black only below `black_below`.
        ties: indicators that decide between equal totals, in order.
        text: the whole version as canonical JSON, so that a locked month keeps its rules.
    """

    version: str
    valid_from: date
    indicators: tuple[Indicator, ...]
    sources: tuple[Source, ...]
    block_weights: Mapping[str, float]
    default_mode: str
    blue: float
    yellow: float
    bonus_cap: float
    deduction_cap: float
    red_list: int
    black_list: int
    black_below: float
    ties: tuple[str, ...]
    guards: GuardRule
    chance: ChanceRule
    text: str = ""

    @cached_property
    def by_source(self) -> Mapping[str, Source]:
        """The sources by code."""
        return {source.code: source for source in self.sources}

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        """The indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    def weight(self, indicator: Indicator, mode: str | None) -> float:
        """Full points of an indicator for a station of this mode."""
        return indicator.weights.get(mode or "", indicator.weights[self.default_mode])

    def quotas(self) -> frozenset[str]:
        """Codes of the sources that are judged against a target."""
        return frozenset(
            code for one in self.indicators for part in one.parts if part.form is Form.QUOTA for code in part.sources
        )


@dataclass(frozen=True)
class RuleBook:
    """All versions, the oldest first."""

    versions: tuple[AssessmentRules, ...]

    def on(self, day: date) -> AssessmentRules | None:
        """The version in force on a day; None before the first."""
        found = [one for one in self.versions if one.valid_from <= day]
        return found[-1] if found else None
