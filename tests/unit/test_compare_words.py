"""Comparisons and response clocks in words: changes, intervals, verdicts, periods, lengths of time, bands."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import i18n
from catalogue.clocks_loader import load_clock_rules
from domain.clock_rules import CLASSES, CLOCKS, LIMITS, WHO
from domain.compare_asked import MODES, REGIONS
from domain.compare_views import UNITS, WORDS, Days, UnitRow
from domain.comparison import VERDICTS, Change, changed
from domain.fair_views import ZONES
from domain.sameperiod import BASES, Periods
from domain.share_change import share_changed
from domain.span import PRESETS, Span
from domain.span import UNITS as STRETCHES
from domain.trend import SIGNALS
from i18n import ONE_SPACE, clock_words, compare_words, translator
from tests.support import compare_views, views

ZH, EN = translator("zh", strict=True), translator("en", strict=True)
RULES = compare_views.RULES
CLOCK_RULES = load_clock_rules(views.CATALOGUE)


def plain(text: str) -> str:
    return text.replace(ONE_SPACE, " ")


@pytest.mark.parametrize("module", [i18n, clock_words, compare_words])
def test_the_examples_in_the_text_are_true(module):
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize(
    ("now", "base", "said"),
    [
        (31_980, 36_537, "−12.47 %"),
        (8_795, 10_102, "−12.94 %"),
        (55, 65, "−15.38 %"),
        (6, 3, "+100.00 %"),
        (7, 0, "新增 7"),
        (1_234_567, 0, "新增 1,234,567"),
        (0, 7, "−100.00 %"),
        (0, 0, "—"),
        (7, 7, "0.00 %"),
        (100_000, 100_001, "0.00 %"),
        (2001, 2000, "+0.05 %"),
    ],
)
def test_a_change_is_printed_as_circulars_do(now, base, said):
    change = changed(now, base, 30, 30)
    assert plain(compare_words.percent_text(change, ZH)) == said
    assert plain(compare_words.changed_text(now, base, change.percent, ZH)) == said


@pytest.mark.parametrize(("now", "base", "said"), [(9, 7, "—"), (9, 0, "—"), (0, 0, "—")])
def test_without_a_base_there_is_no_change(now, base, said):
    assert compare_words.percent_text(changed(now, base, 30, 0), ZH) == said
    assert compare_words.changed_text(now, None, None, ZH) == said


@pytest.mark.parametrize(
    ("pairs", "points", "size"),
    [
        ((614, 1000, 526, 1000), "+8.80 个百分点", "8.80 个百分点"),
        ((1, 3, 2, 3), "−33.33 个百分点", "33.33 个百分点"),
        ((50, 100, 5, 10), "0.00 个百分点", ""),
        ((50_000, 100_000, 50_001, 100_000), "0.00 个百分点", "0.00 个百分点"),
        ((1, 2, 0, 0), "—", ""),
    ],
)
def test_a_rate_changes_in_percentage_points(pairs, points, size):
    change = share_changed(*pairs)
    assert plain(compare_words.points_text(change, ZH)) == points
    assert plain(compare_words.size_text(change, ZH)) == size
    assert "%" not in compare_words.interval_text(change, ZH).replace("95%", "")


@pytest.mark.parametrize(
    ("now", "base", "said"),
    [(9, 7, "28.57 %"), (5, 7, "28.57 %"), (7, 7, ""), (0, 7, "100.00 %"), (4, 0, "新增 4"), (0, 0, "")],
)
def test_behind_up_and_down_a_size_has_no_sign(now, base, said):
    assert plain(compare_words.size_text(changed(now, base, 30, 30), ZH)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-12.34, 999.0, "95%区间 −12.3 % 至 +999.0 %"),
        (-12.34, 12345.6, "95%区间 −12.3 % 至 >999 %"),
        (1200.0, 98765.4, "95%区间 >999 % 以上"),
        (1200.0, None, "95%区间 >999 % 以上"),
    ],
)
def test_an_end_that_only_says_very_large_is_not_printed_as_a_number(low, high, said):
    change = replace(changed(9, 1, 30, 30), low=low, high=high)
    assert plain(compare_words.interval_text(change, ZH)) == said
    told = [compare_words.bound_value(bound, change, ZH) for bound in (low, high)]
    assert [isinstance(one, str) for one in told] == [bound is not None and bound > 999 for bound in (low, high)]
    assert all(plain(one) in said for one in told if isinstance(one, str))


def test_an_interval_is_said_with_both_ends_or_open():
    found = changed(120, 100, 30, 30)
    assert plain(compare_words.interval_text(found, ZH)) == "95%区间 −8.7 % 至 +58.1 %"
    assert plain(compare_words.interval_text(found, EN)) == "95 % interval −8.7 % to +58.1 %"
    opened = plain(compare_words.interval_text(changed(7, 0, 30, 30), ZH))
    assert re.fullmatch(r"95%区间 \+[\d.]+ % 以上", opened)
    assert compare_words.interval_text(changed(0, 0, 30, 30), ZH) == ""
    assert compare_words.interval_text(changed(4, 0, 30, 0), ZH) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(60, 10, 30, 30), "超出偶然波动，95%区间"),
        (changed(10, 60, 30, 30), "超出偶然波动，95%区间"),
        (changed(6, 3, 30, 30), "在偶然波动范围内，95%区间"),
        (changed(0, 0, 30, 30), "两期均为零"),
        (changed(6, 0, 30, 0), "无法比较"),
        (share_changed(9, 10, 1, 10), "超出偶然波动，95%区间"),
        (share_changed(0, 0, 1, 10), "无法比较"),
    ],
)
def test_whether_it_is_real_is_said(change, said):
    assert compare_words.judged(change, ZH).startswith(said)


changes = st.builds(
    changed, st.integers(0, 500), st.integers(0, 500), st.just(30), st.sampled_from([0, 7, 30]), st.floats(1, 8)
)


@given(changes)
def test_arrow_tone_and_verdict_never_contradict_each_other(change: Change):
    arrow = compare_words.arrow(change.verdict, change.now - change.base)
    for good in ("down", "up", "none"):
        kind = compare_words.tone(change.verdict, good)
        assert (kind == "grey") == (change.verdict not in compare_words.REAL)
        if kind in ("good", "bad"):
            assert (kind == "good") == ((change.verdict == "fewer") == (good == "down"))
    assert arrow == "→" or (arrow == "↑") == (change.now > change.base)
    assert (arrow == "→") == (change.verdict in ("none", "unknown") or change.now == change.base)
    for t in (ZH, EN):
        said = plain(compare_words.judged(change, t) + compare_words.percent_text(change, t))
        assert not re.search(r"None|nan|inf\b|[{}]|[−-]0\.0+ ", said)


@given(st.integers(0, 10**9))
@example(99_999_999)
@example(999_999)
@example(1_315_750)
def test_a_large_quantity_is_short_and_true_to_its_second_decimal(n):
    for t, units in ((ZH, {"万": 10_000, "亿": 10**8}), (EN, {"k": 1000, "M": 10**6})):
        said = plain(compare_words.quantity(n, RULES.figure("traffic"), t))
        found = re.fullmatch(r"([\d,.]+) ?([万亿kM]?) ?(起|incidents?)", said)
        assert found is not None, said
        size = units.get(found[2], 1)
        assert abs(Decimal(found[1].replace(",", "")) * size - n) * 200 <= size
        assert size == 1 or Decimal(found[1]) < 10_000
        assert (n < 100_000) == (size == 1)
    assert compare_words.quantity(None, None, ZH) == "—"


def test_people_and_items_are_counted_in_their_own_units():
    assert plain(compare_words.quantity(3, RULES.figure("deaths"), ZH)) == "3 人"
    assert plain(compare_words.quantity(3, RULES.figure("petition"), ZH)) == "3 件"
    assert plain(compare_words.quantity(1, RULES.figure("deaths"), EN)) == "1 person"


# periods -----------------------------------------------------------------------------------------


def periods(**given: object) -> Periods:
    span, base = Span(datetime(2024, 5, 1), datetime(2024, 5, 8)), Span(datetime(2023, 5, 1), datetime(2023, 5, 8))
    made = Periods(span, "month", base, "year", "year", None, whole_hours=False, festival=None)
    return replace(made, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-05-01", "2024-05-08", "2024-05-01 — 05-07"),
        ("2024-05-07", "2024-05-08", "2024-05-07"),
        ("2023-12-25", "2024-01-02", "2023-12-25 — 2024-01-01"),
        ("2024-05-01", "2024-05-07T13:05", "2024-05-01 — 05-07 截至 13:05"),
        ("2024-05-07", "2024-05-07T13:00", "2024-05-07 截至 13:00"),
    ],
)
def test_a_period_is_its_days_and_the_clock_where_it_ends_within_one(start, end, said):
    stretch = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert compare_words.period_text(stretch, ZH) == said
    assert compare_words.period_text(None, ZH) == "—"


def test_every_preset_unit_base_and_code_has_words():
    for t in (ZH, EN):
        said = [compare_words.preset_name(periods(preset=one), t) for one in ("", *PRESETS)]
        said += [compare_words.preset_name(periods(preset=one, at=date(2024, 5, 1)), t) for one in STRETCHES]
        said += [compare_words.base_name(periods(base_used=one), t) for one in BASES]
        families = {
            "compare.unit": UNITS, "compare.word": WORDS, "compare.verdict": VERDICTS, "compare.region_name": REGIONS,
            "compare.mode_name": MODES, "fair.zone": ZONES, "clocks.who_name": WHO, "clocks.limits_name": LIMITS,
        }  # fmt: skip
        for family, names in families.items():
            words = [t(f"{family}.{name}") for name in names]
            assert len(set(words)) == len(words)
            said += words
        said += [t(f"trend.chart.{kind}_{side}", **GAPS) for kind in SIGNALS for side in ("high", "low")]
        assert all(said)


GAPS = {"when": "x", "value": 1, "first": "a", "last": "b", "n": 8}


DAYS = {"now": Days(7, {"workday": 2, "weekend": 0, "holiday": 5}, True)}
FALLS = {
    "nothing": ({}, {}, []),
    "incomplete": ({}, {"short": date(2024, 1, 2)}, ["数据始于 2024年1月2日，同期不完整"]),
    "holidays": ({}, {"kinds": {"workday": 4, "weekend": 1, "holiday": 2}}, ["（5 天对 2 天）"]),
    "length": ({}, {"length": 8.0}, ["两期天数不同"]),
    "calendar": ({}, {"known": False}, ["放假安排尚未公布"]),
    "hours": ({"whole_hours": True}, {}, ["最近的整点"]),
    "festival": ({"base_name": "lunar", "festival": date(2024, 2, 10)}, {}, ["今年春节 2024年2月10日"]),
    "no festival": ({"base_name": "lunar"}, {}, ["不在春节前后45天内"]),
}


@pytest.mark.parametrize("name", FALLS)
def test_what_to_know_before_comparing_is_said_and_nothing_else(name):
    how, base, said = FALLS[name]
    question = replace(compare_views.asked(), periods=periods(**how))
    found = compare_words.notes(question, {**DAYS, "base": replace(DAYS["now"], **base)}, ZH)
    assert len(found) == len(said)
    assert all(part in text for part, text in zip(said, found, strict=True))


def test_days_are_told_by_kind_and_part_of_a_day_as_part():
    assert compare_words.made_of(DAYS["now"], ZH) == "7 天：工作日 2、周末 0、节假日 5"
    assert compare_words.made_of(replace(DAYS["now"], length=6.545), ZH).startswith("6.5 天")
    assert compare_words.made_of(replace(DAYS["now"], length=0.4), ZH) == "不足一天"


# units -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "unit", "inside", "said"),
    [
        ("", "station", False, "未归属派出所"),
        ("", "district", False, "未归属派出所"),
        ("S1", "station", False, "S1"),
        ("rural", "region", False, "农村"),
        ("-", "region", False, "未填"),
        ("full", "mode", False, "全面融合"),
        ("accident", "kind", False, "事故"),
        ("", "kind", False, "未填"),
        ("order/congestion", "kind", True, "拥堵"),
        ("order/", "kind", True, "未填"),
        ("order/x_new", "kind", True, "x_new"),
    ],
)
def test_a_row_is_called_by_what_it_stands_for(code, unit, inside, said):
    assert compare_words.row_name(UnitRow(code, None, (), "", None, inside), unit, ZH) == said


def test_a_station_is_called_without_what_all_are_called():
    unit = views.unit(3, 6)
    assert compare_words.unit_name(unit, "station", ZH) == "临河3"
    assert compare_words.unit_name(replace(unit, short_name="临河3派出所"), "station", ZH) == "临河3"
    assert compare_words.unit_name(unit, "district", EN) == "Linhe 3 Police Station"
    assert compare_words.unit_name(replace(unit, short_name="派出所", name="派出所"), "station", ZH) == "派出所"
    assert compare_words.figure_name("no_such", RULES, ZH) == "no_such"
    assert compare_words.figure_name("repeat_share", RULES, EN) == "Share of repeats"


# clocks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"), (0, "0 秒"), (41, "41 秒"), (119.4, "119 秒"), (119.5, "2 分 0 秒"), (278, "4 分 38 秒"),
        (3599, "59 分 59 秒"), (3600, "1 小时 0 分"), (7500, "2 小时 5 分"), (86_399, "23 小时 59 分"),
        (97_200, "1 天 3 小时"),
    ],
)  # fmt: skip
def test_a_length_of_time_has_two_units(seconds, said):
    assert clock_words.length(seconds, ZH) == said


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CLOCKS)
def test_every_clock_has_a_name_a_limit_and_one_more_band_than_ends(code, lang):
    t = translator(lang, strict=True)
    clock = CLOCK_RULES.clock(code)
    names = [plain(name) for name in clock_words.bands(clock, t)]
    assert len(names) == len(clock.bands) + 1 == len(set(names))
    assert clock.name(lang)
    for limits in LIMITS:
        assert clock_words.limit(clock, limits, t)
    assert all(t(f"value.class_code.{one}") for one in CLASSES)


def test_limits_are_said_as_they_are_set():
    sign, arrive, set_out = (CLOCK_RULES.clock(code) for code in ("sign", "arrive", "set_out"))
    assert plain(clock_words.limit(sign, "uniform", ZH)) == "90 秒内"
    assert plain(clock_words.limit(sign, "region", ZH)) == "90 秒内"
    assert plain(clock_words.limit(arrive, "uniform", ZH)) == "5 分钟内"
    assert plain(clock_words.limit(arrive, "region", ZH)) == "城区 5 分钟、城乡结合部 10 分钟、农村 不设时限"
    assert clock_words.limit(set_out, "uniform", ZH) == "不设时限"
    assert [plain(one) for one in clock_words.bands(sign, ZH)][::4] == ["30 秒内", "超过3 分钟"]
