"""Tokens of the JSON interface: what was tried with them, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.accounts import add_account, change_account
from data_access.api_tokens import api_tokens
from data_access.audit import verify
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import Account
from domain.errors import BadRequest, NotFound, Refused
from services.api_tokens import NewToken, add, revoke
from tests import factories as make
from tests.integration.conftest import use
from tests.support.api import bearer
from web import api_tokens as door
from web.access_rules import AccessRules
from web.api_tokens import EXTENSION as REGISTER
from web.api_tokens import Register
from web.context import EXTENSION
from web.held import LOOK_EVERY

NOW = datetime(2024, 5, 7, 13)
ME = "/api/v1/me"


@dataclass
class Site:
    """The application in production on two stations of two districts; its clocks are the tests'."""

    server: Any
    engine: Engine
    original: Any
    now: datetime = NOW
    seconds: float = 0.0
    tokens: dict[str, str] = field(default_factory=dict)

    def rules(self, **more: Any) -> None:
        given = {"production": True, "sign_in_per_minute": 0, **more}
        use(self.server, self.original, engine=self.engine, writer=self.engine, catalogue=load_catalogue(),
            now=lambda: self.now, access=AccessRules(**given))  # fmt: skip
        self.server.extensions[REGISTER] = Register(self.engine, lambda: self.seconds)

    def token(self, name: str, role: Role | None = Role.COMMAND, **more: Any) -> str:
        made = add(self.engine, NewToken(name, **{"days": 30, "role": role, **more}), by="tests", now=self.now)[0]
        self.seconds += LOOK_EVERY
        return made

    def get(self, token: str, address: str = ME, method: str = "GET", **more: Any) -> Any:
        return self.server.test_client().open(
            address, method=method, headers=bearer(token) | more.pop("headers", {}), **more
        )

    def code(self, token: str, address: str = ME) -> tuple[int, str]:
        answer = self.get(token, address)
        return answer.status_code, answer.json.get("error", {}).get("code", "")

    def entries(self) -> list[tuple[str, str, str, str]]:
        entry = t.audit_entry.c
        query = select(entry.action, entry.actor, entry.subject, entry.detail).order_by(entry.sequence)
        with reading(self.engine) as connection:
            assert verify(connection).why == ""
            return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def site(application: Any, engine: Engine) -> Iterator[Site]:
    server = application.server
    made = Site(server, engine, server.extensions[EXTENSION])
    for number in "12":
        make.make_district(engine, f"D{number}")
        make.make_station(engine, f"S{number}", district_code=f"D{number}", lng=120.2, lat=30.1)
    made.rules()
    yield made
    server.extensions.pop(REGISTER, None)
    use(server, made.original)


def account(site: Site, login: str, role: Role, **more: Any) -> str:
    values = {"station": "", "district": "", "origin": "", **more}
    made = Account(
        f"U-{login}", login, login, role, values["station"], values["district"], values["origin"], True, False, NOW
    )
    with writing(site.engine) as connection:
        add_account(connection, made)
    return made.account_id


def test_a_token_says_whose_it_is_and_reads(site: Site) -> None:
    told = site.get(site.token("statistics", Role.DISTRICT, district="D1")).json
    assert (told["person"], told["role"], told["units"], told["session"]) == (
        "token:statistics",
        "district",
        ["D1"],
        False,
    )
    board = site.get(site.token("two", Role.STATION, station="S2"), "/api/v1/board").json["board"]
    assert [line["unit"]["code"] for line in board["lines"]] == ["S2"]


def test_only_a_digest_of_a_token_is_kept(site: Site) -> None:
    token = site.token("one")
    with reading(site.engine) as connection:
        row = connection.execute(select(t.api_token)).mappings().one()
    public, secret = token.split(".")
    assert row["token_id"] == public and len(secret) == 43
    assert not any(secret in str(value) for value in row.values())
    assert not any(secret in text for entry in site.entries() for text in entry)


GARBLED: list[Any] = [
    lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    lambda token: token.split(".")[0],
    lambda token: token.split(".")[1],
    lambda token: "000000000000." + token.split(".")[1],
    lambda token: token + "x",
    lambda token: token.upper(),
    lambda token: "",
    lambda token: "a" * 5000,
    lambda token: "0123456789ab." + "é" * 43,
    lambda token: "' OR 1=1 --",
]


def test_a_garbled_or_foreign_token_opens_nothing(site: Site) -> None:
    token = site.token("one")
    for change in GARBLED:
        answer = site.get(change(token).encode("utf-8").decode("latin-1"))
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "token.refused.unknown"), change(token)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_refused_even_where_nobody_must_sign_in(site: Site) -> None:
    site.rules(production=False, open_access=True)
    assert site.server.test_client().get("/api/v1/feeds").status_code == 200
    assert site.get("nonsense", "/api/v1/feeds").status_code == 401


