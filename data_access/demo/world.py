"""The invented district: its stations and their character, its words, its places."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from data_access.demo.places import Places, build_places

HERE = Path(__file__).parent
PREFIX = "990109"
CENTRE = (124.0, 29.5)
"""Longitude and latitude (WGS-84) of the district's centre: open sea, so that no real place is shown."""
THEMES = 8
GRADES = "ABC"


@dataclass(frozen=True)
class Station:
    """One station. `grades`: one letter per theme, A healthy, B middling, C troubled; `arrival`: share within 5 min."""

    no: int
    code: str
    name: str
    short_name: str
    name_en: str
    region: str
    mode: str
    squadron: str | None
    residents: float
    area: float
    officers: int
    lng: float
    lat: float
    arrival: float
    grades: str


@dataclass(frozen=True, eq=False)
class World:
    """Everything that does not change from day to day. Arrays have one entry per station, in order of `stations`."""

    seed: int
    anchor: date
    stations: tuple[Station, ...]
    words: dict[str, Any]
    places: Places
    codes: np.ndarray
    residents: np.ndarray
    regions: np.ndarray
    grades: np.ndarray

    def rng(self, stream: str, number: int) -> np.random.Generator:
        """The random source of one stream and one number (a day's ordinal, a week): the same on every call."""
        return np.random.default_rng([self.seed, number, *stream.encode()])

    def years(self, day: date) -> float:
        """Years from the anchor day; negative in the past."""
        return (day - self.anchor).days / 365.25


@lru_cache(maxsize=1)
def read_words() -> dict[str, Any]:
    """The invented words of `words.toml`."""
    return tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def world(seed: int, anchor: date) -> World:
    """The district of one seed.

    Args:
        anchor: the day of loading; "the last 12 months" of the calibration end there.
    """
    words = read_words()
    stations = tuple(_station(row, words) for row in _shape())
    return World(
        seed=seed,
        anchor=anchor,
        stations=stations,
        words=words,
        places=build_places(stations, words, seed),
        codes=np.array([station.code for station in stations], dtype=object),
        residents=np.array([station.residents for station in stations]),
        regions=np.array([station.region for station in stations]),
        grades=np.array([[GRADES.index(letter) for letter in station.grades] for station in stations]),
    )


def _shape() -> list[dict[str, str]]:
    with (HERE / "demo_shape.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _station(row: dict[str, str], words: dict[str, Any]) -> Station:
    number = int(row["no"])
    code = f"{PREFIX}{50 + number:02d}0000"
    lng, lat = from_km(float(row["east_km"]), float(row["north_km"]))
    squadron = int(row["squadron"])
    return Station(
        no=number,
        code=code,
        name=row["short_name"] + words["suffix"]["station"],
        short_name=row["short_name"],
        name_en=f"{row['name_en']} {words['suffix']['station_en']}",
        region=row["region_type"],
        mode=row["fusion_mode"],
        squadron=words["squadron"][squadron - 1]["code"] if squadron else None,
        residents=float(row["residents_10k"]),
        area=float(row["area_km2"]),
        officers=round(10 + 1.7 * float(row["residents_10k"])),
        lng=lng,
        lat=lat,
        arrival=float(row["arrival"]),
        grades=row["grades"],
    )


def from_km(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a point given in km from the centre."""
    lng, lat = CENTRE
    return lng + east / (111.32 * float(np.cos(np.radians(lat)))), lat + north / 111.32


@lru_cache(maxsize=64)
def grades_on(world_: World, day: date) -> np.ndarray:
    """Today's grades, stations x themes, 0 good .. 2 bad: the usual ones with some good and bad days."""
    return _wavering(world_, world_.rng("grade", day.toordinal()))


@lru_cache(maxsize=64)
def grades_in_week(world_: World, day: date) -> np.ndarray:
    """The grades of the week that `day` lies in, for work that is planned by the week."""
    return _wavering(world_, world_.rng("grade-week", (day.toordinal() - 1) // 7))


def _wavering(world_: World, rng: np.random.Generator) -> np.ndarray:
    usual = world_.grades
    luck = rng.random(usual.shape)
    better = np.array([0.0, 0.40, 0.12])[usual]
    worse = np.array([0.03, 0.08, 0.0])[usual]
    found: np.ndarray = usual - (luck < better) + (luck > 1 - worse)
    return found
