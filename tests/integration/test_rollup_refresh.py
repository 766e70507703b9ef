"""Refresh: what is looked at, what is computed, and what is told about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update

from catalogue.loader import load_catalogue
from data_access import locks
from data_access import refresh as module
from data_access import tables as t
from data_access.engine import writing
from data_access.refresh import closed_through, is_settled, refresh
from data_access.rollups import spans, steps, todo
from data_access.state import current_version
from domain.task import Catalogue
from tests import factories as make
from tests.factories import NOW

CATALOGUE = load_catalogue()
YESTERDAY = NOW - timedelta(days=1)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def numbers(engine: Engine, task: str) -> dict[tuple[date, str], tuple[float, float, int]]:
    query = select(t.measure_day).where(t.measure_day.c.task_code == task)
    with engine.connect() as connection:
        return {(row.day, row.station_code): tuple(row)[3:] for row in connection.execute(query)}


def version(engine: Engine) -> int:
    with engine.connect() as connection:
        return current_version(connection)


def change(engine: Engine, table: Any, key: str, **values: Any) -> None:
    with writing(engine) as connection:
        changed = connection.execute(update(table).where(next(iter(table.primary_key)) == key).values(**values))
    assert changed.rowcount == 1


def remove(engine: Engine, table: Any, key: str) -> None:
    with writing(engine) as connection:
        connection.execute(delete(table).where(next(iter(table.primary_key)) == key))


def test_an_empty_database_is_refreshed_too(engine: Engine) -> None:
    report = refresh(engine, CATALOGUE, NOW)
    assert (report.changed_rows, report.vanished_rows, report.days, report.left) == (0, 0, 0, 0)
    with engine.connect() as connection:
        assert closed_through(connection) == YESTERDAY.date()


def test_only_closed_days_are_measured_and_incidents_at_once(engine: Engine) -> None:
    make.make_incident(engine, at=YESTERDAY, subclass=None, cell="8931", deaths=1, injuries=2)
    make.make_incident(engine, at=NOW, class_code=None, repeat_of="I1")
    make.make_incident(engine, at=NOW, is_valid=0, deaths=5, cell="8931")
    refresh(engine, CATALOGUE, NOW)
    assert numbers(engine, "T1-06") == {(YESTERDAY.date(), "S1"): (1.0, 0.0, 1)}
    with engine.connect() as connection:
        hours = [tuple(row) for row in connection.execute(select(t.incident_hour))]
        cells = [tuple(row) for row in connection.execute(select(t.incident_cell_day))]
    today, hour = NOW.date(), NOW.hour
    assert sorted(hours) == [
        (YESTERDAY.date(), hour, "S1", "accident", "", 1, 0, 0, 1, 2),
        (today, hour, "S1", "", "other", 1, 0, 1, 0, 0),
        (today, hour, "S1", "accident", "other", 0, 1, 0, 0, 0),
    ]
    assert cells == [("8931", YESTERDAY.date(), "S1", "accident", 1, 1, 2)]


def test_every_task_is_rolled_up_also_those_switched_off(engine: Engine) -> None:
    off = CATALOGUE.task("T5-04")
    assert off and not off.on
    make.make_record(engine, at=YESTERDAY, kind="violation")
    refresh(engine, CATALOGUE, NOW)
    assert numbers(engine, "T5-04") == {(YESTERDAY.date(), "S1"): (1.0, 0.0, 1)}


def test_nothing_changed_means_nothing_is_computed_and_the_version_stays(engine: Engine) -> None:
    make.make_record(engine, at=YESTERDAY)
    assert refresh(engine, CATALOGUE, NOW).raised
    before = version(engine)
    report = refresh(engine, CATALOGUE, NOW + MINUTE)
    assert (report.changed_rows, report.days, report.raised) == (0, 0, False)
    assert version(engine) == before


def test_a_row_of_today_raises_the_version_and_computes_no_measure(engine: Engine) -> None:
    refresh(engine, CATALOGUE, NOW)
    before = version(engine)
    make.make_record(engine, at=NOW, updated_at=NOW + SECOND)
    report = refresh(engine, CATALOGUE, NOW + 2 * SECOND)
    assert dict(report.changed) == {"work_record": 1}
    assert version(engine) == before + 1
    assert numbers(engine, "T3-01") == {}


def test_only_the_days_of_a_changed_row_are_computed(engine: Engine) -> None:
    for back in range(1, 60):
        make.make_record(engine, at=NOW - back * DAY, updated_at=YESTERDAY)
    row = make.make_record(engine, at=NOW - 50 * DAY, updated_at=YESTERDAY)
    refresh(engine, CATALOGUE, NOW)
    change(engine, t.work_record, row["record_id"], at=NOW - 20 * DAY, updated_at=NOW + SECOND)
    report = refresh(engine, CATALOGUE, NOW + MINUTE)
    assert (report.changed_rows, report.days) == (1, 2)
    found = numbers(engine, "T3-01")
    assert found[(NOW - 50 * DAY).date(), "S1"][0] == 1
    assert found[(NOW - 20 * DAY).date(), "S1"][0] == 2


def test_a_row_given_to_another_station_leaves_the_first(engine: Engine) -> None:
    row = make.make_record(engine, at=YESTERDAY)
    refresh(engine, CATALOGUE, NOW)
    change(engine, t.work_record, row["record_id"], station_code="S2", updated_at=NOW)
    refresh(engine, CATALOGUE, NOW + MINUTE)
    assert list(numbers(engine, "T3-01")) == [(YESTERDAY.date(), "S2")]


def test_the_day_closes_at_midnight_although_no_row_changed(engine: Engine) -> None:
    make.make_record(engine, at=NOW)
    make.make_order(engine, at=NOW, signed_at=None)
    make.make_work_order(engine, at=NOW - DAY, due_at=NOW + timedelta(hours=2))
    make.make_risk_code(engine, since=NOW - 40 * DAY, subject_kind="village")
    refresh(engine, CATALOGUE, NOW)
    assert (NOW.date(), "S1") not in numbers(engine, "T8-03")
    report = refresh(engine, CATALOGUE, NOW + 2 * DAY)
    assert report.closed == (NOW.date(), NOW.date() + DAY)
    assert numbers(engine, "T3-01") == {(NOW.date(), "S1"): (1.0, 0.0, 1)}
    assert numbers(engine, "T1-01")[NOW.date(), "S1"] == (0.0, 1.0, 1)
    assert set(numbers(engine, "T2-03")) == {(NOW.date(), "S1"), (NOW.date() + DAY, "S1")}
    assert numbers(engine, "T8-03")[NOW.date() + DAY, "S1"] == (1.0, 0.0, 1)


def test_a_second_change_in_the_same_second_is_seen(engine: Engine) -> None:
    row = make.make_record(engine, at=YESTERDAY, quantity=5, updated_at=NOW)
    refresh(engine, CATALOGUE, NOW)
    change(engine, t.work_record, row["record_id"], quantity=7)
    refresh(engine, CATALOGUE, NOW + SECOND)
    assert numbers(engine, "T3-06")[YESTERDAY.date(), "S1"][0] == 7
    assert refresh(engine, CATALOGUE, NOW + 2 * SECOND).changed_rows == 0


def test_a_change_with_an_old_time_is_seen_by_its_fingerprint(engine: Engine) -> None:
    row = make.make_record(engine, at=YESTERDAY, quantity=5, updated_at=NOW - MINUTE, row_hash="a")
    refresh(engine, CATALOGUE, NOW)
    change(engine, t.work_record, row["record_id"], quantity=7, row_hash="b")
    refresh(engine, CATALOGUE, NOW + MINUTE)
    assert numbers(engine, "T3-06")[YESTERDAY.date(), "S1"][0] == 7


def test_a_row_committed_late_is_seen_within_the_overlap(engine: Engine) -> None:
    refresh(engine, CATALOGUE, NOW)
    make.make_record(engine, at=YESTERDAY, updated_at=NOW - steps.OVERLAP)
    assert refresh(engine, CATALOGUE, NOW + MINUTE).changed_rows == 1


def test_a_row_committed_very_late_is_seen_when_the_time_is_given_or_all_is_compared(engine: Engine) -> None:
    refresh(engine, CATALOGUE, NOW)
    make.make_record(engine, at=YESTERDAY, updated_at=NOW - timedelta(hours=2))
    assert refresh(engine, CATALOGUE, NOW + MINUTE).changed_rows == 0
    assert refresh(engine, CATALOGUE, NOW + MINUTE, since=NOW - timedelta(hours=2)).changed_rows == 1
    make.make_record(engine, at=YESTERDAY, updated_at=NOW - timedelta(hours=2))
    refresh(engine, CATALOGUE, NOW + MINUTE, full=True)
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 2


def test_a_row_from_a_clock_that_is_ahead_does_not_hide_the_others(engine: Engine) -> None:
    make.make_record(engine, at=YESTERDAY, updated_at=NOW + 300 * DAY)
    refresh(engine, CATALOGUE, NOW)
    make.make_record(engine, at=YESTERDAY, updated_at=NOW + MINUTE)
    refresh(engine, CATALOGUE, NOW + 2 * MINUTE)
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 2


@pytest.mark.parametrize("how", ["reconcile", "full"])
def test_a_deleted_row_is_told_and_taken_out(engine: Engine, how: str) -> None:
    row = make.make_incident(engine, at=YESTERDAY, cell="8931")
    make.make_incident(engine, at=YESTERDAY)
    refresh(engine, CATALOGUE, NOW)
    remove(engine, t.incident, row["incident_id"])
    report = refresh(engine, CATALOGUE, NOW + MINUTE, **{how: True})
    assert dict(report.vanished) == {"incident": 1}
    assert report.raised
    assert numbers(engine, "T1-06")[YESTERDAY.date(), "S1"][0] == 1
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(t.incident_cell_day)).scalar() == 0
    assert refresh(engine, CATALOGUE, NOW + 2 * MINUTE, **{how: True}).vanished_rows == 0


def test_a_day_that_lies_ahead_is_taken_out_when_its_row_moves(engine: Engine) -> None:
    row = make.make_incident(engine, at=datetime(2025, 1, 1), updated_at=NOW)
    refresh(engine, CATALOGUE, NOW)
    change(engine, t.incident, row["incident_id"], occurred_at=YESTERDAY, updated_at=NOW + SECOND)
    refresh(engine, CATALOGUE, NOW + MINUTE)
    with engine.connect() as connection:
        assert list(connection.execute(select(t.incident_hour.c.day)).scalars()) == [YESTERDAY.date()]


def test_codes_without_end_are_in_force_for_ever(engine: Engine) -> None:
    make.make_risk_code(engine, since=NOW - 3 * DAY, subject_kind="village", valid_to=datetime(9999, 12, 31))
    make.make_work_order(engine, at=NOW - 3 * DAY, due_at=datetime(9999, 12, 31, 23, 59, 59))
    end = datetime(9999, 12, 31, 23, 59, 59)
    row = {"order_id": "P", "station_code": "S1", "unit_kind": "station", "is_valid": 1, "updated_at": NOW}
    make.add(engine, t.dispatch_order, assigned_at=end, **row)
    refresh(engine, CATALOGUE, NOW)
    assert len(numbers(engine, "T8-03")) == 3
    assert numbers(engine, "T2-03") == {}


def with_target(code: str, **measure: Any) -> Catalogue:
    tasks = tuple(
        replace(task, measure=replace(task.measure, **measure)) if task.code == code else task
        for task in CATALOGUE.tasks
    )
    return replace(CATALOGUE, tasks=tasks)


def test_a_changed_definition_computes_its_source_anew(engine: Engine) -> None:
    make.make_record(engine, at=YESTERDAY, subkind="school", updated_at=YESTERDAY)
    make.make_record(engine, at=YESTERDAY, updated_at=YESTERDAY)
    refresh(engine, CATALOGUE, NOW)
    narrowed = with_target("T3-01", where={"kind": "publicity", "subkind": "school"})
    report = refresh(engine, narrowed, NOW + MINUTE)
    assert report.redefined == ("work_record",)
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 1
    assert refresh(engine, narrowed, NOW + 2 * MINUTE).redefined == ()


def test_a_task_that_was_removed_leaves_nothing(engine: Engine) -> None:
    make.make_record(engine, at=YESTERDAY)
    make.make_sample(engine, at=YESTERDAY)
    refresh(engine, CATALOGUE, NOW)
    less = replace(CATALOGUE, tasks=tuple(task for task in CATALOGUE.tasks if task.measure.source != "work_record"))
    report = refresh(engine, less, NOW + MINUTE)
    assert report.redefined == ("work_record",)
    assert numbers(engine, "T3-01") == {}
    assert numbers(engine, "T4-01") != {}
    refresh(engine, CATALOGUE, NOW + 2 * MINUTE)
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 1


def test_other_thresholds_are_no_other_definition(engine: Engine) -> None:
    refresh(engine, CATALOGUE, NOW)
    renamed = replace(CATALOGUE, tasks=tuple(replace(task, thresholds=None, names={}) for task in CATALOGUE.tasks))
    assert refresh(engine, renamed, NOW + MINUTE).redefined == ()


@pytest.mark.parametrize("what", ["target", "station", "party"])
def test_what_the_board_shows_beside_the_measures_raises_the_version(engine: Engine, what: str) -> None:
    refresh(engine, CATALOGUE, NOW)
    before = version(engine)
    if what == "target":
        make.make_target(engine, "S1", "T3-01", 3, 2)
    elif what == "station":
        make.make_station(engine)
    else:
        make.make_party(engine, "I1")
    assert refresh(engine, CATALOGUE, NOW + MINUTE).raised
    assert version(engine) == before + 1


def test_a_stopped_refresh_is_finished_by_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BATCH", 3)
    for back in range(1, 11):
        make.make_record(engine, at=NOW - back * DAY)
    first = refresh(engine, CATALOGUE, NOW, stop=lambda: True)
    assert (first.days, first.left) == (3, 7)
    with engine.connect() as connection:
        assert not is_settled(connection, YESTERDAY.date())
    shares: list[float] = []
    second = refresh(engine, CATALOGUE, NOW + MINUTE, progress=shares.append)
    assert (second.changed_rows, second.days, second.left) == (0, 7, 0)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(numbers(engine, "T3-01")) == 10
    with engine.connect() as connection:
        assert is_settled(connection, YESTERDAY.date())


def test_a_refresh_that_dies_before_raising_the_version_is_made_up_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_record(engine, at=YESTERDAY)
    with monkeypatch.context() as patch:
        patch.setattr(module, "raise_version", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(engine, CATALOGUE, NOW)
    before = version(engine)
    assert refresh(engine, CATALOGUE, NOW + MINUTE).raised
    assert version(engine) == before + 1


def test_a_failing_computation_leaves_everything_as_before(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_record(engine, at=YESTERDAY)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "rebuild_measures", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(engine, CATALOGUE, NOW)
    assert refresh(engine, CATALOGUE, NOW).changed_rows == 1
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 1


def test_a_quick_look_leaves_late_rows_beside_a_bulk_load_for_two_minutes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_MANY_RECENT", 3)
    for _ in range(5):
        make.make_record(engine, at=YESTERDAY, updated_at=NOW)
    refresh(engine, CATALOGUE, NOW + SECOND)
    make.make_record(engine, at=YESTERDAY, updated_at=NOW + 2 * SECOND)
    later = NOW + 90 * SECOND
    assert refresh(engine, CATALOGUE, later, quick=True).changed_rows == 0
    make.make_record(engine, at=YESTERDAY, updated_at=later)
    assert refresh(engine, CATALOGUE, later + SECOND, quick=True).changed_rows == 1
    assert refresh(engine, CATALOGUE, NOW + 122 * SECOND, quick=True).changed_rows == 1
    assert numbers(engine, "T3-01")[YESTERDAY.date(), "S1"][0] == 7


def test_a_quick_refresh_does_not_wait_for_another(engine: Engine) -> None:
    make.make_record(engine, at=YESTERDAY)
    assert locks.acquire(engine, module.LOCK, "another", NOW, lease=MINUTE)
    report = refresh(engine, CATALOGUE, NOW, quick=True)
    assert report.busy
    assert numbers(engine, "T3-01") == {}
    locks.release(engine, module.LOCK, "another")
    assert not refresh(engine, CATALOGUE, NOW, quick=True).busy


def test_a_bulk_load_equals_many_small_steps(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for back in range(1, 30):
        make.make_work_order(engine, at=NOW - back * DAY, signed_at=NOW - back * DAY + timedelta(hours=back))
        make.make_risk_code(
            engine, since=NOW - back * DAY, subject_id=f"p{back % 4}", colour=["red", "green"][back % 2]
        )
    refresh(engine, CATALOGUE, NOW)
    whole = {task.code: numbers(engine, task.code) for task in CATALOGUE.tasks}
    monkeypatch.setattr(steps, "BATCH", 2)
    monkeypatch.setattr(steps, "_MANY_CHANGES", 0)
    with writing(engine) as connection:
        for table in (t.measure_day, t.rollup_span, t.refresh_mark):
            connection.execute(delete(table))
    refresh(engine, CATALOGUE, NOW)
    assert {task.code: numbers(engine, task.code) for task in CATALOGUE.tasks} == whole
    assert any(whole["T8-01"].values())


def test_ranges_hold_their_days_and_little_else() -> None:
    first = date(2024, 5, 1)
    days = [first, first + DAY, first + 5 * DAY, first + 40 * DAY]
    assert todo.ranges_of(days) == [(first, first + 5 * DAY), (days[-1], days[-1])]
    assert todo.days_of([(first, spans.FOREVER), (spans.FOREVER, spans.NEVER)], first + DAY) == {first, first + DAY}
