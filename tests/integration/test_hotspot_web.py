"""Hot-spot records over HTTP: what a form sends, what hostile requests get, and who may write."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_caching import Cache
from sqlalchemy import Engine, func, select

from catalogue.alerts_loader import load_alert_rules
from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from components import hotspot_page, hotspots_page
from components.hiccup import text_of
from components.look import Look
from data_access import tables as t
from data_access.engine import reading
from data_access.refresh import refresh
from domain.access import Role, Scope, command, station
from i18n import translator
from tests import factories as make
from web import deeds as deeds_module
from web import door, hotspot_answers, problems, security
from web.context import EXTENSION, Context
from web.deeds import deeds
from web.version import Watch

NOW = datetime(2024, 5, 7, 13)
HERE = (120.2641, 30.1852)
CELL = "892f5a370c3ffff"
URL = "/api/v1/hotspots"
OPENING = {"actor": "李某", "kind": "junction", "name": "汀兰路口", "lng": "120.264100", "lat": "30.185200",
           "radius_m": "100", "station": "S1", "class_code": "accident", "origin": "rule", "window_days": "90",
           "window_count": "7"}  # fmt: skip
PLAN = {"plan": "增设标线\n早晚高峰设岗", "leader": "王某", "due": "2024-08-30"}


@dataclasses.dataclass
class Site:
    """A server with nothing but the deeds, on one database."""

    client: FlaskClient
    engine: Engine
    server: Flask

    def use(self, **changes: Any) -> None:
        self.server.extensions[EXTENSION] = dataclasses.replace(self.server.extensions[EXTENSION], **changes)

    def post(self, path: str, body: Any, **given: Any) -> Any:
        given.setdefault("content_type", "application/json")
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.client.post(path, data=data, **given)

    def opened(self, **changes: Any) -> str:
        answer = self.post(URL, {**OPENING, **changes})
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def seen(self, key: str) -> str:
        return str(self.client.get(f"{URL}/{key}").json["record"]["stamp"])

    def act(self, key: str, action: str, **body: Any) -> Any:
        return self.post(f"{URL}/{key}/{action}", {"actor": "李某", "seen": self.seen(key), **body})

    def entries(self) -> int:
        with reading(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(t.audit_entry)).scalar() or 0)


@pytest.fixture
def site(engine: Engine) -> Iterator[Site]:
    make.make_district(engine, "D1")
    make.make_station(engine, "S1")
    make.make_station(engine, "S2")
    server = Flask("deeds", static_folder=None)
    server.extensions[EXTENSION] = Context(
        engine=engine,
        catalogue=load_catalogue(),
        now=lambda: NOW,
        cache=Cache(server, config={"CACHE_TYPE": "SimpleCache"}),
        build="",
        default_lang="zh",
        unit_name="",
        poll_seconds=5,
        tick_seconds=60,
        map_rules=load_map_rules(None),
        compare_rules=load_compare_rules(),
        alert_rules=load_alert_rules(),
        clock_rules=load_clock_rules(load_catalogue()),
        calendar="CN",
        writer=engine,
    )
    server.extensions["board.watch"] = Watch(engine)
    door.install(server)
    server.register_blueprint(deeds)
    problems.install(server)
    security.protect(server, list)
    yield Site(server.test_client(), engine, server)


def as_viewer(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    for module in (deeds_module, hotspot_answers):
        monkeypatch.setattr(module, "current_scope", lambda: scope)


def tags(tree: Any) -> Iterator[str]:
    """Every tag of a tree."""
    if isinstance(tree, list):
        yield tree[0].split(".")[0].split("#")[0]
        for child in tree[1:]:
            yield from tags(child)


def incidents(engine: Engine, *days: int, at: tuple[float, float] = HERE, **given: Any) -> None:
    for day in days:
        make.make_incident(
            engine, "S1", NOW - timedelta(days=day), lng=at[0], lat=at[1], cell="892f5a370c3ffff", **given
        )


def packed(site: Site) -> None:
    """The worker's part: incidents become what maps read."""
    refresh(site.engine, load_catalogue(), NOW)


