"""Making and revoking tokens of the JSON interface. Each deed is one transaction with its entry in the audit log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from data_access import api_tokens as store
from data_access.accounts import by_login
from data_access.audit import Deed, append
from data_access.engine import writing
from domain.access import Role
from domain.accounts import login_of
from domain.api_tokens import MOST_DAYS, MOST_NAME, ROLES, ApiToken
from domain.errors import BadRequest, NotFound, Refused
from domain.tokens import digest

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token shall be: either of an account (`login`), or with a role and unit of its own."""

    name: str
    days: int
    login: str = ""
    role: Role | None = None
    station: str = ""
    district: str = ""


def add(engine: Engine, wanted: NewToken, *, by: str, now: datetime) -> tuple[str, ApiToken]:
    """Make a token; returns it, which is not kept and cannot be told again, and its row.

    Raises:
        BadRequest: no name, days out of range, no scope or two, a unit that does not exist.
        NotFound: no such account. Refused: a token of that name is in force.
    """
    name = wanted.name.strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise BadRequest("token.bad.name", most=MOST_NAME)
    if not 1 <= wanted.days <= MOST_DAYS:
        raise BadRequest("token.bad.days", most=MOST_DAYS)
    token_id = secrets.token_hex(6)
    token = f"{token_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
    with writing(engine) as connection:
        if _in_force(connection, name, now) is not None:
            raise Refused("token.refused.exists", name=name)
        account_id, role, units = _scope(connection, wanted)
        until = now + timedelta(days=wanted.days)
        login = login_of(wanted.login) if account_id else ""
        made = ApiToken(token_id, digest(token), name, login, role, *units, True, now, until)
        store.add_api_token(connection, made, account_id)
        append(connection, Deed(by, "token_add", _subject(made), _about(made)), now)
    return token, made


def _scope(connection: Connection, wanted: NewToken) -> tuple[str, Role, tuple[str, str]]:
    """Account, role and unit.

    Raises:
        BadRequest: neither an account nor a role, or both; a role that is for people only; a wrong unit.
    """
    if bool(wanted.login) == (wanted.role is not None):
        raise BadRequest("token.bad.scope")
    if wanted.login:
        account = by_login(connection, login_of(wanted.login))
        if account is None:
            raise NotFound("access.unknown", login=wanted.login[:40])
        if account.role is Role.AUDITOR:
            raise BadRequest("token.bad.role")
        return account.account_id, account.role, (account.station, account.district)
    if wanted.role not in ROLES:
        raise BadRequest("token.bad.role")
    return "", wanted.role, _unit(connection, wanted)


def _unit(connection: Connection, wanted: NewToken) -> tuple[str, str]:
    """A wrong code would give empty answers, so it is refused where somebody can still correct it."""
    if wanted.role is Role.COMMAND:
        return "", ""
    by_station = wanted.role is Role.STATION
    code = wanted.station if by_station else wanted.district
    if not code or not store.unit_exists(connection, code, by_station=by_station):
        raise BadRequest("token.bad.unit", code=code[:40])
    return (code, "") if by_station else ("", code)


def revoke(engine: Engine, name: str, *, by: str, now: datetime) -> None:
    """Take a token's right away; its row stays.

    Raises:
        NotFound: no token of that name is in force.
    """
    with writing(engine) as connection:
        found = _in_force(connection, name, now)
        if found is None:
            raise NotFound("token.unknown", name=name[:40])
        store.end_api_token(connection, found.token_id, now)
        append(connection, Deed(by, "token_revoke", _subject(found), found.token_id), now)


def used(engine: Engine, token_id: str, now: datetime) -> None:
    """Note that somebody asked with it."""
    with writing(engine) as connection:
        store.write_used(connection, token_id, now)


def _in_force(connection: Connection, name: str, now: datetime) -> ApiToken | None:
    return next((one for one in store.api_tokens(connection) if one.name == name and not one.fault(now)), None)


def _subject(token: ApiToken) -> str:
    return f"token:{token.name}"


def _about(token: ApiToken) -> str:
    unit = token.login or token.station or token.district
    return " ".join(part for part in (token.token_id, token.role.value, unit, f"until {token.expires_at}") if part)
