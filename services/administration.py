"""What the administration pages show: rows in, frozen view-models out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from data_access.accounts import all_accounts, by_login, sessions_of
from data_access.displays import DisplayRow, displays
from data_access.engine import reading
from data_access.readers.administration import district_rows, import_rows, row_counts, station_rows, target_rows
from data_access.readers.numbers import numbers
from data_access.readers.organisation import units
from data_access.state import feeds
from domain.access import Scope
from domain.accounts import login_of
from domain.administration import (
    AccountsView,
    AdminView,
    CatalogueView,
    DisplayLine,
    DisplaysView,
    FeedsView,
    Laid,
    StationsView,
    TargetsView,
)
from domain.board import Board
from domain.errors import BoardError
from domain.targets import Effect, TargetRow, check_end, check_target, effect, ended, in_force, stamp, with_new
from domain.task import Catalogue
from services.board import feed_states, judged, standing


def entry_view(engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime) -> AdminView:
    """How many of each there are."""
    with reading(engine) as connection:
        counts = {**row_counts(connection, scope), "tasks": len(catalogue.active)}
        return AdminView(standing(connection, catalogue, as_of), counts)


def targets_view(
    engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime, asked: Mapping[str, Any]
) -> TargetsView:
    """Targets of a filter; with the effect of a draft on the board of now, where one is asked for.

    Args:
        asked: `station`, `task` ("" for all), `form` (texts), `draft` (new rows), `end` ((station, task, first), last),
            `problem` (why the form cannot be read).
    """
    with reading(engine) as connection:
        rows = target_rows(connection, scope)
        view = TargetsView(
            board=standing(connection, catalogue, as_of),
            units=units(connection, scope),
            tasks=tuple(task for task in catalogue.active if task.thresholds),
            rows=tuple(row for row in rows if _asked_for(row, asked)),
            today=as_of.date(),
            station=asked["station"],
            task=asked["task"],
            asked=asked["form"],
            problem=asked.get("problem"),
        )
        try:
            return _drafted(connection, catalogue, scope, (view, rows), asked)
        except BoardError as error:
            return replace(view, problem=error)


def _asked_for(row: TargetRow, asked: Mapping[str, Any]) -> bool:
    return asked["station"] in ("", row.station) and asked["task"] in ("", row.task)


def _drafted(
    connection: Connection,
    catalogue: Catalogue,
    scope: Scope,
    known: tuple[TargetsView, tuple[TargetRow, ...]],
    asked: Mapping[str, Any],
) -> TargetsView:
    view, rows = known
    today, draft = view.today, tuple(asked.get("draft") or ())
    if draft:
        for one in draft:
            check_target(catalogue.task(one.task), one, today)
        found = _effect(connection, catalogue, scope, (rows, with_new(rows, draft)), (view, draft[0].first))
        pairs = {(one.station, one.task) for one in draft}
        seen = stamp([row for row in rows if (row.station, row.task) in pairs])
        return replace(view, draft=draft, effect=found, seen=seen)
    if not asked.get("end"):
        return view
    key, last = asked["end"]
    row = next((one for one in rows if (one.station, one.task, one.first) == key), None)
    if row is None:
        return view
    check_end(row, last, today)
    after = date.fromordinal(last.toordinal() + 1)
    found = _effect(connection, catalogue, scope, (rows, ended(rows, key, last)), (view, after))
    return replace(view, ending=(row, last), effect=found)


def _effect(
    connection: Connection,
    catalogue: Catalogue,
    scope: Scope,
    rows: tuple[tuple[TargetRow, ...], tuple[TargetRow, ...]],
    when: tuple[TargetsView, date],
) -> Effect:
    """The board of now, judged by the targets of the day on which the change begins, before and after it."""
    view, begins = when
    day, as_of = max(begins, view.today), view.board.as_of
    states = feed_states(feeds(connection), catalogue.active, as_of)
    table = numbers(connection, catalogue.active, as_of, scope)

    def made(kept: tuple[TargetRow, ...]) -> Board:
        targets = in_force(kept, day)
        lines = tuple(judged(unit, catalogue, table, targets, (as_of, states)) for unit in view.units)
        return replace(view.board, lines=lines)

    return effect(made(rows[0]), made(rows[1]), day)


def active_codes(engine: Engine, scope: Scope) -> tuple[str, ...]:
    """Codes of the active stations of the scope."""
    with reading(engine) as connection:
        return tuple(unit.code for unit in units(connection, scope))


def stations_view(
    engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime, *, code: str, district: str
) -> StationsView:
    """All stations, those that were wound up too, and all districts; one of either is chosen by its code."""
    with reading(engine) as connection:
        rows, kept = station_rows(connection, scope), district_rows(connection, scope)
        return StationsView(
            board=standing(connection, catalogue, as_of),
            rows=rows,
            districts=kept,
            chosen=next((row for row in rows if row.code == code), None),
            district=next((row for row in kept if row.code == district), None),
        )


def feeds_view(engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime) -> FeedsView:
    """Sources with the last imported files."""
    with reading(engine) as connection:
        return FeedsView(standing(connection, catalogue, as_of), import_rows(connection, scope))


def accounts_view(
    engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime, *, chosen: str, may_write: bool
) -> AccountsView:
    """All accounts; the chosen one with its sessions."""
    with reading(engine) as connection:
        one = by_login(connection, login_of(chosen)) if chosen else None
        return AccountsView(
            board=standing(connection, catalogue, as_of),
            now=as_of,
            accounts=all_accounts(connection),
            units=units(connection, scope),
            chosen=one,
            sessions=sessions_of(connection, one.account_id, as_of) if one else (),
            may_write=may_write,
        )


def displays_view(
    engine: Engine,
    catalogue: Catalogue,
    scope: Scope,
    as_of: datetime,
    *,
    chosen: str,
    playlists: tuple[tuple[str, Mapping[str, str]], ...],
) -> DisplaysView:
    """All wall displays, revoked ones last."""
    with reading(engine) as connection:
        lines = sorted(map(_display_line, displays(connection)), key=lambda line: (not line.active, line.name))
        return DisplaysView(
            board=standing(connection, catalogue, as_of),
            lines=tuple(lines),
            units=units(connection, scope),
            playlists=playlists,
            chosen=next((line for line in lines if line.active and line.name == chosen), None),
        )


def _display_line(row: DisplayRow) -> DisplayLine:
    return DisplayLine(row.name, row.display, row.active, row.created_at, row.last_seen_at)


def catalogue_view(
    engine: Engine, catalogue: Catalogue, shipped: Catalogue, as_of: datetime, *, folder: str
) -> CatalogueView:
    """Themes and tasks in force, each compared with what ships."""
    with reading(engine) as connection:
        board = standing(connection, catalogue, as_of)
    themes = [_laid("theme", one, shipped.theme(one.code), True) for one in catalogue.themes]
    tasks = [_laid("task", one, shipped.task(one.code), one.on) for one in catalogue.tasks]
    named, shipped_named = (f"{one.version} · {digest(one)}" for one in (catalogue, shipped))
    return CatalogueView(board, named, shipped_named, folder, (*themes, *tasks))


def digest(rules: Catalogue) -> str:
    """A fingerprint of all themes and tasks, whatever files they came from."""
    told = [_flat(one) for one in (*rules.themes, *rules.tasks)]
    return hashlib.sha256(repr([sorted(one.items()) for one in told]).encode()).hexdigest()[:12]


def _laid(kind: str, here: Any, ours: Any, on: bool) -> Laid:
    if ours is None:
        return Laid(kind, here.code, "added", on)
    told = tuple(_differences(_flat(ours), _flat(here)))
    return Laid(kind, here.code, "changed" if told else "ours", on, told)


def _differences(ours: Mapping[str, str], here: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = sorted({*ours, *here})
    return [(name, ours.get(name, ""), here.get(name, "")) for name in names if ours.get(name) != here.get(name)]


def _flat(value: Any, prefix: str = "") -> dict[str, str]:
    """Fields and keys of an entry as texts: `measure.limit`, `names.zh`."""
    if hasattr(value, "__dataclass_fields__"):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if not isinstance(value, Mapping):
        return {prefix.removesuffix("."): "" if value is None else str(value)}
    flat: dict[str, str] = {}
    for name, one in value.items():
        flat.update(_flat(one, f"{prefix}{name}."))
    return flat
