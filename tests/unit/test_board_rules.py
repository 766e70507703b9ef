"""From cells to themes and stations: the mean, its edges, hard tasks, grey (DOMAIN 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.board import Summary, Unit, line, summarise
from domain.colour import Cell, Colour, Reason
from domain.task import Catalogue, Kind, Measure, Method, Period, Task, Theme

MEASURE = Measure("work_record", Method.COUNT, at="at")
BLUE, YELLOW, RED, GREY = Colour.BLUE, Colour.YELLOW, Colour.RED, Colour.GREY
ORDER = [RED, YELLOW, BLUE]
UNIT = Unit("S1", "S1", "S1", "S1", None, None, None, None, None)


def task(code: str, *, hard: bool = False, weight: float = 1, theme: str = "A", on: bool = True) -> Task:
    return Task(code, theme, Kind.COUNT, Period.DAY, "items", MEASURE, "feed", hard=hard, weight=weight, on=on)


def cell(code: str, colour: Colour, reason: Reason | None = None) -> Cell:
    why = (reason or Reason.NO_TASK) if colour is GREY else None
    return Cell(code, colour, why, 1, 1, 1, None, 1, 1)


def summed(colours: Sequence[Colour], *, hard: Sequence[int] = (), weights: Sequence[float] = ()) -> Summary:
    tasks = [task(f"A-{n}", hard=n in hard, weight=weights[n] if weights else 1) for n in range(len(colours))]
    return summarise("A", tasks, {f"A-{n}": cell(f"A-{n}", colour) for n, colour in enumerate(colours)})


@pytest.mark.parametrize(
    ("colours", "colour", "score"),
    [
        ([BLUE], BLUE, 1),
        ([YELLOW], YELLOW, 0.6),
        ([RED], RED, 0),
        ([BLUE] * 17 + [RED] * 3, BLUE, 0.85),
        ([BLUE] * 33 + [RED] * 6, YELLOW, 33 / 39),
        ([BLUE] * 5 + [YELLOW] * 3, BLUE, 0.85),
        ([BLUE] * 3 + [RED] * 2, YELLOW, 0.6),
        ([BLUE] * 59 + [RED] * 41, RED, 0.59),
        ([YELLOW] * 7, YELLOW, 0.6),
        ([BLUE, GREY, GREY], BLUE, 1),
    ],
)
def test_the_mean_of_the_coloured_decides(colours: list[Colour], colour: Colour, score: float) -> None:
    found = summed(colours)
    assert found.colour is colour
    assert found.score == pytest.approx(score)


def test_weights_count() -> None:
    assert summed([BLUE, RED], weights=[17, 3]).colour is BLUE
    assert summed([BLUE, RED], weights=[1, 9]).colour is RED
    assert summed([BLUE, RED], weights=[0, 0]).score == 0


def test_one_red_hard_task_holds_at_yellow() -> None:
    found = summed([BLUE] * 9 + [RED], hard=[9])
    assert (found.colour, found.held) == (YELLOW, True)
    assert not summed([BLUE] * 9 + [RED]).held
    assert summed([BLUE] * 9 + [YELLOW], hard=[9]).colour is BLUE
    assert summed([RED] * 9 + [BLUE], hard=[0]).colour is RED
    assert not summed([BLUE, RED], hard=[1]).held


def test_grey_is_left_out_and_counted() -> None:
    found = summed([BLUE, YELLOW, RED, GREY, GREY])
    assert (found.done, found.total, found.yellow, found.red, found.grey) == (1, 3, 1, 1, 2)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([Reason.NO_TASK, Reason.DATA_LATE, Reason.NO_DATA], Reason.DATA_LATE),
        ([Reason.INFO, Reason.NO_DATA], Reason.NO_DATA),
        ([Reason.SMALL_SAMPLE, Reason.IN_PROGRESS], Reason.IN_PROGRESS),
        ([Reason.NO_TASK, Reason.SMALL_SAMPLE], Reason.SMALL_SAMPLE),
        ([], Reason.NO_TASK),
    ],
)
def test_all_grey_is_grey_with_the_gravest_reason(reasons: list[Reason], told: Reason) -> None:
    tasks = [task(f"A-{n}") for n in range(len(reasons))]
    cells = {f"A-{n}": cell(f"A-{n}", GREY, reason) for n, reason in enumerate(reasons)}
    found = summarise("A", tasks, cells)
    assert (found.colour, found.reason, found.score, found.total) == (GREY, told, None, 0)


colours = st.lists(st.sampled_from([BLUE, YELLOW, RED, GREY]), min_size=1, max_size=30)


@given(colours=colours, seed=st.integers(0, 99), hard=st.sets(st.integers(0, 5)))
def test_the_order_of_the_tasks_changes_nothing(colours: list[Colour], seed: int, hard: set[int]) -> None:
    tasks = [task(f"A-{n}", hard=n in hard, weight=1 + n % 3) for n in range(len(colours))]
    cells = {one.code: cell(one.code, colour) for one, colour in zip(tasks, colours, strict=True)}
    shuffled = Random(seed).sample(tasks, len(tasks))
    found, other = summarise("A", tasks, cells), summarise("A", shuffled, cells)
    assert (other.colour, other.done, other.grey, other.held) == (found.colour, found.done, found.grey, found.held)
    assert other.score == pytest.approx(found.score) if found.score is not None else other.score is None


@given(colours=colours, greys=st.integers(1, 9))
def test_grey_never_counts(colours: list[Colour], greys: int) -> None:
    found, more = summed(colours), summed([*colours, *[GREY] * greys])
    assert (more.colour, more.score, more.done, more.total) == (found.colour, found.score, found.done, found.total)
    assert more.grey == found.grey + greys


@given(colours=colours, place=st.integers(0, 29), hard=st.sets(st.integers(0, 29)))
def test_a_better_cell_never_makes_the_whole_worse(colours: list[Colour], place: int, hard: set[int]) -> None:
    place %= len(colours)
    if colours[place] in (GREY, BLUE):
        return
    better = [*colours]
    better[place] = ORDER[ORDER.index(colours[place]) + 1]
    before, after = summed(colours, hard=sorted(hard)), summed(better, hard=sorted(hard))
    assert ORDER.index(after.colour) >= ORDER.index(before.colour)
    assert (after.score or 0) >= (before.score or 0)


def test_a_line_has_every_theme_and_every_active_task() -> None:
    tasks = (task("A-1"), task("B-1", theme="B"), task("B-2", theme="B", on=False))
    themes = (Theme("A", {}), Theme("B", {}), Theme("C", {}))
    rules = Catalogue("1", themes, tasks)
    found = line(UNIT, rules, {"A-1": cell("A-1", BLUE), "B-1": cell("B-1", RED)})
    assert [(theme.subject, theme.colour) for theme in found.themes] == [("A", BLUE), ("B", RED), ("C", GREY)]
    assert [one.task for one in found.cells] == ["A-1", "B-1"]
    assert (found.overall.colour, found.overall.score) == (RED, 0.5)
    assert found.cell("B-1") is found.cells[1]
    assert found.cell("B-2") is None
