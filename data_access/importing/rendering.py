"""Rows as text: what the fingerprint is made of, and what PostgreSQL's COPY reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, repeat
from typing import Any

from data_access.importing.plan import TargetPlan

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


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
    """Per row the text of all columns, tab between them; nothing between two tabs is a null."""
    known = list(columns)
    lines = _joined(known, size)
    return lines if _is_plain(lines, len(known)) else _joined([_escaped(values) for values in known], size)


def _joined(columns: list[list[Any] | None], size: int) -> list[str]:
    texts: list[Iterable[str]] = []
    for empty, group in groupby(columns, key=lambda values: values is None):
        if empty:  # neighbours that are empty throughout become one piece
            texts.append(repeat("\t" * (len(list(group)) - 1), size))
        else:
            texts += [_texts(values) for values in group if values is not None]
    return list(map("\t".join, zip(*texts, strict=True)))


def _is_plain(lines: list[str], width: int) -> bool:
    """True when no value holds a character that COPY reads as something else. One look at all rows is cheap."""
    text = "\n".join(lines)
    marks = text.count("\t") == len(lines) * (width - 1) and text.count("\n") == max(0, len(lines) - 1)
    return marks and "\\" not in text and "\r" not in text


def _escaped(values: list[Any] | None) -> list[Any] | None:
    return values and [value.translate(_ESCAPES) if isinstance(value, str) else value for value in values]


def fingerprints(lines: Sequence[str]) -> list[str]:
    """32 hex digits per row; equal rows have equal fingerprints on every database."""
    return [hashlib.md5(line.encode(), usedforsecurity=False).hexdigest() for line in lines]


def fingerprint_of(values: Sequence[Any]) -> str:
    """The fingerprint of one row, given its columns in the table's order."""
    return fingerprints(lines_of(([value] for value in values), 1))[0]


def text_of(value: Any) -> str:
    """One value as it stands in a line, before escaping."""
    return "" if value is None else str(value)


def _texts(values: list[Any]) -> list[str]:
    if isinstance(next((value for value in values if value is not None), ""), str):
        return values if all(values) else [value or "" for value in values]
    return ["" if value is None else str(value) for value in values]
