"""`manage.py token …`: keys with which programs read the JSON interface. The token itself is printed once."""

from __future__ import annotations

import click

from commands.accounts import by
from commands.tools import Tools
from data_access.api_tokens import api_tokens
from data_access.engine import reading
from domain.access import Role
from domain.api_tokens import MOST_DAYS, ROLES
from services import api_tokens as tokens


@click.group()
def token() -> None:
    """Tokens for programs that read the JSON interface."""


@token.command("add")
@click.argument("name")
@click.option("--account", default="", help="login of the account whose role and unit it follows")
@click.option("--role", type=click.Choice([role.value for role in ROLES]), help="without an account: what it reads")
@click.option("--station", default="", help="code of the station, for the role station")
@click.option("--district", default="", help="code of the district, for the role district")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=90, show_default=True, help="expires after so many")
@click.pass_obj
def add(tools: Tools, name: str, account: str, role: str | None, station: str, *, district: str, days: int) -> None:
    """Make a token called NAME and print it: the only time it can be seen."""
    wanted = tokens.NewToken(name, days, account, Role(role) if role else None, station, district)
    text, made = tokens.add(tools.engine, wanted, by=by(), now=tools.now())
    tools.say("token_added", name=made.name, role=made.role.value, until=made.expires_at)
    click.echo(text)


@token.command("list")
@click.pass_obj
def list_(tools: Tools) -> None:
    """Every token: public part, name, role, unit or account, state, end, last use."""
    with reading(tools.engine) as connection:
        found = api_tokens(connection)
    for one in found:
        state, unit = one.fault(tools.now()) or "active", one.login or one.station or one.district or "-"
        seen = str(one.last_used_at or "-")
        click.echo("\t".join((one.token_id, one.name, one.role.value, unit, state, str(one.expires_at), seen)))
    if not found:
        tools.say("token_none")


@token.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(tools: Tools, name: str) -> None:
    """Take the right of the token NAME away; it opens nothing a few seconds later."""
    tokens.revoke(tools.engine, name, by=by(), now=tools.now())
    tools.say("token_revoked", name=name)
