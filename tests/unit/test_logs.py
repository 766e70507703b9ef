"""Nothing personal gets into the log: fed through addresses, bodies, headers and errors, in both forms."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import text

from data_access.engine import open_engine
from domain.errors import BadRequest
from web import problems
from web.logs import configure, formatter, kind_of, scrubbed
from web.metrics import Metrics
from web.watching import HEADER, watch

PERSONAL = {
    "plate": "\u6d59A12345",
    "green plate": "\u4eacAD12345",
    "phone": "13812345678",
    "spaced phone": "138 1234 5678",
    "fixed line": "0571-87654321",
    "citizen": "33010219900307451X",
    "name": "\u6b27\u9633\u6d4b\u8bd5",
    "Latin name": "Maximilian Testperson",
    "mail": "someone@example.org",
}
WHERE = "daily_clear_board.test"


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(form: str) -> Iterator[io.StringIO]:
    """What the root logger writes in this form."""
    root, into = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(into)
    handler.setFormatter(formatter("INFO", form))
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield into
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def server() -> Flask:
    """A small application with our watching and our errors."""
    made = Flask("logged")
    watch(made, Metrics())
    problems.install(made)

    @made.route("/rows/<key>", methods=["GET", "POST"])
    def rows(key: str) -> str:
        return key

    @made.route("/fail/<key>", methods=["GET", "POST"])
    def fail(key: str) -> str:
        try:
            raise ValueError(f"{key} {request.args} {request.get_data(as_text=True)}")
        except ValueError as error:
            raise RuntimeError(f"cannot use {key}") from error

    @made.route("/refuse/<key>")
    def refuse(key: str) -> str:
        raise BadRequest("error.bad_as_of", value=key)

    @made.route("/database/<key>")
    def database(key: str) -> str:
        engine = open_engine("sqlite://")
        with engine.connect() as connection:
            connection.execute(text(f'SELECT :key FROM "{key}"'), {"key": key})
        return key

    @made.route("/warn/<key>")
    def warn(key: str) -> str:
        logging.getLogger(WHERE).warning("the row is wrong: %s", KeyError(key))
        logging.getLogger(WHERE).error(ValueError(key))
        abort(403)

    made.add_url_rule("/healthz", view_func=lambda: "ok")
    made.add_url_rule("/api/poll", "poll", view_func=lambda: "ok")
    return made


def browser(server: Flask) -> FlaskClient:
    """A client that has chosen language and theme."""
    client = server.test_client()
    client.set_cookie("lang", "en")
    client.set_cookie("theme", "light")
    return client


@pytest.mark.parametrize("value", PERSONAL.values(), ids=PERSONAL)
def test_nothing_personal_is_written(server: Flask, written: io.StringIO, value: str) -> None:
    """Tried: path, query, body, three headers, unknown addresses, methods, errors of Python, the database and ours."""
    client = browser(server)
    headers = {HEADER: value.encode().hex(), "User-Agent": "x", "Referer": "http://h/?q=x"}
    for page in ("rows", "fail", "refuse", "database", "warn", "nowhere"):
        client.get(f"/{page}/{value}", query_string={"q": value, value: "1"}, headers=headers)
    client.post(f"/rows/{value}", data=value.encode(), headers={HEADER: "13812345678"})
    client.post(f"/fail/{value}", json={"name": value, "list": [value]})
    client.open(f"/rows/{value}", method="BREW")
    told = written.getvalue()
    readable = (
        told + json.dumps(told) + "".join(json.dumps(json.loads(line), ensure_ascii=False) for line in _jsons(told))
    )
    assert value not in readable
    assert value.split()[-1] not in readable
    assert value.encode().hex() not in readable
    assert "13812345678" not in readable
    assert "/fail/<key>" in told
    assert "ValueError" in told, "the kind of an error is worth knowing"
    assert "test_logs.py" in told, "and so is its place"
    assert told.count("OperationalError") >= 1


def _jsons(told: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith("{")]


def test_a_json_record_is_one_line_with_the_request(server: Flask, written: io.StringIO, form: str) -> None:
    number = "0123456789abcdef0123456789abcdef"
    server.test_client().get("/rows/abc?q=1", headers={HEADER: number})
    (line,) = [one for one in written.getvalue().splitlines() if "/rows/" in one]
    if form == "text":
        assert line.endswith(f"[{number}]")
        assert " GET /rows/<key> 200 " in line
        return
    found = json.loads(line)
    assert (found["method"], found["route"], found["status"]) == ("GET", "/rows/<key>", 200)
    assert (found["request_id"], found["level"], found["size"]) == (number, "INFO", 3)
    assert found["ms"] >= 0
    assert datetime.fromisoformat(found["at"]).tzinfo is not None


def test_polls_and_static_files_are_told_only_when_they_fail(server: Flask, written: io.StringIO) -> None:
    client = browser(server)
    client.get("/assets/none.css")
    assert "404" in written.getvalue()
    before = written.getvalue()
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/poll").status_code == 200
    assert written.getvalue() == before


def test_debug_shows_what_errors_say() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "bad: %s", (ValueError("secret words"),), None)
    assert "secret words" in formatter("DEBUG", "text").format(record)
    assert "secret words" not in formatter("INFO", "text").format(record)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("froze 2024-05-06, 1234 rows in 13 s", True),
        ("structure 0004 of 990109010000", True),
        ("call 13812345678 now", False),
        ("+86 138-1234-5678", False),
        ("\u6d59A\u00b712345 left", False),
        ("GET /x?name=abc", False),
    ],
)
def test_only_what_looks_personal_is_hidden(given: str, kept: bool) -> None:
    assert (scrubbed(given) == given) is kept


def test_the_kind_of_an_error_has_its_code_and_no_words() -> None:
    engine = open_engine("sqlite://")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT nothing")
    except Exception as error:
        assert kind_of(error) == "OperationalError (SQLITE_ERROR)"
    assert kind_of(BadRequest("error.bad_as_of", value="x")) == "BadRequest (error.bad_as_of)"
    assert kind_of(KeyError("words here")) == "KeyError"
    assert kind_of(sqlite3.IntegrityError("UNIQUE constraint failed: a.b")) == "IntegrityError"


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure("INFO", "json")
        configure("INFO", "json")
        logging.getLogger(WHERE).info("once")
        assert capsys.readouterr().err.count("once") == 1
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_broken_message_is_written_all_the_same() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%d rows", ("many",), None)
    assert "%d rows" in formatter("INFO", "json").format(record)
