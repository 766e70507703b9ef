"""Rows of a small table as this process last saw them: one query every few seconds, however many ask."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.engine import reading

T = TypeVar("T")
LOOK_EVERY, LOOK_FOR_UNKNOWN = 3.0, 1.0
"""Seconds for which a look holds, and after which what was not found is looked for again."""
TRUSTED_FOR = 10.0
"""Seconds for which a look may say that something does not exist."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Held(Generic[T]):
    """The rows by their key. While the database does not answer, those of the last look hold.

    Args:
        read: gives all rows by key. clock: seconds that only go forward.
    """

    engine: Engine
    read: Callable[[Connection], Mapping[str, T]]
    clock: Callable[[], float] = time.monotonic
    looking: threading.Lock = field(default_factory=threading.Lock)
    _rows: Mapping[str, T] = field(default_factory=dict)
    _looked: float | None = None
    _read_at: float | None = None

    def find(self, key: str, fits: Callable[[T | None], bool]) -> T | None:
        """The row of this key if it `fits`; one that is not there is looked for once more, sooner than usual."""
        for every in (LOOK_EVERY, LOOK_FOR_UNKNOWN):
            self._look(every)
            row = self._rows.get(key)
            if fits(row):
                return row
        return None

    def healthy(self) -> bool:
        """Whether the database answered a moment ago."""
        at = self._read_at
        return at is not None and self.clock() - at <= TRUSTED_FOR and at == self._looked

    def _look(self, every: float) -> None:
        """Read the rows when the last look is older than `every` seconds; while one thread looks, the others take
        what is there, unless there is nothing yet."""
        if not self._due(every) or not self.looking.acquire(blocking=self._looked is None):
            return
        try:
            if self._due(every):
                self._read_all()
        finally:
            self.looking.release()

    def _due(self, every: float) -> bool:
        return self._looked is None or self.clock() - self._looked >= every

    def _read_all(self) -> None:
        began = self.clock()
        try:
            with reading(self.engine) as connection:
                self._rows = self.read(connection)
            self._read_at = began
        except SQLAlchemyError as error:
            log.warning("rows not readable, those of the last look hold: %s", type(error).__name__)
        self._looked = began
