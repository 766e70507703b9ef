"""The JSON interface under generated questions, good and bad ones, asked by schemathesis from the document itself.

Every answer must be one that the document names, of the documented content type and shape; never 5xx. The world is
the small filled one; it runs on SQLite alone, since what it looks for lies before the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

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
from data_access import tables as t
from data_access.engine import open_engine
from domain.access import Role
from i18n import translator
from tests.integration.conftest import use
from tests.support import api, walk
from tests.support.walk import FOREIGN, MARK, OWN
from web.access_rules import AccessRules
from web.api_table import ROUTES, Route
from web.context import EXTENSION
from web.openapi import described

EXAMPLES = 3
"""Questions per address, role and kind."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {"code": OWN, "station": OWN, "task": "T1-01", "hotspot_id": "H1"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The marked world."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'fuzz.sqlite3'}")
    t.metadata.create_all(engine)
    walk.fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def tokens(world: Engine) -> dict[Role, str]:
    return {role: api.new_token(world, role) for role in (Role.COMMAND, Role.STATION)}


@pytest.fixture(scope="module")
def asked(application: Any, world: Engine) -> Iterator[Any]:
    """The document, bound to the application in production."""
    server = application.server
    original, rules = server.extensions[EXTENSION], load_catalogue()
    use(server, original, engine=world, writer=world, catalogue=rules, now=lambda: walk.NOW,
        access=AccessRules(production=True, sign_in_per_minute=0), assessment=load_assessment(rules))  # fmt: skip
    made = schemathesis.openapi.from_dict(described(translator("en")))
    made.app = server
    yield made
    use(server, original)


def known_codes(route: Route) -> dict[str, str] | None:
    """Codes that exist, so that answers have content; None: generated ones."""
    codes = {name: KNOWN[name] for name in KNOWN if f"<{name}>" in route.rule}
    return codes | ({"code": api.CODES[route.name]} if route.name in api.CODES else {}) or None


def example_codes(route: Route) -> set[str]:
    """The codes that the document gives as examples of this address."""
    said = described(translator("en"))["paths"][f"{api.HEAD}{openapi_rule(route)}"]
    return {str(one["example"]) for verb in said.values() for one in verb["parameters"] if one["in"] == "path"}


def openapi_rule(route: Route) -> str:
    return route.rule.replace("<", "{").replace(">", "}")


def codes_asked(answer: Any) -> list[str]:
    """The parts of the path that was asked."""
    return [unquote(part) for part in urlsplit(answer.request.url).path.split("/")]


def ask(asked: Any, route: Route, token: str, mode: GenerationMode, codes: dict[str, str] | None) -> list[Any]:
    """Ask, check, and give the answers."""
    operation = asked.find_operation_by_id(route.name)
    given_codes = {"path_parameters": codes} if codes else {}
    found: list[Any] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode, **given_codes))
    def one(case: Any) -> None:
        answer = case.call(headers={**api.bearer(token), "Accept-Encoding": "identity"})
        case.validate_response(answer, checks=CHECKS)
        found.append(answer)

    one()
    return found


@pytest.mark.parametrize("role", [Role.COMMAND, Role.STATION])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_generated_questions_are_answered_as_the_document_says(
    asked: Any, tokens: dict[Role, str], route: Route, role: Role
) -> None:
    answers = ask(asked, route, tokens[role], GenerationMode.POSITIVE, known_codes(route))
    assert answers
    if role is Role.STATION:
        assert not any(MARK in answer.text or FOREIGN in answer.text for answer in answers)


@pytest.mark.parametrize("route", [one for one in ROUTES if "<" in one.rule], ids=lambda route: route.name)
def test_generated_codes_are_not_found(asked: Any, tokens: dict[Role, str], route: Route) -> None:
    """The generator also asks for the document's own example, which may well exist; what it invents does not."""
    answers = ask(asked, route, tokens[Role.COMMAND], GenerationMode.POSITIVE, None)
    invented = [answer for answer in answers if not example_codes(route) & set(codes_asked(answer))]
    assert invented
    assert {answer.status_code for answer in invented} <= {400, 404, 308}


@pytest.mark.parametrize("route", [one for one in ROUTES if one.params], ids=lambda route: route.name)
def test_generated_nonsense_is_answered_as_the_document_says(asked: Any, tokens: dict[Role, str], route: Route) -> None:
    """Not each is refused: an empty parameter counts as none, and headers that nobody knows do no harm."""
    answers = ask(asked, route, tokens[Role.COMMAND], GenerationMode.NEGATIVE, known_codes(route))
    assert {answer.status_code for answer in answers} <= {200, 304, 400, 404, 409}
