"""Rows that differ from what the database holds wait here until the file has been read to its end.

Only then is it known what the file finally says about a key, and only then may a difference count
as a change: otherwise a file that names a key twice would change something on every repetition.
The scratch database lives in memory and overflows to disk, so that memory stays flat.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.importing.merge import Values, merged

Key = tuple[Any, ...]


class KeySet:
    """Fingerprints of keys, 8 bytes each, in a few sorted arrays of growing size."""

    def __init__(self) -> None:
        self._arrays: list[npt.NDArray[np.int64]] = []

    def add(self, hashes: npt.NDArray[np.int64]) -> None:
        """Take in the hashes of one batch."""
        new = np.sort(hashes)
        while self._arrays and len(self._arrays[-1]) <= 2 * len(new):
            new = np.sort(np.concatenate([self._arrays.pop(), new]))
        self._arrays.append(new)

    def holds(self, hashes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of these have been added before."""
        found = np.zeros(len(hashes), dtype=bool)
        for array in self._arrays:
            at = np.minimum(np.searchsorted(array, hashes), len(array) - 1)
            found |= array[at] == hashes
        return found


def hashes_of(keys: Sequence[Key]) -> npt.NDArray[np.int64]:
    """Python's hashes, alike within one process."""
    return np.fromiter(map(hash, keys), dtype=np.int64, count=len(keys))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One key's row as the file says it. `repeated`: the row it differs from stood in the same file."""

    key: Key
    values: Values
    rows: list[int]
    repeated: bool


class Pending:
    """The waiting rows of one table."""

    def __init__(self) -> None:
        self._scratch = sqlite3.connect("", isolation_level=None)
        self._scratch.execute("PRAGMA journal_mode=OFF")
        self._scratch.execute("BEGIN")
        self._scratch.execute("CREATE TABLE waiting (key TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID")
        self._keys = KeySet()

    def close(self) -> None:
        """Drop the scratch database."""
        self._scratch.close()

    def holds(self, hashes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of these keys wait already."""
        return self._keys.holds(hashes)

    def put(self, waiting: Sequence[Waiting]) -> None:
        """Let rows wait; one whose key waits already is merged into it."""
        if not waiting:
            return
        self._keys.add(hashes_of([item.key for item in waiting]))
        for item in waiting:
            key = json.dumps(item.key)
            found = self._scratch.execute("SELECT content FROM waiting WHERE key = ?", (key,)).fetchone()
            kept = item if found is None else _joined(_load(item.key, found[0]), item)
            self._scratch.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?)", (key, _dump(kept)))

    def take(self, size: int) -> Iterator[list[Waiting]]:
        """All waiting rows, in the order of their keys."""
        cursor = self._scratch.execute("SELECT key, content FROM waiting ORDER BY key")
        while part := cursor.fetchmany(size):
            yield [_load(tuple(json.loads(key)), content) for key, content in part]


def _joined(earlier: Waiting, later: Waiting) -> Waiting:
    values, changed = merged(earlier.values, later.values)
    rows = earlier.rows + later.rows if changed else earlier.rows
    return Waiting(earlier.key, values, rows, earlier.repeated)


def _dump(item: Waiting) -> str:
    return json.dumps([item.values, item.rows, item.repeated])


def _load(key: Key, content: str) -> Waiting:
    values, rows, repeated = json.loads(content)
    return Waiting(key, values, rows, repeated)
