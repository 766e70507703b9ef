"""View-models of the map for tests of screens and exports: a small district's incidents from a seed.

The sums of a view agree with each other, as they do in a real answer; the filter is only applied on demand.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from domain import heat as m
from domain import hot, incident_views
from domain.board import Board, Unit
from domain.incident_filter import SEVERITIES, Circle, Filter
from domain.span import Span, base_of, span_of
from tests.support import views

NOW = views.NOW
KINDS = (
    ("accident", "property"), ("accident", "minor"), ("accident", "fatal"), ("order", "parking"),
    ("order", "noise"), ("other", "asking"),
)  # fmt: skip
CHANNELS = ("phone", "app", "petition")
TAGS = ("e_bike", "yellow_plate_truck", "road_sight")
ISSUES = ("", "missing", "impossible", "outside")
CELLS = 40
FIRST_CELL = 0x89309B0000FFFFF
GRIDS = (("G1", "一号网格", "990109000000"), ("G2", "二号网格", "990109000001"))


@cache
def units(count: int = 6) -> tuple[Unit, ...]:
    """Stations with residents and area; the last one's are unknown."""
    made = [replace(views.unit(n, count), residents_10k=2.5 + n, area_km2=10.0 + n) for n in range(count)]
    return (*made[:-1], replace(made[-1], residents_10k=None, area_km2=None))


def board(*, demo: bool = True) -> Board:
    """As of when and with which rules; no lines."""
    return views.board(0, demo=demo)


def asked(preset: str = "30d", base: str = "year", *, chosen: Filter | None = None, **given: object) -> m.Asked:
    """A question: a preset and the stretch it is compared with."""
    span = span_of(preset, NOW)
    return m.Asked(span, preset, base_of(span, base, preset=preset), base, chosen or Filter(), **given)  # type: ignore[arg-type]


class Incident(NamedTuple):
    """One invented incident, as plainly as can be; `cell` -1 and an issue when it is not on the map."""

    day: date
    hour: int
    kind: tuple[str, str]
    station: str
    channel: str
    found: str
    issue: str
    tag: str
    cell: int

    @property
    def severity(self) -> str:
        """Of accidents their subclass, else none."""
        return self.kind[1] if self.kind[1] in SEVERITIES else "none"


@cache
def incidents(span: Span, total: int, seed: int = 1) -> tuple[Incident, ...]:
    """`total` invented incidents of a span, the same ones for the same seed."""
    draw = np.random.default_rng(seed)
    days = (span.last_day - span.first_day).days + 1
    made = []
    for _ in range(total):
        issue = ISSUES[draw.choice(4, p=[0.95, 0.03, 0.01, 0.01])]
        made.append(
            Incident(
                day=span.first_day + timedelta(days=int(draw.integers(days))),
                hour=int(draw.integers(24)),
                kind=KINDS[draw.choice(len(KINDS), p=[0.3, 0.15, 0.02, 0.3, 0.13, 0.1])],
                station=views.unit(int(draw.integers(6)), 6).code,
                channel=CHANNELS[draw.choice(3, p=[0.8, 0.15, 0.05])],
                found="officer" if draw.random() < 0.06 else "citizen",
                issue=issue,
                tag=(*TAGS, "", "", "")[draw.integers(6)],
                cell=-1 if issue else int(CELLS * draw.random() ** 2),
            )
        )
    return tuple(made)


def day_kind(day: date) -> str:
    """Every first of a month is a holiday."""
    return "holiday" if day.day == 1 else "weekend" if day.weekday() > 4 else "workday"


def held(rows: tuple[Incident, ...], wanted: Filter, first: date, last: date) -> int:
    """How many incidents of the days a filter holds, counted one by one; places by their cell only."""
    return sum(first <= one.day <= last and holds(wanted, one) for one in rows)


def holds(wanted: Filter, one: Incident) -> bool:
    """Whether a filter holds an incident; tags, grids and circles are not looked at."""
    return (
        (not wanted.classes or one.kind[0] in wanted.classes)
        and (not wanted.subclasses or one.kind[1] in wanted.subclasses)
        and (not wanted.channels or one.channel in wanted.channels)
        and wanted.found in ("", one.found)
        and (not wanted.severities or one.severity in wanted.severities)
        and (not wanted.stations or one.station in wanted.stations)
        and (not wanted.districts or _district_of()[one.station] in wanted.districts)
        and (not wanted.hours or one.hour in wanted.hours)
        and (not wanted.weekdays or one.day.weekday() in wanted.weekdays)
        and (not wanted.day_kinds or day_kind(one.day) in wanted.day_kinds)
        and wanted.placed in ("all", "no" if one.issue else "yes")
        and (not wanted.cell or (one.cell >= 0 and wanted.cell == cell_code(one.cell)))
    )


@cache
def _district_of() -> dict[str, str | None]:
    return {unit.code: unit.district_code for unit in units()}


def cell_code(index: int) -> str:
    """A hexagon's identifier as an address carries it."""
    return f"{FIRST_CELL + (index << 20):x}"


