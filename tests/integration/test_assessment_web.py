"""The assessment over HTTP: what its forms send, what is refused, and that sliders score as the scoring does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from components.hiccup import text_of
from data_access import tables as t
from data_access.engine import reading
from data_access.readers.rows import Wanted
from data_access.refresh import refresh
from domain.access import Role, Scope, command, station
from domain.assessment import score_month
from domain.assessment_inputs import Amount, changed
from domain.views import RowPage
from i18n import ONE_SPACE
from services.assessment_inputs import inputs_of
from services.assessment_month import lines_at
from services.assessment_rows import source_rows
from tests import factories as make
from tests.integration.conftest import use
from tests.support import assessed_rows as rows
from web import assessment_answers, assessment_deeds, assessment_pages, cached, identity
from web.context import EXTENSION, Context

API = "/api/v1/assessment"
APRIL = f"{API}/2024-04"
LOCK = {"actor": "王某", "note": "", "seen": "0", "confirm": "yes"}
POINTS = {
    "station": "S1",
    "points": "-1.5",
    "matter": "漏报",
    "document": "〔2024〕12号",
    "actor": "李某",
    "correct": "",
}
APPEAL = {"station": "S1", "indicator": "P4", "of": "0", "text": "一名红码人员户籍已迁出", "actor": "周某"}


@dataclass
class Site:
    """The one application of the session on a town of three stations."""

    server: Any
    client: FlaskClient
    engine: Engine
    original: Context

    def post(self, path: str, body: Any, **given: Any) -> Any:
        return self.client.post(path, data=json.dumps(body), content_type="application/json", **given)

    def at(self, now: datetime, **more: Any) -> None:
        """The same town at another instant, or otherwise set up."""
        given = {"engine": self.engine, "writer": self.engine, "catalogue": rows.CATALOGUE, "assessment": rows.BOOK}
        use(self.server, self.original, now=lambda: now, **{**given, **more})
        self.client = self.server.test_client()

    def page(self, name: str, query: dict[str, str] | None = None, **ask: str) -> str:
        """All text of a page as its callback answers it."""
        more = {"assessment-sheet": ("form.tree", "below.tree")}.get(name, ())
        outputs = [
            _output(f"{name}-screen.tree"),
            _output(f"{name}-screen.echo"),
            *(_output(f"{name}-{one}") for one in more),
        ]
        inputs = [("version", "v1"), (f"{name}-ask", ask), (f"{name}-query", query or {})]
        answer = self._callback(outputs, inputs, [])
        found = [answer[f"{name}-screen"]["tree"], *(answer[f"{name}-{one.split('.')[0]}"]["tree"] for one in more)]
        return _said(["div", *found])

    def tried(self, code: str, query: dict[str, str], tried: dict[str, Any] | None = None) -> str:
        """What the sliders of a sheet answer."""
        name = "assessment-sheet"
        echo = (f"{name}-screen", {"at": "x"}, "echo")
        states = [(f"{name}-ask", {"code": code}), (f"{name}-query", query)]
        answer = self._callback([_output(f"{name}-result.tree")], [(f"{name}-tried", tried or {}), echo], states)
        return _said(answer[f"{name}-result"]["tree"])

    def _callback(self, outputs: list[dict[str, str]], inputs: list[Any], states: list[Any]) -> Any:
        names = [f"{one['id']}.{one['property']}" for one in outputs]
        body = {
            "output": names[0] if len(names) == 1 else f"..{'...'.join(names)}..",
            "outputs": outputs[0] if len(outputs) == 1 else outputs,
            "inputs": [_given(one) for one in inputs],
            "state": [_given(one) for one in states],
            "changedPropIds": [f"{inputs[0][0]}.data"],
        }
        answer = self.post("/_dash-update-component", body)
        assert answer.status_code == 200, answer.text[:500]
        return answer.json["response"]

    def entries(self) -> list[str]:
        with reading(self.engine) as connection:
            return [row[0] for row in connection.execute(select(t.audit_entry.c.action).order_by(t.audit_entry.c.at))]

    def versions(self, period: str = "2024-04") -> int:
        with reading(self.engine) as connection:
            query = select(func.count()).where(t.assessment_month.c.period == period)
            return int(connection.execute(query).scalar() or 0)


def _output(name: str) -> dict[str, str]:
    one, _, prop = name.rpartition(".")
    return {"id": one, "property": prop}


def _given(one: tuple[Any, ...]) -> dict[str, Any]:
    return {"id": one[0], "property": one[2] if len(one) > 2 else "data", "value": one[1]}


def _said(tree: Any) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")


@pytest.fixture
def site(application: Any, engine: Engine) -> Iterator[Site]:
    """A town of this test's own, to write about."""
    rows.fill(engine)
    yield from _site(application, engine)


