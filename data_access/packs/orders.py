"""`dispatch_pack`: a day's dispatch orders as bytes, computed from the rows in the refresh's own transaction.

`facts` is `PO1`, the length of the header (4 bytes), the header (JSON: `rows`, `stations`, and in order each
column's name and type), and the columns, little-endian, one entry per order in order of time, then identifier:

- `second` of the day; `station`, an index into `stations`, where the empty text stands for none;
- `mark`: who in bits 0 and 1 (1 station, 2 squadron, 0 anybody else), the class in bits 2 and 3 (index into
  `CLASSES`), and bit 4 when the order is valid;
- `signed`, `set_out`, `arrived`, `feedback`, `closed`: seconds from the assignment, `NOT_YET`, or `UNUSABLE`
  when the stop lies before the assignment;
- `incident`: for the first order of an incident, seconds from its assignment to the earliest arrival of all the
  incident's orders, or one of the two signs above; `FOLLOWS` for further orders and for those that do not count.

Orders of an incident are those of the first one's day and of the next day; so an order is the first when no other
lies before it on its own day or the day before. An order that names no incident is its own.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, select

from data_access.facts.flows import day_stretch
from data_access.facts.predicates import FAR
from data_access.packs.layout import narrow, stamp_of
from data_access.tables import dispatch_order, dispatch_pack
from domain.clock_rules import CLASSES
from domain.order_rows import NOT_YET, UNUSABLE

MARK = b"PO1"
FOLLOWS = -3
STOPS = ("signed", "set_out", "arrived", "feedback", "closed")
KINDS = {"station": 1, "squadron": 2}
VALID = 1 << 4
_NEEDED = (
    "assigned_at", "order_id", "incident_id", "station_code", "unit_kind", "class_code", "is_valid",
    "signed_at", "set_out_at", "arrived_at", "first_feedback_at", "closed_at",
)  # fmt: skip
_STOPS = _NEEDED[-len(STOPS) :]
_OTHER = CLASSES.index("other")
_FIRST = len(MARK) + 4
_LONGEST = np.iinfo(np.int32).max
_ONE = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class DayOrders:
    """One day's orders. `stations`: what the column `station` points into. `columns`: see the module, by name."""

    stations: Sequence[str]
    columns: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.columns["second"])


def write_orders(day: DayOrders) -> bytes:
    """The day as bytes; the same day always gives the same bytes."""
    arrays = {name: array.astype(array.dtype.newbyteorder("<"), copy=False) for name, array in day.columns.items()}
    columns = [[name, f"{array.dtype.kind}{array.dtype.itemsize}"] for name, array in arrays.items()]
    header = {"rows": len(day), "stations": list(day.stations), "columns": columns}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((MARK, struct.pack("<I", len(text)), text, *(array.tobytes() for array in arrays.values())))


def read_orders(data: bytes) -> DayOrders:
    """The day again; its arrays look into `data`.

    Raises:
        ValueError: these are not the bytes of a pack of orders.
    """
    if data[: len(MARK)] != MARK:
        raise ValueError("not a pack of orders")
    at = _FIRST + struct.unpack_from("<I", data, len(MARK))[0]
    header, columns = json.loads(data[_FIRST:at]), {}
    for name, kind in header["columns"]:
        columns[name] = np.frombuffer(data, dtype=f"<{kind}", count=header["rows"], offset=at)
        at += columns[name].nbytes
    return DayOrders(header["stations"], columns)


def rebuild_order_packs(connection: Connection, first: date, last: date) -> int:
    """Pack the days from `first` to `last` anew; returns how many packs changed.

    A pack whose content is the same stays as it is, with its stamp; days without orders have none.
    """
    table = dispatch_pack.c
    query = select(table.day, table.stamp).where(table.day >= first, table.day <= last)
    kept = {row.day: row.stamp for row in connection.execute(query)}
    changed = 0
    for day, rows in _days(connection, first, last):
        row = order_pack_row(day, *rows)
        if kept.pop(day, None) == row["stamp"]:
            continue
        connection.execute(delete(dispatch_pack).where(table.day == day))
        connection.execute(dispatch_pack.insert().values(**row))
        changed += 1
    for day in kept:
        changed += connection.execute(delete(dispatch_pack).where(table.day == day)).rowcount
    return changed


