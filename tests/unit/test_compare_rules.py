"""`compare.toml`: what is shipped, what a deployment may lay over it, and mistakes that are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.compare_loader import ALLOWED, MOST_TAGS, load_compare_rules
from catalogue.loader import HERE
from domain.compare_rules import CompareRules
from domain.errors import CatalogueError
from domain.incident_filter import Filter

RULES = load_compare_rules()
MINE = 'code = "mine"\nnames = { zh = "我的", en = "Mine" }\n'
FIGURE, SHARE = f"[[figure]]\n{MINE}", f"[[share]]\n{MINE}"


def own(folder: Path, text: str) -> CompareRules:
    """The rules with a deployment's own file laid over them."""
    (folder / "compare.toml").write_text(text, encoding="utf-8")
    return load_compare_rules(folder)


def codes(rules: CompareRules) -> tuple[str, ...]:
    return tuple(one.code for one in rules.figures)


# what is shipped ---------------------------------------------------------------------------------


def test_the_headline_figures_are_those_of_the_sources() -> None:
    """S24-S28 valid, order, other, congestion, repeats; X69-X72 accidents, deaths, trucks; X75, X76 petitions."""
    assert [one.code for one in RULES.figures if one.headline] == [
        "traffic", "accident", "order", "other", "congestion", "repeat", "deaths", "injuries", "petition",
        "yellow_truck", "construction",
    ]  # fmt: skip
    assert [one.code for one in RULES.shares if one.headline] == ["repeat_share"]
    assert RULES.main == RULES.every == "traffic"


def test_goals_are_those_that_the_sources_print() -> None:
    """DOMAIN 1.1 and 1.2: 80 % of all accidents, 98 % of minor ones settled quickly; 84 % mediated on the scene."""
    goals = {one.code: one.goal for one in RULES.shares if one.goal is not None}
    assert goals == {"quick_share": 80, "quick_minor_share": 98, "mediated_share": 84}


def test_every_figure_goes_by_what_stands_in_the_incident_and_counts_valid_ones() -> None:
    for figure in RULES.figures:
        assert figure.filter.valid == "yes"
        where = figure.filter.with_(classes=(), subclasses=(), channels=(), severities=(), tags=(), repeat="all")
        assert where == Filter(), figure.code


def test_a_figure_is_found_by_its_code_and_its_column() -> None:
    assert [RULES.column[one.code] for one in RULES.figures] == list(range(len(RULES.figures)))
    assert all(RULES.figure(one.code) is one for one in RULES.figures)
    assert all(RULES.share(one.code) is one for one in RULES.shares)
    assert RULES.figure("nothing") is None and RULES.share("nothing") is None
    assert [one.code for one in RULES.wide] == [one.code for one in RULES.figures if one.wide] != []


def test_names_come_in_both_languages() -> None:
    for one in (*RULES.figures, *RULES.shares):
        assert re.search(r"[\u4e00-\u9fff]", one.name("zh")) and not re.search(r"[\u4e00-\u9fff]", one.name("en"))
        assert one.name("fr") == one.code


# a deployment's own ------------------------------------------------------------------------------


def test_without_a_file_of_its_own_a_deployment_has_the_shipped_figures(tmp_path: Path) -> None:
    assert load_compare_rules(tmp_path) == RULES


def test_single_keys_are_replaced_and_the_others_stay(tmp_path: Path) -> None:
    rules = own(tmp_path, 'q = 0.1\nmain = "accident"\nfeeds = []\n[trend]\nrule = "mean"\n')
    assert (rules.q, rules.main, rules.feeds, rules.trend.rule) == (0.1, "accident", (), "mean")
    assert (rules.history_weeks, rules.trend.window, rules.trend.years) == (
        RULES.history_weeks, RULES.trend.window, RULES.trend.years,
    )  # fmt: skip
    assert (rules.figures, rules.shares) == (RULES.figures, RULES.shares)
    assert rules.every == "traffic", "classes add up to all incidents whatever the page begins with"


