"""Nobody sees anything foreign: every route, page, callback, export and read, with every role and without one.

The routes come from the running application's own tables, so a new one is walked without being named here; one that
needs an example which `tests/support/walk.py` does not have makes the test fail.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import dash
import pytest
from sqlalchemy import Connection, Engine, func, select

import data_access
from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.displays import add_display
from data_access.engine import reading
from domain.access import Role
from domain.display import Display
from tests.integration.conftest import use
from tests.support import walk
from tests.support.project import ROOT, tracked
from tests.support.walk import FOREIGN, MARK, OWN, Viewer
from web.access_rules import AccessRules
from web.context import EXTENSION
from web.displays import EXTENSION as REGISTER
from web.door import OWN_TOKENS, PROBES, PUBLIC, PUBLIC_EXACT
from web.identity import WARM

LIMITED = (Role.STATION, Role.DISTRICT, Role.AUDITOR, Role.DISPLAY)
ALL = (Role.COMMAND, Role.ADMIN)
STATIC = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
PATIENCE = 25


@dataclass
class Walk:
    """The application on the marked world, in production, with a viewer of every role."""

    app: Any
    engine: Engine
    viewers: dict[Role, Viewer]

    @property
    def server(self) -> Any:
        return self.app.server

    def rules(self, method: str) -> list[Any]:
        """The routes that answer to a method, without the files that Dash serves to everybody."""
        found = [rule for rule in self.server.url_map.iter_rules() if method in rule.methods]
        return [rule for rule in found if not rule.rule.startswith(STATIC)]

    def callbacks(self) -> list[tuple[str, Any]]:
        """Dash's callbacks that run in the server."""
        self.server.test_client().get("/", environ_overrides={WARM: True})
        return [(name, made) for name, made in self.app.callback_map.items() if "callback" in made]

    def entries(self) -> int:
        with reading(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(t.audit_entry)).scalar() or 0)

    def rows(self) -> dict[str, int]:
        """How many rows every table has that a deed could write to."""
        names = [name for name in t.metadata.tables if name not in ("audit_entry", "account_session", "data_version")]
        with reading(self.engine) as connection:
            counts = {n: select(func.count()).select_from(t.metadata.tables[n]) for n in names}
            return {name: int(connection.execute(query).scalar() or 0) for name, query in counts.items()}


@pytest.fixture(scope="module")
def viewers(world: Engine) -> dict[Role, Viewer]:
    """A viewer of every role."""
    return {role: walk.sign_in(world, role) for role in (*LIMITED, *ALL)}


@pytest.fixture
def walker(application: Any, world: Engine, viewers: dict[Role, Viewer]) -> Iterator[Walk]:
    """The application in production on the marked world."""
    server = application.server
    original = server.extensions[EXTENSION]
    rules = load_catalogue()
    use(server, original, engine=world, writer=world, catalogue=rules, now=lambda: walk.NOW,
        access=AccessRules(production=True), assessment=load_assessment(rules))  # fmt: skip
    yield Walk(application, world, viewers)
    use(server, original)


