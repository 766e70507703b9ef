"""Files of the map: the incidents as text and workbook, the map's tables with what they mean."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import Workbook, load_workbook

from domain.incident_filter import Filter
from exports.incident_table import incidents_csv, incidents_xlsx
from exports.map_table import map_xlsx
from i18n import ONE_SPACE, translator
from tests.support import map_views as mv
from tests.support import views

ZH, EN = translator("zh", strict=True), translator("en", strict=True)
STATION = views.unit(0, 6)


def table(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def book(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def texts(data: bytes) -> str:
    sheets = book(data).worksheets
    return "\n".join(str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if c.value is not None)


@pytest.mark.parametrize("t", [ZH, EN])
def test_every_row_is_in_the_file_with_its_words(t):
    lines = table(incidents_csv(mv.rows_view(4), t, {STATION.code: "临河0"}))
    assert len(lines[0]) == len(mv.ROW_COLUMNS)
    first = dict(zip(mv.ROW_COLUMNS, lines[1], strict=True))
    assert first["occurred_at"] == "2026-11-20 14:00:00"
    assert first["station_code"] == "临河0"
    assert first["class_code"] == t("value.class_code.accident")
    assert first["tags"] == t("list.comma").join((t("value.tag.e_bike"), t("value.tag.road_sight")))
    assert first["is_valid"] == t("word.yes")
    assert [one[0] for one in lines[1:5]] == [mv.row(n)[0] for n in range(4)]


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
@pytest.mark.parametrize("column", ["address", "content", "incident_id", "road"])
def test_no_text_becomes_a_formula(column, text):
    view = replace(mv.rows_view(1), rows=(mv.row(0, **{column: text}),))
    place = mv.ROW_COLUMNS.index(column)
    data = incidents_csv(view, ZH).decode("utf-8-sig")
    assert next(row for n, row in enumerate(csv.reader(io.StringIO(data, newline=""))) if n == 1)[place] == f"'{text}"
    cells = [cell for row in book(incidents_xlsx(view, ZH)).active.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []


def test_a_code_from_outside_is_no_formula_either():
    view = replace(mv.rows_view(1), rows=(mv.row(0, tags=",=cmd,", subclass="=x"),))
    assert {"'=x"} <= set(table(incidents_csv(view, ZH))[1])
    assert not any(one.startswith("=") for one in table(incidents_csv(view, ZH))[1])


def test_a_workbook_keeps_times_and_numbers_as_such():
    sheet = book(incidents_xlsx(mv.rows_view(3), ZH)).active
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == mv.row(0)[0])
    found = dict(zip(mv.ROW_COLUMNS, row, strict=False))
    assert found["occurred_at"] == datetime(2026, 11, 20, 14)
    assert (found["injuries"], found["lng"]) == (1, 120.01)


@pytest.mark.parametrize("make", [incidents_xlsx, lambda view, t: incidents_csv(view, t)])
def test_a_file_says_period_filter_and_cut_of_the_data(make):
    view = mv.rows_view(2, wanted=mv.asked(chosen=Filter(classes=("order",), hours=(7, 8))), total=187)
    data = make(view, ZH)
    said = texts(data) if data[:2] == b"PK" else data.decode("utf-8-sig")
    assert "近30日 2026-10-22 — 11-20 截至 14:20" in said
    assert "对比时段：上年同期 2025-10-22 — 11-20" in said
    assert "类别：秩序；小时：7–9时" in said
    assert "统计时间截至 2026年11月20日 14:20:05" in said
    assert "共 187 起，本表 2 起" in said
    assert "模拟数据" in said


def test_no_rows_still_make_a_file():
    assert len(table(incidents_csv(mv.rows_view(0), EN))[0]) == len(mv.ROW_COLUMNS)
    assert book(incidents_xlsx(mv.rows_view(0), EN)).active["A1"].value == EN("incidents.title")


# the map's tables --------------------------------------------------------------------------------


def rows_of(workbook: Workbook, place: int) -> list[tuple]:
    """A sheet's rows from its column names on."""
    return list(workbook.worksheets[place].iter_rows(min_row=3, values_only=True))


@pytest.mark.parametrize("t", [ZH, EN])
def test_the_maps_workbook_holds_the_same_numbers_as_the_page(t):
    view = mv.heat_view()
    made = book(map_xlsx(view, t))
    assert made.sheetnames == [t(f"map.{name}") for name in ("areas", "hexes", "matrix", "calendar", "definitions")]
    areas, hexes, matrix, days = (rows_of(made, place) for place in range(4))
    assert [(row[0], row[2], row[3]) for row in areas[1:]] == [(a.unit.code, a.now, a.base) for a in view.areas]
    assert sum(row[2] for row in hexes[1:]) == view.now.tally.placed
    assert [row[2] for row in hexes[1:]] == sorted((int(n) for n in view.hexes[0].now), reverse=True)
    assert (matrix[-1][-1], sum(row[3] for row in days[1:])) == (600, 600)
    assert [row[1:25] for row in matrix[1:8]] == [tuple(row) for row in view.when.matrix]


def test_the_definitions_say_all_that_a_reader_must_know():
    view = mv.heat_view(wanted=mv.asked(chosen=Filter(stations=(STATION.code,), valid="all")))
    said = texts(map_xlsx(view, ZH)).replace(ONE_SPACE, " ")
    assert "统计时段：近30日" in said
    assert f"派出所：{STATION.short_name}" in said
    assert "有效性：全部" in said
    assert "起不在图上" in said
    assert "错误发现控制在 5 %" in said
    assert "规则版本 abc123" in said


def test_without_a_second_period_there_are_no_columns_of_it():
    made = book(map_xlsx(mv.heat_view(wanted=mv.asked(base="none")), ZH))
    assert ZH("map.change") not in rows_of(made, 0)[0]
    assert "对比时段" not in texts(map_xlsx(mv.heat_view(wanted=mv.asked(base="none")), ZH))


def test_an_unnamed_filter_is_said_too():
    assert "有效警情，未加其他条件" in texts(map_xlsx(mv.heat_view(0, 0), ZH))


def test_a_real_districts_file_is_not_marked_as_invented():
    assert "模拟数据" not in texts(map_xlsx(mv.heat_view(demo=False), ZH))
