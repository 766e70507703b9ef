"""Figures per day and station: what all comparisons are added up from."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Kind = tuple[str, str]


@dataclass(frozen=True, eq=False)
class FigureDays:
    """Counts of successive days.

    Args:
        first: the first day.
        stations: codes; "" stands for incidents that belong to no known station.
        kinds: (class, subclass) of the columns behind the figures.
        figures: how many of the first columns are figures, in the order of the rules.
        values: shape (days, stations, figures + kinds), not negative, whole. A kind's column counts valid incidents.
    """

    first: date
    stations: tuple[str, ...]
    kinds: tuple[Kind, ...]
    figures: int
    values: np.ndarray

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FigureDays):
            return NotImplemented
        mine, theirs = ((one.first, one.stations, one.kinds, one.figures) for one in (self, other))
        return mine == theirs and np.array_equal(self.values, other.values)

    __hash__ = None  # type: ignore[assignment]

    @property
    def days(self) -> int:
        """How many days it has."""
        return len(self.values)

    @property
    def last(self) -> date:
        """The last day; the day before `first` when there are none."""
        return self.first + timedelta(days=self.days - 1)

    def between(self, first: date, last: date) -> np.ndarray:
        """The part from `first` to `last`, both included, as far as it has them; a view."""
        low = max(0, (first - self.first).days)
        return self.values[low : max(low, (last - self.first).days + 1)]

    def sums(self, first: date, last: date) -> Counts:
        """Sums over the days from `first` to `last`, both included; shape (stations, columns)."""
        found: Counts = self.between(first, last).sum(axis=0, dtype=np.int64)
        return found

    def at(self, stations: Iterable[str]) -> Counts:
        """Positions of these stations; those it does not know are left out."""
        number = {code: index for index, code in enumerate(self.stations)}
        return np.array([number[code] for code in stations if code in number], dtype=np.int64)

    def held(self, stations: Container[str] | None = None) -> FigureDays:
        """Without the stations and kinds that none of these days has an incident of.

        Args:
            stations: these only; None: all.
        """
        most = self.values.max(axis=0, initial=0)
        mine = np.array([stations is None or code in stations for code in self.stations], dtype=bool)
        rows = mine & most.any(axis=1)
        columns = np.concatenate((np.ones(self.figures, dtype=bool), most[rows, self.figures :].any(axis=0)))
        if rows.all() and columns.all():
            return self
        codes = tuple(code for code, held in zip(self.stations, rows.tolist(), strict=True) if held)
        kinds = tuple(kind for kind, held in zip(self.kinds, columns[self.figures :].tolist(), strict=True) if held)
        values = self.values.take(np.flatnonzero(rows), axis=1).take(np.flatnonzero(columns), axis=2)
        return FigureDays(self.first, codes, kinds, self.figures, values)

    def wider(self, parts: Iterable[FigureDays]) -> FigureDays:
        """The same with the stations and kinds that only `parts` know, behind its own and without any incident."""
        listed = list(parts)
        stations = tuple(dict.fromkeys((*self.stations, *(code for part in listed for code in part.stations))))
        kinds = tuple(dict.fromkeys((*self.kinds, *(kind for part in listed for kind in part.kinds))))
        more = len(stations) - len(self.stations), len(kinds) - len(self.kinds)
        if not any(more):
            return self
        values = np.pad(self.values, ((0, 0), (0, more[0]), (0, more[1])))
        return FigureDays(self.first, stations, kinds, self.figures, values)


def aligned(part: FigureDays, whole: FigureDays) -> np.ndarray:
    """The days of `part` in the columns and stations of `whole`; shape (days, stations, columns) of `whole`.

    What `whole` does not know is left out; `FigureDays.wider` lets it know.
    """
    found = np.zeros((part.days, len(whole.stations), whole.values.shape[2]), dtype=np.int64)
    rows = {code: index for index, code in enumerate(whole.stations)}
    kinds = {kind: index for index, kind in enumerate(whole.kinds)}
    from_row = [index for index, code in enumerate(part.stations) if code in rows]
    to_row = [rows[code] for code in part.stations if code in rows]
    columns = range(part.figures)
    from_column = [*columns, *(part.figures + n for n, kind in enumerate(part.kinds) if kind in kinds)]
    to_column = [*columns, *(whole.figures + kinds[kind] for kind in part.kinds if kind in kinds)]
    found[:, np.array(to_row, dtype=int)[:, None], np.array(to_column, dtype=int)[None, :]] = part.values[
        :, np.array(from_row, dtype=int)[:, None], np.array(from_column, dtype=int)[None, :]
    ]
    return found
