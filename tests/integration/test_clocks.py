"""Packs of orders: made by the refresh, read again only when they change, seen only by who may; and the page's view."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import Engine, delete, func, select, update

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.demo import load_demo
from data_access.demo.clear import clear_demo
from data_access.engine import reading, writing
from data_access.facts.flows import Stretch, by_station
from data_access.packs.order_build import rebuild_order_packs
from data_access.packs.order_store import OrderStore, order_stamps
from data_access.packs.orders import read_orders, write_orders
from data_access.readers import clocks as reader
from data_access.readers.clocks import clock_progress, clock_sums, first_order_day, warm_clocks
from data_access.refresh import refresh
from data_access.scope import within
from domain.access import Scope, command, district, nobody, station
from domain.clock_rules import CLASSES, CLOCKS, LIMITS, WHO
from domain.clock_views import ClockLine, ClockPart, ClocksAsked, ClocksView
from domain.clockstats import ClockSums, tally
from domain.span import Span
from services.clocks import ClockGround, clocks_ready, clocks_view
from tests import factories as make
from tests.factories import NOW
from tests.integration.conftest import Demo

CATALOGUE = load_catalogue()
RULES = load_clock_rules(CATALOGUE)
DAY = timedelta(days=1)
FEBRUARY, MAY = datetime(2024, 2, 12, 8), datetime(2024, 5, 6, 8)
SPAN = Span(datetime(2024, 1, 1), datetime(2024, 5, 8))
FIRST, LAST = date(2024, 1, 1), date(2024, 5, 8)
LATER = datetime(2024, 6, 1)
TASKS = {"sign": "T1-01", "arrive": "T1-02", "feedback": "T1-03", "close": "T1-04"}


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[OrderStore]:
    """A store of the test's own: all tests on PostgreSQL share one database."""
    store = OrderStore()
    monkeypatch.setattr(reader, "order_store_of", lambda _: store)
    yield store


def packed(engine: Engine) -> int:
    with writing(engine) as connection:
        return rebuild_order_packs(connection, FIRST, LAST)


def stamps(engine: Engine) -> dict[date, str]:
    with engine.connect() as connection:
        return order_stamps(connection, FIRST, LAST)


def sums(engine: Engine, who: str = "station", scope: Scope | None = None, as_of: datetime = LATER) -> ClockSums:
    with reading(engine) as connection:
        return clock_sums(connection, SPAN, as_of, scope or command(), RULES, who=who)


def arrivals(engine: Engine) -> list[int]:
    """Rows, hits and unusable ones of the incidents' arrival."""
    found = sums(engine, "incident")
    line = tally(found.columns, "arrive", found.counts.sum((0, 1)), found.seconds.sum((0, 1)), 300)
    return [found.rows, int(line.hit), int(line.unusable)]


def test_a_day_is_written_and_read_again(engine: Engine) -> None:
    for index in range(3):
        make.make_order(engine, "站1", MAY + index * timedelta(hours=7), closed_at=MAY + 20 * DAY)
    packed(engine)
    with engine.connect() as connection:
        count, facts = connection.execute(select(t.dispatch_pack.c.row_count, t.dispatch_pack.c.facts)).one()
    day = read_orders(facts)
    assert (len(day), count, list(day.stations)) == (3, 3, ["站1"])
    assert day.columns["second"].tolist() == [8 * 3600, 15 * 3600, 22 * 3600]
    assert day.columns["closed"].tolist() == [20 * 86_400 - hours * 3600 for hours in (0, 7, 14)]
    assert write_orders(day) == facts
    with pytest.raises(ValueError, match="not a pack"):
        read_orders(b"PK1" + facts[3:])


