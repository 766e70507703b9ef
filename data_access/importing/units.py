"""Cells that name a unit: station or squadron, by code or by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from data_access.tables import squadron, station
from domain.parsing import Unreadable
from domain.profile import folded

Unit = tuple[str, str]
"""Kind ("station" or "squadron") and code."""


class Units:
    """The organisation as it is when a file begins; stations of earlier rows of the file are added.

    A name that two units share names neither of them.
    """

    def __init__(self, connection: Connection, *, create: bool, now: datetime) -> None:
        self._connection, self._create, self._now = connection, create, now
        self._by_name: dict[str, Unit | None] = {}
        self._by_code: dict[str, Unit] = {}
        names = (squadron.c.name, squadron.c.name_en)
        for code, *called in connection.execute(select(squadron.c.code, *names)):
            self._learn(("squadron", code), called)
        names_of = (station.c.name, station.c.short_name, station.c.name_en)
        for code, *called in connection.execute(select(station.c.code, *names_of)):
            self._learn(("station", code), called)
        self._wanted: set[str] = set()
        self.created = 0

    def _learn(self, unit: Unit, called: list[str | None]) -> None:
        self._by_code[unit[1]] = unit
        for name in {folded(name) for name in called if name}:
            known = self._by_name.get(name, unit)
            self._by_name[name] = unit if known == unit else None

    def add(self, code: str) -> None:
        """A station that another target of the import has just stored."""
        self._by_code.setdefault(code, ("station", code))
        self._wanted.discard(code)

    def find(self, text: str) -> Unit:
        """The unit that a cell names.

        Raises:
            Unreadable: "station_unknown", unless stations are created as they come.
        """
        unit = self._by_code.get(text) or self._by_name.get(folded(text))
        if unit is not None:
            return unit
        if not self._create or len(text) > 64:
            raise Unreadable("station_unknown")
        self._wanted.add(text)
        return "station", text

    def settle(self, codes: Iterable[str | None]) -> None:
        """Create those stations among `codes` that accepted rows name and that are not there yet."""
        for code in sorted(self._wanted.intersection(code for code in codes if code)):
            row = {"code": code, "name": code, "short_name": code, "name_en": code, "updated_at": self._now}
            self._connection.execute(station.insert().values(**row))
            self.created += 1
            self._wanted.discard(code)
            self.add(code)
