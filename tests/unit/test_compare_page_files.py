"""Files of clocks, trend and fair comparison, read back with another library, against what the pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell

from domain.clock_views import ClockPart, ClocksView
from domain.compare_views import CompareBook
from exports import compare_clocks, compare_fair, compare_table, compare_trend
from exports.book import fills
from exports.compare_sheets import FILLS
from i18n import Translator, translator
from i18n.clock_words import length
from i18n.compare_words import tone
from tests.support import sheets
from tests.support.compare_city import RULES, City, city, nothing
from tests.support.compare_drawn import LANGS, QUESTIONS, drawn, look
from tests.support.sheets import displayed, heads, plain
from tests.support.trees import classes_of, given_of, of_class, shown, tagged

ASKED = pytest.mark.parametrize("question", QUESTIONS)
SPOKEN = pytest.mark.parametrize("lang", LANGS)
Row = dict[tuple[str, str], Cell]
MEAN_RULE = replace(RULES, trend=replace(RULES.trend, rule="mean"), version="mean")


def words(lang: str) -> Translator:
    return translator(lang, strict=True)


WRITE: dict[str, Callable[..., bytes]] = {
    "clocks.xlsx": lambda here, t, **args: compare_clocks.clocks_xlsx(here.clocks(**args), here.asked(**args), t),
    "clocks.csv": lambda here, t, **args: compare_clocks.clocks_csv(here.clocks(**args), here.asked(**args), t),
    "trend.xlsx": lambda here, t, **args: compare_trend.trend_xlsx(here.trend(**args), here.rules, t),
    "trend.csv": lambda here, t, **args: compare_trend.trend_csv(here.trend(**args), here.rules, t),
    "fair.xlsx": lambda here, t, **args: compare_fair.fair_xlsx(here.fair(**args), here.rules, t),
    "fair.csv": lambda here, t, **args: compare_fair.fair_csv(here.fair(**args), here.rules, t),
}


@cache
def book(name: str, question: str, lang: str = "zh") -> openpyxl.Workbook:
    return sheets.opened(WRITE[f"{name}.xlsx"](city(), words(lang), **QUESTIONS[question]))


@cache
def page_of(name: str, question: str, lang: str) -> Any:
    return drawn(name, look(lang), **QUESTIONS[question])


def of(here: City, name: str, lang: str = "zh", **args: str) -> openpyxl.Workbook:
    return sheets.opened(WRITE[f"{name}.xlsx"](here, words(lang), **args))


def flat(text: str) -> str:
    """Without blanks, numbers as a spreadsheet writes them."""
    return "".join(plain(text).split())


def says(node: Any) -> str:
    """All words of a part of a page."""
    return flat(shown(node)) if isinstance(node, list) else flat(str(node))


def body(page: Any, *names: str) -> list[Any]:
    """The rows of the table with these classes, its foot last."""
    (found,) = [one for one in tagged(page, "table") if set(names) <= classes_of(one)]
    (inner,) = tagged(found, "tbody")
    return [row for part in (inner, *tagged(found, "tfoot")) for row in tagged(part, "tr")]


# every file ------------------------------------------------------------------------------------

SHEETS = {
    "clocks": ["时效", "时段分布", "分派出所", "分小时", "分类别", "统计口径"],
    "trend": ["逐月起数", "与往年同月", "逐月控制图", "信号", "统计口径"],
    "fair": ["派出所", "统计口径"],
}
TITLES = {"clocks": "响应时效 · ", "trend": "趋势：有效交通警情 · ", "fair": "公平比较：有效交通警情 · "}


@pytest.mark.parametrize("name", SHEETS)
def test_every_table_of_a_page_has_a_sheet_in_the_house_style(name: str) -> None:
    found = book(name, "as it opens")
    assert found.sheetnames == SHEETS[name]
    for sheet in found.worksheets[:-1]:
        assert sheet["A1"].value == TITLES[name] + sheet.title
        assert sheet["A2"].value.startswith("本期 本月 2024-05-01 — 05-07 截至 13:05；")
        assert sheet["A3"].value.startswith("统计时间截至 2024年5月7日 13:05:00")
        assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$4:$5", "landscape")
    assert "统计时间截至 2024年5月7日 13:05:00" in sheets.defined(found)


@SPOKEN
@ASKED
@pytest.mark.parametrize("name", SHEETS)
def test_no_two_columns_have_the_same_name_and_groups_stand_over_their_own(name: str, question: str, lang: str) -> None:
    for sheet in book(name, question, lang).worksheets[:-1]:
        assert len(set(heads(sheet))) == sheet.max_column
        merged = {str(one) for one in sheet.merged_cells.ranges}
        upper = [cell for cell in sheet[sheets.FIRST - 2] if cell.value is not None]
        for cell, following in pairwise([*upper, None]):
            last = following.column - 1 if following else sheet.max_column
            below = sheet.cell(sheets.FIRST - 1, cell.column).value
            end = sheet.cell(sheets.FIRST - (1 if below is None else 2), last)
            assert f"{cell.coordinate}:{end.coordinate}" in merged or cell.column == last


@SPOKEN
@ASKED
@pytest.mark.parametrize("name", SHEETS)
def test_the_text_table_holds_the_sheets_one_below_the_other(name: str, question: str, lang: str) -> None:
    found = book(name, question, lang)
    lines = sheets.text_lines(WRITE[f"{name}.csv"](city(), words(lang), **QUESTIONS[question]))
    wanted: list[list[str]] = []
    for sheet in found.worksheets[:-1]:
        wanted += [[sheet.title]] if name != "fair" else []
        wanted.append([" ".join(part for part in head if part) for head in heads(sheet)])
        wanted += [[sheets.bare(cell) for cell in row.values()] for row in sheets.rows(sheet)]
        wanted += [[]] if name != "fair" else []
    wanted += [[line] for line in sheets.defined(found)]
    assert [[cell.removesuffix(" %") for cell in line] for line in lines] == wanted


@SPOKEN
@pytest.mark.parametrize("name", SHEETS)
def test_an_empty_database_gives_heads_and_the_reason_and_no_zeros(name: str, lang: str) -> None:
    t, found = words(lang), of(nothing(), name, lang)
    why = {
        "clocks": t("clocks.none"),
        "trend": t("trend.empty"),
        "fair": t("fair.none", name=RULES.figure(RULES.main).name(lang)),
    }[name]
    for sheet in found.worksheets[:-1]:
        assert (sheets.rows(sheet), len(heads(sheet)) > 1) == ([], True)
        assert why in sheet["A3"].value
    assert why in sheets.defined(found)


@pytest.mark.parametrize("name", SHEETS)
def test_real_data_are_not_called_simulated(name: str) -> None:
    here = city()
    view = getattr(here, name)()
    shown_as = replace(view, board=replace(view.board, demo=True))
    write = {
        "clocks": lambda one, t: compare_clocks.clocks_xlsx(one, here.asked(), t),
        "trend": lambda one, t: compare_trend.trend_xlsx(one, RULES, t),
        "fair": lambda one, t: compare_fair.fair_xlsx(one, RULES, t),
    }[name]
    for one, demo in ((view, False), (shown_as, True)):
        found = sheets.opened(write(one, words("zh")))
        marked = ["模拟数据" in {cell.value for row in sheet.iter_rows() for cell in row} for sheet in found]
        assert marked == [demo] * len(found.worksheets)


def test_a_rate_of_a_period_before_the_data_cannot_be_compared_on_page_and_in_file() -> None:
    here, question = city(), QUESTIONS["where the data begin"]
    view = here.compare(**question)
    assert view.days["now"].short and {line.now for line in view.shares} == {None}
    page = drawn("overview", look(), **question)
    rows = tagged(tagged(of_class(page, "cp-shares")[0], "tbody")[0], "tr")
    known = [row for row, line in zip(rows, view.shares, strict=True) if not line.absent]
    assert {says(cell) for row in known for cell in of_class(row, "delta")} == {"无法比较"}
    made = CompareBook(view, (view.table,))
    sheet = sheets.opened(compare_table.compare_xlsx(made, RULES, words("zh")))["率"]
    words_of = [
        {cell.value for (_, name), cell in row.items() if name == "判断"}
        for row, line in zip(sheets.rows(sheet), view.shares, strict=True)
        if not line.absent
    ]
    assert words_of == [{"无法比较"}] * len(known) != []


# clocks ----------------------------------------------------------------------------------------

OPEN = {"waiting": "waiting", "overdue": "overdue", "unusable": "wrong"}


def clocks(question: str) -> ClocksView:
    return city().clocks(**QUESTIONS[question])


WITH_ORDERS = [name for name in QUESTIONS if any(part.now.rows for part in clocks(name).clocks)]
BUSY = pytest.mark.parametrize("question", WITH_ORDERS)


def cards(question: str, lang: str) -> list[Any]:
    return of_class(page_of("clocks", question, lang), "cp-card")


@SPOKEN
@BUSY
def test_a_clock_reads_as_on_its_card(question: str, lang: str) -> None:
    t, sheet = words(lang), book("clocks", question, lang).worksheets[0]
    for part, card, row in zip(clocks(question).clocks, cards(question, lang), sheets.rows(sheet), strict=True):
        name, limit = [cell.value for cell in row.values()][:2]
        assert says(tagged(card, "h3")[0]) == flat(f"{name}{limit}")
        times = [row[t("clocks.export.seconds"), t(f"clocks.{one}")].value for one in ("mean", "p50", "p90")]
        wanted = [flat(length(None if one == "—" else one, t)) for one in times]
        assert [says(one) for one in tagged(of_class(card, "cp-times")[0], "dd")] == wanted
        for key, head in OPEN.items():
            number = row["", t(f"clocks.export.{head}")].value
            assert number == getattr(part.now, key)
            assert (flat(t(f"clocks.{key}", n=t.number(number))) in says(card)) == bool(number)
        _judged(part, card, row, t)


def _judged(part: ClockPart, card: Any, row: Row, t: Translator) -> None:
    """Shares and their changes, coloured as the card is, and the word beside them."""
    now = t("compare.when.now")
    rate, hit, due = (row[now, t(f"clocks.export.{name}")] for name in ("rate", "hit", "due"))
    if not compare_clocks.judged(part):
        assert (rate.value, hit.value, due.value) == ("—",) * 3
        return
    assert says(of_class(card, "big")[0]).startswith(displayed(rate))
    assert says(of_class(card, "per")[0]) == flat(t("clocks.percent", hit=t.number(hit.value), due=t.number(due.value)))
    others = {"yoy": ("base", part.change), "pop": ("previous", part.change_previous)}
    for group, (key, change) in others.items():
        lines = of_class(card, group)
        assert bool(lines) == (change is not None)
        for line in lines:
            points, word = (row[t(f"compare.card.{group}"), t(f"compare.export.{n}")] for n in ("points", "judged"))
            (delta,) = of_class(line, "delta")
            assert change is not None and displayed(points) in says(delta)
            assert displayed(row[t(f"compare.when.{key}"), t("clocks.export.rate")]) in says(line)
            assert word.value == told_as(t, few=part.now.few, verdict=change.verdict)
            colour = "grey" if part.now.few else tone(change.verdict, "up")
            assert sheets.filled(points) == ("" if colour == "grey" else fills()[FILLS[colour]])


def told_as(t: Translator, *, few: bool, verdict: str) -> str:
    if few:
        return t("clocks.few")
    return t("compare.export.real") if verdict in ("more", "fewer") else t(f"compare.verdict.{verdict}")


@SPOKEN
@BUSY
def test_the_bands_are_those_of_the_cards(question: str, lang: str) -> None:
    told = [
        [says(one) for one in (tagged(card, "h3")[0][1], *tagged(item, "span", "b"))] + [flat(given_of(item)["title"])]
        for card in cards(question, lang)
        for bands in of_class(card, "cp-bands")
        for item in tagged(bands, "li")
    ]
    t, parts = words(lang), clocks(question).clocks
    timed = {part.clock.name(lang) for part in parts if part.now.done}
    rows = [list(row.values()) for row in sheets.rows(book("clocks", question, lang).worksheets[1])]
    found = [
        [
            flat(name.value),
            flat(band.value),
            displayed(share),
            flat(t("clocks.share", n=displayed(count), share=displayed(share))),
        ]
        for name, band, count, share in rows
        if name.value in timed
    ]
    assert found == told != []


TABLES = {"stations": 2, "hours": 3, "classes": 4}


@SPOKEN
@BUSY
@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_clocks_reads_as_on_the_page(name: str, question: str, lang: str) -> None:
    t, parts = words(lang), clocks(question).clocks
    drawn_rows = body(page_of("clocks", question, lang), f"k-{name}")
    rows = sheets.rows(book("clocks", question, lang).worksheets[TABLES[name]])
    assert len(rows) == len(drawn_rows) > 1
    compared = t("compare.export.points") in {head[1] for head in rows[0]}
    for row, line in zip(rows, drawn_rows, strict=True):
        assert says(tagged(line, "th")[0]) in {flat(str(cell.value)) for cell in row.values()}
        mine = [{head[1]: cell for head, cell in row.items() if head[0] == part.clock.name(lang)} for part in parts]
        assert [says(cell) for cell in tagged(line, "td")] == [
            one for cells in mine for one in _cells(cells, t, compared=compared)
        ]


def _cells(row: dict[str, Cell], t: Translator, *, compared: bool) -> list[str]:
    """A clock's cells of the page, made of those of the sheet."""
    rate, hit, due = (row.get(t(f"clocks.export.{name}")) for name in ("rate", "hit", "due"))
    if rate is not None and rate.value != "—":
        assert hit is not None and due is not None
        shown_ = [displayed(rate) + flat(t("clocks.percent", hit=displayed(hit), due=displayed(due)))]
    else:
        median = row[t("clocks.export.median")].value
        shown_ = [flat(length(None if median == "—" else median, t))]
    if compared:
        points = row.get(t("compare.export.points"))
        number = points is not None and not isinstance(points.value, str)
        shown_.append(
            "—" if points is None else flat(t("number.points", n=displayed(points)) if number else points.value)
        )
    return shown_


