"""A small world with rows of every kind, and an example argument for every parameter of a reader."""

from __future__ import annotations

import inspect
import time as time_module
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from catalogue.alerts_loader import load_alert_rules
from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.assessments import Lock, write_lock
from data_access.engine import writing
from data_access.facts.flows import FLOWS, Stretch
from data_access.packs import rebuild_packs
from data_access.packs.order_build import rebuild_order_packs
from data_access.readers.audit import AuditQuery
from data_access.readers.rows import Wanted
from data_access.rollups.months import rebuild_months, rebuild_risks
from domain.access import Scope
from domain.alerts import AlertRules
from domain.assessment import score_month
from domain.assessment_guards import Guard
from domain.assessment_records import LockHead
from domain.assessment_rules import GuardRule
from domain.clock_rules import ClockRules
from domain.compare_rules import CompareRules
from domain.incidents import day_number
from domain.span import Span
from domain.task import Catalogue, Task
from tests import factories as make
from tests.support import assessed

AS_OF = datetime(2024, 5, 7, 13)
TODAY = AS_OF.date()
YESTERDAY = TODAY - timedelta(days=1)
PERIOD = "2024-04"
STATION, DISTRICT, TASK, THEME, ORDER_KINDS = "S1", "D1", "T1-01", "T1", ("tracing", "hazard", "supervision")


def fill(engine: Engine) -> None:
    """Every kind of row for station S1 of district D1: today, yesterday and a year ago."""
    rules = load_catalogue()
    make.make_district(engine, DISTRICT)
    make.make_station(engine, STATION, district_code=DISTRICT, lng=120.2, lat=30.1)
    for days in (0, 1, 7, 364):
        _work(engine, AS_OF - timedelta(days=days, hours=2), rules)
    make.make_risk_code(engine, STATION, since=datetime(2024, 4, 1))
    dawn = AS_OF.replace(hour=6)
    make.make_risk_code(engine, STATION, since=datetime(2024, 4, 1), subject_id="moved", valid_to=dawn)
    make.make_risk_code(engine, STATION, since=dawn, subject_id="moved", colour="yellow")
    make.make_target(engine, STATION, TASK, 90, 80)
    make.add(engine, t.import_file, import_id="I1", started_at=AS_OF, rows_read=1)
    for code in {task.feed for task in rules.tasks}:
        make.make_feed(engine, code, at=AS_OF)
    _organisation(engine)
    for days in range(1, 40):
        _computed(engine, TODAY - timedelta(days=days), rules)
    with writing(engine) as connection:
        rebuild_packs(connection, TODAY - timedelta(days=400), TODAY)
        rebuild_order_packs(connection, TODAY - timedelta(days=400), TODAY)
        rebuild_months(connection, [task.code for task in rules.active], TODAY - timedelta(days=40), YESTERDAY)
        rebuild_risks(connection, TODAY - timedelta(days=40), YESTERDAY, YESTERDAY)


def _work(engine: Engine, at: datetime, rules: Catalogue) -> None:
    incident = make.make_incident(
        engine, STATION, at, closed_at=at + timedelta(minutes=30), lng=120.2, lat=30.1, cell="c1"
    )
    make.make_incident(
        engine, STATION, at, class_code="order", subclass="congestion", repeat_of=incident["incident_id"]
    )
    make.make_party(engine, incident["incident_id"])
    make.make_order(engine, STATION, at)
    make.make_order(engine, STATION, at, signed_at=None, closed_at=None)
    for kind in ORDER_KINDS:
        make.make_work_order(engine, STATION, at, kind=kind, due_at=at + timedelta(hours=1))
    for task in rules.tasks:
        kind = task.measure.where.get("kind")
        if task.measure.source == "sample":
            make.make_sample(engine, STATION, at, kind=kind)
        if task.measure.source == "work_record":
            make.make_record(engine, STATION, at, kind=kind)


def _organisation(engine: Engine) -> None:
    now = {"updated_at": AS_OF}
    make.add(engine, t.squadron, code="Q1", district_code=DISTRICT, name="Q1", **now)
    make.add(engine, t.duty_grid, code="G1", station_code=STATION, name="G1", **now)
    for kind, code in (("station", STATION), ("district", DISTRICT), ("duty_grid", "G1")):
        make.add(engine, t.boundary, code=f"{kind}-{code}", subject_kind=kind, subject_code=code, geojson="{}", **now)
    make.add(engine, t.hotspot, hotspot_id="H1", station_code=STATION, kind="junction", opened_at=AS_OF, **now)
    make.add(engine, t.hotspot_plan, hotspot_id="H1", plan="plan", **now)
    make.add(engine, t.hotspot_measure, measure_id="HM1", hotspot_id="H1", at=AS_OF, measure="done", **now)
    make.add(engine, t.audit_entry, entry_id="A1", at=AS_OF, action="open", subject="hotspot:H1")
    _alerts(engine)
    _assessment(engine)


def _alerts(engine: Engine) -> None:
    """Two of the station's alerts, one of them over, and the district's duty leader."""
    red = {"kind": "red", "station_code": STATION, "task_code": TASK, "began_at": AS_OF, "updated_at": AS_OF}
    make.add(engine, t.alert, alert_id="AL1", **red)
    make.add(engine, t.alert, alert_id="AL2", ended_at=AS_OF, **red)
    shift = {"starts_at": AS_OF - timedelta(hours=5), "leader_name": "leader", "updated_at": AS_OF}
    make.add(engine, t.duty_roster, district_code=DISTRICT, **shift)


