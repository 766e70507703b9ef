"""Signing in and out, and showing names. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from data_access import accounts as store
from data_access.audit import Deed, append
from data_access.engine import reading, writing
from domain.accounts import (
    DEMO,
    MOST_PASSWORD,
    Account,
    Session,
    SignInRules,
    lock_until,
    login_of,
)
from domain.errors import Refused
from domain.tokens import digest
from services.passwords import hashed, matches, new_token, outdated


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: address and the beginning of what the browser calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token (for the cookie, stored nowhere) and its account."""

    token: str
    account: Account
    session: Session


def sign_in(
    engine: Engine, given: tuple[str, str], rules: SignInRules, browser: Browser, *, now: datetime
) -> SignedIn | None:
    """A session for login and password; None when they do not fit, whatever the reason.

    An unknown login, a locked or disabled account and a wrong password take the same work and answer the same.

    Args:
        given: login and password as typed.
    """
    login, password = login_of(given[0]), given[1][: MOST_PASSWORD + 1]
    with reading(engine) as connection:
        found = store.by_login(connection, login) if login else None
        stored = store.hash_of(connection, found.account_id) if found else ""
    good = matches(stored, password)
    with writing(engine) as connection:
        account = store.locked_account(connection, found.account_id) if found else None
        if account is None or not account.active or account.origin == DEMO or account.locked(now) or not good:
            failed(connection, account, rules, browser, now=now)
            return None
        values: dict[str, Any] = {"failed_count": 0, "locked_until": None}
        if outdated(stored):
            values["password_hash"] = hashed(password)
        store.change_account(connection, account.account_id, **values)
        return open_session(connection, account, "password", (rules, browser), now=now)


def failed(
    connection: Connection, account: Account | None, rules: SignInRules, browser: Browser, *, now: datetime
) -> None:
    """Count it, lock if it is once too often, say it in the log. What was typed as a login is not logged: it
    may be a password in the wrong field."""
    told = f"from {browser.address}"
    if account is None:
        append(connection, Deed("?", "sign_in_refused", "account:?", told), now)
        return
    if not account.active or account.locked(now):
        why = "locked" if account.active else "disabled"
        append(connection, Deed(account.person, "sign_in_refused", subject_of(account), f"{why}, {told}"), now)
        return
    failed = account.failed_count + 1
    until = lock_until(failed, now, rules)
    store.change_account(connection, account.account_id, failed_count=failed, locked_until=until)
    append(connection, Deed(account.person, "sign_in_refused", subject_of(account), told), now)
    if until is not None:
        append(connection, Deed(account.person, "locked", subject_of(account), f"until {until}, {told}"), now)


def open_session(
    connection: Connection, account: Account, how: str, what: tuple[SignInRules, Browser], *, now: datetime
) -> SignedIn:
    """A new session with a token that nobody had before. `how`: password, demo, proxy or oidc."""
    rules, browser = what
    token = new_token()
    session = Session(
        session_id=digest(token),
        account_id=account.account_id,
        how=how,
        created_at=now,
        last_seen_at=now,
        expires_at=now + rules.limit,
        agent=browser.agent[:200],
        address=browser.address[:64],
    )
    store.forget_sessions(connection, now - 30 * rules.limit)
    store.add_session(connection, session)
    tell_sign_in(connection, account, how, browser, now=now)
    return SignedIn(token, account, session)


def tell_sign_in(connection: Connection, account: Account, how: str, browser: Browser, *, now: datetime) -> None:
    """Note that somebody came in."""
    store.change_account(connection, account.account_id, last_seen_at=now)
    append(connection, Deed(account.person, "sign_in", subject_of(account), f"{how}, from {browser.address}"), now)


def sign_out(engine: Engine, session: Session, account: Account, *, now: datetime, everywhere: bool = False) -> None:
    """End a session, or all of the account's."""
    with writing(engine) as connection:
        if everywhere:
            store.end_sessions(connection, account.account_id, now)
        else:
            store.change_session(connection, session.session_id, ended_at=now)
        append(
            connection, Deed(account.person, "sign_out", subject_of(account), "everywhere" if everywhere else ""), now
        )


def touch(engine: Engine, session: Session, now: datetime) -> None:
    """Somebody is still there."""
    with writing(engine) as connection:
        store.change_session(connection, session.session_id, last_seen_at=now)


def unmask(
    engine: Engine, session: Session, account: Account, why: tuple[str, str], rules: SignInRules, *, now: datetime
) -> datetime:
    """Show names for a while; returns until when.

    Args:
        why: the subject (what is looked at) and the reason.

    Raises:
        Refused: no reason is given.
    """
    subject, reason = why[0].strip(), why[1].strip()
    if len(reason) < 2:
        raise Refused("access.refused.reason")
    until = now + rules.unmasked_for
    with writing(engine) as connection:
        store.change_session(connection, session.session_id, unmasked_until=until)
        append(connection, Deed(account.person, "unmask", subject, reason), now)
    return until


def mask(engine: Engine, session: Session, *, now: datetime) -> None:
    """Hide names again before the time is over."""
    with writing(engine) as connection:
        store.change_session(connection, session.session_id, unmasked_until=now)


def note(engine: Engine, deed: Deed, now: datetime) -> None:
    """One entry of the audit log, in a transaction of its own."""
    with writing(engine) as connection:
        append(connection, deed, now)


def subject_of(account: Account) -> str:
    """What the audit log calls an account."""
    return f"account:{account.login}"
