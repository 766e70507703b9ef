"""From numbers to a month's inputs: which amount belongs to which source, and why one is absent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.readers.assessment import Sums
from data_access.readers.organisation import units
from data_access.refresh import closed_through
from domain.access import Scope
from domain.assessment_inputs import Amount, MonthInputs, StationInputs
from domain.assessment_rules import AssessmentRules, Form, Source, Take
from domain.board import Unit
from domain.month import Month
from domain.span import year_back
from domain.task import Period, Task
from services.assessment_numbers import NOTHING, YEARS, Numbers, Wanted, asked_of, read_beside, read_numbers
from services.desk import Desk

_DAYS = {Period.DAY: 1.0, Period.WEEK: 7.0}
_COMPARED = (Form.CHANGE, Form.SHRUNK)


def inputs_of(
    connection: Connection,
    desk: Desk,
    months: Sequence[Month],
    as_of: datetime,
    *,
    scope: Scope,
    base: Collection[Month] | None = None,
) -> dict[Month, MonthInputs]:
    """What these months are scored from; months that are not over are read up to `as_of`.

    Args:
        as_of: instant, wall time. A month that begins later has no inputs.
        base: the months of which also the numbers of a year earlier are wanted that are only shown; None: all.

    Raises:
        Refused: no version of the rules is in force in one of the months.
    """
    begun = [month for month in dict.fromkeys(months) if month.first <= as_of.date()]
    rules = {month: desk.rules(month) for month in begun}
    asked = asked_of({one.version: one for one in rules.values()}.values())
    wanted = _wanted(connection, begun, as_of, begun if base is None else base)
    found = read_beside(connection, desk, asked, wanted, scope)
    makers = {
        month: _Maker(desk, rules[month], month, found, as_of if month is wanted.running else None, base)
        for month, base in ((month, month in wanted.base) for month in begun)
    }
    stations = units(connection, scope)
    made = {
        month: desk.memory.inputs.find((month, scope, makers[month].base), makers[month].stamp(stations))
        for month in wanted.months
    }
    missing = tuple(month for month in wanted.months if made[month] is None)
    if missing or wanted.running:
        read_numbers(connection, desk, found, asked, wanted=replace(wanted, months=missing), scope=scope)
    for month in missing:
        key = month, scope, makers[month].base
        made[month] = desk.memory.inputs.keep(key, makers[month].stamp(stations), makers[month].inputs(stations))
    return {month: made.get(month) or makers[month].inputs(stations) for month in begun}


def _wanted(connection: Connection, begun: Sequence[Month], as_of: datetime, base: Iterable[Month]) -> Wanted:
    running = next((month for month in begun if not month.over(as_of)), None)
    settled = running is not None and closed_through(connection) == as_of.date() - timedelta(days=1)
    return Wanted(tuple(month for month in begun if month.over(as_of)), running, as_of, frozenset(base), settled)


@dataclass
class _Maker:
    """One month's inputs, source by source.

    Args:
        base: also amounts of a year earlier that are only shown.
    """

    desk: Desk
    rules: AssessmentRules
    month: Month
    found: Numbers
    as_of: datetime | None
    base: bool

    def inputs(self, stations: Sequence[Unit]) -> MonthInputs:
        """The month's inputs."""
        pace = 1.0 if self.as_of is None else self.month.pace(self.as_of)
        return MonthInputs(self.month, self.stations(stations), self.as_of, pace)

    def stamp(self, stations: Sequence[Unit]) -> tuple[object, ...]:
        """Everything that the inputs of a month that is over are made of; where it is equal, they are."""
        found, earlier = self.found, (self.month, self.month.back(12))
        return (
            self.rules.version,
            stations,
            tuple(found.stamp(self.month.back(k).period) for k in range(12 * YEARS + 1)),
            found.begins,
            found.targets,
            [feed for feed, sign in found.alive.items() if sign.date() < self.month.first],
            [
                found.seen.get((source.sample, month.period))
                for source in self.rules.sources
                if source.sample
                for month in earlier[: YEARS if self.base else 1]
            ],
        )

    def stations(self, everyone: Sequence[Unit]) -> tuple[StationInputs, ...]:
        """The inputs of these stations, in their order."""
        codes = [unit.code for unit in everyone]
        parts = [part for one in self.rules.indicators for part in one.parts if part.form in _COMPARED]
        self.quotas = self.rules.quotas()
        self.compared = frozenset(code for part in parts for code in part.sources)
        now: dict[str, dict[str, Amount]] = {code: {} for code in codes}
        base: dict[str, dict[str, Amount]] = {code: {} for code in codes}
        missing: dict[str, dict[str, str]] = {code: {} for code in codes}
        for source in self.rules.sources:
            reason, amounts = self._amounts(source, 0, codes)
            for code in codes:
                if code in amounts:
                    now[code][source.code] = amounts[code]
                else:
                    missing[code][source.code] = reason or "no_rows"
            if self.base or source.code in self.compared:
                for code, amount in self._amounts(source, 1, codes)[1].items():
                    if code in base:
                        base[code][source.code] = amount
        return tuple(
            StationInputs(
                code=unit.code,
                mode=unit.fusion_mode,
                district=unit.district_code,
                residents_10k=unit.residents_10k,
                now=now[unit.code],
                base=base[unit.code],
                missing=missing[unit.code],
            )
            for unit in everyone
        )

    def _amounts(self, source: Source, back: int, codes: Sequence[str]) -> tuple[str, Mapping[str, Amount]]:
        """Why nobody has an amount of this source ("" where rows decide), and the amounts by station."""
        reason = self._reason(source, back)
        if reason:
            return reason, {}
        period = self.month.back(12 * back).period
        if source.sample:
            return "", self.found.seen.get((source.sample, period), {})
        if source.risk:
            return "", self._risk(source, back, period)
        if source.take is Take.YEAR:
            return "", self._year(source, back, codes)
        return "", self._task(source, back, codes)

    def _reason(self, source: Source, back: int) -> str:
        """A count without rows is 0 only when there were rows before: nothing was ever counted otherwise.

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

    def _sums(self, task: str, back: int) -> Mapping[str, Sums]:
        """The task's sums of the month, or of what is gone of it."""
        if self.as_of is None:
            return self.found.months.get((task, self.month.back(12 * back).period), {})
        return self.found.parts.get(back, {}).get(task, {})

    def _task(self, source: Source, back: int, codes: Sequence[str]) -> Mapping[str, Amount]:
        sums = self._sums(source.task, back)
        if source.code in self.quotas:
            targets = self._targets(source, back, codes)
            counted = ((code, sums.get(code, NOTHING)) for code in codes)
            return {code: Amount(one.numerator, targets[code], one.rows) for code, one in counted}
        if self.desk.is_count(source.task):
            counted = ((code, sums.get(code, NOTHING)) for code in codes)
            return {code: Amount(one.numerator, 0.0, one.rows) for code, one in counted}
        if source.take is Take.LAST:
            return {code: Amount(one.last_numerator, one.last_denominator, 1) for code, one in sums.items()}
        return {code: Amount(one.numerator, one.denominator, one.rows) for code, one in sums.items()}

    def _year(self, source: Source, back: int, codes: Sequence[str]) -> Mapping[str, Amount]:
        """Twelve whole months; of a running month the twelve months that end at this instant."""
        first = 12 * back + (0 if self.as_of is None else 1)
        whole = [self.found.months.get((source.task, self.month.back(first + k).period), {}) for k in range(12)]
        added, taken = (self._sums(source.task, back + k) if self.as_of else {} for k in (0, 1))
        totals = dict.fromkeys(codes, (0.0, 0))
        for sums, sign in [(one, 1) for one in (*whole, added)] + [(taken, -1)]:
            for code, one in sums.items():
                if code in totals:
                    total, rows = totals[code]
                    totals[code] = total + sign * one.numerator, rows + sign * one.rows
        return {code: Amount(total, 0.0, rows) for code, (total, rows) in totals.items()}

    def _risk(self, source: Source, back: int, period: str) -> Mapping[str, Amount]:
        moves = self.found.risks.get(period, {}) if self.as_of is None else self.found.risk_parts.get(back, {})
        found = {}
        for code, one in moves.items():
            moved = one.lowered if source.risk == "down" else one.raised
            if one.subjects:
                found[code] = Amount(moved, one.risky, moved)
        return found

    def _targets(self, source: Source, back: int, codes: Sequence[str]) -> Mapping[str, float]:
        """A whole month's target: the task's own for its period, for as many periods as the month has."""
        task = self.desk.tasks[source.task]
        assert task.thresholds is not None  # the loader of the rules guarantees it
        periods, usual = periods_in(task, self.month.back(12 * back)), task.thresholds.blue
        day = self.month.last if self.as_of is None else self.as_of.date()
        mine = [one for one in self.found.targets if one.task == task.code and one.holds(day)]
        own = {one.station: one.blue for one in mine}  # the one that began last wins
        return {code: own.get(code, usual) * periods for code in codes}


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
