"""The colour of one cell: a pure function of numbers, rule and instant (DOMAIN 2.3).

No hysteresis and no memory: the same numbers at the same instant always give the same colour, and
the `Cell` carries everything that its formula line needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.periods import pace_share, too_early
from domain.task import Kind, Task, Thresholds

PACE_BLUE = 1.0
PACE_YELLOW = 0.7


class Colour(StrEnum):
    """The three colours of the board and the fourth state that is none of them."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Reason(StrEnum):
    """Why a cell is grey."""

    NO_TASK = "no_task"
    SMALL_SAMPLE = "small_sample"
    IN_PROGRESS = "in_progress"
    DATA_LATE = "data_late"
    NO_DATA = "no_data"
    INFO = "info"


class FeedState(StrEnum):
    """How a task's source stands."""

    FRESH = "fresh"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the rows say.

    Args:
        numerator: done, finished in time, or the count.
        denominator: target group of a rate; 0 for counts.
        base: the earlier stretch's count for relative ceilings; None elsewhere.
        waiting: rows still inside their limit (在办); in neither part.
    """

    numerator: float = 0.0
    denominator: float = 0.0
    base: float | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One judged task of one station.

    Args:
        value: in the task's unit; percent as 0..100, not rounded; None when there is none.
        expected: what pace asks for by now (counts inside their period); None elsewhere.
        pace: the share of the period that is gone, for counts.
        missing: how much more would make it blue (counts: units; rates: further successes;
            ceilings: how much too many); 0 when blue, None when it cannot be reached or is unknown.
    """

    task: str
    colour: Colour
    reason: Reason | None
    value: float | None
    numerator: float
    denominator: float
    base: float | None
    blue: float | None
    yellow: float | None
    waiting: int = 0
    expected: float | None = None
    pace: float | None = None
    missing: float | None = None

    @property
    def is_coloured(self) -> bool:
        """False for grey."""
        return self.colour is not Colour.GREY


def judge(task: Task, numbers: Numbers, thresholds: Thresholds | None, as_of: datetime, feed: FeedState) -> Cell:
    """The cell of one task.

    Args:
        thresholds: the station's own, or the catalogue's; None for information only.
        as_of: the instant the numbers were taken.
        feed: whether the source is alive; a dead or unknown source is never coloured.
    """
    value = _value(task, numbers, thresholds)
    pace = pace_share(task.period, as_of) if task.kind is Kind.COUNT else None
    expected = thresholds.blue * pace if thresholds and pace is not None else None
    if feed is FeedState.FRESH:
        colour, reason = _decide(task, numbers, thresholds, as_of, value)
    else:
        colour, reason = Colour.GREY, Reason.DATA_LATE if feed is FeedState.LATE else Reason.NO_DATA
    return Cell(
        task=task.code,
        colour=colour,
        reason=reason,
        value=value,
        numerator=numbers.numerator,
        denominator=numbers.denominator,
        base=numbers.base,
        blue=thresholds.blue if thresholds else None,
        yellow=thresholds.yellow if thresholds else None,
        waiting=numbers.waiting,
        expected=expected,
        pace=pace,
        missing=_missing(task, numbers, thresholds, colour),
    )


def _value(task: Task, numbers: Numbers, thresholds: Thresholds | None) -> float | None:
    if task.kind in (Kind.RATE, Kind.SLA):
        return 100.0 * numbers.numerator / numbers.denominator if numbers.denominator else None
    if thresholds and thresholds.relative:
        return 100.0 * (numbers.numerator - numbers.base) / numbers.base if numbers.base else None
    return numbers.numerator


def _decide(
    task: Task, numbers: Numbers, thresholds: Thresholds | None, as_of: datetime, value: float | None
) -> tuple[Colour, Reason | None]:
    if task.kind is Kind.INFO or thresholds is None:
        return Colour.GREY, Reason.INFO
    if task.kind is Kind.COUNT:
        return _count(task, numbers.numerator, thresholds, as_of)
    if task.kind is Kind.CEILING:
        return _ceiling(numbers, thresholds, value), None
    return _rate(task, numbers, thresholds, value)


def _rate(task: Task, numbers: Numbers, thresholds: Thresholds, value: float | None) -> tuple[Colour, Reason | None]:
    if value is None:
        return Colour.GREY, Reason.NO_TASK
    if numbers.denominator < task.min_sample:
        return Colour.GREY, Reason.SMALL_SAMPLE
    return _at_least(value, thresholds), None


def _at_least(value: float, thresholds: Thresholds) -> Colour:
    if _reaches(value, thresholds.blue):
        return Colour.BLUE
    return Colour.YELLOW if _reaches(value, thresholds.yellow) else Colour.RED


def _reaches(value: float, limit: float) -> bool:
    """`value >= limit`, blind to the last binary digit (19/20 is 95 %)."""
    return value >= limit or math.isclose(value, limit, rel_tol=1e-9, abs_tol=1e-9)


def _count(task: Task, done: float, thresholds: Thresholds, as_of: datetime) -> tuple[Colour, Reason | None]:
    target = thresholds.blue
    if target <= 0:
        return Colour.GREY, Reason.NO_TASK
    if _reaches(done, target):
        return Colour.BLUE, None
    pace = pace_share(task.period, as_of)
    if pace >= 1.0:
        return _at_least(done, thresholds), None
    expected = target * pace
    # Less than one whole unit is due: nothing is owed yet.
    if too_early(task.period, as_of) or done < expected < 1.0:
        return Colour.GREY, Reason.IN_PROGRESS
    ratio = done / expected
    if _reaches(ratio, PACE_BLUE):
        return Colour.BLUE, None
    return (Colour.YELLOW if _reaches(ratio, PACE_YELLOW) else Colour.RED), None


def _ceiling(numbers: Numbers, thresholds: Thresholds, value: float | None) -> Colour:
    if thresholds.relative and value is None:
        new = numbers.numerator
        if new <= 0:
            return Colour.BLUE
        return Colour.YELLOW if new <= thresholds.new_yellow else Colour.RED
    assert value is not None
    if _reaches(thresholds.blue, value):
        return Colour.BLUE
    return Colour.YELLOW if _reaches(thresholds.yellow, value) else Colour.RED


def _missing(task: Task, numbers: Numbers, thresholds: Thresholds | None, colour: Colour) -> float | None:
    if thresholds is None or task.kind is Kind.INFO:
        return None
    if task.kind is Kind.COUNT:
        return float(max(0, math.ceil(thresholds.blue - numbers.numerator)))
    if colour is Colour.BLUE:
        return 0.0
    if task.kind is Kind.CEILING:
        return _too_many(numbers, thresholds)
    return _further_successes(numbers, thresholds.blue)


def _too_many(numbers: Numbers, thresholds: Thresholds) -> float:
    if not thresholds.relative:
        return max(0.0, numbers.numerator - thresholds.blue)
    allowed = math.floor((numbers.base or 0.0) * (1 + thresholds.blue / 100) + 1e-9)
    return max(0.0, numbers.numerator - allowed)


def _further_successes(numbers: Numbers, blue: float) -> float | None:
    """The smallest k with (numerator + k) / (denominator + k) >= blue; None when no k does it."""
    lacking = blue / 100 * numbers.denominator - numbers.numerator
    if lacking <= 1e-9:
        return 0.0
    if blue >= 100:
        return None
    return float(math.ceil(lacking / (1 - blue / 100) - 1e-9))
