"""Everything about one station: why its colour, what to do now, where it is heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine

from data_access.engine import reading
from data_access.readers.items import open_items
from data_access.state import own_targets
from domain import masking
from domain.access import Scope
from domain.actions import actions, rank
from domain.board import Board, DayColour, Line
from domain.errors import NotFound
from domain.task import Catalogue
from domain.views import OpenItem, StationView, Strip
from services.overview import strips
from services.projections import projections


def station_view(
    engine: Engine, catalogue: Catalogue, scope: Scope, code: str, *, board: Board, peers: Sequence[Line]
) -> StationView:
    """The view of one station.

    Args:
        board: the board at the instant asked for, as `scope` sees it.
        peers: lines of all stations, used for the rank only; nothing else of them leaves.

    Raises:
        NotFound: no such station in the scope.
    """
    line = line_of(board, code)
    with reading(engine) as connection:
        return _view(connection, catalogue, scope, line, (board, peers))


def line_of(board: Board, code: str) -> Line:
    """The station's line of a board.

    Raises:
        NotFound: no such station in the board's scope.
    """
    found = next((line for line in board.lines if line.unit.code == code), None)
    if found is None:
        raise NotFound("error.station_unknown", code=code[:20])
    return found


def _view(
    connection: Connection, catalogue: Catalogue, scope: Scope, line: Line, boards: tuple[Board, Sequence[Line]]
) -> StationView:
    board, peers = boards
    code, as_of = line.unit.code, board.as_of
    items, total = open_items(connection, code, as_of, scope=scope)
    steps, enough = actions(line, catalogue, as_of, _owners(catalogue, items))
    own = own_targets(connection, as_of.date())
    return StationView(
        board=replace(board, lines=(line,)),
        line=line,
        rank=rank(line, peers),
        projections=projections(connection, line, catalogue.active, as_of, scope=scope),
        actions=steps,
        enough=enough,
        history=_history(strips(connection, board, scope), code),
        items=tuple(_masked(item) for item in items),
        items_total=total,
        own_targets=frozenset(task for station, task in own if station == code),
    )


def _history(found: Sequence[Strip], code: str) -> tuple[DayColour, ...]:
    return next(strip.days for strip in found if strip.station == code)


def _masked(item: OpenItem) -> OpenItem:
    return OpenItem(
        item.order_id,
        item.kind,
        item.title,
        item.created_at,
        item.due_at,
        masking.name(item.owner),
        item.place,
        item.late,
    )


def _owners(catalogue: Catalogue, items: Sequence[OpenItem]) -> dict[str, str]:
    """Task code -> the masked name that owns most of the open orders the task is measured on."""
    owners: dict[str, str] = {}
    for task in catalogue.active:
        kind = task.measure.where.get("kind") if task.measure.source == "work_order" else None
        names = Counter(item.owner for item in items if item.kind == kind and item.owner)
        if names:
            owners[task.code] = masking.name(names.most_common(1)[0][0]) or ""
    return owners
