"""Rome's open data: what is in the tables equals a count of the raw files that shares no code with the import."""

from __future__ import annotations

import csv
import io
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from catalogue.profiles_loader import load_profile
from data_access.importing import ImportReport, run_import
from data_access.tables import boundary, district, feed, import_file, incident, incident_party, station

pytestmark = [pytest.mark.rome, pytest.mark.slow]

NOW = datetime(2024, 5, 7, 13)
YEARS = (2019, 2020, 2021)


@dataclass
class Raw:
    """The raw files, counted with nothing but csv and dictionaries."""

    rows: int = 0
    repeated_rows: int = 0
    accidents: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    people: set[tuple[str, ...]] = field(default_factory=set)


def members(folder: Path) -> Iterator[csv.DictReader[str]]:
    """The 36 files, header and rows."""
    with tarfile.open(folder / "accidents-2019-2021.tar.gz") as archive:
        for member in archive:
            if member.isfile():
                stream = archive.extractfile(member)
                assert stream is not None
                yield csv.DictReader(io.StringIO(stream.read().decode("latin-1"), newline=""), delimiter=";")


@pytest.fixture(scope="module")
def raw(rome_dir: Path) -> Raw:
    """One pass over the raw files."""
    found, seen = Raw(), set()
    for reader in members(rome_dir):
        for row in reader:
            found.rows += 1
            row.pop("", None)
            row.pop(None, None)  # type: ignore[call-overload]
            whole = tuple(row.values())
            found.repeated_rows += whole in seen
            seen.add(whole)
            found.accidents.setdefault((row["Protocollo"], row["DataOraIncidente"]), row)
            if row["TipoPersona"]:
                found.people.add(whole)
    for row in found.accidents.values():
        found.places[place_of(row)] += 1
    return found


def place_of(row: dict[str, str]) -> str:
    """missing, outside or inside a generous rectangle around Rome."""
    lng = row.get("Longitude", row.get("Longitudine", "")).replace(",", ".")
    lat = row.get("Latitude", row.get("Latitudine", "")).replace(",", ".")
    if not lng or not lat or (float(lng) == 0 and float(lat) == 0):
        return "missing"
    return "inside" if 12.0 <= float(lng) <= 13.0 and 41.5 <= float(lat) <= 42.3 else "outside"


def import_rome(engine: Engine, folder: Path, rejects: Path) -> ImportReport:
    """The user's one command."""
    files = [folder / name for name in ("municipi.geojson", "group_to_municipio.csv", "accidents-2019-2021.tar.gz")]
    return run_import(engine, load_profile("rome-open-data"), files, now=NOW, reject_dir=rejects)


def year_of(text: str) -> int:
    """The year of dd/MM/yyyy …"""
    return int(text[6:10])


def test_the_import_equals_an_independent_count(engine: Engine, rome_dir: Path, raw: Raw, tmp_path: Path) -> None:
    report = import_rome(engine, rome_dir, tmp_path)
    check_report(report, raw)
    check_totals(engine, raw)
    check_groups(engine, raw)
    check_natures(engine, raw)
    check_places(engine, raw)
    check_people(engine, raw)
    check_organisation(engine)
    check_again(engine, rome_dir, tmp_path)


def check_report(report: ImportReport, raw: Raw) -> None:
    """Every row is accounted for, none is rejected."""
    assert raw.rows == 206_569
    assert len(raw.accidents) == 79_689
    assert raw.repeated_rows == 5_500
    assert report.exit_status == 0
    accidents = report.files[2:]
    assert len(accidents) == 36
    assert sum(file.read for file in accidents) == raw.rows
    assert sum(file.rejected for file in accidents) == 0
    assert all(file.loaded + file.unchanged == file.read for file in accidents)
    assert sum(file.unchanged for file in accidents) >= raw.repeated_rows


def check_totals(engine: Engine, raw: Raw) -> None:
    """Accidents, deaths, injuries per year."""
    expected = {year: Counter[str]() for year in YEARS}
    for row in raw.accidents.values():
        sums = expected[year_of(row["DataOraIncidente"])]
        sums["incidents"] += 1
        sums["deaths"] += int(row["NUM_MORTI"])
        sums["injuries"] += int(row["NUM_FERITI"])
        sums["serious"] += int(row["NUM_RISERVATA"])
    with engine.connect() as connection:
        for year in YEARS:
            query = select(
                func.count(),
                func.sum(incident.c.deaths),
                func.sum(incident.c.injuries),
                func.sum(incident.c.serious_injuries),
            ).where(incident.c.occurred_at >= datetime(year, 1, 1), incident.c.occurred_at < datetime(year + 1, 1, 1))
            found = connection.execute(query).one()
            assert tuple(map(int, found)) == tuple(
                expected[year][k] for k in ("incidents", "deaths", "injuries", "serious")
            )


