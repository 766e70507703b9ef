"""The wall's lists: red tasks, orders past their deadline, tracing orders, what runs along the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.alert_views import AlertLine
from domain.alerts import AlertKind, Subject
from domain.board import Board, Line, Unit
from domain.colour import Colour, FeedState
from domain.span import Span
from domain.task import Catalogue, Method, Task
from domain.wall import OpenOrders, OverdueView, RedList, RedRow, TickerView, Traced, TracingView


def red_list(board: Board, catalogue: Catalogue, alerts: Iterable[AlertLine]) -> RedList:
    """The red tasks of a board, by station: what is red itself first, then the most hard red and red tasks."""
    known = {line.alert.subject: line for line in alerts if line.alert.kind is AlertKind.RED}
    tasks = {task.code: task for task in catalogue.active}
    found = [(line.overall, _reds(line, tasks, known)) for line in board.lines]
    found.sort(key=lambda pair: (pair[0].colour is not Colour.RED, -sum(row.hard for row in pair[1]), -len(pair[1])))
    return RedList(tuple(row for _, rows in found for row in rows))


def _reds(line: Line, tasks: Mapping[str, Task], known: Mapping[Subject, AlertLine]) -> list[RedRow]:
    """A station's red tasks, the hard ones first."""
    code, whole = line.unit.code, (line.overall.colour, line.overall.reason)
    rows = [
        RedRow(line.unit, cell, tasks[cell.task].theme, tasks[cell.task].hard, known.get((code, cell.task)), *whole)
        for cell in line.cells
        if cell.colour is Colour.RED
    ]
    return sorted(rows, key=lambda row: not row.hard)


def hard_reds(board: Board, catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """(station, kind of work order) where a hard task that counts overdue orders of that kind is red."""
    kinds = {
        task.code: str(task.measure.where.get("kind", ""))
        for task in catalogue.active
        if task.hard and task.measure.method is Method.OVERDUE and task.measure.source == "work_order"
    }
    return frozenset(
        (line.unit.code, kinds[cell.task])
        for line in board.lines
        for cell in line.cells
        if cell.task in kinds and cell.colour is Colour.RED
    )


def overdue(
    orders: Iterable[OpenOrders],
    units: Mapping[str, Unit],
    red_hours: int,
    reds: frozenset[tuple[str, str]] = frozenset(),
) -> OverdueView:
    """Orders of these stations past their deadline, by station and kind, the one that waits longest first."""
    late = [(one.due, one) for one in orders if one.due is not None and one.station in units]
    late.sort(key=lambda pair: (pair[0], pair[1].station, pair[1].kind))
    return OverdueView(tuple((units[one.station], one) for _, one in late), red_hours, reds)


def tracing(
    found: tuple[Span, tuple[Traced, ...]], units: Mapping[str, Unit], kind: str, late: OverdueView | None
) -> TracingView:
    """The orders of a span, by station in the order of `units`; stations without any are left out."""
    span, rows = found
    known = {one.station: one for one in rows}
    return TracingView(span, tuple((unit, known[code]) for code, unit in units.items() if code in known), kind, late)


def ticker(
    reds: RedList | None, late: OverdueView | None, alerts: Iterable[AlertLine], board: Board | None
) -> TickerView:
    """What runs along the foot; what could not be made is left out."""
    return TickerView(
        reds=tuple(row for row in reds.rows if row.hard) if reds else (),
        overdue=late,
        alerts=tuple(line for line in alerts if line.alert.kind is AlertKind.MAJOR),
        feeds=tuple(feed for feed in board.feeds if feed.state is FeedState.LATE) if board else (),
    )
