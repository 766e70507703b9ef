"""Numbers, dates and durations as each language writes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from i18n import ONE_SPACE, catalogue, translator

ZH, EN = translator("zh", strict=True), translator("en", strict=True)


def plain(text: str) -> str:
    return text.replace(ONE_SPACE, " ")


def test_dates_and_clocks():
    moment = datetime(2024, 5, 6, 8, 5, 9)
    assert ZH.date(moment.date()) == "2024年5月6日"
    assert EN.date(moment.date()) == "6 May 2024"
    assert ZH.moment(moment) == "2024年5月6日 08:05"
    assert EN.moment(moment, seconds=True) == "6 May 2024 08:05:09"
    assert ZH.weekday(date(2024, 5, 6)) == "星期一"
    assert ZH.short_date(date(2024, 5, 6)) == "5月6日"


def test_the_last_second_of_a_day_is_midnight():
    end = datetime(2024, 5, 6, 23, 59, 59)
    assert ZH.until(end, datetime(2024, 5, 6, 9)) == "今日 24:00"
    assert ZH.until(end, datetime(2024, 5, 2, 9)) == "5月6日 24:00"
    assert EN.deadline(end) == "6 May 2024 24:00"
    assert EN.deadline(datetime(2024, 5, 6, 14)) == "6 May 2024 14:00"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(0.125, 2, "0.13"), (61.35, 1, "61.4"), (1234567, 0, "1,234,567"), (-3.5, 1, "−3.5"), (None, 0, "—")],
)
def test_numbers_round_half_up(value, digits, expected):
    assert ZH.number(value, digits) == expected


def test_changes_carry_their_sign():
    assert plain(ZH.change(12.466)) == "+12.47 %"
    assert plain(ZH.change(-8.44)) == "−8.44 %"
    assert plain(ZH.change(0.001)) == "0.00 %"


def test_quantities_have_their_unit():
    assert plain(ZH.count(3, "sessions")) == "3 场"
    assert plain(EN.count(1, "sessions")) == "1 session"
    assert plain(EN.count(1.4, "sessions")) == "1.4 sessions"
    assert plain(EN.count(90, "percent")) == "90.0 %"


@pytest.mark.parametrize(
    ("seconds", "zh"),
    [(90, "90 秒"), (300, "5 分钟"), (79200, "22 小时"), (86400, "1 天"), (0, "0 秒"), (5400, "90 分钟")],
)
def test_durations(seconds, zh):
    assert plain(ZH.duration(timedelta(seconds=seconds))) == zh


def test_strict_words_fail_loudly_and_others_show_the_key():
    with pytest.raises(KeyError):
        ZH("no.such.key")
    with pytest.raises(KeyError):
        ZH("page.data_at")
    assert translator("zh")("no.such.key") == "no.such.key"
    assert ZH.raw("page.data_at") == catalogue("zh")["page.data_at"]


def test_an_unknown_language_is_chinese():
    assert translator("fr").lang == "zh"
    assert translator("en").html_lang == "en"


def test_the_other_name_stands_in_for_a_missing_one():
    assert EN.pick("临河", None) == "临河"
    assert ZH.pick(None, "Linhe") == "Linhe"
    assert ZH.pick(None, None) == ""
