"""Alerts on both databases: the worker's look, readers, acknowledging, the duty leader."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from catalogue.alerts_loader import load_alert_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.readers.alerts import ended_since
from data_access.readers.roster import leader_on
from data_access.state import WORKER, current_version, raise_version, worker_seen_at
from domain.access import Role, Scope, command, district, station
from domain.alert_views import AlertLine, red_since
from domain.alerts import AlertKind
from domain.errors import NotFound, Refused
from i18n import translator
from i18n.alert_words import found
from services import alerts as service
from services.alerts import AlertWatch, acknowledge, open_alerts, watch
from services.worker import run_worker
from tests import factories as make
from tests.factories import NOW
from tests.support import importing

CATALOGUE, RULES = load_catalogue(), load_alert_rules()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OVERDUE = "T2-03"
"""A hard task: tracing orders that are overdue."""


@pytest.fixture
def city(engine: Engine) -> Engine:
    """Stations S1 and S2 of district D1, S3 of D2; every source is alive; S1 has overdue tracing orders."""
    for code in ("D1", "D2"):
        make.make_district(engine, code)
    for code, home in (("S1", "D1"), ("S2", "D1"), ("S3", "D2")):
        make.make_station(engine, code, district_code=home)
    for code in sorted({task.feed for task in CATALOGUE.tasks}):
        make.make_feed(engine, code, at=NOW, expected_seconds=86400)
    for _ in range(9):
        make.make_work_order(engine, "S1", NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    return engine


def open_now(engine: Engine, scope: Scope | None = None, at: datetime = NOW) -> tuple[AlertLine, ...]:
    with reading(engine) as connection:
        return open_alerts(connection, scope or command(), at)


def version(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def settle(engine: Engine, at: datetime) -> None:
    """All overdue orders are done."""
    with writing(engine) as connection:
        connection.execute(t.work_order.update().values(closed_at=at, status="closed", updated_at=at))


def test_a_red_hard_cell_opens_once_and_raises_the_version(city: Engine) -> None:
    before = version(city)
    found = watch(city, CATALOGUE, RULES, NOW)
    assert [(alert.station, alert.task, alert.value) for alert in found.opened] == [("S1", OVERDUE, 9)]
    assert version(city) == before + 1
    assert not watch(city, CATALOGUE, RULES, NOW + MINUTE)
    assert version(city) == before + 1
    (line,) = open_now(city)
    assert (line.unit.code if line.unit else "", line.since) == ("S1", NOW)


def test_what_is_settled_ends_and_comes_back_within_ten_minutes(city: Engine) -> None:
    watch(city, CATALOGUE, RULES, NOW)
    settle(city, NOW + MINUTE)
    assert [alert.ended_at for alert in watch(city, CATALOGUE, RULES, NOW + 2 * MINUTE).changed] == [NOW + 2 * MINUTE]
    assert open_now(city, at=NOW + 3 * MINUTE) == ()
    with reading(city) as connection:
        assert [line.alert.task for line in ended_since(connection, NOW, command())] == [OVERDUE]
    for _ in range(9):
        make.make_work_order(city, "S1", NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    assert [alert.ended_at for alert in watch(city, CATALOGUE, RULES, NOW + 5 * MINUTE).changed] == [None]
    assert len(open_now(city, at=NOW + 6 * MINUTE)) == 1


def test_a_source_that_falls_silent_ends_nothing(city: Engine) -> None:
    watch(city, CATALOGUE, RULES, NOW)
    with writing(city) as connection:
        connection.execute(t.feed.delete())
    assert not watch(city, CATALOGUE, RULES, NOW + HOUR)


def test_a_major_incident_is_told_without_address_to_a_wall(city: Engine) -> None:
    make.make_incident(city, "S2", NOW - HOUR, deaths=1, address="1 Some Street", subclass="injury")
    make.make_incident(city, "S2", NOW - HOUR, injuries=3, is_valid=0)
    make.make_incident(city, "S2", NOW - HOUR, injuries=3, repeat_of="I0")
    make.make_incident(city, "S2", NOW - 25 * HOUR, deaths=2)
    make.make_incident(city, "S2", NOW + HOUR, deaths=2)
    watch(city, CATALOGUE, RULES, NOW)
    (seen, _) = open_now(city)
    assert (seen.alert.kind, seen.alert.deaths, seen.since) == (AlertKind.MAJOR, 1, NOW - HOUR)
    assert (seen.class_code, seen.place.name) == ("accident", "1 Some Street")
    (walled, _) = open_now(city, Scope(Role.DISPLAY))
    assert (walled.alert.deaths, walled.place.name) == (1, "")


def test_a_corrected_incident_ends_even_when_it_is_old(city: Engine) -> None:
    row = make.make_incident(city, "S2", NOW - 23 * HOUR, deaths=1)
    watch(city, CATALOGUE, RULES, NOW)
    assert not watch(city, CATALOGUE, RULES, NOW + 2 * HOUR), "it is open, so it is followed beyond the look back"
    with writing(city) as connection:
        changed = t.incident.update().where(t.incident.c.incident_id == row["incident_id"])
        connection.execute(changed.values(deaths=0, updated_at=NOW))
    (ended,) = watch(city, CATALOGUE, RULES, NOW + 3 * HOUR).changed
    assert (ended.kind, ended.ended_at) == (AlertKind.MAJOR, NOW + 3 * HOUR)


def test_tags_and_classes_make_an_incident_major(city: Engine) -> None:
    rules = load_alert_rules()
    rules = type(rules)(0, 0, ("order.fire",), ("school_bus", "100%"), 12, 2, 24, 10, 7)
    for given in ({"tags": "works;school_bus"}, {"class_code": "order", "subclass": "fire"}, {"tags": "100%"}):
        make.make_incident(city, "S2", NOW - HOUR, **given)
    for given in ({"tags": "school_bus_stop"}, {"class_code": "order", "subclass": "noise"}, {"tags": "1000"}):
        make.make_incident(city, "S2", NOW - HOUR, **given)
    found = watch(city, CATALOGUE, rules, NOW)
    assert sum(alert.kind is AlertKind.MAJOR for alert in found.opened) == 3


def test_each_sees_the_alerts_of_its_own_stations(city: Engine) -> None:
    make.make_incident(city, "S3", NOW - HOUR, deaths=1)
    nowhere = make.make_incident(city, "S1", NOW - HOUR, deaths=1, station_code=None)
    watch(city, CATALOGUE, RULES, NOW)
    seen = {name: [line.alert.station for line in open_now(city, scope)] for name, scope in _VIEWERS.items()}
    assert {name: sorted(str(code) for code in codes) for name, codes in seen.items()} == {
        "command": ["None", "S1", "S3"],
        "D2": ["S3"],
        "S2": [],
    }
    with pytest.raises(NotFound):
        acknowledge(city, station("S2"), open_now(city, district("D2"))[0].alert.alert_id, ("A", "note"), NOW)
    assert nowhere["station_code"] is None


_VIEWERS = {"command": command(), "D2": district("D2"), "S2": station("S2")}


def test_an_acknowledgement_is_on_record_and_survives_the_next_look(city: Engine) -> None:
    watch(city, CATALOGUE, RULES, NOW)
    key, before = open_now(city)[0].alert.alert_id, version(city)
    acknowledge(city, command(), key, (" 李某 ", "已通知所领导"), NOW + MINUTE)
    assert version(city) == before + 1
    assert not watch(city, CATALOGUE, RULES, NOW + 2 * MINUTE)
    (line,) = open_now(city, at=NOW + 2 * MINUTE)
    assert (line.alert.acked_by, line.alert.ack_note, line.alert.acked_at) == ("李某", "已通知所领导", NOW + MINUTE)
    with reading(city) as connection:
        entry = connection.execute(select(t.audit_entry)).mappings().one()
    assert (entry["actor"], entry["action"], entry["subject"]) == ("李某", "acknowledge", f"alert:{key}")
    assert "已通知所领导" in entry["detail"]


def test_of_two_who_acknowledge_at_once_one_is_refused(city: Engine) -> None:
    watch(city, CATALOGUE, RULES, NOW)
    key = open_now(city)[0].alert.alert_id

    def try_it(name: str) -> str:
        try:
            return acknowledge(city, command(), key, (name, "note"), NOW).acked_by
        except Refused as refused:
            return refused.key

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(try_it, ["A1", "A2", "A3", "A4"]))
    assert told[1:] == ["alert.refused.acked"] * 3
    with reading(city) as connection:
        assert connection.execute(select(func.count()).select_from(t.audit_entry)).scalar() == 1


def test_two_workers_that_look_at_once_open_one_alert(city: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda k: watch(city, CATALOGUE, RULES, NOW + k * timedelta(seconds=1)), [0, 1]))
    assert len(open_now(city, at=NOW + MINUTE)) == 1


def test_without_news_the_worker_computes_no_board(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[datetime] = []
    real = service.board_on

    def counted(*args: Any) -> Any:
        looks.append(args[-1])
        return real(*args)

    monkeypatch.setattr(service, "board_on", counted)
    watcher = AlertWatch(city, CATALOGUE, RULES, tick_seconds=60)
    for seconds in (0, 5, 10, 15):
        watcher.look(NOW + timedelta(seconds=seconds))
    assert len(looks) == 2, "once for the news, once because opening an alert is news itself"
    watcher.look(NOW + MINUTE)
    assert len(looks) == 3


def test_the_worker_opens_alerts_and_tells_when_it_last_ran(city: Engine) -> None:
    stop, moments = Event(), iter(range(1000))

    def clock() -> datetime:
        if next(moments) > 40:
            stop.set()
        return NOW

    stats = run_worker(city, CATALOGUE, clock, stop, refresh_seconds=0.01, alerts=RULES)
    assert (stats.errors, stats.alerts) == (0, 1)
    assert [line.alert.task for line in open_now(city)] == [OVERDUE]
    with reading(city) as connection:
        assert worker_seen_at(connection) == NOW


def test_a_look_that_fails_keeps_no_other_step_from_running(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(service, "board_on", broken)
    stop, moments = Event(), iter(range(1000))

    def clock() -> datetime:
        if next(moments) > 12:
            stop.set()
        return NOW

    stats = run_worker(city, CATALOGUE, clock, stop, refresh_seconds=0.01, alerts=RULES)
    assert stats.errors > 0
    assert stats.refreshed > 0


def test_strange_rows_of_others_are_shown_and_ended(city: Engine) -> None:
    made = {"began_at": NOW, "updated_at": NOW}
    make.add(city, t.alert, alert_id="a", kind="red", station_code="gone", task_code="T9-99", **made)
    make.add(city, t.alert, alert_id="b", kind="major", incident_id="gone", **made)
    make.add(city, t.alert, alert_id="c", kind="what", **made)
    assert {line.alert.alert_id for line in open_now(city)} == {"a", "b", "c"}
    found = watch(city, CATALOGUE, RULES, NOW)
    assert {alert.alert_id for alert in found.changed} == {"a", "b", "c"}
    assert [line.alert.station for line in open_now(city)] == ["S1"]


# whose beginning nobody saw ----------------------------------------------------------------------


def worker_was_there(engine: Engine, at: datetime) -> None:
    with writing(engine) as connection:
        raise_version(connection, at, WORKER)


@pytest.mark.parametrize(("minutes", "known"), [(1, True), (3, True), (4, False), (None, False)])
def test_a_red_that_was_there_before_anybody_looked_is_found_not_new(
    city: Engine, minutes: int | None, known: bool
) -> None:
    if minutes is not None:
        worker_was_there(city, NOW - minutes * MINUTE)
    assert [alert.began_known for alert in watch(city, CATALOGUE, RULES, NOW).opened] == [known]
    assert [line.alert.began_known for line in open_now(city)] == [known]


def test_a_watch_that_looks_all_the_time_sees_what_turns_red(city: Engine) -> None:
    watcher = AlertWatch(city, CATALOGUE, RULES, tick_seconds=60)
    assert [alert.began_known for alert in watcher.look(NOW).opened] == [False]
    for _ in range(9):
        make.make_work_order(city, "S2", NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    assert [(alert.station, alert.began_known) for alert in watcher.look(NOW + MINUTE).opened] == [("S2", True)]
    for _ in range(9):
        make.make_work_order(city, "S3", NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    assert [alert.began_known for alert in watcher.look(NOW + 10 * MINUTE).opened] == [False], "it was away"


def test_what_is_red_when_its_silent_source_comes_back_was_found(city: Engine) -> None:
    with writing(city) as connection:
        connection.execute(
            t.feed.update()
            .where(t.feed.c.code == "tracing")
            .values(last_row_at=NOW - 60 * HOUR, complete_to=NOW - 60 * HOUR)
        )
    watcher = AlertWatch(city, CATALOGUE, RULES, tick_seconds=60)
    assert watcher.look(NOW).opened == ()
    with writing(city) as connection:
        connection.execute(t.feed.update().where(t.feed.c.code == "tracing").values(last_row_at=NOW, complete_to=NOW))
    assert [alert.began_known for alert in watcher.look(NOW + MINUTE).opened] == [False]


def test_a_found_red_tells_since_when_its_days_closed_red(city: Engine) -> None:
    for back, colour in ((1, "red"), (2, "red"), (3, "yellow"), (4, "red")):
        row = {"station_code": "S1", "subject": OVERDUE, "subject_kind": "task", "colour": colour}
        make.add(city, t.board_day, day=NOW.date() - timedelta(days=back), frozen_at=NOW, rule_version="v", **row)
    watch(city, CATALOGUE, RULES, NOW)
    (line,) = open_now(city)
    assert line.red_days == NOW.date() - timedelta(days=2)
    told = {lang: found(translator(lang), line, CATALOGUE.task(OVERDUE)) for lang in ("zh", "en")}
    assert told["zh"] == "5月7日 13:00 发现为红，至少自 5月5日"
    assert "found red at" in told["en"]
    daily = CATALOGUE.task("T1-01")
    assert red_since(line, daily) is None, "a task of the day begins anew each day"


# who leads -------------------------------------------------------------------------------------


def shift(engine: Engine, who: str, hours: float, lasts: float | None = None, where: str = "D1") -> None:
    begins = NOW + hours * HOUR
    ends = begins + lasts * HOUR if lasts else None
    row = {"district_code": where, "starts_at": begins, "ends_at": ends, "leader_name": who, "updated_at": NOW}
    make.add(engine, t.duty_roster, **row)


def leader(engine: Engine, scope: Scope | None = None, at: datetime = NOW) -> str | None:
    with reading(engine) as connection:
        return leader_on(connection, at, scope or command())


def test_the_leader_is_whose_shift_covers_the_instant(city: Engine) -> None:
    assert leader(city) is None
    shift(city, "A", -24, 24)
    assert leader(city, at=NOW - MINUTE) == "A"
    assert leader(city) is None
    shift(city, "B", 0, 12)
    assert (leader(city), leader(city, at=NOW + 11 * HOUR), leader(city, at=NOW + 12 * HOUR)) == ("B", "B", None)


def test_a_shift_without_end_lasts_until_the_next_or_a_day(city: Engine) -> None:
    shift(city, "A", -20)
    assert (leader(city), leader(city, at=NOW + 4 * HOUR)) == ("A", None)
    shift(city, "B", -1)
    assert leader(city) == "B"


def test_the_whole_units_leader_comes_first_and_districts_have_their_own(city: Engine) -> None:
    shift(city, "A", -1, 9, "D1")
    shift(city, "B", -1, 9, "D2")
    assert leader(city) == "A · B"
    shift(city, "C", -1, 9, "*")
    assert leader(city) == "C"
    assert (leader(city, station("S3")), leader(city, district("D1"))) == ("B", "A")
    assert leader(city, Scope(Role.DISPLAY, stations=("S3",), districts=("D1",))) is None


def test_a_roster_is_imported_a_month_ahead(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "值班表.csv"
    path.write_text(
        "单位,值班开始,值班结束,值班领导\nD1,2024-05-07 08:30,2024-05-08 08:30,王某\nD1,2024-06-05,,李某\n"
        ",2024-06-05,,无\nD1,2024-06-06,,\n",
        encoding="gb18030",
    )
    report = importing.one(engine, path, "generic")
    assert (report.loaded, report.rejected) == (2, 2)
    assert (leader(engine), leader(engine, at=datetime(2024, 6, 5, 23))) == ("王某", "李某")
