"""The comparison pages: said in both languages, every number opens what it counts, addresses and forms round trip."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import compare_page
from components.compare_bar import bar
from components.compare_links import TABS, href, path_of
from components.compare_table import unit_table
from components.hiccup import size_of, text_of
from domain.compare_asked import params
from domain.compare_views import LIMITS, STEPS, UNITS, WHO
from domain.errors import BadRequest
from domain.sameperiod import BASES
from domain.span import PRESETS
from i18n import translator
from i18n.compare_words import period_text
from tests.support import compare_views
from tests.support.compare_city import ABSENT, RULES, city, late, nothing
from tests.support.compare_drawn import LANGS, QUESTIONS, WORDY, addresses, drawn, look, ours, read, seen
from tests.support.trees import (
    classes_of,
    form_query,
    given_of,
    links,
    nodes,
    of_class,
    query,
    shown,
    tag_of,
    tagged,
    told,
)

# words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", TABS)
def test_every_page_is_said_without_gaps(name: str, question: str, lang: str) -> None:
    said = told(drawn(name, look(lang), **QUESTIONS[question]))
    assert len(said[0]) > 200
    assert [text for text in said if WORDY.search(text)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_what_no_reader_may_see_would_be_noticed(lang: str) -> None:
    t = translator(lang, strict=True)
    for text in ("None", "{n} 起", "nan %", "0E−10", "−0.00 %", "compare.word.up", "trend.chart.note"):
        assert WORDY.search(text)
    for text in ("−0.05 %", "−0.001", t.change(-0.004), t.points(-0.001), t.number(1e-12, 11), t("compare.title")):
        assert not WORDY.search(text), text
    with pytest.raises(KeyError):
        t("compare.no_such_key")


@pytest.mark.parametrize("name", TABS)
def test_a_page_stays_far_below_what_a_browser_can_bear(name: str) -> None:
    assert size_of(drawn(name, look(), preset="year")) < 1500


def test_a_table_of_a_hundred_stations_stays_below_what_a_browser_can_bear() -> None:
    stations = tuple(replace(unit, code=f"{n:012d}") for n, unit in enumerate(compare_views.stations(100)))
    view = compare_views.view(units=stations)
    assert len(view.table.rows) >= 100
    assert size_of(compare_page.tables(view, RULES, look())) < 8000


# numbers open what they count --------------------------------------------------------------------


@cache
def rows_behind(address: str) -> int:
    """What the rows of an address add up to: people where a figure counts people, else incidents."""
    severity = query(address).get("severity", "")
    view = city().opened(address, size=200 if severity else 1)
    harm = {"fatal": "deaths", "fatal,minor,serious": "injuries"}.get(severity)
    if harm is None:
        return view.total
    assert view.total == len(view.rows), "not all rows are on the first page"
    return sum(row[view.columns.index(harm)] for row in view.rows)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", ["overview", "tables", "fair"])
def test_every_number_opens_exactly_what_it_counts(name: str, question: str) -> None:
    numbers = [given_of(node) for node in links(seen(name, question)) if "data-n" in given_of(node)]
    assert [(one["href"], one["data-n"]) for one in numbers if rows_behind(one["href"]) != one["data-n"]] == []
    assert all(urlsplit(one["href"]).path == "/incidents" for one in numbers)


def test_that_many_numbers_are_links() -> None:
    found = {
        (name, question): sum("data-n" in given_of(node) for node in links(seen(name, question)))
        for name in ("overview", "tables", "fair")
        for question in QUESTIONS
    }
    assert found["overview", "a year"] > 100
    assert found["tables", "of a district by class"] > 10
    assert sum(found.values()) > 1500


def test_nothing_is_not_a_link_and_neither_is_what_no_address_can_say() -> None:
    tree = seen("tables", "as it opens")
    for row in tagged(tree, "tr"):
        unknown = "未归属派出所" in text_of(row)
        for node in of_class(row, "n"):
            assert (tag_of(node) == "a") == (text_of(node) not in ("0", "—") and not unknown), text_of(row)


def test_rows_of_more_stations_than_an_address_can_name_are_not_linked() -> None:
    stations = tuple(
        replace(unit, code=f"{n:012d}", region_type="rural") for n, unit in enumerate(compare_views.stations(70))
    )
    of_some = compare_views.asked(region="rural", unit="region")
    few = compare_views.view(of_some, units=stations)
    assert not any("data-n" in given_of(node) for node in links(unit_table(few, RULES, look(), tab="tables")))
    of_all = compare_views.view(compare_views.asked(unit="station"), units=stations)
    assert sum("data-n" in given_of(node) for node in links(unit_table(of_all, RULES, look(), tab="tables"))) > 500


# addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", TABS)
def test_every_link_stays_inside_and_says_the_whole_question(name: str, question: str) -> None:
    tree = seen(name, question)
    assert all(re.match(r"/(?!/)[\w/.-]*(\?|$)", address) for address in addresses(tree))
    found = ours(tree)
    assert len(found) > 5
    for address in found:
        assert params(read(address), RULES) == query(address), address


@pytest.mark.parametrize("name", TABS)
def test_every_link_of_a_past_page_stays_in_the_past(name: str) -> None:
    past = "2024-05-07T13:05"
    tree = drawn(name, look(past=past))
    found = addresses(tree)
    kept = [query(address).get("as_of") for address in found if address != "?"]
    assert len(kept) > 10
    assert set(kept) == {past}
    assert found.count("?") == 1, "the way back to now"
    assert form_query(tree)["as_of"] == past


@pytest.mark.parametrize("question", QUESTIONS)
def test_tabs_keep_the_question(question: str) -> None:
    wanted = city().asked(**QUESTIONS[question])
    for name in TABS:
        tabs = of_class(seen(name, question), "cp-tabs")[0]
        assert [urlsplit(given_of(node)["href"]).path for node in links(tabs)] == [path_of(tab) for tab in TABS]
        assert {read(given_of(node)["href"]) for node in links(tabs)} == {wanted}
        current = [node for node in links(tabs) if given_of(node).get("aria-current") == "page"]
        assert [classes_of(node) for node in links(tabs) if node in current] == [{"is-on"}]
        assert urlsplit(given_of(current[0])["href"]).path == path_of(name)


def test_a_choice_changes_one_thing_and_says_which_is_on() -> None:
    wanted = city().asked(preset="year", unit="region", sort="-traffic", figure="order", step="week", who="squadron")
    choices: dict[str, tuple[str, tuple[str, ...]]] = {
        "tables": ("unit", UNITS), "trend": ("step", STEPS), "clocks": ("who", WHO),
    }  # fmt: skip
    for name, (field, values) in choices.items():
        args = params(wanted, RULES)
        menu = of_class(drawn(name, look(), **args), "cp-units")[0]
        asked = [read(given_of(node)["href"]) for node in links(menu)]
        kept: dict[str, Any] = {field: getattr(wanted, field), "sort": wanted.sort}
        offered = [one for one in asked if replace(one, **kept) == wanted]
        assert {getattr(one, field) for one in offered} == set(values)
        on = [node for node in links(menu) if "is-on" in classes_of(node)]
        assert all(replace(read(given_of(node)["href"]), sort=wanted.sort) == wanted for node in on)


def test_the_limits_and_classes_of_clocks_are_one_click() -> None:
    menu = of_class(drawn("clocks", look(), limits="region"), "cp-units")[0]
    found = [read(given_of(node)["href"]) for node in links(menu)]
    assert {one.limits for one in found} == set(LIMITS)
    assert {one.classes for one in found} == {(), ("accident",), ("order",), ("other",)}


def test_the_trend_prints_its_periods_and_offers_no_base_but_keeps_it() -> None:
    wanted = city().asked(preset="month", base="weekday", step="week")
    tree = drawn("trend", look(), **params(wanted, RULES))
    said = shown(of_class(tree, "cp-periods")[0])
    assert ("本年至今" in said, "往年同期" in said, "控制图" in said) == (True, True, True)
    fields = [given_of(node) for node in tagged(tree, "input", "select") if given_of(node).get("name") == "base"]
    assert [(one.get("type"), one.get("value")) for one in fields] == [("hidden", "weekday")]
    assert read(form_query(tree)) == wanted


def test_another_figure_of_the_trend_and_of_fair_comparison_is_one_click() -> None:
    for name in ("trend", "fair"):
        menu = of_class(drawn(name, look(), step="week"), "cp-units")[0]
        found = {read(given_of(node)["href"]).figure for node in links(menu)}
        assert found == {figure.code for figure in RULES.figures if figure.headline}


codes = st.sets(st.sampled_from(["S1", "S2", "S3", "S4", "S5", "S6"]), max_size=3).map(lambda v: ",".join(sorted(v)))
asking = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.sampled_from(PRESETS),
        "base": st.sampled_from(BASES),
        "hours": st.just("whole"),
        "unit": st.sampled_from(UNITS),
        "step": st.sampled_from(STEPS),
        "who": st.sampled_from(WHO),
        "limits": st.sampled_from(LIMITS),
        "class": st.sampled_from(["accident", "accident,other"]),
        "figure": st.sampled_from([figure.code for figure in RULES.figures]),
        "sort": st.sampled_from(["-traffic", "accident.change", "-residents"]),
        "district": st.sampled_from(["D1", "D2", "D1,D2"]),
        "station": codes,
        "region": st.sampled_from(["urban", "fringe,rural"]),
        "mode": st.sampled_from(["basic", "deep,full"]),
    },
)


def free(args: dict[str, str]) -> dict[str, str]:
    """A free base needs its days."""
    return {**args, "base_from": "2023-01-03", "base_to": "2023-02-11"} if args.get("base") == "free" else args


@settings(max_examples=40, deadline=None)
@given(asking.map(free), st.sampled_from(TABS))
def test_a_form_that_nobody_touched_asks_the_same_question(args: dict[str, str], name: str) -> None:
    here = city()
    wanted = here.asked(**args)
    tree = bar(name, wanted, board(), units(), look(), rules=RULES)
    assert read(form_query(tree)) == wanted


@cache
def board() -> Any:
    return city().compare().board


@cache
def units() -> Any:
    return city().compare().units


@pytest.mark.parametrize(
    "args",
    [
        {"from": "2023-03-03", "to": "2023-09-20", "base": "weekday"},
        {"from": "2024-05-01", "to": "2024-05-07"},
        {"preset": "quarter", "at": "2022-08-08"},
        {"preset": "day", "at": "2024-05-07", "hours": "whole"},
    ],
)
def test_free_days_and_units_of_a_day_survive_the_form_and_the_address(args: dict[str, str]) -> None:
    wanted = city().asked(**args)
    tree = bar("overview", wanted, board(), units(), look(), rules=RULES)
    for said in (form_query(tree), params(wanted, RULES), query(href(look(), "trend", wanted, RULES))):
        assert read(said) == wanted


@settings(max_examples=60, deadline=None)
@given(asking.map(free))
def test_an_address_is_read_back_as_the_question_it_was_written_from(args: dict[str, str]) -> None:
    wanted = city().asked(**args)
    for name in TABS:
        assert read(href(look(), name, wanted, RULES)) == wanted


@pytest.mark.parametrize(
    "args",
    [{"unit": "town"}, {"step": "day"}, {"who": "x"}, {"limits": "no"}, {"region": "sea"}, {"mode": "x"}, {"base": "x"},
     {"figure": "nope"}, {"sort": "Traffic!"}, {"class": "murder"}, {"station": "a b"}, {"preset": "decade"},
     {"hours": "half"}, {"at": "2024-01-01", "preset": "30d"}, {"preset": "month", "at": "2030-01-01"},
     {"from": "x"}, {"station": ",".join(f"S{n}" for n in range(99))}],
)  # fmt: skip
def test_nonsense_in_an_address_names_itself(args: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as caught:
        city().asked(**args)
    for lang in LANGS:
        assert "{" not in translator(lang, strict=True)(caught.value.key, **caught.value.params)


def test_every_field_of_the_form_has_a_name_that_can_be_read_out() -> None:
    tree = of_class(seen("overview", "free days"), "cp-form")[0]
    inside = {id(node) for label in tagged(tree, "label") for node in nodes(label)}
    fields = [node for node in tagged(tree, "input", "select") if given_of(node).get("type") != "hidden"]
    assert len(fields) > 8
    assert [node for node in fields if id(node) not in inside and "aria-label" not in given_of(node)] == []


# periods -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", ["overview", "tables", "clocks", "fair"])
def test_the_periods_are_printed_beside_the_numbers(name: str, question: str) -> None:
    periods, t = city().asked(**QUESTIONS[question]).periods, translator("zh")
    printed = shown(of_class(seen(name, question), "cp-periods")[0])
    for span in (periods.span, periods.base, periods.previous):
        assert span is None or period_text(span, t) in printed
    assert ("同期" in printed) == (periods.base is not None)


def test_the_caption_of_a_table_says_both_periods() -> None:
    periods, t = city().asked(preset="year").periods, translator("zh")
    caption = shown(tagged(seen("tables", "a year"), "caption")[0])
    assert period_text(periods.span, t) in caption
    assert period_text(periods.base, t) in caption
    assert "派出所" in caption


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("as it opens", "2024-05-01 — 05-07 截至 13:05"),
        ("as it opens", "2023-05-01 — 05-07 截至 13:05"),
        ("as it opens", "两期节假日天数不同（5 天对 3 天）"),
        ("whole hours by weekday", "2023-05-08 — 05-09 截至 13:00"),
        ("whole hours by weekday", "上年同星期（52周前）"),
        ("whole hours by weekday", "各期都只算到最近的整点"),
        ("the Spring Festival", "按春节对齐：今年春节 2024年2月10日"),
        ("lunar far from it", "本期不在春节前后45天内"),
        ("a month of its own", "2023-11-01 — 11-30"),
        ("where the data begin", "数据始于 2021年6月10日，本期不完整，不作升降判断"),
    ],
)
def test_what_a_reader_must_know_before_comparing_is_said(question: str, said: str) -> None:
    assert said in shown(of_class(seen("overview", question), "cp-periods")[0])


# absent figures, little data ---------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_figure_that_no_data_carry_says_so_and_is_no_zero(lang: str) -> None:
    t, name = translator(lang), RULES.figure(ABSENT).name(lang)  # type: ignore[union-attr]
    tree = drawn("overview", look(lang), preset="year")
    card = next(node for node in tagged(tree, "article") if shown(node).startswith(name))
    assert "is-absent" in classes_of(card)
    assert t("compare.card.absent") in shown(card)
    assert not re.search(r"\d", shown(card))
    trend = drawn("trend", look(lang), figure=ABSENT)
    assert t("compare.card.absent") in shown(of_class(trend, "empty-box")[0])
    fair = drawn("fair", look(lang), figure=ABSENT)
    assert name in shown(of_class(fair, "empty-box")[0])


def test_a_station_without_such_a_mark_has_zeros_because_others_have_it() -> None:
    tree = drawn("trend", look(), figure="petition", station="S6")
    assert of_class(tree, "empty-box") == []
    assert "信访舆情" in shown(tree)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", TABS)
def test_an_empty_database_is_a_designed_state(name: str, lang: str) -> None:
    tree = drawn(name, look(lang), nothing())
    assert len(of_class(tree, "empty-box")) == 1
    assert of_class(tree, "cp-tabs")
    assert of_class(tree, "cp-form")
    assert tagged(tree, "table", "svg", "article") == []
    assert [text for text in told(tree) if WORDY.search(text)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_period_without_orders_is_a_designed_state(lang: str) -> None:
    tree = drawn("clocks", look(lang), preset="month", at="2022-08-08")
    assert translator(lang)("clocks.none_span") in shown(of_class(tree, "empty-box")[0])
    assert tagged(tree, "table") == []


def test_a_base_before_the_first_order_is_not_compared() -> None:
    tree = drawn("clocks", look(), preset="year")
    assert "同期数据不完整，不比较" in shown(tree)
    assert of_class(tree, "yoy") == []


def test_a_base_that_the_data_do_not_reach_is_judged_nowhere() -> None:
    tree = seen("overview", "where the data begin")
    assert all("t-grey" in classes_of(node) for node in of_class(tree, "delta"))
    text = shown(tree)
    assert "没有完整的同期可比" in text
    assert "没有完整的同期，不作判断" in text
    assert not re.search(r"同期 0 起|同期 0\.00", text)


# sources that are late ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABS)
def test_a_late_source_is_said_and_periods_end_where_it_is_complete(name: str) -> None:
    here = late(30)
    tree = drawn(name, look(), here)
    notes = of_class(tree, "banner", "late")
    assert len(notes) == 1
    assert "2024年5月6日 07:05" in shown(notes[0])
    assert urlsplit(given_of(links(notes[0])[0])["href"]).path == "/feeds"
    periods = here.asked().periods
    assert periods.base is not None
    assert (periods.span.end, periods.base.end) == (datetime(2024, 5, 6, 7, 5), datetime(2023, 5, 6, 7, 5))
    for printed in of_class(tree, "cp-periods"):
        assert "2024-05-01 — 05-06 截至 07:05" in shown(printed)
    assert not of_class(drawn(name, look()), "banner")


def test_a_late_source_does_not_make_the_period_look_quiet() -> None:
    here = late(30)
    view, span = here.compare(), here.asked().periods.span
    assert view.lines[0].now == here.count(span.start, span.end)
    assert view.lines[0].now < city().compare().lines[0].now  # type: ignore[operator]
    assert view.days["now"].length == view.days["base"].length
