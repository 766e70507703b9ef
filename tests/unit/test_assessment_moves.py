"""What-if, next actions, rank uncertainty, lists, districts, signs of gaming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from scipy import stats

from domain.assessment import score_month
from domain.assessment_chance import drawn_stack, rank_bands
from domain.assessment_core import marks, stacked
from domain.assessment_guards import LAST_DAY, LATE, RECLASSIFIED, SMALL, GuardCounts, guards
from domain.assessment_inputs import Adjustment, Amount, MonthInputs, changed, digest
from domain.assessment_lists import BLACK, RED, Difference, differences, district_scores, listed
from domain.assessment_moves import FEWER, FULL, MORE, MOST, NEXT, OBSERVE, Move, moves, tried
from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore
from domain.assessment_totals import placed
from domain.errors import NotFound
from tests.support import assessed as a


def moves_of(**given: object) -> dict[tuple[str, str], Move]:
    """(source, goal) -> move of the worked example with changes."""
    return {(move.source, move.goal): move for move in moves(a.month(a.worked(**given)), a.RULES, "S1")}


def what_if(
    inputs: MonthInputs, rules: AssessmentRules, code: str, changes: Mapping[str, Amount]
) -> tuple[StationScore, ...]:
    """The whole month scored with one station's numbers changed."""
    return score_month(tried(inputs, rules, code, changes), rules)


# what-if and moves ------------------------------------------------------------------------------


def test_a_what_if_is_the_same_scoring_with_one_number_changed() -> None:
    inputs = a.month(a.worked(), a.worked("S2", now={"slots": Amount(86, 100)}))
    assert score_month(inputs, a.RULES)[0].rank == 2
    first, second = what_if(inputs, a.RULES, "S1", {"slots": Amount(90, 100)})
    assert first.points("P3") == 12
    assert (first.rank, second.rank) == (1, 2)
    by_hand = replace(inputs, stations=(a.worked(now={"slots": Amount(90, 100)}), inputs.stations[1]))
    assert (first, second) == score_month(by_hand, a.RULES)


def test_one_station_alone_has_the_score_and_the_rank_that_it_has_among_all() -> None:
    numbers = [Amount(90, 100), Amount(70, 100), Amount(70, 100), Amount(0, 0)]
    stations = [a.worked(f"S{k}", now={"slots": one}) for k, one in enumerate(numbers)]
    without = replace(stations[3], now={}, code="S9")
    inputs = a.month(*stations, without)
    line = Adjustment("A1", "S2", 1.5, "", "", "", datetime(2024, 5, 2))
    scores = score_month(inputs, a.RULES, [line])
    assert [placed(inputs, a.RULES, one.code, [line]) for one in scores] == list(scores)
    assert placed(inputs, a.RULES, "S7") is None


def test_a_month_with_fewer_accidents_has_fewer_in_its_twelve_months_too() -> None:
    after = changed(a.worked(), {"accidents": Amount(90)}, a.RULES).now
    assert (after["accidents"], after["accidents_year"]) == (Amount(90), Amount(177))
    said = changed(a.worked(), {"accidents": Amount(90), "accidents_year": Amount(150)}, a.RULES).now
    assert said["accidents_year"] == Amount(150)


def test_a_what_if_of_something_unknown_is_refused() -> None:
    with pytest.raises(NotFound):
        what_if(a.month(a.worked()), a.RULES, "S9", {})
    with pytest.raises(NotFound):
        what_if(a.month(a.worked()), a.RULES, "S1", {"luck": Amount(1)})


def test_moves_name_the_smallest_step_to_the_next_point_and_to_full() -> None:
    found = moves_of(now={"slots": Amount(70, 100)})
    near, full = found["slots", NEXT], found["slots", FULL]
    assert (near.kind, near.amount, near.of, near.x, near.gain) == (MORE, 10, 100, 0.8, pytest.approx(2.4))
    assert (full.amount, full.gain) == (20, pytest.approx(7.2))
    hazards = found["hazards", FULL]
    assert (hazards.amount, hazards.of, hazards.gain) == (2, None, pytest.approx(0.8))
    fewer = found["accidents", FULL]
    assert (fewer.kind, fewer.amount) == (FEWER, 5)
    assert fewer.gain == pytest.approx(3 + 15 * (0.91 - 177 / 200) / 0.15 * 0.4)


