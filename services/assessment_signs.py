"""Signs of gaming of a month that is not locked: counted for all stations, closed days once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from data_access.readers.guards import guard_counts
from data_access.state import EVERY_MONTH, month_stamps
from domain.access import command
from domain.assessment_guards import Guard, GuardCounts, guards
from domain.assessment_rules import GuardRule
from domain.assessment_score import StationScore
from domain.assessment_views import About
from domain.month import Month, start_of
from domain.span import Span
from services.desk import Desk

Counts = Mapping[str, GuardCounts]


def signs_of(
    connection: Connection, desk: Desk, about: About, scores: Sequence[StationScore]
) -> dict[str, tuple[Guard, ...]]:
    """Station -> its signs, of every station.

    The days that are closed are counted once after each time the rollups of the month were made anew: a row that
    changes afterwards counts from the next refresh on. What is of today is counted each time.
    """
    month, rule, nobody = about.month, about.rules.guards, GuardCounts()
    closed = start_of(month.back(-1).first if about.as_of is None else about.as_of.date())
    past = _past(connection, desk, month, closed, rule)
    today: Counts = {}
    if about.as_of is not None:
        today = guard_counts(connection, Span(closed, about.as_of), rule, command())
    return {
        one.code: guards(past.get(one.code, nobody).plus(today.get(one.code, nobody)), one, about.rules, month.days)
        for one in scores
    }


def _past(connection: Connection, desk: Desk, month: Month, end: datetime, rule: GuardRule) -> Counts:
    start = start_of(month.first)
    if end <= start:
        return {}
    stamps = month_stamps(connection)
    found: Counts = desk.memory.days.made(
        ("signs", start, end),
        (stamps.get(EVERY_MONTH, 0), stamps.get(month.period, 0), rule),
        lambda: guard_counts(connection, Span(start, end), rule, command()),
    )
    return found
