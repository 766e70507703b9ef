"""The web layer through the test client: one application for the session, on the demo of each database."""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.integration.conftest import Demo
from tests.integration.conftest import use as _use
from tests.support.problems import PROBLEM_FIELDS
from web.context import EXTENSION


def station_of(client: FlaskClient) -> str:
    code: str = client.get("/api/v1/board").json["board"]["lines"][0]["unit"]["code"]
    return code


def test_an_unchanged_poll_is_empty_and_asks_the_database_nothing(client: FlaskClient) -> None:
    first = client.get("/api/poll")
    assert set(first.json) == {"v", "b", "t", "s", "a"}
    again = client.get("/api/poll", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    size = len(again.data) + sum(len(name) + len(value) + 4 for name, value in again.headers)
    assert size <= 400


def test_the_poll_changes_with_the_tick(client: FlaskClient, demo: Demo, application: object) -> None:

    server = application.server  # type: ignore[attr-defined]
    before = client.get("/api/poll").json["v"]
    server.extensions[EXTENSION] = dataclasses.replace(
        server.extensions[EXTENSION], now=lambda: demo.now + timedelta(minutes=1)
    )
    assert client.get("/api/poll").json["v"] != before


def test_json_and_board_agree(client: FlaskClient, demo: Demo) -> None:
    from domain.access import command
    from services.board import board

    answer = client.get("/api/v1/board").json["board"]
    own = board(demo.engine, demo.rules, command(), demo.now)
    assert [line["unit"]["code"] for line in answer["lines"]] == [line.unit.code for line in own.lines]
    for line, mine in zip(answer["lines"], own.lines, strict=True):
        assert line["overall"]["colour"] == mine.overall.colour.value
        assert [cell["colour"] for cell in line["cells"]] == [cell.colour.value for cell in mine.cells]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/stations/{code}",
        "/api/v1/stations/{code}/tasks/T1-06",
        "/api/v1/stations/{code}/tasks/T1-01?part=missed&size=5&page=1&sort=assigned_at",
        "/api/v1/tasks/T1-01",
        "/api/v1/themes/T3",
        "/api/v1/feeds",
        "/healthz",
        "/readyz",
    ],
)
def test_every_json_address_answers(client: FlaskClient, path: str) -> None:
    answer = client.get(path.format(code=station_of(client)))
    assert answer.status_code == 200
    assert answer.is_json


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/stations/000000000000", 404),
        ("/api/v1/stations/{code}/tasks/T9-99", 404),
        ("/api/v1/tasks/none", 404),
        ("/api/v1/themes/none", 404),
        ("/api/v1/board?as_of=yesterday", 400),
        ("/api/v1/board?as_of=2024-13-40", 400),
        ("/api/v1/board?as_of=0001-01-01", 400),
        ("/api/v1/board?as_of=2024-05-07T10:00%2B08:00", 400),
        ("/api/v1/stations/{code}/tasks/T1-06?page=one", 400),
        ("/api/v1/stations/{code}/tasks/T1-06?page=-1", 400),
        ("/api/v1/stations/{code}/tasks/T1-06?part=everything", 400),
        ("/api/v1/nothing", 404),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path.format(code=station_of(client)))
    assert answer.status_code == status
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == PROBLEM_FIELDS
    assert not answer.json["error"]["message"].startswith("error.")


def test_a_page_that_does_not_answer_its_own_address_is_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/download/board.exe")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Traceback" not in answer.text


def test_a_database_that_is_gone_is_said_and_nothing_is_blue(application: object, client: FlaskClient) -> None:
    from data_access.engine import open_engine

    server = application.server  # type: ignore[attr-defined]
    gone = open_engine("postgresql://nobody@127.0.0.1:1/none", read_only=True)
    _use(server, server.extensions[EXTENSION], engine=gone)
    assert client.get("/api/poll").status_code == 503
    answer = client.get("/api/v1/board")
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "database"
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_another_sites_page_cannot_post(client: FlaskClient) -> None:
    body = json.dumps({})
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/_dash-update-component", data=body, content_type="application/json", headers=headers)
        assert answer.status_code == 403


def test_an_oversized_body_is_refused(client: FlaskClient) -> None:
    answer = client.post("/_dash-update-component", data=b"x" * 3_000_000, content_type="application/json")
    assert answer.status_code == 413


