"""Rows as text: what the fingerprint is made of, and what PostgreSQL's COPY reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from data_access.importing.plan import TargetPlan

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SPECIAL = ("\\", "\t", "\n", "\r")


def with_defaults(target: TargetPlan, columns: Mapping[str, list[Any]], size: int) -> dict[str, list[Any] | None]:
    """Every column of the table in order; None for a column that is empty in all rows."""
    full: dict[str, list[Any] | None] = {}
    for name in target.names:
        values, default = columns.get(name), target.defaults.get(name)
        if values is None:
            full[name] = None if default is None else [default] * size
        elif default is not None and None in values:
            full[name] = [default if value is None else value for value in values]
        else:
            full[name] = values
    return full


def lines_of(columns: Iterable[list[Any] | None], size: int) -> list[str]:
    """Per row the text of all columns, tab between them."""
    texts: list[Iterable[str]] = [repeat(NULL, size) if values is None else _texts(values) for values in columns]
    return list(map("\t".join, zip(*texts, strict=True)))


def fingerprints(lines: Sequence[str]) -> list[str]:
    """32 hex digits per row; equal rows have equal fingerprints on every database."""
    return [hashlib.md5(line.encode(), usedforsecurity=False).hexdigest() for line in lines]


def fingerprint_of(values: Sequence[Any]) -> str:
    """The fingerprint of one row, given its columns in the table's order."""
    return fingerprints(lines_of(([value] for value in values), 1))[0]


def text_of(value: Any) -> str:
    """One value as it stands in a line."""
    if value is None:
        return NULL
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


def _texts(values: list[Any]) -> list[str]:
    sample = next((value for value in values if value is not None), None)
    if sample is None:
        return [NULL] * len(values)
    if not isinstance(sample, str):
        return [NULL if value is None else str(value) for value in values]
    plain = "".join(filter(None, values))
    if any(character in plain for character in _SPECIAL):
        return [NULL if value is None else value.translate(_ESCAPES) for value in values]
    return [value or NULL for value in values]