def tally(span: Span, total: int, seed: int = 1, wanted: Filter | None = None) -> m.Tally:
    """Sums over `total` invented incidents, or over those of them that a filter holds."""
    rows = [one for one in incidents(span, total, seed) if wanted is None or holds(wanted, one)]
    days = (span.last_day - span.first_day).days + 1
    by_day_hour, by_cell = np.zeros((days, 24), np.int64), np.zeros(CELLS, np.int64)
    for one in rows:
        by_day_hour[(one.day - span.first_day).days, one.hour] += 1
        if one.cell >= 0:
            by_cell[one.cell] += 1
    return m.Tally(
        total=len(rows),
        placed=sum(not one.issue for one in rows),
        deaths=sum(one.severity == "fatal" for one in rows),
        injuries=sum(one.severity == "minor" for one in rows),
        first_day=span.first_day,
        by_cell=by_cell,
        by_day_hour=by_day_hour,
        by_station=Counter(one.station for one in rows),
        by_kind=Counter(one.kind for one in rows),
        by_channel=Counter(one.channel for one in rows),
        by_found=Counter(one.found for one in rows),
        by_severity=Counter(one.severity for one in rows),
        by_issue=Counter(one.issue for one in rows if one.issue),
        by_tag=Counter(one.tag for one in rows if one.tag),
    )


def heat_view(
    total: int = 600,
    base_total: int = 700,
    *,
    wanted: m.Asked | None = None,
    demo: bool = True,
    filtered: bool = False,
) -> m.HeatView:
    """The whole map page; without a second period when `wanted.base` is None.

    Args:
        filtered: the sums are of the incidents that the filter holds; otherwise of all.
    """
    question = wanted or asked()
    chosen = question.filter if filtered else None
    now = m.Side(question.span, tally(question.span, total, 1, chosen))
    base = m.Side(question.base, tally(question.base, base_total, 2, chosen)) if question.base else None
    lines = area_lines(now, base, question.unit)
    found = hexes(now, base)
    notes: tuple[m.ChangeNote, ...] = ()
    if found.change is not None:
        notes = (m.ChangeNote(CELLS, int((found.change > 0).sum()), int((found.change < 0).sum()), 0.05),)
    circles = rings(now, base) if question.ring else ()
    return m.HeatView(
        board(demo=demo), question, now, base, (found,), lines, notes, when(now), circles,
        m.Options(KINDS, CHANNELS, TAGS, GRIDS, units()), "abc123", 15, 400.0,
    )  # fmt: skip


