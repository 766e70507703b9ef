"""docs/maps.md names every parameter, every key of maps.toml with its shipped value, and every address."""

from __future__ import annotations

import re
import tomllib

import pytest

from domain.asked import BASES, asked
from domain.heat import LAYERS, PER, SIDES, UNITS
from domain.incident_filter import DAY_KINDS, PARAMS, SEVERITIES, parse
from domain.span import PRESETS
from tests.support.project import ROOT
from web.maps_api import KINDS

TEXT = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
RULES = tomllib.loads((ROOT / "catalogue" / "maps.toml").read_text(encoding="utf-8"))


def keys():
    """Every key of maps.toml as the table writes it, with its value."""
    for name, value in RULES.items():
        if isinstance(value, dict):
            for position, (part, inner) in enumerate(value.items()):
                yield (f"{name}.{part}" if position == 0 else f".{part}"), inner
        else:
            yield name, value


@pytest.mark.parametrize("name", [*PARAMS, "preset", "from", "base", "base_from", "layer", "side", "unit", "ring"])
def test_every_parameter_is_explained(name):
    assert re.search(rf"^\|.*`{name}`.*\|", TEXT, re.MULTILINE)


def test_every_value_of_a_parameter_is_named():
    values = {*PRESETS, *BASES, *LAYERS, *SIDES, *PER, *UNITS, *SEVERITIES, *DAY_KINDS, *KINDS} - {"background"}
    assert [value for value in sorted(values) if f"`{value}`" not in TEXT] == []


def test_every_rule_is_listed_with_its_shipped_value():
    for name, value in keys():
        lines = [line for line in TEXT.splitlines() if line.startswith("|") and f"`{name}`" in line]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        assert lines and any(shown in line for line in lines), name


def test_the_example_addresses_are_understood(now):
    for query in re.findall(r"`/(?:map|incidents)\?([^`]+)`", TEXT):
        args = dict(part.split("=") for part in query.split("&"))
        asked(args, now)
        parse(args)
