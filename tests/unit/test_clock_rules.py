"""`clocks.toml`: limits come from the tasks, bands are those that are published, mistakes are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from domain.clock_rules import CLASSES, CLOCKS, ClockRules
from domain.errors import CatalogueError

CATALOGUE = load_catalogue()
RULES = load_clock_rules(CATALOGUE)
TASKS = {"sign": "T1-01", "arrive": "T1-02", "feedback": "T1-03", "close": "T1-04"}
MINUTE, HOUR = 60, 3600


def test_limits_are_those_of_the_sources() -> None:
    """DOMAIN 2.4: 90 s (Z11), 5 min (X74), 5 h (Z12), 22 h (Z13); setting out has none."""
    limits = {clock.code: clock.limit for clock in RULES.clocks}
    assert limits == {"sign": 90, "set_out": None, "arrive": 5 * MINUTE, "feedback": 5 * HOUR, "close": 22 * HOUR}
    assert tuple(limits) == CLOCKS
    regions = RULES.clock("arrive").regions
    assert regions == {"urban": 5 * MINUTE, "fringe": 10 * MINUTE, "rural": None}


@pytest.mark.parametrize(("clock", "task"), TASKS.items())
def test_the_board_and_the_clocks_have_one_limit(clock: str, task: str) -> None:
    measure = CATALOGUE.task(task).measure  # type: ignore[union-attr]
    assert measure.limit is not None
    assert RULES.clock(clock).limit == int(measure.limit.total_seconds())
    other = replace(CATALOGUE.task(task), measure=replace(measure, limit=timedelta(minutes=8)))  # type: ignore[type-var]
    tasks = tuple(other if one.code == task else one for one in CATALOGUE.tasks)
    changed = load_clock_rules(replace(CATALOGUE, tasks=tasks))
    assert changed.clock(clock).limit == 8 * MINUTE
    assert changed.version != RULES.version


def test_a_clock_whose_task_is_gone_is_timed_but_not_judged() -> None:
    tasks = tuple(task for task in CATALOGUE.tasks if task.code != "T1-04")
    assert load_clock_rules(replace(CATALOGUE, tasks=tasks)).clock("close").limit is None


def test_bands_are_those_that_ankang_publishes() -> None:
    assert RULES.clock("sign").bands == (30, 60, 120, 180)
    assert RULES.clock("set_out").bands == (5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE)
    assert RULES.clock("feedback").bands == (30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR)


def test_every_limit_and_band_is_the_end_of_a_bin() -> None:
    for clock in RULES.clocks:
        assert set(clock.limits) | set(clock.bands) <= set(clock.edges)
        assert list(clock.edges) == sorted(set(clock.edges))
        assert len(clock.edges) + len(clock.limits) + 3 <= 256


def own(folder: Path, text: str) -> ClockRules:
    (folder / "clocks.toml").write_text(text, encoding="utf-8")
    return load_clock_rules(CATALOGUE, folder)


def test_a_deployment_replaces_single_keys(tmp_path: Path) -> None:
    found = own(tmp_path, 'least_long = 30\n[clock.arrive]\nlimit = "6m"\nregions = { rural = "20m" }\n')
    arrive = found.clock("arrive")
    assert (found.least_long, found.least_short, arrive.limit) == (30, RULES.least_short, 360)
    assert arrive.bands == RULES.clock("arrive").bands
    assert [arrive.limit_in(region, "region") for region in ("urban", "rural", None)] == [360, 1200, 360]
    assert arrive.limit_in("rural", "uniform") == 360
    assert arrive.limits == (360, 1200)
    assert {360, 1200} <= set(arrive.edges)


def test_a_limit_of_none_is_not_judged(tmp_path: Path) -> None:
    assert own(tmp_path, '[clock.close]\nlimit = "none"\n').clock("close").limit is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[clock.sing]\nlimit = "90s"\n', "sing"),
        ("[clock.sign]\nlimit = 90\n", "limit"),
        ('[clock.sign]\nbands = ["60s", "30s"]\n', "bands"),
        ('[clock.arrive]\nregions = { city = "5m" }\n', "city"),
        ('[clock.close]\nbins = [["7d", "1m"]]\n', "bins"),
        ("least_short = 0\n", "least_short"),
        ('[clock.close]\nlimit = "9999d"\n', "366d"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        own(tmp_path, text)
    assert "clocks.toml" in str(raised.value.params)
    assert named in str(raised.value.params)


def test_the_least_sample_grows_with_the_period() -> None:
    assert [RULES.least(days) for days in (0.3, 1, 7, 7.5, 365)] == [5, 5, 5, 20, 20]


def test_an_incident_has_its_arrival_only() -> None:
    assert [clock.code for clock in RULES.clocks_of("incident")] == ["arrive"]
    assert RULES.clocks_of("squadron") == RULES.clocks
    assert CLASSES == ("accident", "order", "other")
