"""Figures per day and station are the group-by of the rows, whatever they are and whatever happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, update

from catalogue.compare_loader import load_compare_rules
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.packs import rebuild_packs
from data_access.packs.sums import cube_of
from data_access.readers.figures import figure_days, figure_part, warm_figures
from data_access.readers.incidents import frames
from domain.access import Scope, command, district, nobody, station
from domain.compare_rules import CompareRules
from domain.figure_days import FigureDays
from domain.span import Span
from domain.tally import tally
from tests import factories as make
from tests.support import plain_figures as plain

RULES = load_compare_rules()
FIRST, DAYS = date(2024, 1, 28), 34
LAST = FIRST + timedelta(days=DAYS - 1)
"""From the end of one month over a whole one, with its 29th, into a third."""
DISTRICTS = {"S1": "D1", "S2": "D1", "S3": "D2", "S4": "D2"}
EVERYTHING = command()
SCOPES = (EVERYTHING, station("S1"), station("S9"), district("D1"), district("D2"), district("D9"), nobody())
CHOICES: dict[str, list[Any]] = {
    "station_code": ["S1", "S1", "S2", "S3", "S4", "S9", None],
    "class_code": ["accident", "accident", "order", "other", None],
    "subclass": ["congestion", "congestion", "other", "parking", None],
    "channel": ["phone", "petition", None],
    "found_by": ["citizen", "officer", None],
    "is_valid": [1, 1, 1, 0],
    "repeat_of": [None, None, "I0"],
    "severity": [None, None, "minor", "property", "serious", "fatal", "一般"],
    "deaths": [0, 0, 0, 1, 3],
    "injuries": [0, 0, 1, 4],
    "serious_injuries": [0, 0, 1],
    "tags": [
        None, "", "yellow_plate_truck", ",construction_vehicle,night,", "quick_settled", "quick_online",
        "quick_settled;quick_online", "mediated_on_scene,quick_settled", "night", "quick", "yellow_plate_truck2",
    ],
}  # fmt: skip
CLOCKS = [time(h, m, s) for h, m in ((0, 0), (0, 1), (12, 59), (13, 0), (13, 40), (23, 59)) for s in (0, 1, 30, 59)]
MOMENTS = [datetime.combine(FIRST + timedelta(days=n), clock) for n in (0, 3, 4, 33) for clock in CLOCKS]
names = count(1)


def a_row(rng: Random, day: date | None = None) -> dict[str, Any]:
    """Everything that figures look at; few values, so that they meet; half of them at the edge of a minute."""
    day = day or FIRST + timedelta(days=rng.randrange(DAYS))
    clock = rng.choice(CLOCKS) if rng.random() < 0.5 else time(rng.randrange(24), rng.randrange(60), rng.randrange(60))
    values = {name: rng.choice(choices) for name, choices in CHOICES.items()}
    at = datetime.combine(day, clock)
    return {**values, "incident_id": f"R{next(names):06d}", "occurred_at": at, "updated_at": at}


def load(engine: Engine, rows: Iterable[Mapping[str, Any]]) -> None:
    """Stations, and these rows with their packs."""
    with writing(engine) as connection:
        for table in (t.incident, t.incident_pack, t.station):
            connection.execute(delete(table))
        for code, owner in DISTRICTS.items():
            make.make_station(connection, code, district_code=owner, is_active=int(code != "S4"))
        put(connection, rows)


def put(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows, and pack what changed."""
    many = list(rows)
    if many:
        connection.execute(insert(t.incident), many)
    rebuild_packs(connection, FIRST - timedelta(days=40), LAST + timedelta(days=40))


def told(found: FigureDays) -> plain.Sums:
    """The figures in the form of `plain.sums`."""
    columns = [*(one.code for one in RULES.figures), *found.kinds]
    assert found.figures == len(RULES.figures)
    assert found.values.shape == (found.days, len(found.stations), len(columns))
    return {
        (found.first + timedelta(days=int(day)), found.stations[place], columns[column]): int(
            found.values[day, place, column]
        )
        for day, place, column in zip(*np.nonzero(found.values), strict=True)
    }


def visible(row: Mapping[str, Any], scope: Scope) -> bool:
    code = row["station_code"]
    if scope.stations is not None and code not in scope.stations:
        return False
    return scope.districts is None or DISTRICTS.get(code) in scope.districts


def rows_of(connection: Connection) -> Sequence[Mapping[str, Any]]:
    return connection.execute(select(t.incident)).mappings().all()


def days_of(connection: Connection, first: date = FIRST, last: date = LAST, scope: Scope = EVERYTHING) -> plain.Sums:
    return told(figure_days(connection, RULES, first, last, scope))


def expected(rows: Iterable[Mapping[str, Any]], first: date = FIRST, last: date = LAST) -> plain.Sums:
    return plain.sums(row for row in rows if first <= row["occurred_at"].date() <= last)


