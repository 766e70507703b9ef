"""The months of the assessment with their state, and what may be done with one of them."""

from __future__ import annotations

from datetime import datetime

from data_access.engine import reading
from domain.assessment_office import MonthChoice, Outlook
from domain.assessment_views import LOCKED, OPEN, RUNNING
from domain.errors import Refused
from domain.month import Month, month_of
from services.assessment_deeds import preview
from services.assessment_month import Locks, heads_at
from services.desk import Desk

SHOWN = 15
"""Months that are offered, the running one among them; the one that is shown is always one of them."""


def months(desk: Desk, as_of: datetime, chosen: Month) -> tuple[MonthChoice, ...]:
    """The months to choose from, the newest first. Says nothing of any station."""
    newest = month_of(as_of.date())
    wanted = [newest.back(back) for back in range(SHOWN)]
    wanted = sorted({*wanted, chosen}, reverse=True)
    with reading(desk.engine) as connection:
        locks = heads_at(connection, as_of, [one.period for one in wanted])
    return tuple(_choice(one, as_of, locks) for one in wanted if desk.book.on(one.last) is not None)


def _choice(month: Month, as_of: datetime, locks: Locks) -> MonthChoice:
    versions = locks.get(month.period, ())
    if versions:
        return MonthChoice(month, LOCKED, versions[-1])
    return MonthChoice(month, OPEN if month.over(as_of) else RUNNING)


def outlook(desk: Desk, month: Month, as_of: datetime, *, editing: bool) -> Outlook:
    """What may be done with a month at `as_of`; of a locked one also whether its inputs have changed since."""
    if not month.over(as_of):
        return Outlook(editing)
    try:
        found = preview(desk, month, as_of)
    except Refused as error:
        return Outlook(editing, refused=error.key, params=dict(error.params))
    changed = not found.same
    return Outlook(
        editing=editing,
        lockable=editing and changed,
        seen=found.seen,
        stale=changed if found.seen else None,
        differences=found.differences,
    )
