"""The trees around the map: said in both languages, numbers open what they count, forms and chips round trip."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import incidents_page, map_page, map_tables
from components.hiccup import size_of, text_of
from components.look import Look
from components.map_bar import NOVEMBER, filter_bar
from components.map_filter import QUICK_HOURS, chips
from components.map_links import href, params, rows_href
from components.map_spots import hit_card, spots_panel
from components.map_summary import change_note, loading_note, summary
from components.map_when import calendar, level, matrix, when_panel
from domain.asked import asked as read
from domain.heat import ChangeNote
from domain.incident_filter import DAY_KINDS, PARAMS, SEVERITIES, Circle, Filter, parse
from domain.map_rules import BlackSpotRule
from domain.span import PRESETS, Span
from i18n import ONE_SPACE, map_words, translator
from tests.support import map_views as mv
from tests.support import views

LANGS = ("zh", "en")
RULE = BlackSpotRule(5, 100.0, 90, "accident")
NOW = mv.NOW


def look(lang: str = "zh", past: str = "") -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE, past)


def ringed(**given: object):
    return mv.heat_view(wanted=mv.asked(ring=(120.0, 30.0), **given))


PAGES = {
    "top": lambda look: map_page.top(ringed(chosen=Filter(classes=("order",), near=Circle(1, 2, 3))), look),
    "area": lambda look: map_page.top(mv.heat_view(wanted=mv.asked(layer="area", side="change")), look),
    "side": lambda look: map_page.side(ringed(), look),
    "alone": lambda look: map_page.side(mv.heat_view(wanted=mv.asked(base="none")), look),
    "years": lambda look: map_page.side(mv.heat_view(wanted=years()), look),
    "below": lambda look: map_page.below(mv.heat_view(), look),
    "spots": lambda look: map_page.spots(mv.spots_view(count=14), look, RULE),
    "rows": lambda look: incidents_page.tree(mv.rows_view(total=187, page=2), look),
    "loading": lambda look: map_page.loading(mv.board(), 0.4, look),
}


def years():
    return replace(mv.asked(base="none"), span=Span(datetime(2024, 3, 5), datetime(2026, 11, 1)), preset="")


def nodes(tree):
    if isinstance(tree, list):
        yield tree
        yield from chain.from_iterable(nodes(child) for child in tree[1:])


def given_of(node) -> dict:
    return node[1] if len(node) > 1 and isinstance(node[1], dict) else {}


def links(tree):
    return [node for node in nodes(tree) if "href" in given_of(node)]


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def shown(tree) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")


# words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_every_part_is_said_without_gaps(name, lang):
    tree = PAGES[name](look(lang))
    said = [shown(tree)]
    said += [
        str(value) for node in nodes(tree) for key, value in given_of(node).items() if key in ("title", "aria-label")
    ]
    assert len(said[0]) > 60
    assert [text for text in said if "None" in text or "{" in text or "map." in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_link_stays_inside_and_carries_the_instant(name):
    past = "2026-11-20T10:00"
    inside = [given_of(node)["href"] for node in links(PAGES[name](look(past=past))) if given_of(node)["href"] != "?"]
    assert inside
    assert all(link.startswith("/") and not link.startswith("//") for link in inside)
    assert {query(link)["as_of"] for link in inside} == {past}


def test_a_page_stays_far_below_what_a_browser_can_bear():
    parts = ("top", "side", "below", "spots")
    assert sum(size_of(PAGES[name](look())) for name in parts) < 4000
    assert size_of(map_page.side(mv.heat_view(wanted=mv.asked("365d")), look())) < 2500


# numbers open what they count --------------------------------------------------------------------

NARROWED = (
    Filter(),
    Filter(classes=("accident", "order"), hours=(7, 8, 9, 17)),
    Filter(stations=(views.unit(1, 6).code, views.unit(2, 6).code), weekdays=(0, 5), found="citizen"),
    Filter(severities=("minor", "fatal"), day_kinds=("workday", "holiday"), placed="yes", districts=("D1",)),
)


@pytest.mark.parametrize("unit", ["station", "district"])
@pytest.mark.parametrize("wanted", NARROWED)
def test_every_number_opens_exactly_what_it_counts(wanted, unit):
    """The view's sums are over the incidents the filter holds; each link is counted anew from its address."""
    question = mv.asked(chosen=wanted, unit=unit)
    view = mv.heat_view(200, 250, wanted=question, filtered=True)
    now, base = mv.incidents(question.span, 200, 1), mv.incidents(question.base, 250, 2)
    trees = [map_page.top(view, look()), map_page.side(view, look()), map_page.below(view, look())]
    numbers = [node for tree in trees for node in links(tree) if "data-n" in given_of(node)]
    assert len(numbers) > 40
    for node in numbers:
        args = query(given_of(node)["href"])
        of_base = args.pop("of", "") == "base"
        found = read(args, NOW)
        span = found.base if of_base else found.span
        rows = base if of_base else now
        assert mv.held(rows, found.filter, span.first_day, span.last_day) == given_of(node)["data-n"], node


