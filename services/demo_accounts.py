"""Accounts of the demo: no password, entered by one click, refused in production."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine

from data_access import accounts as store
from data_access.engine import writing
from domain.access import Role
from domain.accounts import DEMO, Account, SignInRules
from domain.errors import NotFound
from services.accounts import Browser, SignedIn, open_session


def demo_session(
    engine: Engine, role: Role, name: str, what: tuple[SignInRules, Browser], *, now: datetime
) -> SignedIn:
    """A session as one of the demo's roles; the first station and its district are the demo's own.

    Raises:
        NotFound: there is no station.
    """
    with writing(engine) as connection:
        return open_session(connection, _account(connection, role, name, now), "demo", what, now=now)


def _account(connection: Connection, role: Role, name: str, now: datetime) -> Account:
    login = f"demo-{role.value}"
    found = store.by_login(connection, login)
    if found is not None and found.origin == DEMO:
        return found
    if found is not None:
        raise NotFound("error.page_unknown")
    own, district = store.first_station(connection)
    made = Account(
        account_id=store.new_account_id(),
        login=login,
        name=name,
        role=role,
        station=own if role is Role.STATION else "",
        district=district if role is Role.DISTRICT else "",
        origin=DEMO,
        active=True,
        must_change=False,
        created_at=now,
    )
    store.add_account(connection, made)
    return made
