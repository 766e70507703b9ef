"""Numbers of the assessment for any stretch: whole months out of the rollup, the running month to the minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.readers.assessment import (
    Moves,
    Sums,
    day_sums,
    first_days,
    month_sums,
    observations,
    risk_months,
    risk_stretch,
)
from data_access.readers.numbers import numbers
from data_access.state import feeds
from domain.access import Scope
from domain.assessment_rules import AssessmentRules, Take
from domain.month import Month, start_of
from domain.periods import end_of_day
from domain.span import year_back
from services.desk import Desk

NOTHING = Sums(0.0, 0.0, 0, 0.0, 0.0)
YEARS = 2
"""Twelve months, and the twelve before them."""


@dataclass(frozen=True)
class Wanted:
    """What is to be read.

    Args:
        months: the months that are over; running: the one that is not, up to `as_of`.
        base: also numbers of a year earlier that are only shown, not scored.
        stations: None means all that the scope may see.
    """

    months: tuple[Month, ...]
    running: Month | None
    as_of: datetime
    base: bool = True


@dataclass
class Numbers:
    """Everything read, by task (or kind, or risk codes), stretch and station.

    Args:
        months: (task, period, station) -> sums of a whole month.
        parts: years back (0, 1, 2) -> (task, station) -> sums of the running month up to `as_of`, and of the same
            stretch a year and two years earlier.
        risks, risk_parts: the same of risk codes, by (period, station), and by years back and station.
        seen: (kind, period, station) -> last observation's numerator and denominator; the running month's among them.
        begins: task -> first day with a row. alive: feed -> its last sign of life; a feed that is absent says nothing.
    """

    months: dict[tuple[str, str, str], Sums]
    parts: dict[int, dict[tuple[str, str], Sums]] = field(default_factory=dict)
    risks: dict[tuple[str, str], Moves] = field(default_factory=dict)
    risk_parts: dict[int, dict[str, Moves]] = field(default_factory=dict)
    seen: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)
    begins: dict[str, date] = field(default_factory=dict)
    alive: dict[str, datetime] = field(default_factory=dict)


def read_numbers(
    connection: Connection, desk: Desk, rules: Iterable[AssessmentRules], wanted: Wanted, scope: Scope
) -> Numbers:
    """Read what these months are scored from, in a few statements however many months there are."""
    sources = [source for version in rules for source in version.sources]
    tasks = sorted({source.task for source in sources if source.task})
    yearly = sorted({source.task for source in sources if source.take is Take.YEAR})
    found = Numbers(_months(connection, tasks, yearly, wanted, scope=scope))
    found.begins = first_days(connection, tasks, scope)
    found.alive = _alive(connection)
    if any(source.risk for source in sources):
        found.risks = risk_months(connection, _periods(wanted), scope)
    kinds = sorted({source.sample for source in sources if source.sample})
    found.seen = _observed(connection, kinds, wanted, scope)
    if wanted.running is not None:
        _running(connection, desk, found, (tasks, yearly), wanted=wanted, scope=scope)
    return found


def _periods(wanted: Wanted) -> list[str]:
    years = range(YEARS if wanted.base else 1)
    return sorted({month.back(12 * years_back).period for month in wanted.months for years_back in years})


def _months(
    connection: Connection, tasks: Sequence[str], yearly: Sequence[str], wanted: Wanted, *, scope: Scope
) -> dict[tuple[str, str, str], Sums]:
    """Two statements: few tasks over many months, and many tasks over few."""
    every = (*wanted.months, *([wanted.running] if wanted.running else []))
    long = sorted({month.back(k).period for month in every for k in range(12 * YEARS + 1)})
    found = month_sums(connection, yearly, long, scope) if yearly else {}
    rest = [task for task in tasks if task not in yearly]
    return found | (month_sums(connection, rest, _periods(wanted), scope) if wanted.months else {})


def _alive(connection: Connection) -> dict[str, datetime]:
    signs = {row.code: [one for one in (row.last_row_at, row.complete_to) if one] for row in feeds(connection)}
    return {code: max(found) for code, found in signs.items() if found}


def _observed(
    connection: Connection, kinds: Sequence[str], wanted: Wanted, scope: Scope
) -> dict[tuple[str, str, str], tuple[float, float]]:
    """The last observation of each month; several at the same second are added up."""
    years = range(YEARS if wanted.base else 1)
    months = [month.back(12 * back) for month in wanted.months for back in years]
    stretches = [(start_of(month.first), end_of_day(month.last)) for month in months]
    if wanted.running:
        stretches += [stretch for back, stretch in _stretches(wanted).items() if back in years]
    last: dict[tuple[str, str, str], tuple[datetime, float, float]] = {}
    for kind, station, at, upper, lower in observations(connection, kinds, sorted(set(stretches)), scope):
        key = (kind, f"{at:%Y-%m}", station)
        before = last.get(key)
        same = before is not None and before[0] == at
        last[key] = (at, upper + before[1], lower + before[2]) if same and before else (at, upper, lower)
    return {key: (upper, lower) for key, (_, upper, lower) in last.items()}


def _stretches(wanted: Wanted) -> dict[int, tuple[datetime, datetime]]:
    """Years back -> the running month's stretch up to the same day and time."""
    assert wanted.running is not None
    found, end = {}, wanted.as_of
    for back in range(YEARS + 1):
        found[back] = (start_of(wanted.running.back(12 * back).first), end)
        end = year_back(end)
    return found


def _running(
    connection: Connection,
    desk: Desk,
    found: Numbers,
    tasks: tuple[Sequence[str], Sequence[str]],
    *,
    wanted: Wanted,
    scope: Scope,
) -> None:
    every, yearly = tasks
    for back, (start, end) in _stretches(wanted).items():
        needed = every if back == 0 or (back == 1 and wanted.base) else yearly
        today = [task for task in desk.by_day if task.code in needed]
        closed = end.date() - timedelta(days=1)
        sums = day_sums(connection, needed, start.date(), closed, scope) if closed >= start.date() else {}
        table = numbers(connection, today, end, scope) if today else {}
        for (station, task), one in table.items():
            if one.numerator or one.denominator:
                sums[task, station] = _with_today(sums.get((task, station), NOTHING), one.numerator, one.denominator)
        found.parts[back] = sums
        if back < (YEARS if wanted.base else 1):
            found.risk_parts[back] = risk_stretch(connection, start, end, scope)


def _with_today(closed: Sums, numerator: float, denominator: float) -> Sums:
    return Sums(
        closed.numerator + numerator,
        closed.denominator + denominator,
        closed.rows,
        numerator,
        denominator,
    )
