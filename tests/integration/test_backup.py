"""A backup restores to the same board, on the same kind of database and across; damage is refused."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from catalogue.loader import load_catalogue
from data_access import migrate
from data_access.audit import Deed, append, verify
from data_access.backup import check_backup, newest_backup, remove_old, restore, write_backup
from data_access.backup.lines import comparer, line_of, reader
from data_access.engine import open_engine, writing
from data_access.refresh import refresh
from data_access.state import current_version
from data_access.tables import audit_entry, district, incident, incident_pack, metadata, station, worker_lock
from domain.access import command
from domain.errors import Refused
from services.board import board
from tests import factories as make
from tests.conftest import DIALECTS
from tests.support import everything, postgres

NOW = everything.AS_OF
ZONE = "Asia/Shanghai"
BY = "console:somebody"
ODD = "tab\tnew\nline\\back\rslash \\N \u6c49\u5b57 \U0001f600 'quote' \"double\""


@dataclass(frozen=True)
class Saved:
    """A filled database and its backup."""

    engine: Engine
    file: Path


@pytest.fixture(scope="module", params=DIALECTS)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """Every table with rows, thousands of incidents, and a name that has every odd character; do not write to it."""
    folder = tmp_path_factory.mktemp("saved")
    if request.param == "sqlite":
        yield _saved(f"sqlite:///{folder / 'board.sqlite3'}", folder)
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        done = _saved(url, folder)
        yield done
        done.engine.dispose()


def _saved(url: str, folder: Path) -> Saved:
    engine = open_engine(url)
    migrate.upgrade(engine)
    everything.fill(engine)
    with engine.begin() as connection:
        make.make_station(connection, "ODD", name=ODD)
        for minute in range(600):
            make.make_incident(connection, "S1", NOW - timedelta(minutes=minute), lng=120 + minute / 7000, address=ODD)
        connection.execute(worker_lock.insert().values(name="worker", holder="gone", until=NOW))
    refresh(engine, load_catalogue(), NOW)
    write_backup(engine, folder / "board.tar", now=NOW, timezone=ZONE, program="test")
    return Saved(engine, folder / "board.tar")


def _count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)  # type: ignore[arg-type]


def _board(engine: Engine) -> object:
    return board(engine, load_catalogue(), command(), NOW)


def test_the_restored_board_is_the_original_board(saved: Saved, blank: Engine) -> None:
    done = restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY)
    assert done.rows > 600
    assert _board(blank) == _board(saved.engine)
    assert list(migrate.check(blank)) == []
    for table in metadata.sorted_tables:
        before_it = 0 if table is worker_lock else _count(saved.engine, table)
        assert _count(blank, table) == before_it + (table is audit_entry), table.name
    with blank.connect() as connection, saved.engine.connect() as before:
        assert connection.execute(select(station.c.name).where(station.c.name == ODD)).scalar() == ODD
        packs = select(incident_pack).order_by(incident_pack.c.day)
        assert connection.execute(packs).all() == before.execute(packs).all() != []
        assert current_version(connection) > current_version(before)


def test_a_second_backup_of_the_restored_database_holds_the_same_rows(saved: Saved, blank: Engine) -> None:
    restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY)
    again = saved.file.with_name(f"again-{blank.dialect.name}.tar")
    second = write_backup(blank, again, now=NOW, timezone=ZONE, program="test")
    first = check_backup(saved.file)
    rows = {entry.name: entry.rows for entry in first.tables}
    rows["audit_entry"] += 1  # the restore itself
    assert {entry.name: entry.rows for entry in second.tables} == rows
    if blank.dialect.name == saved.engine.dialect.name:
        changed = {entry.name for entry in second.tables} - {"data_version", "audit_entry"}
        digests = [{e.name: e.sha256 for e in one.tables if e.name in changed} for one in (first, second)]
        assert digests[0] == digests[1]


def test_a_database_with_rows_is_replaced_only_when_asked(saved: Saved, blank: Engine) -> None:
    migrate.upgrade(blank)
    with blank.begin() as connection:
        values = {"code": "OTHER", "name": "Another district", "updated_at": NOW}
        connection.execute(district.insert().values(**values))
    with pytest.raises(Refused) as refused:
        restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY)
    assert refused.value.key == "backup.refused.not_empty"
    assert _count(blank, district) == 1
    restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY, replace=True)
    assert _board(blank) == _board(saved.engine)


def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    saved: Saved, blank: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(blank)
    with blank.begin() as connection:
        connection.execute(district.insert().values(code="OLD", name="Old", updated_at=NOW))
    monkeypatch.setattr("data_access.backup.run.comparer", lambda _: lambda one, other: b"dispatch" not in one)
    with pytest.raises(Refused) as refused:
        restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY, replace=True)
    assert refused.value.key == "backup.refused.differs"
    assert (_count(blank, district), _count(blank, station)) == (1, 0)


def _log(engine: Engine) -> list[tuple[str, str, str, str]]:
    """Every entry as actor, action, subject, detail; the chain is whole."""
    entry = audit_entry.c
    query = select(entry.actor, entry.action, entry.subject, entry.detail).order_by(entry.sequence)
    with engine.connect() as connection:
        assert verify(connection).why == ""
        return [tuple(row) for row in connection.execute(query)]


def test_a_restore_is_the_next_entry_of_the_restored_log(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank)
    with writing(blank) as connection:
        for n in range(3):
            append(connection, Deed("wang", "export", f"/download/{n}"), NOW)
    kept, file = _log(blank), tmp_path / "board-1.tar"
    manifest = write_backup(blank, file, now=NOW, timezone=ZONE, program="test")
    with writing(blank) as connection:
        append(connection, Deed("li", "export", "/download/after"), NOW)
        (last,) = connection.execute(select(audit_entry.c.entry_hash).where(audit_entry.c.sequence == 4)).one()
    restore(blank, file, now=NOW, timezone=ZONE, by=BY, replace=True)
    *before, new = _log(blank)
    assert before == kept
    assert new[:3] == (BY, "restore", "backup:board-1.tar")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in new[3]
    assert f"made {manifest.made_at}" in new[3] and new[3].endswith(f"replaced a log that ended with 4 {last}")
    with writing(blank) as connection:
        append(connection, Deed("wang", "export", "/download/later"), NOW)
    assert len(_log(blank)) == 5


def test_a_restore_into_an_empty_database_is_noted_too(saved: Saved, blank: Engine) -> None:
    restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY)
    with blank.connect() as connection:
        found = connection.execute(select(audit_entry).where(audit_entry.c.action == "restore")).mappings().one()
    assert (found["actor"], found["at"], found["subject"]) == (BY, NOW, "backup:board.tar")
    assert "replaced" not in found["detail"]


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_found_before_the_database_is_touched(saved: Saved, tmp_path: Path, where: float) -> None:
    raw = bytearray(saved.file.read_bytes())
    with tarfile.open(saved.file) as archive:
        big = sorted((one for one in archive if one.size > 2000), key=lambda one: one.offset_data)
        member = big[int(where * len(big))]
    raw[member.offset_data + member.size // 2] ^= 0x10
    broken = tmp_path / "broken.tar"
    broken.write_bytes(raw)
    with pytest.raises(Refused) as refused:
        check_backup(broken)
    assert refused.value.key in {"backup.refused.damaged", "backup.refused.no_backup"}


@pytest.mark.parametrize("kept", [0, 100, 0.3, 0.999])
def test_a_file_cut_short_is_no_backup(saved: Saved, tmp_path: Path, kept: float) -> None:
    raw = saved.file.read_bytes()
    cut = tmp_path / "cut.tar"
    with tarfile.open(saved.file) as archive:
        start = archive.getmember("manifest.json").offset
    cut.write_bytes(raw[: int(min(kept * start, start)) if kept < 1 else int(kept)])
    with pytest.raises(Refused, match="no_backup"):
        check_backup(cut)


def test_another_structure_or_zone_is_refused_by_name(
    saved: Saved, blank: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as refused:
        restore(blank, saved.file, now=NOW, timezone="Europe/Rome", by=BY)
    assert refused.value.params == {"there": ZONE, "here": "Europe/Rome"}
    monkeypatch.setattr(migrate, "newest", lambda: "9999")
    with pytest.raises(Refused) as refused:
        restore(blank, saved.file, now=NOW, timezone=ZONE, by=BY)
    assert refused.value.params["newest"] == "9999"


def test_a_database_behind_the_program_is_not_backed_up(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank, "0002")
    with pytest.raises(Refused, match="structure_behind"):
        write_backup(blank, tmp_path / "x.tar", now=NOW, timezone=ZONE, program="test")
    assert list(tmp_path.glob("*.tar*")) == []


def test_a_backup_sees_one_moment_while_others_write(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank)
    other = open_engine(blank.url.render_as_string(hide_password=False))

    def disturb(_: float) -> None:
        with other.begin() as connection:
            connection.execute(
                audit_entry.insert().values(entry_id=f"{_count(other, audit_entry):05d}", at=NOW, actor="a", action="b")
            )
            connection.execute(station.insert().values(code=f"S{_count(other, station):05d}", name="s", updated_at=NOW))

    manifest = write_backup(blank, tmp_path / "x.tar", now=NOW, timezone=ZONE, program="test", progress=disturb)
    other.dispose()
    assert {entry.name: entry.rows for entry in manifest.tables if entry.name in {"station", "audit_entry"}} == {
        "station": 0,
        "audit_entry": 0,
    }
    assert _count(blank, station) > 5


def test_only_the_owner_reads_a_backup_and_none_is_left_half_written(saved: Saved, tmp_path: Path) -> None:
    assert saved.file.stat().st_mode & 0o077 == 0

    def fail(_: float) -> None:
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_backup(saved.engine, tmp_path / "x.tar", now=NOW, timezone=ZONE, program="test", progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_old_backups_go_the_newest_stay(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"board-2024050{day}-010000.tar").touch()
    (tmp_path / "notes.tar").touch()
    assert [path.name for path in remove_old(tmp_path, 2)] == [f"board-2024050{day}-010000.tar" for day in (3, 2, 1)]
    assert newest_backup(tmp_path) == tmp_path / "board-20240505-010000.tar"
    assert (tmp_path / "notes.tar").exists()
    assert remove_old(tmp_path, 0) == [tmp_path / "board-20240504-010000.tar"]


def test_a_line_comes_back_as_the_row_it_was() -> None:
    columns = [incident.c.incident_id, incident.c.deaths, incident.c.lng, incident_pack.c.facts, incident.c.address]
    row = (ODD, 3, 120.15524318, b"\x00\x01\\\n", None)
    assert reader(columns)(line_of(row)) == row


def test_decimals_may_differ_by_rounding_and_nothing_else() -> None:
    same = comparer([incident.c.incident_id, incident.c.loss_yuan, incident.c.lng])
    assert same(b"A\t1.5\t120.1", b"A\t1.5000\t120.10")
    assert same(b"A\t1.50004\t1", b"A\t1.5000\t1")
    assert not same(b"A\t1.5002\t1", b"A\t1.5000\t1")
    assert not same(b"A\t1.5\t1.00001", b"A\t1.5\t1")
    assert not same(b"A\t\\N\t1", b"A\t0\t1")
    assert not same(b"A\t1", b"A\t1\t1")


def test_the_command_line_backs_up_checks_and_restores(
    blank_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from manage import main

    monkeypatch.chdir(tmp_path)
    given = {"DATABASE_URL": blank_url, "BOARD_LANG": "en", "BOARD_BACKUP_DIR": str(tmp_path / "kept")}

    def run(*words: str, **more: str) -> tuple[int, str]:
        told = CliRunner().invoke(main, list(words), env={**given, **more})
        return told.exit_code, told.output

    assert run("db", "upgrade")[0] == 0
    code, said = run("backup", "--keep", "3")
    assert code == 0, said
    (file,) = (tmp_path / "kept").glob("board-*.tar")
    assert run("backup", str(file)) == (1, f"Error: {file} exists already; a backup overwrites nothing\n")
    code, said = run("restore", "--check", str(file))
    assert (code, "is whole" in said) == (0, True)
    assert run("restore", str(file))[0] == 0
    code, said = run("restore", str(file))
    assert (code, "--replace" in said) == (1, True), "the data version of the first restore is a row"
    code, said = run("restore", "--replace", str(file))
    assert (code, "compared row by row" in said) == (0, True)
    code, said = run("audit", "verify")
    assert (code, "1 entries" in said) == (0, True), said
    assert run("backup", BOARD_BACKUP_DIR="")[0] == 1


def test_the_text_of_a_trailing_backslash_survives(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank)
    with blank.begin() as connection:
        for code, name in (("A", "ends with \\"), ("B", "\\."), ("C", ""), ("D", "\\N")):
            connection.execute(station.insert().values(code=code, name=name, updated_at=NOW))
    write_backup(blank, tmp_path / "x.tar", now=NOW, timezone=ZONE, program="test")
    restore(blank, tmp_path / "x.tar", now=NOW, timezone=ZONE, by=BY, replace=True)
    with blank.connect() as connection:
        found = connection.execute(text("SELECT name FROM station ORDER BY code")).scalars().all()
    assert found == ["ends with \\", "\\.", "", "\\N"]
