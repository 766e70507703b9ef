"""Profile rule + header of one file -> exactly what to read into which column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Float, Integer, Numeric, SmallInteger, String, Table, Text

from data_access.importing import targets
from data_access.importing.rows import Header
from data_access.importing.targets import TABLES, check_profile, columns_of, is_needed, needs, pairs_of
from domain.parsing import Unreadable, count, quantity, time_reader
from domain.profile import ColumnRule, Empty, FeedRule, FixedRow, Profile, Target, folded

__all__ = ["ColumnPlan", "Plan", "TargetPlan", "check_profile", "make_plan"]

Parse = Callable[[str], Any]
_SHAPED = ("area_km2",)


@dataclass(slots=True)
class ColumnPlan:
    """One column of a table and the cells it comes from.

    Args:
        kind: text | time | whole | flag | decimal | geometry | drawing.
        limit: characters that fit (text), or None.
        indexes: positions of the aliases (or of the cells to join or to fingerprint) in a row.
        header: the first of their headers, for messages.
        labelled: label -> positions.
        parse: one cell to a value; raises `Unreadable`.
        memo: cells seen before -> value; `wrong`: those of them that are rejected -> reason.
    """

    name: str
    kind: str
    limit: int | None
    rule: ColumnRule
    indexes: tuple[int, ...]
    header: str
    labelled: tuple[tuple[str, tuple[int, ...]], ...]
    parse: Parse
    required: bool
    default: Any
    memo: dict[Any, Any] = field(default_factory=dict)
    wrong: dict[Any, str] = field(default_factory=dict)


@dataclass(slots=True)
class TargetPlan:
    """One table and what of it the file provides.

    Args:
        provided: columns that the file has a say in; the others keep what the database holds.
        pairs: positions of the coordinates, and `pair_header` the first one's header.
        shape: position of a geometry that gives place and area.
        defaults: what a new row gets where a column may not be null and no value was read.
        drawn: rows of one key are drawn together.
    """

    table: Table
    columns: tuple[ColumnPlan, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    provided: frozenset[str]
    pairs: tuple[tuple[int, int], ...]
    pair_header: str
    shape: int | None
    when: tuple[str, ...]
    empty: Empty
    feeds: tuple[FeedRule, ...]
    defaults: dict[str, Any]
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one part of a file feeds."""

    profile: Profile
    header: Header
    targets: tuple[TargetPlan, ...]
    fixed: tuple[FixedRow, ...]
    unused: tuple[str, ...]
    now: datetime


def make_plan(profile: Profile, header: Header, now: datetime) -> Plan:
    """The plan for a file with this header; optional targets without their headers are left out."""
    have = {folded(name) for name in header.names}
    chosen = [
        target
        for target in header.rule.targets
        if not target.optional or all(any(folded(name) in have for name in group) for group in needs(target))
    ]
    used = {folded(name) for target in header.rule.targets for name in targets.headers_of(target)}
    unused = tuple(
        name
        for name in header.names
        if name and folded(name) not in used | profile.ignored and not name.startswith("_")
    )
    positions = {folded(name): at for at, name in reversed(list(enumerate(header.names)))}
    plans = tuple(_Planner(profile, positions, header, now).target(target) for target in chosen)
    return Plan(profile, header, plans, header.rule.fixed, unused, now)


class _Planner:
    def __init__(self, profile: Profile, positions: dict[str, int], header: Header, now: datetime) -> None:
        self._profile, self._positions, self._header = profile, positions, header
        self._read_time = time_reader(profile.times)

    def target(self, target: Target) -> TargetPlan:
        table = TABLES[target.table]
        columns = tuple(self.column(table, name, rule) for name, rule in columns_of(target).items())
        for column in columns:
            if target.drawn and column.kind == "geometry":
                column.kind = "drawing"
        pairs = tuple(
            (self._at(x), self._at(y)) for x, y in pairs_of(target) if {folded(x), folded(y)} <= set(self._positions)
        )
        provided = {column.name for column in columns if _is_read(column)}
        if pairs or folded(target.shape) in self._positions:
            provided |= {name for name in (*targets.PLACE, *_SHAPED[: 1 - bool(pairs)]) if name in table.columns}
        return TargetPlan(
            table=table,
            columns=columns,
            names=tuple(column.name for column in table.columns if column.name not in targets.MADE_HERE),
            keys=tuple(column.name for column in table.primary_key.columns),
            provided=frozenset(provided | _unit_columns(table, columns)),
            pairs=pairs,
            pair_header=self._header.names[pairs[0][0]] if pairs else "",
            shape=self._at(target.shape) if folded(target.shape) in self._positions else None,
            when=target.when,
            empty=target.empty,
            feeds=target.feeds,
            defaults={column.name: _default(column) for column in table.columns if column.server_default is not None},
            drawn=target.drawn,
        )

    def column(self, table: Table, name: str, rule: ColumnRule) -> ColumnPlan:
        kind, limit, parse = self._kind(table.columns[name])
        indexes = self._where(rule.aliases + rule.join + rule.digest)
        return ColumnPlan(
            name=name,
            kind=kind,
            limit=limit,
            rule=rule,
            indexes=indexes,
            header=self._header.names[indexes[0]] if indexes else name,
            labelled=tuple((label, self._where(headers)) for label, headers in rule.labels.items()),
            parse=parse,
            required=is_needed(table.columns[name]) or rule.required,
            default=rule.default,
        )

    def _at(self, header: str) -> int:
        return self._positions[folded(header)]

    def _where(self, headers: tuple[str, ...]) -> tuple[int, ...]:
        found = [self._positions[folded(header)] for header in headers if folded(header) in self._positions]
        return tuple(dict.fromkeys(found))

    def _kind(self, column: Column[Any]) -> tuple[str, int | None, Parse]:
        kind = column.type
        if isinstance(kind, DateTime):
            return "time", None, self._read_time
        if isinstance(kind, SmallInteger):
            return "flag", None, self._flag
        if isinstance(kind, Integer):
            return "whole", None, count
        if isinstance(kind, Numeric) and not isinstance(kind, Float):
            return "decimal", None, quantity
        if isinstance(kind, Text) and column.name == "geojson":
            return "geometry", None, str
        if isinstance(kind, String):
            return "text", kind.length, str
        raise TypeError(f"no reader for {column}")

    def _flag(self, text: str) -> int:
        if folded(text) in self._profile.yes:
            return 1
        if folded(text) in self._profile.no:
            return 0
        raise Unreadable("flag_bad")


def _is_read(column: ColumnPlan) -> bool:
    rule = column.rule
    read = bool(column.indexes) or any(positions for _, positions in column.labelled)
    return read or rule.const is not None or rule.same is not None or bool(rule.parts)


def _unit_columns(table: Table, columns: tuple[ColumnPlan, ...]) -> set[str]:
    """A cell that names a unit also says of which kind it is."""
    if not any(column.rule.unit and column.indexes for column in columns):
        return set()
    return {name for name in ("squadron_code", "unit_kind", "unit_code") if name in table.columns}


def _default(column: Column[Any]) -> Any:
    text = str(column.server_default.arg)  # type: ignore[union-attr]
    return int(text) if isinstance(column.type, Integer) else float(text)
