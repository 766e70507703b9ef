"""Incidents on a wall: headline figures with their changes, and today by hours against the usual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlalchemy import Connection

from catalogue.days import day_kinds, spring_festival
from data_access.engine import reading
from data_access.readers.incidents import first_day
from data_access.readers.wall import hour_counts
from data_access.state import FeedRow, feeds
from domain.access import Scope
from domain.compare_asked import compare_asked
from domain.compare_views import FigureLine, ShareLine
from domain.wall import HOURS, CountersView, CurveView, Usual
from domain.wall_rules import CURVE, PanelRules
from services.compare import figure_lines, share_lines
from services.compare_desk import CompareGround, complete_until, desk

_HOUR = timedelta(hours=1)
_WEEK = 7


def counters(ground: CompareGround, rules: PanelRules, scope: Scope, now: datetime) -> CountersView:
    """The headline figures of the running period, against the same period and the one before.

    At midnight sharp the new day has begun: its figures are those of its first second.
    """
    at = now + timedelta(seconds=1) if now.time() == time.min else now
    args = {"preset": rules.preset, "base": rules.base}
    asked = compare_asked(args, at, ground.rules, spring_festival, complete_until(ground, at))
    with reading(ground.engine) as connection:
        here = desk(connection, ground, scope, asked)
    known: dict[str, FigureLine | ShareLine] = {line.code: line for line in figure_lines(here)}
    known |= {line.code: line for line in share_lines(here)}
    return CountersView(asked.periods, tuple(known[code] for code in rules.figures if code in known))


@dataclass(frozen=True, slots=True)
class Days:
    """Which days a usual day is learnt from. `calendar`: whose public holidays (`catalogue.days`)."""

    rules: PanelRules
    calendar: str


def curve(connection: Connection, rules: PanelRules, scope: Scope, now: datetime, usual: Usual) -> CurveView:
    """Today by hours; an hour counts when the sources vouch for all of it."""
    today = now.date()
    counts = hour_counts(connection, today, today, scope).get(today, (0,) * HOURS)
    until = vouched(feeds(connection), rules.feeds.get(CURVE, ()), now)
    whole = _whole_hours(today, until)
    share = max(0.0, (until - _at(today, whole)) / _HOUR) if until and whole < HOURS else 0.0
    hours = tuple(n if hour < whole else None for hour, n in enumerate(counts))
    return CurveView(today, hours, counts[whole] if share else None, usual, share)


def _whole_hours(today: date, until: datetime | None) -> int:
    if until is None:
        return 0
    return max(0, min(HOURS, int((until - _at(today, 0)) // _HOUR)))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time.min) + hour * _HOUR


def vouched(rows: Iterable[FeedRow], codes: Iterable[str], now: datetime) -> datetime | None:
    """Up to when nothing is missing; None when none of the sources ever gave anything.

    A source that never says how far it is complete is so up to the newest row of all such sources.
    """
    wanted = set(codes)
    known = [row for row in rows if row.code in wanted]
    told = [row.complete_to for row in known if row.complete_to is not None]
    silent = [row.last_row_at for row in known if row.complete_to is None and row.last_row_at is not None]
    ends = [*told, *([max(silent)] if silent else [])]
    return min(now, *ends) if ends else None


def usual(connection: Connection, days: Days, scope: Scope, today: date) -> Usual:
    """What the hours of a day like today usually are: of days of the same kind in the weeks before.

    Where those are too few (a run of holidays, a year without calendar), all days of these weeks.
    """
    first = today - timedelta(days=_WEEK * days.rules.curve_weeks)
    begins = first_day(connection, scope)
    if begins is None or begins >= today:
        return Usual("", 0)
    kinds, _ = day_kinds(first, today, days.calendar)
    there = [day for day in kinds if begins <= day < today]
    same = [day for day in there if kinds[day] == kinds[today]]
    enough = len(same) >= days.rules.curve_least
    return _usual(connection, days.rules, scope, kinds[today] if enough else "", same if enough else there)


def _usual(connection: Connection, rules: PanelRules, scope: Scope, kind: str, days: list[date]) -> Usual:
    known = hour_counts(connection, days[0], days[-1], scope)
    table = np.array([known.get(day, (0,) * HOURS) for day in days], dtype=np.float64)
    tail = (1 - rules.curve_share) / 2
    low, middle, high = np.quantile(table, [tail, 0.5, 1 - tail], axis=0)
    return Usual(kind, len(days), tuple(middle.tolist()), tuple(low.tolist()), tuple(high.tolist()))
