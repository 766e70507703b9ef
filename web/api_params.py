"""Parameters of the JSON interface: what each may hold, said once, for the check of requests and for the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.alerts import AlertKind
from domain.asked import BASES as MAP_BASES
from domain.compare_asked import CLASSES, MODES, REGIONS
from domain.compare_views import LIMITS, STEPS, WHO
from domain.compare_views import UNITS as COMPARE_UNITS
from domain.errors import BadRequest
from domain.heat import LAYERS, PER, SIDES
from domain.heat import UNITS as MAP_UNITS
from domain.hotspot_record import STATUSES
from domain.incident_filter import DAY_KINDS, MOST_VALUES, SEVERITIES
from domain.sameperiod import BASES, WHOLE
from domain.span import PRESETS
from domain.span import UNITS as CALENDAR_UNITS
from web.moment import asked

WORD = r"[\w.:/-]{1,64}"
NUMBER = r"-?\d{1,9}(\.\d{1,9})?"
HOURS = r"\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?){0,59}"
DAY_OR_INSTANT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?"
_TOKENS = ("token", "access_token", "api_key", "apikey", "authorization", "key")


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter.

    Args:
        kind: "text" (one of `choices`, or `pattern`), "whole" (from `low` to `high`), "day", "instant", or "free"
            (any name that begins so, with a number).
        several: values with commas between, any of them. text: key of its description, its name without it.
    """

    name: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    pattern: str = WORD
    several: bool = False
    low: int = 0
    high: int = 999_999
    required: bool = False
    example: str = ""
    text: str = ""

    def check(self, value: str) -> None:
        """Let the value pass.

        Raises:
            BadRequest: it makes no sense; names parameter and value.
        """
        if not (self._fits(value) if not self.several else self._all_fit(value)):
            raise BadRequest("error.bad_parameter", name=self.name, value=value[:60])

    def _all_fit(self, value: str) -> bool:
        parts = [part.strip() for part in value.split(",")]
        return len(parts) <= MOST_VALUES and all(self._fits(part) for part in parts if part)

    def _fits(self, value: str) -> bool:
        if self.kind == "whole":
            short = value.isascii() and value.isdigit() and len(value) <= 9
            return short and self.low <= int(value) <= self.high
        if self.kind in ("day", "instant"):
            return _is_day(value) if self.kind == "day" else _is_instant(value)
        if self.kind == "free":
            return re.fullmatch(NUMBER, value, re.ASCII) is not None
        return value in self.choices if self.choices else re.fullmatch(self.pattern, value) is not None

    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        one = self._schema()
        if self.several:
            return {"type": "array", "items": one, "maxItems": MOST_VALUES}
        return one

    def _schema(self) -> dict[str, Any]:
        if self.kind == "whole":
            return {"type": "integer", "minimum": self.low, "maximum": self.high}
        if self.kind == "day":
            return {"type": "string", "format": "date"}
        if self.kind == "instant":
            return {"type": "string", "pattern": f"^{DAY_OR_INSTANT}$"}
        if self.kind == "free":
            return {"type": "object", "additionalProperties": {"type": "number"}, "maxProperties": 3}
        return {"type": "string", "enum": list(self.choices)} if self.choices else self._patterned()

    def _patterned(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


def check(args: Mapping[str, str], params: tuple[Param, ...], repeated: frozenset[str] = frozenset()) -> None:
    """Let the parameters of a request pass. An empty value counts as none.

    Raises:
        BadRequest: one that the address does not know, that is given twice, missing, or makes no sense.
    """
    known = {one.name: one for one in params}
    free = next((one for one in params if one.kind == "free"), None)
    for name, value in args.items():
        found = known.get(name) or (free if free and name.startswith(f"{free.name}.") else None)
        if found is None:
            said = "" if name.lower() in _TOKENS else value[:60]
            raise BadRequest("error.unknown_parameter", name=name[:40], value=said)
        if name in repeated:
            raise BadRequest("error.bad_parameter", name=name[:40], value=value[:60])
        if value.strip():
            replace(found, name=name[:40]).check(value.strip())
    missing = next((one for one in params if one.required and not args.get(one.name, "").strip()), None)
    if missing is not None:
        raise BadRequest("error.missing_parameter", name=missing.name, value="")


def _is_day(value: str) -> bool:
    try:
        return len(value) == len("2024-05-06") and date.fromisoformat(value).year >= 1990
    except ValueError:
        return False


def _is_instant(value: str) -> bool:
    try:
        asked(value)
    except BadRequest:
        return False
    return True


# the parameters -------------------------------------------------------------------------------


def _list(name: str, choices: tuple[str, ...] = (), example: str = "", **more: Any) -> Param:
    return Param(name, choices=choices, several=True, example=example, **more)


def _choice(name: str, *choices: str, **more: Any) -> Param:
    return Param(name, choices=choices, **more)


AS_OF = Param("as_of", "instant", example="2024-05-06")
PAGE = Param("page", "whole", low=1, high=100_000, example="1")
BASE_DAYS = (Param("base_from", "day", example="2023-05-01"), Param("base_to", "day", example="2023-05-31"))
FILTER = (
    _list("class", example="accident"),
    _list("sub"),
    _list("channel"),
    _choice("found", "citizen", "officer", "unknown", "others"),
    _choice("valid", "yes", "no", "all"),
    _choice("repeat", "all", "first", "repeat"),
    _list("severity", SEVERITIES),
    _list("tag"),
    _list("district"),
    _list("station"),
    _list("grid"),
    Param("hours", pattern=HOURS, example="7-9,17"),
    Param("weekdays", pattern=r"[0-6](-[0-6])?(,[0-6](-[0-6])?){0,59}", example="0-4"),
    _list("days", DAY_KINDS),
    _choice("placed", "all", "yes", "no"),
    Param("cell", pattern=r"8[0-9a-f]{14}(,8[0-9a-f]{14}){0,199}"),
    Param("near", pattern=rf"{NUMBER},{NUMBER},{NUMBER}", example="120.15,30.25,500"),
    Param("hex", pattern=rf"{NUMBER},{NUMBER},[5-9]", example="120.15,30.25,8"),
)
PERIOD = (
    _choice("preset", *PRESETS, example="30d"),
    Param("from", "instant", example="2024-04-01", text="from"),
    Param("to", "instant", example="2024-04-30", text="to"),
)
MAP = (
    AS_OF, *PERIOD, _choice("base", *MAP_BASES, example="year"), *BASE_DAYS, *FILTER,
    _choice("layer", *LAYERS), _choice("side", *SIDES), _choice("per", *PER), _choice("unit", *MAP_UNITS),
    Param("ring", pattern=rf"{NUMBER},{NUMBER}", example="120.15,30.25"),
)  # fmt: skip
OF = _choice("of", "base")
BBOX = Param("bbox", pattern=rf"{NUMBER}(,{NUMBER}){{3}}", required=True, example="119,29,122,32")
SHAPE_KINDS = ("city", "district", "station", "duty_grid", "background")
SHAPES = (_choice("kind", *SHAPE_KINDS, required=True, example="station", text="shape_kind"),)
ROWS = (
    AS_OF,
    _choice("part", "all", "done", "missed", "waiting"),
    Param("sort", pattern=r"-?[a-z_]{1,40}", text="row_sort"),
    PAGE,
    Param("size", "whole", low=1, high=500, example="50"),
)
COMPARE = (
    AS_OF,
    _choice("preset", *PRESETS, *(one for one in CALENDAR_UNITS if one not in PRESETS), example="month"),
    Param("at", "day", example="2024-04-15"),
    Param("from", "day", example="2024-04-01"),
    Param("to", "day", example="2024-04-30"),
    _choice("base", *BASES, example="year"),
    *BASE_DAYS,
    _choice("hours", WHOLE, text="whole_hours"),
    _list("district"),
    _list("station"),
    _list("region", REGIONS),
    _list("mode", MODES),
    _list("class", CLASSES),
    _choice("unit", *COMPARE_UNITS, text="table_unit"),
    _choice("step", *STEPS),
    _choice("who", *WHO),
    _choice("limits", *LIMITS),
    Param("figure"),
    Param("sort", pattern=r"-?[\w.]{1,64}"),
)
MONTH = (AS_OF, Param("month", pattern=r"(199\d|2\d{3})-(0[1-9]|1[0-2])", example="2024-04"))
VERSION = Param("version", "whole", high=9999)
VERSUS = (*MONTH, Param("first", required=True), Param("second", required=True))
TRY = Param("try", "free")
HOTSPOTS = (AS_OF, _choice("status", "all", *STATUSES))
ALERTS = (AS_OF, _choice("kind", *AlertKind, text="alert_kind"), Param("station"))
DUTY = (AS_OF, _list("class"), _choice("include", "officer"))
