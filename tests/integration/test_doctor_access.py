"""The doctor on who may come in: each bad state is told, in both languages, with what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from commands import doctor_access as access
from commands.doctor_findings import Finding, Grade
from data_access import tables as t
from data_access.audit import Deed, append
from data_access.engine import writing
from tests.integration.test_doctor import GOOD_SECRET, tools

WELL, NOTE, FAULT = Grade.WELL, Grade.NOTE, Grade.FAULT
PRODUCTION = {"mode": "production", "secret_key": GOOD_SECRET}
NETWORK = {**PRODUCTION, "host": "10.1.2.3"}
BEHIND = {**PRODUCTION, "tls": True, "trusted_proxies": "127.0.0.1", "hosts": "board.example.internal"}


def look(check: Any, engine: Engine, **settings: object) -> Finding:
    """What a check finds; in Chinese it has the same grade, other words, and advice where English has."""
    english, chinese = (check(tools(engine, lang, **settings)) for lang in ("en", "zh"))
    assert english.grade is chinese.grade
    assert english.found != chinese.found
    assert bool(english.advice) is bool(chinese.advice) is (english.grade is not WELL)
    return english


def now(engine: Engine) -> datetime:
    return tools(engine).now()


def account(engine: Engine, login: str = "wang", role: str = "admin", **given: object) -> None:
    row = {"account_id": login, "login": login, "display_name": login, "role": role, "created_at": now(engine), **given}
    with writing(engine) as connection:
        connection.execute(t.account.insert().values(**row))


# accounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "settings", "grade", "says"),
    [
        ([], PRODUCTION, FAULT, "No administrator"),
        ([], {}, WELL, "none"),
        ([], {**PRODUCTION, "open_access": True}, WELL, "none"),
        ([{}], PRODUCTION, WELL, "1 accounts"),
        ([{"is_active": 0}], PRODUCTION, FAULT, "No administrator"),
        ([{"role": "command"}], PRODUCTION, FAULT, "No administrator"),
        ([{"role": "command"}], {}, NOTE, "No administrator"),
        ([{}, {"login": "demo-1", "origin": "demo"}], PRODUCTION, FAULT, "demo-1"),
        ([{}, {"login": "demo-1", "origin": "demo", "is_active": 0}], PRODUCTION, WELL, "1 accounts"),
        ([{"origin": "demo"}], {}, WELL, "1 accounts"),
    ],
)
def test_accounts(
    engine: Engine, made: list[dict[str, object]], settings: dict[str, Any], grade: Grade, says: str
) -> None:
    for one in made:
        account(engine, **one)  # type: ignore[arg-type]
    told = look(access.accounts, engine, **settings)
    assert told.grade is grade
    assert says in told.found


def test_where_a_gateway_names_administrators_none_here_is_no_fault(engine: Engine) -> None:
    header = {"trusted_proxies": "10.9.1.2", "proxy_user_header": "X-User", "proxy_role_header": "X-Role"}
    assert look(access.accounts, engine, **PRODUCTION, **header).grade is NOTE


def test_locked_accounts_are_named_the_first_few(engine: Engine) -> None:
    account(engine, "free", locked_until=now(engine) - timedelta(minutes=1))
    assert look(access.locked, engine).grade is WELL
    for n in range(7):
        account(engine, f"shut{n}", locked_until=now(engine) + timedelta(hours=1))
    told = look(access.locked, engine)
    assert told.grade is NOTE
    assert "7 (shut0, shut1, shut2, shut3, shut4 +2)" in told.found


# the network -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ({}, ""),
        ({"host": "localhost"}, ""),
        ({"host": "127.0.0.9"}, ""),
        ({"host": "::1"}, ""),
        ({"host": "0.0.0.0"}, "BOARD_HOST=0.0.0.0"),
        ({"host": "board"}, "BOARD_HOST=board"),
        ({"tls": True}, "BOARD_TLS=true"),
        ({"trusted_proxies": "10.0.0.5"}, "BOARD_TRUSTED_PROXIES=10.0.0.5"),
    ],
)
def test_what_faces_a_network(engine: Engine, settings: dict[str, object], by: str) -> None:
    assert access.facing(tools(engine, **settings)) == by


@pytest.mark.parametrize(
    ("settings", "demo", "grade"),
    [
        (PRODUCTION, False, WELL),
        (NETWORK, False, WELL),
        ({**PRODUCTION, "open_access": True}, False, NOTE),
        ({**NETWORK, "open_access": True}, False, FAULT),
        ({**BEHIND, "open_access": True}, False, FAULT),
        ({}, False, WELL),
        ({"host": "10.1.2.3"}, False, FAULT),
        ({"host": "10.1.2.3"}, True, NOTE),
    ],
)
def test_a_server_on_a_network_where_nobody_signs_in_is_told(
    engine: Engine, settings: dict[str, Any], demo: bool, grade: Grade
) -> None:
    if demo:
        with writing(engine) as connection:
            connection.execute(t.data_version.insert().values(name="demo", version=1, changed_at=now(engine)))
    told = look(access.sign_in, engine, **settings)
    assert told.grade is grade
    assert grade is not FAULT or "faces a network" in told.found


def test_in_development_an_account_closes_the_board(engine: Engine) -> None:
    account(engine)
    assert look(access.sign_in, engine, host="10.1.2.3").grade is WELL


@pytest.mark.parametrize(
    ("settings", "grade", "says"),
    [
        (PRODUCTION, WELL, "this machine alone"),
        (NETWORK, FAULT, "BOARD_HOST=10.1.2.3"),
        ({"host": "10.1.2.3"}, NOTE, "any host name"),
        (BEHIND, WELL, "board.example.internal"),
        ({**BEHIND, "hosts": "10.1.2.3, fd00::1"}, WELL, "fd00::1"),
        ({**BEHIND, "hosts": "https://board, ok.example"}, FAULT, "https://board"),
        ({**BEHIND, "hosts": "board:8050"}, FAULT, "board:8050"),
        ({**BEHIND, "hosts": "*.example"}, FAULT, "*.example"),
    ],
)
def test_host_names(engine: Engine, settings: dict[str, Any], grade: Grade, says: str) -> None:
    told = look(access.hosts, engine, **settings)
    assert told.grade is grade
    assert says in told.found


@pytest.mark.parametrize(
    ("settings", "grade", "says"),
    [
        (PRODUCTION, WELL, "no TLS"),
        (NETWORK, FAULT, "without TLS"),
        ({"host": "10.1.2.3"}, NOTE, "without TLS"),
        ({**PRODUCTION, "trusted_proxies": "127.0.0.1"}, FAULT, "without TLS"),
        (BEHIND, WELL, "127.0.0.1"),
        ({**BEHIND, "trusted_proxies": ""}, NOTE, "one address"),
        ({**BEHIND, "trusted_proxies": "127.0.0.1, 0.0.0.0/0"}, FAULT, "0.0.0.0/0"),
        ({**BEHIND, "trusted_proxies": "::/0"}, FAULT, "::/0"),
        ({**BEHIND, "trusted_proxies": "10.0.0.0/8"}, WELL, "10.0.0.0/8"),
    ],
)
def test_tls_and_proxies(engine: Engine, settings: dict[str, Any], grade: Grade, says: str) -> None:
    told = look(access.proxy, engine, **settings)
    assert told.grade is grade
    assert says in told.found


@pytest.mark.parametrize(
    ("settings", "grade", "says"),
    [
        ({"workers": 4}, WELL, "only in production"),
        ({**PRODUCTION, "workers": 1}, WELL, "10 attempts"),
        ({**PRODUCTION, "workers": 4, "redis_url": "redis://127.0.0.1:1/0"}, WELL, "1200 requests"),
        (
            {**PRODUCTION, "workers": 4},
            NOTE,
            "10 attempts to sign in a minute can be 40, 1200 requests for data can be",
        ),
        ({**PRODUCTION, "workers": 4}, NOTE, "can be 4800"),
        ({**PRODUCTION, "workers": 4, "sign_in_per_minute": 0}, NOTE, "not limited (0): a minute 0 attempts"),
        ({**PRODUCTION, "workers": 1, "api_per_minute": 0}, NOTE, "0 requests"),
    ],
)
def test_limits_a_minute(engine: Engine, settings: dict[str, Any], grade: Grade, says: str) -> None:
    told = look(access.limits, engine, **settings)
    assert told.grade is grade
    assert says in told.found


# the log ---------------------------------------------------------------------------------------


def log(engine: Engine, n: int) -> None:
    with writing(engine) as connection:
        for one in range(n):
            append(connection, Deed("somebody", "export", f"/{one}"), now(engine))


def test_a_whole_log_is_well_and_a_long_one_says_what_was_left_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(engine, 7)
    assert "all 7 entries" in look(access.audit, engine).found
    monkeypatch.setattr(access, "NEWEST", 5)
    told = look(access.audit, engine)
    assert told.grade is WELL
    assert "newest 5" in told.found and "2 older" in told.found


def test_a_changed_entry_is_a_fault_in_development_too(engine: Engine) -> None:
    log(engine, 7)
    with writing(engine) as connection:
        connection.execute(t.audit_entry.update().where(t.audit_entry.c.sequence == 6).values(actor="other"))
    told = look(access.audit, engine)
    assert told.grade is FAULT
    assert "6" in told.found


# tokens ----------------------------------------------------------------------------------------


def display(engine: Engine, name: str, age: float, seen: float | None = None, active: int = 1) -> None:
    at = now(engine)
    last = None if seen is None else at - timedelta(days=seen)
    row = {"token_id": name, "token_hash": "x", "name": name, "layout": "{}", "is_active": active}
    with writing(engine) as connection:
        insert = t.display_token.insert()
        connection.execute(insert.values(**row, created_at=at - timedelta(days=age), last_seen_at=last))


def test_displays_that_nobody_uses_are_named(engine: Engine) -> None:
    display(engine, "hall", 400, 0.1)
    display(engine, "new", 1)
    display(engine, "revoked", 400, active=0)
    told = look(access.wall_tokens, engine)
    assert (told.grade, "in force: 2" in told.found, "do not expire" in told.found) == (WELL, True, True)
    display(engine, "forgotten", 30)
    display(engine, "old", 300, 120)
    told = look(access.wall_tokens, engine)
    assert told.grade is NOTE
    assert "never used in more than 14 days: forgotten;" in told.found
    assert told.found.endswith("more than 90 days: old")


def token(engine: Engine, name: str, age: float, left: float, used: float | None = None, **given: object) -> None:
    at = now(engine)
    with writing(engine) as connection:
        connection.execute(
            t.api_token.insert().values(
                token_id=name,
                token_hash="x",
                name=name,
                role="command",
                created_at=at - timedelta(days=age),
                expires_at=at + timedelta(days=left),
                last_used_at=None if used is None else at - timedelta(days=used),
                **given,
            )
        )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"age": 30, "left": 200}, "never used in more than 14 days: sheet"),
        ({"age": 200, "left": 100, "used": 100}, "more than 90 days: sheet"),
        ({"age": 200, "left": 3, "used": 1}, "end soon: sheet ("),
        ({"age": 1, "left": 5000, "used": 1}, "last more than 366 days still"),
    ],
)
def test_tokens_that_want_a_look_are_named(engine: Engine, given: dict[str, float], says: str) -> None:
    token(engine, "good", 200, 100, 1)
    token(engine, "gone", 200, -1)
    token(engine, "revoked", 200, 100, revoked_at=now(engine))
    assert look(access.tokens, engine).grade is WELL
    token(engine, "sheet", **given)
    told = look(access.tokens, engine)
    assert told.grade is NOTE
    assert says in told.found
    assert "in force: 2" in told.found
