"""One month, whatever its state: scored from the rows, or as it was locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from catalogue.assessment_loader import rules_of
from data_access.readers.assessment_locked import adjustments, heads, locked_month, locked_totals
from domain.access import command
from domain.assessment import score_month
from domain.assessment_guards import Guard
from domain.assessment_inputs import Adjustment, MonthInputs, StationInputs
from domain.assessment_records import LockedMonth, LockHead, TotalRow
from domain.assessment_score import StationScore
from domain.assessment_totals import totals_of
from domain.assessment_views import LOCKED, OPEN, RUNNING, About
from domain.errors import NotFound
from domain.month import Month
from services.assessment_inputs import inputs_of
from services.desk import Desk

Locks = Mapping[str, tuple[LockHead, ...]]


@dataclass(frozen=True)
class Evaluated:
    """A month of all stations, whoever asks; what a viewer may see of it is cut out afterwards.

    Args:
        inputs: of a locked month as they were frozen. guards: only of a locked month.
        before: ranks of the month before, by station.
    """

    about: About
    inputs: MonthInputs
    scores: tuple[StationScore, ...]
    guards: Mapping[str, tuple[Guard, ...]]
    before: Mapping[str, TotalRow]

    def score(self, code: str) -> StationScore:
        """One station's score.

        Raises:
            NotFound: the month has no such station.
        """
        found = next((one for one in self.scores if one.code == code), None)
        if found is None:
            raise NotFound("error.station_unknown", code=code[:20])
        return found


def evaluate(connection: Connection, desk: Desk, month: Month, as_of: datetime, *, version: int = 0) -> Evaluated:
    """The month as it stands at `as_of`: the newest lock of that time, else scored from the rows.

    Args:
        version: another version of the lock; 0 for the newest.

    Raises:
        NotFound: no such version, or the month has not begun.
        Refused: no rules are in force in it.
    """
    if month.first > as_of.date():
        raise NotFound("assessment.unknown.month", code=month.period)
    locks = heads_at(connection, as_of, [month.period, month.back(1).period])
    mine = locks.get(month.period, ())
    if version and version not in {head.version for head in mine}:
        raise NotFound("assessment.unknown.version", code=str(version))
    ruled = [one for one in (month, month.back(1)) if one == month or desk.book.on(one.last)]
    wanted = [one for one in ruled if one.period not in locks]
    live = inputs_of(connection, desk, wanted, as_of, scope=command()) if wanted else {}
    before = _before(connection, desk, month.back(1), live, (locks, as_of))
    if mine:
        head = next(head for head in reversed(mine) if not version or head.version == version)
        return _locked(locked_month(connection, head, rules_of, command()), month, mine, before)
    rules, inputs = desk.rules(month), live[month]
    lines = lines_at(connection, [month], as_of)[month.period]
    state = OPEN if inputs.as_of is None else RUNNING
    about = About(month, state, inputs.as_of, inputs.pace, rules)
    return Evaluated(about, inputs, score_month(inputs, rules, lines), {}, before)


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


def _locked(
    found: LockedMonth, month: Month, versions: tuple[LockHead, ...], before: Mapping[str, TotalRow]
) -> Evaluated:
    rules = rules_of(found.rules)
    about = About(month, LOCKED, None, 1.0, rules, found.head, versions)
    return Evaluated(about, MonthInputs(month, frozen_inputs(found.scores)), found.scores, found.guards, before)


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


def _before(
    connection: Connection, desk: Desk, month: Month, live: Mapping[Month, MonthInputs], known: tuple[Locks, datetime]
) -> dict[str, TotalRow]:
    """The month's totals by station, out of its inputs where it is not locked."""
    locks, as_of = known
    rows: Iterable[TotalRow] = ()
    if month in live:
        lines = lines_at(connection, [month], as_of)[month.period]
        rows = totals_of(live[month], desk.rules(month), lines)
    elif month.period in locks:
        rows = locked_totals(connection, {month.period: locks[month.period][-1].version}, command())
    return {row.station: row for row in rows}


def months_of(
    connection: Connection, desk: Desk, months: Sequence[Month], as_of: datetime
) -> dict[str, dict[str, TotalRow]]:
    """Month -> station -> total, locked or scored from the rows; months without rules or not begun are absent.

    However many months there are, the database is asked a few times only.
    """
    begun = [one for one in months if one.first <= as_of.date() and desk.book.on(one.last) is not None]
    locks = heads_at(connection, as_of, [one.period for one in begun])
    found: dict[str, dict[str, TotalRow]] = {one.period: {} for one in begun}
    for row in locked_totals(
        connection, {period: versions[-1].version for period, versions in locks.items()}, command()
    ):
        found[row.period][row.station] = row
    open_months = [one for one in begun if one.period not in locks]
    if open_months:
        live = inputs_of(connection, desk, open_months, as_of, scope=command(), base=False)
        lines = lines_at(connection, open_months, as_of)
        for month, inputs in live.items():
            rows = totals_of(inputs, desk.rules(month), lines[month.period])
            found[month.period] = {row.station: row for row in rows}
    return found


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
