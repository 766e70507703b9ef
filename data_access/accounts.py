"""Accounts and sessions: the only SQL about who may sign in. Password hashes leave only by `hash_of`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from data_access.tables import account, account_session, station
from domain.access import Role
from domain.accounts import DEMO, Account, Session
from domain.errors import NotFound

_SHOWN = tuple(column for column in account.c if column.name != "password_hash")


def any_account(connection: Connection) -> bool:
    """Whether somebody may sign in; accounts of the demo do not count."""
    real = select(account.c.account_id).where(account.c.is_active == 1, account.c.origin.is_distinct_from(DEMO))
    return bool(connection.execute(select(exists(real))).scalar())


def by_login(connection: Connection, login: str) -> Account | None:
    """The account of a login (`domain.accounts.login_of`)."""
    return _one(connection, account.c.login == login)


def by_id(connection: Connection, account_id: str) -> Account | None:
    """The account of an identifier."""
    return _one(connection, account.c.account_id == account_id)


def all_accounts(connection: Connection) -> tuple[Account, ...]:
    """Every account, by login."""
    return tuple(_account(row) for row in connection.execute(select(*_SHOWN).order_by(account.c.login)).mappings())


def hash_of(connection: Connection, account_id: str) -> str:
    """The password's Argon2 hash; "" when the account has none."""
    query = select(account.c.password_hash).where(account.c.account_id == account_id)
    return str(connection.execute(query).scalar() or "")


def add_account(connection: Connection, new: Account, password_hash: str = "") -> None:  # nosec B107
    """Write a new account.

    Raises:
        sqlalchemy.exc.IntegrityError: the login is taken.
    """
    connection.execute(
        account.insert().values(
            account_id=new.account_id,
            login=new.login,
            display_name=new.name,
            role=new.role.value,
            station_code=new.station or None,
            district_code=new.district or None,
            password_hash=password_hash or None,
            is_active=int(new.active),
            created_at=new.created_at,
            origin=new.origin or None,
            must_change=int(new.must_change),
            password_changed_at=new.password_changed_at,
        )
    )


def new_account_id() -> str:
    """An identifier that no account has."""
    return f"U{uuid.uuid4().hex[:16]}"


def change_account(connection: Connection, account_id: str, **values: Any) -> None:
    """Change columns of an account."""
    connection.execute(account.update().where(account.c.account_id == account_id).values(**values))


def locked_account(connection: Connection, account_id: str) -> Account | None:
    """The account, so that nobody else changes it before the transaction ends."""
    connection.execute(select(account.c.account_id).where(account.c.account_id == account_id).with_for_update())
    return by_id(connection, account_id)


def first_station(connection: Connection) -> tuple[str, str]:
    """Code and district of the first active station, for the demo's accounts.

    Raises:
        NotFound: there is none.
    """
    query = select(station.c.code, station.c.district_code).where(station.c.is_active == 1)
    found = connection.execute(query.order_by(station.c.sort_no, station.c.code).limit(1)).first()
    if found is None:
        raise NotFound("error.page_unknown")
    return str(found[0]), str(found[1] or "")


def remove_demo_accounts(connection: Connection) -> None:
    """Remove the accounts of the demo with their sessions."""
    mine = select(account.c.account_id).where(account.c.origin == DEMO)
    connection.execute(account_session.delete().where(account_session.c.account_id.in_(mine)))
    connection.execute(account.delete().where(account.c.origin == DEMO))


# sessions --------------------------------------------------------------------------------------


def add_session(connection: Connection, new: Session) -> None:
    """Write a new session."""
    connection.execute(
        account_session.insert().values(
            session_id=new.session_id,
            account_id=new.account_id,
            how=new.how,
            created_at=new.created_at,
            last_seen_at=new.last_seen_at,
            expires_at=new.expires_at,
            user_agent=new.agent[:200],
            address=new.address[:64],
        )
    )


def reopen_session(connection: Connection, new: Session) -> None:
    """Write a session whose identifier may be there already: it begins anew."""
    connection.execute(account_session.delete().where(account_session.c.session_id == new.session_id))
    add_session(connection, new)


def session_of(connection: Connection, session_id: str) -> tuple[Session, Account] | None:
    """A session with its account, whatever their state; None when there is no such session."""
    joined = account_session.join(account, account.c.account_id == account_session.c.account_id)
    mine = [column.label(f"s_{column.name}") for column in account_session.c]
    query = select(*mine, *_SHOWN).select_from(joined).where(account_session.c.session_id == session_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return _session({column.name: row[f"s_{column.name}"] for column in account_session.c}), _account(row)


def sessions_of(connection: Connection, account_id: str, now: datetime) -> tuple[Session, ...]:
    """The account's sessions that have not ended, the last used first."""
    table = account_session.c
    query = select(account_session).where(
        table.account_id == account_id, table.ended_at.is_(None), table.expires_at > now
    )
    return tuple(_session(row) for row in connection.execute(query.order_by(table.last_seen_at.desc())).mappings())


def change_session(connection: Connection, session_id: str, **values: Any) -> None:
    """Change columns of a session."""
    mine = account_session.c.session_id == session_id
    connection.execute(account_session.update().where(mine).values(**values))


def end_sessions(connection: Connection, account_id: str, at: datetime, *, but: str = "") -> int:
    """End all sessions of an account; returns how many.

    Args:
        but: the one that goes on.
    """
    table = account_session.c
    mine = account_session.update().where(
        table.account_id == account_id, table.ended_at.is_(None), table.session_id != but
    )
    return int(connection.execute(mine.values(ended_at=at)).rowcount)


def forget_sessions(connection: Connection, before: datetime) -> int:
    """Remove sessions that expired before an instant; returns how many."""
    gone = account_session.delete().where(account_session.c.expires_at < before)
    return int(connection.execute(gone).rowcount)


def _one(connection: Connection, condition: Any) -> Account | None:
    row = connection.execute(select(*_SHOWN).where(condition)).mappings().first()
    return _account(row) if row is not None else None


def _account(row: Mapping[Any, Any]) -> Account:
    return Account(
        account_id=row["account_id"],
        login=row["login"] or "",
        name=row["display_name"] or "",
        role=Role(row["role"]) if row["role"] in set(Role) else Role.DISPLAY,
        station=row["station_code"] or "",
        district=row["district_code"] or "",
        origin=row["origin"] or "",
        active=bool(row["is_active"]),
        must_change=bool(row["must_change"]),
        created_at=row["created_at"],
        password_changed_at=row["password_changed_at"],
        last_seen_at=row["last_seen_at"],
        failed_count=int(row["failed_count"] or 0),
        locked_until=row["locked_until"],
    )


def _session(row: Mapping[Any, Any]) -> Session:
    return Session(
        session_id=row["session_id"],
        account_id=row["account_id"],
        how=row["how"] or "",
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        expires_at=row["expires_at"],
        agent=row["user_agent"] or "",
        address=row["address"] or "",
        ended_at=row["ended_at"],
        unmasked_until=row["unmasked_until"],
    )
