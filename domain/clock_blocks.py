"""Adding up orders: stretches of days that are kept as sums, and single days that are counted row by row."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np

from domain.clock_rules import CLASSES
from domain.clockstats import ClockSums
from domain.order_rows import CELLS, HOURS, Columns, OrderRows, columns_at, joined, second_number
from domain.span import Span

Stretch = tuple[date, date]
"""First and last day."""

_ONE = timedelta(days=1)
_PARTS = {1: (10, 5), 6: (10,), 11: (20, 15), 16: (20,), 21: (31, 25), 26: (31,)}
"""Where the thirds and sixths of a month begin -> where they end, the longer first; 31 is the month's end."""


@dataclass(frozen=True, eq=False)
class Block:
    """What the orders of some days came to in the end, by station number.

    Args:
        counts, seconds, by_hour, by_hour_seconds: as in `ClockSums`, in types as small as they can be; without `late`.
        late: rows that stopped when the days' patience was over, or claim to. Whether they have is a matter of
            the instant, so they are counted one by one.
    """

    counts: np.ndarray
    seconds: np.ndarray
    by_hour: np.ndarray
    by_hour_seconds: np.ndarray
    late: OrderRows

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        arrays = (self.counts, self.seconds, self.by_hour, self.by_hour_seconds)
        return sum(array.nbytes for array in arrays) + self.late.size


def settled_at(last: date, columns: Columns) -> datetime:
    """From when on a block that ends with this day may be used: then its rows are done, run out, or late."""
    return datetime.combine(last, time.min) + _ONE + columns.patience


def block_of(columns: Columns, days: Sequence[OrderRows], last: date, stations: int) -> Block:
    """The block of some days.

    Args:
        last: the last of them. stations: how many station numbers there are.
    """
    rows = joined(days, len(columns.clocks))
    is_late = rows.last_stop > second_number(settled_at(last, columns))
    regular = rows.part(~is_late) if is_late.any() else rows
    counts, seconds = _counted(columns, regular, regular.final, regular.cell, stations * CELLS)
    shape = (stations, len(CLASSES), HOURS)
    counts, seconds = counts.reshape(*shape, columns.size), seconds.reshape(*shape, len(columns.clocks))
    return Block(
        counts=_small(counts.sum(axis=2)),
        seconds=_small(seconds.sum(axis=2)),
        by_hour=_small(counts),
        by_hour_seconds=_small(seconds),
        late=rows.part(is_late),
    )


def _small(values: np.ndarray) -> np.ndarray:
    small: np.ndarray = values.astype(np.min_scalar_type(int(values.max(initial=0))))
    return small


def _counted(
    columns: Columns, rows: OrderRows, found: np.ndarray, cell: np.ndarray, cells: int
) -> tuple[np.ndarray, np.ndarray]:
    """Counts (cells, columns) int32, and seconds of done rows (cells, clocks) int64.

    Args:
        found: what became of the rows, from `columns_at`. cell: where each of them is counted, 0 .. `cells` - 1.
    """
    counts = np.empty((cells, columns.size), dtype=np.int32)
    seconds = np.empty((cells, len(columns.clocks)), dtype=np.int64)
    cell = cell.astype(np.int64)
    for number, (clock, size) in enumerate(zip(columns.clocks, columns.sizes, strict=True)):
        start = columns.starts[number]
        spread = np.bincount(cell * size + found[number], minlength=cells * size)
        counts[:, start : start + size] = spread.reshape(cells, size)
        done = np.where(found[number] <= len(clock.edges), rows.spent[number], 0)
        seconds[:, number] = np.rint(np.bincount(cell, done, cells))
    return counts, seconds


