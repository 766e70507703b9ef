"""Columns of text to columns of values. Works on whole columns; equal cells are read once.

Times stay text of one form, which compares like a time: neither COPY nor SQLite wants anything else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_access.importing.drawing import checked_drawing
from data_access.importing.geometry import checked_geometry
from data_access.importing.plan import ColumnPlan, Plan, TargetPlan
from data_access.importing.units import Units
from domain.parsing import EARLIEST, Unreadable, iso_span, plausible
from domain.profile import Unknown, folded

_MEMO_LIMIT = 100_000
Columns = dict[str, list[Any]]


@dataclass(slots=True)
class Converted:
    """The columns of one target for all rows of a batch; rows with errors are told apart later.

    `skipped`: positions of rows that do not feed this table.
    """

    target: TargetPlan
    columns: Columns
    skipped: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """One batch being read: its rows column by column, and the first error of each row."""

    plan: Plan
    units: Units
    rows: list[list[str]]
    cells: list[tuple[str, ...]]
    errors: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    _trimmed: dict[int, list[str]] = field(default_factory=dict)
    _times: dict[tuple[int, ...], list[str | None]] = field(default_factory=dict)

    def trimmed(self, index: int) -> list[str]:
        """The cells of one column without outer blanks; several of our columns may read the same one."""
        if index not in self._trimmed:
            self._trimmed[index] = list(map(str.strip, self.cells[index]))
        return self._trimmed[index]

    def times(self, column: ColumnPlan, cells: list[str]) -> list[Any]:
        """Times as text yyyy-MM-dd HH:mm:ss. Read once where several of our columns read the same cells."""
        if column.rule.future:
            return _times(self, column, cells)
        if column.indexes not in self._times:
            self._times[column.indexes] = _times(self, column, cells)
        return self._times[column.indexes]

    def reject(self, row: int, header: str, value: str, reason: str) -> None:
        """Note why a row is rejected; the first reason stands."""
        self.errors.setdefault(row, (header, value, reason))

    def warn(self, code: str, rows: int) -> None:
        """Count rows that were kept although something is the matter with them."""
        if rows:
            self.warnings[code] = self.warnings.get(code, 0) + rows


def read_column(reading: Reading, column: ColumnPlan) -> list[Any]:
    """The values of one column; None where a cell is empty or wrong."""
    rule, size = column.rule, len(reading.rows)
    if rule.const is not None:
        return [column.parse(rule.const)] * size
    if rule.join:
        return _texts(reading, column, _joined(reading, column))
    if rule.labels:
        return _texts(reading, column, _labelled(reading, column))
    if rule.digest:
        return _digests(reading, column)
    if not column.indexes:
        return _memoised(reading, column, [""] * size) if column.default is not None else [None] * size
    if len(column.indexes) > 1 and rule.values is not None:
        return _memoised(reading, column, list(zip(*(reading.trimmed(i) for i in column.indexes), strict=True)))
    return _single(reading, column, _coalesced(reading, column))


def _single(reading: Reading, column: ColumnPlan, cells: list[str]) -> list[Any]:
    rule = column.rule
    plain = (rule.values, rule.form, rule.pattern, rule.part, column.default) == (None,) * 5
    if plain and not rule.unit and column.kind == "text":
        return _texts(reading, column, cells)
    if plain and column.kind == "time":
        return reading.times(column, cells)
    return _memoised(reading, column, cells)


def _coalesced(reading: Reading, column: ColumnPlan) -> list[str]:
    first, *others = (reading.trimmed(index) for index in column.indexes)
    for other in others:
        first = [mine or theirs for mine, theirs in zip(first, other, strict=True)]
    return first


def _joined(reading: Reading, column: ColumnPlan) -> list[str]:
    parts = [reading.trimmed(index) for index in column.indexes]
    return [column.rule.glue.join(filter(None, cells)) for cells in zip(*parts, strict=True)] or [""] * len(
        reading.rows
    )


def _labelled(reading: Reading, column: ColumnPlan) -> list[str]:
    found = [""] * len(reading.rows)
    for label, indexes in column.labelled:
        for index in indexes:
            for row, cell in enumerate(reading.trimmed(index)):
                if cell:
                    found[row] += f";{label}={cell}" if found[row] else f"{label}={cell}"
    return found


def _digests(reading: Reading, column: ColumnPlan) -> list[str]:
    parts = [reading.trimmed(index) for index in column.indexes]
    if not parts:
        return [column.rule.prefix + "0"] * len(reading.rows)
    return [column.rule.prefix + _digest("\x1f".join(cells)) for cells in zip(*parts, strict=True)]


def _digest(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()[:16]


def _texts(reading: Reading, column: ColumnPlan, cells: list[str]) -> list[Any]:
    limit = column.limit
    if limit is not None and max(map(len, cells), default=0) > limit:
        for row, cell in enumerate(cells):
            if len(cell) > limit:
                reading.reject(row, column.header, cell, "text_long")
    return [cell or None for cell in cells]


def _times(reading: Reading, column: ColumnPlan, cells: list[str]) -> list[Any]:
    try:
        span = iso_span(cells)
    except ValueError:
        return _memoised(reading, column, cells)
    if span is not None and (span[0] < EARLIEST or span[1] > reading.plan.now):
        return _memoised(reading, column, cells)
    return [cell or None for cell in cells]


def _memoised(reading: Reading, column: ColumnPlan, cells: Sequence[Any]) -> list[Any]:
    memo, wrong = column.memo, column.wrong
    if len(memo) > _MEMO_LIMIT:
        memo.clear()
        wrong.clear()
    distinct = set(cells)
    for cell in distinct.difference(memo):
        try:
            memo[cell] = _value(column, cell, reading)
        except Unreadable as unreadable:
            memo[cell], wrong[cell] = None, unreadable.reason
    if not wrong.keys().isdisjoint(distinct):
        for row, cell in enumerate(cells):
            if cell in wrong:
                reading.reject(row, column.header, _shown(cell), wrong[cell])
    return list(map(memo.__getitem__, cells))


def _shown(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else next(filter(None, cell), "")


def _value(column: ColumnPlan, cell: str | tuple[str, ...], reading: Reading) -> Any:
    """The value of one cell, or of the cells of all aliases.

    Raises:
        Unreadable: with the reason.
    """
    rule = column.rule
    if rule.pattern is not None and cell and not re.fullmatch(rule.pattern, str(cell)):
        raise Unreadable("value_unknown")
    text = _mapped(column, cell) if rule.values is not None else str(cell)
    text = text or (column.default or "")
    if not text:
        return None
    if rule.form is not None and text != column.default:
        text = rule.form.format(text)
    if rule.part is not None:
        pieces = text.split(".")
        text = pieces[rule.part] if rule.part < len(pieces) else ""
    if not text:
        return None
    if rule.unit:
        return reading.units.find(text)
    return _typed(column, text, reading.plan.now)


def _mapped(column: ColumnPlan, cell: str | tuple[str, ...]) -> str:
    rule = column.rule
    cells = [text for text in ((cell,) if isinstance(cell, str) else cell) if text]
    for text in cells:
        found = _listed(rule.values or {}, folded(text))
        if found is not None:
            return found
    if not cells:
        return ""
    if rule.otherwise is not None:
        return rule.otherwise
    if rule.unknown is Unknown.REJECT:
        raise Unreadable("value_unknown")
    return cells[0] if rule.unknown is Unknown.KEEP else ""


def _listed(values: Mapping[str, str], text: str) -> str | None:
    if text in values:
        return values[text]
    starts = [key for key in values if key.endswith("*") and text.startswith(key[:-1])]
    return values[max(starts, key=len)] if starts else None


def _typed(column: ColumnPlan, text: str, now: datetime) -> Any:
    if column.kind == "geometry":
        return checked_geometry(text)
    if column.kind == "drawing":
        return checked_drawing(text)
    value = column.parse(text)
    if column.kind == "time":
        return str(plausible(value, now, future=column.rule.future))
    if column.limit is not None and len(text) > column.limit:
        raise Unreadable("text_long")
    return value


def reject_unclean(reading: Reading) -> None:
    """Reject rows with a NUL, a unit separator or an undecodable byte in any cell."""
    names = reading.plan.header.names
    notes = {at for at, name in enumerate(names) if name.startswith("_")}  # columns of a reject file
    unclean = re.compile("[\0\x1f\ud800-\udfff]")
    for row, cells in enumerate(reading.rows):
        for at, cell in enumerate(cells):
            found = unclean.search(cell)
            if found and at not in notes:
                reading.reject(row, names[at], cell, "encoding_bad" if found.group() > "\x1f" else "control_character")
                break
