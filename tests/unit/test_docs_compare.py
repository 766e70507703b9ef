"""docs/compare.md names every parameter, value, figure, share and key as they are; its examples are true."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, time
from pathlib import Path

import pytest

from catalogue.compare_loader import ALLOWED, MOST_TAGS, load_compare_rules
from catalogue.days import spring_festival
from components.compare_links import TABS, path_of
from domain import compare_asked, span
from domain.compare_rules import GOOD, SUMS, TREND_RULES
from domain.compare_views import LIMITS, STEPS, UNITS, WHO
from domain.comparison import VERDICTS
from domain.sameperiod import BASES, DEFAULT_PRESET, WHOLE
from domain.span import Span
from tests.support import docs
from tests.support.project import ROOT

TEXT = docs.text("docs/compare.md")
PARTS = docs.sections(TEXT, "## ")
RAW = tomllib.loads((ROOT / "catalogue" / "compare.toml").read_text(encoding="utf-8"))
RULES = load_compare_rules()
SEEN = datetime(2024, 5, 7, 13, 20)
BETTER = {"down": "fewer", "up": "more", "none": "neither"}


def table(part: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column has this head."""
    tables = re.split(r"\n\n", part)
    (found,) = [one for one in tables if one.lstrip().startswith(f"| {first} |")]
    return list(docs.rows(found))


# addresses -------------------------------------------------------------------------------------


def test_every_page_is_listed():
    assert [docs.plain(row[0]) for row in table(TEXT, "page")] == [path_of(tab) for tab in TABS]


def test_every_parameter_is_explained_and_no_other():
    listed = re.findall(r"`(\w+)`", " ".join(row[0] for row in table(PARTS["The address"], "parameter")))
    own = {"preset", "at", "from", "to", "base", "base_from", "base_to", "hours", "figure", "sort", "as_of"}
    assert sorted(listed) == sorted({*own, *compare_asked._LISTS, *compare_asked._CHOICES})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("preset", span.PRESETS), ("at", span.UNITS), ("base", BASES), ("hours", (WHOLE,)), ("unit", UNITS),
        ("step", STEPS), ("who", WHO), ("limits", LIMITS), ("region", compare_asked.REGIONS),
        ("mode", compare_asked.MODES), ("class", compare_asked.CLASSES),
    ],
)  # fmt: skip
def test_every_value_of_a_parameter_is_named_and_no_other(name, values):
    rows = {docs.plain(row[0]): row for row in table(PARTS["The address"], "parameter")}
    listed = set(re.findall(r"`([a-z0-9_]+)`", rows[name][1])) - {"preset"}
    assert listed == set(values)


def test_the_defaults_are_those_of_an_address_without_anything():
    asked = compare_asked.compare_asked({}, SEEN, RULES, spring_festival)
    defaults = {
        "preset": DEFAULT_PRESET, "base": asked.periods.base_name, "unit": asked.unit, "figure": asked.figure,
        "step": asked.step, "who": asked.who, "limits": asked.limits,
    }  # fmt: skip
    rows = {docs.plain(row[0]): docs.plain(row[2]) for row in table(PARTS["The address"], "parameter")}
    assert {name: rows[name] for name in defaults} == defaults


def test_the_bases_are_explained():
    assert [docs.plain(row[0]) for row in table(PARTS["The periods"], "`base`")] == list(BASES)


@pytest.mark.parametrize("row", table(PARTS["The periods"], "address"), ids=lambda row: row[0])
def test_an_example_means_the_periods_beside_it(row):
    query = docs.plain(row[0]).partition("?")[2]
    args = dict(part.split("=") for part in query.split("&")) if query else {}
    found = compare_asked.compare_asked(args, SEEN, RULES, spring_festival).periods
    assert row[1:] == [written(one) for one in (found.span, found.base, found.previous)]


def written(one: Span | None) -> str:
    assert one is not None
    clock = "" if one.end.time() == time.min else f" {one.end:%H:%M}"
    return f"{one.first_day} … {one.last_day}{clock}"


def test_the_rule_of_the_spring_festival_has_the_programs_numbers():
    assert f"the {span.FESTIVAL_DAYS} days on either side" in TEXT
    assert re.search(rf"not longer\s+than {span.LUNAR_LONGEST} days", TEXT)
    assert f"{span.WEEKDAY_SHIFT.days} days, {span.WEEKDAY_SHIFT.days // 7} weeks" in TEXT


