"""Duty advice for a station (警力跟着警情走): incidents of the past weeks in, places and hours to patrol out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np

from catalogue.days import day_kinds
from data_access.engine import reading
from data_access.readers.incidents import rows_of
from domain.access import Scope
from domain.board import Unit
from domain.daykind import numbered
from domain.duty import KNOWN_WEEKS, Past, Slot, advise
from domain.duty_backtest import back_test, verdict
from domain.duty_control import control
from domain.duty_view import Counts, DutyAsked, DutyIndex, DutyLine, DutyView
from domain.errors import NotFound
from domain.hexid import parent
from domain.incident_filter import Filter
from domain.incidents import OFFICER, Codes, Frames, day_number
from domain.map_rules import DutyRule
from domain.placename import PlaceName, place_name
from domain.span import Span
from domain.tally import chosen
from services.board import standing
from services.ground import Ground, Looker, looker
from services.hexes import cell_of, centres

FINEST = 9
NAMED_BY = 60
"""So many of a cell's newest incidents tell its name and its kind of patrol."""
KINDS_SHOWN = 2


@dataclass(frozen=True)
class _Rows:
    """The station's valid incidents, oldest first; cell -1 when not on the map, else an index into `ids`."""

    codes: Codes
    day: np.ndarray
    row: np.ndarray
    hour: np.ndarray
    kind: np.ndarray
    officer: np.ndarray
    cell: np.ndarray
    ids: np.ndarray

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that occur."""
        return tuple(sorted({self.codes.kinds[number][0] for number in np.unique(self.kind)}))

    def of(self, classes: tuple[str, ...]) -> np.ndarray:
        """Which of them are of these classes; all when none is named."""
        if not classes:
            return np.ones(len(self.day), dtype=bool)
        wanted = [number for number, (name, _) in enumerate(self.codes.kinds) if name in classes]
        return np.isin(self.kind, wanted)


def spans(as_of: datetime, rule: DutyRule) -> tuple[Span, Span, Span]:
    """What is read, what is learnt from, and what is advised on; whole days, the last from today on."""
    today = datetime.combine(as_of.date(), time.min)
    far = timedelta(weeks=max(rule.weeks, KNOWN_WEEKS) + rule.tested_weeks)
    learnt = Span(today - timedelta(weeks=rule.weeks), today)
    return Span(today - far, today), learnt, Span(today, today + timedelta(weeks=1))


def duty_view(ground: Ground, scope: Scope, code: str, *, asked: DutyAsked, as_of: datetime) -> DutyView:
    """Advice for one station for the seven days from `as_of`'s day on.

    Raises:
        NotFound: no such station in the scope.
    """
    rule = ground.rules.duty
    read, learnt, coming = spans(as_of, rule)
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        unit = _unit(look, code)
        kinds = _kinds(look, Span(read.start, coming.end))
        rows = _rows(look, look.frames(read), code, kinds)
        used = rows.of(asked.classes) & (rows.cell >= 0) & (asked.officers | ~rows.officer)
        past = Past(rows.day[used], rows.hour[used], rows.cell[used])
        end = day_number(coming.first_day)
        advice = advise(past, end, kinds, rule)
        weeks = back_test(past, end, kinds, rule)
        return DutyView(
            board=standing(connection, ground.catalogue, as_of),
            unit=unit,
            asked=asked,
            learnt=learnt,
            coming=coming,
            lines=_lines(look, (asked, learnt), rows, advice.slots),
            counts=_counts(rows, asked, day_number(learnt.first_day)),
            cells=advice.cells,
            reason=advice.reason,
            least=rule.least,
            slots=rule.slots,
            calendar_known=day_kinds(coming.first_day, coming.last_day, ground.calendar)[1],
            weeks=weeks,
            verdict=verdict(weeks),
            classes=rows.classes,
        )


def duty_index(ground: Ground, scope: Scope, *, asked: DutyAsked, as_of: datetime) -> DutyIndex:
    """The stations of the scope with what their advice rests on."""
    rule = ground.rules.duty
    _, learnt, _ = spans(as_of, rule)
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        kinds, found = _kinds(look, learnt), look.frames(learnt)
        first = day_number(learnt.first_day)
        held = [(unit, _rows(look, found, unit.code, kinds)) for unit in look.units]
        return DutyIndex(
            board=standing(connection, ground.catalogue, as_of),
            learnt=learnt,
            lines=tuple((unit, _counts(rows, asked, first)) for unit, rows in held),
            least=rule.least,
            classes=tuple(sorted({name for _, rows in held for name in rows.classes})),
        )


def _unit(look: Looker, code: str) -> Unit:
    found = next((unit for unit in look.units if unit.code == code), None)
    if found is None:
        raise NotFound("error.station_unknown", code=code[:20])
    return found


def _kinds(look: Looker, span: Span) -> Mapping[int, str]:
    return numbered(day_kinds(span.first_day, span.last_day, look.ground.calendar)[0])


def _rows(look: Looker, found: Frames, code: str, kinds: Mapping[int, str]) -> _Rows:
    wanted = Filter(stations=(code,))
    mine = [(part, chosen(part, found.codes, wanted, look.districts, kinds)) for part in found.parts]

    def column(name: str) -> np.ndarray:
        pieces = [getattr(part, name)[rows].astype(np.int64) for part, rows in mine]
        return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)

    cell, ids = _cells(column("cell"), found.codes.cells, look.ground.rules.duty.resolution)
    officer = (column("flags") & OFFICER) > 0
    return _Rows(found.codes, column("day"), column("row"), column("hour"), column("kind"), officer, cell, ids)


def _cells(cell: np.ndarray, known: np.ndarray, level: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells as indices into rising H3 numbers of the rule's resolution, so that ties fall the same way always."""
    placed = cell >= 0
    numbers = known[cell[placed]]
    ids, index = np.unique(parent(numbers, level) if level < FINEST else numbers, return_inverse=True)
    found = np.full(len(cell), -1, dtype=np.int64)
    found[placed] = index
    return found, ids


