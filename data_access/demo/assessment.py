"""The assessment of the demo: public-security cases, points outside the hundred, appeals. Locks are made afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from data_access.demo.rows import Rows, day_start
from data_access.demo.world import PREFIX, World, read_words
from data_access.tables import assessment_adjustment, assessment_appeal
from domain.month import Month, month_of

MONTHS = 12
CORRECTED = 2
"""So many months back lies the month that is corrected: a line of it is written after its lock."""
TRAINING_DAYS = (1, 11, 21)
LOCK_DAY, LATE_DAY, CORRECTION_DAY = 5, 12, 15
"""Days of the month after: it is locked, a line comes late, it is corrected."""
_LATE_STATION, _APPEALS = 21, ((11, CORRECTED), (4, 1))
_KEYS = {"work_record": "record_id", "sample": "sample_id"}
Values = dict[str, Any]


def lock_words() -> tuple[str, str]:
    """Who locks the demo's months, and why one of them is corrected."""
    words = read_words()["assessment"]
    return words["locked_by"], words["correction"]


def moment_after(month: Month, day: int, hour: int = 10) -> datetime:
    """A day of the month after `month`."""
    return datetime.combine(month.back(-1).first, time(hour)) + timedelta(days=day - 1)


def months_held(first: date, now: datetime) -> list[Month]:
    """The months that are assessed, oldest first: at most twelve, wholly in the history that begins on `first`."""
    months = (month_of(now.date()).back(back) for back in range(MONTHS, 0, -1))
    return [month for month in months if month.first >= first]


def write_assessment(connection: Connection, world: World, first: date, now: datetime) -> dict[str, int]:
    """Insert the rows that are known at `now`; table name -> how many, where there are any."""
    months = months_held(first, now)
    lines = [line for month in months for line in _lines(world, month) if line["written_at"] <= now]
    periods = [month.period for month in months]
    appeals = [one for one in _appeals(world, now) if one["written_at"] <= now and one["period"] in periods]
    found = [(table, rows) for table, rows in ((assessment_adjustment, lines), (assessment_appeal, appeals)) if rows]
    for table, rows in found:
        connection.execute(table.insert(), rows)
    return {table.name: len(rows) for table, rows in found}


def _lines(world: World, month: Month) -> Iterator[Values]:
    """Two to four lines a month, from good stations a bonus, from troubled ones a deduction."""
    rng = world.rng("assessment", month.year * 12 + month.number)
    words = world.words["assessment"]
    troubled = (world.grades == 2).sum(axis=1) >= 4
    for number in range(int(rng.integers(2, 5))):
        bad = bool(rng.random() < 0.6)
        station = int(rng.choice(np.flatnonzero(troubled == bad)))
        matter = words["deduction" if bad else "bonus"][int(rng.integers(0, 3))]
        points = float(rng.choice([-0.5, -1.0, -1.5]) if bad else rng.choice([0.5, 1.0]))
        yield _line(world, month, number, (station, points, matter), moment_after(month, 1, 9 + number))
    serial = month_of(world.anchor).back(CORRECTED)
    if month == serial:
        late = (_LATE_STATION, -1.5, words["late"])
        yield _line(world, month, 9, late, moment_after(month, LATE_DAY))


def _line(world: World, month: Month, number: int, what: tuple[int, float, str], at: datetime) -> Values:
    station, points, matter = what
    words = world.words["assessment"]
    return {
        "adjustment_id": f"A{month.period}-{PREFIX}-{number}",
        "period": month.period,
        "station_code": str(world.codes[station]),
        "points": points,
        "matter": matter,
        "document": words["document"].format(year=at.year, number=month.number * 10 + number),
        "author": words["locked_by"],
        "written_at": at,
    }


def _appeals(world: World, now: datetime) -> Iterator[Values]:
    """One that was answered, one that waits; each after its month's lock."""
    words, officer = world.words["assessment"], world.words["people"]["officer"]
    for number, (station, back) in enumerate(_APPEALS):
        month, told = month_of(now.date()).back(back), words["appeal"][number]
        filed, replied = moment_after(month, LOCK_DAY + 2), moment_after(month, LOCK_DAY + 4)
        answered = bool(told["reply"]) and replied <= now
        yield {
            "appeal_id": f"P{month.period}-{PREFIX}-{number}",
            "period": month.period,
            "version": 1,
            "station_code": str(world.codes[station]),
            "indicator": told["indicator"],
            "body": told["body"],
            "author": f"{officer}{station:02d}",
            "written_at": filed,
            "reply": told["reply"] if answered else None,
            "replied_by": words["locked_by"] if answered else None,
            "replied_at": replied if answered else None,
        }


def month_rows(world: World, day: date) -> list[Rows]:
    """What comes once or a few times a month: public-security cases on its last day, drivers trained on three days."""
    found = []
    if (day + timedelta(days=1)).day == 1:
        found.append(_cases(world, day))
    if day.day in TRAINING_DAYS:
        found.append(_training(world, day))
    return found


def _cases(world: World, day: date) -> Rows:
    """The month's cases as one record for each station: towns have more of them."""
    rng = world.rng("security", day.toordinal())
    rate = np.where(world.regions == "urban", 5.4, np.where(world.regions == "fringe", 4.1, 2.2))
    at = np.full(len(world.stations), day_start(day) + 20 * 3600)
    more = {"quantity": rng.poisson(rate * world.residents).astype(float), "has_evidence": 1}
    return _monthly(world, "work_record", at, (f"SC{day:%Y%m%d}", "security_case"), more)


def _training(world: World, day: date) -> Rows:
    """Drivers of truck enterprises that were trained this year, of those on the list."""
    rng = world.rng("training", day.toordinal())
    listed = np.round((6 + world.residents * 0.9) * 8)
    lacking = np.array([0.03, 0.09, 0.22])[world.grades[:, 5]]
    trained = np.floor(listed * (1 - lacking) + rng.random(len(listed)))
    at = day_start(day) + 16 * 3600 + rng.integers(0, 3600, len(listed))
    more = {"numerator": trained, "denominator": listed}
    return _monthly(world, "sample", at, (f"TR{day:%Y%m%d}", "enterprise_training"), more)


def _monthly(world: World, table: str, at: np.ndarray, what: tuple[str, str], more: Values) -> Rows:
    (stamp, kind), codes = what, world.codes.tolist()
    return Rows(
        table=table,
        born=at,
        times={"at": at},
        cells={
            _KEYS[table]: [f"{stamp}-{code}" for code in codes],
            "source": "demo",
            "kind": kind,
            "station_code": codes,
            **more,
        },
    )
