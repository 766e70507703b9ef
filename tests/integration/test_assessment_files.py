"""One month, three ways to read it: view-model, JSON and workbook agree cell by cell; scope holds in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from data_access import tables as t
from data_access.engine import reading
from data_access.refresh import refresh
from domain.access import Scope, command, district, station
from domain.assessment_inputs import Amount
from domain.assessment_records import NewAdjustment
from domain.assessment_score import printed
from domain.assessment_views import RankingView
from domain.month import Month
from i18n import translator
from services.assessment import comparison_view, districts_view, ranking_view, tried, year_view
from services.assessment_book import month_book, spans_of
from services.assessment_deeds import adjust, lock_month
from services.assessment_prepared import prepare
from tests import factories as make
from tests.integration.conftest import Demo, use
from tests.support import assessed_book as read
from tests.support import assessed_rows as rows
from tests.support.problems import PROBLEM_FIELDS
from tests.support.project import ROOT
from web import assessment_answers, cached
from web.context import EXTENSION, Context
from web.version import Watch

LATER = rows.NOW + timedelta(hours=1)
APRIL = "month=2024-04"
ATTACK = "=HYPERLINK(1)"


@dataclass(frozen=True)
class Town:
    """Three stations whose April was locked, and corrected after a late sample."""

    client: FlaskClient
    engine: Engine


@pytest.fixture(scope="module")
def corrected(fresh: Engine) -> Engine:
    """A database of this module's own. Tests may write about May only."""
    rows.fill(fresh)
    desk = rows.desk(fresh)
    new = NewAdjustment("2024-04", "S1", -1.5, ATTACK, "〔2024〕12号", "李某")
    adjust(desk, fresh, new, rows.NOW, scope=command())
    make.make_incident(fresh, "S2", datetime(2024, 4, 9, 9), deaths=1, injuries=2, loss_yuan=3500.5)
    make.make_incident(fresh, "S2", datetime(2024, 4, 9, 10), class_code="order", deaths=9)
    make.make_incident(fresh, "S3", datetime(2023, 4, 9, 9), injuries=3, loss_yuan=800)
    refresh(fresh, rows.CATALOGUE, rows.NOW)
    lock_month(desk, fresh, rows.APRIL, "王某", at=rows.NOW)
    late = {"kind": "key_slot", "numerator": 0, "denominator": 40, "updated_at": LATER}
    make.make_sample(fresh, "S1", datetime(2024, 4, 18, 9), **late)
    refresh(fresh, rows.CATALOGUE, LATER)
    lock_month(desk, fresh, rows.APRIL, "王某", at=LATER, note="补录劝导")
    return fresh


@pytest.fixture
def town(application: Any, corrected: Engine) -> Iterator[Town]:
    server = application.server
    original: Context = server.extensions[EXTENSION]
    changed = {"engine": corrected, "now": lambda: LATER, "catalogue": rows.CATALOGUE, "assessment": rows.BOOK}
    use(server, original, **changed)
    yield Town(server.test_client(), corrected)
    use(server, original)


