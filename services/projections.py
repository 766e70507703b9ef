"""Projections of a station's tasks: past days in, `Projection`s out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.readers.pastdays import PastDay, past_days
from domain.access import Scope
from domain.board import Line
from domain.colour import Cell, Numbers
from domain.projection import Rest, project
from domain.task import Kind, Method, Period, Task, Thresholds
from domain.views import Projection

DAYS = 28
WEEKS = 8
_FLOWS = (Method.COUNT, Method.RATIO, Method.HIT, Method.CLOCK)


def projections(
    connection: Connection, line: Line, tasks: Sequence[Task], as_of: datetime, *, scope: Scope
) -> dict[str, Projection]:
    """Task code -> probable ending of its period, for day and week tasks with enough past."""
    suitable = [task for task in tasks if _suits(task, line.cell(task.code))]
    found: dict[str, Projection] = {}
    for period, length in ((Period.DAY, DAYS), (Period.WEEK, 7 * WEEKS)):
        group = [task for task in suitable if task.period is period]
        first, last = as_of.date() - timedelta(days=length + 7), as_of.date() - timedelta(days=1)
        past = past_days(connection, group, line.unit.code, (first, last), as_of.time(), scope=scope)
        for task in group:
            one = _projection(task, line, past[task.code], as_of)
            if one:
                found[task.code] = one
    return found


def _suits(task: Task, cell: Cell | None) -> bool:
    judged = task.kind in (Kind.COUNT, Kind.RATE, Kind.SLA) and task.measure.method in _FLOWS
    return judged and cell is not None and cell.blue is not None


def _projection(task: Task, line: Line, past: Mapping[date, PastDay], as_of: datetime) -> Projection | None:
    cell = line.cell(task.code)
    assert cell is not None and cell.blue is not None and cell.yellow is not None
    if not past:
        return None
    rests = _day_rests(past, as_of.date()) if task.period is Period.DAY else _week_rests(past, as_of.date())
    now = Numbers(cell.numerator, cell.denominator)
    return project(task, now, rests, Thresholds(cell.blue, cell.yellow), as_of)


def _day_rests(past: Mapping[date, PastDay], today: date) -> list[Rest]:
    """What came after this time of day on each of the last 28 days; days before the first row are unknown."""
    begin = max(min(past), today - timedelta(days=DAYS))
    days = [begin + timedelta(days=n) for n in range((today - begin).days)]
    return [_rest_of_day(past.get(day)) for day in days]


def _rest_of_day(day: PastDay | None) -> Rest:
    return (day.later_numerator, day.later_denominator) if day else (0.0, 0.0)


def _week_rests(past: Mapping[date, PastDay], today: date) -> list[Rest]:
    """What came after this weekday and time in each of the last eight weeks."""
    rests = []
    for back in range(1, WEEKS + 1):
        same = today - timedelta(days=7 * back)
        if same < min(past):
            break
        rests.append(_rest_of_week(past, same))
    return rests


def _rest_of_week(past: Mapping[date, PastDay], same: date) -> Rest:
    numerator, denominator = _rest_of_day(past.get(same))
    for ahead in range(1, 7 - same.weekday()):
        day = past.get(same + timedelta(days=ahead))
        numerator += day.numerator if day else 0.0
        denominator += day.denominator if day else 0.0
    return numerator, denominator