def test_packs_are_made_by_the_refresh_today_included_and_only_when_a_day_changes(engine: Engine) -> None:
    make.make_order(engine, at=MAY)
    make.make_order(engine, at=NOW, is_valid=0)
    refresh(engine, CATALOGUE, NOW)
    first = stamps(engine)
    assert sorted(first) == [MAY.date(), NOW.date()]
    make.make_order(engine, at=NOW - timedelta(hours=1), updated_at=NOW)
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=1))
    second = stamps(engine)
    assert second[NOW.date()] != first[NOW.date()]
    assert second[MAY.date()] == first[MAY.date()]


def test_a_stop_that_is_written_later_changes_the_day_of_its_order(engine: Engine) -> None:
    row = make.make_order(engine, at=FEBRUARY, closed_at=None, updated_at=FEBRUARY)
    refresh(engine, CATALOGUE, NOW)
    before = stamps(engine)
    mine = t.dispatch_order.c.order_id == row["order_id"]
    with writing(engine) as connection:
        connection.execute(update(t.dispatch_order).where(mine).values(closed_at=MAY, updated_at=NOW))
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=1))
    assert stamps(engine)[FEBRUARY.date()] != before[FEBRUARY.date()]
    with writing(engine) as connection:
        connection.execute(delete(t.dispatch_order).where(mine))
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=2), reconcile=True)
    assert stamps(engine) == {}


def test_a_database_from_before_the_packs_is_packed_by_the_next_refresh(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_order(engine, at=FEBRUARY, updated_at=FEBRUARY)
    with monkeypatch.context() as before:
        before.setattr("data_access.rollups.steps.rebuild_order_packs", lambda *_: None)
        before.setattr("data_access.rollups.marks._ORDER_PACKS_VERSION", "0")
        refresh(engine, CATALOGUE, NOW)
    assert stamps(engine) == {}
    report = refresh(engine, CATALOGUE, NOW + timedelta(hours=1))
    assert report.redefined == ("dispatch_order",)
    assert sorted(stamps(engine)) == [FEBRUARY.date()]


def test_orders_are_packed_even_if_no_task_is_measured_by_them(engine: Engine) -> None:
    tasks = tuple(task for task in CATALOGUE.tasks if task.measure.source != "dispatch_order")
    make.make_order(engine, at=MAY)
    refresh(engine, type(CATALOGUE)(CATALOGUE.version, CATALOGUE.themes, tasks), NOW)
    assert sorted(stamps(engine)) == [MAY.date()]


def test_the_second_unit_of_an_incident_may_be_sent_after_midnight(engine: Engine) -> None:
    """Its arrival counts for the incident of the day before, also when it becomes known later."""
    late = datetime(2024, 5, 5, 23, 59)
    make.make_order(engine, at=late, incident_id="I1", arrived_at=late + timedelta(minutes=20))
    refresh(engine, CATALOGUE, NOW)
    assert arrivals(engine) == [1, 0, 0]
    after = late + timedelta(minutes=2)
    arrived = after + timedelta(minutes=1)
    two = make.make_order(engine, at=after, incident_id="I1", unit_kind="squadron", arrived_at=arrived, updated_at=NOW)
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=1))
    assert arrivals(engine) == [1, 1, 0]
    assert sums(engine, "squadron").rows == sums(engine, "station").rows == 1
    values = {"incident_id": "I2", "updated_at": NOW + timedelta(minutes=1)}
    with writing(engine) as connection:
        mine = t.dispatch_order.c.order_id == two["order_id"]
        connection.execute(update(t.dispatch_order).where(mine).values(**values))
    refresh(engine, CATALOGUE, NOW + timedelta(minutes=2))
    assert arrivals(engine) == [2, 1, 0]


def test_an_arrival_before_the_order_is_not_usable_and_never_in_time(engine: Engine) -> None:
    make.make_order(engine, at=MAY, incident_id="I1", arrived_at=MAY - timedelta(seconds=1))
    packed(engine)
    assert arrivals(engine) == [1, 0, 1]
    later = MAY + timedelta(minutes=4)
    make.make_order(engine, at=MAY + timedelta(minutes=1), incident_id="I1", unit_kind="squadron", arrived_at=later)
    packed(engine)
    assert arrivals(engine) == [1, 1, 0]