def as_viewer(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    for module in (assessment_answers, cached):
        monkeypatch.setattr(module, "current_scope", lambda: scope)


def workbook(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"/download/assessment.xlsx?{query}")
    assert answer.status_code == 200, answer.text[:300]
    return read.opened(answer.data)


def told(client: FlaskClient, query: str = "", path: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/assessment{path}?{query}")
    assert answer.status_code == 200, answer.text[:300]
    found: dict[str, Any] = json.loads(answer.text)
    return found


def all_texts(book: Any) -> list[str]:
    return [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]


# parity -----------------------------------------------------------------------------------------


def check_scores(book: Any, said: Mapping[str, Any]) -> None:
    """Every row of every scores' sheet equals its line of the JSON answer."""
    sheets = [one for one in book.worksheets if one.title.startswith("得分总表")]
    assert len(sheets) == len(said["groups"]) > 0
    for sheet, group in zip(sheets, said["groups"], strict=True):
        *found, total = read.rows(sheet)
        assert len(found) == len(group["lines"])
        for row, line in zip(found, group["lines"], strict=True):
            cells = list(row.values())
            assert cells[:17] == read.score_cells(line, "无数据"), line["unit"]["code"]
            words = {"blue": "蓝", "yellow": "黄", "red": "红", "grey": "无总分"}
            assert cells[17] == words[line["colour"]]
            assert cells[18] == {"red": "红榜", "black": "黑榜", "": None}[line["listed"]]
            band = line["band"]
            assert cells[19] == (f"{band['low']}—{band['high']}" if band else "—")
        assert total["派出所"] == f"{len(found)} 个派出所"


def check_details(book: Any, said: Mapping[str, Any]) -> None:
    """Every indicator's row equals its JSON: numerator, denominator, full points, points."""
    codes = [one["code"] for one in said["rules"]["indicators"]]
    found = {}
    for row in read.rows(read.sheet_of(book, "指标明细")):
        code = str(row["指标"]).split(" ")[0]
        if code in codes:
            found[code, row["派出所"]] = [row[name] for name in ("分子", "分母", "满分", "得分")]
    wanted = {}
    for line in (line for group in said["groups"] for line in group["lines"]):
        for one in line["indicators"]:
            numbers = [one[name] for name in ("numerator", "denominator", "weight", "points")]
            wanted[one["code"], line["unit"]["short_name"]] = [read.half_up(number) for number in numbers]
    assert found == wanted


def check_rest(book: Any, said: Mapping[str, Any]) -> None:
    """Adjustments, districts and what a correction changed."""
    lines = [line for group in said["groups"] for line in group["lines"]]
    counted = [(line["unit"]["short_name"], one) for line in lines for one in line["adjustments"]]
    *found, total = read.rows(read.sheet_of(book, "加减分"))
    if counted:
        assert [(row["派出所"], row["分值"], row["事项"], row["依据"]) for row in found] == [
            (name, one["points"], one["matter"], one["document"]) for name, one in counted
        ]
    assert total["分值"] == sum(one["points"] for _, one in counted)
    means = [(read.half_up(one["score"]["score"]), one["score"]["counted"]) for one in said["districts"]]
    assert [(row["总分"], row["计入所数"]) for row in read.rows(read.sheet_of(book, "分区得分"))] == means
    changes = [(one["station"], *(_changed(one, at) for at in ("before", "after"))) for one in said["changes"]]
    sheets = [one for one in book.worksheets if one.title == "更正对照"]
    assert bool(sheets) == bool(changes)
    for sheet in sheets:
        assert [(row["派出所"], row["更正前"], row["更正后"]) for row in read.rows(sheet)] == changes


def _changed(one: Mapping[str, Any], at: str) -> Any:
    return one[at] if one["subject"] == "rank" else read.half_up(one[at])


def check_view(view: RankingView, said: Mapping[str, Any]) -> None:
    """The JSON answer holds the very numbers of the view-model."""
    assert [group.mode for group in view.groups] == [group["mode"] for group in said["groups"]]
    for group, shown in zip(view.groups, said["groups"], strict=True):
        for line, one in zip(group.lines, shown["lines"], strict=True):
            score = line.score
            assert (score.code, score.rank, score.of, line.change) == (
                one["unit"]["code"], one["rank"], one["of"], one["change"],
            )  # fmt: skip
            assert (score.total, printed(score.total), score.colour) == (one["total"], one["shown"], one["colour"])
            assert [x.points for x in score.indicators] == [x["points"] for x in one["indicators"]]
            assert [x.state for x in score.indicators] == [x["state"] for x in one["indicators"]]


@pytest.mark.parametrize("month", [Month(2024, 4), Month(2024, 5)])
def test_view_json_and_workbook_agree_on_the_demo(client: FlaskClient, demo: Demo, month: Month) -> None:
    query = f"month={month.period}"
    said, book = told(client, query), workbook(client, query)
    assert sum(len(group["lines"]) for group in said["groups"]) == 23
    check_view(ranking_view(rows.desk(demo.engine), command(), month, demo.now), said)
    check_scores(book, said)
    check_details(book, said)
    check_rest(book, said)
    assert "模拟数据" in all_texts(book)


@pytest.mark.parametrize("version", ["1", "2", ""])
def test_view_json_and_workbook_agree_on_a_locked_and_a_corrected_month(town: Town, version: str) -> None:
    query = f"{APRIL}&version={version}"
    said, book = told(town.client, query), workbook(town.client, query)
    assert (said["state"], said["lock"]["version"]) == ("locked", int(version or 2))
    view = ranking_view(rows.desk(town.engine), command(), rows.APRIL, LATER, version=int(version or 0))
    check_view(view, said)
    check_scores(book, said)
    check_details(book, said)
    check_rest(book, said)
    assert bool(said["changes"]) == (version != "1")
    standing = read.sheet_of(book, "统计口径")["A2"].value
    assert ("第 1 版，首次封存" in standing) == (version == "1")
    assert ("更正" in standing and "补录劝导" in standing) == (version != "1")


def test_the_text_table_says_the_same_as_the_workbook(town: Town) -> None:
    body = town.client.get(f"/download/assessment.csv?{APRIL}").data.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(body, newline="")))
    *found, _ = read.rows(read.sheet_of(workbook(town.client, APRIL), "得分总表"))
    for line, row in zip(table[1:4], found, strict=True):
        plain = [float(value) if isinstance(value, (int, float)) else value or "" for value in row.values()]
        read_back = [float(text) if isinstance(one, float) else text for text, one in zip(line[2:], plain, strict=True)]
        assert read_back == plain