@pytest.fixture
def town(application: Any, filled: Engine) -> Iterator[Site]:
    """The town of all tests that write nothing; that they do not is looked at."""
    for made in _site(application, filled):
        yield made
        assert made.entries() == []


def _site(application: Any, engine: Engine) -> Iterator[Site]:
    server = application.server
    made = Site(server, server.test_client(), engine, server.extensions[EXTENSION])
    made.at(rows.NOW)
    yield made
    use(server, made.original)


@pytest.fixture(scope="module")
def filled(fresh: Engine) -> Engine:
    """A database of this module's own."""
    rows.fill(fresh)
    return fresh


def as_viewer(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    for module in (assessment_answers, assessment_deeds, assessment_pages, cached):
        monkeypatch.setattr(module, "current_scope", lambda: scope)


def as_role(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    """Somebody who has signed in."""
    for module in (identity, assessment_pages):
        monkeypatch.setattr(module, "viewer", lambda: identity.Identity(scope))


def late_sample(engine: Engine) -> None:
    """Data of April that come after its lock."""
    at = rows.NOW + timedelta(hours=1)
    make.make_sample(
        engine, "S1", datetime(2024, 4, 18, 9), kind="key_slot", numerator=0, denominator=40, updated_at=at
    )
    refresh(engine, rows.CATALOGUE, at)


# locking ----------------------------------------------------------------------------------------


def test_a_month_is_locked_once_and_the_page_says_by_whom(site: Site) -> None:
    open_page = site.page("assessment", {"month": "2024-04"})
    assert "尚未封存" in open_page and "封存2024年4月" in open_page
    assert site.post(f"{APRIL}/lock", LOCK).json["id"] == 1
    text = site.page("assessment", {"month": "2024-04"})
    assert "已封存 第 1 版" in text and "由 王某 于 2024年5月16日 13:00 封存" in text
    assert "无需更正" in text
    assert site.entries() == ["lock"]


def test_who_commands_is_led_from_the_top_of_the_page_to_the_lock_and_a_station_is_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = "封存2024年4月"
    as_role(monkeypatch, Scope(Role.DISTRICT))
    page = site.page("assessment", {"month": "2024-04"})
    assert offered not in page and "尚未封存" in page
    refused = site.post(f"{APRIL}/lock", LOCK)
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "access.refused.role")
    as_role(monkeypatch, Scope(Role.COMMAND))
    page = site.page("assessment", {"month": "2024-04"})
    assert page.index("尚未封存") < page.index(offered) < page.index("领先"), "said beside the state of the month"
    assert site.post(f"{APRIL}/lock", {**LOCK, "confirm": ""}).status_code == 409
    assert site.post(f"{APRIL}/lock", LOCK).json["id"] == 1
    assert offered not in site.page("assessment", {"month": "2024-04"})


def test_where_nothing_may_be_written_no_lock_is_offered(site: Site) -> None:
    site.at(rows.NOW, assessment_editing=False)
    assert "封存2024年4月" not in site.page("assessment", {"month": "2024-04"})
    assert site.post(f"{APRIL}/lock", LOCK).status_code >= 400 and site.versions() == 0


def test_a_second_lock_is_refused(site: Site) -> None:
    site.post(f"{APRIL}/lock", LOCK)
    again = site.post(f"{APRIL}/lock", {**LOCK, "seen": "1", "note": "再锁一次"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "assessment.refused.same")
    unseen = site.post(f"{APRIL}/lock", LOCK)
    assert (unseen.status_code, unseen.json["error"]["code"]) == (409, "assessment.refused.meanwhile")
    assert site.versions() == 1 and site.entries() == ["lock"]


@pytest.mark.parametrize(
    ("period", "changes", "status"),
    [
        ("2024-04", {"confirm": ""}, 409),
        ("2024-04", {"actor": " "}, 409),
        ("2024-04", {"actor": "x" * 61}, 400),
        ("2024-04", {"note": "a\x00"}, 400),
        ("2024-04", {"seen": "one"}, 400),
        ("2024-04", {"extra": "x"}, 400),
        ("2024-05", {}, 409),
        ("2024-13", {}, 400),
        ("soon", {}, 400),
    ],
)
def test_what_cannot_be_locked_is_told_in_a_sentence(town: Site, period: str, changes: Any, status: int) -> None:
    answer = town.post(f"{API}/{period}/lock", {**LOCK, **changes})
    assert answer.status_code == status
    assert not answer.json["error"]["message"].startswith(("assessment", "hotspot", "error"))
    assert "{" not in answer.json["error"]["message"]
    assert town.versions(period) == 0 and town.entries() == []


def test_data_that_change_afterwards_make_a_correction_beside_the_first(site: Site) -> None:
    site.post(f"{APRIL}/lock", LOCK)
    before = site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    late_sample(site.engine)
    site.at(rows.NOW + timedelta(hours=2))
    text = site.page("assessment", {"month": "2024-04"})
    assert "数据已变化，可出更正" in text and "P3 重点路段重点时段劝导率" in text
    nameless = site.post(f"{APRIL}/lock", {**LOCK, "seen": "1"})
    assert nameless.json["error"]["code"] == "assessment.refused.reason"
    assert site.post(f"{APRIL}/lock", {**LOCK, "seen": "1", "note": "补录劝导"}).json["id"] == 2
    text = site.page("assessment", {"month": "2024-04"})
    assert "第 2 版（更正）" in text and "说明：补录劝导" in text and "更正与上一版的差别" in text
    first = site.page("assessment-sheet", {"month": "2024-04", "version": "1"}, code="S1")
    assert _total(first) == _total(before) != _total(site.page("assessment-sheet", {"month": "2024-04"}, code="S1"))
    assert "这是旧版本" in first and "试算只对现行版本" in first


def _total(page: str) -> str:
    return page.split("总分")[1][:6]


def test_another_sites_page_cannot_lock(town: Site) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert town.post(f"{APRIL}/lock", LOCK, headers=headers).status_code == 403
    plain = town.client.post(f"{APRIL}/lock", data=LOCK)
    assert plain.status_code == 400 and town.versions() == 0


def test_switched_off_nothing_is_written_and_no_form_is_shown(town: Site) -> None:
    town.at(rows.NOW, assessment_editing=False)
    for path, body in ((f"{APRIL}/lock", LOCK), (f"{APRIL}/adjustments", POINTS), (f"{APRIL}/appeals", APPEAL)):
        assert town.post(path, body).json["error"]["code"] == "assessmentview.error.off"
    assert "不能封存" in town.page("assessment", {"month": "2024-04"})
    assert "登记加减分" not in town.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert town.entries() == []


def test_nothing_is_written_from_a_page_of_the_past(town: Site) -> None:
    assert "登记加减分" in town.page("assessment-sheet", code="S1")
    assert "登记加减分" not in town.page("assessment-sheet", {"as_of": "2024-05-10"}, code="S1")


def test_who_sees_no_rows_writes_nothing(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    as_viewer(monkeypatch, Scope(Role.DISPLAY))
    assert town.post(f"{APRIL}/lock", LOCK).status_code == 404
    assert town.post(f"{APRIL}/adjustments", POINTS).status_code == 404
    assert town.versions() == 0


# points and appeals -----------------------------------------------------------------------------


def test_points_count_are_shown_line_by_line_and_can_be_withdrawn(site: Site) -> None:
    before = site.client.get(f"{API}/S1?month=2024-04").json["line"]["total"]
    key = site.post(f"{APRIL}/adjustments", POINTS).json["id"]
    assert site.client.get(f"{API}/S1?month=2024-04").json["line"]["total"] == pytest.approx(before - 1.5)
    text = site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "−1.50漏报依据 〔2024〕12号；李某 登记于" in text and "已计入" in text
    assert site.post(f"{API}/adjustments/{key}/withdraw", {"actor": "李某", "reason": ""}).status_code == 409
    assert site.post(f"{API}/adjustments/{key}/withdraw", {"actor": "李某", "reason": "查无此事"}).status_code == 200
    assert site.client.get(f"{API}/S1?month=2024-04").json["line"]["total"] == pytest.approx(before)
    assert "已撤销：李某" in site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    again = site.post(f"{API}/adjustments/{key}/withdraw", {"actor": "李某", "reason": "查无此事"})
    assert again.json["error"]["code"] == "assessment.refused.withdrawn"
    assert site.entries() == ["adjust", "withdraw"]


def test_points_for_a_locked_month_wait_for_its_correction(site: Site) -> None:
    site.post(f"{APRIL}/lock", LOCK)
    assert site.post(f"{APRIL}/adjustments", POINTS).json["error"]["code"] == "assessment.refused.locked"
    site.at(rows.NOW + timedelta(minutes=1))
    assert site.post(f"{APRIL}/adjustments", {**POINTS, "correct": "yes"}).status_code == 200
    assert "未计入本版，出更正时计入" in site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "数据已变化，可出更正" in site.page("assessment", {"month": "2024-04"})
    site.post(f"{APRIL}/lock", {**LOCK, "seen": "1", "note": "补扣"})
    text = site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "已计入" in text and "出更正时计入" not in text.replace("这一条在出更正时才计入", "")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"points": "0"}, 409),
        ({"points": "3.5"}, 409),
        ({"points": "-6"}, 409),
        ({"points": "many"}, 400),
        ({"points": "1e9"}, 400),
        ({"points": "nan"}, 400),
        ({"points": True}, 400),
        ({"document": " "}, 409),
        ({"matter": ""}, 409),
        ({"actor": ""}, 409),
        ({"station": "none"}, 404),
        ({"matter": "x" * 201}, 400),
        ({"adjustment_id": "mine"}, 400),
    ],
)
def test_a_wrong_line_of_points_gets_a_sentence(town: Site, changes: dict[str, Any], status: int) -> None:
    answer = town.post(f"{APRIL}/adjustments", {**POINTS, **changes})
    assert answer.status_code == status
    assert "{" not in answer.json["error"]["message"] and town.entries() == []


