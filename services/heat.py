"""The map page: sums of the span and its base, hexagons, polygons, times, rings -> `HeatView`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np

from data_access.engine import reading
from data_access.readers.incidents import options
from data_access.readers.organisation import shaped
from domain.access import Scope
from domain.board import Unit
from domain.change import compare
from domain.heat import AreaLine, Asked, ChangeNote, HeatView, Hexes, Ring, Side, When
from domain.hexid import parent
from domain.incident_filter import Filter
from domain.incidents import Codes
from domain.rings import ring_distances, rings
from domain.span import Span
from domain.tally import chosen
from domain.when import counted_days, curve_span, exposure, hour_curve, last_counted, when
from services.board import standing
from services.ground import Ground, Looker, looker
from services.hexes import centres

FINEST = 9
Sides = tuple[Side, Side | None]
Days = tuple[float, float]


def heat_view(ground: Ground, scope: Scope, asked: Asked, as_of: datetime) -> HeatView:
    """Everything the map page shows but hot spots.

    Args:
        asked: the question. as_of: the instant the page is about.
    """
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        now, codes = look.side(asked.span, asked.filter)
        base, later = look.side(asked.base, asked.filter) if asked.base else (None, codes)
        short = _short(look, asked)
        days = None if short else _exposures(look, asked)
        hexes = hexagons(look, (now, base), max(codes, later, key=lambda one: len(one.cells)), days)
        return HeatView(
            board=standing(connection, ground.catalogue, as_of),
            asked=asked,
            now=now,
            base=base,
            hexes=hexes,
            areas=areas(look, asked, (now, base), days),
            changes=tuple(_note(one, ground.rules.change_q) for one in hexes if one.change is not None),
            when=_when(look, asked, now),
            rings=_rings(look, asked),
            options=options(connection, scope),
            rules_version=ground.rules.version,
            points_from_zoom=ground.rules.points_from_zoom,
            density_m=ground.rules.density_m,
            base_short=short,
        )


def _short(look: Looker, asked: Asked) -> date | None:
    """The day the data begin, when the base begins before it: a rise against nothing is none."""
    begins = look.begins
    return begins if asked.base and begins and asked.base.first_day < begins else None


def hexagons(look: Looker, sides: Sides, codes: Codes, days: Days | None) -> tuple[Hexes, ...]:
    """The hexagons of every resolution of the rules, coarse first; without those that are too many to send.

    Args:
        sides: the span and its base. codes: those of the two reads that know more cells; they only grow.
        days: how long either period is; None without a base.
    """
    now, base = sides
    counts = _padded(now.tally.by_cell, len(codes.cells))
    before = _padded(base.tally.by_cell, len(codes.cells)) if base else None
    held = np.flatnonzero(counts if before is None else counts + before)
    cells, counts, before = codes.cells[held], counts[held], before[held] if before is not None else None
    rules, found = look.ground.rules, list[Hexes]()
    for level in rules.resolutions:
        if found and len(cells if level >= FINEST else np.unique(parent(cells, level))) > rules.most_cells:
            break
        found.append(_level(level, cells, (counts, before), days, rules.change_q))
    return tuple(found)


def _level(
    level: int, cells: np.ndarray, counts: tuple[np.ndarray, np.ndarray | None], days: Days | None, q: float
) -> Hexes:
    now, base = counts
    ids = cells
    if level < FINEST:
        ids, inverse = np.unique(parent(cells, level), return_inverse=True)
        now = np.bincount(inverse, now, len(ids)).astype(np.int64)
        base = None if base is None else np.bincount(inverse, base, len(ids)).astype(np.int64)
    lng, lat = centres(ids)
    if days is None or base is None:
        return Hexes(level, ids, lng, lat, now, base)
    return Hexes(level, ids, lng, lat, now, base, *_signs(now, base, days, q))


def _signs(now: np.ndarray, base: np.ndarray, days: Days, q: float) -> tuple[np.ndarray, int]:
    """Where the change survives the test, and how many could show one.

    Nowhere when the filter leaves one of the periods no time.
    """
    if min(days) <= 0 or not len(now):
        return np.zeros(len(now), dtype=np.int8), 0
    found = compare(now, base, *days, q)
    return found.sign, found.tested


def _padded(values: np.ndarray, size: int) -> np.ndarray:
    return np.concatenate([values, np.zeros(size - len(values), dtype=values.dtype)])


def _exposures(look: Looker, asked: Asked) -> Days | None:
    """Days' worth of time that the filter leaves of the span and its base; None without a base."""
    if asked.base is None:
        return None
    return _time(look, asked.span, asked.filter), _time(look, asked.base, asked.filter)