def test_the_running_month_is_told_with_its_pace(town: Town) -> None:
    said = told(town.client)
    assert (said["month"], said["state"], said["lock"]) == ("2024-05", "running", None)
    assert 0 < said["pace"] < 1
    check_scores(workbook(town.client), said)


def test_sheet_year_districts_and_two_stations_agree_with_the_ranking(town: Town) -> None:
    lines = {line["unit"]["code"]: line for group in told(town.client, APRIL)["groups"] for line in group["lines"]}
    sheet = told(town.client, APRIL, "/S1")
    assert sheet["line"] == lines["S1"]
    assert sheet["steps"][-1]["after"] == pytest.approx(lines["S1"]["total"])
    year = told(town.client, APRIL, "/year")
    assert {one["unit"]["code"]: one["months"][-1]["total"] for one in year["lines"]} == {
        code: pytest.approx(line["total"]) for code, line in lines.items()
    }
    assert year["states"]["2024-04"] == "locked"
    pair = told(town.client, f"{APRIL}&first=S1&second=S2", "/versus")
    assert (pair["first"], pair["second"]) == (lines["S1"], lines["S2"])
    means = told(town.client, APRIL, "/districts")["lines"]
    assert [one["score"] for one in means] == [one["score"] for one in told(town.client, APRIL)["districts"]]
    assert {one["unit"]["code"] for one in told(town.client, "", "/modes")["lines"]} == set(lines)


def test_a_what_if_is_scored_like_the_month_and_writes_nothing(town: Town) -> None:
    before = told(town.client, APRIL, "/S1")
    same = told(town.client, APRIL, "/S1/what-if")["score"]
    assert same["total"] == before["line"]["total"]
    slider = next(one for one in before["sliders"] if one["source"] == "slots")
    tried = told(town.client, f"{APRIL}&try.slots={slider['high']}", "/S1/what-if")
    assert tried["score"]["total"] > same["total"]
    points = {one["code"]: one["points"] for one in tried["score"]["indicators"]}
    assert points["P3"] == 12
    assert told(town.client, APRIL, "/S1") == before


