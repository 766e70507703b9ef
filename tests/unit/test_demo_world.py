"""The invented district and the calibration of its incidents, measured on two years of generated days."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely

from data_access.demo import incidents, seasons
from data_access.demo.day import day_rows
from data_access.demo.incident_rows import incident_rows
from data_access.demo.rows import NEVER, day_start
from data_access.demo.world import HERE, world

ANCHOR = date(2024, 5, 20)
SEED = 20240506


@pytest.fixture(scope="module")
def place():
    return world(SEED, ANCHOR)


@pytest.fixture(scope="module")
def years(place):
    """The incidents of the last year and of the one before."""

    def year(back):
        return [incidents.build(place, ANCHOR - timedelta(days=k)) for k in range(365 * back, 365 * back + 365)]

    return year(0), year(1)


def _sum(days, count):
    return sum(count(day) for day in days)


def test_the_district_has_the_given_shape_and_invented_codes(place):
    assert Counter(station.mode for station in place.stations) == {"basic": 6, "deep": 15, "full": 2}
    assert all(station.code.startswith("990109") and len(station.code) == 12 for station in place.stations)
    assert len({station.code for station in place.stations}) == len({station.name for station in place.stations}) == 23
    squadrons = Counter(station.squadron for station in place.stations)
    assert squadrons[None] == 2 and len(squadrons) == 5
    with (HERE / "demo_shape.csv").open(encoding="utf-8") as file:
        assert sum(float(row["residents_10k"]) for row in csv.DictReader(file)) == pytest.approx(207.31)


def test_station_cells_tile_the_outline(place):
    outline = place.places.outline
    union = shapely.union_all(place.places.cells)
    assert union.symmetric_difference(outline).area < 1e-6 * outline.area
    assert sum(cell.area for cell in place.places.cells) == pytest.approx(outline.area, rel=1e-6)


def test_usable_positions_lie_in_their_own_stations_cell(place, years):
    day = years[0][0]
    fine = np.flatnonzero(day.place_issue == None)  # noqa: E711
    for k in fine.tolist():
        assert shapely.contains_xy(place.places.cells[day.station[k]], day.lng[k], day.lat[k])
    assert not shapely.contains_xy(place.places.outline, day.lng[day.place_issue == "outside"], 29.5).any()


def test_volume_follows_residents_at_two_per_ten_thousand_and_day(place, years):
    now, before = years
    assert _sum(now, len) / 365 == pytest.approx(2.0 * 207.31, rel=0.03)
    per_station = np.bincount(np.concatenate([day.station for day in now]), minlength=23) / 365 / place.residents
    assert per_station.min() > 1.7 and per_station.max() < 2.4
    accidents = [_sum(part, lambda day: int((day.kind == incidents.ACCIDENT).sum())) for part in (now, before)]
    assert accidents[0] / accidents[1] - 1 == pytest.approx(-0.08, abs=0.02)


def test_class_mix_congestion_and_deaths(place, years):
    now = years[0]
    kinds = np.bincount(np.concatenate([day.kind for day in now])) / _sum(now, len)
    assert kinds == pytest.approx([0.45, 0.45, 0.10], abs=0.015)
    where = np.concatenate([day.station[day.subclass == "congestion"] for day in now])
    assert len(where) == pytest.approx(3497, rel=0.05)
    assert (place.regions[where] == "urban").mean() == pytest.approx(0.614, abs=0.025)
    for part in years:
        dead = np.concatenate([day.station[day.severity == 3] for day in part])
        assert 55 <= len(dead) <= 96
        assert (place.regions[dead] == "rural").mean() == pytest.approx(0.74, abs=0.06)


def test_petitions_about_disorder_come_mostly_from_the_fringe(place, years):
    found = Counter()
    for day in years[0][::4]:
        channel = incident_rows(day, [None] * len(day), [""] * len(day)).cells["channel"]
        found.update(place.regions[day.station[channel == "petition"]].tolist())
    assert found.total() * 4 == pytest.approx(3955, rel=0.08)
    assert found["fringe"] / found.total() == pytest.approx(0.602, abs=0.04)


def test_repeats_fall_from_three_percent_to_half_a_percent(years):
    shares = [
        _sum(part, lambda day: int((day.parent >= 0).sum())) / _sum(part, lambda day: int(day.valid.sum()))
        for part in years
    ]
    assert shares == pytest.approx([0.005, 0.034], abs=0.0015)


def test_a_repeat_has_an_earlier_parent_of_the_same_class_place_and_caller(years):
    seen = 0
    for day in years[1][:60]:
        for k in np.flatnonzero(day.parent >= 0).tolist():
            parent = int(day.parent[k])
            seen += 1
            assert day.clocks["occurred"][parent] <= day.clocks["occurred"][k]
            assert day.parent[parent] == -1 and day.valid[parent] == day.valid[k] == 1
            for name in ("station", "kind", "subclass", "place", "phone"):
                assert getattr(day, name)[parent] == getattr(day, name)[k], name
    assert seen > 300


def test_clocks_meet_their_means_and_run_in_order(years):
    clocks = {name: np.concatenate([day.clocks[name] for day in years[0]]) for name in years[0][0].clocks}
    kind = np.concatenate([day.kind for day in years[0]])

    def within(stop, limit):
        return (clocks[stop] - clocks["assigned"] <= limit).mean()

    accident = kind == incidents.ACCIDENT
    arrival = (clocks["arrived"] - clocks["assigned"] <= 300)[accident].mean()
    assert arrival == pytest.approx(0.564, abs=0.02)
    assert within("signed", 90) == pytest.approx(0.95, abs=0.015)
    assert within("feedback", 5 * 3600) == pytest.approx(0.97, abs=0.015)
    assert within("closed", 22 * 3600) == pytest.approx(0.998, abs=0.0015)
    order = (
        "occurred",
        "reported",
        "entered",
        "assigned",
        "signed",
        "set_out",
        "arrived",
        "handled",
        "feedback",
        "closed",
    )
    for before, after in pairwise(order):
        assert (clocks[after] > clocks[before]).all(), (before, after)
    assert ((clocks["traced"] == NEVER) | (clocks["traced"] > clocks["closed"])).all()


def test_the_best_station_arrives_in_five_minutes_in_about_81_percent(place, years):
    station = np.concatenate([day.station[day.kind == 0] for day in years[0]])
    soon = np.concatenate([(day.clocks["arrived"] - day.clocks["assigned"] <= 300)[day.kind == 0] for day in years[0]])
    rates = np.bincount(station, soon, 23) / np.bincount(station, minlength=23)
    assert rates.max() == pytest.approx(0.81, abs=0.02)


def test_hours_peak_in_the_morning_and_evening_of_working_days(years):
    hours = {True: np.zeros(24), False: np.zeros(24)}
    days = Counter(seasons.is_rest(day.day) for day in years[0])
    for day in years[0]:
        hours[seasons.is_rest(day.day)] += np.bincount((day.clocks["occurred"] % 86_400) // 3600, minlength=24)
    work, rest = hours[False], hours[True]
    assert set(np.argsort(work)[-4:]) == {7, 8, 17, 18}
    assert set(np.argsort(rest)[-3:]) != set(np.argsort(work)[-3:])
    assert (rest.sum() / days[True]) / (work.sum() / days[False]) == pytest.approx(1.0, abs=0.12)


def test_spring_festival_is_quiet():
    assert seasons.day_factor(date(2024, 2, 12)) < 0.7 * seasons.day_factor(date(2024, 3, 11))


def test_a_year_without_published_calendar_has_only_weekends():
    assert not seasons.is_holiday(date(2090, 10, 2)) and not seasons.is_rest(date(2090, 10, 2))
    assert seasons.is_rest(date(2090, 10, 1))


def test_the_same_seed_gives_the_same_day_and_another_seed_another(place):
    again, other = world.__wrapped__(SEED, ANCHOR), world(SEED + 1, ANCHOR)
    first = [rows.cells for rows in day_rows(place, ANCHOR)]
    second = [rows.cells for rows in day_rows(again, ANCHOR)]
    assert str(first) == str(second)
    assert str(first) != str([rows.cells for rows in day_rows(other, ANCHOR)])


def test_keys_are_unique_and_no_row_is_known_before_it_began(place):
    keys = {"incident_party": ("incident_id", "party_no"), "incident": ("incident_id",), "sample": ("sample_id",)}
    keys |= {"dispatch_order": ("order_id",), "work_order": ("order_id",), "work_record": ("record_id",)}
    found: dict[str, list[tuple[str, ...]]] = {}
    for offset in range(3):
        for rows in day_rows(place, ANCHOR + timedelta(days=offset)):
            assert (rows.born >= day_start(ANCHOR)).all()
            found.setdefault(rows.table, []).extend(zip(*(rows.cells[name] for name in keys[rows.table]), strict=True))
    assert set(found) == set(keys)
    for table, values in found.items():
        assert len(values) == len(set(values)), table