@dataclass
class Summing:
    """Adds up blocks and rows for some stations.

    Args:
        numbers: the stations' numbers, ascending. codes: their codes, in the same order.
        hours: by hour, too.
        as_of: seconds since 1970; rows given later must not be added.
    """

    columns: Columns
    numbers: np.ndarray
    codes: Sequence[str]
    hours: bool
    as_of: int
    _sums: list[np.ndarray] = field(init=False)
    _rows: list[OrderRows] = field(default_factory=list, init=False)
    _found: list[np.ndarray] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        shape: tuple[int, ...] = (len(self.numbers), len(CLASSES))
        shape = (*shape, HOURS) if self.hours else shape
        self._sums = [
            np.zeros((*shape, self.columns.size), dtype=np.int32),
            np.zeros((*shape, len(self.columns.clocks)), dtype=np.int64),
        ]

    def add_block(self, block: Block) -> None:
        """A block of days before `as_of`, whose `settled_at` is not after it."""
        parts = (block.by_hour, block.by_hour_seconds) if self.hours else (block.counts, block.seconds)
        known = self.numbers[: np.searchsorted(self.numbers, len(block.counts))]
        for total, part in zip(self._sums, parts, strict=True):
            total[: len(known)] += part if len(known) == len(part) else part[known]
        self.add_rows(block.late)

    def add_rows(self, rows: OrderRows) -> None:
        """Rows that were given until `as_of`."""
        mine = self._mine(rows)
        if len(mine):
            self._rows.append(mine)
            self._found.append(columns_at(mine, self.columns, self.as_of))

    @property
    def _from_zero(self) -> bool:
        """The numbers are 0, 1, 2 …, so that a row's cell is where it is counted."""
        return not len(self.numbers) or int(self.numbers[-1]) == len(self.numbers) - 1

    def _mine(self, rows: OrderRows) -> OrderRows:
        if self._from_zero and int(rows.cell.max(initial=-1)) < len(self.numbers) * CELLS:
            return rows
        number = rows.cell // CELLS
        wanted = np.zeros(max(int(number.max(initial=-1)), int(self.numbers.max(initial=-1))) + 1, dtype=bool)
        wanted[self.numbers] = True
        return rows.part(wanted[number])

    def result(self) -> ClockSums:
        """The sums of all that was added, in order of the codes; stations without a row are left out."""
        counts, seconds = self._sums
        if self._rows:
            more, more_seconds = self._counted_rows()
            counts, seconds = counts + more, seconds + more_seconds
        held = np.flatnonzero(counts.any(axis=tuple(range(1, counts.ndim)))).tolist()
        order = sorted(held, key=lambda index: self.codes[index])
        counts, seconds = counts[order], seconds[order]
        codes = tuple(self.codes[index] for index in order)
        if not self.hours:
            return ClockSums(self.columns, codes, counts, seconds)
        return ClockSums(self.columns, codes, counts.sum(axis=2), seconds.sum(axis=2), counts, seconds)

    def _counted_rows(self) -> tuple[np.ndarray, np.ndarray]:
        rows, found = joined(self._rows, len(self.columns.clocks)), np.concatenate(self._found, axis=1)
        cell = rows.cell
        if not self._from_zero:
            cell = np.searchsorted(self.numbers, cell // CELLS) * CELLS + cell % CELLS
        if not self.hours:
            cell = cell // HOURS
        counts, seconds = _counted(self.columns, rows, found, cell, int(np.prod(self._sums[0].shape[:-1])))
        return counts.reshape(self._sums[0].shape), seconds.reshape(self._sums[1].shape)


def pieces(span: Span, as_of: datetime, columns: Columns) -> tuple[list[Stretch], list[date]]:
    """A span as months, thirds and sixths of months that are settled at an instant, and single days for the rest.

    Stretches and days are in order and together hold every day that the span touches.
    """
    first_whole = span.first_day + (_ONE if span.start.time() > time.min else timedelta(0))
    last_whole = span.end.date() - _ONE
    blocks, singles, day = list[Stretch](), list[date](), span.first_day
    while day <= span.last_day:
        ends = (end for end in _ends(day) if end <= last_whole and settled_at(end, columns) <= as_of)
        last = next(ends, day) if day >= first_whole else day
        if last > day:
            blocks.append((day, last))
        else:
            singles.append(day)
        day = last + _ONE
    return blocks, singles


def _ends(day: date) -> list[date]:
    """Where the month and the parts of a month that begin on this day end, the longest first."""
    last = monthrange(day.year, day.month)[1]
    ends = ((last,) if day.day == 1 else ()) + _PARTS.get(day.day, ())
    return [day.replace(day=min(last, end)) for end in ends]
