"""The catalogue: what ships, and what is refused and how it is said."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import schema
from catalogue.loader import HERE, checked, duration, load_catalogue
from data_access.facts.predicates import check_columns
from domain.errors import CatalogueError
from domain.task import Kind

SHIPPED = load_catalogue()
OFF = {"T1-05", "T1-10", "T2-05", "T3-07", "T4-04", "T5-04", "T5-05", "T6-05", "T6-06", "T7-05", "T8-04"}
HARD = {"T1-01", "T2-03", "T7-03", "T8-03"}
KINDS = {"COUNT": "count", "RATE_GE": "rate", "CEILING": "ceiling", "SLA": "sla", "INFO": "info"}
UNITS = {
    "percent": {"%"},
    "incidents": {"起"},
    "items": {"件"},
    "sessions": {"场"},
    "shifts": {"班次"},
    "persons": {"人次"},
    "vehicles": {"辆"},
    "times": {"次"},
    "places": {"处"},
    "villages": {"个"},
}

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the catalogue in which `old` is replaced by `new` once."""

    def make(old: str = "", new: str = "", *, file: str = "tasks.toml", encoding: str = "utf-8") -> Path:
        for name in ("themes.toml", "tasks.toml"):
            shutil.copy(HERE / name, tmp_path / name)
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert old in text, f"the test changes {old!r}, which is not in {file}"
        (tmp_path / file).write_bytes(text.replace(old, new, 1).encode(encoding))
        return tmp_path

    return make


def refusal(folder: Path, overrides: Path | None = None) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, overrides)
    assert caught.value.key == "error.catalogue"
    return caught.value


# --- what ships ---------------------------------------------------------------------------------


def test_ships_eight_themes_and_forty_seven_tasks_of_which_thirty_six_are_on() -> None:
    assert [theme.code for theme in SHIPPED.themes] == [f"T{n}" for n in range(1, 9)]
    assert (len(SHIPPED.tasks), len(SHIPPED.active)) == (47, 36)
    assert {task.code for task in SHIPPED.tasks if not task.on} == OFF
    assert {task.code for task in SHIPPED.tasks if task.hard} == HARD


