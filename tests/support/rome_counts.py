"""Rome's accidents counted from the raw files alone: csv, dictionaries, shapely and h3, nothing of the program."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import h3
import numpy as np
import shapely
from shapely.geometry import shape

ARCHIVE, POLYGONS = "accidents-2019-2021.tar.gz", "municipi.geojson"
BOX = (12.0, 41.5, 13.0, 42.3)
"""West, south, east, north of what counts as Rome; the rule that the import's profile states too."""
RESOLUTION = 9


@dataclass(frozen=True)
class Accident:
    """One Protocollo at one time. `place`: inside, outside (of `BOX`) or missing; lng, lat None when missing.

    `deaths` and `injuries` are people, as its first row says.
    """

    protocollo: str
    at: datetime
    group: int
    place: str
    lng: float | None
    lat: float | None
    deaths: int = 0
    injuries: int = 0


@dataclass(frozen=True)
class Comparison:
    """A stretch against another: accidents in all, per cell and per municipio, each (now, before)."""

    total: tuple[int, int]
    by_cell: dict[str, tuple[int, int]]
    by_municipio: dict[str, tuple[int, int]]


class RomeCounts:
    """All accidents of the archive, and sums over them. A stretch of days includes its last day."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found: dict[tuple[str, str], Accident] = {}
        for row in raw_rows(folder / ARCHIVE):
            key = (row["Protocollo"].strip(), row["DataOraIncidente"].strip())
            if key not in found:
                found[key] = _accident(row)
        self.accidents = list(found.values())

    def between(self, first: date, last: date) -> list[Accident]:
        """Accidents of a stretch."""
        return [one for one in self.accidents if first <= one.at.date() <= last]

    def places(self, chosen: Iterable[Accident]) -> Counter[str]:
        """How many lie inside, lie outside, or have no place."""
        return Counter(one.place for one in chosen)

    def cells(self, chosen: Iterable[Accident]) -> Counter[str]:
        """Accidents inside per H3 cell of resolution 9."""
        return Counter(h3.latlng_to_cell(one.lat, one.lng, RESOLUTION) for one in chosen if one.place == "inside")

    def densest(self, first: date, last: date, count: int = 10) -> list[tuple[str, int]]:
        """The cells with most accidents, most first, equal ones by their name."""
        return sorted(self.cells(self.between(first, last)).items(), key=lambda pair: (-pair[1], pair[0]))[:count]

    def matrix(self, first: date, last: date) -> list[list[int]]:
        """Accidents per weekday (0 Monday) and hour: 7 rows of 24."""
        sums = Counter((one.at.weekday(), one.at.hour) for one in self.between(first, last))
        return [[sums[day, hour] for hour in range(24)] for day in range(7)]

    def groups(self, chosen: Iterable[Accident]) -> Counter[int]:
        """Accidents per police group."""
        return Counter(one.group for one in chosen)

    def municipi(self, chosen: Iterable[Accident]) -> Counter[str]:
        """Accidents inside per municipio whose polygon holds the point; "" for those in none."""
        inside = [one for one in chosen if one.place == "inside"]
        x, y = np.array([one.lng for one in inside]), np.array([one.lat for one in inside])
        found = np.full(len(inside), "", dtype=object)
        for name, polygon in self.polygons.items():
            found[shapely.contains_xy(polygon, x, y)] = name
        return Counter(found.tolist())

    def november(self) -> Comparison:
        """November 2021 against November 2020."""
        now, before = (self.between(date(year, 11, 1), date(year, 11, 30)) for year in (2021, 2020))
        return Comparison(
            (len(now), len(before)),
            _paired(self.cells(now), self.cells(before)),
            _paired(self.municipi(now), self.municipi(before)),
        )

    @cached_property
    def polygons(self) -> dict[str, shapely.Geometry]:
        """Municipio -> polygon, ready for many questions."""
        features = json.loads((self._folder / POLYGONS).read_text(encoding="utf-8"))["features"]
        found = {feature["properties"]["nome"]: shape(feature["geometry"]) for feature in features}
        for polygon in found.values():
            shapely.prepare(polygon)
        return found


def raw_rows(archive: Path) -> Iterator[dict[str, str]]:
    """Every row of every file; a row's surplus or missing trailing field does not matter."""
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.isfile():
                stream = opened.extractfile(member)
                assert stream is not None
                text = stream.read().decode("latin-1")
                yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restval="")


def _accident(row: dict[str, str]) -> Accident:
    lng = _degrees(row.get("Longitude") or row.get("Longitudine") or "")
    lat = _degrees(row.get("Latitude") or row.get("Latitudine") or "")
    place = _place(lng, lat)
    if place == "missing":
        lng = lat = None
    harm = (int(row.get(name) or 0) for name in ("NUM_MORTI", "NUM_FERITI"))
    at = _time(row["DataOraIncidente"])
    return Accident(row["Protocollo"].strip(), at, int(row["Gruppo"]), place, lng, lat, *harm)


def _place(lng: float | None, lat: float | None) -> str:
    if lng is None or lat is None or (lng == 0 and lat == 0):
        return "missing"
    west, south, east, north = BOX
    return "inside" if west <= lng <= east and south <= lat <= north else "outside"


def _degrees(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    return float(text) if text else None


def _time(text: str) -> datetime:
    text = text.strip()
    return datetime.strptime(text if " " in text else f"{text} 00:00:00", "%d/%m/%Y %H:%M:%S")


def _paired(now: Counter[str], before: Counter[str]) -> dict[str, tuple[int, int]]:
    return {key: (now[key], before[key]) for key in {*now, *before}}
