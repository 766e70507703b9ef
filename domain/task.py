"""What a task is: how it is measured and how it is judged. Read from the catalogue, never written in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """How a task is judged (DOMAIN 2.3)."""

    COUNT = "count"
    RATE = "rate"
    CEILING = "ceiling"
    SLA = "sla"
    INFO = "info"


class Period(StrEnum):
    """The length over which a task is judged. Weeks start on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Method(StrEnum):
    """How numerator and denominator come out of the rows.

    COUNT      rows (or the sum of one column) whose time lies in the period; no denominator
    RATIO      sum of numerators / sum of denominators of observations in the period
    LATEST     numerator / denominator of the last observation in the period
    HIT        rows at `at`; numerator = those whose `stop` time is filled and that match `hit`
    CLOCK      rows that are finished or whose deadline has passed; numerator = finished in time
    OVERDUE    rows open now and past their deadline (a level, not a flow)
    CHANGE     count in the period to date against the same stretch of an earlier period
    STANDING   codes of one colour valid now (a level)
    DOWNGRADE  codes red or yellow at the period's start; numerator = those of a lower colour now
    """

    COUNT = "count"
    RATIO = "ratio"
    LATEST = "latest"
    HIT = "hit"
    CLOCK = "clock"
    OVERDUE = "overdue"
    CHANGE = "change"
    STANDING = "standing"
    DOWNGRADE = "downgrade"


class Base(StrEnum):
    """The earlier stretch that a CHANGE is compared with; both keep the weekday."""

    YEAR = "year"  # 364 days earlier
    WEEK = "week"  # 7 days earlier


LEVELS = frozenset({Method.OVERDUE, Method.STANDING, Method.DOWNGRADE})
"""Methods whose value is a state at an instant and cannot be summed over days."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one task's numbers are taken from one table.

    Args:
        source: table name: incident, dispatch_order, work_order, work_record, sample, risk_code.
        method: see `Method`.
        where: column -> value or tuple of values; "*" means "is filled". All must hold.
        where_not: column -> value or tuple of values that must not hold; an empty column passes.
        at: column with the time a row counts at (COUNT, RATIO, LATEST, HIT, CHANGE).
        start, stop: columns where a clock starts and stops (CLOCK, OVERDUE; HIT uses `stop`).
        limit: length of the clock; None when `due` names a column that holds the deadline.
        due: column with the deadline.
        total: column to sum instead of counting rows (COUNT).
        hit: column -> value that a row must have to be in the numerator (HIT).
        base: what a CHANGE is compared with.
    """

    source: str
    method: Method
    where: Mapping[str, object] = field(default_factory=dict)
    where_not: Mapping[str, object] = field(default_factory=dict)
    at: str | None = None
    start: str | None = None
    stop: str | None = None
    limit: timedelta | None = None
    due: str | None = None
    total: str | None = None
    hit: Mapping[str, object] = field(default_factory=dict)
    base: Base | None = None

    @property
    def is_level(self) -> bool:
        """True when the value is a state at an instant."""
        return self.method in LEVELS


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the colours change, in the task's unit (percent as 0..100).

    `blue` and `yellow` are the worst values still blue and still yellow. For COUNT, RATE and SLA
    more is better; for CEILING less is better. `relative`: the value is the change in percent
    against the base; then `new_yellow` is the largest count still yellow when the base is 0.
    """

    blue: float
    yellow: float
    relative: bool = False
    new_yellow: float = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the daily clear board.

    `min_sample`: the smallest denominator that is judged; below it the cell is grey.
    `feed`: the source that must be alive for the cell to have a colour.
    """

    code: str
    theme: str
    kind: Kind
    period: Period
    unit: str
    measure: Measure
    feed: str
    thresholds: Thresholds | None = None
    hard: bool = False
    weight: float = 1.0
    min_sample: float = 0.0
    on: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    guide: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""

    def name(self, lang: str) -> str:
        """The task's name in `lang` ("zh" or "en"), falling back to its code."""
        return self.names.get(lang, self.code)


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the themes that tasks belong to."""

    code: str
    names: Mapping[str, str]

    def name(self, lang: str) -> str:
        """The theme's name in `lang`, falling back to its code."""
        return self.names.get(lang, self.code)


@dataclass(frozen=True)
class Catalogue:
    """All themes and tasks, in the order of the files, with the version of the rules."""

    version: str
    themes: tuple[Theme, ...]
    tasks: tuple[Task, ...]

    @cached_property
    def active(self) -> tuple[Task, ...]:
        """The tasks that are switched on."""
        return tuple(task for task in self.tasks if task.on)

    def task(self, code: str) -> Task | None:
        """The task with this code, or None."""
        return next((task for task in self.tasks if task.code == code), None)

    def theme(self, code: str) -> Theme | None:
        """The theme with this code, or None."""
        return next((theme for theme in self.themes if theme.code == code), None)

    def of_theme(self, code: str) -> tuple[Task, ...]:
        """The active tasks of one theme."""
        return self._by_theme.get(code, ())

    @cached_property
    def _by_theme(self) -> dict[str, tuple[Task, ...]]:
        return {theme.code: tuple(task for task in self.active if task.theme == theme.code) for theme in self.themes}
