"""Who is asking: from the session's cookie, a trusted proxy, or nobody on an open board.

Another way to say who one is (an API token, a wall's token) is one more function in `WAYS`: it answers an
`Identity`, or None when the request does not speak its language.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from flask import current_app, g, has_request_context, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.accounts import any_account, session_of
from data_access.engine import reading
from domain.access import Scope, command, may, nobody
from domain.accounts import DEMO, Account, Session, stale
from domain.api_tokens import ApiToken
from domain.errors import DataUnavailable, Forbidden
from domain.tokens import digest
from services.accounts import touch
from web.context import context

log = logging.getLogger(__name__)
WARM = "board_warm"
"""WSGI key (never a header) of the request by which a process renders its first page for itself."""
LOOK_EVERY = 5.0
TOUCH_EVERY = 60
POLL = "/api/poll"
_AUTOMATIC = b'"changedPropIds":["version.data"]'


@dataclass(frozen=True, slots=True)
class Identity:
    """One viewer.

    Args:
        open: nobody signed in, and nobody has to. ambient: the browser sends what proves the identity by itself
            (cookie, gateway), so that requests must be shown to come from our own pages.
        token: what a program asks with (`web.api_tokens`); it reads and does nothing else.
    """

    scope: Scope
    account: Account | None = None
    session: Session | None = None
    open: bool = False
    ambient: bool = True
    must_change: bool = False
    token: ApiToken | None = None

    @property
    def person(self) -> str:
        """Who it is for records and the log; "" on an open board."""
        if self.token is not None:
            return self.token.person
        return self.account.person if self.account else ""

    def may(self, deed: str) -> bool:
        """Whether the viewer's role may do a deed (`domain.access.DEEDS`); on an open board everybody may."""
        return self.token is None and (self.open or may(self.scope.role, deed))


def identity() -> Identity | None:
    """The viewer of the current request; None when nobody signed in and somebody has to.

    Raises:
        Forbidden: the request claims an identity in a way it may not. DataUnavailable: sessions cannot be read.
    """
    if not has_request_context():
        return Identity(nobody(), ambient=False)
    if not hasattr(g, "board_identity"):
        g.board_identity = _find()
    found: Identity | None = g.board_identity
    return found


def viewer() -> Identity:
    """The viewer, who has passed the door; whoever has not sees nothing."""
    return identity() or Identity(nobody(), ambient=False)


def author(typed: str) -> str:
    """Who does a deed: the account's own name; what was typed counts on an open board only."""
    return viewer().person or typed


def demand(deed: str) -> None:
    """Let the deed pass, if the viewer's role may do it.

    Raises:
        Forbidden: it may not.
    """
    if not viewer().may(deed):
        raise Forbidden("access.refused.role")


def forget() -> None:
    """Look again who is asking, after signing in or out within this request."""
    g.pop("board_identity", None)


def _find() -> Identity | None:
    if request.environ.get(WARM):
        return Identity(nobody(), ambient=False)
    for way in WAYS:
        found = way()
        if found is not None:
            return found
    return Identity(command(), open=True, ambient=False) if is_open() else None


# the session's cookie ---------------------------------------------------------------------------


def by_session() -> Identity | None:
    """The session that the cookie names, while it lasts."""
    token = request.cookies.get(context().access.cookie, "")
    if not 20 <= len(token) <= 100:
        return None
    key = digest(token)
    if request.path == POLL and (found := recall(key)) is not None:
        return found
    made = _session(key)
    if made is not None:
        remember(key, made)
    return made


def _session(key: str) -> Identity | None:
    here = context()
    try:
        with reading(here.engine) as connection:
            found = session_of(connection, key)
    except SQLAlchemyError as error:
        raise DataUnavailable("error.database") from error
    now, rules = here.now(), here.access.sign_in
    if found is None or not found[0].alive(now, rules.idle) or not _welcome(found[1]):
        return None
    session, account = found
    _stay(session, now)
    return signed_in(account, session)


def signed_in(account: Account, session: Session) -> Identity:
    """The viewer of an account and its session, with names shown while they may be."""
    now, scope = context().now(), account.scope
    if session.unmasked(now) and scope.may_unmask:
        scope = replace(scope, unmasked=True)
    return Identity(scope, account, session, must_change=_must_change(account, session, now))


def _must_change(account: Account, session: Session, now: datetime) -> bool:
    return session.how == "password" and stale(account, now, context().access.sign_in)


def _welcome(account: Account) -> bool:
    """Active; an account of the demo only where the demo may be."""
    return account.active and (account.origin != DEMO or not context().access.production)


def _stay(session: Session, now: datetime) -> None:
    """Note that somebody is there; what a page asks by itself does not count."""
    if (now - session.last_seen_at).total_seconds() < TOUCH_EVERY or _automatic():
        return
    try:
        touch(context().writer, session, now)
    except SQLAlchemyError as error:
        log.warning("the session's last use was not written: %s", type(error).__name__)


def _automatic() -> bool:
    if request.path == POLL:
        return True
    if request.path != "/_dash-update-component":
        return False
    return _AUTOMATIC in request.get_data(cache=True).replace(b" ", b"")


def remember(key: str, who: Identity) -> None:
    """Keep for the poll who a session or a gateway's word stands for."""
    _memory()[key] = who, time.monotonic()


def _memory() -> dict[str, tuple[Identity, float]]:
    kept: dict[str, tuple[Identity, float]] = current_app.extensions.setdefault("board_sessions", {})
    if len(kept) > 5000:
        kept.clear()
    return kept


def recall(key: str) -> Identity | None:
    """For the poll alone, which tells nothing but that something changed: no query per viewer."""
    found = _memory().get(key)
    return found[0] if found and time.monotonic() - found[1] < LOOK_EVERY else None


# open boards ------------------------------------------------------------------------------------


def is_open() -> bool:
    """Whether nobody has to sign in: by setting, or in development while there is no account."""
    rules = context().access
    if rules.open_access:
        return True
    return False if rules.production else not _accounts()


def _accounts() -> bool:
    """Whether there are accounts; looked up every few seconds. While the database does not answer, the last answer
    counts, and without one the board is open: there is nothing to be seen."""
    kept: WeakKeyDictionary[Engine, tuple[bool, float]]
    kept = current_app.extensions.setdefault("board_accounts", WeakKeyDictionary())
    engine = context().engine
    found = kept.get(engine)
    if found is not None and time.monotonic() - found[1] < LOOK_EVERY:
        return found[0]
    try:
        with engine.connect() as connection:
            kept[engine] = any_account(connection), time.monotonic()
    except SQLAlchemyError:
        return found[0] if found else False
    return kept[engine][0]


WAYS: list[Callable[[], Identity | None]] = [by_session]
