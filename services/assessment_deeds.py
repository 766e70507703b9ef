"""Deeds of the assessment: locking a month, points outside the hundred, appeals. What is written is checked first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from data_access import assessments as write
from data_access.engine import reading
from data_access.readers.guards import guard_counts
from data_access.refresh import is_settled
from domain.access import Role, Scope, command
from domain.assessment import score_month
from domain.assessment_guards import Guard, GuardCounts, guards
from domain.assessment_inputs import digest
from domain.assessment_lists import Difference, differences
from domain.assessment_records import (
    CORRECTED,
    LOCKED,
    LockHead,
    NewAdjustment,
    NewAppeal,
    adjustment_reason,
    appeal_reason,
)
from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore
from domain.errors import Refused
from domain.month import Month, read_month, start_of
from domain.span import Span
from services.assessment_inputs import inputs_of
from services.assessment_month import evaluate, heads_at, lines_at
from services.desk import Desk


@dataclass(frozen=True)
class Preview:
    """What locking a month would do.

    Args:
        seen: the newest version now, 0 for none. same: the inputs are those of that version, so there is nothing
            to correct. differences: what would change against it; empty for a first lock.
    """

    month: Month
    rules: AssessmentRules
    seen: int
    input_digest: str
    same: bool
    scores: tuple[StationScore, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class LockResult:
    """What was locked: the version, and what it changed against the one before."""

    head: LockHead
    stations: int
    differences: tuple[Difference, ...]


def preview(desk: Desk, month: Month, at: datetime) -> Preview:
    """What locking the month at `at` would do; writes nothing.

    Raises:
        Refused: the month is not over, its rollups have not caught up, there is nobody to score, no rules.
    """
    with reading(desk.engine) as connection:
        return _preview(connection, desk, month, at)


def _preview(connection: Connection, desk: Desk, month: Month, at: datetime) -> Preview:
    if not month.over(at):
        raise Refused("assessment.refused.not_over", period=month.period)
    if not is_settled(connection, month.last):
        raise Refused("assessment.refused.rollups", period=month.period)
    rules = desk.rules(month)
    inputs = inputs_of(connection, desk, [month], at, scope=command())[month]
    if not inputs.stations:
        raise Refused("assessment.refused.nobody")
    lines = lines_at(connection, [month], at)[month.period]
    scores = score_month(inputs, rules, lines)
    known = heads_at(connection, at, [month.period]).get(month.period, ())
    fingerprint = digest(inputs, lines, rules.text)
    before = evaluate(connection, desk, month, at).scores if known else ()
    return Preview(
        month=month,
        rules=rules,
        seen=write.newest_version(connection, month.period),
        input_digest=fingerprint,
        same=bool(known) and known[-1].input_digest == fingerprint,
        scores=scores,
        differences=differences(before, scores) if known else (),
    )


def lock_month(desk: Desk, writer: Engine, month: Month, by: str, *, at: datetime, note: str = "") -> LockResult:
    """Freeze a month's scores, inputs' digest, rules and adjustments. Again: a correction (更正) beside the first.

    Args:
        writer: the engine to write with. by: who locks it. note: a remark; of a correction its reason.

    Raises:
        Refused: nobody is named; a correction without a reason or without a changed input; see also `preview`.
    """
    if not by.strip():
        raise Refused("assessment.refused.author")
    with reading(desk.engine) as connection:
        found = _preview(connection, desk, month, at)
        signs = _signs(connection, found)
    if found.seen and found.same:
        raise Refused("assessment.refused.same", period=month.period)
    if found.seen and not note.strip():
        raise Refused("assessment.refused.reason")
    lock = write.Lock(
        period=month.period,
        rule_version=found.rules.version,
        rules=found.rules.text,
        input_digest=found.input_digest,
        by=by.strip(),
        at=at,
        note=note.strip()[:1000],
        scores=found.scores,
        guards=signs,
        changes=len(found.differences),
    )
    version = write.write_lock(writer, lock, found.seen)
    status = LOCKED if version == 1 else CORRECTED
    head = LockHead(month.period, version, status, lock.rule_version, lock.input_digest, lock.by, at, lock.note)
    return LockResult(head, len(found.scores), found.differences)


def _signs(connection: Connection, found: Preview) -> dict[str, tuple[Guard, ...]]:
    month = found.month
    span = Span(start_of(month.first), start_of(month.back(-1).first))
    counts = guard_counts(connection, span, found.rules.guards, command())
    return {
        score.code: guards(counts.get(score.code, GuardCounts()), score, found.rules, month.days)
        for score in found.scores
    }


def adjust(
    desk: Desk, writer: Engine, new: NewAdjustment, at: datetime, *, scope: Scope, correcting: bool = False
) -> str:
    """Add or take points outside the hundred; returns the line's identifier.

    Args:
        correcting: the month is locked and a correction is being made; the line counts from the next lock on.

    Raises:
        BadRequest: no such month. NotFound: the station is not in the scope.
        Refused: nobody, no matter or no document is named; too many points; the month is locked or to come.
    """
    rules = _ruled(desk, new.period, at)
    reason = adjustment_reason(new, rules)
    if reason:
        raise Refused(f"assessment.refused.{reason}", bonus=rules.bonus_cap, deduction=rules.deduction_cap)
    return write.add_adjustment(writer, new, at, scope, correcting=correcting)


def appeal(desk: Desk, writer: Engine, new: NewAppeal, at: datetime, scope: Scope) -> str:
    """File what a station says to its score; returns the appeal's identifier.

    Raises:
        BadRequest: no such month. NotFound: the station is not in the scope.
        Refused: nobody or nothing is said, there is no such indicator, the month is to come.
    """
    rules = _ruled(desk, new.period, at)
    reason = appeal_reason(new, rules)
    if reason:
        raise Refused(f"assessment.refused.{reason}")
    with reading(desk.engine) as connection:
        versions = heads_at(connection, at, [new.period]).get(new.period, ())
    version = new.version or (versions[-1].version if versions else 0)
    return write.file_appeal(writer, replace(new, version=version), at, scope)


def reply(writer: Engine, appeal_id: str, text: str, by: str, *, at: datetime, scope: Scope) -> None:
    """Answer an appeal, once. Stations do not answer their own.

    Raises:
        NotFound: no such appeal in the scope. Refused: a station asks, nothing is said, or it was answered before.
    """
    if scope.role in (Role.STATION, Role.DISPLAY, Role.AUDITOR):
        raise Refused("assessment.refused.role")
    write.reply_appeal(writer, appeal_id, text, by, at=at, scope=scope)


def _ruled(desk: Desk, period: str, at: datetime) -> AssessmentRules:
    month = read_month(period)
    if month.first > at.date():
        raise Refused("assessment.refused.to_come", period=month.period)
    return desk.rules(month)
