"""What the comparison pages count: figures and shares as `catalogue/compare.toml` says, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from domain.incident_filter import Filter

SUMS = ("incidents", "deaths", "injuries")
GOOD = ("down", "up", "none")
TREND_RULES = ("control", "mean")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that is counted from incidents.

    Args:
        filter: which incidents. Only what is decided by an incident's own codes; no time, no place.
        sum: "incidents" counts them, "deaths" and "injuries" add up their harm.
        unit: unit of measure, a key of `unit.*`.
        good: "down" fewer is better, "up" more is better, "none" neither.
        headline: shown as a counter; `wide`: a column of the tables.
        optional: made of marks that not every deployment's data carry; one that never occurred in all
            of the data is told as "not in the data", not as zero.
    """

    code: str
    names: Mapping[str, str]
    filter: Filter
    sum: str = "incidents"
    unit: str = "incidents"
    good: str = "down"
    headline: bool = True
    wide: bool = False
    optional: bool = False

    def name(self, lang: str) -> str:
        """Its name in `lang`, else its code."""
        return self.names.get(lang, self.code)


@dataclass(frozen=True, slots=True)
class Share:
    """One figure as a share of another, in percent.

    Args:
        part, whole: codes of figures; what is in `part` is also in `whole`.
        goal: the percentage aimed at, None for none; shown, never coloured.
    """

    code: str
    names: Mapping[str, str]
    part: str
    whole: str
    good: str = "down"
    goal: float | None = None
    headline: bool = False

    def name(self, lang: str) -> str:
        """Its name in `lang`, else its code."""
        return self.names.get(lang, self.code)


@dataclass(frozen=True, slots=True)
class TrendRule:
    """How weeks and months of a trend are coloured.

    Args:
        rule: "control" by the signals of the control chart, "mean" against the mean of the `window`
            values before (Shanghai's weekly rule: above it red, far above it black).
        window: how many values before. far: how many standard deviations above that mean is far.
        years: how many earlier years make the range that a year is drawn over.
    """

    rule: str = "control"
    window: int = 15
    far: float = 2.0
    years: int = 4


@dataclass(frozen=True)
class CompareRules:
    """Everything a deployment may change about comparisons.

    Args:
        q: share of false discoveries allowed among the stations x figures that are named.
        history_weeks: weeks before the period from which over-dispersion is estimated.
        main: the figure a page begins with.
        feeds: the sources whose rows are counted; periods that last until now end where they are complete.
        fair: codes of the figures offered for fair comparison (per residents).
        version: digest of the file's content.
    """

    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]
    trend: TrendRule = field(default_factory=TrendRule)
    q: float = 0.05
    history_weeks: int = 104
    main: str = "traffic"
    feeds: tuple[str, ...] = ()
    version: str = ""

    def figure(self, code: str) -> Figure | None:
        """The figure with this code, or None."""
        return self._by_code.get(code)

    def share(self, code: str) -> Share | None:
        """The share with this code, or None."""
        return next((one for one in self.shares if one.code == code), None)

    @cached_property
    def _by_code(self) -> Mapping[str, Figure]:
        return {one.code: one for one in self.figures}

    @cached_property
    def column(self) -> Mapping[str, int]:
        """Code of a figure -> its column in `domain.figure_days.FigureDays`."""
        return {one.code: number for number, one in enumerate(self.figures)}

    @cached_property
    def every(self) -> str:
        """Code of the figure that counts every valid incident, which is what classes add up to; the loader wants one.

        Raises:
            StopIteration: there is none.
        """
        return next(one.code for one in self.figures if one.sum == SUMS[0] and one.filter == Filter())

    @property
    def wide(self) -> tuple[Figure, ...]:
        """The figures that tables have columns for."""
        return tuple(one for one in self.figures if one.wide)
