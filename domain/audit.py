"""The audit log as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.board import Board


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `sequence` counts in the order of writing; "" where another program wrote the entry."""

    entry_id: str
    sequence: int | str
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """One page of the log, the newest first, with what was searched for.

    Args:
        actions: the codes that occur. page, size, total: which part of how many entries is shown.
    """

    board: Board
    entries: tuple[AuditEntry, ...]
    actions: tuple[str, ...]
    actor: str
    action: str
    subject: str
    first: date | None
    last: date | None
    page: int
    size: int
    total: int
