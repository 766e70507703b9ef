"""Which incidents a map, a table or a list is about: one value, read from an address and written back to it.

Everything on a page follows the same `Filter`; `domain.incidents.chosen` applies it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from domain.errors import BadRequest

SEVERITIES = ("none", "property", "minor", "serious", "fatal")
"""By number as `Frame.severity` holds them; "none" is what is no accident and hurt nobody."""

DAY_KINDS = ("workday", "weekend", "holiday")
MOST_VALUES, MOST_CELLS = 60, 200
_WORD = re.compile(r"^[\w.:/-]{1,64}$")
_CELL = re.compile(r"^8[0-9a-f]{14}$")
_HOURS = re.compile(r"^\d{1,2}(-\d{1,2})?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Circle:
    """A point (WGS-84 degrees) and a radius in metres."""

    lng: float
    lat: float
    metres: float

    def text(self) -> str:
        """As an address carries it: `120.123456,30.123456,100`."""
        return f"{self.lng:.6f},{self.lat:.6f},{self.metres:g}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Every field narrows; an empty one does not. Several values of one field mean any of them.

    Args:
        classes: accident, order, other. subclasses, channels: codes of the table `incident`.
        found: "citizen", "officer", "unknown" (nobody wrote it down) or "others" (not by officers).
        valid: "yes", "no" or "all". repeat: "all", "first" (without repeats) or "repeat" (only repeats).
        severities: of `SEVERITIES`. tags: any of them is on the incident.
        districts, stations, grids: codes. hours: 0..23. weekdays: 0 Monday .. 6 Sunday.
        day_kinds: of `DAY_KINDS`. placed: "all", "yes" (on the map) or "no" (not on the map).
        cell: H3 cells of one resolution with commas between, 5 to 9, "" for none. near: inside this circle.
    """

    classes: tuple[str, ...] = ()
    subclasses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    found: str = ""
    valid: str = "yes"
    repeat: str = "all"
    severities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    grids: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    day_kinds: tuple[str, ...] = ()
    placed: str = "all"
    cell: str = ""
    near: Circle | None = None

    @property
    def needs_places(self) -> bool:
        """True when coordinates are needed to apply it."""
        return self.near is not None

    def with_(self, **changes: Any) -> Filter:
        """The same filter with some fields changed."""
        return replace(self, **changes)


PARAMS = {
    "class": "classes", "sub": "subclasses", "channel": "channels", "found": "found", "valid": "valid",
    "repeat": "repeat", "severity": "severities", "tag": "tags", "district": "districts", "station": "stations",
    "grid": "grids", "hours": "hours", "weekdays": "weekdays", "days": "day_kinds", "placed": "placed",
    "cell": "cell", "near": "near",
}  # fmt: skip
"""Name in an address -> field of `Filter`."""

_CHOICES = {
    "found": ("", "citizen", "officer", "unknown", "others"),
    "valid": ("yes", "no", "all"),
    "repeat": ("all", "first", "repeat"),
    "placed": ("all", "yes", "no"),
}
_LISTS = {
    "classes": None, "subclasses": None, "channels": None, "tags": None, "districts": None, "stations": None,
    "grids": None, "severities": SEVERITIES, "day_kinds": DAY_KINDS,
}  # fmt: skip


def parse(args: Mapping[str, str]) -> Filter:
    """The filter an address asks for; unknown names are somebody else's and are left alone.

    Raises:
        BadRequest: a value that makes no sense; names parameter and value.
    """
    found: dict[str, Any] = {}
    for name, attribute in PARAMS.items():
        text = str(args.get(name) or "").strip()
        if text:
            found[attribute] = _read(name, attribute, text)
    return Filter(**found)


def params(wanted: Filter) -> dict[str, str]:
    """The filter as parameters of an address; what is as by default is left out.

    >>> params(Filter(classes=("accident",), hours=(7, 8, 9, 17)))
    {'class': 'accident', 'hours': '7-9,17'}
    """
    plain = Filter()
    found = {}
    for name, attribute in PARAMS.items():
        value = getattr(wanted, attribute)
        if value != getattr(plain, attribute):
            found[name] = _text(attribute, value)
    return found


def narrowed(wanted: Filter) -> tuple[str, ...]:
    """The fields that narrow, in order; `valid` counts when it is not "yes"."""
    plain = Filter()
    return tuple(one.name for one in fields(Filter) if getattr(wanted, one.name) != getattr(plain, one.name))


def _text(attribute: str, value: Any) -> str:
    if isinstance(value, Circle):
        return value.text()
    if attribute in ("hours", "weekdays"):
        return ranges(value)
    return value if isinstance(value, str) else ",".join(value)


def _read(name: str, attribute: str, text: str) -> Any:
    if attribute in _CHOICES:
        return _one_of(name, text, _CHOICES[attribute])
    if attribute == "hours":
        return _numbers(name, text, 23)
    if attribute == "weekdays":
        return _numbers(name, text, 6)
    if attribute == "cell":
        return _cells(name, text)
    return circle(name, text) if attribute == "near" else _several(name, text, _LISTS[attribute])


def _one_of(name: str, text: str, allowed: Iterable[str]) -> str:
    if text not in allowed:
        raise _bad(name, text)
    return text


def _several(name: str, text: str, allowed: tuple[str, ...] | None) -> tuple[str, ...]:
    values = tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
    wrong = [value for value in values if (value not in allowed if allowed else not _WORD.match(value))]
    if wrong or len(values) > MOST_VALUES:
        raise _bad(name, wrong[0] if wrong else text)
    return values


def _cells(name: str, text: str) -> str:
    """One or several H3 cells of one resolution, as written."""
    cells = text.split(",")
    levels = {cell[1:2] for cell in cells}
    wrong = [cell for cell in cells if not _CELL.match(cell) or not 5 <= int(cell[1], 16) <= 9]
    if wrong or len(cells) > MOST_CELLS or len(levels) > 1:
        raise _bad(name, text)
    return text


def _numbers(name: str, text: str, most: int) -> tuple[int, ...]:
    """`7-9,17` as numbers; `22-5` runs over midnight."""
    found: set[int] = set()
    for part in text.split(","):
        if not _HOURS.match(part.strip()):
            raise _bad(name, text)
        first, _, last = part.strip().partition("-")
        low, high = int(first), int(last or first)
        if low > most or high > most:
            raise _bad(name, text)
        found.update(range(low, high + 1) if low <= high else (*range(low, most + 1), *range(high + 1)))
    return tuple(sorted(found))


def ranges(values: Iterable[int]) -> str:
    """Numbers as an address carries them.

    >>> ranges((7, 8, 9, 17))
    '7-9,17'
    """
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)


def circle(name: str, text: str) -> Circle:
    """`lng,lat,metres` of an address.

    Raises:
        BadRequest: not three numbers, no place on earth, or a radius outside 1 m .. 50 km.
    """
    parts = text.split(",")
    try:
        lng, lat, metres = (float(part) for part in parts)
    except ValueError as error:
        raise _bad(name, text) from error
    sensible = -180 <= lng <= 180 and -89 <= lat <= 89 and 1 <= metres <= 50_000
    if not sensible or not all(map(math.isfinite, (lng, lat, metres))):
        raise _bad(name, text)
    return Circle(round(lng, 6), round(lat, 6), metres)


def _bad(name: str, value: str) -> BadRequest:
    return BadRequest("error.bad_filter", name=name, value=value[:60])
