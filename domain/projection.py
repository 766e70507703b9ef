"""Where a task will stand when its period ends, from the station's own past.

Every past period says how much came between the same point of the period and its end. Adding each
of these to what is done now gives as many possible endings; their 10th, 50th and 90th percentile
are shown. No model, no trend: an honest "as it usually goes from here".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.colour import FeedState, Numbers, judge
from domain.periods import end_of_day, period_end
from domain.task import Kind, Task, Thresholds
from domain.views import Projection

FEWEST = 4
Rest = tuple[float, float]
"""What came after this point of a past period: numerator and denominator."""


def project(
    task: Task, now: Numbers, rests: Sequence[Rest], thresholds: Thresholds | None, as_of: datetime
) -> Projection | None:
    """The probable ending, or None with fewer than four past periods or nothing to divide by."""
    if len(rests) < FEWEST or thresholds is None or task.kind not in (Kind.COUNT, Kind.RATE, Kind.SLA):
        return None
    endings = sorted(
        (
            (_value(task, ending), ending)
            for ending in (_ending(now, rest) for rest in rests)
            if _has_value(task, ending)
        ),
        key=lambda pair: pair[0],
    )
    if len(endings) < FEWEST:
        return None
    values = [value for value, _ in endings]
    middle = endings[len(endings) // 2][1]
    until = end_of_day(period_end(task.period, as_of.date()))
    colour = judge(task, middle, thresholds, until, FeedState.FRESH).colour
    return Projection(_quantile(values, 0.1), _value(task, middle), _quantile(values, 0.9), len(values), colour)


def _ending(now: Numbers, rest: Rest) -> Numbers:
    return Numbers(now.numerator + rest[0], now.denominator + rest[1])


def _has_value(task: Task, ending: Numbers) -> bool:
    return task.kind is Kind.COUNT or ending.denominator > 0


def _value(task: Task, ending: Numbers) -> float:
    return ending.numerator if task.kind is Kind.COUNT else 100.0 * ending.numerator / ending.denominator


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered values lie, nearest rank."""
    return ordered[min(len(ordered) - 1, max(0, round(share * (len(ordered) - 1))))]
