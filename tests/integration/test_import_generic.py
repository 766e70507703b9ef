"""The generic profile: our own column names for every table, by file name or by table; GeoJSON boundaries."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.importing.targets import TABLES
from data_access.tables import boundary, district, duty_grid, feed, incident, risk_code, station, work_order
from tests.factories import make_station
from tests.support.importing import content, importing, one, rejected, write_csv

AT = "2024-05-06 08:00:00"
ROWS = {
    "district": {"code": "D9", "name": "示范区", "residents_10k": "12.5", "area_km2": "30"},
    "squadron": {"code": "Q9", "district_code": "D9", "name": "九中队"},
    "station": {"code": "S9", "district_code": "D9", "name": "九所", "region_type": "rural", "fusion_mode": "deep"},
    "duty_grid": {"code": "G9", "station_code": "S1", "name": "九格"},
    "incident": {
        "incident_id": "I9",
        "station_code": "S1",
        "class_code": "order",
        "occurred_at": AT,
        "lng": "120.2",
        "lat": "30.2",
    },
    "incident_party": {
        "incident_id": "I9",
        "party_no": "1",
        "person_role": "driver",
        "protection_worn": "是",
        "age": "33",
    },
    "dispatch_order": {
        "order_id": "O9",
        "incident_id": "I9",
        "station_code": "S1",
        "unit_kind": "station",
        "assigned_at": AT,
    },
    "work_order": {
        "order_id": "W9",
        "kind": "hazard",
        "station_code": "S1",
        "created_at": AT,
        "due_at": "2024-07-01 00:00:00",
    },
    "work_record": {
        "record_id": "R9",
        "kind": "publicity",
        "station_code": "S1",
        "at": "2024-05-06",
        "quantity": "1,200",
    },
    "sample": {
        "sample_id": "M9",
        "kind": "helmet",
        "station_code": "S1",
        "at": AT,
        "numerator": "9",
        "denominator": "11",
    },
    "risk_code": {"code_id": "C9", "subject_kind": "village", "subject_id": "V1", "colour": "red", "valid_from": AT},
}


@pytest.fixture(autouse=True)
def organisation(engine: Engine) -> None:
    """One station."""
    make_station(engine, "S1")


@pytest.mark.parametrize("table", sorted(ROWS))
def test_every_table_by_the_beginning_of_the_file_name(engine: Engine, tmp_path: Path, table: str) -> None:
    path = write_csv(tmp_path / f"{table}_2024.csv", [ROWS[table]])
    report = one(engine, path, "generic")
    assert (report.loaded, report.tables, report.unused) == (1, (table,), ())
    key = TABLES[table].primary_key.columns[0].name
    (found,) = [row for row in content(engine, TABLES[table]) if row[key] == ROWS[table][key]]
    for name, text in ROWS[table].items():
        assert found[name] is not None, (name, text)
    assert one(engine, path, "generic").unchanged == 1


def test_the_table_can_be_named(engine: Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "export.csv", [ROWS["work_order"]])
    assert one(engine, path, "generic", table="work_order").tables == ("work_order",)
    assert content(engine, work_order)[0]["due_at"] == datetime(2024, 7, 1)


def test_without_a_name_the_headers_decide(engine: Engine, tmp_path: Path) -> None:
    assert one(engine, write_csv(tmp_path / "x.csv", [ROWS["risk_code"]]), "generic").tables == ("risk_code",)
    assert content(engine, risk_code)[0]["colour"] == "red"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("incident", "class_code", "collision"),
        ("station", "fusion_mode", "half"),
        ("work_order", "kind", "wish"),
        ("risk_code", "colour", "blue"),
        ("dispatch_order", "unit_kind", "car"),
    ],
)
def test_words_that_mean_nothing_to_us_are_rejected(
    engine: Engine, tmp_path: Path, table: str, column: str, value: str
) -> None:
    report = one(engine, write_csv(tmp_path / f"{table}.csv", [ROWS[table] | {column: value}]), "generic")
    assert report.reasons == {"value_unknown": 1}
    assert [rejected(report)[0][name] for name in ("_column", "_value")] == [column, value]


def test_feeds_follow_the_kind_of_the_rows(engine: Engine, tmp_path: Path) -> None:
    rows = [ROWS["sample"], ROWS["sample"] | {"sample_id": "M8", "kind": "post_built", "at": "2024-05-02 00:00:00"}]
    one(engine, write_csv(tmp_path / "sample.csv", rows), "generic")
    assert {row["code"]: row["last_row_at"] for row in content(engine, feed)} == {
        "helmet": datetime(2024, 5, 6, 8),
        "post": datetime(2024, 5, 2),
    }


def test_no_place_given_is_a_missing_place(engine: Engine, tmp_path: Path) -> None:
    row = {name: value for name, value in ROWS["incident"].items() if name not in ("lng", "lat")}
    report = one(engine, write_csv(tmp_path / "incident.csv", [row]), "generic")
    assert report.warnings == {"place_missing": 1}
    assert content(engine, incident)[0]["place_issue"] == "missing"


def square(west: float, south: float, size: float = 0.1) -> dict[str, object]:
    """A square polygon."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def features(path: Path, *items: tuple[dict[str, object], object]) -> Path:
    """A GeoJSON file."""
    found = [{"type": "Feature", "properties": names, "geometry": shape} for names, shape in items]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), encoding="utf-8")
    return path