def test_the_whole_course_over_http(site: Site) -> None:
    incidents(site.engine, *range(101, 113), 40, 41, 42)
    packed(site)
    key = site.opened()
    assert site.act(key, "plan", **PLAN).status_code == 200
    site.use(now=lambda: NOW - timedelta(days=100))
    assert site.act(key, "treat").status_code == 200
    assert site.act(key, "close").json["error"]["message"] == "在治天数不足，不能销号。"
    site.use(now=lambda: NOW)
    measure = site.act(key, "measure", measure="早晚高峰两人", control="point", on="2024-05-06", clock="08:30")
    assert measure.status_code == 200
    view = site.client.get(f"{URL}/{key}").json
    assert view["measures"][0]["text"] == "定人守点：早晚高峰两人"
    assert view["measures"][0]["at"] == "2024-05-06T08:30:00"
    assert (view["check"]["days"], view["check"]["before"], view["check"]["after"]) == (100, 12, 3)
    assert site.act(key, "close").status_code == 200
    found = site.client.get(f"{URL}?status=closed").json["lines"]
    assert [line["record"]["status"] for line in found] == ["closed"]
    assert site.entries() == 5


def test_a_place_that_did_not_calm_down_stays_open(site: Site) -> None:
    incidents(site.engine, *range(101, 111), *range(10, 16))
    packed(site)
    key = site.opened()
    site.act(key, "plan", **PLAN)
    site.use(now=lambda: NOW - timedelta(days=100))
    site.act(key, "treat")
    site.use(now=lambda: NOW)
    answer = site.act(key, "close")
    assert answer.status_code == 409
    assert answer.json["error"]["message"] == "警情下降未达到要求，不能销号。"


def test_the_effect_is_told_apart_from_what_happened_elsewhere(site: Site) -> None:
    """Three places as hot that halved by themselves, one with a record, one in another district."""
    before, after = range(101, 121), range(20, 30)
    make.make_district(site.engine, "D2")
    make.make_station(site.engine, "S3", district_code="D2")
    incidents(site.engine, *before, *range(20, 24))
    incidents(site.engine, 189, at=(HERE[0] + 0.2, HERE[1]))
    for number in range(1, 6):
        place = (HERE[0] + number / 100, HERE[1])
        station_code = "S3" if number == 5 else "S1"
        for day in (*before, *after):
            make.make_incident(
                site.engine, station_code, NOW - timedelta(days=day), lng=place[0], lat=place[1], cell=CELL
            )
    packed(site)
    key = site.opened()
    site.opened(lng=f"{HERE[0] + 0.04:.6f}")
    site.act(key, "plan", **PLAN)
    site.use(now=lambda: NOW - timedelta(days=100))
    site.act(key, "treat")
    site.use(now=lambda: NOW)
    view = site.client.get(f"{URL}/{key}").json
    effect = view["effect"]
    assert effect["own"] == {"before": 20, "after": 4, "places": 1}
    assert effect["district"]["others"] == {"before": 81, "after": 40, "places": 1}
    assert effect["alike"]["others"] == {"before": 60, "after": 30, "places": 3}
    assert effect["verdict"] == "not_distinguishable"
    assert [week["count"] for week in view["weeks"][:13]] == [0] * 10 + [6, 7, 7]
    with site.server.test_request_context():
        tree = hotspot_page.tree(hotspot_answers.hotspot(key), Look(translator("zh", strict=True), load_catalogue()))
    said = text_of(tree).replace("\N{NO-BREAK SPACE}", " ")
    assert "本热点：20 起 → 4 起，下降 80 %。" in said
    assert "当时同样热而未立项的 3 处：60 起 → 30 起，下降 50 %。" in said
    assert "不能认定是治理的作用" in said


def test_data_that_begin_too_late_are_not_compared(site: Site) -> None:
    incidents(site.engine, *range(101, 113), *range(20, 40))
    packed(site)
    key = site.opened()
    site.act(key, "plan", **PLAN)
    site.use(now=lambda: NOW - timedelta(days=100))
    site.act(key, "treat")
    site.use(now=lambda: NOW)
    view = site.client.get(f"{URL}/{key}").json
    assert view["effect"] is None
    assert view["data_begin"] == (NOW - timedelta(days=112)).isoformat()
    incidents(site.engine, 188, at=(HERE[0] + 0.1, HERE[1]), updated_at=NOW)
    packed(site)
    view = site.client.get(f"{URL}/{key}?as_of=2024-05-07T12:59").json
    assert view["data_begin"] is None
    assert view["effect"]["verdict"] == "no_controls"


