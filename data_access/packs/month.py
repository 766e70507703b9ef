"""One month of packs as one frame; when days change, only those are read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from data_access.packs import layout
from data_access.packs.coding import Coding
from data_access.packs.layout import DayPack
from data_access.tables import incident_pack
from domain.incidents import Codes, Frame, day_number

_MINUTES = 24 * 60


@dataclass(frozen=True, eq=False)
class Month:
    """The days of one month in memory.

    Args:
        stamps: the days it holds, ascending, and what they were when they were read.
        bounds: where each day begins in `frame`, and the end; one more than days.
    """

    stamps: Mapping[date, str]
    bounds: Sequence[int]
    frame: Frame

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        arrays = (getattr(self.frame, one.name) for one in fields(Frame))
        return sum(array.nbytes for array in arrays if array is not None)

    @property
    def placed(self) -> bool:
        """It has coordinates."""
        return self.frame.lng is not None

    def day(self, day: date) -> Frame:
        """The part of one of its days."""
        at = list(self.stamps).index(day)
        return part_of(self.frame, self.bounds[at], self.bounds[at + 1])


def part_of(frame: Frame, low: int, high: int) -> Frame:
    """The incidents from `low` to before `high`; looks into the same memory."""
    if low == 0 and high == len(frame):
        return frame
    return _each(frame, lambda array: array[low:high])


def rows_of(frame: Frame, chosen: np.ndarray) -> Frame:
    """The incidents at these positions."""
    return _each(frame, lambda array: array[chosen])


def _each(frame: Frame, change: Any) -> Frame:
    arrays: dict[str, Any] = {one.name: getattr(frame, one.name) for one in fields(Frame)}
    changed: dict[str, Any] = {name: None if array is None else change(array) for name, array in arrays.items()}
    return Frame(**changed)


def changed_month(
    connection: Connection, coding: Coding, known: Month | None, stamps: Mapping[date, str], *, places: bool
) -> Month:
    """The month as the database has it: `known`, with the days that differ from `stamps` read anew.

    A day's columns are always of one row of the table: facts and places that were read at different
    moments are put together only under the same stamp.
    """
    same = {} if known is None else {day: stamp for day, stamp in known.stamps.items() if stamps.get(day) == stamp}
    if known is not None and len(same) == len(stamps) == len(known.stamps):
        return known if known.placed or not places else _with_places(connection, coding, known, stamps)
    wanted = [day for day in stamps if day not in same]
    placed = places or (known is not None and known.placed)
    if known is not None and placed and not known.placed:
        known = None
        wanted = list(stamps)
    fresh = _read(connection, coding, wanted, placed=placed)
    return _joined(known, fresh, stamps, coding.codes())


def _with_places(connection: Connection, coding: Coding, known: Month, stamps: Mapping[date, str]) -> Month:
    rows = fetched(connection, ("places",), list(known.stamps))
    found = {day: (stamp, data) for day, stamp, data in rows}
    if any(found.get(day, ("", b""))[0] != stamp for day, stamp in known.stamps.items()):
        return changed_month(connection, coding, None, stamps, places=True)
    pairs = [layout.read_places(found[day][1]) for day in known.stamps]
    lng, lat = (np.concatenate([pair[side] for pair in pairs] or [np.zeros(0, np.int32)]) for side in (0, 1))
    return replace(known, frame=replace(known.frame, lng=lng, lat=lat))


def _read(connection: Connection, coding: Coding, days: Sequence[date], *, placed: bool) -> dict[date, Any]:
    """The days from the database: day -> (stamp, part); a day that has just vanished is absent."""
    found = {}
    for day, stamp, facts, *places in fetched(connection, ("facts", "places") if placed else ("facts",), days):
        pack = layout.read_facts(facts)
        found[day] = stamp, _Part(day, pack, coding, places[0] if places else None)
    return found


def fetched(connection: Connection, names: Sequence[str], days: Sequence[date]) -> Iterable[Any]:
    """Day, stamp and these columns of some days, oldest first."""
    if not days:
        return ()
    if connection.dialect.name == "postgresql":
        # As text, which is the driver's way, bytes are twice as long and take four times as long to read.
        driver: Any = connection.connection.driver_connection
        with driver.cursor(binary=True) as cursor:
            query = f"SELECT day, stamp, {', '.join(names)} FROM incident_pack WHERE day = ANY(%s) ORDER BY day"  # noqa: S608  # nosec B608
            return list(cursor.execute(query, [list(days)]))
    table = incident_pack.c
    columns = (table[name] for name in names)
    return connection.execute(select(table.day, table.stamp, *columns).where(table.day.in_(days)).order_by(table.day))


class _Part:
    """One day's columns in the process's numbers, before they are put into a month."""

    def __init__(self, day: date, pack: DayPack, coding: Coding, places: bytes | None) -> None:
        number, columns = day_number(day), pack.columns
        own = coding.translate(pack)
        minute = columns["minute"]
        self.arrays: dict[str, np.ndarray] = {
            "minute": minute.astype(np.int32) + np.int32(number * _MINUTES),
            "day": np.full(pack.rows, number, dtype=np.uint16),
            "hour": (minute // np.uint16(60)).astype(np.uint8),
            "station": own.station[columns["station"]],
            "grid": own.grid[columns["grid"]],
            "group": own.group[columns["group"]],
            "cell": own.cell[columns["cell"]],
            "row": np.arange(pack.rows, dtype=np.min_scalar_type(max(0xFFFF, pack.rows))),
        }
        if places is not None:
            self.arrays["lng"], self.arrays["lat"] = layout.read_places(places)


_SPREAD = ("kind", "channel", "flags", "severity", "deaths", "injuries", "tags")
_READ = ("minute", "day", "hour", "station", "grid", "group", "cell", "row", "lng", "lat")


def _joined(known: Month | None, fresh: Mapping[date, Any], stamps: Mapping[date, str], codes: Codes) -> Month:
    """The days of `stamps` in order, from memory or just read."""
    kept: dict[date, str] = {}
    parts: list[Mapping[str, Any]] = []
    for day in stamps:
        if day in fresh:
            kept[day] = fresh[day][0]
            parts.append(fresh[day][1].arrays)
        elif known is not None and day in known.stamps:
            part = known.day(day)
            kept[day] = known.stamps[day]
            parts.append({name: getattr(part, name) for name in _READ})
    bounds = [0, *np.cumsum([len(part["minute"]) for part in parts]).tolist()]
    return Month(kept, bounds, _frame(parts, codes))


def _frame(parts: Sequence[Mapping[str, Any]], codes: Codes) -> Frame:
    arrays: dict[str, Any] = {name: _together(part.get(name) for part in parts) for name in _READ}
    if arrays["group"] is None or codes.groups is None:
        arrays = {name: np.zeros(0, dtype=np.int32) for name in _READ}
        return Frame(**arrays, **{name: np.zeros(0, dtype=np.uint8) for name in _SPREAD})
    group = arrays["group"]
    if len(codes.groups.kind) <= 1 << 16:
        arrays["group"] = group = group.astype(np.uint16)
    return Frame(**arrays, **{name: getattr(codes.groups, name)[group] for name in _SPREAD})


def _together(arrays: Iterable[np.ndarray | None]) -> np.ndarray | None:
    listed = [array for array in arrays if array is not None]
    return np.concatenate(listed) if listed else None
