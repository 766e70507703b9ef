"""What occurs in the packs of the last days: kinds, channels, tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.packs import layout
from data_access.packs.store import DayWords, Store
from data_access.tables import incident_pack

_ENOUGH = 4096
_MOST_KEPT = 4000
NAMES = ("kinds", "channels", "tags")


def recent_words(connection: Connection, store: Store, days: int) -> dict[str, tuple[Any, ...]]:
    """Kinds (class, subclass), channels and tags of the newest `days` packs, sorted; by name.

    Only the first bytes of a pack are read, and those only once. The empty channel is left out.
    """
    table = incident_pack.c
    query = select(table.day, table.stamp).order_by(table.day.desc()).limit(days)
    stamps = {row.day: row.stamp for row in connection.execute(query)}
    known: Mapping[str, DayWords] = store.words
    unknown = [day for day, stamp in stamps.items() if stamp not in known]
    known = {**known, **_read(connection, unknown)}
    store.words = known if len(known) <= _MOST_KEPT else {one: known[one] for one in stamps.values() if one in known}
    listed = [known[stamp] for stamp in stamps.values() if stamp in known]
    return {name: tuple(sorted(set(chain.from_iterable(one[name] for one in listed)) - {""})) for name in NAMES}


def _read(connection: Connection, days: Iterable[date]) -> dict[str, DayWords]:
    wanted = list(days)
    if not wanted:
        return {}
    table = incident_pack.c
    query = select(table.stamp, table.day, func.substr(table.facts, 1, _ENOUGH)).where(table.day.in_(wanted))
    return {stamp: layout.read_words(_whole(connection, day, data)) for stamp, day, data in connection.execute(query)}


def _whole(connection: Connection, day: date, data: bytes) -> bytes:
    """The bytes that hold the words: these, or more where a day has very many."""
    if layout.words_size(data) <= len(data):
        return data
    found = connection.execute(select(incident_pack.c.facts).where(incident_pack.c.day == day)).scalar()
    return bytes(found or data)
