"""What the administration pages show: frozen view-models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.accounts import Account, Session
from domain.board import Board, Unit
from domain.display import Display
from domain.errors import BoardError
from domain.targets import Effect, TargetRow
from domain.task import Task


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station as it is kept, wound up or not. Residents in 10 000, area in km2, place in degrees of WGS-84."""

    code: str
    name: str
    short_name: str
    name_en: str
    district: str
    fusion_mode: str
    region_type: str
    residents_10k: float | None
    area_km2: float | None
    officers: int | None
    active: bool
    updated_at: datetime
    sort_no: int = 0
    lng: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A district as it is kept, closed or not. Residents in 10 000, area in km2; `stations` of it are active."""

    code: str
    name: str
    name_en: str
    sort_no: int
    residents_10k: float | None
    area_km2: float | None
    active: bool
    updated_at: datetime
    stations: int


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file that was imported. Counts are rows; None where the import did not finish."""

    import_id: str
    profile: str
    file_name: str
    started_at: datetime | None
    finished_at: datetime | None
    rows_read: int | None
    rows_loaded: int | None
    rows_unchanged: int | None
    rows_rejected: int | None
    reject_file: str


@dataclass(frozen=True, slots=True)
class DisplayLine:
    """One wall display. `display` None: what was kept cannot be understood."""

    name: str
    display: Display | None
    active: bool
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class AdminView:
    """The entry: how many of each there are."""

    board: Board
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TargetsView:
    """Targets with what is asked for.

    Args:
        rows: of the filter, by station, task and first day.
        asked: the form's texts. draft: new rows whose effect is shown. ending: the row that is to end, with its
            last day.
        problem: why the form cannot stand. seen: the state of the targets that the draft replaces.
    """

    board: Board
    units: tuple[Unit, ...]
    tasks: tuple[Task, ...]
    rows: tuple[TargetRow, ...]
    today: date
    station: str
    task: str
    asked: Mapping[str, str]
    draft: tuple[TargetRow, ...] = ()
    ending: tuple[TargetRow, date] | None = None
    effect: Effect | None = None
    problem: BoardError | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class StationsView:
    """All stations and districts; `chosen` and `district` are those that are being changed."""

    board: Board
    rows: tuple[StationRow, ...]
    districts: tuple[DistrictRow, ...]
    chosen: StationRow | None
    district: DistrictRow | None = None


@dataclass(frozen=True, slots=True)
class FeedsView:
    """Sources (in `board.feeds`) and the last imported files."""

    board: Board
    imports: tuple[ImportRow, ...]


@dataclass(frozen=True, slots=True)
class AccountsView:
    """All accounts; `chosen` is the one that is being changed, with its open sessions."""

    board: Board
    now: datetime
    accounts: tuple[Account, ...]
    units: tuple[Unit, ...]
    chosen: Account | None
    sessions: tuple[Session, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class DisplaysView:
    """All wall displays; `chosen` is the one that is being changed."""

    board: Board
    lines: tuple[DisplayLine, ...]
    units: tuple[Unit, ...]
    playlists: tuple[tuple[str, Mapping[str, str]], ...]
    chosen: DisplayLine | None


@dataclass(frozen=True, slots=True)
class Laid:
    """One theme or task in force and how it differs from what ships.

    Args:
        kind: "theme" or "task". origin: "ours", "changed" (replaced by the deployment) or "added" (by it).
        differences: field, value that ships, value in force.
    """

    kind: str
    code: str
    origin: str
    on: bool
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """Rules in force: their version, that of what ships, and entries one by one."""

    board: Board
    version: str
    shipped_version: str
    folder: str
    lines: tuple[Laid, ...]