def hexes(now: m.Side, base: m.Side | None) -> m.Hexes:
    """Hexagons of resolution 9 in a small square; the identifiers are well formed, not where they say."""
    index = np.arange(CELLS)
    change = np.where(index < 7, np.sign(now.tally.by_cell - base.tally.by_cell), 0).astype(np.int8) if base else None
    return m.Hexes(
        9, np.array([int(cell_code(n), 16) for n in range(CELLS)], np.uint64),
        120.0 + 0.004 * (index % 8), 30.0 + 0.004 * (index // 8), now.tally.by_cell,
        base.tally.by_cell if base else None, change,
    )  # fmt: skip


def area_lines(now: m.Side, base: m.Side | None, kind: str = "station") -> tuple[m.AreaLine, ...]:
    """One line per station or district; the first two changed, the others cannot be told from chance."""
    found = []
    for number, unit in enumerate(units() if kind == "station" else districts()):
        count, old = _of_unit(now, unit, kind), _of_unit(base, unit, kind) if base else None
        change = None
        if old is not None:
            change = (count > old) - (count < old) if number < 2 else 0
        residents, area = unit.residents_10k, unit.area_km2
        per = (count / residents if residents else None, count / area if area else None)
        found.append(m.AreaLine(unit, count, old, change, *per, number != 5))
    return tuple(found)


def districts() -> tuple[Unit, ...]:
    """The districts of the stations, as lines of a table carry them: code and names only."""
    known = {unit.district_code: unit for unit in units()}
    return tuple(
        Unit(code, one.district_name or "", "", one.district_name_en or "", None, None, None, None, None)
        for code, one in sorted(known.items())
        if code
    )


def _of_unit(side: m.Side, unit: Unit, kind: str) -> int:
    members = [one.code for one in units() if kind == "station" or one.district_code == unit.code]
    return sum(side.tally.by_station.get(code, 0) for code in members if kind == "district" or code == unit.code)


def when(side: m.Side) -> m.When:
    """The times of a side's own sums."""
    table, first = side.tally.by_day_hour, side.tally.first_day
    days = [first + timedelta(days=n) for n in range(len(table))]
    weekday = np.array([day.weekday() for day in days])
    matrix = tuple(tuple(int(n) for n in table[weekday == d].sum(axis=0)) for d in range(7))
    kind = [day_kind(day) for day in days]
    lines = []
    for name in ("workday", "weekend", "holiday"):
        chosen = table[[one == name for one in kind]]
        by_hour = tuple(float(n) for n in chosen.mean(axis=0)) if len(chosen) else (0.0,) * 24
        lines.append(m.DayKindLine(name, len(chosen), int(chosen.sum()), by_hour))
    counted = tuple((day, int(row.sum()), one) for day, row, one in zip(days, table, kind, strict=True))
    held = tuple(int((weekday == d).sum()) for d in range(7))
    return m.When(matrix, held, counted, tuple(lines), curve(side, days[-1]), True)


def curve(side: m.Side, day: date) -> m.HourCurve:
    """The last day, its hours still to come left open."""
    until = NOW.hour if day == NOW.date() else 23
    today = tuple(int(n) if hour <= until else None for hour, n in enumerate(side.tally.by_day_hour[-1]))
    mean = tuple(float(n) for n in side.tally.by_day_hour.mean(axis=0))
    return m.HourCurve(day, today, mean, tuple(n * 0.4 for n in mean), tuple(n * 1.8 + 0.5 for n in mean), 8)


def rings(now: m.Side, base: m.Side | None) -> tuple[m.Ring, ...]:
    """Four rings."""
    edges = (0.0, 200.0, 500.0, 1000.0, 2000.0)
    return tuple(
        m.Ring(a, b, 10 + n, 8 + n if base else None, 12.345 / (n + 1)) for n, (a, b) in enumerate(pairwise(edges))
    )


def spot(number: int = 0, origin: str = "rule", **given: object) -> hot.Spot:
    """A hot spot; the first of each origin lies at a junction, the second on a road, the third has no name."""
    names = {0: ("人民路", "解放路", "junction"), 1: ("东塘路", "", "road")}.get(number, ("", "", ""))
    base: dict[str, object] = {
        "key": Circle(120.001 + number / 100, 30.001, 100).text(), "origin": origin, "lng": 120.001 + number / 100,
        "lat": 30.001, "metres": 100.0, "now": 12 - number, "before": (6, 5, 0),
        "trend": ("emerging", "persistent", "fading")[number % 3], "deaths": int(number == 0), "injuries": 3,
        "by_subclass": (("property", 8), ("minor", 4 - min(3, number))), "by_hour": tuple(n % 5 for n in range(24)),
        "station": views.unit(number, 6).code, "z": None if origin == "rule" else 4.2,
        "p": None if origin == "rule" else 0.001, "name": names[0], "cross": names[1], "name_kind": names[2],
        "record": "HS-1" if number == 1 else None,
    }  # fmt: skip
    return hot.Spot(**{**base, **given})  # type: ignore[arg-type]


def spots_view(*, wanted: m.Asked | None = None, hit: bool = True, count: int = 3) -> hot.SpotsView:
    """Hot spots by rule and by statistic, with last period's hit rate."""
    question = wanted or asked()
    drawn = base_of(question.span, "prev")
    assert drawn is not None
    rate = hot.HitRate(drawn, question.span, 24, 0.012, 146, 1000, 12.1667, 0.61)
    return hot.SpotsView(
        board(), question, Span(question.span.end - timedelta(days=90), question.span.end),
        tuple(spot(n) for n in range(count)), tuple(spot(n, "local") for n in range(count)),
        rate if hit else None, 2000, True,
    )  # fmt: skip


ROW_COLUMNS = (
    "incident_id", "occurred_at", "station_code", "class_code", "subclass", "severity", "address", "road",
    "cross_road", "channel", "found_by", "is_valid", "repeat_of", "deaths", "injuries", "tags", "lng", "lat",
    "place_issue", "content", "closed_at",
)  # fmt: skip


def row(number: int = 0, **given: object) -> tuple[object, ...]:
    """One incident as a list shows it; every third one is not on the map."""
    at, off = datetime(2026, 11, 20, 14) - timedelta(minutes=number), number % 3 == 2
    base: dict[str, object] = {
        "incident_id": f"9901092026112{number:05d}", "occurred_at": at, "station_code": views.unit(number % 6, 6).code,
        "class_code": "accident", "subclass": "minor", "severity": "minor", "address": f"人民路{number}号",
        "road": "人民路", "cross_road": None, "channel": "phone", "found_by": "citizen", "is_valid": 1,
        "repeat_of": None, "deaths": 0, "injuries": 1, "tags": ",e_bike,road_sight,", "lng": None if off else 120.01,
        "lat": None if off else 30.01, "place_issue": "missing" if off else None, "content": "两车刮擦",
        "closed_at": None,
    }  # fmt: skip
    return tuple({**base, **given}[name] for name in ROW_COLUMNS)


def rows_view(rows: int = 5, *, wanted: m.Asked | None = None, **page: object) -> incident_views.RowsView:
    """A page of rows."""
    fields: dict[str, object] = {"total": rows, "page": 1, "size": 50, **page}
    return incident_views.RowsView(
        board(),
        wanted or asked(base="none"),
        ROW_COLUMNS,
        tuple(row(n) for n in range(rows)),
        **fields,  # type: ignore[arg-type]
    )
