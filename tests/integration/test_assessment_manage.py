"""The assessment from the command line: adjust, lock, correct, change a mode; and the demo's locked months."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from data_access import migrate
from data_access import tables as t
from data_access.demo import clear_demo
from data_access.engine import open_engine
from domain.month import month_of
from manage import main
from tests.support import assessed_rows as rows


@pytest.fixture
def run(blank_url: str, tmp_path: Path):
    """Runs a command on a migrated database with the rows of the assessment's tests."""
    engine = open_engine(blank_url)
    migrate.upgrade(engine)
    environment = {"DATABASE_URL": blank_url, "BOARD_LANG": "en", "BOARD_REJECT_DIR": str(tmp_path)}

    def call(*words: str, good: bool = True) -> str:
        result: Result = CliRunner().invoke(main, list(words), env=environment)
        assert (result.exit_code == 0) == good, result.output
        return result.output

    call.engine = engine  # type: ignore[attr-defined]
    yield call
    engine.dispose()


def test_a_month_is_adjusted_locked_and_corrected(run) -> None:
    rows.fill(run.engine)
    why = ("--matter", "missed report", "--document", "2024-12", "--by", "Li")
    assert "Wrote -2 points for S1 in 2024-04" in run("adjust", *why, "--", "2024-04", "S1", "-2")
    told = run("lock-month", "2024-04", "--by", "Wang")
    assert "Locked 2024-04: version 1, 3 stations, rules 2026.1" in told
    assert "Nothing that 2024-04 rests on has changed" in run("lock-month", "2024-04", "--by", "Wang", good=False)
    assert "need a correction" in run("adjust", *why, "2024-04", "S2", "1", good=False)
    run("adjust", *why, "--correct", "2024-04", "S2", "1")
    told = run("lock-month", "2024-04", "--by", "Wang", "--note", "came late")
    assert "version 2" in told
    assert "S2 adjustments: 0 → 1" in told
    assert "is not a month" in run("lock-month", "April", "--by", "Wang", good=False)
    assert "--by" in run("lock-month", "2024-04", good=False)


def test_a_mode_is_changed(run) -> None:
    rows.fill(run.engine, months=1)
    assert "S1: deep → full" in run("set-mode", "S1", "full", "--by", "Wang", "--reason", "moved")
    assert "already" in run("set-mode", "S1", "full", "--by", "Wang", "--reason", "moved", good=False)


@pytest.mark.slow
def test_the_demos_past_months_are_locked_and_one_is_corrected(run) -> None:
    run("demo", "--months", "3")
    this = month_of(datetime.now().date())
    with run.engine.connect() as connection:
        months = connection.execute(select(t.assessment_month.c.period, t.assessment_month.c.version)).all()
        stations = connection.execute(select(t.assessment_score.c.station_code).distinct()).all()
    versions = dict(sorted(months))
    assert this.back(2).period in versions
    assert [period for period, version in versions.items() if version == 2] == [this.back(2).period]
    assert len(stations) == 23
    clear_demo(run.engine)
    with run.engine.connect() as connection:
        for table in (t.assessment_month, t.assessment_score, t.assessment_adjustment, t.assessment_appeal):
            assert connection.execute(select(table).limit(1)).first() is None, table.name
