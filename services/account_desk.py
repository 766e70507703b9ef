"""What an administrator does with accounts on the page. Nobody locks the last administrator out."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, Engine

from data_access import accounts as store
from data_access.audit import Deed, append
from data_access.engine import reading, writing
from data_access.readers.administration import district_rows, station_rows
from domain.access import Role, Scope
from domain.accounts import DEMO, LOCAL, Account, SignInRules, login_of, weakness
from domain.errors import BadRequest, NotFound, Refused
from services import account_office as office
from services.accounts import subject_of

PARTS, SIGNS = 4, "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Signs of a one-time password that nobody takes for another."""
LONGEST = 40


def one_time_password(login: str, rules: SignInRules) -> str:
    """A password that the rules accept, in groups that can be read out: `x7Kp-…`."""
    size = max(PARTS, -(-rules.length // PARTS))
    while True:
        parts = ("".join(secrets.choice(SIGNS) for _ in range(size)) for _ in range(PARTS))
        if not weakness(made := "-".join(parts), login, rules):
            return made


def create(
    engine: Engine, new: Account, rules: SignInRules, *, by: str, now: datetime, scope: Scope
) -> tuple[Account, str]:
    """Make an account with a one-time password; returns both.

    Raises:
        BadRequest: login, unit. Refused: the login is taken.
    """
    with reading(engine) as connection:
        _known_unit(connection, new.role, (new.station, new.district), scope)
    password = one_time_password(login_of(new.login), rules)
    return office.add(engine, new, password, rules, by=by, now=now), password


def new_password(engine: Engine, login: str, rules: SignInRules, *, by: str, now: datetime) -> str:
    """Another one-time password; sessions and any lock of the account end.

    Raises:
        NotFound: no such account. Refused: it does not sign in by password, or belongs to the demo.
    """
    with reading(engine) as connection:
        account = _own(connection, login)
    if account.origin != LOCAL:
        raise Refused("admin.refused.elsewhere", login=account.login)
    password = one_time_password(account.login, rules)
    office.set_password(engine, account.login, password, rules, by=by, now=now, must_change=True)
    return password


def set_role(
    engine: Engine, login: str, role: Role, units: tuple[str, str], *, by: str, now: datetime, scope: Scope
) -> None:
    """Another role and unit.

    Raises:
        As `account_office.set_role`; Refused: it is the last administrator.
    """
    with reading(engine) as connection:
        account = _own(connection, login)
        _known_unit(connection, role, units, scope)
        if role is not Role.ADMIN:
            _another(connection, account)
    office.set_role(engine, account.login, role, units, by=by, now=now)


def set_active(engine: Engine, login: str, active: bool, *, by: str, now: datetime) -> None:
    """Let an account sign in again, or no more.

    Raises:
        NotFound: no such account. Refused: it is the last administrator, or belongs to the demo.
    """
    with reading(engine) as connection:
        account = _own(connection, login)
        if not active:
            _another(connection, account)
    office.set_active(engine, account.login, active, by=by, now=now)


def unlock(engine: Engine, login: str, *, by: str, now: datetime) -> None:
    """End the lock that wrong passwords made.

    Raises:
        NotFound: no such account. Refused: it is not locked.
    """
    with writing(engine) as connection:
        account = _own(connection, login)
        if not account.locked(now) and not account.failed_count:
            raise Refused("admin.refused.unlocked", login=account.login)
        store.change_account(connection, account.account_id, failed_count=0, locked_until=None)
        append(connection, Deed(by, "account_unlock", subject_of(account)), now)


def end_sessions(engine: Engine, login: str, *, by: str, now: datetime) -> int:
    """Sign an account out everywhere; returns of how many browsers."""
    with writing(engine) as connection:
        account = _own(connection, login)
        ended = store.end_sessions(connection, account.account_id, now)
        append(connection, Deed(by, "account_sessions", subject_of(account), f"{ended} ended"), now)
    return ended


def _own(connection: Connection, login: str) -> Account:
    found = store.by_login(connection, login_of(login))
    if found is None:
        raise NotFound("access.unknown", login=login[:LONGEST])
    if found.origin == DEMO:
        raise Refused("admin.refused.demo", login=found.login)
    return found


def _another(connection: Connection, account: Account) -> None:
    """Refuse to take the last administrator away."""
    others = [
        one
        for one in store.all_accounts(connection)
        if one.role is Role.ADMIN and one.active and one.origin != DEMO and one.account_id != account.account_id
    ]
    if account.role is Role.ADMIN and account.active and not others:
        raise Refused("admin.refused.last_admin", login=account.login)


def _known_unit(connection: Connection, role: Role, units: tuple[str, str], scope: Scope) -> None:
    """A wrong code would show an empty board, so it is refused where somebody can still correct it."""
    station, district = units
    if role is Role.STATION and station and station not in {row.code for row in station_rows(connection, scope)}:
        raise BadRequest("admin.bad.station", value=station[:LONGEST])
    known = {row.code for row in district_rows(connection, scope) if row.active}
    if role is Role.DISTRICT and district and district not in known:
        raise BadRequest("admin.bad.district", value=district[:LONGEST])
