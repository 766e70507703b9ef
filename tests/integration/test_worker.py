"""The worker and its lease: one works, the others stand by, no step's failure stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, select

from catalogue.loader import load_catalogue
from data_access import locks
from data_access import tables as t
from data_access.refresh import refresh
from services import worker as module
from services.worker import HEARTBEAT, LOCK, WorkerStats, run_worker
from tests import factories as make
from tests.factories import NOW

CATALOGUE = load_catalogue()
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
PATIENCE = 60.0


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def running(engine: Engine, clock: Callable[[], datetime], **how: Any) -> Iterator[WorkerStats]:
    """A worker in a thread of its own; its statistics are complete when the block ends."""
    stop, stats, errors = threading.Event(), WorkerStats(), []

    def work() -> None:
        try:
            done = run_worker(engine, CATALOGUE, clock, stop, **{"refresh_seconds": 0.02, **how})
            for name in WorkerStats.__slots__:
                setattr(stats, name, getattr(done, name))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield stats
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert errors == []


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def beats(engine: Engine) -> int:
    query = select(t.data_version.c.version).where(t.data_version.c.name == HEARTBEAT)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar() or 0)


def measured(engine: Engine) -> list[tuple[date, str]]:
    query = select(t.measure_day.c.day, t.measure_day.c.task_code).where(t.measure_day.c.task_code == "T3-01")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def frozen_days(engine: Engine) -> set[date]:
    with engine.connect() as connection:
        return set(connection.execute(select(t.board_day.c.day).distinct()).scalars())


def test_a_lease_has_one_holder_until_it_expires(engine: Engine) -> None:
    assert locks.acquire(engine, "x", "a", NOW, lease=LEASE)
    assert not locks.acquire(engine, "x", "b", NOW + LEASE, lease=LEASE)
    assert locks.acquire(engine, "x", "a", NOW + LEASE, lease=LEASE)
    assert not locks.acquire(engine, "x", "b", NOW + LEASE + SECOND, lease=LEASE)
    assert locks.acquire(engine, "x", "b", NOW + 2 * LEASE + SECOND, lease=LEASE)
    assert not locks.acquire(engine, "x", "a", NOW + 2 * LEASE + SECOND, lease=LEASE)
    assert locks.acquire(engine, "y", "a", NOW, lease=LEASE)


def test_only_the_holder_gives_a_lease_back(engine: Engine) -> None:
    assert locks.acquire(engine, "x", "a", NOW, lease=LEASE)
    locks.release(engine, "x", "b")
    with engine.connect() as connection:
        assert locks.holder_of(connection, "x", NOW) == "a"
    locks.release(engine, "x", "a")
    assert locks.acquire(engine, "x", "b", NOW, lease=LEASE)


def test_of_many_that_ask_at_once_one_gets_the_lease(engine: Engine) -> None:
    for name in ("first", "second", "third"):
        with ThreadPoolExecutor(4) as pool:
            got = list(pool.map(lambda n, name=name: locks.acquire(engine, name, str(n), NOW, lease=LEASE), range(8)))
        assert got.count(True) == 1


def test_it_refreshes_and_beats(engine: Engine) -> None:
    with running(engine, Clock()) as stats:
        wait_for(lambda: beats(engine) >= 1)
        make.make_record(engine, at=NOW - timedelta(days=1), updated_at=NOW)
        wait_for(lambda: measured(engine))
    assert stats.errors == 0
    assert stats.changed_rows >= 1
    assert stats.rounds >= 2


def test_it_continues_the_demo_from_where_it_was(engine: Engine) -> None:
    clock, calls = Clock(), []

    def live(_engine: Engine, since: datetime, now: datetime) -> int:
        calls.append((since, now))
        clock.now = now + timedelta(seconds=5)
        return 2

    with running(engine, clock, live=live) as stats:
        wait_for(lambda: len(calls) >= 3)
    assert calls[0] == (NOW, NOW)
    assert all(after[0] == before[1] for before, after in pairwise(calls))
    assert stats.live_rows == 2 * len(calls)


def test_a_failing_step_does_not_stop_the_others(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[datetime] = []

    def live(_engine: Engine, _since: datetime, now: datetime) -> int:
        calls.append(now)
        raise RuntimeError("no demo today")

    make.make_record(engine, at=NOW - timedelta(days=1), updated_at=NOW)
    with running(engine, Clock(), live=live) as stats:
        wait_for(lambda: measured(engine) and len(calls) >= 2)
    assert stats.errors >= 2
    assert "live failed" in caplog.text


def test_it_recovers_from_a_database_that_does_not_answer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([OSError("gone"), OSError("gone")])

    def flaky(*args: Any, **kw: Any) -> Any:
        for error in answers:
            raise error
        return refresh(*args, **kw)

    monkeypatch.setattr(module, "refresh", flaky)
    with running(engine, Clock()) as stats:
        wait_for(lambda: beats(engine) >= 1)
    assert stats.errors == 2
    assert stats.refreshed >= 1


def test_pauses_grow_while_rounds_fail(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(threading.Event):
        waited: list[float]

        def wait(self, timeout: float | None = None) -> bool:
            self.waited.append(timeout or 0)
            if len(self.waited) == 9:
                self.set()
            return self.is_set()

    stop = Stop()
    stop.waited = []
    monkeypatch.setattr(module, "refresh", lambda *_, **__: 1 / 0)
    run_worker(engine, CATALOGUE, Clock(), stop, refresh_seconds=1)
    assert stop.waited == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_it_stops_within_a_second_of_being_told(engine: Engine) -> None:
    stop = threading.Event()
    work = partial(run_worker, engine, CATALOGUE, Clock(), stop, refresh_seconds=50)
    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: beats(engine) >= 1)
    time.sleep(0.2)
    told = time.monotonic()
    stop.set()
    thread.join(PATIENCE)
    assert time.monotonic() - told < 1


def test_a_day_is_frozen_once_at_eight_of_the_next(engine: Engine) -> None:
    make.make_station(engine)
    clock = Clock(datetime(2024, 5, 7, 7, 59, 59))
    with running(engine, clock) as stats:
        wait_for(lambda: frozen_days(engine))
        assert frozen_days(engine) == {date(2024, 5, 5)}
        clock.now = datetime(2024, 5, 7, 8)
        wait_for(lambda: len(frozen_days(engine)) == 2)
        before = beats(engine)
        wait_for(lambda: beats(engine) >= before + 2)
    assert stats.frozen == [date(2024, 5, 5), date(2024, 5, 6)]
    assert stats.errors == 0


def test_days_missed_while_it_stood_still_are_frozen_later(engine: Engine) -> None:
    make.make_station(engine)
    clock = Clock(datetime(2024, 5, 1, 9))
    with running(engine, clock):
        wait_for(lambda: frozen_days(engine))
    clock.now = datetime(2024, 5, 5, 9)
    with running(engine, clock):
        wait_for(lambda: len(frozen_days(engine)) == 5)
    assert frozen_days(engine) == {date(2024, 4, 30) + timedelta(days=step) for step in range(5)}


def test_two_workers_do_no_harm_and_one_takes_over(engine: Engine) -> None:
    make.make_station(engine)
    clock = Clock()
    with running(engine, clock) as second:
        with running(engine, clock) as first:
            make.make_record(engine, at=NOW - timedelta(days=1), updated_at=NOW)
            wait_for(lambda: measured(engine) and frozen_days(engine))
        before = beats(engine)
        wait_for(lambda: beats(engine) > before)
        with engine.connect() as connection:
            assert locks.holder_of(connection, LOCK, NOW)
    assert first.errors == second.errors == 0
    assert first.standby + second.standby >= 1
    assert sorted(first.frozen + second.frozen) == [date(2024, 5, 6)]
    assert len(measured(engine)) == 1


def test_a_lost_worker_is_replaced_when_its_lease_expires(engine: Engine) -> None:
    assert locks.acquire(engine, LOCK, "lost", NOW, lease=LEASE)
    clock = Clock()
    with running(engine, clock) as stats:
        time.sleep(0.2)
        assert beats(engine) == 0
        clock.now = NOW + LEASE + SECOND
        wait_for(lambda: beats(engine) >= 1)
    assert stats.standby >= 1
