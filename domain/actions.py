"""What to do now: the tasks that are not blue, in the order that helps the station most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.board import SCORE, Line, Rank, summarise
from domain.colour import Cell, Colour
from domain.periods import end_of_day, period_end
from domain.task import Catalogue, Task
from domain.views import Action


def actions(
    line: Line, catalogue: Catalogue, as_of: datetime, owners: Mapping[str, str]
) -> tuple[tuple[Action, ...], int | None]:
    """The helpful order, and how many of them turn the station blue (None: not even all).

    First red hard tasks (they hold the whole station down), then what can still be reached in its
    period, then the largest gain, then the least missing.

    Args:
        owners: task code -> who owns it, where known.
    """
    judged = [(task, cell) for task in catalogue.active if (cell := line.cell(task.code)) and cell.is_coloured]
    weight = sum(task.weight for task, _ in judged) or 1.0
    found = [
        _action(task, cell, 100 * task.weight * (1 - SCORE[cell.colour]) / weight, as_of, owners.get(task.code))
        for task, cell in judged
        if cell.colour is not Colour.BLUE
    ]
    found.sort(key=lambda a: (not a.hard, a.missing is None, -a.gain, a.missing or 0, a.task))
    return tuple(found), _enough(line, catalogue, found)


def _action(task: Task, cell: Cell, gain: float, as_of: datetime, owner: str | None) -> Action:
    until = end_of_day(period_end(task.period, as_of.date()))
    return Action(task.code, gain, cell.missing, until, owner, task.hard and cell.colour is Colour.RED)


def _enough(line: Line, catalogue: Catalogue, ordered: Sequence[Action]) -> int | None:
    cells = {cell.task: cell for cell in line.cells}
    for count in range(len(ordered) + 1):
        if summarise("station", catalogue.active, cells).colour is Colour.BLUE:
            return count
        if count < len(ordered):
            code = ordered[count].task
            cells[code] = replace(cells[code], colour=Colour.BLUE)
    return None


def rank(line: Line, lines: Sequence[Line]) -> Rank | None:
    """The place by score inside the fusion mode; None when the station has no score."""
    mode, score = line.unit.fusion_mode, line.overall.score
    if score is None:
        return None
    peers = [
        other.overall.score for other in lines if other.unit.fusion_mode == mode and other.overall.score is not None
    ]
    return Rank(place=1 + sum(peer > score + 1e-9 for peer in peers), of=len(peers), mode=mode)
