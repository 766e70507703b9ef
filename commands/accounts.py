"""`manage.py user …` and `manage.py audit …`. A password is prompted for or read from standard input, never given
as an argument: arguments are seen by every user of the machine."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import datetime, timedelta

import click

from commands.tools import Tools
from data_access.accounts import all_accounts
from data_access.audit import holds_hash
from data_access.audit import prune as prune_log
from data_access.audit import verify as verify_log
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import Account
from domain.errors import BadRequest
from services import account_office as accounts
from settings import sign_in_rules

ROLES = click.Choice([role.value for role in Role if role is not Role.DISPLAY])


def by() -> str:
    """Who uses the command line, as the audit log says it."""
    return f"console:{os.environ.get('SUDO_USER') or os.environ.get('USER') or 'manage.py'}"


def _password(tools: Tools) -> str:
    """From standard input when it is no terminal, else asked for twice.

    Raises:
        BadRequest: the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(tools.t("cli.user_password"))
    if first != getpass.getpass(tools.t("cli.user_password_again")):
        raise BadRequest("access.weak.differs")
    return first


@click.group()
def user() -> None:
    """Accounts of people who sign in."""


@user.command("add")
@click.argument("login")
@click.option("--role", required=True, type=ROLES, help="what the account may see and do")
@click.option("--name", default="", help="the person's name, as records and the audit log show it")
@click.option("--station", default="", help="code of the own station, for the role station")
@click.option("--district", default="", help="code of the own district, for the role district")
@click.option("--must-change", is_flag=True, help="the password must be changed at the first sign-in")
@click.option("--no-password", is_flag=True, help="signs in by proxy or OpenID Connect only")
@click.pass_obj
def add(
    tools: Tools, login: str, role: str, name: str, station: str, *, district: str, must_change: bool, no_password: bool
) -> None:
    """Make the account LOGIN. The first administrator is made like this."""
    rules, now = sign_in_rules(tools.settings), tools.now()
    origin = "sso" if no_password else ""
    new = Account("", login, name, Role(role), station, district, origin, True, must_change, now)
    password = "" if no_password else _password(tools)
    made = accounts.add(tools.engine, new, password, rules, by=by(), now=now)
    tools.say("user_added", login=made.login, role=made.role.value)


@user.command("list")
@click.pass_obj
def list_(tools: Tools) -> None:
    """Every account: login, name, role, unit, state, last use."""
    with reading(tools.engine) as connection:
        found = all_accounts(connection)
    for one in found:
        state = "active" if one.active else "disabled"
        state = "locked" if one.locked(tools.now()) else state
        unit, seen = one.station or one.district or "-", one.last_seen_at or "-"
        click.echo("\t".join((one.login, one.name, one.role.value, unit, state, one.origin or "local", str(seen))))
    if not found:
        tools.say("user_none")


@user.command("set-password")
@click.argument("login")
@click.option("--must-change", is_flag=True, help="it must be changed at the next sign-in")
@click.pass_obj
def set_password(tools: Tools, login: str, must_change: bool) -> None:
    """Give LOGIN another password; its sessions and any lock end."""
    rules, given = sign_in_rules(tools.settings), _password(tools)
    accounts.set_password(
        tools.engine, login, given, rules, by=by(), now=tools.now(), must_change=must_change
    )  # fmt: skip
    tools.say("user_password_set", login=login)


@user.command("disable")
@click.argument("login")
@click.pass_obj
def disable(tools: Tools, login: str) -> None:
    """Let LOGIN sign in no more; its sessions end at once."""
    accounts.set_active(tools.engine, login, False, by=by(), now=tools.now())
    tools.say("user_disabled", login=login)


@user.command("enable")
@click.argument("login")
@click.pass_obj
def enable(tools: Tools, login: str) -> None:
    """Let LOGIN sign in again; any lock ends."""
    accounts.set_active(tools.engine, login, True, by=by(), now=tools.now())
    tools.say("user_enabled", login=login)


@user.command("role")
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--station", default="", help="code of the own station, for the role station")
@click.option("--district", default="", help="code of the own district, for the role district")
@click.pass_obj
def role(tools: Tools, login: str, role: str, station: str, district: str) -> None:
    """Give LOGIN another ROLE; its sessions end."""
    made = accounts.set_role(tools.engine, login, Role(role), (station, district), by=by(), now=tools.now())
    tools.say("user_role_set", login=made.login, role=made.role.value)


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--expect", default="", help="the last hash that was noted elsewhere; it must still be in the log")
@click.pass_obj
def verify(tools: Tools, expect: str) -> None:
    """Walk the log's chain; name the first broken entry and end with exit status 1."""
    with reading(tools.engine) as connection:
        found = verify_log(connection)
        known = not expect or holds_hash(connection, expect)
    if found.why:
        place = found.sequence if found.sequence is not None else "-"
        tools.say(
            "audit_broken", sequence=place, entry=found.entry_id or "-", why=tools.t(f"cli.audit_why_{found.why}")
        )
    elif not known:
        tools.say("audit_unknown_hash", hash=expect)
    else:
        tools.say("audit_whole", entries=found.entries, hash=found.last_hash or "-")
    sys.exit(1 if found.why or not known else 0)


@audit.command("prune")
@click.option("--days", default=None, type=int, help="keep this many days (default: BOARD_AUDIT_DAYS, never fewer)")
@click.pass_obj
def prune(tools: Tools, days: int | None) -> None:
    """Remove the oldest entries; the chain stays whole, anchored to an entry that says what was removed."""
    least = tools.settings.audit_days
    wanted = least if days is None else days
    if wanted < least:
        raise BadRequest("access.bad.audit_days", days=wanted, least=least)
    now: datetime = tools.now()
    with writing(tools.engine) as connection:
        removed = prune_log(connection, now - timedelta(days=wanted), by(), now)
    tools.say("audit_pruned", entries=removed, days=wanted)
