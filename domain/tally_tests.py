"""A `Filter` turned into tests that are quick on whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from domain.hexid import from_text, parent
from domain.incident_filter import SEVERITIES, Circle, Filter
from domain.incidents import (
    CITIZEN,
    FLAGS,
    ISSUE_MASK,
    ISSUE_SHIFT,
    MICRO,
    OFFICER,
    REPEAT,
    VALID,
    Codes,
    Frame,
    Groups,
)
from domain.metres import metres_a_degree

_MINUTES = 60

Mask = np.ndarray | None
"""One boolean per incident; None: all of them."""


@dataclass(frozen=True, eq=False)
class Tests:
    """What a filter says of each code; None where it says nothing.

    Args:
        station, grid, cell: one boolean per code; `cell` one more, the last, for what is not on the map.
        hours: 24 booleans. day: tells for day numbers whether they pass.
        groups: tells for groups whether they pass; shared: its answer for the frames' common groups.
    """

    codes: Codes
    station: Mask
    grid: Mask
    cell: Mask
    hours: Mask
    day: Callable[[np.ndarray], np.ndarray] | None
    groups: Callable[[Groups], Mask]
    shared: Mask
    near: Circle | None

    def passing(self, frame: Frame) -> Mask:
        """Which incidents of a frame pass.

        Raises:
            ValueError: coordinates are needed and the frame has none.
        """
        mask = self._by_time(frame)
        lookups = [(self.station, frame.station), (self.grid, frame.grid), (self.cell, frame.cell)]
        groups, group = groups_of(frame, self.codes)
        lookups.append((self.shared if groups is self.codes.groups else self.groups(groups), group))
        for table, column in lookups:
            if table is not None:
                mask = _both(mask, table[column])
        return mask if self.near is None else _close(frame, self.near, mask)

    def _by_time(self, frame: Frame) -> Mask:
        if self.hours is None and self.day is None:
            return None
        first, bounds = hour_bounds(frame)
        numbers = np.arange(first, first + len(bounds) - 1)
        passes = np.ones(len(numbers), dtype=bool)
        if self.hours is not None:
            passes &= self.hours[numbers % 24]
        if self.day is not None:
            passes &= self.day(numbers // 24)
        return None if passes.all() else np.repeat(passes, np.diff(bounds))


def hour_bounds(frame: Frame) -> tuple[int, np.ndarray]:
    """The number of the frame's first hour (from the epoch), and where each hour begins in it, and the end."""
    if not len(frame):
        return 0, np.zeros(1, dtype=np.int64)
    first, last = int(frame.minute[0]) // _MINUTES, int(frame.minute[-1]) // _MINUTES
    edges = np.arange(first, last + 2) * _MINUTES
    return first, np.searchsorted(frame.minute, edges.astype(frame.minute.dtype))


def groups_of(frame: Frame, codes: Codes) -> tuple[Groups, np.ndarray]:
    """The frame's groups and each incident's number in them; without such a column each is its own group."""
    if frame.group is not None and codes.groups is not None:
        return codes.groups, frame.group
    own = Groups(
        frame.kind, frame.channel, frame.flags, frame.severity, frame.deaths, frame.injuries, frame.tags
    )  # fmt: skip
    return own, np.arange(len(frame))


def prepared(
    codes: Codes, wanted: Filter, districts: Mapping[str, str | None], kinds_of_day: Mapping[int, str]
) -> Tests:
    """The tests of a filter; see `domain.tally.chosen`."""

    def groups(table: Groups) -> Mask:
        return _groups_pass(table, codes, wanted)

    return Tests(
        codes=codes,
        station=_stations_pass(codes, wanted, districts),
        grid=_among(codes.grids, wanted.grids),
        cell=_cells_pass(codes, wanted.cell),
        hours=_among(range(24), wanted.hours),
        day=_days_pass(wanted, kinds_of_day),
        groups=groups,
        shared=None if codes.groups is None else groups(codes.groups),
        near=wanted.near,
    )


