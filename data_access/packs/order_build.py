"""`dispatch_pack`: the days' packs, computed from the rows in the refresh's own transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, select

from data_access.facts.flows import day_stretch
from data_access.facts.predicates import FAR
from data_access.packs.layout import narrow, stamp_of
from data_access.packs.orders import (
    FOLLOWS,
    KINDS,
    LINKS,
    LINKS_END,
    STOPS,
    VALID,
    DayOrders,
    read_links,
    write_orders,
)
from data_access.tables import dispatch_order, dispatch_pack
from domain.clock_rules import CLASSES
from domain.order_rows import NOT_YET, UNUSABLE

Row = Sequence[Any]
"""Columns of an order as in `_NEEDED`; of a day beside only those of `_BESIDE`."""

_BESIDE = ("assigned_at", "order_id", "incident_id", "station_code", "is_valid", "arrived_at")
_NEEDED = (*_BESIDE, "unit_kind", "class_code", "signed_at", "set_out_at", "first_feedback_at", "closed_at")
_ASSIGNED, _ORDER, _INCIDENT, _STATION, _IS_VALID, _ARRIVED, _KIND, _CLASS = range(8)
_STOP_AT = {"signed": 8, "set_out": 9, "arrived": _ARRIVED, "feedback": 10, "closed": 11}
_CLASS_NUMBER = {code: number << 2 for number, code in enumerate(CLASSES)}
_OTHER = _CLASS_NUMBER["other"]
_LONGEST = int(np.iinfo(np.int32).max)
_ONE = timedelta(days=1)
_DAY = 86_400


def rebuild_order_packs(connection: Connection, first: date, last: date) -> int:
    """Pack the days from `first` to `last` anew; returns how many packs changed.

    A pack whose content is the same stays as it is, with its stamp; days without orders have none. Of the days
    beside them those are packed anew that took something else from the days that changed.
    """
    before, rows = _rows(connection, first, -1, beside=True), _rows(connection, first, 0)
    changed, edge = 0, (first, before, rows)
    for step in range((last - first).days + 1):
        day = first + step * _ONE
        after = _rows(connection, day, 1, beside=day == last)
        changed += _keep(connection, day, order_pack_row(day, before, rows, after) if rows else None)
        before, rows = rows, after
    changed += _repair(connection, first, -1, slice(LINKS // 2, None), _taken(edge[1], edge[2]))
    return changed + _repair(connection, last, 1, slice(0, LINKS // 2), _shared(before, rows))


def order_pack_row(day: date, before: Sequence[Row], rows: Sequence[Row], after: Sequence[Row]) -> dict[str, Any]:
    """The row of `dispatch_pack` for one day.

    Args:
        before, rows, after: the orders of the day before, the day and the day after, each in order of time
            and identifier.
    """
    stations = sorted({row[_STATION] or "" for row in rows})
    number = {code: index for index, code in enumerate(stations)}
    midnight = datetime(day.year, day.month, day.day)
    columns = {
        "second": np.array([(row[_ASSIGNED] - midnight).seconds for row in rows], dtype=np.uint32),
        "station": narrow([number[row[_STATION] or ""] for row in rows], len(stations)),
        "mark": np.array([_mark(row) for row in rows], dtype=np.uint8),
        **{name: _small([_spent(row[_ASSIGNED], row[_STOP_AT[name]]) for row in rows]) for name in STOPS},
        "incident": _small(_attended(before, rows, after)),
    }
    facts = write_orders(DayOrders(stations, columns, _shared(before, rows) + _taken(rows, after)))
    return {"day": day, "row_count": len(rows), "stamp": stamp_of(facts), "facts": facts}


def _keep(connection: Connection, day: date, row: dict[str, Any] | None) -> int:
    """Let the day's pack be this row; 1 when that changes something."""
    mine = dispatch_pack.c.day == day
    known = connection.execute(select(dispatch_pack.c.stamp).where(mine)).scalar()
    if known == (row["stamp"] if row else None):
        return 0
    connection.execute(delete(dispatch_pack).where(mine))
    if row:
        connection.execute(dispatch_pack.insert().values(**row))
    return 1


