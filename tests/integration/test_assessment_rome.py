"""Rome's November 2021 is scored as far as it can be: outcome by the raw files, process without data, both told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from data_access.engine import reading, writing
from data_access.refresh import refresh
from data_access.tables import district, station
from domain.access import command
from domain.assessment_score import State
from domain.assessment_views import OPEN, RankingView
from domain.month import Month
from services.assessment import ranking_view
from services.assessment_sheet import sheet_view
from services.desk import Desk
from tests.integration.conftest import use
from tests.integration.test_map_rome import MUNICIPI, NOW
from tests.support import assessed_book as read
from tests.support import rome_score
from tests.support.rome_counts import ARCHIVE, RomeCounts, raw_rows
from tests.support.rome_import import import_rome
from web.context import EXTENSION, Context

pytestmark = [pytest.mark.rome, pytest.mark.slow]

MONTH, JUNE = Month(2021, 11), Month(2021, 6)
QUERY = f"month={MONTH.period}"
CATALOGUE = load_catalogue()
BOOK = load_assessment(CATALOGUE)
PROCESS = [f"P{number}" for number in range(1, 8)]


@pytest.fixture(scope="module")
def raw(rome_dir: Path) -> RomeCounts:
    """The raw files, read once."""
    return RomeCounts(rome_dir)


def expected(raw: RomeCounts, folder: Path, month: Month) -> dict[str, rome_score.Expected]:
    found = rome_score.expected(raw, folder, month.last)
    return {f"ROMA-G{group:02d}": one for group, one in found.items()}


@pytest.fixture(scope="module")
def wanted(raw: RomeCounts, rome_dir: Path) -> dict[str, rome_score.Expected]:
    """Station -> what the raw files say of November."""
    return expected(raw, rome_dir, MONTH)


@pytest.fixture(scope="module")
def rome(fresh: Engine, rome_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Rome imported, its residents written, refreshed. Do not write to it."""
    import_rome(fresh, rome_dir, tmp_path_factory.mktemp("rome"), NOW)
    with writing(fresh) as connection:
        for group, people in rome_score.shares(rome_dir).items():
            mine = station.c.code == f"ROMA-G{group:02d}"
            value = None if people is None else float(people)
            connection.execute(update(station).where(mine).values(residents_10k=value, updated_at=NOW))
    refresh(fresh, CATALOGUE, NOW)
    return fresh


@pytest.fixture
def client(application: Any, rome: Engine) -> Iterator[Any]:
    """The application on Rome."""
    server = application.server
    original: Context = server.extensions[EXTENSION]
    changed = {"engine": rome, "now": lambda: NOW, "catalogue": CATALOGUE, "assessment": BOOK}
    use(server, original, **changed)
    yield server.test_client()
    use(server, original)


def ranking(engine: Engine, month: Month = MONTH) -> RankingView:
    return ranking_view(Desk(engine, CATALOGUE, BOOK), command(), month, NOW)


def test_the_residents_are_those_that_were_published(rome: Engine) -> None:
    found = {name: float(people) for name, people in rome_score.residents().items()}
    assert sum(found.values()) == pytest.approx(rome_score.CITY, rel=0.005)
    assert (max(found, key=found.__getitem__), min(found, key=found.__getitem__)) == (
        rome_score.LARGEST[0],
        rome_score.SMALLEST[0],
    )
    for name, people in (rome_score.LARGEST, rome_score.SMALLEST):
        assert found[name] == pytest.approx(people, rel=0.005)
    with reading(rome) as connection:
        areas = {row.code: row.area_km2 for row in connection.execute(select(district.c.code, district.c.area_km2))}
    for code, name in MUNICIPI.items():
        if name in rome_score.DENSITIES:
            assert found[name] == pytest.approx(areas[code] * rome_score.DENSITIES[name] / 10_000, rel=0.02), name


@pytest.mark.parametrize("month", [MONTH, JUNE])
def test_the_two_outcome_indicators_are_those_of_the_raw_files(
    rome: Engine, raw: RomeCounts, rome_dir: Path, month: Month
) -> None:
    """In November nearly all are worse than in the curfew of 2020; in June the curves are asked in their middle."""
    view, wanted = ranking(rome, month), expected(raw, rome_dir, month)
    assert (view.about.state, [group.mode for group in view.groups]) == (OPEN, [None])
    lines = {line.unit.code: line.score for line in view.groups[0].lines}
    assert set(lines) == set(wanted)
    for code, one in wanted.items():
        o1, o2 = (lines[code].indicator(name) for name in ("O1", "O2"))
        assert o1 is not None and o2 is not None
        assert (o2.numerator, o2.base) == one.month, code
        assert o2.share == pytest.approx(float(one.o2)), code
        if one.o1 is None or one.rates is None:
            assert (o1.state, o1.points, o2.state, o2.weight) == (State.NO_DATA, None, State.RESCALED, 30)
            assert lines[code].blocks[0].points == pytest.approx(30 * float(one.o2))
            continue
        assert (o1.numerator, o1.denominator) == (one.year[0], float(one.residents or 0))
        assert [o1.value, o1.base] == pytest.approx([float(rate) for rate in one.rates]), code
        assert o1.share == pytest.approx(float(one.o1)), code
        assert (o1.weight, o2.weight) == (15, 15)
        assert lines[code].blocks[0].points == pytest.approx(15 * float(one.o1) + 15 * float(one.o2))
    assert {code for code, one in wanted.items() if one.o1 is None} == {"ROMA-G23", "ROMA-G26"}
    if month is JUNE:
        assert len([one for one in wanted.values() if one.o1 and 0 < one.o1 < 1]) > 5


