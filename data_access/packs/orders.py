"""How a day's dispatch orders are written into the bytes of `dispatch_pack`, and read again.

`facts` is `PO1`, 16 bytes of fingerprints (below), the length of the header (4 bytes), the header (JSON: `rows`,
`stations`, and in order each column's name and type), and the columns, little-endian, one entry per order in order
of time, then identifier:

- `second` of the day; `station`, an index into `stations`, where the empty text stands for none;
- `mark`: who in bits 0 and 1 (1 station, 2 squadron, 0 anybody else), the class in bits 2 and 3 (index into
  `CLASSES`), and bit 4 when the order is valid;
- `signed`, `set_out`, `arrived`, `feedback`, `closed`: seconds from the assignment, `NOT_YET`, or `UNUSABLE`
  when the stop lies before the assignment;
- `incident`: for the first order of an incident, seconds from its assignment to the earliest arrival of all the
  incident's orders, or one of the two signs above; `FOLLOWS` for further orders and for those that do not count.

Orders of an incident are those of the first one's day and of the next day; so an order is the first when no other
lies before it on its own day or the day before. An order that names no incident is its own. What a day's pack took
from the day before and from the day after stands in its fingerprints, 8 bytes each.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MARK = b"PO1"
LINKS = 16
FOLLOWS = -3
STOPS = ("signed", "set_out", "arrived", "feedback", "closed")
KINDS = {"station": 1, "squadron": 2}
VALID = 1 << 4
_FIRST = len(MARK) + LINKS


@dataclass(frozen=True, eq=False)
class DayOrders:
    """One day's orders.

    Args:
        stations: what the column `station` points into. columns: see the module, by name. links: the fingerprints.
    """

    stations: Sequence[str]
    columns: Mapping[str, np.ndarray]
    links: bytes = bytes(LINKS)

    def __len__(self) -> int:
        return len(self.columns["second"])


def write_orders(day: DayOrders) -> bytes:
    """The day as bytes; the same day always gives the same bytes."""
    arrays = {name: array.astype(array.dtype.newbyteorder("<"), copy=False) for name, array in day.columns.items()}
    columns = [[name, f"{array.dtype.kind}{array.dtype.itemsize}"] for name, array in arrays.items()]
    header = {"rows": len(day), "stations": list(day.stations), "columns": columns}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    told = (MARK, day.links, struct.pack("<I", len(text)), text)
    return b"".join((*told, *(array.tobytes() for array in arrays.values())))


def read_orders(data: bytes) -> DayOrders:
    """The day again; its arrays look into `data`.

    Raises:
        ValueError: these are not the bytes of a pack of orders.
    """
    links, at = read_links(data), _FIRST + 4
    end = at + struct.unpack_from("<I", data, _FIRST)[0]
    header, columns = json.loads(data[at:end]), {}
    for name, kind in header["columns"]:
        columns[name] = np.frombuffer(data, dtype=f"<{kind}", count=header["rows"], offset=end)
        end += columns[name].nbytes
    return DayOrders(header["stations"], columns, links)


def read_links(data: bytes) -> bytes:
    """The fingerprints; of `data` the first `LINKS_END` bytes are enough.

    Raises:
        ValueError: these are not the bytes of a pack of orders.
    """
    if data[: len(MARK)] != MARK:
        raise ValueError("not a pack of orders")
    return bytes(data[len(MARK) : _FIRST])


LINKS_END = _FIRST
