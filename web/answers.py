"""The one door through which pages, JSON and downloads ask: current scope in, view-model out, cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from data_access.readers.rows import Wanted
from domain.access import Scope, command
from domain.board import Board
from domain.errors import BadRequest, DataUnavailable
from domain.task import Catalogue
from domain.views import BoardView, CellView, StationView, TaskView, ThemeView
from services.cell import cell_view
from services.closing import frozen_board
from services.overview import board_view, task_view, theme_view
from services.station import station_view
from web.cached import once
from web.context import context
from web.looking import looked
from web.moment import asked
from web.scope import current_scope

T = TypeVar("T")


def catalogue() -> Catalogue:
    """The rules in force."""
    return context().catalogue


def kept(name: str, as_of_text: str | None, make: Callable[[], T], *extra: object) -> T:
    """Anything derived from an answer, kept as long as the answer itself (a page's payload, say)."""
    return guarded(lambda: once(name, current_scope(), asked(as_of_text), make, extra=extra))


def board(as_of_text: str | None = None) -> BoardView:
    """The board as the current viewer sees it."""
    return guarded(lambda: _board(current_scope(), asked(as_of_text)))


def station(code: str, as_of_text: str | None = None) -> StationView:
    """One station."""
    scope, moment = current_scope(), asked(as_of_text)
    return guarded(lambda: once("station", scope, moment, lambda: _station(scope, moment, code), extra=(code,)))


def cell(code: str, task: str, as_of_text: str | None = None, **rows: Any) -> CellView:
    """One cell with one page of its rows; `rows` are the fields of `Wanted`."""
    scope, moment, wanted = current_scope(), asked(as_of_text), Wanted(**rows)

    def make() -> CellView:
        own = _board(replace(scope, unmasked=False), moment).board
        return cell_view(context().engine, catalogue(), scope, (code, task), board=own, wanted=wanted)

    found = guarded(make)
    looked(f"/station/{code}/{task}", len(found.page.rows))
    return found


def wanted_rows(args: Mapping[str, str]) -> dict[str, Any]:
    """The fields of `Wanted` in an address: part, sort, page, size.

    Raises:
        BadRequest: page or size is not a whole number.
    """
    found: dict[str, Any] = {name: args[name] for name in ("part", "sort") if args.get(name)}
    for name in ("page", "size"):
        if args.get(name):
            found[name] = whole(args[name])
    return found


def whole(text: str) -> int:
    """A whole number of an address.

    Raises:
        BadRequest: it is none.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest("error.bad_number", value=text[:20])
    return int(text)


def task(code: str, as_of_text: str | None = None) -> TaskView:
    """One task over all stations."""
    return task_view(board(as_of_text).board, catalogue(), code)


def theme(code: str, as_of_text: str | None = None) -> ThemeView:
    """One theme over all stations."""
    return theme_view(board(as_of_text).board, catalogue(), code)


def _board(scope: Scope, moment: datetime | None) -> BoardView:
    return once("board", scope, moment, lambda: _make_board(scope, moment))


def _make_board(scope: Scope, moment: datetime | None) -> BoardView:
    here = context()
    frozen = frozen_board(here.engine, here.catalogue, scope, moment) if moment else None
    return frozen or board_view(here.engine, here.catalogue, scope, moment or here.now())


def _station(scope: Scope, moment: datetime | None, code: str) -> StationView:
    own: Board = _board(scope, moment).board
    peers = own.lines if scope.everything else _board(command(), moment).board.lines
    return station_view(context().engine, catalogue(), scope, code, board=own, peers=peers)


def guarded(make: Callable[[], T]) -> T:
    """`make()`; a database that does not answer becomes `DataUnavailable`."""
    try:
        return make()
    except (OperationalError, DBAPIError) as error:
        raise DataUnavailable("error.database") from error
