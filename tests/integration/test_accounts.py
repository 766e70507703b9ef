"""Accounts and sessions on both databases: signing in, locks, changes, and what the log says of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access import accounts as store
from data_access import tables as t
from data_access.audit import verify
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import OIDC, Account, SignInRules
from domain.errors import BadRequest, NotFound, Refused
from services import account_office as office
from services import accounts, passwords
from services.accounts import Browser, SignedIn

NOW = datetime(2024, 5, 7, 13)
RULES, HERE = SignInRules(), Browser("10.0.0.7", "Chromium")
PASSWORD, OTHER = "Sommer-2024-Regen", "Winter-2025-Schnee"


def new(login: str = "wang", role: Role = Role.COMMAND, **more: Any) -> Account:
    return Account("", login, "王某", role, more.get("station", ""), more.get("district", ""), more.get("origin", ""),
                   True, False, NOW)  # fmt: skip


def enter(engine: Engine, login: str, password: str, now: datetime = NOW) -> SignedIn | None:
    return accounts.sign_in(engine, (login, password), RULES, HERE, now=now)


def actions(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(t.audit_entry.c.action).order_by(t.audit_entry.c.sequence)).scalars())


@pytest.fixture
def town(engine: Engine) -> Engine:
    office.add(engine, new(), PASSWORD, RULES, by="console:root", now=NOW)
    return engine


def test_the_right_password_opens_a_session_whose_token_is_stored_nowhere(town: Engine) -> None:
    made = enter(town, " WANG ", PASSWORD)
    assert made is not None and made.account.scope.everything
    with reading(town) as connection:
        stored = [str(row) for table in t.metadata.sorted_tables for row in connection.execute(select(table))]
    assert not any(made.token in row for row in stored)
    assert not any(PASSWORD in row for row in stored)
    assert enter(town, "wang", PASSWORD).token != made.token
    assert actions(town) == ["account_add", "sign_in", "sign_in"]


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "x"), ("nobody", PASSWORD), ("", ""), ("wang", ""), ("'--", "'")]
)
def test_whatever_is_wrong_gets_the_same_answer(town: Engine, login: str, password: str) -> None:
    assert enter(town, login, password) is None


def test_every_refusal_does_the_work_of_one_hash(town: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an answer tells nothing: an unknown, a disabled and a locked login are checked like any other."""
    office.add(town, new("off"), PASSWORD, RULES, by="c", now=NOW)
    office.set_active(town, "off", False, by="c", now=NOW)
    office.add(town, new("sso", origin="sso"), "", RULES, by="c", now=NOW)
    counted: list[str] = []
    real = passwords._HASHER.verify

    class Counting:
        def verify(self, stored: str, given: str) -> bool:
            counted.append(stored)
            return real(stored, given)

        def __getattr__(self, name: str) -> Any:
            return getattr(real.__self__, name)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for login in ("wang", "nobody", "off", "sso", "not a login"):
        counted.clear()
        assert enter(town, login, "wrong") is None
        assert len(counted) == 1, login
        assert counted[0].startswith("$argon2id$")


def test_wrong_passwords_lock_the_account_for_longer_each_time(town: Engine) -> None:
    for _ in range(5):
        enter(town, "wang", "wrong")
    assert enter(town, "wang", PASSWORD, NOW + timedelta(minutes=9)) is None
    assert actions(town)[-2:] == ["locked", "sign_in_refused"]
    later = NOW + timedelta(minutes=11)
    for _ in range(5):
        enter(town, "wang", "wrong", later)
    assert enter(town, "wang", PASSWORD, later + timedelta(minutes=19)) is None
    assert enter(town, "wang", PASSWORD, later + timedelta(minutes=21)) is not None
    for _ in range(4):  # the right password set the count back
        enter(town, "wang", "wrong", later + timedelta(minutes=22))
    assert enter(town, "wang", PASSWORD, later + timedelta(minutes=23)) is not None


def test_guessing_at_once_does_not_pass_the_lock(town: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: enter(town, "wang", f"wrong{n}"), range(6)))
    assert enter(town, "wang", PASSWORD) is None
    with reading(town) as connection:
        assert store.by_login(connection, "wang").failed_count >= 5
        assert verify(connection).why == ""


