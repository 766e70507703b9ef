"""What a map page answers: the question (`Asked`), the sums (`Tally`) and the frozen view-model (`HeatView`).

Page, table, JSON and download render the same objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.board import Board, Unit
from domain.incident_filter import Filter
from domain.span import Span

LAYERS = ("hex", "area", "density")
SIDES = ("one", "both", "change")
PER = ("count", "residents", "area")
UNITS = ("station", "district")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the map.

    Args:
        preset: name of the span in `domain.span.PRESETS`, "" for a free one.
        base_name: "none", "year", "prev" or "free"; base: its span, None for none.
        layer: "hex" hexagons, "area" polygons of stations or districts, "density" for display only.
        side: "one" map, "both" periods side by side, or the "change" between them.
        per: what a polygon's colour says: count, per 10 000 residents, per km2. unit: station or district.
        ring: (lng, lat) of the point whose distance rings are asked for, None for none.
        clocked: the address says to the minute where a free span ends.
    """

    span: Span
    preset: str
    base: Span | None
    base_name: str
    filter: Filter
    layer: str = "hex"
    side: str = "one"
    per: str = "count"
    unit: str = "station"
    ring: tuple[float, float] | None = None
    clocked: bool = False


@dataclass(frozen=True)
class Tally:
    """Sums over the chosen incidents of one span.

    Args:
        total: incidents. placed: of them on the map.
        by_cell: incidents per index of `Codes.cells`, int64, shape (cells,).
        by_day_hour: incidents per day and hour, int64, shape (days of the span, 24), first row `first_day`.
        by_station: station code -> incidents; "" for those without a station. Likewise the others.
        by_kind: (class, subclass) -> incidents. by_found: "citizen", "officer" or "unknown". by_issue: why not on
            the map ("missing", "impossible", "outside"). by_tag: an incident may carry several.
    """

    total: int
    placed: int
    deaths: int
    injuries: int
    first_day: date
    by_cell: np.ndarray
    by_day_hour: np.ndarray
    by_station: Mapping[str, int]
    by_kind: Mapping[tuple[str, str], int]
    by_channel: Mapping[str, int]
    by_found: Mapping[str, int]
    by_severity: Mapping[str, int]
    by_issue: Mapping[str, int]
    by_tag: Mapping[str, int]

    @property
    def by_class(self) -> dict[str, int]:
        """Class -> incidents, most first."""
        sums: dict[str, int] = {}
        for (name, _), count in self.by_kind.items():
            sums[name] = sums.get(name, 0) + count
        return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class Side:
    """One of the two periods."""

    span: Span
    tally: Tally


@dataclass(frozen=True)
class Hexes:
    """The hexagons of one resolution that hold an incident in either period; arrays of equal length.

    Args:
        ids: H3 numbers (uint64). lng, lat: centres, degrees (float64). now, base: incidents (int64).
        change: 1 more, -1 fewer, 0 not to be told from chance (int8); None without a second period.
        tested: how many hold enough incidents to show any change.
    """

    resolution: int
    ids: np.ndarray
    lng: np.ndarray
    lat: np.ndarray
    now: np.ndarray
    base: np.ndarray | None = None
    change: np.ndarray | None = None
    tested: int = 0


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One station's or district's sums. `unit` of a district carries its code and names only.

    Args:
        now, base: incidents; base None without a second period.
        change: 1 more, -1 fewer, 0 not to be told from chance; None without a second period.
        per_residents: a year's incidents per 10 000 residents are not meant: it is `now` per 10 000;
            per_area: `now` per km2; None where residents or area are unknown.
        has_shape: a boundary is known.
    """

    unit: Unit
    now: int
    base: int | None
    change: int | None
    per_residents: float | None
    per_area: float | None
    has_shape: bool


@dataclass(frozen=True)
class HourCurve:
    """Today's hours against the same weekday before.

    Args:
        day: the day shown (the span's last). today: 24 counts, None for hours still to come.
        mean, low, high: 24 numbers each; mean and the 10th and 90th percentile over `weeks` earlier
            days of the same weekday. weeks 0: no such days.
    """

    day: date
    today: tuple[int | None, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    weeks: int


@dataclass(frozen=True)
class DayKindLine:
    """Workdays, weekends or holidays of the span: how many days, incidents a day, and a day's 24 hours."""

    kind: str
    days: int
    incidents: int
    by_hour: tuple[float, ...]

    @property
    def a_day(self) -> float | None:
        """Incidents a day; None when there is no such day."""
        return self.incidents / self.days if self.days else None


@dataclass(frozen=True)
class When:
    """The span's times.

    Args:
        matrix: incidents per weekday (0 Monday) and hour; 7 rows of 24.
        weekday_days: how many days of each weekday the span holds, 7 numbers; part of a day counts as one.
        days: (day, incidents, kind of day) for each day of the span.
        kinds: workday, weekend, holiday. calendar_known: False when a day's public holidays are not
            published yet and plain weekdays stand in.
    """

    matrix: tuple[tuple[int, ...], ...]
    weekday_days: tuple[int, ...]
    days: tuple[tuple[date, int, str], ...]
    kinds: tuple[DayKindLine, ...]
    curve: HourCurve
    calendar_known: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """Incidents between two distances from a point, metres; per km2 of the ring."""

    inner: float
    outer: float
    now: int
    base: int | None
    per_km2: float


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What the difference map says in words, for the hexagons of one resolution.

    Args:
        cells: hexagons compared. tested: of them those with enough incidents to show any change at all.
        more, fewer: that rose or fell by more than chance. q: share of false ones allowed among these.
    """

    cells: int
    more: int
    fewer: int
    q: float
    tested: int = 0
    resolution: int = 9


@dataclass(frozen=True)
class Options:
    """What the filter offers: codes that occur in the data, and the units the viewer may see."""

    kinds: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    tags: tuple[str, ...]
    grids: tuple[tuple[str, str, str], ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class HeatView:
    """The map page.

    Args:
        board: without lines; says as of when, with which data and rules.
        changes: one for each resolution of `hexes`; none without a second period that can be compared.
        base_short: the day the data begin, when that is after the second period has begun; nothing is
            then told to have changed. None otherwise.
    """

    board: Board
    asked: Asked
    now: Side
    base: Side | None
    hexes: tuple[Hexes, ...]
    areas: tuple[AreaLine, ...]
    changes: tuple[ChangeNote, ...]
    when: When
    rings: tuple[Ring, ...]
    options: Options
    rules_version: str
    points_from_zoom: int
    density_m: float
    base_short: date | None = None
