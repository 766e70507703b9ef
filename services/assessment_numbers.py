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
from data_access.state import EVERY_MONTH, feeds, month_stamps
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
        base: the months of which the numbers of a year earlier are wanted that are only shown, not scored.
        settled: the rollup of the running month holds exactly the days before that of `as_of`.
    """

    months: tuple[Month, ...]
    running: Month | None
    as_of: datetime
    base: frozenset[Month] = frozenset()
    settled: bool = False

    def years(self, month: Month) -> range:
        """How many years back the numbers of a month are wanted that are not added up over a year."""
        return range(YEARS if month in self.base else 1)

    @property
    def periods(self) -> list[str]:
        """The months that are over, and those a year earlier."""
        return sorted({month.back(12 * back).period for month in self.months for back in self.years(month)})


@dataclass
class Numbers:
    """Everything read, by task (or kind, or risk codes), stretch and station.

    Args:
        stamps: see `data_access.state.month_stamps`.
        months: (task, period) -> station -> sums of a whole month.
        parts: years back (0, 1, 2) -> task -> station -> sums of the running month up to `as_of`, and of the same
            stretch a year and two years earlier.
        risks, risk_parts: the same of risk codes, by period, and by years back, and station.
        seen: (kind, period) -> station -> last observation; the running month's among them.
        targets: stations' own targets of counts. begins: task -> first day with a row.
        alive: feed -> its last sign of life; a feed that is absent says nothing.
    """

    stamps: Mapping[str, int]
    months: dict[tuple[str, str], dict[str, Sums]] = field(default_factory=dict)
    parts: dict[int, dict[str, dict[str, Sums]]] = field(default_factory=dict)
    risks: dict[str, dict[str, Moves]] = field(default_factory=dict)
    risk_parts: dict[int, dict[str, Moves]] = field(default_factory=dict)
    seen: dict[tuple[str, str], dict[str, Amount]] = field(default_factory=dict)
    targets: list[OwnTarget] = field(default_factory=list)
    begins: dict[str, date] = field(default_factory=dict)
    alive: dict[str, datetime] = field(default_factory=dict)

    def stamp(self, period: str) -> tuple[int, int]:
        """Changes whenever the rollups of a month may have changed."""
        return self.stamps.get(EVERY_MONTH, 0), self.stamps.get(period, 0)


@dataclass(frozen=True)
class Asked:
    """Sources of some versions of the rules: tasks, those of them that are added up over a year, kinds."""

    tasks: tuple[str, ...]
    yearly: tuple[str, ...]
    kinds: tuple[str, ...]
    risks: bool

    @property
    def rest(self) -> tuple[str, ...]:
        """The tasks of single months."""
        return tuple(task for task in self.tasks if task not in self.yearly)


def asked_of(rules: Iterable[AssessmentRules]) -> Asked:
    """What these versions are scored from."""
    sources = [source for version in rules for source in version.sources]
    return Asked(
        tasks=tuple(sorted({source.task for source in sources if source.task})),
        yearly=tuple(sorted({source.task for source in sources if source.take is Take.YEAR})),
        kinds=tuple(sorted({source.sample for source in sources if source.sample})),
        risks=any(source.risk for source in sources),
    )


def read_beside(connection: Connection, desk: Desk, asked: Asked, wanted: Wanted, scope: Scope) -> Numbers:
    """What stands beside the rollups. It is little, and read anew each time; so are the rollups' stamps."""
    stamps = month_stamps(connection)
    begins = desk.memory.days.made(
        ("first", asked.tasks, scope), stamps, lambda: first_days(connection, asked.tasks, scope)
    )
    return Numbers(
        stamps=stamps,
        begins=begins,
        targets=stations_targets(connection, [task for task in asked.tasks if desk.is_count(task)], scope),
        alive=_alive(connection),
        seen=_observed(connection, asked.kinds, wanted, scope),
    )


