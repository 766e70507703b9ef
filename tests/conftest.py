"""Fixtures of all tests: both databases, the open data of Rome, a frozen now, a browser."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, literal, select, text, union_all

from data_access.engine import open_engine
from data_access.tables import metadata
from tests.support import browser, postgres
from tests.support.project import ROOT, missing
from tests.support.scheduling import ByGroup

DIALECTS = ("sqlite", "postgresql")

# A busy machine is not a defect: neither one slow example nor slow making of examples fails a property.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process names the run; its workers inherit the name."""
    if not hasattr(config, "workerinput"):
        postgres.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL that the run started, if any."""
    if not hasattr(config, "workerinput"):
        postgres.end_run()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """How several processes share the tests."""
    return ByGroup(config, log)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server; skips (or fails under REQUIRE_ALL) with the reason."""
    try:
        return postgres.server_url()
    except postgres.Unavailable as reason:
        missing(str(reason))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "board.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_engine(postgres_server: str) -> Iterator[Engine]:
    """One PostgreSQL database of this process with all tables. Tests use `engine`, which empties it."""
    with postgres.database(postgres_server) as url:
        opened = open_engine(url, pool_size=5)
        metadata.create_all(opened)
        yield opened
        opened.dispose()


def _empty(engine: Engine) -> None:
    """Empty the tables that have rows; asking first is much quicker than truncating forty tables."""
    probes = [
        select(literal(table.name)).where(select(literal(1)).select_from(table).exists())
        for table in metadata.sorted_tables
    ]
    with engine.begin() as connection:
        filled = [name for (name,) in connection.execute(union_all(*probes))]
        if filled:
            connection.execute(text(f"TRUNCATE {', '.join(filled)}"))


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Runs the test once per kind of database."""
    return str(request.param)


@pytest.fixture
def engine(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database with all tables, all of them empty. A test must not change the tables."""
    if dialect == "postgresql":
        opened: Engine = request.getfixturevalue("postgresql_engine")
        _empty(opened)
        yield opened
        return
    path = tmp_path / "board.sqlite3"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    opened = open_engine(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module", params=DIALECTS)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A new database with all tables for the tests of one module, which fills it; once on each database."""
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('fresh') / 'board.sqlite3'}"
        else:
            url = stack.enter_context(postgres.database(request.getfixturevalue("postgres_server")))
        opened = open_engine(url)
        metadata.create_all(opened)
        yield opened
        opened.dispose()


@pytest.fixture
def blank_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own without any table (migrations, command line, scratch)."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.sqlite3'}"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def blank(blank_url: str) -> Iterator[Engine]:
    """An engine on `blank_url`."""
    opened = open_engine(blank_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def rome_dir() -> Path:
    """The folder with the open data of Rome's traffic police."""
    given = os.environ.get("ROME_DATA_DIR")
    folder = Path(given) if given else ROOT.parent / "shared" / "data" / "rome"
    if not (folder / "municipi.geojson").exists():
        pytest.skip(f"the open data of Rome are not at {folder}; set ROME_DATA_DIR to their folder")
    return folder


@pytest.fixture
def now() -> datetime:
    """A frozen wall time: Tuesday 7 May 2024, 13:00, when half of the working day is gone."""
    return datetime(2024, 5, 7, 13)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of an installed Chromium; skips (or fails under REQUIRE_ALL) when there is none."""
    return browser.find_chromium() or missing(browser.INSTALL)
