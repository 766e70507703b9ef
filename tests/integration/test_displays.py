"""Tokens of wall displays on both databases: kept as digests, revoked in time, and what holds without a database."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError

from data_access import displays as kept
from data_access.displays import add_display, change_display, displays, revoke_display, write_seen
from data_access.engine import writing
from data_access.tables import audit_entry, display_token
from domain import tokens
from domain.display import Display
from domain.errors import BadRequest, DataUnavailable, NotFound, Refused, TokenRefused
from tests import factories as make
from web.displays import WRITE_EVERY, Register
from web.held import LOOK_EVERY, LOOK_FOR_UNKNOWN, TRUSTED_FOR

AT = datetime(2024, 5, 7, 13)
HALL = Display("hall", distance=8)


def add(engine: Engine, display: Display = HALL) -> str:
    return add_display(engine, display, actor="wang", at=AT)


def rows(engine: Engine) -> tuple[kept.DisplayRow, ...]:
    with engine.connect() as connection:
        return displays(connection)


def entries(engine: Engine) -> list[tuple[str, str, str, str]]:
    columns = (audit_entry.c.actor, audit_entry.c.action, audit_entry.c.subject, audit_entry.c.detail)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(audit_entry.c.entry_id))]


# what is kept -----------------------------------------------------------------------------------


def test_a_token_has_256_random_bits_and_only_its_digest_is_kept(engine: Engine) -> None:
    token = add(engine)
    secret = token.split(".")[1]
    assert len(secret) == 43  # 32 bytes in base64
    with engine.connect() as connection:
        stored = connection.execute(select(display_token)).one()
    assert secret not in repr(stored)
    assert secret not in repr(entries(engine))
    assert stored.token_hash == tokens.digest(token)
    assert token != add(engine, Display("other"))


def test_a_display_comes_back_as_it_was_added(engine: Engine) -> None:
    make.make_station(engine, "S1", district_code="D1")
    display = Display("大厅", "hall", ("D1",), "S1", 8.5, 1.2, "en", True)
    add(engine, display)
    (row,) = rows(engine)
    assert (row.display, row.name, row.active, row.created_at, row.last_seen_at) == (display, "大厅", True, AT, None)


def test_every_deed_is_in_the_audit_log_with_old_and_new(engine: Engine) -> None:
    add(engine)
    change_display(engine, "hall", {"distance": 12.0, "sound": True}, actor="li", at=AT)
    revoke_display(engine, "hall", actor="zhao", at=AT)
    told = entries(engine)
    assert [(actor, action, subject) for actor, action, subject, _ in told] == [
        ("wang", "display.add", "display:hall"),
        ("li", "display.change", "display:hall"),
        ("zhao", "display.revoke", "display:hall"),
    ]
    assert '"distance":8' in told[1][3]
    assert '"distance":12.0' in told[1][3].split(" -> ")[1]


def test_a_name_is_taken_until_it_is_revoked(engine: Engine) -> None:
    first = add(engine)
    with pytest.raises(Refused):
        add(engine)
    revoke_display(engine, "hall", actor="a", at=AT)
    second = add(engine)
    assert [(row.active, tokens.is_token_of(row, first), tokens.is_token_of(row, second)) for row in rows(engine)] in (
        [(False, True, False), (True, False, True)],
        [(True, False, True), (False, True, False)],
    )


def test_two_who_add_the_same_name_at_once_do_not_both_succeed(engine: Engine) -> None:
    outcomes: list[str] = []

    def one() -> None:
        try:
            outcomes.append(add(engine)[:0] or "added")
        except Refused:
            outcomes.append("refused")

    add(engine, Display("first"))  # the version's row exists
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "refused", "refused", "refused"]


@pytest.mark.parametrize("units", [{"districts": ("D9",)}, {"station": "S9"}, {"districts": ("D1", "D9")}])
def test_a_unit_that_does_not_exist_is_refused_and_nothing_is_written(engine: Engine, units: dict[str, Any]) -> None:
    make.make_station(engine, "S1", district_code="D1")
    with pytest.raises(BadRequest):
        add(engine, Display("hall", **units))
    assert (rows(engine), entries(engine)) == ((), [])
    add(engine)
    with pytest.raises(BadRequest):
        change_display(engine, "hall", units, actor="a", at=AT)
    assert rows(engine)[0].display == HALL


@pytest.mark.parametrize("deed", [revoke_display, lambda e, n, **k: change_display(e, n, {"sound": True}, **k)])
def test_what_is_not_in_force_can_neither_be_changed_nor_revoked(engine: Engine, deed: Callable[..., Any]) -> None:
    with pytest.raises(NotFound):
        deed(engine, "nowhere", actor="a", at=AT)
    add(engine)
    revoke_display(engine, "hall", actor="a", at=AT)
    with pytest.raises(NotFound):
        deed(engine, "hall", actor="a", at=AT)


def test_more_districts_than_the_column_holds_are_refused(engine: Engine) -> None:
    codes = tuple(f"D{n:02d}{'0' * 40}" for n in range(30))
    for number, code in enumerate(codes):
        make.make_station(engine, f"S{number}", district_code=code)
    with pytest.raises(BadRequest):
        add(engine, Display("hall", districts=codes))
    assert rows(engine) == ()


def test_last_seen_is_written_at_most_once_a_minute(engine: Engine) -> None:
    add(engine)
    key = rows(engine)[0].token_id
    for seconds, expected in ((0, 0), (59, 0), (60, 60), (100, 60), (121, 121)):
        write_seen(engine, [key, "nobody"], AT + timedelta(seconds=seconds))
        assert rows(engine)[0].last_seen_at == AT + timedelta(seconds=expected)


# the register of a process ----------------------------------------------------------------------


@dataclass
class Process:
    """One web process with clocks that the test moves, and a database that it can take away."""

    engine: Engine
    seconds: float = 1000.0
    queries: int = 0
    gone: bool = False
    works: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._on_query)
        self.register = Register(
            self.engine,
            self.engine,
            lambda: AT + timedelta(seconds=int(self.seconds - 1000)),
            clock=lambda: self.seconds,
            start=self.works.append,
        )

    def _on_query(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self.gone:
            raise OperationalError(statement, {}, Exception("the database is gone"))
        self.queries += statement.lstrip().startswith("SELECT")

    def verdict(self, token: str) -> str:
        try:
            return self.register.find(token).name
        except TokenRefused as refused:
            return refused.code
        except DataUnavailable:
            return "unavailable"

    def write(self) -> None:
        while self.works:
            self.works.pop(0)()

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._on_query)


@pytest.fixture
def process(engine: Engine, request: pytest.FixtureRequest) -> Process:
    found = Process(engine)
    request.addfinalizer(found.close)
    return found


def test_five_hundred_displays_cost_one_look_every_few_seconds(process: Process) -> None:
    with writing(process.engine) as connection:
        for n in range(500):
            values = {"token_hash": tokens.digest(f"t{n}.x"), "name": f"n{n}", "layout": "{}", "created_at": AT}
            connection.execute(display_token.insert().values(token_id=f"t{n}", is_active=1, **values))
    process.queries = 0
    assert {process.verdict(f"t{n}.x") for n in range(500)} == {f"n{n}" for n in range(500)}
    assert process.queries == 1
    process.seconds += LOOK_EVERY - 0.1
    process.verdict("t0.x")
    assert process.queries == 1
    process.seconds += 0.2
    process.verdict("t0.x")
    assert process.queries == 2


def test_a_flood_of_wrong_tokens_costs_at_most_a_look_a_second(process: Process) -> None:
    token = add(process.engine)
    process.verdict(token)
    process.queries = 0
    for _ in range(200):
        process.seconds += 0.01
        assert process.verdict("0123456789ab.guess") == "unknown"
    assert process.queries <= 2 / LOOK_FOR_UNKNOWN + 1


def test_a_revoked_token_is_refused_within_five_seconds_by_every_process(engine: Engine) -> None:
    token = add(engine)
    processes = [Process(engine, seconds=1000 + offset) for offset in (0.0, 1.3, 2.9)]
    assert [one.verdict(token) for one in processes] == ["hall"] * 3
    revoke_display(engine, "hall", actor="a", at=AT)
    for one in processes:
        one.seconds += 5
        assert one.verdict(token) == "revoked"
        one.close()


def test_a_refusal_for_revocation_is_told_in_the_display_s_language(process: Process) -> None:
    token = add(process.engine, Display("hall", lang="en"))
    revoke_display(process.engine, "hall", actor="a", at=AT)
    with pytest.raises(TokenRefused) as refused:
        process.register.find(token)
    assert refused.value.lang == "en"


def test_a_token_that_was_just_added_is_known_after_a_second(process: Process) -> None:
    process.verdict("x.y")
    token = add(process.engine)
    process.seconds += LOOK_FOR_UNKNOWN
    assert process.verdict(token) == "hall"


def test_a_change_is_in_force_after_the_next_look(process: Process) -> None:
    token = add(process.engine)
    process.verdict(token)
    change_display(process.engine, "hall", {"distance": 20.0}, actor="a", at=AT)
    process.seconds += LOOK_EVERY
    assert process.register.find(token).display == Display("hall", distance=20.0)


GARBLED = [
    "",
    ".",
    "x",
    "..",
    "a.b",
    "令牌.令牌",
    "\x00",
    "a" * 100_000,
    "{id}",
    "{id}.",
    "{id}.{other}",
    "{token}x",
    "{upper}",
]


@pytest.mark.parametrize("pattern", GARBLED)
def test_wrong_foreign_and_garbled_tokens_are_unknown(process: Process, pattern: str) -> None:
    token, other = add(process.engine), add(process.engine, Display("other"))
    key = token.split(".")[0]
    wrong = pattern.format(id=key, other=other.split(".")[1], token=token, upper=token.upper())
    assert process.verdict(token) == "hall"
    assert process.verdict(wrong) == "unknown"


def test_tokens_are_compared_in_constant_time(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for a token whose identifier does not exist, so that identifiers cannot be found by timing."""
    token = add(process.engine)
    compared: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def spy(a: str, b: str) -> bool:
        compared.append((a, b))
        return real(a, b)

    monkeypatch.setattr(tokens.hmac, "compare_digest", spy)
    process.verdict(token)
    process.verdict("nobody.guess")
    assert compared[0] == (tokens.digest(token), tokens.digest(token))
    assert len({len(side) for pair in compared for side in pair}) == 1
    assert compared[-1][1] == tokens.digest("nobody.guess")


