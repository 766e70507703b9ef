"""What an administrator may do on the pages: POST with a JSON body, as for hot-spot records (`web.deeds`).

Signed by the account; every deed is written to the audit log. Passwords and addresses of displays are told once, in
the answer (`once`), and kept by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from components.admin_parts import told_once
from components.hiccup import Node
from data_access import administration as store
from data_access import displays as walls
from domain.access import Role
from domain.accounts import MOST_LOGIN, MOST_NAME, Account
from domain.display import DISTANCE, HEIGHT, Display
from domain.errors import BadRequest
from domain.targets import check_target
from domain.wall_rules import STATION
from services import account_desk as desk
from web import administration as door
from web.answers import guarded, whole
from web.as_json import as_json
from web.context import context
from web.looks import look_of

administration = Blueprint("administration", __name__)
SECONDS = (60, 40 * 86_400)
"""Shortest and longest expected period of a source, seconds."""
UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
Body = Mapping[str, Any]


@administration.post("/api/v1/admin/targets")
def set_target() -> Response:
    """Write a target: `for` (station or *), `what` (task), `blue`, `yellow`, `first`, `last`, `reason`, `seen`."""
    scope, body, by = door.asked()
    here = context()
    form = {name: door.text(body, name) for name in ("for", "what", "blue", "yellow", "first", "last")}
    new = door.drafts(form, scope, door.reason(body), by)
    for one in new:
        check_target(here.catalogue.task(one.task), one, here.now().date())
    seen = whole(door.text(body, "seen") or "0")
    guarded(lambda: store.write_targets(here.writer, new, seen, here.now(), scope))
    return _done("/admin/targets")


@administration.post("/api/v1/admin/targets/end")
def end_target() -> Response:
    """Let a target end: `end` (station/task/first), `last`, `reason`."""
    scope, body, by = door.asked()
    key, last = door.target_key(door.text(body, "end", 160)), door.day("last", door.text(body, "last"))
    why, here = door.reason(body), context()
    guarded(lambda: store.end_target(here.writer, key, last, by=by, reason=why, at=here.now(), scope=scope))
    return _done("/admin/targets")


@administration.post("/api/v1/admin/feeds/<feed>")
def set_period(feed: str) -> Response:
    """How often a source should give a sign of life: `every` and `unit` (minutes, hours, days)."""
    scope, body, by = door.asked()
    here = context()
    unit = door.text(body, "unit")
    if unit not in UNITS:
        raise BadRequest("admin.bad.unit", value=unit)
    seconds = round(door.number("every", door.text(body, "every")) * UNITS[unit])
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise BadRequest("admin.bad.period", value=door.text(body, "every"), unit=unit)
    guarded(lambda: store.set_period(here.writer, feed, seconds, by=by, at=here.now(), scope=scope))
    return _done()


# accounts --------------------------------------------------------------------------------------


@administration.post("/api/v1/admin/accounts")
def add_account() -> Response:
    """Make an account: `login`, `name`, `role`, `station`, `district`; its password is told once."""
    scope, body, by = door.asked(signed=True)
    here = context()
    new = Account("", door.text(body, "login", MOST_LOGIN), door.text(body, "name", MOST_NAME), _role(body),
                  door.text(body, "station"), door.text(body, "district"), "", True, True, here.now())  # fmt: skip
    rules = here.access.sign_in
    made, password = guarded(lambda: desk.create(here.writer, new, rules, by=by, now=here.now(), scope=scope))
    return _once("account", made.login, password)


@administration.post("/api/v1/admin/accounts/<login>/<deed>")
def change_account(login: str, deed: str) -> Response:
    """Do something with an account: role, password, disable, enable, unlock, sessions."""
    scope, body, by = door.asked(signed=True)
    here = context()
    engine, now = here.writer, here.now()
    if deed == "password":
        made = guarded(lambda: desk.new_password(engine, login, here.access.sign_in, by=by, now=now))
        return _once("password", login, made)
    units = (door.text(body, "station"), door.text(body, "district"))
    role = _role(body) if deed == "role" else None
    simple = {
        "role": lambda: desk.set_role(engine, login, role or Role.DISPLAY, units, by=by, now=now, scope=scope),
        "disable": lambda: desk.set_active(engine, login, False, by=by, now=now),
        "enable": lambda: desk.set_active(engine, login, True, by=by, now=now),
        "unlock": lambda: desk.unlock(engine, login, by=by, now=now),
        "sessions": lambda: desk.end_sessions(engine, login, by=by, now=now),
    }
    if deed not in simple:
        raise BadRequest("admin.bad.deed", value=deed[:40])
    guarded(simple[deed])
    return _done()


def _role(body: Body) -> Role:
    text = door.text(body, "role")
    if text not in set(Role) - {Role.DISPLAY}:
        raise BadRequest("admin.bad.role", value=text)
    return Role(text)


# displays --------------------------------------------------------------------------------------


@administration.post("/api/v1/admin/displays")
def add_display() -> Response:
    """Add a wall display: `name` and what it shows; its address is told once."""
    _, body, by = door.asked()
    here = context()
    new = Display(door.text(body, "name", 60), **_shown(body))
    check_playlist(new)
    token = guarded(lambda: walls.add_display(here.writer, new, actor=by, at=here.now()))
    return _once("display", new.name, f"{request.host_url}wall#{token}")


@administration.post("/api/v1/admin/displays/<deed>")
def change_display(deed: str) -> Response:
    """Change what the display `which` shows, or revoke it."""
    _, body, by = door.asked()
    here, at, name = context(), context().now(), door.text(body, "which", 60)
    if deed == "revoke":
        guarded(lambda: walls.revoke_display(here.writer, name, actor=by, at=at))
    elif deed == "change":
        changes = _shown(body)
        guarded(
            lambda: walls.change_display(here.writer, name, changes, actor=by, at=at, check=check_playlist)
        )  # fmt: skip
    else:
        raise BadRequest("admin.bad.deed", value=deed[:40])
    return _done("/admin/displays")


def _shown(body: Body) -> dict[str, Any]:
    """The fields of `Display` in a body; one that is missing is not changed."""
    found: dict[str, Any] = {name: door.text(body, name) for name in ("playlist", "lang") if name in body}
    if "unit" in body:
        found["station"] = door.text(body, "unit")
    if "districts" in body:
        parts = door.text(body, "districts", 400).replace(",", " ").split()
        found["districts"] = tuple(parts)
    for name, limits in (("distance", DISTANCE), ("height", HEIGHT)):
        if name in body:
            found[name] = _metres(name, door.text(body, name), limits)
    if "sound" in body:
        found["sound"] = door.choice(body, "sound", ("yes", "no")) == "yes"
    return found


def _metres(name: str, text: str, limits: tuple[float, float]) -> float:
    found = door.number(name, text)
    if not limits[0] <= found <= limits[1]:
        raise BadRequest(f"error.display_{name}", value=text, low=f"{limits[0]:g}", high=f"{limits[1]:g}")
    return found


def check_playlist(one: Display) -> None:
    """Whether there is such a playlist, and the display has what it needs.

    Raises:
        BadRequest: names the playlist.
    """
    rules = context().wall
    playlist = rules.playlist(one.playlist)
    if playlist is None:
        known = ", ".join(each.code for each in rules.playlists)
        raise BadRequest("error.display_no_playlist", value=one.playlist, known=known)
    if STATION in rules.needed(playlist) and not one.station:
        raise BadRequest("error.display_needs_station", playlist=one.playlist)


# common ----------------------------------------------------------------------------------------


def _done(following: str | None = None) -> Response:
    return as_json({"ok": True, "id": None, "next": following})


def _once(kind: str, name: str, secret: str) -> Response:
    tree: Node = told_once(kind, name, secret, look_of({}))
    return as_json({"ok": True, "id": None, "next": None, "secret": secret, "once": tree})
