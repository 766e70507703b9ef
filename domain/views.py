"""Frozen answers for the screens below the board: station, cell, task, theme.

Every screen, JSON answer and spreadsheet renders these same objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.board import Board, DayColour, Line, Rank, Summary, Unit
from domain.colour import Cell, Colour


@dataclass(frozen=True, slots=True)
class Projection:
    """Where a task will probably stand when its period ends.

    In the task's unit: `low` and `high` hold 80 % of what the station's own past `days` would lead
    to from here, `middle` is their median; `colour` is the colour at `middle`.
    """

    low: float
    middle: float
    high: float
    days: int
    colour: Colour


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that would help most now.

    Args:
        gain: how much the station's score rises when this task turns blue, in points of 100.
        missing: see `Cell.missing`.
        until: when the task's period ends.
        owner: who owns it (a unit or role name), None when the data does not say.
        hard: a red hard task that holds the station down.
    """

    task: str
    gain: float
    missing: float | None
    until: datetime
    owner: str | None
    hard: bool


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A work order or dispatch order that is open now; `late` when its deadline has passed."""

    order_id: str
    kind: str
    title: str
    created_at: datetime
    due_at: datetime | None
    owner: str | None
    place: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class StationView:
    """All of one station at an instant.

    Args:
        board: the board at that instant with this station's line only.
        projections: task code -> projection; tasks without enough past are absent.
        actions: most helpful first; doing the first `enough` of them turns the station blue
            (None when even all of them would not).
        history: oldest first, one entry a day, the last one is today as it stands.
        own_targets: codes of tasks with the station's own thresholds.
    """

    board: Board
    line: Line
    rank: Rank | None
    projections: dict[str, Projection]
    actions: tuple[Action, ...]
    enough: int | None
    history: tuple[DayColour, ...]
    items: tuple[OpenItem, ...]
    items_total: int
    own_targets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some of the rows behind a number.

    Args:
        columns: column identifiers of the rows, to be translated as `column.<name>`.
        rows: values in the order of `columns`: text, number, datetime or None; personal data is
            already masked where the viewer may not see it.
        total: how many rows there are in all; page counts from 1.
        sort: column the rows are sorted by, with a leading "-" for descending.
        part: "all", "done" (in the numerator), "missed" (judged but not done) or "waiting".
        parts: how many rows each part has.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    page: int
    size: int
    sort: str
    part: str
    parts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell with its formula and its rows.

    `start` .. `as_of` is the stretch that was judged; `base_start` .. `base_end` the one it is
    compared with (None when it is not a comparison).
    """

    board: Board
    unit: Unit
    cell: Cell
    start: datetime
    base_start: datetime | None
    base_end: datetime | None
    until: datetime
    projection: Projection | None
    page: RowPage
    own_target: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task over all stations, worst first."""

    board: Board
    task: str
    lines: tuple[tuple[Unit, Cell], ...]


@dataclass(frozen=True, slots=True)
class ThemeView:
    """One theme over all stations: its summary and the cells of its tasks."""

    board: Board
    theme: str
    lines: tuple[tuple[Unit, Summary, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """A station's colours of the last days, oldest first."""

    station: str
    days: tuple[DayColour, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board with each station's colour strip and the first and last day that can be asked for."""

    board: Board
    strips: tuple[Strip, ...]
    first_day: date | None = None
