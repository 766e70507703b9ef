"""The pages of duty advice: complete in both languages, every number with the way to its rows."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from components import duty_map, duty_page, duty_side
from components.hiccup import h, text_of
from components.look import Look
from domain.duty_backtest import PastWeek, verdict
from domain.duty_view import DutyAsked
from domain.incident_filter import parse
from i18n import ONE_SPACE, translator
from tests.support import duty_views, views

LANGS = ("zh", "en")


def whole(view, look: Look):
    """All trees of a station's page."""
    return h("div", duty_page.top(view, look), duty_page.listing(view, look), duty_side.side(view, look))


PAGES = {
    "advice": lambda look: whole(duty_views.view(), look),
    "officers": lambda look: whole(duty_views.view(asked=DutyAsked(("order",), True)), look),
    "unknown": lambda look: whole(duty_views.view(calendar_known=False), look),
    "few": lambda look: whole(duty_views.few(), look),
    "none": lambda look: whole(duty_views.few("none"), look),
    "loading": lambda look: duty_page.loading(views.board(0), 0.4, look),
    "index": lambda look: duty_page.index_tree(duty_views.index(), DutyAsked(), look),
    "no stations": lambda look: duty_page.index_tree(replace(duty_views.index(), lines=()), DutyAsked(), look),
}


def look(lang: str = "zh", past: str = "") -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE, past)


def nodes(tree):
    if isinstance(tree, list):
        yield tree
        for child in tree[1:]:
            yield from nodes(child)


def links(tree) -> list[tuple[str, str]]:
    """(text, address)"""
    found = [node for node in nodes(tree) if len(node) > 1 and isinstance(node[1], dict) and "href" in node[1]]
    return [(text_of(node), node[1]["href"]) for node in found]


def shown(tree) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_said_without_gaps(name: str, lang: str) -> None:
    text = shown(PAGES[name](look(lang)))
    assert len(text) > 80
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("name", PAGES)
def test_every_link_stays_inside_and_carries_the_instant(name: str) -> None:
    found = [address for _, address in links(PAGES[name](look(past="2026-11-20T10:00"))) if address != "?"]
    assert found
    assert all(address.startswith("/") for address in found)
    assert {dict(parse_qsl(urlsplit(address).query))["as_of"] for address in found} == {"2026-11-20T10:00"}


def test_a_line_says_where_when_how_much_and_how() -> None:
    rows = [node for node in nodes(PAGES["advice"](look())) if node[0] == "tr"]
    first = shown(next(row for row in rows if "临河路" in text_of(row)))
    for part in ("临河路与东塘路路口", "工作日 17–19 时", "3.3", "定人守点", "非民警 86 %", "事故·财产损失 9"):
        assert part in first


def test_a_place_without_name_is_given_by_its_position() -> None:
    assert "120.5200, 30.0000" in shown(PAGES["advice"](look()))


def test_the_last_hour_of_the_day_reads_24() -> None:
    assert "周末 22–24 时" in shown(PAGES["advice"](look()))


def test_a_number_opens_the_rows_it_counts() -> None:
    """The hours, days, cell, station and reporters of the line, in the learnt weeks."""
    line, view = duty_views.line(1), duty_views.view()
    found = [address for _, address in links(PAGES["advice"](look())) if line.cell in address]
    query = dict(parse_qsl(urlsplit(found[0]).query))
    assert urlsplit(found[0]).path == "/incidents"
    assert (query["from"], query["to"]) == (view.learnt.first_day.isoformat(), view.learnt.last_day.isoformat())
    wanted = view.asked.filter(view.unit.code)
    assert parse(query) == wanted.with_(cell=line.cell, hours=(22, 23), day_kinds=("weekend",))
    assert parse(dict(parse_qsl(urlsplit(found[1]).query))) == wanted.with_(cell=line.cell)


def test_a_number_that_is_none_opens_nothing() -> None:
    tree = PAGES["advice"](look())
    first = duty_views.line(0)
    assert sum(first.cell in address for _, address in links(tree)) == 1


def test_the_back_test_is_told_with_its_interval_and_the_naive_way() -> None:
    text = shown(PAGES["advice"](look()))
    assert "过去 3 周" in text
    assert "36.4 %" in text
    assert "95% 区间" in text
    assert "照搬上周" in text


def test_the_chart_has_one_column_a_week_inside_its_frame() -> None:
    tested = [week for week in duty_views.weeks() if week.incidents]
    drawn = duty_side.chart(tested, translator("zh", strict=True))
    columns = [node[1] for node in nodes(drawn) if node[0] == "rect.caught"]
    assert len(columns) == 3
    assert all(0 <= one["y"] <= one["y"] + one["height"] <= duty_side.HIGH + 0.01 for one in columns)


def test_a_test_that_caught_nothing_is_still_drawn() -> None:
    assert duty_side.chart([PastWeek(9000, 5, 168, 0, 4, 0, 0)], translator("zh", strict=True))[0] == "svg.duty-chart"


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_incidents_are_said_with_the_number_needed(lang: str) -> None:
    text = shown(PAGES["few"](look(lang)))
    assert "30" in text
    assert {"zh": "不足以提出建议", "en": "not enough to advise"}[lang] in text


def test_what_officers_found_is_a_choice_and_warned_of() -> None:
    plain, both = shown(PAGES["advice"](look())), shown(PAGES["officers"](look()))
    assert "建议不依据民警自己发现" in plain
    assert "注意：已计入民警发现" in both
    assert any("include=officer" in address for _, address in links(PAGES["advice"](look())))


def test_the_stations_lead_to_their_advice() -> None:
    tree = PAGES["index"](look())
    assert f"/duty/{views.unit(0, 23).code}" in [address for _, address in links(tree)]
    assert "不足 30 起" in shown(tree)


def test_a_text_from_the_data_stays_text() -> None:
    bad = "<img src=x onerror=alert(1)>"
    nasty = replace(duty_views.line(1), place=replace(duty_views.PLACES[1], name=bad))
    tree = whole(duty_views.view(lines=(nasty,)), look())
    assert bad in text_of(tree)
    assert all(isinstance(node[0], str) and "<" not in node[0] for node in nodes(tree))
    assert h("b", bad) == ["b", bad]


@pytest.mark.parametrize(("caught", "said"), [(1, True), (8, False)])
def test_a_list_no_better_than_chance_is_called_so(caught: int, said: bool) -> None:
    tested = (PastWeek(9000, 40, 168 * 10, caught, 152, 0, 0),)
    tree = whole(duty_views.view(weeks=tested, verdict=verdict(tested)), look())
    assert ("还不能说比随机好" in shown(tree)) is said


def test_the_map_shows_each_hexagon_once_with_its_best_rank() -> None:
    first = duty_views.line(0)
    again = replace(duty_views.line(1), cell=first.cell, lng=first.lng, lat=first.lat)
    drawn = duty_map.canvas(duty_views.view(lines=(first, again, duty_views.line(2))), look())
    assert [mark["text"] for mark in drawn["spots"]] == ["1", "3"]
    assert drawn["levels"][0]["now"] == [pytest.approx(first.expected + again.expected), duty_views.line(2).expected]
    assert drawn["levels"][0]["res"] == 9
    assert drawn["chosen"] == [duty_views.view().unit.code]


def test_the_map_of_a_station_without_advice_has_no_hexagon() -> None:
    drawn = duty_map.canvas(duty_views.few(), look())
    assert (drawn["spots"], drawn["levels"]) == ([], [])