def test_a_figure_of_the_same_code_is_replaced_where_it_stands_and_as_a_whole(tmp_path: Path) -> None:
    rules = own(
        tmp_path, '[[figure]]\ncode = "other"\nnames = { zh = "求助", en = "Help" }\nwhere = { class = "other" }\n'
    )
    assert codes(rules) == codes(RULES)
    mine = rules.figure("other")
    assert mine is not None
    assert (mine.name("zh"), mine.good, mine.wide, mine.optional) == ("求助", "down", False, False)
    assert [one for one in rules.figures if one.code != "other"] == [
        one for one in RULES.figures if one.code != "other"
    ]


def test_new_figures_and_shares_follow_behind(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        f'{FIGURE}where = {{ class = "accident", tag = "e_bike,night", valid = "all" }}\nsum = "injuries"\n'
        f'[[share]]\ncode = "mine_share"\nnames = {{ zh = "率", en = "Rate" }}\npart = "minor"\nwhole = "accident"\n',
    )
    assert codes(rules) == (*codes(RULES), "mine")
    mine = rules.figure("mine")
    assert mine is not None
    assert (mine.filter, mine.sum) == (Filter(classes=("accident",), tags=("e_bike", "night"), valid="all"), "injuries")
    assert [one.code for one in rules.shares] == [*(one.code for one in RULES.shares), "mine_share"]


def test_several_shipped_figures_may_be_replaced_in_any_order(tmp_path: Path) -> None:
    entries = [
        f'[[figure]]\ncode = "{code}"\nnames = {{ zh = "新", en = "New" }}\n' for code in ("petition", "order", "new")
    ]
    rules = own(tmp_path, "".join(entries))
    assert codes(rules) == (*codes(RULES), "new")
    assert {one.code for one in rules.figures if one.name("zh") == "新"} == {"petition", "order", "new"}


# what is wrong is named --------------------------------------------------------------------------

