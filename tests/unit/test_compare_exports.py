"""The comparison page as a workbook and as a text table, read back with another library, against the view itself."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import Cell

from domain.compare_views import UNITS, CompareView, UnitRow, UnitTable
from exports.book import fills
from exports.compare_sheets import FILLS, FORMS, rounded
from exports.compare_table import compare_csv, compare_xlsx
from i18n import Translator, translator
from i18n.compare_words import bound_text, changed_text, figure_name, percent_text, row_name, tone
from tests.support import compare_views as cv
from tests.support.sheets import FIRST, bare, displayed, heads, plain, table, text_lines

ZH, EN = translator("zh", strict=True), translator("en", strict=True)
QUESTIONS: list[dict[str, str]] = [
    {},
    {"unit": "kind"},
    {"base": "none"},
    {"preset": "year", "base": "weekday", "unit": "region"},
    {"from": "2026-11-01", "to": "2026-11-07", "base": "free", "base_from": "2025-11-03", "base_to": "2025-11-09"},
]


ASKED = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: "&".join(map("=".join, one.items())) or "month")
SPOKEN = pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])


def opened(view: CompareView, t: Translator, **given: object) -> openpyxl.Workbook:
    book = cv.book(view.asked, **given)
    return openpyxl.load_workbook(io.BytesIO(compare_xlsx(book, cv.RULES, t)))


def text_table(view: CompareView, t: Translator) -> list[list[str]]:
    return text_lines(compare_csv(view, cv.RULES, t))


# the workbook ----------------------------------------------------------------------------------


def test_every_table_of_the_page_has_a_sheet_in_the_house_style():
    book = opened(cv.view(), ZH)
    units = ["派出所", "辖区", "区域类型", "融合模式", "类别与细类"]
    assert book.sheetnames == ["总览", "率", *units, "变化显著", "统计口径"]
    for sheet in book.worksheets[:-1]:
        assert sheet["A1"].value == f"同比环比 · {sheet.title}"
        assert sheet.print_title_rows == "$4:$5", "both rows of heads stand on every printed page"
        assert sheet.freeze_panes in ("B6", "C6", "D6")
        assert sheet.page_setup.orientation == "landscape"
        assert "模拟数据" in [cell.value for cell in sheet[2]]
        assert str(sheet["A2"].value).startswith("本期 本月 2026-11-01 — 11-20 截至 14:20；同期 上年同日期 2025-11-01")
        assert str(sheet["A3"].value).startswith("统计时间截至 2026年11月20日 14:20:05")


@SPOKEN
@ASKED
def test_each_heads_group_stands_over_its_own_columns(t, question):
    for sheet in opened(cv.view(cv.asked(**question)), t).worksheets[:-1]:
        merged = {str(one) for one in sheet.merged_cells.ranges}
        upper = [cell for cell in sheet[FIRST - 2] if cell.value is not None]
        for cell, following in pairwise([*upper, None]):
            last = following.column - 1 if following else sheet.max_column
            below = sheet.cell(FIRST - 1, cell.column).value
            reach = f"{cell.coordinate}:{sheet.cell(FIRST - (1 if below is None else 2), last).coordinate}"
            assert reach in merged or cell.column == last
        assert len(set(heads(sheet))) == sheet.max_column, "no two columns have the same name"


@SPOKEN
@ASKED
def test_a_counter_reads_as_on_the_page(t, question):
    view = cv.view(cv.asked(**question))
    found = table(opened(view, t).worksheets[0])
    assert len(found) == len(view.lines)
    for line in view.lines:
        row = found[(figure_name(line.code, cv.RULES, t),)]
        assert row["", t("compare.table.now")].value == ("—" if line.absent else line.now)
        for group, base, change in (
            ("yoy", line.base, line.change),
            ("pop", line.previous, line.previous_change),
        ):
            name = {"yoy": "base", "pop": "previous"}[group]
            if name not in view.days:
                assert not [head for head in row if head[0] == t(f"compare.table.{group}")]
                continue
            cells = {head[1]: cell for head, cell in row.items() if head[0] == t(f"compare.table.{group}")}
            assert cells[t(f"compare.when.{name}")].value == ("—" if base is None else base)
            assert displayed(cells[t("compare.export.change")]) == plain(percent_text(change, t))
            low, high = cells[t("compare.export.low")], cells[t("compare.export.high")]
            assert [plain(displayed(one)) for one in (low, high)] == [
                plain(bound_text(end, change, t)) if end is not None else "—" for end in (change.low, change.high)
            ]
            if change.verdict in ("none", "unknown"):
                assert cells[t("compare.export.p")].value == "—"
            else:
                assert cells[t("compare.export.p")].value == pytest.approx(change.p, abs=5e-7)


def test_what_is_told_from_chance_has_a_colour_and_the_word_and_nothing_else_has():
    view, ground = cv.view(), fills()
    found = table(opened(view, ZH).worksheets[0])
    seen = set()
    for line in view.lines:
        row, figure = found[(figure_name(line.code, cv.RULES, ZH),)], cv.RULES.figure(line.code)
        told, word = row["同比", "变化"], row["同比", "判断"].value
        real = line.change.verdict in ("more", "fewer")
        fill = ground[FILLS[tone(line.change.verdict, figure.good)]] if real else None
        assert (told.fill.fgColor.rgb if told.fill.fill_type else None) == (fill and f"FF{fill[1:].upper()}")
        expected = "数据中没有这项标记" if line.absent else {"chance": "偶然范围内", "none": "两期均为零"}
        assert word == (expected if line.absent else "超出偶然" if real else expected[line.change.verdict])
        seen.add(word)
    assert seen == {"超出偶然", "偶然范围内", "两期均为零", "数据中没有这项标记"}


def test_rates_hold_their_parts_and_change_in_percentage_points():
    view = cv.view()
    found = table(opened(view, ZH).worksheets[1])
    for line in view.shares:
        row = found[(figure_name(line.code, cv.RULES, ZH),)]
        if line.absent:
            assert {row["本期", "率"].value, row["同比", "百分点"].value} == {"—"}
            assert row["同比", "判断"].value == "数据中没有这项标记"
            continue
        assert displayed(row["本期", "率"]) == plain(ZH.percent(line.change.now, 2))
        assert (row["本期", "分子"].value, row["本期", "分母"].value) == line.now
        assert (row["同期", "分子"].value, row["同期", "分母"].value) == line.base
        assert displayed(row["同比", "百分点"]) == f"{line.change.points:+.2f}"
        assert row["同比", "判断"].value == ("超出偶然" if line.change.verdict == "more" else "偶然范围内")
        goal = cv.RULES.share(line.code).goal
        assert displayed(row["", "目标"]) == ("—" if goal is None else f"{goal:.1f}%")


@SPOKEN
@ASKED
def test_a_table_by_unit_reads_as_on_the_page(t, question):
    view = cv.view(cv.asked(**question))
    book = opened(view, t)
    for unit in UNITS:
        made, sheet = cv.table(view, unit), book[t(f"compare.unit.{unit}")]
        rows = list(sheet.iter_rows(min_row=FIRST))
        assert rows[-1][1].value == t("compare.table.total"), "the total is the last row"
        for line, cells in zip((*made.rows, made.total), rows, strict=True):
            _agrees(view, made, line, dict(zip(heads(sheet), cells, strict=True)), t)


def _agrees(view: CompareView, made: UnitTable, line: UnitRow, row: dict[tuple[str, str], Cell], t: Translator) -> None:
    total = line is made.total
    if not total:
        assert (row["", t("compare.export.code")].value or "") == line.code.strip("-")
        assert row_name(line, made.unit, t) in {cell.value for cell in row.values()}
    assert row["", t("compare.table.word")].value == (t(f"compare.word.{line.word}") if line.word else "—")
    if any(one.per_residents is not None for one in made.rows):
        per = line.per_residents
        assert displayed(row["", t("compare.table.per")]) == plain(t.number(per, 2))
    for code, cell in zip(made.figures, line.cells, strict=True):
        mine = {head[1]: one for head, one in row.items() if head[0] == figure_name(code, cv.RULES, t)}
        assert mine[t("compare.table.now")].value == cell.now
        assert displayed(mine[t("compare.table.share")]) == plain(t.percent(cell.share))
        assert mine[t("compare.when.previous")].value == cell.previous
        before = changed_text(cell.now, cell.previous, cell.previous_percent, t)
        assert displayed(mine[t("compare.table.pop")]) == plain(before)
        if view.asked.periods.base is None:
            assert t("compare.table.yoy") not in mine
            continue
        assert mine[t("compare.table.base")].value == cell.base
        shown = mine[t("compare.table.yoy")]
        assert displayed(shown) == plain(changed_text(cell.now, cell.base, cell.percent, t))
        assert shown.alignment.horizontal == "right"
        word = t("compare.export.real") if cell.sign else t("compare.verdict.chance")
        nothing = not cell.now and not cell.base
        assert mine[t("compare.export.judged")].value == (t("compare.verdict.none") if nothing else word)
        assert bool(shown.fill.fill_type) == bool(cell.sign)


def test_a_subclass_says_which_class_it_is_part_of():
    found = table(opened(cv.view(), ZH)["类别与细类"], 3)
    names = [("accident", "事故", ""), ("accident/minor", "事故", "轻伤"), ("accident/fatal", "事故", "亡人")]
    assert list(found)[:3] == names


def test_a_base_that_the_data_do_not_reach_is_not_judged():
    view = cv.view(short=date(2025, 11, 10))
    book = opened(view, ZH, short=date(2025, 11, 10))
    for sheet in book.worksheets[2:7]:
        judged = [at for at, head in enumerate(heads(sheet)) if head[1] == "判断"]
        changes = [at for at, head in enumerate(heads(sheet)) if head[1] == "同比"]
        for row in sheet.iter_rows(min_row=FIRST):
            assert {row[at].value for at in judged} == {"无法比较"}
            assert {row[at].value for at in changes} == {"—"}
    counters = table(book.worksheets[0])
    assert {row["同比", "判断"].value for row in counters.values()} == {"无法比较", "数据中没有这项标记"}
    assert any("数据始于 2025年11月10日" in str(row[0].value) for row in book.worksheets[-1].iter_rows())


def test_what_changed_is_listed_with_how_sure_it_is():
    view = cv.view()
    sheet = opened(view, ZH)["变化显著"]
    assert "40" in sheet["A3"].value and "5%" in plain(sheet["A3"].value)
    rows = list(sheet.iter_rows(min_row=FIRST))
    assert len(rows) == len(view.found) > 1
    for one, cells in zip(view.found, rows, strict=True):
        row = dict(zip(heads(sheet), cells, strict=True))
        assert (row["", "代码"].value, row["", "本期"].value) == (one.unit.code, one.change.now)
        assert row["同比", "同期"].value == one.change.base
        assert displayed(row["同比", "变化"]) == plain(percent_text(one.change, ZH))
        assert row["同比", "判断"].value == "超出偶然"
        assert row["", "q 值"].value == pytest.approx(one.q)
        assert displayed(row["", "多/少于同期水平"]) == f"{one.excess:+,.0f}"


def test_nothing_found_says_why():
    for given_, said in (({}, "没有完整的同期"), ({"tested": 0}, "没有足够的起数"), ({"tested": 9}, "没有哪个派出所")):
        short = None if given_ else date(2025, 11, 10)
        view = replace(cv.view(short=short), found=(), **given_)
        book = replace(cv.book(short=short), view=view)
        sheet = openpyxl.load_workbook(io.BytesIO(compare_xlsx(book, cv.RULES, ZH)))["变化显著"]
        assert said in sheet["A3"].value


def test_the_definitions_say_periods_range_figures_rules_and_cut():
    view = cv.view(cv.asked(district="D1", region="rural", hours="whole"))
    lines = [str(row[0].value) for row in opened(view, ZH).worksheets[-1].iter_rows()]
    text = "\n".join(lines)
    assert lines[0] == "统计口径"
    for part in (
        "本期：本月 2026-11-01 — 11-20 截至 14:00 19.6 天：工作日 14、周末 6、节假日 0",
        "同期：上年同日期 2025-11-01 — 11-20 截至 14:00",
        "上期：2026-10-01 — 10-20 截至 14:00",
        "条件：辖区：第1中队；区域类型：农村",
        "各期都只算到最近的整点",
        "有效交通警情 1.50",
        "拥堵报警：类别：秩序；细类：拥堵",
        "死亡人数：死亡人数之和",
        "重复率 ＝ 重复警情 ÷ 有效交通警情",
        f"指标规则版本 {cv.RULES.version}",
        "统计时间截至 2026年11月20日 14:20:05",
        "模拟数据",
    ):
        assert part in text, part


def test_real_data_are_not_called_simulated():
    book = opened(cv.view(demo=False), ZH, demo=False)
    assert "模拟数据" not in {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}


# the text table --------------------------------------------------------------------------------


@pytest.mark.parametrize(("t", "unit"), [(ZH, "station"), (EN, "district"), (ZH, "region"), (EN, "mode"), (ZH, "kind")])
@ASKED
def test_the_text_table_is_the_sheet_of_its_unit(t, question, unit):
    view = cv.view(cv.asked(**{**question, "unit": unit}))
    book = opened(view, t)
    sheet, lines = book[t(f"compare.unit.{unit}")], text_table(view, t)
    names = [" ".join(part for part in head if part) for head in heads(sheet)]
    assert [head.removesuffix(" %") for head in lines[0]] == names
    rows = list(sheet.iter_rows(min_row=FIRST))
    for cells, line in zip(rows, lines[1:], strict=False):
        assert [bare(cell) for cell in cells] == line
    assert lines[len(rows)][1] == t("compare.table.total")
    defined = [str(row[0].value) for row in book.worksheets[-1].iter_rows(min_row=2)]
    assert [line[0] for line in lines[1 + len(rows) :]] == defined


def test_percentages_of_the_text_table_are_numbers_with_two_decimals():
    view = cv.view()
    lines = text_table(view, ZH)
    at = lines[0].index("有效交通警情 同比 %")
    shown = [line[at] for line in lines[1 : 2 + len(view.table.rows)]]
    assert shown[:4] == ["-60.00", "新增 7", "0.00", "37.50"]
    assert all("%" not in text and "+" not in text for text in shown)


def test_a_name_never_becomes_a_formula():
    attacks = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")
    units = tuple(
        replace(one, name=attack, short_name=attack, name_en=attack)
        for one, attack in zip(cv.stations(len(attacks)), attacks, strict=True)
    )
    view = cv.view(units=units)
    assert [line[1][0] for line in text_table(view, ZH)[1 : 1 + len(attacks)]] == ["'"] * len(attacks)
    sheet = opened(view, ZH, units=units)["派出所"]
    assert {sheet.cell(FIRST + n, 2).data_type for n in range(len(attacks))} == {"s"}
    assert not any(cell.data_type == "f" for one in sheet.parent for row in one.iter_rows() for cell in row)


# numbers ---------------------------------------------------------------------------------------


@given(st.floats(-1e5, 1e5, allow_subnormal=False))
def test_a_number_is_rounded_as_the_page_rounds_it(value):
    cell = openpyxl.Workbook().active["A1"]
    for form, page in (
        ("change", ZH.change(value)),
        ("bound", ZH.change(value, 1)),
        ("rate", ZH.percent(value, 2)),
        ("share", ZH.percent(value)),
        ("number", ZH.number(value, 2)),
        ("count", ZH.number(value)),
    ):
        cell.value, cell.number_format = rounded(value, FORMS[form]), FORMS[form].code
        assert displayed(cell) == plain(page)