def test_a_changed_day_is_seen_at_once_also_inside_a_month_in_memory(engine: Engine) -> None:
    row = make.make_order(engine, at=FEBRUARY)
    make.make_order(engine, at=MAY)
    packed(engine)
    assert sums(engine).rows == sums(engine).rows == 2
    make.make_order(engine, at=FEBRUARY + DAY)
    packed(engine)
    assert sums(engine).rows == 3
    with writing(engine) as connection:
        connection.execute(delete(t.dispatch_order).where(t.dispatch_order.c.order_id == row["order_id"]))
    packed(engine)
    assert sums(engine).rows == 2


def test_a_stop_that_comes_weeks_later_has_not_happened_before(engine: Engine) -> None:
    """The month is kept as sums, and must still tell what was so at any instant after it."""
    closed = FEBRUARY + 60 * DAY
    make.make_order(engine, at=FEBRUARY, closed_at=closed)
    make.make_order(engine, at=FEBRUARY, closed_at=datetime(2099, 1, 1))
    packed(engine)
    told = []
    for as_of in (FEBRUARY + 30 * DAY, closed - timedelta(seconds=1), closed, LATER):
        found = sums(engine, as_of=as_of)
        line = tally(found.columns, "close", found.counts.sum((0, 1)), found.seconds.sum((0, 1)), 22 * 3600)
        told.append((int(line.overdue), int(line.done), int(line.due)))
    assert told == [(2, 0, 2), (2, 0, 2), (1, 1, 2), (1, 1, 2)]


def test_other_rules_do_not_see_what_is_kept_for_these(engine: Engine) -> None:
    make.make_order(engine, at=FEBRUARY, arrived_at=FEBRUARY + timedelta(minutes=7))
    packed(engine)
    assert sums(engine).rows == 1
    tasks = tuple(task for task in CATALOGUE.tasks if task.code != "T1-01")
    other = load_clock_rules(type(CATALOGUE)("x", CATALOGUE.themes, tasks))
    with reading(engine) as connection:
        found = clock_sums(connection, SPAN, LATER, command(), other, who="station")
    line = tally(found.columns, "arrive", found.counts.sum((0, 1)), found.seconds.sum((0, 1)), 600)
    assert (found.rows, int(line.hit)) == (1, 1)


def test_memory_is_limited_and_the_least_used_goes_first(engine: Engine, own_store: OrderStore) -> None:
    for at in (FEBRUARY, FEBRUARY + 30 * DAY, MAY):
        make.make_order(engine, at=at)
    packed(engine)
    assert sums(engine).rows == 3
    whole = own_store.size
    own_store.limit_to(whole - 1)
    with reading(engine) as connection:
        assert clock_progress(connection, SPAN, LATER, command(), RULES, who="station") == (2, 3)
    assert sums(engine).rows == 3
    assert own_store.size < whole
    own_store.limit_to(0)
    assert sums(engine).rows == 3


def test_threads_share_a_store(engine: Engine) -> None:
    for hour in range(24):
        make.make_order(engine, f"S{hour % 3}", MAY.replace(hour=hour))
        make.make_order(engine, "S1", FEBRUARY.replace(hour=hour))
    packed(engine)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: sums(engine), range(24)))
    for one in found:
        assert (one.stations, one.rows, one == found[0]) == (("S0", "S1", "S2"), 48, True)


