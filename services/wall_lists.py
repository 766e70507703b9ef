"""The wall's lists: red tasks, orders past their deadline, tracing orders, what runs along the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.alert_views import AlertLine
from domain.alerts import AlertKind
from domain.board import Board, Unit
from domain.colour import Colour, FeedState
from domain.span import Span
from domain.task import Catalogue
from domain.wall import OpenOrders, OverdueView, RedList, RedRow, TickerView, Traced, TracingView


def red_list(board: Board, catalogue: Catalogue, alerts: Iterable[AlertLine]) -> RedList:
    """The red tasks of a board: hard ones first, then in the order of stations and tasks."""
    known = {line.alert.subject: line for line in alerts if line.alert.kind is AlertKind.RED}
    tasks = {task.code: task for task in catalogue.active}
    rows = [
        RedRow(line.unit, cell, tasks[cell.task].theme, tasks[cell.task].hard, known.get((line.unit.code, cell.task)))
        for line in board.lines
        for cell in line.cells
        if cell.colour is Colour.RED
    ]
    return RedList(tuple(sorted(rows, key=lambda row: not row.hard)))


def overdue(orders: Iterable[OpenOrders], units: Mapping[str, Unit], red_hours: int) -> OverdueView:
    """Orders of these stations past their deadline, by station and kind, the one that waits longest first."""
    late = [(one.due, one) for one in orders if one.due is not None and one.station in units]
    late.sort(key=lambda pair: (pair[0], pair[1].station, pair[1].kind))
    return OverdueView(tuple((units[one.station], one) for _, one in late), red_hours)


def tracing(found: tuple[Span, tuple[Traced, ...]], units: Mapping[str, Unit]) -> TracingView:
    """The orders of a span, by station in the order of `units`; stations without any are left out."""
    span, rows = found
    known = {one.station: one for one in rows}
    return TracingView(span, tuple((unit, known[code]) for code, unit in units.items() if code in known))


def ticker(
    reds: RedList | None, late: OverdueView | None, alerts: Iterable[AlertLine], board: Board | None
) -> TickerView:
    """What runs along the foot; what could not be made is left out."""
    return TickerView(
        reds=tuple(row for row in reds.rows if row.hard) if reds else (),
        overdue=late.rows if late else (),
        alerts=tuple(line for line in alerts if line.alert.kind is AlertKind.MAJOR),
        feeds=tuple(feed for feed in board.feeds if feed.state is FeedState.LATE) if board else (),
    )
