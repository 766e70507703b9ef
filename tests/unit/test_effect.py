"""Before and after a treatment: exact comparisons, verdicts, and no credit for regression to the mean."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from domain import effect as module
from domain.effect import VERDICTS, Pair, as_hot, compare, effect
from domain.map_rules import ClosingRule

RULE = ClosingRule(days=90, fall=0.5)
DAYS = (90, 90)
COUNT = st.integers(0, 60)


@settings(max_examples=60, deadline=None)
@given(COUNT, COUNT, COUNT, COUNT)
def test_p_and_interval_are_fishers(after: int, before: int, others_after: int, others_before: int) -> None:
    found = compare(Pair(before, after), Pair(others_before, others_after), DAYS)
    table = [[after, before], [others_after, others_before]]
    tails = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    assert found.p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6)
    if min(after + before, others_after + others_before, after + others_after, before + others_before) == 0:
        assert (found.low, found.high, found.p) == (0.0, None, 1.0)
        return
    low, high = stats.contingency.odds_ratio(table, kind="conditional").confidence_interval(0.95)
    assert found.low == pytest.approx(low, rel=1e-4)
    assert (found.high or np.inf) == pytest.approx(high, rel=1e-4)


@settings(deadline=None)
@given(COUNT, COUNT, COUNT, COUNT)
def test_the_interval_leaves_one_out_exactly_when_p_is_small(a: int, b: int, c: int, d: int) -> None:
    found = compare(Pair(a, b), Pair(c, d), DAYS)
    outside = found.low > 1 or (found.high is not None and found.high < 1)
    if abs(found.p - module.LEVEL) > 1e-9:
        assert outside == (found.p < module.LEVEL)
    assert outside == (found.better or found.worse)
    if found.ratio is not None:
        assert found.low * (1 - 1e-6) <= found.ratio
        assert found.high is None or found.ratio <= found.high * (1 + 1e-6)


CASES = [
    ("fell more than both", Pair(40, 12), Pair(4000, 3900), Pair(400, 380, 10), 90, "better_than_both"),
    ("all hot places fell", Pair(40, 12), Pair(4000, 3900), Pair(400, 140, 10), 90, "better_than_district_only"),
    ("everything fell", Pair(40, 12), Pair(4000, 1200), Pair(400, 120, 10), 90, "not_distinguishable"),
    ("too few to say", Pair(6, 2), Pair(4000, 3900), Pair(60, 50, 10), 90, "not_distinguishable"),
    ("rose", Pair(20, 60), Pair(4000, 4000), Pair(200, 200, 10), 90, "worse"),
    ("others fell, it did not", Pair(40, 40), Pair(4000, 3900), Pair(400, 120, 10), 90, "worse"),
    (
        "fell more than the district, less than those alike",
        Pair(200, 140),
        Pair(9000, 9000),
        Pair(900, 300, 9),
        90,
        "worse",
    ),
    ("fell more than those alike only", Pair(40, 12), Pair(4000, 1200), Pair(400, 380, 10), 90, "not_distinguishable"),
    ("just begun", Pair(40, 0), Pair(4000, 3900), Pair(400, 380, 10), 89, "too_early"),
    ("nothing alike", Pair(40, 12), Pair(4000, 3900), None, 90, "no_controls"),
    ("nothing alike", Pair(40, 12), Pair(4000, 3900), Pair(0, 0, 0), 90, "no_controls"),
    ("nothing anywhere", Pair(0, 0), Pair(0, 0), Pair(5, 5, 1), 90, "not_distinguishable"),
]


@pytest.mark.parametrize(("name", "own", "district", "alike", "days_after", "verdict"), CASES)
def test_verdicts(name: str, own: Pair, district: Pair, alike: Pair | None, days_after: int, verdict: str) -> None:
    assert effect(own, district, alike, (90, days_after), RULE).verdict == verdict, name


def test_every_verdict_has_a_case() -> None:
    assert {case[-1] for case in CASES} == set(VERDICTS)


def test_changes_are_per_day() -> None:
    found = effect(Pair(40, 20), Pair(100, 200), Pair(80, 80, 2), (90, 180), RULE)
    assert found.change == pytest.approx(0.25)
    assert found.district.change == pytest.approx(1.0)
    assert found.district.ratio == pytest.approx(0.25)
    assert found.alike is not None
    assert found.alike.change == pytest.approx(0.5)
    assert effect(Pair(0, 5), Pair(0, 9), None, DAYS, RULE).change is None


def test_clustered_incidents_say_less() -> None:
    sure = effect(Pair(40, 20), Pair(4000, 4000), Pair(400, 400, 10), DAYS, RULE)
    less = effect(Pair(40, 20), Pair(4000, 4000), Pair(400, 400, 10), DAYS, RULE, dispersion=2.5)
    assert sure.verdict == "better_than_both"
    assert less.verdict == "not_distinguishable"
    assert less.district.ratio == sure.district.ratio
    assert less.district.p > sure.district.p


def test_large_counts_are_no_trouble() -> None:
    found = compare(Pair(30_000, 29_000), Pair(4_000_000, 4_000_000), DAYS)
    assert found.p == pytest.approx(4e-5, rel=0.5)
    assert found.high is not None
    assert found.low < found.ratio < found.high < 1  # type: ignore[operator]


@pytest.mark.parametrize(("days", "dispersion"), [((0, 90), 1.0), ((90, 0), 1.0), ((90, 90), 0.9)])
def test_what_makes_no_sense_is_refused(days: tuple[int, int], dispersion: float) -> None:
    with pytest.raises(ValueError):
        effect(Pair(1, 1), Pair(1, 1), None, days, RULE, dispersion=dispersion)


def test_as_hot_is_neither_much_hotter_nor_cooler() -> None:
    before = np.array([4, 5, 6, 9, 12, 13, 50])
    assert before[as_hot(9, before, 5)].tolist() == [6, 9, 12]
    assert before[as_hot(6, before, 5)].tolist() == [5, 6]


def verdicts(pick: str, rates: str, *, works: float = 1.0) -> list[str]:
    """Verdicts on places treated for being hot, in 300 districts of 400 places; a treatment leaves `works`."""
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        rate = np.full(400, 4.0) if rates == "equal" else rng.gamma(1.0, 4.0, 400)
        before = rng.poisson(rate)
        hot = np.flatnonzero(before >= 5)
        own = int(hot[np.argmax(before[hot])] if pick == "hottest" else rng.choice(hot))
        rate[own] *= works
        after = rng.poisson(rate)
        alike = as_hot(int(before[own]), before, 5)
        alike[own] = False
        others = Pair(int(before[alike].sum()), int(after[alike].sum()), int(alike.sum()))
        rest = Pair(int(before.sum() - before[own]), int(after.sum() - after[own]))
        found.append(effect(Pair(int(before[own]), int(after[own])), rest, others, DAYS, RULE).verdict)
    return found


@pytest.mark.parametrize("pick", ["hottest", "any"])
@pytest.mark.parametrize("rates", ["equal", "unequal"])
def test_no_credit_for_regression_to_the_mean(pick: str, rates: str) -> None:
    found = verdicts(pick, rates)
    assert found.count("better_than_both") <= 0.05 * len(found)


def test_the_district_alone_would_give_that_credit() -> None:
    found = verdicts("hottest", "equal")
    assert found.count("better_than_district_only") > 0.2 * len(found)


def test_a_treatment_that_works_is_seen() -> None:
    found = verdicts("hottest", "unequal", works=0.1)
    assert found.count("better_than_both") > 0.6 * len(found)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
