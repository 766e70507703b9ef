"""What the pages of the assessment show beside its answers: months to choose from, what may be done, rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference
from domain.assessment_records import LockHead
from domain.assessment_views import About
from domain.board import Board, Unit
from domain.month import Month
from domain.views import RowPage


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """A month that may be chosen. `state`: as in `About`; `lock`: its newest version, None unless locked."""

    month: Month
    state: str
    lock: LockHead | None = None


@dataclass(frozen=True)
class Outlook:
    """What may be done with a month now.

    Args:
        editing: something may be written here and now: this deployment allows it and the page is not of the past.
        lockable: the month may be locked, or, once locked, corrected.
        refused: key of the sentence that says why not; "" when it may, or when nothing may be written.
        seen: its newest version, 0 for none; what a form sends back, so that nobody locks unseen.
        stale: of a locked month: what it rests on has changed; None where that is not known.
        differences: what a correction would change.
        deeds: what the viewer's role may do (`domain.access.DEEDS`).
    """

    editing: bool
    lockable: bool = False
    refused: str = ""
    params: dict[str, object] = field(default_factory=dict)
    seen: int = 0
    stale: bool | None = None
    differences: tuple[Difference, ...] = ()
    deeds: tuple[str, ...] = ("lock", "adjust", "appeal", "reply", "mode")


@dataclass(frozen=True)
class SourceRows:
    """The rows behind one number of a station's month.

    Args:
        source: its code. indicators: those that it counts in. now, base: the number, and that of a year earlier.
        first, last: instants of the stretch its rows lie in, both included.
    """

    board: Board
    about: About
    unit: Unit
    source: str
    indicators: tuple[str, ...]
    now: Amount | None
    base: Amount | None
    first: datetime
    last: datetime
    page: RowPage
