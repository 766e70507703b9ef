"""What the answers about one month share: its scores, how sure its ranks are, the months before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data_access.engine import reading
from domain.assessment_chance import RankBand, rank_bands
from domain.assessment_records import TotalRow
from domain.month import Month
from services.assessment_month import Evaluated, evaluate, months_of, row_of
from services.desk import Desk

HISTORY = 12
"""Months that a history shows, this one among them."""


@dataclass(frozen=True)
class Prepared:
    """What the answers about one month share, whoever asks: kept by a web process, it makes each of them quick.

    Args:
        past: period -> station -> total, of the eleven months before.
    """

    found: Evaluated
    bands: Mapping[str, RankBand]
    past: Mapping[str, Mapping[str, TotalRow]]

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
        found = evaluate(connection, desk, month, as_of, version=version)
        return Prepared(found, bands_of(found), months_of(connection, desk, months_back(month)[:-1], as_of))


def bands_of(found: Evaluated) -> dict[str, RankBand]:
    """How far each rank would move by chance; seeded by the rules and the month, so always the same."""
    rules, month = found.about.rules, found.about.month
    rng = np.random.default_rng([rules.chance.seed, month.year, month.number])
    return rank_bands(found.inputs, rules, found.scores, rng)


def months_back(month: Month, count: int = HISTORY) -> tuple[Month, ...]:
    """So many months, the oldest first, `month` the last."""
    return tuple(month.back(k) for k in range(count - 1, -1, -1))
