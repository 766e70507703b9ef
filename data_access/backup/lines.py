"""One row as a line of text, and back: the text form of PostgreSQL's COPY, whatever the database.

Cells are parted by tabs; null is `\\N`; backslash and control characters are escaped. Times and days
stand as "YYYY-MM-DD HH:MM:SS" and "YYYY-MM-DD", bytes as `\\x` and hex digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, Numeric

NULL = b"\\N"
_WRITTEN = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_TABLE = str.maketrans(_WRITTEN)
_NEEDS = re.compile(r"[\\\b\f\n\r\t\v]")
_BACK = {written[1]: plain for plain, written in _WRITTEN.items()}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEX = b"\\\\x"


def line_of(row: Sequence[Any]) -> bytes:
    """A row of SQLite's own values (text, int, float, bytes, None) as a line without its end."""
    return b"\t".join([_cell(value) for value in row])


def _cell(value: Any) -> bytes:
    if value is None:
        return NULL
    if isinstance(value, str):
        return (value.translate(_TABLE) if _NEEDS.search(value) else value).encode()
    if isinstance(value, bytes):
        return _HEX + value.hex().encode()
    return repr(value).encode()


def reader(columns: Sequence[Column[Any]]) -> Callable[[bytes], tuple[Any, ...]]:
    """A function that turns a line into values for SQLite.

    Raises (the function):
        ValueError: a line with more or fewer cells than columns, or a cell that is no number.
    """
    kinds = [_kind(column) for column in columns]

    def read(line: bytes) -> tuple[Any, ...]:
        cells = line.split(b"\t")
        return tuple(None if cell == NULL else kind(cell) for kind, cell in zip(kinds, cells, strict=True))

    return read


def _kind(column: Column[Any]) -> Callable[[bytes], Any]:
    if isinstance(column.type, LargeBinary):
        return _bytes
    if isinstance(column.type, Integer):
        return int
    return float if isinstance(column.type, Numeric | Float) else _text


def _text(cell: bytes) -> str:
    text = cell.decode()
    return _ESCAPE.sub(lambda found: _BACK.get(found[1], found[1]), text) if "\\" in text else text


def _bytes(cell: bytes) -> bytes:
    return bytes.fromhex(cell.removeprefix(_HEX).decode())


def comparer(columns: Sequence[Column[Any]]) -> Callable[[bytes, bytes], bool]:
    """A function that says whether two lines mean the same row.

    Decimal numbers may differ by the rounding to the column's scale, because SQLite keeps more digits
    than the column promises; everything else must be equal.
    """
    slack = [_slack(column) for column in columns]

    def same(one: bytes, other: bytes) -> bool:
        if one == other:
            return True
        pairs = zip(one.split(b"\t"), other.split(b"\t"), strict=False)
        even = one.count(b"\t") == other.count(b"\t") == len(slack) - 1
        return even and all(a == b or _close(a, b, limit) for (a, b), limit in zip(pairs, slack, strict=True))

    return same


def _slack(column: Column[Any]) -> float | None:
    """The largest difference of two numbers that counts as none; None where cells must be equal."""
    if isinstance(column.type, Float):
        return 0.0
    return 0.5001 * 10.0 ** -(column.type.scale or 0) if isinstance(column.type, Numeric) else None


def _close(one: bytes, other: bytes, limit: float | None) -> bool:
    return limit is not None and NULL not in (one, other) and abs(float(one) - float(other)) <= limit
