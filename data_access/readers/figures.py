"""Figures per day and station for comparisons: whole days from memory, a begun day from its pack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.packs.store import by_month, stamps_of
from data_access.packs.sums import cube_of, months
from data_access.readers.incidents import first_day
from data_access.scope import allowed
from domain.access import Scope
from domain.compare_rules import CompareRules
from domain.figure_days import FigureDays

_SECOND = timedelta(seconds=1)


def figure_days(connection: Connection, rules: CompareRules, first: date, last: date, scope: Scope) -> FigureDays:
    """The figures of whole days, of the stations that `scope` may see.

    Args:
        first, last: both included; as many days as lie between, also where there are no incidents.

    A viewer who sees everything also sees incidents without a station, as station "". Only those
    stations and kinds are known that have an incident in these days which the viewer may see.
    """
    cube = cube_of(connection, rules)
    stamps = _stamps(connection, first, last)
    for month in months(first, last):
        cube.update(connection, month, stamps.get(month, {}))
    return cube.days(first, last).held(allowed(connection, scope))


def figure_part(connection: Connection, rules: CompareRules, moment: datetime, scope: Scope) -> FigureDays:
    """The figures of the day that ends at `moment`, from its midnight on; one day.

    Args:
        moment: not included; incidents of the minute in which it ends count unless it ends with that
            minute's first second, as in `readers.incidents.frames`.
    """
    last = moment - _SECOND
    part = cube_of(connection, rules).part(connection, last.date(), last.hour * 60 + last.minute + 1)
    return part.held(allowed(connection, scope))


def warm_figures(
    connection: Connection,
    rules: CompareRules,
    span: tuple[date, date],
    scope: Scope,
    *,
    seconds: float,
    clock: Callable[[], float],
) -> tuple[int, int]:
    """Read days of the span (first, last) until all are in memory or the time is used up, newest first.

    Args:
        clock: a clock that never goes back, in seconds (`time.monotonic`).

    Returns:
        How many of the span's days are in memory, and how many there are; (0, 0) when none is visible. At
        least one month is read, so that calling again gets on.
    """
    if first_day(connection, scope) is None:
        return 0, 0
    until, cube = clock() + seconds, cube_of(connection, rules)
    found = _stamps(connection, *span)
    missing = [month for month, stamps in reversed(found.items()) if cube.ready(stamps) < len(stamps)]
    for month in missing:
        cube.update(connection, month, found[month])
        if clock() >= until:
            break
    return sum(cube.ready(stamps) for stamps in found.values()), sum(map(len, found.values()))


def _stamps(connection: Connection, first: date, last: date) -> dict[tuple[int, int], dict[date, str]]:
    """Of the whole months that the span touches, because a month is kept as a whole."""
    end = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return by_month(stamps_of(connection, first.replace(day=1), end).items())
