"""The wall's lists: red tasks, orders past their deadline, tracing orders, what runs along the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from data_access.readers.wall import open_orders, traced
from domain.access import Scope
from domain.alert_views import AlertLine
from domain.alerts import AlertKind
from domain.board import Board, Unit
from domain.colour import Colour, FeedState
from domain.span import Span
from domain.task import Catalogue
from domain.wall import OverdueView, RedList, RedRow, TickerView, TracingView
from domain.wall_rules import PanelRules


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


def overdue(
    connection: Connection, units: Mapping[str, Unit], rules: PanelRules, scope: Scope, now: datetime
) -> OverdueView:
    """Orders past their deadline by station and kind, the one that waits longest first."""
    late = [one for one in open_orders(connection, now, scope) if one.late and one.station in units]
    late.sort(key=lambda one: (one.due or now, one.station, one.kind))
    return OverdueView(tuple((units[one.station], one) for one in late), rules.red_hours)


def tracing(
    connection: Connection, units: Mapping[str, Unit], rules: PanelRules, scope: Scope, now: datetime
) -> TracingView:
    """The orders of the last days, by station in the organisation's order; stations without any are left out."""
    start = datetime.combine(now.date() - timedelta(days=rules.tracing_days - 1), time.min)
    found = {one.station: one for one in traced(connection, rules.tracing_kind, start, now, scope)}
    return TracingView(Span(start, now), tuple((unit, found[code]) for code, unit in units.items() if code in found))


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