def test_boundaries_come_from_geojson(engine: Engine, tmp_path: Path) -> None:
    names = {"code": "B1", "subject_kind": "station", "subject_code": "S1", "name": "示范所", "is_sketch": True}
    path = features(tmp_path / "boundary.geojson", (names, square(120, 30)))
    assert one(engine, path, "generic").loaded == 1
    (found,) = content(engine, boundary)
    assert (found["subject_kind"], found["is_sketch"]) == ("station", 1)
    assert json.loads(found["geojson"])["type"] == "Polygon"
    assert one(engine, path, "generic").unchanged == 1


def test_bad_geometries_are_rejected_and_can_be_corrected_as_csv(engine: Engine, tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    bad = [
        bow,
        {"type": "Point", "coordinates": [1, 1]},
        {"type": "Polygon"},
        square(190, 30),
        {"type": "Polygon", "coordinates": []},
    ]
    items = [
        ({"code": f"B{number}", "subject_kind": "city", "subject_code": "C"}, shape) for number, shape in enumerate(bad)
    ]
    report = one(engine, features(tmp_path / "boundary.geojson", *items, ({"code": "B9"}, None)), "generic")
    assert (report.loaded, report.reasons) == (0, {"geometry_bad": 5, "value_missing": 1})
    rows = [row | {"geometry": json.dumps(square(120, 30))} for row in rejected(report)]
    again = one(engine, write_csv(tmp_path / "boundary_corrected.csv", rows), "generic")
    assert (again.loaded, again.rejected) == (6, 0)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"features": 1}', '{"features": [1]}', "[" * 100_000])
def test_what_is_no_geojson_is_refused(engine: Engine, tmp_path: Path, text: str) -> None:
    path = tmp_path / "boundary.geojson"
    path.write_text(text)
    (file,) = importing(engine, path, "generic").files
    assert file.problem is not None
    assert file.problem.key == "error.import_json"


def test_a_whole_organisation_in_one_command(engine: Engine, tmp_path: Path) -> None:
    paths = [
        write_csv(tmp_path / f"{table}.csv", [ROWS[table]])
        for table in ("district", "squadron", "station", "duty_grid")
    ]
    report = importing(engine, paths, "generic")
    assert report.exit_status == 0
    assert {row["code"] for row in content(engine, station)} == {"S1", "S9"}
    assert [row["residents_10k"] for row in content(engine, district)] == [12.5]
    assert [row["station_code"] for row in content(engine, duty_grid)] == ["S1"]
