"""What the answers about one month share: its scores, how sure its ranks are, the months before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from data_access.engine import reading
from domain.assessment_chance import RankBand, rank_bands
from domain.assessment_records import TotalRow
from domain.month import Month
from services.assessment_month import HISTORY, Evaluated, evaluate, row_of
from services.desk import Desk


@dataclass(frozen=True)
class Prepared:
    """What the answers about one month share, whoever asks: kept by a web process, it makes each of them quick."""

    found: Evaluated
    bands: Mapping[str, RankBand]

    @property
    def past(self) -> Mapping[str, Mapping[str, TotalRow]]:
        """Period -> station -> total, of the eleven months before."""
        return self.found.past

    @property
    def year(self) -> dict[str, Mapping[str, TotalRow]]:
        """The months before, and this one as it was scored."""
        about = self.found.about
        version = about.lock.version if about.lock else 0
        mine = {score.code: row_of(score, about.month, version) for score in self.found.scores}
        return {**self.past, about.month.period: mine}


def prepare(desk: Desk, month: Month, as_of: datetime, *, version: int = 0) -> Prepared:
    """Score a month, find how sure its ranks are, and read the months before it.

    Raises:
        NotFound, Refused: see `services.assessment.ranking_view`.
    """
    with reading(desk.engine) as connection:
        return prepare_on(connection, desk, month, as_of, version=version)


def prepare_on(
    connection: Connection, desk: Desk, month: Month, as_of: datetime, *, version: int = 0, back: int = HISTORY - 1
) -> Prepared:
    """`prepare` inside a transaction of the caller.

    Args:
        back: so many months before it are totalled too.
    """
    found = evaluate(connection, desk, month, as_of, version=version, back=back)
    return Prepared(found, kept_bands(desk, found))


def kept_bands(desk: Desk, found: Evaluated) -> dict[str, RankBand]:
    """The bands; those of a month that is over are kept as long as its inputs and its scores are the same."""
    if found.about.as_of is not None:
        return bands_of(found)
    stamp = found.inputs, found.scores, found.about.rules.version
    bands: dict[str, RankBand] = desk.memory.answers.made(
        ("bands", found.about.month, found.about.lock), stamp, lambda: bands_of(found)
    )
    return bands


def bands_of(found: Evaluated) -> dict[str, RankBand]:
    """How far each rank would move by chance; seeded by the rules and the month, so always the same."""
    rules, month = found.about.rules, found.about.month
    rng = np.random.default_rng([rules.chance.seed, month.year, month.number])
    return rank_bands(found.inputs, rules, found.scores, rng)
