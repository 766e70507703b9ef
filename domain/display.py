"""A wall display: what hangs where, how far away people stand, and what it may read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from domain.access import Role, Scope
from domain.errors import BadRequest

LANGS = ("zh", "en")
DISTANCE = (0.5, 60.0)
"""Shortest and longest distance of a reader, metres."""
HEIGHT = (0.1, 12.0)
"""Lowest and highest picture, metres."""
NAME_LENGTH, MOST_DISTRICTS = 60, 40
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_PLAYLIST = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Display:
    """One wall display. Wrong values are refused when it is made.

    Args:
        name: where it hangs, such as "command room"; empty only for a preview without token.
        playlist: code of the playlist it plays (`catalogue/wall.toml`).
        districts: codes of the districts it shows, sorted; empty: all.
        station: code of the one station it shows; empty: all.
        distance: of the farthest reader, metres.
        height: of the picture, metres (a 55-inch screen has 0.68).
        lang: "zh" or "en".
        sound: an alert may chime.

    Raises:
        BadRequest: a value is wrong; the sentence names it.
    """

    name: str
    playlist: str = "command"
    districts: tuple[str, ...] = ()
    station: str = ""
    distance: float = 6.0
    height: float = 0.68
    lang: str = "zh"
    sound: bool = False

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_code("error.display_playlist", self.playlist, _PLAYLIST)
        for code in self.districts:
            _check_code("error.display_code", code, _CODE)
        if self.station:
            _check_code("error.display_code", self.station, _CODE)
        if len(self.districts) > MOST_DISTRICTS:
            raise BadRequest("error.display_districts", most=MOST_DISTRICTS)
        _check_size("error.display_distance", self.distance, DISTANCE)
        _check_size("error.display_height", self.height, HEIGHT)
        if self.lang not in LANGS:
            raise BadRequest("error.display_lang", value=str(self.lang)[:20])
        object.__setattr__(self, "districts", tuple(sorted(set(self.districts))))


def _check_name(name: object) -> None:
    if not isinstance(name, str) or len(name) > NAME_LENGTH or name != name.strip() or not name.isprintable():
        raise BadRequest("error.display_name", most=NAME_LENGTH)


def _check_code(key: str, code: object, shape: re.Pattern[str]) -> None:
    if not isinstance(code, str) or not shape.fullmatch(code):
        raise BadRequest(key, value=str(code)[:40])


def _check_size(key: str, value: object, limits: tuple[float, float]) -> None:
    low, high = limits
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and low <= value <= high):  # type: ignore[operator]  # "nan" is not between them either
        raise BadRequest(key, value=str(value)[:20], low=f"{low:g}", high=f"{high:g}")


def scope_of(display: Display) -> Scope:
    """What a display may read: sums of its stations and districts, never a row, name or plate."""
    stations = (display.station,) if display.station else None
    return Scope(Role.DISPLAY, stations=stations, districts=display.districts or None)


def display_from(asked: Mapping[str, str], lang: str) -> Display:
    """The nameless display that the address of a preview describes.

    Args:
        asked: `playlist`, `districts` (with commas), `station`, `distance`, `height` (metres), `lang`; all optional.
        lang: the language where the address names none.

    Raises:
        BadRequest: a value is wrong; the sentence names it.
    """
    usual = Display("")
    return Display(
        name="",
        playlist=asked.get("playlist") or usual.playlist,
        districts=tuple(code for part in asked.get("districts", "").split(",") if (code := part.strip())),
        station=asked.get("station", "").strip(),
        distance=_metres(asked.get("distance"), usual.distance, "error.display_distance", DISTANCE),
        height=_metres(asked.get("height"), usual.height, "error.display_height", HEIGHT),
        lang=asked.get("lang") or lang,
    )


def _metres(written: str | None, usual: float, key: str, limits: tuple[float, float]) -> float:
    try:
        return float(written) if written else usual
    except ValueError as error:
        low, high = limits
        raise BadRequest(key, value=written, low=f"{low:g}", high=f"{high:g}") from error


def layout_of(display: Display) -> dict[str, Any]:
    """Everything but the name, as plain values to be kept."""
    kept = {field.name: getattr(display, field.name) for field in fields(display) if field.name != "name"}
    return {**kept, "districts": list(display.districts)}


def display_of(name: str, layout: Mapping[str, Any]) -> Display:
    """The display that was kept; values that are not known (of a later version) are passed over.

    Raises:
        BadRequest: a value is wrong. It is not replaced: a wrong district must not turn into all of them.
    """
    known = {field.name for field in fields(Display)} - {"name"}
    given = {key: value for key, value in layout.items() if key in known}
    districts = given.get("districts", [])
    if not isinstance(districts, list):
        raise BadRequest("error.display_code", value=str(districts)[:40])
    return Display(name, **{**given, "districts": tuple(districts)})
