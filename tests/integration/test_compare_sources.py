"""What the source articles print comes out of the engine digit for digit when such counts are loaded.

The sums of November 2021 are those that give the printed percentages (DOMAIN 1.1); how they are spread over days,
stations and classes is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from catalogue.compare_loader import load_compare_rules
from catalogue.days import spring_festival
from catalogue.loader import load_catalogue
from components import compare_page
from components.compare_cards import cards
from components.look import Look
from data_access import tables as t
from data_access.bulk import bulk_insert
from data_access.engine import writing
from data_access.packs import rebuild_packs
from domain.access import command
from domain.compare_asked import compare_asked
from domain.compare_views import CompareView, FigureLine, UnitCell, UnitRow
from i18n import ONE_SPACE, translator
from i18n.compare_words import changed_text, percent_text, points_text, size_text
from services.compare import compare_view
from services.compare_desk import CompareGround
from tests import factories as make
from tests.support.trees import nodes, shown, tag_of

CATALOGUE = load_catalogue()
LANGS = ("zh", "en")
PETITIONS_ARE_WIDE = (
    '[[figure]]\ncode = "petition"\nnames = { zh = "信访舆情", en = "Petitions" }\nwhere = { channel = "petition" }\n'
    'unit = "items"\nwide = true\noptional = true\n'
)
COLUMNS = (
    "incident_id", "station_code", "class_code", "subclass", "channel", "is_valid", "repeat_of", "occurred_at",
    "reported_at", "deaths", "injuries", "serious_injuries", "updated_at",
)  # fmt: skip

# November 2022 and 2021: class -> (valid incidents, repeats among them, deaths among them)
YUECHENG = "YC"
NOVEMBERS: dict[tuple[int, str], dict[str, tuple[int, int, int]]] = {
    (2022, YUECHENG): {"accident": (3216, 30, 10), "order": (3698, 43, 0), "other": (1881, 0, 0)},
    (2021, YUECHENG): {"accident": (4000, 300, 12), "order": (4000, 244, 0), "other": (2102, 0, 0)},
    (2022, "REST"): {"accident": (15_099, 50, 45), "order": (6000, 46, 0), "other": (2086, 0, 0)},
    (2021, "REST"): {"accident": (16_003, 400, 53), "order": (7000, 315, 0), "other": (3431, 0, 0)},
}
# A whole year by region: congestion calls, petitions, deaths (S: X09, X10, X11)
REGIONS = {
    "urban": {"congestion": 2146, "petition": 700, "deaths": 9},
    "fringe": {"congestion": 1000, "petition": 2380, "deaths": 16},
    "rural": {"congestion": 351, "petition": 875, "deaths": 71},
}
YEAR = 2019
STATIONS = {"YC1": (YUECHENG, "urban"), "R1": ("REST", "urban"), "R2": ("REST", "fringe"), "R3": ("REST", "rural")}


def novembers() -> Iterator[tuple[Any, ...]]:
    for (year, district), classes in NOVEMBERS.items():
        homes = [code for code, (owner, _) in STATIONS.items() if owner == district]
        for name, (total, repeats, deaths) in classes.items():
            for number in range(total):
                at = datetime(year, 11, 1) + timedelta(minutes=number * 43_200 // total)
                home = homes[number % len(homes)]
                yield home, name, None, None, "I0" if number < repeats else None, at, int(number < deaths)


def a_year() -> Iterator[tuple[Any, ...]]:
    home_of = {region: code for code, (district, region) in STATIONS.items() if district == "REST"}
    kinds = {"congestion": ("order", "congestion", None, 0), "petition": ("other", "noise", "petition", 0),
             "deaths": ("accident", None, None, 1)}  # fmt: skip
    for region, sums in REGIONS.items():
        for figure, total in sums.items():
            name, subclass, channel, deaths = kinds[figure]
            for number in range(total):
                at = datetime(YEAR, 1, 1) + timedelta(minutes=number * 525_600 // total)
                yield home_of[region], name, subclass, channel, None, at, deaths


def fill(connection: Connection) -> None:
    for code in (YUECHENG, "REST"):
        make.make_district(connection, code)
    for code, (district, region) in STATIONS.items():
        make.make_station(connection, code, district_code=district, region_type=region)
    numbers = count()
    rows = (
        (f"N{next(numbers):06d}", home, name, subclass, channel, 1, repeat, at, at, deaths, 0, 0, at)
        for part in (novembers(), a_year())
        for home, name, subclass, channel, repeat, at, deaths in part
    )
    bulk_insert(connection, t.incident, COLUMNS, rows)
    for year, first, last in ((YEAR, 1, 12), (2021, 11, 11), (2022, 11, 11)):
        rebuild_packs(connection, datetime(year, first, 1).date(), datetime(year, last, 30).date() + timedelta(days=1))


@dataclass(frozen=True, eq=False)
class Loaded:
    """A database with such counts."""

    ground: CompareGround

    @cache  # noqa: B019 - one per module
    def view(self, unit: str, at: str, now: datetime) -> CompareView:
        """The comparison of a month, or of a year, with the same one before."""
        args = {"preset": "year" if at.endswith("-01-01") else "month", "at": at, "unit": unit}
        asked = compare_asked(args, now, self.ground.rules, spring_festival)
        return compare_view(self.ground, command(), asked, now)

    def november(self, unit: str = "district") -> CompareView:
        return self.view(unit, "2022-11-01", datetime(2022, 12, 8, 9))

    def year(self) -> CompareView:
        return self.view("region", f"{YEAR}-01-01", datetime(YEAR + 1, 1, 8, 9))


@pytest.fixture(scope="module")
def loaded(fresh: Engine, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Some 76 000 incidents, once on each database."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "compare.toml").write_text(PETITIONS_ARE_WIDE, encoding="utf-8")
    with writing(fresh) as connection:
        fill(connection)
    return Loaded(CompareGround(fresh, CATALOGUE, load_compare_rules(folder), "CN"))


def plain(text: str) -> str:
    return text.replace(ONE_SPACE, " ")


def look(lang: str) -> Look:
    return Look(translator(lang, strict=True), CATALOGUE, "")


def line(view: CompareView, code: str) -> FigureLine:
    return next(one for one in view.lines if one.code == code)


def cell(view: CompareView, row: str, figure: str) -> UnitCell:
    found: UnitRow = next(one for one in view.table.rows if one.code == row)
    return found.cells[view.table.figures.index(figure)]


# the city, November 2022 against November 2021 ---------------------------------------------------

CITY = [
    ("traffic", 31_980, 36_536, "−12.47 %"),  # S24
    ("repeat", 169, 1_259, "−86.58 %"),  # S25
    ("deaths", 55, 65, "−15.38 %"),  # X70
    ("accident", 18_315, 20_003, "−8.44 %"),  # X69; −8.4387 before rounding
]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("code", "now", "base", "percent"), CITY)
def test_the_citys_figures_are_printed_as_in_the_articles(
    loaded: Loaded, code: str, now: int, base: int, percent: str, lang: str
) -> None:
    found, t_ = line(loaded.november(), code), look(lang).t
    assert (found.now, found.base) == (now, base)
    assert plain(percent_text(found.change, t_)) == percent
    assert plain(size_text(found.change, t_)) == percent.removeprefix("−")
    assert found.change.verdict in ("fewer", "chance")


def test_ten_deaths_fewer_are_a_fall_that_may_be_chance(loaded: Loaded) -> None:
    """55 against 65: printed as −10 and −15.38 % (X70). The page prints it too, and that it proves nothing."""
    change = line(loaded.november(), "deaths").change
    assert (change.now - change.base, change.verdict) == (-10, "chance")
    assert change.low is not None and change.high is not None and change.low < 0 < change.high


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", {
            "traffic": ("31,980 起", "↓ 下降 12.47 %", "36,536 起"),
            "repeat": ("169 起", "↓ 下降 86.58 %", "1,259 起"),
            "deaths": ("55 人", "↓ 下降 15.38 %", "65 人"),
            "accident": ("18,315 起", "↓ 下降 8.44 %", "20,003 起"),
        }),
        ("en", {
            "traffic": ("31,980 incidents", "↓ down 12.47 %", "36,536 incidents"),
            "repeat": ("169 incidents", "↓ down 86.58 %", "1,259 incidents"),
            "deaths": ("55 people", "↓ down 15.38 %", "65 people"),
            "accident": ("18,315 incidents", "↓ down 8.44 %", "20,003 incidents"),
        }),
    ],
)  # fmt: skip
def test_the_counters_on_the_page_say_them(loaded: Loaded, lang: str, said: dict[str, tuple[str, ...]]) -> None:
    tree = cards(loaded.november(), loaded.ground.rules, look(lang))
    texts = {}
    for node in nodes(tree):
        if len(node) > 1 and isinstance(node[1], dict) and "data-figure" in node[1]:
            texts[node[1]["data-figure"]] = shown(node)
    for code, parts in said.items():
        for part in parts:
            assert part in texts[code], (code, texts[code])


def test_the_share_of_repeats_is_told_in_points(loaded: Loaded) -> None:
    """169 of 31 980 are 0.53 %, 1259 of 36 536 were 3.45 %."""
    share = next(one for one in loaded.november().shares if one.code == "repeat_share")
    t_ = look("zh").t
    assert (share.now, share.base) == ((169, 31_980), (1_259, 36_536))
    assert [plain(t_.percent(one, 2)) for one in (share.change.now, share.change.base)] == ["0.53 %", "3.45 %"]
    assert plain(points_text(share.change, t_)) == "−2.92 个百分点"


# one district of it ------------------------------------------------------------------------------

DISTRICT = [
    ("traffic", 8_795, 10_102, "−12.94 %"),  # S27
    ("repeat", 73, 544, "−86.58 %"),  # S28
    ("accident", 3_216, 4_000, "−19.60 %"),
    ("order", 3_698, 4_000, "−7.55 %"),
]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("code", "now", "base", "percent"), DISTRICT)
def test_the_districts_row_is_printed_as_in_the_articles(
    loaded: Loaded, code: str, now: int, base: int, percent: str, lang: str
) -> None:
    found = cell(loaded.november(), YUECHENG, code)
    assert (found.now, found.base) == (now, base)
    assert plain(changed_text(found.now, found.base, found.percent, look(lang).t)) == percent


def test_the_rest_of_the_city_is_what_remains(loaded: Loaded) -> None:
    """DOMAIN 1.1: 23 185 against 26 434, −12.29 %; Yuecheng has 27.5 % of the city."""
    view, t_ = loaded.november(), look("zh").t
    rest = cell(view, "REST", "traffic")
    assert (rest.now, rest.base, plain(t_.change(rest.percent))) == (23_185, 26_434, "−12.29 %")
    assert plain(t_.percent(cell(view, YUECHENG, "traffic").share)) == "27.5 %"


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_on_the_page_prints_the_rows(loaded: Loaded, lang: str) -> None:
    tree = compare_page.tables(loaded.november(), loaded.ground.rules, look(lang))
    rows = [shown(node) for node in nodes(tree) if tag_of(node) == "tr"]
    (mine,) = (one for one in rows if one.startswith(YUECHENG))
    for text in ("8,795", "10,102", "−12.94 %", "3,216", "−19.60 %", "3,698", "−7.55 %", "73", "544", "−86.58 %"):
        assert text in mine
    (foot,) = (one for one in rows if one.startswith("合计" if lang == "zh" else "Total"))
    for text in ("31,980", "36,536", "−12.47 %", "169", "1,259", "−86.58 %", "55", "65", "−15.38 %", "−8.44 %"):
        assert text in foot


# a year by region --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("region", "figure", "part", "whole", "percent"),
    [
        ("urban", "congestion", 2_146, 3_497, "61.4 %"),  # X09
        ("fringe", "petition", 2_380, 3_955, "60.2 %"),  # X10
        ("rural", "deaths", 71, 96, "74.0 %"),  # X11
    ],
)
def test_a_regions_share_is_printed_as_in_the_articles(
    loaded: Loaded, region: str, figure: str, part: int, whole: int, percent: str, lang: str
) -> None:
    view = loaded.year()
    found, at = cell(view, region, figure), view.table.figures.index(figure)
    assert (found.now, view.table.total.cells[at].now) == (part, whole)
    assert plain(look(lang).t.percent(found.share)) == percent
    tree = compare_page.tables(view, loaded.ground.rules, look(lang))
    rows = [shown(node) for node in nodes(tree) if tag_of(node) == "tr"]
    name, number = look(lang).t(f"compare.region_name.{region}"), look(lang).t.number(part)
    assert len([one for one in rows if one.startswith(name) and number in one and percent in one]) == 1
