"""The administration pages over HTTP: who gets in, what is written, what is told once, and the log of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from components import (
    admin_accounts_page,
    admin_catalogue_page,
    admin_displays_page,
    admin_feeds_page,
    admin_page,
    admin_stations_page,
    admin_targets_page,
)
from components.hiccup import text_of
from components.look import Look
from data_access import tables as t
from data_access.audit import verify
from data_access.displays import displays
from data_access.engine import reading, writing
from data_access.importing.feeds import FeedMarks
from data_access.readers.administration import station_rows, target_rows
from data_access.readers.organisation import units
from data_access.state import feeds, own_targets
from domain.access import Role, command
from domain.colour import Colour
from domain.profile import FeedRule
from domain.targets import in_force, stamp
from i18n import translator
from services import administration as office
from services import board as boards
from tests import factories as make
from tests.integration.conftest import use
from tests.support import walk
from web import administration
from web.access_rules import AccessRules
from web.context import EXTENSION, Context

NOW = walk.NOW
TODAY = NOW.date()
CATALOGUE = load_catalogue()
TASK = "T1-01"
API = "/api/v1/admin"
RULES = AccessRules(production=True, sign_in_per_minute=0, api_per_minute=0)
NEW = {"for": "S1", "what": TASK, "blue": "99", "yellow": "97", "first": TODAY.isoformat(), "reason": "stricter"}


@dataclass
class Town:
    """Two stations, one source, an administrator."""

    server: Any
    engine: Engine
    original: Context

    def rules(self, rules: AccessRules = RULES) -> None:
        use(self.server, self.original, engine=self.engine, writer=self.engine, catalogue=CATALOGUE, now=lambda: NOW,
            access=rules, wall=load_wall_rules(CATALOGUE, self.original.compare_rules), shipped=CATALOGUE)  # fmt: skip
        for name in ("board_sessions", "board_told", "board_looked", "board_accounts"):
            self.server.extensions.pop(name, None)

    def client(self, role: Role = Role.ADMIN, login: str = "") -> Any:
        return walk.sign_in(self.engine, role, login=login or f"a-{role.value}").client(self.server)

    def deed(self, path: str, body: dict[str, Any], client: Any = None) -> Any:
        return (client or self.boss).post(f"{API}{path}", json=body)

    @property
    def boss(self) -> Any:
        if not hasattr(self, "_boss"):
            self._boss = self.client()
        return self._boss

    def log(self) -> list[tuple[str, str, str, str]]:
        entry = t.audit_entry.c
        query = select(entry.action, entry.actor, entry.subject, entry.detail).order_by(entry.sequence)
        with reading(self.engine) as connection:
            assert verify(connection).why == ""
            return [tuple(row) for row in connection.execute(query)]

    def account(self, login: str) -> Any:
        with reading(self.engine) as connection:
            return connection.execute(t.account.select().where(t.account.c.login == login)).mappings().first()

    def targets(self) -> list[Any]:
        with reading(self.engine) as connection:
            return list(target_rows(connection, command()))


@pytest.fixture
def town(application: Any, engine: Engine) -> Iterator[Town]:
    server = application.server
    made = Town(server, engine, server.extensions[EXTENSION])
    make.make_district(engine, "D1")
    for code in ("S1", "S2"):
        make.make_station(engine, code, district_code="D1")
        for n in range(25):
            at = NOW - timedelta(hours=2, minutes=n)
            make.make_order(engine, code, at, signed_at=at + timedelta(seconds=600 if n == 0 else 20))
    for feed in {task.feed for task in CATALOGUE.active}:
        make.make_feed(engine, feed, at=NOW)
    made.rules()
    yield made
    use(server, made.original)


def said(answer: Any) -> str:
    return str(answer.json["error"]["message"])


# who gets in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.STATION, Role.DISTRICT, Role.COMMAND, Role.AUDITOR])
def test_for_everybody_but_the_administrator_nothing_of_it_exists(town: Town, role: Role) -> None:
    client = town.client(role)
    for path in ("/targets", "/feeds/dispatch", "/accounts", "/displays", "/stations/S1"):
        assert town.deed(path, NEW, client).status_code == 404, path
    assert town.targets() == []


def test_an_open_board_may_look_and_an_account_is_never_made_there(town: Town) -> None:
    town.rules(AccessRules(production=True, open_access=True, api_per_minute=0))
    nobody = walk.Viewer("nobody", "").client(town.server)
    assert town.deed("/accounts", {"login": "me", "role": "admin", "actor": "Me"}, nobody).status_code == 403
    assert town.deed("/targets", {**NEW, "actor": "Me"}, nobody).status_code == 403
    town.rules(AccessRules(open_access=True, api_per_minute=0))
    assert town.deed("/accounts", {"login": "me", "role": "admin", "actor": "Me"}, nobody).status_code == 403
    assert town.deed("/targets", {**NEW, "actor": "Me", "seen": str(stamp([]))}, nobody).status_code == 200
    with town.server.test_request_context("/admin/accounts"):
        view = administration.accounts({})
        assert not view.may_write
        look = Look(translator("en", strict=True), CATALOGUE)
        assert "administrator must sign in" in text_of(admin_accounts_page.tree(view, look))


# targets ---------------------------------------------------------------------------------------


def seen(town: Town, asked: dict[str, str]) -> Any:
    """What the page shows for an address, asked by the administrator."""
    token = walk.sign_in(town.engine, Role.ADMIN, login="looker").token
    cookie = town.server.extensions[EXTENSION].access.cookie
    with town.server.test_request_context("/admin/targets", headers={"Cookie": f"{cookie}={token}"}):
        return administration.targets(asked)


def test_the_previewed_colours_are_those_of_the_board_once_the_target_is_written(town: Town) -> None:
    view = seen(town, {name: value for name, value in NEW.items() if name != "reason"})
    (moved,) = view.effect.moved
    assert (moved.unit.code, moved.before.colour, moved.after.colour) == ("S1", Colour.BLUE, Colour.RED)
    text = text_of(admin_targets_page.tree(view, Look(translator("en", strict=True), CATALOGUE)))
    assert "1 cells change their colour" in text and "≥99" in text
    assert town.targets() == [], "looking writes nothing"
    assert town.deed("/targets", {**NEW, "seen": str(view.seen)}).status_code == 200
    found = boards.board(town.engine, CATALOGUE, command(), NOW)
    cells = {line.unit.code: line.cell(TASK) for line in found.lines}
    assert cells["S1"] == moved.after
    assert cells["S2"].colour is Colour.BLUE


def test_a_target_that_begins_later_shows_what_it_will_change_and_changes_nothing_today(town: Town) -> None:
    later = (TODAY + timedelta(days=10)).isoformat()
    view = seen(town, {**NEW, "first": later})
    assert not view.effect.now and view.effect.day.isoformat() == later
    assert [one.recoloured for one in view.effect.moved] == [True]
    assert town.deed("/targets", {**NEW, "first": later, "seen": str(view.seen)}).status_code == 200
    assert boards.board(town.engine, CATALOGUE, command(), NOW).lines[0].cell(TASK).colour is Colour.BLUE


def test_a_target_for_all_stations_is_one_row_and_one_entry_for_each(town: Town) -> None:
    view = seen(town, {**NEW, "for": "*"})
    assert len(view.draft) == 2
    assert town.deed("/targets", {**NEW, "for": "*", "seen": str(view.seen)}).status_code == 200
    assert [(row.station, row.blue, row.by) for row in town.targets()] == [
        ("S1", 99, "Walker admin (a-admin)"),
        ("S2", 99, "Walker admin (a-admin)"),
    ]
    told = [entry for entry in town.log() if entry[0] == "target_set"]
    assert [entry[2] for entry in told] == ["target:S1/T1-01", "target:S2/T1-01"]
    assert told[0][3] == f"catalogue > 99/97 from {TODAY} to -: stricter"


def test_a_target_is_not_written_over_what_somebody_else_wrote_meanwhile(town: Town) -> None:
    view = seen(town, NEW)
    make.make_target(town.engine, "S1", TASK, 91, 81)
    answer = town.deed("/targets", {**NEW, "seen": str(view.seen)})
    assert answer.status_code == 409
    assert [row.blue for row in town.targets()] == [91]


def test_the_end_of_a_target_is_previewed_and_its_row_stays(town: Town) -> None:
    make.make_target(town.engine, "S1", TASK, 99, 97)
    key, last = f"S1/{TASK}/2000-01-01", (TODAY - timedelta(days=1)).isoformat()
    view = seen(town, {"end": key, "last": last})
    (moved,) = view.effect.moved
    assert (moved.before.colour, moved.after.colour) == (Colour.RED, Colour.BLUE)
    assert town.deed("/targets/end", {"end": key, "last": last, "reason": "a mistake"}).status_code == 200
    (row,) = town.targets()
    assert (row.first, row.last, row.blue) == (date(2000, 1, 1), TODAY - timedelta(days=1), 99)
    assert boards.board(town.engine, CATALOGUE, command(), NOW).lines[0].cell(TASK) == moved.after
    assert town.log()[-1][0] == "target_end"


def test_what_is_in_force_is_the_same_for_the_page_and_for_the_board(town: Town) -> None:
    for first, last, blue in (("2024-01-01", None, 90), ("2024-03-01", "2024-03-31", 91), ("2024-05-07", None, 92)):
        make.make_target(town.engine, "S1", TASK, blue, 80, valid_from=date.fromisoformat(first),
                         valid_to=date.fromisoformat(last) if last else None)  # fmt: skip
    with reading(town.engine) as connection:
        rows = target_rows(connection, command())
        for day in (date(2023, 12, 31), date(2024, 2, 1), date(2024, 3, 9), date(2024, 4, 1), TODAY):
            assert in_force(rows, day) == own_targets(connection, day), day


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"for": "S9"}, "S9"),
        ({"what": "T9-99"}, "T9-99"),
        ({"blue": "many"}, "many"),
        ({"blue": "101"}, "101"),
        ({"yellow": "99.5"}, "99.5"),
        ({"first": "tomorrow"}, "tomorrow"),
        ({"last": "2024-05-01"}, "2024-05-01"),
        ({"reason": ""}, "Say why"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_nothing_is_written(
    town: Town, changed: dict[str, str], word: str
) -> None:
    client = town.boss
    client.set_cookie("lang", "en")
    answer = town.deed("/targets", {**NEW, "seen": "0", **changed})
    assert answer.status_code == 400 and word in said(answer)
    assert town.targets() == []


def test_a_draft_that_cannot_stand_is_told_above_the_form(town: Town) -> None:
    view = seen(town, {**NEW, "yellow": "99.5"})
    assert view.effect is None
    assert "99.5" in text_of(admin_targets_page.tree(view, Look(translator("en", strict=True), CATALOGUE)))


# accounts --------------------------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_is_told_once_and_must_be_changed(town: Town) -> None:
    answer = town.deed("/accounts", {"login": "li", "name": "Li", "role": "station", "station": "S1"})
    secret = answer.json["secret"]
    assert answer.status_code == 200 and secret in text_of(answer.json["once"])
    kept = town.account("li")
    assert (kept["role"], kept["station_code"], kept["must_change"]) == ("station", "S1", 1)
    assert secret not in json.dumps([str(value) for value in kept.values()]) and secret not in str(town.log())
    client = town.server.test_client()
    entered = client.post("/sign-in", data={"login": "li", "password": secret}, headers={"Origin": "http://localhost"})
    assert entered.status_code == 302
    assert client.get("/").headers["Location"] == "/account"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"login": "a b", "role": "command"}, "a b"),
        ({"login": "li", "role": "king"}, "king"),
        ({"login": "li", "role": "display"}, "display"),
        ({"login": "li", "role": "station", "station": "S9"}, "S9"),
        ({"login": "li", "role": "district", "district": "D9"}, "D9"),
        ({"login": "a-admin", "role": "command"}, "a-admin"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_by_value(town: Town, body: dict[str, str], word: str) -> None:
    client = town.boss
    client.set_cookie("lang", "en")
    answer = town.deed("/accounts", body)
    assert answer.status_code in (400, 409) and word in said(answer)
    assert town.account("li") is None


def test_disabling_ends_sessions_and_enabling_lets_in_again(town: Town) -> None:
    other = town.client(Role.COMMAND, "li")
    assert other.get("/api/v1/me").status_code == 200
    assert town.deed("/accounts/li/disable", {}).status_code == 200
    assert other.get("/api/v1/me").status_code == 401
    assert town.deed("/accounts/li/enable", {}).status_code == 200
    assert town.account("li")["is_active"] == 1
    assert [entry[0] for entry in town.log()][-2:] == ["account_disable", "account_enable"]


def test_ending_sessions_signs_out_everywhere(town: Town) -> None:
    other = town.client(Role.COMMAND, "li")
    assert town.deed("/accounts/li/sessions", {}).status_code == 200
    assert other.get("/api/v1/me").status_code == 401


def test_a_locked_account_is_unlocked_once(town: Town) -> None:
    town.client(Role.COMMAND, "li")
    with town.engine.begin() as connection:
        values = {"failed_count": 5, "locked_until": NOW + timedelta(hours=1)}
        connection.execute(t.account.update().where(t.account.c.login == "li").values(**values))
    assert town.deed("/accounts/li/unlock", {}).status_code == 200
    assert (town.account("li")["failed_count"], town.account("li")["locked_until"]) == (0, None)
    assert town.deed("/accounts/li/unlock", {}).status_code == 409


def test_the_last_administrator_cannot_be_taken_away(town: Town) -> None:
    assert town.deed("/accounts/a-admin/disable", {}).status_code == 409
    assert town.deed("/accounts/a-admin/role", {"role": "command"}).status_code == 409
    town.client(Role.ADMIN, "second")
    assert town.deed("/accounts/second/role", {"role": "command"}).status_code == 200
    assert town.account("second")["role"] == "command"


def test_another_one_time_password_ends_the_sessions(town: Town) -> None:
    other = town.client(Role.COMMAND, "li")
    answer = town.deed("/accounts/li/password", {})
    assert len(answer.json["secret"]) >= 12
    assert other.get("/api/v1/me").status_code == 401
    assert town.account("li")["must_change"] == 1


def test_accounts_that_are_unknown_or_of_the_demo_stay_as_they_are(town: Town) -> None:
    assert town.deed("/accounts/nobody/disable", {}).status_code == 404
    town.client(Role.COMMAND, "trial")
    with town.engine.begin() as connection:
        connection.execute(t.account.update().where(t.account.c.login == "trial").values(origin="demo"))
    assert town.deed("/accounts/trial/role", {"role": "admin"}).status_code == 409


# displays, sources, stations -------------------------------------------------------------------


def shown(town: Town) -> list[Any]:
    with reading(town.engine) as connection:
        return list(displays(connection))


def test_a_display_is_added_changed_and_revoked(town: Town) -> None:
    answer = town.deed("/displays", {"name": "Hall 1/2", "playlist": "command", "districts": "D1", "distance": "7,5"})
    assert answer.status_code == 200
    address = answer.json["secret"]
    assert address.startswith("http://localhost/wall#") and address in text_of(answer.json["once"])
    (row,) = shown(town)
    assert (row.name, row.display.districts, row.display.distance) == ("Hall 1/2", ("D1",), 7.5)
    assert town.deed("/displays/change", {"which": "Hall 1/2", "districts": "", "sound": "yes"}).status_code == 200
    assert (shown(town)[0].display.districts, shown(town)[0].display.sound) == ((), True)
    assert town.deed("/displays/revoke", {"which": "Hall 1/2"}).status_code == 200
    assert not shown(town)[0].active
    assert [entry[0] for entry in town.log()][-3:] == ["display.add", "display.change", "display.revoke"]
    assert address.split("#")[1] not in str(town.log())


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x", "playlist": "none"}, {"name": "x", "distance": "900"},
             {"name": "x", "districts": "D9"}, {"name": "x", "sound": "loud"}]
)  # fmt: skip
def test_a_display_that_makes_no_sense_is_refused(town: Town, body: dict[str, str]) -> None:
    assert town.deed("/displays", body).status_code == 400
    assert shown(town) == []


def test_the_period_of_a_source_is_changed_and_logged(town: Town) -> None:
    assert town.deed("/feeds/dispatch", {"every": "2", "unit": "hours"}).status_code == 200
    with reading(town.engine) as connection:
        assert {row.code: row.expected_seconds for row in feeds(connection)}["dispatch"] == 7200
    assert town.log()[-1] == ("feed_period", "Walker admin (a-admin)", "feed:dispatch", "3600 > 7200")
    for body in ({"every": "0", "unit": "hours"}, {"every": "2", "unit": "years"}, {"every": "x", "unit": "days"}):
        assert town.deed("/feeds/dispatch", body).status_code == 400
    assert town.deed("/feeds/nothing", {"every": "2", "unit": "hours"}).status_code == 404


def test_a_station_that_is_wound_up_leaves_the_board_and_keeps_its_rows(town: Town) -> None:
    body = {"active": "no", "officers": "12", "residents_10k": "3.4", "reason": "merged"}
    assert town.deed("/stations/S2", body).status_code == 200
    with reading(town.engine) as connection:
        assert [unit.code for unit in units(connection, command())] == ["S1"]
        row = {one.code: one for one in station_rows(connection, command())}["S2"]
        assert (row.active, row.officers, row.residents_10k) == (False, 12, 3.4)
        orders = t.dispatch_order.c.station_code
        assert len(connection.execute(select(orders).where(orders == "S2")).all()) == 25
    assert town.log()[-1][0] == "station_change" and "active True > False" in town.log()[-1][3]


@pytest.mark.parametrize(
    "changed", [{"officers": "1.5"}, {"officers": "-1"}, {"residents_10k": "x"}, {"district": "D9"}, {"name": ""},
                {"active": "maybe"}, {"reason": ""}]
)  # fmt: skip
def test_a_wrong_value_of_a_station_is_refused(town: Town, changed: dict[str, str]) -> None:
    assert town.deed("/stations/S1", {"reason": "because", **changed}).status_code == 400


def test_a_station_gets_another_mode_with_a_reason(town: Town) -> None:
    assert town.deed("/stations/S1/mode", {"mode": "full", "reason": "council"}).status_code == 200
    with reading(town.engine) as connection:
        assert {one.code: one.fusion_mode for one in station_rows(connection, command())}["S1"] == "full"
    assert town.deed("/stations/S9/mode", {"mode": "full", "reason": "council"}).status_code == 404


# the rules in force ----------------------------------------------------------------------------


def test_the_rules_in_force_are_told_apart_from_those_that_ship(town: Town) -> None:
    task = CATALOGUE.task(TASK)
    assert task is not None and task.thresholds is not None
    harder = dataclasses.replace(task, thresholds=dataclasses.replace(task.thresholds, blue=99.0))
    own = dataclasses.replace(task, code="T1-99")
    others = tuple(one for one in CATALOGUE.tasks if one.code != TASK)
    here = dataclasses.replace(CATALOGUE, version="own", tasks=(harder, own, *others))
    view = office.catalogue_view(town.engine, here, CATALOGUE, NOW, folder="/etc/board")
    lines = {line.code: line for line in view.lines}
    assert lines[TASK].differences == (("thresholds.blue", f"{task.thresholds.blue}", "99.0"),)
    assert {code: line.origin for code, line in lines.items() if line.origin != "ours"} == {
        TASK: "changed",
        "T1-99": "added",
    }
    assert view.version.startswith("own · ") and view.version.split(" · ")[1] != view.shipped_version.split(" · ")[1]
    look = Look(translator("en", strict=True), here)
    assert "Replaced by the deployment" in text_of(admin_catalogue_page.tree(view, look))


def test_every_page_has_its_words_in_both_languages_and_says_when_there_is_nothing(town: Town) -> None:
    for lang in ("zh", "en"):
        look = Look(translator(lang, strict=True), CATALOGUE)
        with boss_asks(town):
            assert text_of(admin_page.tree(administration.entry(), look))
            assert text_of(admin_targets_page.tree(administration.targets({}), look))
            assert text_of(admin_stations_page.tree(administration.stations({"code": "S1"}), look))
            assert text_of(admin_feeds_page.tree(administration.feeds(), look))
            assert text_of(admin_accounts_page.tree(administration.accounts({"login": "asker"}), look))
            assert text_of(admin_displays_page.tree(administration.displays({}), look))
            assert text_of(admin_catalogue_page.tree(administration.rules(), look))


@contextmanager
def boss_asks(town: Town) -> Iterator[None]:
    """A request of an administrator."""
    with reading(town.engine) as connection:
        there = connection.execute(select(t.account.c.login).where(t.account.c.login == "asker")).scalar()
    if there is None:
        town._asker = walk.sign_in(town.engine, Role.ADMIN, login="asker").token  # type: ignore[attr-defined]
    cookie = town.server.extensions[EXTENSION].access.cookie
    with town.server.test_request_context("/admin", headers={"Cookie": f"{cookie}={town._asker}"}):  # type: ignore[attr-defined]
        yield


def test_an_import_keeps_the_period_that_was_set_here(town: Town) -> None:
    assert town.deed("/feeds/dispatch", {"every": "2", "unit": "hours"}).status_code == 200
    marks = FeedMarks()
    rule = FeedRule(code="dispatch", at="assigned_at", expected_seconds=300)
    marks._widen(rule, NOW - timedelta(days=1), NOW)
    with writing(town.engine) as connection:
        marks.store(connection, "a file", NOW)
    with reading(town.engine) as connection:
        (row,) = (row for row in feeds(connection) if row.code == "dispatch")
    assert (row.expected_seconds, row.origin) == (7200, "a file")
