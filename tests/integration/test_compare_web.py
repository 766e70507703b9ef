"""The comparison page, its JSON and its files through the test client: one answer, whichever way it is asked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from catalogue.compare_loader import load_compare_rules
from components import ids
from data_access.tables import incident
from domain.compare_asked import compare_asked
from domain.compare_views import UNITS
from domain.incident_filter import parse
from i18n import ONE_SPACE, translator
from tests.integration.conftest import Demo
from web import compare_answers, compare_downloads

T = translator("zh", strict=True)
RULES = load_compare_rules()
APRIL = "from=2024-04-08&to=2024-04-28&base=free&base_from=2024-03-18&base_to=2024-04-07"
"""Three weeks against the three before them; the demo's data hold both."""
FIRST = 6


def tree(client: FlaskClient, query: str, page: str = "compare") -> Any:
    """What the page's callback draws."""
    screen = ids.screen(page)
    inputs = {
        ids.VERSION: None,
        ids.ask(page): {},
        ids.query(page): dict(p.split("=") for p in query.split("&")),
    }
    body = {
        "output": f"..{screen}.tree...{screen}.echo..",
        "outputs": [{"id": screen, "property": name} for name in ("tree", "echo")],
        "inputs": [{"id": name, "property": "data", "value": value} for name, value in inputs.items()],
        "changedPropIds": [f"{ids.query(page)}.data"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.data[:300]
    return answer.json["response"][screen]["tree"]


def nodes(node: Any, tag: str) -> Iterator[list[Any]]:
    """The elements of a tree with a tag and its classes, such as `td.num.first`."""
    if isinstance(node, list):
        if node and isinstance(node[0], str) and node[0] == tag:
            yield node
        for child in node:
            yield from nodes(child, tag)


def text(node: Any) -> str:
    """All words of a tree."""
    if isinstance(node, str):
        return node
    return "".join(text(child) for child in node[1:]) if isinstance(node, list) else ""


def workbook(client: FlaskClient, query: str) -> openpyxl.Workbook:
    answer = client.get(f"/download/compare.xlsx?{query}")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def lines(client: FlaskClient, query: str) -> list[list[str]]:
    answer = client.get(f"/download/compare.csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("unit", UNITS)
def test_page_json_workbook_and_text_table_say_the_same(client: FlaskClient, unit: str) -> None:
    query = f"{APRIL}&unit={unit}"
    told, drawn, book = client.get(f"/api/v1/compare?{query}").json, tree(client, query), workbook(client, query)
    table, figures = told["table"], len(told["table"]["figures"])
    assert table["unit"] == unit and table["rows"]
    (foot,), csv_lines = nodes(drawn, "tfoot"), lines(client, query)
    rows = [[cell.value for cell in row] for row in book[T(f"compare.unit.{unit}")].iter_rows(min_row=FIRST)]
    assert len(rows) == len(table["rows"]) + 1
    named = 3 if unit == "kind" else 2
    wide = (len(rows[0]) - named - 1) // figures
    for row, values, line in zip([*table["rows"], table["total"]], rows, csv_lines[1:], strict=False):
        for number, cell in enumerate(row["cells"]):
            at = named + 1 + number * wide
            assert values[at : at + 2] == [cell["now"], cell["base"]]
            assert line[at : at + 2] == [str(cell["now"]), str(cell["base"])]
            if cell["percent"] is not None:
                assert values[at + 2] == pytest.approx(cell["percent"] / 100, abs=0.5001e-4)
                assert line[at + 2] == f"{values[at + 2] * 100:.2f}".replace("-0.00", "0.00")
    for number, cell in enumerate(table["total"]["cells"]):
        for shown in (T.number(cell["now"]), T.number(cell["base"]), T.change(cell["percent"])):
            assert cell["percent"] is None or shown in text(foot), (number, shown)


def test_the_counters_of_page_json_and_workbook_are_the_same(client: FlaskClient) -> None:
    told, drawn = client.get(f"/api/v1/compare?{APRIL}").json, tree(client, APRIL)
    rows = {row[0].value: row for row in workbook(client, APRIL).worksheets[0].iter_rows(min_row=FIRST)}
    shown = json.dumps(drawn, ensure_ascii=False).replace(ONE_SPACE, " ")
    assert [line["code"] for line in told["figures"]] == [one.code for one in RULES.figures if one.headline]
    for line in told["figures"]:
        row = rows[line["names"]["zh"]]
        assert line["names"]["zh"] in shown
        if line["absent"]:
            assert row[2].value == "—"
            continue
        assert [row[2].value, row[3].value] == [line["now"], line["base"]]
        assert T.number(line["now"]) in shown
        if line["change"]["percent"]:
            assert T.number(abs(line["change"]["percent"]), 2) in shown


def test_the_counts_are_those_of_the_rows(client: FlaskClient, demo: Demo) -> None:
    told = client.get(f"/api/v1/compare?{APRIL}").json
    for at, (first, after) in enumerate((("2024-04-08", "2024-04-29"), ("2024-03-18", "2024-04-08"))):
        found = _by_station(demo, first, after)
        name = ("now", "base")[at]
        assert told["figures"][0][name] == sum(found.values()) > 0
        assert {row["code"]: row["cells"][0][name] for row in told["table"]["rows"]} == found
        assert told["asked"][("span", "base")[at]] == {"start": f"{first}T00:00:00", "end": f"{after}T00:00:00"}


def _by_station(demo: Demo, first: str, after: str) -> dict[str, int]:
    at, station = incident.c.occurred_at, incident.c.station_code
    wanted = at >= datetime.fromisoformat(first), at < datetime.fromisoformat(after), incident.c.is_valid == 1
    with demo.engine.connect() as connection:
        rows = connection.execute(select(station, func.count()).where(*wanted).group_by(station))
        return {str(code or ""): int(number) for code, number in rows}


def test_the_sheets_of_all_units_have_the_counters_sum(client: FlaskClient) -> None:
    told, book = client.get(f"/api/v1/compare?{APRIL}").json, workbook(client, APRIL)
    for unit in UNITS:
        *_, last = book[T(f"compare.unit.{unit}")].iter_rows(values_only=True)
        at = 4 if unit == "kind" else 3
        assert last[1] == "合计"
        assert last[at : at + 2] == (told["figures"][0]["now"], told["figures"][0]["base"])


def test_the_address_in_the_answer_asks_for_the_same_again(client: FlaskClient) -> None:
    told = client.get(f"/api/v1/compare?{APRIL}&unit=region&region=urban,rural&hours=whole").json
    again = client.get("/api/v1/compare", query_string=told["asked"]["address"]).json
    assert again == told
    assert told["asked"]["filter"]["region"] == ["rural", "urban"]
    assert {row["code"] for row in told["table"]["rows"]} == {"urban", "rural"}


def test_a_base_that_begins_before_the_data_is_told_from_a_change(client: FlaskClient) -> None:
    told = client.get("/api/v1/compare?preset=7d").json
    assert told["days"]["base"]["short"]
    assert {line["change"]["verdict"] for line in told["figures"]} == {"unknown"}
    assert told["found"] == []
    cells = [cell for row in told["table"]["rows"] for cell in row["cells"]]
    assert {cell["base"] for cell in cells} == {None}, "nothing is known of it, which is not 0"
    assert {row["word"] for row in told["table"]["rows"]} == {""}
    head, *rows = lines(client, "preset=7d")
    judged = [at for at, name in enumerate(head) if name.endswith("判断")]
    assert {row[at] for row in rows[: len(told["table"]["rows"])] for at in judged} == {"无法比较"}


def test_what_the_figures_count_is_said_as_parameters_of_the_rows(client: FlaskClient) -> None:
    told = client.get("/api/v1/compare/figures").json
    assert [one["code"] for one in told["figures"]] == [one.code for one in RULES.figures]
    for given, own in zip(told["figures"], RULES.figures, strict=True):
        assert parse(given["filter"]) == own.filter
        assert (given["names"], given["sum"], given["unit"], given["good"]) == (own.names, own.sum, own.unit, own.good)
    assert [(one["code"], one["part"], one["whole"]) for one in told["shares"]] == [
        (one.code, one.part, one.whole) for one in RULES.shares
    ]
    april = client.get(f"/api/v1/compare?{APRIL}").json
    for line, one in zip(april["figures"], told["figures"], strict=False):
        if one["sum"] == "incidents" and not line["absent"]:
            query = {**one["filter"], "from": "2024-04-08", "to": "2024-04-28", "base": "none"}
            assert client.get("/api/v1/map/incidents", query_string=query).json["total"] == line["now"]


def test_an_answer_that_the_client_still_has_is_not_sent_again(client: FlaskClient) -> None:
    for path in (f"/api/v1/compare?{APRIL}", "/api/v1/compare/figures"):
        for accepted in ("identity", "br"):
            first = client.get(path, headers={"Accept-Encoding": accepted})
            etag = first.headers["ETag"]
            assert first.headers["Cache-Control"] == "private, no-cache"
            again = client.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": etag})
            assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/api/v1/compare?{APRIL}&unit=kind", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "query",
    ["preset=forever", "base=never", "unit=planet", "figure=ufo", "sort=%3Cb%3E", "region=moon", "mode=none", "hours=3",
     "from=yesterday", "from=2024-05-02&to=2024-05-01", "preset=7d&at=2024-05-01", "station=%3Cscript%3E", "step=year",
     "who=me", "limits=none", "class=all", "as_of=noon"],
)  # fmt: skip
def test_nonsense_is_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/compare?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] and answer.json["error"]["message"]
    for form in ("csv", "xlsx"):
        page = client.get(f"/download/compare.{form}?{query}")
        assert (page.status_code, page.mimetype) == (400, "text/html")
        assert "Traceback" not in page.text


@pytest.mark.parametrize(
    "where", ["station=990109999999", "district=NOWHERE", "region=urban&mode=basic&station=nobody"]
)
@pytest.mark.parametrize("tab", ["", "/clocks", "/trend", "/fair"])
def test_units_that_nobody_has_are_unknown_and_not_zero(client: FlaskClient, where: str, tab: str) -> None:
    answer = client.get(f"/api/v1/compare{tab}?{APRIL}&{where}")
    assert (answer.status_code, bool(answer.json["error"]["message"])) == (404, True)
    assert client.get(f"/download/compare{tab.replace('/', '-')}.csv?{APRIL}&{where}").status_code == 404


def test_files_are_named_and_typed(client: FlaskClient) -> None:
    for form, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")):
        answer = client.get(f"/download/compare.{form}?{APRIL}")
        assert answer.mimetype.startswith(kind)
        assert f"202405071503.{form}" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/download/compare.pdf").status_code == 404
    assert client.get("/api/v1/compare/secrets").status_code == 404


def test_files_follow_the_readers_language(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")
    assert workbook(client, APRIL).sheetnames[0] == "Overview"
    assert lines(client, APRIL)[0][1] == "Stations"


def test_an_answer_is_kept_until_data_or_question_change(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(name: str, real: Any) -> Any:
        return lambda *given: made.append(name) or real(*given)

    monkeypatch.setattr(compare_answers, "compare_view", counted("view", compare_answers.compare_view))
    monkeypatch.setattr(compare_downloads, "compare_book", counted("book", compare_downloads.compare_book))
    for path in ("/api/v1/compare", "/download/compare.csv", "/download/compare.xlsx", "/download/compare.xlsx"):
        assert client.get(f"{path}?{APRIL}").status_code == 200
    assert made == ["view", "book"]
    client.get(f"/api/v1/compare?{APRIL}&unit=kind")
    assert made == ["view", "book", "view"]


def test_the_periods_are_those_that_the_address_means(client: FlaskClient, demo: Demo) -> None:
    for query in ("preset=week&base=weekday", "preset=jan_feb&base=lunar", "preset=month&at=2024-04-15", "hours=whole"):
        told = client.get(f"/api/v1/compare?{query}").json["asked"]
        wanted = compare_asked(
            dict(p.split("=") for p in query.split("&")), demo.now, RULES, compare_answers.spring_festival
        )
        for name, span in (
            ("span", wanted.periods.span),
            ("base", wanted.periods.base),
            ("previous", wanted.periods.previous),
        ):
            assert told[name] == {"start": span.start.isoformat(), "end": span.end.isoformat()}
        assert told["base_used"] == wanted.periods.base_used


# clocks, trend, fair comparison ----------------------------------------------------------------

TABS = ("clocks", "trend", "fair")
WEEKLY = f"{APRIL}&figure=accident&step=week"


def file_of(client: FlaskClient, tab: str, query: str) -> openpyxl.Workbook:
    answer = client.get(f"/download/compare-{tab}.xlsx?{query}")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def body(book: openpyxl.Workbook, name: str) -> list[tuple[Any, ...]]:
    return list(book[name].iter_rows(min_row=FIRST, values_only=True))


def test_the_clocks_of_json_and_workbook_are_the_same(client: FlaskClient) -> None:
    told, book = client.get(f"/api/v1/compare/clocks?{APRIL}").json, file_of(client, "clocks", APRIL)
    assert (told["who"], told["limits"], told["asked"]["address"]["base"]) == ("station", "uniform", "free")
    assert [one["code"] for one in told["clocks"]] == ["sign", "set_out", "arrive", "feedback", "close"]
    for clock, row in zip(told["clocks"], body(book, "时效"), strict=True):
        assert row[0] == clock["names"]["zh"]
        now = clock["now"]
        assert now["done"] + now["waiting"] + now["overdue"] + now["unusable"] > 100
        if clock["limit"]:
            assert row[3:5] == (now["hit"], now["due"])
            assert row[2] == pytest.approx(now["percent"] / 100, abs=0.5001e-3)
            assert row[8] == pytest.approx(clock["change"]["points"], abs=0.5001e-2)
        assert row[-3:] == (now["waiting"], now["overdue"], now["unusable"])
        bands = [(name, count) for name, _, count, _ in body(book, "时段分布") if name == clock["names"]["zh"]]
        assert [count for _, count in bands] == now["bands"] and sum(now["bands"]) == now["done"]
        for table in ("stations", "hours", "classes"):
            assert sum(line["now"]["due"] for line in clock[table]) == now["due"]
            assert len(body(book, T(f"clocks.table.{table}"))) == len(clock[table]) + 1
    codes = [row[0] for row in body(book, "分派出所")[:-1]]
    assert codes == [line["key"] for line in told["clocks"][0]["stations"]]


def test_the_trend_of_json_and_workbook_is_the_same(client: FlaskClient) -> None:
    told, book = client.get(f"/api/v1/compare/trend?{WEEKLY}").json, file_of(client, "trend", WEEKLY)
    assert (told["figure"]["code"], told["step"]) == ("accident", "week")
    rows = body(book, "逐周控制图")
    assert [(row[0], row[2]) for row in rows] == [(point["first"], point["count"]) for point in told["points"]] != []
    for row, point in zip(rows, told["points"], strict=True):
        assert row[3] == pytest.approx(point["daily"], abs=0.05001)
        assert row[4:7] == pytest.approx([told["chart"][name] for name in ("mean", "low", "high")], abs=0.05001)
    years = body(book, "逐月起数")
    assert [row[0] for row in years] == [str(year["year"]) for year in told["years"]]
    for row, year in zip(years, told["years"], strict=True):
        assert list(row[1:13]) == ["—" if count is None else count for count in year["months"]]
        assert row[14] == ("—" if year["to_date"] is None else year["to_date"])
    assert len(body(book, "信号")) == len(told["chart"]["signals"])
    assert set(told["falling"]) == {"weeks", "months", "years"}
    assert len(told["months"]["bands"]) == 12 and set(told["months"]["bands"][0]) == {"low", "high", "mean", "years"}


def test_fair_comparison_of_json_and_workbook_is_the_same(client: FlaskClient) -> None:
    told, book = client.get(f"/api/v1/compare/fair?{WEEKLY}").json, file_of(client, "fair", WEEKLY)
    rows = body(book, "派出所")
    assert [row[0] for row in rows] == [line["unit"]["code"] for line in told["lines"]] != []
    for row, line in zip(rows, told["lines"], strict=True):
        point = line["point"]
        assert (row[3], list(row[11:13])) == (point["count"], line["ranks"])
        names = ("exposure", "rate", "low95", "high95", "low998", "high998", "shrunk")
        assert row[4:11] == pytest.approx([point[name] for name in names], abs=0.005001)
        assert row[2] == T(f"fair.zone.{point['zone']}")
    assert sum(told["zones"].values()) == len(rows)
    edges = [one["residents_10k"] for one in told["curves"]]
    assert edges == sorted(edges) and {*told["curves"][0]} == {
        "residents_10k", "low998", "low95", "high95", "high998"
    }  # fmt: skip
    overview = client.get(f"/api/v1/compare?{APRIL}").json
    assert sum(line["point"]["count"] for line in told["lines"]) <= overview["figures"][1]["now"]


@pytest.mark.parametrize("tab", TABS)
def test_what_the_pages_draw_is_what_json_tells(client: FlaskClient, tab: str) -> None:
    told = client.get(f"/api/v1/compare/{tab}?{WEEKLY}").json
    said = json.dumps(tree(client, WEEKLY, f"compare-{tab}"), ensure_ascii=False).replace(ONE_SPACE, " ")
    numbers = {
        "clocks": lambda: [f"{one['now']['hit']:,} / {one['now']['due']:,}" for one in told["clocks"] if one["limit"]],
        "trend": lambda: [f"{point['count']:,}" for point in told["points"]],
        "fair": lambda: [T.number(line["point"]["shrunk"], 2) for line in told["lines"]],
    }[tab]()
    assert numbers and [one for one in numbers if one not in said] == []
    for form in ("xlsx", "csv"):
        assert f"/download/compare-{tab}.{form}?" in said


@pytest.mark.parametrize("tab", TABS)
def test_the_files_of_a_page_are_named_typed_and_in_the_readers_language(client: FlaskClient, tab: str) -> None:
    for form, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")):
        answer = client.get(f"/download/compare-{tab}.{form}?{APRIL}")
        assert answer.mimetype.startswith(kind)
        name = quote(f"{T('compare.title')}-{T(f'compare.tab.{tab}')}-202405071503.{form}")
        assert name in answer.headers["Content-Disposition"]
    assert client.get(f"/download/compare-{tab}.pdf").status_code == 404
    client.set_cookie("lang", "en")
    assert file_of(client, tab, APRIL).sheetnames[-1] == "Definitions"


@pytest.mark.parametrize("tab", TABS)
def test_another_pages_nonsense_is_a_sentence_too(client: FlaskClient, tab: str) -> None:
    for query in ("figure=ufo", "who=me", "preset=forever", "station=%3Cscript%3E"):
        answer = client.get(f"/api/v1/compare/{tab}?{query}")
        assert (answer.status_code, bool(answer.json["error"]["message"])) == (400, True)
        assert client.get(f"/download/compare-{tab}.csv?{query}").status_code == 400


@pytest.mark.parametrize("tab", TABS)
def test_an_answer_of_a_page_is_kept_by_its_etag(client: FlaskClient, tab: str) -> None:
    first = client.get(f"/api/v1/compare/{tab}?{APRIL}")
    again = client.get(f"/api/v1/compare/{tab}?{APRIL}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/api/v1/compare/{tab}?{APRIL}&region=urban", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
