"""What became of every row that was read. One byte per row; nothing can be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

UNKNOWN, UNCHANGED, UPDATED, LOADED, REJECTED = range(5)


class Account:
    """The rows of one file, numbered from 0 in the order they were read."""

    def __init__(self) -> None:
        self._rows = bytearray()

    def open(self, count: int) -> int:
        """Begin `count` new rows; returns the number of the first."""
        first = len(self._rows)
        self._rows += bytes(count)
        return first

    def mark(self, row: int, outcome: int) -> None:
        """The strongest outcome stands: a row that was new for one table is loaded, whatever the others say."""
        if outcome > self._rows[row]:
            self._rows[row] = outcome

    def mark_all(self, rows: Iterable[int], outcome: int) -> None:
        """`mark` for many rows."""
        known = self._rows
        for row in rows:
            if outcome > known[row]:
                known[row] = outcome

    def outcome(self, row: int) -> int:
        """What has become of one row so far."""
        return self._rows[row]

    def count(self, outcome: int) -> int:
        """Rows with this outcome."""
        return self._rows.count(outcome)

    @property
    def read(self) -> int:
        """Rows read."""
        return len(self._rows)

    def check(self) -> None:
        """Raises `RuntimeError` unless every row is loaded, unchanged or rejected."""
        known = sum(self.count(outcome) for outcome in (UNCHANGED, UPDATED, LOADED, REJECTED))
        if known != self.read:
            raise RuntimeError(f"{self.read - known} of {self.read} rows are not accounted for")
