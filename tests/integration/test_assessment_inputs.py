"""What months are scored from, on both databases: whole months, the running month to the minute, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, event

from data_access import tables as t
from data_access.engine import reading, writing
from data_access.refresh import refresh
from domain.access import Scope, command, nobody, station
from domain.assessment import score_month
from domain.assessment_inputs import Amount, MonthInputs, StationInputs
from domain.assessment_totals import totals_of
from domain.errors import Refused
from domain.month import Month
from services.assessment_inputs import inputs_of, stretch_of
from services.desk import Desk
from tests import factories as make
from tests.support import assessed_rows as rows
from tests.support.assessed import RULES


@pytest.fixture
def town(engine: Engine) -> Engine:
    rows.fill(engine)
    return engine


def read(engine: Engine, month: Month, as_of: datetime = rows.NOW, scope: Scope | None = None) -> MonthInputs:
    with reading(engine) as connection:
        return inputs_of(connection, rows.desk(engine), [month], as_of, scope=scope or command())[month]


def of(engine: Engine, month: Month, code: str = "S1", as_of: datetime = rows.NOW) -> StationInputs:
    found = read(engine, month, as_of).of(code)
    assert found is not None
    return found


# whole months -----------------------------------------------------------------------------------


def test_a_whole_month_is_what_its_rows_say(town: Engine) -> None:
    one = of(town, rows.APRIL)
    assert one.now["accidents"] == Amount(4, 0, 4)
    assert one.base["accidents"] == Amount(5, 0, 5)
    assert one.now["accidents_year"] == Amount(5 + 11 * 4, 0, 49)
    assert one.base["accidents_year"] == Amount(60, 0, 60)
    assert one.now["helmets"] == Amount(880, 1000, 2)
    assert one.now["slots"] == Amount(34, 40, 2)
    assert (one.now["built"], one.now["running"]) == (Amount(9, 10, 1), Amount(16, 20, 2))
    assert (one.now["visits"], one.now["files"], one.now["training"]) == (
        Amount(19, 20, 1), Amount(95, 100, 1), Amount(9, 10, 1),
    )  # fmt: skip
    assert one.now["rectified"] == Amount(2, 2, 2)
    assert one.now["hazards"] == Amount(10, pytest.approx(10 * 30 / 7), 10)
    assert one.now["hazards_timely"] == Amount(10, 10, 10)
    assert one.now["people"] == Amount(8000, 330 * 30, 2)
    assert one.now["sessions"] == Amount(2, 2 * 30, 2)
    assert one.missing == {}
    assert (one.mode, one.district, one.residents_10k) == ("deep", "D1", 10)


def test_codes_that_fell_and_rose_in_a_month(town: Engine) -> None:
    first, other = of(town, rows.APRIL), of(town, rows.APRIL, "S2")
    assert (first.now["lowered"], first.now["raised"]) == (Amount(1, 4, 1), Amount(1, 4, 1))
    assert (other.now["lowered"], other.now["raised"]) == (Amount(1, 4, 1), Amount(0, 4, 0))
    assert first.base["lowered"] == Amount(0, 4, 0)


def test_many_months_at_once_are_the_same_as_one_by_one(town: Engine) -> None:
    months = [rows.MAY.back(k) for k in range(4)]
    with reading(town) as connection:
        desk = rows.desk(town)
        together = inputs_of(connection, desk, months, rows.NOW, scope=command())
        lean = inputs_of(connection, desk, months, rows.NOW, scope=command(), base=())
    for month in months:
        assert together[month] == read(town, month)
        scored = score_month(together[month], RULES)
        totals = totals_of(lean[month], RULES)
        assert [(one.total, one.rank, one.of, one.colour.value) for one in scored] == [
            (one.total, one.rank, one.of, one.colour) for one in totals
        ]


def test_a_year_is_asked_for_with_few_statements(town: Engine) -> None:
    seen: list[str] = []
    event.listen(town, "before_cursor_execute", lambda *call: seen.append(call[2]))
    with reading(town) as connection:
        months = [rows.APRIL.back(k) for k in range(12)]
        seen.clear()
        inputs_of(connection, rows.desk(town), months, rows.NOW, scope=command(), base=())
        year = len(seen)
        inputs_of(connection, rows.desk(town), months[:1], rows.NOW, scope=command(), base=())
    assert year == len(seen) - year


# the running month ------------------------------------------------------------------------------


def test_the_running_month_is_read_to_the_minute(town: Engine) -> None:
    make.make_incident(town, "S1", datetime(2024, 5, 16, 12, 59))
    make.make_sample(town, "S1", datetime(2024, 5, 16, 10), kind="post_running", numerator=1, denominator=10)
    one = of(town, rows.MAY)
    assert one.now["accidents"].numerator == 5  # the 1st, 4th, 7th, 10th, and today's
    assert one.base["accidents"].numerator == 5  # a year ago the 1st to the 13th
    assert one.now["running"] == Amount(9, 20, 1)
    assert one.now["helmets"] == Amount(440, 500, 1)
    assert one.now["people"] == Amount(4000, 330 * 31, 1)
    inputs = read(town, rows.MAY)
    assert (inputs.pace, inputs.as_of) == (pytest.approx(15.5 / 31), rows.NOW)
    assert of(town, rows.MAY, as_of=datetime(2024, 5, 16, 12)).now["accidents"].numerator == 4


def test_closed_days_are_the_same_by_day_and_out_of_the_months_rollup(town: Engine) -> None:
    """As long as the rollup holds just the days before, it is used; a day later it holds one more."""
    out_of_rollup = read(town, rows.MAY)
    refresh(town, rows.CATALOGUE, rows.NOW + timedelta(days=1))
    assert read(town, rows.MAY) == out_of_rollup


def test_the_same_stretch_a_year_earlier_ends_at_the_same_minute(town: Engine) -> None:
    for minute in (30, 59):
        make.make_incident(town, "S1", datetime(2023, 5, 16, 12, minute))
    refresh(town, rows.CATALOGUE, rows.NOW)
    assert of(town, rows.MAY).base["accidents"].numerator == 7
    assert of(town, rows.MAY, as_of=datetime(2024, 5, 16, 12, 40)).base["accidents"].numerator == 6


def test_twelve_months_of_a_running_month_end_now(town: Engine) -> None:
    """17 May 2023 .. 16 May 2024: S1 has 4 a month since June; none of May 2023 lies after the 16th."""
    one = of(town, rows.MAY)
    assert one.now["accidents_year"].numerator == 11 * 4 + 4
    assert one.base["accidents_year"].numerator == 11 * 5 + 5


def test_a_past_instant_does_not_know_what_came_later(town: Engine) -> None:
    early = of(town, rows.APRIL, as_of=datetime(2024, 4, 10, 9))
    assert early.now["accidents"].numerator == 4
    assert early.now["helmets"] == Amount(440, 500, 1)
    assert early.now["lowered"] == Amount(0, 4, 0)


def test_a_month_to_come_has_no_inputs(town: Engine) -> None:
    with reading(town) as connection:
        assert inputs_of(connection, rows.desk(town), [Month(2024, 6)], rows.NOW, scope=command()) == {}


# what is missing --------------------------------------------------------------------------------


def test_no_accidents_are_none_and_not_unknown(town: Engine) -> None:
    make.make_station(town, "S4")
    one = of(town, rows.APRIL, "S4")
    assert (one.now["accidents"], one.base["accidents"]) == (Amount(0), Amount(0))
    assert one.now["hazards"].numerator == 0
    assert one.missing["helmets"] == "no_rows"
    assert "lowered" not in one.now


def test_a_base_before_the_data_is_no_base(engine: Engine) -> None:
    rows.fill(engine, months=14)
    one = of(engine, rows.APRIL)
    assert "accidents" in one.base
    assert "accidents_year" in one.now
    assert "accidents_year" not in one.base
    score = score_month(read(engine, rows.APRIL), RULES)[0]
    assert [(note.code, note.subject) for note in score.indicator("O1").notes] == [("no_base", "accidents_year")]  # type: ignore[union-attr]
    assert score.indicator("O2").weight == 30  # type: ignore[union-attr]


def test_what_never_began_is_no_data_for_everybody(engine: Engine) -> None:
    rows.fill(engine)
    with writing(engine) as connection:
        connection.execute(delete(t.work_order).where(t.work_order.c.kind == "hazard"))
    refresh(engine, rows.CATALOGUE, rows.NOW, full=True)
    one = of(engine, rows.APRIL)
    assert one.missing["hazards"] == "not_begun"
    assert "hazards" not in one.now


def test_a_feed_that_was_silent_all_month_is_no_data(town: Engine) -> None:
    make.make_feed(town, "hazard", at=datetime(2024, 3, 31, 23))
    make.make_feed(town, "publicity", at=datetime(2024, 4, 1, 1))
    one = of(town, rows.APRIL)
    assert one.missing == {"hazards": "silent", "hazards_timely": "silent"}
    assert "people" in one.now


def test_a_stations_own_target_counts(town: Engine) -> None:
    make.make_target(town, "S1", "T3-06", 100, 50)
    make.make_target(town, "S1", "T7-01", 7, 5, valid_to=date(2024, 4, 29))
    assert of(town, rows.APRIL).now["people"].denominator == 3000
    assert of(town, rows.APRIL).now["hazards"].denominator == pytest.approx(10 * 30 / 7)
    assert of(town, rows.MAY.back(2)).now["hazards"].denominator == 31
    assert of(town, rows.APRIL, "S2").now["people"].denominator == 330 * 30


def test_a_month_before_the_first_rules_is_refused(town: Engine) -> None:
    later = replace(rows.BOOK.versions[0], valid_from=date(2024, 5, 1))
    desk = Desk(town, rows.CATALOGUE, replace(rows.BOOK, versions=(later,)))
    with reading(town) as connection, pytest.raises(Refused) as caught:
        inputs_of(connection, desk, [rows.APRIL], rows.NOW, scope=command())
    assert caught.value.key == "assessment.refused.no_rules"


def test_a_viewer_reads_only_stations_of_the_scope(town: Engine) -> None:
    assert [one.code for one in read(town, rows.APRIL, scope=station("S2")).stations] == ["S2"]
    assert read(town, rows.APRIL, scope=nobody()).stations == ()
    alone, all_of_them = read(town, rows.APRIL, scope=station("S2")).of("S2"), of(town, rows.APRIL, "S2")
    assert alone == all_of_them


# where the rows are -----------------------------------------------------------------------------


def test_the_days_behind_a_number(town: Engine) -> None:
    april, may = read(town, rows.APRIL), read(town, rows.MAY)
    year, slots = RULES.by_source["accidents_year"], RULES.by_source["slots"]
    assert stretch_of(april, slots) == (date(2024, 4, 1), date(2024, 4, 30))
    assert stretch_of(may, slots) == (date(2024, 5, 1), date(2024, 5, 16))
    assert stretch_of(april, year) == (date(2023, 5, 1), date(2024, 4, 30))
    assert stretch_of(may, year) == (date(2023, 5, 16), date(2024, 5, 16))
