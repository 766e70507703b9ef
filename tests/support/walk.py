"""A world with a foreign station whose every text is marked, viewers of every role, and examples for every address.

The walk finds routes, pages, callbacks and reads by itself; what has no example here makes it fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, String, Text
from werkzeug.routing import Rule

from data_access import tables as t
from data_access.accounts import add_account
from data_access.engine import writing
from domain.access import Role
from domain.accounts import Account, SignInRules
from services.accounts import Browser, open_session
from tests import factories as make
from tests.support import everything

NOW = everything.AS_OF
FOREIGN, FOREIGN_DISTRICT, OWN, OWN_DISTRICT = "FOREIGN-S1", "FOREIGN-D1", "S2", "D2"
MARK = "FOREIGNMARK"
"""In every free text of the foreign station's rows; no viewer but those who see everything may ever read it."""
NOT_MARKED = {"audit_entry", "assessment_month", "feed", "account", "account_session", "api_token"}
KEPT = {"notes", "detail", "tags", "layout"}
"""Columns whose text the program reads itself."""
FREE = 100
"""Columns longer than this hold free text, shorter ones codes that the program understands."""


def fill(engine: Engine) -> None:
    """Every kind of row for the foreign station, marked; a station of one's own beside it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(everything, "STATION", FOREIGN)
        patched.setattr(everything, "DISTRICT", FOREIGN_DISTRICT)
        everything.fill(engine)
    _mark(engine)
    make.make_district(engine, OWN_DISTRICT)
    make.make_station(engine, OWN, district_code=OWN_DISTRICT, lng=120.4, lat=30.3)
    for days in (0, 1, 7, 364):
        at = NOW - timedelta(days=days, hours=2)
        made = make.make_incident(engine, OWN, at, closed_at=at + timedelta(minutes=30), lng=120.4, lat=30.3)
        make.make_party(engine, made["incident_id"])
        make.make_order(engine, OWN, at)
        make.make_work_order(engine, OWN, at, kind="hazard", due_at=at + timedelta(hours=1))


def _mark(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in t.metadata.tables.values():
            texts = [c for c in table.c if isinstance(c.type, String) and not isinstance(c.type, Text)]
            marked = {c.name: MARK for c in texts if (c.type.length or 0) >= FREE and not c.primary_key}
            marked = {name: MARK for name in marked if name not in KEPT}
            if marked and table.name not in NOT_MARKED:
                connection.execute(table.update().values(**marked))
        shaped = '{"type":"Polygon","coordinates":[[[120.1,30.0],[120.3,30.0],[120.3,30.2],[120.1,30.0]]]}'
        connection.execute(t.boundary.update().values(geojson=shaped))


@dataclass(frozen=True)
class Viewer:
    """Somebody at the door. `token` "": nobody signed in."""

    name: str
    token: str
    cookie: str = "board_session"

    def client(self, server: Any) -> Any:
        """A browser of this viewer's, which says where its requests come from."""
        client = server.test_client()
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        if self.token:
            client.set_cookie(self.cookie, self.token)
        return client


UNITS = {Role.STATION: (OWN, ""), Role.DISTRICT: ("", OWN_DISTRICT)}


def sign_in(engine: Engine, role: Role, *, now: datetime = NOW, login: str = "", **more: Any) -> Viewer:
    """A viewer with an account of this role and a session; strangers' rows are foreign to station and district."""
    station, district = UNITS.get(role, ("", ""))
    login = login or f"walker-{role.value}"
    given = {"station": station, "district": district, **more}
    account = Account(f"U-{login}", login, f"Walker {role.value}", role, given["station"], given["district"], "",
                      True, False, now - timedelta(days=1))  # fmt: skip
    with writing(engine) as connection:
        add_account(connection, account)
        made = open_session(connection, account, "password", (SignInRules(), Browser("127.0.0.1", "test")), now=now)
    return Viewer(role.value, made.token)


