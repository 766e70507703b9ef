"""Secrets that somebody shows: only their digest is kept, and comparing takes as long for a wrong one."""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol


class Kept(Protocol):
    """Whatever keeps the digest of a token."""

    @property
    def token_hash(self) -> str:
        """As `digest` gives it; "" opens nothing."""
        ...


def digest(token: str) -> str:
    """What is kept of a token: whoever reads the table cannot use it.

    >>> len(digest("secret")), digest("secret") == digest("Secret")
    (64, False)
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


_NOTHING = digest("")


def is_token_of(row: Kept | None, token: str) -> bool:
    """Whether `token` is the row's; takes as long for a wrong token, and for a row that does not exist."""
    expected = _NOTHING if row is None else row.token_hash
    return hmac.compare_digest(expected, digest(token)) and row is not None
