"""Bodies of deeds as values: every field by name, type and length; an unknown one is refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from data_access.hotspots import Opening
from domain.errors import BadRequest
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_record import CONTROLS, ORIGINS, Facts, MeasureEntry, Plan, Step

Body = Mapping[str, Any]
MOST = {"actor": 60, "name": 100, "leader": 60, "plan": 4000, "measure": 900, "reason": 400, "seen": 64, "station": 64}
_FACTS = ("kind", "name", "lng", "lat", "radius_m", "station", "class_code")
_FOUND = ("origin", "window_days", "window_count")
_FIELDS = {
    "open": (*_FACTS, *_FOUND),
    "edit": _FACTS,
    "plan": ("plan", "leader", "due"),
    "treat": (),
    "measure": ("on", "clock", "control", "measure"),
    "close": (),
    "withdraw": ("reason",),
    "reopen": ("reason",),
}
_LINES = ("plan", "measure", "reason")
_NUMBER = re.compile(r"^-?\d{1,6}(\.\d{1,15})?$", re.ASCII)


def opening(body: Body) -> Opening:
    """A new record.

    Raises:
        BadRequest: names the field that cannot be.
    """
    _known(body, "open")
    origin = _text(body, "origin") or "manual"
    if origin not in ORIGINS:
        raise _bad("origin")
    return Opening(
        _facts(body), _text(body, "actor"), origin, _whole(body, "window_days"), _whole(body, "window_count")
    )


def step(action: str, body: Body, now: datetime, control_word: Callable[[str], str]) -> Step:
    """One step with a record.

    Args:
        control_word: the word of a way to watch a place; it begins the measure's text.

    Raises:
        BadRequest: names the field that cannot be.
    """
    _known(body, action)
    made = Step(action, now, _text(body, "actor"), reason=_text(body, "reason"))
    if action == "edit":
        return replace(made, facts=_facts(body))
    if action == "plan":
        due = _day(body, "due")
        ends = datetime.combine(due, time(23, 59, 59)) if due else None
        return replace(made, plan=Plan(_text(body, "plan"), _text(body, "leader"), now, ends))
    if action == "measure":
        return replace(made, entry=_entry(body, made.actor, now, control_word))
    return made


def seen(body: Body) -> str:
    """The stamp of the record that the form was filled in for."""
    return _text(body, "seen")


def with_check(made: Step, check: ClosingCheck | None) -> Step:
    """The step with the closing rule's numbers."""
    return replace(made, check=check)


def _known(body: Body, action: str) -> None:
    unknown = next((name for name in body if name not in (*_FIELDS[action], "actor", "seen")), None)
    if unknown is not None:
        raise BadRequest("hotspot.error.unknown_field", name=unknown[:40])


def _facts(body: Body) -> Facts:
    return Facts(
        kind=_text(body, "kind"),
        name=_text(body, "name"),
        lng=_number(body, "lng"),
        lat=_number(body, "lat"),
        radius_m=_number(body, "radius_m") or 0.0,
        station=_text(body, "station"),
        class_code=_text(body, "class_code"),
    )


def _entry(body: Body, actor: str, now: datetime, control_word: Callable[[str], str]) -> MeasureEntry:
    control, text = _text(body, "control"), _text(body, "measure")
    if control and control not in CONTROLS:
        raise _bad("control")
    told = f"{control_word(control)}{text}" if control and text else text
    return MeasureEntry("", _moment(body, now), told, actor)


def _moment(body: Body, now: datetime) -> datetime:
    """The day with its clock; a day alone is its first second, no day at all is now."""
    day, clock = _day(body, "on"), _text(body, "clock")
    if day is None:
        return now
    try:
        return datetime.combine(
            day, time.fromisoformat(clock).replace(tzinfo=None, microsecond=0) if clock else time.min
        )
    except ValueError as error:
        raise _bad("clock") from error


def _text(body: Body, name: str) -> str:
    found = clean(body.get(name), MOST.get(name, 64), lines=name in _LINES)
    if found is None:
        raise _bad(name)
    return found


def clean(value: object, most: int, *, lines: bool = False) -> str | None:
    """Text without surrounding blanks; "" when it is not given, None when it cannot be stored.

    Control characters have no place in names and would not be stored by every database.

    Args:
        most: signs. lines: it may have several lines.
    """
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        return None
    value = value.replace("\r\n", "\n").strip()
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in value):
        return None
    return value


def _number(body: Body, name: str) -> float | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _bad(name)
    return round(float(value), 6)


def _whole(body: Body, name: str) -> int | None:
    value = _number(body, name)
    if value is None:
        return None
    if value != int(value) or not 0 <= value <= 1_000_000:
        raise _bad(name)
    return int(value)


def _day(body: Body, name: str) -> date | None:
    text = _text(body, name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise _bad(name) from error
    if not 1990 <= found.year <= 2200:
        raise _bad(name)
    return found


def _bad(name: str) -> BadRequest:
    return BadRequest(f"hotspot.bad.{name}")
