"""The demo district in a database: what is known, the same everywhere, gone when cleared."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pytest
import shapely
from sqlalchemy import DateTime, func, insert, select

from catalogue.loader import load_catalogue
from data_access import tables
from data_access.demo import NotEmpty, clear_demo, continue_demo, demo_until, load_demo
from data_access.engine import open_engine
from data_access.facts.predicates import relevant, table_of
from data_access.readers import hotspots as hotspot_reader
from data_access.refresh import refresh
from data_access.state import is_demo
from domain.access import command
from domain.hotspot_record import broken
from tests.factories import make_incident

NOW = datetime(2024, 5, 16, 15, 4, 30)
PLANS = {"due_at", "valid_to"}
MOMENTS = {"updated_at", "last_load_at", "complete_to"}


def fresh(path):
    engine = open_engine(f"sqlite:///{path}")
    tables.metadata.create_all(engine)
    return engine


def _plain(value):
    """SQLite gives a whole decimal number back as an integer."""
    return float(value) if isinstance(value, int) else value


def digest(engine, names=None):
    """Fingerprint of every source and organisation row, without the moments of writing and the stamps of months,
    which count how often they were written."""
    out = {}
    with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if names and table.name not in names:
                continue
            columns = [column for column in table.c if column.name not in MOMENTS]
            rows = [repr([_plain(value) for value in row]) for row in connection.execute(select(*columns))]
            rows = [row for row in rows if table is not tables.data_version or "month:" not in row]
            out[table.name] = hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
    return out


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The demo of two months on SQLite; tests only read it."""
    engine = fresh(tmp_path_factory.mktemp("demo") / "demo.db")
    report = load_demo(engine, now=NOW, months=2)
    yield engine, report
    engine.dispose()


def rows_of(engine, query):
    with engine.connect() as connection:
        return connection.execute(query).all()


def value(engine, query):
    return rows_of(engine, query)[0][0]


def test_the_report_counts_what_is_there(loaded):
    engine, report = loaded
    for name, count in report.rows.items():
        table = tables.metadata.tables[name]
        assert value(engine, select(func.count()).select_from(table)) == count > 0, name
    assert report.total == sum(report.rows.values()) and report.seconds > 0
    with engine.connect() as connection:
        assert is_demo(connection)
    assert demo_until(engine) == NOW
    first = select(func.min(tables.incident.c.occurred_at))
    assert value(engine, first).date() == report.first_day


def test_no_row_knows_the_future(loaded):
    engine, _ = loaded
    for table in tables.SOURCES.values():
        for column in table.c:
            if isinstance(column.type, DateTime) and column.name not in PLANS:
                latest = value(engine, select(func.max(column)))
                assert latest is None or latest <= NOW, (table.name, column.name)
    assert value(engine, select(func.max(tables.risk_code.c.valid_to))) <= NOW


def test_what_is_still_open_has_no_outcome(loaded):
    engine, _ = loaded
    order = tables.work_order
    states = dict(
        rows_of(
            engine, select(order.c.status, func.count()).where(order.c.closed_at.is_(None)).group_by(order.c.status)
        )
    )
    assert set(states) == {"open"} and states["open"] > 50
    odd = select(func.count()).where(order.c.review_result.is_not(None), order.c.verified_at.is_(None))
    assert value(engine, odd) == 0


def test_every_task_of_the_catalogue_finds_rows(loaded):
    engine, _ = loaded
    for task in load_catalogue().tasks:
        table = table_of(task.measure)
        found = value(engine, select(func.count()).select_from(table).where(relevant(task.measure)))
        assert found > 0, task.code
        feed = rows_of(engine, select(tables.feed).where(tables.feed.c.code == task.feed))
        assert feed and feed[0].last_row_at <= NOW, task.feed


def test_the_terminals_feed_is_late_and_one_station_has_no_vehicle_register(loaded):
    engine, _ = loaded
    feed = rows_of(engine, select(tables.feed).where(tables.feed.c.code == "terminal"))[0]
    assert feed.complete_to is None and NOW - feed.last_row_at >= timedelta(hours=5)
    sample = tables.sample
    stations = select(func.count(sample.c.station_code.distinct())).where(sample.c.kind == "vehicle_inspection")
    assert value(engine, stations) == 22


