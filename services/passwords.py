"""Hashing and checking passwords with Argon2id, and new tokens of sessions."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TOKEN_BYTES = 32
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The password's Argon2id hash with a salt of its own."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether the password is the stored one. Without a stored hash the same work is done, for nothing."""
    try:
        return _HASHER.verify(stored or _nothing(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nothing() -> str:
    """A hash that no password has, so that an unknown login takes as long as a known one."""
    return _HASHER.hash(secrets.token_urlsafe(TOKEN_BYTES))


def new_token() -> str:
    """A session's token, as the cookie carries it."""
    return secrets.token_urlsafe(TOKEN_BYTES)
