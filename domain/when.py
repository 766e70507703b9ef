"""When incidents happen: hour x weekday, calendar, the day's curve, workday against weekend. Pure sums of a `Tally`."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta

import numpy as np

from domain.heat import DayKindLine, HourCurve, Tally, When
from domain.incident_filter import DAY_KINDS, Filter
from domain.span import Span

HOURS, WEEKDAYS = 24, 7
CURVE_WEEKS = 8
_HOUR = timedelta(hours=1)


def when(tally: Tally, span: Span, kinds: Mapping[date, str], curve: HourCurve, *, calendar_known: bool) -> When:
    """The span's times.

    Args:
        tally: sums of the span. kinds: day -> workday, weekend or holiday, for every day of the span.
    """
    table = tally.by_day_hour
    days = [tally.first_day + timedelta(days=number) for number in range(len(table))]
    weekdays = np.array([day.weekday() for day in days], dtype=np.int64)
    matrix = np.zeros((WEEKDAYS, HOURS), dtype=np.int64)
    np.add.at(matrix, weekdays, table)
    counted = [(day, int(row.sum()), kinds[day]) for day, row in zip(days, table, strict=True)]
    return When(
        matrix=tuple(tuple(map(int, row)) for row in matrix),
        weekday_days=tuple(int((weekdays == number).sum()) for number in range(WEEKDAYS)),
        days=tuple(counted),
        kinds=tuple(_kind_line(kind, days, table, kinds) for kind in DAY_KINDS),
        curve=curve,
        calendar_known=calendar_known,
    )


def _kind_line(kind: str, days: list[date], table: np.ndarray, kinds: Mapping[date, str]) -> DayKindLine:
    mine = np.array([kinds[day] == kind for day in days], dtype=bool)
    count = int(mine.sum())
    hours = table[mine].sum(axis=0) / count if count else np.zeros(HOURS)
    return DayKindLine(kind, count, int(table[mine].sum()), tuple(float(one) for one in hours))


def hour_curve(tally: Tally, end: datetime, counted: Set[date]) -> HourCurve:
    """The last day's hours against the same weekday of the weeks before.

    Args:
        tally: sums of some weeks and the last day, so that its first row is the same weekday.
        end: where the last day ends, not included; hours that have not begun are left open.
        counted: days that can be compared with (`counted_days`).
    """
    table = tally.by_day_hour
    last = (end - timedelta(seconds=1)).date()
    rows = range((len(table) - 1) % WEEKDAYS, len(table) - 1, WEEKDAYS)
    before = table[[row for row in rows if tally.first_day + timedelta(days=row) in counted]]
    open_from = HOURS if end.time() == time.min else end.hour + (1 if end.time() > time(end.hour) else 0)
    today = tuple(int(n) if hour < open_from else None for hour, n in enumerate(table[-1]))
    if not len(before):
        nothing = (0.0,) * HOURS
        return HourCurve(last, today, nothing, nothing, nothing, 0)
    low, high = np.percentile(before, (10, 90), axis=0)
    return HourCurve(last, today, _floats(before.mean(axis=0)), _floats(low), _floats(high), len(before))


def last_counted(span: Span, wanted: Filter, kinds: Mapping[date, str]) -> datetime:
    """The end of the last day of the span that the filter leaves; the span's own end when it leaves none."""
    days = (span.last_day - timedelta(days=back) for back in range((span.last_day - span.first_day).days + 1))
    last = next((day for day in days if _left(day, wanted, kinds)), span.last_day)
    return min(span.end, _at(last) + timedelta(days=1))


def counted_days(span: Span, wanted: Filter, kinds: Mapping[date, str], begins: date | None) -> frozenset[date]:
    """Days of the span that the filter leaves and of which there are data.

    Args:
        begins: the first day with data; None: no data at all.
    """
    if begins is None:
        return frozenset()
    days = (span.first_day + timedelta(days=number) for number in range((span.last_day - span.first_day).days + 1))
    return frozenset(day for day in days if day >= begins and _left(day, wanted, kinds))


def _left(day: date, wanted: Filter, kinds: Mapping[date, str]) -> bool:
    """The filter leaves the day, as far as weekdays and kinds of day go."""
    if wanted.weekdays and day.weekday() not in wanted.weekdays:
        return False
    return not wanted.day_kinds or kinds[day] in wanted.day_kinds


def curve_span(end: datetime, weeks: int = CURVE_WEEKS) -> Span:
    """The stretch that `hour_curve` needs: the day that ends at `end` and `weeks` weeks before it."""
    last = (end - timedelta(seconds=1)).date()
    return Span(datetime.combine(last - timedelta(days=WEEKDAYS * weeks), time.min), end)


def exposure(span: Span, wanted: Filter, kinds: Mapping[date, str]) -> float:
    """How many days' worth of hours the filter leaves of a span: what its counts must be compared by.

    Args:
        kinds: day -> kind, for every day of the span.
    """
    hours = set(wanted.hours or range(HOURS))
    total = 0.0
    for number in range((span.last_day - span.first_day).days + 1):
        day = span.first_day + timedelta(days=number)
        if not _left(day, wanted, kinds):
            continue
        whole = span.start <= _at(day) and _at(day) + timedelta(days=1) <= span.end
        total += len(hours) if whole else sum(_share(span, day, hour) for hour in hours)
    return total / HOURS


def _share(span: Span, day: date, hour: int) -> float:
    begin = _at(day) + hour * _HOUR
    inside = min(span.end, begin + _HOUR) - max(span.start, begin)
    return max(0.0, inside / _HOUR)


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _floats(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