def _assessment(engine: Engine) -> None:
    """Station S1's locked April, a line of points and an appeal."""
    scores = score_month(assessed.month(assessed.worked(STATION, district=DISTRICT)), assessed.RULES)
    guards = {STATION: (Guard("late", 1, 10, 0.1, 0.02, True),)}
    lock = Lock(PERIOD, "2026.1", assessed.RULES.text, "d1", "A", AS_OF, "", scores, guards)
    write_lock(engine, lock, 0)
    line = {"period": PERIOD, "station_code": STATION, "written_at": AS_OF}
    make.add(engine, t.assessment_adjustment, adjustment_id="L1", points=1, **line)
    make.add(engine, t.assessment_appeal, appeal_id="P1", body="why", **line)


def _computed(engine: Engine, day: date, rules: Catalogue) -> None:
    frozen = {"day": day, "station_code": STATION, "frozen_at": AS_OF, "rule_version": rules.version}
    shown = {"colour": "blue", "score": 1.0, "yellow_count": 0, "red_count": 0, "grey_count": 0, "is_held": 0}
    subjects = [("station", "station"), *((theme.code, "theme") for theme in rules.themes), (TASK, "task")]
    for subject, kind in subjects:
        numbers = {"numerator": 9, "denominator": 10, "value": 90.0, "blue": 95.0, "yellow": 90.0, "waiting": 0}
        make.add(engine, t.board_day, subject=subject, subject_kind=kind, **frozen, **shown, **numbers)
    for task in rules.active:
        sums = {"numerator": 9, "denominator": 10, "row_count": 10}
        make.add(engine, t.measure_day, task_code=task.code, day=day, station_code=STATION, **sums)
    counts = {"incidents": 3, "deaths": 0, "injuries": 1}
    where = {"station_code": STATION, "class_code": "accident"}
    make.add(engine, t.incident_hour, day=day, hour=8, subclass="other", invalid=0, repeats=0, **where, **counts)
    make.add(engine, t.incident_cell_day, cell="c1", day=day, **where, **counts)


def flow_tasks() -> tuple[Task, ...]:
    """The active tasks that are summed over days; every reader takes them."""
    return tuple(task for task in load_catalogue().active if task.measure.method in FLOWS)


BY_NAME: dict[str, Any] = {
    "kind": "station",
    "order_kind": "tracing",
    "who": "station",
    "refs": ((day_number(TODAY), 0), (day_number(YESTERDAY), 1)),
    "seconds": 60.0,
    "clock": time_module.monotonic,
    "station": STATION,
    "station_code": STATION,
    "district": DISTRICT,
    "district_code": DISTRICT,
    "task": TASK,
    "task_code": TASK,
    "theme": THEME,
    "hotspot_id": "H1",
    "alert_id": "AL1",
    "incidents": (),
    "subject": "station",
    "subjects": ("station",),
    "days": 30,
    "first": TODAY - timedelta(days=30),
    "last": YESTERDAY,
    "start": AS_OF - timedelta(days=30),
    "end": AS_OF,
    "span": (TODAY - timedelta(days=30), YESTERDAY),
    "tasks": ("T1-01", "T1-06"),
    "periods": (PERIOD,),
    "versions": {PERIOD: 1},
    "kinds": ("helmet",),
    "spans": ((AS_OF - timedelta(days=30), AS_OF),),
    "rules_of": lambda _: assessed.RULES,
}
BY_TYPE: dict[Any, Callable[[Connection], Any]] = {
    Connection: lambda connection: connection,
    Engine: lambda connection: connection.engine,
    datetime: lambda _: AS_OF,
    date: lambda _: YESTERDAY,
    time: lambda _: AS_OF.time(),
    Catalogue: lambda _: load_catalogue(),
    CompareRules: lambda _: load_compare_rules(),
    AlertRules: lambda _: replace(load_alert_rules(), classes=("accident",)),
    Task: lambda _: load_catalogue().task(TASK),
    Sequence[Task]: lambda _: flow_tasks(),
    tuple[Task, ...]: lambda _: flow_tasks(),
    Stretch: lambda _: Stretch(datetime(2024, 5, 7), AS_OF),
    Span: lambda _: Span(AS_OF - timedelta(days=30), AS_OF),
    ClockRules: lambda _: load_clock_rules(load_catalogue()),
    AuditQuery: lambda _: AuditQuery(),
    Wanted: lambda _: Wanted(part="all", sort="", page=1, size=20),
    GuardRule: lambda _: assessed.RULES.guards,
    LockHead: lambda _: LockHead(PERIOD, 1, "locked", "2026.1", "d1", "A", AS_OF, ""),
}


class NoExample(Exception):
    """A parameter for which this module knows no example."""


def example(parameter: inspect.Parameter, hint: Any, connection: Connection, scope: Scope) -> Any:
    """An argument for a reader's parameter.

    Raises:
        NoExample: says where to add one.
    """
    if hint is Scope:
        return scope
    if hint in BY_TYPE:
        return BY_TYPE[hint](connection)
    if parameter.name in BY_NAME:
        return BY_NAME[parameter.name]
    raise NoExample(f"no example for {parameter}: add one to BY_NAME or BY_TYPE in tests/support/everything.py")
