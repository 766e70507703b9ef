"""Rules of logins, passwords, lock-out, roles, masking and the page after signing in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import masking
from domain.access import DEEDS, Role, Scope, may, scope_of
from domain.accounts import Account, Session, SignInRules, lock_until, login_of, stale, weakness
from web.sign_in import safe_next

NOW = datetime(2024, 5, 7, 13)
RULES = SignInRules()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Kurz-1", "short"),
        ("x" * 201 + "A1", "long"),
        ("nurkleinbuchstaben", "kinds"),
        ("mit-Wang.Li-darin-1", "login"),
        ("aaaaaaaaaaA1", "same"),
        ("Sommer-2024-Regen", ""),
    ],
)
def test_a_weak_password_is_told_why(password: str, why: str) -> None:
    assert weakness(password, "wang.li", RULES) == why


def test_each_lock_is_twice_as_long_up_to_a_day() -> None:
    lengths = [(until - NOW) if (until := lock_until(n, NOW, RULES)) else None for n in range(1, 61)]
    found = [length for length in lengths if length is not None]
    assert len(found) == 12
    assert found[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert max(found) == timedelta(hours=24)
    assert lock_until(10**6, NOW, RULES) == NOW + timedelta(hours=24)


@pytest.mark.parametrize("text", ["", "a", "a b", "<b>", "a'--", "x" * 65, ".a", "a\n", "a;b"])
def test_what_cannot_be_a_login(text: str) -> None:
    assert login_of(text) == "" or text.strip() != text


def test_a_session_ends_by_itself_by_hand_and_when_left_alone() -> None:
    session = Session("s", "a", "password", NOW, NOW, NOW + timedelta(hours=14))
    idle = timedelta(hours=8)
    assert session.alive(NOW + idle, idle)
    assert not session.alive(NOW + idle + timedelta(seconds=1), idle)
    late = Session("s", "a", "password", NOW, NOW + timedelta(hours=13), NOW + timedelta(hours=14))
    assert late.alive(NOW + timedelta(hours=13), idle) and not late.alive(NOW + timedelta(hours=14), idle)


def test_a_unit_role_without_a_unit_sees_nothing() -> None:
    assert scope_of(Role.STATION).stations == ()
    assert scope_of(Role.DISTRICT).districts == ()
    assert scope_of(Role.AUDITOR, "S1", "D1").stations == ()
    assert scope_of(Role.DISPLAY).stations == ()
    assert scope_of(Role.ADMIN).everything


def test_names_are_shown_only_to_roles_that_may_and_only_after_asking() -> None:
    for role in Role:
        assert not Scope(role).sees_personal_data
    seeing = {role for role in Role if Scope(role, unmasked=True).sees_personal_data}
    assert seeing == {Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN}


def test_an_auditor_and_a_wall_may_do_nothing() -> None:
    assert {deed for deed in DEEDS if may(Role.AUDITOR, deed) or may(Role.DISPLAY, deed)} == set()
    assert [role for role in Role if may(role, "mode")] == [Role.ADMIN]
    assert not may(Role.STATION, "lock") and not may(Role.DISTRICT, "adjust") and not may(Role.STATION, "reply")


def test_an_old_password_must_be_changed_where_the_rules_say_so() -> None:
    account = Account("a", "wang", "", Role.COMMAND, "", "", "", True, False, NOW - timedelta(days=91))
    assert not stale(account, NOW, RULES)
    assert stale(account, NOW, SignInRules(days=90))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话13812345678转", "13812345678"),
        ("tel 138 1234 5678", "1234"),
        ("0571-87654321", "87654321"),
        ("身份证110101199003071234。", "19900307"),
        ("11010119900307123X", "0307123"),
        ("浙A12345撞浙AD54321", "12345"),
    ],
)
def test_numbers_of_people_lose_their_middle(text: str, hidden: str) -> None:
    shown = masking.numbers(text)
    assert hidden not in shown and "*" in shown


@pytest.mark.parametrize("text", ["2024-05-07 13:00", "S330109010000", "共 12345 起", "110-20240507000123", ""])
def test_other_numbers_stay(text: str) -> None:
    assert masking.numbers(text) == text


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "evil",
        "javascript:alert(1)", " //evil.example", "/%0d%0aSet-Cookie:x=1\r\n", "///evil.example", "/sign-out",
        "/api/v1/board", "/sign-in?next=/x", "http:evil.example", "/" + "x" * 3000,
    ],
)  # fmt: skip
def test_no_address_leads_away_after_signing_in(evil: str) -> None:
    assert safe_next(evil) == "/"


def test_an_address_of_ours_is_kept() -> None:
    assert safe_next("/station/S1/T1-01?part=missed&page=2") == "/station/S1/T1-01?part=missed&page=2"
