"""Dispatch orders as columns, and what became of each at an instant: in which bin it finished, or that it is open.

A row's clock is *done* when its stop is known and not later than the instant; else it is *open*, and then counts as run
out once more than its limit has passed. That is the board's own rule (`data_access.facts.clocks`), except
that here a row belongs to the time its order was given. A stop before the start is *unusable* and never in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from domain.clock_rules import CLASSES, Clock

NOT_YET, UNUSABLE = -1, -2
HOURS = 24
CELLS = len(CLASSES) * HOURS
"""Cells of one station: class by class, hour by hour."""

_EPOCH = datetime(1970, 1, 1)
_LEAST_PATIENCE = timedelta(days=2)


def second_number(moment: datetime) -> int:
    """Wall time as seconds since 1970."""
    return (moment - _EPOCH) // timedelta(seconds=1)


@dataclass(frozen=True)
class Columns:
    """Where the clocks' counts stand among the columns of a table of counts, one clock after the other.

    A clock has one column per bin (the last one: longer than its last edge), one for open rows that have run
    out of none of its limits, one more for each further limit, and one for unusable rows.
    """

    clocks: tuple[Clock, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many columns each clock has."""
        return tuple(len(clock.edges) + len(clock.limits) + 3 for clock in self.clocks)

    @cached_property
    def starts(self) -> np.ndarray:
        """Each clock's first column, and after the last clock the number of all; int64."""
        return np.concatenate(([0], np.cumsum(self.sizes))).astype(np.int64)

    @property
    def size(self) -> int:
        """The number of all columns."""
        return int(self.starts[-1])

    @cached_property
    def patience(self) -> timedelta:
        """So long after an order was given nothing but a late stop can change what became of it."""
        longest = max((limit for clock in self.clocks for limit in clock.limits), default=0)
        return max(_LEAST_PATIENCE, timedelta(seconds=longest + 1))

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Equal for equal columns."""
        return tuple((clock.code, clock.edges, clock.limits) for clock in self.clocks)

    def number(self, code: str) -> int:
        """The number of a clock.

        Raises:
            KeyError: it is not among them.
        """
        return {clock.code: number for number, clock in enumerate(self.clocks)}[code]

    def open_column(self, clock: int, run_out: int | None = None) -> int:
        """Of one clock, counted from its own first: open and so many limits passed; None: all of them."""
        one = self.clocks[clock]
        return len(one.edges) + 1 + (len(one.limits) if run_out is None else run_out)


@dataclass(frozen=True, eq=False)
class OrderRows:
    """Rows in order of time.

    Args:
        at: when the order was given, seconds since 1970 (int64), shape (rows,).
        cell: station number * `CELLS` + class * 24 + hour (int32).
        spent: seconds to each stop, `NOT_YET` or `UNUSABLE` (int32), shape (clocks, rows).
        final: the column of each clock in the end, counted from the clock's first (uint8): as it is once every
            stop has happened and every limit has passed.
    """

    at: np.ndarray
    cell: np.ndarray
    spent: np.ndarray
    final: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        return self.at.nbytes + self.cell.nbytes + self.spent.nbytes + self.final.nbytes

    @cached_property
    def last_stop(self) -> np.ndarray:
        """When the last of each row's stops happens (int64); that of a row without one is its start."""
        found: np.ndarray = self.at + np.maximum(self.spent.max(axis=0, initial=0), 0)
        return found

    @cached_property
    def settled(self) -> int:
        """From when on all stops have happened, seconds since 1970."""
        return int(self.last_stop.max(initial=0))

    def part(self, chosen: np.ndarray | slice) -> OrderRows:
        """The rows at these positions."""
        return OrderRows(self.at[chosen], self.cell[chosen], self.spent[:, chosen], self.final[:, chosen])

    def between(self, start: int, end: int) -> OrderRows:
        """The rows given from `start` to before `end`, seconds since 1970."""
        low, high = np.searchsorted(self.at, (start, end)).tolist()
        return self if low == 0 and high == len(self) else self.part(slice(low, max(low, high)))


def order_rows(columns: Columns, at: np.ndarray, cell: np.ndarray, spent: np.ndarray) -> OrderRows:
    """Rows with their final columns; see `OrderRows`."""
    final = np.empty(spent.shape, dtype=np.uint8)
    for number, clock in enumerate(columns.clocks):
        finished = np.searchsorted(clock.edges, spent[number])
        open_ = columns.open_column(number)
        final[number] = np.where(spent[number] >= 0, finished, open_ + (spent[number] == UNUSABLE))
    return OrderRows(at, cell, spent, final)


def columns_at(rows: OrderRows, columns: Columns, as_of: int) -> np.ndarray:
    """What became of each row's clocks at an instant, as columns counted from the clock's first; uint8.

    Args:
        rows: none of them given after `as_of`, seconds since 1970.
    """
    patience = columns.patience // timedelta(seconds=1)
    if not len(rows) or (as_of >= rows.settled and as_of >= int(rows.at.max()) + patience):
        return rows.final
    passed = as_of - rows.at
    found = rows.final.copy()
    for number, clock in enumerate(columns.clocks):
        spent = rows.spent[number]
        open_ = np.flatnonzero((spent == NOT_YET) | (spent > passed))
        run_out = np.searchsorted(clock.limits, passed[open_])
        found[number, open_] = columns.open_column(number, 0) + run_out
    return found


def joined(parts: Sequence[OrderRows], clocks: int) -> OrderRows:
    """The rows of several parts one after the other; `clocks` tells the shape where there are none."""
    if len(parts) == 1:
        return parts[0]
    empty = np.zeros((clocks, 0), dtype=np.int32)
    nothing = OrderRows(np.zeros(0, np.int64), np.zeros(0, np.int32), empty, empty.astype(np.uint8))
    names = {"at": 0, "cell": 0, "spent": 1, "final": 1}
    arrays = {
        name: np.concatenate([getattr(part, name) for part in (nothing, *parts)], axis) for name, axis in names.items()
    }
    return OrderRows(**arrays)
