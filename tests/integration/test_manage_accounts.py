"""`manage.py user` and `manage.py audit` as one types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data_access import migrate
from data_access import tables as t
from data_access.engine import open_engine, writing
from manage import main

PASSWORD = "Sommer-2024-Regen"
Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs a command on a database of its own; `said` is what comes on standard input."""
    url = f"sqlite:///{tmp_path / 'board.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BOARD_LANG", "en")
    migrate.upgrade(open_engine(url))
    runner = CliRunner()

    def run(*command: str, said: str = "") -> Result:
        return runner.invoke(main, list(command), input=said)

    return run


def test_the_first_administrator_is_made_from_standard_input(shell: Shell) -> None:
    assert "There is no account yet" in shell("user", "list").output
    made = shell("user", "add", "Wang", "--role", "admin", "--name", "王某", said=f"{PASSWORD}\n")
    assert made.exit_code == 0 and "Made the account wang (admin)" in made.output
    assert PASSWORD not in made.output
    listed = shell("user", "list").output.strip().split("\t")
    assert listed[:6] == ["wang", "王某", "admin", "-", "active", "local"]


@pytest.mark.parametrize(
    ("command", "said", "told"),
    [
        (("wang", "--role", "admin"), "short\n", "at least 12 characters"),
        (("wang", "--role", "admin"), "", "at least 12 characters"),
        (("wang li", "--role", "admin"), PASSWORD, "cannot be a login"),
        (("wang", "--role", "station"), PASSWORD, "needs its unit"),
    ],
)
def test_what_cannot_be_an_account_is_told_in_a_sentence(
    shell: Shell, command: tuple[str, ...], said: str, told: str
) -> None:
    result = shell("user", "add", *command, said=said)
    assert result.exit_code == 1 and told in result.output and "Traceback" not in result.output
    assert "There is no account yet" in shell("user", "list").output


def test_no_command_takes_a_password_as_an_argument() -> None:
    user = main.commands["user"]
    options = {option for command in user.commands.values() for one in command.params for option in one.opts}  # type: ignore[attr-defined]
    assert not {option for option in options if "password" in option} - {"--no-password"}


def test_an_account_is_changed_and_each_change_is_in_the_log(shell: Shell) -> None:
    shell("user", "add", "wang", "--role", "command", said=PASSWORD)
    assert "taken" in shell("user", "add", "WANG", "--role", "admin", said=PASSWORD).output
    assert shell("user", "set-password", "wang", "--must-change", said="Winter-2025-Schnee").exit_code == 0
    assert shell("user", "disable", "wang").exit_code == 0
    assert "disabled" in shell("user", "list").output
    assert shell("user", "enable", "wang").exit_code == 0
    assert shell("user", "role", "wang", "station", "--station", "S1").exit_code == 0
    assert "\tstation\tS1\t" in shell("user", "list").output
    assert shell("user", "disable", "nobody").exit_code == 1
    assert "5 entries" in shell("audit", "verify").output


def test_a_broken_log_is_named_and_ends_with_status_one(shell: Shell, tmp_path: Path) -> None:
    for login in ("wang", "li", "zhao"):
        shell("user", "add", login, "--role", "command", said=PASSWORD)
    whole = shell("audit", "verify")
    noted = whole.output.strip().rsplit(" ", 1)[1]
    assert whole.exit_code == 0 and len(noted) == 64
    assert shell("audit", "verify", "--expect", noted).exit_code == 0
    assert shell("audit", "verify", "--expect", "0" * 64).exit_code == 1
    with writing(open_engine(f"sqlite:///{tmp_path / 'board.db'}")) as connection:
        connection.execute(t.audit_entry.update().where(t.audit_entry.c.sequence == 2).values(actor="nobody"))
    broken = shell("audit", "verify")
    assert broken.exit_code == 1 and "broken at entry 2" in broken.output and "it was changed" in broken.output


def test_pruning_keeps_what_the_setting_says(shell: Shell) -> None:
    shell("user", "add", "wang", "--role", "command", said=PASSWORD)
    assert shell("audit", "prune", "--days", "30").exit_code == 1
    assert "Removed 0 entries" in shell("audit", "prune").output
    assert shell("audit", "verify").exit_code == 0
