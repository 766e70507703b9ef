"""New stations and districts, and changes of them, over HTTP: what is written, refused and logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from components import admin_stations_page
from components.admin_organisation import plain
from components.look import Look
from data_access import tables as t
from data_access.engine import reading, writing
from data_access.readers.administration import district_rows, station_rows
from data_access.readers.organisation import units
from data_access.state import current_version
from domain.access import Role, command
from domain.administration import DistrictRow, StationRow
from i18n import translator
from tests.integration.test_administration import CATALOGUE, NOW, Town, boss_asks, said, town
from tests.support.trees import given_of, shown, tagged
from web import administration
from web.access_rules import AccessRules

__all__ = ["town"]  # the fixture
NEW = {
    "code": "990109990000",
    "name": "新桥派出所",
    "short_name": "新桥",
    "name_en": "Xinqiao Station",
    "district": "D1",
    "region_type": "fringe",
    "sort_no": "7",
    "residents_10k": "3.5",
    "area_km2": "41,25",
    "officers": "18",
    "lng": "120.264123456789",
    "lat": "30.18",
    "mode": "deep",
    "reason": "newly founded",
}
DISTRICT = {"code": "990110000000", "name": "东城区", "name_en": "East", "sort_no": "3", "reason": "reform"}


def stations(town: Town) -> dict[str, StationRow]:
    with reading(town.engine) as connection:
        return {row.code: row for row in station_rows(connection, command())}


def districts(town: Town) -> dict[str, DistrictRow]:
    with reading(town.engine) as connection:
        return {row.code: row for row in district_rows(connection, command())}


def write(town: Town, table: Any, code: str, **values: Any) -> None:
    with writing(town.engine) as connection:
        connection.execute(table.update().where(table.c.code == code).values(**values))


def on_the_board(town: Town) -> list[str]:
    with reading(town.engine) as connection:
        return [unit.code for unit in units(connection, command())]


# stations --------------------------------------------------------------------------------------


def test_a_new_station_is_kept_as_it_was_typed_and_stands_on_the_board(town: Town) -> None:
    with reading(town.engine) as connection:
        before = current_version(connection)
    told = town.deed("/stations", NEW)
    assert (told.status_code, told.json["next"]) == (200, None), "the page that is open is asked again"
    row = stations(town)[NEW["code"]]
    assert (row.name, row.short_name, row.name_en, row.district) == ("新桥派出所", "新桥", "Xinqiao Station", "D1")
    assert (row.fusion_mode, row.region_type, row.sort_no, row.active) == ("deep", "fringe", 7, True)
    assert (row.residents_10k, row.area_km2, row.officers) == (3.5, 41.25, 18)
    assert (row.lng, row.lat, row.updated_at) == (120.264123456789, 30.18, NOW)
    assert NEW["code"] in on_the_board(town)
    board = town.boss.get("/api/v1/board").json["board"]
    (line,) = (line for line in board["lines"] if line["unit"]["code"] == NEW["code"])
    assert {cell["numerator"] for cell in line["cells"]} <= {0, None}
    with reading(town.engine) as connection:
        assert current_version(connection) > before
    action, actor, subject, detail = town.log()[-1]
    assert (action, actor, subject) == ("station_add", "Walker admin (a-admin)", f"station:{NEW['code']}")
    assert "district D1" in detail and "officers 18" in detail and detail.endswith(": newly founded")


def test_only_code_name_district_and_reason_are_needed(town: Town) -> None:
    few = {name: NEW[name] for name in ("code", "name", "district", "reason")}
    assert town.deed("/stations", few).status_code == 200
    row = stations(town)[NEW["code"]]
    assert (row.short_name, row.region_type, row.fusion_mode, row.officers, row.lng) == ("", "", "", None, None)
    assert row.sort_no == 0 and row.active
    with reading(town.engine) as connection:
        kept = connection.execute(t.station.select().where(t.station.c.code == NEW["code"])).mappings().one()
    assert kept["region_type"] is None and kept["short_name"] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"code": ""},
        {"code": "a b"},
        {"code": "compare"},
        {"code": "../S1"},
        {"code": "*"},
        {"code": "X" * 65},
        {"name": ""},
        {"name": "x" * 61},
        {"district": ""},
        {"district": "D9"},
        {"region_type": "city"},
        {"mode": "half"},
        {"sort_no": "1.5"},
        {"sort_no": "-1"},
        {"residents_10k": "many"},
        {"area_km2": "-1"},
        {"officers": "2.5"},
        {"lng": "181"},
        {"lat": "91"},
        {"lat": ""},
        {"lng": "0", "lat": "0"},
        {"active": "maybe"},
        {"reason": ""},
        {"squadron": "Q1"},
        {"name": 7},
    ],
    ids=str,
)
def test_a_station_that_makes_no_sense_is_refused_with_field_and_value(town: Town, changed: dict[str, Any]) -> None:
    assert town.boss
    before, log = stations(town), len(town.log())
    answer = town.deed("/stations", {**NEW, **changed})
    assert answer.status_code == 400
    value = str(next(iter(changed.values())))
    assert value[:40] in said(answer) or "squadron" in changed
    assert stations(town) == before
    assert len(town.log()) == log


def test_a_code_is_given_once_even_to_a_station_that_was_wound_up(town: Town) -> None:
    assert town.deed("/stations/S2", {"active": "no", "reason": "merged"}).status_code == 200
    answer = town.deed("/stations", {**NEW, "code": "S2"})
    assert answer.status_code == 409
    assert "S2" in said(answer)
    assert stations(town)["S2"].name != NEW["name"]


def test_order_region_area_and_place_can_be_changed(town: Town) -> None:
    body = {"sort_no": "9", "region_type": "rural", "area_km2": "12.5", "lng": "120.1", "lat": "30.2", "reason": "map"}
    told = town.deed("/stations/S1", body)
    assert (told.status_code, told.json["next"]) == (200, "/admin/stations"), "the form is closed"
    row = stations(town)["S1"]
    assert (row.sort_no, row.region_type, row.area_km2, row.lng, row.lat) == (9, "rural", 12.5, 120.1, 30.2)
    assert on_the_board(town) == ["S2", "S1"]
    answer = town.deed("/stations/S1", {"lng": "", "lat": "30.2", "reason": "map"})
    assert answer.status_code == 400
    assert town.deed("/stations/S1", {"lng": "", "lat": "", "reason": "map"}).status_code == 200
    assert stations(town)["S1"].lng is None


def test_who_changes_what_somebody_else_has_just_changed_is_told(town: Town) -> None:
    seen = stations(town)["S1"].updated_at.isoformat()
    write(town, t.station, "S1", officers=5, updated_at=NOW + timedelta(seconds=1))
    answer = town.deed("/stations/S1", {"officers": "6", "reason": "count", "seen": seen})
    assert answer.status_code == 409
    assert stations(town)["S1"].officers == 5


# districts -------------------------------------------------------------------------------------


def test_a_new_district_takes_stations(town: Town) -> None:
    assert town.deed("/districts", DISTRICT).status_code == 200
    row = districts(town)[DISTRICT["code"]]
    assert (row.name, row.name_en, row.sort_no, row.stations, row.active) == ("东城区", "East", 3, 0, True)
    assert town.log()[-1][0] == "district_add"
    assert town.deed("/stations/S2", {"district": DISTRICT["code"], "reason": "reform"}).status_code == 200
    assert {code: one.stations for code, one in districts(town).items()} == {"D1": 1, DISTRICT["code"]: 1}


def test_a_renamed_district_has_its_new_name_and_place_on_the_board(town: Town) -> None:
    town.deed("/districts", {**DISTRICT, "sort_no": "0"})
    town.deed("/stations/S2", {"district": DISTRICT["code"], "reason": "reform"})
    body = {"name": "澄江区", "name_en": "Chengjiang", "sort_no": "50", "residents_10k": "20.5", "reason": "renamed"}
    assert town.deed("/districts/D1", body).status_code == 200
    with reading(town.engine) as connection:
        found = [(unit.code, unit.district_name, unit.district_name_en) for unit in units(connection, command())]
    assert found == [("S2", "东城区", "East"), ("S1", "澄江区", "Chengjiang")]
    action, _, subject, detail = town.log()[-1]
    assert (action, subject) == ("district_change", "district:D1")
    assert "> 澄江区" in detail and detail.endswith(": renamed")


def test_a_district_with_stations_in_use_is_not_closed_and_a_closed_one_takes_none(town: Town) -> None:
    busy = town.deed("/districts/D1", {"active": "no", "reason": "reform"})
    assert busy.status_code == 409
    assert "2" in said(busy)
    town.deed("/districts", DISTRICT)
    assert town.deed(f"/districts/{DISTRICT['code']}", {"active": "no", "reason": "reform"}).status_code == 200
    assert not districts(town)[DISTRICT["code"]].active
    assert town.deed("/stations/S2", {"district": DISTRICT["code"], "reason": "reform"}).status_code == 400
    new = {"login": "chief", "name": "Chief", "role": "district", "district": DISTRICT["code"]}
    assert town.deed("/accounts", new).status_code == 400
    assert town.deed(f"/districts/{DISTRICT['code']}", {"active": "yes", "reason": "back"}).status_code == 200
    assert town.deed("/accounts", new).status_code == 200


def test_a_station_of_a_closed_district_is_not_opened_again_there(town: Town) -> None:
    for code in ("S1", "S2"):
        town.deed(f"/stations/{code}", {"active": "no", "reason": "merged"})
    assert town.deed("/districts/D1", {"active": "no", "reason": "merged"}).status_code == 200
    assert town.deed("/stations/S1", {"active": "yes", "reason": "back"}).status_code == 400
    assert town.deed("/stations/S1", {"officers": "3", "reason": "count"}).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"name": ""}, {"code": "x"}, {"sort_no": "first"}, {"area_km2": "x"}, {"reason": " "}, {"officers": "3"}],
    ids=str,
)
def test_a_district_that_makes_no_sense_is_refused(town: Town, changed: dict[str, str]) -> None:
    assert town.deed("/districts", {**DISTRICT, **changed}).status_code == 400
    assert set(districts(town)) == {"D1"}


def test_codes_of_districts_are_given_once_and_unknown_ones_are_not_found(town: Town) -> None:
    assert town.deed("/districts", {**DISTRICT, "code": "D1"}).status_code == 409
    assert town.deed("/districts/D9", {"name": "x", "reason": "because"}).status_code == 404
    assert town.deed("/districts/D1", {"reason": "because"}).status_code == 409


# who, and how it looks -------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.STATION, Role.DISTRICT, Role.COMMAND, Role.AUDITOR])
def test_nobody_but_the_administrator_writes_the_organisation(town: Town, role: Role) -> None:
    client = town.client(role)
    assert town.deed("/stations", NEW, client).status_code == 404
    assert town.deed("/districts", DISTRICT, client).status_code == 404
    assert town.deed("/districts/D1", {"name": "x", "reason": "because"}, client).status_code == 404
    assert (set(stations(town)), set(districts(town))) == ({"S1", "S2"}, {"D1"})


def test_another_host_and_an_open_board_in_production_write_nothing(town: Town) -> None:
    for path, body in (("/stations", NEW), ("/districts", DISTRICT)):
        strange = town.boss.post(f"/api/v1/admin{path}", json=body, headers={"Origin": "https://elsewhere.example"})
        assert strange.status_code == 403
    town.rules(AccessRules(production=True, open_access=True, api_per_minute=0))
    nobody = town.server.test_client()
    assert town.deed("/stations", {**NEW, "actor": "Me"}, nobody).status_code == 403
    assert set(stations(town)) == {"S1", "S2"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_form_shows_is_understood_and_written_back_as_it_was(town: Town, lang: str) -> None:
    write(town, t.station, "S1", lng=120.26412345678901, lat=30.1, residents_10k=0.0001, area_km2=1234.5678)
    look = Look(translator(lang, strict=True), CATALOGUE)
    for query in ({"code": "S1"}, {"district": "D1"}, {}):
        with boss_asks(town):
            tree = admin_stations_page.tree(administration.stations(query), look)
        assert shown(tree)
        for form in tagged(tree, "form"):
            path = given_of(form)["data-post"].removeprefix("/api/v1/admin")
            body = {**values_of(form), "reason": "as before"}
            new = "code" in body
            if new:
                body |= {"code": f"N{path[1:4]}{len(query)}{'code' in query}", "name": "New"}
                body |= {"district": "D1"} if "district" in body else {}
            answer = town.deed(path, body)
            assert answer.status_code == (200 if new or path.endswith("/mode") else 409), (path, answer.json)
            assert new or path.endswith("/mode") or "seen" in body


def values_of(form: Any) -> dict[str, str]:
    """The names of a form with what they hold."""
    found = {str(one["name"]): str(one.get("value", "")) for one in map(given_of, tagged(form, "input"))}
    for one in tagged(form, "select"):
        options = [given_of(option) for option in tagged(one, "option")]
        chosen = next((option for option in options if option.get("selected")), options[0])
        found[str(given_of(one)["name"])] = str(chosen["value"])
    return found


def test_a_number_in_a_form_keeps_every_digit() -> None:
    assert [plain(one) for one in (None, 0, 22.0, 0.00001, 120.26412345678901)] == [
        "",
        "0",
        "22",
        "0.00001",
        "120.26412345678901",
    ]


def test_what_was_removed_stays_in_the_database(town: Town) -> None:
    town.deed("/stations/S1", {"active": "no", "reason": "merged"})
    with reading(town.engine) as connection:
        assert set(connection.execute(select(t.station.c.code)).scalars()) == {"S1", "S2"}