def _counts(rows: _Rows, asked: DutyAsked, first: int) -> Counts:
    mine = rows.of(asked.classes) & (rows.day >= first)
    placed = mine & (rows.cell >= 0)
    return Counts(
        citizen=int((mine & ~rows.officer).sum()),
        officer=int((mine & rows.officer).sum()),
        unplaced=int((mine & (rows.cell < 0)).sum()),
        used=int((placed & (asked.officers | ~rows.officer)).sum()),
    )


# the list ----------------------------------------------------------------------------------------


class _Where(NamedTuple):
    """A cell: its H3 text, centre in degrees, name and kind of patrol."""

    cell: str
    lng: float
    lat: float
    place: PlaceName
    control: str


def _lines(
    look: Looker, question: tuple[DutyAsked, Span], rows: _Rows, slots: tuple[Slot, ...]
) -> tuple[DutyLine, ...]:
    asked, learnt = question
    mine = rows.of(asked.classes) & (rows.day >= day_number(learnt.first_day))
    used = mine & (asked.officers | ~rows.officer)
    cells = _cells_of(look, rows, used, sorted({slot.cell for slot in slots}))
    kinds = _kinds(look, learnt)

    def line(slot: Slot) -> DutyLine:
        here = rows.cell == slot.cell
        days = [day for day, kind in kinds.items() if kind == slot.kind]
        return _line(slot, cells[slot.cell], rows, (mine & here, used & here, days))

    return tuple(line(slot) for slot in slots)


def _cells_of(look: Looker, rows: _Rows, used: np.ndarray, wanted: list[int]) -> dict[int, _Where]:
    """The cells of the list: centre, name and kind of patrol, from one read of their newest rows."""
    level = min(FINEST, look.ground.rules.duty.resolution)
    held = [np.flatnonzero(used & (rows.cell == cell))[-NAMED_BY:] for cell in wanted]
    refs = [ref for members in held for ref in zip(rows.day[members].tolist(), rows.row[members].tolist(), strict=True)]
    columns, found = rows_of(look.connection, refs, look.scope)
    told: dict[int, list[dict[str, Any]]] = {}
    for values in found:
        row = dict(zip(columns, values, strict=True))
        told.setdefault(cell_of(row["lng"], row["lat"], level), []).append(row)
    lng, lat = (edge.tolist() for edge in centres(rows.ids))
    return {cell: _where(int(rows.ids[cell]), (lng[cell], lat[cell]), told, look.scope) for cell in wanted}


def _where(cell: int, centre: tuple[float, float], told: dict[int, list[dict[str, Any]]], scope: Scope) -> _Where:
    """One cell; a single address as its name is for those only who may see rows."""
    mine = told.get(cell, [])
    name = place_name((row["road"], row["cross_road"], row["address"]) for row in mine)
    if name.kind == "address" and not scope.sees_rows:
        name = PlaceName()
    kind = control([(row["lng"], row["lat"]) for row in mine], [row["road"] for row in mine])
    return _Where(f"{cell:x}", *centre, name, kind)


def _line(slot: Slot, where: _Where, rows: _Rows, held: tuple[np.ndarray, np.ndarray, list[int]]) -> DutyLine:
    """One line; `held` are the cell's incidents of the learnt weeks, those that count, and the days of the kind."""
    here, used, days = held
    inside = used & (rows.hour >= slot.first_hour) & (rows.hour < slot.first_hour + slot.hours)
    mix = Counter(rows.kind[used].tolist())
    ordered = sorted(mix.items(), key=lambda pair: (-pair[1], rows.codes.kinds[pair[0]]))
    return DutyLine(
        cell=where.cell,
        lng=where.lng,
        lat=where.lat,
        kind=slot.kind,
        first_hour=slot.first_hour,
        hours=slot.hours,
        days=slot.days,
        expected=slot.expected,
        incidents=int(used.sum()),
        inside=int((inside & np.isin(rows.day, days)).sum()),
        citizen=int((here & ~rows.officer).sum()),
        officer=int((here & rows.officer).sum()),
        kinds=tuple((rows.codes.kinds[number], count) for number, count in ordered[:KINDS_SHOWN]),
        place=where.place,
        control=where.control,
    )