WRONG = [
    # keys and values
    ("q = 0", "q", "greater than 0"),
    ("q = 1", "q", "less than 1"),
    ("q = nan", "q", "finite"),
    ('q = "much"', "q", "number"),
    ("history_weeks = 9", "history_weeks", "10"),
    ("history_weeks = 521", "history_weeks", "520"),
    ("history_weeks = 52.5", "history_weeks", "52.5"),
    ("colour = 1", "colour", "colour"),
    ('feeds = "all"', "feeds", "all"),
    ('feeds = ["Not A Code"]', "feeds.0", "Not A Code"),
    ('[trend]\nrule = "magic"', "trend.rule", "magic"),
    ("[trend]\nwindow = 3", "trend.window", "3"),
    ("[trend]\nfar = 0", "trend.far", "0"),
    ("[trend]\nyears = 11", "trend.years", "11"),
    ("[trend]\nspan = 1", "trend.span", "span"),
    ("trend = 3", "trend", "3"),
    ("figure = 3", "figure", "3"),
    ("[figure]\ncode = 'mine'", "figure", "list"),
    ("figure = [3]", "figure.16", "3"),
    # entries
    ('[[figure]]\nnames = { zh = "我", en = "I" }', "figure.no. 17.code", "missing"),
    ('[[figure]]\ncode = "mine"', "mine.names", "missing"),
    ('[[figure]]\ncode = "mine"\nnames = { zh = "我" }', "mine.names.en", "missing"),
    ('[[figure]]\ncode = "mine"\nnames = { zh = "", en = "I" }', "mine.names.zh", "1 character"),
    (f'[[figure]]\n{MINE}'.replace('"mine"', '"Mine"'), "Mine.code", "Mine"),
    (f'[[figure]]\n{MINE}'.replace('"mine"', "[1]"), "code", "1"),
    (f'{FIGURE}sum = "loss"', "mine.sum", "loss"),
    (f'{FIGURE}good = "maybe"', "mine.good", "maybe"),
    (f'{FIGURE}unit = "A B"', "mine.unit", "A B"),
    (f'{FIGURE}headline = "often"', "mine.headline", "often"),
    (f"{FIGURE}color = 1", "mine.color", "color"),
    (f"{FIGURE}where = {{ class = 3 }}", "mine.where.class", "3"),
    (f"{SHARE}goal = 101\npart = \"repeat\"\nwhole = \"traffic\"", "mine.goal", "101"),
    (f'{SHARE}part = "repeat"', "mine.whole", "missing"),
    # filters
    *((f'{FIGURE}where = {{ {name} = "{value}" }}', "mine.where", name)
      for name, value in (("hours", "7-9"), ("weekdays", "1"), ("days", "holiday"), ("district", "D1"),
                          ("station", "S1"), ("grid", "G1"), ("cell", "891ea6d4c6fffff"), ("near", "1,2,3"),
                          ("klass", "accident"))),
    (f'{FIGURE}where = {{ severity = "awful" }}', "mine.where", "awful"),
    (f'{FIGURE}where = {{ valid = "perhaps" }}', "mine.where", "perhaps"),
    (f'{FIGURE}where = {{ repeat = "thrice" }}', "mine.where", "thrice"),
    (f'{FIGURE}where = {{ class = "<b>" }}', "mine.where", "<b>"),
    (f'{FIGURE}where = {{ placed = "all" }}', "mine.where", "nothing"),
    # references
    ('main = "nothing"', "main", "nothing"),
    (f'{SHARE}part = "nothing"\nwhole = "traffic"', "mine.part", "nothing"),
    (f'{SHARE}part = "repeat"\nwhole = "nothing"', "mine.whole", "nothing"),
    (FIGURE + FIGURE, "mine", "twice"),
    (f'{FIGURE}{SHARE}part = "repeat"\nwhole = "traffic"', "mine", "twice"),
    ('[[figure]]\ncode = "order"\nnames = { zh = "一", en = "One" }\n' * 2, "order", "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "said"), WRONG)
def test_a_mistake_is_named_by_file_key_and_value(tmp_path: Path, text: str, where: str, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, text)
    params = {name: str(value) for name, value in caught.value.params.items()}
    assert params["file"] == str(tmp_path / "compare.toml")
    assert where in params["where"]
    assert said in params["where"] + params["detail"]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("traffic", "accident"),
        ("accident", "order"),
        ("repeat", "quick"),
        ("quick", "quick_online"),  # some are settled on the scene
        ("deaths", "traffic"),  # one incident may have two
        ("accident", "deaths"),
        ("deaths", "injuries"),
        ("petition", "accident"),
    ],
)
def test_a_share_of_what_is_not_inside_is_refused(tmp_path: Path, part: str, whole: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, f'{SHARE}part = "{part}"\nwhole = "{whole}"\n')
    assert caught.value.params["where"] == "mine.part"
    assert repr(part) in str(caught.value) and repr(whole) in str(caught.value)


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ({"class": "accident"}, {}),
        ({"class": "accident"}, {"class": "accident,order"}),
        ({"class": "accident", "tag": "a"}, {"tag": "a,b"}),
        ({"found": "citizen"}, {"found": "others"}),
        ({"found": "citizen"}, {}),
        ({}, {"valid": "all"}),
        ({"valid": "no"}, {"valid": "all"}),
        ({"placed": "yes", "repeat": "first"}, {"repeat": "first"}),
    ],
)
def test_a_share_of_what_is_inside_is_taken_and_its_reverse_refused(
    tmp_path: Path, part: dict[str, str], whole: dict[str, str]
) -> None:
    def figure(code: str, where: dict[str, str]) -> str:
        said = ", ".join(f'{name} = "{value}"' for name, value in where.items())
        return f'[[figure]]\ncode = "{code}"\nnames = {{ zh = "一", en = "One" }}\nwhere = {{ {said} }}\n'

    pair = figure("one", part) + figure("all_of", whole)
    rules = own(tmp_path, f'{pair}{SHARE}part = "one"\nwhole = "all_of"\n')
    assert rules.share("mine") is not None
    with pytest.raises(CatalogueError):
        own(tmp_path, f'{pair}{SHARE}part = "all_of"\nwhole = "one"\n')


