"""Statements that are built and compiled once and then only executed.

Building a statement over dozens of tasks costs more time than the database needs to answer it. A
kept statement depends on the tasks and the scope only; instants are bound when it runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, bindparam

from data_access.types import WallTime
from domain.access import Scope
from domain.task import Task

MOST_KEPT = 256
LESS = "_less_"
_GUARD = threading.Lock()


class BoundStretch:
    """A stretch of time whose ends are bound when the statement runs; see `flows.Stretch`."""

    def __init__(self) -> None:
        self.start: Any = moment("start")
        self.as_of: Any = moment("as_of")

    def earlier(self, seconds: float) -> BindParameter[Any]:
        """The start, so many seconds earlier."""
        return moment(f"start{LESS}{int(seconds)}")

    def earlier_end(self, seconds: float) -> BindParameter[Any]:
        """The end, so many seconds earlier."""
        return moment(f"as_of{LESS}{int(seconds)}")


def moment(name: str) -> BindParameter[Any]:
    """An instant that is bound when the statement runs."""
    return bindparam(name, value=None, type_=WallTime)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compiled statement. `order` names the parameters of a dialect that counts them, else None."""

    text: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    moments: tuple[str, ...]
    bind: Callable[[datetime], Any]
    tasks: tuple[Task, ...]


def run(
    connection: Connection,
    name: str,
    about: tuple[Sequence[Task], Scope],
    build: Callable[[], Any],
    moments: Mapping[str, datetime],
) -> Iterable[Any]:
    """Execute the kept statement, building it the first time. Values come back as the driver gives them.

    Args:
        name: what kind of statement.
        about: the tasks and the scope that it depends on.
        build: makes the statement; its instants are `moment(...)` parameters.
        moments: the instant of each `moment` name; "start_less_90" follows from "start".
    """
    kept = _kept(connection, name, about, build)
    values = {**kept.fixed, **{one: kept.bind(_instant(one, moments)) for one in kept.moments}}
    arguments = values if kept.order is None else tuple(values[one] for one in kept.order)
    return connection.exec_driver_sql(kept.text, arguments)


def _instant(name: str, moments: Mapping[str, datetime]) -> datetime:
    end, _, seconds = name.partition(LESS)
    return moments[end] - timedelta(seconds=int(seconds or 0))


_KEPT: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()


def _kept(connection: Connection, name: str, about: tuple[Sequence[Task], Scope], build: Callable[[], Any]) -> _Kept:
    tasks, scope = about
    # Tasks hold mappings and cannot be hashed; they are kept beside the statement, so an id stays theirs.
    key = (connection.dialect.name, name, scope, *map(id, tasks))
    with _GUARD:
        found = _KEPT.get(key)
        if found is None:
            found = _KEPT[key] = _compile(connection.dialect, build(), tuple(tasks))
            if len(_KEPT) > MOST_KEPT:
                _KEPT.popitem(last=False)
        else:
            _KEPT.move_to_end(key)
    return found


def _compile(dialect: Dialect, statement: Any, tasks: tuple[Task, ...]) -> _Kept:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    moments = tuple(name for name, parameter in compiled.binds.items() if parameter.value is None)
    processor = WallTime.dialect_impl(dialect).bind_processor(dialect)
    return _Kept(
        text=str(compiled),
        order=tuple(compiled.positiontup) if compiled.positional else None,
        fixed={name: value for name, value in compiled.params.items() if name not in moments},
        moments=moments,
        bind=processor or (lambda value: value),
        tasks=tasks,
    )
