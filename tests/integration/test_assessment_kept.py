"""What a process keeps of months that are over: never another answer than a process that has just begun gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, delete, event, update

from data_access import tables as t
from data_access.demo.clear import clear_demo
from data_access.demo.mark import NAMES
from data_access.engine import reading, writing
from data_access.refresh import refresh
from data_access.state import EVERY_MONTH, month_stamps
from domain.access import command
from domain.assessment_records import NewAdjustment
from domain.month import month_of
from services import assessment_deeds as deeds
from services.assessment import districts_view, ranking_view, year_view
from services.assessment_prepared import prepare
from services.assessment_sheet import sheet_view
from services.desk import Desk
from tests import factories as make
from tests.support import assessed_rows as rows

SEEDS = (1, 2)
LATEST = rows.NOW + timedelta(days=3)


@pytest.fixture
def town(engine: Engine) -> Engine:
    rows.fill(engine)
    return engine


def answers(desk: Desk, as_of: datetime) -> list[object]:
    """Everything that is shown of the running month, the one that is over and an older one."""
    newest = month_of(as_of.date())
    found: list[object] = [view(desk, command(), newest, as_of) for view in (year_view, districts_view)]
    for back in (0, 1, 2, 12):
        found.append(ranking_view(desk, command(), newest.back(back), as_of))
        found.append(prepare(desk, newest.back(back), as_of).past)
    found.append(sheet_view(desk, command(), newest.back(1), "S2", as_of))
    return found


def refreshed(engine: Engine, at: datetime) -> None:
    refresh(engine, rows.CATALOGUE, at, reconcile=True)


def incident_of_the_past(engine: Engine, rng: random.Random, at: datetime) -> None:
    make.make_incident(engine, "S1", datetime(2024, rng.choice((2, 3, 4)), 9, 8), updated_at=at)
    refreshed(engine, at)


def incident_of_the_year_before(engine: Engine, rng: random.Random, at: datetime) -> None:
    make.make_incident(engine, "S2", datetime(2023, rng.choice((1, 4, 5)), 9, 8), updated_at=at)
    refreshed(engine, at)


def incident_of_today(engine: Engine, rng: random.Random, at: datetime) -> None:
    make.make_incident(engine, "S3", rows.NOW - timedelta(hours=rng.randrange(1, 5)), updated_at=at)


def rows_that_are_gone(engine: Engine, rng: random.Random, at: datetime) -> None:
    with writing(engine) as connection:
        first = datetime(2024, rng.choice((3, 4)), 1)
        connection.execute(delete(t.incident).where(t.incident.c.occurred_at.between(first, first + timedelta(days=9))))
    refreshed(engine, at)


def observation(engine: Engine, rng: random.Random, at: datetime) -> None:
    """One that no rollup holds, and one that a rollup holds."""
    when = datetime(2024, rng.choice((3, 4)), 25, rng.randrange(8, 18))
    make.make_sample(engine, "S1", when, kind="enterprise_training", numerator=rng.randrange(9), denominator=10)
    make.make_sample(engine, "S2", when, kind="helmet", numerator=1, denominator=90, updated_at=at)
    if rng.random() < 0.5:
        refreshed(engine, at)


def code_that_falls(engine: Engine, rng: random.Random, at: datetime) -> None:
    make.make_risk_code(engine, "S2", since=datetime(2022, 1, 1), subject_id=f"x{at}", valid_to=datetime(2024, 4, 9))
    make.make_risk_code(engine, "S2", since=datetime(2024, 4, 9), subject_id=f"x{at}", colour="yellow")
    refreshed(engine, at)


def own_target(engine: Engine, rng: random.Random, at: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(delete(t.task_target))
    make.make_target(engine, "S1", "T7-01", rng.randrange(5, 40), 5)


def residents_and_mode(engine: Engine, rng: random.Random, at: datetime) -> None:
    with writing(engine) as connection:
        new = {"residents_10k": rng.randrange(2, 30), "fusion_mode": rng.choice(("basic", "full", None))}
        connection.execute(update(t.station).where(t.station.c.code == "S3").values(**new))


def station_that_goes(engine: Engine, rng: random.Random, at: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(update(t.station).where(t.station.c.code == "S3").values(is_active=rng.randrange(2)))


def feed_that_falls_silent(engine: Engine, rng: random.Random, at: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(delete(t.feed))
    make.make_feed(engine, "patrol", datetime(2024, rng.choice((2, 3, 4)), 20))


def adjustment(engine: Engine, rng: random.Random, at: datetime) -> None:
    new = NewAdjustment("2024-03", "S1", rng.choice((1.0, -2.0)), "漏报", "〔2024〕12号", "李某")
    deeds.adjust(rows.desk(engine), engine, new, at, scope=command(), correcting=True)


def lock(engine: Engine, rng: random.Random, at: datetime) -> None:
    """A first lock, or a correction of what has changed since."""
    refreshed(engine, at)
    adjustment(engine, rng, at)
    deeds.lock_month(rows.desk(engine), engine, rows.APRIL.back(1), "王某", at=at, note="更正")


def everything_anew(engine: Engine, rng: random.Random, at: datetime) -> None:
    refresh(engine, rows.CATALOGUE, at, full=True)


CHANGES: tuple[Callable[[Engine, random.Random, datetime], None], ...] = (
    incident_of_the_past, incident_of_the_year_before, incident_of_today, rows_that_are_gone, observation,
    code_that_falls, own_target, residents_and_mode, station_that_goes, feed_that_falls_silent, adjustment, lock,
    everything_anew,
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_changes_a_kept_answer_is_the_one_made_anew(town: Engine, seed: int) -> None:
    rng, desk = random.Random(seed), rows.desk(town)
    changes = list(CHANGES)
    rng.shuffle(changes)
    shown = [answers(desk, LATEST)]
    for number, change in enumerate(changes):
        at = rows.NOW + timedelta(minutes=number + 1)
        change(town, rng, at)
        kept = answers(desk, LATEST)
        assert kept == answers(rows.desk(town), LATEST), change.__name__
        shown.append(kept)
    assert sum(one != other for one, other in pairwise(shown)) >= len(changes) / 2


def test_an_earlier_instant_is_answered_as_it_was_whatever_is_kept(town: Engine) -> None:
    desk = rows.desk(town)
    for as_of in (LATEST, rows.NOW, datetime(2024, 4, 20, 9), datetime(2024, 5, 1, 7), LATEST):
        assert answers(desk, as_of) == answers(rows.desk(town), as_of)


def test_the_past_is_read_once_and_again_only_where_it_changed(town: Engine) -> None:
    desk, seen = rows.desk(town), list[str]()
    event.listen(town, "before_cursor_execute", lambda *call: seen.append(call[2]))

    def sums() -> int:
        seen.clear()
        prepare(desk, rows.MAY, rows.NOW)
        return sum("FROM measure_month" in statement for statement in seen)

    assert (sums(), sums()) == (2, 0)
    incident_of_the_past(town, random.Random(1), rows.NOW)
    assert sums() == 2
    assert sums() == 0


def test_a_rebuilt_month_has_another_stamp_and_its_neighbours_keep_theirs(town: Engine) -> None:
    with reading(town) as connection:
        before = month_stamps(connection)
    make.make_incident(town, "S1", datetime(2024, 3, 9, 8), updated_at=rows.NOW)
    refreshed(town, rows.NOW)
    with reading(town) as connection:
        after = month_stamps(connection)
    assert {period for period in after if after[period] != before.get(period)} == {"2024-03"}


def test_taking_the_demo_away_touches_every_month(town: Engine) -> None:
    with writing(town) as connection:
        connection.execute(
            t.data_version.insert(), [{"name": name, "version": 1, "changed_at": rows.NOW} for name in NAMES]
        )
    clear_demo(town)
    with reading(town) as connection:
        assert month_stamps(connection)[EVERY_MONTH] == 1


def test_a_process_that_just_began_gives_the_month_of_another_day(town: Engine) -> None:
    """The running month is over one day later; what was kept of it as running is not shown for it."""
    desk, june = rows.desk(town), datetime(2024, 6, 3, 9)
    ranking_view(desk, command(), rows.MAY, rows.NOW)
    refresh(town, rows.CATALOGUE, june)
    assert ranking_view(desk, command(), rows.MAY, june) == ranking_view(rows.desk(town), command(), rows.MAY, june)
