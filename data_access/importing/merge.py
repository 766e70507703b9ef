"""Rows of one file that have the same key become one row before they are stored.

A filled value of a later row wins; an empty one never erases what an earlier row of the same file
said (two dispatch orders of one incident each know their own part). Where rows carry the time at
which the source last changed them, "later" means that time, else the order in the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data_access.importing.targets import PLACE

VERSION = "source_updated_at"
Values = dict[str, Any]


@dataclass(slots=True)
class Group:
    """One key: the row of the batch that came first, and what became of the rows after it.

    `changed`: rows that brought something; `same`: rows that brought nothing new.
    """

    values: Values
    changed: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)


def merged(earlier: Values, later: Values) -> tuple[Values, bool]:
    """Both rows in one, and whether that differs from `earlier`."""
    if _is_older(later, earlier):
        older, newer = later, earlier
    else:
        older, newer = earlier, later
    result = {name: newer[name] if newer[name] is not None else value for name, value in older.items()}
    if newer.get("lng") is None and older.get("lng") is not None:
        result.update({name: older[name] for name in PLACE if name in older})
    elif newer.get("lng") is not None:
        result.update({name: newer[name] for name in PLACE if name in newer})
    return result, result != earlier


def _is_older(one: Values, other: Values) -> bool:
    mine, theirs = one.get(VERSION), other.get(VERSION)
    return mine is not None and theirs is not None and bool(mine < theirs)