def test_without_process_data_there_is_no_total_no_rank_and_no_colour(rome: Engine) -> None:
    for line in ranking(rome).groups[0].lines:
        score = line.score
        assert [
            one.code for one in score.indicators if one.state is State.NO_DATA and one.block == "process"
        ] == PROCESS
        assert (score.total, score.rank, score.colour, line.listed, line.band) == (None, None, "grey", "", None)
        assert score.blocks[1].points is None and score.blocks[1].missing == tuple(PROCESS)
        assert score.known == (score.blocks[0].points, 30)
    assert ranking(rome).groups[0].of == 0


def test_a_sheet_of_rome_explains_outcome_and_says_what_is_missing(rome: Engine) -> None:
    view = sheet_view(Desk(rome, CATALOGUE, BOOK), command(), MONTH, "ROMA-G04", NOW)
    steps = {step.code: step for step in view.steps}
    assert steps["full"].after == 30 and steps["total"].after == pytest.approx(view.score.blocks[0].points)
    assert all(steps[code].no_data for code in PROCESS)
    assert {move.source for move in view.moves} <= {"accidents", "accidents_year"}


def test_json_and_workbook_say_the_same_and_show_the_rescaling(
    client: Any, wanted: dict[str, rome_score.Expected]
) -> None:
    said = json.loads(client.get(f"/api/v1/assessment?{QUERY}").text)
    (group,) = said["groups"]
    for line in group["lines"]:
        one = wanted[line["unit"]["code"]]
        points = {each["code"]: each for each in line["indicators"]}
        weights = (0, 30) if one.o1 is None else (15, 15)
        assert (points["O1"]["weight"], points["O2"]["weight"]) == weights
        assert points["O2"]["points"] == pytest.approx(weights[1] * float(one.o2))
        assert (points["O1"]["points"] is None) == (one.o1 is None)
        assert {points[code]["state"] for code in PROCESS} == {"no_data"}
        assert (line["total"], line["rank"], line["blocks"]["process"]["points"]) == (None, None, None)
    book = read.opened(client.get(f"/download/assessment.xlsx?{QUERY}").data)
    *rows, total = read.rows(read.sheet_of(book, "得分总表-未定模式"))
    assert [list(row.values())[:17] for row in rows] == [read.score_cells(line, "无数据") for line in group["lines"]]
    assert total["赋色"] == f"灰 {len(rows)}"
    reasons = {(str(row["指标"])[:2], row["派出所"]): row for row in read.rows(read.sheet_of(book, "指标明细"))}
    special = next(line["unit"]["short_name"] for line in group["lines"] if line["unit"]["code"] == "ROMA-G26")
    assert "无人口数" in reasons["O1", special]["失分原因"]
    assert (reasons["O2", special]["满分"], "15 分调整为 30" in str(reasons["O2", special]["失分原因"])) == (30, True)
    assert "无总分" in reasons["P1", special]["失分原因"]
    rules = {row["项目"]: row["说明"] for row in read.rows(read.sheet_of(book, "统计口径"))}
    assert all(f"{code} " in rules["缺数据与分值调整"] for code in ("O1", *PROCESS))


def harmed(folder: Path) -> dict[str, int]:
    """Deaths and injuries of November 2021, one row for each accident, out of the raw files."""
    seen, sums = set(), {"NUM_MORTI": 0, "NUM_FERITI": 0}
    for row in raw_rows(folder / ARCHIVE):
        key = row["Protocollo"], row["DataOraIncidente"]
        if row["DataOraIncidente"][3:10] == "11/2021" and key not in seen:
            seen.add(key)
            for name in sums:
                sums[name] += int(row[name] or 0)
    return sums


def test_the_four_figures_of_rome_are_those_of_the_raw_files(
    client: Any, rome_dir: Path, wanted: dict[str, rome_score.Expected]
) -> None:
    book = read.opened(client.get(f"/download/assessment.xlsx?{QUERY}").data)
    *rows, total = read.rows(read.sheet_of(book, "四项指数"))
    counted = sorted(one.month for one in wanted.values())
    assert sorted((row["起数/本期"], row["起数/上年同期"]) for row in rows) == counted
    assert total["起数/本期"] == sum(now for now, _ in counted) > 0
    assert total["起数/上年同期"] == sum(before for _, before in counted)
    harm = harmed(rome_dir)
    assert (total["死亡/本期"], total["受伤/本期"]) == (harm["NUM_MORTI"], harm["NUM_FERITI"])
    assert total["财产损失（元）/本期"] == "—", "the open data state none"
