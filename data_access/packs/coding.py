"""The process's own numbers for stations, kinds, cells …: they only grow, so a number never changes meaning."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from data_access.packs.layout import DayPack
from domain.incidents import Codes, Groups

T = TypeVar("T", bound=Hashable)
OTHER = "other"
MOST_TAGS = 64
_WIDTHS = {"kind": 16, "channel": 8, "flags": 6, "severity": 3, "deaths": 8, "injuries": 8, "tagset": 16}
"""Bits of each column of a group in the number that stands for it, highest first: 64 in all."""


class Names(Generic[T]):
    """Values in order of first appearance, at most so many; what comes too late is counted as `other`."""

    def __init__(self, other: T, most: int) -> None:
        self._other = other
        self._most = most
        self._numbers: dict[T, int] = {}

    def numbers(self, values: Iterable[T]) -> np.ndarray:
        """The number of each value; new values get the next ones."""
        listed = list(values)
        found = list(map(self._numbers.get, listed))
        if None in found:
            found = [self._number(value) for value in listed]
        return np.array(found, dtype=np.int64)

    def _number(self, value: T) -> int:
        found = self._numbers.get(value)
        if found is None:
            full = len(self._numbers) >= self._most - 1
            found = self._numbers.setdefault(self._other if full else value, len(self._numbers))
        return found

    def known(self) -> tuple[T, ...]:
        """All values by number."""
        return tuple(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Numbers:
    """64-bit numbers in order of first appearance, found by bisection in an ascending copy."""

    def __init__(self) -> None:
        self.known = np.zeros(0, dtype=np.uint64)
        self._ascending = np.zeros(0, dtype=np.uint64)
        self._places = np.zeros(0, dtype=np.int32)

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """The index of each value in `known` (int32); new values are added."""
        if not len(values):
            return np.zeros(0, dtype=np.int32)
        at = np.searchsorted(self._ascending, values)
        known = self._ascending.take(at, mode="clip") == values if len(self._ascending) else at < 0
        if not known.all():
            self._add(values[~known])
            at = np.searchsorted(self._ascending, values)
        return self._places[at]

    def _add(self, values: np.ndarray) -> None:
        fresh = np.unique(values)
        at = np.searchsorted(self._ascending, fresh)
        places = np.arange(len(self.known), len(self.known) + len(fresh), dtype=np.int32)
        self._places = np.insert(self._places, at, places)
        self._ascending = np.insert(self._ascending, at, fresh)
        self.known = np.concatenate((self.known, fresh))


@dataclass(frozen=True, eq=False)
class Translation:
    """A day's indices in the process's numbers: take `station[day's index]`, and so on. cell[0] is -1."""

    station: np.ndarray
    grid: np.ndarray
    group: np.ndarray
    cell: np.ndarray


@dataclass
class Coding:
    """All dictionaries of one store. Safe to be used by several threads."""

    stations: Names[str] = field(default_factory=lambda: Names("", 1 << 16))
    kinds: Names[tuple[str, str]] = field(default_factory=lambda: Names((OTHER, ""), 1 << 16))
    channels: Names[str] = field(default_factory=lambda: Names(OTHER, 1 << 8))
    grids: Names[str] = field(default_factory=lambda: Names("", 1 << 16))
    tags: Names[str] = field(default_factory=lambda: Names(OTHER, MOST_TAGS))
    tagsets: Names[int] = field(default_factory=lambda: Names(0, 1 << 16))
    cells: Numbers = field(default_factory=Numbers)
    groups: Numbers = field(default_factory=Numbers)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _codes: tuple[tuple[int, ...], Codes] | None = None

    def translate(self, day: DayPack) -> Translation:
        """The day's dictionaries in the process's numbers; unknown values are added."""
        with self._guard:
            cells = self.cells.numbers(day.columns["cells"])
            return Translation(
                station=self.stations.numbers(day.stations).astype(np.uint16),
                grid=self.grids.numbers(day.grids).astype(np.uint16),
                group=self.groups.numbers(self._group_numbers(day)),
                cell=np.concatenate((np.array([-1], dtype=np.int32), cells)),
            )

    def codes(self) -> Codes:
        """What all numbers given so far stand for."""
        with self._guard:
            lists: tuple[Names, ...] = (self.stations, self.kinds, self.channels, self.grids, self.tags, self.tagsets)
            sizes = (*map(len, lists), len(self.cells.known), len(self.groups.known))
            if self._codes is None or self._codes[0] != sizes:
                self._codes = sizes, self._told()
            return self._codes[1]

    def _told(self) -> Codes:
        names: tuple[Names, ...] = (self.stations, self.kinds, self.channels, self.grids, self.tags)
        stations, kinds, channels, grids, tags = (one.known() for one in names)
        return Codes(stations, kinds, channels, grids, tags, self.cells.known, self._groups())

    def _group_numbers(self, day: DayPack) -> np.ndarray:
        """Each of the day's groups as one number out of the process's own codes."""
        own: dict[str, Callable[[], np.ndarray]] = {
            "kind": lambda: self.kinds.numbers(day.kinds),
            "channel": lambda: self.channels.numbers(day.channels),
            "tagset": lambda: self.tagsets.numbers(self._masks(day)),
        }
        total = np.zeros(len(day.columns["kind"]), dtype=np.uint64)
        for name, width in _WIDTHS.items():
            values = day.columns[name]
            if name in own:
                values = own[name]()[values]
            total = (total << np.uint64(width)) | values.astype(np.uint64)
        return total

    def _masks(self, day: DayPack) -> Sequence[int]:
        bits = [1 << int(number) for number in self.tags.numbers(day.tags)]
        return [_united(bits[index] for index in tagset) for tagset in day.tagsets]

    def _groups(self) -> Groups:
        left, columns = self.groups.known, {}
        for name, width in reversed(_WIDTHS.items()):
            columns[name] = left & np.uint64((1 << width) - 1)
            left = left >> np.uint64(width)
        masks = np.array(self.tagsets.known(), dtype=np.uint64)
        tags = masks[columns.pop("tagset").astype(np.int64)] if len(masks) else np.zeros(0, dtype=np.uint64)
        small = {name: values.astype(np.uint16 if name == "kind" else np.uint8) for name, values in columns.items()}
        return Groups(**small, tags=tags.astype(np.min_scalar_type((1 << len(self.tags)) - 1)))


def _united(bits: Iterable[int]) -> int:
    mask = 0
    for bit in bits:
        mask |= bit
    return mask
