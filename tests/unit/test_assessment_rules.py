"""`assessment.toml`: the shipped rules are DOMAIN's, a deployment's own are laid over them, mistakes are named."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from catalogue.assessment_loader import load_assessment, rules_of
from catalogue.loader import HERE, load_catalogue
from domain.assessment_rules import BLOCKS, MODES, Form
from domain.errors import CatalogueError
from domain.task import Catalogue
from tests.support.assessed import RULES

CATALOGUE = load_catalogue()
SHIPPED = (HERE / "assessment.toml").read_text(encoding="utf-8")


def own(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "assessment.toml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str, catalogue: Catalogue = CATALOGUE) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load_assessment(catalogue, own(folder, text))
    assert caught.value.key == "error.catalogue"
    assert Path(str(caught.value.params["file"])).name == "assessment.toml"
    return caught.value


# what ships -------------------------------------------------------------------------------------

WEIGHTS = {  # DOMAIN 2.7
    "O1": (15, 15, 15), "O2": (15, 15, 15), "P1": (8, 10, 10), "P2": (14, 12, 10), "P3": (14, 12, 12),
    "P4": (10, 10, 10), "P5": (6, 8, 10), "P6": (8, 10, 10), "P7": (10, 8, 8),
}  # fmt: skip


def test_the_shipped_weights_are_those_of_the_domain() -> None:
    assert {one.code: tuple(one.weights[mode] for mode in MODES) for one in RULES.indicators} == WEIGHTS
    assert dict(RULES.block_weights) == {"outcome": 30, "process": 70}
    for mode in MODES:
        for block in BLOCKS:
            total = sum(one.weights[mode] for one in RULES.indicators if one.block == block)
            assert total == RULES.block_weights[block]


def test_the_shipped_limits_are_those_of_the_domain() -> None:
    assert (RULES.blue, RULES.yellow, RULES.black_below) == (90, 75, 75)
    assert (RULES.bonus_cap, RULES.deduction_cap, RULES.red_list, RULES.black_list) == (3, 5, 3, 3)
    assert RULES.ties == ("O2", "P3")
    parts = {(one.code, part.code): part for one in RULES.indicators for part in one.parts}
    assert parts["O1", "rate"].kappa == 1
    assert parts["P2", "helmets"].full_sample == 1000
    assert [parts["P1", code].share for code in ("built", "running")] == [0.4, 0.6]
    assert [parts["P6", code].share for code in ("reported", "timely")] == [0.4, 0.6]
    assert [parts["P7", code].share for code in ("people", "sessions")] == [0.5, 0.5]
    assert RULES.quotas() == {"hazards", "people", "sessions"}


def test_the_machine_readable_domain_says_the_same() -> None:
    path = HERE.parent.parent / "shared" / "catalogue.json"
    if not path.exists():
        pytest.skip("the machine-readable catalogue is not here")
    for row in json.loads(path.read_text(encoding="utf-8"))["assessment"]:
        one = RULES.by_code[row["code"]]
        assert (one.block, one.names["zh"], one.names["en"]) == (row["block"], row["zh"], row["en"])
        assert {mode: one.weights[mode] for mode in MODES} == row["weights_by_mode"]


def test_every_source_is_used_and_has_a_name() -> None:
    used = {code for one in RULES.indicators for part in one.parts for code in part.sources}
    assert used == {one.code for one in RULES.sources}
    assert [one.code for one in RULES.sources if not one.task and not one.names] == []


def test_rules_survive_being_kept_as_text() -> None:
    assert rules_of(RULES.text) == RULES
    with pytest.raises(CatalogueError):
        rules_of('["2026.1", {}]')
    with pytest.raises(CatalogueError):
        rules_of("nothing")


# a deployment's own -----------------------------------------------------------------------------

LATER = """
[[version]]
code = "own.2"
like = "2026.1"
valid_from = 2024-07-01
blue = 88

[[version.indicator]]
code = "P2"
weights = { basic = 12, deep = 10, full = 8 }