def text_of(answer: Any) -> str:
    """All text of an answer; of a workbook that of its parts."""
    try:
        with ZipFile(BytesIO(answer.data)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    except BadZipFile:
        return answer.data.decode("utf-8", "replace")


def foreign(text: str, asked: str) -> bool:
    """Whether something foreign stands in a text. That an error repeats the code that was asked for is no news."""
    return MARK in text or (FOREIGN not in asked and (FOREIGN in text or walk.FOREIGN_DISTRICT in text))


def ask(client: Any, address: str) -> Any:
    """The answer; of a page that is still reading, the one after it."""
    for _ in range(PATIENCE):
        answer = client.get(address)
        if answer.status_code != 503:
            break
    return answer


# routes ----------------------------------------------------------------------------------------


def test_no_route_shows_anything_foreign(walker: Walk) -> None:
    leaks, broken = [], []
    for role in LIMITED:
        client = walker.viewers[role].client(walker.server)
        for rule in walker.rules("GET"):
            for unit in (OWN, FOREIGN):
                for address in walk.addresses(rule, unit):
                    answer = ask(client, address)
                    if foreign(text_of(answer), address):
                        leaks.append(f"{role.value} {address}")
                    if answer.status_code >= 500 and rule.rule not in PROBES:  # they say that no worker runs here
                        broken.append(f"{role.value} {address} {answer.status_code}")
    assert leaks == []
    assert broken == []


def test_every_route_shows_something_to_those_who_see_everything(walker: Walk) -> None:
    """Without this the walk above could pass on addresses that lead nowhere."""
    for role in ALL:
        client, blind = walker.viewers[role].client(walker.server), []
        for rule in walker.rules("GET"):
            answers = [ask(client, address) for address in walk.addresses(rule, FOREIGN)]
            if rule.rule in PROBES:
                continue
            if rule.rule in walk.REFUSED_TO_ALL | walk.AUDITORS:
                assert all(answer.status_code in (401, 404) for answer in answers), rule.rule
            elif not any(answer.status_code < 400 for answer in answers):
                blind.append(f"{rule.rule} {[answer.status_code for answer in answers]}")
        assert blind == [], role
    told = [text_of(ask(client, a)) for rule in walker.rules("GET") for a in walk.addresses(rule, FOREIGN)]
    assert sum(MARK in text for text in told) > 15, "the marks do not reach the answers"


def test_the_auditor_reads_the_log_and_nothing_else(walker: Walk) -> None:
    client, opened = walker.viewers[Role.AUDITOR].client(walker.server), set()
    for rule in walker.rules("GET"):
        for address in walk.addresses(rule, OWN):
            if client.get(address).status_code == 200:
                opened.add(address.split("?")[0])
    ways = {"/account", "/api/poll", "/api/v1/me", "/audit", "/download/audit.csv"}
    ways |= {"/wall", "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/-/metrics"}
    assert opened - PROBES == ways


def test_without_an_identity_there_is_only_the_way_in(walker: Walk) -> None:
    client = Viewer("anonymous", "").client(walker.server)
    for rule in walker.rules("GET"):
        for unit in (OWN, FOREIGN):
            for address in walk.addresses(rule, unit):
                answer, path = client.get(address), address.split("?")[0]
                assert not foreign(text_of(answer), ""), address
                if path in PUBLIC_EXACT or path.startswith(PUBLIC):
                    continue
                if path.startswith(OWN_TOKENS):
                    assert answer.status_code == 401, address
                    continue
                if path.startswith(("/api/", "/_", "/download/")):
                    assert (answer.status_code, answer.json["error"]["code"]) == (401, "access.refused.nobody"), address
                else:
                    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"), address
    for rule in walker.rules("POST"):
        for address in walk.addresses(rule, FOREIGN):
            if address not in PUBLIC_EXACT:
                assert client.post(address, json={}).status_code == 401, address


def test_no_asset_holds_anything_of_a_station(walker: Walk) -> None:
    client = Viewer("anonymous", "").client(walker.server)
    found = [path for path in tracked("assets") if path.is_file()]
    assert len(found) > 20
    for path in found:
        answer = client.get(f"/{path.relative_to(ROOT)}")
        assert answer.status_code == 200 and MARK.encode() not in answer.data, path


# deeds -----------------------------------------------------------------------------------------


def test_no_deed_reaches_anything_foreign(walker: Walk) -> None:
    before, done = walker.rows(), []
    for role in LIMITED:
        client = walker.viewers[role].client(walker.server)
        for rule in walker.rules("POST"):
            if rule.rule in walk.OWN_POSTS:
                continue
            for address in walk.addresses(rule, FOREIGN):
                answer = client.post(address, json=walk.body_of(rule, FOREIGN))
                assert 400 <= answer.status_code < 500, f"{role.value} {address} {answer.text[:200]}"
                assert MARK not in answer.text, address
                done.append(address)
    assert walker.rows() == before
    assert len(done) > 20


# pages and callbacks ---------------------------------------------------------------------------


def test_no_page_holds_data_or_an_identity(walker: Walk) -> None:
    """Skeletons may be kept by anybody; what they show comes by callback."""
    for role, viewer in walker.viewers.items():
        client = viewer.client(walker.server)
        for page in dash.page_registry.values():
            if role is Role.AUDITOR and page["path"] != "/audit":
                continue
            answer = client.get(page["path"])
            assert answer.status_code in (200, 404), page["path"]
            assert MARK not in answer.text and "Walker" not in answer.text, page["path"]


def test_no_callback_shows_anything_foreign(walker: Walk) -> None:
    leaks, broken = [], []
    for role in LIMITED:
        client = walker.viewers[role].client(walker.server)
        for output, made in walker.callbacks():
            for unit in (OWN, FOREIGN):
                body = walk.callback_body(output, made, unit)
                answer = run(client, body)
                logged = FOREIGN if role is Role.AUDITOR and "audit-" in output else ""  # the log names what was asked
                if foreign(answer.text, str(body) + logged):
                    leaks.append(f"{role.value} {output} about {unit}")
                if answer.status_code >= 500:
                    broken.append(f"{role.value} {output} {answer.status_code} {answer.text[:200]}")
    assert leaks == []
    assert broken == []


def test_every_callback_answers_those_who_see_everything(walker: Walk) -> None:
    client, marked = walker.viewers[Role.COMMAND].client(walker.server), 0
    for output, made in walker.callbacks():
        answer = run(client, walk.callback_body(output, made, FOREIGN))
        assert answer.status_code in (200, 204), output
        marked += MARK in answer.text
    assert marked > 12


def test_no_callback_runs_for_nobody(walker: Walk) -> None:
    client = Viewer("anonymous", "").client(walker.server)
    for output, made in walker.callbacks():
        assert client.post("/_dash-update-component", json=walk.callback_body(output, made, OWN)).status_code == 401


def run(client: Any, body: dict[str, Any]) -> Any:
    """The callback's answer; while it says that it is still reading, the one after."""
    for _ in range(PATIENCE):
        answer = client.post("/_dash-update-component", json=body)
        if '"again":true' not in answer.text:
            break
    return answer


# walls ---------------------------------------------------------------------------------------


def test_a_wall_shows_its_own_district_only_and_nothing_without_a_token(walker: Walk) -> None:
    client = walker.server.test_client()
    for path in ("/api/wall/picture", "/api/wall/ground", "/api/wall/seen"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"Authorization": "Bearer x.y"}).status_code == 401
    told = {}
    for name, districts in (("own", (walk.OWN_DISTRICT,)), ("all", ())):
        token = add_display(walker.engine, Display(f"wall {name}", districts=districts), actor="a", at=walk.NOW)
        walker.server.extensions.pop(REGISTER, None)  # a process looks for new tokens once a second
        answer = client.get("/api/wall/picture", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        told[name] = text_of(answer)
        assert client.get("/api/v1/board", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert not foreign(told["own"], "")
    assert MARK in told["all"] or FOREIGN in told["all"]


# reads -----------------------------------------------------------------------------------------

UNSCOPED = {
    "run": "backups and restores: the whole database, by whoever may run the command line",
    "streams": "rows of a backup",
    "vitals": "how the database and the worker are; nothing of any station",
    "api_tokens": "tokens of the JSON interface: asked by the door before there is a viewer",
    "alerts": "writes; acknowledging asks for a scope",
    "displays": "tokens of walls: asked by the door before there is a viewer",
    "accounts": "accounts and sessions: asked by the door before there is a viewer",
    "assessments": "writes; `newest_version` says nothing of any station",
    "audit": "the chain itself; searching it is `readers.audit`, which asks for a scope",
    "bulk": "writes rows it is given",
    "engine": "opens and wraps the database",
    "frozen": "the worker's: freezes days",
    "locks": "leases of the worker",
    "migrate": "the structure of the tables",
    "modes": "writes",
    "prepared": "runs statements that were built with a scope",
    "refresh": "the worker's: rollups",
    "state": "the data as a whole; own targets are filtered by the board they stand on",
    "hotspots": "writes",
    "scope": "is the scope",
}
BUILDERS = ("data_access.demo", "data_access.importing", "data_access.migrations", "data_access.rollups",
            "data_access.packs", "data_access.facts", "data_access.readers")  # fmt: skip
"""Packages that write, or whose rows leave through a reader; readers are walked by tests/contract/test_scope.py."""


def test_every_read_outside_the_readers_is_known() -> None:
    found = set()
    for module in pkgutil.walk_packages(data_access.__path__, "data_access."):
        if module.name.startswith(BUILDERS):
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            hints = typing.get_type_hints(function) if function.__module__ == module.name else {}
            if {Connection, Engine} & set(hints.values()) and "scope" not in hints and not name.startswith("_"):
                found.add(module.name.rsplit(".", 1)[1])
    assert found - set(UNSCOPED) == set(), "a read of the database without a scope: give it one, or a reason here"
