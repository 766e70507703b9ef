"""Profiles: the ones that ship fit the tables; wrong ones are named by file, key and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.loader import load_catalogue
from catalogue.profiles_loader import load_profile, profile_names
from data_access.importing import check_profile
from data_access.importing.targets import TABLES, columns_of
from domain.errors import CatalogueError

# fmt: off
DOMAIN_6 = [
    "JJDBH", "PJDBH", "CJDBH", "FKDBH", "XZQHDM", "XZQH", "JJDWDM", "JJDW", "GXDWDM", "GXDW", "FKDWDM", "BJSJ",
    "JJSJ", "SJCJSJ", "DDXCSJ", "CLWBSJ", "FKSJ", "JQFSSJ", "JQLBDM", "BJLBDM", "JQLXDM", "JQXLDM", "JQJBDM",
    "BJFSDM", "BJFS", "BJRXM", "LXDH", "BJDH", "AFDZ", "AFDD", "JQDD", "BJNR", "XZB", "X", "DHDWJD", "FKDWXZB",
    "YZB", "Y", "DHDWWD", "FKDWYZB", "JDXZ", "SDCS", "CLJGDM", "JQCLJG", "CJQK", "SWRS", "SSRS", "JTSGXTDM",
    "SGCCYYDM", "TQQKDM", "NJDDM", "LMZKDM", "DLLXDM", "SFWHP", "SHJDCS", "GXSJ", "SJGXSJ", "QSSJ", "JASJ",
]
# fmt: on

MINIMAL = """
name = "mine"
encodings = ["utf-8"]
separators = [","]
times = ["yyyy-MM-dd HH:mm:ss"]
[[file]]
names = ["*"]
[[file.target]]
table = "incident"
own = true
"""


def write(folder: Path, text: str) -> str:
    """A profile file of its own."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", profile_names())
def test_profiles_that_ship_fit_the_tables(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    check_profile(profile)


def test_the_three_promised_profiles_ship() -> None:
    assert {"110", "generic", "rome-open-data"} <= set(profile_names())


def test_the_110_profile_knows_every_alias_of_the_domain() -> None:
    profile = load_profile("110")
    known = {
        header
        for rule in profile.files
        for target in rule.targets
        for column in columns_of(target).values()
        for header in column.headers
    } | {header for rule in profile.files for target in rule.targets for pair in target.pairs for header in pair}
    assert [alias for alias in DOMAIN_6 if alias not in known and alias.casefold() not in profile.ignored] == []


def test_the_generic_profile_has_every_table_an_import_may_fill() -> None:
    tables = {target.table for rule in load_profile("generic").files for target in rule.targets}
    organisation = {"district", "squadron", "station", "duty_grid", "duty_roster", "boundary"}
    sources = {"incident", "incident_party", "dispatch_order", "work_order", "work_record", "sample", "risk_code"}
    assert tables == organisation | sources


@pytest.mark.parametrize("name", profile_names())
def test_feeds_are_those_of_the_task_catalogue(name: str) -> None:
    known = {task.feed for task in load_catalogue().tasks}
    fed = {feed.code for rule in load_profile(name).files for target in rule.targets for feed in target.feeds}
    assert fed <= known


def test_own_column_names_cover_whole_tables() -> None:
    for rule in load_profile("generic").files:
        target = rule.targets[0]
        missing = {column.name for column in TABLES[target.table].columns} - set(columns_of(target))
        assert missing <= {"row_hash", "updated_at", "lng", "lat", "cell", "crs", "raw_x", "raw_y", "place_issue"}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('encodings = ["utf-8"]', 'encodings = ["utf-9"]', "encodings.0"),
        ('separators = [","]', 'separators = [",,"]', "separators.0"),
        ('times = ["yyyy-MM-dd HH:mm:ss"]', 'times = ["HH:mm"]', "times.0"),
        ('table = "incident"', 'table = "account"', "table"),
        ("own = true", "owned = true", "owned"),
        ('name = "mine"', 'name = "mine"\ncrs = "mars"', "crs"),
        ('name = "mine"', 'name = "mine"\nbox = { west = 2, south = 1, east = 1, north = 2 }', "box"),
        ("own = true", 'own = true\n[file.target.columns]\nsource = { from = ["a"], const = "b" }', "source"),
        (
            "own = true",
            'own = true\n[file.target.columns]\nsource = { from = ["a"], values = "none" }',
            "source.values",
        ),
        ("own = true", 'own = true\n[file.target.columns]\nsource = { from = ["a"], pattern = "(" }', "pattern"),
        ('name = "mine"', "name = ", "file"),
    ],
)
def test_a_wrong_profile_names_file_and_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_profile(write(tmp_path, MINIMAL.replace(old, new)))
    assert "mine.toml" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ('sauce = ["a"]', "sauce"),
        ('updated_at = ["a"]', "updated_at"),
        ('source = { same = "nowhere.code" }', "nowhere"),
        ('source = { parts = ["nothing"] }', "nothing"),
    ],
)
def test_a_profile_that_does_not_fit_the_tables_is_refused(tmp_path: Path, columns: str, named: str) -> None:
    profile = load_profile(write(tmp_path, MINIMAL + "[file.target.columns]\n" + columns))
    with pytest.raises(CatalogueError, match=named):
        check_profile(profile)


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(CatalogueError, match="rome-open-data"):
        load_profile("nothing-like-that")