def _time(look: Looker, span: Span, wanted: Filter) -> float:
    return exposure(span, wanted, look.kinds(span)[0])


def areas(look: Looker, asked: Asked, sides: Sides, days: Days | None) -> tuple[AreaLine, ...]:
    """Stations or districts with their sums, in the organisation's order."""
    now, base = sides
    units = _chosen_units(look.units, asked.filter)
    groups = _stations(units) if asked.unit == "station" else _districts(units)
    counts = np.array([_sum(now, codes) for _, codes in groups], dtype=np.int64)
    before = np.array([_sum(base, codes) for _, codes in groups], dtype=np.int64) if base else None
    signs = _signs(counts, before, days, look.ground.rules.change_q)[0] if before is not None and days else None
    known = shaped(look.connection, asked.unit, look.scope)
    return tuple(
        _area(unit, (counts, before, signs), number, has_shape=unit.code in known)
        for number, (unit, _) in enumerate(groups)
    )


def _area(
    unit: Unit, sums: tuple[np.ndarray, np.ndarray | None, np.ndarray | None], number: int, *, has_shape: bool
) -> AreaLine:
    counts, before, signs = sums
    now = int(counts[number])
    return AreaLine(
        unit=unit,
        now=now,
        base=int(before[number]) if before is not None else None,
        change=int(signs[number]) if signs is not None else None,
        per_residents=now / unit.residents_10k if unit.residents_10k else None,
        per_area=now / unit.area_km2 if unit.area_km2 else None,
        has_shape=has_shape,
    )


def _sum(side: Side, stations: Sequence[str]) -> int:
    return sum(side.tally.by_station.get(code, 0) for code in stations)


def _chosen_units(units: Sequence[Unit], wanted: Filter) -> list[Unit]:
    """The stations that the filter leaves; what is left out has no zero of its own."""
    return [
        unit
        for unit in units
        if (not wanted.stations or unit.code in wanted.stations)
        and (not wanted.districts or unit.district_code in wanted.districts)
    ]


def _stations(units: Sequence[Unit]) -> list[tuple[Unit, list[str]]]:
    return [(unit, [unit.code]) for unit in units]


def _districts(units: Sequence[Unit]) -> list[tuple[Unit, list[str]]]:
    """Districts as units of their own; residents and area are those of their stations, when all are known."""
    members: dict[str, list[Unit]] = {}
    for unit in units:
        members.setdefault(unit.district_code or "", []).append(unit)
    return [(_district(code, mine), [unit.code for unit in mine]) for code, mine in members.items()]


def _district(code: str, mine: Sequence[Unit]) -> Unit:
    first = mine[0]
    name = first.district_name or code
    return Unit(
        code=code,
        name=name,
        short_name=name,
        name_en=first.district_name_en or name,
        district_code=code,
        district_name=name,
        district_name_en=first.district_name_en,
        fusion_mode=None,
        region_type=None,
        residents_10k=_total([unit.residents_10k for unit in mine]),
        area_km2=_total([unit.area_km2 for unit in mine]),
    )


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _note(found: Hexes, q: float) -> ChangeNote:
    assert found.change is not None
    more, fewer = int((found.change > 0).sum()), int((found.change < 0).sum())
    return ChangeNote(len(found.ids), more, fewer, q, found.tested, found.resolution)


def _when(look: Looker, asked: Asked, now: Side) -> When:
    kinds, known = look.kinds(asked.span)
    end = last_counted(asked.span, asked.filter, kinds)
    stretch = curve_span(end)
    history, _ = look.side(stretch, asked.filter)
    counted = counted_days(stretch, asked.filter, look.kinds(stretch)[0], look.begins)
    return when(now.tally, asked.span, kinds, hour_curve(history.tally, end, counted), calendar_known=known)


def _rings(look: Looker, asked: Asked) -> tuple[Ring, ...]:
    if asked.ring is None:
        return ()
    now = _distances(look, asked, asked.span)
    base = _distances(look, asked, asked.base) if asked.base else None
    return rings(look.ground.rules.rings_m, now, base)


def _distances(look: Looker, asked: Asked, span: Span) -> list[np.ndarray]:
    assert asked.ring is not None
    found, kinds = look.frames(span, places=True), look.kind_numbers(span)
    return [
        ring_distances(part, chosen(part, found.codes, asked.filter, look.districts, kinds), asked.ring)
        for part in found.parts
    ]
