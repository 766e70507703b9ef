"""Tokens of the JSON interface: written by the command line, looked up by the web processes.

A token is `<identifier>.<256 random bits>`: the identifier finds the row, the rest proves the right. Only the
SHA-256 of the whole is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from data_access.tables import account, api_token, station
from domain.access import Role
from domain.accounts import DEMO
from domain.api_tokens import ApiToken


def api_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """All tokens, revoked ones too, by name and age. No row of any station, so no scope."""
    about = (account.c.login, account.c.role.label("account_role"), account.c.is_active.label("account_active"),
             account.c.station_code.label("account_station"), account.c.district_code.label("account_district"),
             account.c.origin)  # fmt: skip
    joined = api_token.outerjoin(account, account.c.account_id == api_token.c.account_id)
    query = select(*api_token.c, *about).select_from(joined)
    ordered = query.order_by(api_token.c.name, api_token.c.created_at, api_token.c.token_id)
    return tuple(_token(row) for row in connection.execute(ordered).mappings())


def add_api_token(connection: Connection, new: ApiToken, account_id: str) -> None:
    """Write a new token. `account_id` "": it has a role and unit of its own."""
    own = {"role": new.role.value, "station_code": new.station or None, "district_code": new.district or None}
    connection.execute(
        api_token.insert().values(
            token_id=new.token_id,
            token_hash=new.token_hash,
            name=new.name,
            account_id=account_id or None,
            **({} if account_id else own),
            created_at=new.created_at,
            expires_at=new.expires_at,
        )
    )


def unit_exists(connection: Connection, code: str, *, by_station: bool) -> bool:
    """Whether there is a station of this code, or a district that has one."""
    column = station.c.code if by_station else station.c.district_code
    return connection.execute(select(station.c.code).where(column == code).limit(1)).first() is not None


def end_api_token(connection: Connection, token_id: str, at: datetime) -> None:
    """Revoke it; its row stays."""
    connection.execute(api_token.update().where(api_token.c.token_id == token_id).values(revoked_at=at))


def write_used(connection: Connection, token_id: str, at: datetime) -> None:
    """Note that somebody asked with it."""
    connection.execute(api_token.update().where(api_token.c.token_id == token_id).values(last_used_at=at))


def _token(row: Any) -> ApiToken:
    follows = row["account_id"] is not None
    role = row["account_role"] if follows else row["role"]
    welcome = not follows or bool(row["account_active"])
    return ApiToken(
        token_id=row["token_id"],
        token_hash=row["token_hash"] or "",
        name=row["name"] or "",
        login=(row["login"] or "") if follows else "",
        role=Role(role) if role in set(Role) else Role.DISPLAY,
        station=(row["account_station"] if follows else row["station_code"]) or "",
        district=(row["account_district"] if follows else row["district_code"]) or "",
        active=row["revoked_at"] is None and welcome,
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        demo=follows and row["origin"] == DEMO,
    )
