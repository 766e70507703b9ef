"""The suggestion of fusion modes out of rows, and changing a mode, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from data_access import tables as t
from data_access.engine import reading
from data_access.readers.fusion import fusion_counts
from domain.access import Scope, command, station
from domain.errors import NotFound, Refused
from domain.span import Span
from services.fusion import fusion_view, months_behind, set_mode
from tests import factories as make
from tests.support import assessed_rows as rows

NOW = datetime(2024, 5, 16, 13)
IN, BEFORE, LATER = datetime(2024, 2, 5, 9), datetime(2023, 4, 30, 23), datetime(2024, 5, 1)


def fill(engine: Engine) -> None:
    """Six stations: two towns with congestion, two in the country with deaths, two at the fringe with petitions."""
    make.make_district(engine, "D1")
    kinds = ("urban", "rural", "fringe")
    for number in range(6):
        kind = kinds[number // 2]
        code = f"S{number}"
        make.make_station(engine, code, region_type=kind, area_km2=20 + number, residents_10k=5, fusion_mode="deep")
        for _ in range(2 + number % 2):
            for at in (IN, BEFORE, LATER):
                make.make_incident(engine, code, at, deaths=int(kind == "rural"))
        make.make_incident(engine, code, IN, is_valid=0)
        channel = "petition" if kind == "fringe" else "phone"
        subclass = "congestion" if kind == "urban" else "parking"
        make.make_incident(engine, code, IN, class_code="order", subclass=subclass, channel=channel)
        make.make_record(engine, code, IN, kind="security_case", quantity=30 if kind == "urban" else 5 + number)
        make.make_record(engine, code, IN, quantity=900 if kind == "rural" else 100 + number)
        make.make_record(engine, code, IN, kind="violation")
        make.make_work_order(engine, code, IN, kind="hazard")
        make.make_work_order(engine, code, IN, kind="hazard", status="withdrawn")


def test_twelve_whole_months_are_counted(engine: Engine) -> None:
    fill(engine)
    span = months_behind(NOW)
    assert span == Span(datetime(2023, 5, 1), datetime(2024, 5, 1))
    with reading(engine) as connection:
        found = fusion_counts(connection, span, command())
        assert fusion_counts(connection, span, station("S1")).incidents.keys() == {"S1"}
    assert found.incidents["S0"] == {"accidents": 2, "deaths": 0, "congestion": 1, "petitions": 0}
    assert found.incidents["S3"] == {"accidents": 3, "deaths": 3, "congestion": 0, "petitions": 0}
    assert found.incidents["S4"]["petitions"] == 1
    assert found.work["security_case"]["S0"] == 30
    assert found.work["publicity"]["S2"] == 900
    assert found.hazards == {f"S{number}": 1 for number in range(6)}


def test_the_suggestion_stands_beside_the_official_mode(engine: Engine) -> None:
    fill(engine)
    view = fusion_view(rows.desk(engine), command(), NOW)
    modes = {line.unit.code: line.suggestion.mode for line in view.lines if line.suggestion}
    assert modes == {"S0": "basic", "S1": "basic", "S2": "deep", "S3": "deep", "S4": "full", "S5": "full"}
    assert [line.agrees for line in view.lines] == [False, False, True, True, False, False]
    assert view.points == 6
    mine = fusion_view(rows.desk(engine), station("S2"), NOW)
    assert [line.unit.code for line in mine.lines] == ["S2"]
    assert mine.lines[0] == view.lines[2]


def test_an_empty_database_suggests_nothing(engine: Engine) -> None:
    view = fusion_view(rows.desk(engine), command(), NOW)
    assert (view.clustering, view.lines, view.points) == (None, (), 0)
    make.make_station(engine, "S1", fusion_mode=None)
    assert fusion_view(rows.desk(engine), command(), NOW).lines[0].agrees is None


def change(engine: Engine, scope: Scope | None = None, **given: str) -> str:
    plain = {"code": "S1", "mode": "full", "by": "王某", "reason": "整建制划转"}
    wanted = {**plain, **given}
    code, mode = wanted.pop("code"), wanted.pop("mode")
    return set_mode(engine, code, mode, at=NOW, scope=scope or command(), **wanted)


def test_a_mode_is_changed_with_a_reason_and_an_entry(engine: Engine) -> None:
    make.make_station(engine, "S1")
    assert change(engine) == "deep"
    with reading(engine) as connection:
        assert connection.execute(select(t.station.c.fusion_mode)).scalar() == "full"
        entry = connection.execute(select(t.audit_entry)).mappings().one()
    assert (entry["actor"], entry["action"], entry["subject"]) == ("王某", "fusion_mode", "station:S1")
    assert entry["detail"] == "deep > full: 整建制划转"


@pytest.mark.parametrize(
    ("given", "key"),
    [({"mode": "deep"}, "same_mode"), ({"mode": "half"}, "mode"), ({"by": " "}, "author"), ({"reason": ""}, "reason")],
)
def test_a_change_is_refused_with_its_reason(engine: Engine, given: dict[str, str], key: str) -> None:
    make.make_station(engine, "S1")
    with pytest.raises(Refused) as caught:
        change(engine, **given)
    assert caught.value.key == f"assessment.refused.{key}"


def test_only_an_administrator_changes_a_mode(engine: Engine) -> None:
    make.make_station(engine, "S1")
    with pytest.raises(Refused) as caught:
        change(engine, station("S1"))
    assert caught.value.key == "assessment.refused.mode_role"
    with pytest.raises(NotFound):
        change(engine, code="S9")
