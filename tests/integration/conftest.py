"""A small demo district on each database, loaded once and only read by its tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from catalogue.loader import load_catalogue
from data_access.demo import load_demo
from data_access.engine import open_engine
from data_access.refresh import refresh
from data_access.tables import metadata
from domain.task import Catalogue
from services.closing import backfill
from tests.conftest import DIALECTS
from tests.support import postgres

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
