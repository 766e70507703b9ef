"""Locked months, corrections, adjustments, appeals: nothing is overwritten, everything is in the audit log."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update

from data_access import assessments as write
from data_access import tables as t
from data_access.audit import seal
from data_access.engine import reading, writing
from data_access.readers import assessment_locked as read
from data_access.refresh import refresh
from data_access.state import current_version
from domain.access import command, district, nobody, station
from domain.assessment_guards import GUARDS
from domain.assessment_records import CORRECTED, LOCKED, NewAdjustment, NewAppeal
from domain.assessment_views import OPEN, RUNNING
from domain.errors import BadRequest, NotFound, Refused
from domain.month import Month
from services import assessment_deeds as deeds
from services.assessment import ranking_view
from services.assessment_month import Evaluated, evaluate
from services.assessment_sheet import sheet_view
from services.desk import Desk
from tests import factories as make
from tests.support import assessed_rows as rows

LATER = rows.NOW + timedelta(hours=1)
LATEST = rows.NOW + timedelta(days=3)


@pytest.fixture
def town(engine: Engine) -> Engine:
    rows.fill(engine)
    return engine


def lock(engine: Engine, at: datetime = rows.NOW, note: str = "", month: Month = rows.APRIL) -> deeds.LockResult:
    return deeds.lock_month(rows.desk(engine), engine, month, "王某", at=at, note=note)


def month(engine: Engine, as_of: datetime = LATEST, version: int = 0, which: Month = rows.APRIL) -> Evaluated:
    with reading(engine) as connection:
        return evaluate(connection, rows.desk(engine), which, as_of, version=version)


def refused(key: str, call: object, *given: object, **more: object) -> None:
    with pytest.raises(Refused) as caught:
        call(*given, **more)  # type: ignore[operator]
    assert caught.value.key == f"assessment.refused.{key}"


def add(engine: Engine, points: float = -2.0, at: datetime = rows.NOW, **given: object) -> str:
    plain = {"period": "2024-04", "station": "S1", "matter": "漏报", "document": "〔2024〕12号", "author": "李某"}
    more = {name: given.pop(name) for name in ("scope", "correcting") if name in given}
    new = NewAdjustment(points=points, **{**plain, **given})  # type: ignore[arg-type]
    return deeds.adjust(rows.desk(engine), engine, new, at, **{"scope": command(), **more})  # type: ignore[arg-type]


def entries(engine: Engine) -> list[tuple[str, str, str, str]]:
    with reading(engine) as connection:
        table = t.audit_entry
        names = ("actor", "action", "subject", "detail")
        return list(connection.execute(select(*(table.c[n] for n in names)).order_by(table.c.entry_id)))  # type: ignore[arg-type]


# locking ----------------------------------------------------------------------------------------


def test_what_is_read_from_a_lock_is_what_was_scored(town: Engine) -> None:
    add(town, 1.5)
    live = month(town)
    assert live.about.state == OPEN
    result = lock(town)
    assert (result.head.version, result.head.status, result.stations, result.differences) == (1, LOCKED, 3, ())
    frozen = month(town)
    assert frozen.scores == live.scores
    assert frozen.inputs == live.inputs
    assert frozen.about.rules == live.about.rules
    assert frozen.about.lock == result.head
    assert {code: tuple(one.code for one in signs) for code, signs in frozen.guards.items()} == dict.fromkeys(
        ("S1", "S2", "S3"), GUARDS
    )


def change_everything(engine: Engine) -> None:
    """Whatever may be written later: every source, the organisation, targets, rules' tasks, adjustments."""
    with writing(engine) as connection:
        for table in (t.incident, t.sample, t.work_order, t.risk_code):
            connection.execute(delete(table))
        connection.execute(update(t.work_record).values(quantity=1, updated_at=LATEST))
        connection.execute(update(t.station).values(residents_10k=1, fusion_mode="full", updated_at=LATEST))
        connection.execute(delete(t.station).where(t.station.c.code == "S3"))
        connection.execute(update(t.assessment_adjustment).values(points=3, station_code="S2"))
    make.make_target(engine, "S2", "T3-06", 1, 1)
    make.make_incident(engine, "S2", datetime(2024, 4, 5, 8))
    refresh(engine, rows.CATALOGUE, LATEST, full=True)


