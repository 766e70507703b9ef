"""All rows of one day with their complete timelines. The same seed, anchor and day always give the same rows."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from data_access.demo import assessment, dispatch, incident_rows, incidents, orders, parties, records, samples, tracing
from data_access.demo.rows import DAY, Rows, day_start, pending
from data_access.demo.world import World

SETTLED_DAYS = 6
"""After so many days nothing of a day changes any more, but for its work orders."""
ORDER_DAYS = 55
"""After so many days its work orders are settled too."""

TRACED_DAYS = 400
"""Tracing tasks are written for so many days before loading."""


def day_rows(world: World, day: date, full: bool = True) -> list[Rows]:
    """The rows that begin on `day`, of every station and table.

    Args:
        full: False leaves out most observations and records (old history).
    """
    what = incidents.build(world, day)
    who = parties.build(what)
    tags = parties.tags_of(who)
    traced = full or (world.anchor - day).days < TRACED_DAYS
    return [
        incident_rows.incident_rows(what, parties.incident_tags(what, who, tags), parties.contents(what, who)),
        parties.party_rows(what, who, tags),
        dispatch.dispatch_rows(what),
        *([tracing.tracing_rows(what, who)] if traced else []),
        *orders.order_rows(world, day, full),
        records.record_rows(world, day, full),
        samples.sample_rows(world, day, full),
        *assessment.month_rows(world, day),
    ]


@lru_cache(maxsize=SETTLED_DAYS + 3)
def recent(world: World, day: date) -> tuple[Rows, ...]:
    """`day_rows` in full, kept for the next call."""
    return tuple(day_rows(world, day))


@lru_cache(maxsize=ORDER_DAYS + 5)
def open_orders(world: World, day: date) -> tuple[Rows, ...]:
    """The day's work orders that are not settled after `SETTLED_DAYS`, kept for the next call."""
    settled = day_start(day) + SETTLED_DAYS * DAY
    return tuple(pending(rows, settled) for rows in day_rows(world, day) if rows.table == "work_order")
