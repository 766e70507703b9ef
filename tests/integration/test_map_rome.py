"""The map of Rome equals counts of the raw files that share no code with the program."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import h3
import numpy as np
import pytest
import shapely
from sqlalchemy import Engine

from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from data_access.engine import reading
from data_access.readers.incidents import frames, shapes
from data_access.refresh import refresh
from domain.access import command
from domain.asked import asked
from domain.heat import HeatView
from domain.incident_views import Shape
from domain.incidents import Frames
from domain.span import Span
from services.ground import Ground
from services.heat import heat_view
from tests.support.rome_counts import RomeCounts
from tests.support.rome_import import import_rome

pytestmark = [pytest.mark.rome, pytest.mark.slow]

NOW = datetime(2022, 1, 1, 12)
NAMES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
MUNICIPI = {f"ROMA-M{number:02d}": f"Municipio {name}" for number, name in enumerate(NAMES, start=1)}
YEARS = (2019, 2020, 2021)


@pytest.fixture(scope="module")
def raw(rome_dir: Path) -> RomeCounts:
    """The raw files, read once."""
    return RomeCounts(rome_dir)


@pytest.fixture(scope="module")
def rome(fresh: Engine, rome_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Rome imported and refreshed, once on each database. Do not write to it."""
    rules = load_catalogue()
    import_rome(fresh, rome_dir, tmp_path_factory.mktemp("rome"), NOW)
    refresh(fresh, rules, NOW)
    return Ground(fresh, rules, load_map_rules(), "none")


@dataclass(frozen=True)
class Seen:
    """What the map page says of a stretch of days."""

    view: HeatView

    def cells(self, *, base: bool = False) -> dict[str, int]:
        """Incidents by hexagon of resolution 9, those that hold one."""
        finest = self.view.hexes[-1]
        counts = finest.base if base else finest.now
        assert finest.resolution == 9 and counts is not None
        return {h3.int_to_str(cell): n for cell, n in zip(finest.ids.tolist(), counts.tolist(), strict=True) if n}


def look(ground: Ground, first: date, last: date, **more: str) -> Seen:
    """The map page of an address."""
    question = asked({"from": str(first), "to": str(last), **more}, NOW)
    return Seen(heat_view(ground, command(), question, NOW))


def year(number: int) -> tuple[date, date]:
    """First and last day."""
    return date(number, 1, 1), date(number, 12, 31)


@pytest.mark.parametrize("number", YEARS)
def test_every_hour_of_the_week_agrees(rome: Ground, raw: RomeCounts, number: int) -> None:
    when = look(rome, *year(number), base="none").view.when
    assert [list(row) for row in when.matrix] == raw.matrix(*year(number))
    assert {day: count for day, count, _ in when.days if count} == Counter(
        one.at.date() for one in raw.between(*year(number))
    )


@pytest.mark.parametrize("number", YEARS)
def test_the_densest_cells_and_all_others_agree(rome: Ground, raw: RomeCounts, number: int) -> None:
    cells = look(rome, *year(number), base="none").cells()
    assert sorted(cells.items(), key=lambda pair: (-pair[1], pair[0]))[:10] == raw.densest(*year(number))
    assert cells == raw.cells(raw.between(*year(number)))


def test_what_is_not_on_the_map_agrees(rome: Ground, raw: RomeCounts) -> None:
    tally = look(rome, date(2019, 1, 1), date(2021, 12, 31), base="none").view.now.tally
    places = raw.places(raw.accidents)
    assert (tally.total, tally.placed) == (len(raw.accidents), places["inside"])
    issues = {name: count for name, count in tally.by_issue.items() if name and count}
    assert issues == {"missing": places["missing"], "outside": places["outside"]}


def test_november_against_november_agrees(rome: Ground, raw: RomeCounts) -> None:
    seen, known = look(rome, date(2021, 11, 1), date(2021, 11, 30), base="year"), raw.november()
    view = seen.view
    assert view.base is not None
    assert (view.now.tally.total, view.base.tally.total) == known.total
    assert seen.cells() == {cell: now for cell, (now, _) in known.by_cell.items() if now}
    assert seen.cells(base=True) == {cell: before for cell, (_, before) in known.by_cell.items() if before}
    coarse = view.hexes[0].change  # November 2020 was a month of curfew: where there is enough to tell, it rose
    assert coarse is not None and (coarse > 0).sum() > 0 and (coarse < 0).sum() == 0


def test_a_district_counts_what_its_units_answer_for(rome: Ground, raw: RomeCounts, rome_dir: Path) -> None:
    view = look(rome, *year(2021), base="none", unit="district").view
    home = _home(rome_dir)
    expected: Counter[str] = Counter()
    for group, count in raw.groups(raw.between(*year(2021))).items():
        expected[home.get(group, "")] += count
    found = {MUNICIPI.get(line.unit.code, ""): line.now for line in view.areas}
    assert found == dict(expected)
    assert [line.unit.code for line in view.areas if not line.has_shape] == ["ROMA-CITY"]


def _home(folder: Path) -> dict[int, str]:
    lines = (folder / "group_to_municipio.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {int(group): name for group, name, *_ in (line.split(",") for line in lines) if name}


def test_points_in_polygons_agree_and_say_how_far_responsibility_differs(rome: Ground, raw: RomeCounts) -> None:
    """The choropleth counts by the unit responsible; the polygons are a check of boundaries and coordinates."""
    first, last = year(2021)
    span = Span(datetime.combine(first, NOW.min.time()), datetime.combine(last + timedelta(days=1), NOW.min.time()))
    with reading(rome.engine) as connection:
        found = frames(connection, span, command(), places=True)
        polygons = {one.code: shapely.geometry.shape(json.loads(one.geojson)) for one in shapes_of(rome.engine)}
    counted = _in_polygons(found, polygons)
    expected = raw.municipi(raw.between(first, last))
    assert {MUNICIPI[code]: count for code, count in counted.items()} == {
        name: count for name, count in expected.items() if name
    }
    lines = {line.unit.code: line.now for line in look(rome, first, last, base="none", unit="district").view.areas}
    apart = sum(abs(lines[code] - counted[code]) for code in counted)
    assert 0 < apart < 0.06 * sum(counted.values())  # groups also attend beyond their municipio


def shapes_of(engine: Engine) -> list[Shape]:
    """The districts' boundaries as the map gets them."""
    with reading(engine) as connection:
        return [one for one in shapes(connection, "district", command()) if one.code in MUNICIPI]


def _in_polygons(found: Frames, polygons: dict[str, shapely.Geometry]) -> dict[str, int]:
    sums = dict.fromkeys(polygons, 0)
    for part in found.parts:
        assert part.lng is not None and part.lat is not None
        on_map = np.flatnonzero(part.cell >= 0)
        x, y = part.lng[on_map] / 1e6, part.lat[on_map] / 1e6
        for code, polygon in polygons.items():
            shapely.prepare(polygon)
            sums[code] += int(shapely.contains_xy(polygon, x, y).sum())
    return sums