@pytest.mark.parametrize(
    "layout", [None, "", "not json", "[]", '{"distance": 0}', '{"districts": "D1"}', '{"lang": [1]}']
)
def test_a_layout_that_cannot_be_read_lets_nobody_in(process: Process, layout: str | None) -> None:
    """It must not become a display of everything."""
    token, good = add(process.engine), add(process.engine, Display("other"))
    with writing(process.engine) as connection:
        connection.execute(display_token.update().where(display_token.c.name == "hall").values(layout=layout))
    assert process.verdict(token) == "unknown"
    assert process.verdict(good) == "other"
    with pytest.raises(Refused):
        change_display(process.engine, "hall", {"sound": True}, actor="a", at=AT)


# without a database -----------------------------------------------------------------------------


def test_while_the_database_is_gone_the_last_verdicts_hold(process: Process) -> None:
    token, revoked = add(process.engine), add(process.engine, Display("old"))
    revoke_display(process.engine, "old", actor="a", at=AT)
    assert (process.verdict(token), process.verdict(revoked)) == ("hall", "revoked")
    process.gone = True
    for seconds in (1, 10, 3600, 86400):
        process.seconds += seconds
        assert (process.verdict(token), process.verdict(revoked)) == ("hall", "revoked")
    process.gone = False
    process.seconds += LOOK_EVERY
    assert (process.verdict(token), process.verdict(revoked)) == ("hall", "revoked")
    assert process.register.held.healthy()


