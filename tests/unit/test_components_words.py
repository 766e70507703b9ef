"""Every kind of task and every grey reason, said in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from catalogue.loader import load_catalogue
from domain.board import Feed
from domain.colour import Colour, FeedState, Numbers, Reason, judge
from domain.task import Kind
from domain.views import Projection
from i18n import ONE_SPACE, translator
from i18n import words as w

CATALOGUE = load_catalogue()
ZH, EN = translator("zh", strict=True), translator("en", strict=True)
NOON = datetime(2026, 11, 22, 13)  # a Sunday; half of the working day is gone
EVENING = datetime(2026, 11, 22, 20)


def cell(code, numerator=0.0, denominator=0.0, *, base=None, waiting=0, at=NOON, feed=FeedState.FRESH):
    task = CATALOGUE.task(code)
    return judge(task, Numbers(numerator, denominator, base, waiting), task.thresholds, at, feed), task


def said(function, code, *numbers, t=ZH, **more):
    return function(*cell(code, *numbers, **more), t).replace(ONE_SPACE, " ")


@pytest.mark.parametrize(
    ("code", "numbers", "more", "zh", "en"),
    [
        ("T1-01", (18, 20), {}, "18 ÷ 20 ＝ 90.0 %，目标 ≥95 %", "18 ÷ 20 = 90.0 %, target ≥95 %"),
        ("T1-02", (9, 11), {}, "9 ÷ 11 ＝ 81.8 %，目标 ≥56 %", "9 ÷ 11 = 81.8 %, target ≥56 %"),
        (
            "T3-01", (0,), {"at": datetime(2026, 11, 22, 17)},
            "今日已完成 0 场，按序时应完成 1.7 场（目标 2 场，时间进度 83.3 %）",
            "Today: 0 sessions done, pace asks for 1.7 sessions by now (target 2 sessions, 83.3 % of the time gone)",
        ),
        ("T3-01", (1,), {"at": EVENING}, "今日已完成 1 场，目标 2 场", "Today: 1 session done, target 2 sessions"),
        ("T3-01", (2,), {}, "今日已完成 2 场，目标 2 场", "Today: 2 sessions done, target 2 sessions"),
        ("T1-08", (2,), {}, "今日发生 2 起，上限 ≤0 起", "Today: 2 incidents, limit ≤0 incidents"),
        ("T2-03", (3,), {}, "现有 3 件，上限 ≤0 件", "3 items now, limit ≤0 items"),
        (
            "T1-06", (12,), {"base": 10},
            "本周至今 12 起，去年同期 10 起，+20.00 %（上限 ≤0 %）",
            "This week to date: 12 incidents, same period last year: 10 incidents, +20.00 % (limit ≤0 %)",
        ),
        (
            "T1-07", (3,), {"base": 0},
            "本周至今 3 起，上周同期 0 起，— 新增 3 起（上限 ≤0 %）",
            "This week to date: 3 incidents, same period last week: 0 incidents, — 3 incidents new (limit ≤0 %)",
        ),
        (
            "T1-06", (0,), {"base": 0},
            "本周至今 0 起，去年同期 0 起，均为零（上限 ≤0 %）",
            "This week to date: 0 incidents, same period last year: 0 incidents, both zero (limit ≤0 %)",
        ),
        ("T5-04", (7,), {}, "7 起，只作参考，不赋色", "7 incidents, for information only, no colour"),
    ],
)  # fmt: skip
def test_formula_line_of_every_kind(code, numbers, more, zh, en):
    assert said(w.formula, code, *numbers, **more) == zh
    assert said(w.formula, code, *numbers, t=EN, **more) == en


def test_changes_round_half_up_to_two_decimals():
    assert "−12.47 %" in said(w.formula, "T1-06", 31980, base=36536)
    assert "+12.50 %" in said(w.formula, "T1-06", 9, base=8)


@pytest.mark.parametrize(
    ("code", "numbers", "more", "expected"),
    [
        ("T1-01", (), {}, Reason.NO_TASK),
        ("T1-01", (1, 2), {}, Reason.SMALL_SAMPLE),
        ("T3-01", (), {"at": datetime(2026, 11, 22, 8)}, Reason.IN_PROGRESS),
        ("T1-01", (9, 9), {"feed": FeedState.LATE}, Reason.DATA_LATE),
        ("T1-01", (), {"feed": FeedState.ABSENT}, Reason.NO_DATA),
        ("T5-04", (3,), {}, Reason.INFO),
    ],
)
@pytest.mark.parametrize("t", [ZH, EN])
def test_every_grey_says_why(code, numbers, more, expected, t):
    judged, task = cell(code, *numbers, **more)
    feed = Feed(task.feed, more.get("feed", FeedState.FRESH), None, 300)
    assert judged.reason is expected
    assert w.status(judged.colour, judged.reason, t) == t(f"reason.{expected.value}.short")
    assert len(w.reason_sentence(judged, task, feed, t)) > 8
    assert w.formula(judged, task, t)


def test_a_late_source_is_named_with_its_last_sign_of_life():
    judged, task = cell("T1-01", 9, 9, feed=FeedState.LATE)
    feed = Feed("dispatch", FeedState.LATE, datetime(2026, 11, 22, 8, 20), 300)
    text = w.reason_sentence(judged, task, feed, ZH).replace(ONE_SPACE, " ")
    assert text == "数据迟到：来源“处警指令”最近一次更新为 2026年11月22日 08:20，正常应每5 分钟更新一次。"


@pytest.mark.parametrize(
    ("code", "numbers", "more", "zh"),
    [
        ("T3-01", (1,), {"at": EVENING}, "还差 1 场"),
        ("T1-01", (18, 20), {}, "再有 20 例达标即可转蓝"),
        ("T7-03", (9, 10), {}, "本期已无法转蓝"),
        ("T1-08", (2,), {}, "超出 2 起"),
        ("T1-06", (12,), {"base": 10}, "超出 2 起"),
        ("T1-01", (20, 20), {}, ""),
        ("T1-01", (1, 2), {}, ""),
    ],
)
def test_what_is_missing(code, numbers, more, zh):
    assert said(w.missing, code, *numbers, **more) == zh


def test_parts_and_values():
    assert said(w.parts, "T1-01", 18, 20) == "18 / 20"
    assert said(w.parts, "T3-01", 1) == "1 / 2"
    assert said(w.parts, "T1-06", 12, base=10) == "12 ∶ 10"
    assert said(w.value, "T1-06", 3, base=0) == "— 新增 3 起"
    assert said(w.value, "T3-06", 1234) == "1,234 人次"
    assert w.waiting(cell("T1-01", 18, 20, waiting=2)[0], ZH).replace(ONE_SPACE, " ") == "在办 2 件"


def test_projection_names_its_range_and_its_days():
    task = CATALOGUE.task("T1-01")
    text = w.projection(Projection(88.1, 92.3, 95.6, 60, Colour.YELLOW), task, ZH).replace(ONE_SPACE, " ")
    assert text == "预计期末为 92.3 %，八成可能在 88.1 % 至 95.6 % 之间（按本所过去 60 天推算）"


@pytest.mark.parametrize("task", CATALOGUE.tasks, ids=lambda task: task.code)
@pytest.mark.parametrize("t", [ZH, EN])
def test_every_task_of_the_catalogue_can_be_said(task, t):
    for numbers in (Numbers(), Numbers(3, 4, 2.0, 1), Numbers(0, 0, 0.0), Numbers(400, 400, 100.0)):
        for at in (NOON, EVENING):
            judged = judge(task, numbers, task.thresholds, at, FeedState.FRESH)
            lines = [w.formula(judged, task, t), w.value(judged, task, t), w.target(judged, task, t)]
            assert all(lines)
            assert not any("{" in line for line in [*lines, w.missing(judged, task, t), w.how_measured(task, t)])


def test_own_thresholds_are_what_is_shown():
    task = CATALOGUE.task("T3-01")
    own = judge(task, Numbers(3), replace(task.thresholds, blue=5, yellow=4), EVENING, FeedState.FRESH)
    assert w.target(own, task, ZH).replace(ONE_SPACE, " ") == "5 场"
    assert task.kind is Kind.COUNT
