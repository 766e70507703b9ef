"""A profile's targets against our real tables: which columns they fill, and which headers they cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Column, Table

from data_access.tables import metadata
from domain.errors import CatalogueError
from domain.profile import ColumnRule, Profile, Target

TABLES: Mapping[str, Table] = metadata.tables
MADE_HERE = frozenset({"row_hash", "updated_at"})
PLACE = frozenset({"lng", "lat", "cell", "crs", "raw_x", "raw_y", "place_issue"})
"""Columns that come from a pair of coordinates, never from a cell of their own."""

_DEADLINES = frozenset({"due_at", "valid_to", "starts_at", "ends_at"})


def columns_of(target: Target) -> dict[str, ColumnRule]:
    """The rule of every column that comes from cells. With `own`, our names are the headers."""
    rules = dict(target.columns)
    if target.own:
        for column in TABLES[target.table].columns:
            if column.name not in rules and column.name not in MADE_HERE | PLACE:
                rules[column.name] = _own(target.table, column.name)
    return {name: _deadline(name, rule) for name, rule in rules.items()}


def _own(table: str, name: str) -> ColumnRule:
    return ColumnRule(aliases=(name,), unit=name == "station_code" and table != "station")


def _deadline(name: str, rule: ColumnRule) -> ColumnRule:
    return replace(rule, future=True) if name in _DEADLINES else rule


def pairs_of(target: Target) -> tuple[tuple[str, str], ...]:
    """Pairs of headers that may hold the place; none where the table has no place."""
    if "lng" not in TABLES[target.table].columns:
        return ()
    return target.pairs or ((("lng", "lat"),) if target.own else ())


def is_needed(column: Column[object]) -> bool:
    """True when a row cannot be stored without a value in this column."""
    return column.name not in MADE_HERE and not column.nullable and column.server_default is None


def needs(target: Target) -> tuple[tuple[str, ...], ...]:
    """Groups of headers; a file feeds the target only if it has at least one header of each group."""
    rules = columns_of(target)
    table = TABLES[target.table]
    wanted = {column.name for column in table.columns if is_needed(column)} | set(target.when)
    found: list[tuple[str, ...]] = []
    for name in sorted(wanted):
        rule = rules.get(name, ColumnRule())
        sources = [rules[part] for part in rule.parts if part in rules] or [rule]
        found += [source.aliases for source in sources if source.aliases and source.default is None]
    return tuple(found)


def headers_of(target: Target) -> set[str]:
    """Every header that the target may read."""
    named = {header for rule in columns_of(target).values() for header in rule.headers}
    return named | {header for pair in pairs_of(target) for header in pair} | ({target.shape} - {""})


def check_profile(profile: Profile) -> None:
    """Raises `CatalogueError` for a profile that names columns our tables do not have, or leaves out a needed one."""
    for rule in profile.files:
        for target in rule.targets:
            _check(profile, target)
        for fixed in rule.fixed:
            _known(profile, fixed.table, fixed.values)


def _check(profile: Profile, target: Target) -> None:
    rules = columns_of(target)
    _known(profile, target.table, [*rules, *target.when, *(feed.at for feed in target.feeds)])
    for name, rule in rules.items():
        _known(profile, target.table, rule.parts)
        if rule.same is not None and rule.same.split(".")[0] not in TABLES:
            _refuse(profile, f"{target.table}.{name}.same", f"no table {rule.same.split('.')[0]!r}")
    for column in TABLES[target.table].columns:
        if is_needed(column) and column.name not in rules:
            _refuse(profile, f"{target.table}.columns", f"{column.name!r} is needed and has no rule")


def _known(profile: Profile, table: str, names: Iterable[str]) -> None:
    for name in names:
        if name not in TABLES[table].columns or name in MADE_HERE:
            _refuse(profile, f"{table}.columns", f"no column {name!r} that an import fills")


def _refuse(profile: Profile, where: str, detail: str) -> None:
    raise CatalogueError("error.catalogue", file=profile.file, where=where, detail=detail)