def test_what_was_typed_as_a_login_is_not_logged(town: Engine) -> None:
    enter(town, "my-secret-password-1", "x")
    with reading(town) as connection:
        told = [str(row) for row in connection.execute(select(t.audit_entry))]
    assert not any("my-secret" in row for row in told)


def test_another_password_ends_the_other_sessions(town: Engine) -> None:
    first, second = enter(town, "wang", PASSWORD), enter(town, "wang", PASSWORD)
    signed = (second.account, second.session)
    with pytest.raises(Refused, match="password"):
        office.change_own_password(town, signed, ("wrong", OTHER), RULES, now=NOW)
    with pytest.raises(Refused, match="short"):
        office.change_own_password(town, signed, (PASSWORD, "short"), RULES, now=NOW)
    with pytest.raises(Refused, match="as_before"):
        office.change_own_password(town, signed, (PASSWORD, PASSWORD), RULES, now=NOW)
    office.change_own_password(town, signed, (PASSWORD, OTHER), RULES, now=NOW)
    with reading(town) as connection:
        assert store.session_of(connection, first.session.session_id)[0].ended_at == NOW
        assert store.session_of(connection, second.session.session_id)[0].ended_at is None
    assert enter(town, "wang", PASSWORD) is None and enter(town, "wang", OTHER) is not None


def test_a_disabled_account_is_out_at_once_and_can_come_back(town: Engine) -> None:
    made = enter(town, "wang", PASSWORD)
    office.set_active(town, "wang", False, by="c", now=NOW)
    with reading(town) as connection:
        session, account = store.session_of(connection, made.session.session_id)
    assert session.ended_at is not None and not account.active
    assert enter(town, "wang", PASSWORD) is None
    office.set_active(town, "wang", True, by="c", now=NOW)
    assert enter(town, "wang", PASSWORD) is not None


def test_a_new_role_ends_the_sessions_and_keeps_only_its_own_unit(town: Engine) -> None:
    made = enter(town, "wang", PASSWORD)
    changed = office.set_role(town, "wang", Role.STATION, ("S1", "D1"), by="c", now=NOW)
    assert (changed.station, changed.district) == ("S1", "")
    with reading(town) as connection:
        session, account = store.session_of(connection, made.session.session_id)
    assert session.ended_at is not None and account.scope.stations == ("S1",)
    with pytest.raises(BadRequest, match="unit"):
        office.set_role(town, "wang", Role.DISTRICT, ("S1", ""), by="c", now=NOW)
    with pytest.raises(NotFound):
        office.set_role(town, "nobody", Role.ADMIN, ("", ""), by="c", now=NOW)


def test_a_login_is_taken_once_and_must_be_one(town: Engine) -> None:
    with pytest.raises(Refused, match="taken"):
        office.add(town, new("WANG"), PASSWORD, RULES, by="c", now=NOW)
    for login in ("a b", "<script>", "x'; DROP TABLE account; --"):
        with pytest.raises(BadRequest, match="login"):
            office.add(town, new(login), PASSWORD, RULES, by="c", now=NOW)
    with pytest.raises(Refused, match="short"):
        office.add(town, new("li"), "", RULES, by="c", now=NOW)
    assert actions(town) == ["account_add"]


def test_an_account_without_a_password_cannot_be_entered_by_one(engine: Engine) -> None:
    office.add(engine, new("sso", origin="sso"), "", RULES, by="c", now=NOW)
    for password in ("", "x", PASSWORD):
        assert enter(engine, "sso", password) is None


def test_who_comes_from_elsewhere_is_made_once_and_follows_his_role(engine: Engine) -> None:
    def mapped(role: Role, station: str = "", login: str = "zhao") -> Account:
        with writing(engine) as connection:
            return office.mapped(connection, new(login, role, station=station, origin=OIDC), now=NOW)

    first = mapped(Role.STATION, "S1")
    assert mapped(Role.STATION, "S1").account_id == first.account_id
    assert mapped(Role.COMMAND).scope.everything
    assert actions(engine) == ["account_add", "account_role"]
    office.add(engine, new("local", Role.STATION, station="S1"), PASSWORD, RULES, by="c", now=NOW)
    assert mapped(Role.ADMIN, login="local").role is Role.STATION, "an account made here keeps the role it has here"


def test_the_log_of_all_this_is_whole(town: Engine) -> None:
    enter(town, "wang", PASSWORD)
    enter(town, "wang", "wrong")
    with reading(town) as connection:
        assert verify(connection).why == ""
