"""The monthly assessment: the worked example, the edges of every curve, and what must hold for any numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment import colour_of, curve, score_month
from domain.assessment_inputs import Amount, StationInputs, digest
from domain.assessment_rules import BLOCKS, MODES
from domain.assessment_score import State, StationScore, between
from domain.colour import Colour
from domain.rounding import half_up
from tests.support import assessed as a

CURVES = {(one.code, part.code): part.points for one in a.RULES.indicators for part in one.parts}


def scored(*stations: StationInputs, pace: float = 1.0) -> tuple[StationScore, ...]:
    return score_month(a.month(*stations, pace=pace), a.RULES)


def alone(**given: object) -> StationScore:
    return scored(a.worked(**given))[0]


def notes(score: StationScore, code: str) -> set[tuple[str, str]]:
    return {(note.code, note.subject) for note in score.indicator(code).notes}  # type: ignore[union-attr]


# the worked example -----------------------------------------------------------------------------


def test_the_worked_example_gives_84_64() -> None:
    score = alone()
    assert {one.code: str(half_up(one.points or 0, 2)) for one in score.indicators} == a.POINTS
    assert half_up(score.total or 0, 2) == Decimal(a.TOTAL)
    assert score.total == pytest.approx(84.64, abs=1e-9)
    assert (score.colour, score.rank, score.of, score.complete) == (Colour.YELLOW, 1, 1, True)
    assert {one.state for one in score.indicators} == {State.SCORED}


def test_an_indicator_carries_the_numbers_it_was_made_of() -> None:
    score = alone()
    o1, o2, p1, p4 = (score.indicator(code) for code in ("O1", "O2", "P1", "P4"))
    assert (o1.numerator, o1.denominator, o1.value, o1.base) == (182, 10, pytest.approx(18.2), pytest.approx(20))
    assert o1.parts[0].x == pytest.approx(0.91)
    assert (o2.numerator, o2.value, o2.base, o2.parts[0].x) == (95, 95, 100, pytest.approx(-0.05))
    assert [(part.code, part.x, part.got) for part in p1.parts] == [
        ("built", 0.9, pytest.approx(0.75)),
        ("running", 0.86, pytest.approx(0.8)),
    ]
    assert (p1.value, p1.numerator) == (None, None)
    assert (p4.numerator, p4.denominator, p4.value) == (5, 20, 0.25)
    assert [line.code for line in p4.sources] == ["lowered", "raised"]
    assert o1.lost == pytest.approx(2.4)


# curves -----------------------------------------------------------------------------------------

EDGES = [
    (("O1", "rate"), [(0, 1), (0.85, 1), (0.91, 0.84), (1, 0.6), (1.1, 0.3), (1.2, 0), (9, 0)]),
    (("O2", "change"), [(-1, 1), (-0.1, 1), (-0.05, 0.8), (0, 0.6), (0.075, 0.3), (0.15, 0), (3, 0)]),
    (("P1", "built"), [(0, 0), (0.6, 0), (0.9, 0.75), (1, 1)]),
    (("P1", "running"), [(0.5, 0), (0.86, 0.8), (0.95, 1), (1, 1)]),
    (("P2", "helmets"), [(0.6, 0), (0.7, 0.3), (0.8, 0.6), (0.88, 0.92), (0.9, 1), (1, 1)]),
    (("P3", "slots"), [(0.5, 0), (0.65, 0.3), (0.8, 0.6), (0.85, 0.8), (0.9, 1)]),
    (("P4", "codes"), [(-1, 0), (-0.1, 0), (-0.05, 0.2), (0, 0.4), (0.25, 0.9), (0.3, 1), (1, 1)]),
    (("P5", "enterprise"), [(0.6, 0), (0.75, 0.4), (0.9, 0.8), (0.95, 0.9), (1, 1)]),
    (("P6", "reported"), [(0, 0), (0.8, 0.8), (1, 1), (2, 1)]),
    (("P6", "timely"), [(0.7, 0), (0.85, 0.6), (0.9, 0.8), (0.95, 1)]),
    (("P7", "people"), [(0, 0), (0.4, 0.35), (0.8, 0.7), (0.9, 0.85), (1, 1), (3, 1)]),
]


@pytest.mark.parametrize(
    ("key", "points"), EDGES, ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_the_edges_of_the_curves(key: tuple[str, str], points: list[tuple[float, float]]) -> None:
    for x, share in points:
        assert float(curve(CURVES[key], x)) == pytest.approx(share, abs=1e-12), x


def test_every_curve_is_in_the_table_of_edges() -> None:
    assert {key for key, _ in EDGES} | {("P7", "sessions")} == set(CURVES)
    assert CURVES["P7", "sessions"] == CURVES["P7", "people"]


def test_a_curve_takes_arrays_and_keeps_no_data_as_no_data() -> None:
    found = curve(((0.0, 0.0), (1.0, 1.0)), np.array([[0.25, np.nan], [np.inf, -np.inf]]))
    assert found.tolist()[0][0] == 0.25 and np.isnan(found[0, 1])
    assert found.tolist()[1] == [1.0, 0.0]


# no data ----------------------------------------------------------------------------------------


def test_an_indicator_without_data_gives_its_points_to_its_block() -> None:
    score = alone(residents_10k=None)
    o1, o2 = score.indicator("O1"), score.indicator("O2")
    assert (o1.state, o1.points, o1.weight, o1.full) == (State.NO_DATA, None, 0, 15)
    assert notes(score, "O1") == {("no_residents", "")}
    assert (o2.state, o2.weight, o2.points) == (State.RESCALED, 30, pytest.approx(24))
    assert score.blocks[0].missing == ("O1",)
    assert score.total == pytest.approx(24 + 84.64 - 12.6 - 12)


def test_process_is_rescaled_to_its_seventy() -> None:
    score = alone(without=("helmets", "slots"))
    weights = [one.weight for one in score.indicators if one.block == "process"]
    assert sum(weights) == pytest.approx(70)
    assert score.indicator("P4").weight == pytest.approx(10 * 70 / 46)
    assert score.blocks[1].missing == ("P2", "P3")


def test_a_block_without_any_data_leaves_no_total_and_no_rank() -> None:
    process = [one for one in a.WORKED if not one.startswith("accidents")]
    score, other = scored(a.worked(without=process), a.worked("S2"))
    assert (score.total, score.shown, score.colour, score.rank) == (None, None, Colour.GREY, None)
    assert score.known == (pytest.approx(24.6), 30)
    assert (other.rank, other.of) == (1, 1)


def test_a_part_without_data_leaves_its_share_to_the_other_part() -> None:
    score = alone(without=("running",))
    p1 = score.indicator("P1")
    assert [part.share for part in p1.parts] == [1, 0]
    assert p1.points == pytest.approx(10 * 0.75)
    assert notes(score, "P1") == {("part_missing", "running"), ("no_rows", "running")}


def test_a_mean_leaves_out_rates_without_data_and_says_so() -> None:
    score = alone(without=("training",), now={"rectified": Amount(0, 0), "visits": Amount(85, 100)})
    assert score.indicator("P5").value == pytest.approx(0.9)
    assert notes(score, "P5") == {
        ("source_missing", "training"),
        ("no_task", "rectified"),
        ("below_sample", "rectified"),
    }


def test_the_reason_that_is_known_is_told() -> None:
    score = alone(without=("slots",), missing={"slots": "silent"})
    assert notes(score, "P3") == {("silent", "slots")}
    assert notes(alone(base={"accidents": None}, without=()), "O2") == {("no_base", "accidents")}


def test_nothing_due_is_no_data_and_not_zero() -> None:
    score = alone(now={"slots": Amount(0, 0)})
    assert score.indicator("P3").state is State.NO_DATA
    assert notes(score, "P3") == {("no_task", "slots")}


# single rules -----------------------------------------------------------------------------------


def test_small_stations_are_pulled_towards_the_district() -> None:
    """r = (a + R) / (n + 1): with 2.35 residents a third of the rate is the district's."""
    small = a.worked(residents_10k=2.35, now={"accidents_year": Amount(10)}, base={"accidents_year": Amount(20)})
    large = a.worked(
        "S2", residents_10k=20.0, now={"accidents_year": Amount(400)}, base={"accidents_year": Amount(400)}
    )
    score = scored(small, large)[0].indicator("O1")
    rate, base = 410 / 22.35, 420 / 22.35
    assert score.value == pytest.approx((10 + rate) / 3.35)
    assert score.base == pytest.approx((20 + base) / 3.35)
    assert score.parts[0].x == pytest.approx((10 + rate) / (20 + base))