def test_the_reference_knows_every_figure_of_the_catalogue() -> None:
    assert list(plain.FIGURES) == [one.code for one in RULES.figures]


# whatever the rows are ---------------------------------------------------------------------------


def change(connection: Connection, rng: Random) -> None:
    """Move, empty, invalidate, drop and add some rows."""
    known = [row["incident_id"] for row in rows_of(connection)]
    for key in rng.sample(known, min(20, len(known))):
        changed = a_row(rng)
        wanted = {name: changed[name] for name in rng.sample([*CHOICES, "occurred_at"], 3)}
        connection.execute(update(t.incident).where(t.incident.c.incident_id == key).values(**wanted))
    gone = FIRST + timedelta(days=rng.randrange(DAYS))
    span = datetime.combine(gone, time.min), datetime.combine(gone, time.max)
    connection.execute(delete(t.incident).where(t.incident.c.occurred_at.between(*span)))
    put(connection, [a_row(rng) for _ in range(20)])


def check(connection: Connection, rng: Random) -> int:
    """Everything that can be asked of the rows as they are; how many sums there are."""
    rows = rows_of(connection)
    for scope in SCOPES:
        mine = [row for row in rows if visible(row, scope)]
        first, last = sorted(FIRST + timedelta(days=rng.randrange(-40, DAYS + 40)) for _ in range(2))
        assert days_of(connection, scope=scope) == expected(mine)
        assert days_of(connection, first, last, scope) == expected(mine, first, last)
        for moment in rng.sample(MOMENTS, 3):
            assert told(figure_part(connection, RULES, moment, scope)) == part_of(mine, moment)
    return len(expected(rows))


def part_of(rows: Iterable[Mapping[str, Any]], moment: datetime) -> plain.Sums:
    day = (moment - timedelta(seconds=1)).date()
    return plain.sums(row for row in rows if row["occurred_at"].date() == day and plain.ended(row, moment))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**9))
def test_figures_are_the_group_by_of_the_rows_and_stay_it_when_rows_change(engine: Engine, seed: int) -> None:
    rng = Random(seed)
    load(engine, (a_row(rng) for _ in range(150)))
    for _ in range(3):
        with reading(engine) as connection:
            assert check(connection, rng) > 100
        with writing(engine) as connection:
            change(connection, rng)


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**9))
def test_figures_agree_with_the_map_at_every_edge_of_a_minute(engine: Engine, seed: int) -> None:
    """The rows behind a number come from frames: both have one rule for the minute in which a period ends."""
    rng = Random(seed)
    load(engine, (a_row(rng, FIRST + timedelta(days=rng.choice((0, 3, 4)))) for _ in range(150)))
    with reading(engine) as connection:
        for moment, scope in zip(rng.sample(MOMENTS, 14), SCOPES * 2, strict=True):
            part = figure_part(connection, RULES, moment, scope)
            span = Span(datetime.combine(part.first, time.min), moment)
            found = frames(connection, span, scope)
            for column, figure in enumerate(RULES.figures):
                seen = tally(found, span, figure.filter, {}, {})
                number = seen.total if figure.sum == "incidents" else getattr(seen, figure.sum)
                assert int(part.values[:, :, column].sum()) == number, (moment, scope, figure.code)


# one thing at a time -----------------------------------------------------------------------------

DAY = date(2024, 2, 29)


def day_rows(number: int, **given: Any) -> Iterator[dict[str, Any]]:
    """So many equal accidents at nine in the morning."""
    at = datetime.combine(DAY, time(9))
    row: dict[str, Any] = {
        "station_code": "S1", "class_code": "accident", "is_valid": 1, "occurred_at": at, "updated_at": at,
        "deaths": 0, "injuries": 0, "serious_injuries": 0,
    }  # fmt: skip
    for _ in range(number):
        yield {**row, **given, "incident_id": f"N{next(names):06d}"}


@pytest.mark.parametrize("many", [255, 256, 700])
def test_more_than_a_byte_holds_is_counted(engine: Engine, many: int) -> None:
    load(engine, day_rows(many, deaths=2, injuries=200, channel="petition", repeat_of="I0"))
    with reading(engine) as connection:
        found = days_of(connection, DAY, DAY)
        part = told(figure_part(connection, RULES, datetime.combine(DAY, time(23)), EVERYTHING))
    counts = {"traffic": many, "accident": many, "repeat": many, "petition": many, ("accident", ""): many,
              "deaths": 2 * many, "injuries": min(200 * many, 65_535)}  # fmt: skip
    assert found == {(DAY, "S1", name): number for name, number in counts.items()}
    assert part == found | {(DAY, "S1", "injuries"): 200 * many}, "only what is kept in memory has a most, 65 535"


