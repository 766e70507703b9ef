"""Signing in and out, and changing accounts. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from data_access import accounts as store
from data_access.audit import Deed, append
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import (
    DEMO,
    LOCAL,
    MOST_PASSWORD,
    Account,
    Session,
    SignInRules,
    lock_until,
    login_of,
    weakness,
)
from domain.errors import BadRequest, NotFound, Refused
from services.passwords import digest, hashed, matches, new_token, outdated


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
            _failed(connection, account, rules, browser, now=now)
            return None
        values = {"failed_count": 0, "locked_until": None}
        if outdated(stored):
            values["password_hash"] = hashed(password)
        store.change_account(connection, account.account_id, **values)
        return open_session(connection, account, "password", (rules, browser), now=now)


def _failed(
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
        append(connection, Deed(account.person, "sign_in_refused", _subject(account), f"{why}, {told}"), now)
        return
    failed = account.failed_count + 1
    until = lock_until(failed, now, rules)
    store.change_account(connection, account.account_id, failed_count=failed, locked_until=until)
    append(connection, Deed(account.person, "sign_in_refused", _subject(account), told), now)
    if until is not None:
        append(connection, Deed(account.person, "locked", _subject(account), f"until {until}, {told}"), now)


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
    store.change_account(connection, account.account_id, last_seen_at=now)
    append(connection, Deed(account.person, "sign_in", _subject(account), f"{how}, from {browser.address}"), now)
    return SignedIn(token, account, session)


def sign_out(engine: Engine, session: Session, account: Account, *, now: datetime, everywhere: bool = False) -> None:
    """End a session, or all of the account's."""
    with writing(engine) as connection:
        if everywhere:
            store.end_sessions(connection, account.account_id, now)
        else:
            store.change_session(connection, session.session_id, ended_at=now)
        append(connection, Deed(account.person, "sign_out", _subject(account), "everywhere" if everywhere else ""), now)


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


# changing accounts -----------------------------------------------------------------------------


def add(
    engine: Engine, new: Account, password: str, rules: SignInRules, *, by: str, now: datetime
) -> Account:
    """Make an account.

    Args:
        new: its identifier is given here. password: "" for one that signs in elsewhere (proxy, OpenID).

    Raises:
        BadRequest: the login cannot be one, or a station or district role has no unit.
        Refused: the login is taken, or the password is too weak.
    """
    made = replace(_sound(new), account_id=store.new_account_id(), created_at=now)
    if password or made.origin == LOCAL:
        _strong(password, made.login, rules)
        made = replace(made, password_changed_at=now)
    try:
        with writing(engine) as connection:
            store.add_account(connection, made, hashed(password) if password else "")
            append(connection, Deed(by, "account_add", _subject(made), _about(made)), now)
    except IntegrityError as error:
        raise Refused("access.refused.taken", login=made.login) from error
    return made


def _sound(new: Account) -> Account:
    login = login_of(new.login)
    if not login:
        raise BadRequest("access.bad.login", login=new.login[:40])
    if (new.role is Role.STATION and not new.station) or (new.role is Role.DISTRICT and not new.district):
        raise BadRequest("access.bad.unit", role=new.role.value)
    station = new.station if new.role is Role.STATION else ""
    district = new.district if new.role is Role.DISTRICT else ""
    return replace(new, login=login, name=new.name.strip() or login, station=station, district=district)


def _strong(password: str, login: str, rules: SignInRules) -> None:
    if why := weakness(password, login, rules):
        raise Refused(f"access.weak.{why}", length=rules.length, kinds=rules.kinds)


def set_password(
    engine: Engine, login: str, password: str, rules: SignInRules, *, by: str, now: datetime, must_change: bool = False
) -> None:
    """Give an account another password; ends its sessions and any lock.

    Raises:
        NotFound: no such account. Refused: the password is too weak.
    """
    with writing(engine) as connection:
        account = _known(connection, login)
        _strong(password, account.login, rules)
        store.change_account(
            connection,
            account.account_id,
            password_hash=hashed(password),
            password_changed_at=now,
            must_change=int(must_change),
            failed_count=0,
            locked_until=None,
        )
        store.end_sessions(connection, account.account_id, now)
        append(connection, Deed(by, "account_password", _subject(account)), now)


