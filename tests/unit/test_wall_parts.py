"""Parts of the wall's picture alone: late sources, outlines, whole hours, red lists without alerts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from components.wall_ground import ground_json
from data_access.state import FeedRow
from domain.board import Feed
from domain.colour import FeedState
from domain.incident_views import Shape
from domain.wall import Panel
from services.wall_figures import vouched
from services.wall_state import judged

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