def test_tables_need_a_column_and_classes_a_sum(tmp_path: Path) -> None:
    narrow = "".join(f'[[figure]]\ncode = "{one.code}"\nnames = {{ zh = "一", en = "One" }}\n' for one in RULES.figures)
    with pytest.raises(CatalogueError, match="wide"):
        own(tmp_path, narrow)
    with pytest.raises(CatalogueError, match="every valid incident"):
        own(tmp_path, '[[figure]]\ncode = "traffic"\nnames = { zh = "全", en = "All" }\nwhere = { valid = "all" }\n')


@pytest.mark.parametrize(("count", "fits"), [(MOST_TAGS, True), (MOST_TAGS + 1, False)])
def test_so_many_different_tags_and_no_more(tmp_path: Path, count: int, fits: bool) -> None:
    shipped = {tag for one in RULES.figures for tag in one.filter.tags}
    tags = [f"t{number}" for number in range(count - len(shipped))]
    halves = [",".join(tags[::2]), ",".join(tags[1::2])]
    text = "".join(
        f'[[figure]]\ncode = "f{n}"\nnames = {{ zh = "一", en = "One" }}\nwhere = {{ tag = "{half}" }}\n'
        for n, half in enumerate(halves)
    )
    if fits:
        assert len(own(tmp_path, text).figures) == len(RULES.figures) + 2
    else:
        with pytest.raises(CatalogueError, match="tags"):
            own(tmp_path, text)


@pytest.mark.parametrize(
    ("raw", "where"), [(b"q = ", "syntax"), (b"q = 0.1 # \xff", "encoding"), (b"[[figure]\n", "syntax")]
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, raw: bytes, where: str) -> None:
    (tmp_path / "compare.toml").write_bytes(raw)
    with pytest.raises(CatalogueError) as caught:
        load_compare_rules(tmp_path)
    assert caught.value.params["where"] == where
    assert str(caught.value).startswith(str(tmp_path / "compare.toml"))


@given(name=st.sampled_from(sorted(ALLOWED)), value=st.text(max_size=12))
def test_whatever_a_filter_says_it_is_taken_or_refused_by_name(tmp_path_factory, name: str, value: str) -> None:
    quoted = "".join(one if one.isalnum() else f"\\U{ord(one):08X}" for one in value)
    try:
        rules = own(tmp_path_factory.mktemp("own"), f'{FIGURE}where = {{ {name} = "{quoted}" }}\n')
    except CatalogueError as error:
        assert "mine" in str(error.params["where"]) or error.params["where"] in ("syntax", "figure")
    else:
        assert rules.figure("mine") is not None


# the version -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "q = 0.06",
        "history_weeks = 103",
        'main = "order"',
        "feeds = []",
        "[trend]\nyears = 3",
        FIGURE,
        '[[figure]]\ncode = "order"\nnames = { zh = "秩序警情", en = "Order calls" }\nwhere = { class = "order" }\n',
        f'{SHARE}part = "repeat"\nwhole = "traffic"',
    ],
)
def test_the_version_changes_with_every_change_of_meaning(tmp_path: Path, text: str) -> None:
    assert own(tmp_path, text).version != RULES.version


def test_the_version_does_not_change_with_what_means_the_same(tmp_path: Path) -> None:
    text = (HERE / "compare.toml").read_text(encoding="utf-8")
    assert own(tmp_path, text).version == RULES.version
    assert own(tmp_path, re.sub(r"#.*", "", text)).version == RULES.version
    assert own(tmp_path, "q = 0.050\n").version == RULES.version
    assert re.fullmatch(r"[0-9a-f]{10}", RULES.version)
