"""The one table of deeds (POST) of the JSON interface: which fields a body may have, and what is answered.

A field that is not here is refused (`web.deeds.json_body`), so the OpenAPI document, which is made of this table,
names every field there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.access import Role
from domain.accounts import MOST_LOGIN, MOST_NAME
from domain.alerts import LONGEST_NAME, LONGEST_NOTE
from domain.assessment_rules import MODES
from domain.compare_asked import REGIONS
from domain.display import LANGS, NAME_LENGTH
from domain.hotspot_record import CLASSES, CONTROLS, KINDS, ORIGINS
from domain.targets import MOST_REASON
from web import api_shapes as a
from web.deed_forms import MOST

DIGITS = r"^\d{0,9}$"
AMOUNT = r"^\s*-?\d{1,12}([.,]\d{1,15})?\s*$"
DAY = r"^(\d{4}-\d{2}-\d{2})?$"
CLOCK = r"^(\d{2}:\d{2}(:\d{2})?)?$"
_PATTERNS = {"digits": DIGITS, "amount": AMOUNT, "day": DAY, "clock": CLOCK}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body.

    Args:
        kind: "text"; "number" (a number or its text); "amount", "digits", "day", "clock" (texts of such
            a form).
        most: signs of a text. among: its only values. begins: what a text must begin with.
        needed: without it nothing is done.
    """

    name: str
    most: int = 64
    kind: str = "text"
    among: tuple[str, ...] = ()
    begins: str = ""
    needed: bool = False

    @property
    def free(self) -> bool:
        """Whether it takes any text."""
        return self.kind == "text" and not self.among

    def schema(self) -> dict[str, Any]:
        """Its JSON schema; a field that is not needed may be empty or null."""
        if self.among:
            return {"enum": [*self.among] if self.needed else [*self.among, "", None]}
        if self.kind == "number":
            return {"type": ["number", "string"] if self.needed else ["number", "string", "null"], "pattern": AMOUNT}
        made: dict[str, Any] = {"type": "string" if self.needed else ["string", "null"], "maxLength": self.most}
        pattern = f"^{self.begins}" if self.begins else _PATTERNS.get(self.kind)
        return {**made, **({"minLength": 1} if self.needed else {}), **({"pattern": pattern} if pattern else {})}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a signed-in person's page may do; never a token.

    Args:
        answer: the type of what it answers. status: of that answer.
    """

    fields: tuple[Field, ...]
    answer: Any = a.Done
    status: int = 200

    @property
    def names(self) -> frozenset[str]:
        """The fields that a body may have."""
        return frozenset(field.name for field in self.fields)


def _among(name: str, *values: str, needed: bool = False) -> Field:
    return Field(name, among=values, needed=needed)


def _needed(name: str, most: int = 64, kind: str = "text") -> Field:
    return Field(name, most, kind, needed=True)


ACTOR, SEEN = Field("actor", MOST["actor"]), Field("seen", MOST["seen"])
_SIGNED = (ACTOR, SEEN)
"""Who, on an open board; and the state that the form was filled in for."""
_CONFIRM, _CORRECT = _among("confirm", "yes", needed=True), _among("correct", "yes")
_WHY = _needed("reason", MOST_REASON)
_FACTS = (
    _among("kind", *KINDS),
    Field("name", MOST["name"]),
    Field("lng", kind="number"),
    Field("lat", kind="number"),
    Field("radius_m", kind="number"),
    Field("station", MOST["station"]),
    _among("class_code", *CLASSES),
)
_FOUND = (
    _among("origin", *ORIGINS),
    Field("window_days", kind="number"),
    Field("window_count", kind="number"),
)
_STEPS = (
    Field("plan", MOST["plan"]),
    Field("leader", MOST["leader"]),
    Field("due", kind="day"),
    Field("on", kind="day"),
    Field("clock", kind="clock"),
    _among("control", *CONTROLS),
    Field("measure", MOST["measure"]),
    Field("reason", MOST["reason"]),
)
_ROLES = tuple(role.value for role in Role if role is not Role.DISPLAY)
_UNIT = (Field("station"), Field("district"))
_UNIT_FACTS = (
    Field("name", 60),
    Field("name_en", 60),
    Field("sort_no", kind="amount"),
    Field("residents_10k", kind="amount"),
    Field("area_km2", kind="amount"),
    _among("active", "yes", "no"),
)
_STATION = (
    *_UNIT_FACTS,
    Field("short_name", 60),
    Field("district", 60),
    _among("region_type", *REGIONS),
    Field("officers", kind="amount"),
    Field("lng", kind="amount"),
    Field("lat", kind="amount"),
)
_SHOWN = (
    Field("playlist"),
    Field("districts", 400),
    Field("unit"),
    Field("distance", kind="amount"),
    Field("height", kind="amount"),
    _among("lang", *LANGS),
    _among("sound", "yes", "no"),
)

DEEDS: dict[str, Deed] = {
    "/hotspots": Deed((*_FACTS, *_FOUND, *_SIGNED), status=201),
    "/hotspots/<hotspot_id>/<action>": Deed((*_FACTS, *_STEPS, *_SIGNED)),
    "/alerts/<alert_id>/acknowledge": Deed(
        (Field("actor", LONGEST_NAME), _needed("note", LONGEST_NOTE)), a.Acknowledged
    ),
    "/assessment/<period>/lock": Deed((Field("note", 1000), _CONFIRM, *_SIGNED)),
    "/assessment/<period>/adjustments": Deed(
        (
            _needed("station"),
            _needed("points", 12, "number"),
            _needed("matter", 200),
            _needed("document", 200),
            _CORRECT,
            *_SIGNED,
        )
    ),
    "/assessment/adjustments/<key>/withdraw": Deed((_needed("reason", 1000), _CORRECT, *_SIGNED)),
    "/assessment/<period>/appeals": Deed(
        (_needed("station"), Field("indicator"), Field("of", 6, "digits"), _needed("text", 1000), *_SIGNED)
    ),
    "/assessment/appeals/<key>/reply": Deed((_needed("text", 1000), *_SIGNED)),
    "/assessment/modes/<code>": Deed((_needed("mode"), _needed("reason", 1000), _CONFIRM, *_SIGNED)),
    "/unmask": Deed((Field("reason", 300), Field("subject", 300, begins="/"), _among("hide", "yes"))),
    "/admin/targets": Deed(
        (
            _needed("for"),
            _needed("what"),
            _needed("blue", kind="amount"),
            _needed("yellow", kind="amount"),
            _needed("first", kind="day"),
            Field("last", kind="day"),
            _WHY,
            ACTOR,
            Field("seen", 9, "digits"),
        )
    ),
    "/admin/targets/end": Deed((_needed("end", 160), _needed("last", kind="day"), _WHY, *_SIGNED)),
    "/admin/feeds/<feed>": Deed(
        (_needed("every", kind="amount"), _among("unit", "minutes", "hours", "days", needed=True), *_SIGNED)
    ),
    "/admin/stations": Deed((_needed("code"), _among("mode", *MODES), *_STATION, _WHY, *_SIGNED)),
    "/admin/stations/<code>": Deed((*_STATION, _WHY, *_SIGNED)),
    "/admin/districts": Deed((_needed("code"), *_UNIT_FACTS, _WHY, *_SIGNED)),
    "/admin/districts/<code>": Deed((*_UNIT_FACTS, _WHY, *_SIGNED)),
    "/admin/stations/<code>/mode": Deed((_needed("mode"), _WHY, *_SIGNED)),
    "/admin/accounts": Deed(
        (
            _needed("login", MOST_LOGIN),
            Field("name", MOST_NAME),
            _among("role", *_ROLES, needed=True),
            *_UNIT,
            *_SIGNED,
        ),
        a.ToldOnce,
    ),
    "/admin/accounts/<login>/<deed>": Deed((_among("role", *_ROLES), *_UNIT, *_SIGNED), a.Done | a.ToldOnce),
    "/admin/displays": Deed((_needed("name", NAME_LENGTH), *_SHOWN, *_SIGNED), a.ToldOnce),
    "/admin/displays/<deed>": Deed((_needed("which", NAME_LENGTH), *_SHOWN, *_SIGNED)),
}