def test_another_district_pulls_nobody() -> None:
    mine = a.worked()
    far = a.worked("S2", district="D2", now={"accidents_year": Amount(9000)})
    assert scored(mine, far)[0].points("O1") == pytest.approx(alone().points("O1"))


def test_too_few_helmets_lose_in_proportion() -> None:
    score = alone(now={"helmets": Amount(440, 500)})
    p2 = score.indicator("P2")
    assert (p2.state, p2.parts[0].sample) == (State.SMALL_SAMPLE, 0.5)
    assert p2.points == pytest.approx(11.04 / 2)
    assert notes(score, "P2") == {("below_sample", "helmets")}


def test_no_red_or_yellow_at_the_start_is_full() -> None:
    score = alone(now={"lowered": Amount(0, 0), "raised": Amount(2, 0)})
    assert score.points("P4") == 10
    assert notes(score, "P4") == {("nothing_to_lower", "codes")}
    assert score.indicator("P4").value is None


@pytest.mark.parametrize(("now", "points", "code"), [(0, 15, "zero_to_zero"), (3, 0, "from_zero")])
def test_a_change_from_nothing(now: int, points: float, code: str) -> None:
    score = alone(now={"accidents": Amount(now)}, base={"accidents": Amount(0)})
    assert score.points("O2") == points
    assert notes(score, "O2") == {(code, "change")}


