"""A map's background: many features of a file become one row of their layer, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine

from data_access.tables import boundary
from tests.integration.test_import_generic import features, square
from tests.support.importing import content, importing, one, rejected, small, write_csv


def line(*points: tuple[float, float]) -> dict[str, object]:
    """A line through points."""
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def drawn(engine: Engine, code: str = "background-road") -> Any:
    """The shape of one background row."""
    (row,) = [row for row in content(engine, boundary) if row["code"] == code]
    return shapely.geometry.shape(json.loads(row["geojson"]))


def test_all_roads_of_a_file_become_one_row(engine: Engine, tmp_path: Path) -> None:
    shapes = [line((120, 30), (120.1, 30)), {"type": "MultiLineString", "coordinates": [[[120, 30], [120, 30.1]]]}]
    path = features(tmp_path / "background_road_2024.geojson", *(({"name": "a", "code": 7}, one) for one in shapes))
    report = one(engine, path, "generic")
    assert (report.read, report.loaded) == (2, 2)
    (row,) = content(engine, boundary)
    assert (row["code"], row["subject_kind"], row["subject_code"]) == ("background-road", "background", "road")
    assert (row["name"], row["is_sketch"]) == ("道路", 0)
    assert drawn(engine).geom_type == "MultiLineString"
    assert drawn(engine).length == pytest.approx(0.2)
    again = one(engine, path, "generic")
    assert (again.unchanged, again.loaded) == (2, 0)


def test_a_new_file_replaces_its_layer_and_no_other(engine: Engine, tmp_path: Path) -> None:
    one(engine, features(tmp_path / "background_water.geojson", ({}, square(120, 30))), "generic")
    path = tmp_path / "background_road.geojson"
    one(engine, features(path, ({}, line((120, 30), (121, 30)))), "generic")
    report = one(engine, features(path, ({}, line((120, 30), (120, 33))), ({}, line((5, 5), (5, 6)))), "generic")
    assert (report.loaded, report.updated) == (2, 2)
    assert drawn(engine).length == pytest.approx(4)
    assert drawn(engine, "background-water").area == pytest.approx(0.01)


def test_the_layer_may_be_a_property_and_the_table_given(engine: Engine, tmp_path: Path) -> None:
    items = [
        ({"layer": "road"}, line((120, 30), (120.1, 30))),
        ({"layer": "绿地"}, square(120, 30)),
        ({"layer": "绿地"}, square(120.05, 30)),
        ({"layer": "green"}, line((120, 31), (120.1, 31))),
        ({"layer": "lamps"}, square(120, 30)),
    ]
    report = one(engine, features(tmp_path / "all.geojson", *items), "generic", table="boundary")
    assert (report.read, report.loaded, report.reasons) == (5, 4, {"value_unknown": 1})
    green = drawn(engine, "background-green")
    assert sorted(part.geom_type for part in green.geoms) == ["MultiLineString", "MultiPolygon"]
    assert green.area == pytest.approx(0.015)  # what overlaps counts once
    assert {row["name"] for row in content(engine, boundary)} == {"道路", "绿地"}
    kinds = [({"kind": "rail"}, line((1, 1), (2, 2)))]
    assert one(engine, features(tmp_path / "background.geojson", *kinds), "generic").loaded == 1
    assert drawn(engine, "background-rail").length > 1


BAD: list[tuple[object, str]] = [
    ({"type": "Point", "coordinates": [120, 30]}, "geometry_kind"),
    ({"type": "GeometryCollection", "geometries": [square(120, 30)]}, "geometry_kind"),
    (line((120, 30)), "geometry_bad"),
    (line((120, 30), (190, 30)), "geometry_bad"),
    (line((120, 30), (120, float("nan"))), "geometry_bad"),
    ({"type": "LineString"}, "geometry_bad"),
    ({"type": "LineString", "coordinates": []}, "geometry_bad"),
    ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "geometry_bad"),
    (square(120, 30, 1e-7), "geometry_bad"),
    (None, "value_missing"),
]


def test_bad_features_are_rejected_by_number_and_their_correction_is_added(engine: Engine, tmp_path: Path) -> None:
    good = line((120, 30), (120.1, 30))
    path = features(tmp_path / "background_road.geojson", ({}, good), *(({}, shape) for shape, _ in BAD))
    report = one(engine, path, "generic")
    assert (report.read, report.loaded, report.rejected) == (len(BAD) + 1, 1, len(BAD))
    rows = rejected(report)
    found = [(int(row["_line"]), row["_reason_code"]) for row in rows]
    assert found == [(number, reason) for number, (_, reason) in enumerate(BAD, start=2)]
    assert all(row["_file"].endswith("background_road.geojson") for row in rows)
    rows = [row | {"geometry": json.dumps(line((120, 30 + at), (120.1, 30 + at)))} for at, row in enumerate(rows, 1)]
    assert report.reject_file is not None
    corrected = write_csv(tmp_path / report.reject_file.name, rows)
    assert one(engine, corrected, "generic").loaded == len(BAD)
    assert drawn(engine).length == pytest.approx(0.1 * (len(BAD) + 1))
    assert one(engine, corrected, "generic").unchanged == len(BAD)


def test_a_file_without_a_usable_feature_leaves_the_layer_alone(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "background_road.geojson"
    one(engine, features(path, ({}, line((120, 30), (121, 30)))), "generic")
    before = content(engine, boundary)
    report = one(engine, features(path, ({}, {"type": "Point", "coordinates": [1, 1]})), "generic")
    assert (report.loaded, report.rejected) == (0, 1)
    assert content(engine, boundary) == before


def test_drawings_are_as_fine_as_a_metre(engine: Engine, tmp_path: Path) -> None:
    wave = [(120 + k * 1e-5, 30 + 3e-6 * (k % 2)) for k in range(1000)]
    high = {"type": "LineString", "coordinates": [[1.123456789, 2, 50], [2, 3.987654321, 60]]}
    one(engine, features(tmp_path / "background_road.geojson", ({}, line(*wave)), ({}, high)), "generic")
    first, second = drawn(engine).geoms
    assert len(first.coords) == 2 and list(second.coords) == [(1.12346, 2.0), (2.0, 3.98765)]


def test_features_beyond_one_batch_are_drawn_together(engine: Engine, tmp_path: Path) -> None:
    items = [({}, line((120, 30 + at), (121, 30 + at))) for at in range(7)]
    path = features(tmp_path / "background_rail.geojson", *items)
    (report,) = importing(engine, path, "generic", limits=small(chunk=3)).files
    assert (report.read, report.loaded) == (7, 7)
    assert drawn(engine, "background-rail").length == pytest.approx(7)
