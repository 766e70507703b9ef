"""Bringing the rollups up to date with the rows: incremental, idempotent, safe to be killed (docs/rollups.md)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from data_access import locks
from data_access.engine import writing
from data_access.rollups import marks, todo
from data_access.rollups.spans import sources_of
from data_access.rollups.steps import Order, Result, first_step, next_step
from data_access.state import raise_version
from domain.task import Catalogue

LOCK = "refresh"
LEASE = timedelta(seconds=120)
WAIT_SECONDS = 600.0
_RETRIES = 6
_CONFLICTS = frozenset({"40001", "40P01", "23505"})  # serialization failure, deadlock, key exists
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did.

    Args:
        changed: rows that are new or different, by table.
        vanished: rows that were deleted from a table since an earlier look.
        days: pairs of table and day computed anew.
        closed: days that ended since the last refresh.
        redefined: tables whose tasks are measured differently than at the last refresh.
        raised: the data version rose.
        left: pairs of table and day that still wait (it was stopped).
        busy: nothing was done, because another refresh was at work.
    """

    changed: Mapping[str, int]
    vanished: Mapping[str, int]
    days: int = 0
    closed: tuple[date, ...] = ()
    redefined: tuple[str, ...] = ()
    raised: bool = False
    left: int = 0
    busy: bool = False
    seconds: float = 0.0

    @property
    def changed_rows(self) -> int:
        """New or different rows of all tables."""
        return sum(self.changed.values())

    @property
    def vanished_rows(self) -> int:
        """Deleted rows of all tables."""
        return sum(self.vanished.values())


def refresh(
    engine: Engine,
    catalogue: Catalogue,
    now: datetime,
    *,
    full: bool = False,
    reconcile: bool = False,
    quick: bool = False,
    since: datetime | None = None,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> RefreshReport:
    """Compute what changed since the last refresh.

    Args:
        now: wall time; days before its day are closed.
        full: look at every row and compute every day anew, whatever the marks say.
        reconcile: also look for deleted rows (counts rows; cheap unless some are missing).
        quick: the worker's way: does not wait for another refresh, and leaves what may have been
            committed late beside a bulk load to a look every two minutes.
        since: look at rows written since then even if they were committed very late; an import
            gives the time it began.
        progress: is told the share 0..1 that is done.
        stop: asked between transactions; True ends the refresh, the rest waits for the next one.
    """
    started = time.monotonic()
    order = Order(
        sources=sources_of(catalogue.tasks),
        tasks=catalogue.tasks,
        now=now.replace(microsecond=0),
        full=full,
        reconcile=reconcile,
        quick=quick,
        since=since,
    )
    with _lease(engine, order.now, 0.0 if quick else WAIT_SECONDS) as renew:
        if renew is None:
            return RefreshReport({}, {}, busy=True, seconds=time.monotonic() - started)
        results = _steps(engine, order, renew, progress, stop)
    return _report(results, time.monotonic() - started)


def closed_through(connection: Connection) -> date | None:
    """The last day the rollups treat as closed; yesterday when the worker is alive, None at first."""
    return marks.closed_through(connection)


def is_settled(connection: Connection, day: date) -> bool:
    """Everything known of `day` is in the rollups: it is closed, and no day waits to be computed."""
    through = marks.closed_through(connection)
    return through is not None and through >= day and not todo.remaining(connection)


def _steps(
    engine: Engine,
    order: Order,
    renew: Callable[[], object],
    progress: Callable[[float], None] | None,
    stop: Callable[[], bool] | None,
) -> list[Result]:
    results = [_in_snapshot(engine, lambda connection: first_step(connection, order))]
    while results[-1].remaining and not (stop and stop()):
        if progress:
            progress(_share(results))
        renew()
        step = partial(next_step, order=order, newest=results[-1].newest)
        results.append(_in_snapshot(engine, step))
    if any(result.due for result in results):
        _raise_version(engine, order.now)
    if progress:
        progress(1.0)
    return results


def _share(results: list[Result]) -> float:
    done = sum(result.computed for result in results)
    return min(0.99, done / (done + results[-1].remaining))


def _report(results: list[Result], seconds: float) -> RefreshReport:
    changed: Counter[str] = Counter()
    vanished: Counter[str] = Counter()
    for result in results:
        changed.update(result.changed)
        vanished.update(result.vanished)
    return RefreshReport(
        changed={name: count for name, count in changed.items() if count},
        vanished={name: count for name, count in vanished.items() if count},
        days=sum(result.computed for result in results),
        closed=results[0].closed,
        redefined=results[0].redefined,
        raised=any(result.due for result in results),
        left=results[-1].remaining,
        seconds=seconds,
    )


def _raise_version(engine: Engine, now: datetime) -> None:
    """In a transaction of its own: others raise the version too, and a long one would collide with them."""
    with writing(engine) as connection:
        raise_version(connection, now)
        marks.set_mark(connection, marks.VERSION, marks.Mark(now))


def _in_snapshot(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction that sees one moment; repeat it when another one collided with it."""
    for attempt in range(_RETRIES):
        try:
            with _snapshot(engine) as connection:
                return work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _CONFLICTS or attempt == _RETRIES - 1:
                raise
            time.sleep(0.05 * 2**attempt)
    raise AssertionError  # pragma: no cover - the loop returns or raises


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.execution_options(writing=True, **level).begin() as connection:
        yield connection


@contextmanager
def _lease(engine: Engine, now: datetime, patience: float) -> Iterator[Callable[[], object] | None]:
    """The right to refresh; gives a function that renews it, or None when another keeps it."""
    holder, started = locks.new_holder(), time.monotonic()

    def take() -> bool:
        passed = timedelta(seconds=int(time.monotonic() - started))
        return locks.acquire(engine, LOCK, holder, now + passed, lease=LEASE)

    while not (mine := take()):
        if time.monotonic() - started >= patience:
            break
        time.sleep(0.1)
    try:
        yield take if mine else None
    finally:
        if mine:
            locks.release(engine, LOCK, holder)
