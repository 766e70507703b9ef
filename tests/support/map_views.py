"""View-models of the map for tests of screens and exports: a small district's incidents from a seed.

The sums of a view agree with each other, as they do in a real answer; the filter is carried, not applied.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from domain import heat as m
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
    return m.Asked(span, preset, base_of(span, base), base, chosen or Filter(), **given)  # type: ignore[arg-type]


def tally(span: Span, total: int, seed: int = 1) -> m.Tally:
    """Sums over `total` invented incidents."""
    draw = np.random.default_rng(seed)
    days = (span.last_day - span.first_day).days + 1
    day, hour = draw.integers(0, days, total), draw.integers(0, 24, total)
    by_day_hour = np.zeros((days, 24), np.int64)
    np.add.at(by_day_hour, (day, hour), 1)
    issue = draw.choice(4, total, p=[0.95, 0.03, 0.01, 0.01])
    placed = int((issue == 0).sum())
    kind = [KINDS[n] for n in draw.choice(len(KINDS), total, p=[0.3, 0.15, 0.02, 0.3, 0.13, 0.1])]
    station = [views.unit(n, 6).code for n in draw.integers(0, 6, total)]
    return m.Tally(
        total=total,
        placed=placed,
        deaths=sum(one[1] == "fatal" for one in kind),
        injuries=sum(one[1] == "minor" for one in kind),
        first_day=span.first_day,
        by_cell=np.bincount((CELLS * draw.random(placed) ** 2).astype(int), minlength=CELLS).astype(np.int64),
        by_day_hour=by_day_hour,
        by_station=dict(Counter(station)),
        by_kind=dict(Counter(kind)),
        by_channel=dict(Counter(CHANNELS[n] for n in draw.choice(3, total, p=[0.8, 0.15, 0.05]))),
        by_found=dict(Counter("officer" if n else "citizen" for n in draw.random(total) < 0.06)),
        by_severity=dict(Counter(_severity(one) for one in kind)),
        by_issue={ISSUES[n]: int((issue == n).sum()) for n in (1, 2, 3) if (issue == n).any()},
        by_tag=dict(Counter(TAGS[n] for n in draw.integers(0, 3, total // 3))),
    )


def _severity(kind: tuple[str, str]) -> str:
    return kind[1] if kind[1] in SEVERITIES else "none"


def heat_view(
    total: int = 600, base_total: int = 700, *, wanted: m.Asked | None = None, demo: bool = True
) -> m.HeatView:
    """The whole map page; without a second period when `wanted.base` is None."""
    question = wanted or asked()
    now = m.Side(question.span, tally(question.span, total, 1))
    base = m.Side(question.base, tally(question.base, base_total, 2)) if question.base else None
    lines = area_lines(now, base)
    found = hexes(now, base)
    note = None
    if found.change is not None:
        note = m.ChangeNote(CELLS, int((found.change > 0).sum()), int((found.change < 0).sum()), 0.05)
    circles = rings(now, base) if question.ring else ()
    return m.HeatView(
        board(demo=demo), question, now, base, (found,), lines, note, when(now), circles,
        m.Options(KINDS, CHANNELS, TAGS, GRIDS, units()), "abc123", 15, 400.0,
    )  # fmt: skip


def hexes(now: m.Side, base: m.Side | None) -> m.Hexes:
    """Hexagons of resolution 9 in a small square; the identifiers are well formed, not where they say."""
    index = np.arange(CELLS)
    change = np.where(index < 7, np.sign(now.tally.by_cell - base.tally.by_cell), 0).astype(np.int8) if base else None
    return m.Hexes(
        9, np.array([FIRST_CELL + (n << 20) for n in range(CELLS)], np.uint64),
        120.0 + 0.004 * (index % 8), 30.0 + 0.004 * (index // 8), now.tally.by_cell,
        base.tally.by_cell if base else None, change,
    )  # fmt: skip


def area_lines(now: m.Side, base: m.Side | None) -> tuple[m.AreaLine, ...]:
    """One line per station; the first two changed, the others cannot be told from chance."""
    found = []
    for number, unit in enumerate(units()):
        count = now.tally.by_station.get(unit.code, 0)
        old = base.tally.by_station.get(unit.code, 0) if base else None
        change = (count > old) - (count < old) if old is not None and number < 2 else 0 if base else None
        residents, area = unit.residents_10k, unit.area_km2
        found.append(
            m.AreaLine(
                unit, count, old, change, count / residents if residents else None,
                count / area if area else None, number != 5,
            )
        )  # fmt: skip
    return tuple(found)


def when(side: m.Side) -> m.When:
    """The times of a side's own sums."""
    table, first = side.tally.by_day_hour, side.tally.first_day
    days = [first + timedelta(days=n) for n in range(len(table))]
    weekday = np.array([day.weekday() for day in days])
    matrix = tuple(tuple(int(n) for n in table[weekday == d].sum(axis=0)) for d in range(7))
    kind = ["holiday" if day.day == 1 else "weekend" if day.weekday() > 4 else "workday" for day in days]
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


def spot(number: int = 0, origin: str = "rule", **given: object) -> m.Spot:
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
    return m.Spot(**{**base, **given})  # type: ignore[arg-type]


def spots_view(*, wanted: m.Asked | None = None, hit: bool = True, count: int = 3) -> m.SpotsView:
    """Hot spots by rule and by statistic, with last period's hit rate."""
    question = wanted or asked()
    drawn = base_of(question.span, "prev")
    assert drawn is not None
    rate = m.HitRate(drawn, question.span, 24, 0.012, 146, 1000, 12.1667, 0.61)
    return m.SpotsView(
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


def rows_view(rows: int = 5, *, wanted: m.Asked | None = None, **page: object) -> m.RowsView:
    """A page of rows."""
    fields: dict[str, object] = {"total": rows, "page": 1, "size": 50, **page}
    return m.RowsView(
        board(),
        wanted or asked(base="none"),
        ROW_COLUMNS,
        tuple(row(n) for n in range(rows)),
        **fields,  # type: ignore[arg-type]
    )
