"""View-models for tests of screens and exports: a whole district from a seed, every colour in it."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from catalogue.loader import load_catalogue
from domain import board as b
from domain.colour import Cell, Colour, FeedState, Numbers, judge
from domain.periods import end_of_day, period_end, period_start
from domain.task import Kind, Task
from domain.views import (
    Action,
    BoardView,
    CellView,
    OpenItem,
    Projection,
    Rank,
    RowPage,
    StationView,
    Strip,
    TaskView,
    ThemeView,
)

CATALOGUE = load_catalogue()
NOW = datetime(2026, 11, 20, 14, 20, 5)
MODES = ("basic", "deep", "full")
COLUMNS = ("order_id", "class_code", "assigned_at", "signed_at", "quantity")


def unit(number: int, of: int) -> b.Unit:
    """A station; a quarter basic, most deep, some full."""
    mode = MODES[0 if number < of * 6 // 23 else 1 if number < of * 21 // 23 else 2]
    return b.Unit(
        f"990109{number:06d}", f"临河{number}派出所", f"临河{number}", f"Linhe {number} Police Station",
        f"D{number % 4}", f"第{number % 4}中队", f"Squadron {number % 4}", mode, "rural", 10.1, 30.0,
    )  # fmt: skip


def feeds() -> dict[str, b.Feed]:
    """All alive but one late and one absent."""
    needed: dict[str, list[str]] = {}
    for task in CATALOGUE.active:
        needed.setdefault(task.feed, []).append(task.code)
    states = {"terminal": FeedState.ABSENT, "post": FeedState.LATE}
    found = {}
    for code, tasks in needed.items():
        state = states.get(code, FeedState.FRESH)
        last = {FeedState.FRESH: NOW, FeedState.LATE: NOW - timedelta(days=2), FeedState.ABSENT: None}[state]
        found[code] = b.Feed(code, state, last, 300, tuple(tasks))
    return found


def _numbers(task: Task, draw: random.Random) -> Numbers:
    if task.kind in (Kind.RATE, Kind.SLA):
        whole = draw.choice([0, 3, 20, 60])
        return Numbers(round(whole * min(1.0, draw.gauss(0.93, 0.06))), whole, None, draw.randint(0, 3))
    if task.thresholds and task.thresholds.relative:
        return Numbers(draw.randint(0, 30), 0, draw.choice([0, 8, 20]))
    goal = task.thresholds.blue if task.thresholds else 5
    return Numbers(float(draw.randint(0, int(goal * 1.3) + 2)), 0)


def board(stations: int = 23, *, demo: bool = True, seed: int = 1) -> b.Board:
    """A judged board."""
    states = feeds()
    lines = []
    for number in range(stations):
        draw = random.Random(seed * 1000 + number)
        cells: dict[str, Cell] = {
            task.code: judge(task, _numbers(task, draw), task.thresholds, NOW, states[task.feed].state)
            for task in CATALOGUE.active
        }
        lines.append(b.line(unit(number, stations), CATALOGUE, cells))
    return b.Board(NOW, NOW, CATALOGUE.version, demo, tuple(lines), tuple(states.values()))


def history(seed: int = 0) -> tuple[b.DayColour, ...]:
    """Thirty days, one of them unknown."""
    draw = random.Random(seed)
    colours = [*draw.choices(list(Colour), weights=[70, 18, 7, 2], k=29), None]
    first = NOW.date() - timedelta(days=29)
    return tuple(b.DayColour(first + timedelta(days=n), colour) for n, colour in enumerate(colours))


def board_view(stations: int = 23, **given: object) -> BoardView:
    """The board with strips."""
    made = board(stations, **given)  # type: ignore[arg-type]
    strips = tuple(Strip(line.unit.code, history(n)) for n, line in enumerate(made.lines))
    return BoardView(made, strips, date(2026, 10, 1))


def station_view(number: int = 6, **given: object) -> StationView:
    """One station with everything there is to show."""
    made = board(**given)  # type: ignore[arg-type]
    line = made.lines[number]
    weak = [cell for cell in line.cells if cell.colour in (Colour.RED, Colour.YELLOW)]
    steps = tuple(Action(cell.task, 2.8, cell.missing, end_of_day(NOW.date()), "王**", False) for cell in weak)
    past = {
        task.code: Projection(80.0, 90.0, 97.0, 60, Colour.YELLOW)
        for task in CATALOGUE.active
        if task.kind is not Kind.INFO
    }
    items = tuple(
        OpenItem(f"W{n}", "tracing", "上门宣教", NOW, NOW - timedelta(hours=n - 2), None, "东塘路", n < 2)
        for n in range(20)
    )
    rank = Rank(6, 15, "deep")
    return StationView(made, line, rank, past, steps, 2, history(), items, 31, frozenset({"T3-01"}))


def cell_view(code: str = "T1-01", *, rows: int = 3, number: int = 6, **page: object) -> CellView:
    """One cell with rows."""
    made = board()
    line, task = made.lines[number], CATALOGUE.task(code)
    assert task is not None
    cell = line.cell(code)
    assert cell is not None
    start = datetime.combine(period_start(task.period, NOW.date()), time.min)
    base = timedelta(days=364) if task.measure.base else None
    shown = tuple((f"CJ{n:04d}", "accident", NOW - timedelta(minutes=n), None, 1.5) for n in range(rows))
    defaults: dict[str, object] = {"total": rows, "page": 1, "size": 50, "sort": "-assigned_at", "part": "all"}
    parts = {"all": rows, "done": rows, "missed": 0, "waiting": 2}
    return CellView(
        made, line.unit, cell, start, start - base if base else None, NOW - base if base else None,
        end_of_day(period_end(task.period, NOW.date())), Projection(80, 90, 97, 60, Colour.BLUE),
        RowPage(COLUMNS, shown, parts=parts, **{**defaults, **page}), False,  # type: ignore[arg-type]
    )  # fmt: skip


def task_view(code: str = "T3-01") -> TaskView:
    """One task over all stations."""
    made = board()
    return TaskView(made, code, tuple((line.unit, cell) for line in made.lines if (cell := line.cell(code))))


def theme_view(code: str = "T1", stations: int = 23) -> ThemeView:
    """One theme over all stations."""
    made = board(stations)
    place = [theme.code for theme in CATALOGUE.themes].index(code)
    tasks = {task.code for task in CATALOGUE.of_theme(code)}
    lines = tuple(
        (line.unit, line.themes[place], tuple(cell for cell in line.cells if cell.task in tasks)) for line in made.lines
    )
    return ThemeView(made, code, lines)
