"""How a day's incidents are written into the bytes of `incident_pack`, and read again.

`facts` is `PK1`, the length of the words (4 bytes), the words, the length of the header (4 bytes), the
header, and the columns; little-endian, words and header as JSON:

- the words are the day's kinds, channels and tags. They come first, so that what occurs on a day can be
  told without reading all of it;
- the header holds the number of rows, the day's other dictionaries (stations, grids, sets of tags) and, in
  order, each column's name, type and length;
- columns of one entry per incident: `minute` of the day, `station`, `grid`, `group`, and `cell`, which is 0
  when the incident is not on the map, else 1 + index into the day's `cells`;
- `cells`: the day's H3 cells (resolution 9) as 64-bit numbers, ascending;
- the groups' columns, one entry per group: `kind`, `channel`, `flags`, `severity`, `deaths`, `injuries`,
  `tagset`. Incidents that agree in all of these share a group.

An index is one, two or four bytes wide, as its dictionary needs. `places` are all longitudes, then all
latitudes, in millionths of a degree (int32), 0 when not on the map. `names` are the identifiers, one a
line. Rows are in order of time, then identifier.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MARK = b"PK1"
GROUP_COLUMNS = ("kind", "channel", "flags", "severity", "deaths", "injuries", "tagset")


@dataclass(frozen=True, eq=False)
class DayPack:
    """One day's incidents, in the day's own numbers.

    Args:
        stations, kinds, channels, grids, tags: the dictionaries. tagsets: each a list of indices into `tags`.
        columns: see the module, by name.
    """

    rows: int
    stations: Sequence[str]
    kinds: Sequence[tuple[str, str]]
    channels: Sequence[str]
    grids: Sequence[str]
    tags: Sequence[str]
    tagsets: Sequence[Sequence[int]]
    columns: Mapping[str, np.ndarray]


_WORDS = ("kinds", "channels", "tags")
_OTHERS = ("stations", "grids", "tagsets")
_FIRST = len(MARK) + 4


def narrow(values: Any, most: int) -> np.ndarray:
    """Whole numbers from 0 to `most` in the smallest unsigned type that holds them."""
    return np.asarray(values, dtype=np.min_scalar_type(max(0, most)))


def write_facts(day: DayPack) -> bytes:
    """The day as bytes; the same day always gives the same bytes."""
    arrays = {name: array.astype(array.dtype.newbyteorder("<"), copy=False) for name, array in day.columns.items()}
    header: dict[str, Any] = {name: getattr(day, name) for name in _OTHERS}
    header["rows"] = day.rows
    header["columns"] = [[name, f"u{array.dtype.itemsize}", len(array)] for name, array in arrays.items()]
    told = (_json({name: getattr(day, name) for name in _WORDS}), _json(header))
    return b"".join((MARK, *told, *(array.tobytes() for array in arrays.values())))


def _json(told: Mapping[str, Any]) -> bytes:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text


def read_facts(data: bytes) -> DayPack:
    """The day again; its arrays look into `data`.

    Raises:
        ValueError: these are not the bytes of a pack.
    """
    words, size = read_words(data), words_size(data)
    header = json.loads(data[size + 4 : size + 4 + _number(data, size)])
    at, columns = size + 4 + _number(data, size), {}
    for name, kind, count in header["columns"]:
        columns[name] = np.frombuffer(data, dtype=f"<{kind}", count=count, offset=at)
        at += columns[name].nbytes
    others = {name: header[name] for name in _OTHERS}
    return DayPack(rows=header["rows"], columns=columns, **words, **others)


def words_size(data: bytes) -> int:
    """How many of the first bytes `read_words` needs.

    Raises:
        ValueError: these are not the bytes of a pack.
    """
    if data[: len(MARK)] != MARK:
        raise ValueError("not a pack")
    return _FIRST + _number(data, len(MARK))


def read_words(data: bytes) -> dict[str, Any]:
    """The day's kinds, channels and tags; the rest of `data` may be missing."""
    words = json.loads(data[_FIRST : words_size(data)])
    return {**words, "kinds": [(class_code, subclass) for class_code, subclass in words["kinds"]]}


def _number(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def write_places(lng: np.ndarray, lat: np.ndarray) -> bytes:
    """Longitudes and latitudes in millionths of a degree as bytes."""
    return lng.astype("<i4").tobytes() + lat.astype("<i4").tobytes()


def read_places(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes again (int32)."""
    both = np.frombuffer(data, dtype="<i4")
    return both[: len(both) // 2], both[len(both) // 2 :]


def write_names(names: Sequence[str]) -> bytes:
    """Identifiers as bytes; a line break inside one, which nobody should write, becomes a blank."""
    return "\n".join(name.replace("\n", " ") for name in names).encode()


def read_names(data: bytes) -> list[str]:
    """The identifiers again."""
    return data.decode().split("\n") if data else []


def stamp_of(*parts: bytes) -> str:
    """Fingerprint of a day: changes when, and only when, its content does."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(struct.pack("<Q", len(part)))
        digest.update(part)
    return digest.hexdigest()
