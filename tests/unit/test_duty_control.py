"""Which kind of patrol suits a place, and what an address may ask of duty advice."""

from __future__ import annotations

import pytest

from domain.duty_control import control, most_near
from domain.duty_view import Counts, DutyAsked, duty_asked
from domain.errors import BadRequest
from domain.incident_filter import Filter

HERE = (120.5, 30.0)
M = 1 / 111_320


def north(*metres: float) -> list[tuple[float, float]]:
    return [(HERE[0], HERE[1] + far * M) for far in metres]


@pytest.mark.parametrize(
    ("places", "roads", "kind"),
    [
        (north(0, 20, 50, 300, 600), ["A", "B", "C", "D", None], "point"),
        (north(0, 300), ["A", "A"], "line"),
        (north(0, 90), ["A", "B"], "point"),
        (north(0, 150, 300, 450), ["A", "A", "B", None], "line"),
        (north(0, 150, 300, 450), ["A", None, "B", None], "area"),
        (north(0), ["A"], "area"),
        (north(0, 150, 300, 450, 600, 750), ["A", "A", "B", "B", "C", "C"], "area"),
        ([], [], "area"),
        ([], ["A", "A"], "line"),
    ],
)
def test_the_kind_of_patrol_follows_how_concentrated_the_incidents_are(places, roads, kind) -> None:
    assert control(places, roads) == kind


def test_distances_are_metres_east_and_west_too() -> None:
    """At 60 degrees north a degree of longitude is half as long."""
    assert most_near([(10.0, 60.0), (10.0 + 150 * M, 60.0)]) == 2
    assert most_near([(10.0, 60.0), (10.0 + 250 * M, 60.0)]) == 1


def test_an_address_is_read_and_written_back() -> None:
    asked = duty_asked({"class": "order,accident", "include": "officer", "as_of": "2024-05-06", "page": "2"})
    assert asked == DutyAsked(("accident", "order"), True)
    assert duty_asked(asked.params()) == asked
    assert duty_asked({}).params() == {}


@pytest.mark.parametrize("args", [{"include": "everybody"}, {"class": "a b'c"}])
def test_nonsense_in_an_address_is_refused(args: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        duty_asked(args)


def test_the_advice_is_learnt_from_what_officers_did_not_find_unless_asked_otherwise() -> None:
    assert DutyAsked().filter("S1") == Filter(stations=("S1",), found="others")
    assert DutyAsked(officers=True).filter("S1") == Filter(stations=("S1",))


def test_the_share_of_officers_needs_incidents() -> None:
    assert Counts(3, 1, 0, 3).officer_share == pytest.approx(0.25)
    assert Counts(0, 0, 0, 0).officer_share is None
