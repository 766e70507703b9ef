"""The map's answers on the demo district: equal to plain SQL, open down to their rows, and within the scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.maps_loader import load_map_rules
from data_access.engine import reading
from data_access.tables import incident
from domain.access import Role, Scope, command, nobody, station
from domain.asked import asked
from domain.errors import NotFound
from domain.heat import Asked, HeatView
from domain.hexid import parent, to_text
from domain.incident_filter import Circle, circle
from domain.span import Span
from services.ground import Ground, ready
from services.heat import heat_view
from services.incident_rows import points_view, rows_view
from services.spots import spots_view
from tests.integration.conftest import Demo

EVERYWHERE = (-180.0, -89.0, 180.0, 89.0)


@pytest.fixture(scope="module")
def ground(demo: Demo) -> Ground:
    return Ground(demo.engine, demo.rules, load_map_rules(), "CN")


def ask(demo: Demo, **args: str) -> Asked:
    return asked(args, demo.now)


@pytest.fixture(scope="module")
def view(demo: Demo, ground: Ground) -> HeatView:
    return heat_view(ground, command(), ask(demo, base="prev"), demo.now)


def counted(demo: Demo, span: Span, *more: Any) -> int:
    """Valid incidents of a span by plain SQL."""
    mine = (incident.c.occurred_at >= span.start, incident.c.occurred_at < span.end, incident.c.is_valid == 1)
    with demo.engine.connect() as connection:
        return int(connection.execute(select(func.count()).where(*mine, *more)).scalar() or 0)


def total(demo: Demo, ground: Ground, wanted: Asked, **narrow: Any) -> int:
    """How many rows the list behind a number has."""
    narrowed = replace(wanted, filter=wanted.filter.with_(**narrow))
    return rows_view(ground, command(), narrowed, demo.now, size=1).total


def test_the_sums_are_those_of_plain_sql(demo: Demo, view: HeatView) -> None:
    sums, span = view.now.tally, view.now.span
    assert sums.total == counted(demo, span) > 5000
    assert view.base is not None
    assert view.base.tally.total == counted(demo, view.base.span) > 5000
    assert sums.placed == counted(demo, span, incident.c.place_issue.is_(None))
    for name, found in (("missing", sums.by_issue), ("outside", sums.by_issue)):
        assert found[name] == counted(demo, span, incident.c.place_issue == name) > 0
    assert sums.by_class["accident"] == counted(demo, span, incident.c.class_code == "accident")
    with demo.engine.connect() as connection:
        hurt = select(func.sum(incident.c.injuries)).where(
            incident.c.occurred_at >= span.start, incident.c.occurred_at < span.end, incident.c.is_valid == 1
        )
        assert sums.injuries == connection.execute(hurt).scalar()


def test_hexagons_units_hours_and_days_add_up(view: HeatView) -> None:
    sums = view.now.tally
    assert [hexes.resolution for hexes in view.hexes] == [7, 8, 9]
    for hexes in view.hexes:
        assert int(hexes.now.sum()) == sums.placed
        assert hexes.base is not None
        assert view.base is not None
        assert int(hexes.base.sum()) == view.base.tally.placed
    assert sum(line.now for line in view.areas) + sums.by_station.get("", 0) == sums.total
    assert sum(map(sum, view.when.matrix)) == sum(count for _, count, _ in view.when.days) == sums.total
    assert sum(line.incidents for line in view.when.kinds) == sums.total
    assert view.when.calendar_known


def test_every_number_has_as_many_rows_as_it_says(demo: Demo, ground: Ground, view: HeatView) -> None:
    wanted, sums = view.asked, view.now.tally
    assert total(demo, ground, wanted) == sums.total
    for name, count in sums.by_class.items():
        assert total(demo, ground, wanted, classes=(name,)) == count
    for name, count in sums.by_channel.items():
        assert total(demo, ground, wanted, channels=(name,)) == count
    for name, count in sums.by_found.items():
        assert total(demo, ground, wanted, found=name) == count
    for name, count in sums.by_severity.items():
        assert total(demo, ground, wanted, severities=(name,)) == count
    for name, count in sums.by_tag.items():
        assert total(demo, ground, wanted, tags=(name,)) == count
    for line in view.areas[::6]:
        assert total(demo, ground, wanted, stations=(line.unit.code,)) == line.now
    assert total(demo, ground, wanted, placed="no") == sums.total - sums.placed > 0
    for hexes in view.hexes:
        for place in (0, len(hexes.ids) // 2, int(hexes.now.argmax())):
            cell = to_text(hexes.ids[[place]])[0]
            assert total(demo, ground, wanted, cell=cell) == int(hexes.now[place]), (hexes.resolution, cell)
    assert total(demo, ground, wanted, weekdays=(4,), hours=(17,)) == view.when.matrix[4][17] > 0
    for kind in view.when.kinds:
        assert total(demo, ground, wanted, day_kinds=(kind.kind,)) == kind.incidents


def test_the_rows_are_the_newest_first_and_pages_do_not_overlap(demo: Demo, ground: Ground) -> None:
    wanted, seen = ask(demo, preset="7d"), []
    for page in (1, 2, 3):
        found = rows_view(ground, command(), wanted, demo.now, page=page, size=40)
        seen += [row[:2] for row in found.rows]
    assert len({key for key, _ in seen}) == 120
    times = [at for _, at in seen]
    assert times == sorted(times, reverse=True)
    beyond = rows_view(ground, command(), wanted, demo.now, page=9999, size=40)
    assert (beyond.rows, beyond.total) == ((), found.total)


def test_rings_hold_what_the_circle_holds(demo: Demo, ground: Ground, view: HeatView) -> None:
    dense = view.hexes[-1]
    at = int(dense.now.argmax())
    point = f"{dense.lng[at]:.6f},{dense.lat[at]:.6f}"
    found = heat_view(ground, command(), ask(demo, base="prev", ring=point), demo.now).rings
    assert [ring.outer for ring in found] == list(load_map_rules().rings_m)
    inside = 0
    for ring in found:
        inside += ring.now
        assert total(demo, ground, view.asked, near=circle("near", f"{point},{ring.outer}")) == inside
    assert inside > 0


def test_the_curve_is_todays_against_eight_weeks(demo: Demo, view: HeatView) -> None:
    curve = view.when.curve
    assert curve.day == demo.now.date()
    assert curve.today[demo.now.hour + 1 :] == (None,) * (23 - demo.now.hour)
    day = Span(datetime.combine(curve.day, datetime.min.time()), demo.now)
    assert sum(count or 0 for count in curve.today) == counted(demo, day)
    assert all(
        low <= mean <= high or low == high for low, mean, high in zip(curve.low, curve.mean, curve.high, strict=True)
    )
    assert 6 <= curve.weeks <= 8


def test_black_spots_are_by_the_rule_and_open_to_their_rows(demo: Demo, ground: Ground) -> None:
    found = spots_view(ground, command(), ask(demo), demo.now)
    rule = ground.rules.black_spot
    assert (found.window.end - found.window.start).days == rule.days - 1
    assert found.rule_total >= len([spot for spot in found.rule if spot.trend != "fading"]) > 5
    window = replace(found.asked, span=found.window)
    for spot in found.rule:
        near = circle("near", spot.key)
        assert isinstance(near, Circle)
        assert total(demo, ground, window, near=near, classes=(rule.class_code,)) == spot.now
        assert (spot.now >= rule.incidents) == (spot.trend in ("emerging", "persistent")), spot
    counts = [spot.now for spot in found.rule if spot.trend != "fading"]
    assert max(counts[:3]) == max(counts)
    assert any(spot.name_kind == "junction" for spot in found.rule)


def test_hot_hexagons_are_the_same_every_time(demo: Demo, ground: Ground) -> None:
    wanted = ask(demo, **{"from": "2024-04-01", "to": "2024-04-30"})
    once, again = (spots_view(ground, command(), wanted, demo.now) for _ in range(2))
    assert once == again
    assert once.bounded
    assert once.tested > 1000
    assert once.hit is not None
    assert once.hit.total == heat_view(ground, command(), wanted, demo.now).now.tally.placed
    for spot in once.local:
        assert total(demo, ground, wanted, cell=",".join(spot.cells)) == spot.now


def test_points_are_the_placed_incidents_of_the_box(demo: Demo, ground: Ground, view: HeatView) -> None:
    everything = points_view(ground, command(), view.asked.span, view.asked.filter, EVERYWHERE)
    assert everything.total == view.now.tally.placed == len(everything.points)
    one = everything.points[0]
    here = points_view(ground, command(), view.asked.span, view.asked.filter, (one.lng, one.lat, one.lng, one.lat))
    assert one in here.points
    few = replace(ground, rules=replace(ground.rules, most_points=10))
    cut = points_view(few, command(), view.asked.span, view.asked.filter, EVERYWHERE)
    assert (len(cut.points), cut.total) == (10, everything.total)


def test_a_station_sees_its_own_and_nobody_sees_anything(demo: Demo, ground: Ground, view: HeatView) -> None:
    code = view.areas[3].unit.code
    own = heat_view(ground, station(code), view.asked, demo.now)
    assert own.now.tally.total == view.areas[3].now
    assert [line.unit.code for line in own.areas] == [code]
    assert set(own.now.tally.by_station) == {code}
    assert {unit.code for unit in own.options.units} == {code}
    assert {spot.station for spot in spots_view(ground, station(code), view.asked, demo.now).rule} <= {code}
    nothing = heat_view(ground, nobody(), view.asked, demo.now)
    assert (nothing.now.tally.total, nothing.areas) == (0, ())
    assert sum(len(hexes.ids) for hexes in nothing.hexes) == 0
    assert spots_view(ground, nobody(), view.asked, demo.now).rule == ()


def test_a_wall_display_gets_sums_but_no_single_incident(demo: Demo, ground: Ground, view: HeatView) -> None:
    wall = Scope(Role.DISPLAY)
    assert heat_view(ground, wall, view.asked, demo.now).now.tally.total == view.now.tally.total
    with pytest.raises(NotFound):
        rows_view(ground, wall, view.asked, demo.now)
    with pytest.raises(NotFound):
        points_view(ground, wall, view.asked.span, view.asked.filter, EVERYWHERE)


def test_free_text_is_only_for_those_who_may_see_persons(demo: Demo, ground: Ground, view: HeatView) -> None:
    code = view.areas[0].unit.code
    theirs = rows_view(ground, station(code), view.asked, demo.now)
    masked = rows_view(ground, command(), view.asked, demo.now)
    all_seen = rows_view(ground, replace(command(), unmasked=True), view.asked, demo.now)
    place = theirs.columns.index("content")
    assert {row[place] for row in (*theirs.rows, *masked.rows)} == {None}
    assert any(row[place] for row in all_seen.rows)
    assert not {"caller_name", "caller_phone"} & set(all_seen.columns)


def test_an_empty_result_is_an_answer(demo: Demo, ground: Ground) -> None:
    wanted = ask(demo, hours="3", tag="no_such_tag", base="year")
    found = heat_view(ground, command(), wanted, demo.now)
    assert found.now.tally.total == 0
    assert sum(map(sum, found.when.matrix)) == 0
    spots = spots_view(ground, command(), wanted, demo.now)
    assert (spots.rule, spots.local, spots.hit) == ((), (), None)
    assert rows_view(ground, command(), wanted, demo.now).rows == ()


def test_before_the_first_incident_there_is_nothing(demo: Demo, ground: Ground) -> None:
    wanted = ask(demo, **{"from": "2001-01-01", "to": "2001-12-31"}, base="year")
    assert heat_view(ground, command(), wanted, demo.now).now.tally.total == 0


def test_a_base_before_the_data_begin_is_shown_but_nothing_is_told_to_have_risen(demo: Demo, ground: Ground) -> None:
    found = heat_view(ground, command(), ask(demo, base="year"), demo.now)
    assert found.base is not None
    assert found.base.tally.total == 0
    assert found.base_short is not None
    assert found.base_short > found.base.span.first_day
    assert found.changes == ()
    assert {line.change for line in found.areas} == {None}
    assert all(hexes.change is None and hexes.base is not None for hexes in found.hexes)
    known = heat_view(ground, command(), ask(demo, preset="7d", base="prev"), demo.now)
    assert known.base_short is None
    assert len(known.changes) == 3


def test_reading_ahead_ends_with_everything_in_memory(demo: Demo, ground: Ground) -> None:
    spans = [ask(demo, preset="365d").span]
    shares = [ready(ground, command(), spans, 0.0) for _ in range(14)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_hexagons_of_a_coarser_resolution_hold_their_children(view: HeatView) -> None:
    fine, coarse = view.hexes[-1], view.hexes[0]
    for place in range(0, len(coarse.ids), 17):
        children = parent(fine.ids, coarse.resolution) == coarse.ids[place]
        assert int(fine.now[children].sum()) == int(coarse.now[place])


def test_the_second_period_of_a_span_to_date_ends_at_the_same_time_of_day(demo: Demo, ground: Ground) -> None:
    found = heat_view(ground, command(), ask(demo, preset="month", base="prev"), demo.now)
    assert found.base is not None
    assert found.base.span.end.time() == found.now.span.end.time() == demo.now.time()
    assert found.base.span.first_day == date(2024, 4, 1)
    assert found.base.span.end - found.base.span.start == timedelta(days=6, hours=15, minutes=3, seconds=20)


def test_the_snapshot_is_one_moment(demo: Demo, ground: Ground, view: HeatView) -> None:
    with reading(demo.engine):
        assert view.board.as_of == demo.now
        assert view.board.demo
        assert view.board.lines == ()
