"""Frozen days: the colours of the past, and whole days as they were frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from data_access.frozen import STATION, TASK
from data_access.scope import within
from data_access.tables import board_day
from domain.access import Scope
from domain.board import DayColour, Summary
from domain.colour import Cell, Colour, Reason


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """One frozen judgement of a station: a task's cell, or the summary of a theme or of the station."""

    station: str
    kind: str
    judged: Cell | Summary
    rule_version: str
    frozen_at: datetime


def colours(
    connection: Connection,
    scope: Scope,
    first: date,
    last: date,
    *,
    stations: Collection[str] | None = None,
    subject: str = STATION,
) -> dict[str, tuple[DayColour, ...]]:
    """Station code -> its frozen colours from `first` to `last`, oldest first.

    A day that was not frozen is absent, and so is a station without any.

    Args:
        stations: only these; None means all that `scope` may see.
        subject: "station", a theme's code or a task's code.
    """
    query = (
        select(board_day.c.station_code, board_day.c.day, board_day.c.colour, board_day.c.score)
        .where(board_day.c.subject == subject, board_day.c.day >= first, board_day.c.day <= last)
        .where(within(scope, board_day.c.station_code))
        .order_by(board_day.c.day)
    )
    if stations is not None:
        query = query.where(board_day.c.station_code.in_(sorted(stations)))
    found: dict[str, list[DayColour]] = {}
    for station, day, colour, score in connection.execute(query):
        found.setdefault(station, []).append(DayColour(day, Colour(colour), score))
    return {station: tuple(days) for station, days in found.items()}


def frozen_board(connection: Connection, scope: Scope, day: date) -> tuple[FrozenRow, ...]:
    """Everything that was frozen of a day and that `scope` may see; empty when it was not frozen."""
    query = (
        select(board_day)
        .where(board_day.c.day == day, within(scope, board_day.c.station_code))
        .order_by(board_day.c.station_code, board_day.c.subject)
    )
    return tuple(_row(row) for row in connection.execute(query))


def _row(row: Any) -> FrozenRow:
    judged = _cell(row) if row.subject_kind == TASK else _summary(row)
    return FrozenRow(row.station_code, row.subject_kind, judged, row.rule_version, row.frozen_at)


def _reason(row: Any) -> Reason | None:
    return Reason(row.reason) if row.reason else None


def _cell(row: Any) -> Cell:
    return Cell(
        task=row.subject,
        colour=Colour(row.colour),
        reason=_reason(row),
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        base=row.base,
        blue=row.blue,
        yellow=row.yellow,
        waiting=row.waiting,
        expected=row.expected,
        pace=row.pace,
        missing=row.missing,
    )


def _summary(row: Any) -> Summary:
    return Summary(
        subject=row.subject,
        colour=Colour(row.colour),
        reason=_reason(row),
        score=row.score,
        done=int(row.numerator),
        total=int(row.denominator),
        yellow=row.yellow_count,
        red=row.red_count,
        grey=row.grey_count,
        held=bool(row.is_held),
    )
