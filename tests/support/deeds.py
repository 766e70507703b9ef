"""One good body for every deed of the JSON interface, with all that must be there before it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from data_access import tables as t
from data_access.engine import reading
from data_access.readers.administration import target_rows
from domain.access import command
from domain.targets import stamp
from tests import factories as make
from tests.support import walk
from tests.support.walk import FOREIGN, OWN

HEAD = "/api/v1"
SIGNED = {"actor": "Wang", "seen": ""}
FACTS = {
    "kind": "junction",
    "name": "crossing",
    "lng": 120.4,
    "lat": 30.3,
    "radius_m": 100,
    "station": OWN,
    "class_code": "accident",
}
NUMBERS = itertools.count(1)
Example = tuple[str, dict[str, Any]]


@dataclass
class Desk:
    """An open board, where the name that is typed counts, and an administrator who signed in."""

    engine: Engine
    anybody: Any
    boss: Any

    def post(self, address: str, body: Any) -> Any:
        """Do it, as whoever may."""
        who = self.boss if "/admin/accounts" in address or address.endswith("/unmask") else self.anybody
        return who.post(f"{HEAD}{address}", json=body)

    def new(self) -> int:
        """A number that was not used yet."""
        return next(NUMBERS)

    def done(self, address: str, body: Any) -> str:
        """The identifier of something that had to be done first."""
        answer = self.post(address, body)
        assert answer.status_code < 300, (address, answer.text)
        return str(answer.json["id"])

    def stamp(self, key: str) -> str:
        """How a hot-spot record stands."""
        return str(self.anybody.get(f"{HEAD}/hotspots/{key}").json["record"]["stamp"])


def _open(_: Desk) -> Iterator[Example]:
    yield "/hotspots", {**FACTS, "origin": "manual", **SIGNED}


def _steps(desk: Desk) -> Iterator[Example]:
    bodies: dict[str, dict[str, Any]] = {
        "edit": {**FACTS, "name": "other"},
        "plan": {"plan": "lights", "leader": "Li", "due": "2024-08-01"},
        "measure": {"on": "2024-05-07", "clock": "09:00", "control": "point", "measure": "stood there"},
        "withdraw": {"reason": "because"},
    }
    for action, body in bodies.items():
        key = desk.done("/hotspots", {**FACTS, **SIGNED})
        yield f"/hotspots/{key}/{action}", {**body, "actor": "Wang", "seen": desk.stamp(key)}


def _acknowledge(desk: Desk) -> Iterator[Example]:
    key = f"AX{desk.new()}"
    make.add(desk.engine, t.alert, alert_id=key, kind="red", station_code=FOREIGN, task_code="T1-01",
             began_at=walk.NOW + timedelta(seconds=next(NUMBERS)), updated_at=walk.NOW)  # fmt: skip
    yield f"/alerts/{key}/acknowledge", {"actor": "Wang", "note": "on the way"}


def _lock(desk: Desk) -> Iterator[Example]:
    """A correction of the locked month; this world is too small for it, so it is refused after its fields were read."""
    newest = desk.anybody.get(f"{HEAD}/assessment?month=2024-04").json["lock"]["version"]
    yield "/assessment/2024-04/lock", {"note": "late data", "confirm": "yes", "actor": "Wang", "seen": str(newest)}


def _adjust(_: Desk) -> Iterator[Example]:
    body = {"station": OWN, "points": "-0.01", "matter": "matter", "document": "paper", "correct": ""}
    yield "/assessment/2024-05/adjustments", {**body, **SIGNED}


def _withdraw(desk: Desk) -> Iterator[Example]:
    key = desk.done(*next(_adjust(desk)))
    yield f"/assessment/adjustments/{key}/withdraw", {"reason": "because", "correct": "", **SIGNED}


def _appeal(_: Desk) -> Iterator[Example]:
    yield "/assessment/2024-05/appeals", {"station": OWN, "indicator": "", "of": "0", "text": "why", **SIGNED}


def _reply(desk: Desk) -> Iterator[Example]:
    yield f"/assessment/appeals/{desk.done(*next(_appeal(desk)))}/reply", {"text": "because", **SIGNED}


def _mode(desk: Desk) -> str:
    return ("deep", "full")[desk.new() % 2]


def _modes(desk: Desk) -> Iterator[Example]:
    yield f"/assessment/modes/{OWN}", {"mode": _mode(desk), "reason": "because", "confirm": "yes", **SIGNED}


def _station_mode(desk: Desk) -> Iterator[Example]:
    yield f"/admin/stations/{FOREIGN}/mode", {"mode": _mode(desk), "reason": "because", **SIGNED}


def _unmask(_: Desk) -> Iterator[Example]:
    yield "/unmask", {"reason": "because", "subject": "/station/S2"}


def _target(desk: Desk) -> Iterator[Example]:
    first = (walk.NOW + timedelta(days=desk.new())).date().isoformat()
    body = {"for": OWN, "what": "T1-01", "blue": "99", "yellow": "97", "first": first, "last": "", "reason": "because"}
    with reading(desk.engine) as connection:
        rows = target_rows(connection, command())
    seen = stamp([row for row in rows if (row.station, row.task) == (OWN, "T1-01")])
    yield "/admin/targets", {**body, "actor": "Wang", "seen": str(seen)}


def _end(desk: Desk) -> Iterator[Example]:
    address, body = next(_target(desk))
    desk.done(address, body)
    yield (
        "/admin/targets/end",
        {"end": f"{OWN}/T1-01/{body['first']}", "last": body["first"], "reason": "because", **SIGNED},
    )


def _feed(desk: Desk) -> Iterator[Example]:
    yield "/admin/feeds/dispatch", {"every": str(1 + desk.new() % 40), "unit": "hours", **SIGNED}


def _station(desk: Desk) -> Iterator[Example]:
    yield f"/admin/stations/{OWN}", {**_station_facts(desk), **SIGNED}


def _new_station(desk: Desk) -> Iterator[Example]:
    body = {**_station_facts(desk), "code": f"NEW-{desk.new()}", "mode": "basic"}
    yield "/admin/stations", {**body, **SIGNED}


def _station_facts(desk: Desk) -> dict[str, str]:
    return {"name": f"name {desk.new()}", "short_name": "short", "name_en": "english", "district": walk.OWN_DISTRICT,
            "region_type": "urban", "residents_10k": "3", "officers": "9", "area_km2": "20", "sort_no": "7",
            "lng": "120.4", "lat": "30.3", "active": "yes", "reason": "because"}  # fmt: skip


def _district(desk: Desk) -> Iterator[Example]:
    yield f"/admin/districts/{walk.OWN_DISTRICT}", {**_district_facts(desk), **SIGNED}


def _new_district(desk: Desk) -> Iterator[Example]:
    yield "/admin/districts", {**_district_facts(desk), "code": f"D-{desk.new()}", **SIGNED}


def _district_facts(desk: Desk) -> dict[str, str]:
    return {"name": f"district {desk.new()}", "name_en": "english", "sort_no": "3", "residents_10k": "30",
            "area_km2": "200", "active": "yes", "reason": "because"}  # fmt: skip


def _account(desk: Desk) -> Iterator[Example]:
    body = {"login": f"new.{desk.new()}", "name": "New", "role": "station", "station": OWN, "district": ""}
    yield "/admin/accounts", {**body, **SIGNED}


def _account_deed(desk: Desk) -> Iterator[Example]:
    address, body = next(_account(desk))
    desk.done(address, body)
    yield f"/admin/accounts/{body['login']}/role", {"role": "district", "station": "", "district": walk.OWN_DISTRICT,
                                                    **SIGNED}  # fmt: skip


def _display(desk: Desk) -> Iterator[Example]:
    shown = {"playlist": "command", "districts": "", "unit": "", "distance": "6", "height": "0.68", "lang": "zh"}
    yield "/admin/displays", {"name": f"Hall {desk.new()}", **shown, "sound": "no", **SIGNED}


def _display_deed(desk: Desk) -> Iterator[Example]:
    address, body = next(_display(desk))
    desk.done(address, body)
    changed = {name: value for name, value in body.items() if name != "name"}
    yield "/admin/displays/change", {"which": body["name"], **changed, "distance": "7"}


EXAMPLES: dict[str, Callable[[Desk], Iterator[Example]]] = {
    "/hotspots": _open,
    "/hotspots/<hotspot_id>/<action>": _steps,
    "/alerts/<alert_id>/acknowledge": _acknowledge,
    "/assessment/<period>/lock": _lock,
    "/assessment/<period>/adjustments": _adjust,
    "/assessment/adjustments/<key>/withdraw": _withdraw,
    "/assessment/<period>/appeals": _appeal,
    "/assessment/appeals/<key>/reply": _reply,
    "/assessment/modes/<code>": _modes,
    "/unmask": _unmask,
    "/admin/targets": _target,
    "/admin/targets/end": _end,
    "/admin/feeds/<feed>": _feed,
    "/admin/stations": _new_station,
    "/admin/stations/<code>": _station,
    "/admin/districts": _new_district,
    "/admin/districts/<code>": _district,
    "/admin/stations/<code>/mode": _station_mode,
    "/admin/accounts": _account,
    "/admin/accounts/<login>/<deed>": _account_deed,
    "/admin/displays": _display,
    "/admin/displays/<deed>": _display_deed,
}
"""How each deed is done well; one that is missing makes the attack on its fields fail."""