def test_readers_while_a_day_is_rewritten_see_the_old_or_the_new_day(engine: Engine) -> None:
    """All rows of the day always have the same sign-off; a mixture would show two times."""
    for _ in range(6):
        make.make_order(engine, at=MAY)
    packed(engine)

    def rewrite(number: int) -> None:
        with writing(engine) as connection:
            connection.execute(update(t.dispatch_order).values(signed_at=MAY + timedelta(seconds=number)))
            rebuild_order_packs(connection, FIRST, LAST)

    def look(_: int) -> int:
        return int(sums(engine).seconds[0, 0, 0]) % 6

    with ThreadPoolExecutor(3) as pool:
        writer = pool.submit(lambda: [rewrite(number) for number in range(1, 12)])
        looks = list(pool.map(look, range(40)))
        writer.result()
    assert set(looks) == {0}
    assert int(sums(engine).seconds[0, 0, 0]) == 66


def test_progress_and_warming(engine: Engine) -> None:
    for at in (FEBRUARY, FEBRUARY + 30 * DAY, MAY):
        make.make_order(engine, at=at)
    make.make_station(engine, "S1")
    packed(engine)
    ticks = iter(range(100))
    asked = (SPAN, LATER)
    with reading(engine) as connection:

        def warmed(scope: Scope, seconds: float) -> tuple[int, int]:
            clock = time.monotonic if seconds else lambda: next(ticks)
            return warm_clocks(connection, *asked, scope, RULES, who="station", seconds=seconds, clock=clock)

        assert clock_progress(connection, *asked, command(), RULES, who="station") == (0, 3)
        assert [warmed(command(), 0) for _ in range(2)] == [(2, 3), (3, 3)]
        assert warmed(station("S1"), 60) == (3, 3)
        assert clock_progress(connection, *asked, command(), RULES, who="incident") == (0, 3)
        assert clock_progress(connection, *asked, nobody(), RULES, who="station") == warmed(nobody(), 60) == (0, 0)


def test_warming_ends_when_the_memory_is_too_small(engine: Engine, own_store: OrderStore) -> None:
    own_store.limit_to(0)
    for at in (FEBRUARY, FEBRUARY + 30 * DAY, MAY):
        make.make_order(engine, at=at)
    packed(engine)
    with reading(engine) as connection:
        found = [
            warm_clocks(connection, SPAN, LATER, command(), RULES, who="station", seconds=60, clock=time.monotonic)
            for _ in range(2)
        ]
    assert found[-1][0] == found[-1][1] > 0


def test_a_viewer_sees_the_orders_of_own_stations(engine: Engine) -> None:
    make.make_station(engine, "S1", district_code="D1")
    make.make_station(engine, "S2", district_code="D2")
    for code in ("S1", "S2", "S2", "S3", None):
        make.make_order(engine, code, MAY)
        make.make_order(engine, code, FEBRUARY)
    packed(engine)
    seen = [sums(engine, scope=scope).stations for scope in (command(), station("S1"), district("D2"), nobody())]
    assert seen == [("S1", "S2", "S3"), ("S1",), ("S2",), ()]
    assert [sums(engine, scope=scope).rows for scope in (command(), station("S1"), district("D2"))] == [8, 2, 4]
    with reading(engine) as connection:
        only = clock_sums(connection, SPAN, LATER, station("S1"), RULES, who="station", only=["S1", "S2"])
        assert only.stations == ("S1",)
        assert first_order_day(connection, nobody()) is None
        assert first_order_day(connection, station("S2")) == FEBRUARY.date()


def test_the_demo_leaves_no_packs_behind(engine: Engine) -> None:
    load_demo(engine, now=NOW, months=1)
    make.make_order(engine, "S1", MAY)
    refresh(engine, CATALOGUE, NOW)
    assert sums(engine).rows > 1000
    clear_demo(engine)
    assert stamps(engine) == {}
    refresh(engine, CATALOGUE, NOW)
    assert sums(engine).stations == ("S1",)


