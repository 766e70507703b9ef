"""The map's payload: classes of colour, places, words, links; and the small maps."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import incident_map as im
from components.look import Look
from components.map_areas import per
from components.map_scale import change_bounds, class_of, count_bounds, count_labels, value_bounds, value_labels
from components.small_map import Mark, Tile, small_payload
from domain.heat import LAYERS, SIDES
from i18n import translator
from tests.support import map_views, views
from tests.support.project import ROOT

ZH = Look(translator("zh"), views.CATALOGUE)
EN = Look(translator("en"), views.CATALOGUE)


# classes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [1]),
        ([0, 0], [1]),
        ([7], [1]),
        ([1, 2, 3], [1, 2, 3]),
        ([0, 1, 1, 2, 5], [1, 2, 5]),
    ],
)
def test_few_numbers_get_a_class_each(values, expected):
    assert count_bounds(values) == expected


@given(st.lists(st.integers(0, 5000), max_size=300))
def test_count_bounds_rise_from_one_and_hold_every_number(values):
    bounds = count_bounds(values)
    assert bounds[0] == 1
    assert 1 <= len(bounds) <= 7
    assert bounds == sorted(set(bounds))
    assert all(0 <= class_of(value, bounds) < len(bounds) for value in values if value)
    if any(values):
        assert bounds[-1] <= max(values) or bounds == [1]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=200))
def test_a_higher_number_never_has_a_lower_class(values):
    bounds = count_bounds(values)
    classes = [class_of(value, bounds) for value in sorted(values)]
    assert classes == sorted(classes)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=100))
def test_value_bounds_rise(values):
    bounds = value_bounds(values)
    assert bounds == sorted(set(bounds))
    assert 1 <= len(bounds) <= 7


def test_labels_say_the_ranges():
    assert count_labels([1, 2, 5, 1200], ZH.t) == ["1", "2–4", "5–1,199", "≥1,200"]
    assert count_labels([1], EN.t) == ["≥1"]
    assert value_labels([0.5, 3.0], ZH.t) == ["0.50–3", "≥3"]


def test_strengths_of_a_change_ignore_its_sign():
    assert change_bounds([-4, 2, 4, -9]) == [1, 4, 9]
    assert change_bounds([]) == [1]


# the page's map ----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("base", ["year", "none"])
def test_every_question_gives_a_payload_of_plain_values(layer, side, base):
    view = map_views.heat_view(wanted=map_views.asked(base=base, layer=layer, side=side))
    made = im.heat_payload(view, ZH) | im.marks_payload(map_views.spots_view(), ZH)
    assert json.loads(json.dumps(made)) == made
    assert len(made["titles"]) == (2 if made["side"] == "both" else len(made["titles"]))
    assert made["side"] in SIDES


def test_without_a_second_period_there_is_one_map():
    made = im.heat_payload(map_views.heat_view(wanted=map_views.asked(base="none", side="both")), ZH)
    assert made["side"] == "one"
    assert len(made["titles"]) == 1
    assert made["levels"][0]["base"] is None


def test_a_density_has_no_difference_map():
    assert im.shown_side(map_views.heat_view(wanted=map_views.asked(layer="density", side="change"))) == "both"


def test_places_are_millionths_and_numbers_stay():
    view = map_views.heat_view()
    level = im.heat_payload(view, ZH)["levels"][0]
    assert (level["lng"][1], level["lat"][8]) == (120_004_000, 30_004_000)
    assert sum(level["now"]) == view.now.tally.placed
    assert sum(level["base"]) == view.base.tally.placed
    assert len(level["corners"]) == 6
    assert len(level["labels"]) == len(level["bounds"])


def test_both_periods_share_their_classes():
    view = map_views.heat_view(total=100, base_total=9000)
    level = im.level(view.hexes[0], "both", ZH.t)
    assert level["bounds"] == count_bounds(np.concatenate([view.hexes[0].now, view.hexes[0].base]))
    assert level["bounds"][-1] > view.hexes[0].now.max()


def test_corners_lie_around_the_centre():
    corners = np.array(im.corners(map_views.heat_view().hexes[0]))
    assert np.abs(corners.sum(axis=0)).max() < 100
    assert 1000 < np.abs(corners).max() < 4000


def test_without_hexagons_there_is_nothing_to_fit():
    view = map_views.heat_view()
    none = replace(view.hexes[0], **{name: getattr(view.hexes[0], name)[:0] for name in ("ids", "lng", "lat", "now")})
    bare = replace(none, base=None, change=None)
    made = im.heat_payload(replace(view, base=None, hexes=(bare,)), ZH)
    assert made["bounds"] is None
    assert made["levels"][0]["bounds"] == [1]
    assert im.heat_payload(replace(view, base=None, hexes=()), ZH)["levels"] == []


def test_a_lonely_place_far_off_does_not_decide_the_view():
    one = map_views.heat_view().hexes[0]
    many = np.tile(one.lng, 20), np.tile(one.lat, 20)
    lonely = replace(
        one, ids=np.arange(801, dtype=np.uint64), lng=np.append(many[0], 100.0), lat=np.append(many[1], 20.0),
        now=np.ones(801, np.int64), base=None, change=None,
    )  # fmt: skip
    west, south, _, _ = im.bounds([lonely])
    assert west > 119.9
    assert south > 29.9


def test_rings_carry_their_sentence():
    made = im.heat_payload(map_views.heat_view(wanted=map_views.asked(ring=(120.0, 30.0))), ZH)
    assert made["rings"]["m"] == [200.0, 500.0, 1000.0, 2000.0]
    assert made["rings"]["labels"][1].startswith("200–500 米 11")
    assert im.heat_payload(map_views.heat_view(), ZH)["rings"] is None


def test_a_spot_with_a_record_is_shown_once_and_leads_to_it():
    spots = im.marks_payload(map_views.spots_view(), ZH)["spots"]
    recorded = [spot for spot in spots if spot["kind"] == "record"]
    assert [spot["href"].rsplit("/", 1)[1] for spot in recorded] == ["HS-1"]
    others = [spot for spot in spots if spot["kind"] != "record"]
    assert len(others) == 4
    assert all(spot["href"].startswith("/incidents?") for spot in others)


def test_marks_may_come_alone():
    cells = ("89309b16193ffff", "89309b1618bffff")
    view = replace(map_views.spots_view(), local=(map_views.spot(0, "local", cells=cells),))
    made = im.marks_payload(view, ZH)
    assert len(made["spots"]) == 4
    assert [(one["res"], len(one["lng"])) for one in made["hot_cells"]] == [(9, 2)]
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize(("per_what", "value"), [("count", 10), ("residents", 4.0), ("area", 1.0)])
def test_an_area_is_coloured_by_what_was_asked(per_what, value):
    line = map_views.heat_view().areas[0]
    assert per(replace(line, now=10), per_what, 10) == value


def test_an_area_without_residents_has_no_rate():
    made = im.heat_payload(map_views.heat_view(wanted=map_views.asked(layer="area", per="residents")), ZH)
    last = made["areas"]["rows"][-1]
    assert last["value"] is None
    assert last["per"] == ZH.t("mapview.per_unknown")


def test_an_area_follows_its_own_rate_where_the_unit_says_nothing():
    line = map_views.heat_view().areas[-1]
    assert per(replace(line, now=20, per_residents=5.0), "residents", 40) == 10.0


def test_a_districts_rows_are_asked_by_district():
    made = im.heat_payload(map_views.heat_view(wanted=map_views.asked(layer="area", unit="district")), ZH)
    first = made["areas"]["rows"][0]
    assert f"district={first['code']}" in first["href"]
    assert made["shapes_url"].endswith("kind=district")


# words and files ---------------------------------------------------------------------------------


def test_words_are_the_same_in_both_languages():
    assert set(im.map_words(ZH.t)) == set(im.map_words(EN.t))
    assert all(im.map_words(translator("zh", strict=True)).values())


def test_files_exist_and_carry_their_fingerprint():
    for address in im.lazy_files():
        path, digest = address.split("?m=")
        assert (ROOT / path.lstrip("/")).is_file()
        assert len(digest) == 10


def test_the_component_knows_its_props():
    made = im.IncidentMap(id="x", payload={"a": 1}, words={})
    assert made.to_plotly_json() == {
        "type": "IncidentMap", "namespace": "dcb", "props": {"id": "x", "payload": {"a": 1}, "words": {}},
    }  # fmt: skip


# small maps --------------------------------------------------------------------------------------


def test_a_small_map_of_one_mark_fits_its_circle():
    made = small_payload(ZH, marks=[Mark(120.0, 30.0, "1", "人民路", "/hotspots/1", metres=100)])
    west, south, east, north = made["bounds"]
    assert west < 119.999 < 120.001 < east
    assert south < 29.999 < 30.001 < north
    assert made["small"] is True
    assert made["levels"] == []
    assert made["legend"]["none"] is True


def test_a_small_map_of_hexagons_says_what_they_mean():
    tiles = [Tile(120.0 + n / 200, 30.0, n + 1, f"第{n}格", f"/incidents?hex={n}") for n in range(5)]
    made = small_payload(ZH, tiles=tiles, tile_title="预计起数", title="下周")
    level = made["levels"][0]
    assert level["now"] == [1, 2, 3, 4, 5]
    assert level["texts"][2] == "第2格"
    assert level["legend"] == "预计起数"
    assert len(level["bounds"]) == len(level["labels"]) == 5
    assert json.loads(json.dumps(made)) == made


def test_a_small_map_takes_fractions():
    level = small_payload(ZH, tiles=[Tile(120.0, 30.0, 0.4, ""), Tile(120.1, 30.0, 1.7, "")], tile_title="x")["levels"][
        0
    ]
    assert level["bounds"] == [0.4, 1.7]


def test_a_small_map_of_nothing_stands():
    assert small_payload(EN)["bounds"] is None