def read_numbers(
    connection: Connection, desk: Desk, found: Numbers, asked: Asked, *, wanted: Wanted, scope: Scope
) -> None:
    """Add what these months are scored from, in a few statements however many months there are.

    Args:
        found: what `read_beside` gave.
    """
    every = (*wanted.months, *([wanted.running] if wanted.running else []))
    long = sorted({month.back(k).period for month in every for k in range(12 * YEARS + 1)})
    few = [*wanted.periods, *([wanted.running.period] if wanted.running and wanted.settled else [])]
    _add_months(connection, desk, found, (asked.yearly, long), scope)
    _add_months(connection, desk, found, (asked.rest, few), scope)
    if asked.risks:
        _add_risks(connection, desk, found, wanted.periods, scope)
    if wanted.running is not None:
        _running(connection, desk, found, asked, wanted=wanted, scope=scope)


def _add_months(
    connection: Connection, desk: Desk, found: Numbers, what: tuple[Sequence[str], Sequence[str]], scope: Scope
) -> None:
    """Whole months of some tasks: those that were not touched out of memory, the others in one statement."""
    tasks, periods = what
    kept = {one: desk.memory.sums.find((tasks, one, scope), found.stamp(one)) for one in periods} if tasks else {}
    missing = [period for period, sums in kept.items() if sums is None]
    fresh = month_sums(connection, tasks, missing, scope) if missing else {}
    for period, sums in kept.items():
        if sums is None:
            sums = {task: fresh.get((task, period), {}) for task in tasks}
            desk.memory.sums.keep((tasks, period, scope), found.stamp(period), sums)
        found.months.update({(task, period): one for task, one in sums.items()})


def _add_risks(connection: Connection, desk: Desk, found: Numbers, periods: Sequence[str], scope: Scope) -> None:
    kept = {one: desk.memory.risks.find((one, scope), found.stamp(one)) for one in periods}
    missing = [period for period, moves in kept.items() if moves is None]
    fresh = risk_months(connection, missing, scope) if missing else {}
    for period, moves in kept.items():
        if moves is None:
            moves = desk.memory.risks.keep((period, scope), found.stamp(period), fresh.get(period, {}))
        found.risks[period] = moves


def _alive(connection: Connection) -> dict[str, datetime]:
    signs = {row.code: [one for one in (row.last_row_at, row.complete_to) if one] for row in feeds(connection)}
    return {code: max(found) for code, found in signs.items() if found}


def _observed(
    connection: Connection, kinds: Sequence[str], wanted: Wanted, scope: Scope
) -> dict[tuple[str, str], dict[str, Amount]]:
    """The last observation of each month; several at the same second are added up."""
    months = [month.back(12 * back) for month in wanted.months for back in wanted.years(month)]
    stretches = [(start_of(month.first), end_of_day(month.last)) for month in months]
    if wanted.running:
        years = wanted.years(wanted.running)
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


def _running(connection: Connection, desk: Desk, found: Numbers, asked: Asked, *, wanted: Wanted, scope: Scope) -> None:
    assert wanted.running is not None
    for back, (start, end) in _stretches(wanted).items():
        needed = asked.tasks if back in wanted.years(wanted.running) else asked.yearly
        sums = _closed(connection, desk, found, (needed, start, end), settled=not back and wanted.settled, scope=scope)
        today = desk.by_day_of(needed)
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
    desk: Desk,
    found: Numbers,
    what: tuple[Sequence[str], datetime, datetime],
    *,
    settled: bool,
    scope: Scope,
) -> dict[str, dict[str, Sums]]:
    """The closed days of a stretch: out of the month's rollup where it holds just these, else day by day.

    Args:
        what: tasks, and both ends of the stretch. settled: the month's rollup holds just the closed days.
    """
    tasks, first, last = what[0], what[1].date(), what[2].date() - timedelta(days=1)
    if last < first:
        return {}
    period = f"{first:%Y-%m}"
    if settled:
        return {task: dict(found.months.get((task, period), {})) for task in tasks}
    sums = desk.memory.days.made(
        (tasks, first, last, scope),
        found.stamp(period),
        lambda: day_sums(connection, tasks, first, last, scope),
    )
    return {task: dict(one) for task, one in sums.items()}


def _with_today(closed: Sums, numerator: float, denominator: float) -> Sums:
    return Sums(
        closed.numerator + numerator,
        closed.denominator + denominator,
        closed.rows,
        numerator,
        denominator,
    )