@pytest.mark.parametrize("month", [rows.APRIL, rows.MAY])
def test_what_answers_share_changes_none_of_them(town: Town, month: Month) -> None:
    desk, who = rows.desk(town.engine), command()
    kept = prepare(desk, month, LATER)
    assert ranking_view(desk, who, month, LATER, prepared=kept) == ranking_view(desk, who, month, LATER)
    pair = ("S1", "S3")
    assert comparison_view(desk, who, month, pair, LATER, prepared=kept) == comparison_view(
        desk, who, month, pair, LATER
    )
    tries = {"slots": Amount(3, 40)}
    assert tried(desk, who, month, "S1", tries, as_of=LATER, prepared=kept) == tried(
        desk, who, month, "S1", tries, as_of=LATER
    )
    shared, plain = (year_view(desk, who, month, LATER, prepared=one) for one in (kept, None))
    assert (shared.months, shared.states) == (plain.months, plain.states)
    for (_, mine), (_, alone) in zip(shared.lines, plain.lines, strict=True):
        for one, other_one in zip(mine, alone, strict=True):
            assert (one is None) == (other_one is None)
            if one is not None and other_one is not None:
                assert one.total == pytest.approx(other_one.total)
                assert replace(one, total=0, outcome=0, process=0) == replace(other_one, total=0, outcome=0, process=0)
    found, other = (districts_view(desk, who, month, LATER, prepared=one) for one in (kept, None))
    assert found == other


# the page ---------------------------------------------------------------------------------------

PARTS = {
    "assessment": ("assessment-screen.tree", "assessment-screen.echo"),
    "assessment-sheet": (
        "assessment-sheet-screen.tree", "assessment-sheet-screen.echo",
        "assessment-sheet-form.tree", "assessment-sheet-below.tree",
    ),
}  # fmt: skip