def test_a_locked_month_survives_any_later_data_and_other_rules(town: Engine) -> None:
    add(town, -1.0)
    lock(town)
    before = month(town)
    change_everything(town)
    first = rows.BOOK.versions[0]
    other = replace(first, blue=10, indicators=first.indicators[:3], ties=("O2",))
    desk = Desk(town, rows.CATALOGUE, replace(rows.BOOK, versions=(other,)))
    with reading(town) as connection:
        after = evaluate(connection, desk, rows.APRIL, LATEST)
    assert after == replace(before, past=after.past)
    assert len(ranking_view(desk, command(), rows.APRIL, LATEST).groups[0].lines) == 3


def test_locking_again_after_a_change_is_a_correction_beside_the_first(town: Engine) -> None:
    lock(town)
    first = month(town)
    late = {"kind": "key_slot", "numerator": 0, "denominator": 40, "updated_at": LATER}
    make.make_sample(town, "S1", datetime(2024, 4, 18, 9), **late)
    refresh(town, rows.CATALOGUE, LATER)
    preview = deeds.preview(rows.desk(town), rows.APRIL, LATER)
    assert (preview.seen, preview.same) == (1, False)
    result = lock(town, LATER, note="补录劝导")
    assert (result.head.version, result.head.status, result.head.note) == (2, CORRECTED, "补录劝导")
    assert preview.differences == result.differences
    assert {(one.station, one.subject) for one in result.differences} == {("S1", "P3"), ("S1", "total")} | {
        (one.station, one.subject) for one in result.differences if one.subject == "rank"
    }
    assert month(town, version=1) == replace(first, about=month(town, version=1).about)
    second = month(town)
    assert second.about.lock == result.head
    assert [head.version for head in second.about.versions] == [1, 2]
    assert second.score("S1").points("P3") == 0
    view = ranking_view(rows.desk(town), command(), rows.APRIL, LATEST)
    assert view.changes == result.differences
    assert ranking_view(rows.desk(town), command(), rows.APRIL, LATEST, version=1).changes == ()


def test_an_instant_before_the_correction_sees_the_first_version(town: Engine) -> None:
    assert month(town, rows.NOW - timedelta(seconds=1)).about.state == OPEN
    lock(town)
    add(town, at=LATER, correcting=True)
    lock(town, LATER, note="扣分")
    assert month(town, LATER - timedelta(seconds=1)).about.lock.version == 1  # type: ignore[union-attr]
    assert month(town, LATER).about.lock.version == 2  # type: ignore[union-attr]
    assert month(town, rows.NOW - timedelta(seconds=1)).about.state == OPEN


def test_a_lock_is_refused_with_its_reason(town: Engine) -> None:
    desk = rows.desk(town)
    refused("author", deeds.lock_month, desk, town, rows.APRIL, " ", at=rows.NOW)
    refused("not_over", deeds.lock_month, desk, town, rows.MAY, "A", at=rows.NOW)
    refused("rollups", deeds.lock_month, desk, town, rows.MAY, "A", at=datetime(2024, 6, 2, 9))
    lock(town)
    refused("same", deeds.lock_month, desk, town, rows.APRIL, "A", at=LATER, note="x")
    add(town, at=LATER, correcting=True)
    refused("reason", deeds.lock_month, desk, town, rows.APRIL, "A", at=LATER)
    assert [head.version for head in month(town).about.versions] == [1]


def test_nobody_to_score_is_refused(engine: Engine) -> None:
    refresh(engine, rows.CATALOGUE, rows.NOW)
    refused("nobody", deeds.lock_month, rows.desk(engine), engine, rows.APRIL, "A", at=rows.NOW)