def test_a_station_is_told_from_chance_only_where_all_together_allow_it() -> None:
    """Colour and word agree with each other, and with what remains after control of false discoveries."""
    here, view = city(), city().clocks()
    (named, *others) = (row for part in view.clocks for row in part.stations if row.change)
    more = replace(named.change, verdict="more", points=9.0)
    cases = [
        (replace(named, change=more, told=True), "blue", "超出偶然"),
        (replace(named, change=replace(more, verdict="fewer"), told=True), "red", "超出偶然"),
        (replace(named, change=more, told=False), "", "偶然范围内"),
        (replace(named, change=more, told=True, now=replace(named.now, few=True)), "", "样本不足"),
        (replace(named, change=replace(more, verdict="unknown", points=None)), "", "无法比较"),
    ]
    rows = tuple(case for case, _, _ in cases)
    made = replace(view, clocks=(replace(view.clocks[0], stations=rows),))
    found = sheets.opened(compare_clocks.clocks_xlsx(made, here.asked(), words("zh")))
    for (_, colour, word), row in zip(cases, sheets.rows(found["分派出所"]), strict=False):
        cells = {head[1]: cell for head, cell in row.items()}
        assert cells["判断"].value == word
        assert sheets.filled(cells["百分点"]) == (fills()[colour] if colour else "")
    assert others


