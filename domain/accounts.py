"""Accounts, sessions and the rules of passwords and lock-out. Pure: the instant is always given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.access import Role, Scope, scope_of

LOCAL, DEMO, PROXY, OIDC = "", "demo", "proxy", "oidc"
"""Where an account comes from: `manage.py user`, the demo, a trusted proxy, an OpenID provider."""
MOST_LOGIN, MOST_NAME, MOST_PASSWORD = 64, 60, 200
LONGEST_LOCK = timedelta(hours=24)
_LOGIN = re.compile(r"^[\w][\w.@+-]{1,63}$")
_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. `password_hash` "" cannot sign in by password; it never shows in a `repr`."""

    account_id: str
    login: str
    name: str
    role: Role
    station: str
    district: str
    origin: str
    active: bool
    must_change: bool
    created_at: datetime
    password_changed_at: datetime | None = None
    last_seen_at: datetime | None = None
    failed_count: int = 0
    locked_until: datetime | None = None

    @property
    def scope(self) -> Scope:
        """What the account may read."""
        return scope_of(self.role, self.station, self.district)

    @property
    def person(self) -> str:
        """Who it is, as records and the audit log say it: name and login."""
        return f"{self.name} ({self.login})" if self.name and self.name != self.login else self.login

    def locked(self, now: datetime) -> bool:
        """Too many wrong passwords, for a while."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `session_id` is the digest of the cookie's token, never the token."""

    session_id: str
    account_id: str
    how: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    agent: str = ""
    address: str = ""
    ended_at: datetime | None = None
    unmasked_until: datetime | None = None

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """Not ended, not past its limit, not left alone for longer than `idle`."""
        return self.ended_at is None and now < self.expires_at and now - self.last_seen_at <= idle

    def unmasked(self, now: datetime) -> bool:
        """Whether its owner said, not long ago, why names must be seen."""
        return self.unmasked_until is not None and now < self.unmasked_until


@dataclass(frozen=True, slots=True)
class SignInRules:
    """Settings of passwords, lock-out and sessions.

    Args:
        length: characters of a password, at least. kinds: how many of small, capital, digit, other it must have.
        days: a password must be changed after so many days; 0: never.
        lock_after: wrong passwords in a row that lock. lock_for: how long the first lock is; each further one
            is twice as long, up to a day.
        idle: a session that is left alone for longer ends. limit: every session ends then.
        unmasked_for: how long names are shown after saying why.
    """

    length: int = 12
    kinds: int = 3
    days: int = 0
    lock_after: int = 5
    lock_for: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(hours=8)
    limit: timedelta = timedelta(hours=14)
    unmasked_for: timedelta = timedelta(minutes=15)


def login_of(text: str) -> str:
    """A login as it is stored and compared: without blanks around it, in small letters; "" when it can be none.

    >>> login_of(" Wang.Li "), login_of("a b"), login_of("<x>")
    ('wang.li', '', '')
    """
    found = text.strip().lower()
    return found if _LOGIN.match(found) else ""


def weakness(password: str, login: str, rules: SignInRules) -> str:
    """Why a password cannot stand: "short", "long", "kinds", "login", "same", or "" when it can.

    >>> weakness("Sommer-2024-Regen", "wang", SignInRules()), weakness("wang", "wang", SignInRules())
    ('', 'short')
    """
    if len(password) < rules.length:
        return "short"
    if len(password) > MOST_PASSWORD:
        return "long"
    if sum(bool(re.search(kind, password)) for kind in _KINDS) < rules.kinds:
        return "kinds"
    if login and login.lower() in password.lower():
        return "login"
    return "same" if len(set(password)) < min(6, rules.length) else ""


def lock_until(failed: int, now: datetime, rules: SignInRules) -> datetime | None:
    """Until when the account is locked after `failed` wrong passwords in a row; None when it is not.

    >>> now = datetime(2024, 5, 6, 8)
    >>> [str(lock_until(n, now, SignInRules())) for n in (4, 5, 10)]
    ['None', '2024-05-06 08:10:00', '2024-05-06 08:20:00']
    """
    times, rest = divmod(failed, rules.lock_after)
    if rest or not times:
        return None
    longer: int = 1 << min(times - 1, 20)
    return now + min(LONGEST_LOCK, rules.lock_for * longer)


def stale(account: Account, now: datetime, rules: SignInRules) -> bool:
    """The password must be changed before anything else."""
    if account.must_change:
        return True
    changed = account.password_changed_at or account.created_at
    return bool(rules.days) and account.origin == LOCAL and now - changed > timedelta(days=rules.days)
