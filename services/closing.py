"""Closing a day: its board at the last second is frozen and never altered by later data (DOMAIN 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from data_access.engine import reading, writing
from data_access.frozen import STATION, TASK, THEME, is_frozen, last_frozen, remove_day, write_day
from data_access.readers.history import FrozenRow
from data_access.readers.history import frozen_board as frozen_rows
from data_access.readers.organisation import units
from data_access.refresh import is_settled
from data_access.state import is_demo
from domain.access import Scope, command
from domain.board import Board, Line, Summary, Unit
from domain.colour import Cell
from domain.errors import BadRequest
from domain.periods import end_of_day
from domain.task import Catalogue
from domain.views import BoardView
from services.board import board_on
from services.overview import strips

FREEZE_AT = time(8)
_ONE_DAY = timedelta(days=1)
_COLUMNS = (
    *("day", "station_code", "subject", "subject_kind", "colour", "reason", "score", "value"),
    *("numerator", "denominator", "base", "blue", "yellow", "waiting", "expected", "pace", "missing"),
    *("yellow_count", "red_count", "grey_count", "is_held", "rule_version", "frozen_at"),
)


def close_day(
    engine: Engine, catalogue: Catalogue, day: date, now: datetime, *, again: bool = False, actor: str | None = None
) -> int:
    """Freeze the board of `day` at its last second; returns the number of rows written.

    Args:
        now: wall time; also what the rows carry as the time of freezing.
        again: replace a day that is frozen already; the audit log says by whose order.
        actor: who orders it; required with `again`.

    Raises:
        BadRequest: the day is not over; it is frozen already and `again` is not given; nobody ordered
            it; the rollups have not caught up with the day.
    """
    if day >= now.date():
        raise BadRequest("error.day_not_over", day=day.isoformat())
    if again and not actor:
        raise BadRequest("error.actor_missing", day=day.isoformat())
    with reading(engine) as connection:
        if is_frozen(connection, day) and not again:
            raise BadRequest("error.day_frozen", day=day.isoformat())
        if not is_settled(connection, day):
            raise BadRequest("error.rollups_behind", day=day.isoformat())
        rows = list(_rows(board_on(connection, catalogue, command(), end_of_day(day)), now))
    try:
        with writing(engine) as connection:
            if again and is_frozen(connection, day):
                remove_day(connection, day, now, str(actor))
            return write_day(connection, _COLUMNS, rows)
    except Exception as error:
        if _is_twin(error):  # another process froze it at the same moment
            raise BadRequest("error.day_frozen", day=day.isoformat()) from error
        raise


def _is_twin(error: Exception) -> bool:
    """The key exists already; PostgreSQL's COPY reports it without SQLAlchemy's wrapping."""
    return isinstance(error, IntegrityError) or getattr(error, "sqlstate", None) == "23505"


def backfill(engine: Engine, catalogue: Catalogue, first: date, last: date, now: datetime) -> int:
    """Freeze the days from `first` to `last` that are over and not frozen yet; returns how many.

    The days are judged by the rows and feeds as they are known now.
    """
    last = min(last, now.date() - _ONE_DAY)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    with reading(engine) as connection:
        missing = [day for day in days if not is_frozen(connection, day)]
    return sum(close_day(engine, catalogue, day, now) > 0 for day in missing)


def days_due(engine: Engine, now: datetime, freeze_at: time = FREEZE_AT) -> tuple[date, ...]:
    """The days that should be frozen by `now` and are not, oldest first.

    A day is due at `freeze_at` of the next day. When the worker stood still, all days since the
    last frozen one are due; when nothing was ever frozen, only the last.
    """
    due = now.date() - (_ONE_DAY if now.time() >= freeze_at else 2 * _ONE_DAY)
    with reading(engine) as connection:
        newest = last_frozen(connection)
    first = due if newest is None else newest + _ONE_DAY
    return tuple(first + timedelta(days=step) for step in range((due - first).days + 1))


def frozen_board(engine: Engine, catalogue: Catalogue, scope: Scope, moment: datetime) -> BoardView | None:
    """The board of a closed day as it was frozen, with its strips.

    None when `moment` is not a day's last second or the day was not frozen: then the board is
    judged from the rows.
    """
    if moment != end_of_day(moment.date()):
        return None
    with reading(engine) as connection:
        board = thawed(connection, catalogue, scope, moment.date())
        return BoardView(board, strips(connection, board, scope)) if board else None


def thawed(connection: Connection, catalogue: Catalogue, scope: Scope, day: date) -> Board | None:
    """The frozen board of `day` out of its rows; None when the day was not frozen.

    Names of stations are those of today. `feeds` is empty and `data_at` None: what was late then
    is told by the cells' reasons.
    """
    rows = frozen_rows(connection, scope, day)
    if not rows:
        return None
    by_station: dict[str, list[FrozenRow]] = {}
    for row in rows:
        by_station.setdefault(row.station, []).append(row)
    known = {unit.code: unit for unit in units(connection, scope)}
    order = [code for code in known if code in by_station] + [code for code in by_station if code not in known]
    return Board(
        as_of=end_of_day(day),
        data_at=None,
        rule_version=rows[0].rule_version,
        demo=is_demo(connection),
        lines=tuple(_line(known.get(code) or _unknown(code), catalogue, by_station[code]) for code in order),
        feeds=(),
        frozen=True,
    )


def _unknown(code: str) -> Unit:
    """A station that was frozen and is not active any more."""
    return Unit(code, code, code, code, None, None, None, None, None)


def _line(unit: Unit, catalogue: Catalogue, rows: Iterable[FrozenRow]) -> Line:
    judged: dict[str, dict[str, Any]] = {STATION: {}, THEME: {}, TASK: {}}
    for row in rows:
        name = row.judged.task if isinstance(row.judged, Cell) else row.judged.subject
        judged[row.kind][name] = row.judged
    return Line(
        unit=unit,
        overall=judged[STATION][STATION],
        themes=_in_order(judged[THEME], [theme.code for theme in catalogue.themes]),
        cells=_in_order(judged[TASK], [task.code for task in catalogue.tasks]),
    )


def _in_order(judged: Mapping[str, Any], order: list[str]) -> tuple[Any, ...]:
    """In the catalogue's order; what the catalogue does not know any more comes last."""
    places = {code: place for place, code in enumerate(order)}
    return tuple(judged[code] for code in sorted(judged, key=lambda code: (places.get(code, len(order)), code)))


def _rows(board: Board, now: datetime) -> Iterator[tuple[Any, ...]]:
    head, tail = board.as_of.date(), (board.rule_version, now)
    for line in board.lines:
        place = (head, line.unit.code)
        yield (*place, STATION, STATION, *_summary_values(line.overall), *tail)
        for theme in line.themes:
            yield (*place, theme.subject, THEME, *_summary_values(theme), *tail)
        for cell in line.cells:
            yield (*place, cell.task, TASK, *_cell_values(cell), *tail)


def _summary_values(summary: Summary) -> tuple[Any, ...]:
    reason = summary.reason.value if summary.reason else None
    counts = (summary.yellow, summary.red, summary.grey, int(summary.held))
    return (summary.colour.value, reason, summary.score, None, summary.done, summary.total, *[None] * 7, *counts)


def _cell_values(cell: Cell) -> tuple[Any, ...]:
    reason = cell.reason.value if cell.reason else None
    amounts = (cell.value, cell.numerator, cell.denominator, cell.base, cell.blue, cell.yellow)
    pace = (cell.waiting, cell.expected, cell.pace, cell.missing)
    return (cell.colour.value, reason, None, *amounts, *pace, *[None] * 4)
