"""Incidents as columns of small numbers, so that any filter over millions of them is arithmetic.

A `Frame` is one stretch of them (a month, say); an answer is added up over several frames. Codes are
numbers into `Codes`, which only ever grows: a number never changes what it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np

EPOCH = datetime(2000, 1, 1)
"""Minute 0 of `Frame.minute`, day 0 of `Frame.day`; a Saturday."""
VALID, REPEAT, OFFICER, CITIZEN = 1, 2, 4, 32
"""Bits of `Frame.flags`: valid; repeats another; found by an officer, reported by a citizen (neither: not known)."""
ISSUE_SHIFT, ISSUE_MASK, FLAGS = 3, 3, 64
ISSUES = ("", "missing", "impossible", "outside")
"""Why an incident is not on the map, by `flags >> ISSUE_SHIFT & 3`."""
MICRO = 1_000_000


@dataclass(frozen=True, eq=False)
class Groups:
    """Incidents that agree in these columns share a number (`Frame.group`), so that a filter on any of them,
    and a sum by any of them, needs to look at a few thousand groups instead of millions of incidents.

    Columns as those of `Frame`; one entry per group.
    """

    kind: np.ndarray
    channel: np.ndarray
    flags: np.ndarray
    severity: np.ndarray
    deaths: np.ndarray
    injuries: np.ndarray
    tags: np.ndarray


@dataclass(frozen=True, eq=False)
class Codes:
    """What the small numbers stand for.

    Args:
        kinds: (class, subclass). cells: H3 cells of resolution 9 as unsigned 64-bit numbers, shape (n,).
        groups: what `Frame.group` means; None when the frames have no such column.
    """

    stations: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    channels: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cells: np.ndarray = None  # type: ignore[assignment]
    groups: Groups | None = None


@dataclass(frozen=True, eq=False)
class Frame:
    """Incidents of one stretch of time; every array has one entry per incident, in order of time.

    Args:
        minute: minutes since `EPOCH` (int32). day: days since `EPOCH` (uint16). hour: 0..23 (uint8).
        station, kind, channel, grid: indices into `Codes` (uint16, uint16, uint8, uint16).
        flags: see above (uint8). severity: index into `incident_filter.SEVERITIES` (uint8).
        deaths, injuries: at most 255 (uint8).
        tags: bit i set when tag i of `Codes` is on it (unsigned, as wide as the tags need, at most 64 bits).
        cell: index into `Codes.cells`, -1 when not on the map (int32).
        row: position in its day's pack, for finding its identifier (unsigned).
        lng, lat: WGS-84 in millionths of a degree (int32), None unless asked for; 0, 0 when not on the map.
        group: index into `Codes.groups`; None when that has not been worked out.
    """

    minute: np.ndarray
    day: np.ndarray
    hour: np.ndarray
    station: np.ndarray
    kind: np.ndarray
    channel: np.ndarray
    grid: np.ndarray
    flags: np.ndarray
    severity: np.ndarray
    deaths: np.ndarray
    injuries: np.ndarray
    tags: np.ndarray
    cell: np.ndarray
    row: np.ndarray
    lng: np.ndarray | None = None
    lat: np.ndarray | None = None
    group: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.minute)

    @cached_property
    def by_cell(self) -> np.ndarray:
        """All its incidents per cell; entry 0 counts those not on the map, entry i + 1 those of cell i."""
        return np.bincount(np.add(self.cell, 1, dtype=np.int64))

    @cached_property
    def by_station(self) -> np.ndarray:
        """All its incidents per station."""
        return np.bincount(self.station)

    @cached_property
    def by_group(self) -> np.ndarray | None:
        """All its incidents per group."""
        return None if self.group is None else np.bincount(self.group)


@dataclass(frozen=True, eq=False)
class Frames:
    """All frames of a question, oldest first, with the codes they are written in."""

    codes: Codes
    parts: tuple[Frame, ...]

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)


EMPTY = Frames(Codes(cells=np.zeros(0, dtype=np.uint64)), ())
"""No incidents."""


def day_number(day: date) -> int:
    """Days since `EPOCH`."""
    return (day - EPOCH.date()).days


def day_at(number: int) -> date:
    """The day of a number."""
    return EPOCH.date() + timedelta(days=int(number))


def minute_number(moment: datetime) -> int:
    """Minutes since `EPOCH`, rounded down."""
    return (moment - EPOCH) // timedelta(minutes=1)


def minute_at(number: int) -> datetime:
    """The instant of a minute number."""
    return EPOCH + timedelta(minutes=int(number))
