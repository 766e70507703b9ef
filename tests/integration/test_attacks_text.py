"""Hostile text through every text field and through imported data: into pages, files and the database.

The fields come from the OpenAPI document, so a new one is attacked without being named here; one that has no example in
`tests/support/deeds.py` makes the test fail. The world they are written into is hostile itself: every free text
of every table, as an import or another system may have written it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from data_access import tables as t
from data_access.engine import reading, writing
from domain.access import Role
from i18n import translator
from tests.integration.conftest import use
from tests.support import walk
from tests.support.deeds import EXAMPLES, NUMBERS, Desk
from tests.support.walk import FOREIGN, OWN, Viewer
from web.access_rules import AccessRules
from web.api_deeds import DEEDS
from web.context import EXTENSION
from web.identity import WARM
from web.openapi import described, operation_of

SCRIPT = "=1+1<script>alert(7)</script>"
HOSTILE = (
    '=HYPERLINK("x")<img src=x>',
    SCRIPT,
    "@SUM(1)'; DROP TABLE station; --",
    "+cmd|' /C calc'!A0\"><img src=x>",
    '-2+3" OR 1=1 --<svg/onload=x>',
)
UNSTORABLE = ("a\x00b", "a\x1b[2J", "a\u0085b")
TAGS = re.compile(r"<(script>alert|img src=x|svg/onload)")
NUMBER = re.compile(r"^[+\-\u2212]?[\d.,\u2009\u00a0 ]+\s?%?$|^[-\u2212\u2014]$")
CODES = {"station", "for", "what", "unit", "district", "districts", "playlist", "mode", "indicator", "end", "login",
         "which", "seen", "code"}  # fmt: skip
"""Fields that must name something there is, or a state: anything else is refused by value."""


WRITTEN = {("/assessment/<period>/lock", "note"), ("/assessment/<period>/lock", "actor")}
"""This small world cannot be locked again; its lock's note and name are hostile from the beginning."""


