"""Alerts: the worker's look at what is red or major now, what is open, acknowledging."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from data_access import alerts as writer
from data_access.engine import reading
from data_access.readers.alerts import ended_since, known, major_incidents, open_at, waiting_count
from data_access.state import current_version, worker_seen_at
from domain.access import Scope, command
from domain.alert_views import AlertLine, AlertsView
from domain.alerts import Alert, AlertKind, AlertRules, RedCell, Seen, Step, step
from domain.board import Board
from domain.colour import Cell, Colour, Reason
from domain.periods import period_start
from domain.task import Catalogue, Task
from services.board import board_on

WORKER_LATE = timedelta(minutes=3)
"""A worker that last finished a round longer ago than this is said to be late."""
_UNKNOWN = frozenset({Reason.DATA_LATE, Reason.NO_DATA})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Before:
    """The look before: when it was, and the cells of which nothing was known then."""

    at: datetime
    unknown: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class AlertWatch:
    """The worker's step: looks when data or the minute changed, and not otherwise.

    Args:
        tick_seconds: how often pace and clocks are judged anew without new data.
    """

    engine: Engine
    catalogue: Catalogue
    rules: AlertRules
    tick_seconds: int = 60
    seen: tuple[int, int] | None = None
    before: Before | None = None

    def look(self, now: datetime) -> Step:
        """What changed; nothing, and one small query, when there is nothing new to judge."""
        mark = self._mark(now)
        if mark == self.seen:
            self.before = replace(self.before, at=now) if self.before else None
            return Step()
        found, self.before = _watched(self.engine, self.catalogue, self.rules, now, self.before)
        # A version that rose meanwhile, by whatever was written here too, is looked at in the next round.
        self.seen = mark
        return found

    def _mark(self, now: datetime) -> tuple[int, int]:
        with reading(self.engine) as connection:
            version = current_version(connection)
        return version, (now - datetime(2000, 1, 1)) // timedelta(seconds=self.tick_seconds)


def watch(engine: Engine, catalogue: Catalogue, rules: AlertRules, now: datetime, before: Before | None = None) -> Step:
    """Open, end and take up again what board and incidents say. Doing it twice changes nothing more.

    Args:
        before: the look before; without it the worker's last round counts, if there was one a moment ago.
    """
    return _watched(engine, catalogue, rules, now, before)[0]


def _watched(
    engine: Engine, catalogue: Catalogue, rules: AlertRules, now: datetime, before: Before | None
) -> tuple[Step, Before]:
    with reading(engine) as connection:
        seen = _turned(seen_now(connection, catalogue, rules, now), before or _last_round(connection), now)
        found = _step(connection, seen, rules, now)
    if found:
        found = writer.write_step(engine, partial(_step, seen=seen, rules=rules, now=now), now)
        _log.info("alerts: %d opened, %d changed", len(found.opened), len(found.changed))
    return found, Before(now, seen.unknown)


def _last_round(connection: Connection) -> Before | None:
    at = worker_seen_at(connection)
    return Before(at) if at else None


def _turned(seen: Seen, before: Before | None, now: datetime) -> Seen:
    """What is red was seen to turn red only where somebody looked a moment ago and could tell."""
    looked = before is not None and now - before.at <= WORKER_LATE
    unknown = before.unknown if before else frozenset()
    return replace(
        seen, reds=tuple(replace(one, turned=looked and (one.station, one.task) not in unknown) for one in seen.reds)
    )


def _step(connection: Connection, seen: Seen, rules: AlertRules, now: datetime) -> Step:
    since = now - timedelta(minutes=rules.same_minutes)
    return step(known(connection, since, [one.incident_id for one in seen.majors], command()), seen, rules, now)


def seen_now(connection: Connection, catalogue: Catalogue, rules: AlertRules, now: datetime) -> Seen:
    """The hard cells that are red, those of which nothing is known, and the major incidents."""
    hard = replace(catalogue, tasks=tuple(task for task in catalogue.active if task.hard))
    lines = board_on(connection, hard, command(), now).lines if hard.tasks else ()
    pairs = [(line.unit.code, task, cell) for line in lines for task in hard.tasks if (cell := line.cell(task.code))]
    return Seen(
        reds=tuple(_red(code, task, cell, now) for code, task, cell in pairs if cell.colour is Colour.RED),
        unknown=frozenset((code, task.code) for code, task, cell in pairs if cell.reason in _UNKNOWN),
        majors=major_incidents(connection, rules, now, command()),
    )


def _red(station: str, task: Task, cell: Cell, now: datetime) -> RedCell:
    began = None if task.measure.is_level else datetime.combine(period_start(task.period, now.date()), time.min)
    return RedCell(station, task.code, cell.value, cell.blue, began)


def waiting(connection: Connection, scope: Scope) -> int:
    """How many open alerts nobody has acknowledged."""
    return waiting_count(connection, scope)


def open_alerts(connection: Connection, scope: Scope, now: datetime) -> tuple[AlertLine, ...]:
    """The alerts that are open now: unacknowledged first, major before red, the newest first."""
    return open_at(connection, now, scope)


def acknowledge(engine: Engine, scope: Scope, alert_id: str, told: tuple[str, str], at: datetime) -> Alert:
    """Acknowledge an alert, on record; every open screen asks again.

    Args:
        told: who, and what is being done about it.

    Raises:
        NotFound: no such alert in the scope.
        Refused: name or note is missing or too long, or somebody was quicker.
    """
    return writer.acknowledge(engine, alert_id, told, at, scope)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked: instant, kind ("red", "major", "" for both), station ("" for all).

    `editable`: alerts may be acknowledged from its answer.
    """

    at: datetime
    kind: str = ""
    station: str = ""
    editable: bool = False

    def holds(self, alert: Alert) -> bool:
        """Whether the filter lets an alert through."""
        return self.kind in ("", alert.kind.value) and self.station in ("", alert.station or "")


def alerts_view(connection: Connection, board: Board, rules: AlertRules, scope: Scope, asked: Asked) -> AlertsView:
    """The alerts page.

    Args:
        board: the board as `scope` sees it; gives the present numbers of red cells.
    """
    lines = open_at(connection, asked.at, scope)
    past = ended_since(connection, asked.at - timedelta(days=rules.shown_days), scope)
    seen_at = worker_seen_at(connection)
    waiting = sum(not line.alert.is_acked for line in lines)
    return AlertsView(
        board=board,
        at=asked.at,
        lines=tuple(line for line in lines if asked.holds(line.alert)),
        past=tuple(line for line in past if asked.holds(line.alert)),
        waiting=waiting,
        acked=len(lines) - waiting,
        cells=_cells(board, lines),
        rules=rules,
        units=tuple(line.unit for line in board.lines),
        kind=asked.kind,
        station=asked.station,
        worker_at=seen_at,
        worker_late=seen_at is None or asked.at - seen_at > WORKER_LATE,
        editable=asked.editable,
    )


def _cells(board: Board, lines: Iterable[AlertLine]) -> dict[tuple[str, str], Cell]:
    rows = {line.unit.code: line for line in board.lines}
    found = {}
    for alert in (line.alert for line in lines if line.alert.kind is AlertKind.RED):
        row = rows.get(alert.station or "")
        if row is not None and (cell := row.cell(alert.task or "")) is not None:
            found[row.unit.code, cell.task] = cell
    return found