def test_an_appeal_is_filed_and_answered_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = site.post(f"{APRIL}/appeals", APPEAL).json["id"]
    text = site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "P4 一图一码降色一名红码人员户籍已迁出周某" in text and "1 件待答复" in text
    assert "申诉 1" in site.page("assessment", {"month": "2024-04"})
    answer = {"actor": "赵某", "text": "已核减"}
    with monkeypatch.context() as patched:
        as_viewer(patched, station("S1"))
        assert site.post(f"{API}/appeals/{key}/reply", answer).json["error"]["code"] == "assessment.refused.role"
    assert site.post(f"{API}/appeals/{key}/reply", answer).status_code == 200
    assert site.post(f"{API}/appeals/{key}/reply", answer).json["error"]["code"] == "assessment.refused.replied"
    text = site.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "已核减赵某 答复于" in text and "件待答复" not in text
    assert site.entries() == ["appeal", "reply"]


def test_a_neighbour_may_neither_see_nor_appeal_for_a_station(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    as_viewer(monkeypatch, station("S2"))
    assert town.post(f"{APRIL}/appeals", APPEAL).status_code == 404
    assert town.post(f"{APRIL}/appeals", {**APPEAL, "station": "S2", "indicator": "P9"}).status_code == 409
    assert "查看范围" in town.page("assessment-sheet", {"month": "2024-04"}, code="S1")
    assert "S1" not in town.page("assessment", {"month": "2024-04"}).replace("PS1", "")
    assert town.entries() == []


def test_a_fusion_mode_is_changed_with_reason_and_confirmation(site: Site) -> None:
    body = {"mode": "full", "reason": "辖区变化", "actor": "赵某", "confirm": "yes"}
    for changes in ({"confirm": ""}, {"reason": " "}, {"mode": "half"}, {"actor": ""}):
        assert site.post(f"{API}/modes/S1", {**body, **changes}).status_code == 409
    assert site.post(f"{API}/modes/none", body).status_code == 404
    assert site.entries() == []
    assert site.post(f"{API}/modes/S1", body).status_code == 200
    assert site.entries() == ["fusion_mode"]
    assert "全面融合" in site.page("assessment-sheet", code="S1")


# pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("month", ["", "2024-04", "2024-03", "2023-12"])
def test_every_page_answers_for_every_month(town: Site, month: str, lang: str) -> None:
    town.client.set_cookie("lang", lang)
    query = {"month": month} if month else {}
    for text in (
        town.page("assessment", query),
        town.page("assessment-sheet", query, code="S2"),
        town.page("assessment-compare", {**query, "a": "S1", "b": "S3"}),
        town.page("assessment-modes", query),
        town.page("assessment-rows", query, code="S1", source="helmets"),
    ):
        assert len(text) > 80
        assert "assessmentview." not in text and "None" not in text and "{" not in text


@pytest.mark.parametrize(
    ("name", "query", "ask"),
    [
        ("assessment", {"month": "2024-13"}, {}),
        ("assessment", {"month": "2030-01"}, {}),
        ("assessment", {"month": "2024-04", "version": "7"}, {}),
        ("assessment", {"month": "1999-12"}, {}),
        ("assessment-sheet", {}, {"code": "none"}),
        ("assessment-sheet", {"try.helmets": "many"}, {"code": "S1"}),
        ("assessment-compare", {"a": "S1", "b": "none"}, {}),
        ("assessment-rows", {}, {"code": "S1", "source": "none"}),
        ("assessment-rows", {"part": "burnt"}, {"code": "S1", "source": "helmets"}),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_its_place(town: Site, name: str, query: Any, ask: Any) -> None:
    text = town.page(name, query, **ask)
    assert any(way in text for way in ("返回", "看板", "看本月考核"))
    assert len(text) < 300 and "assessment." not in text and "error." not in text


def test_rows_add_up_to_the_number_they_are_behind(town: Site) -> None:
    desk, wanted, seen = rows.desk(town.engine), Wanted(size=1000), set()
    for month in (rows.APRIL, rows.MAY):
        for source in rows.BOOK.versions[0].sources:
            found = source_rows(desk, command(), month, ("S1", source.code), rows.NOW, wanted=wanted)
            if found.now is not None:
                assert _upper(source.code, found.page) == found.now.numerator, (month.period, source.code)
                seen.add(source.code)
    assert len(seen) > 12


def _upper(source: str, page: RowPage) -> float:
    """The numerator that rows give: summed where they carry numbers, else counted, of clocks those in time."""
    column = "quantity" if source == "people" else "numerator"
    if column in page.columns:
        return sum(row[page.columns.index(column)] for row in page.rows)  # type: ignore[misc]
    return page.parts.get("done", page.total)


# what if ----------------------------------------------------------------------------------------


def scored(site: Site, changes: dict[str, float]) -> Any:
    """S1's May with other numbers, by the scoring itself."""
    desk = rows.desk(site.engine)
    with reading(site.engine) as connection:
        inputs = inputs_of(connection, desk, [rows.MAY], rows.NOW, scope=command())[rows.MAY]
        lines = lines_at(connection, [rows.MAY], rows.NOW)["2024-05"]
    rules = desk.rules(rows.MAY)
    mine = inputs.of("S1")
    assert mine is not None
    amounts = {code: Amount(value, mine.now[code].denominator, mine.now[code].rows) for code, value in changes.items()}
    stations = tuple(changed(one, amounts, rules) if one.code == "S1" else one for one in inputs.stations)
    return next(one for one in score_month(replace(inputs, stations=stations), rules, lines) if one.code == "S1")


@pytest.mark.parametrize(
    "changes", [{"slots": 5.0}, {"helmets": 100.0, "accidents": 0.0}, {"lowered": 0.0, "people": 1.0}]
)
def test_sliders_give_what_the_scoring_gives(town: Site, changes: dict[str, float]) -> None:
    now, after = scored(town, {}), scored(town, changes)
    query = {f"try.{code}": f"{value:g}" for code, value in changes.items()}
    text = town.tried("S1", query)
    assert f"{now.shown:.2f}" in text and f"{after.shown:.2f}" in text
    assert f"第 {after.rank} / {after.of} 名" in text
    for first, second in zip(now.indicators, after.indicators, strict=True):
        moved = first.points is not None and abs(first.points - second.points) >= 0.005
        assert (f"{first.code} " in text) == moved, first.code
        if moved:
            assert f"{first.points:.2f}{second.points:.2f}" in text


def test_sliders_that_were_moved_on_the_page_go_before_its_address(town: Site) -> None:
    moved = {"of": "S1@2024-05.0", "tries": {"try.slots": "5"}}
    by_hand = town.tried("S1", {"try.helmets": "1"}, moved)
    assert by_hand == town.tried("S1", {"try.slots": "5"})
    other = {**moved, "of": "S1@2024-04.0"}
    assert town.tried("S1", {"try.helmets": "1"}, other) == town.tried("S1", {"try.helmets": "1"})
    assert "拖动左边的滑块" in town.tried("S1", {}, {"of": "S1@2024-05.0", "tries": {}})


def test_a_try_writes_nothing(town: Site) -> None:
    with reading(town.engine) as connection:
        before = connection.execute(select(func.count()).select_from(t.sample)).scalar()
    town.tried("S1", {"try.slots": "5"})
    with reading(town.engine) as connection:
        assert connection.execute(select(func.count()).select_from(t.sample)).scalar() == before
    assert town.entries() == []


# addresses --------------------------------------------------------------------------------------


def test_a_month_that_lies_ahead_is_said_to_lie_ahead(town: Site) -> None:
    for name, ask in (("assessment", {}), ("assessment-sheet", {"code": "S1"}), ("assessment-compare", {})):
        text = town.page(name, {"month": "2031-01"}, **ask)
        assert text.startswith("2031年1月尚未开始") and "看本月考核" in text and "地址" not in text
    assert "地址" in town.page("assessment", {"month": "soon"})


def test_a_comparison_takes_the_names_of_the_json_address_too(town: Site) -> None:
    asked = town.page("assessment-compare", {"first": "S2", "second": "S1", "month": "2024-04"})
    assert asked == town.page("assessment-compare", {"a": "S2", "b": "S1", "month": "2024-04"})
    assert asked != town.page("assessment-compare", {"a": "S1", "b": "S2", "month": "2024-04"})


def test_the_tab_of_a_sheet_is_called_like_its_station(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(town.engine) as connection:
        name = connection.execute(select(t.station.c.name).where(t.station.c.code == "S1")).scalar()
    with town.server.test_request_context("/assessment/S1"):
        assert assessment_pages.station_name("S1") == name
        as_viewer(monkeypatch, station("S2"))
        assert assessment_pages.station_name("S1") == "S1", "who may not see it learns no name"
