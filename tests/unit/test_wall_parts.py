"""Parts of the wall's picture alone: late sources, outlines, whole hours, red lists without alerts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from components.look import Look
from components.wall_ground import ground_json
from components.wall_held import held_by, held_themes, theme_held_by
from data_access.state import FeedRow
from domain.board import Feed, Line, Summary
from domain.colour import Cell, Colour, FeedState
from domain.incident_views import Shape
from domain.wall import Panel
from i18n import Translator
from i18n.words import feed_said
from services.wall_figures import vouched
from services.wall_state import judged
from tests.support.views import unit

NOW = datetime(2024, 5, 7, 13)
RULES = load_wall_rules(load_catalogue(), load_compare_rules()).panels
FINE = Panel(NOW, data="x")


def feeds(**states: FeedState) -> list[Feed]:
    return [Feed(code, state, NOW, 60) for code, state in states.items()]


@pytest.mark.parametrize(
    ("code", "states", "found"),
    [
        ("tracing", {"tracing": FeedState.FRESH}, ("ok", "")),
        ("tracing", {"tracing": FeedState.LATE}, ("late", "silent")),
        ("tracing", {"tracing": FeedState.ABSENT}, ("late", "absent")),
        ("tracing", {"helmet": FeedState.LATE}, ("ok", "")),
        ("overdue", {"tracing": FeedState.ABSENT, "hazard": FeedState.FRESH}, ("ok", "")),
        ("overdue", {"tracing": FeedState.LATE, "hazard": FeedState.FRESH}, ("late", "silent")),
        ("board", {"tracing": FeedState.LATE, "hazard": FeedState.FRESH}, ("ok", "")),
        ("board", {"tracing": FeedState.LATE, "hazard": FeedState.ABSENT}, ("late", "silent")),
        ("redlist", {"tracing": FeedState.ABSENT}, ("late", "absent")),
        ("ranking", {"tracing": FeedState.LATE}, ("ok", "")),
    ],
)
def test_a_panel_is_late_with_its_sources(code: str, states: dict[str, FeedState], found: tuple[str, str]) -> None:
    shown = judged(code, FINE, RULES, feeds(**states))
    assert (shown.state, shown.why) == found
    assert shown.data == "x"


def test_a_broken_panel_stays_broken() -> None:
    broken = Panel(NOW, "broken")
    assert judged("tracing", broken, RULES, feeds(tracing=FeedState.LATE)) == broken


def row(code: str, complete: datetime | None, last: datetime | None) -> FeedRow:
    return FeedRow(code, 60, None, last, complete, None, None)


def test_nothing_is_missing_up_to_the_slowest_source() -> None:
    early, late = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    assert vouched([row("a", late, None), row("b", early, late)], ["a", "b"], NOW) == early
    assert vouched([row("a", late, None), row("b", early, late)], ["a"], NOW) == late
    assert vouched([row("a", NOW + timedelta(hours=1), None)], ["a"], NOW) == NOW
    assert vouched([row("a", None, early), row("b", None, late)], ["a", "b"], NOW) == late
    assert vouched([row("a", None, None)], ["a"], NOW) is None
    assert vouched([], ["a"], NOW) is None


def shape(drawn: Any, kind: str = "station", code: str = "S1", sketch: bool = False) -> Shape:
    return Shape(kind, code, code, json.dumps(drawn) if not isinstance(drawn, str) else drawn, sketch)


RING = [[120.0, 30.0], [120.2, 30.0, 5.0], [120.1, 30.1000001], [120.0, 30.0]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
LINE = [[121.0, 31.0], [121.1, 31.1]]
FLAT = [120.0, 30.0, 120.2, 30.0, 120.1, 30.1, 120.0, 30.0]


@pytest.mark.parametrize(
    "drawn",
    [
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]},
        {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [RING]}]},
    ],
    ids=lambda drawn: drawn["type"],
)  # fmt: skip
def test_every_form_of_an_outline_becomes_flat_rings(drawn: dict[str, Any]) -> None:
    found = ground_json([shape(drawn, sketch=True)], "d")
    assert found["shapes"] == [{"k": "station", "c": "S1", "sketch": 1, "closed": 1, "paths": [FLAT]}]
    assert (found["digest"], found["box"]) == ("d", [120.0, 30.0, 120.2, 30.1])


def test_lines_of_the_background_do_not_widen_the_box() -> None:
    road = shape({"type": "LineString", "coordinates": LINE}, "background", "road")
    found = ground_json([road, shape({"type": "Polygon", "coordinates": [RING]})], "d")
    assert found["shapes"][0] == {"k": "road", "c": "", "sketch": 0, "closed": 0, "paths": [[121.0, 31.0, 121.1, 31.1]]}  # type: ignore[index]
    assert found["box"] == [120.0, 30.0, 120.2, 30.1]
    assert ground_json([road], "d")["box"] == [121.0, 31.0, 121.1, 31.1]


@pytest.mark.parametrize("text", ["", "{}", '{"type": "Polygon"}', "[1]", '{"type": "Point", "coordinates": [1, 2]}'])
def test_an_outline_that_makes_no_sense_is_left_out(text: str) -> None:
    found = ground_json([shape(text)], "d")
    assert (found["shapes"], found["box"]) == ([], None)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_late_source_is_said_to_be_late_and_only_one_without_data_to_have_none(lang: str) -> None:
    t = Translator(lang)
    fresh, late = (feed_said(Feed("tracing", state, NOW, 60), t) for state in (FeedState.FRESH, FeedState.LATE))
    absent = feed_said(Feed("tracing", FeedState.ABSENT, None, 60), t)
    assert fresh == ""
    assert t("feed.state.late").lower() in late
    assert "13:00" in late
    assert t("feed.state.absent").lower() in absent


def red(task: str) -> Cell:
    return Cell(task, Colour.RED, None, 9, 9, 0, None, 0, 2)


def summary(subject: str, *, held: bool = False) -> Summary:
    colour = Colour.YELLOW if held else Colour.BLUE
    return Summary(subject, colour, None, 0.9, 2, 3, 0, 1 if held else 0, 0, held)


@pytest.mark.parametrize(
    ("whole", "held", "letters", "by"),
    [
        (False, (), "--", ""),
        (False, ("T2",), "-h", "超期未办结溯源任务数"),
        (True, ("T1", "T2"), "hh", "交通警情90秒签收率、超期未办结溯源任务数"),
        (True, (), "--", "交通警情90秒签收率、超期未办结溯源任务数"),
    ],
)
def test_what_is_held_is_told_with_the_hard_tasks_that_hold_it(
    whole: bool, held: tuple[str, ...], letters: str, by: str
) -> None:
    cells = tuple(red(code) for code in ("T1-01", "T2-03", "T3-01"))
    themes = tuple(summary(code, held=code in held) for code in ("T1", "T2"))
    line = Line(unit(0, 3), summary("", held=whole), themes, cells)
    look = Look(Translator("zh_CN"), load_catalogue())
    assert held_themes(line) == letters
    assert held_by(line, look) == by
    assert [theme_held_by(line, theme, look) != "" for theme in themes] == [letter == "h" for letter in letters]
