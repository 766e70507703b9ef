"""Tokens over HTTP: what is refused and how it is told, what a token opens, what it leaves nowhere."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from data_access.displays import add_display, revoke_display
from data_access.tables import display_token, station
from domain.access import Role
from domain.display import Display
from domain.errors import DataUnavailable, NotFound
from i18n import translator
from tests import factories as make
from tests.integration.conftest import Demo, use
from tests.support.problems import PROBLEM_FIELDS
from web.context import EXTENSION
from web.displays import EXTENSION as REGISTER
from web.displays import THREAD, Register, current_display, current_display_scope

AT = datetime(2024, 5, 7, 13)
CLOSED = ("/api/wall/picture", "/api/wall/ground?d=x", "/api/wall/seen")


@dataclass
class Site:
    """The application on a database of the test's own, with clocks that the test moves."""

    server: Any
    engine: Engine
    seconds: float = 0.0
    works: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.original = self.server.extensions[EXTENSION]
        use(self.server, self.original, engine=self.engine, writer=self.engine, now=self.now)
        self.server.extensions[REGISTER] = Register(
            self.engine, self.engine, self.now, clock=lambda: self.seconds, start=self.works.append
        )

    def now(self) -> datetime:
        return AT + timedelta(seconds=int(self.seconds))

    def needs_tokens(self) -> None:
        here = self.server.extensions[EXTENSION]
        self.server.extensions[EXTENSION] = replace(here, open_access=False)

    def get(self, path: str, token: str | None = None, **headers: str) -> TestResponse:
        given = {**headers, **({} if token is None else {"Authorization": f"Bearer {token}"})}
        client: FlaskClient = self.server.test_client()
        return client.get(path, headers=given)

    def display(self, token: str | None = None, path: str = "/api/wall/picture") -> Display:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        with self.server.test_request_context(path, headers=headers):
            return current_display()


@pytest.fixture
def site(application: Any, engine: Engine) -> Iterator[Site]:
    found = Site(application.server, engine)
    yield found
    use(application.server, found.original)
    application.server.extensions.pop(REGISTER)


def add(site: Site, **about: Any) -> str:
    return add_display(site.engine, Display(**{"name": "hall", **about}), actor="a", at=AT)


# who gets in ------------------------------------------------------------------------------------


def test_in_open_access_the_address_of_a_preview_describes_the_display(site: Site) -> None:
    shown = site.display(path="/api/wall/picture?playlist=hall&station=S1&districts=D2,D1&distance=9&height=1&lang=en")
    assert shown == Display("", "hall", ("D1", "D2"), "S1", 9.0, 1.0, "en")
    assert site.get("/api/wall/seen").json == {"seconds": None, "poll": 5}


def test_a_display_gets_what_its_token_says_whatever_its_address_says(site: Site) -> None:
    make.make_station(site.engine, "S1", district_code="D1")
    token = add(site, districts=("D1",), distance=12.0)
    shown = site.display(token, "/api/wall/picture?districts=D2&station=S9&distance=1&lang=en")
    assert shown == Display("hall", districts=("D1",), distance=12.0)
    with site.server.test_request_context("/api/wall/picture", headers={"Authorization": f"Bearer {token}"}):
        scope = current_display_scope()
    assert (scope.role, scope.districts, scope.stations) == (Role.DISPLAY, ("D1",), None)


@pytest.mark.parametrize("path", CLOSED)
def test_without_open_access_nothing_is_shown_without_a_token(site: Site, path: str) -> None:
    site.needs_tokens()
    answer = site.get(path)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "wallkey.no_token")


@pytest.mark.parametrize("path", CLOSED)
def test_a_wrong_token_is_refused_in_open_access_too(site: Site, path: str) -> None:
    token = add(site)
    for wrong in ("", "x", f"{token}x", token.replace(".", "-"), "\xe4\xf6\xfc", "a b c", "null"):
        answer = site.get(path, wrong)
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "wallkey.unknown"), wrong


@pytest.mark.parametrize("path", CLOSED)
def test_a_revoked_token_is_refused_within_five_seconds(site: Site, path: str) -> None:
    token = add(site)
    site.display(token)
    revoke_display(site.engine, "hall", actor="a", at=AT)
    site.seconds += 5
    answer = site.get(path, token)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "wallkey.revoked")


def test_a_gateway_s_own_sign_in_is_not_taken_for_a_token(site: Site) -> None:
    basic = "Basic " + base64.b64encode(b"wang:secret").decode()
    assert site.get("/api/wall/seen", Authorization=basic).status_code == 200
    site.needs_tokens()
    assert site.get("/api/wall/seen", Authorization=basic).json["error"]["code"] == "wallkey.no_token"