def test_every_gain_is_what_a_what_if_says() -> None:
    station = a.worked(now={"slots": Amount(70, 100), "helmets": Amount(300, 400), "files": Amount(50, 100)})
    inputs = a.month(station, a.worked("S2", residents_10k=4.0), a.worked("S3", district="D2"))
    before = score_month(inputs, a.RULES)[0].total or 0
    for move in moves(inputs, a.RULES, "S1"):
        amount = station.now[move.source]
        step = -move.amount if move.kind == FEWER else move.amount
        after = replace(amount, numerator=amount.numerator + step)
        if move.kind == OBSERVE:
            size = amount.denominator + move.amount
            after = Amount(amount.numerator * size / amount.denominator, size)
        found = what_if(inputs, a.RULES, "S1", {move.source: after})[0].total or 0
        assert found - before == pytest.approx(move.gain), move


def test_one_step_less_does_not_reach_the_goal() -> None:
    station = a.worked(now={"slots": Amount(61, 87), "lowered": Amount(2, 23)})
    inputs = a.month(station)
    for move in moves(inputs, a.RULES, "S1"):
        amount = station.now[move.source]
        if move.kind != MORE or move.goal == MOST:
            continue
        less = what_if(
            inputs, a.RULES, "S1", {move.source: replace(amount, numerator=amount.numerator + move.amount - 1)}
        )
        assert (less[0].total or 0) - a_total(inputs) < move.gain - 1e-9, move


def a_total(inputs: object) -> float:
    return score_month(inputs, a.RULES)[0].total or 0  # type: ignore[arg-type]


def test_moves_come_by_gain_and_a_perfect_station_has_none() -> None:
    gains = [move.gain for move in moves(a.month(a.worked()), a.RULES, "S1")]
    assert gains == sorted(gains, reverse=True) and min(gains) > 0
    perfect = {name: Amount(one.denominator, one.denominator) for name, one in a.WORKED.items() if one.denominator}
    best = {**perfect, "accidents": Amount(80), "accidents_year": Amount(150), "raised": Amount(0, 20)}
    assert moves(a.month(a.worked(now={**best, "helmets": Amount(1000, 1000)})), a.RULES, "S1") == ()


def test_a_number_that_cannot_reach_the_point_alone_says_what_it_can_give() -> None:
    found = moves_of(now={"files": Amount(20, 100), "visits": Amount(30, 100)})
    assert found["training", MOST].amount == 5
    assert found["training", MOST].gain > 0


def test_too_small_a_sample_is_a_move_of_its_own() -> None:
    observe = next(one for one in moves(a.month(a.worked(now={"helmets": Amount(352, 400)})), a.RULES, "S1")
                   if one.kind == OBSERVE)  # fmt: skip
    assert (observe.source, observe.amount, observe.of) == ("helmets", 600, 400)
    assert observe.gain == pytest.approx(11.04 * 0.6)


# rank uncertainty -------------------------------------------------------------------------------


def bands(*stations: object, seed: int = 1) -> dict[str, object]:
    inputs = a.month(*stations)  # type: ignore[arg-type]
    return rank_bands(inputs, a.RULES, score_month(inputs, a.RULES), np.random.default_rng(seed))  # type: ignore[return-value]


def test_two_equal_stations_hold_their_order_half_of_the_time() -> None:
    found = bands(*(a.worked(code) for code in ("S1", "S2")))
    first, second = found["S1"], found["S2"]
    assert (first.low, first.high, second.low, second.high) == (1, 2, 1, 2)
    assert 0.4 < first.holds < 0.6
    assert second.holds is None


def test_a_clearly_better_station_keeps_its_rank() -> None:
    bad = {"slots": Amount(300, 1000), "helmets": Amount(500, 1000), "accidents": Amount(200)}
    found = bands(a.worked("S1"), a.worked("S2", now=bad))
    assert (found["S1"].low, found["S1"].high, found["S1"].holds) == (1, 1, 1.0)


def test_other_modes_are_no_rivals_and_a_station_without_a_total_has_no_band() -> None:
    lost = [one for one in a.WORKED if not one.startswith("accidents")]
    found = bands(a.worked("S1"), a.worked("S2", mode="full"), a.worked("S3", without=lost))
    assert set(found) == {"S1", "S2"}
    assert (found["S1"].high, found["S1"].holds) == (1, None)


