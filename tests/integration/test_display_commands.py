"""`manage.py display` on both databases: the address is told once, the list says how each display stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from data_access import migrate
from data_access.displays import DisplayRow, displays, write_seen
from data_access.engine import open_engine, writing
from data_access.tables import audit_entry, display_token
from domain.display import Display
from domain.tokens import digest, is_token_of
from manage import main
from tests import factories as make

ADDRESS = re.compile(r"(?m)^(https?://\S+)/wall#([0-9a-f]{12}\.[A-Za-z0-9_-]{43})$")


class Shell:
    """Runs commands on one database that has tables, a district D1 and a station S1."""

    def __init__(self, url: str) -> None:
        self.url, self.engine = url, open_engine(url)
        migrate.upgrade(self.engine)
        make.make_district(self.engine, "D1")
        make.make_station(self.engine, "S1", district_code="D1")

    def __call__(self, *words: str, **environment: str) -> Result:
        given = {"DATABASE_URL": self.url, "BOARD_LANG": "en", "USER": "wang", **environment}
        return CliRunner().invoke(main, ["display", *words], env=given)

    def well(self, *words: str, **environment: str) -> str:
        told = self(*words, **environment)
        assert told.exit_code == 0, told.output
        return told.output

    @property
    def rows(self) -> tuple[DisplayRow, ...]:
        with self.engine.connect() as connection:
            return displays(connection)

    @property
    def table(self) -> list[list[str]]:
        return [line.split("\t") for line in self.well("list").splitlines() if "\t" in line][1:]


@pytest.fixture
def shell(blank_url: str) -> Iterator[Shell]:
    found = Shell(blank_url)
    yield found
    found.engine.dispose()


def test_the_address_is_told_once_and_never_again(shell: Shell) -> None:
    told = shell.well("add", "指挥大厅", "--base", "https://board.local/sub/")
    found = ADDRESS.search(told)
    assert found is not None
    assert found[1] == "https://board.local/sub"
    assert "not shown again" in told
    (row,) = shell.rows
    assert (row.name, row.token_hash, is_token_of(row, found[2])) == ("指挥大厅", digest(found[2]), True)
    secret = found[2].split(".")[1]
    later = [shell.well("list"), shell.well("change", "指挥大厅", "--sound"), shell.well("revoke", "指挥大厅")]
    assert secret not in "".join(later)


@pytest.mark.parametrize(("host", "shown"), [("10.0.0.5", "http://10.0.0.5:8443"), ("::1", "http://[::1]:8443")])
def test_without_base_the_address_is_that_of_the_settings(shell: Shell, host: str, shown: str) -> None:
    told = shell.well("add", "hall", BOARD_HOST=host, BOARD_PORT="8443")
    assert ADDRESS.search(told)[1] == shown  # type: ignore[index]
    assert ("this machine only" in told) is (host == "::1")


def test_every_option_is_kept(shell: Shell) -> None:
    options = "--playlist hall --district D1 --station S1 --distance 9.5 --height 1.2 --lang zh --sound --actor li"
    shell.well("add", "hall", *options.split())
    assert shell.rows[0].display == Display("hall", "hall", ("D1",), "S1", 9.5, 1.2, "zh", True)
    shell.well("add", "plain")
    assert shell.rows[1].display == Display("plain", lang="en")
    with shell.engine.connect() as connection:
        actors = list(connection.execute(select(audit_entry.c.actor).order_by(audit_entry.c.entry_id)).scalars())
    assert actors == ["li", "wang"]


def test_a_change_touches_only_what_is_given_and_empty_text_takes_a_limit_away(shell: Shell) -> None:
    shell.well("add", "hall", "--district", "D1", "--distance", "9", "--sound")
    shell.well("change", "hall", "--height", "2")
    assert shell.rows[0].display == Display("hall", districts=("D1",), distance=9.0, height=2.0, lang="en", sound=True)
    shell.well("change", "hall", "--district", "", "--no-sound")
    assert shell.rows[0].display == Display("hall", distance=9.0, height=2.0, lang="en")
    nothing = shell("change", "hall")
    assert nothing.exit_code == 2
    assert "at least one option" in nothing.output


def test_the_list_says_how_each_display_stands(shell: Shell) -> None:
    assert shell.well("list").strip() == "There are no displays yet; manage.py display add makes one"
    for name in ("a", "b", "c"):
        shell.well("add", name)
    shell.well("revoke", "b")
    with writing(shell.engine) as connection:
        connection.execute(display_token.update().where(display_token.c.name == "c").values(layout="?"))
    write_seen(shell.engine, [shell.rows[0].token_id], datetime(2024, 5, 7, 13))
    told = shell.table
    assert [(row[0], row[1], row[6]) for row in told] == [
        ("a", "command", "in force"),
        ("b", "command", "revoked"),
        ("c", "—", "cannot be read"),
    ]
    assert [row[2:4] for row in told[:2]] == [["all districts", "6/0.68"]] * 2
    assert [row[5] for row in told] == ["7 May 2024 13:00", "never", "never"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--playlist", "cinema"], "there are: command, hall"),
        (["--playlist", "hall"], "--station"),
        (["--district", "D9"], "no district"),
        (["--station", "S9"], "no station"),
        (["--distance", "100"], "0.5 to 60"),
        (["--distance", "nan"], "0.5 to 60"),
        (["--height", "0"], "0.1 to 12"),
    ],
)
def test_a_wrong_option_is_said_in_a_sentence_and_nothing_is_written(
    shell: Shell, options: list[str], word: str
) -> None:
    told = shell("add", "hall", *options)
    assert (told.exit_code, shell.rows) == (1, ())
    assert word in told.output
    assert "Traceback" not in told.output
    shell.well("add", "hall")
    assert shell("change", "hall", *options).exit_code == 1
    assert shell.rows[0].display == Display("hall", lang="en")


@pytest.mark.parametrize("base", ["board.local", "http://board/?x", "http://board/#y", "ftp://board", "http://a b"])
def test_a_base_that_is_no_address_is_refused(shell: Shell, base: str) -> None:
    assert shell("add", "hall", "--base", base).exit_code == 1
    assert shell.rows == ()


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 61])
def test_a_name_that_cannot_be_shown_is_refused(shell: Shell, name: str) -> None:
    told = shell("add", name)
    assert (told.exit_code, shell.rows) == (1, ())


@pytest.mark.parametrize("words", [["revoke", "nowhere"], ["change", "nowhere", "--sound"]])
def test_a_display_that_does_not_exist_is_named(shell: Shell, words: list[str]) -> None:
    told = shell(*words)
    assert told.exit_code == 1
    assert "nowhere" in told.output


def test_a_lost_address_is_replaced_by_revoking_and_adding(shell: Shell) -> None:
    first = ADDRESS.search(shell.well("add", "hall"))
    taken = shell("add", "hall")
    assert taken.exit_code == 1
    assert "revoke it first" in taken.output
    shell.well("revoke", "hall")
    second = ADDRESS.search(shell.well("add", "hall"))
    assert first is not None
    assert second is not None
    assert first[2] != second[2]
    assert sorted(row.active for row in shell.rows) == [False, True]


def test_without_tables_it_says_what_to_do(blank: Engine, blank_url: str) -> None:
    told = CliRunner().invoke(main, ["display", "list"], env={"DATABASE_URL": blank_url, "BOARD_LANG": "en"})
    assert told.exit_code == 1
    assert "manage.py db upgrade" in told.output