def test_no_rule_is_got_round(site: Site) -> None:
    key = site.opened()
    assert site.act(key, "treat").status_code == 409
    assert site.act(key, "plan", **{**PLAN, "leader": "王某、李某"}).status_code == 409
    assert site.act(key, "plan", **{**PLAN, "leader": ""}).status_code == 200
    answer = site.act(key, "treat")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "hotspot.refused.no_leader")
    assert "责任领导" in answer.json["error"]["message"]
    assert site.act(key, "withdraw", reason=" ").status_code == 409
    assert site.entries() == 2


def test_the_second_editor_is_told(site: Site) -> None:
    key = site.opened()
    seen = site.seen(key)
    assert site.act(key, "plan", **PLAN).status_code == 200
    for action, body in (("plan", PLAN), ("treat", {}), ("close", {}), ("withdraw", {"reason": "误立"})):
        answer = site.post(f"{URL}/{key}/{action}", {"actor": "赵某", "seen": seen, **body})
        assert answer.status_code == 409
        assert answer.json["error"]["code"] == "hotspot.error.conflict"
    assert site.post(f"{URL}/{key}/plan", {"actor": "赵某", **PLAN}).status_code == 409
    assert site.entries() == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"actor": ""}, 409),
        ({"actor": "x" * 61}, 400),
        ({"actor": 5}, 400),
        ({"name": ""}, 409),
        ({"name": "名\x00"}, 400),
        ({"name": "a\nb"}, 400),
        ({"name": ["a"]}, 400),
        ({"kind": "park"}, 409),
        ({"lng": "east"}, 400),
        ({"lng": True}, 400),
        ({"lng": "1e5"}, 400),
        ({"lng": ""}, 409),
        ({"lat": 95}, 409),
        ({"radius_m": -5}, 409),
        ({"radius_m": 1e300}, 409),
        ({"window_days": 1.5}, 400),
        ({"origin": "guess"}, 400),
        ({"station": "none"}, 404),
        ({"status": "treated"}, 400),
        ({"hotspot_id": "mine"}, 400),
        ({"class_code": "x; drop table hotspot"}, 409),
    ],
)
def test_a_wrong_field_gets_a_sentence(site: Site, changes: dict[str, Any], status: int) -> None:
    answer = site.post(URL, {**OPENING, **changes})
    assert answer.status_code == status
    assert set(answer.json["error"]) == {"code", "message"}
    assert "{" not in answer.json["error"]["message"]
    assert not answer.json["error"]["message"].startswith(("hotspot.", "error."))
    assert site.entries() == 0


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("plan", {"plan": "x" * 4001}),
        ("plan", {"plan": "a", "due": "tomorrow"}),
        ("plan", {"plan": "a", "due": "0001-01-01"}),
        ("plan", {"plan": "a", "due": 20240101}),
        ("measure", {"measure": "a", "clock": "25:00", "on": "2024-05-01"}),
        ("measure", {"measure": "a", "control": "drone"}),
        ("measure", {"measure": {"a": 1}}),
        ("withdraw", {"reason": "x" * 401}),
        ("treat", {"plan": "smuggled"}),
        ("close", {"check": {"days": 999}}),
    ],
)
def test_a_wrong_step_gets_a_sentence_too(site: Site, action: str, body: dict[str, Any]) -> None:
    key = site.opened()
    answer = site.act(key, action, **body)
    assert answer.status_code == 400
    assert not answer.json["error"]["message"].startswith("hotspot.")
    assert site.entries() == 1


def test_what_is_no_json_object_is_refused(site: Site) -> None:
    whole = json.dumps(OPENING)
    assert site.post(URL, whole, content_type="text/plain").status_code == 400
    assert site.client.post(URL, data=OPENING).status_code == 400
    for body in ("", "[]", "{", '"text"', '{"actor": NaN}', '{"name": "\\ud800"}', b"\xff\xfe", "[" * 5000):
        assert site.post(URL, body).status_code == 400
    assert site.post(URL, {**OPENING, "name": "x" * 70_000}).status_code == 400
    assert site.post(URL, b" " * 3_000_000).status_code in (400, 413)
    assert site.entries() == 0


def test_another_sites_page_cannot_write(site: Site) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert site.post(URL, OPENING, headers=headers).status_code == 403
    assert site.entries() == 0
    assert site.post(URL, OPENING, headers={"Origin": "http://localhost"}).status_code == 201


def test_what_is_not_there_is_not_found(site: Site) -> None:
    key = site.opened()
    assert site.client.get(f"{URL}/none").status_code == 404
    assert site.post(f"{URL}/none/treat", {"actor": "李某"}).status_code == 404
    assert site.post(f"{URL}/{key}/burn", {"actor": "李某"}).status_code == 404
    assert site.client.get(f"{URL}?status=burnt").status_code == 400


