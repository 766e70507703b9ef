"""The tables of `docs/tasks.md`, written from the catalogue: `python -m catalogue.document > docs/tasks.md`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

from catalogue.loader import load_catalogue
from domain.task import Base, Catalogue, Kind, Measure, Method, Task, Theme, Thresholds

COLUMNS = (
    "code",
    "中文名",
    "English",
    "kind",
    "period",
    "unit",
    "source",
    "filter",
    "clock",
    "target (blue)",
    "yellow",
    "red",
    "hard",
    "min. sample",
    "feed",
    "default",
    "evidence",
)
HEAD = """# The tasks of the daily clear board

Written from `catalogue/tasks.toml` by `python -m catalogue.document > docs/tasks.md`; a test fails
when this page and the catalogue differ. What the columns mean and how to add or change a task is in
[catalogue.md](catalogue.md). What is to be done and how (做什么 / 怎么做) stands in the catalogue and
on each station's page.

Targets are per station; a station's own target (table `task_target`) overrides them. Counts are judged
against pace while their period runs; the yellow and red columns apply at its end. A row that names no
station counts nowhere. Evidence marks: S stated by the source articles, W seen on a public web page,
P proposed here and meant to be edited.
"""
_PHRASES = {
    ("is_valid", 1): "valid",
    ("has_evidence", 1): "with evidence",
    ("is_listed", 1): "listed",
}
_SINCE = {Base.YEAR: "364 days earlier", Base.WEEK: "7 days earlier"}
_CHANGE = {Base.YEAR: "YoY", Base.WEEK: "WoW"}
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def tasks_page(catalogue: Catalogue) -> str:
    """`docs/tasks.md` as text: one table per theme, in catalogue order."""
    on, hard = len(catalogue.active), [task.code for task in catalogue.tasks if task.hard]
    total = (
        f"Rules {catalogue.version}: {len(catalogue.themes)} themes, {len(catalogue.tasks)} tasks, "
        f"{on} switched on. Hard tasks (one red holds its theme at yellow): {', '.join(hard)}.\n"
    )
    return "\n".join([HEAD, total, *(_section(theme, catalogue) for theme in catalogue.themes)])


def _section(theme: Theme, catalogue: Catalogue) -> str:
    rows = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    rows += [_line(row(task)) for task in catalogue.tasks if task.theme == theme.code]
    return "\n".join([f"## {theme.code} {theme.name('zh')} {theme.name('en')}", "", *rows, ""])


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def row(task: Task) -> list[str]:
    """One task's cells, in the order of `COLUMNS`."""
    blue, yellow, red = colours(task)
    return [
        task.code,
        task.name("zh"),
        task.name("en"),
        task.kind.value,
        task.period.value,
        task.unit,
        task.measure.source,
        filter_words(task.measure),
        clock_words(task.measure),
        blue,
        yellow,
        red,
        "hard" if task.hard else "",
        f"{task.min_sample:g}" if task.min_sample else "",
        task.feed,
        "on" if task.on else "off",
        task.evidence,
    ]


def filter_words(measure: Measure) -> str:
    """Which rows are meant: `valid, class_code = accident, status not withdrawn`."""
    words = [_is(name, wanted) for name, wanted in measure.where.items()]
    words += [f"{name} not {_value(unwanted)}" for name, unwanted in measure.where_not.items()]
    return ", ".join(words)


def _is(name: str, wanted: object) -> str:
    if wanted == "*":
        return f"{name} filled"
    phrase = None if isinstance(wanted, tuple) else _PHRASES.get((name, wanted))  # type: ignore[arg-type]
    return phrase or f"{name} = {_value(wanted)}"


def _value(wanted: object) -> str:
    return " or ".join(str(one) for one in wanted) if isinstance(wanted, tuple) else str(wanted)


def clock_words(measure: Measure) -> str:
    """What is counted and when: `assigned_at → signed_at ≤ 90 s`."""
    return _CLOCKS[measure.method](measure)


def _span(limit: timedelta | None) -> str:
    seconds = int(limit.total_seconds()) if limit else 0
    size, unit = next((size, unit) for size, unit in _UNITS if (seconds % size == 0 and seconds > size) or size == 1)
    return f"{seconds // size} {unit}"


def _counted(measure: Measure) -> str:
    return f"{f'sum of {measure.total}' if measure.total else 'rows'} by {measure.at}"


def _hit(measure: Measure) -> str:
    having = "".join(f", {_is(name, value)}" for name, value in measure.hit.items())
    return f"by {measure.at}; done when {measure.stop} filled{having}"


def _timed(measure: Measure) -> str:
    return f"{measure.start} → {measure.stop} ≤ {measure.due or _span(measure.limit)}"


_CLOCKS: dict[Method, Callable[[Measure], str]] = {
    Method.COUNT: _counted,
    Method.RATIO: lambda m: f"Σ numerator / Σ denominator by {m.at}",
    Method.LATEST: lambda m: f"last numerator / denominator by {m.at}",
    Method.HIT: _hit,
    Method.CLOCK: _timed,
    Method.OVERDUE: lambda m: f"since {m.start}, {m.stop} empty and now > {m.due}",
    Method.CHANGE: lambda m: f"rows by {m.at} against {_SINCE[m.base or Base.YEAR]}",
    Method.STANDING: lambda m: "codes valid now",
    Method.DOWNGRADE: lambda m: "lower colour now / red or yellow at the period's start",
}


def colours(task: Task) -> tuple[str, str, str]:
    """Target, yellow and red in words: `≥95`, `90–<95`, `<90`; dashes where nothing is judged."""
    limits = task.thresholds
    if limits is None or task.kind is Kind.INFO:
        return "—", "—", "—"
    if limits.relative:
        return _change_colours(limits, _CHANGE[task.measure.base or Base.YEAR])
    if task.kind is Kind.CEILING:
        return f"≤{limits.blue:g}", f"≤{limits.yellow:g}", f">{limits.yellow:g}"
    return f"≥{limits.blue:g}", f"{limits.yellow:g}–<{limits.blue:g}", f"<{limits.yellow:g}"


def _change_colours(limits: Thresholds, name: str) -> tuple[str, str, str]:
    best, worst = f"{limits.blue:g}", f"{limits.yellow:+g} %"
    return f"{name} ≤{best}", f"{best}<{name}≤{worst}", f"{name}>{worst}"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(tasks_page(load_catalogue()))
