"""The 110 profile: aliases, encodings, times, units, classes, places; CSV and workbooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from catalogue.profiles_loader import FOLDER
from data_access.tables import dispatch_order, feed, import_file, incident, squadron, work_order
from domain.coordinates import bd09_of, gcj02_of
from tests.factories import add, make_station
from tests.support.importing import INCIDENT, NOW, content, csv_text, importing, one, rejected, row_110, write_csv

# fmt: off
CHINESE = (
    "接警单编号", "派警单编号", "管辖单位代码", "警情类别代码", "警情发生时间", "接警时间", "派警时间",
    "签收时间", "到达现场时间", "结案时间", "经度", "纬度", "案发地址", "报警内容", "死亡人数", "受伤人数",
)
# fmt: on
PLAIN = dict(zip(INCIDENT, CHINESE, strict=True))


@pytest.fixture(autouse=True)
def organisation(engine: Engine) -> None:
    """Two stations and a squadron."""
    make_station(engine, "S1", name="示范派出所", short_name="示范所")
    make_station(engine, "S2", name="河口派出所", short_name="河口所")
    add(engine, squadron, code="Q1", name="一中队", updated_at=NOW)


def test_one_row_feeds_incident_and_dispatch_order(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, write_csv(tmp_path / "a.csv", [row_110()]))
    assert (report.read, report.loaded, report.tables) == (1, 1, ("incident", "dispatch_order"))
    (found,) = content(engine, incident)
    expected = {
        "incident_id": "J000001", "source": "110", "source_no": "J000001", "station_code": "S1", "squadron_code": None,
        "class_code": "accident", "subclass": None, "external_class": "交通事故", "is_valid": 1,
        "occurred_at": datetime(2024, 5, 6, 8), "entered_at": datetime(2024, 5, 6, 8, 1),
        "closed_at": datetime(2024, 5, 6, 12), "address": "示范路1号", "injuries": 1, "deaths": 0,
        "raw_x": 120.25, "raw_y": 30.18, "crs": "gcj02", "place_issue": None, "updated_at": NOW,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    (order,) = content(engine, dispatch_order)
    assert (order["order_id"], order["incident_id"], order["unit_kind"], order["unit_code"]) == (
        "P000001", "J000001", "station", "S1",
    )  # fmt: skip
    assert order["class_code"] == "accident"
    assert order["signed_at"] - order["assigned_at"] == timedelta(seconds=40)


def test_chinese_headers_and_pinyin_headers_give_the_same_rows(engine: Engine, tmp_path: Path) -> None:
    row = row_110()
    one(engine, write_csv(tmp_path / "pinyin.csv", [row]))
    plain = write_csv(tmp_path / "plain.csv", [{PLAIN[name]: value for name, value in row.items()}])
    report = one(engine, plain)
    assert (report.loaded, report.unchanged) == (0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(engine: Engine, tmp_path: Path, encoding: str) -> None:
    rows = [row_110(number, AFDZ="萧山区示范路与堰塘街口") for number in range(1, 40)]
    assert one(engine, write_csv(tmp_path / "a.csv", rows, encoding)).loaded == 39
    assert {row["address"] for row in content(engine, incident)} == {"萧山区示范路与堰塘街口"}


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(engine: Engine, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text([row_110(BJNR='他说:"撞,了;\n快来|"')], separator=separator), encoding="utf-8")
    assert one(engine, path).loaded == 1
    assert content(engine, incident)[0]["content"] == '他说:"撞,了;\n快来|"'


@pytest.mark.parametrize(
    "text",
    [
        "20240506080000",
        "2024-05-06 08:00:00.0",
        "2024/5/6 8:00:00",
        "2024/5/6 8:00",
        "2024-05-06T08:00:00",
        "06/05/2024 08:00:00",
        "2024年5月6日 8:00:00",
    ],
)
def test_time_forms(engine: Engine, tmp_path: Path, text: str) -> None:
    assert one(engine, write_csv(tmp_path / "a.csv", [row_110(JQFSSJ=text)])).loaded == 1
    assert content(engine, incident)[0]["occurred_at"] == datetime(2024, 5, 6, 8)


def test_dual_dispatch_is_one_incident_with_two_orders(engine: Engine, tmp_path: Path) -> None:
    rows = [row_110(1), row_110(1, PJDBH="P2", GXDWDM="Q1", JASJ="")]
    report = one(engine, write_csv(tmp_path / "a.csv", rows))
    assert (report.loaded, report.rejected) == (2, 0)
    (found,) = content(engine, incident)
    assert (found["station_code"], found["squadron_code"]) == ("S1", "Q1")
    assert found["closed_at"] == datetime(2024, 5, 6, 12)
    orders = content(engine, dispatch_order)
    assert [(row["unit_kind"], row["station_code"]) for row in orders] == [("station", "S1"), ("squadron", None)]


def test_units_are_found_by_name_too(engine: Engine, tmp_path: Path) -> None:
    rows = [row_110(1, GXDWDM="河口派出所"), row_110(2, GXDWDM="示范所"), row_110(3, GXDWDM="")]
    assert one(engine, write_csv(tmp_path / "a.csv", rows)).loaded == 3
    assert [row["station_code"] for row in content(engine, incident)] == ["S2", "S1", None]


def test_an_unknown_station_is_rejected(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, write_csv(tmp_path / "a.csv", [row_110(1, GXDWDM="S9"), row_110(2)]))
    assert (report.loaded, report.reasons) == (1, {"station_unknown": 1})
    (row,) = rejected(report)
    assert (row["_column"], row["_value"], row["_line"]) == ("GXDWDM", "S9", "2")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("交通事故", ("accident", None)),
        ("交通拥堵", ("order", "congestion")),
        ("违停", ("order", "parking")),
        ("噪声扰民", ("order", "noise")),
        ("110204", ("other", None)),
        ("order.noise", ("order", "noise")),
        ("", (None, None)),
    ],
)
def test_classes(engine: Engine, tmp_path: Path, given: str, expected: tuple[str | None, str | None]) -> None:
    one(engine, write_csv(tmp_path / "a.csv", [row_110(JQLBDM=given)]))
    (found,) = content(engine, incident)
    assert (found["class_code"], found["subclass"]) == expected
    assert found["external_class"] == (given or None)


def test_the_finest_known_class_wins(engine: Engine, tmp_path: Path) -> None:
    one(engine, write_csv(tmp_path / "a.csv", [row_110(JQLBDM="交通秩序", JQLXDM="交通拥堵", JQXLDM="9999")]))
    (found,) = content(engine, incident)
    assert (found["class_code"], found["subclass"], found["external_class"]) == ("order", "congestion", "9999")


def test_what_has_no_column_of_its_own_becomes_a_tag(engine: Engine, tmp_path: Path) -> None:
    one(engine, write_csv(tmp_path / "a.csv", [row_110(JTSGXTDM="11", JDXZ="示范镇", SFWHP="")]))
    assert content(engine, incident)[0]["tags"] == "town=示范镇;form=11"


def profile_with(tmp_path: Path, old: str, new: str) -> str:
    """The 110 profile with something changed."""
    text = (FOLDER / "110.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("crs", "given"),
    [
        ("wgs84", (120.25, 30.18)),
        ("cgcs2000", (120.25, 30.18)),
        ("gcj02", tuple(float(v) for v in gcj02_of(120.25, 30.18))),
        ("bd09", tuple(float(v) for v in bd09_of(120.25, 30.18))),
        ("epsg:32651", (235198.1821, 3341927.2985)),
    ],
)
def test_coordinate_systems(engine: Engine, tmp_path: Path, crs: str, given: tuple[float, float]) -> None:
    profile = profile_with(tmp_path, 'crs = "gcj02"', f'crs = "{crs}"')
    row = row_110(XZB=repr(given[0]), YZB=repr(given[1]))
    one(engine, write_csv(tmp_path / "a.csv", [row]), profile)
    (found,) = content(engine, incident)
    assert (found["lng"], found["lat"]) == pytest.approx((120.25, 30.18), abs=2e-5)
    assert (found["raw_x"], found["raw_y"], found["crs"]) == (*given, crs)
    assert len(found["cell"]) == 15


def test_unusable_places_keep_the_row_and_are_counted(engine: Engine, tmp_path: Path) -> None:
    places = [("", ""), ("0", "0"), ("12.5", "41.9"), ("999", "30"), ("无", "无"), ("120.2", "")]
    rows = [row_110(number, XZB=x, YZB=y) for number, (x, y) in enumerate(places, 1)]
    report = one(engine, write_csv(tmp_path / "a.csv", rows))
    assert (report.loaded, report.rejected) == (6, 0)
    assert report.warnings == {"place_missing": 3, "place_outside": 1, "place_impossible": 2}
    found = content(engine, incident)
    assert [row["place_issue"] for row in found] == [
        "missing", "missing", "outside", "impossible", "impossible", "missing",
    ]  # fmt: skip
    assert {(row["lng"], row["lat"], row["cell"]) for row in found} == {(None, None, None)}
    assert (found[2]["raw_x"], found[2]["raw_y"]) == (12.5, 41.9)


def test_exchanged_coordinates_are_rejected_or_marked(engine: Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_110(XZB="30.18", YZB="120.25")])
    assert one(engine, path).reasons == {"place_exchanged": 1}
    report = one(engine, path, profile_with(tmp_path, 'exchanged = "reject"', 'exchanged = "mark"'))
    assert report.warnings == {"place_exchanged": 1, "place_impossible": 1}
    assert content(engine, incident)[0]["place_issue"] == "impossible"


def test_the_first_filled_pair_of_coordinates_is_taken_whole(engine: Engine, tmp_path: Path) -> None:
    row = row_110(XZB="", YZB="", DHDWJD="120.3", DHDWWD="30.2")
    one(engine, write_csv(tmp_path / "a.csv", [row]))
    found = content(engine, incident)[0]
    assert (found["raw_x"], found["raw_y"]) == (120.3, 30.2)


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook of rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_with_title_rows_real_dates_and_several_sheets(engine: Engine, tmp_path: Path) -> None:
    def cells(number: int) -> list[Any]:
        row: dict[str, Any] = dict(row_110(number))
        row |= {"JQFSSJ": datetime(2024, 5, 6, 8), "XZB": 120.25, "YZB": 30.18, "SSRS": 2, "LXDH": 13805710001}
        return list(row.values())

    header = [*row_110(), "LXDH"]
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "一": [["2024年5月警情"], [], header, cells(1), cells(2)],
            "二": [header, cells(3), [None] * 5],
            "说明": [["本表由系统导出"]],
        },
    )
    report = one(engine, path)
    assert (report.read, report.loaded, report.warnings) == (3, 3, {"sheets_skipped": 1})
    found = content(engine, incident)
    assert [row["incident_id"] for row in found] == ["J000001", "J000002", "J000003"]
    assert found[0]["occurred_at"] == datetime(2024, 5, 6, 8)
    assert (found[0]["injuries"], found[0]["caller_phone"]) == (2, "13805710001")
    again = one(engine, write_csv(tmp_path / "a.csv", [row_110(3, SSRS="2", LXDH="13805710001")]))
    assert again.unchanged == 1


def test_call_backs_come_in_files_named_after_them(engine: Engine, tmp_path: Path) -> None:
    rows = [
        {
            "JJDBH": "J1",
            "GXDWDM": "S1",
            "派发时间": "2024-05-06 09:00:00",
            "回访期限": "2024-05-20 09:00:00",
            "回访时间": "",
            "CLJGDM": "3",
        }
    ]
    report = one(engine, write_csv(tmp_path / "5月回访.csv", rows))
    assert report.tables == ("work_order",)
    (found,) = content(engine, work_order)
    assert (found["kind"], found["review_result"], found["due_at"]) == ("callback", "return", datetime(2024, 5, 20, 9))


def test_the_import_makes_its_feeds_fresh(engine: Engine, tmp_path: Path) -> None:
    rows = [row_110(1, JQFSSJ="2024-05-01 00:00:00"), row_110(2), row_110(3, JQFSSJ="2024-04-01 00:00:00", SWRS="-1")]
    importing(engine, write_csv(tmp_path / "a.csv", rows))
    found = {row["code"]: row for row in content(engine, feed)}
    assert sorted(found) == ["dispatch", "incident_accident", "incident_order", "incident_repeat", "incident_traffic"]
    accident = found["incident_accident"]
    assert (accident["first_row_at"], accident["last_row_at"]) == (datetime(2024, 5, 1), datetime(2024, 5, 6, 8))
    assert (accident["origin"], accident["expected_seconds"], accident["last_load_at"]) == ("110", 3600, NOW)
    assert accident["complete_to"] is None
    importing(engine, write_csv(tmp_path / "b.csv", [row_110(4, JQFSSJ="2024-05-07 12:00:00")]))
    widened = {row["code"]: row for row in content(engine, feed)}["incident_accident"]
    assert (widened["first_row_at"], widened["last_row_at"]) == (datetime(2024, 5, 1), datetime(2024, 5, 7, 12))


def test_each_file_is_recorded(engine: Engine, tmp_path: Path) -> None:
    importing(engine, write_csv(tmp_path / "a.csv", [row_110(1), row_110(2, SSRS="x")]))
    (found,) = content(engine, import_file)
    counts = [found[f"rows_{name}"] for name in ("read", "loaded", "unchanged", "rejected")]
    assert (counts, found["profile"], len(found["digest"])) == ([2, 1, 0, 1], "110", 64)
    assert found["file_name"].endswith("a.csv")
    assert found["reject_file"].endswith("-rejected.csv")
