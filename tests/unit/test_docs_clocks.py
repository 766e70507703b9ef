"""docs/clocks.md says of every clock and key of clocks.toml what the program has."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise

import pytest

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from data_access.packs.order_store import DEFAULT_LIMIT
from domain.clock_rules import LIMITS, WHO, Clock
from tests.support import docs
from tests.support.plain_clocks import STOPS
from tests.support.project import ROOT

TEXT = docs.text("docs/clocks.md")
RAW = tomllib.loads((ROOT / "catalogue" / "clocks.toml").read_text(encoding="utf-8"))
RULES = load_clock_rules(load_catalogue())
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


def times(text: str) -> list[float]:
    """`5 min, 2 h` in seconds."""
    return [float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+) (s|min|h)\b", text)]


def told(clock: Clock) -> list[str]:
    return next(row for row in docs.rows(docs.sections(TEXT, "## ")["The clocks"]) if f"`{clock.code}`" in row[0])


@pytest.mark.parametrize("clock", RULES.clocks, ids=lambda clock: clock.code)
def test_a_clock_is_described_as_it_is(clock: Clock) -> None:
    row = told(clock)
    assert clock.names["zh"] in row[0]
    assert docs.plain(row[1]) == STOPS[clock.code]
    assert times(row[2]) == ([] if clock.limit is None else [clock.limit])
    assert docs.plain(row[3]) == RAW["clock"][clock.code].get("task", "")
    assert times(row[4]) == list(clock.bands)


@pytest.mark.parametrize("clock", RULES.clocks, ids=lambda clock: clock.code)
def test_the_widths_of_bins_are_those_of_the_rules(clock: Clock) -> None:
    """Between the ends that the document gives, no bin is wider than it says."""
    widths = times(told(clock)[5])
    begin = 0.0
    for width, until in zip(widths[::2], widths[1::2], strict=True):
        edges = [begin, *(edge for edge in clock.edges if begin < edge <= until)]
        assert edges[-1] == until
        assert max(high - low for low, high in pairwise(edges)) == width
        begin = until


def test_every_key_is_explained_with_its_shipped_value() -> None:
    part = docs.sections(TEXT, "## ")["Rules"]
    for name, value in RAW.items():
        if name != "clock":
            row = next(row for row in docs.rows(part) if f"`{name}`" in row[0])
            assert str(value) in row[1].split(", ")
    keys = {key for clock in RAW["clock"].values() for key in clock} | {"limit"}
    assert {key for key in keys if f"`clock.….{key}`" not in part} == set()
    for region, limit in RAW["clock"]["arrive"]["regions"].items():
        assert f'`{region} = "{limit}"`' in part


def test_every_choice_is_named_and_the_memory_is_that_of_the_program() -> None:
    assert [one for one in WHO if f"`{one}`" not in TEXT] == []
    assert [one for one in LIMITS if f"limits={one}" not in TEXT] == []
    assert f"{DEFAULT_LIMIT // 2**20} MiB" in TEXT
