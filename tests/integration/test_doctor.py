"""The doctor finds what is wrong, says it in both languages with what to do, and ends with the right status."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from commands import doctor_machine as machine
from commands.doctor import findings
from commands.doctor_findings import Finding, Grade
from commands.tools import Tools
from data_access import migrate
from data_access.tables import data_version
from manage import main
from services.worker import HEARTBEAT
from settings import Settings

GOOD_SECRET = "9f1c6b2e7d3a4085b6e1f0c2d9a7583e4b6d1f2a7c9e0b35"
PRODUCTION = {"mode": "production", "secret_key": GOOD_SECRET, "open_access": True}


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def tools(engine: Engine, lang: str = "en", **changes: object) -> Tools:
    """Tools on `engine` with changed settings."""
    url = engine.url.render_as_string(hide_password=False)
    return Tools(Settings(database_url=url, lang=lang, _env_file=None, **changes))  # type: ignore[call-arg, arg-type]


def found(engine: Engine, lang: str = "en", **changes: object) -> dict[str, Finding]:
    return dict(findings(tools(engine, lang, **changes)))


def mark(engine: Engine, name: str, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(data_version.insert().values(name=name, version=1, changed_at=at))


def test_a_sound_installation_has_no_fault(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank)
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    (kept / "board-20240507-010000.tar").touch(0o600)
    here = tools(blank, **PRODUCTION, backup_dir=kept)
    mark(blank, HEARTBEAT, here.now())
    if blank.dialect.name == "sqlite":
        for path in tmp_path.glob("blank.sqlite3*"):
            path.chmod(0o600)
    told = dict(findings(here))
    faults = {name: one for name, one in told.items() if one.grade is Grade.FAULT and name != "disk"}
    assert faults == {}
    assert len(told) >= 16


def test_production_with_everything_wrong_says_each_and_what_to_do(blank: Engine, tmp_path: Path) -> None:
    migrate.upgrade(blank)
    here = tools(
        blank,
        mode="production",
        secret_key="please-change-this-example-secret-now",
        open_access=True,
        log_level="DEBUG",
        redis_url="redis://127.0.0.1:1/0",
        backup_dir=tmp_path / "none",
    )
    mark(blank, HEARTBEAT, here.now() - timedelta(hours=3))
    mark(blank, "demo", here.now())
    Path(".env").write_text("SECRET_KEY=x\n")
    Path(".env").chmod(0o644)
    told = dict(findings(here))
    wrong = {name for name, one in told.items() if one.grade is Grade.FAULT} - {"disk"}
    assert wrong == {"settings", "secret", "files", "redis", "backups", "demo", "worker"}
    assert [name for name in wrong if not told[name].advice] == []
    assert "change-me" not in str(told)


def test_the_same_in_chinese_has_other_words_and_the_same_grades(blank: Engine) -> None:
    migrate.upgrade(blank)
    english, chinese = found(blank, "en"), found(blank, "zh")
    assert [one.grade for one in english.values()] == [one.grade for one in chinese.values()]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese["clock"].found + chinese["packages"].found)


def test_an_empty_or_missing_database_is_one_fault_after_another_not_a_trace(blank: Engine) -> None:
    told = found(blank)
    assert told["structure"].grade is Grade.FAULT
    assert "manage.py db upgrade" in told["structure"].found
    gone = dict(findings(Tools(Settings(database_url="postgresql://nobody@127.0.0.1:1/none", _env_file=None))))  # type: ignore[call-arg]
    assert gone["database"].grade is Grade.FAULT
    assert gone["packages"].grade is not Grade.FAULT


def test_a_worker_that_stopped_is_a_fault_in_production_only(blank: Engine) -> None:
    migrate.upgrade(blank)
    mark(blank, HEARTBEAT, tools(blank).now() - timedelta(days=1))
    assert found(blank)["worker"].grade is Grade.NOTE
    assert found(blank, **PRODUCTION)["worker"].grade is Grade.FAULT


@pytest.mark.parametrize("age", [timedelta(hours=3), timedelta(hours=27)])
def test_an_old_backup_is_told(blank: Engine, tmp_path: Path, age: timedelta) -> None:
    migrate.upgrade(blank)
    file = tmp_path / "board-20240507-010000.tar"
    file.touch(0o600)
    then = (datetime.now() - age).timestamp()
    os.utime(file, (then, then))
    grade = found(blank, **PRODUCTION, backup_dir=tmp_path)["backups"].grade
    assert grade is (Grade.WELL if age < machine.BACKUP_LATE else Grade.FAULT)


def test_another_version_of_a_package_is_named(blank: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = tmp_path / "requirements.txt"
    wrong.write_text("click==0.0.1\nno-such-package[x]==1.0\n")
    monkeypatch.setattr(machine, "REQUIREMENTS", wrong)
    told = machine.packages(tools(blank))
    assert told.grade is Grade.FAULT
    assert "(0.0.1)" in told.found
    assert "no-such-package - (1.0)" in told.found


@pytest.mark.parametrize(
    ("free", "grade"), [(0.5, Grade.FAULT), (3.0, Grade.NOTE), (40.0, Grade.WELL)], ids=["none", "little", "enough"]
)
def test_a_full_disk_is_told(blank: Engine, monkeypatch: pytest.MonkeyPatch, free: float, grade: Grade) -> None:
    usage = SimpleNamespace(free=int(free * machine.GIB), total=int(100 * machine.GIB))
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    assert machine.disk(tools(blank)).grade is grade


def test_clocks_that_are_apart_are_told(blank: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now() + timedelta(minutes=2)

    monkeypatch.setattr(machine, "datetime", Later)
    apart = blank.dialect.name == "postgresql"
    assert machine.clock(tools(blank)).grade is (Grade.FAULT if apart else Grade.WELL)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (GOOD_SECRET, True),
        ("Zt3-kW9_qL0vXb7mRc2YhN5pFd8sJgAe", True),
        ("x" * 64, False),
        ("abcdefghijklmnopqrstuvwxyz0123456789", False),
        ("0123456789abcdef" * 4, False),
        ("please-change-this-secret-key-0987654", False),
        ("short", False),
        ("", False),
    ],
)
def test_a_secret_that_can_be_guessed_is_weak(value: str, good: bool) -> None:
    assert (machine.secret_bits(value) >= machine.SECRET_BITS) is good


def test_the_command_prints_advice_and_ends_with_the_status(
    blank_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {"DATABASE_URL": blank_url, "BOARD_LANG": "en"}
    told = CliRunner().invoke(main, ["doctor"], env=given)
    assert told.exit_code == 1
    assert "[!!] structure" in told.output
    assert CliRunner().invoke(main, ["db", "upgrade"], env=given).exit_code == 0
    told = CliRunner().invoke(main, ["doctor"], env={**given, "REDIS_URL": "redis://127.0.0.1:1/0"})
    assert told.exit_code == 1
    assert "     -> Start Redis" in told.output
    assert " checks: " in told.output