[[version.indicator]]
code = "P3"
weights = { basic = 16, deep = 14, full = 14 }
"""


def test_a_month_is_judged_by_the_version_in_force_on_a_day(tmp_path: Path) -> None:
    book = load_assessment(CATALOGUE, own(tmp_path / "own", LATER))
    before, after = book.on(date(2024, 6, 30)), book.on(date(2024, 7, 1))
    assert before == RULES
    assert after is not None
    assert after.version.startswith("own.2+")
    assert (after.blue, after.yellow) == (88, 75)
    assert after.by_code["P2"].weights["deep"] == 10
    assert after.by_code["P2"].parts == RULES.by_code["P2"].parts
    assert [one.code for one in after.indicators] == [one.code for one in RULES.indicators]
    assert book.on(date(1999, 12, 31)) is None


def test_an_own_version_of_the_same_code_replaces_ours_and_is_marked(tmp_path: Path) -> None:
    text = '[[version]]\ncode = "2026.1"\nlike = "2026.1"\nbonus_cap = 2\n'
    (only,) = load_assessment(CATALOGUE, own(tmp_path / "own", text)).versions
    assert only.bonus_cap == 2
    assert only.version.startswith("2026.1+")
    assert only.valid_from == RULES.valid_from
    assert rules_of(only.text) == only


def test_without_an_own_file_ours_is_in_force(tmp_path: Path) -> None:
    assert load_assessment(CATALOGUE, tmp_path).versions == (RULES,)


# mistakes ---------------------------------------------------------------------------------------

WHOLE = {
    "weights that do not sum": (
        "deep = 12, full = 10 }",
        "deep = 11, full = 10 }",
        "block process in mode deep sum to 69",
    ),
    "blocks": ("process = 70", "process = 60", "blocks sum to 90, not to 100"),
    "an unknown key": ("black_below = 75", "black_bellow = 75", "did you mean black_below?"),
    "a missing key": ('default_mode = "deep"\n', "", "default_mode"),
    "a curve that turns back": (
        '[0.80, 0.6], [0.90, 1.0]]\n\n[[version.indicator]]\ncode = "P4"',
        '[0.80, 0.6], [0.70, 1.0]]\n\n[[version.indicator]]\ncode = "P4"',
        "x must rise",
    ),
    "a curve the wrong way": (
        "[-0.10, 1.0], [0.00, 0.6], [0.15, 0.0]",
        "[-0.10, 0.0], [0.00, 0.6], [0.15, 1.0]",
        "must not rise",
    ),
    "more than full points": ("[0.0, 0.0], [1.0, 1.0]", "[0.0, 0.0], [1.0, 1.5]", "the value is 1.5"),
    "parts that do not sum": ('share = 0.4\nform = "rate"', 'share = 0.3\nform = "rate"', "parts of P1 sum to 0.9"),
    "an unknown source": ('sources = ["slots"]', 'sources = ["slotz"]', "there is no source 'slotz'"),
    "a task nobody has": ('task = "T3-03"', 'task = "T3-33"', "there is no task 'T3-33'"),
    "a quota of a rate": ('sources = ["people"]', 'sources = ["slots"]', "T3-03 is no count with a target"),
    "two origins": ('task = "T3-03"', 'task = "T3-03"\nsample = "key_slot"', "exactly one of task, sample and risk"),
    "kappa where it means nothing": ("full_sample = 1000", "kappa = 1000", "kappa belongs to the form shrunk"),
    "colours the wrong way": ("yellow = 75\nbonus", "yellow = 95\nbonus", "yellow 95 is stricter than blue 90"),
    "an unknown tie": ('["O2", "P3"]', '["O2", "P8"]', "there is no indicator 'P8'"),
    "a source twice": ('code = "built"\ntask', 'code = "running"\ntask', "source 'running' is defined 2 times"),
    "a year of a rate": (
        'sources = ["accidents_year"]',
        'sources = ["accidents"]',
        "form shrunk takes a source with take",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), WHOLE.values(), ids=WHOLE)
def test_a_mistake_is_named_with_its_place(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in SHIPPED, f"the test changes {old!r}, which is not there"
    assert told in str(refusal(tmp_path / "own", SHIPPED.replace(old, new, 1)))


def test_two_versions_of_one_day_and_an_unknown_like_are_refused(tmp_path: Path) -> None:
    same = LATER.replace("2024-07-01", "2000-01-01")
    assert "two versions are valid from 2000-01-01" in str(refusal(tmp_path / "own", same))
    assert "there is no version '2020'" in str(refusal(tmp_path / "own", LATER.replace('"2026.1"', '"2020"')))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "own", "[[version\n").params["where"] == "syntax"


def test_a_net_of_one_source_is_refused(tmp_path: Path) -> None:
    text = SHIPPED.replace('sources = ["lowered", "raised"]', 'sources = ["lowered"]')
    assert "form net takes 2 source(s), not 1" in str(refusal(tmp_path / "own", text))
    assert {part.form for part in RULES.by_code["P4"].parts} == {Form.NET}


def test_the_manuals_version_can_be_used_as_it_is_written(tmp_path: Path) -> None:
    manual = (HERE.parent / "docs" / "assessment.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", manual, flags=re.DOTALL)
    book = load_assessment(CATALOGUE, own(tmp_path / "own", block))
    assert [one.version.split("+")[0] for one in book.versions] == ["2026.1", "2026.2"]
    assert (book.versions[1].blue, book.versions[1].by_code["P3"].weights["full"]) == (88, 14)


def test_the_manuals_table_says_the_weights() -> None:
    manual = (HERE.parent / "docs" / "assessment.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in manual.splitlines() if re.match(r"\| [OP]\d \|", line)]
    found = {row[1].strip(): tuple(int(one) for one in row[3].split("/")) for row in rows}
    assert found == WEIGHTS
    assert {row[1].strip(): row[2].strip() for row in rows} == {one.code: one.names["zh"] for one in RULES.indicators}