def test_a_version_that_is_not_there_is_not_found(town: Engine) -> None:
    with pytest.raises(NotFound):
        month(town, version=1)
    with pytest.raises(NotFound):
        month(town, which=Month(2024, 6))


def test_of_two_locks_at_once_one_is_refused(town: Engine) -> None:
    found: list[object] = []

    def one() -> None:
        try:
            found.append(lock(town).head.version)
        except Refused as error:
            found.append(error.key)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 in found
    assert {str(one) for one in found} <= {"1", "assessment.refused.meanwhile", "assessment.refused.same"}
    assert [head.version for head in month(town).about.versions] == [1]


def test_a_lock_raises_the_version_and_is_one_entry_of_the_log(town: Engine) -> None:
    with reading(town) as connection:
        before = current_version(connection)
    result = lock(town)
    with reading(town) as connection:
        assert current_version(connection) == before + 1
        chain = connection.execute(select(t.audit_entry)).mappings().all()
    (actor, action, subject, detail) = entries(town)[-1]
    assert (actor, action, subject) == ("王某", "lock", "assessment:2024-04")
    assert result.head.input_digest in detail
    assert chain[0]["entry_hash"] == seal(1, "", chain[0]["at"], (actor, action, subject, detail))


# adjustments ------------------------------------------------------------------------------------


def test_an_adjustment_counts_from_when_it_was_written(town: Engine) -> None:
    plain = month(town).score("S1").total or 0
    add(town, -2.0, at=LATER)
    assert month(town, rows.NOW).score("S1").total == plain
    after = month(town, LATER).score("S1")
    assert after.total == plain - 2
    assert [(line.points, line.document) for line in after.adjustments] == [(-2.0, "〔2024〕12号")]
    assert entries(town)[-1][:2] == ("李某", "adjust")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"points": 0.0}, "points"),
        ({"points": 3.5}, "points"),
        ({"points": -5.5}, "points"),
        ({"author": " "}, "author"),
        ({"document": ""}, "document"),
        ({"matter": ""}, "document"),
        ({"period": "2024-06"}, "to_come"),
    ],
)
def test_an_adjustment_is_refused_with_its_reason(engine: Engine, given: dict[str, object], key: str) -> None:
    make.make_station(engine, "S1")
    refused(key, add, engine, **given)
    assert entries(engine) == []


def test_an_adjustment_of_no_month_or_of_a_stranger_is_refused(engine: Engine) -> None:
    make.make_station(engine, "S1")
    with pytest.raises(BadRequest):
        add(engine, period="2024-4")
    with pytest.raises(NotFound):
        add(engine, scope=station("S2"))
    with pytest.raises(NotFound):
        add(engine, station="S9")


def test_a_locked_month_takes_adjustments_for_a_correction_only(town: Engine) -> None:
    lock(town)
    refused("locked", add, town, at=LATER)
    before = month(town)
    key = add(town, -2.0, at=LATER, correcting=True)
    assert month(town).scores == before.scores
    result = lock(town, LATER, note="扣分")
    assert {(one.station, one.subject) for one in result.differences} >= {("S1", "adjustments"), ("S1", "total")}
    refused("locked", write.withdraw_adjustment, town, key, "A", "x", at=LATEST, scope=command())
    write.withdraw_adjustment(town, key, "A", "误扣", at=LATEST, scope=command(), correcting=True)
    assert month(town).scores == month(town, version=2).scores
    assert lock(town, LATEST, note="撤销扣分").head.version == 3
    assert [one.total for one in month(town).scores] == [one.total for one in before.scores]


