"""The token that tells an open screen whether to ask again.

One query a second per process at most, whoever asks and however many: an unchanged board costs the
database nothing per viewer.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data_access.state import current_version
from domain.errors import DataUnavailable

LOOK_EVERY = 1.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """The last data version seen by this process."""

    engine: Engine
    _version: int | None = None
    _looked: float = field(default=-LOOK_EVERY)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def version(self) -> int:
        """The data version, at most a second old; while one thread looks, the others take the last one.

        Raises:
            DataUnavailable: the database does not answer.
        """
        due = time.monotonic() - self._looked >= LOOK_EVERY
        never = self._looked < 0
        if due and self._lock.acquire(blocking=never):
            try:
                self._look()
            finally:
                self._lock.release()
        if self._version is None:
            raise DataUnavailable("error.database")
        return self._version

    def _look(self) -> None:
        try:
            with self.engine.connect() as connection:
                self._version = current_version(connection)
        except SQLAlchemyError as error:
            log.warning("data version not readable: %s", error)
            self._version = None
        self._looked = time.monotonic()
