"""What happened at the place of a hot-spot record: per week, before and after, against other places."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from domain.hotspot_closing import ClosingCheck, days_treated, midnight, stretches
from domain.hotspot_record import CLOSED, TREATED, Record
from domain.hotspot_views import Week
from domain.incident_filter import Circle, Filter
from domain.incidents import minute_number
from domain.map_rules import ClosingRule
from domain.span import Span
from domain.tally import chosen
from services.ground import Looker

Minutes = npt.NDArray[np.int64]
WEEKS_BEFORE, WEEKS_AFTER = 13, 26
_WEEK = timedelta(days=7)


def wanted(record: Record) -> Filter | None:
    """The incidents that count for a record; None when it has no place. The page's links ask the same."""
    facts = record.facts
    if facts.lng is None or facts.lat is None:
        return None
    classes = (facts.class_code,) if facts.class_code else ()
    return Filter(classes=classes, near=Circle(facts.lng, facts.lat, facts.radius_m))


def turning(record: Record) -> datetime | None:
    """The first second of the day that parts before from after: treatment began, or else the record was opened."""
    began = record.treated_at or record.opened_at
    return midnight(began) if began else None


def until(record: Record, as_of: datetime) -> datetime:
    """The end of what is looked at: now, or when the record was closed."""
    ended = record.closed_at if record.status == CLOSED else None
    return min(ended or as_of, as_of)


def span_of(record: Record, as_of: datetime, rule: ClosingRule) -> Span | None:
    """The stretch whose incidents are needed; None when the record has no beginning or it lies ahead."""
    turn, end = turning(record), until(record, as_of)
    if turn is None or turn > as_of:
        return None
    back = max(WEEKS_BEFORE * _WEEK, timedelta(days=rule.days))
    return Span(max(datetime(2000, 1, 1), turn - back), end) if end > turn - back else None


def minutes_near(look: Looker, record: Record, as_of: datetime) -> Minutes | None:
    """Minute numbers of the record's incidents, rising; None when they cannot be counted."""
    asked, span = wanted(record), span_of(record, as_of, look.ground.rules.closing)
    if asked is None or span is None:
        return None
    return minutes(look, span, asked)


def minutes(look: Looker, span: Span, asked: Filter) -> Minutes:
    """Minute numbers of the incidents of a span."""
    found, kinds = look.frames(span, places=asked.needs_places), look.kind_numbers(span)
    parts = [part.minute[chosen(part, found.codes, asked, look.districts, kinds)] for part in found.parts]
    whole = np.sort(np.concatenate(parts).astype(np.int64)) if parts else np.zeros(0, dtype=np.int64)
    return whole[(whole >= minute_number(span.start)) & (whole < minute_number(span.end))]


def between(found: Minutes, start: datetime, end: datetime) -> int:
    """How many lie in [start, end), to the minute."""
    first, last = np.searchsorted(found, [minute_number(start), minute_number(end)])
    return int(last - first)


def check_of(record: Record, near: Minutes | None, as_of: datetime, rule: ClosingRule) -> ClosingCheck | None:
    """Days, counts and fall of a record under treatment or closed; None for others."""
    if near is None or record.treated_at is None or record.status not in (TREATED, CLOSED):
        return None
    end = until(record, as_of)
    spans = stretches(record.treated_at, end, rule)
    before, after = (between(near, span.start, span.end) for span in spans)
    return ClosingCheck(rule, days_treated(record.treated_at, end), spans, before, after)


def course(record: Record, near: Minutes | None, as_of: datetime) -> tuple[tuple[Week, ...], float | None]:
    """Weeks before and after the turn, oldest first, and the mean of a week before; () and None without counts."""
    turn = turning(record)
    if near is None or turn is None:
        return (), None
    weeks = [Week(turn - n * _WEEK, between(near, turn - n * _WEEK, turn - (n - 1) * _WEEK), after=False)
             for n in range(WEEKS_BEFORE, 0, -1)]  # fmt: skip
    expected = sum(week.count for week in weeks) / WEEKS_BEFORE
    end, start = until(record, as_of), turn
    while start < end and len(weeks) < WEEKS_BEFORE + WEEKS_AFTER:
        stop = min(start + _WEEK, end)
        days = (stop - start) / timedelta(days=1)
        weeks.append(Week(start, between(near, start, stop), record.treated_at is not None, round(days, 2)))
        start = stop
    return tuple(weeks), expected
