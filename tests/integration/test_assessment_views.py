"""The answers of the assessment on both databases: sheet, comparison, districts, a year, what-if, signs of gaming."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from data_access.engine import reading
from data_access.readers.guards import guard_counts
from domain.access import command, station
from domain.assessment_guards import LAST_DAY, LATE, RECLASSIFIED, SMALL, GuardCounts, guards
from domain.assessment_inputs import Amount
from domain.assessment_views import OPEN, RUNNING
from domain.errors import NotFound
from domain.incident_filter import Filter
from domain.span import Span
from services.assessment import comparison_view, districts_view, ranking_view, tried, year_view
from services.assessment_deeds import lock_month
from services.assessment_month import evaluate
from services.assessment_prepared import prepare
from services.assessment_sheet import sheet_view
from tests import factories as make
from tests.support import assessed_rows as rows
from tests.support.assessed import RULES

APRIL_SPAN = Span(datetime(2024, 4, 1), datetime(2024, 5, 1))


@pytest.fixture
def town(engine: Engine) -> Engine:
    rows.fill(engine)
    return engine


def test_a_sheet_explains_every_point(town: Engine) -> None:
    view = sheet_view(rows.desk(town), command(), rows.APRIL, "S1", rows.NOW)
    score = view.score
    assert (view.about.state, view.unit.code, view.in_hand) == (OPEN, "S1", None)
    steps = {step.code: step for step in view.steps}
    assert list(steps) == ["full", *(one.code for one in score.indicators), "bonus", "deduction", "total"]
    assert steps["full"].after == pytest.approx(100)
    assert steps["total"].after == pytest.approx(score.total)
    for one in score.indicators:
        assert steps[one.code].delta == pytest.approx(0 - (one.lost or 0))
    assert sum(step.delta for step in view.steps[1:-1]) == pytest.approx((score.total or 0) - 100)
    assert set(view.links) == {source.code for source in RULES.sources}
    assert {slider.source for slider in view.sliders} == set(view.links)
    assert all(slider.low <= slider.now.numerator <= slider.high for slider in view.sliders)
    assert view.moves and view.moves[0].gain > 0
    assert view.line.band is not None
    march = sheet_view(rows.desk(town), command(), rows.APRIL.back(1), "S1", rows.NOW).score
    assert view.line.change == march.rank - score.rank == -2  # type: ignore[operator]
    assert view.line.listed == "red"


def test_what_was_prepared_once_gives_the_same_answers(town: Engine) -> None:
    desk = rows.desk(town)
    for month in (rows.APRIL, rows.MAY):
        kept = prepare(desk, month, rows.NOW)
        assert ranking_view(desk, command(), month, rows.NOW, prepared=kept) == ranking_view(
            desk, command(), month, rows.NOW
        )
        for scope in (command(), station("S2")):
            plain = sheet_view(desk, scope, month, "S2", rows.NOW)
            assert sheet_view(desk, scope, month, "S2", rows.NOW, prepared=kept) == plain


def test_links_lead_to_the_rows(town: Engine) -> None:
    links = sheet_view(rows.desk(town), command(), rows.APRIL, "S1", rows.NOW).links
    year = links["accidents_year"]
    assert (year.kind, year.first, year.last) == ("incidents", date(2023, 5, 1), date(2024, 4, 30))
    assert year.filter == Filter(classes=("accident",), stations=("S1",))
    assert (links["slots"].kind, links["slots"].task) == ("task", "T3-03")
    assert (links["training"].kind, links["training"].task) == ("sample", "enterprise_training")
    assert links["raised"].kind == "codes"


def test_a_running_month_is_judged_by_pace_and_says_what_is_in_hand(town: Engine) -> None:
    view = sheet_view(rows.desk(town), command(), rows.MAY, "S1", rows.NOW)
    assert view.about.state == RUNNING
    assert view.in_hand is not None
    ahead, sure = view.score, view.in_hand
    assert ahead.points("P7") > sure.points("P7")  # type: ignore[operator]
    assert ahead.points("P3") == sure.points("P3")
    assert [row.period for row in view.history][-1] == "2024-05"
    assert view.history[-1].total == pytest.approx(ahead.total)


def test_history_holds_locked_and_open_months_alike(town: Engine) -> None:
    desk = rows.desk(town)
    open_rows = sheet_view(desk, command(), rows.MAY, "S1", rows.NOW).history
    lock_month(desk, town, rows.APRIL, "A", at=rows.NOW)
    locked_rows = sheet_view(desk, command(), rows.MAY, "S1", rows.NOW).history
    assert len(open_rows) == 12
    assert [row.version for row in locked_rows] == [0] * 10 + [1, 0]
    assert [(x.period, x.total, x.rank, x.colour) for x in open_rows] == [
        (x.period, x.total, x.rank, x.colour) for x in locked_rows
    ]


def test_a_year_of_all_stations(town: Engine) -> None:
    view = year_view(rows.desk(town), command(), rows.MAY, rows.NOW)
    assert view.months[0] == "2023-06" and view.months[-1] == "2024-05"
    assert [unit.code for unit, _ in view.lines] == ["S1", "S2", "S3"]
    april = {unit.code: cells[-2] for unit, cells in view.lines}
    ranking = ranking_view(rows.desk(town), command(), rows.APRIL, rows.NOW).groups[0].lines
    assert {x.unit.code: (x.score.total, x.score.rank) for x in ranking} == {
        code: (cell.total, cell.rank) for code, cell in april.items() if cell
    }
    assert {unit.code for unit, _ in year_view(rows.desk(town), station("S1"), rows.MAY, rows.NOW).lines} == {"S1"}


def test_two_stations_side_by_side(town: Engine) -> None:
    desk = rows.desk(town)
    view = comparison_view(desk, command(), rows.APRIL, ("S1", "S2"), rows.NOW)
    assert view.same_mode
    total = view.lines[-1]
    assert (total.code, total.gap) == ("total", pytest.approx(view.first.score.total - view.second.score.total))
    assert {line.code for line in view.lines} == {
        *(one.code for one in RULES.indicators),
        "outcome",
        "process",
        "total",
    }
    with pytest.raises(NotFound):
        comparison_view(desk, station("S1"), rows.APRIL, ("S1", "S2"), rows.NOW)


def test_districts_are_weighted_by_residents(town: Engine) -> None:
    view = districts_view(rows.desk(town), command(), rows.APRIL, rows.NOW)
    scores = {
        x.unit.code: x.score.total
        for x in ranking_view(rows.desk(town), command(), rows.APRIL, rows.NOW).groups[0].lines
    }
    first = view.lines[0]
    wanted = (10 * scores["S1"] + 2.35 * scores["S2"]) / 12.35
    assert (first.code, first.score.score) == ("D1", pytest.approx(wanted))
    assert dict(first.history)["2024-04"] == pytest.approx(wanted)
    assert [line.code for line in districts_view(rows.desk(town), station("S3"), rows.APRIL, rows.NOW).lines] == ["D2"]


def test_a_what_if_changes_nothing_but_its_answer(town: Engine) -> None:
    desk = rows.desk(town)
    before = sheet_view(desk, command(), rows.APRIL, "S3", rows.NOW).score
    same = tried(desk, command(), rows.APRIL, "S3", {}, as_of=rows.NOW)
    assert same == before
    better = tried(desk, command(), rows.APRIL, "S3", {"slots": Amount(40, 40)}, as_of=rows.NOW)
    assert better.points("P3") == 12
    assert (better.rank, before.rank) == (1, 2)
    with pytest.raises(NotFound):
        tried(desk, station("S1"), rows.APRIL, "S3", {}, as_of=rows.NOW)


def test_a_locked_month_can_be_tried_too(town: Engine) -> None:
    desk = rows.desk(town)
    live = tried(desk, command(), rows.APRIL, "S1", {"slots": Amount(40, 40)}, as_of=rows.NOW)
    lock_month(desk, town, rows.APRIL, "A", at=rows.NOW)
    assert tried(desk, command(), rows.APRIL, "S1", {"slots": Amount(40, 40)}, as_of=rows.NOW) == live


# signs of gaming --------------------------------------------------------------------------------


def counts(engine: Engine, span: Span = APRIL_SPAN) -> dict[str, GuardCounts]:
    with reading(engine) as connection:
        return guard_counts(connection, span, RULES.guards, command())


def test_signs_are_counted_out_of_the_rows(town: Engine) -> None:
    at = datetime(2024, 4, 9, 8)
    make.make_incident(town, "S1", at, class_code="other", reclassified_from="accident")
    make.make_incident(town, "S1", at, class_code="order", reclassified_from="accident")
    make.make_incident(town, "S1", at, class_code="other", reclassified_from="order")
    make.make_incident(town, "S1", at, class_code="accident", reclassified_from="order")
    make.make_incident(town, "S1", at, class_code="other")
    make.make_incident(town, "S1", at, entered_at=at + timedelta(hours=24, seconds=1))
    make.make_incident(town, "S1", at, entered_at=at + timedelta(hours=24))
    for _ in range(3):
        make.make_work_order(town, "S1", at, kind="tracing", closed_at=datetime(2024, 4, 30, 23, 59, 59))
    make.make_work_order(town, "S1", at, kind="callback", closed_at=datetime(2024, 4, 30, 12))
    found = counts(town)["S1"]
    # 4 valid and 1 invalid accident of the month, 3 moved away, 1 moved back, 2 with a time of entry
    assert (found.incidents, found.reclassified) == (5 + 3 + 1 + 2, 3)
    assert (found.entered, found.late) == (4 + 2, 1)
    assert (found.closings, found.last_day) == (10 + 2 + 3, 3)


def test_a_month_that_is_not_over_has_no_last_day(town: Engine) -> None:
    make.make_work_order(town, "S1", rows.NOW, kind="tracing", closed_at=rows.NOW - timedelta(minutes=1))
    found = counts(town, Span(datetime(2024, 5, 1), rows.NOW))["S1"]
    assert found.closings > 0
    assert found.last_day == 0


def test_signs_stand_beside_the_score_and_are_frozen_with_it(town: Engine) -> None:
    for _ in range(2):
        make.make_incident(town, "S1", datetime(2024, 4, 9), class_code="other", reclassified_from="accident")
    desk = rows.desk(town)
    live = {one.code: one for one in sheet_view(desk, command(), rows.APRIL, "S1", rows.NOW).guards}
    assert [live[code].raised for code in (RECLASSIFIED, LATE, LAST_DAY, SMALL)] == [True, False, False, True]
    assert live[SMALL].subjects == ("rectified", "hazards_timely")
    lines = ranking_view(desk, command(), rows.APRIL, rows.NOW).groups[0].lines
    assert {line.unit.code: line.raised for line in lines}["S1"] == (RECLASSIFIED, SMALL)
    lock_month(desk, town, rows.APRIL, "A", at=rows.NOW)
    frozen = {one.code: one for one in sheet_view(desk, command(), rows.APRIL, "S1", rows.NOW).guards}
    assert frozen == live
    lines = ranking_view(desk, command(), rows.APRIL, rows.NOW).groups[0].lines
    assert {line.unit.code: line.raised for line in lines}["S1"] == (RECLASSIFIED, SMALL)


def test_signs_of_a_running_month_are_those_of_its_closed_days_and_of_today(town: Engine) -> None:
    desk = rows.desk(town)
    for day in (2, 9, 16):
        at = datetime(2024, 5, day, 9)
        make.make_incident(town, "S1", at, class_code="other", reclassified_from="accident")
        make.make_incident(town, "S2", at, entered_at=at + timedelta(days=3))
        make.make_work_order(town, "S2", at, kind="tracing", closed_at=at + timedelta(minutes=9))
    whole = counts(town, Span(datetime(2024, 5, 1), rows.NOW))
    with reading(town) as connection:
        found = evaluate(connection, desk, rows.MAY, rows.NOW)
    assert found.guards == {
        score.code: guards(whole.get(score.code, GuardCounts()), score, RULES, 31) for score in found.scores
    }
    assert [found.guards["S1"][0].numerator, found.guards["S2"][1].numerator] == [3, 3]
