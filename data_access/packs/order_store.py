"""Orders in memory: days as rows, months and parts of months as sums, checked against the stamps at every use.

A month is read once. Afterwards one small query per question tells which days have changed, and only what holds such a
day is read again. Days are compared by content (their stamp), so a store may be shared by all engines of one database.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import URL, Connection, Engine, select

from data_access.packs.coding import Names
from data_access.packs.orders import FOLLOWS, KINDS, STOPS, VALID, DayOrders, read_orders
from data_access.tables import dispatch_pack
from domain.clock_blocks import Block, Stretch, block_of
from domain.clock_rules import CLOCKS
from domain.order_rows import CELLS, HOURS, Columns, OrderRows, order_rows, second_number

DEFAULT_LIMIT = 160 * 1024 * 1024
Stamps = Mapping[date, str]
_AT_ONCE = 31
_STOP_OF = dict(zip(CLOCKS, STOPS, strict=True))


@dataclass(frozen=True)
class Book:
    """What is counted: orders of stations or of squadrons, or incidents (see `domain.clock_rules.WHO`), and how."""

    who: str
    columns: Columns

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal books."""
        return self.who, self.columns.key


@dataclass
class OrderStore:
    """What of one database's orders is in memory, least recently used first.

    Args:
        limit: bytes that all of it may take; what was just asked for stays in any case.
    """

    limit: int = DEFAULT_LIMIT
    stations: Names[str] = field(default_factory=lambda: Names("", 1 << 16))
    _kept: OrderedDict[Any, tuple[Any, Any]] = field(default_factory=OrderedDict)
    _guard: threading.RLock = field(default_factory=threading.RLock)
    _busy: defaultdict[Any, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    @property
    def size(self) -> int:
        """Bytes in use."""
        with self._guard:
            return sum(thing.size for _, thing in self._kept.values())

    def codes(self) -> tuple[str, ...]:
        """The stations by number; they only grow."""
        with self._guard:
            return self.stations.known()

    def days(self, connection: Connection, book: Book, stamps: Stamps) -> list[OrderRows]:
        """Rows of the days of `stamps`, in order."""
        known = {day: self._peek((book.key, day), stamp) for day, stamp in stamps.items()}
        missing = [day for day, rows in known.items() if rows is None]
        for day, stamp, pack in _packs(connection, missing):
            known[day] = self._rows(book, day, pack)
            self._keep((book.key, day), stamp, known[day])
        return [rows for rows in known.values() if rows is not None]

    def block(self, connection: Connection, book: Book, stretch: Stretch, stamps: Stamps) -> Block:
        """The sums of a stretch.

        Args:
            stamps: the days of the stretch that have a pack, as this connection sees them.
        """
        key = (book.key, stretch)
        with self._guard:
            busy = self._busy[key]
        with busy:
            found = self._peek(key, dict(stamps))
            if found is None:
                packs = _packs(connection, list(stamps))
                days = [self._rows(book, day, pack) for day, _, pack in packs]
                found = block_of(book.columns, days, stretch[1], len(self.codes()))
                self._keep(key, dict(stamps), found)
        return found  # type: ignore[no-any-return]

    def ready(self, book: Book, what: Stretch | date, stamps: Any) -> bool:
        """A stretch with these days' stamps, or a day with this stamp, need not be read."""
        with self._guard:
            return bool(self._kept.get((book.key, what), (None, None))[0] == stamps)

    def _rows(self, book: Book, day: date, pack: DayOrders) -> OrderRows:
        with self._guard:
            numbers = self.stations.numbers(pack.stations)
        return rows_of(book, day, pack, numbers)

    def _peek(self, key: Any, stamp: Any) -> Any:
        with self._guard:
            known = self._kept.get(key)
            if known is None or known[0] != stamp:
                return None
            self._kept.move_to_end(key)
            return known[1]

    def _keep(self, key: Any, stamp: Any, thing: Any) -> None:
        with self._guard:
            self._kept[key] = stamp, thing
            self._kept.move_to_end(key)
            self._shrink()

    def _shrink(self) -> None:
        used = sum(thing.size for _, thing in self._kept.values())
        while used > self.limit and len(self._kept) > 1:
            _, (_, gone) = self._kept.popitem(last=False)
            used -= gone.size

    def limit_to(self, limit: int) -> None:
        """Take at most so many bytes from now on."""
        with self._guard:
            self.limit = limit
            self._shrink()


def rows_of(book: Book, day: date, pack: DayOrders, numbers: np.ndarray) -> OrderRows:
    """A day's rows of a book: orders that are valid and name a station, or first orders of incidents.

    Args:
        numbers: the number of each of the pack's stations.
    """
    columns = pack.columns
    if book.who == "incident":
        chosen, names = columns["incident"] != FOLLOWS, ["incident"]
    else:
        named = np.array([bool(code) for code in pack.stations], dtype=bool)
        chosen = ((columns["mark"] & (VALID | 3)) == (VALID | KINDS[book.who])) & named[columns["station"]]
        names = [_STOP_OF[clock.code] for clock in book.columns.clocks]
    second = columns["second"][chosen].astype(np.int64)
    place = numbers[columns["station"][chosen]] * CELLS + (columns["mark"][chosen] >> 2 & 3).astype(np.int64) * HOURS
    cell = (place + second // 3600).astype(np.int32)
    spent = np.array([columns[name][chosen] for name in names], dtype=np.int32)
    return order_rows(book.columns, second + second_number(datetime.combine(day, time.min)), cell, spent)


def _packs(connection: Connection, days: Sequence[date]) -> Iterator[tuple[date, str, DayOrders]]:
    """Day, stamp and content of some days, in the order given; a day without a pack is absent."""
    for start in range(0, len(days), _AT_ONCE):
        for day, stamp, facts in _fetched(connection, days[start : start + _AT_ONCE]):
            yield day, stamp, read_orders(facts)


def _fetched(connection: Connection, days: Sequence[date]) -> Iterable[Any]:
    if connection.dialect.name == "postgresql":
        # As text, which is the driver's way, bytes are twice as long and take four times as long to read.
        driver: Any = connection.connection.driver_connection
        with driver.cursor(binary=True) as cursor:
            text = "SELECT day, stamp, facts FROM dispatch_pack WHERE day = ANY(%s) ORDER BY day"
            return list(cursor.execute(text, [list(days)]))
    table = dispatch_pack.c
    query = select(table.day, table.stamp, table.facts).where(table.day.in_(days)).order_by(table.day)
    return list(connection.execute(query))


_STORES: dict[URL, OrderStore] = {}
_GUARD = threading.Lock()


def order_store_of(connection: Connection) -> OrderStore:
    """The store of this connection's database."""
    return _store(connection.engine.url)


def configure_orders(engine: Engine, limit_bytes: int) -> None:
    """How many bytes this process may use for the orders of the engine's database."""
    _store(engine.url).limit_to(limit_bytes)


def _store(url: URL) -> OrderStore:
    with _GUARD:
        return _STORES.setdefault(url, OrderStore())


def order_stamps(connection: Connection, first: date, last: date) -> dict[date, str]:
    """The days from `first` to `last` that have a pack, and the packs' stamps, by day."""
    table = dispatch_pack.c
    query = select(table.day, table.stamp).where(table.day >= first, table.day <= last).order_by(table.day)
    return {row.day: row.stamp for row in connection.execute(query)}