def test_several_marks_on_one_incident_count_once_in_each_figure(engine: Engine) -> None:
    marks = "quick_settled;quick_online,mediated_on_scene,construction_vehicle,yellow_plate_truck"
    load(engine, day_rows(1, tags=marks, severity="minor"))
    with reading(engine) as connection:
        found = {name: number for (_, _, name), number in days_of(connection, DAY, DAY).items()}
    assert found == dict.fromkeys(
        ["traffic", "accident", "yellow_truck", "construction", "minor", "quick", "quick_minor", "quick_online",
         "mediated", ("accident", "")], 1,
    )  # fmt: skip


def test_a_span_without_any_incident_has_its_days(engine: Engine) -> None:
    load(engine, [])
    with reading(engine) as connection:
        found = figure_days(connection, RULES, FIRST, LAST, EVERYTHING)
        part = figure_part(connection, RULES, datetime.combine(DAY, time(13, 40)), EVERYTHING)
    assert (found.first, found.last, found.days, found.values.sum()) == (FIRST, LAST, DAYS, 0)
    assert (part.first, part.days, part.values.sum()) == (DAY, 1, 0)


def test_incidents_without_a_station_are_for_the_command_only(engine: Engine) -> None:
    load(engine, day_rows(3, station_code=None))
    with reading(engine) as connection:
        assert days_of(connection, DAY, DAY)[DAY, "", "traffic"] == 3
        for scope in SCOPES[1:]:
            assert days_of(connection, DAY, DAY, scope) == {}
            assert told(figure_part(connection, RULES, datetime.combine(DAY, time(12)), scope)) == {}


def test_a_transaction_sees_its_own_days_even_when_others_have_read_newer_ones(engine: Engine) -> None:
    load(engine, day_rows(3))
    with reading(engine) as old:
        assert days_of(old)[DAY, "S1", "traffic"] == 3
        with writing(engine) as connection:
            put(connection, day_rows(4))
        with reading(engine) as new:
            assert days_of(new)[DAY, "S1", "traffic"] == 7
        assert days_of(old)[DAY, "S1", "traffic"] == 3


def test_other_rules_have_other_sums(engine: Engine) -> None:
    load(engine, day_rows(3, class_code="order"))
    orders = tuple(one for one in RULES.figures if one.code == "order")
    with reading(engine) as connection:
        assert days_of(connection, DAY, DAY)[DAY, "S1", "order"] == 3
        found = figure_days(connection, replace(RULES, figures=orders, version="other"), DAY, DAY, EVERYTHING)
    assert (found.figures, found.values[0, :, 0].sum()) == (1, 3)


# reading ahead -----------------------------------------------------------------------------------


class Clock:
    """Says times one after the other, then the last one for ever."""

    def __init__(self, *times: float) -> None:
        self.times = list(times)

    def __call__(self) -> float:
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


def cold() -> CompareRules:
    """The same rules, of which nothing is in memory yet."""
    return replace(RULES, version=f"cold {next(names)}")


def warm(connection: Connection, rules: CompareRules, clock: Clock, scope: Scope = EVERYTHING) -> tuple[int, int]:
    return warm_figures(connection, rules, (FIRST, LAST), scope, seconds=1.0, clock=clock)


def test_reading_ahead_goes_month_by_month_newest_first_and_says_how_far_it_is(engine: Engine) -> None:
    rng, rules = Random(1), cold()
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    load(engine, [a_row(rng, day) for day in days])
    march, february = (sum(day.month == month for day in days) for month in (3, 2))
    with reading(engine) as connection:
        late = [warm(connection, rules, Clock(0.0, 5.0)) for _ in range(4)]
    assert late == [(march, DAYS), (march + february, DAYS), (DAYS, DAYS), (DAYS, DAYS)]
    with writing(engine) as connection:
        put(connection, [a_row(rng, FIRST), a_row(rng, LAST)])
    with reading(engine) as connection:
        assert warm(connection, rules, Clock(0.0, 5.0)) == (DAYS - 1, DAYS), "two days have changed, one was read"
        assert warm(connection, rules, Clock(0.0)) == (DAYS, DAYS)


def test_with_time_enough_everything_is_read_at_once(engine: Engine) -> None:
    rules = cold()
    load(engine, [a_row(Random(2), FIRST + timedelta(days=n)) for n in range(DAYS)])
    with reading(engine) as connection:
        assert cube_of(connection, rules).size == 0
        assert warm(connection, rules, Clock(0.0)) == (DAYS, DAYS)
        assert cube_of(connection, rules).size > 0


def test_who_sees_no_station_waits_for_nothing(engine: Engine) -> None:
    load(engine, day_rows(3))
    with reading(engine) as connection:
        assert warm(connection, cold(), Clock(0.0), nobody()) == (0, 0)
        assert warm(connection, cold(), Clock(0.0), district("D9")) == (0, 0)
        assert warm(connection, cold(), Clock(0.0), station("S1")) == (1, 1)
