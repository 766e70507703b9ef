"""What a process remembers of earlier answers: each beside the stamp of what it was made from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last answers to some questions. An answer counts as long as everything it was made from is equal.

    Several threads may ask at once; then a missing answer may be made twice, which is the same answer.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[object, T]] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, key: Hashable, stamp: object) -> T | None:
        """The answer that was kept with an equal stamp, or None."""
        with self._guard:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
        return held[1] if held is not None and held[0] == stamp else None

    def keep(self, key: Hashable, stamp: object, answer: T) -> T:
        """Remember an answer, and give it back. The one that was not asked for the longest is forgotten."""
        with self._guard:
            self._held[key] = (stamp, answer)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return answer

    def made(self, key: Hashable, stamp: object, make: Callable[[], T]) -> T:
        """The kept answer, or `make()`."""
        found = self.find(key, stamp)
        return self.keep(key, stamp, make()) if found is None else found
