"""Short functions and modules: what separates programs that can be read from those that cannot."""

from __future__ import annotations

import ast
from statistics import median, quantiles

from tests.support.code import functions, length, shown
from tests.support.project import sources

FUNCTION_LINES, MODULE_LINES, POSITIONAL = 50, 300, 5
USUAL, LONG = 8, 30


def code() -> list:
    return [path for path in sources() if "migrations" not in path.parts]


def test_no_function_is_longer_than_fifty_lines() -> None:
    found = [f"{shown(p, f.lineno)} {f.name}: {length(f)}" for p in code() for f in functions(p)]
    assert [line for line in found if int(line.rsplit(" ", 1)[1]) > FUNCTION_LINES] == []


def test_most_functions_are_short() -> None:
    sizes = [length(function) for path in code() for function in functions(path)]
    assert median(sizes) <= USUAL
    assert quantiles(sizes, n=10)[-1] <= LONG


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code()}
    assert {name: size for name, size in sizes.items() if size > MODULE_LINES} == {}


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    found = [
        f"{shown(path, function.lineno)} {function.name}"
        for path in code()
        for function in functions(path)
        if positional(function) > POSITIONAL and not _is_callback(function)
    ]
    assert found == []


def _is_callback(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Dash hands its inputs to a callback by position."""
    return any("callback" in ast.unparse(decorator) for decorator in function.decorator_list)