def test_the_icon_alone_may_be_shown_by_the_page_of_a_waiting_wall_pc(client: FlaskClient) -> None:
    policies = {path: client.get(path).headers["Cross-Origin-Resource-Policy"] for path in ("/assets/favicon.ico", "/")}
    assert policies == {"/assets/favicon.ico": "cross-origin", "/": "same-origin"}


def test_the_page_carries_language_theme_and_a_strict_policy(client: FlaskClient) -> None:
    page = client.get("/")
    assert '<html lang="zh-CN" data-bs-theme="light">' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "http:" not in policy and "https:" not in policy
    client.set_cookie("lang", "en")
    client.set_cookie("theme", "dark")
    assert '<html lang="en" data-bs-theme="dark">' in client.get("/").text
    client.set_cookie("lang", 'xx"><script>')
    client.set_cookie("theme", 'xx"><script>')
    assert '<html lang="zh-CN" data-bs-theme="light">' in client.get("/").text


def test_language_of_the_error_follows_the_browser(client: FlaskClient) -> None:
    chinese = client.get("/api/v1/tasks/none").json["error"]["message"]
    client.set_cookie("lang", "en")
    english = client.get("/api/v1/tasks/none").json["error"]["message"]
    assert chinese != english
    assert english.isascii()


def test_downloads_open_and_carry_the_rows(client: FlaskClient) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    code = station_of(client)
    total = client.get(f"/api/v1/stations/{code}/tasks/T1-06").json["page"]["total"]
    text = client.get(f"/download/rows.csv?station={code}&task=T1-06")
    assert text.data.startswith(b"\xef\xbb\xbf")
    book = load_workbook(BytesIO(client.get(f"/download/rows.xlsx?station={code}&task=T1-06").data))
    assert book.active is not None
    assert book.active.max_row > total > 10
    assert client.get("/download/board.csv").status_code == 200
    assert load_workbook(BytesIO(client.get("/download/board.xlsx").data)).sheetnames
    assert client.get("/download/rows.csv").status_code == 400


def test_viewers_with_one_question_share_one_answer(client: FlaskClient, application: object) -> None:
    from sqlalchemy import event

    server = application.server  # type: ignore[attr-defined]
    statements: list[str] = []
    engine = server.extensions[EXTENSION].engine

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/api/v1/board")
        after_first = len(statements)
        for _ in range(5):
            client.get("/api/v1/board")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert after_first > 5
    assert len([s for s in statements[after_first:] if "data_version" not in s and not s.startswith("BEGIN")]) == 0


def test_a_cache_that_is_gone_makes_it_slower_not_blank(application: object, client: FlaskClient) -> None:
    from flask import Flask
    from flask_caching import Cache

    server = application.server  # type: ignore[attr-defined]
    gone = Cache(Flask("no cache"), config={"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": "redis://127.0.0.1:1/0"})
    server.extensions[EXTENSION] = dataclasses.replace(server.extensions[EXTENSION], cache=gone)
    server.extensions["cache"][gone] = gone.app.extensions["cache"][gone]
    assert client.get("/api/v1/board").status_code == 200


def test_an_answer_is_kept_in_redis_where_there_is_one(application: object, client: FlaskClient) -> None:
    from flask import Flask
    from flask_caching import Cache
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        redis = Redis.from_url("redis://127.0.0.1:6379/15")
        redis.ping()
    except RedisError as error:
        pytest.skip(f"no Redis on 127.0.0.1:6379: {error}")
    server = application.server  # type: ignore[attr-defined]
    prefix = f"board-test-{os.getpid()}:"
    settings = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": "redis://127.0.0.1:6379/15", "CACHE_KEY_PREFIX": prefix}
    shared = Cache(Flask("shared cache"), config=settings)
    server.extensions[EXTENSION] = dataclasses.replace(server.extensions[EXTENSION], cache=shared)
    server.extensions["cache"][shared] = shared.app.extensions["cache"][shared]
    assert client.get("/api/v1/board").data == client.get("/api/v1/board").data
    kept = list(redis.scan_iter(f"{prefix}*"))
    assert kept
    redis.delete(*kept)
