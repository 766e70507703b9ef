"""Fair comparison: rates are counts over residents, limits and ranks those of the chosen; the order ranks nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from sqlalchemy import update

from data_access import tables as t
from data_access.engine import writing
from domain.access import district, nobody, station
from domain.fair_views import ZONES, FairLine, FairView
from domain.funnel import funnel
from domain.span import Span
from tests.support.compare_city import FIGURES, RESIDENTS, STATIONS, City, city, copy, counted, nothing

YEAR = {"preset": "year"}
OUTSIDE = ("high998", "low998", "high95", "low95")


def line(view: FairView, code: str) -> FairLine:
    return next(one for one in view.lines if one.unit.code == code)


def counts(here: City, figure: str, span: Span | None, codes: tuple[str, ...]) -> dict[str, int]:
    assert span is not None
    return {code: here.count(span.start, span.end, counted(figure, code)) for code in codes}


def holds(view: FairView, here: City, figure: str, codes: tuple[str, ...] = tuple(STATIONS)) -> None:
    """Counts and rates of these stations, and nothing of others, are what counting the rows says."""
    periods = view.asked.periods
    assert {one.unit.code for one in view.lines} == set(codes)
    now = counts(here, figure, periods.span, codes)
    assert {one.unit.code: one.point.count for one in view.lines} == now
    for one in view.lines:
        residents = RESIDENTS[one.unit.code]
        assert one.point.exposure == residents
        assert one.point.rate == (pytest.approx(one.point.count / residents) if residents else None)
    known = [code for code in codes if RESIDENTS[code]]
    if not known:
        assert view.rate is None
        return
    assert view.rate == pytest.approx(sum(now[code] for code in known) / sum(RESIDENTS[code] for code in known))
    if any(one.base for one in view.lines):
        base = counts(here, figure, periods.base, codes)
        assert {one.unit.code: one.base.count for one in view.lines if one.base} == base


# on both databases -------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_counted_per_residents(small_city: City, figure: str) -> None:
    holds(small_city.fair(figure=figure, **YEAR), small_city, figure)


NARROWED = {
    "district": ({"district": "D1"}, ("S1", "S2", "S3")),
    "region": ({"region": "rural,urban"}, ("S1", "S2", "S4", "S5")),
    "mode": ({"mode": "deep"}, ("S2", "S3", "S6")),
    "stations": ({"station": "S5,S6"}, ("S5", "S6")),
    "one": ({"station": "S3"}, ("S3",)),
    "without residents": ({"station": "S5"}, ("S5",)),
}


@pytest.mark.parametrize("name", NARROWED)
def test_the_chosen_are_compared_with_all_others_of_their_kind(small_city: City, name: str) -> None:
    args, codes = NARROWED[name]
    view = small_city.fair(**YEAR, **args)
    kind = args.keys() & {"region", "mode"}
    holds(view, small_city, "traffic", codes if kind else tuple(STATIONS))
    assert {one.unit.code for one in view.lines if one.chosen} == set(codes)
    assert len(view.units) == len(STATIONS)


def test_a_viewer_compares_only_what_they_may_see(small_city: City) -> None:
    holds(small_city.but(scope=district("D2")).fair(**YEAR), small_city, "traffic", ("S4", "S5", "S6"))
    holds(small_city.but(scope=station("S6")).fair(**YEAR), small_city, "traffic", ("S6",))
    view = small_city.but(scope=nobody()).fair(**YEAR)
    assert (view.lines, view.rate, view.grid, view.units) == ((), None, (), ())


# order, zones, ranks ------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["traffic", "accident", "injuries", "deaths"])
def test_what_stands_out_comes_first_and_then_the_shrunk_rate(figure: str) -> None:
    view = city().fair(figure=figure, **YEAR)
    order = {"high998": 0, "low998": 1, "high95": 2, "low95": 3, "inside": 4, "unknown": 5}
    keys = [(order[one.point.zone], -(one.point.shrunk or 0)) for one in view.lines]
    assert keys == sorted(keys)
    assert view.lines[-1].unit.code == "S5", "whose residents are unknown"


def test_the_order_within_the_limits_is_not_that_of_the_plain_rate() -> None:
    """A small station with a high rate is drawn to the common one, and then stands behind a larger one."""
    here = city()
    seen = [here.but(now=here.now - timedelta(days=n)).fair(preset="30d") for n in range(0, 400, 20)]
    inside = [[one for one in view.lines if one.point.zone == "inside"] for view in seen]
    turned = [lines for lines in inside if [o.unit.code for o in lines] != [o.unit.code for o in by_rate(lines)]]
    assert turned
    for lines in inside:
        shrunk = [one.point.shrunk or 0.0 for one in lines]
        assert shrunk == sorted(shrunk, reverse=True)


def by_rate(lines: list[FairLine]) -> list[FairLine]:
    return sorted(lines, key=lambda one: -(one.point.rate or 0.0))


@pytest.mark.parametrize("figure", ["traffic", "accident", "order", "deaths"])
def test_zones_are_what_rates_and_limits_say_and_add_up(figure: str) -> None:
    view = city().fair(figure=figure, **YEAR)
    assert set(view.zones) == set(ZONES)
    assert sum(view.zones.values()) == len(STATIONS)
    assert view.zones["unknown"] == 1
    for one in view.lines:
        point = one.point
        if point.rate is None or None in (point.low998, point.low95, point.high95, point.high998):
            assert (point.zone, one.ranks, point.shrunk) == ("unknown", None, None)
            continue
        assert point.low998 <= point.low95 <= point.high95 <= point.high998  # type: ignore[operator]
        expected = (
            "low998" if point.rate < point.low998 else "low95" if point.rate < point.low95  # type: ignore[operator]
            else "high998" if point.rate > point.high998 else "high95" if point.rate > point.high95  # type: ignore[operator]
            else "inside"
        )  # fmt: skip
        assert point.zone == expected
    assert {one.point.zone for one in city().fair(**YEAR).lines} >= {"high998", "low998", "inside", "unknown"}


def test_a_station_far_above_all_others_can_only_be_first() -> None:
    view = city().fair(figure="order", **YEAR)
    assert line(view, "S3").ranks == (1, 1)
    assert all(one.ranks is None or one.ranks[0] >= 2 for one in view.lines if one.unit.code != "S3")


def test_few_incidents_leave_many_ranks_open() -> None:
    wide = city().fair(figure="deaths", **YEAR)
    narrow = city().fair(figure="traffic", **YEAR)

    def open_ranks(view: FairView) -> int:
        return sum(one.ranks[1] - one.ranks[0] for one in view.lines if one.ranks)

    assert open_ranks(wide) > 2 * open_ranks(narrow)


def test_limits_are_those_of_the_funnel_with_the_history_of_stations() -> None:
    view = city().fair(**YEAR)
    codes = [one.unit.code for one in view.lines]
    now = [one.point.count for one in view.lines]
    assert view.dispersion >= 1
    expected = funnel(now, [RESIDENTS[code] or 0 for code in codes], dispersion=view.dispersion)
    for one, point in zip(view.lines, expected.points, strict=True):
        found = (one.point.low998, one.point.low95, one.point.high95, one.point.high998, one.point.shrunk)
        assert (one.point.zone, found) == (
            point.zone,
            pytest.approx((point.low998, point.low95, point.high95, point.high998, point.shrunk))
            if point.rate is not None
            else (None,) * 5,
        )


def test_the_curves_reach_over_all_stations_and_meet_their_points() -> None:
    view = city().fair(**YEAR)
    known = [residents for residents in RESIDENTS.values() if residents]
    assert view.grid[0] < min(known)
    assert view.grid[-1] > max(known)
    assert list(view.grid) == sorted(view.grid)
    assert all(np.shape(curve) == (len(view.grid),) for curve in view.limits)
    assert np.all(np.diff([np.asarray(curve) for curve in view.limits], axis=0) >= 0)
    for one in view.lines:
        if one.point.exposure:
            at = float(np.interp(one.point.exposure, view.grid, np.asarray(view.limits.high95)))
            assert at == pytest.approx(one.point.high95, rel=0.02)


# periods ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"preset": "yesterday"},
        {"preset": "month", "at": "2023-02-14", "base": "lunar"},
        {"preset": "week", "base": "weekday", "hours": "whole"},
        {"from": "2022-01-01", "to": "2023-06-30", "base": "free", "base_from": "2021-07-01", "base_to": "2021-12-31"},
    ],
)
def test_every_period_is_counted_to_the_minute(args: dict[str, str]) -> None:
    view = city().fair(**args)
    holds(view, city(), "traffic")
    assert all(one.base is not None for one in view.lines)


def test_a_station_where_nothing_happened_is_a_station_with_nothing() -> None:
    here = city()
    days = [here.now - timedelta(days=n) for n in range(1, 30)]
    views = [here.but(now=datetime.combine(day, time(12))).fair(preset="today") for day in days]
    quiet = [line(view, "S6") for view in views if line(view, "S6").point.count == 0]
    assert quiet
    assert {one.point.rate for one in quiet} == {0.0}
    assert all(one.ranks for one in quiet)


@pytest.mark.parametrize("args", [{"base": "none"}, {"preset": "month", "at": "2021-07-01"}])
def test_without_a_whole_base_there_is_no_base(args: dict[str, str]) -> None:
    view = city().fair(**args)
    assert all(one.base is None for one in view.lines)
    holds(view, city(), "traffic")


def test_the_base_has_a_rate_and_limits_of_its_own() -> None:
    whole = city().fair(preset="year", at="2023-05-05")
    before = city().fair(preset="year", at="2022-05-05")
    for one in whole.lines:
        old = line(before, one.unit.code).point
        assert one.base is not None
        assert (one.base.count, one.base.rate) == (old.count, old.rate)
        assert one.base.high95 == (pytest.approx(old.high95, rel=0.1) if old.high95 else None)


# nothing known ------------------------------------------------------------------------------------


def test_without_incidents_there_is_a_rate_of_nothing() -> None:
    view = nothing().fair()
    assert view.rate == 0
    assert {one.point.count for one in view.lines} == {0}
    assert {one.point.zone for one in view.lines} == {"inside", "unknown"}
    assert all(one.base is None for one in view.lines)


def test_without_any_residents_nothing_is_compared() -> None:
    here = copy()
    with writing(here.engine) as connection:
        connection.execute(update(t.station).values(residents_10k=None))
    view = here.fair(**YEAR)
    assert (view.rate, view.grid) == (None, ())
    assert view.zones == {**dict.fromkeys(ZONES, 0), "unknown": len(STATIONS)}
    assert [one.unit.code for one in view.lines] == list(STATIONS)
    assert {one.ranks for one in view.lines} == {None}
