"""What the rollups must be, computed from rows in plain Python: slow, simple, without any SQL of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.periods import period_start
from domain.task import Measure, Method, Task

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
Rollup = dict[tuple[Any, ...], tuple[float, ...]]
RANK = {"green": 0, "yellow": 1, "red": 2}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def belongs(measure: Measure, row: Row) -> bool:
    """The row passes the measure's filters and names a station."""
    if row["station_code"] is None:
        return False
    for name, wanted in measure.where.items():
        if not _is(row[name], wanted):
            return False
    return not any(row[name] is not None and _is(row[name], bad) for name, bad in measure.where_not.items())


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "*":
        return value is not None
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def clock(measure: Measure, row: Row) -> tuple[datetime, bool] | None:
    """When a clocked row counts and whether it was in time; None when it never counts."""
    start, stop = row[str(measure.start)], row[str(measure.stop)]
    if start is None:
        return None
    deadline = row[measure.due] if measure.due else start + measure.limit  # type: ignore[operator]
    if deadline is None:
        return None
    if stop is not None and stop <= deadline:
        return max(stop, start), True
    return max(deadline + SECOND, start), False


def one_flow(measure: Measure, row: Row) -> tuple[datetime, float, float] | None:
    """Moment, numerator and denominator that a row adds."""
    if measure.method is Method.CLOCK:
        found = clock(measure, row)
        return (found[0], float(found[1]), 1.0) if found else None
    moment = row[str(measure.at)]
    if moment is None:
        return None
    if measure.method is Method.RATIO:
        return moment, row["numerator"], row["denominator"]
    if measure.method is Method.HIT:
        good = row[str(measure.stop)] is not None and all(_is(row[name], value) for name, value in measure.hit.items())
        return moment, float(good), 1.0
    return moment, float(row[measure.total] or 0) if measure.total else 1.0, 0.0


def flows(task: Task, rows: Iterable[Row], today: date) -> Rollup:
    """Sums by day of a flow task."""
    sums: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for row in rows:
        found = one_flow(task.measure, row) if belongs(task.measure, row) else None
        if found and found[0].date() < today:
            kept = sums[task.code, found[0].date(), row["station_code"]]
            kept[0] += found[1]
            kept[1] += found[2]
            kept[2] += 1
    return {key: tuple(value) for key, value in sums.items()}


