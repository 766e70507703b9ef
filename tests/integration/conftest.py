"""A small demo district on each database, loaded once and only read by its tests."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app import create_app
from catalogue.loader import load_catalogue
from data_access.demo import load_demo
from data_access.engine import open_engine
from data_access.refresh import refresh
from data_access.tables import metadata
from domain.task import Catalogue
from services import passwords
from services.closing import backfill
from settings import Settings
from tests.conftest import DIALECTS
from tests.support import postgres, walk
from tests.support.compare_city import City, city, loaded
from web.context import EXTENSION, Context
from web.version import Watch

DEMO_NOW = datetime(2024, 5, 7, 15, 3, 20)


@dataclass(frozen=True)
class Demo:
    """The demo district at a frozen instant."""

    engine: Engine
    url: str
    rules: Catalogue
    now: datetime


@pytest.fixture(scope="session", params=DIALECTS)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Two months of the demo district with rollups and two weeks of frozen days. Do not write to it."""
    if request.param == "sqlite":
        yield from _loaded(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite3'}")
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield from _loaded(url)


def _loaded(url: str) -> Iterator[Demo]:
    engine = open_engine(url)
    metadata.create_all(engine)
    rules = load_catalogue()
    load_demo(engine, now=DEMO_NOW, months=2)
    refresh(engine, rules, DEMO_NOW)
    today = DEMO_NOW.date()
    backfill(engine, rules, today - timedelta(days=14), today - timedelta(days=1), DEMO_NOW)
    yield Demo(engine, url, rules, DEMO_NOW)
    engine.dispose()


@pytest.fixture(scope="session", params=DIALECTS)
def small_city(request: pytest.FixtureRequest) -> Iterator[City]:
    """Three years of a small district for comparisons, on each database. Do not write to it."""
    if request.param == "sqlite":
        yield city()
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        engine = open_engine(url)
        metadata.create_all(engine)
        yield loaded(engine)
        engine.dispose()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the same kind that cost next to nothing; tests/unit/test_passwords.py looks at real ones."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


# A second Dash application in one process loses callbacks (docs/architecture.md), so the session has one;
# the demo of the other database is put under it by replacing its context.


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The one application of the session, on an empty database."""
    empty = tmp_path_factory.mktemp("web") / "empty.sqlite3"
    return create_app(Settings(database_url=f"sqlite:///{empty}", _env_file=None))  # type: ignore[call-arg]


@pytest.fixture
def client(application: object, demo: Demo) -> Iterator[FlaskClient]:
    """The application on the demo district of this dialect."""
    server = application.server  # type: ignore[attr-defined]
    original: Context = server.extensions[EXTENSION]
    use(server, original, engine=demo.engine, now=lambda: demo.now, catalogue=demo.rules)
    yield server.test_client()
    use(server, original)


def use(server: object, original: Context, **changes: object) -> None:
    """Put another context, or a changed one, under the application."""

    context = dataclasses.replace(original, **changes, recent=OrderedDict())  # type: ignore[arg-type]
    context.cache.app = server
    server.extensions[EXTENSION] = context  # type: ignore[attr-defined]
    server.extensions["board.watch"] = Watch(context.engine)  # type: ignore[attr-defined]
    with server.app_context():  # type: ignore[attr-defined]
        context.cache.clear()


@pytest.fixture(scope="module")
def world(fresh: Engine) -> Engine:
    """The world of the walk, marked, on each database; no test of a module may change it."""
    walk.fill(fresh)
    return fresh
