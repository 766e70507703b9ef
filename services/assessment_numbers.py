"""Numbers of the assessment for any stretch: whole months out of the rollup, the running month to the minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.readers.assessment import (
    Moves,
    OwnTarget,
    Sums,
    day_sums,
    first_days,
    month_sums,
    observations,
    risk_months,
    risk_stretch,
    stations_targets,
)
from data_access.readers.numbers import numbers
from data_access.state import feeds
from domain.access import Scope
from domain.assessment_inputs import Amount
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
        settled: the rollup of the running month holds exactly the days before that of `as_of`.
    """

    months: tuple[Month, ...]
    running: Month | None
    as_of: datetime
    base: bool = True
    settled: bool = False


@dataclass
class Numbers:
    """Everything read, by task (or kind, or risk codes), stretch and station.

    Args:
        months: (task, period) -> station -> sums of a whole month.
        parts: years back (0, 1, 2) -> task -> station -> sums of the running month up to `as_of`, and of the same
            stretch a year and two years earlier.
        risks, risk_parts: the same of risk codes, by period, and by years back, and station.
        seen: (kind, period) -> station -> last observation; the running month's among them.
        targets: stations' own targets of counts. begins: task -> first day with a row.
        alive: feed -> its last sign of life; a feed that is absent says nothing.
    """

    months: dict[tuple[str, str], dict[str, Sums]]
    parts: dict[int, dict[str, dict[str, Sums]]] = field(default_factory=dict)
    risks: dict[str, dict[str, Moves]] = field(default_factory=dict)
    risk_parts: dict[int, dict[str, Moves]] = field(default_factory=dict)
    seen: dict[tuple[str, str], dict[str, Amount]] = field(default_factory=dict)
    targets: list[OwnTarget] = field(default_factory=list)
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
    found.targets = stations_targets(connection, [task for task in tasks if desk.is_count(task)], scope)
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
) -> dict[tuple[str, str], dict[str, Sums]]:
    """Two statements: few tasks over many months, and many tasks over few."""
    every = (*wanted.months, *([wanted.running] if wanted.running else []))
    long = sorted({month.back(k).period for month in every for k in range(12 * YEARS + 1)})
    found = month_sums(connection, yearly, long, scope) if yearly else {}
    rest = [task for task in tasks if task not in yearly]
    few = [*_periods(wanted), *([wanted.running.period] if wanted.running and wanted.settled else [])]
    return found | (month_sums(connection, rest, few, scope) if few else {})


def _alive(connection: Connection) -> dict[str, datetime]:
    signs = {row.code: [one for one in (row.last_row_at, row.complete_to) if one] for row in feeds(connection)}
    return {code: max(found) for code, found in signs.items() if found}


def _observed(
    connection: Connection, kinds: Sequence[str], wanted: Wanted, scope: Scope
) -> dict[tuple[str, str], dict[str, Amount]]:
    """The last observation of each month; several at the same second are added up."""
    years = range(YEARS if wanted.base else 1)
    months = [month.back(12 * back) for month in wanted.months for back in years]
    stretches = [(start_of(month.first), end_of_day(month.last)) for month in months]
    if wanted.running:
        stretches += [stretch for back, stretch in _stretches(wanted).items() if back in years]
    found: dict[tuple[str, str], dict[str, Amount]] = {}
    newest: dict[tuple[str, str], datetime] = {}
    for kind, station, at, upper, lower in observations(connection, kinds, sorted(set(stretches)), scope):
        here = found.setdefault((kind, f"{at:%Y-%m}"), {})
        before = here.get(station) if newest.get((kind, station)) == at else None
        here[station] = (
            Amount(upper + before.numerator, lower + before.denominator, 1) if before else Amount(upper, lower, 1)
        )
        newest[kind, station] = at
    return found


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
        days = start.date(), end.date() - timedelta(days=1)
        settled = found.months if back == 0 and wanted.settled else None
        sums = _closed(connection, needed, days, settled, scope)
        table = numbers(connection, today, end, scope) if today else {}
        for (station, task), one in table.items():
            if one.numerator or one.denominator:
                here = sums.setdefault(task, {})
                here[station] = _with_today(here.get(station, NOTHING), one.numerator, one.denominator)
        found.parts[back] = sums
        if back == 0:
            found.risk_parts[back] = risk_stretch(connection, start, end, scope)


def _closed(
    connection: Connection,
    tasks: Sequence[str],
    days: tuple[date, date],
    settled: Mapping[tuple[str, str], dict[str, Sums]] | None,
    scope: Scope,
) -> dict[str, dict[str, Sums]]:
    """The closed days of a stretch: out of the month's rollup where it holds just these, else day by day."""
    first, last = days
    if last < first:
        return {}
    if settled is not None:
        return {task: dict(settled.get((task, f"{first:%Y-%m}"), {})) for task in tasks}
    return day_sums(connection, tasks, first, last, scope)


def _with_today(closed: Sums, numerator: float, denominator: float) -> Sums:
    return Sums(
        closed.numerator + numerator,
        closed.denominator + denominator,
        closed.rows,
        numerator,
        denominator,
    )
