"""One question of the comparison pages with its counts: periods, stations, history and how dispersed it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, Engine

from catalogue.days import day_kinds
from data_access.engine import reading
from data_access.readers.figures import warm_figures
from data_access.readers.incidents import first_day
from data_access.readers.organisation import units
from data_access.state import feeds
from domain.access import Scope
from domain.board import Unit
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, Days
from domain.daykind import HOLIDAY
from domain.dispersion import dispersion_of_series, dispersion_of_table
from domain.incident_filter import DAY_KINDS
from domain.span import Span
from domain.task import Catalogue
from services.ledger import WEEK, Ledger, ledger

SPARK_WEEKS = 26
PERIODS = ("now", "base", "previous")


@dataclass(frozen=True, slots=True)
class CompareGround:
    """What every comparison is made with. `calendar`: whose public holidays (`catalogue.days`)."""

    engine: Engine
    catalogue: Catalogue
    rules: CompareRules
    calendar: str


@dataclass(frozen=True)
class Desk:
    """One question with its counts, inside one transaction.

    Args:
        units: all stations the viewer may see. chosen: those that the question is about.
        begins: the first day of which there are data, None for none at all.
    """

    ground: CompareGround
    asked: CompareAsked
    units: tuple[Unit, ...]
    chosen: tuple[Unit, ...]
    begins: date | None
    ledger: Ledger

    @property
    def spans(self) -> dict[str, Span | None]:
        """The three periods by name."""
        periods = self.asked.periods
        return {"now": periods.span, "base": periods.base, "previous": periods.previous}

    @cached_property
    def counts(self) -> Mapping[str, np.ndarray]:
        """Period -> counts, shape (stations, columns)."""
        return {name: self.ledger.sums(span) for name, span in self.spans.items()}

    @cached_property
    def days(self) -> Mapping[str, Days]:
        """Period -> what it is made of; periods that do not exist are absent."""
        return {name: self._days(span) for name, span in self.spans.items() if span}

    def _days(self, span: Span) -> Days:
        kinds, known = day_kinds(span.first_day, span.last_day, self.ground.calendar)
        counted = {kind: sum(one == kind for one in kinds.values()) for kind in DAY_KINDS}
        short = self.begins if self.begins and span.first_day < self.begins else None
        return Days(span.days, counted, known, short)

    def length(self, name: str) -> float:
        """A period's days; 0 where it does not exist or begins before the data, so that nothing is told to change."""
        found = self.days.get(name)
        return found.length if found and not found.short and self.begins else 0.0

    def total(self, name: str) -> np.ndarray:
        """A period's counts over what was chosen; shape (columns,)."""
        found = self.counts[name]
        summed: np.ndarray = (found[self.places] if self.asked.narrowed else found).sum(axis=0)
        return summed

    @cached_property
    def places(self) -> np.ndarray:
        """Where the chosen stations stand in the counts."""
        return self.ledger.days.at(unit.code for unit in self.chosen)

    @cached_property
    def sparks(self) -> np.ndarray:
        """The chosen stations' whole weeks up to the period's end; shape (weeks, columns)."""
        end = self.asked.periods.span.end.date()
        known = 0 if self.begins is None else max(0, (end - self.begins).days) // WEEK
        weeks = self.ledger.weeks(end, min(SPARK_WEEKS, known))
        mine = weeks[:, self.places] if self.asked.narrowed else weeks
        return np.asarray(mine.sum(axis=1))

    @cached_property
    def seen(self) -> np.ndarray:
        """Which columns hold anything at all in the days that were read; shape (columns,)."""
        return np.asarray(self.ledger.days.values.any(axis=(0, 1)) | self.counts["now"].any(axis=0))

    @cached_property
    def history(self) -> np.ndarray:
        """Weeks before the period; shape (weeks, stations, columns)."""
        start = self.asked.periods.span.first_day
        weeks = self.ground.rules.history_weeks
        known = 0 if self.begins is None else max(0, (start - self.begins).days) // WEEK
        return self.ledger.weeks(start, min(weeks, known))

    @cached_property
    def festive(self) -> np.ndarray:
        """Which of those weeks hold a public holiday and are not like others."""
        count = len(self.history)
        first = self.asked.periods.span.first_day - timedelta(days=WEEK * count)
        if not count:
            return np.zeros(0, dtype=bool)
        kinds, _ = day_kinds(first, first + timedelta(days=WEEK * count - 1), self.ground.calendar)
        days = np.array([kind == HOLIDAY for kind in kinds.values()], dtype=bool).reshape(count, WEEK)
        return np.asarray(days.any(axis=1))

    @cached_property
    def dispersion(self) -> np.ndarray:
        """How much more each column's total varies than independent incidents; shape (columns,)."""
        mine = self.history[:, self.places] if self.asked.narrowed else self.history
        return dispersion_of_series(mine.sum(axis=1).T, self.festive)

    @cached_property
    def _by_station(self) -> dict[int, np.ndarray]:
        return {}

    def station_dispersion(self, column: int) -> np.ndarray:
        """The same for each station's counts of one column, never calmer than all together; shape (stations,)."""
        if column not in self._by_station:
            self._by_station[column] = dispersion_of_table(self.history[:, :, column].T, self.festive)
        return self._by_station[column]


def desk(connection: Connection, ground: CompareGround, scope: Scope, asked: CompareAsked) -> Desk:
    """The counts that a question needs."""
    periods = asked.periods
    known = units(connection, scope)
    return Desk(
        ground=ground,
        asked=asked,
        units=known,
        chosen=tuple(unit for unit in known if asked.holds(unit)),
        begins=first_day(connection, scope),
        ledger=ledger(
            connection,
            ground.rules,
            scope,
            _history_start(ground, asked),
            (periods.span, periods.base, periods.previous),
        ),
    )


def ready(
    ground: CompareGround,
    scope: Scope,
    asked: CompareAsked,
    *,
    long: bool,
    seconds: float,
    clock: Callable[[], float],
) -> float:
    """Read what is missing of the days that a question needs for about `seconds`; the share in memory, 0..1.

    Args:
        long: the years of the trend too. clock: see `readers.figures.warm_figures`.
    """
    periods = asked.periods
    firsts = [span.first_day for span in (periods.span, periods.base, periods.previous) if span]
    firsts.append(_history_start(ground, asked))
    if long:
        firsts.append(date(periods.span.last_day.year - ground.rules.trend.years, 1, 1))
    with reading(ground.engine) as connection:
        span = min(firsts), periods.span.last_day
        there, needed = warm_figures(connection, ground.rules, span, scope, seconds=seconds, clock=clock)
    return there / needed if needed else 1.0


def complete_until(ground: CompareGround, now: datetime) -> datetime:
    """Where periods that last until `now` end: where the sources of incidents vouch to be complete, at most `now`.

    A late source would make this period look quieter than the one it is compared with.
    """
    with reading(ground.engine) as connection:
        known = [feed.complete_to for feed in feeds(connection) if feed.code in ground.rules.feeds]
    told = [moment for moment in known if moment is not None]
    return min([now, *told])


def _history_start(ground: CompareGround, asked: CompareAsked) -> date:
    weeks = max(SPARK_WEEKS + 1, ground.rules.history_weeks)
    return asked.periods.span.first_day - timedelta(days=WEEK * weeks)
