"""The worker: keeps the rollups up to date and freezes closed days, until it is stopped.

Any number of them may run; a lease lets one work while the others stand by and take over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from threading import Event

from sqlalchemy import Engine

from data_access import locks
from data_access.engine import writing
from data_access.refresh import refresh
from data_access.state import WORKER, raise_version
from domain.alerts import AlertRules
from domain.errors import BadRequest
from domain.task import Catalogue
from services.alerts import AlertWatch
from services.closing import FREEZE_AT, close_day, days_due

LOCK = "worker"
HEARTBEAT = WORKER
"""Name in `data_version` whose `changed_at` tells when a worker last finished a round."""
RECONCILE_EVERY = timedelta(minutes=10)
_LONGEST_PAUSE = 60.0
_DAYS_AT_ONCE = 7
_log = logging.getLogger(__name__)

Live = Callable[[Engine, datetime, datetime], int]
"""Continues a demo: (engine, since, now) -> rows written."""


@dataclass(slots=True)
class WorkerStats:
    """What a worker did until it was stopped.

    `standby`: rounds in which another held the lease. `alerts`: how many it opened.
    """

    rounds: int = 0
    standby: int = 0
    live_rows: int = 0
    refreshed: int = 0
    changed_rows: int = 0
    vanished_rows: int = 0
    frozen: list[date] = field(default_factory=list)
    errors: int = 0
    alerts: int = 0


@dataclass(slots=True)
class _Worker:
    engine: Engine
    catalogue: Catalogue
    clock: Callable[[], datetime]
    stop: Event
    freeze_at: time
    live: Live | None
    lease: timedelta
    watch: AlertWatch | None = None
    holder: str = field(default_factory=locks.new_holder)
    stats: WorkerStats = field(default_factory=WorkerStats)
    lived_at: datetime | None = None
    reconciled_at: datetime | None = None
    failed: bool = False

    def round(self) -> None:
        """One round; a step that fails is logged and does not keep the others from running."""
        self.failed = False
        holds = self._try("lease", self._hold)
        if not holds:
            self.stats.standby += not self.failed
            return
        self.stats.rounds += 1
        steps = (
            ("live", self._live),
            ("refresh", self._refresh),
            ("alerts", self._look),
            ("freeze", self._freeze),
        )
        for name, step in steps:
            if self.stop.is_set():
                return
            self._try(name, step)
        if not self.failed:
            self._try("heartbeat", self._beat)

    def release(self) -> None:
        """Let a standing-by worker take over at once."""
        self._try("release", lambda: locks.release(self.engine, LOCK, self.holder))

    def _try(self, name: str, step: Callable[[], object]) -> object:
        try:
            return step()
        except Exception:
            self.failed = True
            self.stats.errors += 1
            _log.exception("worker: %s failed, will be tried again", name)
            return None

    def _hold(self) -> bool:
        return locks.acquire(self.engine, LOCK, self.holder, self.clock(), lease=self.lease)

    def _live(self) -> None:
        if self.live is None:
            return
        now = self.clock()
        self.stats.live_rows += self.live(self.engine, self.lived_at or now, now)
        self.lived_at = now

    def _refresh(self) -> None:
        now = self.clock()
        reconcile = self.reconciled_at is None or now - self.reconciled_at >= RECONCILE_EVERY
        report = refresh(
            self.engine, self.catalogue, now, quick=True, reconcile=reconcile, stop=self.stop.is_set, progress=self._on
        )
        if report.busy:
            return
        if reconcile:
            self.reconciled_at = now
        self.stats.refreshed += 1
        self.stats.changed_rows += report.changed_rows
        self.stats.vanished_rows += report.vanished_rows
        if report.vanished_rows:
            _log.warning("worker: rows were deleted: %s", dict(report.vanished))

    def _on(self, _share: float) -> None:
        self._hold()

    def _look(self) -> None:
        if self.watch is not None:
            self.stats.alerts += len(self.watch.look(self.clock()).opened)

    def _freeze(self) -> None:
        now = self.clock()
        for day in days_due(self.engine, now, self.freeze_at)[:_DAYS_AT_ONCE]:
            if self.stop.is_set():
                return
            try:
                frozen = close_day(self.engine, self.catalogue, day, now)
            except BadRequest as refused:  # another froze it, or the rollups are behind
                _log.info("worker: did not freeze %s: %s", day, refused.key)
                return
            if frozen:
                self.stats.frozen.append(day)
                _log.info("worker: froze %s, %d rows", day, frozen)

    def _beat(self) -> None:
        with writing(self.engine) as connection:
            raise_version(connection, self.clock(), HEARTBEAT)


def run_worker(
    engine: Engine,
    catalogue: Catalogue,
    clock: Callable[[], datetime],
    stop: Event,
    *,
    refresh_seconds: float = 5.0,
    freeze_at: time = FREEZE_AT,
    live: Live | None = None,
    alerts: AlertRules | None = None,
    tick_seconds: int = 60,
) -> WorkerStats:
    """Work until `stop` is set.

    Args:
        clock: gives the wall time.
        refresh_seconds: pause between two rounds; it grows up to a minute while rounds fail.
        freeze_at: time of day at which the day before is frozen.
        live: continues a demo before each refresh; `since` is the time of its last success here,
            at first the present.
        alerts: what the duty room is told of; None opens no alerts.
        tick_seconds: how often cells are judged anew without new data.

    Ends within a second of `stop` except in the middle of one transaction.
    """
    lease = timedelta(seconds=max(30, 3 * int(refresh_seconds)))
    watch = AlertWatch(engine, catalogue, alerts, tick_seconds) if alerts is not None else None
    worker = _Worker(engine, catalogue, clock, stop, freeze_at, live, lease, watch)
    pause = refresh_seconds
    while not stop.is_set():
        worker.round()
        pause = min(_LONGEST_PAUSE, max(pause * 2, refresh_seconds)) if worker.failed else refresh_seconds
        stop.wait(pause)
    worker.release()
    return worker.stats
