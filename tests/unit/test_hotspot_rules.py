"""One hot spot, one plan, one leader: no sequence of steps gets round the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain import hotspot_closing as hc
from domain import hotspot_record as hr
from domain.errors import Refused
from domain.map_rules import ClosingRule

NOW = datetime(2024, 5, 7, 13)
RULE = ClosingRule(90, 0.5)
FACTS = hr.Facts("junction", "汀兰路口", 120.26, 30.18, 100, "S1")
PLAN = hr.Plan("增设标线", "王某", NOW, NOW + timedelta(days=60))
SPANS = hc.stretches(NOW - timedelta(days=91), NOW, RULE)
ENTRY = hr.MeasureEntry("", NOW, "设岗")


def record(status: str = "open", **given: object) -> hr.Record:
    return hr.Record("H1", FACTS, status, **given)  # type: ignore[arg-type]


def treated(days: float = 91, **given: object) -> hr.Record:
    started = {"treated_at": NOW - timedelta(days=days), "plan": PLAN, "leader": "王某"}
    return record("treated", **{**started, **given})


def step(action: str, **given: object) -> hr.Step:
    return hr.Step(action, NOW, "李某", **given)  # type: ignore[arg-type]


def check(days: int = 91, before: int = 10, after: int = 5) -> hc.ClosingCheck:
    return hc.ClosingCheck(RULE, days, SPANS, before, after)


@pytest.mark.parametrize(
    ("given", "wanted", "reason"),
    [
        (record(), step("treat"), "no_plan"),
        (record(plan=replace(PLAN, leader="")), step("treat"), "no_leader"),
        (record(plan=replace(PLAN, due_at=None)), step("treat"), "no_due"),
        (record(plan=replace(PLAN, due_at=NOW - timedelta(days=1))), step("treat"), "due_past"),
        (record(plan=replace(PLAN, leader="王某、李某")), step("treat"), "one_leader"),
        (record(plan=PLAN), step("treat"), None),
        (treated(), step("treat"), "not_open"),
        (record(), step("plan", plan=PLAN), None),
        (record(), step("plan", plan=hr.Plan("增设标线")), None),
        (record(), step("plan", plan=hr.Plan(" ", "王某")), "plan_text"),
        (record(), step("plan", plan=replace(PLAN, leader="王某,李某")), "one_leader"),
        (treated(), step("plan", plan=hr.Plan("改方案")), "plan_incomplete"),
        (treated(), step("close", check=check()), None),
        (treated(), step("close", check=check(after=6)), "no_fall"),
        (treated(), step("close", check=check(before=0, after=0)), "no_fall"),
        (treated(), step("close", check=check(days=89)), "too_early"),
        (treated(), step("close"), "no_count"),
        (treated(plan=None, leader=""), step("close", check=check()), "broken"),
        (record(plan=PLAN), step("close", check=check()), "not_treated"),
        (record(), step("withdraw"), "reason"),
        (treated(), step("withdraw", reason="合并"), None),
        (record("closed"), step("withdraw", reason="合并"), "ended"),
        (record("closed"), step("reopen", reason="反弹"), None),
        (record("withdrawn"), step("reopen"), "reason"),
        (treated(), step("reopen", reason="反弹"), "not_ended"),
        (treated(plan=None), step("reopen", reason="补方案"), None),
        (record("treating"), step("reopen", reason="外部状态"), None),
        (record("treating"), step("plan", plan=PLAN), "ended"),
        (record(), step("measure", entry=ENTRY), None),
        (record(), step("measure", entry=replace(ENTRY, at=NOW + timedelta(minutes=1))), "future"),
        (record(), step("measure", entry=replace(ENTRY, text=" ")), "measure_text"),
        (record("closed"), step("measure", entry=ENTRY), "ended"),
        (record(), step("edit", facts=replace(FACTS, lng=121.0)), None),
        (treated(), step("edit", facts=replace(FACTS, lng=121.0)), "place_fixed"),
        (treated(), step("edit", facts=replace(FACTS, name="新名")), None),
        (record(), step("edit", facts=replace(FACTS, kind="park")), "kind"),
        (record(), step("edit", facts=replace(FACTS, lat=None)), "place"),
        (record(), step("edit", facts=replace(FACTS, radius_m=9000)), "radius"),
        (record(), step("edit", facts=replace(FACTS, name=" ")), "name"),
        (record(), step("edit"), "action"),
        (record("closed"), step("edit", facts=FACTS), "ended"),
        (record(), step("burn"), "action"),
        (record(), replace(step("treat"), actor=" "), "actor"),
    ],
)
def test_a_step_is_allowed_or_says_why_not(given: hr.Record, wanted: hr.Step, reason: str | None) -> None:
    assert hr.may(given, wanted) == reason
    if reason:
        with pytest.raises(Refused, match=reason):
            hr.apply(given, wanted)
    else:
        assert isinstance(hr.apply(given, wanted), hr.Record)


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (record(), ()),
        (treated(), ()),
        (treated(plan=None, leader=""), ("plan", "leader", "due")),
        (treated(treated_at=None), ("treated_at",)),
        (treated(leader="李某"), ("leaders",)),
        (record("closed"), ("closed_at",)),
        (record("treating"), ("status",)),
        (record(""), ("status",)),
    ],
)
def test_rows_of_other_systems_are_marked_not_refused(given: hr.Record, rules: tuple[str, ...]) -> None:
    assert hr.broken(given) == rules


def test_every_offered_action_is_known_and_every_ended_record_offers_only_reopening() -> None:
    for status in (*hr.STATUSES, "treating"):
        assert set(hr.offered(record(status))) <= set(hr.ACTIONS)
    assert hr.offered(record("closed")) == hr.offered(record("withdrawn")) == ("reopen",)
    assert "reopen" not in hr.offered(treated())
    assert "reopen" in hr.offered(treated(plan=None))


@pytest.mark.parametrize(("days", "length"), [(0.2, 0), (30.5, 30), (30.6, 31), (90, 90), (200, 90), (-1, 0)])
def test_both_stretches_are_equally_many_whole_days(days: float, length: int) -> None:
    """NOW is 13:00, so 30.6 days ago is the 31st day back."""
    began = NOW - timedelta(days=days)
    before, after = hc.stretches(began, NOW, RULE)
    assert before.days == after.days == length
    assert before.end == hc.midnight(began) <= after.start
    assert all(span.whole_days for span in (before, after))
    if days > 0:
        assert after.end == hc.midnight(NOW)
        assert hc.days_treated(began, NOW) == max(length, round(days))


def test_the_fall_is_a_share_of_what_was_before() -> None:
    assert check(before=8, after=3).fall == pytest.approx(0.625)
    assert check(before=8, after=10).fall == pytest.approx(-0.25)
    assert check(before=0, after=1).fall is None
    assert check(before=10, after=5).fell_enough
    assert not check(days=89).long_enough


def test_a_plan_is_overdue_only_under_treatment() -> None:
    late = replace(PLAN, due_at=NOW - timedelta(seconds=1))
    assert treated(plan=late).overdue(NOW)
    assert not treated(plan=PLAN).overdue(NOW)
    assert not record(plan=late).overdue(NOW)


words = st.sampled_from(["", " ", "王某", "王某、李某", "Wang and Li", "方案"])
moments = st.integers(-200, 200).map(lambda days: NOW + timedelta(days=days))
plans = st.builds(hr.Plan, words, words, moments, st.none() | moments)
facts = st.builds(
    hr.Facts, st.sampled_from([*hr.KINDS, "x"]), words, st.none() | st.floats(), st.just(30.0), st.floats(), words
)
checks = st.builds(
    hc.ClosingCheck, st.just(RULE), st.integers(0, 200), st.just(SPANS), st.integers(0, 20), st.integers(0, 20)
)
entries = st.builds(hr.MeasureEntry, st.just(""), moments, words)
steps = st.builds(
    hr.Step,
    st.sampled_from(hr.ACTIONS),
    moments,
    words,
    st.none() | facts,
    st.none() | plans,
    words,
    st.none() | entries,
    st.none() | checks,
)


class Course(RuleBasedStateMachine):
    """Any steps in any order, from a record that this program opened."""

    def __init__(self) -> None:
        super().__init__()
        self.record = record()

    @rule(wanted=steps)
    def anything(self, wanted: hr.Step) -> None:
        before = self.record
        reason = hr.may(before, wanted)
        try:
            self.record = hr.apply(before, wanted)
        except Refused:
            assert reason
            return
        assert reason is None
        if self.record.status == "closed" and before.status != "closed":
            assert wanted.check is not None
            assert wanted.check.days >= RULE.days
            assert wanted.check.after <= wanted.check.before * (1 - RULE.fall)
        if self.record.facts.place != before.facts.place:
            assert before.status == "open"

    @rule(leader=st.sampled_from(["王某", "李某"]), after=st.integers(0, 9), days=st.integers(80, 100))
    def the_usual_way(self, leader: str, after: int, days: int) -> None:
        """Short ways to the rarer states."""
        for wanted in (
            step("reopen", reason="再次立项"),
            step("plan", plan=replace(PLAN, leader=leader)),
            step("treat"),
            step("close", check=check(days, 10, after)),
        ):
            if hr.may(self.record, wanted) is None:
                self.record = hr.apply(self.record, wanted)

    @invariant()
    def treated_has_one_plan_and_one_leader(self) -> None:
        assert hr.broken(self.record) == ()
        if self.record.status in ("treated", "closed"):
            plan = self.record.plan
            assert plan is not None and plan.complete
            assert self.record.leader == plan.leader
            assert not any(mark in plan.leader for mark in ("、", ",", " and "))


Course.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestCourse = Course.TestCase
