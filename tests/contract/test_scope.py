"""You cannot ask without saying who you are: every reader takes a scope, and it holds."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

import data_access.readers
from data_access.engine import reading
from domain.access import Scope, auditor, command, district, nobody, station
from domain.errors import NotFound
from tests.support import everything

Reader = Callable[..., Any]
HIDDEN = "out of scope"


def readers() -> list[tuple[str, Reader]]:
    """Public functions of data_access/readers that are given a database."""
    found = []
    for module in pkgutil.iter_modules(data_access.readers.__path__, "data_access.readers."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_") and _reads(function):
                found.append((f"{module.name.rsplit('.', 1)[1]}.{name}", function))
    return found


def _reads(function: Reader) -> bool:
    return bool({Connection, Engine} & set(typing.get_type_hints(function).values()))


def ask(function: Reader, connection: Connection, scope: Scope) -> Any:
    """What the reader answers to this viewer, with example arguments; HIDDEN where it raises NotFound."""
    hints = typing.get_type_hints(function)
    given = {
        name: everything.example(parameter, hints[name], connection, scope)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    positional = {n: v for n, v in given.items() if inspect.signature(function).parameters[n].kind is not _KEYWORD}
    named = {name: value for name, value in given.items() if name not in positional}
    try:
        answer = function(*positional.values(), **named)
        return list(answer) if inspect.isgenerator(answer) else answer
    except NotFound:
        return HIDDEN


_KEYWORD = inspect.Parameter.KEYWORD_ONLY


def test_there_are_readers() -> None:
    assert {"numbers.numbers", "organisation.units"} <= {name for name, _ in readers()}


@pytest.mark.parametrize(("name", "function"), readers(), ids=[name for name, _ in readers()])
def test_every_reader_asks_for_a_scope(name: str, function: Reader) -> None:
    parameter = inspect.signature(function).parameters.get("scope")
    assert parameter is not None, f"{name} reads the database without a parameter `scope: Scope`"
    assert typing.get_type_hints(function)["scope"] is Scope
    assert parameter.default is inspect.Parameter.empty, f"{name}: a scope has no default"


def test_nobody_sees_anything_and_command_sees_all(engine: Engine) -> None:
    """On a full database nobody gets what everybody gets on an empty one."""
    with reading(engine) as connection:
        empty = {name: ask(function, connection, command()) for name, function in readers()}
    everything.fill(engine)
    with reading(engine) as connection:
        leaks = [name for name, f in readers() if ask(f, connection, nobody()) not in (empty[name], HIDDEN)]
        blind = [name for name, f in readers() if not _reaches(f, connection, empty[name])]
    assert leaks == [], "these readers show rows to a viewer who may see none"
    assert blind == [], "the example rows or arguments do not reach these readers: tests/support/everything.py"


def _reaches(function: Reader, connection: Connection, empty: Any) -> bool:
    """Whether those who may see the most, or the auditor of the log, get more than on an empty database."""
    return any(ask(function, connection, scope) not in (empty, HIDDEN) for scope in (command(), auditor()))


def test_a_neighbour_sees_nothing_of_the_station(engine: Engine) -> None:
    with reading(engine) as connection:
        empty = {name: ask(function, connection, command()) for name, function in readers()}
    everything.fill(engine)
    for stranger in (station("S2"), district("D2")):
        with reading(engine) as connection:
            leaks = [name for name, f in readers() if ask(f, connection, stranger) not in (empty[name], HIDDEN)]
        assert leaks == []
