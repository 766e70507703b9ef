"""Which wall display is asking: the token in `Authorization: Bearer …`, or in open access the address of a preview.

Each process reads all tokens at most every few seconds, whoever asks and however many: 500 displays cost no
query each, and a flood of wrong tokens costs none either. While the database is gone the last verdict holds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.displays import DisplayRow, displays, identifier, write_seen
from domain.access import Scope
from domain.display import Display, display_from, scope_of
from domain.errors import DataUnavailable, NotFound, TokenRefused
from domain.tokens import is_token_of
from web import language
from web.context import context
from web.held import Held
from web.identity import is_open

EXTENSION = "board_displays"
ONLY_BELOW, THREAD = "/api/wall/", "displays-seen"
WRITE_EVERY = 61.0
log = logging.getLogger(__name__)


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=THREAD, daemon=True).start()


@dataclass(slots=True)
class Register:
    """The tokens as this process last saw them, and when each display last asked it.

    Args:
        now: wall time of the deployment.
        clock: seconds that only go forward.
        start: runs the writing of `last_seen_at`, so that no answer waits for it.
    """

    engine: Engine
    writer: Engine
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
    start: Callable[[Callable[[], None]], None] = _in_background
    held: Held[DisplayRow] = field(init=False)
    _asked: dict[str, float] = field(default_factory=dict)
    _written: float | None = None
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.held = Held(self.engine, _by_identifier, self.clock)

    def find(self, token: str) -> DisplayRow:
        """The display whose token this is.

        Raises:
            TokenRefused: unknown or revoked. DataUnavailable: nobody can say, the database does not answer.
        """
        row = self.held.find(identifier(token), lambda found: is_token_of(found, token))
        if row is None and not self.held.healthy():
            raise DataUnavailable("error.database")
        if row is None or row.display is None:
            raise TokenRefused("unknown")
        if not row.active:
            raise TokenRefused("revoked", row.display.lang)
        return row

    def seen(self, token_id: str) -> None:
        """Note that a display asked; once a minute all that did are written down."""
        self._asked[token_id] = self.clock()
        if self._written is None or self.clock() - self._written >= WRITE_EVERY:
            self._written = self.clock()
            self.start(self._write)

    def seconds_since(self, row: DisplayRow) -> int | None:
        """How long ago the display last asked any process, as far as this one knows; None when it does not."""
        ages = []
        if row.token_id in self._asked:
            ages.append(self.clock() - self._asked[row.token_id])
        if row.last_seen_at is not None:
            ages.append((self.now() - row.last_seen_at).total_seconds())
        known = [age for age in ages if age >= 0]  # a clock that was set back says nothing
        return int(min(known)) if known else None

    def _write(self) -> None:
        if not self._writing.acquire(blocking=False):
            return
        try:
            recent = self.clock() - WRITE_EVERY
            write_seen(self.writer, [key for key, at in list(self._asked.items()) if at >= recent], self.now())
        except SQLAlchemyError as error:
            log.warning("it was not noted which displays asked: %s", error)
        finally:
            self._writing.release()


def _by_identifier(connection: Connection) -> dict[str, DisplayRow]:
    return {row.token_id: row for row in displays(connection)}


def register() -> Register:
    """The register of this process, for the database of the running application."""
    here = context()
    found = current_app.extensions.get(EXTENSION)
    if not isinstance(found, Register) or found.engine is not here.engine or found.now != here.now:
        found = current_app.extensions[EXTENSION] = Register(here.engine, here.writer, here.now)
    return found


def current_display() -> Display:
    """The display that asks, which thereby counts as seen.

    Raises:
        TokenRefused: no token where one is needed, an unknown or a revoked one.
        DataUnavailable: the token was never seen and the database does not answer.
        BadRequest: the address of a preview makes no sense. NotFound: a token opens nothing here.
    """
    row = asking()
    if row is None:
        return display_from(request.args, language.current())
    register().seen(row.token_id)
    assert row.display is not None
    return row.display


def current_display_scope() -> Scope:
    """What the display that asks may read."""
    return scope_of(current_display())


def asking() -> DisplayRow | None:
    """The row of the token in the request; None for a preview without token. Counts for nothing.

    Raises:
        As `current_display`.
    """
    if not request.path.startswith(ONLY_BELOW):
        raise NotFound("error.page_unknown")
    token = _token()
    if token is not None:
        return register().find(token)
    if not (context().open_access and is_open()):
        raise TokenRefused("no_token")
    return None


def _token() -> str | None:
    """What stands behind "Bearer"; a gateway's own "Basic …" is not ours."""
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    return rest.strip() if kind.lower() == "bearer" else None
