"""The door of the running application: what was tried against it, and what happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app import access_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.accounts import change_account, change_session
from data_access.audit import verify
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import Account, SignInRules
from domain.tokens import digest
from services import account_office as office
from settings import Settings
from tests import factories as make
from tests.integration.conftest import use
from tests.support import walk
from tests.support.problems import PROBLEM_FIELDS
from web.access_rules import AccessRules, ProxyRules
from web.context import EXTENSION
from web.identity import WARM

NOW = walk.NOW
CATALOGUE = load_catalogue()
PASSWORD = "Sommer-2024-Regen"
HERE = {"Origin": "http://localhost"}
PROXY = ProxyRules((ip_network("10.9.0.0/16"),), "X-Police-User", "X-Police-Role", "X-Police-Unit")
RULES = AccessRules(production=True, sign_in_per_minute=0, proxy=ProxyRules((ip_network("10.9.0.0/16"),)))


@dataclass
class Site:
    """The application in production on a small town."""

    server: Any
    engine: Engine
    original: Any
    now: datetime = NOW

    def rules(self, rules: AccessRules = RULES, *, now: datetime = NOW) -> None:
        """The same town under other rules, or at another time."""
        server, engine = self.server, self.engine
        self.now = now
        use(server, self.original, engine=engine, writer=engine, catalogue=CATALOGUE, now=lambda: self.now,
            access=rules)  # fmt: skip
        for name in ("board_sessions", "board_told", "board_looked"):
            server.extensions.pop(name, None)

    def client(self, token: str = "", **more: Any) -> Any:
        client = self.server.test_client()
        client.environ_base.update({"REMOTE_ADDR": "192.0.2.7", **more})
        if token:
            client.set_cookie("board_session", token)
        return client

    def enter(self, login: str = "wang", password: str = PASSWORD, client: Any = None, **form: str) -> Any:
        client = client or self.client()
        data = {"login": login, "password": password, **form}
        return client.post("/sign-in", data=data, headers=HERE)

    def signed(self, login: str = "wang") -> Any:
        client = self.client()
        assert self.enter(login, client=client).status_code == 302
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        return client

    def entries(self) -> list[tuple[str, str, str, str]]:
        entry = t.audit_entry.c
        query = select(entry.action, entry.actor, entry.subject, entry.detail).order_by(entry.sequence)
        with reading(self.engine) as connection:
            assert verify(connection).why == ""
            return [tuple(row) for row in connection.execute(query)]

    def actions(self) -> list[str]:
        return [entry[0] for entry in self.entries() if entry[0] != "account_add"]


@pytest.fixture
def site(application: Any, engine: Engine) -> Iterator[Site]:
    server = application.server
    made = Site(server, engine, server.extensions[EXTENSION])
    make.make_district(engine, "D1")
    make.make_district(engine, "D2")
    make.make_station(engine, "S1", district_code="D1", lng=120.2, lat=30.1)
    make.make_station(engine, "S2", district_code="D2", lng=120.4, lat=30.3)
    made.rules()
    _add(engine, "wang", Role.COMMAND)
    yield made
    use(server, made.original)


def _add(engine: Engine, login: str, role: Role, **more: Any) -> None:
    units = more.get("station", ""), more.get("district", "")
    account = Account(
        "", login, "王某", role, *units, more.get("origin", ""), True, more.get("must_change", False), NOW
    )
    office.add(engine, account, "" if more.get("origin") else PASSWORD, SignInRules(), by="console", now=NOW)


def cookie_of(answer: Any) -> str:
    return next(
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith(("board_session", "__Host-board"))
    )


def token_of(answer: Any) -> str:
    return cookie_of(answer).split("=", 1)[1].split(";")[0]


# the way in ------------------------------------------------------------------------------------


def test_a_page_leads_to_the_way_in_and_back(site: Site) -> None:
    client = site.client()
    answer = client.get("/station/S1?x=1&y=2")
    assert answer.headers["Location"] == "/sign-in?next=%2Fstation%2FS1%3Fx%3D1%26y%3D2"
    form = client.get(answer.headers["Location"]).text
    assert 'value="/station/S1?x=1&amp;y=2"' in form and "<script" not in form
    done = site.enter(client=client, next="/station/S1?x=1&y=2")
    assert (done.status_code, done.headers["Location"]) == (302, "/station/S1?x=1&y=2")
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/me").json["person"] == "王某 (wang)"


def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    cookie = cookie_of(site.enter())
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
    site.rules(replace(RULES, tls=True))
    answer = site.client().post("/sign-in", data={"login": "wang", "password": PASSWORD},
                                headers={"Origin": "https://localhost"})  # fmt: skip
    cookie = cookie_of(answer)
    assert cookie.startswith("__Host-board=") and "Secure" in cookie and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_wrong_password_and_an_unknown_login_look_the_same(site: Site) -> None:
    wrong, unknown = site.enter(password="x"), site.enter("nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    assert not wrong.headers.getlist("Set-Cookie")
    for _ in range(6):
        site.enter(password="x")
    assert site.enter().text == wrong.text, "a locked account looks the same too"


def test_a_session_planted_before_signing_in_does_not_become_one(site: Site) -> None:
    client = site.client()
    client.set_cookie("board_session", "p" * 43)
    token = token_of(site.enter(client=client))
    assert token != "p" * 43
    assert site.client("p" * 43).get("/api/v1/board").status_code == 401


def test_signing_in_again_ends_the_session_of_before(site: Site) -> None:
    client = site.client()
    first = token_of(site.enter(client=client))
    second = token_of(site.enter(client=client))
    assert first != second
    assert site.client(first).get("/api/v1/board").status_code == 401
    assert site.client(second).get("/api/v1/board").status_code == 200


def test_forged_cookies_open_nothing(site: Site) -> None:
    token = token_of(site.enter())
    with reading(site.engine) as connection:
        stored = str(connection.execute(select(t.account_session.c.session_id)).scalar())
    flipped = ("A" if token[0] != "A" else "B") + token[1:]
    for forged in (stored, flipped, token + "A", token[:-1], "x", "' OR 1=1 --" * 3, "\u4e2d" * 10, "0" * 3000):
        assert site.client(forged.encode("utf-8").decode("latin-1")).get("/api/v1/board").status_code == 401, forged[
            :20
        ]


def test_a_cookie_used_after_signing_out_opens_nothing(site: Site) -> None:
    client = site.client()
    token = token_of(site.enter(client=client))
    assert client.post("/sign-out", headers=HERE).status_code == 302
    assert site.client(token).get("/api/v1/board").status_code == 401
    assert site.actions() == ["sign_in", "sign_out"]


def test_signing_out_everywhere_ends_every_session(site: Site) -> None:
    tokens = [token_of(site.enter()) for _ in range(3)]
    site.client(tokens[0]).post("/sign-out", data={"everywhere": "yes"}, headers=HERE)
    assert [site.client(token).get("/api/v1/board").status_code for token in tokens] == [401] * 3


def test_sessions_end_when_left_alone_and_at_their_limit(site: Site) -> None:
    token = token_of(site.enter())
    site.rules(now=NOW + timedelta(hours=8, seconds=1))
    assert site.client(token).get("/api/v1/board").status_code == 401
    site.rules(now=NOW + timedelta(hours=7))
    assert site.client(token).get("/api/v1/board").status_code == 200
    site.rules(now=NOW + timedelta(hours=13, minutes=59))
    assert site.client(token).get("/api/v1/board").status_code == 200
    site.rules(now=NOW + timedelta(hours=14))
    assert site.client(token).get("/api/v1/board").status_code == 401


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(site: Site) -> None:
    token = token_of(site.enter())
    site.rules(now=NOW + timedelta(hours=5))
    client = site.client(token)
    client.get("/api/poll")
    feeds = walk.callback_body("..feeds-screen.tree...feeds-screen.echo..", _made(site, "feeds"), "S1")
    client.post("/_dash-update-component", json={**feeds, "changedPropIds": ["version.data"]}, headers=HERE)
    site.rules(now=NOW + timedelta(hours=9))
    assert site.client(token).get("/api/v1/board").status_code == 401


def _made(site: Site, page: str) -> Any:
    site.server.test_client().get("/", environ_overrides={WARM: True})
    known = site.server.extensions["board_callbacks"]()
    return known[f"..{page}-screen.tree...{page}-screen.echo.."]


def test_a_disabled_account_is_out_at_its_next_request(site: Site) -> None:
    client = site.signed()
    office.set_active(site.engine, "wang", False, by="console", now=NOW)
    assert client.get("/api/v1/board").status_code == 401


def test_a_password_that_must_change_lets_nobody_further(site: Site) -> None:
    _add(site.engine, "neu", Role.COMMAND, must_change=True)
    client = site.signed("neu")
    assert client.get("/").headers["Location"] == "/account"
    assert client.get("/api/v1/board").json["error"]["code"] == "access.refused.must_change"
    changed = {"old": PASSWORD, "new": "Winter-2025-Schnee", "again": "Winter-2025-Schnee"}
    assert client.post("/account", data={**changed, "again": "x"}).status_code == 400
    assert client.post("/account", data={**changed, "old": "x"}).status_code == 409
    assert client.post("/account", data=changed).status_code == 200
    assert client.get("/api/v1/board").status_code == 200


def test_attempts_are_counted_by_address(site: Site) -> None:
    site.rules(replace(RULES, sign_in_per_minute=4))
    address = {"REMOTE_ADDR": f"192.0.2.{len(site.engine.dialect.name)}"}  # of this database's test alone
    answers = [site.enter(password="x", client=site.client(**address)).status_code for _ in range(6)]
    assert answers == [401] * 4 + [429] * 2
    spoofed = site.client(**address, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert site.enter(password="x", client=spoofed).status_code == 429, "nobody else's word about an address counts"
    assert site.enter(client=site.client(REMOTE_ADDR="192.0.2.98")).status_code == 302


def test_data_are_limited_by_viewer(site: Site) -> None:
    client = site.signed()
    site.rules(replace(RULES, api_per_minute=3))
    answers = [client.get("/api/v1/feeds") for _ in range(5)]
    assert [one.status_code for one in answers] == [200] * 3 + [429] * 2
    assert (
        answers[-1].headers["Retry-After"] == "60" and answers[-1].json["error"]["code"] == "access.refused.too_often"
    )
    assert client.get("/api/poll").status_code == 200


# other sites -----------------------------------------------------------------------------------

EVIL = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "ftp://localhost"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {},
]


@pytest.mark.parametrize("headers", EVIL)
@pytest.mark.parametrize(
    "path", ["/_dash-update-component", "/api/v1/unmask", "/api/v1/hotspots", "/sign-out", "/account"]
)
def test_no_other_site_posts_with_our_cookie(site: Site, headers: dict[str, str], path: str) -> None:
    token = token_of(site.enter())
    answer = site.client(token).post(path, json={}, headers=headers)
    assert answer.status_code == 403
    assert site.client(token).get("/api/v1/board").status_code == 200, "still signed in"


def test_behind_tls_only_its_own_scheme_is_ours(site: Site) -> None:
    site.rules(replace(RULES, tls=True))
    given = {"login": "wang", "password": PASSWORD}
    assert site.client().post("/sign-in", data=given, headers=HERE).status_code == 403
    assert site.client().post("/sign-in", data=given, headers={"Origin": "https://localhost"}).status_code == 302


def test_a_form_of_another_site_cannot_speak_to_dash(site: Site) -> None:
    client = site.signed()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.post("/_dash-update-component", data=b'{"output":"x"}', content_type=kind).status_code in (
            400,
            403,
        )


def test_another_sites_page_cannot_sign_somebody_in(site: Site) -> None:
    answer = site.client().post("/sign-in", data={"login": "wang", "password": PASSWORD}, headers=EVIL[0])
    assert answer.status_code == 403 and not answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "", "localhost@evil.example", "[::1"])
def test_the_server_answers_to_its_own_names_only(site: Site, name: str) -> None:
    site.rules(replace(RULES, hosts=("localhost", "board.example")))
    assert site.client().get("/sign-in", headers={"Host": name}).status_code == 400
    assert site.client().get("/sign-in", headers={"Host": "BOARD.example:8050"}).status_code == 200
    assert site.client().get("/healthz", headers={"Host": "10.0.0.1"}).status_code == 200


# bodies ----------------------------------------------------------------------------------------

BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"1", b"{}", b"\xff\xfe", b'{"output":1}', b'{"output":"nothing.here"}',
    b'{"output":"..feeds-screen.tree...feeds-screen.echo.."}',
    b'{"output":"..feeds-screen.tree...feeds-screen.echo..","outputs":[],"inputs":[]}',
    b'{"output":"..feeds-screen.tree...feeds-screen.echo..","outputs":{},"inputs":"x","changedPropIds":{}}',
    b'{"output":"_pages_dummy.children","outputs":{"id":"_pages_dummy","property":"children"},"inputs":[]}',
    b"[" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_a_malformed_callback_is_refused_without_a_stack_trace(
    site: Site, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    client = site.signed()
    _made(site, "feeds")
    answer = client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400 and set(answer.json["error"]) == PROBLEM_FIELDS
    assert "Traceback" not in caplog.text


def test_callbacks_with_odd_values_end_in_a_notice(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    client, made = site.signed(), _made(site, "station")
    body = walk.callback_body("..station-screen.tree...station-screen.echo..", made, "S1")
    for odd in (None, [], 5, {"code": None}, {"code": ["S1"]}, {"code": "x" * 10_000}, {"code": "S1' OR '1'='1"}):
        body["inputs"][1]["value"] = odd
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code in (200, 204), odd
        assert "Traceback" not in answer.text


def test_an_oversized_body_is_refused(site: Site) -> None:
    client = site.signed()
    for path, kind in (
        ("/_dash-update-component", "application/json"),
        ("/account", "application/x-www-form-urlencoded"),
    ):
        assert client.post(path, data=b"a=" + b"x" * 3_000_000, content_type=kind).status_code in (400, 413)
    anonymous = site.client().post("/sign-in", data=b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert anonymous.status_code == 413


# gateways --------------------------------------------------------------------------------------


def proxied(site: Site, user: str | None, address: str = "10.9.1.2", **more: str) -> Any:
    headers = {"X-Police-User": user} if user is not None else {}
    given = {**headers, **{f"X-Police-{name.title()}": value for name, value in more.items()}}
    client = site.client(REMOTE_ADDR=address)
    return client.get("/api/v1/me", headers=given)


def test_a_trusted_gateway_names_its_user(site: Site) -> None:
    site.rules(replace(RULES, proxy=replace(PROXY, role_header="", unit_header="")))
    answer = proxied(site, "WANG")
    assert answer.json["person"] == "王某 (wang)" and answer.json["session"] is True
    for _ in range(3):
        proxied(site, "wang")
    assert site.actions() == ["sign_in"], "once a day"
    assert proxied(site, "nobody").status_code == 403
    assert proxied(site, None).status_code == 401


@pytest.mark.parametrize("address", ["192.0.2.7", "10.8.255.255", "127.0.0.1", "::1", "", "10.9.1.2.evil"])
def test_its_header_from_anywhere_else_is_refused_and_logged(site: Site, address: str) -> None:
    site.rules(replace(RULES, proxy=PROXY))
    answer = proxied(site, "wang", address, role="admin")
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "access.refused.proxy")
    for header in ({"X-Forwarded-For": "10.9.1.2"}, {"X-Real-IP": "10.9.1.2"}, {"Forwarded": "for=10.9.1.2"}):
        client = site.client(REMOTE_ADDR=address)
        assert client.get("/api/v1/me", headers={"X-Police-User": "wang", **header}).status_code == 403
    assert site.actions() == ["proxy_refused"], "a flood of one address is one entry a minute"


def test_the_session_of_a_gateways_user_cannot_be_named_by_a_cookie(site: Site) -> None:
    site.rules(replace(RULES, proxy=replace(PROXY, role_header="")))
    proxied(site, "wang")
    with reading(site.engine) as connection:
        key = str(connection.execute(select(t.account_session.c.session_id)).scalar())
    assert key.startswith("proxy:")
    for token in (key, f"wang:{NOW.date()}", key[6:]):
        assert site.client(token.ljust(43, "x")).get("/api/v1/board").status_code == 401
        assert site.client(token).get("/api/v1/board").status_code == 401
    assert len(digest("x")) == 64


def test_role_and_unit_are_taken_from_the_gateway_where_the_settings_say_so(site: Site) -> None:
    site.rules(replace(RULES, proxy=PROXY))
    answer = proxied(site, "zhao", role="station", unit="S1")
    assert (answer.json["role"], answer.json["units"]) == ("station", ["S1"])
    assert proxied(site, "zhao", role="district", unit="D1").json["units"] == ["D1"]
    assert proxied(site, "zhao", role="station").status_code == 403, "a station without its unit"
    assert proxied(site, "qian", role="root").status_code == 403, "no such role, no such account"
    assert proxied(site, "wang", role="station", unit="S1").json["role"] == "command", (
        "an account made here keeps its role"
    )
    assert proxied(site, "<b>x</b>", role="admin").status_code == 403


def test_a_post_through_a_gateway_must_come_from_our_page(site: Site) -> None:
    site.rules(replace(RULES, proxy=replace(PROXY, role_header="")))
    client = site.client(REMOTE_ADDR="10.9.1.2", HTTP_X_POLICE_USER="wang")
    assert client.post("/api/v1/unmask", json={}).status_code == 403
    assert client.post("/api/v1/unmask", json={"reason": "x"}, headers=HERE).status_code == 400


# deeds -----------------------------------------------------------------------------------------

OPENING = {"kind": "junction", "name": "路口", "lng": "120.2", "lat": "30.1", "radius_m": "100", "station": "S1",
           "class_code": "accident", "origin": "manual"}  # fmt: skip


def test_a_deed_is_signed_by_the_account_whatever_was_typed(site: Site) -> None:
    answer = site.signed().post("/api/v1/hotspots", json={**OPENING, "actor": "李某"})
    assert answer.status_code == 201, answer.text
    assert [entry[1] for entry in site.entries() if entry[0] == "open"] == ["王某 (wang)"]


def test_the_role_decides_who_may(site: Site) -> None:
    _add(site.engine, "chief", Role.STATION, station="S1")
    chief, room = site.signed("chief"), site.signed()
    assert chief.post("/api/v1/hotspots", json=OPENING).status_code == 201
    assert chief.post("/api/v1/hotspots", json={**OPENING, "station": "S2"}).status_code == 404
    lock = chief.post("/api/v1/assessment/2024-04/lock", json={"confirm": "yes", "seen": "0"})
    assert (lock.status_code, lock.json["error"]["code"]) == (403, "access.refused.role")
    mode = {"mode": "full", "reason": "r", "confirm": "yes"}
    assert room.post("/api/v1/assessment/modes/S1", json=mode).status_code == 403
    _add(site.engine, "boss", Role.ADMIN)
    assert site.signed("boss").post("/api/v1/assessment/modes/S1", json=mode).status_code in (200, 409)
    points = {"station": "S1", "points": "1", "matter": "m", "document": "d"}
    assert chief.post("/api/v1/assessment/2024-04/adjustments", json=points).status_code == 403
    assert site.actions().count("refused") == 3


# names -----------------------------------------------------------------------------------------


def _risk(engine: Engine) -> None:
    make.make_risk_code(engine, "S1", since=NOW - timedelta(days=3), subject_name="张小明")
    at = NOW - timedelta(hours=3)
    make.make_work_order(engine, "S1", at, kind="hazard", due_at=at, owner_name="赵铁柱", title="联系13812345678")


def _rows(client: Any) -> str:
    return "".join(client.get(f"/api/v1/stations/S1/tasks/{task.code}").text for task in CATALOGUE.active[:60])


def test_names_are_masked_until_somebody_says_why(site: Site) -> None:
    _risk(site.engine)
    client = site.signed()
    before = _rows(client)
    assert "张**" in before or "赵**" in before
    assert "小明" not in before and "铁柱" not in before and "13812345678" not in before
    assert client.post("/api/v1/unmask", json={"subject": "/station/S1/T1-01", "reason": " "}).status_code == 409
    assert client.post("/api/v1/unmask", json={"subject": "http://x", "reason": "投诉"}).status_code == 400
    assert "小明" not in _rows(client)
    assert client.post("/api/v1/unmask", json={"subject": "/station/S1/T1-01", "reason": "投诉核查"}).status_code == 200
    shown = _rows(client)
    assert "张小明" in shown or "赵铁柱" in shown
    told = site.entries()
    assert ("unmask", "王某 (wang)", "/station/S1/T1-01", "投诉核查") in told
    assert [entry for entry in told if entry[0] == "look"]
    assert client.post("/api/v1/unmask", json={"hide": "yes"}).status_code == 200
    assert "小明" not in _rows(client) and "铁柱" not in _rows(client)


def test_names_are_hidden_again_after_a_while_and_in_other_sessions(site: Site) -> None:
    _risk(site.engine)
    token = token_of(site.enter())
    first, second = site.client(token), site.signed()
    first.post("/api/v1/unmask", json={"subject": "/x", "reason": "投诉核查"}, headers=HERE)
    assert "小明" not in _rows(second) and "铁柱" not in _rows(second)
    site.rules(now=NOW + timedelta(minutes=16))
    assert "小明" not in _rows(site.client(token)) and "铁柱" not in _rows(site.client(token))


def test_files_are_masked_like_the_page_and_noted(site: Site) -> None:
    _risk(site.engine)
    client = site.signed()
    task = next(one.code for one in CATALOGUE.active if "铁柱" in _unmasked_rows(site, one.code))
    path = f"/download/rows.csv?station=S1&task={task}"
    assert "铁柱" not in client.get(path).text
    client.post("/api/v1/unmask", json={"subject": "/x", "reason": "投诉核查"})
    assert "铁柱" in client.get(path).text
    exports = [(subject, detail) for action, _, subject, detail in site.entries() if action == "export"]
    assert exports == [(path, "masked"), (path, "with names")]


def _unmasked_rows(site: Site, task: str) -> str:
    client = site.signed()
    client.post("/api/v1/unmask", json={"subject": "/x", "reason": "test"})
    return client.get(f"/api/v1/stations/S1/tasks/{task}").text


def test_a_file_that_cannot_be_noted_is_not_sent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    client = site.signed()

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr("services.accounts.append", broken)
    answer = client.get("/download/board.csv")
    assert answer.status_code >= 500 and "S1" not in answer.text


def test_nobody_shows_names_on_an_open_board(site: Site) -> None:
    _risk(site.engine)
    site.rules(AccessRules(open_access=True))
    client = site.client()
    assert client.post("/api/v1/unmask", json={"subject": "/x", "reason": "why not"}, headers=HERE).status_code == 403
    assert "小明" not in _rows(client)


# text fields -----------------------------------------------------------------------------------

NASTY = "<img src=x onerror=alert(1)>\"'=cmd|'/c calc'!A1"


def test_nasty_names_stay_text_in_pages_and_files(site: Site) -> None:
    with writing(site.engine) as connection:
        account = connection.execute(select(t.account.c.account_id)).scalar_one()
        change_account(connection, account, display_name=NASTY)
    client = site.signed()
    page = client.get("/account")
    assert "<img" not in page.text and "&lt;img" in page.text
    assert json.loads(client.get("/api/v1/me").text)["name"] == NASTY
    agent = {"User-Agent": "=1+1<script>alert(1)</script>"}
    site.client().post("/sign-in", data={"login": "wang", "password": PASSWORD}, headers={**HERE, **agent})
    assert "<script" not in client.get("/account").text
    client.post("/api/v1/unmask", json={"subject": "/x", "reason": '=HYPERLINK("http://evil")'})
    _add(site.engine, "audit", Role.AUDITOR)
    auditor = site.signed("audit")
    table = auditor.get("/download/audit.csv").text
    assert "\n=" not in table and ",=HYPERLINK" not in table and '"=HYPERLINK' not in table
    assert "<img" not in auditor.get(f"/sign-in?next={NASTY}").text


@pytest.mark.parametrize("field", ["actor", "subject", "action", "from", "to", "page"])
def test_what_is_searched_for_in_the_log_is_only_text(site: Site, field: str) -> None:
    _add(site.engine, "audit", Role.AUDITOR)
    client = site.signed("audit")
    for value in ("' OR '1'='1", "%", "\\", "x" * 500, "<b>", "\x00", "-1", "9" * 30):
        answer = client.get("/download/audit.csv", query_string={field: value})
        assert answer.status_code in (200, 400), value
    assert client.get("/download/audit.csv").text.count("\n") > 2


# open boards and the demo ----------------------------------------------------------------------


def test_in_development_a_board_is_open_until_there_is_an_account(site: Site) -> None:
    site.rules(AccessRules())
    assert site.client().get("/api/v1/board").status_code == 401
    with writing(site.engine) as connection:
        connection.execute(t.account.delete())
    site.server.extensions.pop("board.accounts", None)
    site.server.extensions.pop("board_accounts", None)
    answer = site.client().get("/api/v1/me").json
    assert answer["open"] is True and answer["role"] == "command" and answer["try"] == []


def test_the_demo_is_entered_by_one_click_as_any_role_and_never_in_production(site: Site) -> None:
    with writing(site.engine) as connection:
        connection.execute(t.account.delete())
        connection.execute(t.data_version.insert().values(name="demo", version=1))
    site.server.extensions.pop("board_accounts", None)
    site.rules(AccessRules())
    client = site.client()
    assert [one[0] for one in client.get("/api/v1/me").json["try"]] == [
        "station",
        "district",
        "command",
        "admin",
        "auditor",
    ]
    tokens = {}
    for role in ("station", "district", "auditor"):
        tokens[role] = token_of(site.client().post("/sign-in/demo", data={"role": role}, headers=HERE))
    seen = site.client(tokens["station"]).get("/api/v1/board").json["board"]["lines"]
    assert [line["unit"]["code"] for line in seen] == ["S1"]
    assert site.client(tokens["auditor"]).get("/").headers["Location"] == "/audit"
    assert site.client().post("/sign-in/demo", data={"role": "display"}, headers=HERE).status_code == 404
    site.rules(RULES)
    assert site.client(tokens["district"]).get("/api/v1/board").status_code == 401
    assert site.client().post("/sign-in/demo", data={"role": "admin"}, headers=HERE).status_code == 404


def test_settings_become_rules() -> None:
    given: dict[str, Any] = {
        "mode": "production", "secret_key": "0123456789abcdef" * 2, "hosts": "Board.Example, 10.0.0.1", "tls": True,
        "trusted_proxies": "10.0.0.0/8,::1", "proxy_user_header": "X-User", "lock_after": 7, "api_per_minute": 60,
    }  # fmt: skip
    rules = access_rules(Settings(**given, _env_file=None))
    assert rules.production and rules.hosts == ("board.example", "10.0.0.1") and rules.sign_in.lock_after == 7
    assert [str(network) for network in rules.proxy.networks] == ["10.0.0.0/8", "::1/128"]
    assert rules.oidc is None and rules.api_per_minute == 60


def test_a_session_row_alone_is_not_enough(site: Site) -> None:
    """A session whose account is gone, or that was moved to an account that is disabled, opens nothing."""
    token = token_of(site.enter())
    with writing(site.engine) as connection:
        change_session(connection, digest(token), account_id="gone")
    assert site.client(token).get("/api/v1/board").status_code == 401