def domain_rows() -> list[dict[str, str]]:
    """The table of tasks as the domain reference prints it."""
    with (Path(__file__).parent / "data" / "domain_tasks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def limits_as_printed(row: dict[str, str]) -> tuple[float, float] | None:
    """The worst blue and the worst yellow value of a printed row: `≥95`, `90–<95` is (95, 90)."""
    target, yellow = (re.findall(r"\d+", row[name]) for name in ("target", "yellow"))
    if row["kind"] == "INFO":
        return None
    return float(target[0]), float(yellow[-1] if row["kind"] == "CEILING" else yellow[0])


@pytest.mark.parametrize("row", domain_rows(), ids=lambda row: row["code"])
def test_task_agrees_with_the_domain_reference(row: dict[str, str]) -> None:
    task = SHIPPED.task(row["code"])
    assert task is not None
    assert (task.kind, task.period) == (KINDS[row["kind"]], row["period"])
    assert row["unit"] in UNITS[task.unit]
    assert task.on == (row["default_on"] == "1")
    assert task.names["zh"] == row["zh"]
    printed = limits_as_printed(row)
    assert (task.thresholds and (task.thresholds.blue, task.thresholds.yellow)) == printed
    assert (task.thresholds is not None and task.thresholds.relative) == ("YoY" in row["target"] + row["yellow"]) | (
        "WoW" in row["target"]
    )


def test_the_domain_reference_and_the_catalogue_list_the_same_tasks_in_the_same_order() -> None:
    assert [task.code for task in SHIPPED.tasks] == [row["code"] for row in domain_rows()]


CLOCKS = {
    "T1-01": ("assigned_at", "signed_at", timedelta(seconds=90)),
    "T1-02": ("assigned_at", "arrived_at", timedelta(minutes=5)),
    "T1-03": ("assigned_at", "first_feedback_at", timedelta(hours=5)),
    "T1-04": ("assigned_at", "closed_at", timedelta(hours=22)),
    "T2-01": ("created_at", "signed_at", timedelta(hours=4)),
    "T7-03": ("created_at", "surveyed_at", timedelta(hours=24)),
    "T7-04": ("created_at", "planned_at", timedelta(hours=48)),
}


@pytest.mark.parametrize("code", CLOCKS)
def test_clock_starts_stops_and_runs_as_the_domain_reference_says(code: str) -> None:
    task = SHIPPED.task(code)
    assert task is not None
    assert (task.measure.start, task.measure.stop, task.measure.limit) == CLOCKS[code]


def test_every_column_a_shipped_task_names_exists() -> None:
    check_columns(SHIPPED)


def test_incident_ceilings_read_the_incident_table_only() -> None:
    assert {SHIPPED.task(f"T1-0{n}").measure.source for n in (5, 6, 7, 8)} == {"incident"}  # type: ignore[union-attr]


def test_violation_counts_are_information_without_thresholds_and_say_why() -> None:
    for code in ("T5-04", "T5-05"):
        task = SHIPPED.task(code)
        assert task is not None
        assert (task.kind, task.thresholds, task.on) == (Kind.INFO, None, False)
        assert "第八十六条" in task.guide["zh_how"]
        assert "rticle 86" in task.guide["en_how"]


@pytest.mark.parametrize("task", SHIPPED.tasks, ids=lambda task: task.code)
def test_guide_says_what_in_one_sentence_and_how_in_numbered_steps(task) -> None:  # type: ignore[no-untyped-def]
    guide = task.guide
    assert guide["zh_what"].endswith("。")
    assert guide["zh_what"].count("。") == 1
    assert guide["en_what"].endswith(".")
    steps = {lang: guide[f"{lang}_how"].split("\n") for lang in ("zh", "en")}
    assert len(steps["zh"]) == len(steps["en"])
    for lines in steps.values():
        assert 2 <= len(lines) <= 4
        assert [line[:3] for line in lines] == [f"{n}. " for n in range(1, len(lines) + 1)]
    if task.kind is not Kind.INFO:
        assert "最常见的失分原因：" in guide["zh_how"]
        assert "Commonest failure:" in guide["en_how"]


def test_guides_never_speak_of_kpi() -> None:
    texts = [(task.code, text) for task in SHIPPED.tasks for text in task.guide.values()]
    assert not [code for code, text in texts if re.search(r"\bKPI", text, flags=re.IGNORECASE)]


# --- what is refused ----------------------------------------------------------------------------

WRONG = {
    "unknown key": ("hard = true", "hardd = true", "T1-01.hardd", ["'hardd'", "did you mean hard?", "min_sample"]),
    "missing key": ('period = "day"\n', "", "T1-01.period", ["this key is missing"]),
    "wrong kind": ('kind = "sla"', 'kind = "fast"', "T1-01.kind", ["'fast'", "'ceiling'"]),
    "wrong source": (
        'source = "dispatch_order"',
        'source = "dispatch"',
        "T1-01.measure.source",
        ["'dispatch'", "'work_record'"],
    ),
    "unknown theme": ('theme = "T1"', 'theme = "T9"', "T1-01.theme", ["'T9'", "T1, T2"]),
    "duplicate code": ('code = "T1-02"', 'code = "T1-01"', "T1-01", ["2 times"]),
    "code of a theme": ('code = "T1-02"', 'code = "T1"', "T1.code", ["'T1'", "taken"]),
    "reserved code": ('code = "T1-02"', 'code = "station"', "station.code", ["'station'", "taken"]),
    "bad duration": ('limit = "90s"', 'limit = "90 sec"', "T1-01.measure.limit", ["'90 sec'", "22h"]),
    "bare number as duration": ('limit = "90s"', "limit = 90", "T1-01.measure.limit", ["90", "22h"]),
    "zero duration": ('limit = "90s"', 'limit = "0s"', "T1-01.measure.limit", ["'0s'"]),
    "endless duration": ('limit = "90s"', 'limit = "9999999999999d"', "T1-01.measure.limit", ["'9999999999999d'"]),
    "missing column": ('stop = "signed_at"\n', "", "T1-01.measure", ["method clock needs stop"]),
    "no deadline": ('limit = "90s"\n', "", "T1-01.measure", ["either limit or due"]),
    "two deadlines": ('limit = "90s"', 'limit = "90s"\ndue = "closed_at"', "T1-01.measure", ["not both"]),
    "idle key": ('limit = "90s"', 'limit = "90s"\ntotal = "x"', "T1-01.measure", ["does not use total"]),
    "method of another source": ('method = "clock"', 'method = "ratio"', "T1-01.measure", ["sample only"]),
    "method of another kind": ('kind = "sla"', 'kind = "count"', "T1-01", ["kind count", "method clock"]),
    "yellow stricter": ("blue = 95, yellow = 90", "blue = 90, yellow = 95", "T1-01", ["yellow 95", "blue 90"]),
    "yellow stricter ceiling": ("blue = 0, yellow = 1 ", "blue = 2, yellow = 1 ", "T1-08", ["yellow 1", "blue 2"]),
    "no thresholds": ("thresholds = { blue = 95, yellow = 90 }\n", "", "T1-01", ["needs thresholds"]),
    "percentage over 100": ("blue = 95,", "blue = 950,", "T1-01", ["950", "0..100"]),
    "rate that is no percentage": ('unit = "percent"', 'unit = "items"', "T1-01", ["'items'", '"percent"']),
    "change not relative": ("relative = true, ", "", "T1-05", ["relative"]),
    "not a number": ("blue = 95,", "blue = nan,", "T1-01.thresholds.blue", ["nan", "finite"]),
    "text as number": ("blue = 95,", 'blue = "many",', "T1-01.thresholds.blue", ["'many'"]),
    "fraction in a filter": ("is_valid = 1,", "is_valid = 1.5,", "T1-01.measure.where.is_valid", ["1.5"]),
    "empty list in a filter": ("is_valid = 1,", "is_valid = [],", "T1-01.measure.where.is_valid", ["[]"]),
    "misspelt language": ('zh = "交', 'cn = "交', "T1-01.names.cn", ["'cn'", "zh, en", "1 more"]),
    "entry without code": ('code = "T1-02"\n', "", "task.no. 2.code", ["this key is missing"]),
    "blank in a code": ('code = "T1-02"', 'code = "T1 02"', "T1 02.code", ["'T1 02'"]),
    "syntax error": ('code = "T1-02"', 'code = "T1-02', "syntax", ["line "]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_task_is_refused_with_file_key_and_value(name: str, folder: Folder) -> None:
    old, new, where, words = WRONG[name]
    error = refusal(folder(old, new))
    assert Path(str(error.params["file"])).name == "tasks.toml"
    assert error.params["where"] == where
    assert not [word for word in words if word not in str(error)]


def test_wrong_theme_file_is_named(folder: Folder) -> None:
    error = refusal(folder('version = "2026.1"\n', "", file="themes.toml"))
    assert Path(str(error.params["file"])).name == "themes.toml"
    assert error.params["where"] == "version"


def test_theme_code_used_twice_is_refused(folder: Folder) -> None:
    error = refusal(folder('code = "T2"', 'code = "T1"', file="themes.toml"))
    assert (Path(str(error.params["file"])).name, error.params["where"]) == ("themes.toml", "T1")


def test_file_in_a_legacy_encoding_is_refused_with_line_and_byte(folder: Folder) -> None:
    error = refusal(folder(encoding="gb18030"))
    assert error.params["where"] == "encoding"
    assert re.search(r"line \d+: byte 0x[0-9a-f]{2} is not UTF-8", str(error))


def test_byte_order_mark_does_no_harm(folder: Folder) -> None:
    assert load_catalogue(folder(encoding="utf-8-sig")).tasks == SHIPPED.tasks


def test_missing_file_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert error.params["where"] == "file"
    assert "themes.toml" in str(error)


def test_files_of_the_program_are_named_without_their_folder() -> None:
    with pytest.raises(CatalogueError) as caught:
        checked(schema.ThemesFile, {"version": "", "theme": []}, HERE / "themes.toml")
    assert str(caught.value).startswith("themes.toml: version: ")


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("22h", 79200), ("3 d", 259200)])
def test_duration(text: str, seconds: int) -> None:
    assert duration(text).total_seconds() == seconds
