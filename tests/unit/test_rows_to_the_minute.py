"""A period of the comparison pages and the rows it opens are the same stretch, to the second."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import product
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.days import spring_festival
from components import incidents_page
from components.compare_links import span_params
from components.look import Look
from components.map_bar import filter_bar
from components.map_links import href, params
from domain.asked import asked
from domain.errors import BadRequest
from domain.heat import Asked
from domain.incident_filter import Filter
from domain.sameperiod import BASES, Periods, periods
from domain.span import PRESETS, UNITS, Span
from i18n import translator
from tests.support import map_views as mv
from tests.support import views
from tests.support.trees import form_query, given_of, nodes, shown

NOW = mv.NOW
CLOCKED = {"from": "2026-11-02", "to": "2026-11-10T13:40"}
"""Ends within a day of the past."""
DAYS = ("2024-02-29", "2025-03-01", "2025-01-29", "2024-12-31", "2025-05-31", "2026-01-01")
CLOCKS = (time(0), time(0, 0, 1), time(0, 1), time(0, 59, 59), time(13, 40), time(13, 40, 20), time(23, 59, 59))
INSTANTS = [datetime.combine(date.fromisoformat(day), clock) for day, clock in product(DAYS, CLOCKS)]


def look(lang: str = "zh") -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE, "")


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def spans(found: Periods) -> list[Span]:
    return [one for one in (found.span, found.base, found.previous) if one]


def opened(span: Span, now: datetime) -> Span:
    """What the rows page makes of the address that a number of a comparison opens."""
    return asked({**span_params(span), "base": "none"}, now).span


# the same stretch --------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [one for one in BASES if one != "free"])
@pytest.mark.parametrize("preset", PRESETS)
def test_every_period_opens_the_rows_of_exactly_itself(preset: str, base: str) -> None:
    for now, hours in product(INSTANTS, ("", "whole")):
        found = periods({"preset": preset, "base": base, "hours": hours}, now, spring_festival)
        assert [opened(span, now) for span in spans(found)] == spans(found), (now, hours)


instants = st.datetimes(datetime(1993, 1, 1), datetime(2060, 1, 1)).map(lambda found: found.replace(microsecond=0))
questions = st.one_of(
    st.fixed_dictionaries({"preset": st.sampled_from(PRESETS)}),
    st.tuples(st.sampled_from(UNITS), st.integers(0, 300)).map(lambda pair: {"preset": pair[0], "back": str(pair[1])}),
    st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda pair: {"back": str(pair[0]), "days": str(pair[1])}),
)


@settings(max_examples=150, deadline=None)
@given(instants, questions, st.sampled_from(["year", "weekday", "lunar"]), st.integers(0, 90_000))
def test_whatever_is_compared_opens_its_own_rows_then_and_later(
    now: datetime, wanted: dict[str, str], base: str, later: int
) -> None:
    day = now.date() - timedelta(days=int(wanted.get("back", 1)) + 1)
    args = {"preset": wanted.get("preset", ""), "base": base}
    if "days" in wanted:
        args |= {"from": str(day - timedelta(days=int(wanted["days"]))), "to": str(day)}
    elif "back" in wanted:
        args["at"] = str(day)
    found = periods(args, now, spring_festival)
    for span in spans(found):
        assert opened(span, now) == span
        assert opened(span, now + timedelta(seconds=later)) == span


def test_a_base_of_free_days_opens_its_own_rows() -> None:
    args = {"preset": "month", "base_from": "2025-10-03", "base_to": "2025-10-07"}
    found = periods(args, datetime(2025, 11, 24, 13, 40), spring_festival)
    assert [opened(span, datetime(2025, 11, 24, 13, 40)) for span in spans(found)] == spans(found)


# what an address may say -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "end", "clocked"),
    [
        ("2026-11-02", "2026-11-10T13:40", datetime(2026, 11, 10, 13, 40), True),
        ("2026-11-02", "2026-11-10T13:40:20", datetime(2026, 11, 10, 13, 40, 20), True),
        ("2026-11-02", "2026-11-10T13:40:20.7", datetime(2026, 11, 10, 13, 40, 20), True),
        ("", "2026-11-10T13:40", datetime(2026, 11, 10, 13, 40), True),
        ("2026-11-02", "2026-11-10T00:00", datetime(2026, 11, 10), False),
        ("2026-11-02", "2026-11-10", datetime(2026, 11, 11), False),
        ("2026-11-02", NOW.isoformat(), NOW, True),
        ("2026-11-02", (NOW + timedelta(hours=1)).isoformat(), NOW, False),
        ("2026-11-02", "2030-01-01T08:00", NOW, False),
    ],
)  # fmt: skip
def test_a_period_may_end_at_an_instant_but_never_after_now(
    first: str, last: str, end: datetime, clocked: bool
) -> None:
    found = asked({"from": first, "to": last}, NOW)
    assert (found.span.end, found.clocked, found.preset) == (end, clocked, "")
    assert found.span.start == datetime.fromisoformat(first or last[:10])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-02T08:00", "2026-11-10"),  # only the end may have a clock
        ("2026-11-02T08:00", "2026-11-10T13:40"),
        ("2026-11-02", "2026-11-10T25:00"),
        ("2026-11-02", "2026-11-10T"),
        ("2026-11-02", "T13:40"),
        ("2026-11-02", "2026-11-10T13:40+08:00"),
        ("2026-11-02", "2026-11-10T13:40Z"),
        ("2026-11-10", "2026-11-10T00:00"),  # nothing lies between
        ("2026-11-11", "2026-11-10T13:40"),
        ("1980-01-01", "1980-01-02T13:40"),
        ("2010-01-01", "2026-11-10T13:40"),
        ("2030-01-01", "2030-01-01T13:40"),
    ],
)  # fmt: skip
def test_an_instant_that_makes_no_sense_is_refused_with_its_value(first: str, last: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked({"from": first, "to": last}, NOW)
    value = str(caught.value.params["value"])
    assert value in (first, last) or value.startswith(f"{first}..{last[:10]}")


# nothing loses it --------------------------------------------------------------------------------


def clocked(base: str = "year", **more: str) -> Asked:
    return asked({**CLOCKED, "base": base, **more}, NOW)


ends = st.integers(1, 86_399).map(lambda second: datetime(2026, 11, 10) + timedelta(seconds=second))


@settings(max_examples=60, deadline=None)
@given(
    ends, st.sampled_from(["none", "year", "prev"]), st.sampled_from(["/map", "/incidents", "/download/incidents.csv"])
)
def test_links_keep_the_clock(end: datetime, base: str, path: str) -> None:
    question = asked({"from": "2026-11-02", "to": end.isoformat(), "base": base}, NOW)
    assert question.span.end == end
    assert asked(params(question), NOW) == question
    assert asked(query(href(look(), path, question, {"weekday": "0"})), NOW).span == question.span


@settings(max_examples=25, deadline=None)
@given(ends, st.sampled_from(["none", "year", "prev"]))
def test_a_form_that_nobody_touched_keeps_the_clock(end: datetime, base: str) -> None:
    question = asked({"from": "2026-11-02", "to": end.isoformat(), "base": base}, NOW)
    tree = filter_bar(mv.heat_view(5, 5, wanted=question), look())
    assert asked(form_query(tree), NOW) == question


def test_the_form_shows_the_clock_and_takes_only_what_the_address_may_say() -> None:
    (field,) = (given_of(one) for one in nodes(filter_bar(mv.heat_view(5, 5, wanted=clocked()), look()))
                if given_of(one).get("name") == "to")  # fmt: skip
    assert (field["type"], field["value"], field["step"]) == ("datetime-local", "2026-11-10T13:40", 1)
    assert field["min"] <= field["value"] <= field["max"] == f"{NOW:%Y-%m-%d}T23:59:59"
    plain = filter_bar(mv.heat_view(5, 5, wanted=asked({"from": "2026-11-02", "to": "2026-11-10"}, NOW)), look())
    (field,) = (given_of(one) for one in nodes(plain) if given_of(one).get("name") == "to")
    assert (field["type"], field["value"], field.get("step")) == ("date", "2026-11-10", None)


def test_paging_chips_and_files_of_rows_keep_the_clock() -> None:
    question = asked({**CLOCKED, "class": "order"}, NOW)
    assert question.filter == Filter(classes=("order",))
    tree = incidents_page.tree(mv.rows_view(50, wanted=question, total=187, page=2), look())
    kept = [query(given_of(one)["href"]) for one in nodes(tree) if "to=" in str(given_of(one).get("href"))]
    assert len(kept) >= 8  # the map twice, two files, a chip, none of them, and pages
    assert {one["to"] for one in kept} == {CLOCKED["to"]}


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "2026-11-02 — 11-10 截至 13:40"), ("en", "2026-11-02 — 11-10 until 13:40")]
)
def test_the_page_says_where_its_rows_end(lang: str, said: str) -> None:
    text = shown(incidents_page.tree(mv.rows_view(wanted=clocked("none")), look(lang)))
    assert said in text
