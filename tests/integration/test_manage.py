"""The command line from an empty database to a board, on both databases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from data_access.engine import open_engine
from data_access.tables import board_day, incident, measure_day, station
from manage import main


class Shell:
    """Runs commands on one database."""

    def __init__(self, url: str, rejects: Path) -> None:
        self.url = url
        self.environment = {"DATABASE_URL": url, "BOARD_LANG": "en", "BOARD_REJECT_DIR": str(rejects)}

    def __call__(self, *words: str, **environment: str) -> Result:
        return CliRunner().invoke(main, list(words), env={**self.environment, **environment})

    def count(self, table: object) -> int:
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)  # type: ignore[arg-type]
        finally:
            engine.dispose()


@pytest.fixture
def shell(blank_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(blank_url, tmp_path / "rejects")


def test_without_tables_every_command_says_what_to_do(shell: Shell) -> None:
    for words in (["refresh"], ["close-day", "2024-05-06"], ["demo"]):
        told = shell(*words)
        assert told.exit_code == 1
        assert "manage.py db upgrade" in told.output
        assert "Traceback" not in told.output


def test_from_nothing_to_a_frozen_demo_board_and_back(shell: Shell) -> None:
    assert shell("db", "upgrade").exit_code == 0
    assert shell("db", "check").exit_code == 0
    loaded = shell("demo", "--months", "1")
    assert loaded.exit_code == 0, loaded.output
    assert "Demo district loaded" in loaded.output
    assert shell.count(measure_day) > 1000
    assert shell.count(board_day) > 1000
    assert "was not loaded" in shell("demo", "--if-empty").output
    assert shell("doctor").exit_code == 0
    assert shell("demo", "--clear").exit_code == 0
    assert shell.count(incident) == 0
    assert shell.count(station) == 0
    assert shell.count(measure_day) == 0


def test_production_refuses_the_demo(shell: Shell) -> None:
    assert shell("db", "upgrade").exit_code == 0
    production = {"BOARD_MODE": "production", "SECRET_KEY": "0123456789abcdef" * 3, "BOARD_OPEN_ACCESS": "true"}
    told = shell("demo", **production)
    assert told.exit_code == 1
    assert "demo --clear" in told.output
    assert shell.count(station) == 0


def test_a_day_is_frozen_once_unless_ordered_again(shell: Shell) -> None:
    assert shell("db", "upgrade").exit_code == 0
    assert shell("demo", "--months", "1").exit_code == 0
    yesterday = datetime.fromtimestamp(datetime.now().timestamp() - 2 * 86400).date().isoformat()
    assert shell("close-day", yesterday).exit_code == 1
    again = shell("close-day", yesterday, "--again", "--actor", "test")
    assert again.exit_code == 0, again.output


def test_an_import_tells_what_became_of_every_row(shell: Shell, tmp_path: Path) -> None:
    assert shell("db", "upgrade").exit_code == 0
    (tmp_path / "station.csv").write_text("code,name\n990199010000,Somewhere\n", encoding="utf-8")
    (tmp_path / "incident_1.csv").write_text(
        "incident_id,station_code,class_code,occurred_at\n"
        "A1,990199010000,accident,2024-05-06 08:00:00\n"
        "A2,990199010000,accident,no time at all\n",
        encoding="utf-8",
    )
    told = shell("import", "--profile", "generic", str(tmp_path / "station.csv"), str(tmp_path / "incident_1.csv"))
    assert told.exit_code == 1, told.output
    assert "read 3 = loaded 2 + unchanged 0 + rejected 1" in told.output
    assert shell.count(incident) == 1
    rejects = list((tmp_path / "rejects").glob("*.csv"))
    assert len(rejects) == 1
    assert "no time at all" in rejects[0].read_text(encoding="utf-8-sig")


def test_an_unknown_profile_is_named(shell: Shell, tmp_path: Path) -> None:
    assert shell("db", "upgrade").exit_code == 0
    told = shell("import", "--profile", "nobody", str(tmp_path))
    assert told.exit_code == 1
    assert "nobody" in told.output


def test_a_wrong_setting_is_a_sentence(shell: Shell) -> None:
    told = shell("doctor", BOARD_PORT="many")
    assert told.exit_code == 1
    assert "BOARD_PORT" in told.output
    assert "Traceback" not in told.output
