"""The JSON interface: its document is true, its answers keep to it, its errors have one shape, pages say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy import Engine

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from domain.access import Role
from i18n import LANGUAGES, translator
from tests.integration.conftest import use
from tests.support import api, walk
from tests.support.api import Api
from tests.support.problems import PROBLEM_FIELDS
from tests.support.walk import FOREIGN, FOREIGN_DISTRICT, MARK, OWN
from web.access_rules import AccessRules
from web.api_deeds import DEEDS
from web.api_schema import closed
from web.api_table import BY_RULE, HEAD, ROUTES
from web.context import EXTENSION
from web.openapi import described


@pytest.fixture(scope="module")
def tokens(world: Engine) -> dict[Role, str]:
    return {role: api.new_token(world, role) for role in api.ROLES}


@pytest.fixture
def program(application: Any, world: Engine, tokens: dict[Role, str]) -> Iterator[Api]:
    """A program that asks the application in production."""
    server = application.server
    original, rules = server.extensions[EXTENSION], load_catalogue()
    use(server, original, engine=world, writer=world, catalogue=rules, now=lambda: walk.NOW,
        access=AccessRules(production=True, sign_in_per_minute=0), assessment=load_assessment(rules))  # fmt: skip
    yield Api(server, world, tokens)
    use(server, original)


# the document ----------------------------------------------------------------------------------


def test_every_address_of_the_server_is_in_the_document_and_no_other(application: Any) -> None:
    rules = [rule for rule in application.server.url_map.iter_rules() if str(rule.rule).startswith(HEAD)]
    assert {str(rule.rule) for rule in rules if "GET" in rule.methods} == set(BY_RULE)
    assert {str(rule.rule) for rule in rules if "POST" in rule.methods} == {f"{HEAD}{rule}" for rule in DEEDS}


def test_the_document_is_openapi_in_both_languages(program: Api) -> None:
    told = program.get(f"{HEAD}/openapi.json").json
    assert told["openapi"] == "3.1.0"
    assert told == json.loads(json.dumps(described(translator("zh"))))
    for lang in LANGUAGES:
        made = described(translator(lang))
        operations = [one for path in made["paths"].values() for one in path.values()]
        assert len({one["operationId"] for one in operations}) == len(operations) == len(ROUTES) + len(DEEDS)
        for one in (
            *made["components"]["schemas"].values(),
            *(p["schema"] for o in operations for p in o["parameters"]),
        ):
            jsonschema_rs.meta.validate(one)


def test_the_document_is_kept_by_whoever_has_it(program: Api) -> None:
    first = program.get(f"{HEAD}/openapi.json")
    again = program.server.test_client().get(
        f"{HEAD}/openapi.json",
        headers={**api.bearer(program.tokens[Role.STATION]), "If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304


def validators(document: dict[str, Any]) -> dict[str, Any]:
    """Per operation a validator that allows no field that the document does not name."""
    whole = closed(document["components"])
    found = {}
    for path in document["paths"].values():
        if "get" in path:
            schema = closed(path["get"]["responses"]["200"]["content"]["application/json"]["schema"])
            found[path["get"]["operationId"]] = jsonschema_rs.validator_for(
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": whole, **schema},
                validate_formats=True,
            )
    return found


@pytest.mark.parametrize("role", [Role.COMMAND, Role.STATION])
def test_answers_have_the_documented_fields_and_no_others(program: Api, role: Role) -> None:
    held, seen, wrong = validators(described(translator("en"))), set(), []
    for route, address in api.everywhere(FOREIGN if role is Role.COMMAND else OWN):
        answer = program.get(address, role)
        if answer.status_code == 200:
            seen.add(route.name)
            wrong += [
                f"{address}: {list(e.instance_path)} {e.message[:200]}"
                for e in held[route.name].iter_errors(answer.json)
            ]
    assert wrong == []
    assert {route.name for route in ROUTES} - seen <= ({"hotspot"} if role is Role.STATION else set())


# scope -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STATION])
def test_a_token_never_shows_what_is_outside_its_scope(program: Api, role: Role) -> None:
    seen = 0
    for unit in (OWN, FOREIGN):
        for _, address in api.everywhere(unit):
            answer = program.get(address, role)
            assert MARK not in answer.text, address
            if FOREIGN not in address:
                assert FOREIGN not in answer.text and FOREIGN_DISTRICT not in answer.text, address
            seen += answer.status_code == 200
    assert seen > 40


def test_the_command_rooms_token_shows_what_the_others_do_not(program: Api) -> None:
    told = [program.get(address).text for _, address in api.everywhere(FOREIGN)]
    assert sum(MARK in text for text in told) > 10


# errors ----------------------------------------------------------------------------------------

WRONG = [
    ("/board?as_of=yesterday", "as_of", "yesterday"),
    ("/board?as_of=2024-13-40", "as_of", "2024-13-40"),
    ("/board?as_of=2024-05-06&as_of=2024-05-07", "as_of", "2024-05-06"),
    ("/board?as-of=2024-05-06", "as-of", "2024-05-06"),
    ("/board?token=abc", "token", ""),
    ("/board?access_token=abc", "access_token", ""),
    ("/map?hours=7-99", "hours", "7-99"),
    ("/map?hours=x", "hours", "x"),
    ("/map?class=%00", "class", "\0"),
    ("/map?severity=fatal,dreadful", "severity", "fatal,dreadful"),
    ("/map?near=1,2", "near", "1,2"),
    ("/map/points?preset=7d", "bbox", ""),
    ("/map/points?bbox=1,2,3", "bbox", "1,2,3"),
    ("/map/incidents?page=0", "page", "0"),
    ("/map/incidents?page=99999999999", "page", "99999999999"),
    ("/map/shapes", "kind", ""),
    ("/map/shapes?kind=secrets", "kind", "secrets"),
    ("/compare?unit=street", "unit", "street"),
    ("/compare?figure=none", "figure", "none"),
    ("/compare?sort=nothing", "sort", "nothing"),
    ("/compare?hours=7-9", "hours", "7-9"),
    ("/assessment?month=2024-13", "month", "2024-13"),
    ("/assessment?month=May", "month", "May"),
    ("/assessment?version=-1", "version", "-1"),
    ("/assessment/S2/what-if?try.helmets=many", "try.helmets", "many"),
    ("/assessment/S2/what-if?try.helmets=nan", "try.helmets", "nan"),
    ("/hotspots?status=lost", "status", "lost"),
    ("/duty?include=everybody", "include", "everybody"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "name", "value"), WRONG)
def test_a_wrong_parameter_is_named_with_its_value(program: Api, address: str, name: str, value: str) -> None:
    answer = program.get(HEAD + address)
    assert (answer.status_code, set(answer.json["error"])) == (400, PROBLEM_FIELDS)
    assert (answer.json["error"]["parameter"], answer.json["error"]["value"]) == (name, value)


def test_an_empty_parameter_is_none(program: Api) -> None:
    assert program.get(f"{HEAD}/map/hotspots?class=&preset=&hours=").status_code == 200


ODD = [
    ("GET", "/api/v1/stations/none", 404),
    ("GET", "/api/v1/stations/%00", 404),
    ("GET", f"/api/v1/stations/{'x' * 300}", 404),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/api/nothing", 401),
    ("GET", "/api/wall/picture", 401),
    ("GET", "/api/wall/seen", 401),
    ("GET", "/api/v1/board?as_of=x", 400),
    ("POST", "/api/v1/board", 405),
    ("DELETE", "/api/v1/hotspots", 405),
    ("POST", "/api/v1/hotspots", 405),
    ("OPTIONS", "/api/v1/board", 405),
]


@pytest.mark.parametrize(("method", "address", "status"), ODD)
def test_every_error_has_the_one_shape(program: Api, method: str, address: str, status: int) -> None:
    for lang, head in (("zh", "zh-CN,zh;q=0.9"), ("en", "en-GB")):
        headers = {**api.bearer(program.tokens[Role.COMMAND]), "Accept-Language": head}
        answer = program.server.test_client().open(address, method=method, headers=headers)
        assert (answer.status_code, answer.mimetype, set(answer.json["error"])) == (
            status,
            "application/json",
            PROBLEM_FIELDS,
        )
        assert answer.json["error"]["advice"] == translator(lang)(f"advice.{status}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert status != 405 or answer.headers["Allow"] == "GET, HEAD"
        assert status != 401 or answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_oversized_body_has_the_one_shape(program: Api) -> None:
    viewer = walk.sign_in(program.engine, Role.COMMAND, login="large").client(program.server)
    answer = viewer.post("/_dash-update-component", data=b"x" * (3 * 1024 * 1024), content_type="application/json")
    assert (answer.status_code, set(answer.json["error"])) == (413, PROBLEM_FIELDS)


def test_an_error_carries_the_number_of_its_request(program: Api) -> None:
    answer = program.get("/api/v1/nothing")
    assert answer.headers["X-Request-Id"] == answer.json["error"]["request_id"] != ""
