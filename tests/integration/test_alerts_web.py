"""The alerts page and its addresses: filters, acknowledging, refusals, bad input; on both databases."""

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
from sqlalchemy import Engine

from catalogue.alerts_loader import load_alert_rules
from catalogue.assessment_loader import load_assessment
from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from components import alerts_page
from components.hiccup import text_of
from components.look import Look
from data_access import tables as t
from data_access.engine import writing
from data_access.state import raise_version
from domain.access import Role, Scope
from i18n import translator
from services.alerts import watch
from tests import factories as make
from web import alerts_answers, door, problems, security
from web import alerts_api as module
from web.alerts_api import alerts_api
from web.context import EXTENSION, Context
from web.version import Watch

NOW = datetime(2024, 5, 7, 13)
CATALOGUE, RULES = load_catalogue(), load_alert_rules()
URL = "/api/v1/alerts"
DONE = {"actor": "李某", "note": "已通知所领导"}


@dataclasses.dataclass
class Site:
    """A server with nothing but alerts: S1 has overdue tracing orders, S2 a deadly accident."""

    client: FlaskClient
    engine: Engine
    server: Flask

    def use(self, **changes: Any) -> None:
        self.server.extensions[EXTENSION] = dataclasses.replace(self.server.extensions[EXTENSION], **changes)

    def keys(self, query: str = "") -> list[str]:
        return [line["alert"]["alert_id"] for line in self.client.get(URL + query).json["open"]]

    def acknowledge(self, key: str, body: Any = DONE, **given: Any) -> Any:
        given.setdefault("content_type", "application/json")
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.client.post(f"{URL}/{key}/acknowledge", data=data, **given)

    def page(self, lang: str = "zh", **query: str) -> Any:
        with self.server.test_request_context("/"):
            view = alerts_answers.alerts(query, query.get("as_of"))
            return alerts_page.tree(view, Look(translator(lang, strict=True), CATALOGUE, query.get("as_of", "")))


@pytest.fixture
def site(engine: Engine) -> Iterator[Site]:
    make.make_district(engine, "D1")
    make.make_station(engine, "S1", name="临河派出所")
    make.make_station(engine, "S2", name="东塘派出所")
    for code in sorted({task.feed for task in CATALOGUE.tasks}):
        make.make_feed(engine, code, at=NOW, expected_seconds=86400)
    for _ in range(9):
        make.make_work_order(engine, "S1", NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    names = {"caller_name": "赵六", "caller_phone": "13900001111", "content": "测A·12345 与赵六相撞"}
    make.make_incident(engine, "S2", NOW - timedelta(hours=1), deaths=1, road="东塘路", **names)
    watch(engine, CATALOGUE, RULES, NOW)
    server = Flask("alerts", static_folder=None)
    server.extensions[EXTENSION] = Context(
        engine=engine,
        catalogue=CATALOGUE,
        now=lambda: NOW + timedelta(minutes=7),
        cache=Cache(server, config={"CACHE_TYPE": "SimpleCache"}),
        build="",
        default_lang="zh",
        unit_name="",
        poll_seconds=5,
        tick_seconds=60,
        map_rules=load_map_rules(None),
        compare_rules=load_compare_rules(),
        clock_rules=load_clock_rules(CATALOGUE),
        calendar="CN",
        writer=engine,
        alert_rules=RULES,
        assessment=load_assessment(CATALOGUE, None),
    )
    server.extensions["board.watch"] = Watch(engine)
    server.register_blueprint(alerts_api)
    door.install(server)
    problems.install(server)
    security.protect(server, list)
    yield Site(server.test_client(), engine, server)


def tags(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        yield tree[0]
        for child in tree[1:]:
            yield from tags(child)


def test_the_list_tells_what_is_open_and_no_person(site: Site) -> None:
    answer = site.client.get(URL)
    told = answer.json
    assert (told["waiting"], [line["alert"]["kind"] for line in told["open"]]) == (2, ["major", "red"])
    assert told["open"][0]["place"]["name"] == "东塘路"
    page = text_of(site.page())
    for text in (answer.text, page):
        assert "赵六" not in text
        assert "12345" not in text
        assert "1390000" not in text


def test_the_filter_narrows_what_is_listed_but_not_what_waits(site: Site) -> None:
    assert [len(site.keys(query)) for query in ("?kind=red", "?kind=major", "?station=S1", "?kind=red&station=S2")] == [
        1, 1, 1, 0,
    ]  # fmt: skip
    assert site.client.get(f"{URL}?kind=red&station=S2").json["waiting"] == 2


@pytest.mark.parametrize(("query", "status"), [("?kind=blue", 400), ("?station=S9", 404), ("?as_of=soon", 400)])
def test_what_makes_no_sense_is_said(site: Site, query: str, status: int) -> None:
    answer = site.client.get(URL + query)
    assert answer.status_code == status
    assert not answer.json["error"]["message"].startswith(("alert.", "error."))


def test_acknowledging_is_seen_at_once_and_only_once(site: Site) -> None:
    key = site.keys()[0]
    assert site.acknowledge(key).json == {"ok": True, "id": key, "next": None, "waiting": 1}
    told = site.client.get(URL).json
    assert told["waiting"] == 1
    last = told["open"][-1]["alert"]
    assert (last["alert_id"], last["acked_by"], last["ack_note"]) == (key, "李某", "已通知所领导")
    again = site.acknowledge(key, {**DONE, "actor": "王某"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "alert.refused.acked")
    assert "李某" in again.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"actor": "", "note": "x"}, 409),
        ({"actor": "A", "note": "  "}, 409),
        ({"actor": "A"}, 409),
        ({"actor": "A" * 61, "note": "x"}, 400),
        ({"actor": "A", "note": "x" * 401}, 400),
        ({"actor": "A", "note": "a\nb"}, 400),
        ({"actor": "A\x00", "note": "x"}, 400),
        ({"actor": ["A"], "note": "x"}, 400),
        ({"actor": "A", "note": "x", "acked_at": "2020-01-01"}, 400),
        ("[]", 400),
        ("{", 400),
    ],
)
def test_bad_acknowledgements_write_nothing(site: Site, body: Any, status: int) -> None:
    answer = site.acknowledge(site.keys()[0], body)
    assert answer.status_code == status
    assert not answer.json["error"]["message"].startswith(("alert.", "error.", "hotspot."))
    assert site.client.get(URL).json["waiting"] == 2


