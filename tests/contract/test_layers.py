"""Who may import whom (docs/architecture.md): strictly downward, siblings apart."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.support.code import imports, shown, tree
from tests.support.project import LAYERS, ROOT, TOP, sources

ALLOWED: dict[str, set[str]] = {
    "domain": set(),
    "catalogue": {"domain"},
    "i18n": {"domain"},
    "data_access": {"domain"},
    "services": {"domain", "catalogue", "data_access"},
    "components": {"domain", "catalogue", "i18n"},
    "exports": {"domain", "catalogue", "i18n"},
    "web": {"domain", "catalogue", "i18n", "data_access", "services", "components", "exports"},
    "pages": {"domain", "catalogue", "i18n", "services", "components", "exports", "web"},
}
FOREIGN: dict[str, set[str]] = {
    "catalogue": {"dash", "flask", "sqlalchemy", "plotly"},
    "i18n": {"dash", "flask", "sqlalchemy", "plotly"},
    "data_access": {"dash", "flask", "plotly"},
    "services": {"dash", "flask", "plotly"},
    "components": {"flask", "sqlalchemy"},
    "exports": {"dash", "flask", "sqlalchemy"},
    "web": set(),
    "pages": {"sqlalchemy"},
}
ARRAYS = {"numpy", "scipy"}  # arithmetic on whole columns; no clock, file or network in it
IMPURE = {
    "random",
    "time",
    "os",
    "pathlib",
    "socket",
    "subprocess",
    "io",
    "tempfile",
    "urllib",
    "http",
    "secrets",
    "uuid",
}
ASKS_THE_WORLD = {"now", "today", "utcnow", "open", "input", "print", "default_rng", "random"}
OWN = set(LAYERS) | {name.removesuffix(".py") for name in TOP} | {"tests", "tools"}


def offences(layer: str) -> list[str]:
    found = []
    for path in sources():
        if path.relative_to(ROOT).parts[0] != layer:
            continue
        for name, line in imports(path):
            top = name.split(".")[0]
            if (top in OWN and top != layer and top not in ALLOWED[layer]) or _foreign(layer, top):
                found.append(f"{shown(path, line)} imports {name}")
    return found


def _foreign(layer: str, top: str) -> bool:
    if layer == "domain":
        return top not in OWN | ARRAYS and top not in sys.stdlib_module_names
    return top in FOREIGN[layer]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_knows_only_what_is_below_it(layer: str) -> None:
    assert offences(layer) == []


def test_the_domain_asks_neither_clock_nor_chance_nor_files() -> None:
    found = [
        f"{shown(path, line)} imports {name}"
        for path in domain()
        for name, line in imports(path)
        if name.split(".")[0] in IMPURE
    ]
    found += [
        f"{shown(path, node.lineno)} calls {_called(node)}"
        for path in domain()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _called(node) in ASKS_THE_WORLD
    ]
    assert found == []


def domain() -> list[Path]:
    return [path for path in sources() if path.relative_to(ROOT).parts[0] == "domain"]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_nobody_imports_a_page() -> None:
    found = [
        f"{shown(path, line)} imports {name}"
        for path in sources()
        for name, line in imports(path)
        if name.startswith("pages.")
    ]
    assert found == [], "Dash runs pages itself; an imported page registers its callbacks twice"


def test_settings_are_read_only_where_the_program_is_put_together() -> None:
    readers = {shown(path) for path in sources() for name, _ in imports(path) if name.split(".")[0] == "settings"}
    assert {name for name in readers if not name.startswith("commands/")} <= {"app.py", "manage.py"}


def test_the_rules_themselves_can_fail() -> None:
    """The scan sees the imports that exist: without them every test above would pass on nothing."""
    seen = {name for path in sources() for name, _ in imports(path)}
    assert {"sqlalchemy", "domain.task", "data_access.engine"} <= seen
    assert _foreign("domain", "sqlalchemy")
    assert not _foreign("domain", "datetime")
