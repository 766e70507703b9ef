"""Tokens with which programs read the JSON interface. Pure: the instant is always given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain.access import Role, Scope, scope_of

ROLES = (Role.STATION, Role.DISTRICT, Role.COMMAND)
"""What a token without an account may be: who reads the board. Nothing is administered or audited with a token."""
MOST_NAME, MOST_DAYS = 60, 366
_FORM = re.compile(r"[0-9a-f]{12}\.[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token. Of the token itself only the SHA-256 is kept.

    Args:
        token_id: the public part. login: of the account whose scope it follows, "" for one of its own.
        role, station, district: what it may read; of an account's token those of the account.
        active: not revoked, and the account it follows may still come in.
    """

    token_id: str
    token_hash: str
    name: str
    login: str
    role: Role
    station: str
    district: str
    active: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    demo: bool = False

    @property
    def scope(self) -> Scope:
        """What it may read; names stay masked whatever the role."""
        return scope_of(self.role, self.station, self.district)

    @property
    def person(self) -> str:
        """Who it is, as the audit log says it."""
        return f"token:{self.name}" + (f" ({self.login})" if self.login else "")

    def fault(self, now: datetime) -> str:
        """Why it opens nothing: "revoked", "expired", or "" when it does."""
        if not self.active:
            return "revoked"
        return "expired" if now >= self.expires_at else ""


def public_part(token: str) -> str:
    """The identifier in a token of the right form, else "".

    >>> public_part("0123456789ab." + "x" * 43), public_part("0123456789ab"), public_part("../x." + "x" * 43)
    ('0123456789ab', '', '')
    """
    return token.split(".", 1)[0] if _FORM.fullmatch(token) else ""