def test_every_address_of_files_and_json_exists():
    from web.compare_api import compare_api
    from web.compare_downloads import compare_downloads

    code = {
        name: (ROOT / "web" / f"{name}.py").read_text(encoding="utf-8") for name in ("compare_api", "compare_downloads")
    }
    routes = re.findall(r'\.get\("([^"]+)"\)', code["compare_api"])
    files = re.findall(r'\.get\("([^"]+)"\)', code["compare_downloads"])
    assert compare_api.name and compare_downloads.name
    assert [docs.plain(row[0]) for row in table(PARTS["JSON"], "address")] == routes
    listed = re.findall(r"`([^`]+)`", " ".join(row[0] for row in table(PARTS["Files"], "address")))
    assert sorted(listed) == sorted(one.replace("<form>", form) for one in files for form in ("csv", "xlsx"))
    assert [verdict for verdict in VERDICTS if f"`{verdict}`" not in PARTS["JSON"]] == []


# figures ---------------------------------------------------------------------------------------


def shown(raw: dict) -> str:
    marks = {"counter": raw.get("headline", True), "column": raw.get("wide", False)}
    marks["if in the data"] = raw.get("optional", False)
    return ", ".join(name for name, on in marks.items() if on)


def test_the_figures_are_those_of_the_catalogue():
    assert table(PARTS["What is counted"], "figure") == [
        [
            f"`{one['code']}`",
            one["names"]["zh"],
            one["names"]["en"],
            " ".join(f"{name}={value}" for name, value in one.get("where", {}).items()).join(
                "``" if one.get("where") else ["", ""]
            ),
            one.get("sum", "incidents"),
            BETTER[one.get("good", "down")],
            shown(one),
        ]
        for one in RAW["figure"]
    ]


def test_the_shares_are_those_of_the_catalogue():
    assert table(PARTS["What is counted"], "share") == [
        [
            f"`{one['code']}`",
            one["names"]["zh"],
            one["names"]["en"],
            f"`{one['part']}` ÷ `{one['whole']}`",
            BETTER[one.get("good", "down")],
            f"{one['goal']:g}" if "goal" in one else "",
        ]
        for one in RAW["share"]
    ]


# rules -----------------------------------------------------------------------------------------


def keys() -> dict[str, str]:
    """Every single key of compare.toml with its value as the table writes it."""
    flat = {
        name: value for name, value in RAW.items() if not isinstance(value, dict) and name not in ("figure", "share")
    }
    flat |= {
        f"{name}.{key}": value for name, part in RAW.items() if isinstance(part, dict) for key, value in part.items()
    }
    return {name: ", ".join(value) if isinstance(value, list) else str(value) for name, value in flat.items()}


def test_every_key_is_listed_with_its_shipped_value_and_no_other():
    part = docs.sections(PARTS["For administrators"])["compare.toml"]
    listed = {docs.plain(row[0]): row[1] for row in docs.rows(part.split("A `[[figure]]`")[0])}
    assert listed == keys()


def test_every_key_of_a_figure_and_a_share_is_explained():
    from catalogue.compare_loader import _Figure, _Share

    part = docs.sections(PARTS["For administrators"])["compare.toml"]
    figure = part.split("A `[[figure]]`")[1].split("A `[[share]]`")[0]
    assert [docs.plain(row[0]) for row in docs.rows(figure)] == list(_Figure.model_fields)
    assert {name for name in (*ALLOWED, *SUMS, *GOOD) if f"`{name}`" not in figure} == set()
    share = part.split("A `[[share]]`")[1].split("```")[0]
    assert {name for name in _Share.model_fields if f"`{name}`" not in share} == set()
    assert f"{MOST_TAGS} different tags" in share
    assert {name for name in TREND_RULES if f"`{name}`" not in part} == set()


def test_the_example_of_an_own_file_does_what_is_said(tmp_path: Path):
    (example,) = docs.blocks(TEXT, "toml")
    (tmp_path / "compare.toml").write_text(example, encoding="utf-8")
    own = load_compare_rules(tmp_path)
    assert own.figures[-1].code == "e_bike" and own.figures[-1].wide and own.figures[-1].headline
    assert [one.code for one in own.wide if one.code == "congestion"] == []
    assert (own.share("quick_share").goal, own.history_weeks) == (75, 52)
    assert (own.q, own.trend, own.main) == (RULES.q, RULES.trend, RULES.main)
    assert own.version != RULES.version
    assert len(own.figures) == len(RULES.figures) + 1 and len(own.shares) == len(RULES.shares)