def test_changes_by_class_are_given_with_their_interval_and_not_judged() -> None:
    for sheet in book("clocks", "as it opens").worksheets[3:5]:
        assert "判断" not in {name for _, name in heads(sheet)}
        assert {sheets.filled(cell) for row in sheets.rows(sheet)[:-1] for cell in row.values()} == {""}
    assert {"百分点", "95%区间下限"} <= {name for _, name in heads(book("clocks", "as it opens")["分类别"])}


def test_what_clocks_are_about_is_written_down() -> None:
    lines = "\n".join(sheets.defined(book("clocks", "incidents' clocks")))
    for part in (
        "本期：本月 2024-05-01", "条件：全部单位", "口径：按警情（最先到达）", "到警时限：按区域", "类别：事故、秩序",
        "农村到警按“尽快”要求", "时效规则版本",
    ):  # fmt: skip
        assert part in lines, part


# trend -----------------------------------------------------------------------------------------

DRAWN = [name for name in QUESTIONS if of_class(drawn("trend", look(), **QUESTIONS[name]), "cp-months")]


@SPOKEN
@pytest.mark.parametrize("question", DRAWN)
def test_the_months_of_the_years_read_as_on_the_page(question: str, lang: str) -> None:
    page, sheet = page_of("trend", question, lang), book("trend", question, lang).worksheets[0]
    (table,) = of_class(page, "cp-months")
    drawn_rows = [[says(cell) for cell in tagged(row, "th", "td")] for row in tagged(table, "tr")]
    by_year = [
        [head[1] for head in heads(sheet)],
        *([displayed(one) for one in row.values()] for row in sheets.rows(sheet)),
    ]
    turned = [[flat(cell) for cell in row] for row in zip(*by_year, strict=True)]
    assert [row[1:] for row in drawn_rows] == [row[1:] for row in turned]
    assert [row[0] for row in drawn_rows[1:]] == [row[0] for row in turned[1:]]