def test_a_withdrawn_line_stays_to_be_seen(town: Engine) -> None:
    key = add(town)
    write.withdraw_adjustment(town, key, "赵某", "误扣", at=LATER, scope=command())
    assert month(town, LATEST).score("S1").adjustments == ()
    with reading(town) as connection:
        (record,) = read.adjustments(connection, ["2024-04"], command())
    assert (record.withdrawn_by, record.withdrawn_reason, record.withdrawn_at) == ("赵某", "误扣", LATER)
    refused("withdrawn", write.withdraw_adjustment, town, key, "A", "x", at=LATEST, scope=command())
    refused("reason", write.withdraw_adjustment, town, key, "A", " ", at=LATEST, scope=command())
    with pytest.raises(NotFound):
        write.withdraw_adjustment(town, key, "A", "x", at=LATEST, scope=station("S2"))
    assert [action for _, action, _, _ in entries(town)] == ["adjust", "withdraw"]


# appeals ----------------------------------------------------------------------------------------


def file(engine: Engine, scope: object = None, **given: object) -> str:
    plain = {
        "period": "2024-04",
        "version": 0,
        "station": "S1",
        "indicator": "P2",
        "body": "抽测点停电",
        "author": "周某",
    }
    new = NewAppeal(**{**plain, **given})  # type: ignore[arg-type]
    return deeds.appeal(rows.desk(engine), engine, new, LATER, scope or station("S1"))  # type: ignore[arg-type]


def test_a_station_appeals_and_is_answered_once(town: Engine) -> None:
    lock(town)
    key = file(town)
    refused("role", deeds.reply, town, key, "no", "周某", at=LATEST, scope=station("S1"))
    deeds.reply(town, key, "已复核，维持", "王某", at=LATEST, scope=district("D1"))
    refused("replied", deeds.reply, town, key, "again", "王某", at=LATEST, scope=command())
    with reading(town) as connection:
        (appeal,) = read.appeals(connection, command(), "2024-04")
        assert read.appeals(connection, station("S2")) == ()
        assert read.appeals(connection, command(), "2024-03") == ()
    assert (appeal.version, appeal.indicator, appeal.reply, appeal.replied_by) == (1, "P2", "已复核，维持", "王某")
    assert [entry[1] for entry in entries(town)] == ["lock", "appeal", "reply"]
    sheet = sheet_view(rows.desk(town), station("S1"), rows.APRIL, "S1", LATEST)
    assert sheet.appeals == (appeal,)
    assert sheet.line.appeals == 1


def test_an_appeal_is_refused_with_its_reason(town: Engine) -> None:
    refused("author", file, town, author="")
    refused("text", file, town, body=" ")
    refused("indicator", file, town, indicator="P9")
    refused("to_come", file, town, period="2024-06")
    with pytest.raises(NotFound):
        file(town, station("S2"))
    with pytest.raises(NotFound):
        deeds.reply(town, "P0", "x", "y", at=LATEST, scope=command())
    refused("text", deeds.reply, town, file(town), " ", "y", at=LATEST, scope=command())


# who sees what ----------------------------------------------------------------------------------


def test_ranks_are_among_all_but_a_viewer_sees_only_the_scope(town: Engine) -> None:
    add(town, -5.0, station="S2")
    desk = rows.desk(town)
    whole = {line.unit.code: line for line in ranking_view(desk, command(), rows.APRIL, LATEST).groups[0].lines}
    (group,) = ranking_view(desk, station("S2"), rows.APRIL, LATEST).groups
    (line,) = group.lines
    assert line == whole["S2"]
    assert (line.score.rank, group.of) == (3, 3)
    assert ranking_view(desk, nobody(), rows.APRIL, LATEST).groups == ()
    with pytest.raises(NotFound):
        sheet_view(desk, station("S1"), rows.APRIL, "S2", LATEST)
    lock(town)
    assert [x.unit.code for x in ranking_view(desk, district("D1"), rows.APRIL, LATEST).groups[0].lines] == ["S1", "S2"]


def test_a_running_month_is_never_taken_for_an_old_lock(town: Engine) -> None:
    lock(town)
    found = month(town, rows.NOW, which=rows.MAY)
    assert (found.about.state, found.about.as_of) == (RUNNING, rows.NOW)
    assert found.before["S1"].version == 1
    assert date(2024, 4, 30) == rows.APRIL.last
