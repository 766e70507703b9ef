"""Making and changing accounts. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from data_access import accounts as store
from data_access.audit import Deed, append
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import LOCAL, Account, Session, SignInRules, login_of, weakness
from domain.errors import BadRequest, NotFound, Refused
from services.accounts import Browser, failed, subject_of
from services.passwords import hashed, matches


def add(engine: Engine, new: Account, password: str, rules: SignInRules, *, by: str, now: datetime) -> Account:
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
            append(connection, Deed(by, "account_add", subject_of(made), _about(made)), now)
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
        append(connection, Deed(by, "account_password", subject_of(account)), now)


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
            failed(connection, store.locked_account(connection, account.account_id), rules, Browser(), now=now)
        raise Refused("access.refused.password")
    _strong(new, account.login, rules)
    if new == old:
        raise Refused("access.weak.as_before")
    with writing(engine) as connection:
        values = {"password_hash": hashed(new), "password_changed_at": now, "must_change": 0}
        store.change_account(connection, account.account_id, **values, failed_count=0, locked_until=None)
        store.end_sessions(connection, account.account_id, now, but=session.session_id)
        append(connection, Deed(account.person, "account_password", subject_of(account), "own"), now)


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
        append(connection, Deed(by, "account_enable" if active else "account_disable", subject_of(account)), now)


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
        append(connection, Deed(by, "account_role", subject_of(account), told), now)
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
        append(connection, Deed(made.origin, "account_add", subject_of(made), _about(made)), now)
        return made
    if found.origin != made.origin or _about(found) == _about(made):
        return found
    _write_role(connection, replace(made, account_id=found.account_id))
    append(connection, Deed(made.origin, "account_role", subject_of(found), f"{_about(found)} > {_about(made)}"), now)
    return replace(found, role=made.role, station=made.station, district=made.district)


def _known(connection: Connection, login: str) -> Account:
    found = store.by_login(connection, login_of(login))
    if found is None:
        raise NotFound("access.unknown", login=login[:40])
    return found


def _about(account: Account) -> str:
    return " ".join(part for part in (account.role.value, account.station, account.district) if part)
