"""What the pages of hot-spot records show. Names of people in them are masked for whoever may not see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.board import Board, Unit
from domain.effect import Effect
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_record import Event, MeasureEntry, Record
from domain.map_rules import ClosingRule


@dataclass(frozen=True)
class Dossier:
    """A record with all that was written about it, as the database has it.

    Args:
        measures: newest first. history: the audit log of this record, newest first.
    """

    record: Record
    measures: tuple[MeasureEntry, ...]
    history: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class HotspotLine:
    """A record in the list.

    Args:
        unit: its station, None when there is none or it is not active.
        check: days of treatment, counts and fall; None before treatment and where it cannot be counted.
        broken: how it breaks the rules. overdue: under treatment past the plan's day.
        measures: how many were written down.
    """

    record: Record
    unit: Unit | None
    check: ClosingCheck | None
    broken: tuple[str, ...]
    overdue: bool
    measures: int


@dataclass(frozen=True)
class HotspotsView:
    """The list. `counts`: status -> records of the viewer's scope. `editable`: the viewer may open records."""

    board: Board
    status: str
    lines: tuple[HotspotLine, ...]
    counts: Mapping[str, int]
    rule: ClosingRule
    editable: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Incidents of seven days. `after`: of the treatment. `days` fewer than 7: not over yet."""

    start: datetime
    count: int
    after: bool
    days: float = 7.0


@dataclass(frozen=True)
class HotspotView:
    """One record.

    Args:
        unit: as in `HotspotLine`. broken: how it breaks the rules.
        weeks: before and after the beginning of treatment (of the record, before that), oldest first.
        expected: incidents a week before; None when nothing was counted.
        check, effect: None before treatment. offered: actions that make sense; () when the viewer may not.
        units: stations the viewer may choose from. masked: names of people are hidden from the viewer.
        data_begin: set when incidents begin only inside the stretch before treatment; then there is no effect.
    """

    board: Board
    record: Record
    unit: Unit | None
    broken: tuple[str, ...]
    measures: tuple[MeasureEntry, ...]
    history: tuple[Event, ...]
    weeks: tuple[Week, ...]
    expected: float | None
    check: ClosingCheck | None
    effect: Effect | None
    rule: ClosingRule
    offered: tuple[str, ...]
    units: tuple[Unit, ...]
    data_begin: datetime | None = None
    masked: bool = False


@dataclass(frozen=True)
class NewHotspotView:
    """The form for a new record: the stations the viewer may choose from."""

    board: Board
    units: tuple[Unit, ...]
    editable: bool
