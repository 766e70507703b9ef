"""The map pages and their JSON through the test client: same numbers, kept answers, sentences for nonsense."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.integration.conftest import Demo, use
from web import map_answers
from web.context import EXTENSION


def called(client: FlaskClient, query: dict[str, str], outputs: str, inputs: list[str]) -> Any:
    """One of the map page's callbacks, as the browser calls it."""
    ids = ["version.data", "map-ask.data", "map-query.data"]
    values = [None, {}, query]
    body = {
        "output": outputs,
        "outputs": [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in inputs],
        "inputs": [
            {"id": key.split(".")[0], "property": "data", "value": value}
            for key, value in zip(ids, values, strict=True)
        ],
        "changedPropIds": ["map-query.data"],
    }
    return client.post("/_dash-update-component", json=body)


PARTS = ["map-screen.tree", "map-screen.echo", "map-canvas.payload", "map-side.tree", "map-below.tree"]


def page(client: FlaskClient, **query: str) -> dict[str, Any]:
    answer = called(client, query, f"..{'...'.join(PARTS)}..", PARTS)
    assert answer.status_code == 200, answer.data[:300]
    found: dict[str, Any] = answer.json["response"]
    return found


def test_page_json_table_and_rows_say_the_same(client: FlaskClient) -> None:
    told = client.get("/api/v1/map?preset=7d&class=accident").json
    rows = client.get("/api/v1/map/incidents?preset=7d&class=accident").json
    assert told["now"]["total"] == rows["total"] > 0
    assert sum(told["now"]["by_class"].values()) == told["now"]["total"]
    shown = page(client, preset="7d", **{"class": "accident"})
    payload = shown["map-canvas"]["payload"]
    assert sum(payload["levels"][-1]["now"]) == told["now"]["placed"] == sum(told["hexagons"][-1]["now"])
    assert f"{told['now']['total']:,}" in json.dumps(shown["map-screen"]["tree"], ensure_ascii=False)


def test_the_downloads_hold_what_is_on_screen(client: FlaskClient) -> None:
    total = client.get("/api/v1/map?preset=7d&class=accident").json["now"]["total"]
    text = client.get("/download/incidents.csv?preset=7d&class=accident").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    numbered = [line for line in lines if line and line[0].startswith("990109")]
    assert len(numbered) == total
    book = openpyxl.load_workbook(io.BytesIO(client.get("/download/map.xlsx?preset=7d").data))
    assert len(book.sheetnames) >= 4
    assert client.get("/download/incidents.pdf").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["hours=24", "preset=forever", "from=yesterday", "base=never", "layer=globe", "near=1,2", "cell=zz", "ring=a,b",
     "hex=1,2,99", "valid=perhaps", "station=%3Cscript%3E", "from=2024-05-02&to=2024-05-01", "unit=planet"],
)  # fmt: skip
def test_nonsense_is_a_sentence_in_json_and_on_the_page(client: FlaskClient, query: str) -> None:
    for path in ("/api/v1/map", "/api/v1/map/incidents", "/api/v1/map/hotspots"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert answer.json["error"]["message"]
        assert "Traceback" not in answer.text
    wanted = dict(part.split("=") for part in query.replace("%3C", "<").replace("%3E", ">").split("&"))
    shown = page(client, **wanted)
    assert "notice" in json.dumps(shown["map-screen"]["tree"])
    assert "map-canvas" not in shown, "the last good map stays"


def test_a_page_number_and_a_box_that_are_none_are_refused(client: FlaskClient) -> None:
    assert client.get("/api/v1/map/incidents?page=x").status_code == 400
    for box in ("", "1,2,3", "a,b,c,d", "1,2,3,nan"):
        assert client.get(f"/api/v1/map/points?bbox={box}").status_code == 400


def test_points_and_shapes(client: FlaskClient) -> None:
    told = client.get("/api/v1/map?preset=7d").json["now"]
    found = client.get("/api/v1/map/points?preset=7d&bbox=-180,-89,180,89").json
    assert found["total"] == told["placed"] == len(found["points"])
    assert len(found["points"][0]) == 5
    assert {point[3] for point in found["points"]} == {"事故", "秩序", "其他"}
    assert {point[4] for point in found["points"]} <= {"", "财产损失", "轻伤", "重伤", "亡人"}
    shapes = client.get("/api/v1/map/shapes?kind=station")
    assert len(shapes.json["shapes"]) == 23
    assert (
        client.get("/api/v1/map/shapes?kind=station", headers={"If-None-Match": shapes.headers["ETag"]}).status_code
        == 304
    )
    assert {one["code"] for one in client.get("/api/v1/map/shapes?kind=background").json["shapes"]} >= {"road", "water"}
    assert client.get("/api/v1/map/shapes?kind=secrets").status_code == 400


def test_a_hexagon_named_by_its_centre_is_the_same_hexagon(client: FlaskClient) -> None:
    told = client.get("/api/v1/map?preset=30d").json["hexagons"][-1]
    best = max(range(len(told["now"])), key=lambda n: told["now"][n])
    place = f"{told['lng'][best]},{told['lat'][best]},{told['resolution']}"
    by_centre = client.get(f"/api/v1/map/incidents?preset=30d&hex={place}").json["total"]
    by_name = client.get(f"/api/v1/map/incidents?preset=30d&cell={told['cells'][best]}").json["total"]
    assert by_centre == by_name == told["now"][best]


def test_rows_of_the_second_period_are_of_the_second_period(client: FlaskClient) -> None:
    base = client.get("/api/v1/map?preset=7d&base=prev").json["base"]
    rows = client.get("/api/v1/map/incidents?preset=7d&base=prev&of=base").json
    assert rows["total"] == base["total"] > 0
    when = rows["columns"].index("occurred_at")
    assert base["span"]["start"] <= rows["rows"][-1][when] <= rows["rows"][0][when] < base["span"]["end"]


def test_an_answer_is_kept_until_data_or_question_change(
    client: FlaskClient, application: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    real = map_answers.heat_view
    monkeypatch.setattr(map_answers, "heat_view", lambda *given: made.append(1) or real(*given))
    for query in ("preset=7d", "preset=7d", "preset=7d&valid=", "preset=90d"):
        assert client.get(f"/api/v1/map?{query}").status_code == 200
    assert len(made) == 2


def test_a_long_read_says_how_far_it_is_and_asks_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_answers, "share_ready", lambda query: 0.25)
    shown = page(client, preset="365d")
    assert shown["map-screen"]["echo"]["again"] is True
    assert "25" in json.dumps(shown["map-screen"]["tree"])
    assert "map-canvas" not in shown


def test_a_past_day_is_a_whole_day(client: FlaskClient) -> None:
    told = client.get("/api/v1/map?preset=7d&as_of=2024-05-01").json
    assert told["asked"]["span"]["end"] == "2024-05-02T00:00:00"
    assert told["when"]["curve"]["today"].count(None) == 0


def test_a_database_that_is_gone_is_said(client: FlaskClient, application: object, demo: Demo) -> None:
    from sqlalchemy import create_engine

    server = application.server  # type: ignore[attr-defined]
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 1})
    here = server.extensions[EXTENSION]
    server.extensions[EXTENSION] = dataclasses.replace(here, engine=gone)
    answer = client.get("/api/v1/map?preset=7d")
    assert answer.status_code == 503
    assert answer.json["error"]["message"]
    use(server, here)