def _among(values: object, wanted: object) -> Mask:
    return np.array([value in wanted for value in values], dtype=bool) if wanted else None  # type: ignore


def _both(one: Mask, other: Mask) -> Mask:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _stations_pass(codes: Codes, wanted: Filter, districts: Mapping[str, str | None]) -> Mask:
    owners = [districts.get(station) for station in codes.stations]
    return _both(_among(codes.stations, wanted.stations), _among(owners, wanted.districts))


def _cells_pass(codes: Codes, cell: str) -> Mask:
    if not cell:
        return None
    same = np.isin(parent(codes.cells, int(cell[1], 16)), from_text(cell.split(",")))
    return np.append(same, False)


def _days_pass(wanted: Filter, kinds_of_day: Mapping[int, str]) -> Callable[[np.ndarray], np.ndarray] | None:
    if not wanted.weekdays and not wanted.day_kinds:
        return None

    def passes(numbers: np.ndarray) -> np.ndarray:
        days, places = np.unique(numbers, return_inverse=True)
        # Day 0 was a Saturday (see `domain.incidents.EPOCH`).
        good = [
            (not wanted.weekdays or (day + 5) % 7 in wanted.weekdays)
            and (not wanted.day_kinds or kinds_of_day.get(day) in wanted.day_kinds)
            for day in days.tolist()
        ]
        return np.array(good, dtype=bool)[places]

    return passes


def _groups_pass(table: Groups, codes: Codes, wanted: Filter) -> Mask:
    classes = [class_code for class_code, _ in codes.kinds]
    subclasses = [subclass for _, subclass in codes.kinds]
    mask: Mask = None
    for tests, column in (
        (_among(classes, wanted.classes), table.kind),
        (_among(subclasses, wanted.subclasses), table.kind),
        (_among(codes.channels, wanted.channels), table.channel),
        (_among(SEVERITIES, wanted.severities), table.severity),
        (_flags_pass(wanted), table.flags),
    ):
        if tests is not None:
            mask = _both(mask, tests[column])
    if wanted.tags:
        bits = sum(1 << index for index, tag in enumerate(codes.tags) if tag in wanted.tags)
        mask = _both(mask, (table.tags & table.tags.dtype.type(bits)) != 0)
    return mask


def _flags_pass(wanted: Filter) -> Mask:
    """By flags: valid, repeat, found by, on the map."""
    flags = np.arange(FLAGS)
    passes = np.ones(len(flags), dtype=bool)
    for bit, says_yes, says_no in (
        (VALID, wanted.valid == "yes", wanted.valid == "no"),
        (REPEAT, wanted.repeat == "repeat", wanted.repeat == "first"),
        (OFFICER, wanted.found == "officer", wanted.found in ("others", "unknown")),
        (CITIZEN, wanted.found == "citizen", wanted.found == "unknown"),
    ):
        if says_yes or says_no:
            passes &= (flags & bit > 0) == says_yes
    if wanted.placed != "all":
        passes &= (flags >> ISSUE_SHIFT & ISSUE_MASK == 0) == (wanted.placed == "yes")
    return None if passes.all() else passes


def _close(frame: Frame, circle: Circle, mask: Mask) -> np.ndarray:
    """Within the circle, its edge included, on a plane that touches the earth at its centre."""
    if frame.lng is None or frame.lat is None:
        raise ValueError("a circle needs coordinates")
    east, north = metres_a_degree(circle.lat)
    lng, lat = round(circle.lng * MICRO), round(circle.lat * MICRO)
    reach = circle.metres * MICRO
    box = np.abs(frame.lat - np.int32(lat)) <= int(reach / north) + 1
    box &= np.abs(frame.lng - np.int32(lng)) <= int(reach / east) + 1
    rows = np.flatnonzero(box if mask is None else box & mask)
    rows = rows[frame.cell[rows] >= 0]
    across = (frame.lng[rows].astype(np.int64) - lng) * east
    along = (frame.lat[rows].astype(np.int64) - lat) * north
    found = np.zeros(len(frame), dtype=bool)
    found[rows[across**2 + along**2 <= reach**2]] = True
    return found
