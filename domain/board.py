"""The board: from judged cells to themes and stations (DOMAIN 2.3), and the frozen view-models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.colour import Cell, Colour, FeedState, Reason
from domain.task import Catalogue, Task

SCORE = {Colour.BLUE: 1.0, Colour.YELLOW: 0.6, Colour.RED: 0.0}
BLUE_FROM = 0.85
YELLOW_FROM = 0.60
_GREY_ORDER = (Reason.DATA_LATE, Reason.NO_DATA, Reason.IN_PROGRESS, Reason.SMALL_SAMPLE, Reason.NO_TASK, Reason.INFO)


@dataclass(frozen=True, slots=True)
class Unit:
    """A station as the board shows it. Residents in 10 000, area in km2; None where unknown."""

    code: str
    name: str
    short_name: str
    name_en: str
    district_code: str | None
    district_name: str | None
    district_name_en: str | None
    fusion_mode: str | None
    region_type: str | None
    residents_10k: float | None = None
    area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A source and how it stands at the board's instant.

    `last_at` is the time of its newest sign of life (row or load), None when it never gave any.
    """

    code: str
    state: FeedState
    last_at: datetime | None
    expected_seconds: int
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A theme of a station, or the station itself.

    Args:
        score: weighted mean of coloured tasks, blue 1, yellow 0.6, red 0; None when all are grey.
        done: blue tasks. total: coloured tasks. grey: tasks without colour.
        held: True when a red hard task holds the colour at yellow although the score says blue.
    """

    subject: str
    colour: Colour
    reason: Reason | None
    score: float | None
    done: int
    total: int
    yellow: int
    red: int
    grey: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One station's row of the board: its themes in catalogue order, its tasks in catalogue order."""

    unit: Unit
    overall: Summary
    themes: tuple[Summary, ...]
    cells: tuple[Cell, ...]

    def cell(self, task: str) -> Cell | None:
        """The cell of a task, or None."""
        return next((cell for cell in self.cells if cell.task == task), None)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board at one instant.

    Args:
        as_of: the instant it is judged at.
        data_at: newest sign of life of any source at or before `as_of`; None when there is none.
        frozen: True when it was read from the frozen day instead of computed.
    """

    as_of: datetime
    data_at: datetime | None
    rule_version: str
    demo: bool
    lines: tuple[Line, ...]
    feeds: tuple[Feed, ...]
    frozen: bool = False

    def count(self, colour: Colour) -> int:
        """How many stations have this colour."""
        return sum(line.overall.colour is colour for line in self.lines)


@dataclass(frozen=True, slots=True)
class DayColour:
    """A station's colour on a closed day; `colour` is None where nothing was frozen."""

    day: date
    colour: Colour | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """Place inside the fusion mode by today's score; equal scores share the better place."""

    place: int
    of: int
    mode: str | None


def summarise(subject: str, tasks: Iterable[Task], cells: Mapping[str, Cell]) -> Summary:
    """Roll up judged tasks to a theme or a station.

    Grey cells are left out of the mean and counted beside it. One red hard task makes the result
    yellow at best.
    """
    judged = [(task, cells[task.code]) for task in tasks if task.code in cells]
    counts = dict.fromkeys(SCORE, 0)
    weight = points = 0.0
    hard_red = False
    for task, cell in judged:
        if cell.colour in counts:
            counts[cell.colour] += 1
            weight += task.weight
            points += task.weight * SCORE[cell.colour]
            hard_red = hard_red or (task.hard and cell.colour is Colour.RED)
    total = sum(counts.values())
    grey = len(judged) - total
    if not total:
        return Summary(subject, Colour.GREY, _why_grey(judged), None, 0, 0, 0, 0, grey)
    score = points / weight if weight else 0.0
    return Summary(
        subject=subject,
        colour=_colour(score, hard_red),
        reason=None,
        score=score,
        done=counts[Colour.BLUE],
        total=total,
        yellow=counts[Colour.YELLOW],
        red=counts[Colour.RED],
        grey=grey,
        held=hard_red and score >= BLUE_FROM - 1e-9,
    )


def _colour(score: float, hard_red: bool) -> Colour:
    if score >= BLUE_FROM - 1e-9 and not hard_red:
        return Colour.BLUE
    return Colour.YELLOW if score >= YELLOW_FROM - 1e-9 else Colour.RED


def _why_grey(judged: list[tuple[Task, Cell]]) -> Reason:
    reasons = {cell.reason for _, cell in judged}
    return next((reason for reason in _GREY_ORDER if reason in reasons), Reason.NO_TASK)


def line(unit: Unit, catalogue: Catalogue, cells: Mapping[str, Cell]) -> Line:
    """One station's row from its judged tasks."""
    active = catalogue.active
    return Line(
        unit=unit,
        overall=summarise("station", active, cells),
        themes=tuple(summarise(theme.code, catalogue.of_theme(theme.code), cells) for theme in catalogue.themes),
        cells=tuple(cells[task.code] for task in active if task.code in cells),
    )
