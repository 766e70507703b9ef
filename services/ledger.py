"""The counts of several periods, each to the minute, from one read of days and of the days that periods break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlalchemy import Connection

from data_access.readers.figures import figure_days, figure_part
from domain.access import Scope
from domain.compare_rules import CompareRules
from domain.figure_days import Counts, FigureDays, aligned
from domain.span import Span

_DAY = timedelta(days=1)
WEEK = 7


@dataclass(frozen=True, eq=False)
class Ledger:
    """Whole days, and the begun days at which periods end.

    Args:
        parts: where a period ends within a day -> that day's counts up to then, shape (stations, columns) of `days`.
    """

    days: FigureDays
    parts: Mapping[datetime, np.ndarray]

    def sums(self, span: Span | None) -> Counts:
        """Sums of a period that begins at midnight; shape (stations, columns). Zeros for None."""
        if span is None:
            return np.zeros(self.days.values.shape[1:], dtype=np.int64)
        whole = span.end.date() - _DAY
        found = self.days.sums(span.first_day, whole)
        part = self.parts.get(span.end)
        return found if part is None else found + part

    def weeks(self, end: date, count: int) -> np.ndarray:
        """`count` stretches of seven days up to the day before `end`, oldest first; shape (weeks, stations, columns).

        Fewer when the days begin later.
        """
        whole = min(count, max(0, (end - self.days.first).days) // WEEK)
        first = end - timedelta(days=WEEK * whole)
        part = self.days.between(first, end - _DAY) if whole else self.days.values[:0]
        found: np.ndarray = part.reshape(whole, WEEK, *part.shape[1:]).sum(axis=1, dtype=np.int64)
        return found


def ledger(
    connection: Connection, rules: CompareRules, scope: Scope, first: date, spans: Sequence[Span | None]
) -> Ledger:
    """The counts of every day from `first` to the last day of the spans, and of the days they end within."""
    wanted = [span for span in spans if span]
    ends = {span.end for span in wanted if span.end.time() != time.min}
    parts = {end: figure_part(connection, rules, end, scope) for end in ends}
    last = max(span.end for span in wanted).date() - _DAY
    first = min(first, *(span.first_day for span in wanted))
    days = figure_days(connection, rules, first, max(first, last), scope).wider(parts.values())
    return Ledger(days, {end: aligned(part, days)[0] for end, part in parts.items()})
