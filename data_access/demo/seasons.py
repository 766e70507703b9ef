"""How many incidents a day has, and at which hours."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from chinese_calendar import constants

from data_access.demo.world import World

PER_10K = 2.0
"""Traffic incidents per 10 000 residents and day (DOMAIN 2.10)."""
ACCIDENT_SHARE, ORDER_SHARE = 0.45, 0.45
CONGESTION_A_YEAR = 3497 / 365.25
CONGESTION_SHARE = {"urban": 0.614, "fringe": 0.236, "rural": 0.150}
DEATHS_A_DAY = 66 / 365.25
RURAL_DEATHS = 0.74
REPEAT_NOW, REPEAT_BEFORE = 0.005, 0.034
SLOPES = {"accident": -0.083, "order": -0.03, "other": 0.0}
"""Yearly change of the logarithm of counts."""
_MONTHS = (0.97, 0.80, 0.97, 1.0, 1.03, 1.06, 1.04, 1.02, 1.04, 1.05, 1.03, 0.99)
_WEEKDAY = (1.03, 1.0, 0.99, 1.0, 1.04, 0.98, 0.96)
_WORK_HOURS = (5, 3, 2, 2, 2, 5, 20, 62, 66, 44, 40, 36, 30, 32, 36, 38, 46, 70, 64, 40, 32, 26, 17, 9)
_REST_HOURS = (8, 5, 3, 2, 2, 4, 12, 26, 40, 52, 58, 52, 40, 38, 44, 50, 56, 58, 50, 42, 36, 28, 20, 12)


@lru_cache(maxsize=2048)
def is_holiday(day: date) -> bool:
    """A public holiday; False for years whose calendar is not published yet."""
    return day in constants.holidays


@lru_cache(maxsize=2048)
def spring_festival(day: date) -> bool:
    """Inside the Spring Festival holiday, when the district empties."""
    return bool(constants.holidays.get(day) == constants.Holiday.spring_festival.value)


@lru_cache(maxsize=2048)
def is_rest(day: date) -> bool:
    """A day without commuters: weekend or holiday, but not a weekend day that is worked."""
    if day in constants.workdays:
        return False
    return day.weekday() >= 5 or is_holiday(day)


def day_factor(day: date) -> float:
    """Volume of a day against the yearly mean, without trend."""
    ahead, behind = day + timedelta(days=15), day - timedelta(days=15)
    month = (_MONTHS[ahead.month - 1] + _MONTHS[behind.month - 1]) / 2
    festive = 0.55 if spring_festival(day) else 0.92 if is_holiday(day) else 1.0
    return month * festive * _WEEKDAY[day.weekday()]


def expected(world: World, day: date) -> dict[str, np.ndarray]:
    """Expected incidents of a day per station, by class; congestion apart from the other order calls."""
    factor = day_factor(day)
    total = PER_10K * world.residents * factor / 0.985
    years = world.years(day) + 0.5
    congestion = _congestion(world) * factor * np.exp(-0.05 * years) * (0.45 if is_rest(day) else 1.25)
    return {
        "accident": ACCIDENT_SHARE * total * np.exp(_slopes(world) * years),
        "order": ORDER_SHARE * total * np.exp(SLOPES["order"] * years) - congestion,
        "congestion": congestion,
        "other": (1 - ACCIDENT_SHARE - ORDER_SHARE) * total,
    }


def _congestion(world: World) -> np.ndarray:
    share = np.zeros(len(world.stations))
    for region, part in CONGESTION_SHARE.items():
        here = world.regions == region
        share[here] = part * world.residents[here] / world.residents[here].sum()
    return share * CONGESTION_A_YEAR


def _slopes(world: World) -> np.ndarray:
    """Each station's own trend of accidents: worse where incident handling is worse."""
    own = np.random.default_rng([world.seed, 11]).normal(0, 0.03, len(world.stations))
    own += np.array([-0.015, 0.03, 0.10])[world.grades[:, 0]]
    weight = world.residents / world.residents.sum()
    return SLOPES["accident"] + own - float((own * weight).sum())


def counts(mean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole counts with this mean and half the variance of Poisson's law."""
    return rng.poisson(mean / 2) + np.floor(mean / 2 + rng.random(mean.shape)).astype(np.int64)


def clock(day: date, count: int, rng: np.random.Generator) -> np.ndarray:
    """Seconds after midnight of `count` incidents, by the hours of a working day or a day of rest."""
    hours = np.array(_REST_HOURS if is_rest(day) else _WORK_HOURS, dtype=float)
    edges = np.r_[0.0, np.cumsum(hours) / hours.sum()]
    found: np.ndarray = np.interp(rng.random(count), edges, np.arange(25) * 3600.0).astype(np.int64) % 86_400
    return found


def steady(rate: float, ordinal: int, phase: float) -> int:
    """How many rare events fall on a day when they come at an even rate (per day)."""
    return int(np.floor(rate * (ordinal + 1) + phase) - np.floor(rate * ordinal + phase))


def weather(world: World, day: date) -> str:
    """The day's weather, one for the district."""
    luck = world.rng("weather", day.toordinal()).random()
    kinds = (("sunny", 0.42), ("cloudy", 0.66), ("rain", 0.93), ("fog", 0.96))
    return next((kind for kind, upto in kinds if luck < upto), "overcast")
