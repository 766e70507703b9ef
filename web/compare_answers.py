"""The door to comparisons: an address in, a view-model of the comparison pages out, for the current viewer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from catalogue.days import spring_festival
from data_access.engine import reading
from data_access.readers.organisation import units
from domain.board import Board
from domain.clock_views import ClocksAsked, ClocksView
from domain.compare_asked import compare_asked, params
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, CompareView
from domain.errors import NotFound
from domain.fair_views import FairView
from domain.periods import LAST_SECOND
from domain.trend_views import TrendView
from services.board import standing as standing_on
from services.clocks import ClockGround, clocks_ready, clocks_view
from services.compare import compare_view
from services.compare_desk import CompareGround, complete_until, ready
from services.fair import fair_view
from services.trend import trend_view
from web import answers
from web.cached import recent
from web.context import context
from web.moment import asked as instant
from web.scope import current_scope

T = TypeVar("T")
PATIENCE = 0.35
"""Seconds a page waits for days that are not in memory yet before it says how far it is."""
Args = Mapping[str, str]


def rules() -> CompareRules:
    """The figures in force."""
    return context().compare_rules


def ground() -> CompareGround:
    """The rules and the database of this process."""
    here = context()
    return CompareGround(here.engine, here.catalogue, here.compare_rules, here.calendar)


def question(args: Args) -> CompareAsked:
    """What an address asks, at the instant it asks for.

    Raises:
        BadRequest: a parameter that makes no sense.
        NotFound: no station of those the viewer may see is meant.
    """
    asked = compare_asked(args, _end(args), rules(), spring_festival, _until(args))
    if asked.narrowed and not _chosen(asked):
        raise NotFound("compare.no_unit")
    return asked


def share_ready(args: Args, *, long: bool = False) -> float:
    """How much of what the question needs is in memory, 0..1, after waiting a moment for it.

    Args:
        long: the earlier years of the trend are needed too.
    """
    wanted = question(args)
    scope, clock = current_scope(), time.monotonic
    return answers.guarded(lambda: ready(ground(), scope, wanted, long=long, seconds=PATIENCE, clock=clock))


def trend_share(args: Args) -> float:
    """As `share_ready`, with the earlier years of the trend."""
    return share_ready(args, long=True)


def all_ready(args: Args) -> float:
    """As `share_ready`, of everything the overview needs."""
    return min(trend_share(args), clocks_share(args))


def standing(args: Args) -> Board:
    """As of when, with which data: a board without lines."""

    def make() -> Board:
        with reading(context().engine) as connection:
            return standing_on(connection, context().catalogue, now(args))

    return answers.guarded(make)


def compare(args: Args) -> CompareView:
    """The overview and the tables."""
    return kept("compare", args, lambda scope, at, asked: compare_view(ground(), scope, asked, at))


def trend(args: Args) -> TrendView:
    """The course of the figure in focus."""
    return kept("trend", args, lambda scope, at, asked: trend_view(ground(), scope, asked, at))


def fair(args: Args) -> FairView:
    """Stations compared by rate."""
    return kept("fair", args, lambda scope, at, asked: fair_view(ground(), scope, asked, at))


def clocks(args: Args) -> ClocksView:
    """The response clocks."""
    return kept("clocks", args, lambda scope, at, asked: clocks_view(_clock_ground(), scope, _clocks_asked(asked), at))


def clocks_share(args: Args) -> float:
    """As `share_ready`, of the orders that the response clocks need."""
    wanted, scope, at = _clocks_asked(question(args)), current_scope(), _until(args)
    return answers.guarded(lambda: clocks_ready(_clock_ground(), scope, wanted, at, PATIENCE))


def _clock_ground() -> ClockGround:
    here = context()
    return ClockGround(here.engine, here.catalogue, here.clock_rules)


def _clocks_asked(asked: CompareAsked) -> ClocksAsked:
    """The same periods and stations; regions and modes as the stations that lie in them."""
    periods = asked.periods
    return ClocksAsked(
        span=periods.span,
        base=periods.base,
        previous=periods.previous,
        units=_chosen(asked) if asked.narrowed else None,
        classes=asked.classes,
        who=asked.who,
        limits=asked.limits,
    )


def _chosen(asked: CompareAsked) -> tuple[str, ...]:
    def make() -> tuple[str, ...]:
        with reading(context().engine) as connection:
            return tuple(unit.code for unit in units(connection, current_scope()) if asked.holds(unit))

    return answers.guarded(make)


def kept(name: str, args: Args, make: Callable[[Any, datetime, CompareAsked], T]) -> T:
    """`make(scope, now, question)`, kept as long as data and tick are the same."""
    scope, at, asked = current_scope(), now(args), question(args)
    key = tuple(sorted(params(asked, rules()).items()))
    past = instant(args.get("as_of"))
    return answers.guarded(lambda: recent(name, scope, past, lambda: make(scope, at, asked), extra=key))


def now(args: Args) -> datetime:
    """The instant the address is about."""
    return instant(args.get("as_of")) or context().now()


def _end(args: Args) -> datetime:
    """The instant from which periods are counted: now, or midnight after a day asked for as a whole."""
    found = now(args)
    return found + timedelta(seconds=1) if found.time() == LAST_SECOND else found


def _until(args: Args) -> datetime:
    """Where periods that last until now end: no later than the data are complete."""
    return answers.guarded(lambda: complete_until(ground(), _end(args)))
