"""The board with its colour strips; one task or one theme over all stations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from data_access.engine import reading
from data_access.readers.history import colours
from domain.access import Scope
from domain.board import Board, DayColour, Line, Summary, Unit
from domain.colour import Cell, Colour
from domain.errors import NotFound
from domain.task import Catalogue
from domain.views import BoardView, Strip, TaskView, ThemeView
from services.board import board_on

STRIP_DAYS = 30
_WORST_FIRST = {Colour.RED: 0, Colour.YELLOW: 1, Colour.BLUE: 2, Colour.GREY: 3}


def board_view(engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime) -> BoardView:
    """The board and, for each station, the colours of the last 30 days with today at the end."""
    with reading(engine) as connection:
        board = board_on(connection, catalogue, scope, as_of)
        return BoardView(board, strips(connection, board, scope))


def strips(connection: Connection, board: Board, scope: Scope) -> tuple[Strip, ...]:
    """The stations' colour strips: 29 closed days, then the board's own day."""
    today = board.as_of.date()
    days = [today - timedelta(days=back) for back in range(STRIP_DAYS - 1, 0, -1)]
    known = colours(connection, scope, days[0], days[-1])
    return tuple(
        _strip(line, {one.day: one for one in known.get(line.unit.code, ())}, days, today) for line in board.lines
    )


def _strip(line: Line, known: Mapping[date, DayColour], days: Sequence[date], today: date) -> Strip:
    past = tuple(known.get(day, DayColour(day, None)) for day in days)
    return Strip(line.unit.code, (*past, DayColour(today, line.overall.colour, line.overall.score)))


def task_view(board: Board, catalogue: Catalogue, code: str) -> TaskView:
    """One task over all stations of a board, worst first.

    Raises:
        NotFound: no such task is switched on.
    """
    if code not in {task.code for task in catalogue.active}:
        raise NotFound("error.task_unknown", code=code[:20])
    pairs = [(line.unit, cell) for line in board.lines if (cell := line.cell(code))]
    pairs.sort(key=lambda pair: _badness(pair[1]))
    return TaskView(board, code, tuple(pairs))


def _badness(cell: Cell) -> tuple[int, float]:
    """Colour first, then how far from blue (in the direction that is bad for the task)."""
    if cell.value is None or cell.blue is None:
        return _WORST_FIRST[cell.colour], 0.0
    sign = -1.0 if cell.yellow is not None and cell.yellow > cell.blue else 1.0
    return _WORST_FIRST[cell.colour], sign * (cell.value - cell.blue)


def theme_view(board: Board, catalogue: Catalogue, code: str) -> ThemeView:
    """One theme over all stations of a board, in the board's order.

    Raises:
        NotFound: no such theme.
    """
    codes = {task.code for task in catalogue.of_theme(code)}
    if catalogue.theme(code) is None:
        raise NotFound("error.theme_unknown", code=code[:20])
    return ThemeView(board, code, tuple(_theme_line(line, code, codes) for line in board.lines))


def _theme_line(line: Line, code: str, codes: set[str]) -> tuple[Unit, Summary, tuple[Cell, ...]]:
    summary = next(theme for theme in line.themes if theme.subject == code)
    return line.unit, summary, tuple(cell for cell in line.cells if cell.task in codes)