def test_positions_lie_inside_the_outline_or_say_what_is_wrong(loaded):
    engine, _ = loaded
    boundary, incident = tables.boundary, tables.incident
    text = value(engine, select(boundary.c.geojson).where(boundary.c.subject_kind == "district"))
    outline = shapely.geometry.shape(json.loads(text)).buffer(1e-4)
    found = rows_of(engine, select(incident.c.lng, incident.c.lat, incident.c.place_issue, incident.c.cell))
    issues = {"missing": 0, "outside": 0, "impossible": 0, None: 0}
    for lng, lat, issue, cell in found:
        issues[issue] += 1
        assert (lng is None) == (issue in ("missing", "impossible")) and (cell is None) == (issue is not None)
        if lng is not None:
            assert shapely.contains_xy(outline, lng, lat) == (issue is None)
    assert (
        issues["missing"] / len(found) == pytest.approx(0.02, abs=0.005)
        and issues["outside"] > issues["impossible"] > 0
    )


def test_what_lies_under_the_map_is_marked_as_a_sketch(loaded):
    engine, _ = loaded
    boundary = tables.boundary
    rows = rows_of(engine, select(boundary.c.subject_kind, boundary.c.subject_code, boundary.c.is_sketch))
    kinds = [kind for kind, _, _ in rows]
    assert (kinds.count("district"), kinds.count("station"), kinds.count("background")) == (1, 23, 3)
    assert {code for kind, code, _ in rows if kind == "background"} == {"road", "water", "green"}
    stations = {code for (code,) in rows_of(engine, select(tables.station.c.code))}
    assert {code for kind, code, _ in rows if kind == "station"} == stations
    assert {sketch for _, _, sketch in rows} == {1}
    for (text,) in rows_of(engine, select(boundary.c.geojson)):
        assert shapely.geometry.shape(json.loads(text)).is_valid


def test_hot_spot_records_keep_the_rules(loaded):
    engine, _ = loaded
    with engine.connect() as connection:
        found = [one for one, _ in hotspot_reader.records(connection, command())]
        measures = dict(
            connection.execute(
                select(tables.hotspot_measure.c.hotspot_id, func.count()).group_by(tables.hotspot_measure.c.hotspot_id)
            ).all()
        )
    assert {one.status for one in found} == {"open", "treated", "closed", "withdrawn"}
    assert {one.facts.kind for one in found} == {"district", "section", "junction"}
    assert [broken(one) for one in found] == [()] * len(found)
    for one in found:
        assert (one.treated_at is not None) == (one.status in ("treated", "closed"))
        assert measures.get(one.hotspot_id, 0) == (2 if one.treated_at else 0)
        moments = [one.opened_at, one.plan and one.plan.planned_at, one.treated_at, one.closed_at, NOW]
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
    assert any(one.overdue(NOW) for one in found) and not all(one.overdue(NOW) for one in found)
    assert all(one.window_count is None for one in found)  # the window of none of them lies in two months of history


def test_people_and_plates_are_plainly_invented(loaded):
    engine, _ = loaded
    incident, party = tables.incident, tables.incident_party
    assert value(engine, select(func.count()).where(~incident.c.caller_phone.like("1380000____"))) == 0
    assert value(engine, select(func.count()).where(party.c.plate.is_not(None), ~party.c.plate.like("测%"))) == 0
    assert value(engine, select(func.count()).where(~party.c.id_number.like("990109%"))) == 0


def test_work_is_done_at_the_calibrated_rate(loaded):
    engine, report = loaded
    station_days = 23 * (NOW.date() - report.first_day).days
    record, sample, order = tables.work_record, tables.sample, tables.work_order
    until = NOW.replace(hour=0, minute=0, second=0)
    people = value(engine, select(func.sum(record.c.quantity)).where(record.c.kind == "publicity", record.c.at < until))
    assert people / station_days == pytest.approx(336, rel=0.05)
    hazards = select(func.count()).where(order.c.kind == "hazard", order.c.created_at < until)
    assert value(engine, hazards) / station_days * 7 == pytest.approx(10, abs=0.8)
    rates = select(sample.c.station_code, func.sum(sample.c.numerator), func.sum(sample.c.denominator))
    found = rows_of(engine, rates.where(sample.c.kind == "helmet").group_by(sample.c.station_code))
    shares = [worn / seen for _, worn, seen in found]
    assert len(shares) == 23 and 0.70 <= min(shares) < 0.80 and 0.90 < max(shares) <= 0.925


def test_dual_dispatch_gives_a_second_order_to_the_squadron(loaded):
    engine, _ = loaded
    order, incident = tables.dispatch_order, tables.incident
    both = select(func.count()).select_from(order.join(incident, incident.c.incident_id == order.c.incident_id))
    hurt = both.where(order.c.unit_kind == "squadron", incident.c.injuries > 0)
    assert value(engine, hurt) > 500
    lone = both.where(order.c.unit_kind == "squadron", incident.c.class_code != "accident")
    assert value(engine, lone) == 0