def test_an_expired_token_opens_nothing_from_that_second_on(site: Site) -> None:
    token = site.token("short", days=1)
    site.now = NOW + timedelta(days=1) - timedelta(seconds=1)
    assert site.code(token)[0] == 200
    site.now = NOW + timedelta(days=1)
    assert site.code(token) == (401, "token.refused.expired")


def test_a_revoked_token_opens_nothing_a_few_seconds_later(site: Site) -> None:
    token = site.token("gone")
    assert site.code(token)[0] == 200
    revoke(site.engine, "gone", by="tests", now=NOW)
    assert site.code(token)[0] == 200, "the verdict holds for a moment"
    site.seconds += LOOK_EVERY
    assert site.code(token) == (401, "token.refused.revoked")
    assert LOOK_EVERY <= 5


def test_a_flood_costs_one_look_every_few_seconds(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token, looks = site.token("one"), []
    monkeypatch.setattr(door, "api_tokens", lambda connection: looks.append(1) or api_tokens(connection))
    for _ in range(20):
        assert site.code(token)[0] == 200
        assert site.code("0123456789ab." + "x" * 43)[0] == 401
    assert len(looks) == 1


def test_while_the_database_is_gone_the_last_verdict_holds_and_new_ones_wait(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, other = site.token("one"), "0123456789ab." + "x" * 43
    assert site.code(token)[0] == 200

    def gone(_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(door, "api_tokens", gone)
    site.seconds += LOOK_EVERY
    assert site.code(token)[0] == 200
    assert site.code(other) == (503, "database")


ELSEWHERE = [
    "/",
    "/station/S1",
    "/account",
    "/audit",
    "/api/poll",
    "/api/wall/picture",
    "/download/board.csv",
    "/_dash-layout",
    "/_dash-dependencies",
    "/api/v1",
    "/api/v2/board",
]


def code_of(answer: Any) -> str:
    """The error's code; a wall's refusal tells a wrong token from none, which is as far as this one may come."""
    code = str(answer.json["error"]["code"])
    return "wallkey" if code.startswith("wallkey.") else code


def test_a_token_opens_nothing_but_the_json_interface(site: Site) -> None:
    token = site.token("one")
    for address in ELSEWHERE:
        with_token, without = site.get(token, address), site.server.test_client().get(address)
        assert with_token.status_code == without.status_code and with_token.status_code in (302, 401), address
        assert not with_token.is_json or code_of(with_token) == code_of(without), address


METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
DEEDS = ("/api/v1/board", "/api/v1/hotspots", "/api/v1/unmask", "/api/v1/assessment/2024-04/lock")


def test_a_token_only_reads(site: Site) -> None:
    token = site.token("one")
    for method, address in product(METHODS, DEEDS):
        answer = site.get(token, address, method, json={"confirm": "yes"})
        assert (answer.status_code, answer.json["error"]["code"]) == (405, "token.refused.method"), (method, address)
        assert answer.headers["Allow"] == "GET, HEAD"
    with reading(site.engine) as connection:
        assert connection.execute(select(t.hotspot)).all() == []
        assert connection.execute(select(t.assessment_month)).all() == []


def test_a_token_in_the_address_or_in_a_cookie_is_none(site: Site) -> None:
    token, client = site.token("one"), site.server.test_client()
    for name in ("token", "access_token", "api_key", "Authorization"):
        assert client.get(f"{ME}?{name}={token}").status_code == 401
        answer = site.get(token, f"{ME}?{name}={token}")
        assert (answer.status_code, answer.json["error"]["parameter"]) == (400, name)
        assert token.split(".")[1] not in answer.text
    client.set_cookie("board_session", token)
    assert client.get(ME).status_code == 401
    assert site.server.test_client().get(ME, headers={"Authorization": f"Basic {token}"}).status_code == 401


def test_a_wall_displays_token_opens_nothing_here(site: Site) -> None:
    public, secret = "0123456789ab", "s" * 43
    make.add(site.engine, t.display_token, token_id=public, token_hash="x", name="wall", layout="{}", created_at=NOW)
    assert site.code(f"{public}.{secret}") == (401, "token.refused.unknown")


def test_an_accounts_token_follows_the_account(site: Site) -> None:
    key = account(site, "li", Role.STATION, station="S1")
    token = site.token("li's", None, login="li")
    assert site.get(token).json["units"] == ["S1"]
    with writing(site.engine) as connection:
        change_account(connection, key, role="district", station_code=None, district_code="D2")
    site.seconds += LOOK_EVERY
    told = site.get(token).json
    assert (told["role"], told["units"], told["person"]) == ("district", ["D2"], "token:li's (li)")
    with writing(site.engine) as connection:
        change_account(connection, key, is_active=0)
    site.seconds += LOOK_EVERY
    assert site.code(token) == (401, "token.refused.revoked")


def test_a_token_of_the_demo_opens_nothing_in_production(site: Site) -> None:
    account(site, "demo.command", Role.COMMAND, origin="demo")
    token = site.token("d", None, login="demo.command")
    assert site.code(token) == (401, "token.refused.revoked")
    site.rules(production=False)
    assert site.code(token)[0] == 200


NONSENSE = [
    (NewToken("", 30, role=Role.COMMAND), BadRequest),
    (NewToken("x" * 61, 30, role=Role.COMMAND), BadRequest),
    (NewToken("a\nb", 30, role=Role.COMMAND), BadRequest),
    (NewToken("a", 0, role=Role.COMMAND), BadRequest),
    (NewToken("a", 367, role=Role.COMMAND), BadRequest),
    (NewToken("a", 30), BadRequest),
    (NewToken("a", 30, login="li", role=Role.COMMAND), BadRequest),
    (NewToken("a", 30, login="nobody"), NotFound),
    (NewToken("a", 30, login="shen"), BadRequest),
    (NewToken("a", 30, role=Role.ADMIN), BadRequest),
    (NewToken("a", 30, role=Role.AUDITOR), BadRequest),
    (NewToken("a", 30, role=Role.STATION), BadRequest),
    (NewToken("a", 30, role=Role.STATION, station="S9"), BadRequest),
    (NewToken("a", 30, role=Role.DISTRICT, station="S1"), BadRequest),
    (NewToken("taken", 30, role=Role.COMMAND), Refused),
]


def test_a_token_that_makes_no_sense_is_not_made(site: Site) -> None:
    account(site, "li", Role.COMMAND)
    account(site, "shen", Role.AUDITOR)
    site.token("taken")
    for wanted, error in NONSENSE:
        with pytest.raises(error):
            add(site.engine, wanted, by="tests", now=NOW)
    with reading(site.engine) as connection:
        assert [one.name for one in api_tokens(connection)] == ["taken"]


def test_making_revoking_and_refusing_are_in_the_log(site: Site) -> None:
    token = site.token("one", Role.DISTRICT, district="D1")
    for _ in range(3):
        site.get(token, "/api/v1/hotspots", "POST")
        site.code("0123456789ab." + "x" * 43)
    revoke(site.engine, "one", by="console:root", now=NOW)
    site.seconds += LOOK_EVERY
    site.code(token)
    told = [(action, actor, subject) for action, actor, subject, _ in site.entries()]
    assert told == [
        ("token_add", "tests", "token:one"),
        ("token_refused", "token:one", "token:one"),
        ("token_refused", "?", "token:?"),
        ("token_revoke", "console:root", "token:one"),
        ("token_refused", "token:one", "token:one"),
    ]
    site.seconds += 61
    site.code(token)
    assert len(site.entries()) == 6, "a flood writes one entry a minute"


def test_the_last_use_is_noted_to_the_minute(site: Site) -> None:
    token = site.token("one")
    for minutes in (0, 0, 2):
        site.now += timedelta(minutes=minutes)
        site.seconds += 60 * minutes
        site.get(token)
    with reading(site.engine) as connection:
        assert api_tokens(connection)[0].last_used_at == NOW + timedelta(minutes=2)


def test_a_token_may_not_ask_too_often_and_others_go_on(site: Site) -> None:
    from web import rates

    rates.install(site.server, "")
    site.rules(api_per_minute=3)
    first, second = site.token("one"), site.token("two")
    found = [site.code(first, "/api/v1/feeds")[0] for _ in range(5)]
    assert found == [200] * 3 + [429] * 2
    assert site.get(first, "/api/v1/feeds").headers["Retry-After"] == "60"
    assert site.code(second, "/api/v1/feeds")[0] == 200


def test_guessing_tokens_is_slowed_down(site: Site) -> None:
    from web import rates

    rates.install(site.server, "")
    site.rules(sign_in_per_minute=3)
    found = [site.code("0123456789ab." + "x" * 43)[0] for _ in range(5)]
    assert found == [401] * 3 + [429] * 2
    assert site.code(site.token("one"))[0] == 200, "whoever has one is let in"


def test_names_stay_masked_whatever_the_role(site: Site) -> None:
    site.token("one")
    told = site.get(site.token("two")).json
    assert (told["may_unmask"], told["unmasked_until"]) == (False, None)
