"""Spreadsheets and text tables, read back with another library."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from domain.views import RowPage
from exports.board_table import board_csv, board_xlsx
from exports.book import neutral
from exports.row_table import rows_csv, rows_xlsx
from i18n import translator
from tests.support import views

ZH, EN = translator("zh", strict=True), translator("en", strict=True)
ATTACKS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")


def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def attacked() -> object:
    view = views.cell_view(rows=0)
    rows = tuple((attack, "accident", None, None, None) for attack in ATTACKS)
    page = replace(view.page, rows=rows, total=len(rows))
    return replace(view, page=page)


@pytest.mark.parametrize("t", [ZH, EN])
def test_board_workbook_has_word_and_fill_for_every_colour(t):
    view = views.board_view()
    sheet = book(board_xlsx(view, views.CATALOGUE, t)).worksheets[0]
    assert sheet["A1"].value == t("app.title")
    assert sheet.freeze_panes == "D6"
    for number, line in enumerate(view.board.lines):
        cells = list(sheet[6 + number])
        assert cells[1].value == line.unit.code
        colour = line.overall.colour
        if line.overall.reason is None:
            assert cells[5].value == t(f"colour.{colour.value}")
        assert cells[5].fill.fgColor.rgb != "00000000"
        assert cells[6].value is None or isinstance(cells[6].value, (int, float))
        assert cells[7].value == line.overall.red


def test_board_workbook_says_that_it_is_a_simulation_and_when_it_was_cut():
    texts = {
        str(cell.value)
        for sheet in book(board_xlsx(views.board_view(), views.CATALOGUE, ZH)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    }
    assert "模拟数据" in texts
    assert any("统计时间截至 2026年11月20日 14:20:05" in text for text in texts)
    assert any(text.startswith("统计口径") for text in texts)
    real = board_xlsx(views.board_view(demo=False), views.CATALOGUE, ZH)
    assert "模拟数据" not in {str(c.value) for s in book(real).worksheets for r in s.iter_rows() for c in r}


def test_board_workbook_has_every_task_on_its_second_sheet():
    sheet = book(board_xlsx(views.board_view(5), views.CATALOGUE, ZH)).worksheets[1]
    heads = [cell.value for cell in sheet[4] if cell.value]
    assert [head for head in heads if head.startswith("T")] == [
        f"{task.code} {task.names['zh']}" for task in views.CATALOGUE.active
    ]


def test_board_text_table_opens_in_chinese_and_has_a_line_a_station():
    data = board_csv(views.board_view(), views.CATALOGUE, ZH)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = table(data)
    assert rows[0][2] == "派出所"
    assert len(rows) == 1 + 23 + 3
    assert {len(row) for row in rows[:24]} == {len(rows[0])}
    assert rows[-1] == ["模拟数据"]


def test_rows_workbook_keeps_dates_and_numbers_as_such():
    view = views.cell_view(rows=3)
    sheet = book(rows_xlsx(view, views.CATALOGUE, ZH)).active
    row = [cell.value for cell in sheet[7]]
    assert row[0] == "CJ0000"
    assert row[1] == "事故"
    assert row[2] == view.page.rows[0][2]
    assert row[3] is None
    assert row[4] == 1.5
    assert [cell.value for cell in sheet[6]][:3] == ["单号", "类别", "派达时间"]
    assert sheet.freeze_panes == "B7"
    assert sheet.print_title_rows == "$5:$6"


def test_rows_text_table_has_times_as_tables_show_them():
    rows = table(rows_csv(views.cell_view(rows=2), views.CATALOGUE, ZH))
    assert rows[0] == ["单号", "类别", "派达时间", "签收时间", "数量"]
    assert rows[1] == ["CJ0000", "事故", "2026-11-20 14:20:05", "", "1.5"]
    assert any(row and row[0].startswith("算式") for row in rows)


def test_text_never_becomes_a_formula():
    rows = table(rows_csv(attacked(), views.CATALOGUE, ZH))
    assert [row[0][0] for row in rows[1 : 1 + len(ATTACKS)]] == ["'"] * len(ATTACKS)
    sheet = book(rows_xlsx(attacked(), views.CATALOGUE, ZH)).active
    kinds = {sheet.cell(7 + n, 1).data_type for n in range(len(ATTACKS))}
    assert kinds == {"s"}


def test_numbers_are_not_neutralised():
    view = views.cell_view(rows=0)
    page = RowPage(("quantity",), ((-3.0,),), 1, 1, 50, "", "all", {"all": 1})
    assert table(rows_csv(replace(view, page=page), views.CATALOGUE, ZH))[1] == ["-3.0"]


@pytest.mark.parametrize("text", ["浙A12345", "1-2", "", "a=b"])
def test_harmless_text_stays_as_it_is(text):
    assert neutral(text) == text


def test_no_rows_still_make_a_file():
    view = replace(views.cell_view(rows=0), page=RowPage((), (), 0, 1, 50, "", "all", {"all": 0}))
    assert book(rows_xlsx(view, views.CATALOGUE, EN)).active["A1"].value
    assert rows_csv(view, views.CATALOGUE, EN).startswith(b"\xef\xbb\xbf")
