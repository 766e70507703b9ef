"""One batch of text rows -> one set of typed columns per table, and the rows that are rejected."""

from __future__ import annotations

from typing import Any

from data_access.importing.convert import Columns, Converted, Reading, read_column, reject_unclean
from data_access.importing.places import add_places
from data_access.importing.plan import ColumnPlan, Plan, TargetPlan
from data_access.importing.rows import Batch
from data_access.importing.units import Units

_NO_MARKS = str.maketrans("", "", "-: ")


def assemble(plan: Plan, batch: Batch, units: Units) -> tuple[Reading, list[Converted]]:
    """Convert a batch for every target of the plan."""
    cells: list[tuple[str, ...]] = list(zip(*batch.rows, strict=True)) or [()] * len(plan.header.names)
    reading = Reading(plan, units, batch.rows, cells)
    if batch.suspicious:
        reject_unclean(reading)
    done: list[Converted] = []
    for target in plan.targets:
        done.append(_convert(reading, target, done))
    return reading, done


def _convert(reading: Reading, target: TargetPlan, done: list[Converted]) -> Converted:
    columns: Columns = {
        column.name: read_column(reading, column)
        for column in target.columns
        if not column.rule.parts and column.rule.same is None
    }
    _spread_units(target, columns)
    for column in target.columns:
        if column.rule.parts:
            columns[column.name] = _composed(reading, target, column, columns)
        elif column.rule.same is not None:
            columns[column.name] = _borrowed(reading, column.rule.same, done)
    skipped = {row for name in target.when for row, value in enumerate(columns[name]) if value is None}
    add_places(reading, target, columns, skipped)
    for column in target.columns:
        if column.required:
            _require(reading, target, column, (columns[column.name], skipped))
    return Converted(target, columns, skipped)


def _spread_units(target: TargetPlan, columns: Columns) -> None:
    """A cell that names a squadron leaves the station empty, and the other way round."""
    for column in target.columns:
        if not column.rule.unit or (not column.indexes and column.default is None):
            continue
        units = columns[column.name]
        columns[column.name] = [unit[1] if unit and unit[0] == "station" else None for unit in units]
        spread = {
            "squadron_code": [unit[1] if unit and unit[0] == "squadron" else None for unit in units],
            "unit_kind": [unit[0] if unit else None for unit in units],
            "unit_code": [unit[1] if unit else None for unit in units],
        }
        for name, values in spread.items():
            if name in target.table.columns and not any(v is not None for v in columns.get(name, ())):
                columns[name] = values


def _composed(reading: Reading, target: TargetPlan, column: ColumnPlan, columns: Columns) -> list[Any]:
    kinds = {other.name: other.kind for other in target.columns}
    parts = [_digits(columns[name]) if kinds[name] == "time" else columns[name] for name in column.rule.parts]
    found = [_key(column.rule.prefix, values) for values in zip(*parts, strict=True)]
    for row, text in enumerate(found):
        if text is not None and column.limit is not None and len(text) > column.limit:
            reading.reject(row, column.header, text, "text_long")
    return found


def _key(prefix: str, values: tuple[Any, ...]) -> str | None:
    if any(value is None for value in values):
        return None
    return prefix + "-".join(map(str, values))


def _digits(times: list[str | None]) -> list[str | None]:
    return [time and time.translate(_NO_MARKS) for time in times]


def _borrowed(reading: Reading, source: str, done: list[Converted]) -> list[Any]:
    table, name = source.split(".")
    for converted in done:
        if converted.target.table.name == table:
            return converted.columns.get(name) or [None] * len(reading.rows)
    return [None] * len(reading.rows)


def _require(reading: Reading, target: TargetPlan, column: ColumnPlan, found: tuple[list[Any], set[int]]) -> None:
    values, skipped = found
    if None not in values:
        return
    reason = "key_missing" if column.name in target.keys else "value_missing"
    header = _blame(column, target)
    for row, value in enumerate(values):
        if value is None and row not in skipped:
            reading.reject(row, header, "", reason)


def _blame(column: ColumnPlan, target: TargetPlan) -> str:
    """The header to name when a column has no value: for composed keys that of their first part."""
    if column.rule.parts:
        return next((c.header for c in target.columns if c.name == column.rule.parts[0]), column.name)
    return column.header
