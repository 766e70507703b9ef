"""What the alerts page, its JSON and the wall show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.alerts import Alert, AlertKind, AlertRules
from domain.board import Board, Unit
from domain.colour import Cell
from domain.periods import period_start
from domain.placename import PlaceName
from domain.task import Task


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert with what is told of it.

    Args:
        unit: its station; None where it has none, or the station is no longer active.
        occurred_at, class_code, subclass: of a major incident that is still in the database.
        place: road, junction or address of the incident; an address only for viewers who may see rows.
        red_days: of a red one that was found: the first of the days without a gap, up to the day before, on which
            its cell closed red; None where it did not.
    """

    alert: Alert
    unit: Unit | None = None
    occurred_at: datetime | None = None
    class_code: str = ""
    subclass: str = ""
    place: PlaceName = field(default_factory=PlaceName)
    red_days: date | None = None

    @property
    def since(self) -> datetime:
        """When it happened, or turned red."""
        return self.occurred_at or self.alert.began_at


def red_since(line: AlertLine, task: Task | None) -> date | None:
    """The day since which a found red cell is red at least; None where nobody knows.

    A task that begins anew with each period was red before in another period: that is no older red.
    """
    if line.red_days is None or task is None:
        return None
    if task.measure.is_level:
        return line.red_days
    begins = max(line.red_days, period_start(task.period, line.alert.began_at.date()))
    return begins if begins < line.alert.began_at.date() else None


@dataclass(frozen=True, slots=True)
class AlertsView:
    """The alerts page.

    Args:
        at: the instant it is asked for; the board may be up to a minute older.
        lines: open ones, unacknowledged first. past: ended ones of the last days, the last ended first.
        waiting, acked: how many of all open ones are unacknowledged and acknowledged, whatever is filtered.
        cells: the board's present cell of (station, task) of open red ones.
        kind, station: the filter; "" for all. units: all stations, to choose from.
        worker_at: when the worker last finished a round; `worker_late`: longer ago than it should be.
    """

    board: Board
    at: datetime
    lines: tuple[AlertLine, ...]
    past: tuple[AlertLine, ...]
    waiting: int
    acked: int
    cells: Mapping[tuple[str, str], Cell]
    rules: AlertRules
    units: tuple[Unit, ...]
    kind: str = ""
    station: str = ""
    worker_at: datetime | None = None
    worker_late: bool = False
    editable: bool = False


def urgency(line: AlertLine) -> tuple[bool, bool, float, str]:
    """Sorts open alerts: unacknowledged before acknowledged, major before red, the newest first."""
    alert = line.alert
    newest = -(alert.began_at - datetime(2000, 1, 1)).total_seconds()
    return alert.is_acked, alert.kind is not AlertKind.MAJOR, newest, alert.alert_id