@SPOKEN
@pytest.mark.parametrize("question", DRAWN)
def test_the_months_against_earlier_years_are_those_that_are_drawn(question: str, lang: str) -> None:
    view, t = city().trend(**QUESTIONS[question]), words(lang)
    rows = [list(row.values()) for row in sheets.rows(book("trend", question, lang).worksheets[1])]
    last = view.by_year.get(view.months.year - 1, (None,) * 12)
    for n, (row, band) in enumerate(zip(rows, view.months.bands, strict=True)):
        wanted = (view.months.line[n], last[n], band.low, band.high)
        assert [displayed(cell) for cell in row[1:5]] == [plain(t.number(one)) for one in wanted]
        assert (displayed(row[5]), row[6].value) == (plain(t.number(band.mean, 1)), band.years)
    titles = [shown(one) for one in tagged(of_class(page_of("trend", question, lang), "this"), "title")]
    told = [t("trend.year.point", month=row[0].value, n=t.number(row[1].value)) for row in rows if row[1].value != "—"]
    assert [flat(one) for one in titles] == [flat(one) for one in told]


@SPOKEN
@pytest.mark.parametrize("question", DRAWN)
def test_points_limits_and_signals_are_those_of_the_control_chart(question: str, lang: str) -> None:
    t, page = words(lang), page_of("trend", question, lang)
    rows = [list(row.values()) for row in sheets.rows(book("trend", question, lang).worksheets[2])]
    dots = [node for node in tagged(page, "circle", "rect") if classes_of(node) & {"plain", "s-high", "s-low"}]
    said = [flat(_reading(row, t)) for row in rows if row[2].value != "—"]
    assert [says(tagged(dot, "title")[0]) for dot in dots] == said
    marked = [bool(classes_of(dot) & {"s-high", "s-low"}) for dot in dots]
    assert [row[7].value != "—" for row in rows if row[2].value != "—"] == marked
    if said:
        low, high, mean = (displayed(rows[0][at]) for at in (5, 6, 4))
        assert flat(t("trend.chart.note", mean=mean, low=low, high=high)) in says(page)
    sentences = [says(one) for panel in of_class(page, "cp-signals") for one in tagged(panel, "li")]
    found = sheets.rows(book("trend", question, lang).worksheets[3])
    assert [flat(list(row.values())[3].value) for row in found][: len(sentences)] == sentences
    assert len(sentences) == min(len(found), 12)


