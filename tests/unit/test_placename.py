"""Naming a place after its addresses."""

from __future__ import annotations

import random

import pytest

from domain.placename import Address, PlaceName, place_name


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([], PlaceName()),
        ([(None, None, None), ("", " ", None)], PlaceName()),
        ([("A", "B", "x"), ("B", "A", "y")], PlaceName("junction", "A", "B")),
        ([("B", "A", "x"), ("B", "A", "y")], PlaceName("junction", "B", "A")),
        ([("A", "B", None), ("A", "C", None), ("A", None, None)], PlaceName("road", "A")),
        ([("A", "A", None)], PlaceName("road", "A")),
        ([("A", None, "7"), ("B", None, "7"), ("C", None, "8")], PlaceName("address", "7")),
        ([(" A  B ", None, None)], PlaceName("road", "A B")),
        ([("A", None, None), ("B", None, None), ("C", None, None)], PlaceName()),
    ],
)
def test_names(rows: list[Address], named: PlaceName) -> None:
    assert place_name(rows) == named


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows: list[Address] = [("A", "B", "1"), ("B", "A", "2"), ("A", None, "3"), ("C", "D", "1"), ("D", "C", "9")]
    names = set()
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        names.add(place_name(rows))
    assert len(names) == 1