def test_an_unknown_token_is_not_called_wrong_while_nobody_can_say(process: Process) -> None:
    token = add(process.engine)
    process.verdict(token)
    process.gone = True
    process.seconds += LOOK_EVERY
    assert process.verdict("0123456789ab.guess") == "unavailable"
    process.gone = False
    process.seconds += LOOK_EVERY
    assert process.verdict("0123456789ab.guess") == "unknown"


def test_a_process_that_starts_without_a_database_says_so_and_heals(process: Process) -> None:
    token = add(process.engine)
    process.gone = True
    assert process.verdict(token) == "unavailable"
    process.gone = False
    process.seconds += LOOK_EVERY
    assert process.verdict(token) == "hall"


def test_while_one_thread_waits_for_a_slow_database_the_others_answer(process: Process) -> None:
    token = add(process.engine)
    process.verdict(token)
    process.seconds += TRUSTED_FOR + 1
    with process.register.held.looking:  # another thread looks and gets no answer
        assert process.verdict(token) == "hall"
        assert process.verdict("0123456789ab.guess") == "unavailable"
        assert not process.register.held.healthy()


# last seen --------------------------------------------------------------------------------------


def test_asking_is_noted_once_a_minute_for_all_displays_together(process: Process) -> None:
    for name in ("a", "b"):
        add(process.engine, Display(name))
    keys = [row.token_id for row in rows(process.engine)]
    for _ in range(100):
        for key in keys:
            process.register.seen(key)
        process.seconds += 1
    assert len(process.works) == 2
    process.write()
    assert {row.last_seen_at is not None for row in rows(process.engine)} == {True}


def test_a_database_that_takes_nothing_harms_no_answer(process: Process, caplog: pytest.LogCaptureFixture) -> None:
    token = add(process.engine)
    key = process.register.find(token).token_id
    process.gone = True
    process.register.seen(key)
    process.write()
    assert "not noted" in caplog.text
    assert process.verdict(token) == "hall"
    process.gone = False
    process.seconds += WRITE_EVERY
    process.register.seen(key)
    process.write()
    assert rows(process.engine)[0].last_seen_at is not None


def test_the_age_of_the_last_question_is_the_youngest_that_is_known(process: Process) -> None:
    token = add(process.engine)
    row = process.register.find(token)
    assert process.register.seconds_since(row) is None
    process.register.seen(row.token_id)
    process.seconds += 40
    assert process.register.seconds_since(row) == 40
    write_seen(process.engine, [row.token_id], AT + timedelta(seconds=30))  # by another process
    process.seconds += LOOK_EVERY
    assert process.register.seconds_since(process.register.find(token)) == 13


def test_a_clock_that_was_set_back_is_not_taken_for_a_display_that_asks(process: Process) -> None:
    token = add(process.engine)
    key = process.register.find(token).token_id
    write_seen(process.engine, [key], AT + timedelta(hours=1))
    process.seconds += LOOK_EVERY
    assert process.register.seconds_since(process.register.find(token)) is None
