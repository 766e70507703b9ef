"""The independent counter of Rome's raw files: on a tiny archive counted by hand, and its sums on the real one."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.support.rome_counts import ARCHIVE, POLYGONS, RomeCounts

OLD = "Protocollo;Gruppo;DataOraIncidente;STRADA1;Longitudine;Latitudine;"
NEW = "Protocollo;Gruppo;DataOraIncidente;STRADA1;Longitude;Latitude;"
FILES = {
    "2020/11.csv": [
        OLD,
        "1;5;02/11/2020 08:00:00;VIA NICOL\u00d2;12.51;41.91",  # a Monday
        "1;5;02/11/2020 08:00:00;VIA NICOL\u00d2;12.51;41.91",
        "1;5;03/11/2020 08:00:00;the number used again;12.61;41.91",
        "2;7;30/11/2020;no clock;;",
    ],
    "2021/11.csv": [
        NEW,
        "3;5;01/11/2021 23:59:00;a;12,51;41,91",
        "4;5;07/11/2021 23:00:00;a Sunday;12.51;41.91",
        "5;5;08/11/2021 10:00:00;far;2.51;41.91",
        "6;5;08/11/2021 10:00:00;zero;0;0",
        "7;5;01/12/2021 10:00:00;in no municipio;12.95;41.91",
    ],
}


def _square(west: float) -> dict[str, object]:
    ring = [[west, 41.9], [west + 0.1, 41.9], [west + 0.1, 42.0], [west, 42.0], [west, 41.9]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def tiny(tmp_path: Path) -> RomeCounts:
    """Nine rows, eight accidents."""
    with tarfile.open(tmp_path / ARCHIVE, "w:gz") as archive:
        for name, lines in FILES.items():
            data = "\r\n".join(lines).encode("latin-1")
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    shapes = [
        {"properties": {"nome": name}, "geometry": _square(west)} for name, west in (("West", 12.5), ("East", 12.6))
    ]
    (tmp_path / POLYGONS).write_text(json.dumps({"features": shapes}))
    return RomeCounts(tmp_path)


def test_rows_of_one_accident_count_once_and_a_number_may_be_used_again(tiny: RomeCounts) -> None:
    assert [(one.protocollo, one.at.day) for one in tiny.accidents[:3]] == [("1", 2), ("1", 3), ("2", 30)]
    assert len(tiny.accidents) == 8
    assert tiny.accidents[2].at == datetime(2020, 11, 30)
    assert tiny.groups(tiny.accidents) == {5: 7, 7: 1}


def test_places_are_inside_outside_or_missing(tiny: RomeCounts) -> None:
    assert tiny.places(tiny.accidents) == {"inside": 5, "missing": 2, "outside": 1}
    assert tiny.municipi(tiny.accidents) == {"West": 3, "East": 1, "": 1}


def test_the_densest_cell_and_the_matrix(tiny: RomeCounts) -> None:
    first, last = date(2020, 11, 1), date(2021, 11, 30)
    (_, count), *others = tiny.densest(first, last)
    assert count == 3 and [n for _, n in others] == [1]
    matrix = tiny.matrix(first, last)
    assert (matrix[0][8], matrix[1][8], matrix[6][23], matrix[0][10]) == (1, 1, 1, 2)
    assert sum(map(sum, matrix)) == 7


def test_two_novembers(tiny: RomeCounts) -> None:
    found = tiny.november()
    assert found.total == (4, 3)
    assert found.by_municipio == {"West": (2, 1), "East": (0, 1)}
    assert sorted(found.by_cell.values()) == [(0, 1), (2, 1)]


@pytest.mark.rome
def test_the_real_archive_has_its_known_sums(rome_dir: Path) -> None:
    counts = RomeCounts(rome_dir)
    assert len(counts.accidents) == 79_689
    places = counts.places(counts.accidents)
    assert places.total() == 79_689 and 0.01 < places["missing"] / 79_689 < 0.03 and 150 < places["outside"] < 250
    year = counts.matrix(date(2019, 1, 1), date(2021, 12, 31))
    assert sum(map(sum, year)) == 79_689
    assert len(counts.polygons) == 15 and counts.municipi(counts.accidents)[""] < 0.02 * places["inside"]
