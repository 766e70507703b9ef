"""Applying a `Filter` to frames of incidents, and adding up what passes.

Speed comes from three things: whatever depends on a code is decided once per code and looked up; what
depends on the time is decided once per hour, because a frame is in order of time; and incidents that agree
in class, tags and the like are counted as groups (`Codes.groups`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import numpy as np

from domain import tally_tests
from domain.heat import Tally
from domain.incident_filter import SEVERITIES, Filter
from domain.incidents import (
    CITIZEN,
    FLAGS,
    ISSUE_MASK,
    ISSUE_SHIFT,
    ISSUES,
    OFFICER,
    Codes,
    Frame,
    Frames,
    Groups,
    day_number,
)
from domain.span import Span
from domain.tally_tests import groups_of, hour_bounds

Districts = Mapping[str, str | None]
KindsOfDay = Mapping[int, str]
T = TypeVar("T")


def chosen(frame: Frame, codes: Codes, wanted: Filter, districts: Districts, kinds_of_day: KindsOfDay) -> np.ndarray:
    """Positions in `frame` of the incidents that pass every field of `wanted`, ascending (int64).

    Args:
        districts: station code -> its district; a station that is absent has none.
        kinds_of_day: day number -> workday, weekend or holiday; needed only for `wanted.day_kinds`.

    Raises:
        ValueError: `wanted.near` is given, but the frame has no coordinates.
    """
    tests = tally_tests.prepared(codes, wanted, districts, kinds_of_day)
    return _positions(frame, tests.passing(frame))


def _positions(frame: Frame, mask: np.ndarray | None) -> np.ndarray:
    return np.arange(len(frame)) if mask is None else np.flatnonzero(mask)


def tally(frames: Frames, span: Span, wanted: Filter, districts: Districts, kinds_of_day: KindsOfDay) -> Tally:
    """The sums over all frames of the incidents that pass `wanted`.

    Args:
        span: the stretch that the frames are cut to; says which days `by_day_hour` has.
        districts, kinds_of_day: see `chosen`.
    """
    tests = tally_tests.prepared(frames.codes, wanted, districts, kinds_of_day)
    sums = _Sums(frames.codes, span)
    for part in frames.parts:
        sums.add(part, tests.passing(part))
    return sums.tally()


def pick(
    frames: Frames, wanted: Filter, districts: Districts, kinds_of_day: KindsOfDay, *, page: int, size: int
) -> tuple[tuple[tuple[int, int], ...], int]:
    """One page of the incidents that pass, newest first: ((day number, row), …) and how many pass in all.

    Args:
        page: from 1. A page beyond the last is empty.
    """
    tests = tally_tests.prepared(frames.codes, wanted, districts, kinds_of_day)
    first, last, total = (page - 1) * size, page * size, 0
    refs: list[tuple[int, int]] = []
    for part in reversed(frames.parts):
        found = _positions(part, tests.passing(part))[::-1]
        here = found[max(0, first - total) : max(0, last - total)]
        refs.extend(zip(part.day[here].tolist(), part.row[here].tolist(), strict=True))
        total += len(found)
    return tuple(refs), total


class _Sums:
    """Sums that grow part by part."""

    def __init__(self, codes: Codes, span: Span) -> None:
        self.codes = codes
        self.first_day = span.first_day
        days = (span.last_day - span.first_day + timedelta(days=1)).days
        self._first_hour = day_number(span.first_day) * 24
        self._hours = np.zeros(days * 24, dtype=np.int64)
        self._cells = np.zeros(len(codes.cells) + 1, dtype=np.int64)
        self._stations = np.zeros(len(codes.stations), dtype=np.int64)
        self._groups = np.zeros(len(codes.groups.kind) if codes.groups else 0, dtype=np.int64)
        self._columns = _Columns(codes)

    def add(self, part: Frame, mask: np.ndarray | None) -> None:
        """Count the incidents of a part where `mask` is true; None: all."""
        if mask is None:
            self._count_all(part)
        elif 4 * np.count_nonzero(mask) <= 3 * len(mask):
            self._count(part, np.flatnonzero(mask), 1)
        else:  # counting all and taking off the few others is quicker than picking out the many
            self._count_all(part)
            self._count(part, np.flatnonzero(~mask), -1)

    def _count_all(self, part: Frame) -> None:
        """What a part holds altogether is counted once and kept by it."""
        self._cells[: len(part.by_cell)] += part.by_cell
        self._stations[: len(part.by_station)] += part.by_station
        self._add_hours(part, None, 1)
        groups, group = groups_of(part, self.codes)
        kept = part.by_group if part.by_group is not None and group is part.group else np.bincount(group)
        self._add_groups(groups, np.pad(kept, (0, len(groups.kind) - len(kept))))

    def _count(self, part: Frame, rows: np.ndarray, sign: int) -> None:
        places = np.add(part.cell.take(rows), 1, dtype=np.int64)
        self._cells += sign * np.bincount(places, minlength=len(self._cells))
        self._stations += sign * np.bincount(part.station.take(rows), minlength=len(self._stations))
        self._add_hours(part, rows, sign)
        groups, group = groups_of(part, self.codes)
        self._add_groups(groups, sign * np.bincount(group.take(rows), minlength=len(groups.kind)))

    def _add_groups(self, groups: Groups, counts: np.ndarray) -> None:
        if groups is self.codes.groups:
            self._groups += counts
        else:
            self._columns.add(groups, counts)

    def _add_hours(self, part: Frame, rows: np.ndarray | None, sign: int) -> None:
        first, bounds = hour_bounds(part)
        counts = np.diff(bounds if rows is None else np.searchsorted(rows, bounds))
        low = first - self._first_hour
        self._hours[low : low + len(counts)] += sign * counts[: len(self._hours) - low]

    def tally(self) -> Tally:
        """All sums."""
        if self.codes.groups is not None:
            self._columns.add(self.codes.groups, self._groups)
        total = int(self._hours.sum())
        return Tally(
            total=total,
            placed=total - int(self._cells[0]),
            first_day=self.first_day,
            by_cell=self._cells[1:],
            by_day_hour=self._hours.reshape(-1, 24),
            by_station=dict(_counted(self.codes.stations, self._stations)),
            **self._columns.sums(),  # type: ignore[arg-type]
        )


@dataclass
class _Columns:
    """Sums by the columns that groups are made of."""

    codes: Codes
    deaths: int = 0
    injuries: int = 0

    def __post_init__(self) -> None:
        sizes = {"kind": len(self.codes.kinds), "channel": len(self.codes.channels)}
        sizes |= {"flags": FLAGS, "severity": len(SEVERITIES)}
        self._found = {name: np.zeros(size, dtype=np.int64) for name, size in sizes.items()}
        self._tags = np.zeros(len(self.codes.tags), dtype=np.int64)

    def add(self, groups: Groups, counts: np.ndarray) -> None:
        """Add so many incidents of each group."""
        for name, sums in self._found.items():
            # Sums of counts in float64 are exact up to 2**53.
            sums += np.bincount(getattr(groups, name), weights=counts, minlength=len(sums)).astype(np.int64)
        self.deaths += int(np.dot(groups.deaths.astype(np.int64), counts))
        self.injuries += int(np.dot(groups.injuries.astype(np.int64), counts))
        tagged = np.flatnonzero(groups.tags)
        for bit in range(len(self._tags)):
            on = (groups.tags[tagged] >> groups.tags.dtype.type(bit)) & groups.tags.dtype.type(1)
            self._tags[bit] += int(np.dot(on.astype(np.int64), counts[tagged]))

    def sums(self) -> dict[str, object]:
        """The fields of `Tally` that these columns give."""
        flags = self._found["flags"]
        numbers = np.arange(len(flags))
        officers, citizens = (int(flags[numbers & bit > 0].sum()) for bit in (OFFICER, CITIZEN))
        unknown = int(flags.sum()) - officers - citizens
        found = (("citizen", citizens), ("officer", officers), ("unknown", unknown))
        issues = [int(flags[numbers >> ISSUE_SHIFT & ISSUE_MASK == issue].sum()) for issue in range(len(ISSUES))]
        return {
            "deaths": self.deaths,
            "injuries": self.injuries,
            "by_kind": dict(_counted(self.codes.kinds, self._found["kind"])),
            "by_channel": dict(_counted(self.codes.channels, self._found["channel"])),
            "by_severity": dict(_counted(SEVERITIES, self._found["severity"])),
            "by_found": {name: count for name, count in found if count},
            "by_issue": {name: count for name, count in zip(ISSUES, issues, strict=True) if name and count},
            "by_tag": dict(_counted(self.codes.tags, self._tags)),
        }


def _counted(names: Sequence[T], counts: np.ndarray) -> Iterator[tuple[T, int]]:
    """Names with a count above zero."""
    for index in np.flatnonzero(counts).tolist():
        yield names[index], int(counts[index])