def test_nothing_is_not_a_link():
    tree = summary(mv.heat_view(0, 0), look())
    assert links(tree) == []


def test_a_code_that_an_address_cannot_carry_is_no_link():
    question = mv.asked()
    assert rows_href(look(), question, stations=("",)) == ""
    assert rows_href(look(), question, subclasses=("两 个",)) == ""
    assert rows_href(look(), question, subclasses=("minor",)) != ""


def test_the_summary_says_how_many_are_not_on_the_map_and_why():
    view = mv.heat_view()
    text = shown(summary(view, look()))
    off = view.now.tally.total - view.now.tally.placed
    assert f"共 600 起，其中 {off} 起不在图上（" in text
    assert f"无坐标 {view.now.tally.by_issue['missing']}" in text
    assert "较上年同期 −14.29 %" in text


@pytest.mark.parametrize(
    ("now", "base", "said"),
    [
        (0, 0, "均为零"),
        (7, 0, "— 新增 7 起"),
        (0, 7, "−100.00 %"),
        (8, 7, "+14.29 %"),
        (7, 7, "0.00 %"),
        (1, 3, "−66.67 %"),
    ],
)
def test_a_change_against_nothing_is_no_percentage(now, base, said):
    assert map_words.change(now, base, translator("zh")).replace(ONE_SPACE, " ") == said


# addresses ---------------------------------------------------------------------------------------

codes = st.lists(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), max_size=3, unique=True).map(
    lambda v: tuple(sorted(v))
)
filters = st.builds(
    Filter,
    classes=codes, subclasses=codes, channels=codes, tags=codes, districts=codes, stations=codes, grids=codes,
    found=st.sampled_from(["", "citizen", "officer"]),
    valid=st.sampled_from(["yes", "no", "all"]),
    repeat=st.sampled_from(["all", "first", "repeat"]),
    severities=st.lists(st.sampled_from(SEVERITIES), unique=True).map(lambda v: tuple(sorted(v))),
    hours=st.sets(st.integers(0, 23)).map(lambda v: tuple(sorted(v))),
    weekdays=st.sets(st.integers(0, 6)).map(lambda v: tuple(sorted(v))),
    day_kinds=st.lists(st.sampled_from(DAY_KINDS), unique=True).map(lambda v: tuple(sorted(v))),
    placed=st.sampled_from(["all", "yes", "no"]),
    cell=st.sampled_from(["", mv.cell_code(3)]),
    near=st.sampled_from([None, Circle(120.123456, 30.1, 100.0)]),
)  # fmt: skip
questions = st.builds(
    lambda preset, base, chosen, layer, side, per, unit, ring: mv.asked(
        preset, base, chosen=chosen, layer=layer, side="one" if base == "none" else side, per=per, unit=unit, ring=ring
    ),
    preset=st.sampled_from(PRESETS),
    base=st.sampled_from(["none", "year", "prev"]),
    chosen=filters,
    layer=st.sampled_from(["hex", "area", "density"]),
    side=st.sampled_from(["one", "both", "change"]),
    per=st.sampled_from(["count", "residents", "area"]),
    unit=st.sampled_from(["station", "district"]),
    ring=st.sampled_from([None, (120.5, 30.25)]),
)