def _repair(connection: Connection, day: date, step: int, part: slice, links: bytes) -> int:
    """Pack the day `step` days after `day` anew if it took something else from `day` than it would now."""
    if _beyond(day, step):
        return 0
    beside = day + step * _ONE
    told = select(func.substr(dispatch_pack.c.facts, 1, LINKS_END)).where(dispatch_pack.c.day == beside)
    known = connection.execute(told).scalar()
    if known is None or read_links(known)[part] == links:
        return 0
    rows = _rows(connection, beside, 0)
    around = (_rows(connection, beside, side, beside=True) for side in (-1, 1))
    before, after = around
    return _keep(connection, beside, order_pack_row(beside, before, rows, after) if rows else None)


def _beyond(day: date, step: int) -> bool:
    return (day, step) in ((date.min, -1), (date.max, 1))


def _rows(connection: Connection, day: date, step: int, *, beside: bool = False) -> Sequence[Row]:
    """The orders of the day `step` days after `day`, in order of time and identifier; none where the calendar ends."""
    if _beyond(day, step):
        return ()
    stretch = day_stretch(day + step * _ONE, day + step * _ONE)
    moment = dispatch_order.c.assigned_at
    query = select(*(dispatch_order.c[name] for name in (_BESIDE if beside else _NEEDED)))
    found = connection.execute(query.where(moment >= stretch.start, moment <= stretch.as_of))
    return sorted(map(tuple, found), key=itemgetter(_ASSIGNED, _ORDER))


def _spent(assigned: datetime, stopped: datetime | None) -> int:
    """Seconds from one to the other; a stop in the year 9999 means never."""
    if stopped is None or stopped >= FAR:
        return NOT_YET
    passed = stopped - assigned
    seconds = passed.days * _DAY + passed.seconds
    if seconds < 0:
        return UNUSABLE
    return seconds if seconds <= _LONGEST else NOT_YET


def _mark(row: Row) -> int:
    return KINDS.get(row[_KIND], 0) | _CLASS_NUMBER.get(row[_CLASS], _OTHER) | (VALID if row[_IS_VALID] == 1 else 0)


def _small(values: Sequence[int]) -> np.ndarray:
    array = np.array(values, dtype=np.int32)
    return array.astype(np.int16) if array.max(initial=0) <= np.iinfo(np.int16).max else array


def _counts(row: Row) -> bool:
    return row[_IS_VALID] == 1 and bool(row[_STATION])


def _incidents(rows: Iterable[Row]) -> set[str]:
    return {row[_INCIDENT] for row in rows if row[_INCIDENT] and _counts(row)}


def _attended(before: Sequence[Row], rows: Sequence[Row], after: Sequence[Row]) -> list[int]:
    """The column `incident`."""
    earlier, first = _incidents(before), dict[str, int]()
    found = [FOLLOWS] * len(rows)
    for index, row in enumerate(rows):
        if not _counts(row) or row[_INCIDENT] in earlier:
            continue
        leader = first.setdefault(row[_INCIDENT], index) if row[_INCIDENT] else index
        found[leader] = _sooner(found[leader], rows[leader], row)
    for row in after:
        if row[_INCIDENT] in first and _counts(row):
            leader = first[row[_INCIDENT]]
            found[leader] = _sooner(found[leader], rows[leader], row)
    return found


def _sooner(known: int, leader: Row, row: Row) -> int:
    """How soon an incident was attended to, `row` included.

    Args:
        known: without it, in seconds from the order `leader`; `FOLLOWS` when nothing is known yet.
    """
    spent = _spent(row[_ASSIGNED], row[_ARRIVED])
    if spent >= 0:
        spent = _spent(leader[_ASSIGNED], row[_ARRIVED])
        return spent if known < 0 else min(known, spent)
    if known == FOLLOWS or (known == NOT_YET and spent == UNUSABLE):
        return spent
    return known


def _shared(before: Sequence[Row], rows: Sequence[Row]) -> bytes:
    """Fingerprint of what a day takes from the day before: which incidents began there."""
    return _fingerprint(_incidents(before) & _incidents(rows))


def _taken(rows: Sequence[Row], after: Sequence[Row]) -> bytes:
    """Fingerprint of what a day takes from the day after: further orders of its incidents."""
    mine = _incidents(rows)
    further = (row for row in after if row[_INCIDENT] in mine and _counts(row))
    return _fingerprint(f"{row[_INCIDENT]} {row[_ASSIGNED]} {row[_ARRIVED]}" for row in further)


def _fingerprint(lines: Iterable[str]) -> bytes:
    return hashlib.blake2b("\n".join(sorted(lines)).encode(), digest_size=LINKS // 2).digest()
