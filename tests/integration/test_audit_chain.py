"""The audit log is a chain in the order of writing; whatever is done to it, `verify` names the place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text

from data_access import migrate
from data_access import tables as t
from data_access.audit import Deed, append, holds_hash, prune, verify
from data_access.engine import reading, writing
from data_access.readers.audit import AuditQuery, audit_entries
from domain.access import Role, Scope, auditor
from domain.errors import NotFound

NOW = datetime(2024, 5, 7, 13)


def write(engine: Engine, n: int, at: datetime = NOW) -> None:
    with writing(engine) as connection:
        append(connection, Deed(f"person {n}", "export", f"/download/{n}", "a|b"), at)


@pytest.fixture
def log(engine: Engine) -> Engine:
    """Six entries whose times do not follow the order of writing."""
    for n in range(6):
        write(engine, n, NOW - timedelta(days=n))
    return engine


def state(engine: Engine) -> tuple[str, int | None, int]:
    with reading(engine) as connection:
        found = verify(connection)
    return found.why, found.sequence, found.entries


def test_an_empty_and_a_whole_log_are_whole(engine: Engine) -> None:
    assert state(engine) == ("", None, 0)
    for n in range(4):
        write(engine, n, NOW - timedelta(days=n))
    assert state(engine) == ("", None, 4)


@pytest.mark.parametrize("column", ["actor", "action", "subject", "detail"])
def test_a_changed_entry_is_named(log: Engine, column: str) -> None:
    with writing(log) as connection:
        connection.execute(t.audit_entry.update().where(t.audit_entry.c.sequence == 3).values(**{column: "other"}))
    assert state(log)[:2] == ("content", 3)


def test_a_changed_time_is_named(log: Engine) -> None:
    with writing(log) as connection:
        moved = t.audit_entry.update().where(t.audit_entry.c.sequence == 2)
        connection.execute(moved.values(at=NOW + timedelta(seconds=1)))
    assert state(log)[:2] == ("content", 2)


def test_an_entry_sealed_anew_breaks_the_next_one(log: Engine) -> None:
    with writing(log) as connection:
        changed = t.audit_entry.update().where(t.audit_entry.c.sequence == 3)
        connection.execute(changed.values(detail="x", entry_hash="0" * 64))
    assert state(log)[0] == "content"


@pytest.mark.parametrize(("gone", "why", "place"), [(3, "gap", 4), (1, "anchor", 2), (6, "tail", 6)])
def test_a_missing_entry_is_named(log: Engine, gone: int, why: str, place: int) -> None:
    with writing(log) as connection:
        connection.execute(t.audit_entry.delete().where(t.audit_entry.c.sequence == gone))
    assert state(log)[:2] == (why, place)


def test_two_entries_that_change_places_are_named(log: Engine) -> None:
    with writing(log) as connection:
        for old, other in ((3, 99), (4, 3), (99, 4)):
            moved = t.audit_entry.update().where(t.audit_entry.c.sequence == old)
            connection.execute(moved.values(sequence=other))
    assert state(log)[:2] == ("previous", 3)


def test_an_entry_that_the_program_did_not_write_is_named(log: Engine) -> None:
    with writing(log) as connection:
        connection.execute(t.audit_entry.insert().values(entry_id="mine", at=NOW, actor="x", action="y"))
    assert state(log)[0] == "unnumbered"


def test_text_that_moves_from_one_field_to_the_next_is_another_entry(log: Engine) -> None:
    with writing(log) as connection:
        entry = t.audit_entry.update().where(t.audit_entry.c.sequence == 2)
        connection.execute(entry.values(actor="person 1export", action=""))
    assert state(log)[0] == "content"


def test_writers_at_once_make_one_chain(engine: Engine) -> None:
    write(engine, 0)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: write(engine, n), range(30)))
    assert state(engine) == ("", None, 31)


def test_what_is_rolled_back_leaves_no_gap(log: Engine) -> None:
    with pytest.raises(RuntimeError), writing(log) as connection:
        append(connection, Deed("x", "y", "z"), NOW)
        raise RuntimeError
    write(log, 7)
    assert state(log) == ("", None, 7)


def test_pruning_keeps_the_chain_whole_and_says_what_it_removed(engine: Engine) -> None:
    for days in (400, 300, 200, 100, 10):
        write(engine, days, NOW - timedelta(days=days))
    for keep, left in ((250, 4), (183, 4), (50, 4), (50, 4)):
        with writing(engine) as connection:
            prune(connection, NOW - timedelta(days=keep), "console:root", NOW)
        assert state(engine)[0] == "", keep
        with reading(engine) as connection:
            count = connection.execute(select(func.count()).select_from(t.audit_entry)).scalar()
        assert count == left, keep
    with writing(engine) as connection:
        connection.execute(t.audit_entry.delete().where(t.audit_entry.c.action == "audit_prune"))
    assert state(engine)[0] in ("anchor", "gap")


def test_an_old_entry_behind_a_young_one_stays(engine: Engine) -> None:
    write(engine, 1, NOW)
    write(engine, 2, NOW - timedelta(days=900))
    with writing(engine) as connection:
        assert prune(connection, NOW - timedelta(days=183), "c", NOW) == 0
    assert state(engine) == ("", None, 2)


def test_a_hash_noted_elsewhere_proves_the_past(log: Engine) -> None:
    with reading(log) as connection:
        noted = verify(connection).last_hash
    write(log, 9)
    with reading(log) as connection:
        assert holds_hash(connection, noted) and not holds_hash(connection, "0" * 64)


def test_the_migration_numbers_and_seals_what_was_there(blank: Engine) -> None:
    migrate.upgrade(blank, "0005")
    with writing(blank) as connection:
        for n in (2, 1, 3):
            row = {"k": f"{n:020d}-x", "at": f"2024-05-0{n} 08:00:00", "d": f"old {n}"}
            connection.execute(
                text("INSERT INTO audit_entry (entry_id, at, actor, action, detail) VALUES (:k, :at, 'a', 'lock', :d)"),
                row,
            )
    migrate.upgrade(blank)
    assert state(blank) == ("", None, 3)
    write(blank, 4)
    assert state(blank) == ("", None, 4)


def test_only_the_auditor_reads_it(log: Engine) -> None:
    with reading(log) as connection:
        for role in Role:
            if role is not Role.AUDITOR:
                with pytest.raises(NotFound):
                    audit_entries(connection, Scope(role), AuditQuery())
        entries, total = audit_entries(connection, auditor(), AuditQuery(size=4))
    assert total == 6 and [entry.sequence for entry in entries] == [6, 5, 4, 3]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"actor": "PERSON 3"}, 1),
        ({"actor": "%"}, 0),
        ({"actor": "_erson"}, 0),
        ({"subject": "/download/"}, 6),
        ({"subject": "' OR '1'='1"}, 0),
        ({"action": "export"}, 6),
        ({"action": "lock"}, 0),
        ({"first": date(2024, 5, 6)}, 2),
        ({"last": date(2024, 5, 3)}, 2),
        ({"first": date(2024, 5, 4), "last": date(2024, 5, 5)}, 2),
    ],
)
def test_it_is_searched_by_person_action_subject_and_days(log: Engine, asked: dict[str, object], found: int) -> None:
    with reading(log) as connection:
        assert audit_entries(connection, auditor(), AuditQuery(**asked))[1] == found  # type: ignore[arg-type]


# only the newest -------------------------------------------------------------------------------


@pytest.mark.parametrize(("newest", "looked", "older"), [(1, 1, 5), (4, 4, 2), (6, 6, 0), (100, 6, 0)])
def test_only_the_newest_are_looked_at_and_the_rest_is_counted(
    log: Engine, newest: int, looked: int, older: int
) -> None:
    with reading(log) as connection:
        found = verify(connection, newest=newest)
        whole = verify(connection)
    assert (found.why, found.entries, found.older) == ("", looked, older)
    assert found.last_hash == whole.last_hash


def test_of_the_newest_a_changed_one_is_named_and_of_the_older_none(log: Engine) -> None:
    with writing(log) as connection:
        connection.execute(t.audit_entry.update().where(t.audit_entry.c.sequence == 4).values(actor="other"))
    with reading(log) as connection:
        seen, unseen = verify(connection, newest=3), verify(connection, newest=2)
    assert (seen.why, seen.sequence) == ("content", 4)
    assert unseen.why == ""


@pytest.mark.parametrize(("gone", "why", "place"), [(3, "gap", 4), (6, "tail", 6)])
def test_of_the_newest_a_missing_one_is_named(log: Engine, gone: int, why: str, place: int) -> None:
    with writing(log) as connection:
        connection.execute(t.audit_entry.delete().where(t.audit_entry.c.sequence == gone))
    with reading(log) as connection:
        found = verify(connection, newest=3)
    assert (found.why, found.sequence) == (why, place)


@pytest.mark.parametrize("newest", [1, 2, 4, 5, 100])
def test_the_newest_of_a_pruned_log_are_whole(engine: Engine, newest: int) -> None:
    for n in range(6):
        write(engine, n, NOW - timedelta(days=5 - n))
    with writing(engine) as connection:
        assert prune(connection, NOW - timedelta(days=2, hours=1), "somebody", NOW) == 3
    with reading(engine) as connection:
        found = verify(connection, newest=newest)
    assert (found.why, found.entries + found.older, found.entries) == ("", 4, min(newest, 4))
