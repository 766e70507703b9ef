"""A wall display: what is refused, what it may read, what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.access import Role
from domain.display import Display, display_from, display_of, layout_of, scope_of
from domain.errors import BadRequest
from i18n import translator


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"name": "x" * 61}, "error.display_name"),
        ({"name": " hall"}, "error.display_name"),
        ({"name": "a\tb"}, "error.display_name"),
        ({"name": 7}, "error.display_name"),
        ({"playlist": "Command"}, "error.display_playlist"),
        ({"playlist": ""}, "error.display_playlist"),
        ({"districts": ("D1", "")}, "error.display_code"),
        ({"districts": ("D1'; --",)}, "error.display_code"),
        ({"districts": (5,)}, "error.display_code"),
        ({"station": "a b"}, "error.display_code"),
        ({"districts": tuple(f"D{n}" for n in range(41))}, "error.display_districts"),
        ({"distance": 0.4}, "error.display_distance"),
        ({"distance": 61}, "error.display_distance"),
        ({"distance": float("nan")}, "error.display_distance"),
        ({"distance": float("inf")}, "error.display_distance"),
        ({"distance": "6"}, "error.display_distance"),
        ({"distance": True}, "error.display_distance"),
        ({"height": 0}, "error.display_height"),
        ({"height": None}, "error.display_height"),
        ({"lang": "fr"}, "error.display_lang"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence_that_names_it(wrong: dict[str, Any], key: str) -> None:
    with pytest.raises(BadRequest) as refused:
        Display(**{"name": "hall", **wrong})
    assert refused.value.key == key
    for lang in ("zh", "en"):
        told = translator(lang, strict=True)(key, **refused.value.params)
        assert "{" not in told


def test_districts_are_sorted_and_said_once() -> None:
    assert Display("hall", districts=("D2", "D1", "D2")).districts == ("D1", "D2")
    assert Display("hall", districts=("D2", "D1")) == Display("hall", districts=("D1", "D2"))


@pytest.mark.parametrize(
    ("display", "stations", "districts"),
    [
        (Display("hall"), None, None),
        (Display("hall", districts=("D2", "D1")), None, ("D1", "D2")),
        (Display("hall", station="S1"), ("S1",), None),
        (Display("hall", station="S1", districts=("D1",)), ("S1",), ("D1",)),
    ],
)
def test_a_display_reads_sums_of_its_units_and_never_a_row(
    display: Display, stations: tuple[str, ...] | None, districts: tuple[str, ...] | None
) -> None:
    scope = scope_of(display)
    assert scope.role is Role.DISPLAY
    assert (scope.stations, scope.districts) == (stations, districts)
    assert not scope.sees_rows
    assert not scope.sees_personal_data


def test_the_address_of_a_preview_describes_a_display() -> None:
    assert display_from({}, "en") == Display("", lang="en")
    asked = {
        "playlist": "hall",
        "districts": "D2, D1,,",
        "station": " S1 ",
        "distance": "9",
        "height": "1.2",
        "lang": "zh",
    }
    assert display_from(asked, "en") == Display("", "hall", ("D1", "D2"), "S1", 9.0, 1.2, "zh")


@pytest.mark.parametrize(
    ("name", "value"), [("distance", "far"), ("height", "1,2"), ("lang", "xx"), ("districts", "<b>")]
)
def test_a_preview_with_a_senseless_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        display_from({name: value}, "zh")


def test_what_is_kept_gives_the_same_display() -> None:
    display = Display("hall", "hall", ("D1", "D2"), "S1", 8.5, 1.2, "en", True)
    assert display_of("hall", layout_of(display)) == display
    assert "name" not in layout_of(display)


def test_values_of_a_later_version_are_passed_over_but_a_wrong_district_is_not_turned_into_all() -> None:
    kept = layout_of(Display("hall", districts=("D1",)))
    assert display_of("hall", {**kept, "hologram": True}).districts == ("D1",)
    for wrong in ("D1", None, {"D1": 1}, ["D1", None]):
        with pytest.raises(BadRequest):
            display_of("hall", {**kept, "districts": wrong})