def test_the_board_and_the_clocks_agree_about_all_orders_there_are(demo: Demo) -> None:
    """The board counts a row when it is finished or runs out, this page when its order was given."""
    tasks = [CATALOGUE.task(code) for code in TASKS.values()]
    stretch = Stretch(datetime(2000, 1, 1), demo.now)
    with reading(demo.engine) as connection:
        visible = within(command(), t.dispatch_order.c.station_code)
        rows = connection.execute(by_station([task for task in tasks if task], stretch, visible)).all()
        found = clock_sums(connection, Span(stretch.start, demo.now), demo.now, command(), RULES, who="station")
        orders = connection.execute(select(func.count()).select_from(t.dispatch_order)).scalar()
        assert connection.execute(select(func.sum(t.dispatch_pack.c.row_count))).scalar() == orders
    board = {row[0]: row[1:] for row in rows}
    assert set(board) == set(found.stations)
    for number, clock in enumerate(TASKS):
        classes = slice(0, 1) if clock == "arrive" else slice(None)
        counts, seconds = found.counts[:, classes].sum(1), found.seconds[:, classes].sum(1)
        line = tally(found.columns, clock, counts, seconds, RULES.clock(clock).limit)
        for place, code in enumerate(found.stations):
            hit, rest, waiting = (int(value or 0) for value in board[code][3 * number : 3 * number + 3])
            assert (hit, hit + rest, waiting) == (line.hit[place], line.due[place], line.waiting[place])


def ground(engine: Engine) -> ClockGround:
    return ClockGround(engine, CATALOGUE, RULES)


MONTH = Span(datetime(2024, 4, 8), datetime(2024, 5, 7, 15, 3))
BEFORE = Span(datetime(2024, 3, 9), datetime(2024, 4, 7, 15, 3))


def view(demo: Demo, scope: Scope | None = None, **asked: object) -> ClocksView:
    return clocks_view(ground(demo.engine), scope or command(), ClocksAsked(MONTH, **asked), demo.now)  # type: ignore[arg-type]


def added(lines: list[ClockLine]) -> tuple[object, ...]:
    names = ("due", "hit", "waiting", "overdue", "unusable", "done")
    bands = [sum(band) for band in zip(*(line.bands for line in lines), strict=True)]
    return *(sum(getattr(line, name) for line in lines) for name in names), bands


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("limits", LIMITS)
def test_every_table_adds_up_to_the_whole(demo: Demo, who: str, limits: str) -> None:
    found = view(demo, base=BEFORE, who=who, limits=limits)
    assert [part.clock.code for part in found.clocks] == (["arrive"] if who == "incident" else list(CLOCKS))
    for part in found.clocks:
        assert part.now.rows > 500
        assert part.base is not None
        for table in (part.stations, part.hours, part.classes):
            assert added([row.now for row in table]) == added([part.now])
        for table in (part.stations, part.classes):
            assert added([row.base for row in table if row.base]) == added([part.base])
        assert [row.key for row in part.stations] == [unit.code for unit in found.units]
        assert [row.key for row in part.classes] == list(CLASSES)
        assert sum(part.now.bands) == part.now.done


def test_stations_districts_and_classes_narrow_the_view(demo: Demo) -> None:
    whole = view(demo, base=BEFORE)
    codes = [unit.code for unit in whole.units]
    narrow = view(demo, base=BEFORE, units=tuple(codes[:2]))
    own = view(demo, station(codes[0]), base=BEFORE, units=tuple(codes[:2]))
    for part, less, mine in zip(whole.clocks, narrow.clocks, own.clocks, strict=True):
        assert alike(less, part)
        assert added([less.now]) == added([row.now for row in part.stations[:2]])
        assert [row.key for row in mine.stations] == codes[:1]
        assert mine.now == part.stations[0].now
    accidents = view(demo, classes=("accident",))
    for part, less in zip(whole.clocks, accidents.clocks, strict=True):
        assert less.now == part.classes[0].now


def alike(less: ClockPart, part: ClockPart) -> bool:
    """The same first stations; but for `told`, which depends on how many were tested."""
    both = list(zip(less.stations, part.stations, strict=False))
    return len(both) == len(less.stations) == 2 and all(
        (one.now, one.base, one.change) == (two.now, two.base, two.change) for one, two in both
    )


