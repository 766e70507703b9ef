"""A task is data: new tasks and a deployment's own entries need TOML only."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from catalogue.loader import HERE, load_catalogue
from data_access.facts.predicates import check_columns
from domain.errors import CatalogueError
from domain.task import Kind, Method

MANUAL = (HERE.parent / "docs" / "catalogue.md").read_text(encoding="utf-8")
SHIPPED = load_catalogue()


def refusal(folder: Path, overrides: Path | None = None) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, overrides)
    assert caught.value.key == "error.catalogue"
    return caught.value


def example() -> str:
    """The complete task of the manual."""
    blocks = re.findall(r"```toml\n(.*?)```", MANUAL, flags=re.DOTALL)
    return next(block for block in blocks if "[[task]]" in block)


def test_new_task_needs_toml_only(tmp_path: Path) -> None:
    copy = tmp_path / "catalogue"
    copy.mkdir()
    for name in ("themes.toml", "tasks.toml"):
        shutil.copy(HERE / name, copy / name)
    with (copy / "tasks.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + example())
    catalogue = load_catalogue(copy)
    assert [task.code for task in catalogue.tasks] == [*(task.code for task in SHIPPED.tasks), "T3-90"]
    assert catalogue.task("T3-90") in catalogue.of_theme("T3")


def test_example_of_the_manual_is_a_count_task_whose_columns_exist(tmp_path: Path) -> None:
    own = written(tmp_path / "own", tasks=example())
    catalogue = load_catalogue(HERE, own)
    task = catalogue.task("T3-90")
    assert task is not None
    assert (task.kind, task.measure.method, task.on) == (Kind.COUNT, Method.COUNT, True)
    assert task.measure.where == {"kind": "school_visit", "has_evidence": 1}
    assert len(task.guide["zh_how"].split("\n")) == 3
    check_columns(catalogue)


def written(folder: Path, *, tasks: str | None = None, themes: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in (("tasks.toml", tasks), ("themes.toml", themes)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def block(code: str) -> str:
    """The shipped block of one task."""
    blocks = (HERE / "tasks.toml").read_text(encoding="utf-8").split("[[task]]\n")
    return "[[task]]\n" + next(text for text in blocks if text.startswith(f'code = "{code}"'))


def test_own_entry_replaces_the_shipped_one_in_its_place(tmp_path: Path) -> None:
    own = written(tmp_path, tasks=block("T4-02").replace("blue = 50, yellow = 40", "blue = 30, yellow = 20"))
    catalogue = load_catalogue(HERE, own)
    changed = catalogue.task("T4-02")
    assert changed is not None
    assert changed.thresholds is not None
    assert (changed.thresholds.blue, changed.thresholds.yellow) == (30, 20)
    assert [task.code for task in catalogue.tasks] == [task.code for task in SHIPPED.tasks]
    assert [t for t in catalogue.tasks if t.code != "T4-02"] == [t for t in SHIPPED.tasks if t.code != "T4-02"]


def test_own_entry_switches_a_task_off(tmp_path: Path) -> None:
    own = written(tmp_path, tasks=block("T8-05").replace("on = true", "on = false"))
    assert {t.code for t in SHIPPED.active} - {t.code for t in load_catalogue(HERE, own).active} == {"T8-05"}


def test_own_theme_and_its_task_are_added_after_the_shipped_ones(tmp_path: Path) -> None:
    theme = '[[theme]]\ncode = "T9"\nnames = { zh = "护学", en = "Schools" }\n'
    own = written(tmp_path, themes=theme, tasks=example().replace('theme = "T3"', 'theme = "T9"'))
    catalogue = load_catalogue(HERE, own)
    assert [theme.code for theme in catalogue.themes][-2:] == ["T8", "T9"]
    assert [task.code for task in catalogue.of_theme("T9")] == ["T3-90"]


def test_own_entries_are_checked_and_named_with_their_own_file(tmp_path: Path) -> None:
    own = written(tmp_path, tasks=example().replace('theme = "T3"', 'theme = "T9"'))
    error = refusal(HERE, own)
    assert error.params["file"] == str(own / "tasks.toml")
    assert error.params["where"] == "T3-90.theme"


def test_own_code_used_twice_is_refused(tmp_path: Path) -> None:
    error = refusal(HERE, written(tmp_path, tasks=example() + "\n" + example()))
    assert (error.params["where"], error.params["file"]) == ("T3-90", str(tmp_path / "tasks.toml"))


def test_own_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    error = refusal(HERE, tmp_path / "typo")
    assert error.params["file"] == str(tmp_path / "typo")


def test_empty_own_folder_and_empty_own_files_change_no_entry(tmp_path: Path) -> None:
    assert load_catalogue(HERE, tmp_path) == SHIPPED
    empty = load_catalogue(HERE, written(tmp_path, tasks="", themes=""))
    assert (empty.themes, empty.tasks) == (SHIPPED.themes, SHIPPED.tasks)


def test_rule_version_changes_with_the_own_files_unless_they_state_one(tmp_path: Path) -> None:
    first = load_catalogue(HERE, written(tmp_path, tasks=example())).version
    second = load_catalogue(HERE, written(tmp_path, tasks=example().replace("blue = 5", "blue = 6"))).version
    stated = load_catalogue(HERE, written(tmp_path, themes='version = "district-7"\n')).version
    assert re.fullmatch(r"2026\.1\+[0-9a-f]{8}", first)
    assert first != second
    assert stated == "district-7"