# examples --------------------------------------------------------------------------------------

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "kind": ("csv", "xlsx"),
    "form": ("csv", "xlsx"),
    "period": ("2024-04",),
    "hotspot_id": ("H1",),
    "alert_id": ("AL1",),
    "action": ("withdraw",),
    "_any": ("nothing",),
    "source": ("helmets",),
    "feed": ("dispatch",),
    "login": ("walker-station",),
    "deed": ("disable",),
    "filename": ("10-tokens.css",),
    "package_name": ("dash",),
    "fingerprinted_path": ("nothing.js",),
    "path": ("station/none", "audit", "nothing"),
}
UNIT = ("code", "station")
"""Arguments that are a station's code, except where `ODD` says otherwise."""
ODD: dict[str, tuple[str, ...]] = {
    "/api/v1/tasks/<code>": ("T1-01",),
    "/api/v1/themes/<code>": ("T1",),
    "/api/v1/assessment/adjustments/<key>/withdraw": ("L1",),
    "/api/v1/assessment/appeals/<key>/reply": ("P1",),
    "/api/v1/admin/displays/<deed>": ("revoke", "change"),
    "/api/v1/admin/districts/<code>": (FOREIGN_DISTRICT,),
}
SINGLE = {"task": "T1-01"}
QUERIES: dict[str, str] = {
    "/download/rows.<kind>": "station={unit}&task=T1-01",
    "/api/v1/assessment/versus": "first={unit}&second={unit}&month=2024-04",
    "/api/v1/map/points": "bbox=119,29,122,32&preset=365d",
    "/api/v1/map/shapes": "kind=station",
    "/api/v1/map/incidents": "preset=365d",
    "/download/incidents.<kind>": "preset=365d",
    "/api/v1/assessment": "month=2024-04",
    "/api/v1/hotspots": "status=all",
    "/download/assessment.csv": "month=2024-04",
    "/download/assessment.xlsx": "month=2024-04",
}
REFUSED_TO_ALL = {
    "/api/wall/picture",
    "/api/wall/ground",
    "/api/wall/seen",
    "/api/<path:_any>",
    "/download/<path:_any>",
    "/-/<path:_any>",
    "/sign-in/oidc",
    "/sign-in/oidc/callback",
}
AUDITORS = {"/download/audit.csv"}
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/hotspots": {
        "kind": "junction",
        "name": "x",
        "lng": 120.2,
        "lat": 30.1,
        "radius_m": 100,
        "station": "{unit}",
    },
    "/api/v1/hotspots/<hotspot_id>/<action>": {"reason": "because", "seen": ""},
    "/api/v1/assessment/<period>/adjustments": {"station": "{unit}", "points": "-1", "matter": "m", "document": "d"},
    "/api/v1/assessment/<period>/appeals": {"station": "{unit}", "indicator": "", "of": "0", "text": "why"},
    "/api/v1/assessment/<period>/lock": {"confirm": "yes", "seen": "1", "note": "n"},
    "/api/v1/assessment/adjustments/<key>/withdraw": {"reason": "r", "correct": "yes"},
    "/api/v1/assessment/appeals/<key>/reply": {"text": "t"},
    "/api/v1/admin/targets": {
        "for": "{unit}",
        "what": "T1-01",
        "blue": "95",
        "yellow": "85",
        "first": "2024-05-07",
        "reason": "because",
    },
    "/api/v1/admin/targets/end": {"end": f"{FOREIGN}/T1-01/2000-01-01", "last": "2024-05-07", "reason": "because"},
    "/api/v1/admin/feeds/<feed>": {"every": "2", "unit": "hours"},
    "/api/v1/admin/stations": {
        "code": "990199990000",
        "name": "New",
        "district": FOREIGN_DISTRICT,
        "reason": "because",
    },
    "/api/v1/admin/districts": {"code": "990199000000", "name": "New", "reason": "because"},
    "/api/v1/admin/districts/<code>": {"name": "Other", "reason": "because"},
    "/api/v1/admin/stations/<code>": {"name": "Other", "reason": "because"},
    "/api/v1/admin/stations/<code>/mode": {"mode": "full", "reason": "because"},
    "/api/v1/admin/accounts": {"login": "new.one", "role": "admin"},
    "/api/v1/admin/accounts/<login>/<deed>": {},
    "/api/v1/admin/displays": {"name": "Hall"},
    "/api/v1/admin/displays/<deed>": {"which": "Hall"},
    "/api/v1/alerts/<alert_id>/acknowledge": {"note": "n"},
    "/api/v1/assessment/modes/<code>": {"mode": "full", "reason": "r", "confirm": "yes"},
}
OWN_POSTS = {"/account", "/sign-in", "/sign-in/demo", "/sign-out", "/api/v1/unmask", "/_dash-update-component"}
"""Posts that are about the viewer alone; the attack tests and the walk over callbacks look at them."""


class NoExample(Exception):
    """An address or callback for which this module knows no example."""


def addresses(rule: Rule, unit: str) -> Iterator[str]:
    """Example addresses of a route, about the station `unit`.

    Raises:
        NoExample: says where to add one.
    """
    found = [str(rule.rule)]
    for name in sorted(rule.arguments):
        values = _values(rule.rule, name, unit)
        found = [_filled(text, name, value) for text in found for value in values]
    query = QUERIES.get(rule.rule, "").format(unit=unit)
    yield from (f"{text}?{query}" if query else text for text in found)


