"""Writing and reading hot-spot records on both databases: one entry each, no silent overwriting, no foreign rows."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access import hotspots as write
from data_access import tables as t
from data_access.audit import seal
from data_access.engine import reading
from data_access.readers import hotspots as read
from data_access.state import current_version
from domain import hotspot_closing as hc
from domain import hotspot_record as hr
from domain.access import Scope, command, district, nobody, station
from domain.errors import NotFound, Refused
from domain.hotspot_views import Dossier
from domain.map_rules import ClosingRule
from tests import factories as make

NOW = datetime(2024, 5, 7, 13)
FACTS = hr.Facts("junction", "汀兰路口", 120.2641, 30.1852, 100.0, "S1")
PLAN = hr.Plan("增设标线;早晚高峰设岗", "王某", NOW, NOW + timedelta(days=60))


@pytest.fixture
def world(engine: Engine) -> Engine:
    make.make_district(engine, "D1")
    make.make_district(engine, "D2")
    make.make_station(engine, "S1")
    make.make_station(engine, "S2", district_code="D2")
    return engine


def opened(engine: Engine, facts: hr.Facts = FACTS, scope: Scope | None = None) -> str:
    return write.open_record(engine, write.Opening(facts, "李某", "rule", 90, 7), NOW, scope or command())


def get(engine: Engine, key: str, scope: Scope | None = None) -> Dossier:
    with reading(engine) as connection:
        return read.record(connection, key, scope or command())


def do(engine: Engine, key: str, action: str, **given: Any) -> hr.Record:
    at, scope = given.pop("at", NOW), given.pop("scope", command())
    seen = given.pop("seen", None) or get(engine, key).record.stamp
    return write.change(engine, key, hr.Step(action, at, "李某", **given), seen, scope)


def chain(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(t.audit_entry).order_by(t.audit_entry.c.entry_id)).mappings())


def holds(entries: list[Any]) -> bool:
    """Every entry carries the digest of the one before it, and its own is right."""
    previous = ""
    for entry in entries:
        told = (entry["actor"], entry["action"], entry["subject"], entry["detail"])
        own = seal(entry["sequence"], previous, entry["at"], told)
        if entry["previous_hash"] != previous or entry["entry_hash"] != own:
            return False
        previous = entry["entry_hash"]
    return True


def test_a_whole_course_leaves_one_entry_a_step(world: Engine) -> None:
    key = opened(world)
    entry = hr.MeasureEntry("", NOW - timedelta(hours=2), "设岗两名", "李某")
    rule = ClosingRule(90, 0.5)
    end = hc.ClosingCheck(rule, 92, hc.stretches(NOW, NOW + timedelta(days=92), rule), 12, 5)
    course: list[tuple[str, dict[str, Any]]] = [
        ("edit", {"facts": replace(FACTS, name="汀兰路与鹤鸣街路口")}),
        ("plan", {"plan": PLAN}),
        ("treat", {}),
        ("measure", {"entry": entry}),
        ("close", {"check": end, "at": NOW + timedelta(days=92)}),
        ("reopen", {"reason": "反弹", "at": NOW + timedelta(days=120)}),
        ("withdraw", {"reason": "并入H2", "at": NOW + timedelta(days=121)}),
    ]
    for number, (action, given) in enumerate(course):
        before = len(chain(world))
        do(world, key, action, **given)
        assert len(chain(world)) == before + 1 == number + 2
    found = get(world, key)
    assert holds(chain(world))
    assert [event.action for event in found.history] == [a for a, _ in reversed(course)] + ["open"]
    assert found.record.status == "withdrawn"
    assert found.record.ended_reason == "并入H2"
    assert found.record.leader == "王某"
    assert found.record.plan == PLAN
    assert [(m.text, m.at, m.author) for m in found.measures] == [("设岗两名", entry.at, "李某")]
    changes = {event.action: event.changes for event in found.history}
    assert changes["edit"]["name"] == ("汀兰路口", "汀兰路与鹤鸣街路口")
    assert changes["treat"]["status"] == ("open", "treated")
    assert changes["close"]["check"] == ("", "12 > 5, 92 d")


def test_a_refused_step_writes_nothing(world: Engine) -> None:
    key = opened(world)
    with reading(world) as connection:
        version = current_version(connection)
    for action, reason in (("treat", "no_plan"), ("close", "not_treated"), ("withdraw", "reason")):
        with pytest.raises(Refused, match=reason):
            do(world, key, action)
    assert len(chain(world)) == 1
    with reading(world) as connection:
        assert current_version(connection) == version
    do(world, key, "plan", plan=PLAN)
    with reading(world) as connection:
        assert current_version(connection) == version + 1


def test_two_editors_cannot_overwrite_each_other(world: Engine) -> None:
    key = opened(world)
    seen = get(world, key).record.stamp
    do(world, key, "plan", plan=PLAN, seen=seen)
    with pytest.raises(Refused, match="conflict"):
        do(world, key, "plan", plan=replace(PLAN, text="另一套方案"), seen=seen)
    assert get(world, key).record.plan == PLAN
    do(world, key, "measure", entry=hr.MeasureEntry("", NOW, "设岗"), seen=seen)
    assert len(chain(world)) == 3


def test_of_many_at_once_exactly_one_wins_and_the_log_is_one_chain(world: Engine) -> None:
    key = opened(world)
    with reading(world) as connection:
        assert current_version(connection) == 1
    seen = get(world, key).record.stamp
    outcomes: list[str] = []

    def edit(number: int) -> None:
        try:
            do(world, key, "plan", plan=replace(PLAN, text=f"方案{number}"), seen=seen)
            outcomes.append("won")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(4)]
    threads += [threading.Thread(target=opened, args=(world,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["won"]
    entries = chain(world)
    assert len(entries) == 5
    assert len({entry["previous_hash"] for entry in entries}) == 5, "no two entries follow the same one"


@pytest.mark.parametrize("stranger", [station("S2"), district("D2"), nobody()])
def test_who_may_not_see_a_record_may_not_write_it(world: Engine, stranger: Scope) -> None:
    key = opened(world)
    with pytest.raises(NotFound):
        get(world, key, stranger)
    with pytest.raises(NotFound):
        do(world, key, "plan", plan=PLAN, scope=stranger)
    with pytest.raises(NotFound):
        opened(world, FACTS, stranger)
    assert len(chain(world)) == 1


def test_a_record_cannot_be_pushed_to_a_station_out_of_scope(world: Engine) -> None:
    key = opened(world)
    for target in ("S2", "", "none"):
        with pytest.raises(NotFound):
            do(world, key, "edit", facts=replace(FACTS, station=target), scope=station("S1"))
    assert do(world, key, "edit", facts=replace(FACTS, station="S2")).facts.station == "S2"


def test_a_record_without_a_station_is_seen_by_viewers_of_everything_only(world: Engine) -> None:
    key = opened(world, replace(FACTS, station=""))
    assert get(world, key).record.facts.station == ""
    with reading(world) as connection:
        assert [r.hotspot_id for r, _ in read.records(connection, command())] == [key]
        assert read.records(connection, district("D1")) == ()


def test_rows_of_other_systems_show_with_what_they_break(world: Engine) -> None:
    make.add(world, t.hotspot, hotspot_id="X1", station_code="S1", status="treated", updated_at=NOW)
    make.add(world, t.hotspot, hotspot_id="X2", station_code="S1", status="treating", kind="park", updated_at=NOW)
    make.add(world, t.hotspot, hotspot_id="X3", updated_at=NOW)
    make.add(world, t.hotspot_plan, hotspot_id="X2", updated_at=NOW)
    make.add(world, t.audit_entry, entry_id="1", at=NOW, subject="hotspot:X1", detail="not JSON")
    make.add(world, t.audit_entry, entry_id="2", at=NOW, subject="hotspot:X1", detail='{"a":1}')
    with reading(world) as connection:
        found = {record.hotspot_id: hr.broken(record) for record, _ in read.records(connection, command())}
    assert found == {"X1": ("plan", "leader", "due", "treated_at"), "X2": ("status",), "X3": ("status",)}
    assert [dict(event.changes) for event in get(world, "X1").history] == [{}, {}]
    assert do(world, "X1", "reopen", reason="补方案").status == "open"


def test_what_others_write_changes_the_stamp(world: Engine) -> None:
    key = opened(world)
    do(world, key, "plan", plan=PLAN)
    before = get(world, key).record.stamp
    with world.begin() as connection:
        connection.execute(t.hotspot_plan.update().values(plan="外部改写"))
    assert get(world, key).record.stamp != before


def test_long_texts_fit_the_log_and_stay_whole_in_the_record(world: Engine) -> None:
    long = "方" * 4000
    key = opened(world, replace(FACTS, name="名" * 200))
    do(world, key, "plan", plan=replace(PLAN, text=long, leader="王" * 60))
    do(world, key, "plan", plan=replace(PLAN, text=long[::-1] + "案", leader="李" * 60))
    do(world, key, "withdraw", reason="由" * 400)
    found = get(world, key)
    assert found.record.plan is not None
    assert len(found.record.plan.text) == 4001
    assert max(len(entry["detail"]) for entry in chain(world)) <= 2000
    assert holds(chain(world))
    assert all(event.changes for event in found.history)
