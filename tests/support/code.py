"""Reading the project's Python as syntax trees: what it imports, how long its functions are, its texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.project import LAYERS, ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """`data_access/engine.py` as `data_access.engine`; a package by its own name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(path: Path, line: int = 0) -> str:
    """`data_access/engine.py:12`, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Full names of the imported modules, with the line; inside functions too."""
    package = name_of(path).split(".") if path.name == "__init__.py" else name_of(path).split(".")[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names if base in LAYERS)


def functions(path: Path) -> Iterator[Function]:
    """Every function and method."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of a function without its decorators and docstring."""
    doc = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    own = (function.end_lineno or function.lineno) - function.lineno + 1
    return own - ((doc.end_lineno or doc.lineno) - doc.lineno + 1 if doc else 0)


def texts(path: Path) -> Iterator[tuple[str, int]]:
    """String constants that are not documentation, with the line."""
    skipped = {id(node) for node in _documentation(tree(path))}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value, node.lineno


def _documentation(module: ast.Module) -> Iterator[ast.Constant]:
    """A text that stands alone is documentation: of a module, class, function or the name above it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
