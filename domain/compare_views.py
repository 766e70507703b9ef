"""What the comparison pages answer: the question, and frozen lines of figures with what is known of their change.

Page, JSON and spreadsheet render the same objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.board import Board, Unit
from domain.comparison import Change
from domain.sameperiod import Periods
from domain.share_change import ShareChange

UNITS = ("station", "district", "region", "mode", "kind")
WHO = ("station", "squadron", "incident")
LIMITS = ("uniform", "region")
STEPS = ("month", "week")
WORDS = ("none", "level", "down", "up", "new")
"""零发, 持平, 下降, 上升, 新增: the words of the circulars, about the plain counts."""


@dataclass(frozen=True, slots=True)
class CompareAsked:
    """What an address asks of the comparison pages.

    Args:
        districts, stations, regions, modes: narrow the stations; empty ones do not.
        unit: rows of the table. figure: code of the figure in focus. sort: column the table is sorted by,
            a leading "-" for falling, "" for the organisation's order.
        step: "month" or "week" of the trend. who, limits, classes: of the response clocks.
    """

    periods: Periods
    districts: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    unit: str = UNITS[0]
    figure: str = ""
    sort: str = ""
    step: str = STEPS[0]
    who: str = WHO[0]
    limits: str = LIMITS[0]
    classes: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """True when not all stations are meant."""
        return bool(self.districts or self.stations or self.regions or self.modes)

    def holds(self, unit: Unit) -> bool:
        """The question is about this station too."""
        return all(
            not wanted or value in wanted
            for wanted, value in (
                (self.districts, unit.district_code),
                (self.stations, unit.code),
                (self.regions, unit.region_type),
                (self.modes, unit.fusion_mode),
            )
        )


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure over all chosen stations.

    Args:
        now, base, previous: counts; None where that period does not exist, lies before the data begin, or the
            data never carried the figure.
        change, previous_change: against the same period and against the period before.
        per_residents, base_per_residents: per 10 000 residents in the period; None where unknown, and of a
            period that begins before the data.
        spark: the last 26 whole weeks before the period's end, oldest first.
        dispersion: how much more the figure varies than independent incidents.
        absent: no incident in all of the data carries the mark that the figure is made of.
        q: share of false ones among the headline figures at least as clear as this one; 1 where not judged.
    """

    code: str
    now: int | None
    base: int | None
    previous: int | None
    change: Change
    previous_change: Change
    per_residents: float | None
    base_per_residents: float | None
    spark: tuple[int, ...]
    dispersion: float
    absent: bool = False
    q: float = 1.0


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One figure as a share of another; pairs are (part, whole) of a period, None where there is none."""

    code: str
    now: tuple[int, int] | None
    base: tuple[int, int] | None
    previous: tuple[int, int] | None
    change: ShareChange
    previous_change: ShareChange
    absent: bool = False


@dataclass(frozen=True, slots=True)
class UnitCell:
    """One figure of one row.

    Args:
        percent: of the counts as they are; None when the base is 0 or missing.
        sign: 1 more, -1 fewer than chance explains, 0 not to be told from it; judged alone.
        share, base_share: of the column's sum, percent; None where the sum is 0.
    """

    now: int
    base: int | None
    previous: int | None
    percent: float | None
    previous_percent: float | None
    sign: int
    share: float | None
    base_share: float | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of a table.

    Args:
        code: of the station, district, region or mode; "" for incidents of no known one; "class/subclass" for kinds.
        unit: the station or district; None for others.
        cells: in the order of the table's figures.
        word: what happened to the first figure, of `WORDS`; "" without a base.
        per_residents: the first figure per 10 000 residents.
        inside: the row is part of the row above it (a subclass of its class).
    """

    code: str
    unit: Unit | None
    cells: tuple[UnitCell, ...]
    word: str
    per_residents: float | None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Rows of one kind of unit with their sum; `total` holds exactly the sum of the rows (without inside ones)."""

    unit: str
    figures: tuple[str, ...]
    rows: tuple[UnitRow, ...]
    total: UnitRow


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a station that changed, after control of false discoveries.

    Args:
        excess: incidents more (or fewer, negative) than the base period's rate would have given.
        q: share of false ones among all that are at least as clear.
    """

    unit: Unit
    figure: str
    change: Change
    q: float
    excess: float


@dataclass(frozen=True, slots=True)
class Days:
    """What a period is made of.

    Args:
        length: days, part of a day as part. kinds: workday, weekend, holiday -> days.
        known: the calendar of all its years is published.
        short: the day the data begin, when that is after the period began; None otherwise.
    """

    length: float
    kinds: Mapping[str, int]
    known: bool
    short: date | None = None


@dataclass(frozen=True)
class CompareView:
    """What changed, where, and whether it is real.

    Args:
        board: without lines; as of when, with which data.
        units: all stations the viewer may see. chosen: those the question is about.
        days: "now", "base", "previous" -> what the period is made of.
        found: most excess first. tested: station x figures that could have shown a change. q: see `Found`.
        weeks: whole weeks of history that dispersion was estimated from.
    """

    board: Board
    asked: CompareAsked
    rules_version: str
    units: tuple[Unit, ...]
    chosen: int
    days: Mapping[str, Days]
    lines: tuple[FigureLine, ...]
    shares: tuple[ShareLine, ...]
    table: UnitTable
    found: tuple[Found, ...]
    tested: int
    q: float
    weeks: int


@dataclass(frozen=True)
class CompareBook:
    """A view with the tables of all kinds of unit, in the order of `UNITS`; the view's own is among them."""

    view: CompareView
    tables: tuple[UnitTable, ...]
