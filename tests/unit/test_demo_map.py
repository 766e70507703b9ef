"""What the demo's map shows: roads under the incidents, places that come and go, values for every filter."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.demo import courses, incidents, parties
from data_access.demo.ground import background
from data_access.demo.incident_rows import incident_rows
from data_access.demo.places import HOT, PER_STATION
from data_access.demo.streets import neighbours
from data_access.demo.world import world
from domain.incident_filter import SEVERITIES
from domain.incidents import ISSUES

ANCHOR = date(2024, 5, 20)
SEED = 20240506
METRE = 1 / 111_320


@pytest.fixture(scope="module")
def place():
    return world(SEED, ANCHOR)


@pytest.fixture(scope="module")
def layers(place):
    return {row["subject_code"]: shapely.geometry.shape(json.loads(row["geojson"])) for row in background(place)}


@pytest.fixture(scope="module")
def counts(place):
    """Incidents per place of a stretch of days before the anchor, kept for the next test."""
    kept = {}

    def between(first, last, kind=None):
        key = (first, last, kind)
        if key not in kept:
            sums = np.zeros(len(place.places.lng), dtype=int)
            for ago in range(last, first):
                day = incidents.build(place, ANCHOR - timedelta(days=ago))
                chosen = day.place if kind is None else day.place[day.kind == kind]
                sums += np.bincount(chosen, minlength=len(sums))
            kept[key] = sums
        return kept[key]

    return between


def test_every_hot_place_lies_on_a_street_and_incidents_on_roads(place, layers):
    places, roads = place.places, layers["road"]
    hot = (np.arange(len(places.lng)) % PER_STATION) < HOT
    points = shapely.points(places.lng[hot], places.lat[hot])
    assert shapely.distance(points, roads).max() < 1e-9
    vertices = {tuple(pair) for pair in shapely.get_coordinates(roads).round(5).tolist()}
    assert {(point.x, point.y) for point in points} <= vertices
    day = incidents.build(place, ANCHOR)
    fine = day.place_issue == None  # noqa: E711
    far = shapely.distance(shapely.points(day.lng[fine], day.lat[fine]), roads)
    assert far.max() < 20 * METRE


def test_background_lies_in_the_district_and_nothing_happens_in_the_river(place, layers):
    outline = place.places.outline.buffer(2e-5)
    assert all(shape.is_valid and outline.contains(shape) for shape in layers.values())
    west, _, east, _ = layers["water"].bounds
    assert east - west > 0.5 * (outline.bounds[2] - outline.bounds[0])
    places = place.places
    assert not shapely.contains_xy(layers["water"], places.lng, places.lat).any()
    assert len(layers["green"].geoms) >= 6
    assert sum(len(json.dumps(row["geojson"])) for row in background(place)) < 500_000


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12, unique=True))
def test_roads_join_all_places(corners):
    points = np.array(corners, dtype=float) / 1000
    pairs = neighbours(points)
    group = list(range(len(points)))
    for a, b in pairs:
        group = [group[a] if one == group[b] else one for one in group]
    assert len(set(group)) == 1


def test_places_emerge_and_fade_in_the_last_quarter(counts):
    for spot, since in courses.EMERGING.items():
        number = courses.place_number(spot)
        now, before = counts(since, 0)[number], counts(2 * since, since)[number]
        assert now > 10 and now > 4 * before, spot
    for spot, since in courses.FADING.items():
        number = courses.place_number(spot)
        assert counts(since, 0)[number] < 0.6 * counts(2 * since, since)[number], spot


def test_treatment_shows_where_it_worked_and_only_there(counts):
    for one in courses.TREATMENTS:
        if one.treated is None or one.treated < 60:
            continue
        number, span = courses.place_number(one.place), min(one.treated, 90)
        before = counts(one.treated + span, one.treated)[number]
        after = counts(one.treated, one.treated - span)[number]
        share = after / before
        if one.after < 1:
            assert share < one.after + 0.25, one
        elif one.lucky > 1:
            assert share < 0.9, one  # a lucky spell ends by itself
        else:
            assert share > 0.7, one


def test_november_differs_from_november(place):
    year = courses.last_november(ANCHOR)

    def november(of):
        days = [incidents.build(place, date(of, 11, day)) for day in range(1, 31)]
        return np.bincount(np.concatenate([day.place for day in days]), minlength=len(place.places.lng))

    now, before = november(year), november(year - 1)
    more = [courses.place_number(spot) for spot in courses.MORE_IN_NOVEMBER]
    less = [courses.place_number(spot) for spot in courses.LESS_IN_NOVEMBER]
    assert (now[more] > 1.5 * before[more]).all() and (now[less] < 0.6 * before[less]).all()
    assert now.sum() == pytest.approx(before.sum(), rel=0.1)


@pytest.mark.parametrize(("today", "year"), [((2026, 11, 30), 2025), ((2026, 12, 1), 2026), ((2027, 1, 1), 2026)])
def test_the_last_whole_november(today, year):
    assert courses.last_november(date(*today)) == year


def test_a_stations_incidents_do_not_depend_on_how_hot_its_places_are(place):
    rng = np.random.default_rng(1)
    station = np.repeat(np.arange(23), 500)
    luck = rng.random(len(station))
    hot = courses.factors(len(place.places.lng), ANCHOR, ANCHOR - timedelta(days=100))
    assert (place.places.pick(station, luck, hot) // PER_STATION == station).all()
    assert (place.places.pick(station, np.nextafter(np.ones(len(station)), 0)) // PER_STATION == station).all()


def test_every_filter_finds_something(place):
    found = {name: Counter() for name in ("channel", "found_by", "class_code", "place_issue", "severity", "grid_code")}
    tags = Counter()
    for ago in range(120):
        day = incidents.build(place, ANCHOR - timedelta(days=ago))
        who = parties.build(day)
        marks = parties.incident_tags(day, who, parties.tags_of(who))
        tags.update(tag for mark in marks if mark for tag in mark.strip(",").split(","))
        cells = incident_rows(day, marks, [""] * len(day)).cells
        for name, sums in found.items():
            sums.update(np.asarray(cells[name], dtype=object).tolist())
    assert set(found["channel"]) == {"phone", "app", "petition"}
    assert set(found["found_by"]) == {"citizen", "officer"}
    assert set(found["class_code"]) == {"accident", "order", "other"}
    assert {issue or "" for issue in found["place_issue"]} == set(ISSUES)
    assert {name or "none" for name in found["severity"]} == set(SEVERITIES)
    assert len(found["grid_code"]) == 23 * 8 and min(found["grid_code"].values()) > 5
    assert {"yellow_plate_truck", "construction_vehicle", "e_bike", "courier", "elderly", "minor"} <= set(tags)


def test_a_duty_grid_is_one_sector_around_its_station(place):
    places = place.places
    for number, station in enumerate(place.stations):
        own = slice(number * PER_STATION, (number + 1) * PER_STATION)
        angle = np.arctan2(places.lat[own] - station.lat, places.lng[own] - station.lng)
        grids = np.array(places.grid[own])
        assert sorted(grids[np.argsort(angle)].tolist()) == grids[np.argsort(angle)].tolist()
