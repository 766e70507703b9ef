"""Rows with their whole future, and what of them is known at an instant.

Every generator of this package makes rows with complete timelines. `known` cuts a batch to an instant:
rows not yet born are absent, times still to come are empty. Times are seconds since 1970-01-01 of the
deployment's wall clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np

NEVER = 1 << 60
"""A time that does not come."""
DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_START = datetime(1970, 1, 1)
_CLOCK = [f" {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]


@dataclass(frozen=True)
class Rows:
    """Rows of one table.

    Args:
        table: the table's name.
        born: when each row becomes known, int64 seconds.
        times: time columns, int64 seconds; `NEVER` where the time does not come.
        cells: other columns: a list or array with one value per row, or one value for all.
        plans: names in `times` that may lie in the future (deadlines).
        gates: column -> (time column, value shown until that time).
    """

    table: str
    born: np.ndarray
    times: Mapping[str, np.ndarray]
    cells: Mapping[str, Any]
    plans: frozenset[str] = frozenset()
    gates: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.born)

    @property
    def columns(self) -> list[str]:
        """Names of the columns in the order of `tuples`."""
        return [*self.times, *self.cells, "updated_at"]

    def take(self, index: np.ndarray) -> Rows:
        """The rows at these positions."""
        chosen = index.tolist()
        return replace(
            self,
            born=self.born[index],
            times={name: value[index] for name, value in self.times.items()},
            cells={name: _taken(value, index, chosen) for name, value in self.cells.items()},
        )

    def events(self) -> list[np.ndarray]:
        """The times at which a row changes: its birth and every time that is not a mere plan."""
        return [self.born, *(value for name, value in self.times.items() if name not in self.plans)]


def _taken(value: Any, index: np.ndarray, chosen: list[int]) -> Any:
    if isinstance(value, np.ndarray):
        return value[index]
    return [value[i] for i in chosen] if isinstance(value, list) else value


def known(rows: Rows, now: int) -> Rows:
    """The rows as they are known at `now` (seconds), both ends included."""
    here = rows if bool((rows.born <= now).all()) else rows.take(np.flatnonzero(rows.born <= now))
    if len(here) == 0 or max(int(value.max()) for value in here.events()) <= now:
        return here
    gated = {name: _gated(here, name, now) for name in here.gates}
    cut = {
        name: value if name in here.plans else np.where(value <= now, value, NEVER)
        for name, value in here.times.items()
    }
    return replace(here, times=cut, cells={**here.cells, **gated})


def _gated(rows: Rows, name: str, now: int) -> list[Any]:
    moment, before = rows.gates[name]
    values = _listed(rows.cells[name], len(rows))
    return [value if seen else before for value, seen in zip(values, (rows.times[moment] <= now).tolist(), strict=True)]


def changed(rows: Rows, since: int, now: int) -> Rows:
    """The rows that became known or changed after `since` up to `now`, as they are known at `now`."""
    moved = np.zeros(len(rows), dtype=bool)
    for value in rows.events():
        moved |= (value > since) & (value <= now)
    return known(rows.take(np.flatnonzero(moved & (rows.born <= now))), now)


def pending(rows: Rows, since: int) -> Rows:
    """The rows to which something may still happen after `since`."""
    moved = np.zeros(len(rows), dtype=bool)
    for value in rows.events():
        moved |= (value > since) & (value < NEVER)
    return rows.take(np.flatnonzero(moved))


def tuples(rows: Rows, written: str) -> list[tuple[Any, ...]]:
    """Values for `bulk_insert`, in the order of `rows.columns`; `written` is the text of updated_at."""
    count = len(rows)
    by_column: list[Any] = [time_texts(value) for value in rows.times.values()]
    by_column += [_listed(value, count) for value in rows.cells.values()]
    return list(zip(*by_column, repeat(written, count), strict=True))


def _listed(value: Any, count: int) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value if isinstance(value, list) else list(repeat(value, count))


def time_texts(moments: np.ndarray) -> list[str | None]:
    """Seconds as "YYYY-MM-DD HH:MM:SS"; `NEVER` as None."""
    days, clock = np.divmod(moments, DAY)
    texts: dict[int, str] = {}
    for day in np.unique(days).tolist():
        texts[day] = "" if day >= NEVER // DAY else date.fromordinal(day + _EPOCH).isoformat()
    return [
        texts[day] + _CLOCK[second] if texts[day] else None
        for day, second in zip(days.tolist(), clock.tolist(), strict=True)
    ]


def either(condition: Any, yes: Any, no: Any) -> np.ndarray:
    """`numpy.where` for values of any kind, None among them."""
    found: np.ndarray = np.where(condition, yes, no)
    return found


def day_start(day: date) -> int:
    """Midnight at which `day` begins, in seconds."""
    return (day.toordinal() - _EPOCH) * DAY


def seconds(moment: datetime) -> int:
    """A wall time as seconds; fractions are cut off."""
    return int((moment.replace(microsecond=0) - _START).total_seconds())


def joined(parts: Sequence[Rows]) -> Rows:
    """Several batches of one table as one; they have the same columns.

    Args:
        parts: at least one batch.
    """
    first = parts[0]
    return replace(
        first,
        born=np.concatenate([part.born for part in parts]),
        times={name: np.concatenate([part.times[name] for part in parts]) for name in first.times},
        cells={name: _chain([_listed(part.cells[name], len(part)) for part in parts]) for name in first.cells},
    )


def _chain(lists: list[list[Any]]) -> list[Any]:
    return [value for part in lists for value in part]