def change_own_password(
    engine: Engine, signed: tuple[Account, Session], passwords: tuple[str, str], rules: SignInRules, *, now: datetime
) -> None:
    """Change one's own password; the other sessions of the account end.

    Args:
        signed: account and session. passwords: the present one and the new one.

    Raises:
        Refused: the present password is wrong (counts towards the lock), or the new one is too weak or the same.
    """
    account, session = signed
    old, new = passwords
    with reading(engine) as connection:
        good = matches(store.hash_of(connection, account.account_id), old)
    if account.locked(now) or not good:
        with writing(engine) as connection:
            _failed(connection, store.locked_account(connection, account.account_id), rules, Browser(), now=now)
        raise Refused("access.refused.password")
    _strong(new, account.login, rules)
    if new == old:
        raise Refused("access.weak.as_before")
    with writing(engine) as connection:
        values = {"password_hash": hashed(new), "password_changed_at": now, "must_change": 0}
        store.change_account(connection, account.account_id, **values, failed_count=0, locked_until=None)
        store.end_sessions(connection, account.account_id, now, but=session.session_id)
        append(connection, Deed(account.person, "account_password", _subject(account), "own"), now)


def set_active(engine: Engine, login: str, active: bool, *, by: str, now: datetime) -> None:
    """Let an account sign in again, or no more; then its sessions end too.

    Raises:
        NotFound: no such account.
    """
    with writing(engine) as connection:
        account = _known(connection, login)
        store.change_account(connection, account.account_id, is_active=int(active), failed_count=0, locked_until=None)
        if not active:
            store.end_sessions(connection, account.account_id, now)
        append(connection, Deed(by, "account_enable" if active else "account_disable", _subject(account)), now)


def set_role(engine: Engine, login: str, role: Role, units: tuple[str, str], *, by: str, now: datetime) -> Account:
    """Give an account another role and unit; its sessions end.

    Args:
        units: station and district; the one that the role needs counts.

    Raises:
        NotFound: no such account. BadRequest: the role needs a unit.
    """
    with writing(engine) as connection:
        account = _known(connection, login)
        made = _sound(replace(account, role=role, station=units[0], district=units[1]))
        _write_role(connection, made)
        store.end_sessions(connection, account.account_id, now)
        told = f"{_about(account)} > {_about(made)}"
        append(connection, Deed(by, "account_role", _subject(account), told), now)
    return made


def _write_role(connection: Connection, made: Account) -> None:
    values = {"role": made.role.value, "station_code": made.station or None, "district_code": made.district or None}
    store.change_account(connection, made.account_id, **values)


def mapped(connection: Connection, wanted: Account, *, now: datetime) -> Account:
    """The account of somebody whom another system vouches for; made, or brought to the role that system says.

    A local account of the same login keeps the role it has here.

    Raises:
        BadRequest: the login cannot be one, or the role needs a unit.
    """
    made = _sound(wanted)
    found = store.by_login(connection, made.login)
    if found is None:
        made = replace(made, account_id=store.new_account_id(), created_at=now)
        store.add_account(connection, made)
        append(connection, Deed(made.origin, "account_add", _subject(made), _about(made)), now)
        return made
    if found.origin != made.origin or _about(found) == _about(made):
        return found
    _write_role(connection, replace(made, account_id=found.account_id))
    append(connection, Deed(made.origin, "account_role", _subject(found), f"{_about(found)} > {_about(made)}"), now)
    return replace(found, role=made.role, station=made.station, district=made.district)


def _known(connection: Connection, login: str) -> Account:
    found = store.by_login(connection, login_of(login))
    if found is None:
        raise NotFound("access.unknown", login=login[:40])
    return found


def _about(account: Account) -> str:
    return " ".join(part for part in (account.role.value, account.station, account.district) if part)


def _subject(account: Account) -> str:
    return f"account:{account.login}"