def _values(rule: str, name: str, unit: str) -> tuple[str, ...]:
    if rule in ODD:
        return ODD[rule]
    if name in UNIT:
        return (unit,)
    if name in SINGLE:
        return (SINGLE[name],)
    if name not in ARGUMENTS:
        raise NoExample(f"no example for <{name}> of {rule}: add one to tests/support/walk.py")
    return ARGUMENTS[name]


def _filled(text: str, name: str, value: str) -> str:
    for form in (f"<{name}>", f"<path:{name}>", f"<string:{name}>"):
        text = text.replace(form, value)
    return text


def body_of(rule: Rule, unit: str) -> dict[str, Any]:
    """The body of a deed about the station `unit`.

    Raises:
        NoExample: says where to add one.
    """
    if rule.rule not in BODIES:
        raise NoExample(f"no body for {rule.rule}: add one to BODIES or OWN_POSTS in tests/support/walk.py")
    return {name: unit if value == "{unit}" else value for name, value in BODIES[rule.rule].items()}


# callbacks -------------------------------------------------------------------------------------

ASKS: dict[str, dict[str, str]] = {
    "station": {"code": "{unit}"},
    "cell": {"code": "{unit}", "task": "T1-01"},
    "task": {"code": "T1-01"},
    "theme": {"code": "T1"},
    "duty": {"code": "{unit}"},
    "hotspot": {"id": "H1"},
    "assessment-sheet": {"code": "{unit}"},
    "assessment-rows": {"code": "{unit}", "source": "helmets"},
}
PAGE_QUERIES: dict[str, dict[str, str]] = {
    "assessment": {"month": "2024-04"},
    "assessment-sheet": {"month": "2024-04"},
    "assessment-rows": {"month": "2024-04"},
    "assessment-compare": {"a": "{unit}", "b": "{unit}", "month": "2024-04"},
    "incidents": {"preset": "365d"},
    "map": {"preset": "365d"},
    "hotspots": {"status": "all"},
}
VALUES: dict[str, Any] = {
    "version.data": "v1",
    "_pages_location.search": "",
    "_pages_store.data": {"title": "x"},
    "assessment-sheet-tried.data": {},
}
SIMPLE = {"admin", "admin-accounts", "admin-catalogue", "admin-displays", "admin-feeds", "admin-stations",
          "admin-targets", "alerts", "audit", "board", "feeds", "duties", "hotspots", "hotspot-new", "map", "incidents",
          "compare", "task", "theme", "compare-tables", "compare-clocks", "compare-trend", "compare-fair", "assessment",
          "assessment-compare", "assessment-modes"}  # fmt: skip
"""Pages whose address holds nothing but a query."""


def callback_body(output: str, made: dict[str, Any], unit: str) -> dict[str, Any]:
    """What a browser sends to run a callback about the station `unit`.

    Raises:
        NoExample: says where to add one.
    """
    names = output.strip(".").split("...") if output.startswith("..") else [output]
    outputs = [_parts(name) for name in names]
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [{**one, "value": _value(one, unit)} for one in map(_only, made["inputs"])],
        "state": [{**one, "value": _value(one, unit)} for one in map(_only, made["state"])],
        "changedPropIds": [f"{made['inputs'][0]['id']}.{made['inputs'][0]['property']}"],
    }


def _only(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": one["id"], "property": one["property"]}


def _parts(name: str) -> dict[str, str]:
    component, _, prop = name.rpartition(".")
    return {"id": component, "property": prop}


def _value(one: dict[str, Any], unit: str) -> Any:
    name = f"{one['id']}.{one['property']}"
    if name in VALUES:
        return VALUES[name]
    if name == "_pages_location.pathname":
        return f"/station/{unit}"
    page, _, part = str(one["id"]).rpartition("-")
    if part == "echo" or one["property"] == "echo":
        return {"at": "2024-05-07T13:00:00"}
    if part == "ask" and (page in ASKS or page in SIMPLE):
        return _about(ASKS.get(page, {}), unit)
    if part == "query" and (page in ASKS or page in SIMPLE):
        return _about(PAGE_QUERIES.get(page, {}), unit)
    raise NoExample(f"no example for {name}: add one to tests/support/walk.py")


def _about(given: dict[str, str], unit: str) -> dict[str, str]:
    return {name: value.format(unit=unit) for name, value in given.items()}
