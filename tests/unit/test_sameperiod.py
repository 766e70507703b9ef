"""What an address of the comparison pages asks for, and the address that asks for it again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.days import spring_festival
from domain.errors import BadRequest
from domain.sameperiod import BASES, Periods, params, periods
from domain.span import PRESETS, UNITS, Span, base_of, span_of

NOW = datetime(2024, 5, 7, 13, 5, 20)


def span(text: str) -> Span:
    """`2024-05-01..2024-05-07T13:05`: the end is not included."""
    start, end = text.split("..")
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


def ask(now: datetime = NOW, **args: str) -> Periods:
    return periods(args, now, spring_festival)


def test_without_a_word_this_month_to_date_is_compared_with_last_years_and_with_last_month() -> None:
    assert ask() == Periods(
        span=span("2024-05-01..2024-05-07T13:05:20"),
        preset="month",
        base=span("2023-05-01..2023-05-07T13:05:20"),
        base_name="year",
        base_used="year",
        previous=span("2024-04-01..2024-04-07T13:05:20"),
        whole_hours=False,
        festival=None,
    )


@pytest.mark.parametrize(
    ("args", "this", "base", "previous"),
    [
        ({"preset": "month", "at": "2022-11-05"},
         "2022-11-01..2022-12-01", "2021-11-01..2021-12-01", "2022-10-01..2022-11-01"),
        ({"preset": "month", "at": "2024-02-29"},
         "2024-02-01..2024-03-01", "2023-02-01..2023-03-01", "2024-01-01..2024-02-01"),
        ({"preset": "day", "at": "2024-02-29"},
         "2024-02-29..2024-03-01", "2023-02-28..2023-03-01", "2024-02-28..2024-02-29"),
        ({"preset": "week", "at": "2024-05-01", "base": "weekday"},
         "2024-04-29..2024-05-06", "2023-05-01..2023-05-08", "2024-04-22..2024-04-29"),
        ({"preset": "quarter", "at": "2024-02-10"},
         "2024-01-01..2024-04-01", "2023-01-01..2023-04-01", "2023-10-01..2024-01-01"),
        ({"preset": "year", "at": "2023-07-01"},
         "2023-01-01..2024-01-01", "2022-01-01..2023-01-01", "2022-01-01..2023-01-01"),
        ({"preset": "quarter", "at": "2024-06-30"},  # not over: to date
         "2024-04-01..2024-05-07T13:05:20", "2023-04-01..2023-05-07T13:05:20", "2024-01-01..2024-02-07T13:05:20"),
        ({"preset": "month", "at": ""},
         "2024-05-01..2024-05-07T13:05:20", "2023-05-01..2023-05-07T13:05:20", "2024-04-01..2024-04-07T13:05:20"),
        ({"preset": "jan_feb", "base": "lunar"},
         "2024-01-01..2024-03-01", "2022-12-13..2023-02-11", "2023-11-01..2024-01-01"),
        ({"from": "2024-03-01", "to": "2024-03-31"},  # free, yet a whole month
         "2024-03-01..2024-04-01", "2023-03-01..2023-04-01", "2024-02-01..2024-03-01"),
        ({"from": "2024-05-01", "to": "2024-05-31", "preset": "year"},  # days win over a preset
         "2024-05-01..2024-05-07T13:05:20", "2023-05-01..2023-05-07T13:05:20", "2024-04-24..2024-04-30T13:05:20"),
        ({"to": "2024-03-02"}, "2024-03-02..2024-03-03", "2023-03-02..2023-03-03", "2024-03-01..2024-03-02"),
        ({"preset": "week", "base_from": "2019-05-01", "base_to": "2019-05-07"},
         "2024-05-06..2024-05-07T13:05:20", "2019-05-01..2019-05-07T13:05:20", "2024-04-29..2024-04-30T13:05:20"),
        ({"preset": "week", "base": "free", "base_to": "2019-05-01"},
         "2024-05-06..2024-05-07T13:05:20", "2019-05-01..2019-05-01T13:05:20", "2024-04-29..2024-04-30T13:05:20"),
        ({"preset": "week", "base": "free"},  # without days last year's dates
         "2024-05-06..2024-05-07T13:05:20", "2023-05-06..2023-05-07T13:05:20", "2024-04-29..2024-04-30T13:05:20"),
        ({"preset": "week", "base": "year", "base_from": "2019-05-01"},  # a name wins over days left in a form
         "2024-05-06..2024-05-07T13:05:20", "2023-05-06..2023-05-07T13:05:20", "2024-04-29..2024-04-30T13:05:20"),
    ],
)  # fmt: skip
def test_an_address_says_three_periods(args: dict[str, str], this: str, base: str, previous: str) -> None:
    found = ask(**args)
    assert (found.span, found.base, found.previous) == (span(this), span(base), span(previous))


def test_nothing_to_compare_with_still_has_a_period_before() -> None:
    found = ask(base="none")
    assert (found.base, found.base_used) == (None, "none")
    assert found.previous == span("2024-04-01..2024-04-07T13:05:20")


def test_the_spring_festival_is_used_and_named_where_it_is_near() -> None:
    found = ask(now=datetime(2025, 2, 4, 9), preset="7d", base="lunar")
    assert found.span == span("2025-01-29..2025-02-04T09:00")
    assert found.base == span("2024-02-10..2024-02-16T09:00")
    assert (found.base_name, found.base_used, found.festival) == ("lunar", "lunar", date(2025, 1, 29))


@pytest.mark.parametrize("args", [{"preset": "month"}, {"from": "2024-01-01", "to": "2024-05-01"}])
def test_where_no_spring_festival_is_near_the_same_dates_stand_in_and_it_says_so(args: dict[str, str]) -> None:
    found = ask(base="lunar", **args)
    assert (found.base_name, found.base_used, found.festival) == ("lunar", "year", None)
    assert found.base == ask(base="year", **args).base


@pytest.mark.parametrize(
    ("now", "args", "this", "base", "previous"),
    [
        ("2024-05-07T13:05:20", {"preset": "month"},
         "2024-05-01..2024-05-07T13:00", "2023-05-01..2023-05-07T13:00", "2024-04-01..2024-04-07T13:00"),
        ("2024-05-07T13:00:00", {"preset": "7d", "base": "weekday"},
         "2024-05-01..2024-05-07T13:00", "2023-05-03..2023-05-09T13:00", "2024-04-24..2024-04-30T13:00"),
        ("2024-05-07T13:05:20", {"preset": "last_month"},
         "2024-04-01..2024-05-01", "2023-04-01..2023-05-01", "2024-03-01..2024-04-01"),
        ("2024-02-29T00:40:00", {"preset": "month"},  # what is left ends with the 28th, and so does what it is against
         "2024-02-01..2024-02-29", "2023-02-01..2023-03-01", "2024-01-01..2024-01-29"),
        ("2023-03-29T00:40:00", {"preset": "month"},
         "2023-03-01..2023-03-29", "2022-03-01..2022-03-29", "2023-02-01..2023-03-01"),
        ("2024-05-07T13:05:20", {"from": "2024-05-06", "to": "2024-05-07", "base_from": "2024-05-06"},
         "2024-05-06..2024-05-07T13:00", "2024-05-06..2024-05-06T13:00", "2024-05-04..2024-05-05T13:00"),
        ("2024-05-07T13:05:20", {"preset": "today", "base_from": "2024-05-07"},
         "2024-05-07..2024-05-07T13:00", "2024-05-07..2024-05-07T13:00", "2024-05-06..2024-05-06T13:00"),
        ("2024-05-01T00:40:00", {"preset": "month"},  # nothing but the running hour: it stays
         "2024-05-01..2024-05-01T00:40", "2023-05-01..2023-05-01T00:40", "2024-04-01..2024-04-01T00:40"),
    ],
)  # fmt: skip
def test_the_running_hour_is_left_out_of_all_three(
    now: str, args: dict[str, str], this: str, base: str, previous: str
) -> None:
    found = ask(now=datetime.fromisoformat(now), hours="whole", **args)
    assert (found.span, found.base, found.previous) == (span(this), span(base), span(previous))
    assert found.whole_hours


@pytest.mark.parametrize(
    ("args", "value"),
    [
        ({"preset": "forever"}, "forever"),
        ({"preset": "day"}, "day"),  # of which day?
        ({"preset": "7d", "at": "2022-11-05"}, "2022-11-05 (7d)"),
        ({"at": "yesterday"}, "yesterday"),
        ({"at": "2024-02-30"}, "2024-02-30"),
        ({"at": "2024-06-01"}, "month 2024-06-01"),
        ({"at": "1989-06-01"}, "month 1989-06-01"),
        ({"from": "2024-05-02", "to": "2024-05-01"}, "2024-05-02..2024-05-01"),
        ({"from": "x"}, "x"),
        ({"base": "prev"}, "prev"),
        ({"base": "never" * 20}, ("never" * 20)[:40]),
        ({"base_from": "2024-05-32"}, "2024-05-32"),
        ({"hours": "half"}, "half"),
    ],
)
def test_nonsense_is_refused_by_its_value(args: dict[str, str], value: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ask(**args)
    assert caught.value.params["value"] == value


@pytest.mark.parametrize("name", ["at", "hours"])
def test_a_parameter_that_has_no_such_value_is_named(name: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ask(preset="7d", **{name: "2022-11-05"})
    assert caught.value.params["name"] == name


# any address ------------------------------------------------------------------------------------

instants = st.datetimes(datetime(1998, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(microsecond=0))
times = st.one_of(instants, st.dates(date(1998, 1, 1), date(2060, 1, 1)).map(lambda d: datetime.combine(d, time.min)))


@st.composite
def addresses(draw: st.DrawFn) -> tuple[dict[str, str], datetime]:
    """An address that makes sense, and the instant at which it is opened."""
    now = draw(times)
    past = st.integers(1, 2500).map(lambda days: (now - timedelta(days=days)).date())
    kind = draw(st.sampled_from(["preset", "unit", "free"]))
    if kind == "preset":
        args = {"preset": draw(st.sampled_from(PRESETS))}
    elif kind == "unit":
        args = {"preset": draw(st.sampled_from(UNITS)), "at": draw(past).isoformat()}
    else:
        first, last = sorted([draw(past), draw(past) + timedelta(days=draw(st.integers(0, 20)))])
        args = {"from": first.isoformat(), "to": last.isoformat()}
    args |= {"base": draw(st.sampled_from(BASES)), "hours": draw(st.sampled_from(["", "whole"]))}
    if args["base"] == "free":
        day = periods(args | {"base": "none"}, now, spring_festival).span.first_day
        args |= {"base_from": (day - timedelta(days=draw(st.integers(0, 800)))).isoformat()}
        args |= {"base_to": (day + timedelta(days=draw(st.integers(0, 20)))).isoformat()}
    return args, now


@given(addresses())
def test_an_address_written_back_asks_for_the_same_periods(asked: tuple[dict[str, str], datetime]) -> None:
    args, now = asked
    found = periods(args, now, spring_festival)
    assert periods(params(found), now, spring_festival) == found
    assert params(periods(params(found), now, spring_festival)) == params(found)


@given(addresses())
def test_no_period_is_empty_or_lies_in_the_future(asked: tuple[dict[str, str], datetime]) -> None:
    args, now = asked
    found = periods(args, now, spring_festival)
    assert found.previous is not None
    assert (found.base is None) == (found.base_name == "none")
    for one in (found.span, found.base, found.previous):
        assert one is None or one.start < one.end <= now
    assert found.previous.end <= found.span.start


@given(addresses())
def test_with_whole_hours_no_end_lies_within_an_hour_unless_nothing_were_left(
    asked: tuple[dict[str, str], datetime],
) -> None:
    args, now = asked
    found = periods(args | {"hours": "whole"}, now, spring_festival)
    running = found.span.end - found.span.start < timedelta(hours=1)
    for one in (found.span, found.base, found.previous):
        assert one is None or running or (one.end.minute, one.end.second) == (0, 0)
    uncut = periods(args | {"hours": "", "base": "none"}, now, spring_festival)
    assert timedelta(0) <= uncut.span.end - found.span.end < timedelta(hours=1)


@given(addresses())
def test_what_is_used_is_what_was_asked_but_for_a_festival_that_is_not_near(
    asked: tuple[dict[str, str], datetime],
) -> None:
    args, now = asked
    found = periods(args, now, spring_festival)
    if found.base_used != found.base_name:
        assert (found.base_name, found.base_used) == ("lunar", "year")
    assert (found.festival is not None) == (found.base_used == "lunar")
    if found.base_used in ("year", "weekday"):
        assert found.base == base_of(found.span, found.base_used)


@given(instants, st.sampled_from(PRESETS))
def test_a_preset_means_the_same_here_as_on_the_map(now: datetime, preset: str) -> None:
    assert periods({"preset": preset}, now, spring_festival).span == span_of(preset, now)


@pytest.mark.parametrize(
    ("preset", "until", "this"),
    [
        ("month", "2024-05-07T12:50:00", "2024-05-01..2024-05-07T12:50"),  # what lasts until now ends where data do
        ("yesterday", "2024-05-06T23:50:00", "2024-05-06..2024-05-06T23:50"),  # yesterday stays yesterday
        ("last_month", "2024-05-03T00:00:00", "2024-04-01..2024-05-01"),
        ("today", "2024-05-06T23:50:00", "2024-05-07..2024-05-07T13:05:20"),  # nothing would be left
    ],
)
def test_a_late_source_shortens_a_period_but_never_makes_it_another(preset: str, until: str, this: str) -> None:
    now = datetime(2024, 5, 7, 13, 5, 20)
    found = periods({"preset": preset}, now, spring_festival, datetime.fromisoformat(until))
    assert found.span == span(this)