@settings(max_examples=50, deadline=None)
@given(questions)
def test_an_address_is_read_back_as_the_question_it_was_written_from(question):
    assert read(query(href(look(), "/map", question)), NOW) == question


def test_free_days_and_a_free_base_survive_the_address():
    args = {
        "from": "2026-03-05",
        "to": "2026-04-09",
        "base": "free",
        "base_from": "2025-01-01",
        "base_to": "2025-02-01",
    }
    question = read(args, NOW)
    assert read(params(question), NOW) == question
    assert read(query(href(look(), "/map", question, NOVEMBER)), NOW).span == Span(
        datetime(2025, 11, 1), datetime(2025, 12, 1)
    )


def test_november_of_two_years_is_one_click():
    tree = filter_bar(mv.heat_view(), look())
    link = next(given_of(node)["href"] for node in links(tree) if "november" in given_of(node)["href"])
    question = read(query(link), NOW)
    assert (question.span.first_day, question.base.first_day, question.side) == (
        date(2025, 11, 1),
        date(2024, 11, 1),
        "both",
    )


# form --------------------------------------------------------------------------------------------


def fields(tree):
    return [node for node in nodes(tree) if node[0] in ("input", "select")]


def form_query(tree) -> dict[str, str]:
    """What assets/js/45-form.js makes of a form, in Python."""
    values: dict[str, list[str]] = {}
    plain, when = {}, {}
    for node in fields(tree):
        given = given_of(node)
        name = given["name"]
        plain.setdefault(name, given.get("data-default"))
        when.setdefault(name, given.get("data-when"))
        if given.get("type") in ("checkbox", "radio") and not given.get("checked"):
            continue
        value = given.get("value", "")
        if node[0] == "select":
            value = next(given_of(option)["value"] for option in nodes(node) if given_of(option).get("selected"))
        if value and not given.get("disabled"):
            values.setdefault(name, []).append(value)
    said = {name: ",".join(parts) for name, parts in values.items()}

    def asked_for(name: str) -> bool:
        wanted = when[name].partition("=") if when[name] else None
        return wanted is None or said.get(wanted[0], "") == wanted[2]

    return {name: value for name, value in said.items() if value != plain[name] and asked_for(name)}


@settings(max_examples=25, deadline=None)
@given(filters, st.sampled_from(PRESETS), st.sampled_from(["none", "year", "prev"]), st.sampled_from(["hex", "area"]))
def test_a_form_that_nobody_touched_asks_the_same_question(chosen, preset, base, layer):
    question = mv.asked(preset, base, chosen=chosen, layer=layer, ring=(120.5, 30.25))
    tree = filter_bar(mv.heat_view(5, 5, wanted=question), look())
    assert read(form_query(tree), NOW) == question


def test_codes_the_data_know_can_be_ticked():
    chosen = Filter(
        classes=("accident", "order"), subclasses=("minor", "parking"), channels=("app",), tags=("e_bike",),
        stations=(views.unit(1, 6).code,), districts=("D1",), severities=("fatal",),
    )  # fmt: skip
    question = mv.asked(chosen=chosen)
    assert read(form_query(filter_bar(mv.heat_view(wanted=question), look())), NOW) == question


def test_a_form_of_the_past_stays_in_the_past():
    tree = filter_bar(mv.heat_view(), look(past="2026-11-20T10:00"))
    assert form_query(tree)["as_of"] == "2026-11-20T10:00"


def test_every_filter_has_a_field():
    names = {given_of(node)["name"] for node in fields(filter_bar(ringed(chosen=FULL), look()))}
    assert set(PARAMS) <= names


def test_every_field_has_a_name_that_can_be_read_out():
    tree = filter_bar(mv.heat_view(wanted=mv.asked(layer="area")), look())
    inside = {id(node) for label in nodes(tree) if label[0].startswith("label") for node in nodes(label)}
    silent = [
        node for node in fields(tree)
        if given_of(node).get("type") != "hidden" and id(node) not in inside and "aria-label" not in given_of(node)
    ]  # fmt: skip
    assert silent == []


