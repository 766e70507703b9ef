"""The door to the administration pages: an address in, a view-model out, for the administrator.

Where nobody has to sign in, the command room may look. Writing there is for development only, and never to accounts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.access import Role, Scope
from domain.administration import (
    AccountsView,
    AdminView,
    CatalogueView,
    DisplaysView,
    FeedsView,
    StationsView,
    TargetsView,
)
from domain.errors import BadRequest, Forbidden, NotFound
from domain.targets import MOST_REASON, TargetRow
from services import administration as office
from web.answers import guarded
from web.context import context
from web.deed_forms import clean
from web.deeds import json_body
from web.identity import author, viewer

EVERY = "*"
_NUMBER = re.compile(r"[+-]?\d{1,7}(?:[.,](\d{1,15}))?", re.ASCII)
DECIMALS = 4
"""Digits behind the point that numbers are kept with; places have more."""
Args = Mapping[str, Any]


def reader() -> Scope:
    """The scope of somebody who may look at administration pages.

    Raises:
        NotFound: it is neither an administrator nor an open board.
    """
    who = viewer()
    if who.scope.role is not Role.ADMIN and not (who.open and who.scope.everything):
        raise NotFound("error.page_unknown")
    return who.scope


def writer(*, signed: bool = False) -> Scope:
    """The scope of somebody who may change something there.

    Args:
        signed: only an administrator who signed in, open board or not.

    Raises:
        NotFound: as `reader`. Forbidden: the board is open, and this must be an administrator's deed.
    """
    scope = reader()
    if not may_write(signed=signed):
        raise Forbidden("admin.refused.open")
    return scope


def may_write(*, signed: bool = False) -> bool:
    """Whether the viewer may change something on these pages."""
    who = viewer()
    return who.scope.role is Role.ADMIN or (who.open and not signed and not context().access.production)


def entry() -> AdminView:
    """The entry page."""
    here, scope = context(), reader()
    return guarded(lambda: office.entry_view(here.engine, here.catalogue, scope, here.now()))


def targets(args: Args) -> TargetsView:
    """`station`, `task` filter; `for` (a station, or * for all), `blue`, `yellow`, `first`, `last` are a draft whose
    effect is shown; `end` (station/task/first) with `last` shows what the end of a target changes."""
    here, scope = context(), reader()
    names = ("station", "task", "for", "what", "blue", "yellow", "first", "last", "end")
    form = {name: text(args, name) for name in names}
    asked: dict[str, Any] = {"station": form["station"], "task": form["task"], "form": form}
    try:
        asked |= _draft(form, scope)
    except BadRequest as error:
        asked["problem"] = error
    return guarded(lambda: office.targets_view(here.engine, here.catalogue, scope, here.now(), asked))


def _draft(form: Mapping[str, str], scope: Scope) -> dict[str, Any]:
    if form["end"]:
        return {"end": (target_key(form["end"]), day("last", form["last"]))} if form["last"] else {}
    if not (form["for"] and form["what"]):
        return {}
    return {"draft": drafts(form, scope)}


def drafts(form: Mapping[str, str], scope: Scope, reason: str = "", by: str = "") -> tuple[TargetRow, ...]:
    """The new targets that a form means: `for`, `what`, `blue`, `yellow`, `first`, `last`.

    Raises:
        BadRequest: names field and value.
    """
    here = context()
    codes = guarded(lambda: office.active_codes(here.engine, scope))
    wanted = codes if form["for"] == EVERY else (form["for"],)
    if not set(wanted) <= set(codes):
        raise BadRequest("admin.bad.station", value=form["for"][:40])
    blue, yellow = number("blue", form["blue"]), number("yellow", form["yellow"])
    first = day("first", form["first"])
    last = day("last", form["last"]) if form["last"] else None
    return tuple(TargetRow(code, form["what"], first, last, blue, yellow, reason, by) for code in wanted)


def target_key(text_: str) -> tuple[str, str, date]:
    """Station, task and first day of a target, as `station/task/first`.

    Raises:
        BadRequest: it is no such thing.
    """
    parts = text_.rsplit("/", 2)
    if len(parts) != 3:
        raise BadRequest("admin.bad.key", value=text_[:40])
    return parts[0], parts[1], day("first", parts[2])


def stations(args: Args) -> StationsView:
    """All stations and districts; `code` is the station to be changed, `district` the district."""
    here, scope, code, district = context(), reader(), text(args, "code"), text(args, "district")
    view = guarded(
        lambda: office.stations_view(here.engine, here.catalogue, scope, here.now(), code=code, district=district)
    )
    if code and view.chosen is None:
        raise NotFound("error.station_unknown", code=code[:20])
    if district and view.district is None:
        raise NotFound("admin.unknown.district", value=district[:40])
    return view


def feeds() -> FeedsView:
    """Sources and imported files."""
    here, scope = context(), reader()
    return guarded(lambda: office.feeds_view(here.engine, here.catalogue, scope, here.now()))


def accounts(args: Args) -> AccountsView:
    """All accounts; `login` is the one to be changed."""
    here, scope, login = context(), reader(), text(args, "login")
    may = may_write(signed=True)
    view = guarded(
        lambda: office.accounts_view(
            here.engine, here.catalogue, scope, here.now(), chosen=login, may_write=may
        )
    )  # fmt: skip
    if login and view.chosen is None:
        raise NotFound("access.unknown", login=login[:40])
    return view


def displays(args: Args) -> DisplaysView:
    """All wall displays; `name` is the one to be changed."""
    here, scope, name = context(), reader(), text(args, "name")
    playlists = tuple((one.code, one.names) for one in here.wall.playlists)
    view = guarded(
        lambda: office.displays_view(
            here.engine, here.catalogue, scope, here.now(), chosen=name, playlists=playlists
        )
    )  # fmt: skip
    if name and view.chosen is None:
        raise NotFound("error.display_missing", name=name[:60])
    return view


def rules() -> CatalogueView:
    """Themes and tasks in force beside what ships."""
    here = context()
    reader()
    shipped = here.shipped or here.catalogue
    folder = here.catalogue_dir
    return guarded(lambda: office.catalogue_view(here.engine, here.catalogue, shipped, here.now(), folder=folder))


def signature(typed: str) -> str:
    """Who does it: the account, or on an open board the name typed in.

    Raises:
        BadRequest: nobody.
    """
    by = author(typed)
    if not by.strip():
        raise BadRequest("admin.bad.actor", value="")
    return by


def text(args: Args, name: str, most: int = 64) -> str:
    """A text of the address or the body.

    Raises:
        BadRequest: it is none, too long, or holds control characters.
    """
    value = args.get(name)
    found = clean(value if value is None or isinstance(value, str) else None, most)
    if found is None or (value is not None and not isinstance(value, str)):
        raise BadRequest("admin.bad.text", name=name, value=str(value)[:40], most=most)
    return found


def reason(args: Args) -> str:
    """Why something is changed.

    Raises:
        BadRequest: nothing is said.
    """
    found = text(args, "reason", MOST_REASON)
    if len(found) < 2:
        raise BadRequest("admin.bad.reason", value=found)
    return found


def number(name: str, value: str, decimals: int = DECIMALS) -> float:
    """A number, with point or comma, and so many digits behind it at most.

    Raises:
        BadRequest: it is none.
    """
    found = _NUMBER.fullmatch(value.strip())
    if not found or len(found[1] or "") > decimals:
        raise BadRequest("admin.bad.number", name=name, value=value[:40])
    return float(value.strip().replace(",", "."))


def day(name: str, value: str) -> date:
    """A day.

    Raises:
        BadRequest: it is none, or far away.
    """
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise BadRequest("admin.bad.day", name=name, value=value[:40]) from error
    if not 1990 <= found.year <= 2200:
        raise BadRequest("admin.bad.day", name=name, value=value[:40])
    return found


def asked(*, signed: bool = False) -> tuple[Scope, Args, str]:
    """Scope, body and author of a deed.

    Raises:
        NotFound, Forbidden: it is not the asker's. BadRequest: as `json_body`, or nobody's name.
    """
    scope = writer(signed=signed)
    body = json_body()
    return scope, body, signature(text(body, "actor", 60))


def choice(args: Args, name: str, allowed: tuple[str, ...]) -> str:
    """One of few words.

    Raises:
        BadRequest: another one.
    """
    found = text(args, name)
    if found not in allowed:
        raise BadRequest("admin.bad.choice", name=name, value=found)
    return found
