"""Limits on how often somebody may ask: attempts to sign in by address, data by viewer.

Counted in Redis where the deployment has one, else in the memory of each process (so that with N processes the
limit is up to N times as high); the lock of an account does not depend on it.
"""

from __future__ import annotations

import logging

from flask import Flask, current_app
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from domain.errors import BoardError

log = logging.getLogger(__name__)
EXTENSION = "board_rates"


class TooOften(BoardError):
    """`TooOften("access.refused.too_often")`: ask again later."""


def install(server: Flask, redis_url: str) -> None:
    """Prepare the counters of a process; `redis_url` "" keeps them in its memory."""
    storage = storage_from_string(redis_url or "memory://", **({"wrap_exceptions": True} if redis_url else {}))
    server.extensions[EXTENSION] = SlidingWindowCounterRateLimiter(storage)


def spend(kind: str, who: str, per_minute: int) -> None:
    """Count one request; 0 per minute does not limit. Counters that cannot be reached let it pass.

    Raises:
        TooOften: it is one too many.
    """
    if not per_minute:
        return
    limiter: SlidingWindowCounterRateLimiter = current_app.extensions[EXTENSION]
    try:
        passed = limiter.hit(RateLimitItemPerMinute(per_minute), kind, who)
    except (StorageError, RedisError) as error:
        log.warning("the counters do not answer: %s", type(error).__name__)
        return
    if not passed:
        raise TooOften("access.refused.too_often")
