"""The rows behind one number: paged, sorted, split into done, missed and waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, exists, func, not_, or_, select

from data_access.facts import clocks
from data_access.facts.flows import Stretch, counting, near
from data_access.facts.levels import RISKY, lower_now, open_and_late, valid_at
from data_access.facts.predicates import column, matches, relevant, table_of
from data_access.scope import within
from data_access.tables import risk_code
from domain.access import Scope
from domain.periods import shifted
from domain.task import Measure, Method, Task

SHOWN: dict[str, tuple[str, ...]] = {
    "incident": (
        "incident_id", "occurred_at", "class_code", "subclass", "address", "channel", "deaths", "injuries",
        "closed_at", "traced_at", "repeat_of",
    ),
    "dispatch_order": (
        "order_id", "incident_id", "class_code", "assigned_at", "signed_at", "set_out_at", "arrived_at",
        "first_feedback_at", "closed_at",
    ),
    "work_order": (
        "order_id", "title", "model_code", "grade", "created_at", "due_at", "signed_at", "surveyed_at",
        "planned_at", "closed_at", "owner_name", "place", "incident_id",
    ),
    "work_record": ("record_id", "at", "subkind", "quantity", "place", "owner_name", "evidence"),
    "sample": ("sample_id", "at", "numerator", "denominator", "place", "note"),
    "risk_code": ("code_id", "subject_kind", "subject_name", "colour", "valid_from", "valid_to"),
}  # fmt: skip
"""Columns shown for each source, the identifier first. Personal names are masked by the caller."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: `part` is all, done, missed, waiting or base; `sort` a shown column, "-" descending."""

    part: str = "all"
    sort: str = ""
    page: int = 1
    size: int = 50


def count_parts(connection: Connection, task: Task, station: str, stretch: Stretch, scope: Scope) -> dict[str, int]:
    """How many rows each part has: part -> count. Parts that make no sense for the task are absent."""
    table = table_of(task.measure)
    mine = and_(table.c.station_code == station, within(scope, table.c.station_code))
    parts = _parts(task.measure, stretch)
    sums = [func.sum(case((condition, 1), else_=0)) for condition in parts.values()]
    reach = or_(*(_narrow(task.measure, stretch, name) for name in parts))
    found = connection.execute(select(*sums).select_from(table).where(mine, reach)).one()
    return {name: int(count or 0) for name, count in zip(parts, found, strict=True)}


def page_of(
    connection: Connection, task: Task, station: str, stretch: Stretch, wanted: Wanted, *, scope: Scope
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """One page of rows: (columns, rows)."""
    table = table_of(task.measure)
    condition = _parts(task.measure, stretch)[wanted.part]
    columns = SHOWN[table.name]
    query = (
        select(*(table.c[name] for name in columns))
        .where(table.c.station_code == station, within(scope, table.c.station_code))
        .where(_narrow(task.measure, stretch, wanted.part), condition)
        .order_by(*_order(table, task.measure, wanted.sort))
        .limit(wanted.size)
        .offset((wanted.page - 1) * wanted.size)
    )
    return columns, tuple(tuple(row) for row in connection.execute(query))


def part_names(task: Task) -> tuple[str, ...]:
    """The parts that a task's rows split into."""
    probe = datetime(2000, 1, 1)
    return tuple(_parts(task.measure, Stretch(probe, probe)))


def default_sort(task: Task) -> str:
    """Newest first by the column that dates the row."""
    return "-" + _dating(task.measure)


def _dating(measure: Measure) -> str:
    return measure.at or measure.start or "valid_from"


def _order(table: Table, measure: Measure, sort: str) -> list[Any]:
    name = sort.removeprefix("-") or _dating(measure)
    chosen = table.c[name if name in SHOWN[table.name] else _dating(measure)]
    descending = sort.startswith("-") or not sort
    return [chosen.desc() if descending else chosen.asc(), *table.primary_key.columns]


def _base_stretch(measure: Measure, stretch: Stretch) -> Stretch:
    assert measure.base is not None
    return Stretch(shifted(stretch.start, measure.base), shifted(stretch.as_of, measure.base))


def _narrow(measure: Measure, stretch: Stretch, part: str) -> ColumnElement[bool]:
    if measure.method in (Method.OVERDUE, Method.STANDING, Method.DOWNGRADE):
        return relevant(measure)
    if part == "waiting":
        return and_(relevant(measure), column(measure, measure.start) <= stretch.as_of)
    return near(measure, _base_stretch(measure, stretch) if part == "base" else stretch)


def _parts(measure: Measure, stretch: Stretch) -> dict[str, ColumnElement[bool]]:
    if measure.method in (Method.OVERDUE, Method.STANDING, Method.DOWNGRADE, Method.LATEST):
        return _level_parts(measure, stretch)
    counted = counting(measure, stretch)
    if measure.method is Method.CLOCK:
        return {
            "all": counted,
            "done": clocks.good(measure, stretch),
            "missed": clocks.missed(measure, stretch),
            "waiting": clocks.waiting(measure, stretch),
        }
    if measure.method is Method.HIT:
        stop = column(measure, measure.stop)
        hit = and_(stop.is_not(None), stop <= stretch.as_of, matches(table_of(measure), measure.hit))
        return {"all": counted, "done": and_(counted, hit), "missed": and_(counted, not_(func.coalesce(hit, False)))}
    if measure.method is Method.CHANGE:
        return {"all": counted, "base": counting(measure, _base_stretch(measure, stretch))}
    return {"all": counted}


def _level_parts(measure: Measure, stretch: Stretch) -> dict[str, ColumnElement[bool]]:
    table = table_of(measure)
    if measure.method is Method.OVERDUE:
        return {"all": open_and_late(measure, stretch.as_of)}
    if measure.method is Method.STANDING:
        return {"all": and_(relevant(measure), valid_at(table, stretch.as_of))}
    if measure.method is Method.DOWNGRADE:
        risky = and_(relevant(measure), risk_code.c.colour.in_(RISKY), valid_at(risk_code, stretch.start))
        fell = lower_now(stretch.as_of)
        return {"all": risky, "done": and_(risky, fell), "missed": and_(risky, not_(fell))}
    moment = column(measure, measure.at)
    newer = table.alias("newer")
    same_kind = [newer.c[name] == table.c[name] for name in measure.where if name == "kind"]
    overtaken = exists().where(
        newer.c.station_code == table.c.station_code, *same_kind,
        newer.c[moment.name] > moment, newer.c[moment.name] <= stretch.as_of,
    )  # fmt: skip
    return {"all": and_(relevant(measure), moment >= stretch.start, moment <= stretch.as_of, not_(overtaken))}
