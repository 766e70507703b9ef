"""The caching policy: one place, keyed by scope, data version and instant.

A live answer is kept until data or the tick change; a past instant is kept until data change. Only
one thread of a process computes a missing answer; the others wait for it.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import current_app
from redis.exceptions import RedisError

from domain.access import Scope
from web.context import context
from web.scope import current_scope
from web.version import Watch

T = TypeVar("T")
KEEP_SECONDS = 600
RECENT = 24
log = logging.getLogger(__name__)
_STRIPES = 16
_LOCKS: dict[str, tuple[threading.RLock, ...]] = {}
_LOCKS_GUARD = threading.Lock()


def token() -> str:
    """Changes whenever an open screen should ask again: data version and tick."""
    here = context()
    watch: Watch = current_app.extensions["board.watch"]
    now = here.now()
    tick = (now - datetime(2000, 1, 1)) // timedelta(seconds=here.tick_seconds)
    return f"{watch.version():x}.{tick:x}"


def _lock(name: str, key: str) -> threading.RLock:
    """The lock of a key. Each name has its own set: an answer may need an answer of another name
    while it holds its own lock, and sets that are never taken in two orders cannot deadlock."""
    with _LOCKS_GUARD:
        locks = _LOCKS.setdefault(name, tuple(threading.RLock() for _ in range(_STRIPES)))
    return locks[zlib.crc32(key.encode()) % _STRIPES]


def once(
    name: str, scope: Scope, as_of: datetime | None, make: Callable[[], T], *, extra: tuple[object, ...] = ()
) -> T:
    """The kept answer, or `make()`.

    Args:
        name: what kind of answer.
        as_of: the past instant asked for; None for now.
        extra: everything else the answer depends on; scalars and tuples only.
    """
    stamp = token() if as_of is None else f"{token().split('.')[0]}@{as_of.isoformat()}"
    key = repr((name, scope, stamp, extra, context().build))
    found = _recall(key)
    if found is None:
        with _lock(name, key):
            found = _recall(key)
            if found is None:
                found = make()
                _keep(key, found)
    return found  # type: ignore[no-any-return]


def recent(name: str, scope: Scope, as_of: datetime | None, make: Callable[[], T], *, extra: tuple[object, ...]) -> T:
    """As `once`, for large answers that many filters make: the process's last `RECENT` ones, never shared."""
    stamp = token() if as_of is None else f"{token().split('.')[0]}@{as_of.isoformat()}"
    key = repr((name, scope, stamp, extra, context().build))
    kept = context().recent
    if (found := kept.get(key)) is not None:  # quick answers do not wait for a slow one of the same stripe
        return found  # type: ignore[no-any-return]
    with _lock(name, key):
        found = kept.get(key)
        if found is None:
            found = kept[key] = make()
            while len(kept) > RECENT:
                kept.popitem(last=False)
        return found


def _recall(key: str) -> Any:
    """What is kept under a key, or None. A cache that does not answer makes the board slower, not blank."""
    try:
        return context().cache.get(key)
    except RedisError as error:
        log.warning("the cache does not answer: %s", error)
        return None


def _keep(key: str, found: object) -> None:
    try:
        context().cache.set(key, found, timeout=KEEP_SECONDS)
    except RedisError as error:
        log.warning("the cache takes nothing: %s", error)


def kept_bytes(name: str, as_of: datetime | None, make: Callable[[], bytes]) -> bytes:
    """Bytes of an answer for the current viewer, kept as long as the answer."""
    return once(name, current_scope(), as_of, make)