def test_a_running_month_is_asked_for_its_share_only() -> None:
    half = {"hazards": Amount(4, 10), "people": Amount(4.5, 10), "sessions": Amount(5, 10)}
    score = scored(a.worked(now={**half, "helmets": Amount(440, 500)}), pace=0.5)[0]
    for code in ("P2", "P6", "P7"):
        assert score.points(code) == pytest.approx(float(a.POINTS[code])), code
    assert score.indicator("P2").state is State.SCORED


def test_a_month_that_has_not_begun_has_no_quotas() -> None:
    score = scored(a.worked(), pace=0.0)[0]
    assert score.indicator("P7").state is State.NO_DATA


# adjustments, colours, ranks --------------------------------------------------------------------


def test_bonus_and_deduction_are_capped_and_listed() -> None:
    lines = [a.adjustment(2), a.adjustment(2, number=2), a.adjustment(-1.5, number=3), a.adjustment(-9, "S2", 4)]
    first, second = score_month(a.month(a.worked(), a.worked("S2")), a.RULES, lines)
    assert (first.bonus, first.deduction, second.bonus, second.deduction) == (3, 1.5, 0, 5)
    assert [line.adjustment_id for line in first.adjustments] == ["A1", "A2", "A3"]
    assert first.total == pytest.approx(84.64 + 1.5)
    assert second.total == pytest.approx(79.64)


@pytest.mark.parametrize(
    ("shown", "colour"),
    [(90, Colour.BLUE), (89.99, Colour.YELLOW), (75, Colour.YELLOW), (74.99, Colour.RED), (None, Colour.GREY)],
)
def test_month_colours(shown: float | None, colour: Colour) -> None:
    assert colour_of(shown, a.RULES) is colour


def test_ranks_are_inside_each_mode_and_ties_fall_by_o2_p3_and_code() -> None:
    plain = [a.worked(code) for code in ("S3", "S2")]
    full = a.worked("S9", mode="full")
    found = {one.code: (one.rank, one.of) for one in scored(*plain, full)}
    assert found == {"S2": (1, 2), "S3": (2, 2), "S9": (1, 1)}


def test_what_is_printed_equal_is_equal_and_o2_decides() -> None:
    """S1 loses in O2 what it gains in bonus; both print 84.64."""
    worse = a.worked("S1", now={"accidents": Amount(96)})
    lost = 84.64 - (scored(worse)[0].total or 0)
    scores = score_month(a.month(worse, a.worked("S2")), a.RULES, [a.adjustment(lost + 0.001)])
    assert [one.shown for one in scores] == [84.64, 84.64]
    assert [one.rank for one in scores] == [2, 1]


def test_a_station_without_a_mode_is_weighed_as_the_default_and_ranked_apart() -> None:
    first, second = scored(a.worked(mode=None), a.worked("S2"))
    assert (first.total, first.rank, first.of) == (second.total, 1, 1)


# what must hold for any numbers -----------------------------------------------------------------

wholes = st.integers(0, 400)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    lower = draw(wholes)
    return Amount(draw(st.integers(0, lower)), lower)


