"""Packs in memory: per database the months asked for last, as frames, checked against the stamps at every use.

A month is read once; afterwards one small query per question tells which days have changed, and only
those are read again. Days are compared by content (their stamp), so a store may be shared by all engines
of one database.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import URL, Connection, Engine, select

from data_access.packs.coding import Coding
from data_access.packs.month import Month, changed_month
from data_access.tables import incident_pack
from domain.incidents import Codes

DEFAULT_LIMIT = 300 * 1024 * 1024
Stamps = Mapping[date, str]
MonthKey = tuple[int, int]
DayWords = Mapping[str, Sequence[Any]]


@dataclass
class Store:
    """The months of one database that are in memory, least recently used first.

    Args:
        limit: bytes that months may take together; the month just asked for stays in any case.
        words: what `data_access.packs.words` has read, by stamp.
    """

    limit: int = DEFAULT_LIMIT
    coding: Coding = field(default_factory=Coding)
    _months: OrderedDict[MonthKey, Month] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    words: dict[str, DayWords] = field(default_factory=dict)
    _busy: defaultdict[MonthKey, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    @property
    def size(self) -> int:
        """Bytes in use."""
        with self._guard:
            return sum(month.size for month in self._months.values())

    def codes(self) -> Codes:
        """What the numbers of all months given out so far stand for."""
        return self.coding.codes()

    def month(self, connection: Connection, key: MonthKey, stamps: Stamps, *, places: bool) -> Month:
        """The month as the database has it now.

        Args:
            key: year and month. stamps: the month's days that have a pack, as this connection sees them.
            places: coordinates are needed too.
        """
        with self._guard:
            busy = self._busy[key]
        with busy:
            known = self._peek(key)
            found = changed_month(connection, self.coding, known, stamps, places=places)
            self._keep(key, found)
        return found

    def ready(self, stamps: Stamps) -> int:
        """How many of these days need not be read again."""
        with self._guard:
            months = dict(self._months)
        held = {key: month.stamps for key, month in months.items()}
        return sum(held.get((day.year, day.month), {}).get(day) == stamp for day, stamp in stamps.items())

    def _peek(self, key: MonthKey) -> Month | None:
        with self._guard:
            return self._months.get(key)

    def _keep(self, key: MonthKey, month: Month) -> None:
        with self._guard:
            self._months[key] = month
            self._months.move_to_end(key)
            self._shrink()

    def _shrink(self) -> None:
        used = sum(month.size for month in self._months.values())
        while used > self.limit and len(self._months) > 1:
            _, gone = self._months.popitem(last=False)
            used -= gone.size

    def limit_to(self, limit: int) -> None:
        """Take at most so many bytes from now on."""
        with self._guard:
            self.limit = limit
            self._shrink()


_STORES: dict[URL, Store] = {}
_GUARD = threading.Lock()


def store_of(connection: Connection) -> Store:
    """The store of this connection's database."""
    return _store(connection.engine.url)


def configure(engine: Engine, limit_bytes: int) -> None:
    """How many bytes this process may use for the incidents of the engine's database."""
    _store(engine.url).limit_to(limit_bytes)


def _store(url: URL) -> Store:
    with _GUARD:
        return _STORES.setdefault(url, Store())


def stamps_of(connection: Connection, first: date, last: date) -> dict[date, str]:
    """The days from `first` to `last` that have a pack, and the packs' stamps, by day."""
    table = incident_pack.c
    query = select(table.day, table.stamp).where(table.day >= first, table.day <= last).order_by(table.day)
    return {row.day: row.stamp for row in connection.execute(query)}


def by_month(stamps: Iterable[tuple[date, str]]) -> dict[MonthKey, dict[date, str]]:
    """Days and stamps by year and month, in order."""
    found: dict[Any, dict[date, str]] = {}
    for day, stamp in stamps:
        found.setdefault((day.year, day.month), {})[day] = stamp
    return found