def test_a_neighbour_and_a_wall_display_may_not_write(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = site.opened()
    as_viewer(monkeypatch, station("S2"))
    assert site.client.get(f"{URL}/{key}").status_code == 404
    assert site.client.get(URL).json["lines"] == []
    assert site.post(f"{URL}/{key}/withdraw", {"actor": "李某", "reason": "x"}).status_code == 404
    assert site.post(URL, OPENING).status_code == 404
    as_viewer(monkeypatch, Scope(Role.DISPLAY))
    assert site.post(URL, OPENING).status_code == 404
    assert site.post(f"{URL}/{key}/withdraw", {"actor": "李某", "reason": "x"}).status_code == 404
    assert site.client.get(f"{URL}/{key}").json["offered"] == []
    assert site.entries() == 1


def test_names_are_masked_for_whoever_may_not_see_them(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = site.opened()
    site.act(key, "plan", **PLAN)
    site.act(key, "measure", measure="设岗")
    assert "王某" in site.client.get(f"{URL}/{key}").text
    as_viewer(monkeypatch, station("S1"))
    for path in (f"{URL}/{key}", URL):
        text = site.client.get(path).text
        assert "王**" in text
        assert "王某" not in text and "李某" not in text
    with site.server.test_request_context():
        view = hotspot_answers.hotspot(key)
    tree = hotspot_page.tree(view, Look(translator("zh", strict=True), load_catalogue()))
    assert "王某" not in json.dumps(tree, ensure_ascii=False)
    assert '"value": "王**"' not in json.dumps(tree, ensure_ascii=False), "a mask must not be saved as a name"


def test_switched_off_nothing_is_written_and_no_form_is_shown(site: Site) -> None:
    key = site.opened()
    site.use(hotspot_editing=False)
    answer = site.post(URL, OPENING)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "hotspot.error.off")
    assert site.act(key, "withdraw", reason="x").status_code == 403
    look = Look(translator("zh", strict=True), load_catalogue())
    with site.server.test_request_context():
        assert "form.deed" not in json.dumps(hotspot_page.tree(hotspot_answers.hotspot(key), look))
        assert "form.deed" not in json.dumps(hotspots_page.new_tree(hotspot_answers.new_hotspot(), look, {}))
        assert "/hotspots/new" not in json.dumps(hotspots_page.tree(hotspot_answers.hotspots(), look))


def test_the_past_is_not_written(site: Site) -> None:
    key = site.opened()
    assert site.client.get(f"{URL}/{key}").json["offered"]
    assert site.client.get(f"{URL}/{key}?as_of=2024-05-07T12:00").json["offered"] == []


def test_hostile_text_stays_text(site: Site) -> None:
    name = '<script>alert(1)</script>=HYPERLINK("http://evil")'
    key = site.opened(name=name)
    site.act(key, "plan", **{**PLAN, "plan": "=1+1\n<img src=x onerror=alert(1)>"})
    look = Look(translator("zh", strict=True), load_catalogue())
    with site.server.test_request_context():
        view = hotspot_answers.hotspot(key)
    tree = hotspot_page.tree(view, look)
    assert name in text_of(tree)
    assert not set(tags(tree)) & {"script", "img", "iframe", "object", "embed", "style"}
    assert {"form", "svg", "h1"} <= set(tags(tree))


def test_english_errors_for_english_readers(site: Site) -> None:
    site.client.set_cookie("lang", "en")
    key = site.opened()
    message = site.act(key, "treat").json["error"]["message"]
    assert message.isascii()


def test_a_strange_row_of_another_system_opens(site: Site) -> None:
    make.add(site.engine, t.hotspot, hotspot_id="X/1 ?#", status="treating", updated_at=NOW)
    make.add(site.engine, t.hotspot, hotspot_id="X2", station_code="S1", status="treated", updated_at=NOW)
    look = Look(translator("zh", strict=True), load_catalogue())
    with site.server.test_request_context():
        strange, lacking = hotspot_answers.hotspot("X/1 ?#"), hotspot_answers.hotspot("X2")
        text = text_of(hotspots_page.tree(hotspot_answers.hotspots(), look))
    assert "treating" in text_of(hotspot_page.tree(strange, look))
    assert "在治但没有方案。" in text_of(hotspot_page.tree(lacking, look))
    assert text.count("不合规则") == 2
    assert command().everything