def test_without_a_second_period_nothing_offers_to_show_two():
    tree = filter_bar(mv.heat_view(wanted=mv.asked(base="none")), look())
    off = [given_of(node)["value"] for node in fields(tree) if given_of(node).get("disabled")]
    assert off == ["both", "change"]


# chips -------------------------------------------------------------------------------------------

FULL = Filter(
    classes=("accident",), subclasses=("minor",), channels=("phone",), found="citizen", valid="all", repeat="first",
    severities=("minor",), tags=("e_bike", "town=A"), districts=("D1",), stations=(views.unit(1, 6).code,),
    grids=("G1",), hours=(7, 8, 22), weekdays=(0,), day_kinds=("workday",), placed="yes", cell=mv.cell_code(1),
    near=Circle(120, 30, 100),
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(questions)
def test_every_chip_removes_exactly_its_own_parameter(question):
    tree = chips(question, look())
    before = params(question)
    found = [] if tree is None else [given_of(node) for node in links(tree)]
    removed = [one for one in found if "data-param" in one]
    assert {one["data-param"] for one in removed} == set(before) & set(PARAMS)
    for one in removed:
        assert query(one["href"]) == {name: value for name, value in before.items() if name != one["data-param"]}
    for one in found[len(removed) :]:
        assert query(one["href"]) == {name: value for name, value in before.items() if name not in PARAMS}


@pytest.mark.parametrize("lang", LANGS)
def test_every_filter_has_words(lang):
    words = map_words.filter_words(FULL, translator(lang, strict=True), {"D1": "North"})
    assert list(words) == list(PARAMS)
    assert words["district"].endswith("North")
    assert map_words.filter_words(Filter(), translator(lang, strict=True)) == {}


def test_hours_read_as_a_clock():
    t = translator("zh")
    assert map_words.hours((7, 8, 22, 23), t) == "7–9时、22–24时"
    assert map_words.hours(QUICK_HOURS["evening"], t) == "16–19时"


def test_an_unknown_code_is_shown_as_it_is():
    t = translator("zh", strict=True)
    assert map_words.code("subclass", "x_new", t) == "x_new"
    assert map_words.tag("town=东塘", t) == "街道（乡镇）：东塘"
    assert map_words.tags(",a,b,") == ("a", "b")
    assert map_words.tags(None) == ()


# when --------------------------------------------------------------------------------------------


@given(st.integers(0, 500), st.integers(1, 500))
def test_shades_rise_with_the_count_and_only_nothing_has_none(count, most):
    count = min(count, most)
    assert (level(count, most) == 0) == (count == 0)
    assert level(count, most) <= level(most, most) == 6
    assert level(count, most) <= level(min(count + 1, most), most)


def test_the_matrix_has_every_hour_of_every_weekday_and_its_sums():
    view = mv.heat_view()
    tree = matrix(view, look())
    rows = [node for node in nodes(tree) if node[0] == "tr"]
    assert [sum(cell[0].startswith("td") for cell in row[1:]) for row in rows[1:]] == [25] * 8
    assert shown(rows[-1]).endswith("600")


def test_a_day_stands_under_its_month_and_beside_its_weekday():
    view = mv.heat_view(wanted=mv.asked("365d"))
    tree = calendar(view, look())
    rows = [node for node in nodes(tree) if node[0] == "tr"]
    assert sum(given_of(cell).get("colspan", 0) for cell in rows[0][1:]) == len(rows[1]) - 2
    for row in rows[1:]:
        days = {given_of(cell)["title"].split(" ")[1].split("（")[0] for cell in row[1:] if "title" in given_of(cell)}
        assert len(days) == 1


def test_longer_than_a_year_is_shown_by_months_that_open_their_days():
    view = mv.heat_view(wanted=years())
    tree = calendar(view, look())
    first = query(given_of(links(tree)[0])["href"])
    assert (first["from"], first["to"]) == ("2024-03-05", "2024-03-31")


def test_hours_to_come_are_left_open():
    tree = when_panel(mv.heat_view(), look())
    lines = {node[0]: given_of(node)["points"].split(" ") for node in nodes(tree) if node[0].startswith("polyline")}
    assert (len(lines["polyline.today"]), len(lines["polyline.mean"])) == (NOW.hour, 24)
    assert [node[0] for node in nodes(tree) if node[0].startswith("circle")] == ["circle.today", "circle.running"]
    assert f"前 {NOW.hour} 小时共" in shown(tree)


def test_a_day_that_is_over_has_no_running_hour():
    tree = when_panel(mv.heat_view(wanted=mv.asked("yesterday")), look())
    line = next(given_of(node)["points"] for node in nodes(tree) if node[0] == "polyline.today")
    assert len(line.split(" ")) == 24
    assert "circle.running" not in [node[0] for node in nodes(tree)]


def test_holidays_that_are_not_published_are_said():
    view = mv.heat_view()
    unknown = replace(view, when=replace(view.when, calendar_known=False))
    assert "放假安排尚未公布" in shown(when_panel(unknown, look()))
    assert "放假安排尚未公布" not in shown(when_panel(view, look()))


# hot spots ---------------------------------------------------------------------------------------


def test_a_spot_is_named_counted_and_leads_on():
    tree = spots_panel(mv.spots_view(), look(), RULE)
    text = shown(tree)
    assert "人民路与解放路交叉口" in text
    assert "120.02100, 30.00100" in text
    assert "90 天内 100 米范围事故警情满 5 起" in text
    addresses = [given_of(node)["href"] for node in links(tree)]
    opened = [query(one) for one in addresses if one.startswith("/hotspots/new")]
    found = {"near": mv.spot(0).key, "kind": "junction", "class": "accident", "window_days": "90", "window_count": "12"}
    assert found.items() <= opened[0].items()
    assert "/hotspot/HS-1" in addresses
    rows = parse(query(addresses[0]))
    assert (rows.classes, rows.near) == (("accident",), Circle(120.001, 30.001, 100.0))


def test_rows_words_and_record_of_a_spot_are_of_the_classes_it_counts():
    view = mv.spots_view(wanted=mv.asked(chosen=Filter(classes=("order",))))
    tree = spots_panel(view, look(), RULE)
    assert "90 天内 100 米范围秩序警情满 5 起" in shown(tree)
    found = [query(given_of(node)["href"]) for node in links(tree)]
    assert {one["class"] for one in found if "class" in one} == {"order"}


def test_a_rule_spots_rows_are_those_of_the_rules_window():
    view = mv.spots_view()
    first = query(given_of(links(spots_panel(view, look(), RULE))[0])["href"])
    span = read(first, NOW).span
    assert view.window.start <= span.start
    assert span.end == view.window.end


def test_the_hit_rate_is_a_sentence():
    text = shown(hit_card(mv.spots_view().hit, look()))
    assert "占研究区域 1.2 %" in text
    assert "146 起（14.6 %），是随机的 12.2 倍" in text
    assert "61.0 %" in text
    assert "无法计算" in shown(hit_card(None, look()))


def test_more_places_than_are_listed_are_said():
    view = replace(mv.spots_view(), rule_total=40)
    text = shown(spots_panel(view, look(), RULE))
    assert "按规则 40 处，统计显著 3 处" in text
    assert "按规则共 40 处，这里列出 3 处" in text


def test_no_hot_spot_is_said():
    text = shown(spots_panel(mv.spots_view(count=0), look()))
    assert "没有达到规则的地点" in text
    assert "没有统计显著的网格" in text


# change, tables, states --------------------------------------------------------------------------


def test_the_difference_map_says_what_no_colour_means():
    notes = (ChangeNote(100, 7, 3, 0.05, 60, 7), ChangeNote(1000, 12, 8, 0.05, 240, 9))
    tree = change_note(replace(mv.heat_view(), changes=notes), look())
    text = shown(tree)
    rows = [[text_of(cell) for cell in node[1:]] for node in nodes(tree) if node[0] == "tr"]
    assert [row[1:] for row in rows[1:]] == [["100", "60", "7", "3"], ["1,000", "240", "12", "8"]]
    assert rows[0][0] == "格宽"
    assert "控制在 5 % 以内" in text
    assert change_note(mv.heat_view(wanted=mv.asked(base="none")), look()) is None


def test_a_change_is_coloured_only_where_it_is_no_chance():
    view = mv.heat_view()
    tree = map_tables.area_table(view, look())
    marked = [node[0].rsplit(".", 1)[1] for node in nodes(tree) if node[0].startswith("td.num.mp-change")]
    signs = {1: "is-more", -1: "is-fewer", 0: "is-same"}
    lines = sorted(view.areas, key=lambda line: (-line.now, line.unit.code))
    assert marked == [signs[line.change] for line in lines]
    assert {"is-same"} < set(marked)


def test_areas_stand_in_the_order_of_what_the_map_colours():
    view = mv.heat_view(wanted=mv.asked(per="residents"))
    tree = map_tables.area_table(view, look())
    first = [text_of(node) for node in nodes(tree) if node[0] == "tr"][1]
    worst = max((line for line in view.areas if line.per_residents), key=lambda line: line.per_residents)
    assert first.startswith(look().short_name(worst.unit))


def test_the_table_of_hexagons_has_the_densest_first_and_no_more_than_fifty():
    view = mv.heat_view()
    many = 80
    big = replace(
        view.hexes[0], ids=np.arange(many, dtype=np.uint64), lng=np.zeros(many), lat=np.zeros(many),
        now=np.arange(many), base=None, change=None,
    )  # fmt: skip
    tree = map_tables.cell_table(replace(view, hexes=(big,), base=None), look())
    counts = [given_of(node).get("data-n") for node in links(tree)]
    assert counts == list(range(79, 29, -1))
    assert map_tables.cell_table(replace(view, hexes=()), look()) is None


def test_an_empty_result_offers_to_drop_each_filter():
    question = mv.asked(chosen=Filter(classes=("order",), hours=(3,)))
    tree = map_page.side(mv.heat_view(0, 0, wanted=question), look())
    assert "没有符合条件的警情" in shown(tree)
    kept = [query(given_of(node)["href"]) for node in links(tree) if "data-param" in given_of(node)]
    assert [("class" in one, "hours" in one) for one in kept] == [(False, True), (True, False)]


@pytest.mark.parametrize(("done", "value"), [(0.0, 0), (0.404, 40), (1.7, 100), (-1, 0)])
def test_a_long_reading_says_how_far_it_is(done, value):
    bar = next(node for node in nodes(loading_note(done, look())) if node[0] == "progress")
    assert (given_of(bar)["value"], given_of(bar)["max"]) == (value, 100)


# list of incidents -------------------------------------------------------------------------------


def test_rows_are_shown_in_words():
    text = shown(incidents_page.tree(mv.rows_view(), look(), {views.unit(0, 6).code: "临河0"}))
    assert "2026-11-20 14:00" in text
    assert "临河0" in text
    assert "事故·轻伤" in text
    assert "电动自行车" in text
    assert "无坐标" in text


def test_paging_and_downloads_keep_the_question():
    question = mv.asked(chosen=Filter(classes=("order",)))
    tree = incidents_page.tree(mv.rows_view(50, wanted=question, total=187, page=2), look(), of="base")
    addresses = [given_of(node)["href"] for node in links(tree)]
    pages = [query(one) for one in addresses if "page=" in one]
    assert [one["page"] for one in pages] == ["1", "1", "3", "4"]
    files = [one for one in addresses if one.startswith("/download/incidents.")]
    assert [urlsplit(one).path.rsplit(".", 1)[1] for one in files] == ["xlsx", "csv"]
    chip = next(given_of(node)["href"] for node in links(tree) if "data-param" in given_of(node))
    assert query(chip)["of"] == "base"
    for args in [*pages, *map(query, files)]:
        assert args["of"] == "base"
        assert read(args, NOW) == question


def test_no_rows_are_a_designed_state():
    question = mv.asked(chosen=Filter(classes=("order",)))
    tree = incidents_page.tree(mv.rows_view(0, wanted=question), look())
    assert "没有符合条件的警情" in shown(tree)
    assert all(
        given_of(node)["href"].startswith("/incidents") for node in links(tree) if "data-param" in given_of(node)
    )