def test_the_same_seed_gives_the_same_bands() -> None:
    town = [a.worked(f"S{n}", now={"slots": Amount(80 + n, 100)}) for n in range(6)]
    assert bands(*town) == bands(*town)
    assert bands(*town) != bands(*town, seed=2)


def test_the_draws_follow_the_laws_they_are_said_to_follow() -> None:
    inputs = a.month(a.worked(now={"people": Amount(9000, 10_000, 60)}))
    rules = a.rules_with(chance=replace(a.RULES.chance, draws=4000))
    drawn = drawn_stack(stacked(inputs.stations, rules), rules, np.random.default_rng(7)).now
    helmets, accidents, people = (drawn[code].numerator[:, 0] for code in ("helmets", "accidents", "people"))
    assert helmets.mean() == pytest.approx(880, rel=0.01)
    assert helmets.std() == pytest.approx(stats.binom(1000, 0.88).std(), rel=0.06)
    assert accidents.var() == pytest.approx(95, rel=0.08)
    assert people.std() / people.mean() == pytest.approx(60**-0.5, rel=0.06)
    assert (drawn["built"].numerator == 9).all()
    year = drawn["accidents_year"].numerator[:, 0]
    assert year.var() == pytest.approx(182, rel=0.08)
    assert np.corrcoef(year, accidents)[0, 1] == pytest.approx((95 / 182) ** 0.5, abs=0.05)


def test_clustered_counts_vary_more() -> None:
    inputs = a.month(a.worked())
    rules = a.rules_with(chance=replace(a.RULES.chance, draws=4000, dispersion=3.0))
    drawn = drawn_stack(stacked(inputs.stations, rules), rules, np.random.default_rng(7)).now
    assert drawn["accidents"].numerator.var() == pytest.approx(3 * 95, rel=0.1)


def test_scoring_many_draws_at_once_is_scoring_each_of_them() -> None:
    inputs = a.month(a.worked("S1"), a.worked("S2", residents_10k=3.0), a.worked("S3", district="D2"))
    rules = a.rules_with(chance=replace(a.RULES.chance, draws=100))
    modes = [one.mode for one in inputs.stations]
    drawn = drawn_stack(stacked(inputs.stations, rules), rules, np.random.default_rng(3))
    totals = marks(drawn, rules, modes).total
    for draw in (0, 57, 99):
        picked = [
            replace(one, now=_picked(drawn.now, draw, at), base=_picked(drawn.base, draw, at))
            for at, one in enumerate(inputs.stations)
        ]
        scores = score_month(a.month(*picked), rules)
        assert [one.total for one in scores] == pytest.approx(totals[draw].tolist())


def _picked(side: object, draw: int, at: int) -> dict[str, Amount]:
    found = {}
    for code, pair in side.items():  # type: ignore[attr-defined]
        upper = np.broadcast_to(pair.numerator, (100, 3))[draw, at]
        if not np.isnan(upper):
            found[code] = Amount(float(upper), float(np.broadcast_to(pair.denominator, 3)[at]))
    return found


# lists, districts, corrections ------------------------------------------------------------------


def town(*slots: int) -> tuple[object, ...]:
    """Stations with so many of 100 slots covered; everything else as in the worked example."""
    inputs = a.month(*(a.worked(f"S{n}", now={"slots": Amount(one, 100)}) for n, one in enumerate(slots)))
    return score_month(inputs, a.RULES)


def test_red_is_the_first_three_and_black_the_last_three_below_75() -> None:
    scores = town(90, 89, 88, 87, 40, 86, 41, 45, 42)
    assert listed(scores, a.RULES) == {  # 40 to 45 slots give 0 points of 12: 75.04; none is below 75
        "S0": RED, "S1": RED, "S2": RED,
    }  # fmt: skip
    stricter = a.rules_with(black_below=76)
    assert listed(scores, stricter) == {"S0": RED, "S1": RED, "S2": RED, "S6": BLACK, "S7": BLACK, "S8": BLACK}


def test_in_a_small_group_black_goes_before_red() -> None:
    scores = town(90, 40)
    assert listed(scores, a.rules_with(black_below=76)) == {"S0": RED, "S1": BLACK}