def test_urban_stations_are_judged_alike_and_rural_ones_not_at_all_under_limits_by_region(demo: Demo) -> None:
    uniform, region = view(demo).part("arrive"), view(demo, limits="region").part("arrive")
    assert uniform is not None
    assert region is not None
    kinds = {unit.code: unit.region_type for unit in view(demo).units}
    assert set(kinds.values()) == {"urban", "fringe", "rural"}
    for one, other in zip(uniform.stations, region.stations, strict=True):
        assert one.now.done == other.now.done
        if kinds[one.key] == "urban":
            assert one.now == other.now
        if kinds[one.key] == "fringe":
            assert other.now.hit > one.now.hit
        if kinds[one.key] == "rural":
            assert (other.now.due, other.now.percent) == (0, None)


def test_two_units_sent_to_one_incident_are_there_no_later_than_either(demo: Demo) -> None:
    parts = {who: view(demo, who=who).part("arrive") for who in WHO}
    incident, own, second = (parts[who] for who in ("incident", "station", "squadron"))
    assert incident is not None
    assert own is not None
    assert second is not None
    assert incident.now.rows == own.now.rows
    assert second.now.rows > 100
    assert incident.now.hit >= own.now.hit


def test_the_base_is_told_as_it_stood_then(demo: Demo) -> None:
    """To date against to date: a year's closed orders must not make an unfinished day look bad."""
    today = Span(datetime(2024, 5, 7), demo.now)
    yesterday = Span(today.start - DAY, demo.now - DAY)
    asked = ClocksAsked(today, yesterday)
    close = clocks_view(ground(demo.engine), command(), asked, demo.now).part("close")
    assert close is not None
    assert close.base is not None
    with reading(demo.engine) as connection:
        then = clock_sums(connection, yesterday, demo.now - DAY, command(), RULES, who="station")
    assert close.base.waiting > 0
    line = tally(then.columns, "close", then.counts.sum((0, 1)), then.seconds.sum((0, 1)), 22 * 3600)
    assert (close.base.due, close.base.waiting) == (line.due, line.waiting)


def test_nothing_is_compared_with_a_time_before_the_data(demo: Demo) -> None:
    year_ago = Span(datetime(2022, 4, 8), datetime(2022, 5, 7, 15, 3))
    found = view(demo, base=year_ago, previous=BEFORE)
    assert (found.base_short, found.previous_short, found.empty) == (True, False, False)
    for part in found.clocks:
        assert (part.base, part.change) == (None, None)
        assert part.previous is not None
        assert all(row.base is row.change is None for row in chain(part.stations, part.classes))
        assert (part.change_previous is None) == (part.previous is None)


def test_a_database_without_orders_says_so_and_no_share_of_nothing(engine: Engine) -> None:
    make.make_station(engine)
    make.make_incident(engine, at=MAY)
    refresh(engine, CATALOGUE, NOW)
    found = clocks_view(ground(engine), command(), ClocksAsked(SPAN, BEFORE), NOW)
    assert (found.empty, found.clocks, found.begins, found.base_short) == (True, (), None, False)
    assert clocks_ready(ground(engine), command(), ClocksAsked(SPAN, BEFORE), NOW, 1.0) == 1.0


def test_a_period_without_orders_has_no_share_either(engine: Engine) -> None:
    make.make_station(engine)
    make.make_order(engine, at=FEBRUARY)
    packed(engine)
    found = clocks_view(ground(engine), command(), ClocksAsked(Span(MAY, MAY + DAY)), NOW)
    assert not found.empty
    assert {part.now.percent for part in found.clocks} == {None}
    assert {part.now.rows for part in found.clocks} == {0}


def test_the_view_can_be_waited_for(demo: Demo) -> None:
    asked = ClocksAsked(MONTH, BEFORE)
    shares = [clocks_ready(ground(demo.engine), command(), asked, demo.now, 0.0) for _ in range(20)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
