"""Values of cells: times, numbers, counts, and how far their text may stray."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import parsing
from domain.parsing import Unreadable, count, iso_span, number, plausible, quantity, time_pattern, time_reader
from domain.profile import folded

NOW = datetime(2024, 5, 7, 13)
TIMES = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))
FORMS = {
    "yyyy-MM-dd HH:mm:ss": "%Y-%m-%d %H:%M:%S",
    "yyyyMMddHHmmss": "%Y%m%d%H%M%S",
    "dd/MM/yyyy HH:mm:ss": "%d/%m/%Y %H:%M:%S",
    "yyyy年M月d日 H时mm分ss秒": "%Y年%m月%d日 %H时%M分%S秒",
}


def reason(read: object, text: str) -> str:
    """Why a text is refused."""
    with pytest.raises(Unreadable) as caught:
        read(text)  # type: ignore[operator]
    assert caught.value.reason in parsing.REASONS
    return caught.value.reason


@given(TIMES, st.sampled_from(sorted(FORMS)))
def test_a_time_written_in_a_form_is_read_back(at: datetime, form: str) -> None:
    assert time_reader([form])(at.strftime(FORMS[form])) == at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024/5/6 8:03", datetime(2024, 5, 6, 8, 3)),
        ("2024-05-06 08:03:04.120", datetime(2024, 5, 6, 8, 3, 4)),
        ("06/05/2024", datetime(2024, 5, 6)),
    ],
)
def test_loose_forms_are_read(text: str, expected: datetime) -> None:
    assert time_reader(["yyyy/M/d H:mm", "yyyy-MM-dd HH:mm:ss.f", "dd/MM/yyyy"])(text) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01 00:00:00", "2024-02-30 00:00:00", "2024-05-06 08:03", "٢٠٢٤-05-06 08:03:00"]
)
def test_other_texts_are_no_time(text: str) -> None:
    assert reason(time_reader(["yyyy-MM-dd HH:mm:ss"]), text) == "time_unparsable"


@given(st.lists(st.one_of(TIMES.map(str), st.just("")), max_size=30))
def test_the_quick_way_agrees_with_reading_one_by_one(texts: list[str]) -> None:
    times = [datetime.fromisoformat(text) for text in texts if text]
    assert iso_span(texts) == ((min(times), max(times)) if times else None)


@pytest.mark.parametrize(
    "text",
    [
        "2024-W19-1 08:00:00",
        "2024-05-06T08:00:00",
        "2024-05-06 08:00+01",
        "2024-05-06 00+01:00",
        "20240506080000",
        "2024-02-30 00:00:00",
        "2024-05-06 24:00:00",
        "2024-05-06 08:00:6x",
    ],
)
def test_the_quick_way_refuses_what_is_not_of_its_form(text: str) -> None:
    with pytest.raises(ValueError):
        iso_span(["2024-05-06 08:00:00", text])


def test_a_form_must_name_the_day() -> None:
    with pytest.raises(ValueError, match="HH:mm"):
        time_pattern("HH:mm")


def test_times_far_ahead_or_long_gone_are_refused() -> None:
    assert plausible(NOW + timedelta(days=1), NOW, future=False) == NOW + timedelta(days=1)
    late = NOW + timedelta(days=1, seconds=1)
    assert plausible(late, NOW, future=True) == late
    with pytest.raises(Unreadable, match="time_future"):
        plausible(late, NOW, future=False)
    with pytest.raises(Unreadable, match="time_early"):
        plausible(datetime(1900, 1, 1), NOW, future=True)


@given(st.integers(0, 2**31 - 1))
def test_whole_numbers_with_and_without_thousands_separators(value: int) -> None:
    assert count(str(value)) == value
    assert count(f"{value:,}") == value
    assert count(f"{value}.0") == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1", "number_negative"),
        ("1.5", "number_bad"),
        ("2147483648", "number_big"),
        ("1e99", "number_big"),
        ("1,2", "number_bad"),
        ("1_000", "number_bad"),
        ("nan", "number_bad"),
        ("=1+1", "number_bad"),
        ("三", "number_bad"),
    ],
)
def test_what_is_no_count(text: str, expected: str) -> None:
    assert reason(count, text) == expected


@given(st.floats(0, 9.9e9))
def test_a_quantity_is_kept_to_four_digits(value: float) -> None:
    assert quantity(repr(value)) == round(value, 4)


@pytest.mark.parametrize("text", ["1e999", "inf", "1.2.3", "12,34", "0x10", ""])
def test_what_is_no_number(text: str) -> None:
    assert reason(number, text) == "number_bad"


def test_a_decimal_comma_is_only_read_where_the_profile_says_so() -> None:
    assert number("12,61986", decimal_comma=True) == 12.61986
    assert number("1.234,5", decimal_comma=True) == 1234.5
    assert reason(number, "12,61986") == "number_bad"


def test_headers_are_compared_without_mark_blanks_and_case() -> None:
    assert folded("\ufeff JJDBH\u3000") == folded("jjdbh")
