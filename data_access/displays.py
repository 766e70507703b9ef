"""Wall displays and their tokens: written by the command line, looked up by the web processes.

Only the SHA-256 of a token is kept. A token is `<identifier>.<256 random bits>`: the identifier finds the row,
the rest proves the right.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.state import raise_version
from data_access.tables import display_token, station
from domain.display import Display, display_of, layout_of
from domain.errors import BadRequest, NotFound, Refused
from domain.tokens import digest

SECRET_BYTES, LAYOUT_LENGTH = 32, 1000
SEEN_EVERY = timedelta(minutes=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """One token. `display` is None where what was kept cannot be understood; nobody gets in with that."""

    token_id: str
    token_hash: str
    name: str
    display: Display | None
    active: bool
    created_at: datetime
    last_seen_at: datetime | None


def identifier(token: str) -> str:
    """The public part of a token, or ""."""
    return token.split(".", 1)[0] if token.isascii() and len(token) <= 200 else ""


def displays(connection: Connection) -> tuple[DisplayRow, ...]:
    """All tokens, revoked ones too, by name and age. No row of any station, so no scope."""
    query = select(display_token).order_by(display_token.c.name, display_token.c.created_at, display_token.c.token_id)
    return tuple(_row(found) for found in connection.execute(query))


def _row(found: Any) -> DisplayRow:
    name = found.name or ""
    return DisplayRow(
        token_id=found.token_id,
        token_hash=found.token_hash or "",
        name=name,
        display=_display(name, found.layout),
        active=bool(found.is_active),
        created_at=found.created_at,
        last_seen_at=found.last_seen_at,
    )


def _display(name: str, layout: str | None) -> Display | None:
    try:
        kept = orjson.loads(layout or "")
        return display_of(name, kept) if isinstance(kept, dict) else None
    except (orjson.JSONDecodeError, BadRequest, TypeError) as error:
        log.error("the layout of display %r cannot be read: %s", name, error)
        return None


def add_display(engine: Engine, display: Display, *, actor: str, at: datetime) -> str:
    """Make a display; returns its token, which is not kept and cannot be told again.

    Raises:
        Refused: there is one of that name. BadRequest: no name, or a unit that does not exist.
    """
    if not display.name:
        raise BadRequest("error.display_unnamed")
    token_id = secrets.token_hex(6)
    token = f"{token_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
    with writing(engine) as connection:
        raise_version(connection, at, "displays")  # first: this row makes writers wait for each other
        if _of_name(connection, display.name) is not None:
            raise Refused("error.display_exists", name=display.name)
        _check_units(connection, display)
        row = {"token_id": token_id, "token_hash": digest(token), "name": display.name, "layout": _kept(display)}
        connection.execute(display_token.insert().values(**row, is_active=1, created_at=at))
        append(connection, Deed(actor, "display.add", _subject(display.name), f"{token_id} {_kept(display)}"), at)
    return token


def revoke_display(engine: Engine, name: str, *, actor: str, at: datetime) -> None:
    """Take a display's right away; its row stays.

    Raises:
        NotFound: no display of that name is in force.
    """
    with writing(engine) as connection:
        raise_version(connection, at, "displays")
        row = _in_force(connection, name)
        _set(connection, row.token_id, is_active=0)
        append(connection, Deed(actor, "display.revoke", _subject(name), row.token_id), at)


def change_display(
    engine: Engine,
    name: str,
    changes: dict[str, Any],
    *,
    actor: str,
    at: datetime,
    check: Callable[[Display], None] = lambda _: None,
) -> Display:
    """Change what a display shows; its token stays. Returns the display as it is now.

    Args:
        changes: fields of `Display` and their new values.
        check: raises where the changed display makes no sense; then nothing is written.

    Raises:
        NotFound: no display of that name is in force. BadRequest: a value is wrong, or a unit does not exist.
        Refused: what was kept cannot be understood.
    """
    with writing(engine) as connection:
        raise_version(connection, at, "displays")
        row = _in_force(connection, name)
        if row.display is None:
            raise Refused("error.display_unreadable", name=name)
        new = replace(row.display, **changes)
        check(new)
        _check_units(connection, new)
        _set(connection, row.token_id, layout=_kept(new))
        told = f"{row.token_id} {_kept(row.display)} -> {_kept(new)}"
        append(connection, Deed(actor, "display.change", _subject(name), told), at)
    return new


def write_seen(engine: Engine, token_ids: Iterable[str], at: datetime) -> None:
    """Note that these displays asked at `at`; one that was noted less than a minute ago is left alone."""
    stale = display_token.c.last_seen_at.is_(None) | (display_token.c.last_seen_at <= at - SEEN_EVERY)
    with writing(engine) as connection:
        which = display_token.c.token_id.in_(sorted(token_ids))
        connection.execute(display_token.update().where(which, stale).values(last_seen_at=at))


def _of_name(connection: Connection, name: str) -> DisplayRow | None:
    return next((row for row in displays(connection) if row.name == name and row.active), None)


def _in_force(connection: Connection, name: str) -> DisplayRow:
    row = _of_name(connection, name)
    if row is None:
        raise NotFound("error.display_missing", name=name)
    return row


def _set(connection: Connection, token_id: str, **values: object) -> None:
    connection.execute(display_token.update().where(display_token.c.token_id == token_id).values(**values))


def _check_units(connection: Connection, display: Display) -> None:
    """A wrong code would give an empty wall, so it is refused where somebody can still correct it."""
    known = connection.execute(select(station.c.code, station.c.district_code)).all()
    districts = {district for _, district in known}
    for code in display.districts:
        if code not in districts:
            raise BadRequest("error.display_district", value=code)
    if display.station and display.station not in {code for code, _ in known}:
        raise BadRequest("error.display_station", value=display.station)


def _kept(display: Display) -> str:
    text = orjson.dumps(layout_of(display)).decode()
    if len(text) > LAYOUT_LENGTH:
        raise BadRequest("error.display_districts", most=len(display.districts) - 1)
    return text


def _subject(name: str) -> str:
    return f"display:{name}"
