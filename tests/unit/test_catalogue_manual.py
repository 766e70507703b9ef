"""The manual pages of the catalogue say what the code does: keys, values, methods, tasks."""

from __future__ import annotations

import re
import tomllib

import pytest
from pydantic import BaseModel

from catalogue import schema
from catalogue.document import tasks_page
from catalogue.loader import HERE, load_catalogue
from domain.task import Base, Kind, Method, Period

ROOT = HERE.parent
MANUAL = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
SHIPPED = load_catalogue()
UNITS = {
    "percent",
    "incidents",
    "items",
    "sessions",
    "shifts",
    "persons",
    "vehicles",
    "times",
    "places",
    "villages",
}

SECTIONS: dict[str, tuple[type[BaseModel], ...]] = {
    "The file": (schema.ThemesFile, schema.OwnThemesFile),
    "`[[theme]]`": (schema.ThemeEntry,),
    "The task file": (schema.TasksFile, schema.OwnTasksFile),
    "`[[task]]`": (schema.TaskEntry,),
    "`names`": (schema.NamesEntry,),
    "`[task.guide]`": (schema.GuideEntry,),
    "`thresholds`": (schema.ThresholdsEntry,),
    "`[task.measure]`": (schema.MeasureEntry,),
}


def table_under(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the manual, without its header."""
    after = re.split(rf"^#+ {re.escape(heading)}$", MANUAL, flags=re.MULTILINE)[1]
    lines = [line for line in re.split(r"^#", after, flags=re.MULTILINE)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


@pytest.mark.parametrize("heading", SECTIONS)
def test_manual_documents_exactly_the_keys_that_exist(heading: str) -> None:
    documented = {row[0].strip("`"): row for row in table_under(heading)}
    for model in SECTIONS[heading]:
        assert set(documented) == set(model.model_fields)
    for key, info in SECTIONS[heading][0].model_fields.items():
        assert not info.is_required() or documented[key][2].startswith("yes"), key


def test_manual_has_a_section_for_every_table_of_the_files() -> None:
    tables = {found for found in vars(schema).values() if isinstance(found, type) and issubclass(found, schema.Entry)}
    assert tables - {schema.Entry} == {model for models in SECTIONS.values() for model in models}


def test_manual_lists_the_allowed_values() -> None:
    measure = {row[0].strip("`"): named(row[1]) for row in table_under("`[task.measure]`")}
    task = {row[0].strip("`"): row for row in table_under("`[[task]]`")}
    assert measure["source"] == set(schema.Source.__args__)
    assert measure["base"] == {base.value for base in Base}
    assert named(task["period"][1]) == {period.value for period in Period}
    assert named(task["unit"][3]) - {"rate", "sla"} == UNITS >= {task.unit for task in SHIPPED.tasks}


def test_manual_says_which_methods_a_kind_can_judge() -> None:
    said = {row[0].strip("`"): named(row[3]) for row in table_under("Kinds")}
    every = {method.value for method in Method}
    said["info"] = every if table_under("Kinds")[-1][3] == "every method" else set()
    assert said == {kind.value: {method.value for method in schema.METHODS[kind]} for kind in Kind}


def test_manual_says_which_keys_a_method_uses_and_gives_an_example_of_each() -> None:
    said = {row[0].strip("`"): (named(row[1]), named(row[2])) for row in table_under("Methods")}
    assert set(said) == {method.value for method in Method}
    for method in Method:
        needed, besides = said[method.value]
        assert needed | besides == set(schema.NEEDED[method]) | set(schema.OPTIONAL.get(method, ()))
        assert set(schema.NEEDED[method]) <= needed
        assert re.search(rf"^- \*\*`{method.value}`\*\*.*?\n  \*Example:\*", MANUAL, flags=re.MULTILINE | re.DOTALL)


def test_table_of_tasks_is_up_to_date() -> None:
    page = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    assert page == tasks_page(SHIPPED), "run: python -m catalogue.document > docs/tasks.md"


def test_table_of_tasks_shows_the_numbers_of_the_toml() -> None:
    """Read with eyes of its own: the page's cells against the file's raw values."""
    page = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in page.splitlines() if re.match(r"\| T\d-", line)]
    raw = {task["code"]: task for task in tomllib.loads((HERE / "tasks.toml").read_text(encoding="utf-8"))["task"]}
    assert [row[0] for row in rows] == list(raw)
    for row in rows:
        task = raw[row[0]]
        assert row[1:7] == [
            task["names"]["zh"],
            task["names"]["en"],
            *(task[key] for key in ("kind", "period", "unit")),
            task["measure"]["source"],
        ]
        assert (row[12] == "hard", row[15] == "on", row[14]) == (task.get("hard", False), task["on"], task["feed"])
        if "thresholds" in task:
            assert re.findall(r"\d+", row[9]) == [str(task["thresholds"]["blue"])]
            assert str(task["thresholds"]["yellow"]) in re.findall(r"\d+", row[10])
            assert re.findall(r"\d+", row[11]) == [str(task["thresholds"]["yellow"])]