def page(client: FlaskClient, name: str, ask: dict[str, str], query: dict[str, str]) -> Any:
    """The tree above all of a page, as its callback answers the browser."""
    parts = PARTS[name]
    values = {"version": None, f"{name}-ask": ask, f"{name}-query": query}
    body = {
        "output": f"..{'...'.join(parts)}..",
        "outputs": [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in parts],
        "inputs": [{"id": key, "property": "data", "value": value} for key, value in values.items()],
        "changedPropIds": [f"{name}-query.data"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text[:300]
    return json.loads(answer.text)["response"][f"{name}-screen"]["tree"]


def found_in(tree: Any, start: str) -> Iterator[Any]:
    """Nodes whose tag begins so, in reading order."""
    if isinstance(tree, list):
        if str(tree[0]).startswith(start):
            yield tree
        for child in tree[1:]:
            yield from found_in(child, start)


def said_by(node: Any) -> str:
    """A node's text without its small print and signs."""
    if not isinstance(node, list):
        return "" if node is None or isinstance(node, dict) else str(node)
    tag = str(node[0])
    hidden = tag.startswith(("small", "sup")) or "visually-hidden" in tag
    return "" if hidden else "".join(said_by(child) for child in node[1:])


def printed_as(value: Any) -> str:
    """A cell of the workbook as a page prints it."""
    return f"{value:.2f}" if isinstance(value, (int, float)) else str(value)


def check_page(tree: Any, book: Any) -> None:
    """Every row of the page's table equals its row of the workbook."""
    lines = list(found_in(tree, "tr.as-line"))
    wanted = []
    for sheet in (one for one in book.worksheets if one.title.startswith("得分总表")):
        *found, _ = read.rows(sheet)
        wanted += found
    assert len(lines) == len(wanted) > 0
    for line, row in zip(lines, wanted, strict=True):
        cells = list(row.values())
        name = said_by(next(found_in(line, "th.c-name")))
        assert (said_by(next(found_in(line, "b"))), name) == (str(cells[0]), cells[2])
        moved = said_by(next(found_in(line, "span.as-move")))
        assert moved == _moved(cells[1]), name
        numbers = [said_by(one) for one in found_in(line, "td.num") if "c-out" not in str(one[0])]
        outcome, process = cells[3:6], cells[6:14]
        assert numbers == [printed_as(one) for one in (outcome[-1], *outcome[:-1], process[-1], *process[:-1])], name
        outside = [said_by(one) for one in found_in(line, "td.num.c-out")]
        bonus, deduction, total = cells[14:17]
        assert outside == [f"+{bonus:.2f}" if bonus else "—", f"−{deduction:.2f}" if deduction else "—"]
        chip = said_by(next(found_in(line, "span.chip")))
        assert cells[17] in chip and (total == "—" or printed_as(total) in chip)


def _moved(change: Any) -> str:
    if change == "—":
        return "—"
    return "=" if not change else f"{'↑' if change > 0 else '↓'}{abs(change)}"


@pytest.mark.parametrize("query", [{"month": "2024-04"}, {"month": "2024-04", "version": "1"}, {}])
def test_the_page_prints_what_the_workbook_holds(town: Town, query: dict[str, str]) -> None:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    check_page(page(town.client, "assessment", {}, query), workbook(town.client, text))


def test_the_page_prints_what_the_workbook_holds_on_the_demo(client: FlaskClient) -> None:
    check_page(page(client, "assessment", {}, {"month": "2024-04"}), workbook(client, "month=2024-04"))


def test_a_score_sheet_gives_the_reasons_of_the_workbook(town: Town) -> None:
    tree = page(town.client, "assessment-sheet", {"code": "S1"}, {"month": "2024-04"})
    rows_of = {}
    for row in read.rows(read.sheet_of(workbook(town.client, APRIL), "指标明细")):
        code = str(row["指标"]).split(" ")[0]
        if row["派出所"] == "S1" and code[1:].isdigit():
            rows_of[code] = row
    bodies = {str(one[0]).rsplit("#", 1)[1]: one for one in found_in(tree, "tbody.as-one")}
    assert set(bodies) == set(rows_of)
    for code, body in bodies.items():
        row = rows_of[code]
        assert said_by(next(found_in(body, "td.c-points"))) == printed_as(row["得分"])
        reasons = [said_by(one) for one in found_in(next(found_in(body, "td.c-why")), "li")]
        full = [translator("zh")("assessmentview.points.nothing_lost")]
        assert reasons == (str(row["失分原因"]).split("；") if row["失分原因"] else full)


# the four figures -------------------------------------------------------------------------------


def counted(engine: Engine, code: str, start: datetime, end: datetime) -> tuple[int, int, int, float]:
    """Accidents, deaths, injuries, damage of one station, by plain SQL."""
    one = t.incident
    query = select(func.count(), func.sum(one.c.deaths), func.sum(one.c.injuries), func.sum(one.c.loss_yuan)).where(
        one.c.station_code == code, one.c.class_code == "accident", one.c.is_valid == 1,
        one.c.occurred_at >= start, one.c.occurred_at <= end,
    )  # fmt: skip
    with reading(engine) as connection:
        count, deaths, injuries, loss = connection.execute(query).one()
    return int(count), int(deaths or 0), int(injuries or 0), float(loss or 0)


HARM = ("起数", "死亡", "受伤", "财产损失（元）")


def test_the_four_figures_are_those_of_the_rows(town: Town) -> None:
    *found, total = read.rows(read.sheet_of(workbook(town.client, APRIL), "四项指数"))
    sums = [0.0, 0.0, 0.0, 0.0]
    for row in found:
        now = counted(town.engine, row["单位"], datetime(2024, 4, 1), datetime(2024, 4, 30, 23, 59, 59))
        base = counted(town.engine, row["单位"], datetime(2023, 4, 1), datetime(2023, 4, 30, 23, 59, 59))
        for name, one, before in zip(HARM, now, base, strict=True):
            stated = name != HARM[3] or one
            assert row[f"{name}/本期"] == (one if stated else "—")
            if name != HARM[3]:
                assert row[f"{name}/上年同期"] == before
        sums = [a + b for a, b in zip(sums, now, strict=True)]
    assert [total[f"{name}/本期"] for name in HARM] == sums
    s2 = next(row for row in found if row["单位"] == "S2")
    assert (s2["死亡/本期"], s2["死亡/同比"]) == (1, "— 新增 1")
    assert s2["财产损失（元）/本期"] == 3500.5


@pytest.mark.parametrize("month", [Month(2024, 4), Month(2024, 5)])
def test_the_first_figure_is_what_the_second_indicator_counts(client: FlaskClient, month: Month) -> None:
    """To the second in a running month too; a year earlier there is nothing to compare with, which is not nothing."""
    query = f"month={month.period}"
    lines = [line for group in told(client, query)["groups"] for line in group["lines"]]
    accidents = {
        line["unit"]["short_name"]: next(s["now"] for s in one["sources"] if s["code"] == "accidents")
        for line in lines
        for one in line["indicators"]
        if one["code"] == "O2"
    }
    *found, total = read.rows(read.sheet_of(workbook(client, query), "四项指数"))
    assert {row["单位"]: row["起数/本期"] for row in found} == {
        name: amount["numerator"] for name, amount in accidents.items()
    }
    assert total["起数/本期"] == sum(row["起数/本期"] for row in found) > 0


def test_before_the_rows_begin_the_base_is_unknown(town: Town) -> None:
    desk = rows.desk(town.engine)
    view = ranking_view(desk, command(), rows.APRIL.back(12), LATER)
    book = month_book(desk, command(), view)
    assert all(line.base is not None for line in book.harm)
    older = month_book(desk, command(), ranking_view(desk, command(), rows.APRIL.back(20), LATER))
    assert [line.base for line in older.harm] == [None] * 3
    assert older.total.base is None


def test_a_stretch_that_is_not_over_is_held_against_the_same_stretch() -> None:
    span, base = spans_of(Month(2024, 2), datetime(2024, 2, 29, 8, 30))
    assert (span.start, span.end) == (datetime(2024, 2, 1), datetime(2024, 2, 29, 8, 30, 1))
    assert (base.start, base.end) == (datetime(2023, 2, 1), datetime(2023, 2, 28, 8, 30, 1))
    whole, before = spans_of(Month(2024, 2), datetime(2024, 3, 1))
    assert (whole.end, before.end) == (datetime(2024, 3, 1), datetime(2023, 3, 1))


# scope, safety, errors --------------------------------------------------------------------------


def test_a_station_gets_its_own_line_and_nobody_elses(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(town.client, APRIL)
    ranks = {line["unit"]["code"]: line["rank"] for group in whole["groups"] for line in group["lines"]}
    as_viewer(monkeypatch, station("S1"))
    said, book = told(town.client, APRIL), workbook(town.client, APRIL)
    lines = [line for group in said["groups"] for line in group["lines"]]
    assert [(line["unit"]["code"], line["rank"], line["of"]) for line in lines] == [("S1", ranks["S1"], 3)]
    assert {one["station"] for one in said["changes"]} == {"S1"}
    body = town.client.get(f"/download/assessment.csv?{APRIL}").text
    for text in ("S2", "S3"):
        assert not any(text in value for value in all_texts(book))
        assert text not in body
        assert f'"{text}"' not in town.client.get(f"/api/v1/assessment?{APRIL}").text
        assert town.client.get(f"/api/v1/assessment/{text}?{APRIL}").status_code == 404
        assert town.client.get(f"/api/v1/assessment/{text}/what-if?{APRIL}&try.slots=1").status_code == 404
    harm = list(read.rows(read.sheet_of(book, "四项指数")))
    assert [row["单位"] for row in harm] == ["S1", "合计"]
    assert [one["unit"]["code"] for one in told(town.client, APRIL, "/year")["lines"]] == ["S1"]
    assert town.client.get(f"/api/v1/assessment/versus?{APRIL}&first=S1&second=S2").status_code == 404


def test_a_district_gets_its_stations(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    as_viewer(monkeypatch, district("D1"))
    *found, _ = read.rows(read.sheet_of(workbook(town.client, APRIL), "得分总表"))
    assert {row["派出所"] for row in found} == {"S1", "S2"}


def test_what_people_typed_is_never_run(town: Town) -> None:
    book = workbook(town.client, APRIL)
    assert ATTACK in all_texts(book)
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


NONSENSE = {
    "?month=2024-13": 400,
    "?month=%3Cscript%3E": 400,
    "?month=2024-04&version=9": 404,
    "?month=2024-04&version=x": 400,
    "?month=2031-01": 404,
    "?as_of=1989-01-01": 400,
    "/nobody?month=2024-04": 404,
    "/S1/what-if?month=2024-04&try.unknown=1": 404,
    "/S1/what-if?month=2024-04&try.slots=-1": 400,
    "/S1/what-if?month=2024-04&try.slots=nan": 400,
    "/S1/what-if?month=2024-04&try.slots=1e999": 400,
    "/versus?month=2024-04&first=S1": 400,
}


def test_nonsense_is_one_shape_of_error_and_a_sentence(town: Town) -> None:
    for path, status in NONSENSE.items():
        answer = town.client.get(f"/api/v1/assessment{path}")
        assert answer.status_code == status, path
        error = json.loads(answer.text)
        assert set(error) == {"error"} and set(error["error"]) == PROBLEM_FIELDS
        message = error["error"]["message"]
        assert message and "assessment." not in message and "Traceback" not in answer.text


def test_a_download_of_nonsense_is_a_page_that_says_so(town: Town) -> None:
    for kind in ("xlsx", "csv"):
        assert town.client.get(f"/download/assessment.{kind}?month=2024-13").status_code == 400
    assert town.client.get("/download/assessment.pdf").status_code == 404


def test_a_file_is_called_as_the_notice_and_never_kept_by_a_cache(town: Town) -> None:
    answer = town.client.get(f"/download/assessment.xlsx?{APRIL}")
    name = quote("交治融合月考核通报(2024年4月).xlsx")
    assert f"filename*=UTF-8''{name}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_every_address_of_the_manual_answers(town: Town) -> None:
    manual = (ROOT / "docs" / "assessment.md").read_text(encoding="utf-8")
    addresses = re.findall(r"^\| `(/(?:api|download)/[^`]+)` \|", manual, re.MULTILINE)
    assert len(addresses) == 9
    for address in addresses:
        asked = address.replace("<station>", "S1").replace("try.slots=90", "try.slots=30")
        month = "" if asked.endswith("/modes") else f"{'&' if '?' in asked else '?'}{APRIL}"
        answer = town.client.get(f"{asked}{month}")
        assert answer.status_code == 200, address


# freshness --------------------------------------------------------------------------------------


def test_what_is_written_is_told_by_the_next_answer(town: Town) -> None:
    def bonus() -> float:
        lines = [line for group in told(town.client, "month=2024-05")["groups"] for line in group["lines"]]
        return next(float(line["bonus"]) for line in lines if line["unit"]["code"] == "S2")

    assert bonus() == 0
    new = NewAdjustment("2024-05", "S2", 2.0, "award", "2024-30", "A")
    adjust(rows.desk(town.engine), town.engine, new, LATER, scope=command())
    town.client.application.extensions["board.watch"] = Watch(town.engine)  # it looks once a second
    assert bonus() == 2


def test_a_past_instant_shows_the_month_as_it_stood(town: Town) -> None:
    early = told(town.client, f"{APRIL}&as_of={rows.NOW.isoformat()}")
    assert early["lock"]["version"] == 1
    assert told(town.client, APRIL)["lock"]["version"] == 2
    before = told(town.client, f"{APRIL}&as_of=2024-05-01T00:00:00")
    assert (before["state"], before["lock"]) == ("open", None)


def test_a_year_in_json_is_the_year_of_the_services(town: Town) -> None:
    view = year_view(rows.desk(town.engine), command(), rows.MAY, LATER)
    said = told(town.client, "month=2024-05", "/year")
    assert said["months"] == list(view.months)
    for (unit, months), one in zip(view.lines, said["lines"], strict=True):
        assert unit.code == one["unit"]["code"]
        assert [row and row.total for row in months] == [row and row["total"] for row in one["months"]]