def order_pack_row(day: date, before: Sequence[Any], rows: Sequence[Any], after: Sequence[Any]) -> dict[str, Any]:
    """The row of `dispatch_pack` for one day.

    Args:
        before, rows, after: the orders of the day before, the day and the day after, each in order of time
            and identifier, with attributes named as the columns of `dispatch_order`.
    """
    stations = sorted({row.station_code or "" for row in rows})
    number = {code: index for index, code in enumerate(stations)}
    assigned = _moments(rows, "assigned_at")
    spent = {name: _spent(assigned, _moments(rows, column)) for name, column in zip(STOPS, _STOPS, strict=True)}
    columns = {
        "second": (assigned - np.datetime64(day, "s")).astype(np.uint32),
        "station": narrow([number[row.station_code or ""] for row in rows], len(stations)),
        "mark": np.array([_mark(row) for row in rows], dtype=np.uint8),
        **{name: _small(values) for name, values in spent.items()},
        "incident": _small(_attended(before, rows, after)),
    }
    facts = write_orders(DayOrders(stations, columns))
    return {"day": day, "row_count": len(rows), "stamp": stamp_of(facts), "facts": facts}


def _days(connection: Connection, first: date, last: date) -> Iterator[tuple[date, tuple[Sequence[Any], ...]]]:
    """Each day that has orders, with the rows of the day before, of itself and of the day after."""
    before, rows = _rows(connection, first, -1), _rows(connection, first, 0)
    for step in range((last - first).days + 1):
        day = first + step * _ONE
        after = _rows(connection, day, 1)
        if rows:
            yield day, (before, rows, after)
        before, rows = rows, after


def _rows(connection: Connection, day: date, step: int) -> Sequence[Any]:
    """The orders of the day `step` days after `day`; none where the calendar ends."""
    if (day, step) in ((date.min, -1), (date.max, 1)):
        return ()
    stretch = day_stretch(day + step * _ONE, day + step * _ONE)
    moment = dispatch_order.c.assigned_at
    query = select(*(dispatch_order.c[name] for name in _NEEDED))
    found = connection.execute(query.where(moment >= stretch.start, moment <= stretch.as_of))
    return sorted(found, key=lambda row: row[:2])


def _moments(rows: Sequence[Any], name: str) -> np.ndarray:
    return np.array([getattr(row, name) for row in rows], dtype="datetime64[s]")


def _spent(assigned: np.ndarray, stopped: np.ndarray) -> np.ndarray:
    """Seconds from one to the other; a stop in the year 9999 means never."""
    never = np.isnat(stopped) | (stopped >= np.datetime64(FAR, "s"))
    seconds = np.where(never, assigned, stopped).astype(np.int64) - assigned.astype(np.int64)
    never |= seconds > _LONGEST
    return np.where(never, NOT_YET, np.where(seconds < 0, UNUSABLE, seconds))


def _mark(row: Any) -> int:
    number = CLASSES.index(row.class_code) if row.class_code in CLASSES else _OTHER
    return KINDS.get(row.unit_kind, 0) | number << 2 | (VALID if row.is_valid == 1 else 0)


def _small(values: Any) -> np.ndarray:
    array = np.asarray(values, dtype=np.int32)
    return array.astype(np.int16) if array.max(initial=0) <= np.iinfo(np.int16).max else array


@dataclass
class _Attended:
    """An incident: when its first order was given, and its earliest usable arrival so far."""

    index: int
    since: datetime
    arrived: datetime | None = None
    spoilt: bool = False

    def add(self, row: Any) -> None:
        if row.arrived_at is None or row.arrived_at >= FAR:
            return
        if row.arrived_at < row.assigned_at:
            self.spoilt = True
        elif self.arrived is None or row.arrived_at < self.arrived:
            self.arrived = row.arrived_at

    @property
    def seconds(self) -> int:
        if self.arrived is None:
            return UNUSABLE if self.spoilt else NOT_YET
        seconds = int((self.arrived - self.since).total_seconds())
        return seconds if seconds <= _LONGEST else NOT_YET


def _attended(before: Sequence[Any], rows: Sequence[Any], after: Sequence[Any]) -> list[int]:
    """The column `incident`."""
    earlier = {row.incident_id for row in before if _counts(row)} - {None, ""}
    found: dict[str, _Attended] = {}
    for index, row in enumerate(rows):
        name = row.incident_id or f"\n{row.order_id}"
        if _counts(row) and row.incident_id not in earlier:
            found.setdefault(name, _Attended(index, row.assigned_at)).add(row)
    for row in after:
        if row.incident_id in found and _counts(row):
            found[row.incident_id].add(row)
    column = [FOLLOWS] * len(rows)
    for incident in found.values():
        column[incident.index] = incident.seconds
    return column


def _counts(row: Any) -> bool:
    return row.is_valid == 1 and bool(row.station_code)
