"""Figures per day and station in memory, added up from packs; a day is read again only when its stamp changes.

A day's figures are a few thousand small numbers, however many incidents it had; so a comparison over years is
arithmetic on a small cube, and costs the same for one million incidents as for ten.
"""

from __future__ import annotations

import threading
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import URL, Connection

from data_access.packs import layout
from data_access.packs.coding import OTHER, Names
from data_access.packs.layout import DayPack
from data_access.packs.month import fetched
from data_access.packs.store import MonthKey
from domain import tally_tests
from domain.compare_rules import CompareRules, Figure
from domain.figure_days import FigureDays, Kind
from domain.incidents import VALID, Codes, Groups

Stamps = Mapping[date, str]
_MOST = np.iinfo(np.uint16).max
_AT_ONCE = 31
WHOLE_DAY = 24 * 60


def day_sums(pack: DayPack, figures: Sequence[Figure], until: int = WHOLE_DAY) -> np.ndarray:
    """A day's figures, then its valid incidents by kind; shape (day's stations, figures + day's kinds), int64.

    Args:
        until: only incidents before this minute of the day count.
    """
    columns, groups = pack.columns, len(pack.columns["kind"])
    pair = columns["station"].astype(np.int64) * groups + columns["group"]
    if until < WHOLE_DAY:
        pair = pair[: np.searchsorted(columns["minute"], until)]
    counts = np.bincount(pair, minlength=len(pack.stations) * groups)
    held = np.flatnonzero(counts)
    weights = _weights(pack, figures)
    found = np.zeros((len(pack.stations), weights.shape[1]), dtype=np.int64)
    if len(held):  # most pairs of station and group hold nothing
        stations, begins = np.unique(held // groups, return_index=True)
        found[stations] = np.add.reduceat(counts[held, None] * weights[held % groups], begins, axis=0)
    return found


def _weights(pack: DayPack, figures: Sequence[Figure]) -> np.ndarray:
    """What one incident of each group adds to each column; shape (groups, figures + kinds)."""
    tags = sorted({tag for figure in figures for tag in figure.filter.tags})
    codes, groups = _own_codes(pack, tags)
    found = np.zeros((len(groups.kind), len(figures) + len(pack.kinds)), dtype=np.int64)
    for number, figure in enumerate(figures):
        mask = tally_tests.prepared(codes, figure.filter, {}, {}).groups(groups)
        one = 1 if figure.sum == "incidents" else getattr(groups, figure.sum)
        found[:, number] = one if mask is None else mask * one
    valid = np.flatnonzero(groups.flags & VALID)
    found[valid, len(figures) + groups.kind[valid]] = 1
    return found


def _own_codes(pack: DayPack, tags: Sequence[str]) -> tuple[Codes, Groups]:
    """The day's own numbers as codes; of its tags only those that figures ask for."""
    bit = {tag: 1 << index for index, tag in enumerate(tags)}
    wanted = [bit.get(tag, 0) for tag in pack.tags]
    masks = np.array([sum({wanted[tag] for tag in tagset}) for tagset in pack.tagsets], dtype=np.uint64)
    column = pack.columns
    groups = Groups(
        kind=column["kind"],
        channel=column["channel"],
        flags=column["flags"],
        severity=column["severity"],
        deaths=column["deaths"],
        injuries=column["injuries"],
        tags=masks[column["tagset"]],
    )
    kinds, channels = tuple(map(tuple, pack.kinds)), tuple(pack.channels)
    cells = np.zeros(0, dtype=np.uint64)
    return Codes(kinds=kinds, channels=channels, tags=tuple(tags), cells=cells), groups  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Block:
    """The days of one month: what they were when read, and their figures (days of the month, stations, columns)."""

    stamps: Stamps
    values: np.ndarray


@dataclass
class Cube:
    """The figures of one database under one set of definitions, month by month. Safe for several threads."""

    figures: tuple[Figure, ...]
    stations: Names[str] = field(default_factory=lambda: Names("", 1 << 16))
    kinds: Names[Kind] = field(default_factory=lambda: Names((OTHER, ""), 1 << 16))
    _blocks: dict[MonthKey, _Block] = field(default_factory=dict)
    _guard: threading.RLock = field(default_factory=threading.RLock)

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        with self._guard:
            return sum(block.values.nbytes for block in self._blocks.values())

    def ready(self, stamps: Stamps) -> int:
        """How many of these days need not be read again."""
        with self._guard:
            return sum(self._held(day) == stamp for day, stamp in stamps.items())

    def _held(self, day: date) -> str | None:
        block = self._blocks.get((day.year, day.month))
        return None if block is None else block.stamps.get(day)

    def update(self, connection: Connection, month: MonthKey, stamps: Stamps) -> None:
        """Let a month be as the database has it.

        Args:
            stamps: all days of the month that have a pack, as this connection sees them.
        """
        with self._guard:
            block = self._blocks.get(month) or _Block({}, np.zeros((monthrange(*month)[1], 0, 0), dtype=np.uint16))
            if dict(block.stamps) == dict(stamps):
                return
            wanted = [day for day, stamp in stamps.items() if block.stamps.get(day) != stamp]
            read = {day: (stamp, layout.read_facts(facts)) for day, stamp, facts in _packs(connection, wanted)}
            self._blocks[month] = self._changed(block, stamps, read)

    def _changed(self, block: _Block, stamps: Stamps, read: Mapping[date, tuple[str, DayPack]]) -> _Block:
        """A block beside the old one, which somebody may be reading."""
        placed = {day: self._numbers(pack) for day, (_, pack) in read.items()}
        values = _grown(block.values, len(self.stations), len(self.figures) + len(self.kinds)).copy()
        kept = {day: block.stamps[day] for day in stamps if day in block.stamps and day not in read}
        for day in set(block.stamps) - set(stamps):
            values[day.day - 1] = 0
        for day, (stamp, pack) in read.items():
            rows, columns = placed[day]
            values[day.day - 1] = 0
            np.add.at(values[day.day - 1], (rows[:, None], columns[None, :]), _small(day_sums(pack, self.figures)))
            kept[day] = stamp
        return _Block(kept, values)

    def _numbers(self, pack: DayPack) -> tuple[np.ndarray, np.ndarray]:
        rows = self.stations.numbers(pack.stations).astype(np.int64)
        kinds = self.kinds.numbers([tuple(kind) for kind in pack.kinds]).astype(np.int64)  # type: ignore[misc]
        return rows, np.concatenate((np.arange(len(self.figures)), len(self.figures) + kinds))

    def days(self, first: date, last: date) -> FigureDays:
        """The days from `first` to `last`, both included; days that were never read are zero."""
        with self._guard:
            stations, kinds = self.stations.known(), self.kinds.known()
            blocks = dict(self._blocks)
        shape = (len(stations), len(self.figures) + len(kinds))
        parts = [_part(blocks.get(month), month, (first, last), shape) for month in months(first, last)]
        values = np.concatenate(parts) if parts else np.zeros((0, *shape), dtype=np.uint16)
        return FigureDays(first, stations, kinds, len(self.figures), values)

    def part(self, connection: Connection, day: date, until: int) -> FigureDays:
        """One day before a minute of it, counted from its pack."""
        found = [layout.read_facts(facts) for _, _, facts in _packs(connection, [day])]
        if not found:
            return FigureDays(day, (), (), len(self.figures), np.zeros((1, 0, len(self.figures)), dtype=np.int64))
        pack = found[0]
        kinds: tuple[Kind, ...] = tuple(map(tuple, pack.kinds))  # type: ignore[arg-type]
        values = day_sums(pack, self.figures, until)[None]
        return FigureDays(day, tuple(pack.stations), kinds, len(self.figures), values)


def _packs(connection: Connection, days: Sequence[date]) -> Iterable[tuple[date, str, bytes]]:
    for start in range(0, len(days), _AT_ONCE):
        yield from fetched(connection, ("facts",), days[start : start + _AT_ONCE])


def _small(values: np.ndarray) -> np.ndarray:
    small: np.ndarray = np.minimum(values, _MOST).astype(np.uint16)
    return small


def _grown(values: np.ndarray, stations: int, columns: int) -> np.ndarray:
    more = stations - values.shape[1], columns - values.shape[2]
    return np.pad(values, ((0, 0), (0, more[0]), (0, more[1]))) if any(more) else values


def _part(block: _Block | None, month: MonthKey, days: tuple[date, date], shape: tuple[int, int]) -> np.ndarray:
    first, last = date(*month, 1), date(*month, monthrange(*month)[1])
    low, high = (max(first, days[0]) - first).days, (min(last, days[1]) - first).days + 1
    if block is None:
        return np.zeros((high - low, *shape), dtype=np.uint16)
    return _grown(block.values[low:high], *shape)


def months(first: date, last: date) -> list[MonthKey]:
    """Year and month of every month from `first` to `last`."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers]


_CUBES: dict[tuple[URL, str], Cube] = {}
_GUARD = threading.Lock()


def cube_of(connection: Connection, rules: CompareRules) -> Cube:
    """The cube of this connection's database under these rules."""
    with _GUARD:
        return _CUBES.setdefault((connection.engine.url, rules.version), Cube(rules.figures))