def test_the_scheme_is_read_in_any_case(site: Site) -> None:
    site.needs_tokens()
    token = add(site)
    assert site.get("/api/wall/seen", Authorization=f"bearer {token}").status_code == 200


# how it is told ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["no_token", "unknown", "revoked"])
def test_a_refusal_has_the_shape_of_every_error_and_a_plain_sentence(site: Site, code: str) -> None:
    site.needs_tokens()
    token = {"no_token": None, "unknown": "x.y", "revoked": add(site, lang="en")}[code]
    revoke_display(site.engine, "hall", actor="a", at=AT)
    answer = site.get("/api/wall/picture?lang=en", token)
    assert set(answer.json) == {"error"} and set(answer.json["error"]) == PROBLEM_FIELDS
    assert answer.json["error"]["code"] == f"wallkey.{code}"
    assert answer.json["error"]["message"] == translator("en", strict=True)(f"wallkey.{code}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_sentence_is_in_the_display_s_language_where_it_is_known(site: Site) -> None:
    token = add(site, lang="en")
    revoke_display(site.engine, "hall", actor="a", at=AT)
    assert "revoked" in site.get("/api/wall/picture?lang=zh", token).json["error"]["message"]
    assert site.get("/api/wall/picture?lang=xx", "x.y").json["error"]["message"] == translator("zh")("wallkey.unknown")


# what a token opens -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/v1/board", "/api/poll", "/download/board.xlsx", "/api/wallpaper", "/wall"])
def test_a_token_is_no_right_outside_the_wall(site: Site, path: str) -> None:
    token = add(site)
    with pytest.raises(NotFound):
        site.display(token, path)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", CLOSED)
def test_a_token_writes_nothing(site: Site, path: str, method: str) -> None:
    token = add(site)
    answer = getattr(site.server.test_client(), method)(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 405


def test_the_token_is_in_no_log_and_no_answer(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = add(site)
    secret = token.split(".")[1]
    told = [site.get(path, given).get_data(as_text=True) for path in CLOSED for given in (token, f"{token}x")]
    assert secret not in "".join(told) + caplog.text


def test_a_display_reads_only_its_district_and_no_single_rows(client: FlaskClient, demo: Demo) -> None:
    with demo.engine.connect() as connection:
        units = list(connection.execute(select(station.c.code, station.c.district_code)))
    district = sorted({where for _, where in units})[0]
    others = [code for code, where in units if where != district]
    answer = client.get(f"/api/wall/picture?districts={district}&lang=zh")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert [code for code in others if code in text] == []
    assert any(code in text for code, where in units if where == district)


# without a database, and last seen --------------------------------------------------------------


def test_while_the_database_is_gone_the_last_verdict_holds_and_nobody_is_called_wrong(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = add(site)
    site.display(token)
    gone = make_engine_fail(monkeypatch)
    site.seconds += 3600
    assert site.display(token).name == "hall"
    with pytest.raises(DataUnavailable):
        site.display("0123456789ab.guess")
    assert site.get("/api/wall/picture", "0123456789ab.guess").status_code == 503
    assert site.get("/api/wall/seen", token).status_code == 503
    gone.undo()
    site.seconds += 5
    assert site.get("/api/wall/seen", token).status_code == 200
    assert site.get("/api/wall/seen", "0123456789ab.guess").json["error"]["code"] == "wallkey.unknown"


def make_engine_fail(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    from sqlalchemy.exc import OperationalError

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(Engine, "connect", fail)
    return monkeypatch


def test_asking_for_the_picture_counts_as_seen_and_asking_for_seen_does_not(site: Site) -> None:
    token = add(site)
    assert site.get("/api/wall/seen", token).json["seconds"] is None
    site.seconds += 1
    assert site.get("/api/wall/seen", token).json["seconds"] is None
    site.display(token)
    site.seconds += 42
    assert site.get("/api/wall/seen", token).json["seconds"] == 42
    assert len(site.works) == 1
    site.works.pop()()
    with site.engine.connect() as connection:
        assert connection.execute(select(display_token.c.last_seen_at)).scalar() == AT + timedelta(seconds=43)


def test_outside_of_any_request_it_is_written_down_who_asked(site: Site) -> None:
    """The writing has a thread of its own, so that no answer waits for it."""
    token = add(site)
    site.server.extensions.pop(REGISTER)  # the register that the program makes itself
    site.display(token)
    for thread in [one for one in threading.enumerate() if one.name == THREAD]:
        thread.join(20)
    with site.engine.connect() as connection:
        assert connection.execute(select(display_token.c.last_seen_at)).scalar() == AT
    assert site.server.extensions[REGISTER].now == site.now
