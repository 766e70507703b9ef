"""Response clocks: sums of the dispatch orders of a span, added up from packs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, func, select

from data_access.packs.order_store import Book, OrderStore, order_stamps, order_store_of
from data_access.scope import within
from data_access.tables import dispatch_pack, station
from domain.access import Scope
from domain.clock_blocks import Stretch, Summing, pieces
from domain.clock_rules import ClockRules
from domain.clockstats import ClockSums
from domain.order_rows import Columns, second_number
from domain.span import Span

_SECOND = timedelta(seconds=1)
Pieces = tuple[Mapping[Stretch, Mapping[date, str]], Mapping[date, str]]
"""Stretches with the stamps of their days, and single days with theirs."""


def clock_sums(
    connection: Connection,
    span: Span,
    as_of: datetime,
    scope: Scope,
    rules: ClockRules,
    *,
    who: str,
    only: Collection[str] | None = None,
    hours: bool = False,
) -> ClockSums:
    """What became of the rows given in a span, as it was known at an instant.

    Args:
        as_of: wall time; later orders do not exist yet, later stops have not happened.
        who: "station" or "squadron" for orders to these, "incident" (see `domain.clock_rules.WHO`).
        only: station codes to narrow the scope to; None: all of it.
        hours: by hour, too.

    A row belongs to the time its order was given. Orders that are not valid or name no station count nowhere.
    """
    book, store = _book(rules, who), order_store_of(connection)
    span = _known(span, as_of)
    blocks, days = _pieces(connection, span, as_of, book)
    loaded = [store.block(connection, book, stretch, stamps) for stretch, stamps in blocks.items()]
    rows = store.days(connection, book, days)
    codes = store.codes()
    mine = _chosen(connection, codes, scope, only)
    sums = Summing(book.columns, mine, [codes[one] for one in mine.tolist()], hours, second_number(as_of))
    for block in loaded:
        sums.add_block(block)
    edges = second_number(span.start), second_number(span.end)
    for part in rows:
        sums.add_rows(part.between(*edges))
    return sums.result()


def _book(rules: ClockRules, who: str) -> Book:
    return Book(who, Columns(rules.clocks_of(who)))


def _known(span: Span, as_of: datetime) -> Span:
    """The part of the span that is not later than the instant."""
    return replace(span, end=max(span.start, min(span.end, as_of.replace(microsecond=0) + _SECOND)))


def _pieces(connection: Connection, span: Span, as_of: datetime, book: Book) -> Pieces:
    if span.start >= span.end:
        return {}, {}
    stamps = order_stamps(connection, span.first_day, span.last_day)
    blocks, singles = pieces(span, as_of, book.columns)
    listed, held = list(stamps), dict[Stretch, Mapping[date, str]]()
    for first, last in blocks:
        if days := listed[bisect_left(listed, first) : bisect_right(listed, last)]:
            held[first, last] = {day: stamps[day] for day in days}
    return held, {day: stamps[day] for day in singles if day in stamps}


def _chosen(connection: Connection, codes: tuple[str, ...], scope: Scope, only: Collection[str] | None) -> np.ndarray:
    """The numbers of the stations that are wanted and visible, ascending."""
    allowed = None
    if not scope.everything:
        allowed = set(connection.execute(select(station.c.code).where(within(scope, station.c.code))).scalars())
    found = [
        number
        for number, code in enumerate(codes)
        if (allowed is None or code in allowed) and (only is None or code in only)
    ]
    return np.array(found, dtype=np.int64)


def first_order_day(connection: Connection, scope: Scope) -> date | None:
    """The first day of which there are orders, of any station; None when there are none or none is visible."""
    visible = select(station.c.code).where(within(scope, station.c.code)).limit(1)
    if not scope.everything and connection.execute(visible).first() is None:
        return None
    found: date | None = connection.execute(select(func.min(dispatch_pack.c.day))).scalar()
    return found


def clock_progress(
    connection: Connection, span: Span, as_of: datetime, scope: Scope, rules: ClockRules, *, who: str
) -> tuple[int, int]:
    """How many of the span's days are in memory already, and how many there are; (0, 0) when none is visible."""
    if first_order_day(connection, scope) is None:
        return 0, 0
    book, store = _book(rules, who), order_store_of(connection)
    return _ready(store, book, _pieces(connection, _known(span, as_of), as_of, book))


def _ready(store: OrderStore, book: Book, wanted: Pieces) -> tuple[int, int]:
    blocks, days = wanted
    there = sum(len(stamps) for stretch, stamps in blocks.items() if store.ready(book, stretch, dict(stamps)))
    there += sum(store.ready(book, day, stamp) for day, stamp in days.items())
    return there, sum(map(len, blocks.values())) + len(days)


def warm_clocks(
    connection: Connection,
    span: Span,
    as_of: datetime,
    scope: Scope,
    rules: ClockRules,
    *,
    who: str,
    seconds: float,
    clock: Callable[[], float],
) -> tuple[int, int]:
    """Load what the span needs until all is in memory or the time is used up, newest first.

    Args:
        clock: a clock that never goes back, in seconds (`time.monotonic`).

    Returns:
        as `clock_progress` does; "all" also when more does not fit into the memory allowed, because waiting
        longer would not help. At least one stretch is loaded, so that calling again gets on.
    """
    if first_order_day(connection, scope) is None:
        return 0, 0
    until, book, store = clock() + seconds, _book(rules, who), order_store_of(connection)
    wanted = _pieces(connection, _known(span, as_of), as_of, book)
    before = _ready(store, book, wanted)
    blocks, days = wanted
    store.days(connection, book, days)
    for stretch, stamps in reversed(list(blocks.items())):
        if not store.ready(book, stretch, dict(stamps)):
            store.block(connection, book, stretch, stamps)
            if clock() >= until:
                break
    after = _ready(store, book, wanted)
    return after if after[0] > before[0] or before[0] == before[1] else (after[1], after[1])
