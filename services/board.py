"""The daily clear board at an instant: fetch the numbers, judge them, answer with a frozen `Board`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from data_access.engine import reading
from data_access.readers.numbers import NumberTable, numbers
from data_access.readers.organisation import units
from data_access.state import FeedRow, feeds, is_demo, own_targets
from domain.access import Scope
from domain.board import Board, Feed, Line, Unit, line
from domain.colour import Cell, FeedState, Numbers, judge
from domain.task import Catalogue, Task, Thresholds

LATE_AFTER_PERIODS = 2
_NOTHING = Numbers()
Targets = Mapping[tuple[str, str], Thresholds]


def board(engine: Engine, catalogue: Catalogue, scope: Scope, as_of: datetime) -> Board:
    """The board of all stations that `scope` may see.

    Args:
        as_of: instant, wall time; the board is judged with what the rows say of that instant.
    """
    with reading(engine) as connection:
        return board_on(connection, catalogue, scope, as_of)


def board_on(connection: Connection, catalogue: Catalogue, scope: Scope, as_of: datetime) -> Board:
    """`board` inside a transaction of the caller."""
    states = feed_states(feeds(connection), catalogue.active, as_of)
    table = numbers(connection, catalogue.active, as_of, scope)
    targets = own_targets(connection, as_of.date())
    lines = tuple(judged(unit, catalogue, table, targets, (as_of, states)) for unit in units(connection, scope))
    return Board(
        as_of=as_of,
        data_at=_newest(states),
        rule_version=catalogue.version,
        demo=is_demo(connection),
        lines=lines,
        feeds=tuple(states.values()),
    )


def standing(connection: Connection, catalogue: Catalogue, as_of: datetime) -> Board:
    """A board without lines: as of when, how fresh the sources are, which rules. For pages that show no colours."""
    states = feed_states(feeds(connection), catalogue.active, as_of)
    return Board(
        as_of=as_of,
        data_at=_newest(states),
        rule_version=catalogue.version,
        demo=is_demo(connection),
        lines=(),
        feeds=tuple(states.values()),
    )


def _newest(states: Mapping[str, Feed]) -> datetime | None:
    return max((feed.last_at for feed in states.values() if feed.last_at), default=None)


def judged(
    unit: Unit,
    catalogue: Catalogue,
    table: NumberTable,
    targets: Targets,
    when: tuple[datetime, Mapping[str, Feed]],
) -> Line:
    """One station's line: every active task judged.

    Args:
        when: the instant and the state of every feed at it.
    """
    as_of, states = when
    cells: dict[str, Cell] = {}
    for task in catalogue.active:
        found = _with_base(task, table.get((unit.code, task.code), _NOTHING))
        cells[task.code] = judge(task, found, thresholds_for(task, unit.code, targets), as_of, states[task.feed].state)
    return line(unit, catalogue, cells)


def _with_base(task: Task, found: Numbers) -> Numbers:
    """A change without a row in the earlier stretch has base 0, not an unknown one."""
    needs = task.measure.base is not None and found.base is None
    return replace(found, base=0.0) if needs else found


def thresholds_for(task: Task, station: str, targets: Targets) -> Thresholds | None:
    """The station's own thresholds where it has them, else the catalogue's."""
    own = targets.get((station, task.code))
    if own is None or task.thresholds is None:
        return task.thresholds
    return replace(task.thresholds, blue=own.blue, yellow=own.yellow)


def feed_states(rows: Iterable[FeedRow], tasks: Iterable[Task], as_of: datetime) -> dict[str, Feed]:
    """How each feed that the tasks need stands at `as_of`.

    Absent: never delivered, or began only after `as_of`. Late: the newest sign of life is older
    than two of its periods.
    """
    known = {row.code: row for row in rows}
    needed: dict[str, list[str]] = {}
    for task in tasks:
        needed.setdefault(task.feed, []).append(task.code)
    return {code: _feed(code, known.get(code), tuple(codes), as_of) for code, codes in needed.items()}


def _feed(code: str, row: FeedRow | None, tasks: tuple[str, ...], as_of: datetime) -> Feed:
    if row is None or (row.first_row_at is not None and row.first_row_at > as_of):
        return Feed(code, FeedState.ABSENT, None, row.expected_seconds if row else 0, tasks)
    signs = [sign for sign in (row.last_row_at, row.complete_to) if sign is not None]
    last = min(max(signs), as_of) if signs else None
    patience = timedelta(seconds=LATE_AFTER_PERIODS * row.expected_seconds)
    late = last is None or as_of - last > patience
    return Feed(code, FeedState.LATE if late else FeedState.FRESH, last, row.expected_seconds, tasks)