@pytest.fixture(scope="module")
def hostile(fresh: Engine) -> Engine:
    """The filled world with a hostile text in every column that holds free text."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walk, "MARK", SCRIPT)
        walk.fill(fresh)
    with writing(fresh) as connection:
        connection.execute(t.assessment_month.update().values(note=SCRIPT, locked_by=SCRIPT))
    return fresh


@pytest.fixture
def desk(application: Any, hostile: Engine) -> Iterator[Desk]:
    server, rules = application.server, load_catalogue()
    original = server.extensions[EXTENSION]
    use(server, original, engine=hostile, writer=hostile, catalogue=rules, now=lambda: walk.NOW, shipped=rules,
        wall=load_wall_rules(rules, original.compare_rules), assessment=load_assessment(rules),
        access=AccessRules(open_access=True, sign_in_per_minute=0, api_per_minute=0))  # fmt: skip
    boss = walk.sign_in(hostile, Role.ADMIN, login=f"boss.{next(NUMBERS)}").client(server)
    yield Desk(hostile, Viewer("open", "").client(server), boss)
    use(server, original)


def free_fields() -> dict[str, list[tuple[str, int]]]:
    """Deed -> its fields that take any text, and how long it may be; from the document."""
    paths = described(translator("en"))["paths"].values()
    posts = {path["post"]["operationId"]: path["post"]["requestBody"]["content"] for path in paths if "post" in path}
    found = {}
    for rule in DEEDS:
        properties = posts[operation_of(rule)]["application/json"]["schema"]["properties"]
        found[rule] = [
            (name, one["maxLength"])
            for name, one in properties.items()
            if "maxLength" in one and one.get("pattern", "^/") == "^/"
        ]
    return found


def test_every_deed_has_text_fields_that_are_attacked_or_none() -> None:
    fields = free_fields()
    assert set(fields) == set(EXAMPLES)
    assert sum(map(len, fields.values())) > 50
    for rule, found in fields.items():
        assert {name for name, _ in found} == {one.name for one in DEEDS[rule].fields if one.free}, rule


def attack(desk: Desk, rule: str, name: str, text: str, most: int) -> set[int]:
    """Do the deed with the text in one field; the statuses. The field must be in an example."""
    found = set()
    for address, body in EXAMPLES[rule](desk):
        if name in body:
            given = f"/{text}" if name == "subject" else text
            answer = desk.post(address, {**body, name: given[:most]})
            assert answer.status_code < 500, (rule, name, text, answer.text[:300])
            assert "Traceback" not in answer.text and "sqlalchemy" not in answer.text
            found.add(answer.status_code)
    assert found, f"no example for {name} of {rule}: add one to tests/support/deeds.py"
    return found


@pytest.mark.parametrize("rule", sorted(DEEDS))
def test_hostile_text_in_every_field_is_stored_as_text_or_refused(desk: Desk, rule: str) -> None:
    for name, most in free_fields()[rule]:
        stored = [attack(desk, rule, name, text, most) for text in HOSTILE]
        if name not in CODES and (rule, name) not in WRITTEN:
            assert any(status < 300 for found in stored for status in found), (rule, name, stored)
        for text in UNSTORABLE:
            assert min(attack(desk, rule, name, text, most)) >= 400 or name == "seen", (rule, name)


# what became of it -----------------------------------------------------------------------------


def test_what_was_written_is_text_in_pages_and_files(application: Any, desk: Desk) -> None:
    """After the attacks above, on the same database: every page, callback, JSON answer and file."""
    auditor = walk.sign_in(desk.engine, Role.AUDITOR, login=f"log.{next(NUMBERS)}").client(application.server)
    seen = {"tree": 0, "csv": 0, "xlsx": 0}
    for client in (desk.anybody, auditor):
        for rule in application.server.url_map.iter_rules():
            if "GET" in rule.methods and not rule.rule.startswith(("/assets/", "/_dash-component", "/_favicon")):
                for unit in (OWN, FOREIGN):
                    for address in walk.addresses(rule, unit):
                        read(client.get(address), address, seen)
        client.get("/", environ_overrides={WARM: True})
        for output, made in application.callback_map.items():
            if "callback" in made:
                for unit in (OWN, FOREIGN):
                    answer = client.post("/_dash-update-component", json=walk.callback_body(output, made, unit))
                    look(answer, output, seen)
    assert all(count > 3 for count in seen.values()), seen
    with reading(desk.engine) as connection:
        still = select(func.count()).where(t.station.c.code.in_((OWN, FOREIGN)))
        assert connection.execute(still).scalar() == 2


def read(answer: Any, address: str, seen: dict[str, int]) -> None:
    """A page, a JSON answer or a file."""
    assert answer.status_code < 500 or address.startswith(("/-/", "/readyz", "/healthz")), address
    if answer.mimetype == "text/html":
        assert not TAGS.search(answer.text), address
    elif address.split("?")[0].endswith(".csv") and answer.status_code == 200:
        cells = [cell for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))) for cell in row]
        assert [one for one in cells if one[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.match(one)] == []
        seen["csv"] += any("alert(7)" in one for one in cells)
    elif address.split("?")[0].endswith(".xlsx") and answer.status_code == 200:
        book = openpyxl.load_workbook(BytesIO(answer.data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [one.value for one in cells if one.data_type == "f"] == [], address
        seen["xlsx"] += any("alert(7)" in str(one.value) for one in cells)


def look(answer: Any, output: str, seen: dict[str, int]) -> None:
    """A callback's answer: in trees the text is text, never a tag, an attribute that acts, or an address."""
    assert answer.status_code < 500, (output, answer.text[:300])
    if answer.status_code != 200 or answer.mimetype != "application/json":
        return
    for parts in json.loads(answer.text).get("response", {}).values():
        if isinstance(parts, dict) and isinstance(parts.get("tree"), list):
            seen["tree"] += "alert(7)" in json.dumps(parts["tree"])
            check(parts["tree"], output)


def check(node: Any, output: str) -> None:
    if not isinstance(node, list) or not node:
        return
    if isinstance(node[0], str):
        assert re.fullmatch(r"[a-zA-Z][\w.#:-]*", node[0]), (output, node[0])
        tag = re.split(r"[.#]", node[0])[0]
        assert tag not in ("script", "iframe", "object", "embed", "style"), output
    for child in node:
        if isinstance(child, dict):
            for name, value in child.items():
                assert not name.lower().startswith("on") and name not in ("innerHTML", "srcdoc"), (output, name)
                if name in ("href", "src", "action") and value:
                    assert str(value).startswith(("/", "#", "?")) and not str(value).startswith("//"), (output, value)
        else:
            check(child, output)
