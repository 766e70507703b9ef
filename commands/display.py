"""`manage.py display …`: make, list, change and revoke the tokens of wall displays."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from catalogue.compare_loader import load_compare_rules
from catalogue.wall_loader import load_wall_rules
from commands.tools import Tools
from data_access.displays import DisplayRow, add_display, change_display, displays, revoke_display
from domain.display import Display
from domain.errors import BadRequest
from domain.wall_rules import STATION

F = TypeVar("F", bound=Callable[..., Any])
ONLY_HERE = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::")  # noqa: S104  # nosec B104
_BASE = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


@click.group("display")
def display() -> None:
    """The wall displays and their tokens."""


def _choices(command: F) -> F:
    """The options that say what a display shows; one that is not given is None."""
    for option in reversed(
        (
            click.option("--playlist", default=None, help="which playlist it plays (command)"),
            click.option("--district", "districts", multiple=True, help="only this district; may be repeated"),
            click.option("--station", default=None, help="only this station"),
            click.option("--distance", type=float, default=None, help="metres to the farthest reader (6)"),
            click.option("--height", type=float, default=None, help="height of the picture in metres (0.68)"),
            click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="language (BOARD_LANG)"),
            click.option("--sound/--no-sound", default=None, help="an alert may chime"),
            click.option("--actor", default=lambda: os.environ.get("USER", "console"), help="who orders it"),
        )
    ):
        command = option(command)
    return command


@display.command("add")
@click.argument("name")
@_choices
@click.option("--base", default=None, help="address the wall reaches the server at, such as http://board:8050")
@click.pass_obj
def add(tools: Tools, /, name: str, *, actor: str, base: str | None, **given: Any) -> None:
    """Add the display NAME and print its address, once."""
    chosen = {"lang": tools.settings.lang, **_changes(given)}
    new = Display(name.strip(), **chosen)
    _check_playlist(tools, new)
    address = _address(tools, base)
    token = add_display(tools.engine, new, actor=actor, at=tools.now())
    tools.say("display_added", name=new.name, playlist=new.playlist)
    click.echo(f"{address}/wall#{token}")
    tools.say("display_once")
    if base is None and tools.settings.host in ONLY_HERE:
        tools.say("display_local", host=tools.settings.host)


@display.command("list")
@click.pass_obj
def list_(tools: Tools) -> None:
    """List the displays, revoked ones too; one a line, columns divided by tabulators."""
    with tools.engine.connect() as connection:
        rows = displays(connection)
    tools.say("display_head" if rows else "display_none")
    for row in rows:
        click.echo("\t".join(_cells(tools, row)))


@display.command("change")
@click.argument("name")
@_choices
@click.pass_obj
def change(tools: Tools, /, name: str, *, actor: str, **given: Any) -> None:
    """Change what the display NAME shows; its address stays. --district "" and --station "" take the limit away."""
    changes = _changes(given)
    if not changes:
        raise click.UsageError(tools.t("cli.display_nothing"))
    new = change_display(
        tools.engine, name, changes, actor=actor, at=tools.now(), check=lambda one: _check_playlist(tools, one)
    )
    tools.say("display_changed", name=name, shown=", ".join(_shown(tools, new)))


@display.command("revoke")
@click.argument("name")
@click.option("--actor", default=lambda: os.environ.get("USER", "console"), help="who orders it")
@click.pass_obj
def revoke(tools: Tools, name: str, actor: str) -> None:
    """Take the right of the display NAME away."""
    revoke_display(tools.engine, name, actor=actor, at=tools.now())
    tools.say("display_revoked", name=name)


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as fields of `Display`."""
    found = {name: value for name, value in given.items() if value is not None and name != "districts"}
    if given["districts"]:
        found["districts"] = tuple(code for code in given["districts"] if code)
    return found


def _check_playlist(tools: Tools, one: Display) -> None:
    folder = tools.settings.catalogue_dir
    rules = load_wall_rules(tools.rules, load_compare_rules(folder), folder)
    playlist = rules.playlist(one.playlist)
    if playlist is None:
        known = ", ".join(each.code for each in rules.playlists)
        raise BadRequest("error.display_no_playlist", value=one.playlist, known=known)
    if STATION in rules.needed(playlist) and not one.station:
        raise BadRequest("error.display_needs_station", playlist=one.playlist)


def _address(tools: Tools, base: str | None) -> str:
    settings = tools.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = base or f"http://{host}:{settings.port}"
    if not _BASE.fullmatch(address):
        raise BadRequest("error.display_base", value=address)
    return address.rstrip("/")


def _cells(tools: Tools, row: DisplayRow) -> list[str]:
    last = tools.t.moment(row.last_seen_at) if row.last_seen_at else tools.t("cli.display_never")
    shown = _shown(tools, row.display) if row.display else ["—", "—", "—"]
    state = "display_gone" if not row.active else "display_active" if row.display else "display_bad"
    return [row.name, *shown, tools.t.moment(row.created_at), last, tools.t(f"cli.{state}")]


def _shown(tools: Tools, one: Display) -> list[str]:
    """Playlist, units and size in words."""
    units = " ".join((*one.districts, one.station)).strip() or tools.t("cli.display_all")
    return [one.playlist, units, f"{one.distance:g}/{one.height:g}"]