@st.composite
def stations(draw: st.DrawFn, code: str = "S1") -> StationInputs:
    names = [one.code for one in a.RULES.sources]
    now = {name: draw(amounts()) for name in draw(st.sets(st.sampled_from(names)))}
    base = {name: draw(amounts()) for name in draw(st.sets(st.sampled_from(names)))}
    return StationInputs(
        code,
        draw(st.sampled_from([*MODES, None])),
        draw(st.sampled_from(["D1", "D2", None])),
        draw(st.sampled_from([None, 0.0, 0.4, 2.35, 17.0])),
        now,
        base,
    )


towns = st.integers(1, 5).flatmap(lambda n: st.tuples(*(stations(f"S{number}") for number in range(n))))
paces = st.sampled_from([0.0, 0.1, 0.5, 1.0])


@settings(max_examples=150, deadline=None)
@given(towns, paces)
def test_points_lie_between_nothing_and_the_weight_and_blocks_keep_theirs(
    town: tuple[StationInputs, ...], pace: float
) -> None:
    for score in scored(*town, pace=pace):
        for one in score.indicators:
            assert (one.points is None) == (one.state is State.NO_DATA)
            assert -1e-9 <= (one.points or 0) <= one.weight + 1e-9
            assert (one.weight == 0) == (one.points is None)
            there = [part.share for part in one.parts if part.got is not None]
            assert sum(there) == pytest.approx(1 if there else 0)
        for name, block in zip(BLOCKS, score.blocks, strict=True):
            weights = [one.weight for one in score.indicators if one.block == name]
            assert sum(weights) == pytest.approx(0 if block.points is None else block.full)
            points = sum(one.points or 0 for one in score.indicators if one.block == name)
            assert block.points is None or block.points == pytest.approx(points)
        assert score.complete == all(block.points is not None for block in score.blocks)
        assert (score.rank is None) == (score.total is None)


@settings(max_examples=100, deadline=None)
@given(towns, st.randoms(use_true_random=False))
def test_the_order_of_stations_changes_nothing(town: tuple[StationInputs, ...], rng: object) -> None:
    shuffled = list(town)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    before = {one.code: one for one in scored(*town)}
    for score in scored(*shuffled):
        old = before[score.code]
        assert score.shown == old.shown
        assert (score.rank, score.of, score.colour) == (old.rank, old.of, old.colour)
        assert digest(a.month(*town), (), "") == digest(a.month(*shuffled), (), "")


MORE_IS_BETTER = ("built", "running", "helmets", "slots", "lowered", "visits", "files", "rectified", "hazards")
LESS_IS_BETTER = ("accidents", "accidents_year", "raised")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*MORE_IS_BETTER, "hazards_timely", "people", "sessions", "training", *LESS_IS_BETTER]),
    amounts(),
    st.integers(1, 50),
    st.sampled_from(MODES),
)
def test_more_work_never_costs_points_and_more_accidents_never_bring_any(
    source: str, amount: Amount, more: int, mode: str
) -> None:
    after = replace(amount, numerator=min(amount.numerator + more, max(amount.denominator, amount.numerator)))
    if source in LESS_IS_BETTER:
        after = replace(amount, numerator=amount.numerator + more)
    low, high = (alone(mode=mode, now={source: one}) for one in (amount, after))
    if source in LESS_IS_BETTER:
        low, high = high, low
    assert (high.total or 0) >= (low.total or 0) - 1e-9


@settings(max_examples=100, deadline=None)
@given(towns)
def test_ranks_are_a_count_from_one_inside_each_mode_and_follow_the_totals(town: tuple[StationInputs, ...]) -> None:
    found = [one for one in scored(*town) if one.complete]
    for mode in {one.mode for one in found}:
        group = sorted((one for one in found if one.mode == mode), key=lambda one: one.rank or 0)
        assert [one.rank for one in group] == list(range(1, len(group) + 1))
        shown = [one.shown for one in group]
        assert shown == sorted(shown, reverse=True)
        assert {one.of for one in group} == {len(group)}


def test_a_difference_is_that_of_the_two_printed_numbers() -> None:
    assert between(84.8349, 84.6951) == 0.13, "84.83 and 84.70, though 0.1398 apart"
    assert between(7.8249, 7.8151) == 0.0
    assert between(None, 3.0) is None


def test_points_lost_and_points_add_up_as_they_are_printed() -> None:
    score = replace(alone().indicators[0], weight=15.0, points=12.7051)
    assert score.lost_shown == 2.29
    assert (score.lost_shown or 0.0) + 12.71 == pytest.approx(15.0)
