"""Data that never stand still: every change is a new version, and the amount stays the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select

from data_access import tables as t
from data_access.alerts import acknowledge
from data_access.engine import writing
from data_access.readers.alerts import open_at
from data_access.readers.roster import WHOLE
from data_access.state import raise_version
from domain.access import command
from domain.errors import BoardError
from tests import factories as make

CYCLE = 50
"""After so many changes the data are as they were, but for names and times."""
MAJORS = 3


@dataclass
class City:
    """The changing part of a district that `tests.bench.data` filled."""

    engine: Engine
    stations: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    acknowledged: int = 0
    first: datetime = field(default_factory=lambda: datetime.now().replace(microsecond=0))

    def prepare(self, now: datetime) -> None:
        """Incidents that become major ones, orders that come and go, a duty leader."""
        with writing(self.engine) as connection:
            self.stations = tuple(connection.execute(select(t.station.c.code).order_by(t.station.c.code)).scalars())
            for n in range(MAJORS + CYCLE):
                at = now - timedelta(minutes=n)
                place = {"lng": 120.1 + n / 500, "lat": 30.1 + n / 700}
                make.make_incident(
                    connection, self.stations[n % len(self.stations)], at, incident_id=f"SOAK{n}", **place
                )
            rows = [
                make.make_work_order(
                    connection, self.stations[n % len(self.stations)], now - timedelta(days=9),
                    order_id=f"SOAK{n}", due_at=now - timedelta(days=1, minutes=n), updated_at=now,
                )
                for n in range(CYCLE)
            ]  # fmt: skip
            self.orders = tuple(row["order_id"] for row in rows)
            make.add(
                connection, t.duty_roster, district_code=WHOLE, leader_name="0", starts_at=now - timedelta(hours=1),
                ends_at=now + timedelta(days=3), updated_at=now,
            )  # fmt: skip
            raise_version(connection, now)

    def change(self, number: int, now: datetime) -> int:
        """The change of this number; the data version that tells it."""
        if number % CYCLE == CYCLE // 2:
            self._acknowledge(now)
        with writing(self.engine) as connection:
            version = raise_version(connection, now)
            self._lead(connection, number, now)
            self._move_order(connection, number, now)
            self._incident(connection, number, now)
            self._major(connection, number, now)
        return version

    def _lead(self, connection: Connection, number: int, now: datetime) -> None:
        rota = t.duty_roster
        connection.execute(
            rota.update().where(rota.c.district_code == WHOLE).values(leader_name=str(number), updated_at=now)
        )

    def _move_order(self, connection: Connection, number: int, now: datetime) -> None:
        """One order is closed, the one of half a cycle ago is open again: the overdue list is another one."""
        order, half = t.work_order, CYCLE // 2
        for place, closed in ((number, now), (number + half, None)):
            which = order.c.order_id == self.orders[place % CYCLE]
            state = "closed" if closed else "open"
            connection.execute(order.update().where(which).values(closed_at=closed, status=state, updated_at=now))

    def _incident(self, connection: Connection, number: int, now: datetime) -> None:
        """One incident counts no more, the one of half a cycle ago counts again: figures, board and curve change."""
        incident = t.incident
        for place, valid in ((number, 0), (number + CYCLE // 2, 1)):
            which = incident.c.incident_id == f"SOAK{MAJORS + place % CYCLE}"
            connection.execute(incident.update().where(which).values(is_valid=valid, updated_at=now))

    def _major(self, connection: Connection, number: int, now: datetime) -> None:
        """Every few changes an incident becomes major or is none any more: the worker opens and ends its alert."""
        if number % 10:
            return
        which, deaths = f"SOAK{number // 10 % MAJORS}", number // 10 // MAJORS % 2
        incident = t.incident
        connection.execute(
            incident.update().where(incident.c.incident_id == which).values(deaths=deaths, updated_at=now)
        )

    def _acknowledge(self, now: datetime) -> None:
        with self.engine.connect() as connection:
            waiting = [line for line in open_at(connection, now, command()) if not line.alert.is_acked]
        for line in waiting[:1]:
            try:
                acknowledge(self.engine, line.alert.alert_id, ("周知悉", "已到场处置"), now, command())
                self.acknowledged += 1
            except BoardError:  # the worker ended it meanwhile
                continue
