"""One cell: its formula, its stretch of time, and the rows behind it."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Connection, Engine

from data_access.engine import reading
from data_access.facts.flows import Stretch
from data_access.readers.rows import Wanted, count_parts, default_sort, page_of, part_names
from data_access.state import own_targets
from domain import masking
from domain.access import Scope
from domain.board import Board
from domain.errors import BadRequest, NotFound
from domain.periods import end_of_day, period_end, period_start, shifted
from domain.task import Catalogue, Task
from domain.views import CellView, RowPage
from services.projections import projections
from services.station import line_of

MOST_ROWS = 100_000


def cell_view(
    engine: Engine, catalogue: Catalogue, scope: Scope, codes: tuple[str, str], *, board: Board, wanted: Wanted
) -> CellView:
    """The view of one cell.

    Args:
        codes: station code and task code.
        board: the board at the instant asked for, as `scope` sees it.
        wanted: which rows; an unknown part raises, a page past the end is empty.

    Raises:
        NotFound: no such station in the scope, or no such active task.
        BadRequest: no such part.
    """
    station, code = codes
    line = line_of(board, station)
    task, cell = catalogue.task(code), line.cell(code)
    if task is None or cell is None:
        raise NotFound("error.task_unknown", code=code[:20])
    as_of = board.as_of
    start = datetime.combine(period_start(task.period, as_of.date()), time.min)
    base = task.measure.base
    with reading(engine) as connection:
        return CellView(
            board=board,
            unit=line.unit,
            cell=cell,
            start=start,
            base_start=shifted(start, base) if base else None,
            base_end=shifted(as_of, base) if base else None,
            until=end_of_day(period_end(task.period, as_of.date())),
            projection=projections(connection, line, [task], as_of, scope=scope).get(code),
            page=rows_page(connection, task, station, (Stretch(start, as_of), wanted), scope),
            own_target=(station, code) in own_targets(connection, as_of.date()),
        )


def rows_page(connection: Connection, task: Task, station: str, what: tuple[Stretch, Wanted], scope: Scope) -> RowPage:
    """One page of a task's rows in a stretch, names masked unless the viewer said why; no row for who sees sums only.

    Raises:
        BadRequest: no such part.
    """
    stretch, wanted = what
    if wanted.part not in part_names(task):
        raise BadRequest("error.bad_part", value=wanted.part[:20])
    sort = wanted.sort or default_sort(task)
    wanted = Wanted(wanted.part, sort, max(1, wanted.page), min(MOST_ROWS, max(1, wanted.size)))
    parts = count_parts(connection, task, station, stretch, scope)
    columns, rows = (
        ((), ()) if not scope.sees_rows else page_of(connection, task, station, stretch, wanted, scope=scope)
    )
    masked = tuple(
        tuple(hidden(name, value, scope) for name, value in zip(columns, row, strict=True)) for row in rows
    )  # fmt: skip
    return RowPage(columns, masked, parts[wanted.part], wanted.page, wanted.size, sort, wanted.part, parts)


def hidden(column: str, value: object, scope: Scope) -> object:
    """A value of a row as the viewer may see it: names and numbers of people masked unless it said why."""
    if scope.sees_personal_data or not isinstance(value, str):
        return value
    if column in masking.NAMES:
        return masking.name(value)
    return masking.numbers(value) if column in masking.NUMBERED else value