def check_groups(engine: Engine, raw: Raw) -> None:
    """Accidents per group and class."""
    expected = Counter(f"ROMA-G{int(row['Gruppo']):02d}" for row in raw.accidents.values())
    columns = incident.c.station_code, incident.c.class_code
    with engine.connect() as connection:
        rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
    assert {code: count for code, kind, count in rows if kind == "accident"} == dict(expected)
    assert {kind for _, kind, _ in rows} == {"accident"}


def check_natures(engine: Engine, raw: Raw) -> None:
    """The nature of the collision is kept as it is, and has a class of ours wherever it is filled."""
    expected = Counter(row["NaturaIncidente"].strip() or None for row in raw.accidents.values())
    with engine.connect() as connection:
        query = select(incident.c.external_class, func.count()).group_by(incident.c.external_class)
        assert dict(connection.execute(query).all()) == dict(expected)
        classed = select(func.count()).where(incident.c.subclass.is_not(None), incident.c.subclass != "other")
        assert connection.execute(classed).scalar() == sum(expected.values()) - expected[None]


def check_places(engine: Engine, raw: Raw) -> None:
    """Places: usable ones have coordinates and a cell, the others the reason."""
    with engine.connect() as connection:
        query = select(incident.c.place_issue, func.count(), func.count(incident.c.cell), func.count(incident.c.lng))
        found = {row[0]: tuple(row[1:]) for row in connection.execute(query.group_by(incident.c.place_issue))}
        inside, missing, outside = (raw.places[name] for name in ("inside", "missing", "outside"))
        assert found == {None: (inside, inside, inside), "missing": (missing, 0, 0), "outside": (outside, 0, 0)}
        query = select(incident.c.source_no, incident.c.raw_x, incident.c.raw_y, incident.c.lng, incident.c.lat)
        some = connection.execute(query.where(incident.c.incident_id == "rome-4159272-20190101030000")).one()
    assert tuple(some) == ("4159272", 12.5179, 41.8955, 12.5179, 41.8955)


def check_people(engine: Engine, raw: Raw) -> None:
    """One party for each distinct person row."""
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(incident_party)).scalar() == len(raw.people)
        dead = connection.execute(select(func.sum(incident_party.c.is_dead))).scalar()
    killed = sum(int(row["NUM_MORTI"]) for row in raw.accidents.values())
    assert killed - 2 <= dead <= killed  # two accidents count a death that no person row shows


def check_organisation(engine: Engine) -> None:
    """Groups are stations in municipi; municipi are districts with a boundary."""
    with engine.connect() as connection:
        stations = dict(map(tuple, connection.execute(select(station.c.code, station.c.district_code))))
        areas = dict(map(tuple, connection.execute(select(district.c.code, district.c.area_km2))))
        drawn = connection.execute(select(boundary.c.subject_code)).scalars().all()
        fresh = connection.execute(select(feed.c.code, feed.c.first_row_at, feed.c.last_row_at)).all()
    assert len(stations) == 21
    assert stations["ROMA-G02"] == "ROMA-M02"
    assert stations["ROMA-G23"] == "ROMA-CITY"
    assert set(stations.values()) <= set(areas)
    assert sorted(drawn) == [f"ROMA-M{number:02d}" for number in range(1, 16)]
    assert sum(area for area in areas.values() if area) == pytest.approx(1287, abs=5)  # km² of the city of Rome
    assert [tuple(row) for row in fresh] == [
        ("incident_accident", datetime(2019, 1, 1, 1, 10), datetime(2021, 12, 31, 23)),
    ]


def check_again(engine: Engine, rome_dir: Path, tmp_path: Path) -> None:
    """The same files once more change nothing."""
    with engine.connect() as connection:
        before = connection.execute(select(incident.c.incident_id, incident.c.row_hash)).all()
    report = import_rome(engine, rome_dir, tmp_path)
    assert report.total("loaded") == report.total("rejected") == 0
    assert report.total("unchanged") == report.total("read") == 206_605
    with engine.connect() as connection:
        after = connection.execute(select(incident.c.incident_id, incident.c.row_hash)).all()
        assert connection.execute(select(func.count()).select_from(import_file)).scalar() == 2 * 38
    assert sorted(before) == sorted(after)
