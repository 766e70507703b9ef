"""The door to comparisons: an address in, a view-model of the comparison pages out, for the current viewer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from catalogue.days import spring_festival
from data_access.engine import reading
from domain.board import Board
from domain.compare_asked import compare_asked, params
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, CompareView
from domain.periods import LAST_SECOND
from domain.trend_views import TrendView
from services.board import standing as standing_on
from services.compare import compare_view
from services.compare_desk import CompareGround, complete_until, ready
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
    """
    return compare_asked(args, _until(args), rules(), spring_festival)


def share_ready(args: Args, *, long: bool = False) -> float:
    """How much of what the question needs is in memory, 0..1, after waiting a moment for it.

    Args:
        long: the earlier years of the trend are needed too.
    """
    wanted = question(args)
    scope, clock = current_scope(), time.monotonic
    return answers.guarded(lambda: ready(ground(), scope, wanted, long=long, seconds=PATIENCE, clock=clock))


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


def kept(name: str, args: Args, make: Callable[[Any, datetime, CompareAsked], T]) -> T:
    """`make(scope, now, question)`, kept as long as data and tick are the same."""
    scope, at, asked = current_scope(), now(args), question(args)
    key = tuple(sorted(params(asked, rules()).items()))
    past = instant(args.get("as_of"))
    return answers.guarded(lambda: recent(name, scope, past, lambda: make(scope, at, asked), extra=key))


def now(args: Args) -> datetime:
    """The instant the address is about."""
    return instant(args.get("as_of")) or context().now()


def _until(args: Args) -> datetime:
    """Where periods end: now, or midnight after a day asked for as a whole; no later than the data are complete."""
    found = now(args)
    found = found + timedelta(seconds=1) if found.time() == LAST_SECOND else found
    return answers.guarded(lambda: complete_until(ground(), found))
