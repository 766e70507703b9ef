"""Programs that ask with `Authorization: Bearer …`: whose token it is, for the JSON interface and nothing else.

Each process reads all tokens at most every few seconds, whoever asks and however many: a flood of wrong tokens
costs no query. While the database is gone the last verdict holds. A token in an address is none: addresses are
written to logs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app, request
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.api_tokens import api_tokens
from data_access.audit import Deed
from domain.api_tokens import ApiToken, public_part
from domain.errors import BoardError, DataUnavailable, ReadOnly, Unauthorised
from domain.tokens import is_token_of
from services.api_tokens import used
from web import looking, rates
from web.address import client_address
from web.context import context
from web.held import Held
from web.identity import WAYS, Identity

EXTENSION = "board_api_tokens"
BELOW = "/api/v1/"
READS = ("GET", "HEAD")
TOUCH_EVERY, TELL_EVERY = 60.0, 60.0
MOST_TOLD = 1000
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Register:
    """The tokens as this process last saw them. `clock`: seconds that only go forward."""

    engine: Engine
    clock: Callable[[], float] = time.monotonic
    held: Held[ApiToken] = field(init=False)
    _touched: dict[str, float] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held = Held(self.engine, _by_identifier, self.clock)

    def find(self, token: str) -> ApiToken | None:
        """The row whose token this is, revoked and expired ones too; None when there is none.

        Raises:
            DataUnavailable: nobody can say, the database does not answer.
        """
        row = self.held.find(public_part(token), lambda found: is_token_of(found, token))
        if row is None and not self.held.healthy():
            raise DataUnavailable("error.database")
        return row

    def first_in_a_while(self, kind: str, key: str) -> bool:
        """Whether this is the first of its kind for a minute: it is then written down."""
        kept = self._touched if kind == "used" else self._told
        now, before = self.clock(), kept.get(key)
        if before is not None and now - before < (TOUCH_EVERY if kind == "used" else TELL_EVERY):
            return False
        if len(kept) > MOST_TOLD:
            kept.clear()
        kept[key] = now
        return True


def _by_identifier(connection: Connection) -> dict[str, ApiToken]:
    return {row.token_id: row for row in api_tokens(connection)}


def register() -> Register:
    """The register of this process, for the database of the running application."""
    engine = context().engine
    found = current_app.extensions.get(EXTENSION)
    if not isinstance(found, Register) or found.engine is not engine:
        found = current_app.extensions[EXTENSION] = Register(engine)
    return found


def by_token() -> Identity | None:
    """The token that the request shows, on addresses of the JSON interface; elsewhere a token says nothing.

    Raises:
        Unauthorised: it opens nothing. ReadOnly: it is asked to do something. DataUnavailable: nobody can say.
        TooOften: too many wrong tokens from one address.
    """
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not request.path.startswith(BELOW):
        return None
    here, token = register(), rest.strip()
    row = here.find(token)
    why = "unknown" if row is None else _fault(row)
    if row is None or why:
        _refuse(row, why)
    assert row is not None
    if request.method not in READS:
        _tell(row, f"method {request.method[:10]}")
        raise ReadOnly("token.refused.method")
    _touch(row)
    return Identity(row.scope, ambient=False, token=row)


def _fault(row: ApiToken) -> str:
    if row.demo and context().access.production:
        return "revoked"
    return row.fault(context().now())


def _refuse(row: ApiToken | None, why: str) -> None:
    _tell(row, why)
    rates.spend("token", client_address(), context().access.sign_in_per_minute)
    raise Unauthorised(f"token.refused.{why}")


def _tell(row: ApiToken | None, why: str) -> None:
    """Note a refusal, once a minute for a token or, of tokens that nobody has, an address."""
    key = row.token_id if row else client_address()
    if not register().first_in_a_while("refused", f"{key} {why}"):
        return
    told = f"{why}, {request.path[:300]}, from {client_address()}"
    try:
        looking.note(Deed(row.person if row else "?", "token_refused", f"token:{row.name if row else '?'}", told))
    except BoardError as error:
        log.warning("a refusal could not be noted: %s", error.key)


def _touch(row: ApiToken) -> None:
    here = context()
    if not register().first_in_a_while("used", row.token_id):
        return
    try:
        used(here.writer, row.token_id, here.now())
    except SQLAlchemyError as error:
        log.warning("it was not noted that a token was used: %s", type(error).__name__)


def install() -> None:
    """Let tokens be one way to say who asks, before the others."""
    if by_token not in WAYS:
        WAYS.insert(0, by_token)
