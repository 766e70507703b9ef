"""The page of response clocks: sums of the period, of the one it is compared with and of the one before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from data_access.engine import reading
from data_access.readers.clocks import clock_sums, first_order_day, warm_clocks
from data_access.readers.organisation import units
from domain.access import Scope
from domain.clock_lines import Periods, clock_parts
from domain.clock_rules import ClockRules
from domain.clock_views import ClockPart, ClocksAsked, ClocksView
from domain.span import Span
from domain.task import Catalogue
from services.board import standing


@dataclass(frozen=True, slots=True)
class ClockGround:
    """What every answer about clocks is made with."""

    engine: Engine
    catalogue: Catalogue
    rules: ClockRules


def clocks_view(ground: ClockGround, scope: Scope, asked: ClocksAsked, as_of: datetime) -> ClocksView:
    """Everything the page of response clocks shows.

    Args:
        as_of: the instant the page is about. The other periods are told as they stood as long after their own end.
    """
    with reading(ground.engine) as connection:
        visible, begins = units(connection, scope), first_order_day(connection, scope)
        listed = [one.code for one in visible if asked.units is None or one.code in asked.units]
        regions = {one.code: one.region_type for one in visible}
        clocks: tuple[ClockPart, ...] = ()
        if begins is not None:
            periods = _periods(connection, ground, scope, (asked, as_of), begins)
            clocks = clock_parts(ground.rules, asked, periods, listed, regions)
        return ClocksView(
            board=standing(connection, ground.catalogue, as_of),
            asked=asked,
            clocks=clocks,
            units=visible,
            begins=begins,
            base_short=_short(asked.base, begins),
            previous_short=_short(asked.previous, begins),
            rules_version=ground.rules.version,
        )


def _periods(
    connection: Connection, ground: ClockGround, scope: Scope, what: tuple[ClocksAsked, datetime], begins: date
) -> Periods:
    asked, as_of = what
    others = (None if other is None or _short(other, begins) else other for other in (asked.base, asked.previous))
    now, *rest = (
        None
        if span is None
        else clock_sums(
            connection,
            span,
            asked.as_of_in(span, as_of),
            scope,
            ground.rules,
            who=asked.who,
            only=asked.units,
            hours=span is asked.span,
        )
        for span in (asked.span, *others)
    )
    assert now is not None
    return now, rest[0], rest[1]


def _short(other: Span | None, begins: date | None) -> bool:
    """The data begin after that period does."""
    return other is not None and begins is not None and other.first_day < begins


def clocks_ready(ground: ClockGround, scope: Scope, asked: ClocksAsked, as_of: datetime, seconds: float) -> float:
    """Read what is missing in memory of all periods for about `seconds`; the share of their days there, 0..1."""
    until, there, needed = time.monotonic() + seconds, 0, 0
    with reading(ground.engine) as connection:
        for span in (asked.span, asked.base, asked.previous):
            if span is None:
                continue
            found, days = warm_clocks(
                connection,
                span,
                asked.as_of_in(span, as_of),
                scope,
                ground.rules,
                who=asked.who,
                seconds=max(0.0, until - time.monotonic()),
                clock=time.monotonic,
            )
            there, needed = there + found, needed + days
    return there / needed if needed else 1.0