def _reading(row: list[Cell], t: Translator) -> str:
    first, days, count, daily = row[:4]
    when = first.value[:7] if days.value > 7 else t.short_date(date.fromisoformat(first.value))
    return t("trend.chart.reading", when=when, value=displayed(daily), n=displayed(count))


@SPOKEN
def test_weeks_are_held_against_those_before_where_the_rules_say_so(lang: str) -> None:
    here, t = city().but(rules=MEAN_RULE), words(lang)
    page = drawn("trend", look(lang), here, step="week")
    sheet = of(here, "trend", lang, step="week").worksheets[2]
    bars = [next(iter(classes_of(bar)))[2:] for bar in tagged(page, "rect") if str(bar[0]).startswith("rect.r-")]
    found = [list(row.values())[-1].value for row in sheets.rows(sheet) if list(row.values())[2].value != "—"]
    assert found == [t(f"trend.rule.{bar}") if bar != "new" else "—" for bar in bars]
    assert len(set(found)) > 2
    assert t("trend.export.rule", window=15) in {name for _, name in heads(sheet)}
    for other in (book("trend", "one figure by week", lang), of(here, "trend", lang)):
        assert t("trend.export.rule", window=15) not in {name for _, name in heads(other.worksheets[2])}


@SPOKEN
@pytest.mark.parametrize("question", DRAWN)
def test_streaks_and_the_running_month_are_written_down(question: str, lang: str) -> None:
    page, lines = page_of("trend", question, lang), sheets.defined(book("trend", question, lang))
    told = [shown(one) for panel in of_class(page, "cp-streaks") for one in tagged(panel, "li")]
    legend = [shown(one) for one in tagged(page, "li") if of_class(one, "cp-key", "running")]
    assert len(told) == 3
    assert {flat(one) for one in (*told, *legend)} <= {flat(line) for line in lines}


