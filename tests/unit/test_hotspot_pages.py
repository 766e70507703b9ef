"""The trees of hot-spot records: complete in both languages, in every state a record can be in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from components import hotspot_page, hotspots_page
from components.hiccup import text_of
from components.look import Look
from domain import hotspot_record as hr
from domain.effect import VERDICTS, Pair, effect
from domain.errors import BadRequest
from domain.hotspot_closing import ClosingCheck, days_treated, stretches
from domain.hotspot_views import HotspotLine, HotspotsView, HotspotView, NewHotspotView, Week
from domain.map_rules import ClosingRule
from i18n import ONE_SPACE, translator
from tests.support import views

NOW, RULE = views.NOW, ClosingRule(90, 0.5)
FACTS = hr.Facts("junction", "汀兰路口", 120.2641, 30.1852, 100, "S1")
PLAN = hr.Plan("增设标线", "王某", NOW - timedelta(days=101), NOW + timedelta(days=20))
STATES = (*hr.STATUSES, "treating", "")


def record(status: str = "treated", **given: object) -> hr.Record:
    began = NOW - timedelta(days=100) if status in ("treated", "closed") else None
    ended = NOW - timedelta(days=5) if status in ("closed", "withdrawn") else None
    usual = {"treated_at": began, "closed_at": ended, "plan": PLAN, "leader": "王某", "window_days": 90,
             "window_count": 7, "origin": "rule", "opened_at": NOW - timedelta(days=103)}  # fmt: skip
    return hr.Record("H/1 ?", FACTS, status, **{**usual, **given})  # type: ignore[arg-type]


def check(shown: hr.Record) -> ClosingCheck | None:
    if shown.treated_at is None:
        return None
    return ClosingCheck(RULE, days_treated(shown.treated_at, NOW), stretches(shown.treated_at, NOW, RULE), 40, 12)


def view(shown: hr.Record, **given: object) -> HotspotView:
    judged = check(shown)
    found = effect(Pair(40, 12), Pair(4000, 3880), Pair(400, 380, 10), (90, 90), RULE) if judged else None
    weeks = tuple(Week(NOW - timedelta(weeks=20 - n), n % 5, n > 12, 7.0 if n < 19 else 2.5) for n in range(20))
    made = HotspotView(
        board=views.board(2), record=shown, unit=views.unit(3, 9), broken=hr.broken(shown),
        measures=(hr.MeasureEntry("M", NOW, "设岗", "李某"), hr.MeasureEntry("N", datetime(2026, 11, 1), "标线")),
        history=tuple(hr.Event(NOW, "李某", action, {"status": ("open", "treated"), "kind": ("", "section"),
            "due_at": ("", "2026-12-01 23:59:59"), "strange": ("a", "b")}) for action in ("open", *hr.ACTIONS, "burn")),
        weeks=weeks, expected=2.0, check=judged, effect=found, rule=RULE, offered=hr.offered(shown),
        units=(views.unit(3, 9),),
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


def look(lang: str) -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE)


def said(tree: object) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("status", STATES)
def test_a_record_is_said_without_gaps_in_every_state(status: str, lang: str) -> None:
    text = said(hotspot_page.tree(view(record(status)), look(lang)))
    assert len(text) > 200
    assert "None" not in text
    assert "{" not in text
    assert "hotspot." not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_missing_is_said(lang: str) -> None:
    t = translator(lang)
    bare = hr.Record("H", hr.Facts("", "", None, None, 100, ""), "treated")
    empty = view(bare, measures=(), history=(), weeks=(), expected=None, unit=None)
    tree = hotspot_page.tree(empty, look(lang))
    for key in ("missing.plan", "missing.leader", "missing.spot", "no_measures", "no_history", "no_course", "not_yet"):
        assert t(f"hotspot.{key}") in said(tree)
    for rule in ("plan", "leader", "due", "treated_at"):
        assert t(f"hotspot.broken_rule.{rule}") in said(tree)
    assert hotspot_page.canvas(empty, look(lang), 15) is None


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_its_sentence(verdict: str) -> None:
    shown = view(record())
    assert shown.effect is not None
    for alike in (shown.effect.alike, None):
        judged = replace(shown, effect=replace(shown.effect, verdict=verdict, alike=alike))
        for lang in ("zh", "en"):
            assert translator(lang)(f"hotspot.verdict.{verdict}", days=90) in said(hotspot_page.top(judged, look(lang)))


def test_no_fall_is_shown_alone() -> None:
    text = said(hotspot_page.top(view(record()), look("zh")))
    assert "本热点：40 起 → 12 起，下降 70 %。" in text
    assert "同期全区其余地点：4000 起 → 3880 起，下降 3 %。" in text
    assert "当时同样热而未立项的 10 处：400 起 → 380 起，下降 5 %。" in text


def test_each_count_leads_to_its_rows() -> None:
    shown = view(record())
    assert shown.check is not None
    text = json.dumps(hotspot_page.top(shown, look("zh")))
    for span in shown.check.spans:
        assert f"from={span.first_day}&to={span.last_day}" in text
    assert "near=120.264100%2C30.185200%2C100" in text
    assert "class=accident" in text


def test_a_status_never_wears_a_colour_of_the_board() -> None:
    for status in STATES:
        tree = json.dumps(hotspot_page.tree(view(record(status)), look("zh")))
        assert not any(f"k-{colour}" in tree or f"mk.{colour}" in tree for colour in ("blue", "yellow", "red"))


def test_during_treatment_the_place_is_sent_unchanged() -> None:
    tree = json.dumps(hotspot_page.below(view(record()), look("zh")))
    assert '{"type": "hidden", "name": "lng", "value": "120.264100"}' in tree
    free = json.dumps(hotspot_page.below(view(record("open")), look("zh")))
    assert '"type": "hidden", "name": "lng"' not in free
    assert "/api/v1/hotspots/H%2F1%20%3F/treat" in free


def test_nothing_to_do_shows_no_form() -> None:
    assert "form" not in json.dumps(hotspot_page.below(view(record(), offered=()), look("zh")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_says_everything(lang: str) -> None:
    lines = tuple(
        HotspotLine(one, views.unit(1, 9), check(one), hr.broken(one), overdue=n == 1, measures=n)
        for n, one in enumerate([*(record(status) for status in STATES), record(plan=None)])
    )
    for status in hotspots_page.TABS:
        shown = HotspotsView(
            views.board(2), status, lines, {"open": 1, "treated": 2, "closed": 3, "other": 1}, RULE, True
        )
        text = said(hotspots_page.tree(shown, look(lang)))
        assert "None" not in text and "{" not in text and "hotspot." not in text
    none = HotspotsView(views.board(2), "", (), {}, RULE, editable=False)
    assert translator(lang)("hotspot.none") in said(hotspots_page.tree(none, look(lang)))


def test_the_form_is_filled_in_from_the_address() -> None:
    query = {"near": "120.1,30.2,150", "kind": "section", "name": "东塘路", "origin": "rule", "window_days": "90",
             "window_count": "x", "station": "S1", "class": ""}  # fmt: skip
    facts = hotspots_page.asked_facts(query)
    assert facts == hr.Facts("section", "东塘路", 120.1, 30.2, 150, "S1", "")
    tree = json.dumps(hotspots_page.new_tree(NewHotspotView(views.board(2), (), True), look("zh"), query))
    assert '"name": "window_days", "value": "90"' in tree
    assert "window_count" not in tree


@pytest.mark.parametrize("query", [{"kind": "park"}, {"near": "1,2"}, {"near": "900,1,1"}, {"class": "x"}])
def test_an_absurd_address_of_the_form_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        hotspots_page.asked_facts(query)
