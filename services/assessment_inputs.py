"""From numbers to a month's inputs: which amount belongs to which source, and why one is absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from data_access.readers.organisation import units
from data_access.state import own_targets
from domain.access import Scope
from domain.assessment_inputs import Amount, MonthInputs, StationInputs
from domain.assessment_rules import AssessmentRules, Form, Source, Take
from domain.board import Unit
from domain.month import Month
from domain.span import year_back
from domain.task import Period, Task, Thresholds
from services.assessment_numbers import NOTHING, Numbers, Wanted, read_numbers
from services.desk import Desk

_DAYS = {Period.DAY: 1.0, Period.WEEK: 7.0}
Targets = Mapping[tuple[str, str], Thresholds]


def inputs_of(
    connection: Connection,
    desk: Desk,
    months: Sequence[Month],
    as_of: datetime,
    *,
    scope: Scope,
    base: bool = True,
) -> dict[Month, MonthInputs]:
    """What these months are scored from; months that are not over are read up to `as_of`.

    Args:
        as_of: instant, wall time. A month that begins later has no inputs.
        base: also the numbers of a year earlier that are only shown.

    Raises:
        Refused: no version of the rules is in force in one of the months.
    """
    begun = [month for month in dict.fromkeys(months) if month.first <= as_of.date()]
    running = next((month for month in begun if not month.over(as_of)), None)
    wanted = Wanted(tuple(month for month in begun if month.over(as_of)), running, as_of, base)
    rules = {month: desk.rules(month) for month in begun}
    found = read_numbers(connection, desk, {one.version: one for one in rules.values()}.values(), wanted, scope)
    stations = units(connection, scope)
    made = {}
    for month in begun:
        closed = month is not running
        targets = own_targets(connection, month.last if closed else as_of.date())
        maker = _Maker(desk, rules[month], month, found, targets, None if closed else as_of)
        made[month] = MonthInputs(
            month=month,
            stations=tuple(maker.station(unit) for unit in stations),
            as_of=None if closed else as_of,
            pace=1.0 if closed else month.pace(as_of),
        )
    return made


@dataclass
class _Maker:
    """One month's inputs, station by station."""

    desk: Desk
    rules: AssessmentRules
    month: Month
    found: Numbers
    targets: Targets
    as_of: datetime | None
    reasons: dict[tuple[str, bool], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.quotas = self.rules.quotas()
        compared = (Form.CHANGE, Form.SHRUNK)
        parts = [part for one in self.rules.indicators for part in one.parts if part.form in compared]
        self.compared = frozenset(code for part in parts for code in part.sources)
        for source in self.rules.sources:
            for back in (0, 1):
                self.reasons[source.code, bool(back)] = self._reason(source, back)

    def station(self, unit: Unit) -> StationInputs:
        """One station's amounts."""
        now, base, missing = {}, {}, {}
        for source in self.rules.sources:
            amount, before = (self._amount(source, unit.code, back) for back in (0, 1))
            if amount is not None:
                now[source.code] = amount
            else:
                missing[source.code] = self.reasons[source.code, False] or "no_rows"
            if before is not None:
                base[source.code] = before
        return StationInputs(
            code=unit.code,
            mode=unit.fusion_mode,
            district=unit.district_code,
            residents_10k=unit.residents_10k,
            now=now,
            base=base,
            missing=missing,
        )

    def _reason(self, source: Source, back: int) -> str:
        """Why nobody has an amount of this source; "" where rows decide.

        A count without rows is 0 only when there were rows before: nothing was ever counted otherwise.
        Of a comparison the whole stretch must be covered.
        """
        if not source.task:
            return ""
        first, last = self._stretch(source, back)
        begin, task = self.found.begins.get(source.task), self.desk.tasks[source.task]
        needed = first if source.code in self.compared else last
        if begin is None or begin > needed:
            return "not_begun"
        sign = self.found.alive.get(task.feed)
        return "silent" if not back and sign is not None and sign.date() < self.month.first else ""

    def _stretch(self, source: Source, back: int) -> tuple[date, date]:
        """The days a source's amount is about."""
        month = self.month.back(12 * back)
        last = month.last if self.as_of is None else _years_back(self.as_of, back).date()
        if source.take is not Take.YEAR:
            return month.first, last
        if self.as_of is None:
            return month.back(11).first, last
        return _years_back(self.as_of, back + 1).date(), last

    def _amount(self, source: Source, station: str, back: int) -> Amount | None:
        if self.reasons[source.code, bool(back)]:
            return None
        if source.risk:
            return self._risk(source, station, back)
        if source.sample:
            found = self.found.seen.get((source.sample, self.month.back(12 * back).period, station))
            return Amount(*found, 1) if found else None
        if source.take is Take.YEAR:
            return self._year(source, station, back)
        return self._task(source, station, back)

    def _task(self, source: Source, station: str, back: int) -> Amount | None:
        if self.as_of is None:
            sums = self.found.months.get((source.task, self.month.back(12 * back).period, station))
        else:
            sums = self.found.parts.get(back, {}).get((source.task, station))
        if sums is None and not self.desk.is_count(source.task):
            return None
        sums = sums or NOTHING
        if source.code in self.quotas:
            return Amount(sums.numerator, self._target(source, station, back), sums.rows)
        if source.take is Take.LAST:
            return Amount(sums.last_numerator, sums.last_denominator, 1)
        return Amount(sums.numerator, 0.0 if self.desk.is_count(source.task) else sums.denominator, sums.rows)

    def _year(self, source: Source, station: str, back: int) -> Amount:
        """Twelve whole months; of a running month the twelve months that end at this instant."""
        first = 12 * back + (0 if self.as_of is None else 1)
        periods = [self.month.back(first + k).period for k in range(12)]
        months = [self.found.months.get((source.task, period, station), NOTHING) for period in periods]
        total, rows = sum(one.numerator for one in months), sum(one.rows for one in months)
        if self.as_of is not None:
            parts = [self.found.parts.get(back + k, {}).get((source.task, station), NOTHING) for k in (0, 1)]
            total, rows = total + parts[0].numerator - parts[1].numerator, rows + parts[0].rows - parts[1].rows
        return Amount(total, 0.0, rows)

    def _risk(self, source: Source, station: str, back: int) -> Amount | None:
        if self.as_of is None:
            found = self.found.risks.get((self.month.back(12 * back).period, station))
        else:
            found = self.found.risk_parts.get(back, {}).get(station)
        if found is None or not found.subjects:
            return None
        moved = found.lowered if source.risk == "down" else found.raised
        return Amount(moved, found.risky, moved)

    def _target(self, source: Source, station: str, back: int) -> float:
        """A whole month's target: the task's own for its period, for as many periods as the month has."""
        task = self.desk.tasks[source.task]
        own = self.targets.get((station, task.code))
        assert task.thresholds is not None  # the loader of the rules guarantees it
        return (own.blue if own else task.thresholds.blue) * periods_in(task, self.month.back(12 * back))


def periods_in(task: Task, month: Month) -> float:
    """How many of a task's periods a month has: 31 days, 4.43 weeks, 1 month."""
    return month.days / _DAYS[task.period] if task.period in _DAYS else 1.0


def _years_back(moment: datetime, years: int) -> datetime:
    for _ in range(years):
        moment = year_back(moment)
    return moment


def stretch_of(inputs: MonthInputs, source: Source) -> tuple[date, date]:
    """The days that a source's rows lie on, both included; what a page links to."""
    month = inputs.month
    last = month.last if inputs.as_of is None else inputs.as_of.date()
    if source.take is not Take.YEAR:
        return month.first, last
    return (month.back(11).first if inputs.as_of is None else year_back(inputs.as_of).date()), last
