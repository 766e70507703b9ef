"""What is kept with a stamp, and what is made later: the same answers as if nothing were kept."""

from __future__ import annotations

import copy
import pickle

from domain.assessment import score_month
from domain.assessment_core import marks, stacked
from domain.assessment_inputs import Amount
from domain.assessment_notes import notes_of, quiet
from domain.later import Later
from services.kept import Kept
from tests.support import assessed as a


def test_an_answer_counts_as_long_as_its_stamp_is_equal() -> None:
    kept: Kept[str] = Kept(2)
    assert kept.made("a", (1, {"x": 2}), lambda: "first") == "first"
    assert kept.made("a", (1, {"x": 2}), lambda: "second") == "first"
    assert kept.find("a", (1, {"x": 3})) is None
    assert kept.made("a", (1, {"x": 3}), lambda: "third") == "third"
    assert kept.find("a", (1, {"x": 2})) is None


def test_what_was_not_asked_for_the_longest_is_forgotten() -> None:
    kept: Kept[int] = Kept(2)
    kept.keep("a", 0, 1)
    kept.keep("b", 0, 2)
    assert kept.find("a", 0) == 1
    kept.keep("c", 0, 3)
    assert [kept.find(key, 0) for key in "abc"] == [1, None, 3]


def test_a_later_tuple_is_made_once_and_is_like_the_tuple() -> None:
    made = []

    def make() -> tuple[int, ...]:
        made.append(1)
        return 1, 2, 3

    later = Later(make)
    assert made == []
    assert (later[0], later[1:], len(later), list(later), repr(later)) == (1, (2, 3), 3, [1, 2, 3], "(1, 2, 3)")
    assert later == (1, 2, 3) == later
    assert later == Later(lambda: (1, 2, 3))
    assert later != (1, 2)
    assert hash(later) == hash((1, 2, 3))
    assert pickle.loads(pickle.dumps(later)) == (1, 2, 3)
    assert type(copy.deepcopy(later)) is tuple
    assert made == [1]


def test_where_nothing_is_said_beside_an_indicator_its_notes_are_empty() -> None:
    few, none = Amount(8, 9), Amount(0, 0)
    stations = (
        a.worked("S1"),
        a.worked("S2", now={"helmets": few, "slots": none}),
        a.worked("S3", without=("visits", "built")),
        a.worked(
            "S4", now={"visits": none, "lowered": none}, base={"accidents": Amount(0), "accidents_year": Amount(0)}
        ),
        a.worked("S5", residents_10k=None),
    )
    for pace in (1.0, 0.3):
        inputs = a.month(*stations, pace=pace)
        stack = stacked(inputs.stations, a.RULES, pace)
        found = marks(stack, a.RULES, [one.mode for one in stations])
        for one in a.RULES.indicators:
            xs = [found.x[one.code, part.code] for part in one.parts]
            said = [notes_of(one, [float(x[at]) for x in xs], station, a.RULES, pace=pace)
                    for at, station in enumerate(stations)]  # fmt: skip
            assert quiet(one, xs, stack, a.RULES).tolist() == [not notes for notes in said]
            assert [score.indicator(one.code).notes for score in score_month(inputs, a.RULES)] == said  # type: ignore[union-attr]