def test_a_database_with_other_rows_is_refused_and_left_alone(engine):
    row = {"sample_id": "x", "source": "import", "kind": "helmet", "at": NOW, "numerator": 1, "denominator": 1}
    with engine.begin() as connection:
        connection.execute(insert(tables.sample).values(**row, updated_at=NOW))
    before = digest(engine)
    with pytest.raises(NotEmpty):
        load_demo(engine, now=NOW, months=1)
    assert digest(engine) == before


def test_clearing_removes_the_demo_and_nothing_else(engine):
    load_demo(engine, now=NOW, months=1)
    row = {"sample_id": "x", "source": "import", "kind": "helmet", "at": NOW, "numerator": 1, "denominator": 1}
    with engine.begin() as connection:
        connection.execute(insert(tables.sample).values(**row, updated_at=NOW))
    clear_demo(engine)
    with engine.connect() as connection:
        counts = {t.name: connection.scalar(select(func.count()).select_from(t)) for t in tables.metadata.sorted_tables}
        assert not is_demo(connection)
        stamps = connection.execute(select(tables.data_version.c.name)).scalars().all()
    assert {name: count for name, count in counts.items() if count} == {"sample": 1, "data_version": 1}
    assert stamps == ["month:"]  # what processes keep of months is void, and stays so


def test_clearing_leaves_other_incidents_on_the_map(engine):
    rules = load_catalogue()
    load_demo(engine, now=NOW, months=1)
    make_incident(engine, "S1", NOW - timedelta(days=3), source="110")
    refresh(engine, rules, NOW)
    packs = select(func.sum(tables.incident_pack.c.row_count))
    assert value(engine, packs) > 10_000
    clear_demo(engine)
    refresh(engine, rules, NOW)
    assert value(engine, packs) == 1


def test_the_same_seed_and_moment_give_the_same_rows_on_both_databases(engine, loaded, tmp_path):
    """`engine` is either database; both must equal a third one, loaded twice."""
    reference = fresh(tmp_path / "reference.db")
    load_demo(reference, now=NOW, months=1, seed=1)
    load_demo(reference, now=NOW, months=1)
    load_demo(engine, now=NOW, months=1)
    assert digest(engine) == digest(reference)
    reference.dispose()


def test_one_long_step_equals_many_short_ones(engine, tmp_path):
    """Both cross midnight, where a new day's rows begin."""
    late = NOW.replace(hour=23, minute=40)
    other = fresh(tmp_path / "other.db")
    load_demo(engine, now=late, months=1)
    load_demo(other, now=late, months=1)
    end = late + timedelta(hours=9)
    assert continue_demo(engine, since=late, now=end) > 500
    before, step = late, timedelta(minutes=19, seconds=7)
    while before < end:
        after = min(before + step, end)
        continue_demo(other, since=before, now=after)
        before = after
    assert digest(engine) == digest(other)
    other.dispose()


def test_going_on_leaves_no_gap_and_repeats_nothing(tmp_path):
    engine = fresh(tmp_path / "live.db")
    load_demo(engine, now=NOW, months=1)
    later = NOW + timedelta(hours=3)
    assert continue_demo(engine, since=NOW + timedelta(hours=2), now=later) > 300
    whole = digest(engine)
    assert continue_demo(engine, since=NOW, now=later) == 0
    assert demo_until(engine) == later
    reference = fresh(tmp_path / "reference.db")
    load_demo(reference, now=NOW, months=1)
    continue_demo(reference, now=later)
    assert digest(reference) == whole
    for one in (engine, reference):
        one.dispose()


def test_going_on_writes_new_incidents_and_moves_old_ones(tmp_path):
    engine = fresh(tmp_path / "live.db")
    load_demo(engine, now=NOW, months=1)
    incident = tables.incident
    count = select(func.count()).select_from(incident)
    closed = select(func.count()).where(incident.c.closed_at > NOW, incident.c.entered_at <= NOW)
    before = value(engine, count)
    continue_demo(engine, now=NOW + timedelta(hours=1))
    assert value(engine, count) > before and value(engine, closed) > 5
    assert value(engine, select(func.min(incident.c.occurred_at))).date() == NOW.date().replace(month=4)
    feed = rows_of(engine, select(tables.feed).where(tables.feed.c.code == "dispatch"))[0]
    assert feed.complete_to == NOW + timedelta(hours=1) and feed.last_row_at > NOW
    engine.dispose()


def test_an_empty_database_does_not_go_on(engine):
    assert continue_demo(engine, now=NOW) == 0 and demo_until(engine) is None
