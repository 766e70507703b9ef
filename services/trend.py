"""One figure by month and week: this year against earlier ones, a control chart, streaks -> `TrendView`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from data_access.engine import reading
from data_access.readers.incidents import first_day
from data_access.readers.organisation import units
from domain.access import Scope
from domain.board import Unit
from domain.compare_rules import TrendRule
from domain.compare_views import CompareAsked
from domain.span import Span
from domain.trend import Chart, against_mean, declines, xmr, year_range
from domain.trend_views import Point, TrendView, YearLine, months_to_date, years_to_date
from services.board import standing
from services.compare_desk import CompareGround
from services.ledger import WEEK, Ledger, ledger

MONTHS = 12
CHART_MONTHS, CHART_WEEKS = 36, 78
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class _Course:
    """One figure's daily counts of the chosen stations.

    Args:
        daily: shape (days,), the first one `first`. begins: where the data begin. end: what the page is about.
    """

    first: date
    daily: np.ndarray
    ledger: Ledger
    places: np.ndarray | None
    column: int
    begins: date | None
    end: datetime

    def whole(self, first: date, last: date) -> int | None:
        """The count of whole days, both included; None where the data do not hold all of them."""
        if self.begins is None or first < self.begins or last >= self.end.date():
            return None
        return int(self.daily[(first - self.first).days : (last - self.first).days + 1].sum())

    def to_date(self, span: Span) -> int | None:
        """The count of a period that ends within a day."""
        if self.begins is None or span.first_day < self.begins:
            return None
        found = self.ledger.sums(span)[:, self.column]
        return int((found if self.places is None else found[self.places]).sum())


def trend_view(ground: CompareGround, scope: Scope, asked: CompareAsked, as_of: datetime) -> TrendView:
    """The course of the figure in focus up to the end of the period that was asked for.

    Args:
        as_of: the instant the page is about.
    """
    end = asked.periods.span.end
    years = years_to_date(end, ground.rules.trend.years)
    with reading(ground.engine) as connection:
        known = units(connection, scope)
        chosen = [unit for unit in known if asked.holds(unit)]
        spans = [*years, *months_to_date(end)]
        start = min(date(years[-1].first_day.year, 1, 1), end.date() - WEEK * _DAY * (CHART_WEEKS + 2))
        counts = ledger(connection, ground.rules, scope, start, spans)
        course = _course(counts, ground, asked, chosen, (first_day(connection, scope), end))
        board = standing(connection, ground.catalogue, as_of)
    by_year = {span.first_day.year: _year_months(course, span.first_day.year) for span in years}
    points = _weeks(course, ground.rules.trend) if asked.step == "week" else _months(course)
    lines = tuple(_year_line(course, span) for span in years)
    return TrendView(
        board=board,
        asked=asked,
        rules_version=ground.rules.version,
        units=known,
        chosen=len(chosen),
        months=year_range(by_year),
        running=(course.to_date(spans[-2]), course.to_date(spans[-1])),
        points=points,
        chart=_chart(points),
        years=lines,
        by_year=by_year,
        weeks_falling=declines([point.count for point in _weeks(course, ground.rules.trend)]),
        months_falling=_months_falling(by_year),
        years_falling=declines([line.to_date for line in reversed(lines)]),
        begins=course.begins,
    )


def _course(
    counts: Ledger, ground: CompareGround, asked: CompareAsked, chosen: Sequence[Unit], at: tuple[date | None, datetime]
) -> _Course:
    places = counts.days.at(unit.code for unit in chosen) if asked.narrowed else None
    column = ground.rules.column[asked.figure]
    values = counts.days.values[:, :, column]
    daily = (values if places is None else values[:, places]).sum(axis=1, dtype=np.int64)
    return _Course(counts.days.first, daily, counts, places, column, *at)


def _year_line(course: _Course, span: Span) -> YearLine:
    year = span.first_day.year
    return YearLine(year, course.to_date(span), course.whole(date(year, 1, 1), date(year, 12, 31)))


def _year_months(course: _Course, year: int) -> tuple[int | None, ...]:
    return tuple(course.whole(*_month(year, number)) for number in range(1, MONTHS + 1))


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _months(course: _Course) -> tuple[Point, ...]:
    """The months before the running one, as far back as the data and the chart go."""
    last = course.end.date().replace(day=1) - _DAY
    numbers = range(last.year * MONTHS + last.month - CHART_MONTHS, last.year * MONTHS + last.month)
    spans = [_month(number // MONTHS, number % MONTHS + 1) for number in numbers]
    found = [
        Point(first, (end - first).days + 1, course.whole(first, end)) for first, end in spans if first >= course.first
    ]
    return _trimmed(found)


def _weeks(course: _Course, rule: TrendRule) -> tuple[Point, ...]:
    """Whole weeks from Monday to Sunday, with Shanghai's colouring."""
    monday = course.end.date() - timedelta(days=course.end.date().weekday())
    starts = [monday - WEEK * _DAY * back for back in range(CHART_WEEKS, 0, -1)]
    counts = [course.whole(first, first + (WEEK - 1) * _DAY) if first >= course.first else None for first in starts]
    words = against_mean(counts, rule.window, rule.far)
    return _trimmed([Point(*row) for row in zip(starts, [WEEK] * len(starts), counts, words, strict=True)])


def _trimmed(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without what lies before the data begin."""
    at = next((n for n, point in enumerate(points) if point.count is not None), len(points))
    return tuple(points[at:])


def _chart(points: Sequence[Point]) -> Chart | None:
    return xmr([point.daily for point in points]) if points else None


def _months_falling(by_year: dict[int, tuple[int | None, ...]]) -> int:
    """How many whole months up to the last one lie below the same month of the year before."""
    line = [(year, number) for year in sorted(by_year) for number in range(MONTHS)]
    known = [at for at in line if by_year[at[0]][at[1]] is not None]
    found = 0
    for year, number in reversed(known):
        now, before = by_year[year][number], by_year.get(year - 1, (None,) * MONTHS)[number]
        if now is None or before is None or now >= before:
            break
        found += 1
    return found