@SPOKEN
@pytest.mark.parametrize("question", [name for name in QUESTIONS if name not in DRAWN])
def test_where_the_page_draws_no_course_the_file_says_why(question: str, lang: str) -> None:
    page, found = page_of("trend", question, lang), book("trend", question, lang)
    (reason,) = of_class(page, "empty-box")
    assert says(tagged(reason, "p")[0]) in {flat(line) for line in sheets.defined(found)}
    assert [sheets.rows(sheet) for sheet in found.worksheets[:-1]] == [[]] * 4


# fair comparison -------------------------------------------------------------------------------


@SPOKEN
@ASKED
def test_a_station_reads_as_in_the_table_of_fair_comparison(question: str, lang: str) -> None:
    t, page = words(lang), page_of("fair", question, lang)
    found = book("fair", question, lang)
    rows = sheets.rows(found.worksheets[0])
    drawn_rows = [[says(cell) for cell in tagged(row, "th", "td")] for row in tagged(page, "tr")][1:]
    assert [_station(row, t) for row in rows] == drawn_rows
    lines = {flat(line) for line in sheets.defined(found)}
    (reason,) = [*of_class(page, "empty-box"), *of_class(page, "cp-lead")]
    assert says(reason) in lines
    assert bool(rows) == ("cp-lead" in classes_of(reason))


def _station(row: Row, t: Translator) -> list[str]:
    """The cells of the page, made of those of the sheet."""
    first = [displayed(cell) for (group, _), cell in row.items() if not group]
    _, name, zone, count, residents, rate, shrunk = first
    ends = {group: [displayed(cell) for (one, _), cell in row.items() if one == group] for group, _ in row}
    near, ranks = (_range(ends[t(key)], t) for key in ("fair.limit95", "fair.table.ranks"))
    _, *base = ends.get(t("compare.when.base"), [""])
    return [flat(one) for one in (name, zone, count, residents, rate, near, shrunk, ranks, *base)]


def _range(ends: list[str], t: Translator) -> str:
    return "—" if "—" in ends else t("fair.table.range", low=ends[0], high=ends[1])


def test_wide_limits_and_the_same_period_are_in_the_table_too() -> None:
    view = city().fair(preset="year")
    rows = sheets.rows(book("fair", "a year").worksheets[0])
    for line, row in zip(view.lines, rows, strict=True):
        assert row["", "代码"].value == line.unit.code
        for end, value in (("下限", line.point.low998), ("上限", line.point.high998)):
            assert displayed(row["99.8%界限", end]) == plain(words("zh").number(value, 2))
        assert row["同期", "数量"].value == line.base.count
