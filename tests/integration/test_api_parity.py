"""Pages and the JSON interface say the same: both ask for one view-model, JSON tells all of it, the page draws it.

For every address that is read, the callback of its page is run and the address asked. What stood behind the two must
be equal, every number, colour and word of it must be in JSON under its name, and JSON's in the view-model; and
the page must show the words and numbers that `tests/support/parity_table.py` picks from JSON.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading
from tests.integration.conftest import Demo, use
from tests.support import walk
from tests.support.parity import Parity, differences, page_of, plain, spied
from tests.support.parity_table import ELSEWHERE, PARITY
from web.api_table import BY_RULE, HEAD, ROUTES
from web.context import EXTENSION

RULES = {route.name: rule for rule, route in BY_RULE.items()}


def test_every_address_is_compared_with_its_page_or_it_is_said_why_not() -> None:
    assert set(PARITY) | set(ELSEWHERE) == {route.name for route in ROUTES}
    assert not set(PARITY) & set(ELSEWHERE)


def filled(one: Parity, known: dict[str, str]) -> Parity:
    """The line with codes that exist."""
    ask, query = ({name: text.format(**known) for name, text in given.items()} for given in (one.ask, one.query))
    return replace(one, ask=ask, query=query)


def address(name: str, one: Parity) -> str:
    found = RULES[name]
    for argument, value in {**one.ask, "station": one.ask.get("code", ""), "hotspot_id": one.ask.get("id", "")}.items():
        found = found.replace(f"<{argument}>", value)
    assert "<" not in found and found.startswith(HEAD)
    return found


def compared(application: Any, client: Any, name: str, one: Parity, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = spied(monkeypatch)
    drawn = page_of(application, client, one)
    behind_page = plain(asked.pop(one.view)[-1])
    asked.clear()
    for _ in range(25):
        answer = client.get(address(name, one), query_string=one.query)
        if answer.status_code != 503:
            break
    assert answer.status_code == 200, answer.text[:300]
    behind_json = plain(asked[one.view][-1])
    assert behind_page == behind_json
    assert differences(behind_json, answer.json, one) == ([], [])
    wanted = one.drawn(answer.json)
    assert wanted and [text for text in wanted if text not in drawn] == []


@pytest.mark.parametrize("name", sorted(set(PARITY) - {"alerts"}))
def test_page_and_json_say_the_same(
    application: Any, client: FlaskClient, demo: Demo, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with reading(demo.engine) as connection:
        first, second, *_ = connection.execute(select(t.station.c.code).order_by(t.station.c.code)).scalars()
        spot = connection.execute(select(t.hotspot.c.hotspot_id).order_by(t.hotspot.c.hotspot_id)).scalars().first()
    one = filled(PARITY[name], {"station": first, "other": second, "hotspot": str(spot)})
    compared(application, client, name, one, monkeypatch)


def test_alerts_are_the_same_too(application: Any, world: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a world that has some."""
    server = application.server
    original = server.extensions[EXTENSION]
    use(server, original, engine=world, writer=world, now=lambda: walk.NOW, catalogue=load_catalogue())
    compared(application, server.test_client(), "alerts", PARITY["alerts"], monkeypatch)
    use(server, original)
