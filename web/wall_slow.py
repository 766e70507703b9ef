"""Answers that take long, made beside the requests: a picture waits a moment for them, then shows the last ones."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.errors import BoardError
from services.wall_ground import Kept

AT_ONCE = 2
"""Slow answers that one process makes at the same time."""
RETRY = 0.8
"""Seconds after which one that went wrong is tried again."""
MOST = 400
Key = tuple[object, ...]
Mark = tuple[object, bool] | None
"""The slot of an answer, and whether it is one; None while there is none."""
log = logging.getLogger(__name__)


def mark(found: tuple[object, Kept] | None) -> Mark:
    """What tells one outcome from the next."""
    return (found[0], found[1].error is None) if found else None


@dataclass(slots=True)
class _Entry:
    """What is known of one question: the last outcome with its slot, and the making that is under way."""

    last: tuple[object, Kept] | None = None
    tried: float = 0.0
    making: threading.Event | None = None
    used: float = 0.0


@dataclass(slots=True)
class Slow:
    """The slow answers of one process.

    Args:
        now: wall time. clock: seconds that only go forward. start: runs the making; tests run it at once.
    """

    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
    start: Callable[[Callable[[], None]], None] = field(default=lambda work: _begin(work))
    _entries: dict[Key, _Entry] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))

    def round(self, seconds: float) -> Round:
        """The questions of one picture, which waits at most so long for all of them."""
        return Round(self, self.clock() + seconds)

    def begin(self, key: Key, slot: object, make: Callable[[], Any]) -> None:
        """Make the answer beside this request unless it is there or under way."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            entry.used = self.clock()
            self._forget()
            if entry.making is not None or self._good(entry, slot):
                return
            done = entry.making = threading.Event()
        self.start(lambda: self._make(entry, slot, make, done))

    def last(self, key: Key, until: float) -> tuple[object, Kept] | None:
        """Slot and outcome, after waiting for one that is under way until the clock says `until`."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        making = entry.making
        if making is not None:
            making.wait(max(0.0, until - self.clock()))
        return entry.last

    def marks(self, keys: Iterable[Key]) -> tuple[Mark, ...]:
        """Which answers stand: changes when one of these questions is answered anew."""
        known = (self._entries.get(key) for key in keys)
        return tuple(mark(one.last if one else None) for one in known)

    def _good(self, entry: _Entry, slot: object) -> bool:
        if entry.last is None or entry.last[0] != slot:
            return False
        return entry.last[1].error is None or self.clock() - entry.tried < RETRY

    def _make(self, entry: _Entry, slot: object, make: Callable[[], Any], done: threading.Event) -> None:
        at = self.now()
        try:
            with self._places:
                at = self.now()
                kept = Kept(at, make())
        except Exception as error:
            if not isinstance(error, BoardError):
                log.warning("a slow answer of the wall went wrong", exc_info=error)
            kept = Kept(at, error=error)
        entry.last, entry.tried, entry.making = (slot, kept), self.clock(), None
        done.set()

    def _forget(self) -> None:
        """Drop the questions that were not asked for longest."""
        while len(self._entries) > MOST:
            idle = [key for key, one in self._entries.items() if one.making is None]
            if not idle:
                return
            del self._entries[min(idle, key=lambda key: self._entries[key].used)]


def _begin(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="wall-slow", daemon=True).start()


@dataclass(slots=True)
class Round:
    """`services.wall_ground.Ask` for one picture; remembers what it was told first of each question."""

    slow: Slow
    until: float
    asked: dict[Key, Mark] = field(default_factory=dict)

    def begin(self, key: Key, slot: object, make: Callable[[], Any]) -> None:
        """As `Ask.begin`."""
        self.slow.begin(key, slot, make)

    def __call__(self, key: Key, slot: object, make: Callable[[], Any]) -> Kept | None:
        """As `Ask`."""
        self.slow.begin(key, slot, make)
        found = self.slow.last(key, self.until)
        self.asked.setdefault(key, mark(found))
        return found[1] if found else None