def latest(task: Task, rows: Iterable[Row], today: date) -> Rollup:
    """The last observation of each day; several at the same second are summed."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if belongs(task.measure, row) and row["at"].date() < today:
            groups[task.code, row["at"].date(), row["station_code"]].append(row)
    found: Rollup = {}
    for key, group in groups.items():
        last = [row for row in group if row["at"] == max(one["at"] for one in group)]
        found[key] = (sum(r["numerator"] for r in last), sum(r["denominator"] for r in last), len(last))
    return found


def in_force(row: Row, moment: datetime) -> bool:
    """A risk code is in force at a moment."""
    return row["valid_from"] <= moment and (row["valid_to"] is None or row["valid_to"] > moment)


def is_late(measure: Measure, row: Row, moment: datetime) -> bool:
    """An order is open and past its deadline at a moment."""
    start, stop, due = (row[str(name)] for name in (measure.start, measure.stop, measure.due))
    return due is not None and start <= moment and due < moment and (stop is None or stop > moment)


def lower(row: Row, rows: Iterable[Row], moment: datetime) -> bool:
    """The subject of a code has a lower one at a moment."""
    return any(
        other["subject_id"] == row["subject_id"]
        and other["subject_kind"] == row["subject_kind"]
        and in_force(other, moment)
        and RANK[other["colour"]] < RANK[row["colour"]]
        for other in rows
    )


def level(task: Task, rows: list[Row], day: date) -> Rollup:
    """A level at the last second of one day."""
    measure, moment = task.measure, datetime.combine(day, time(23, 59, 59))
    start = datetime.combine(period_start(task.period, day), time.min)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for row in rows:
        if not belongs(measure, row):
            continue
        if measure.method is Method.DOWNGRADE:
            if row["colour"] in ("yellow", "red") and in_force(row, start):
                _add(sums[row["station_code"]], float(lower(row, rows, moment)), 1.0)
        elif in_force(row, moment) if measure.method is Method.STANDING else is_late(measure, row, moment):
            _add(sums[row["station_code"]], 1.0, 0.0)
    return {(task.code, day, station): tuple(value) for station, value in sums.items()}


def _add(kept: list[float], numerator: float, denominator: float) -> None:
    kept[0] += numerator
    kept[1] += denominator
    kept[2] += 1


def measure_day(tasks: Iterable[Task], rows: Rows, first: date, today: date) -> Rollup:
    """All rows of `measure_day`; no row may speak of a day before `first`."""
    found: Rollup = {}
    for task in tasks:
        own = rows[task.measure.source]
        if task.measure.is_level:
            for step in range((today - first).days):
                found |= level(task, own, first + step * DAY)
        elif task.measure.method is Method.LATEST:
            found |= latest(task, own, today)
        else:
            found |= flows(task, own, today)
    return found


def incident_hour(incidents: Iterable[Row]) -> Rollup:
    """All rows of `incident_hour`: incidents, invalid, repeats, deaths, injuries."""
    found: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0] * 5)
    for row in incidents:
        at, valid = row["occurred_at"], row["is_valid"] == 1
        names = ("station_code", "class_code", "subclass")
        kept = found[(at.date(), at.hour, *(row[name] or "" for name in names))]
        parts = (valid, not valid, valid and row["repeat_of"] is not None)
        parts += (row["deaths"] * valid, row["injuries"] * valid)
        for place, part in enumerate(parts):
            kept[place] += int(part)
    return {key: tuple(value) for key, value in found.items()}


def incident_cell_day(incidents: Iterable[Row]) -> Rollup:
    """All rows of `incident_cell_day`: valid incidents, deaths, injuries."""
    found: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0] * 3)
    for row in incidents:
        if row["is_valid"] == 1 and row["cell"] is not None:
            key = (row["cell"], row["occurred_at"].date(), row["station_code"] or "", row["class_code"] or "")
            kept = found[key]
            for place, part in enumerate((1, row["deaths"], row["injuries"])):
                kept[place] += part
    return {key: tuple(value) for key, value in found.items()}


def measure_month(days: Rollup) -> Rollup:
    """All rows of `measure_month`, out of those of `measure_day`: sums, last day, its numbers."""
    groups: dict[tuple[Any, ...], dict[date, tuple[float, ...]]] = defaultdict(dict)
    for (task, day, station), values in days.items():
        groups[task, f"{day:%Y-%m}", station][day] = values
    return {
        key: (*map(sum, zip(*found.values(), strict=True)), max(found), *found[max(found)][:2])
        for key, found in groups.items()
    }


def risk_month(codes: list[Row], months: Iterable[date], closed: date) -> Rollup:
    """All rows of `risk_month`: subjects, red or yellow at the start, of them lower at the end, raised.

    Args:
        months: first days of the months. closed: the last closed day.
    """
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 4)
    for first in months:
        last = min((first + 31 * DAY).replace(day=1) - DAY, closed)
        start, end = datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59))
        for row in codes:
            if row["station_code"] is None or row["colour"] is None or not in_force(row, start):
                continue
            then = [RANK[other["colour"]] for other in codes if _same(row, other) and in_force(other, end)]
            mine, risky = RANK[row["colour"]], row["colour"] != "green"
            fell = any(rank < mine for rank in then)
            kept = sums[f"{first:%Y-%m}", row["station_code"], row["subject_kind"]]
            parts = (True, risky, risky and fell, not fell and any(rank > mine for rank in then))
            for place, part in enumerate(parts):
                kept[place] += int(part)
    return {key: tuple(value) for key, value in sums.items()}


def _same(row: Row, other: Row) -> bool:
    names = ("subject_kind", "subject_id")
    return other["colour"] is not None and all(row[name] == other[name] for name in names)
