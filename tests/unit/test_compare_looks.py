"""Colour, tables, counters and charts of the comparison pages: colour only for what is real, sums last, axes round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import compare_charts, compare_clocks, compare_fair, compare_page, compare_table, compare_trend
from components.compare_cards import cards
from domain.compare_rules import GOOD, TREND_RULES
from domain.compare_views import STEPS, UNITS, CompareView, UnitRow
from domain.comparison import changed
from domain.share_change import share_changed
from domain.trend import Signal
from i18n import translator
from i18n.compare_words import tone
from tests.support import compare_city, compare_views
from tests.support.compare_city import RULES, city
from tests.support.compare_drawn import LANGS, QUESTIONS, WORDY, drawn, look, read, seen
from tests.support.trees import classes_of, given_of, links, nodes, of_class, query, shown, tag_of, tagged


def table_of(view: CompareView) -> Any:
    return compare_table.unit_table(view, RULES, look(), tab="tables")


# colour ------------------------------------------------------------------------------------------


def tone_of(node: list[Any]) -> str:
    """ "good" of `b.delta.t-good`; "" without."""
    return next((name[2:] for name in classes_of(node) if name.startswith("t-")), "")


def expected(verdict: str, good: str) -> str:
    """Grey unless real; then by which direction is good."""
    if verdict not in ("more", "fewer"):
        return "grey"
    return {"none": "real", "down": "good" if verdict == "fewer" else "bad"}.get(
        good, "good" if verdict == "more" else "bad"
    )


@pytest.mark.parametrize("good", GOOD)
@pytest.mark.parametrize("verdict", ["more", "fewer", "chance", "none", "unknown"])
def test_only_what_is_real_is_coloured_and_by_which_direction_is_good(verdict: str, good: str) -> None:
    assert tone(verdict, good) == expected(verdict, good)
    pairs = {"more": (60, 10), "fewer": (10, 60), "chance": (10, 11), "none": (0, 0), "unknown": (7, 0)}
    days = 0.0 if verdict == "unknown" else 30.0
    change = changed(*pairs[verdict], 30, days)
    assert change.verdict == verdict
    view = compare_views.view()
    line = replace(view.lines[0], now=change.now, base=change.base, change=change, absent=False)
    rules = replace(RULES, figures=tuple(replace(figure, good=good) for figure in RULES.figures))
    card = tagged(cards(replace(view, lines=(line,), shares=()), rules, look()), "article")[0]
    assert tone_of(card) == expected(verdict, good)
    assert tone_of(of_class(of_class(card, "yoy")[0], "delta")[0]) == expected(verdict, good)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_counter_of_the_page_is_coloured_by_its_verdict(question: str) -> None:
    view, tree = city().compare(**QUESTIONS[question]), seen("overview", question)
    shares = {line.code: line for line in view.shares}
    lines = {line.code: line for line in view.lines} | shares
    told_of = [node for node in tagged(of_class(tree, "cp-cards")[0], "article") if "data-figure" in given_of(node)]
    assert told_of
    for node in told_of:
        code = given_of(node)["data-figure"]
        rule = RULES.share(code) if code in shares else RULES.figure(code)
        assert rule is not None
        assert tone_of(node) == expected(lines[code].change.verdict, rule.good)
        for part in of_class(node, "pop"):
            assert tone_of(of_class(part, "delta")[0]) == expected(lines[code].previous_change.verdict, rule.good)


@pytest.mark.parametrize("question", ["a year", "of two stations", "of a district by class", "free days"])
def test_every_cell_of_a_table_is_coloured_by_its_sign(question: str) -> None:
    table = city().compare(**QUESTIONS[question]).table
    rows = tagged(table_part(seen("tables", question)), "tr")[2:]
    goods = [RULES.figure(code).good for code in table.figures]  # type: ignore[union-attr]
    signs = {1: "more", -1: "fewer", 0: "chance"}
    assert len(rows) == len(table.rows) + 1
    for row, node in zip((*table.rows, table.total), rows, strict=True):
        tones = [tone_of(cell) for cell in of_class(node, "delta")]
        assert tones == [expected(signs[cell.sign], good) for cell, good in zip(row.cells, goods, strict=True)]


def table_part(tree: Any) -> Any:
    return of_class(tree, "cp-table")[0]


def test_what_is_real_says_so_and_what_is_not_says_chance() -> None:
    for node in tagged(of_class(seen("overview", "a year"), "cp-cards")[0], "article"):
        if "data-figure" in given_of(node):
            text = shown(of_class(node, "real")[0])
            assert ("超出偶然波动" in text) == (tone_of(node) != "grey")
            assert ("在偶然波动范围内" in text) == (tone_of(node) == "grey")


def test_rates_are_coloured_by_their_own_verdict() -> None:
    view = city().compare(preset="year")
    told_of = [line for line in view.shares if not line.absent]
    rows = tagged(of_class(seen("overview", "a year"), "cp-shares")[0], "tr")[1:]
    rows = [node for node in rows if "is-absent" not in classes_of(node)]
    assert len(rows) == len(told_of) > 2
    for line, node in zip(told_of, rows, strict=True):
        good = RULES.share(line.code).good  # type: ignore[union-attr]
        verdicts = (line.change.verdict, line.previous_change.verdict)
        assert [tone_of(cell) for cell in of_class(node, "delta")] == [expected(one, good) for one in verdicts]


def test_where_it_changed_lists_what_was_found_in_its_order_and_colour() -> None:
    view, tree = city().compare(preset="year"), of_class(seen("overview", "a year"), "cp-found")[0]
    rows = tagged(tree, "tr")[1:]
    assert [one.unit.code for one in view.found].count("S1") >= 2
    assert len(rows) == len(view.found)
    for one, node in zip(view.found, rows, strict=True):
        good = RULES.figure(one.figure).good  # type: ignore[union-attr]
        assert tone_of(of_class(node, "delta")[0]) == expected("more" if one.excess > 0 else "fewer", good)
        assert query(given_of(links(node)[0])["href"])["station"] == one.unit.code
    assert f"在 {view.tested} 个“派出所 × 指标”中" in shown(tree)


def test_clocks_are_good_when_more_are_in_time_and_few_are_never_coloured() -> None:
    here = city()
    view = here.clocks(preset="year", base="free", base_from="2023-05-01", base_to="2023-10-01")
    part = view.clocks[0]
    for now, base, few, kind in (
        ((95, 100), (60, 100), False, "good"), ((60, 100), (95, 100), False, "bad"),
        ((80, 100), (81, 100), False, "grey"), ((95, 100), (60, 100), True, "grey"),
    ):  # fmt: skip
        line = replace(part.now, hit=now[0], due=now[1], few=few)
        change = share_changed(*now, *base)
        changed_part = replace(part, now=line, change=change)
        tree = compare_clocks.cards(replace(view, clocks=(changed_part,)), look())
        assert tone_of(tagged(tree, "article")[0]) == kind


def test_a_station_of_the_clocks_table_is_coloured_only_when_it_holds_among_all() -> None:
    view = city().clocks(preset="month", base="free", base_from="2023-05-01", base_to="2023-10-01")
    part = view.clocks[0]
    good = share_changed(95, 100, 60, 100)
    rows = tuple(replace(row, change=good, told=n == 0) for n, row in enumerate(part.stations))
    tree = compare_clocks._table("stations", replace(view, clocks=(replace(part, stations=rows),)), look())
    tones = [tone_of(cell) for row in tagged(tree, "tr")[1:-1] for cell in of_class(row, "delta")]
    assert tones == ["good", *["grey"] * (len(rows) - 1)]


# tables ------------------------------------------------------------------------------------------


def cells(row: list[Any]) -> list[str]:
    return [shown(node) for node in row[1:] if isinstance(node, list)]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_total_is_the_last_row_and_the_sum_of_the_others(unit: str, lang: str) -> None:
    view = city().compare(preset="year", unit=unit)
    tree = compare_table.unit_table(view, RULES, look(lang), tab="tables")
    foot = tagged(tree, "tfoot")
    assert len(foot) == 1
    assert tree[-1][-1] is foot[0]
    last = cells(tagged(foot[0], "tr")[0])
    assert last[0] == translator(lang)("compare.table.total")
    outer = [row for row in view.table.rows if not row.inside]
    for place, cell in enumerate(view.table.total.cells):
        assert cell.now == sum(row.cells[place].now for row in outer)
        assert cell.base == sum(row.cells[place].base or 0 for row in outer)
    assert translator(lang).number(view.table.total.cells[0].now) in last


@pytest.mark.parametrize(
    ("now", "base", "word", "said"),
    [
        (7, 0, "新增", "新增 7"),
        (0, 5, "零发", "−100.00 %"),
        (0, 0, "零发", "—"),
        (5, 5, "持平", "0.00 %"),
        (8, 7, "上升", "+14.29 %"),
        (3, 32, "下降", "−90.63 %"),
        (2000, 1999, "上升", "+0.05 %"),
        (20001, 20002, "下降", "0.00 %"),
    ],
)
def test_the_direction_is_told_in_the_words_of_circulars(now: int, base: int, word: str, said: str) -> None:
    view = compare_views.view()
    first = view.table.rows[0]
    percent = 100 * (now - base) / base if base else None
    names = {"新增": "new", "零发": "none", "持平": "level", "上升": "up", "下降": "down"}
    cell = replace(first.cells[0], now=now, base=base, percent=percent)
    row = replace(first, cells=(cell, *first.cells[1:]), word=names[word])
    tree = table_of(replace(view, table=replace(view.table, rows=(row,))))
    told_row = cells(tagged(tagged(tree, "tbody")[0], "tr")[0])
    assert (told_row[1], told_row[4]) == (word, said)


def test_rates_change_in_percentage_points() -> None:
    text = shown(of_class(seen("overview", "a year"), "cp-shares")[0])
    assert re.search(r"[+−]\d+\.\d\d 个百分点", text)
    card = next(
        node for node in tagged(seen("overview", "a year"), "article")
        if given_of(node).get("data-figure") == "repeat_share"
    )  # fmt: skip
    assert re.search(r"(上升|下降) \d+\.\d\d 个百分点", shown(of_class(card, "yoy")[0]))


def test_subclasses_stand_inside_their_class_and_are_not_sorted_away() -> None:
    view = city().compare(preset="year", unit="kind", sort="-traffic.change")
    rows = view.table.rows
    assert {row.code.split("/")[0] for row in rows if not row.inside} == {"accident", "order", "other"}
    for row in rows:
        if not row.inside:
            inner = [one for one in rows if one.inside and one.code.startswith(f"{row.code}/")]
            assert sum(one.cells[0].now for one in inner) == row.cells[0].now
    at = [n for n, row in enumerate(rows) if not row.inside]
    assert all(rows[n].code.split("/")[0] == rows[max(m for m in at if m <= n)].code for n in range(len(rows)))
    assert links(tagged(table_of(view), "thead")[0]) == []


@pytest.mark.parametrize("unit", ["station", "district"])
@pytest.mark.parametrize("key", ["traffic", "accident.base", "order.change", "residents"])
def test_a_heading_sorts_falling_then_rising_then_not(key: str, unit: str) -> None:
    here, sort, orders = city(), "", []
    plain = [row.code for row in here.compare(preset="year", unit=unit).table.rows]
    for expected_sort, aria in ((f"-{key}", "descending"), (key, "ascending"), ("", None)):
        view = here.compare(preset="year", unit=unit, **({"sort": sort} if sort else {}))
        sort = next_sort(view, key)
        assert sort == expected_sort
        sorted_view = here.compare(preset="year", unit=unit, **({"sort": sort} if sort else {}))
        heads = [node for node in tagged(table_of(sorted_view), "th") if "aria-sort" in given_of(node)]
        assert [given_of(node)["aria-sort"] for node in heads] == ([aria] if aria else [])
        orders.append(sorted_view.table.rows)
    known = [found for row in orders[2] if (found := value(row, key)) is not None]
    unknown = [None] * (len(plain) - len(known))
    assert [value(row, key) for row in orders[0]] == [*sorted(known, reverse=True), *unknown]
    assert [value(row, key) for row in orders[1]] == [*sorted(known), *unknown]
    assert [row.code for row in orders[2]] == plain


def next_sort(view: CompareView, key: str) -> str:
    """What a click on the heading of `key` asks."""
    offered = {read(given_of(node)["href"]).sort for node in of_class(tagged(table_of(view), "thead")[0], "sort")}
    mine = {sort for sort in offered if sort.removeprefix("-") == key}
    if not mine:
        assert view.asked.sort == key, "only the third click takes the sorting away"
        return ""
    return mine.pop()


def value(row: UnitRow, key: str) -> float | None:
    code, _, what = key.partition(".")
    if code == "residents":
        return row.per_residents
    cell = row.cells[[figure.code for figure in RULES.wide].index(code)]
    return {"": cell.now, "base": cell.base, "change": cell.percent}[what]


@pytest.mark.parametrize("lang", LANGS)
def test_shares_of_the_column_are_shown_where_rows_are_few(lang: str) -> None:
    for unit in UNITS:
        view = city().compare(preset="year", unit=unit)
        heads = [shown(node) for node in tagged(compare_table.unit_table(view, RULES, look(lang), tab="t"), "th")]
        assert (translator(lang)("compare.table.share") in heads) == (unit != "station")


# cards, charts -----------------------------------------------------------------------------------


def test_the_line_of_weeks_is_said_in_words() -> None:
    view = city().compare()
    line = view.lines[0]
    card = next(node for node in tagged(cards(view, RULES, look()), "article"))
    drawing = of_class(card, "cp-spark")[0]
    said = f"近 26 周每周：{min(line.spark)} 至 {max(line.spark)}，最近一周 {line.spark[-1]}"
    assert given_of(drawing)["aria-label"] == said == shown(tagged(drawing, "title")[0])
    points = [tuple(map(float, pair.split(","))) for pair in given_of(tagged(drawing, "polyline")[0])["points"].split()]
    assert len(points) == 26
    heights = dict(zip([y for _, y in points], line.spark, strict=False))
    assert heights[min(heights)] == max(line.spark), "up is more"
    assert {x for x, _ in points} == {round(240 / 25 * n, 1) for n in range(26)}


@pytest.mark.parametrize("lang", LANGS)
def test_the_years_chart_has_a_legend_of_what_it_shows(lang: str) -> None:
    t, view = translator(lang), city().trend()
    panel = of_class(drawn("trend", look(lang)), "cp-panel")[0]
    legend = [shown(node) for node in tagged(of_class(panel, "legend")[0], "li")]
    assert legend[:2] == ["2024年", "2023年"] if lang == "zh" else ["2024", "2023"]
    assert shown(t("trend.year.band", years=3)) in legend
    assert view.running == (59, 70)
    assert t("trend.year.running", n=59, base=70) in legend
    kinds = {name for node in nodes(panel) for name in classes_of(node)}
    assert {"band", "mean", "last", "this", "running"} <= kinds


def test_a_whole_month_has_no_running_dot() -> None:
    tree = drawn("trend", look(), preset="month", at="2024-04-08")
    assert of_class(tree, "running") == []


def test_the_control_chart_names_its_signals_and_their_dots() -> None:
    view = city().trend(preset="year")
    assert view.chart is not None
    tree = drawn("trend", look(), preset="year")
    said = [shown(node) for node in tagged(of_class(tree, "cp-signals")[0], "li")]
    assert len(said) == len(view.chart.signals) > 0
    points = [signal for signal in view.chart.signals if signal.kind == "point"]
    outside = sum(signal.last - signal.first + 1 for signal in points)
    squares = [node for node in tagged(tree, "rect") if {"s-high", "s-low"} & classes_of(node)]
    assert len(squares) == outside > 0
    assert any("必有原因" in text for text in said)


def test_every_kind_of_signal_has_its_sentence() -> None:
    view = city().trend(step="week")
    assert view.chart is not None
    signals = tuple(
        Signal(kind, first, last, side)
        for side in ("high", "low")
        for kind, first, last in (("point", 3, 3), ("point", 5, 6), ("run", 10, 18), ("near", 20, 22))
    )
    for lang in LANGS:
        tree = compare_trend.trend(replace(view, chart=replace(view.chart, signals=signals)), RULES, look(lang))
        said = [shown(node) for node in tagged(of_class(tree, "cp-signals")[0], "li")]
        assert len(set(said)) == len(signals)
        assert [text for text in said if WORDY.search(text)] == []
    without = compare_trend.trend(replace(view, chart=replace(view.chart, signals=())), RULES, look())
    assert "没有信号" in shown(without)


@pytest.mark.parametrize("rule", TREND_RULES)
@pytest.mark.parametrize("step", STEPS)
def test_weeks_are_coloured_by_shanghais_rule_only_where_the_catalogue_says_so(rule: str, step: str) -> None:
    here = city().but(rules=replace(RULES, trend=replace(RULES.trend, rule=rule)))
    tree = drawn("trend", look(), here, step=step)
    bars = [node for node in tagged(tree, "rect") if any(name.startswith("r-") for name in classes_of(node))]
    if (rule, step) != ("mean", "week"):
        assert bars == []
        return
    points = here.trend(step="week").points
    assert [next(iter(classes_of(node))) for node in bars] == [f"r-{one.rule or 'new'}" for one in points]
    assert {"r-below", "r-above", "r-new"} <= {name for node in bars for name in classes_of(node)}
    assert "前 15 周" in shown(tree)
    assert all(given_of(node)["height"] > 0 for node in bars)


def test_an_axis_ends_at_round_numbers_and_holds_every_value() -> None:
    for values in ([0], [5, 5], [0.2, 0.31], [3, 17, 212], [1_250_000], [None], []):
        plot = compare_charts.plot_of(values, 3)
        marks = compare_charts.ticks(plot)
        assert plot.low <= min([v for v in values if v is not None], default=0)
        assert plot.high >= max([v for v in values if v is not None], default=0)
        assert 3 <= len(marks) <= 12
        told_marks = [shown(node) for node in compare_charts.grid(plot, look()) if tag_of(node) == "text"]
        assert len(set(told_marks)) == len(marks)


@settings(max_examples=60)
@given(st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=20))
def test_lines_are_broken_where_a_value_is_missing(values: list[float | None]) -> None:
    plot = compare_charts.plot_of(values, len(values))
    parts = compare_charts.lines("polyline.x", plot, values)
    drawn_points = list(chain.from_iterable(_points(node) for node in parts))
    assert [x for x, _ in drawn_points] == [plot.x(n) for n, one in enumerate(values) if one is not None]
    assert all(plot.top - 0.1 <= y <= plot.height - plot.bottom + 0.1 for _, y in drawn_points)


def _points(node: list[Any]) -> Iterator[tuple[float, float]]:
    given_here = given_of(node)
    if "points" in given_here:
        yield from (tuple(map(float, pair.split(","))) for pair in given_here["points"].split())  # type: ignore[misc]
    else:
        yield given_here["cx"], given_here["cy"]


def test_the_funnel_names_only_what_stands_out() -> None:
    view, tree = city().fair(preset="year"), drawn("fair", look(), preset="year")
    dots = tagged(tree, "circle")
    known = [line for line in view.lines if line.point.rate is not None]
    assert len(dots) == len(known) == 5
    named = [shown(node) for node in of_class(tree, "name")]
    assert named == [compare_city.NAMES[line.unit.code] for line in known if line.point.zone != "inside"]
    far = view.zones["high998"] + view.zones["low998"]
    assert f"5 个派出所中，超出99.8%界限的 {far} 个" in shown(of_class(tree, "cp-lead")[0])
    assert "无人口" in shown(of_class(tree, "rows")[0])


def test_fair_comparison_without_residents_says_why_not() -> None:
    view = replace(city().fair(preset="year"), rate=None, lines=())
    tree = compare_fair.fair(view, RULES, look())
    assert "没有派出所登记人口" in shown(of_class(tree, "empty-box")[0])


@pytest.mark.parametrize(("lang", "n", "said"), [
    ("zh", 31_980, "31,980 起"), ("zh", 99_999, "99,999 起"), ("zh", 100_000, "10 万起"), ("zh", 175_300, "17.53 万起"),
    ("zh", 312_000_000, "3.12 亿起"), ("en", 31_980, "31,980 incidents"), ("en", 175_300, "175.3 k incidents"),
    ("en", 2_110_000, "2.11 M incidents"),
])  # fmt: skip
def test_large_numbers_are_written_in_units_and_said_in_full(lang: str, n: int, said: str) -> None:
    view = compare_views.view()
    line = replace(view.lines[0], now=n, base=n, change=changed(n, n, 30, 30), absent=False)
    card = tagged(cards(replace(view, lines=(line,), shares=()), RULES, look(lang)), "article")[0]
    big = of_class(card, "big")[0]
    assert shown(big) == said
    assert f"{n:,}" in given_of(big)["title"]


def test_the_first_sentence_names_what_changed_and_what_did_not() -> None:
    text = shown(of_class(seen("overview", "a year"), "cp-lead")[0])
    assert text.startswith("有效交通警情 1,420 起，同比 −5.90 %，属于偶然波动范围。")
    assert "超出偶然波动的还有：受伤人数下降 46.96 %。" in text
    quiet = shown(of_class(seen("overview", "as it opens"), "cp-lead")[0])
    assert "其他指标的变化都在偶然波动范围内" in quiet


@pytest.mark.parametrize(("done", "percent"), [(0.0, 0), (0.404, 40), (1.7, 100), (-1, 0)])
def test_a_long_reading_says_how_far_it_is(done: float, percent: int) -> None:
    tree = compare_page.loading(city().compare().board, done, look())
    bar = tagged(tree, "progress")[0]
    assert (given_of(bar)["value"], given_of(bar)["max"]) == (percent, 100)
    assert f"{percent} %" in shown(tree)
