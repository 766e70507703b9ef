"""The assessment's workbook, read back with another library: what it says, how it looks, what it never runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from catalogue.loader import load_catalogue
from domain.assessment_book import Harm, HarmLine
from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference
from domain.assessment_records import LockHead
from domain.assessment_rules import Form
from domain.assessment_views import LOCKED, RankingView
from domain.month import Month
from exports.assessment_book import assessment_csv, assessment_xlsx, file_name
from exports.assessment_details import change
from exports.assessment_sheets import Cell, plain, rounded
from exports.book import fills
from i18n import translator
from i18n.assessmentbook_words import month_name
from tests.support import assessed
from tests.support import assessed_book as read

CATALOGUE = load_catalogue()
ZH, EN = translator("zh", strict=True), translator("en", strict=True)
ATTACKS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1")
LOCK = LockHead("2024-05", 1, "locked", "2026.1", "d1", "王某", datetime(2024, 6, 5, 10), "")
WEAK = {"slots": Amount(55, 100), "helmets": Amount(600, 1000), "people": Amount(2, 10), "hazards": Amount(1, 10)}
STRONG = {
    "accidents_year": Amount(120), "accidents": Amount(80), "built": Amount(10, 10), "running": Amount(100, 100),
    "helmets": Amount(990, 1000), "slots": Amount(99, 100), "hazards": Amount(10, 10), "people": Amount(10, 10),
    "hazards_timely": Amount(99, 100),
}  # fmt: skip


def view(*stations: Any, **given: Any) -> RankingView:
    found = stations or (
        assessed.worked("S1", district="D1"),
        assessed.worked("S2", district="D2", now=STRONG),
        assessed.worked("S3", district="D3", now=WEAK),
    )
    return read.ranking(assessed.month(*found), **given)


def workbook(shown: RankingView, *harm: HarmLine, t: Any = ZH) -> Any:
    return read.opened(assessment_xlsx(read.month_book(shown, *harm), CATALOGUE, t))


def scores(shown: RankingView, t: Any = ZH) -> list[dict[str, Any]]:
    return list(read.rows(read.sheet_of(workbook(shown, t=t), "得分总表" if t is ZH else "Scores")))


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_worked_example_is_in_its_cells() -> None:
    row, total = scores(view(assessed.worked()))
    assert list(row)[:3] == ["排名", "排名变化", "派出所"]
    points = {name.split("/")[1].split(" ")[0]: value for name, value in row.items() if "/" in name}
    for code, said in assessed.POINTS.items():
        assert points[code] == float(said)
    subtotals = [value for name, value in row.items() if name.endswith("小计")]
    assert row["总分"] == float(assessed.TOTAL) and row["赋色"] == "黄"
    assert {"加分", "扣分"} <= set(row) and row["加分"] == row["扣分"] == 0
    assert total["排名"] == "合计" and total["派出所"] == "1 个派出所"
    assert subtotals == [24.6, 60.04]


def test_the_columns_are_those_of_the_notice_in_their_order() -> None:
    sheet = read.sheet_of(workbook(view()), "得分总表")
    assert [cell.value for cell in sheet[3] if cell.value] == [
        "排名", "排名变化", "派出所", "结果性（30 分）", "过程性（70 分）",
        "加分", "扣分", "总分", "赋色", "红黑榜", "名次可能区间", "异常提示",
    ]  # fmt: skip
    lower = [cell.value.split(" ")[0] for cell in sheet[4] if cell.value]
    assert lower == ["O1", "O2", "小计", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "小计"]
    details = read.sheet_of(workbook(view()), "指标明细")
    assert read.heads(details) == [
        "指标", "派出所", "分子", "分母", "指标值", "上年同期", "同比", "满分", "得分", "失分原因",
    ]  # fmt: skip
    assert read.heads(read.sheet_of(workbook(view()), "加减分"))[:4] == ["派出所", "事项", "分值", "依据"]
    harm = read.heads(read.sheet_of(workbook(view()), "四项指数"))
    assert [name for name in harm if name.endswith("同比")] == [
        "起数/同比", "死亡/同比", "受伤/同比", "财产损失（元）/同比",
    ]  # fmt: skip


def test_every_sheet_has_the_habits_of_a_notice() -> None:
    for sheet in workbook(view()).worksheets:
        width = sheet.max_column
        last = sheet.cell(1, width).coordinate
        assert f"A1:{last}" in {str(area) for area in sheet.merged_cells.ranges}, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$3:$4"
        assert sheet.print_area.endswith(f"$A$1:${last[:-1]}${sheet.max_row}")
        lead = {"得分总表": "D5", "统计口径": "B5"}.get(sheet.title.split("-")[0], "C5")
        assert sheet.freeze_panes == lead
        assert any("统计口径" in text for text in texts(sheet)[-2:])
        assert texts(sheet)[-1].startswith("统计时间截至")


def test_table_cells_have_thin_borders_numbers_right_and_words_in_the_middle() -> None:
    sheet = read.sheet_of(workbook(view()), "得分总表")
    for row in sheet.iter_rows(min_row=read.FIRST, max_row=read.FIRST + 2):
        for cell in row:
            sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
            assert {side.style for side in sides} == {"thin"}
            if isinstance(cell.value, (int, float)):
                assert cell.alignment.horizontal == "right"
    assert sheet["R5"].alignment.horizontal == "center"
    assert sheet["A3"].alignment.horizontal == "center" and sheet["A3"].font.bold


def test_heads_are_high_enough_for_their_names() -> None:
    sheet = read.sheet_of(workbook(view()), "得分总表")
    names = {cell.column_letter: str(cell.value) for cell in sheet[4] if cell.value}
    most = max(2 * len(name) / sheet.column_dimensions[letter].width for letter, name in names.items())
    assert sheet.row_dimensions[4].height >= 16 * (most - 1)


def test_a_colour_is_a_fill_and_a_word() -> None:
    found = {}
    sheet = read.sheet_of(workbook(view()), "得分总表")
    column = read.heads(sheet).index("赋色") + 1
    for row in range(read.FIRST, read.FIRST + 3):
        cell = sheet.cell(row, column)
        found[cell.value] = cell.fill.fgColor.rgb[-6:].lower()
    known = {
        word: fills()[code].lstrip("#").lower() for word, code in (("蓝", "blue"), ("黄", "yellow"), ("红", "red"))
    }
    assert found == known


def test_each_mode_has_a_sheet_with_its_own_full_points() -> None:
    shown = view(
        assessed.worked("S1", mode="basic"), assessed.worked("S2", mode="deep"), assessed.worked("S3", mode=None)
    )
    book = workbook(shown)
    assert [one.title for one in book.worksheets][:3] == ["得分总表-基础融合", "得分总表-深度融合", "得分总表-未定模式"]
    helmets = [next(head for head in read.heads(sheet) if "P2" in head) for sheet in book.worksheets[:2]]
    assert [head.rsplit("（", 1)[1] for head in helmets] == ["14 分）", "12 分）"]


def test_modes_that_a_sheet_cannot_be_called_by_still_get_one() -> None:
    odd = ("a/b[c]:*?", "a/b[c]:*!", "x" * 40, "x" * 41)
    shown = view(*(assessed.worked(f"S{n}", mode=mode) for n, mode in enumerate(odd)))
    names = [one.title for one in workbook(shown).worksheets]
    assert len(names) == len({name.casefold() for name in names}) == 4 + 5
    assert all(len(name) <= 31 for name in names)


# what is missing --------------------------------------------------------------------------------


def test_no_data_is_a_word_and_where_its_points_went_is_said() -> None:
    shown = view(assessed.worked("S1", without=("accidents_year",)))
    book = workbook(shown)
    sheet = read.sheet_of(book, "得分总表")
    row = next(iter(read.rows(sheet)))
    o1, o2 = (next(value for name, value in row.items() if f"/{code} " in name) for code in ("O1", "O2"))
    assert (o1, o2) == ("无数据", 24.0)
    assert any(text.startswith("O1 镇街万人事故控制 无数据 1 个所：S1") for text in texts(sheet))
    details = {row["指标"]: row for row in read.rows(read.sheet_of(book, "指标明细"))}
    lost = details["O1 镇街万人事故控制"]
    assert (lost["满分"], lost["得分"]) == (0, "—")
    assert "无数据" in lost["失分原因"] and "15 分" in lost["失分原因"]
    grown = details["O2 辖区交通事故警情控制"]
    assert (grown["满分"], grown["得分"]) == (30, 24)
    assert "30" in grown["失分原因"] and "15" in grown["失分原因"]
    rules = {row["项目"]: row["说明"] for row in read.rows(read.sheet_of(book, "统计口径"))}
    assert "O1 镇街万人事故控制 无数据" in rules["缺数据与分值调整"]


def test_a_block_without_data_leaves_no_total_no_rank_and_a_grey_word() -> None:
    shown = view(assessed.worked("S1", without=("accidents_year", "accidents")))
    row, total = scores(shown)
    assert (row["排名"], row["总分"], row["赋色"]) == ("—", "—", "无总分")
    assert [value for name, value in row.items() if name.startswith("结果性")] == ["无数据"] * 3
    assert total["赋色"] == "灰 1"
    reasons = [line["失分原因"] for line in read.rows(read.sheet_of(workbook(shown), "指标明细"))][:2]
    assert all("无总分" in str(reason) for reason in reasons)


def test_every_lost_point_has_a_reason_and_every_part_its_share() -> None:
    whole: dict[str, Any] = {}
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in read.rows(read.sheet_of(workbook(view()), "指标明细")):
        code = row["指标"].split(" ")[0]
        if code in assessed.RULES.by_code:
            whole = row
            assert row["失分原因"] or row["满分"] - row["得分"] < 0.01
        else:
            parts.setdefault(f"{whole['指标']} {whole['派出所']}", []).append(row)
        if code not in assessed.RULES.by_code and row["满分"] != "—":
            mine = parts[f"{whole['指标']} {whole['派出所']}"]
            if len(mine) == 2:
                for column in ("满分", "得分"):
                    assert sum(one[column] for one in mine) == pytest.approx(whole[column], abs=0.011)
    assert {len(found) for found in parts.values()} == {2, 4}  # P1, P6, P7 and P4 have two, P5 four
    assert len(parts) == 3 * 5


def test_values_are_shares_counts_and_rates_and_changes_say_what_they_are() -> None:
    rows = {row["指标"]: row for row in read.rows(read.sheet_of(workbook(view(assessed.worked())), "指标明细"))}
    o1, o2, p2 = (rows[name] for name in ("O1 镇街万人事故控制", "O2 辖区交通事故警情控制", "P2 电动车头盔佩戴率"))
    assert (o1["分子"], o1["分母"], o1["指标值"], o1["上年同期"], o1["同比"]) == (182, 10, 18.2, 20, -0.09)
    assert (o2["分子"], o2["指标值"], o2["上年同期"], o2["同比"]) == (95, 95, 100, -0.05)
    assert (p2["分子"], p2["分母"], p2["指标值"], p2["满分"], p2["得分"]) == (880, 1000, 0.88, 12, 11.04)


@pytest.mark.parametrize(
    ("now", "base", "form", "value"),
    [
        (12.0, 10.0, Form.CHANGE, 0.2),
        (3.0, 0.0, Form.CHANGE, "— 新增 3"),
        (0.0, 0.0, Form.CHANGE, "均为零"),
        (None, 10.0, Form.CHANGE, None),
        (4.0, None, Form.CHANGE, None),
        (0.85, 0.8, Form.RATE, 5.0),
    ],
)
def test_a_change_against_nothing_is_never_a_percentage(now: Any, base: Any, form: Form, value: Any) -> None:
    found = change(now, base, form, ZH).value
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


# harm, adjustments, correction ------------------------------------------------------------------


def test_the_four_figures_add_up_and_unknown_is_not_zero() -> None:
    shown = view()
    units = [line.unit for group in shown.groups for line in group.lines]
    harm = (
        HarmLine(units[0], Harm(10, 1, 4, 1200.0, 8), Harm(8, 0, 5, 1000.0, 8)),
        HarmLine(units[1], Harm(2, 0, 0, 0.0, 0), Harm(4, 0, 1, 0.0, 0)),
        HarmLine(None, Harm(1), Harm(0)),
    )
    first, second, rest, total = read.rows(read.sheet_of(workbook(shown, *harm), "四项指数"))
    assert [first[f"起数/{name}"] for name in ("本期", "上年同期", "同比")] == [10, 8, 0.25]
    assert (first["死亡/同比"], first["受伤/同比"]) == ("— 新增 1", -0.2)
    assert (second["财产损失（元）/本期"], second["财产损失（元）/同比"]) == ("—", "—")
    assert rest["单位"] == "未落到上列派出所"
    assert (total["单位"], total["起数/本期"], total["财产损失（元）/本期"]) == ("合计", 13, 1200)
    unknown = [replace(line, base=None) for line in harm]
    *_, total = read.rows(read.sheet_of(workbook(shown, *unknown), "四项指数"))
    assert (total["起数/上年同期"], total["起数/同比"]) == ("—", "—")


def test_adjustments_are_listed_line_by_line_with_their_document_and_sum() -> None:
    lines = [assessed.adjustment(1.5, "S1", 1), assessed.adjustment(-2.0, "S3", 2, document="〔2024〕12号")]
    found = read.opened(assessment_xlsx(read.month_book(read.ranking(assessed.month(*_three()), lines)), CATALOGUE, ZH))
    *rows, total = read.rows(read.sheet_of(found, "加减分"))
    assert [(row["派出所"], row["分值"], row["依据"]) for row in rows] == [
        ("S1", 1.5, "2024-12"),
        ("S3", -2, "〔2024〕12号"),
    ]
    assert rows[0]["登记时间"] == datetime(2024, 5, 20, 9)
    assert total["分值"] == -0.5


def _three() -> list[Any]:
    return [assessed.worked(code, district=f"D{code}") for code in ("S1", "S2", "S3")]


def test_a_month_without_adjustments_says_so() -> None:
    *rows, total = read.rows(read.sheet_of(workbook(view()), "加减分"))
    assert ([row["派出所"] for row in rows], total["分值"]) == (["无"], 0)


def test_a_correction_has_its_own_sheet_and_every_sheet_names_the_version() -> None:
    again = replace(LOCK, version=2, status="corrected", note="补录")
    shown = replace(
        view(state=LOCKED, lock=again, versions=(LOCK, again), stale=True),
        changes=(
            Difference("S1", "P3", 9.6, 0.0),
            Difference("S1", "rank", 1, 3),
            Difference("S1", "total", 84.64, None),
        ),
    )
    book = workbook(shown)
    rows = [tuple(row.values()) for row in read.rows(read.sheet_of(book, "更正对照"))]
    assert rows == [
        ("S1", "P3 重点路段重点时段劝导率", 9.6, 0),
        ("S1", "排名", 1, 3),
        ("S1", "总分", 84.64, "—"),
    ]
    for sheet in book.worksheets:
        assert "第 2 版，更正，由 王某" in sheet["A2"].value and sheet["A2"].value.endswith("补录")
    said = list(read.rows(read.sheet_of(book, "统计口径")))
    topics = [row["项目"] for row in said]
    assert {"历次版本", "依据数据摘要"} <= set(topics)
    assert any("有变化" in row["说明"] for row in said)


def test_a_running_month_says_up_to_when_it_is_counted() -> None:
    shown = read.ranking(assessed.month(assessed.worked(), pace=0.5))
    assert "2024年5月16日 13:00:00" in read.sheet_of(workbook(shown), "得分总表")["A2"].value
    assert "50.0" in read.sheet_of(workbook(shown), "得分总表")["A2"].value


def test_invented_data_are_marked_on_every_sheet_and_real_ones_on_none() -> None:
    assert all("模拟数据" in texts(sheet) for sheet in workbook(view(demo=True)).worksheets)
    assert not any("模拟数据" in text for sheet in workbook(view()).worksheets for text in texts(sheet))


# safety, names, languages -----------------------------------------------------------------------


def test_text_never_becomes_a_formula() -> None:
    names = dict(zip(("S1", "S2", "S3"), ATTACKS, strict=False))
    lines = [
        assessed.adjustment(0.1, "S1", number, matter=attack, document=attack, author=attack)
        for number, attack in enumerate(ATTACKS)
    ]
    lock = replace(LOCK, locked_by="=1+1", note="=2+2")
    given = {"names": names, "state": LOCKED, "lock": lock, "versions": (lock,)}
    shown = read.ranking(assessed.month(*_three()), lines, **given)
    book = workbook(replace(shown, changes=(Difference("=1+1", "total", 1.0, 2.0),)))
    seen = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None
                seen.add(cell.value)
    assert set(ATTACKS) <= seen
    table = list(csv.reader(io.StringIO(assessment_csv(shown, CATALOGUE, ZH).decode("utf-8-sig"), newline="")))
    column = table[0].index("派出所")
    assert [row[column] for row in table[1:4]] == [f"'{names[code]}" for code in ("S1", "S2", "S3")]


def test_the_text_table_has_a_line_a_station_and_numbers_as_numbers() -> None:
    lines = [assessed.adjustment(-1.5, "S1", 1)]
    shown = read.ranking(assessed.month(*_three()), lines)
    body = assessment_csv(shown, CATALOGUE, EN)
    assert body.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in table[:4]} == {len(table[0])}
    first = dict(zip(table[0], table[1], strict=True))
    assert (first["Code"], first["Deduction"]) == ("S1", "1.5")
    assert first["Total"] == f"{read.half_up(shown.groups[0].lines[0].score.total):g}"


def test_the_file_is_called_as_the_notice() -> None:
    assert file_name(Month(2024, 5), ZH) == "交治融合月考核通报(2024年5月)"
    assert (month_name(Month(2024, 5), EN), month_name(Month(2024, 5), ZH)) == ("May 2024", "2024年5月")


@pytest.mark.parametrize("t", [ZH, EN])
def test_both_languages_can_write_every_sheet(t: Any) -> None:
    without = ("helmets", "training", "lowered", "raised", "accidents")
    shown = view(
        assessed.worked("S1", mode="basic", without=without, residents_10k=None),
        assessed.worked("S2", mode="full", now={"helmets": Amount(100, 200), "accidents": Amount(3)}),
        demo=True,
    )
    book = workbook(shown, HarmLine(None, Harm(1), None), t=t)
    said = [text for sheet in book.worksheets for text in texts(sheet)]
    assert not any("assessmentbook." in text for text in said)
    if t is EN:
        assert not any("\u4e00" <= letter <= "\u9fff" for text in said for letter in text)


def test_the_dust_of_fractions_is_cut_before_rounding() -> None:
    assert rounded(89.99499999999999, "points") == 90.0
    assert rounded(-0.004, "points") == 0.0 and str(rounded(-0.001, "points")) == "0.0"
    assert plain(Cell(0.8745, "share")) == "0.875"
    assert plain(Cell(None, "points")) == "—"
