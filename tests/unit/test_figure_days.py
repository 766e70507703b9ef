"""Figures of days: what they know, and how days of different stations and kinds are put together."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from domain.figure_days import FigureDays, aligned

FIRST, FIGURES = date(2024, 5, 1), 2
KINDS = (("accident", "minor"), ("order", "parking"), ("other", ""))
CODES = ("S1", "S2", "S3", "")


def figures(values: Any, stations: tuple[str, ...] = CODES, kinds: tuple[tuple[str, str], ...] = KINDS) -> FigureDays:
    return FigureDays(FIRST, stations, kinds, FIGURES, np.asarray(values))


@st.composite
def some(draw: st.DrawFn, days: int = 3) -> FigureDays:
    stations = tuple(draw(st.lists(st.sampled_from(CODES), unique=True)))
    kinds = tuple(draw(st.lists(st.sampled_from(KINDS), unique=True)))
    shape = (days, len(stations), FIGURES + len(kinds))
    counts = st.one_of(st.just(0), st.integers(0, 3))
    return figures(draw(hnp.arrays(np.uint16, shape, elements=counts)), stations, kinds)


def named(found: FigureDays) -> dict[tuple[str, object], list[int]]:
    """(station, figure or kind) -> its counts by day, those that are not all 0."""
    columns = [*range(found.figures), *found.kinds]
    listed = {
        (code, column): found.values[:, row, at].tolist()
        for row, code in enumerate(found.stations)
        for at, column in enumerate(columns)
    }
    return {name: counts for name, counts in listed.items() if any(counts)}


@given(some(), st.one_of(st.none(), st.sets(st.sampled_from(CODES))))
def test_held_is_what_the_stations_have_and_knows_nothing_else(found: FigureDays, stations: set[str] | None) -> None:
    held = found.held(stations)
    mine = {name: counts for name, counts in named(found).items() if stations is None or name[0] in stations}
    assert named(held) == mine
    assert set(held.stations) == {code for code, _ in mine}
    assert set(held.kinds) == {column for _, column in mine if not isinstance(column, int)}
    assert (held.first, held.days, held.figures) == (found.first, found.days, found.figures)


@given(some(), some(days=1), some(days=1))
def test_a_wider_one_has_the_same_counts_and_place_for_those_of_its_parts(
    found: FigureDays, one: FigureDays, other: FigureDays
) -> None:
    wide = found.wider([one, other])
    assert named(wide) == named(found)
    assert wide.stations[: len(found.stations)] == found.stations and wide.kinds[: len(found.kinds)] == found.kinds
    for part in (one, other):
        placed = FigureDays(FIRST, wide.stations, wide.kinds, FIGURES, aligned(part, wide))
        assert named(placed) == named(part)


def test_two_are_equal_when_everything_in_them_is() -> None:
    values = np.arange(60).reshape(3, 4, 5)
    assert figures(values) == figures(values.astype(np.uint16))
    changed = values.copy()
    changed[1, 2, 3] += 1
    assert figures(values) != figures(changed)
    assert figures(values) != figures(values, stations=("S1", "S2", "S4", ""))
    assert figures(values) != figures(values, kinds=(*KINDS[:2], ("other", "asking")))
    assert figures(values) != figures(values[:2])
    assert figures(values) != "figures"