def test_a_district_is_the_mean_by_residents_and_names_who_is_left_out() -> None:
    light, heavy = a.worked("S1", residents_10k=1.0), a.worked("S2", residents_10k=9.0, now={"slots": Amount(90, 100)})
    lost = [one for one in a.WORKED if not one.startswith("accidents")]
    scores = score_month(
        a.month(light, heavy, a.worked("S3", without=lost), a.worked("S4", residents_10k=None)), a.RULES
    )
    (district,) = district_scores(scores)
    assert district.score == pytest.approx(((scores[0].total or 0) + 9 * (scores[1].total or 0)) / 10)
    assert district.score == pytest.approx((district.outcome or 0) + (district.process or 0))
    assert (district.counted, district.residents_10k, district.left_out) == (2, 10.0, ("S3", "S4"))


def test_a_district_without_a_total_has_no_score() -> None:
    (district,) = district_scores(score_month(a.month(a.worked(residents_10k=None)), a.RULES))
    assert (district.score, district.counted) == (None, 0)


def test_differences_name_what_a_correction_changed() -> None:
    before = town(85, 80)
    after = town(85, 90)
    found = differences(before, after)
    assert [(one.station, one.subject) for one in found] == [
        ("S0", "rank"), ("S1", "P3"), ("S1", "total"), ("S1", "rank"),
    ]  # fmt: skip
    assert found[0] == Difference("S0", "rank", 1, 2)
    assert differences(before, before) == ()
    gone = differences(before, before[:1])
    assert {one.subject for one in gone if one.after is None} == {*a.POINTS, "adjustments", "total", "rank"}


# digest -----------------------------------------------------------------------------------------


def test_any_changed_input_changes_the_digest() -> None:
    inputs, line = a.month(a.worked()), a.adjustment(1)
    first = digest(inputs, [line], a.RULES.text)
    others = [
        digest(a.month(a.worked(now={"slots": Amount(84, 100)})), [line], a.RULES.text),
        digest(a.month(a.worked(base={"accidents": Amount(99)})), [line], a.RULES.text),
        digest(a.month(a.worked(mode="full")), [line], a.RULES.text),
        digest(a.month(a.worked(residents_10k=9.0)), [line], a.RULES.text),
        digest(inputs, [], a.RULES.text),
        digest(inputs, [a.adjustment(2)], a.RULES.text),
        digest(inputs, [line], a.RULES.text + " "),
    ]
    assert len({first, *others}) == len(others) + 1
    assert digest(a.month(a.worked()), [a.adjustment(1)], a.RULES.text) == first


# signs of gaming --------------------------------------------------------------------------------


def raised(counts: GuardCounts, **given: object) -> dict[str, object]:
    score = score_month(a.month(a.worked(**given)), a.RULES)[0]
    return {one.code: one for one in guards(counts, score, a.RULES, 31)}


def test_quiet_rows_raise_nothing() -> None:
    running = {"running": Amount(86, 100), "hazards_timely": Amount(90, 100)}
    found = raised(GuardCounts(500, 5, 500, 10, 310, 10), now=running)
    assert [one.raised for one in found.values()] == [False] * 4
    assert (found[RECLASSIFIED].value, found[LATE].value, found[LAST_DAY].value) == (0.01, 0.02, 1.0)


def test_each_sign_is_raised_by_its_own_rows() -> None:
    assert raised(GuardCounts(incidents=500, reclassified=6))[RECLASSIFIED].raised
    assert raised(GuardCounts(entered=100, late=3))[LATE].raised
    bulk = raised(GuardCounts(closings=100, last_day=20))[LAST_DAY]
    assert bulk.raised and bulk.value == pytest.approx(6.2)
    small = raised(GuardCounts(), now={"helmets": Amount(300, 400), "slots": Amount(9, 10)})[SMALL]
    assert (small.raised, small.subjects) == (True, ("helmets", "slots"))


def test_a_few_closings_on_the_last_day_are_no_sign_and_no_rows_say_nothing() -> None:
    assert not raised(GuardCounts(closings=4, last_day=4))[LAST_DAY].raised
    found = raised(GuardCounts())
    assert [found[code].value for code in (RECLASSIFIED, LATE, LAST_DAY)] == [None] * 3
