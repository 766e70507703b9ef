"""Slow answers of walls: made beside the requests, kept by slot, tried again when they went wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from domain.errors import Refused
from web import wall_slow
from web.wall_slow import RETRY, Slow

NOW = datetime(2024, 5, 7, 13)
KEY = ("heat", "D1")


class Clock:
    """Seconds that go forward when told."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def slow(clock: Clock, start: Callable[[Callable[[], None]], None] = lambda work: work()) -> Slow:
    """Slow answers that are made at once."""
    return Slow(lambda: NOW, clock, start)


def test_an_answer_is_made_once_for_a_slot() -> None:
    here, made = slow(Clock()), []
    for slot in (1, 1, 2, 2, 1):
        found = here.round(1)(KEY, slot, lambda: made.append(1) or len(made))
        assert found is not None
        assert found.value == len(made)
    assert len(made) == 3


def test_answers_of_other_viewers_are_others() -> None:
    here = slow(Clock())
    assert here.round(1)(("heat", "D1"), 1, lambda: "mine").value == "mine"  # type: ignore[union-attr]
    assert here.round(1)(("heat", "D2"), 1, lambda: "yours").value == "yours"  # type: ignore[union-attr]


def test_what_went_wrong_is_told_and_tried_again_later() -> None:
    clock, tries = Clock(), []
    here = slow(clock)

    def fails() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise Refused("assessment.refused.no_rules", period="2024-05")
        return 7

    assert isinstance(here.round(1)(KEY, 1, fails).error, Refused)  # type: ignore[union-attr]
    assert isinstance(here.round(1)(KEY, 1, fails).error, Refused)  # type: ignore[union-attr]
    assert len(tries) == 1
    clock.at += 1.1 * RETRY
    assert here.round(1)(KEY, 1, fails).get() == 7  # type: ignore[union-attr]


def test_the_last_answer_stands_while_the_next_is_made() -> None:
    waiting: list[Callable[[], None]] = []
    here = slow(Clock(), waiting.append)
    assert here.round(0)(KEY, 1, lambda: "first") is None
    waiting.pop()()
    assert here.round(0)(KEY, 2, lambda: "second").value == "first"  # type: ignore[union-attr]
    assert len(waiting) == 1
    here.begin(KEY, 2, lambda: "third")
    assert len(waiting) == 1
    waiting.pop()()
    assert here.round(0)(KEY, 2, lambda: "never").value == "second"  # type: ignore[union-attr]


def test_a_picture_that_gave_up_waiting_is_seen_to_be_old_when_the_answer_comes() -> None:
    waiting: list[Callable[[], None]] = []
    here = slow(Clock(), waiting.append)
    asking = here.round(0)
    asking(KEY, 1, lambda: "first")
    assert tuple(asking.asked.values()) == here.marks(asking.asked) == (None,)
    waiting.pop()()
    assert tuple(asking.asked.values()) != here.marks(asking.asked)


def test_a_picture_keeps_the_mark_it_was_told_first() -> None:
    waiting: list[Callable[[], None]] = []
    here = slow(Clock(), waiting.append)
    asking = here.round(0)
    asking(KEY, 1, lambda: "first")
    waiting.pop()()
    asking(KEY, 1, lambda: "first")
    assert asking.asked[KEY] is None


def test_a_picture_waits_for_an_answer_that_comes_in_time() -> None:
    here, go = Slow(lambda: NOW), threading.Event()

    def makes() -> str:
        go.wait(5)
        return "done"

    here.begin(KEY, 1, makes)
    go.set()
    assert here.round(5)(KEY, 1, makes).value == "done"  # type: ignore[union-attr]


def test_questions_that_nobody_asks_any_more_are_forgotten() -> None:
    clock = Clock()
    here = slow(clock)
    for number in range(wall_slow.MOST + 5):
        clock.at += 1
        here.begin(("heat", number), 1, lambda: "x")
    assert here.last(("heat", 0), 0) is None
    assert here.last(("heat", wall_slow.MOST + 4), 0) is not None