def test_unknown_alerts_plain_forms_and_other_sites_are_refused(site: Site) -> None:
    key = site.keys()[0]
    assert site.acknowledge("red-x").status_code == 404
    assert site.acknowledge(key, "actor=A&note=x", content_type="application/x-www-form-urlencoded").status_code == 400
    assert site.acknowledge(key, headers={"Origin": "http://elsewhere.example"}).status_code == 403
    assert site.client.get(URL).json["waiting"] == 2


def test_where_it_is_switched_off_alerts_are_only_shown(site: Site) -> None:
    site.use(alert_editing=False)
    assert site.acknowledge(site.keys()[0]).status_code == 403
    assert not any(tag.startswith("form.deed") for tag in tags(site.page()))


def test_a_wall_may_not_acknowledge(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = site.keys()[0]
    monkeypatch.setattr(module, "current_scope", lambda: Scope(Role.DISPLAY))
    assert site.acknowledge(key).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_a_form_for_each_that_waits(site: Site, lang: str) -> None:
    tree = site.page(lang)
    assert sum(tag.startswith("form.deed") for tag in tags(tree)) == 2
    site.acknowledge(site.keys()[0])
    tree = site.page(lang)
    assert sum(tag.startswith("form.deed") for tag in tags(tree)) == 1
    assert "李某" in text_of(tree)


def test_the_page_lists_what_ended_and_who_had_it_in_hand(site: Site) -> None:
    site.acknowledge(site.keys("?kind=red")[0])
    with writing(site.engine) as connection:
        connection.execute(t.work_order.update().values(closed_at=NOW, status="closed", updated_at=NOW))
        connection.execute(t.incident.update().values(deaths=0))
        raise_version(connection, NOW)
    watch(site.engine, CATALOGUE, RULES, NOW + timedelta(minutes=5))
    text = text_of(site.page())
    assert translator("zh")("alert.open_none") in text
    assert "已由李某确认" in text
    assert "无人确认" in text


def test_the_past_shows_what_was_open_then_and_offers_no_form(site: Site) -> None:
    before = (NOW - timedelta(minutes=1)).isoformat()
    assert site.keys(f"?as_of={before}") == []
    assert len(site.keys(f"?as_of={NOW.isoformat()}")) == 2
    assert not any(tag.startswith("form.deed") for tag in tags(site.page(as_of=NOW.isoformat())))


def test_the_page_says_when_no_worker_looks(site: Site) -> None:
    assert translator("zh")("alert.worker_never") in text_of(site.page())
    for minutes, late in ((1, True), (6, False)):
        with writing(site.engine) as connection:
            raise_version(connection, NOW + timedelta(minutes=minutes), "worker")
        assert ("后台程序" in text_of(site.page())) is late


def test_a_broken_row_does_not_break_the_page(site: Site) -> None:
    made = {"began_at": NOW, "updated_at": NOW}
    make.add(site.engine, t.alert, alert_id="a", kind="red", station_code="gone", task_code="T9-99", **made)
    make.add(site.engine, t.alert, alert_id="b/../?", kind="major", incident_id="gone", **made)
    text = text_of(site.page("en"))
    assert "T9-99" in text
    assert translator("en")("alert.gone") in text


def test_the_page_says_of_a_found_red_that_it_was_found(site: Site) -> None:
    with writing(site.engine) as connection:
        connection.execute(t.alert.update().where(t.alert.c.kind == "red").values(alert_id="found-20240507130000-x"))
        raise_version(connection, NOW)
    shown = text_of(site.page())
    assert "发现为红" in shown
    assert "至少 7\xa0分钟" in shown
    assert "2024年5月7日 13:00 转红" not in shown
