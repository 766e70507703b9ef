"""The trees of the assessment's pages: complete in both languages, every colour with a word, nothing hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from components import (
    assessment_compare,
    assessment_modes,
    assessment_page,
    assessment_rows,
    assessment_sheet,
    assessment_try,
)
from components.assessment_charts import curve, fall_scale, gap_bar
from components.assessment_moves import grouped, moves_panel
from components.hiccup import text_of
from domain.assessment import score_month
from domain.assessment_inputs import changed
from domain.assessment_moves import FEWER, MORE, NEXT, Move
from domain.assessment_office import Outlook
from domain.assessment_score import State
from domain.assessment_views import LOCKED, OPEN, RUNNING, RankingView
from i18n import ONE_SPACE, translator
from tests.support import assessed_views as views
from tests.support.assessed import RULES
from tests.support.assessed_views import CHANGES, FIRST, OFFICE, SECOND, about, look

LANGS = ("zh", "en")
BOTH = (FIRST, SECOND)
STATES = {
    "running": (about(RUNNING), Outlook(editing=True)),
    "open": (about(OPEN), OFFICE),
    "refused": (about(OPEN), Outlook(True, refused="assessment.refused.rollups", params={"period": "2024-05"})),
    "locked": (about(LOCKED, (FIRST,)), Outlook(True, seen=1, stale=False)),
    "stale": (about(LOCKED, BOTH), Outlook(True, True, seen=2, stale=True, differences=CHANGES)),
    "older": (about(LOCKED, BOTH, 0), Outlook(True, True, seen=2, stale=True)),
    "read only": (about(OPEN), Outlook(editing=False)),
}


def said(tree: Any) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")


def raw(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


def nodes(tree: Any, start: str) -> Iterator[Any]:
    """Every node of this tag, with these classes first."""
    if isinstance(tree, list):
        if isinstance(tree[0], str) and re.match(rf"{re.escape(start)}($|[.#])", tree[0]):
            yield tree
        for child in tree[1:]:
            yield from nodes(child, start)


def links(tree: Any) -> list[str]:
    return [node[1]["href"] for node in nodes(tree, "a") if isinstance(node[1], dict) and "href" in node[1]]


def complete(text: str) -> None:
    assert len(text) > 150
    assert "None" not in text and "nan" not in text
    assert "{" not in text
    assert "assessmentview." not in text and "assessment." not in text


def ranking_page(name: str = "open", lang: str = "zh", view: RankingView | None = None) -> Any:
    of, office = STATES[name]
    shown = view or views.ranking(of, changes=CHANGES if name == "stale" else ())
    years = {"S1": views.rows_of("S1", 80.0, None, 95.0), "S2": (None, None)}
    return assessment_page.tree(shown, years, views.choices(of), office, look(lang))


# the ranking ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", STATES)
def test_the_ranking_is_said_without_gaps_in_every_state(name: str, lang: str) -> None:
    complete(said(ranking_page(name, lang)))


def test_every_state_of_a_month_has_its_own_words() -> None:
    t = translator("zh")
    for name, words in {
        "running": "进行中",
        "open": "未封存",
        "locked": "已封存 第 1 版",
        "stale": "已封存 第 2 版（更正）",
    }.items():
        assert words in said(ranking_page(name))
    assert "本月已过 50.0 %" in said(ranking_page("running"))
    assert "王某" in said(ranking_page("locked")) and "0a1b2c3d4e5f" in said(ranking_page("locked"))
    assert t("assessmentview.older_version") in said(ranking_page("older"))


def test_a_lock_is_offered_only_where_it_can_be_made() -> None:
    offered = {name for name in STATES if "/api/v1/assessment/2024-05/lock" in raw(ranking_page(name))}
    assert offered == {"open", "stale"}
    assert '"name": "seen", "value": "2"' in raw(ranking_page("stale"))
    assert '"name": "confirm", "value": "yes", "required": true' in raw(ranking_page("open"))
    assert "汇总还没有算到月末" in said(ranking_page("refused"))


def test_changed_data_are_told_with_every_difference() -> None:
    text = said(ranking_page("stale"))
    assert "数据已变化，可出更正：有 4 处与封存时不同。" in text
    assert "P3 重点路段重点时段劝导率6.004.50" in text
    assert "更正与上一版的差别" in text
    assert "可出更正" not in said(ranking_page("locked"))


@pytest.mark.parametrize("lang", LANGS)
def test_each_colour_comes_with_its_word_and_shape(lang: str) -> None:
    tree = ranking_page(lang=lang)
    t = translator(lang)
    chips = list(nodes(tree, "span.chip"))
    assert {chip[0].split("k-")[1].split(".")[0] for chip in chips} >= {"blue", "red", "grey", "yellow"}
    for chip in chips:
        colour = chip[0].split("k-")[1].split(".")[0]
        word = t("assessmentview.no_total") if colour == "grey" else t(f"colour.{colour}")
        assert word in said(chip)
        assert f"i.mk.{colour}" in raw(chip)


def test_points_add_up_to_what_is_shown_beside_them() -> None:
    view = views.ranking()
    rows = list(nodes(ranking_page(view=view), "tr.as-line"))
    assert len(rows) == 6
    for row, line in zip(rows, (line for group in view.groups for line in group.lines), strict=True):
        for one in line.score.indicators:
            if one.points is not None:
                assert f"{one.points:.2f}" in said(row), (line.unit.code, one.code)
        if line.score.complete:
            assert f"{line.score.shown:.2f}" in said(row)


@pytest.mark.parametrize("lang", LANGS)
def test_no_data_and_raised_weights_are_seen_and_said(lang: str) -> None:
    view = views.ranking()
    t = translator(lang)
    row = next(
        row for row in nodes(ranking_page(lang=lang, view=view), "tr.as-line") if _name(row) in _names("S3", lang)
    )
    score = views.line_of(view, "S3").score
    assert score.indicators[0].state is State.NO_DATA and score.indicators[1].weight == 30
    void = next(nodes(row, "td.num.as-cell.is-void"))
    assert said(void) == t("assessmentview.no_data")
    assert t("assessmentbook.note.no_residents") in void[2][1]["title"]
    assert t("assessmentview.rescaled", full=15, weight=30) in raw(row)
    assert "sup.as-re" in raw(row)


def _name(row: Any) -> str:
    return said(next(nodes(row, "th.c-name")))


def _names(code: str, lang: str) -> set[str]:
    return {views.NAMES[code], views.NAMES[code].removesuffix("派出所"), code}


def test_a_small_sample_is_marked_and_a_station_without_outcome_has_no_total() -> None:
    rows = {_name(row): row for row in nodes(ranking_page(), "tr.as-line")}
    assert "is-small" in raw(rows["丁"]) and "sup.as-small" in raw(rows["丁"])
    assert "无总分" in said(rows["戊"]) and "/ 70" in said(rows["戊"])
    assert "—" in said(next(nodes(rows["戊"], "td.c-rank")))


def test_the_sentence_names_leaders_red_stations_and_what_cannot_be_told_apart() -> None:
    text = said(next(nodes(ranking_page(), "div.as-lead")))
    assert "领先深度甲" in text
    assert "红色 " in text and "低于 75 分" in text and "乙" in text
    assert "把握不到 90 %" in text and "（把握 55 %）" in text
    assert "无总分 2 个" in text


def test_ranks_carry_change_and_uncertainty_in_words() -> None:
    rows = {_name(row): row for row in nodes(ranking_page(), "tr.as-line")}
    assert "比上月上升 2 名" in said(rows["甲"]) and "↑" in said(rows["甲"])
    assert "比上月下降 1 名" in said(rows["乙"])
    assert "1–3 名" in said(rows["甲"]) and "高于下一名 55 %" in said(rows["甲"])
    assert "申诉 1" in said(rows["乙"]) and "异常提示 1" in said(rows["乙"])


def test_links_lead_to_the_sheets_of_the_same_month_and_version() -> None:
    assert "/assessment/S1?month=2024-05" in links(ranking_page("open"))
    assert "/assessment/S1?month=2024-05&version=1" in links(ranking_page("older"))
    assert "/assessment/S1" in links(ranking_page("running"))
    assert "/assessment/S3?month=2024-05#O1" in links(ranking_page("open"))
    assert {"/assessment?month=2024-04", "/assessment", "/assessment/modes"} <= set(links(ranking_page("open")))
    assert {"/assessment?month=2024-05", "/assessment?month=2024-05&version=1"} <= set(links(ranking_page("stale")))


def test_the_past_goes_along_with_every_link() -> None:
    past = replace(look("zh"), past="2024-06-02")
    of, office = STATES["open"]
    tree = assessment_page.tree(views.ranking(of), {}, views.choices(of), office, past)
    own = [link for link in links(tree) if link.startswith("/") and not link.startswith("/download")]
    assert own and all("as_of=2024-06-02" in link for link in own)


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_to_assess_is_said(lang: str) -> None:
    of, office = STATES["open"]
    empty = replace(views.ranking(of), groups=(), districts=())
    tree = assessment_page.tree(empty, {}, views.choices(of), office, look(lang))
    assert translator(lang)("assessmentview.nobody") in said(tree)


def test_districts_are_weighted_and_say_who_is_left_out() -> None:
    text = said(next(nodes(ranking_page(), "table.rows.as-districts")))
    score = views.ranking().districts[0].score
    assert f"{score.score:.2f}" in text
    assert f"另 {len(score.left_out)} 个未计入" in text


# the sheet --------------------------------------------------------------------------------------


def sheet_page(code: str = "S2", name: str = "open", lang: str = "zh", **given: Any) -> Any:
    of, office = STATES[name]
    view = views.sheet(code, of, **given)
    rivals = next(group.lines for group in views.ranking(of).groups if group.mode == view.score.mode)
    top = assessment_sheet.top(view, views.choices(of), rivals, look(lang))
    return ["div", top, assessment_try.form(view, {}, look(lang)), assessment_sheet.below(view, office, look(lang))]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("code", ["S1", "S2", "S3", "S4", "S5", "S6"])
def test_a_sheet_is_said_without_gaps_for_every_station_in_every_state(code: str, name: str, lang: str) -> None:
    complete(said(sheet_page(code, name, lang, changes=CHANGES[:3] if code == "S2" else ())))


def test_the_score_is_said_with_colour_and_rank_and_where_most_was_lost() -> None:
    tree, view = sheet_page(), views.sheet()
    box = said(next(nodes(tree, "section.as-panel.as-score")))
    assert f"{view.score.shown:.2f}" in box and "红" in box and f"第 {view.score.rank} / {view.score.of} 名" in box
    lead = said(next(nodes(tree, "div.as-lead")))
    worst = max((one for one in view.score.indicators if one.lost), key=lambda one: one.lost or 0)
    assert f"{worst.code} " in lead and f"−{worst.lost:.2f}" in lead


def test_the_waterfall_goes_from_full_points_to_the_total() -> None:
    view = views.sheet()
    fall = next(nodes(sheet_page(), "section.as-panel.as-fall"))
    steps = [said(item) for item in nodes(fall, "li")]
    assert steps[0].endswith("100.00") and steps[-1].endswith(f"{view.score.shown:.2f}")
    lost = sum(float(text.rsplit("−", 1)[1]) for text in steps[1:-1] if "−" in text and "加分" not in text)
    assert lost == pytest.approx(100 - view.score.shown, abs=0.06)


def test_the_table_says_numerator_denominator_value_base_points_and_reason() -> None:
    body = next(node for node in nodes(sheet_page(), "tbody.as-one#P2"))
    text = said(body)
    assert "600 / 1,000" in text and "60.0 %" in text and "−14.00" not in text
    assert "满分线 ≥ 90.0 %" in text
    assert next(nodes(body, "svg.as-curve"))
    assert said(next(nodes(sheet_page(), "tbody.as-one#O2"))).count("140") >= 1


def test_every_number_leads_to_its_rows() -> None:
    found = links(sheet_page())
    assert "/assessment/S2/helmets?month=2024-05" in found
    assert any(link.startswith("/incidents?class=accident&station=S2&from=2024-05-01") for link in found)
    sources = {source.code for source in RULES.sources if not source.code.startswith("accidents")}
    assert sources == {link.split("/")[3].split("?")[0] for link in found if link.startswith("/assessment/S2/")}


def test_without_data_the_sheet_shows_the_rescaling_and_no_total() -> None:
    text = said(sheet_page("S3"))
    assert "满分 15 折算为 30" in text and "无数据：O1，权重已分给同类其他指标。" in text
    bare = said(sheet_page("S5"))
    assert "无总分" in bare and "没有总分，不参加排名。" in bare and "两项都无数据" in bare


def test_next_actions_come_by_points_and_with_their_first_step() -> None:
    panel = next(nodes(sheet_page(), "section.as-panel.as-moves"))
    gains = [float(said(node).lstrip("+")) for node in nodes(panel, "b.gain")]
    assert gains == sorted(gains, reverse=True) and gains[0] > 0
    assert "先完成" in said(panel)
    small = Move("P2", "helmets", "helmets", MORE, 5, 100.0, NEXT, 0.8, 1.0)
    large = replace(small, amount=9, goal="full", gain=3.0)
    other = replace(small, source="slots", gain=2.0)
    assert grouped((large, other, small)) == [(large, small), (other, None)]


def test_what_has_happened_is_no_next_action_but_a_quiet_note() -> None:
    view = views.sheet()
    act = Move("P2", "helmets", "helmets", MORE, 5, 100.0, NEXT, 0.8, 1.0)
    gone = Move("O2", "change", "accidents_month", FEWER, 254, None, "full", -0.1, 4.31)
    source = view.about.rules.by_code["O2"].parts[0]
    gone = replace(gone, part=source.code, source=source.sources[0])
    panel = moves_panel(replace(view, moves=(gone, act)), look("zh"))
    assert [said(node) for node in nodes(panel, "b.gain")] == ["+1.00"]
    note = said(next(nodes(panel, "div.as-fixed")))
    assert "已发生的不能再减" in note and "254" in note and "+4.31" in note
    only = moves_panel(replace(view, moves=(gone,)), look("zh"))
    assert not list(nodes(only, "b.gain")) and "254" in said(only)
    assert not list(nodes(moves_panel(replace(view, moves=(act,)), look("zh")), "div.as-fixed"))


def test_the_modes_say_what_is_computed_before_they_answer() -> None:
    for lang in LANGS:
        assert translator(lang)("assessmentview.modes.waiting") in said(assessment_modes.waiting(translator(lang)))


def test_a_number_stands_beside_every_slider_with_the_same_ends() -> None:
    fields = [node[1] for node in nodes(assessment_try.form(views.sheet(), {}, look("zh")), "input")]
    assert fields and len(fields) % 2 == 0
    for slider, number in zip(fields[::2], fields[1::2], strict=True):
        assert (slider["type"], number["type"]) == ("range", "number")
        assert [slider[key] for key in ("min", "max", "step", "value")] == [
            number[key] for key in ("min", "max", "step", "value")
        ]
        assert "name" not in number, "the slider alone is sent"


def test_a_running_month_says_what_is_in_hand_beside_the_projection() -> None:
    view = views.sheet("S2", about(RUNNING))
    assert view.in_hand is not None
    text = said(sheet_page("S2", "running"))
    assert f"照此进度到月底{view.score.shown:.2f}" in text
    assert f"现已到手{view.in_hand.shown:.2f}" in text
    assert "现已到手" not in said(sheet_page("S2", "open"))


def test_signs_of_gaming_are_said_with_their_limits() -> None:
    panel = said(next(nodes(sheet_page(), "section.as-panel.as-guards")))
    assert "改类需核对5.0 %" in panel and "界限 1 %" in panel
    assert "迟录正常0.0 %" in panel


def test_points_and_appeals_are_listed_with_their_forms() -> None:
    text, tree = said(sheet_page()), raw(sheet_page())
    assert "−1.50award" in text and "依据 2024-12；A 登记于" in text and "已计入" in text
    assert "一名红码人员户籍已迁出" in text and "赵某 答复于" in text and "1 件待答复" in text
    assert "/api/v1/assessment/2024-05/adjustments" in tree and "/api/v1/assessment/adjustments/A2/withdraw" in tree
    assert "/api/v1/assessment/2024-05/appeals" in tree and "/api/v1/assessment/appeals/P1%2F%20%3F/reply" in tree
    assert "/api/v1/assessment/appeals/P2/reply" not in tree
    quiet = raw(sheet_page(name="read only"))
    assert "data-post" not in quiet


def test_a_line_written_after_the_lock_waits_for_the_correction() -> None:
    view = views.sheet("S2", about(LOCKED, (FIRST,)))
    late = replace(view.adjustments[0], line=replace(view.adjustments[0].line, adjustment_id="A9"))
    text = said(sheet_page("S2", "locked", adjustments=(*view.adjustments, late)))
    assert "未计入本版，出更正时计入" in text and "已计入" in text


def test_hostile_text_stays_text() -> None:
    evil = '<script>alert(1)</script>=HYPERLINK("x")'
    tree = sheet_page(appeals=(replace(views.APPEAL, body=evil, author=evil),))
    assert said(tree).count(evil) == 2
    assert not list(nodes(tree, "script"))


# what if ----------------------------------------------------------------------------------------


def test_there_is_a_slider_for_every_number() -> None:
    view = views.sheet()
    tree = assessment_try.form(view, {"helmets": 900.0}, look("zh"))
    fields = {node[1]["name"]: node[1] for node in nodes(tree, "input") if node[1]["type"] == "range"}
    assert set(fields) == {f"try.{slider.source}" for slider in view.sliders}
    assert (fields["try.helmets"]["value"], fields["try.helmets"]["data-now"]) == ("900", "600")
    assert fields["try.slots"]["value"] == fields["try.slots"]["data-now"] == "50"


@pytest.mark.parametrize("lang", LANGS)
def test_the_answer_shows_points_total_and_rank_before_and_after(lang: str) -> None:
    view = views.sheet()
    inputs, slider = views.town(), next(one for one in view.sliders if one.source == "helmets")
    better = [
        changed(one, {"helmets": replace(slider.now, numerator=900.0)}, RULES) if one.code == "S2" else one
        for one in inputs.stations
    ]
    after = next(
        one
        for one in score_month(replace(inputs, stations=tuple(better)), RULES, view.score.adjustments)
        if one.code == "S2"
    )
    text = said(assessment_try.result(view, after, look(lang)))
    gain = after.total - view.score.total
    assert f"{view.score.shown:.2f}" in text and f"{after.shown:.2f}" in text and f"+{gain:.2f}" in text
    assert "P2" in text and "P3" not in text
    same = said(assessment_try.result(view, view.score, look(lang)))
    assert translator(lang)("assessmentview.try.same") in same
    assert translator(lang)("assessmentview.try.move") in said(assessment_try.result(view, None, look(lang)))


def test_an_older_version_cannot_be_tried() -> None:
    view = views.sheet("S2", about(LOCKED, BOTH, 0))
    assert "试算只对现行版本。" in said(assessment_try.form(view, {}, look("zh")))
    assert assessment_try.token(view) != assessment_try.token(views.sheet("S2", about(LOCKED, BOTH)))


# two stations, modes, rows ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_comparison_shows_every_gap(lang: str) -> None:
    of = about()
    view = views.comparison()
    tree = assessment_compare.tree(view, views.ranking(), views.choices(of), look(lang))
    complete(said(tree))
    gap = view.first.score.total - view.second.score.total
    assert f"+{gap:.2f}" in said(tree)
    assert [node[1]["value"] for node in nodes(tree, "select") if "value" in node[1]] == ["S1", "S2"]
    assert translator(lang)("assessmentview.compare.other_mode") not in said(tree)
    other = assessment_compare.tree(views.comparison("S1", "S4"), views.ranking(), views.choices(of), look(lang))
    assert translator(lang)("assessmentview.compare.other_mode") in said(other)


def test_who_is_compared_with_whom_when_the_address_does_not_say() -> None:
    view = views.ranking()
    order = [line.unit.code for line in view.groups[0].lines]
    assert assessment_compare.pair_of(view, "S4", "S1") == ("S4", "S1")
    assert assessment_compare.pair_of(view, "", "") == (order[0], order[1])
    assert assessment_compare.pair_of(view, order[1], "") == (order[1], order[0])
    assert assessment_compare.pair_of(view, "", order[0]) == (order[1], order[0])
    assert assessment_compare.pair_of(replace(view, groups=()), "", "") is None
    none = assessment_compare.tree(None, view, views.choices(about()), look("zh"))
    assert "至少要有两个派出所才能对比。" in said(none)


@pytest.mark.parametrize("lang", LANGS)
def test_the_modes_page_warns_shows_distances_and_asks_for_a_reason(lang: str) -> None:
    view = views.fusion()
    tree = assessment_modes.tree(view, look(lang), editing=True)
    complete(said(tree))
    t = translator(lang)
    assert view.clustering is not None
    assert t("assessmentview.modes.few", n=8, features=len(view.clustering.features)) in said(tree)
    assert t("assessmentview.modes.is_other") in said(tree) and t("assessmentview.modes.not_placed") in said(tree)
    for line in view.lines:
        if line.suggestion is not None:
            assert f"{min(line.suggestion.distances):.2f}" in said(tree)
    assert "/api/v1/assessment/modes/S0" in raw(tree)
    assert "data-post" not in raw(assessment_modes.tree(view, look(lang), editing=False))


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_stations_get_no_suggestion_and_are_told_so(lang: str) -> None:
    text = said(assessment_modes.tree(views.fusion(3), look(lang), editing=False))
    assert translator(lang)("assessmentview.modes.nothing") in text


@pytest.mark.parametrize("lang", LANGS)
def test_rows_say_which_number_they_are_behind(lang: str) -> None:
    tree = assessment_rows.tree(views.source_rows(), look(lang))
    complete(said(tree))
    assert "900 / 1,200" in said(tree)
    assert "/assessment/S2?month=2024-05#P2" in links(tree)
    assert {"/assessment/S2/helmets?month=2024-05&page=1", "/assessment/S2/helmets?month=2024-05&page=3"} <= set(
        links(tree)
    )
    frozen = said(assessment_rows.tree(views.source_rows(about(LOCKED, (FIRST,))), look(lang)))
    assert translator(lang)("assessmentview.rows_of.frozen") in frozen
    none = replace(views.source_rows(), page=replace(views.source_rows().page, rows=(), total=0))
    assert translator(lang)("rows.none") in said(assessment_rows.tree(none, look(lang)))


# drawings ---------------------------------------------------------------------------------------


def spot(tree: Any) -> tuple[str, float, float]:
    circle = next(nodes(tree, "circle"))
    return circle[0], circle[1]["cx"], circle[1]["cy"]


def test_the_spot_lies_on_its_curve() -> None:
    points = ((0.6, 0.0), (0.8, 0.6), (0.9, 1.0))
    line = next(nodes(curve(points, 0.8, 0.6, ""), "polyline"))[1]["points"].split(" ")
    kind, x, y = spot(curve(points, 0.8, 0.6, ""))
    assert f"{x},{y}" == line[2] and kind == "circle.part"
    assert spot(curve(points, 7.0, 1.0, ""))[1] == float(line[-1].split(",")[0])
    assert spot(curve(points, 0.1, 0.0, ""))[0] == "circle.none"
    assert not list(nodes(curve(points, None, None, ""), "circle"))


def test_the_axis_of_the_waterfall_holds_every_step() -> None:
    for code in ("S1", "S2", "S3", "S5"):
        steps = views.sheet(code).steps
        scale = fall_scale(steps)
        assert all(0 <= scale.at(step.after) <= 100 for step in steps)


def test_gaps_point_to_whoever_is_ahead() -> None:
    right, left, none = gap_bar(2.0, 4.0), gap_bar(-4.0, 4.0), gap_bar(None, 4.0)
    assert next(nodes(right, "rect.a"))[1]["x"] == 50 and next(nodes(right, "rect.a"))[1]["width"] == 25
    assert next(nodes(left, "rect.b"))[1]["x"] == 0
    assert next(nodes(none, "rect"))[1]["width"] == 0


def test_no_drawing_carries_a_colour_of_its_own() -> None:
    for tree in (ranking_page(), sheet_page(), assessment_modes.tree(views.fusion(), look("zh"), editing=True)):
        assert not re.search(r'#[0-9a-f]{6}\b|"(fill|stroke|style)":', raw(tree))
