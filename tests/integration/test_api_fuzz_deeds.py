"""What pages may do (POST), with bodies that schemathesis makes from the document: good ones and broken ones.

Asked by somebody who may do nearly everything, by somebody who may do some of it, by somebody who may do nothing, by a
program with a token, and by nobody. Every answer is one that the document names, of its shape; never 5xx. What was
written is read again afterwards. On SQLite alone: what it looks for lies before the database; the texts that only one
database refuses are in `test_attacks_text.py`, on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from data_access import tables as t
from data_access.engine import open_engine
from domain.access import Role
from i18n import translator
from tests.integration.conftest import use
from tests.support import api, walk
from tests.support.walk import OWN, Viewer
from web.access_rules import AccessRules
from web.api_deeds import DEEDS
from web.context import EXTENSION
from web.openapi import described, operation_of

EXAMPLES = 3
"""Bodies for each deed, role and kind."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {
    "hotspot_id": "H1",
    "alert_id": "AL1",
    "period": "2024-05",
    "key": "L1",
    "feed": "dispatch",
    "code": OWN,
    "login": "somebody",
}
"""Things that exist, so that what is asked gets as far as the body; their other part is made up."""
CODES = {"station": OWN, "for": OWN, "what": "T1-01", "mode": "full", "indicator": "", "of": "1", "playlist": "command"}
"""Fields whose generated text would be nobody's code, so that the others are looked at."""
SOME = {"action": ("edit", "plan", "measure", "withdraw"), "deed": ("role", "change", "revoke", "password")}
RULES = sorted(DEEDS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The filled world, to write in."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('deeds') / 'deeds.sqlite3'}")
    t.metadata.create_all(engine)
    walk.fill(engine)
    walk.sign_in(engine, Role.COMMAND, login=KNOWN["login"])
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def people(world: Engine) -> dict[Role, Viewer]:
    return {role: walk.sign_in(world, role) for role in (Role.ADMIN, Role.STATION, Role.AUDITOR)}


@pytest.fixture(scope="module")
def program(world: Engine) -> str:
    """A token; made before the first question, as a process looks for new ones every few seconds only."""
    return api.new_token(world, Role.COMMAND, "deeds")


@pytest.fixture(scope="module")
def asked(application: Any, world: Engine, program: str) -> Iterator[Any]:
    """The document, bound to the application in production."""
    server = application.server
    original, rules = server.extensions[EXTENSION], load_catalogue()
    use(server, original, engine=world, writer=world, catalogue=rules, now=lambda: walk.NOW, shipped=rules,
        wall=load_wall_rules(rules, original.compare_rules), assessment=load_assessment(rules),
        access=AccessRules(production=True, sign_in_per_minute=0, api_per_minute=0))  # fmt: skip
    made = schemathesis.openapi.from_dict(described(translator("en")))
    made.app = server
    yield made
    use(server, original)


def places(rule: str) -> list[dict[str, str]]:
    """Addresses of a deed that lead somewhere."""
    found: list[dict[str, str]] = [{name: KNOWN[name] for name in KNOWN if f"<{name}>" in rule}]
    for name, values in SOME.items():
        if f"<{name}>" in rule:
            found = [{**one, name: value} for one in found for value in values]
    return found


def ask(asked: Any, rule: str, who: dict[str, Any], mode: GenerationMode) -> list[int]:
    """Ask, check, and give the statuses."""
    operation = asked.find_operation_by_id(operation_of(rule))
    found: list[int] = []
    for at in places(rule):

        @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode, **({"path_parameters": at} if at else {})))
        def one(case: Any) -> None:
            if mode is GenerationMode.POSITIVE:
                case.body |= {name: CODES[name] for name in CODES if name in case.body}
            answer = case.call(**{**who, "headers": {**who["headers"], "Accept-Encoding": "identity"}})
            case.validate_response(answer, checks=CHECKS)
            found.append(answer.status_code)

        one()
    return found


PAGE = {"Origin": "http://localhost"}


def as_person(viewer: Viewer, origin: str = PAGE["Origin"]) -> dict[str, Any]:
    """A page of this host, with a session."""
    return {"cookies": {viewer.cookie: viewer.token}, "headers": {"Origin": origin}}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STATION])
@pytest.mark.parametrize("rule", RULES)
def test_generated_bodies_are_answered_as_the_document_says(
    asked: Any, people: dict[Role, Viewer], rule: str, role: Role
) -> None:
    found = ask(asked, rule, as_person(people[role]), GenerationMode.POSITIVE)
    assert found and 401 not in found


@pytest.mark.parametrize("rule", RULES)
def test_broken_bodies_are_answered_as_the_document_says(asked: Any, people: dict[Role, Viewer], rule: str) -> None:
    found = ask(asked, rule, as_person(people[Role.ADMIN]), GenerationMode.NEGATIVE)
    assert found and 401 not in found


@pytest.mark.parametrize("rule", RULES)
def test_whoever_may_not_is_refused_whatever_the_body(
    asked: Any, program: str, people: dict[Role, Viewer], rule: str
) -> None:
    for who, status in (
        (as_person(people[Role.AUDITOR]), 404),
        ({"headers": api.bearer(program)}, 405),
        ({"headers": PAGE}, 401),
        (as_person(people[Role.ADMIN], "http://elsewhere.example"), 403),
    ):
        assert set(ask(asked, rule, who, GenerationMode.POSITIVE)) == {status}


@pytest.mark.parametrize("rule", RULES)
def test_without_a_needed_field_nothing_is_done(asked: Any, people: dict[Role, Viewer], rule: str) -> None:
    client = people[Role.ADMIN].client(asked.app)
    rules = [one for one in asked.app.url_map.iter_rules() if "POST" in one.methods]
    (made,) = (one for one in rules if one.rule == f"{api.HEAD}{rule}")
    for field in DEEDS[rule].fields:
        if field.needed:
            body = {name: value for name, value in walk.BODIES[made.rule].items() if name != field.name}
            answers = [client.post(address, json=body) for address in walk.addresses(made, OWN)]
            assert {answer.status_code for answer in answers} <= {400, 404, 409}, field.name


def test_what_was_written_is_read_without_a_fault(asked: Any, world: Engine, people: dict[Role, Viewer]) -> None:
    """Last of this module: what the generated bodies left behind."""
    client = people[Role.ADMIN].client(asked.app)
    for unit in (OWN, walk.FOREIGN):
        for _, address in api.everywhere(unit):
            assert client.get(address).status_code < 500, address
