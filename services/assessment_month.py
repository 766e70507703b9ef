"""One month, whatever its state: scored from the rows, or as it was locked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from catalogue.assessment_loader import rules_of
from data_access.readers.assessment_locked import adjustments, heads, locked_month, locked_totals
from data_access.state import EVERY_MONTH, month_stamps
from domain.access import command
from domain.assessment import score_month
from domain.assessment_guards import Guard
from domain.assessment_inputs import Adjustment, MonthInputs, StationInputs
from domain.assessment_records import LockedMonth, LockHead, TotalRow
from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore
from domain.assessment_totals import totals_of
from domain.assessment_views import LOCKED, OPEN, RUNNING, About
from domain.errors import NotFound
from domain.month import Month, read_month
from services.assessment_inputs import inputs_of
from services.assessment_signs import signs_of
from services.desk import Desk

T = TypeVar("T")
Locks = Mapping[str, tuple[LockHead, ...]]
HISTORY = 12
"""Months that a history shows, this one among them."""
Totals = dict[str, dict[str, TotalRow]]
"""Period -> station -> total."""


@dataclass(frozen=True)
class Evaluated:
    """A month of all stations, whoever asks; what a viewer may see of it is cut out afterwards.

    Args:
        inputs, guards: of a locked month as they were frozen. guards: signs of gaming, by station.
        past: period -> station -> total, of as many months before as were asked for.
    """

    about: About
    inputs: MonthInputs
    scores: tuple[StationScore, ...]
    guards: Mapping[str, tuple[Guard, ...]]
    past: Mapping[str, Mapping[str, TotalRow]]

    @property
    def before(self) -> Mapping[str, TotalRow]:
        """Totals of the month before, by station."""
        return self.past.get(self.about.month.back(1).period, {})

    def score(self, code: str) -> StationScore:
        """One station's score.

        Raises:
            NotFound: the month has no such station.
        """
        found = next((one for one in self.scores if one.code == code), None)
        if found is None:
            raise NotFound("error.station_unknown", code=code[:20])
        return found


def evaluate(
    connection: Connection, desk: Desk, month: Month, as_of: datetime, *, version: int = 0, back: int = 1
) -> Evaluated:
    """The month as it stands at `as_of`: the newest lock of that time, else scored from the rows.

    Args:
        version: another version of the lock; 0 for the newest. back: so many months before it are totalled too.

    Raises:
        NotFound: no such version, or the month has not begun.
        Refused: no rules are in force in it.
    """
    if month.first > as_of.date():
        raise NotFound("assessment.unknown.month", code=month.period)
    months = [month.back(k) for k in range(back, 0, -1)]
    read = _read(connection, desk, months, as_of, whole=month)
    past, mine = read.totals(months), read.locks.get(month.period, ())
    if version and version not in {head.version for head in mine}:
        raise NotFound("assessment.unknown.version", code=str(version))
    if mine:
        head = next(head for head in reversed(mine) if not version or head.version == version)
        return _locked(_frozen(connection, desk, head, read.stamp), month, mine, past)
    rules, inputs = desk.rules(month), read.live[month]
    state = OPEN if inputs.as_of is None else RUNNING
    about = About(month, state, inputs.as_of, inputs.pace, rules)
    scores = read.scores(month)
    return Evaluated(about, inputs, scores, signs_of(connection, desk, about, scores), past)


@dataclass(frozen=True)
class _Read:
    """Some months with everything they are scored from.

    Args:
        stamp: changes when locked months may have been taken away. locked: totals of those that are.
    """

    desk: Desk
    stamp: int
    locks: Locks
    live: Mapping[Month, MonthInputs]
    lines: Mapping[str, list[Adjustment]]
    locked: Totals

    def totals(self, months: Iterable[Month]) -> Totals:
        """The totals of these months; those without rules or not begun are absent."""
        found = {}
        for month in months:
            if month in self.live:
                found[month.period] = {row.station: row for row in self._rows(month)}
            elif month.period in self.locked:
                found[month.period] = self.locked[month.period]
        return found

    def _rows(self, month: Month) -> tuple[TotalRow, ...]:
        inputs, lines, rules = self.live[month], self.lines[month.period], self.desk.rules(month)
        return self._kept("totals", month, lambda: totals_of(inputs, rules, lines))

    def scores(self, month: Month) -> tuple[StationScore, ...]:
        """The scores of a month that is not locked."""
        inputs, lines, rules = self.live[month], self.lines[month.period], self.desk.rules(month)
        return self._kept("scores", month, lambda: score_month(inputs, rules, lines))

    def _kept(self, name: str, month: Month, make: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        """What follows from the inputs of a month that is over is kept as long as they are the same."""
        inputs = self.live[month]
        if inputs.as_of is not None:
            return make()
        found: tuple[T, ...] = self.desk.memory.answers.made(
            (name, month), (inputs, self.lines[month.period], self.desk.rules(month).version), make
        )
        return found


def _read(
    connection: Connection, desk: Desk, months: Sequence[Month], as_of: datetime, *, whole: Month | None = None
) -> _Read:
    """Read months for their totals, and one for its scores. The database is asked a few times only.

    Args:
        months: those without rules or not begun are left out. whole: also with the numbers that are only shown;
            without rules it is refused.
    """
    begun = [one for one in months if one.first <= as_of.date() and desk.book.on(one.last) is not None]
    every = [*begun, *([whole] if whole else [])]
    locks = heads_at(connection, as_of, [one.period for one in every])
    opened = [one for one in every if one.period not in locks]
    wanted = [whole] if whole else []
    live = inputs_of(connection, desk, opened, as_of, scope=command(), base=wanted) if opened else {}
    lines = lines_at(connection, opened, as_of) if opened else {}
    heads = [locks[one.period][-1] for one in begun if one.period in locks]
    stamp = month_stamps(connection).get(EVERY_MONTH, 0) if locks else 0
    return _Read(desk, stamp, locks, live, lines, _locked_totals(connection, desk, heads, stamp))


def _locked_totals(connection: Connection, desk: Desk, heads: Iterable[LockHead], stamp: int) -> Totals:
    """Totals of locked months. What was locked never changes, so each is read once."""
    answers = desk.memory.answers
    kept = {head: answers.find(("locked totals", head.period), (head, stamp)) for head in heads}
    found: Totals = {head.period: rows or {} for head, rows in kept.items()}
    missing = [head for head, rows in kept.items() if rows is None]
    for row in locked_totals(connection, {head.period: head.version for head in missing}, command()):
        found[row.period][row.station] = row
    for head in missing:
        answers.keep(("locked totals", head.period), (head, stamp), found[head.period])
    return found


@dataclass(frozen=True)
class _Frozen:
    """A locked version with the rules and the inputs that it carries with it."""

    kept: LockedMonth
    rules: AssessmentRules
    inputs: MonthInputs


def _frozen(connection: Connection, desk: Desk, head: LockHead, stamp: int) -> _Frozen:
    """A locked version. What was locked never changes, so it is read once."""

    def make() -> _Frozen:
        found = locked_month(connection, head, rules_of, command())
        return _Frozen(found, rules_of(found.rules), MonthInputs(read_month(head.period), frozen_inputs(found.scores)))

    found: _Frozen = desk.memory.locked.made((head.period, head.version), (head, stamp), make)
    return found


def heads_at(connection: Connection, as_of: datetime, periods: Sequence[str]) -> dict[str, tuple[LockHead, ...]]:
    """Month -> its versions that were locked by `as_of`, oldest first; months without are absent."""
    found: dict[str, tuple[LockHead, ...]] = {}
    for head in heads(connection, command(), periods):
        if head.locked_at <= as_of:
            found[head.period] = (*found.get(head.period, ()), head)
    return found


def lines_at(connection: Connection, months: Iterable[Month], as_of: datetime) -> dict[str, list[Adjustment]]:
    """Month -> the adjustments that count at `as_of`."""
    periods = [month.period for month in months]
    found: dict[str, list[Adjustment]] = {period: [] for period in periods}
    for record in adjustments(connection, periods, command()):
        if record.counts_at(as_of):
            found[record.period].append(record.line)
    return found


def _locked(found: _Frozen, month: Month, versions: tuple[LockHead, ...], past: Totals) -> Evaluated:
    about = About(month, LOCKED, None, 1.0, found.rules, found.kept.head, versions)
    return Evaluated(about, found.inputs, found.kept.scores, found.kept.guards, past)


def frozen_inputs(scores: Iterable[StationScore]) -> tuple[StationInputs, ...]:
    """The inputs that frozen scores carry with them."""
    return tuple(_inputs(score) for score in scores)


def _inputs(score: StationScore) -> StationInputs:
    lines = [line for one in score.indicators for line in one.sources]
    return StationInputs(
        code=score.code,
        mode=score.mode,
        district=score.district,
        residents_10k=score.residents_10k,
        now={line.code: line.now for line in lines if line.now is not None},
        base={line.code: line.base for line in lines if line.base is not None},
        missing={line.code: line.missing for line in lines if line.now is None},
    )


def months_of(connection: Connection, desk: Desk, months: Sequence[Month], as_of: datetime) -> Totals:
    """Month -> station -> total, locked or scored from the rows; months without rules or not begun are absent.

    However many months there are, the database is asked a few times only.
    """
    return _read(connection, desk, months, as_of).totals(months)


def months_back(month: Month, count: int = HISTORY) -> tuple[Month, ...]:
    """So many months, the oldest first, `month` the last."""
    return tuple(month.back(k) for k in range(count - 1, -1, -1))


def row_of(score: StationScore, month: Month, version: int) -> TotalRow:
    """A score as an entry of a history."""
    outcome, process = (block.points for block in score.blocks)
    return TotalRow(
        period=month.period,
        station=score.code,
        total=score.total,
        outcome=outcome,
        process=process,
        colour=score.colour.value,
        rank=score.rank,
        of=score.of,
        district=score.district,
        residents_10k=score.residents_10k,
        version=version,
    )
