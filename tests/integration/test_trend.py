"""The course of a figure: months, weeks, years, chart and streaks are what counting the rows one by one gives."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import fmean, stdev

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.access import district, nobody, station
from domain.trend_views import TrendView
from tests.support.compare_city import BEGINS, ENDS, FIGURES, NOW, RULES, STATIONS, City, city, counted, nothing

DAY = timedelta(days=1)
YEARS = RULES.trend.years
BY_WEEK = {"step": "week"}


@dataclass(frozen=True)
class Plain:
    """Counts of one figure of some stations ("" for all rows), added up row by row, as they stood at `end`."""

    days: Counter[date]
    part: int
    end: datetime

    def whole(self, first: date, last: date) -> int | None:
        """Of whole days, both included; None where some are missing or not over."""
        if first < BEGINS or last >= self.end.date():
            return None
        return sum(self.days[first + n * DAY] for n in range((last - first).days + 1))

    def month(self, year: int, month: int) -> int | None:
        return self.whole(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def plain(here: City, figure: str, stations: Sequence[str], end: datetime) -> Plain:
    adds, days, part = counted(figure, *stations), Counter[date](), 0
    for row in here.rows:
        if row["is_valid"]:
            days[row["occurred_at"].date()] += adds(row)
            part += adds(row) if datetime.combine(end, time.min) <= row["occurred_at"] < end else 0
    return Plain(days, part, end)


def to_date(here: City, figure: str, stations: Sequence[str], start: date, end: datetime) -> int | None:
    """From a day to an instant; None where the data begin later."""
    if start < BEGINS:
        return None
    return here.count(datetime.combine(start, time.min), end, counted(figure, *stations))


def a_year_back(moment: datetime) -> datetime:
    leap = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year - 1, day=28 if leap else moment.day)


def holds(view: TrendView, here: City, figure: str, stations: Sequence[str]) -> None:
    """Everything in the view is what plain counting says."""
    end = view.asked.periods.span.end
    sums, last = plain(here, figure, stations, end), (end - timedelta(seconds=1)).date()
    years = [last.year - back for back in range(YEARS + 1)]
    assert view.by_year == {year: tuple(sums.month(year, month) for month in range(1, 13)) for year in years}
    assert view.months.line == view.by_year[last.year]
    for number, band in enumerate(view.months.bands):
        known = [count for year in years[1:] if (count := view.by_year[year][number]) is not None]
        expected = (min(known), max(known), fmean(known), len(known)) if known else (None, None, None, 0)
        assert tuple(band) == pytest.approx(expected)
    _holds_years(view, here, figure, stations)
    assert [(one.first, one.days, one.count) for one in view.points] == list(periods(view, sums))
    _holds_chart(view)
    assert (view.weeks_falling, view.months_falling, view.years_falling) == streaks(view, sums)
    assert view.begins == BEGINS


def _holds_years(view: TrendView, here: City, figure: str, stations: Sequence[str]) -> None:
    end = view.asked.periods.span.end
    last = (end - timedelta(seconds=1)).date()
    ends = [end]
    for _ in range(YEARS):
        ends.append(a_year_back(ends[-1]))
    assert [one.year for one in view.years] == [last.year - back for back in range(YEARS + 1)]
    for line, until in zip(view.years, ends, strict=True):
        if view.asked.periods.span.whole_days:
            continue  # whole days around 29 February are those of `domain.span`
        assert line.to_date == to_date(here, figure, stations, date(line.year, 1, 1), until)
        months = view.by_year[line.year]
        assert line.whole == (sum(filter(None, months)) if None not in months else None)
    if not view.asked.periods.span.whole_days:
        month = date(last.year, last.month, 1)
        expected = [(month, end), (month.replace(year=month.year - 1), ends[1])]
        assert list(view.running) == [to_date(here, figure, stations, *one) for one in expected]


def periods(view: TrendView, sums: Plain) -> Iterator[tuple[date, int, int | None]]:
    """Whole months or weeks before the end, from the first that the data hold."""
    end = sums.end.date()
    if view.asked.step == "week":
        monday = end - end.weekday() * DAY
        spans = [(monday - 7 * back * DAY, 7) for back in range(78, 0, -1)]
    else:
        number = end.year * 12 + end.month - 1
        firsts = [date(n // 12, n % 12 + 1, 1) for n in range(number - 36, number)]
        spans = [(first, monthrange(first.year, first.month)[1]) for first in firsts]
    yield from ((first, days, sums.whole(first, first + (days - 1) * DAY)) for first, days in spans if first >= BEGINS)


def _holds_chart(view: TrendView) -> None:
    """Mean and limits of the daily means, by the textbook."""
    daily = [one.count / one.days for one in view.points if one.count is not None]
    if len(daily) < 2:
        assert view.chart is None
        return
    assert view.chart is not None
    moving = fmean(abs(b - a) for a, b in pairwise(daily))
    mean = fmean(daily)
    found = (view.chart.mean, view.chart.low, view.chart.high, view.chart.used)
    assert found == pytest.approx((mean, max(0.0, mean - 2.66 * moving), mean + 2.66 * moving, len(daily)))


def streaks(view: TrendView, sums: Plain) -> tuple[int, int, int]:
    end = sums.end.date()
    monday = end - end.weekday() * DAY
    weeks = [sums.whole(monday - 7 * n * DAY, monday - (7 * n - 6) * DAY) for n in range(1, 60)]
    month = date(end.year, end.month, 1)
    pairs = []
    for _ in range(60):
        month = (month - DAY).replace(day=1)
        pairs.append((sums.month(month.year, month.month), sums.month(month.year - 1, month.month)))
    return falling(list(pairwise(weeks))), falling(pairs), falling(list(pairwise(one.to_date for one in view.years)))


def falling(pairs: Sequence[tuple[int | None, int | None]]) -> int:
    """How many (now, before), newest first, fell before one that did not or is not known."""
    found = 0
    for now, before in pairs:
        if now is None or before is None or now >= before:
            break
        found += 1
    return found


# on both databases -------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_counted_by_month(small_city: City, figure: str) -> None:
    holds(small_city.trend(figure=figure), small_city, figure, ())


@pytest.mark.parametrize("figure", ["traffic", "injuries", "repeat"])
def test_every_figure_is_counted_by_week(small_city: City, figure: str) -> None:
    holds(small_city.trend(figure=figure, **BY_WEEK), small_city, figure, ())


NARROWED = {
    "station": ({"station": "S1"}, ["S1"]),
    "stations": ({"station": "S4,S6"}, ["S4", "S6"]),
    "district": ({"district": "D2"}, ["S4", "S5", "S6"]),
    "region": ({"region": "fringe"}, ["S3", "S6"]),
    "mode": ({"mode": "basic,full"}, ["S1", "S4", "S5"]),
    "both": ({"district": "D2", "region": "fringe"}, ["S6"]),
}


@pytest.mark.parametrize("name", NARROWED)
def test_it_is_about_the_chosen_stations_only(small_city: City, name: str) -> None:
    args, stations = NARROWED[name]
    view = small_city.trend(**args)
    assert view.chosen == len(stations)
    assert len(view.units) == len(STATIONS)
    holds(view, small_city, "traffic", stations)


def test_a_viewer_sees_the_course_of_their_own_stations(small_city: City) -> None:
    for scope, stations in ((station("S2"), ["S2"]), (district("D2"), ["S4", "S5", "S6"])):
        view = small_city.but(scope=scope).trend()
        assert [unit.code for unit in view.units] == stations
        holds(view, small_city, "traffic", stations)
    view = small_city.but(scope=nobody()).trend()
    assert (view.begins, view.units, view.chart) == (None, (), None)
    assert {count for months in view.by_year.values() for count in months} == {None}


# as of when ---------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.datetimes(datetime(2021, 6, 11), datetime.combine(ENDS, time.min) - timedelta(minutes=1)),
    st.sampled_from(["traffic", "accident", "deaths", "petition"]),
    st.sampled_from(list(NARROWED.values())),
    st.sampled_from(["month", "week"]),
)
def test_at_every_instant_of_the_past_it_is_as_it_stood_then(now, figure, narrowed, step) -> None:
    args, stations = narrowed
    here = city().but(now=now.replace(microsecond=0))
    view = untold(here).trend(figure=figure, step=step, preset="today", **args)
    assert view.asked.periods.span.end == here.now
    holds(view, here, figure, stations)


def untold(here: City) -> City:
    """Sources vouch up to `NOW`; earlier instants are asked as they are, later ones end there."""
    return here.but(now=min(here.now, NOW))


@pytest.mark.parametrize(
    ("now", "months", "weeks"),
    [
        (datetime(2024, 5, 1), 34, 78),  # midnight: April is over
        (datetime(2024, 4, 30, 23, 59, 59), 33, 78),
        (datetime(2024, 5, 6), 34, 78),  # a Monday: the week before is over
        (datetime(2021, 8, 1), 1, 6),
        (datetime(2021, 7, 31, 23), 0, 6),
        (datetime(2021, 6, 21), 0, 1),
        (datetime(2021, 6, 20, 23), 0, 0),
    ],
)
def test_only_what_is_over_and_held_as_a_whole_is_a_period(now: datetime, months: int, weeks: int) -> None:
    here = city().but(now=now)
    by_month, by_week = here.trend(), here.trend(**BY_WEEK)
    assert (len(by_month.points), len(by_week.points)) == (months, weeks)
    assert all(one.count is not None for one in (*by_month.points, *by_week.points))
    holds(by_month, here, "traffic", ())
    holds(by_week, here, "traffic", ())
    assert [(view.chart is None) for view in (by_month, by_week)] == [months < 2, weeks < 2]


def test_the_month_in_which_the_data_begin_is_missing_and_the_next_is_there() -> None:
    view = city().trend()
    assert view.by_year[2021][5:7] == (None, city().count(datetime(2021, 7, 1), datetime(2021, 8, 1)))
    assert view.by_year[2020] == (None,) * 12
    assert view.months.bands[5].years == 2
    assert view.months.bands[6].years == 3
    assert view.years[-1].to_date is None


def test_a_past_month_is_told_up_to_its_end() -> None:
    here = city()
    view = here.trend(preset="month", at="2023-11-08")
    november = [here.count(datetime(year, 11, 1), datetime(year, 12, 1)) for year in (2023, 2022)]
    assert view.months.year == 2023
    assert list(view.running) == november
    assert view.months.line[10:] == (november[0], None)
    assert view.points[-1].first == date(2023, 11, 1)
    assert view.years[0].to_date == here.count(datetime(2023, 1, 1), datetime(2023, 12, 1))


def test_a_past_year_is_told_as_a_whole() -> None:
    view = city().trend(preset="year", at="2022-06-06")
    assert (view.months.year, None in view.months.line) == (2022, False)
    assert view.years[0].whole == view.years[0].to_date == sum(filter(None, view.months.line))
    assert view.points[-1].first == date(2022, 12, 1)


@pytest.mark.parametrize(
    ("now", "this", "last"),
    [
        (datetime(2024, 2, 29, 13, 5), 29, 28),  # 29 February against the 28th, to the same clock
        (datetime(2024, 2, 28, 13, 5), 28, 28),
        (datetime(2023, 3, 1, 8), 1, 1),
    ],
)
def test_a_month_to_date_ends_at_the_same_clock_a_year_before(now: datetime, this: int, last: int) -> None:
    here = city().but(now=now)
    view = here.trend()
    before = now.replace(year=now.year - 1, day=last)
    assert now.day == this
    assert view.running == (
        here.count(now.replace(day=1, hour=0, minute=0), now),
        here.count(before.replace(day=1, hour=0, minute=0), before),
    )


def test_a_whole_leap_february_is_compared_with_a_whole_february() -> None:
    here = city()
    view = here.trend(preset="month", at="2024-02-10")
    assert view.running == (
        here.count(datetime(2024, 2, 1), datetime(2024, 3, 1)),
        here.count(datetime(2023, 2, 1), datetime(2023, 3, 1)),
    )
    assert [one.days for one in view.points if one.first.month == 2] == [28, 28, 29]


# rules --------------------------------------------------------------------------------------------


def test_weeks_are_held_against_the_mean_of_the_fifteen_before() -> None:
    points = city().trend(**BY_WEEK).points
    counts = [one.count for one in points]
    for at, one in enumerate(points):
        before = [count for count in counts[max(0, at - 15) : at] if count is not None]
        if len(before) < 15 or one.count is None:
            assert one.rule is None
            continue
        mean, far = fmean(before), fmean(before) + RULES.trend.far * stdev(before)
        assert one.rule == ("below" if one.count <= mean else "far" if one.count > far else "above")
    assert {"below", "above", None} <= {one.rule for one in points}
    assert all(one.rule is None for one in city().trend().points)


def test_a_deployment_may_change_the_window_and_what_is_far() -> None:
    rule = replace(RULES.trend, window=4, far=0.5)
    points = city().but(rules=replace(RULES, trend=rule)).trend(**BY_WEEK).points
    assert sum(one.rule is None for one in points) == 4
    for at in range(4, len(points)):
        before = [points[n].count or 0 for n in range(at - 4, at)]
        far = fmean(before) + 0.5 * stdev(before)
        assert (points[at].rule == "far") == ((points[at].count or 0) > max(far, fmean(before)))


def test_a_deployment_may_look_back_further() -> None:
    for years in (1, 2):
        view = city().but(rules=replace(RULES, trend=replace(RULES.trend, years=years))).trend()
        assert sorted(view.by_year) == list(range(2024 - years, 2025))
        assert max(band.years for band in view.months.bands) == years


def test_a_decline_is_counted_until_it_breaks() -> None:
    here = city()
    found = {here.but(now=NOW - timedelta(weeks=n)).trend().weeks_falling for n in range(20)}
    assert {0, 1, 2} <= found
    for n in range(8):
        view = here.but(now=NOW - timedelta(weeks=n)).trend(**BY_WEEK)
        counts = [one.count or 0 for one in view.points][::-1]
        assert all(counts[k] < counts[k + 1] for k in range(view.weeks_falling))
        assert counts[view.weeks_falling] >= counts[view.weeks_falling + 1]


def test_without_any_incident_there_is_no_course() -> None:
    view = nothing().trend()
    assert (view.begins, view.chart, view.points, view.running) == (None, None, (), (None, None))
    assert (view.weeks_falling, view.months_falling, view.years_falling) == (0, 0, 0)
    assert all(one.to_date is None and one.whole is None for one in view.years)
